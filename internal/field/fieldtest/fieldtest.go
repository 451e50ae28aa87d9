// Package fieldtest fills in drafts and holds them against what was kept of them, field by field, for tests.
package fieldtest

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"regiogriffie/internal/field"
)

// Full is a draft in which every field says something: each text its own, beginning with mark; what is no text is given by name.
func Full[T any](t testing.TB, mark string, given map[string]any) T {
	t.Helper()
	var draft T
	v := reflect.ValueOf(&draft).Elem()
	for _, f := range field.Of[T]() {
		at := f.In(v)
		switch value, known := given[f.Name]; {
		case known && value != nil:
			at.Set(reflect.ValueOf(value).Convert(at.Type()))
		case known: // has none here
		case at.Kind() == reflect.String:
			at.SetString(mark + " " + f.Go)
		case at.Kind() == reflect.Bool:
			at.SetBool(true)
		default:
			t.Fatalf("%s is of a kind for which this test has no value: give it one by the name %s", f.Go, f.Name)
		}
	}
	return draft
}

// Kept fails the test for every field of the draft that the thing does not have as it was filled in; act is what was done with the
// draft. apart are the fields that a thing keeps in another way, each with where that is tested, or the name under which it has them
// after an equals sign.
func Kept[D, T any](t testing.TB, act string, draft D, thing T, apart map[string]string) {
	t.Helper()
	has := field.Values(thing)
	for _, f := range field.Of[D]() {
		name := f.Name
		if other, is := apart[name]; is {
			if other == "" || other[0] != '=' {
				continue
			}
			name = other[1:]
		}
		value, there := has[name]
		if !there {
			t.Errorf("%s is a field of %T and none of %T: a thing keeps what is filled in", f.Go, draft, thing)
			continue
		}
		if want, got := said(f.In(reflect.ValueOf(draft))), said(reflect.ValueOf(value)); want != got {
			t.Errorf("%s does not come back after %s: %q was filled in and %q was kept; a field of %T needs a column of its name, which the queries of "+
				"its store read and write", f.Go, act, want, got, thing)
		}
	}
}

// said is a value in words, so that what may be absent and what may not are compared alike.
func said(v reflect.Value) string {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return ""
		}
		v = v.Elem()
	}
	if at, is := v.Interface().(time.Time); is {
		return at.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("%v", v.Interface())
}
