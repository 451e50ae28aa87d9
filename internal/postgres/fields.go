package postgres

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"regiogriffie/internal/access"
	"regiogriffie/internal/field"
)

// Fields are the columns of a table that are fields of T. What is selected, inserted, updated and given as arguments comes from
// this one list, so that a field that T gets later is in all of them.
type Fields[T any] struct{ list []field.Field }

// FieldsOf are all fields of T.
func FieldsOf[T any]() Fields[T] { return Fields[T]{field.Of[T]()} }

// Only are some of the fields, by their names in Go.
func (f Fields[T]) Only(names ...string) Fields[T] {
	return f.where(names, true)
}

// Without are the other fields.
func (f Fields[T]) Without(names ...string) Fields[T] {
	return f.where(names, false)
}

func (f Fields[T]) where(names []string, in bool) Fields[T] {
	for _, name := range names {
		if !slices.ContainsFunc(f.list, func(each field.Field) bool { return each.Go == name }) {
			panic(fmt.Sprintf("%s has no field %s", reflect.TypeFor[T](), name)) // met when the program starts
		}
	}
	var list []field.Field
	for _, each := range f.list {
		if slices.Contains(names, each.Go) == in {
			list = append(list, each)
		}
	}
	return Fields[T]{list}
}

// Columns are those of a table under its alias: p.subject, p.summary.
func (f Fields[T]) Columns(alias string) string {
	return f.each(func(name string) string { return alias + "." + name })
}

// Names are the columns of an insert: subject, summary.
func (f Fields[T]) Names() string { return f.each(func(name string) string { return name }) }

// Values are the arguments of an insert: @subject, @summary.
func (f Fields[T]) Values() string { return f.each(func(name string) string { return "@" + name }) }

// Set is what an update sets: subject = @subject, summary = @summary.
func (f Fields[T]) Set() string {
	return f.each(func(name string) string { return name + " = @" + name })
}

func (f Fields[T]) each(write func(name string) string) string {
	texts := make([]string, len(f.list))
	for i, each := range f.list {
		texts[i] = write(each.Name)
	}
	return strings.Join(texts, ", ")
}

// Args are the fields of v. A list that is nil is written as an empty one: a column in which none is something else than empty is
// given apart, as With does for an audience.
func (f Fields[T]) Args(v T) Args {
	args := Args{}
	for _, each := range f.list {
		value := each.In(reflect.ValueOf(v))
		if value.Kind() == reflect.Slice && value.IsNil() {
			value = reflect.MakeSlice(value.Type(), 0, 0)
		}
		args[each.Name] = value.Interface()
	}
	return args
}

// Audience are the columns of who may see a row; see Args.With.
var Audience = FieldsOf[access.Audience]()

// OrEmpty is the list, or an empty one instead of nil, which a column that is never null refuses.
func OrEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
