package proposaltest

import (
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/field"
	"regiogriffie/internal/field/fieldtest"
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
	values := field.Values(proposal.Content{})
	for _, f := range field.Of[proposal.Content]() {
		_, twin := values[f.Name+"_na"]
		switch _, known := given[f.Name]; {
		case known:
		case twin && none:
			given[f.Name] = ""
		case strings.HasSuffix(f.Name, "_na"):
			given[f.Name] = none
		}
	}
	return fieldtest.Full[proposal.Content](t, mark, given)
}
