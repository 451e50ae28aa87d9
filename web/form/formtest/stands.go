package formtest

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"regiogriffie/internal/field"
)

// Places are where the fields of a draft stand.
type Places struct {
	Form   string              // the file of the form
	Inputs map[string][]string // the inputs of a field that has not one of its own name
	Page   string              // the file of the page
	Said   map[string][]string // what the page says of a field that is no text, or says in other words
	Hidden map[string]string   // the fields that have no input, each with the reason
	Silent map[string]string   // the fields that the page does not say, each with the reason
}

// Stand reports, by name, what of a draft stands not on the form of a page, or not on the page of what was made of it.
func Stand[D any](t testing.TB, draft D, form Form, page string, p Places) {
	t.Helper()
	known := map[string]bool{}
	for _, f := range field.Of[D]() {
		known[f.Name] = true
		for _, input := range p.inputs(f) {
			if !form.Names[input] {
				t.Errorf("%s of %T does not stand on the form: %s needs an input named %s", f.Go, draft, p.Form, input)
			}
		}
		for _, text := range p.texts(t, f, draft) {
			if !strings.Contains(page, text) {
				t.Errorf("%s of %T does not stand on the page: %s says nowhere %q", f.Go, draft, p.Page, text)
			}
		}
	}
	named := slices.Concat(slices.Collect(maps.Keys(p.Inputs)), slices.Collect(maps.Keys(p.Hidden)), slices.Collect(maps.Keys(p.Silent)),
		slices.Collect(maps.Keys(p.Said)))
	for _, name := range slices.Compact(slices.Sorted(slices.Values(named))) {
		if !known[name] {
			t.Errorf("%T has no field %s any more: take it out of the test", draft, name)
		}
	}
}

// inputs are those in which a field is typed.
func (p Places) inputs(f field.Field) []string {
	if p.Hidden[f.Name] != "" {
		return nil
	}
	if inputs := p.Inputs[f.Name]; inputs != nil {
		return inputs
	}
	return []string{f.Name}
}

// texts are what the page has to say of a field.
func (p Places) texts(t testing.TB, f field.Field, draft any) []string {
	t.Helper()
	if p.Silent[f.Name] != "" {
		return nil
	}
	if said, told := p.Said[f.Name]; told {
		return said
	}
	return texts(t, f, draft)
}

func texts(t testing.TB, f field.Field, draft any) []string {
	t.Helper()
	v := f.In(reflect.ValueOf(draft))
	var list []string
	switch {
	case v.Kind() == reflect.String:
		list = []string{v.String()}
	case v.Type() == reflect.TypeFor[[]string]():
		list = v.Interface().([]string)
	default:
		t.Errorf("%s of %T: the test does not know how a page says it; tell it in said, or in silent why it does not", f.Go, draft)
	}
	if len(list) == 0 || slices.Contains(list, "") {
		t.Errorf("%s of %T says nothing: the test cannot find it on the page", f.Go, draft)
	}
	return list
}
