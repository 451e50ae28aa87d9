package field

import (
	"reflect"
	"time"
)

// Differing names the fields in which two values of one struct differ; nil when there are none. They are compared as what they say:
// an empty list says as much as none, and a moment is the same in every zone.
func Differing[T any](a, b T) []string {
	return differing(reflect.ValueOf(a), reflect.ValueOf(b))
}

// Same tells whether two values of one type say the same, as Differing compares them.
func Same(a, b any) bool { return equal(reflect.ValueOf(a), reflect.ValueOf(b)) }

func differing(a, b reflect.Value) []string {
	var names []string
	for _, f := range of(a.Type()) {
		if !equal(a.FieldByIndex(f.index), b.FieldByIndex(f.index)) {
			names = append(names, f.Name)
		}
	}
	return names
}

var moment = reflect.TypeFor[time.Time]()

func equal(a, b reflect.Value) bool {
	if a.Type() == moment {
		return a.Interface().(time.Time).Equal(b.Interface().(time.Time))
	}
	switch a.Kind() {
	case reflect.Struct:
		return len(differing(a, b)) == 0
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() && b.IsNil()
		}
		return equal(a.Elem(), b.Elem())
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	default:
		return reflect.DeepEqual(a.Interface(), b.Interface())
	}
}
