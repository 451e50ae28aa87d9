package form

import (
	"reflect"
	"strconv"
	"strings"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/field"
)

// Fill reads into dst every field of it that is a text, a tick, a whole number, a day or a list of lines, each from the input of its
// name. A field of another kind it leaves to who asks.
func Fill[T any](f *Form, dst *T) {
	v := reflect.ValueOf(dst).Elem()
	for _, each := range field.Of[T]() {
		at := each.In(v)
		switch to := at.Addr().Interface().(type) {
		case *bool:
			*to = f.Bool(each.Name)
		case **int:
			*to = f.Int(each.Name)
		case **time.Time:
			*to = f.Date(each.Name)
		case *[]string:
			*to = f.Lines(each.Name)
		default:
			if at.Kind() == reflect.String {
				at.SetString(f.Text(each.Name))
			}
		}
	}
}

// ValuesOf are the fields of v that Fill reads, as an input shows them.
func ValuesOf[T any](v T) map[string]string {
	values := map[string]string{}
	for _, each := range field.Of[T]() {
		at := each.In(reflect.ValueOf(v))
		switch is := at.Interface().(type) {
		case bool:
			values[each.Name] = tick(is)
		case *int:
			values[each.Name] = ""
			if is != nil {
				values[each.Name] = strconv.Itoa(*is)
			}
		case *time.Time:
			values[each.Name] = ""
			if is != nil {
				values[each.Name] = is.Format("02-01-2006")
			}
		case []string:
			values[each.Name] = strings.Join(is, "\n")
		default:
			if at.Kind() == reflect.String {
				values[each.Name] = at.String()
			}
		}
	}
	return values
}

func tick(on bool) string {
	if on {
		return "ja"
	}
	return ""
}

// Day is a day that may be left open, as an input shows it.
func Day(t *time.Time) string {
	if t == nil {
		return ""
	}
	return dutch.FormDate(*t)
}

// LinesOf is a list as an input of several lines shows it.
func LinesOf[T any](list []T, text func(T) string) string {
	var texts []string
	for _, each := range list {
		texts = append(texts, text(each))
	}
	return strings.Join(texts, "\n")
}
