package difference

import (
	"reflect"
	"time"
)

// Fields names the fields in which two values of one struct differ, those of an embedded struct among them; nil when there are none.
// They are compared as what they say: an empty list says as much as none, and a moment is the same in every zone.
func Fields[T any](a, b T) []string {
	return fields(reflect.ValueOf(&a).Elem(), reflect.ValueOf(&b).Elem())
}

func fields(a, b reflect.Value) []string {
	var names []string
	for i := range a.NumField() {
		f := a.Type().Field(i)
		switch {
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			names = append(names, fields(a.Field(i), b.Field(i))...)
		case f.IsExported() && !equal(a.Field(i), b.Field(i)):
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
		return len(fields(a, b)) == 0
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
