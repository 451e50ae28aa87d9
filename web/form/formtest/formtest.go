// Package formtest fills in the forms of pages as a browser does, for tests.
package formtest

import (
	"html"
	"net/url"
	"regexp"
	"strings"
)

var (
	forms   = regexp.MustCompile(`(?s)<form([^>]*)>(.*?)</form>`)
	inputs  = regexp.MustCompile(`<input[^>]*>`)
	areas   = regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]*)"[^>]*>(.*?)</textarea>`)
	selects = regexp.MustCompile(`(?s)<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>`)
	chosen  = regexp.MustCompile(`<option value="([^"]*)" selected`)
)

// Form is a form of a page as it was drawn.
type Form struct {
	Action string
	Values url.Values      // what a browser sends when nothing is touched
	Names  map[string]bool // of all its fields, also those that send nothing
}

// With finds the form of the page that has a field of this name; without one its Names are empty.
func With(page, field string) Form {
	for _, m := range forms.FindAllStringSubmatch(page, -1) {
		if f := read(m[1], m[2]); f.Names[field] {
			return f
		}
	}
	return Form{}
}

func read(tag, inside string) Form {
	f := Form{Action: attribute(tag, "action"), Values: url.Values{}, Names: map[string]bool{}}
	for _, tag := range inputs.FindAllString(inside, -1) {
		name, kind := attribute(tag, "name"), attribute(tag, "type")
		f.Names[name] = true
		if choice := kind == "checkbox" || kind == "radio"; kind != "file" && (!choice || strings.Contains(tag, " checked")) {
			f.Values.Add(name, attribute(tag, "value"))
		}
	}
	for _, m := range areas.FindAllStringSubmatch(inside, -1) {
		f.Names[m[1]] = true
		f.Values.Add(m[1], html.UnescapeString(m[2]))
	}
	for _, m := range selects.FindAllStringSubmatch(inside, -1) {
		f.Names[m[1]] = true
		if c := chosen.FindStringSubmatch(m[2]); c != nil {
			f.Values.Add(m[1], html.UnescapeString(c[1]))
		}
	}
	return f
}

func attribute(tag, name string) string {
	m := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

var tags = regexp.MustCompile(`<[^>]*>`)

// Words are what a page says, on one line.
func Words(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(page, " "))), " ")
}
