// Package fieldtest fills in things that people fill in, for tests that walk their fields: a field that comes later is in them too.
package fieldtest

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"regiogriffie/internal/field"
)

// Full is a T in which every field says something: what is given of it by its name, or else a text of its own that begins with mark.
func Full[T any](t testing.TB, mark string, given map[string]any) T {
	t.Helper()
	var full T
	given = maps.Clone(given)
	for _, f := range field.Of[T]() {
		at := f.In(reflect.ValueOf(&full).Elem())
		value, known := given[f.Name]
		delete(given, f.Name)
		switch {
		case known:
			at.Set(reflect.ValueOf(value))
		case at.Type() == reflect.TypeFor[string]():
			at.SetString(mark + " " + f.Go)
		case at.Kind() == reflect.Bool:
			at.SetBool(true)
		case at.Type() == reflect.TypeFor[[]string]():
			at.Set(reflect.ValueOf([]string{mark + " " + f.Go + " een", mark + " " + f.Go + " twee"}))
		default:
			t.Fatalf("%s of %T is of a kind for which the test has no value: give it one where the test fills it in", f.Go, full)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		t.Errorf("%T has no field %s any more: take it out of the test", full, name)
	}
	return full
}

// Kept reports, by name, what of a draft does not come back: filled in are the fields of D, found what came of them under the same
// names. Apart are the fields that come back otherwise or not at all, each with the reason. Where says what keeps the others.
func Kept[D any](t testing.TB, act, where string, filled D, found map[string]any, apart map[string]string) {
	t.Helper()
	unused := maps.Clone(apart)
	for _, f := range field.Of[D]() {
		delete(unused, f.Name)
		if apart[f.Name] != "" {
			continue
		}
		want := f.In(reflect.ValueOf(filled))
		switch got, there := found[f.Name]; {
		case !there:
			t.Errorf("%s of %T comes back nowhere after %s: %s needs a field of that name", f.Go, filled, act, where)
		case !same(want, reflect.ValueOf(got)):
			t.Errorf("%s of %T does not come back as it was filled in after %s: %v is %v; look in %s", f.Go, filled, act, said(want), said(reflect.ValueOf(got)), where)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(unused)) {
		t.Errorf("%T has no field %s any more: take it out of the test", filled, name)
	}
}

// same compares what may be left open (a pointer) with what is nothing (zero) when it is.
func same(a, b reflect.Value) bool {
	if a.Kind() == reflect.Pointer && b.Kind() != reflect.Pointer {
		if a.IsNil() {
			return b.IsZero()
		}
		a = a.Elem()
	}
	return a.Type() == b.Type() && field.Same(a.Interface(), b.Interface())
}

func said(v reflect.Value) any {
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	return v.Interface()
}

// Found are the fields of several structs under their names, for Kept; renamed are those that a draft calls otherwise, by the name
// that the draft has for them.
func Found(renamed map[string]string, all ...map[string]any) map[string]any {
	found := map[string]any{}
	for _, each := range all {
		maps.Copy(found, each)
	}
	for draft, name := range renamed {
		found[draft] = found[name]
	}
	return found
}
