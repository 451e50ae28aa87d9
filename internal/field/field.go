// Package field gives the fields of a thing that people fill in their one name: RespondBy is respond_by as a column, an argument, an
// input and a fault.
package field

import (
	"reflect"
	"strings"
	"sync"
	"unicode"
)

// Field is one of a struct, or of a struct embedded in it.
type Field struct {
	Name  string // respond_by
	Go    string // RespondBy
	index []int
}

// In is the field of v, which is a struct of the type the field was found in.
func (f Field) In(v reflect.Value) reflect.Value { return v.FieldByIndex(f.index) }

// Of lists the exported fields of a struct in their order, those of an embedded struct in its place.
func Of[T any]() []Field { return of(reflect.TypeFor[T]()) }

var known sync.Map // reflect.Type → []Field

func of(t reflect.Type) []Field {
	if list, found := known.Load(t); found {
		return list.([]Field)
	}
	var list []Field
	for i := range t.NumField() {
		f := t.Field(i)
		switch {
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			for _, inner := range of(f.Type) {
				inner.index = append([]int{i}, inner.index...)
				list = append(list, inner)
			}
		case f.IsExported():
			list = append(list, Field{Name: Name(f.Name), Go: f.Name, index: []int{i}})
		}
	}
	known.Store(t, list)
	return list
}

// Values are the fields of a struct under their names.
func Values[T any](v T) map[string]any {
	all := map[string]any{}
	for _, f := range Of[T]() {
		all[f.Name] = f.In(reflect.ValueOf(v)).Interface()
	}
	return all
}

// Name is the one name of a field: OrganiserIDs is organiser_ids, ABOn is ab_on.
func Name(field string) string {
	runes := []rune(strings.ReplaceAll(field, "IDs", "Ids"))
	var b strings.Builder
	for i, r := range runes {
		begins := i > 0 && unicode.IsUpper(r) &&
			(!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if begins {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
