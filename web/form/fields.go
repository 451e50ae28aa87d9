package form

import (
	"maps"
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// Option is a choice of a Select or a set of Radios or Checks.
type Option struct{ Value, Label string }

// Extra adds to a field what not every field has.
type Extra func(*extras)

type extras struct {
	hint, autocomplete, inputMode, list, accept string
	optional, multiple                          bool
	rows                                        int
}

// Hint is a line of help under the label.
func Hint(text string) Extra { return func(x *extras) { x.hint = text } }

// Optional marks a field that may stay empty.
func Optional(x *extras) { x.optional = true }

// Autocomplete tells the browser what it may fill in.
func Autocomplete(token string) Extra { return func(x *extras) { x.autocomplete = token } }

// Rows is the height of a text area.
func Rows(n int) Extra { return func(x *extras) { x.rows = n } }

// Accept names the kinds of file offered first.
func Accept(kinds string) Extra { return func(x *extras) { x.accept = kinds } }

// Multiple lets more than one file be chosen.
func Multiple(x *extras) { x.multiple = true }

// Suggest offers the options of the datalist with this id.
func Suggest(id string) Extra { return func(x *extras) { x.list = id } }

func gather(list []Extra) extras {
	x := extras{rows: 4}
	for _, add := range list {
		add(&x)
	}
	return x
}

func fieldID(name string) string {
	return "veld-" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, name)
}

func (f *Form) other() string {
	if f.by == "" {
		return "iemand anders"
	}
	return f.by
}

func described(f *Form, name string, x extras) string {
	var ids []string
	if x.hint != "" {
		ids = append(ids, fieldID(name)+"-hulp")
	}
	if f.Faults[name] != "" {
		ids = append(ids, fieldID(name)+"-fout")
	}
	if _, ok := f.Theirs[name]; ok {
		ids = append(ids, fieldID(name)+"-ander")
	}
	return strings.Join(ids, " ")
}

func attrs(f *Form, name string, x extras) templ.Attributes {
	a := templ.Attributes{}
	if d := described(f, name, x); d != "" {
		a["aria-describedby"] = d
	}
	if f.Faults[name] != "" {
		a["aria-invalid"] = "true"
	}
	if x.autocomplete != "" {
		a["autocomplete"] = x.autocomplete
	}
	if x.inputMode != "" {
		a["inputmode"] = x.inputMode
	}
	if x.list != "" {
		a["list"] = x.list
	}
	if x.accept != "" {
		a["accept"] = x.accept
	}
	if x.multiple {
		a["multiple"] = true
	}
	return a
}

// names are the fields with a fault in their order on the page; what the order does not name comes last.
func names(f *Form, order []string) []string {
	place := func(name string) int {
		if i := slices.Index(order, name); i >= 0 {
			return i
		}
		return len(order)
	}
	list := slices.Sorted(maps.Keys(f.Faults))
	slices.SortStableFunc(list, func(a, b string) int { return place(a) - place(b) })
	return list
}
