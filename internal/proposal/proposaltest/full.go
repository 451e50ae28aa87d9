package proposaltest

import (
	"reflect"
	"testing"
	"time"

	"regiogriffie/internal/field"
	"regiogriffie/internal/id"
	"regiogriffie/internal/proposal"
)

// Full is a content in which every field says something: each text its own, beginning with mark. With none, every text that can be
// explicitly none is.
func Full(t testing.TB, mark string, none bool, target id.Body, organisers ...id.Organisation) proposal.Content {
	t.Helper()
	day, minutes := time.Date(2018, 6, 28, 0, 0, 0, 0, time.UTC), 37
	given := map[string]any{
		"target_body_id": target, "dated_on": &day, "treatment": proposal.Decisive, "authors": []proposal.Author{{Name: mark + " Steller"}},
		"portfolio_holders": []proposal.Holder{{Name: mark + " Wethouder", Capacity: "DB"}}, "organiser_ids": organisers, "minutes": &minutes,
		"ground": "5.1.2.b", "attachments_na": true,
	}
	var c proposal.Content
	v := reflect.ValueOf(&c).Elem()
	values := field.Values(c)
	for _, f := range field.Of[proposal.Content]() {
		at := f.In(v)
		_, twin := values[f.Name+"_na"]
		switch value, known := given[f.Name]; {
		case known:
			at.Set(reflect.ValueOf(value))
		case at.Kind() == reflect.String && !(twin && none):
			at.SetString(mark + " " + f.Go)
		case at.Kind() == reflect.Bool:
			at.SetBool(none)
		case at.Type() == reflect.TypeFor[[]string]():
			at.Set(reflect.ValueOf([]string{mark + " " + f.Go + " een", mark + " " + f.Go + " twee"}))
		case at.Kind() != reflect.String:
			t.Fatalf("%s is of a kind for which this test has no value: give it one in proposaltest.Full", f.Go)
		}
	}
	return c
}
