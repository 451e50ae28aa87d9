// Package form is the whole story of a form: reading it, its faults, drawing it again as it was filled in.
package form

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
)

// Form is what someone filled in, with what is wrong with it.
type Form struct {
	Values  url.Values
	Uploads map[string][]file.Upload // as long as the request is served; without titles
	Faults  fault.Fields
	// Theirs holds, after a conflict, what someone else saved meanwhile, by field name.
	Theirs map[string]string

	by      string    // who saved it, if known
	savedAt time.Time // when, if known
	now     time.Time // the moment of asking
}

// FileAgain is the field with which a form comes back that waited for its sender to sign in and lost its files.
const FileAgain = "bestand-opnieuw"

// FileAgain reports whether the files of the form were lost while its sender signed in. Summary then asks for them anew:
// there is nothing wrong with the form.
func (f *Form) FileAgain() bool { return f.Bool(FileAgain) && len(f.Uploads) == 0 }

// New is a form with its first values.
func New(values map[string]string) *Form {
	f := &Form{Values: url.Values{}, Faults: fault.Fields{}}
	for name, v := range values {
		f.Values.Set(name, v)
	}
	return f
}

// Raw is a field exactly as typed; for passwords and for drawing it again.
func (f *Form) Raw(name string) string { return f.Values.Get(name) }

// Text is a field without white space around it.
func (f *Form) Text(name string) string { return strings.TrimSpace(f.Values.Get(name)) }

// Line is a text of one line: line breaks become spaces.
func (f *Form) Line(name string) string { return strings.Join(strings.Fields(f.Values.Get(name)), " ") }

// Lines are the non-empty lines of a field. More than maxValues is a fault of the field.
func (f *Form) Lines(name string) []string {
	lines := []string{}
	for line := range strings.SplitSeq(f.Values.Get(name), "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if len(lines) == maxValues {
			f.Faults.Must(false, name, "Dit zijn te veel regels: hoogstens "+dutch.Number(maxValues)+". Haal regels weg.")
			break
		}
		lines = append(lines, line)
	}
	return lines
}

// List are all values of a field that may occur more than once, without the empty ones.
func (f *Form) List(name string) []string {
	list := []string{}
	for _, v := range f.Values[name] {
		if v = strings.TrimSpace(v); v != "" && !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// Has tells whether a checkbox was ticked, or a value chosen among several.
func (f *Form) Has(name, value string) bool { return slices.Contains(f.Values[name], value) }

// Bool is a checkbox.
func (f *Form) Bool(name string) bool { return f.Values.Get(name) != "" }

// Checked is the value of a checkbox, as Bool reads it.
func Checked(on bool) string {
	if on {
		return "ja"
	}
	return ""
}

// Int is a whole number; nil when nothing was typed. What is no number is a fault of the field.
func (f *Form) Int(name string) *int {
	v := f.Text(name)
	if v == "" {
		return nil
	}
	n, err := strconv.Atoi(strings.ReplaceAll(v, ".", ""))
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		f.Faults.Must(false, name, typed(v)+" is geen heel getal. Vul een getal in zoals 20.")
		return nil
	}
	if n > 1_000_000_000 || n < -1_000_000_000 {
		f.Faults.Must(false, name, typed(v)+" past hier niet. Vul een kleiner getal in zoals 20.")
		return nil
	}
	return &n
}

// typed quotes what someone filled in, or its beginning.
func typed(v string) string {
	if runes := []rune(v); len(runes) > 40 {
		v = strings.TrimSpace(string(runes[:39])) + "…"
	}
	return "‘" + strings.Join(strings.Fields(v), " ") + "’"
}

// IntOr is Int with a value for when nothing was typed.
func (f *Form) IntOr(name string, otherwise int) int {
	if n := f.Int(name); n != nil {
		return *n
	}
	return otherwise
}

// Date is a day, at midnight in Amsterdam; nil when nothing was typed. What is no date is a fault of the field.
func (f *Form) Date(name string) *time.Time {
	v := f.Text(name)
	if v == "" {
		return nil
	}
	d, err := dutch.ParseDate(v)
	if err != nil {
		f.Faults.Must(false, name, typed(v)+" is geen datum. Vul een datum in zoals 28-06-2018.")
		return nil
	}
	return &d
}

// Moment is the day of one field at the time of another; nil when either is missing, which is left to the check of the input.
func (f *Form) Moment(day, clock string) *time.Time {
	d, c := f.Date(day), f.Text(clock)
	if c == "" {
		return nil
	}
	t, err := dutch.ParseClock(c)
	if err != nil {
		f.Faults.Must(false, clock, typed(c)+" is geen tijd. Vul een tijd in zoals 15.00.")
		return nil
	}
	if d == nil {
		return nil
	}
	at, err := dutch.At(*d, t)
	if err != nil {
		f.Faults.Must(false, clock, "Deze tijd bestaat niet op die dag, omdat de klok dan wordt verzet. Kies een andere tijd.")
		return nil
	}
	return &at
}

// Version is the version of the thing the form was drawn from.
func (f *Form) Version() int {
	n, _ := strconv.Atoi(f.Values.Get("version"))
	return n
}

// Sound gathers the faults met while reading the form and those of the check of what was read. Nil means: go on.
func (f *Form) Sound(check error) error {
	var fields fault.Fields
	if check != nil && !errors.As(check, &fields) {
		return check
	}
	for name, why := range fields {
		f.Faults.Must(false, name, why)
	}
	return f.Faults.Err()
}

// Explains reports whether err is about the fields of the form, and keeps what is wrong with them for drawing.
func (f *Form) Explains(err error) bool {
	var fields fault.Fields
	if !errors.As(err, &fields) {
		return false
	}
	for name, why := range fields {
		f.Faults.Must(false, name, why)
	}
	return true
}

// Beside takes what someone else saved meanwhile, with who and when as far as known: fields that differ are drawn with both
// texts, and the next sending counts as made with knowledge of it.
func (f *Form) Beside(theirs map[string]string, by string, at time.Time) {
	f.Theirs, f.by, f.savedAt = map[string]string{}, by, at
	for name, v := range theirs {
		if name != "version" && strings.TrimSpace(v) != strings.TrimSpace(strings.Join(f.Values[name], "\n")) {
			f.Theirs[name] = v
		}
	}
	f.Values.Set("version", theirs["version"])
}

// saved tells who saved the other text and when: of today the time, of an earlier day the day too.
func (f *Form) saved() string {
	var when string
	if !f.savedAt.IsZero() {
		when = " om " + dutch.Clock(f.savedAt) + " uur"
		if dutch.DateKey(f.savedAt) != dutch.DateKey(f.now) {
			when = " op " + dutch.Date(f.savedAt) + when
		}
	}
	switch {
	case f.by != "":
		return f.by + " bewaarde dit" + when + ", terwijl u bezig was."
	case when != "":
		return "Dit is" + when + " bewaard, terwijl u bezig was."
	}
	return ""
}
