package form_test

import (
	"fmt"
	"testing"
	"time"

	"regiogriffie/internal/id"
	"regiogriffie/web/form"
)

type paper struct {
	Subject  string
	BodyID   id.Body
	Open     bool
	Minutes  *int
	DatedOn  *time.Time
	Points   []string
	OrgIDs   []id.Organisation
	StartsAt time.Time
}

func TestAFormIsFilledFromAThingAndTheThingFromTheForm(t *testing.T) {
	t.Parallel()
	day, minutes := time.Date(2018, 6, 28, 0, 0, 0, 0, time.UTC), 20
	for name, p := range map[string]paper{
		"empty": {Points: []string{}},
		"full":  {Subject: "Regio", BodyID: "b", Open: true, Minutes: &minutes, DatedOn: &day, Points: []string{"een", "twee"}},
	} {
		values := form.ValuesOf(p)
		if len(values) != 6 {
			t.Errorf("%s: %v, want the six fields that are one input", name, values)
		}
		var read paper
		form.Fill(form.New(values), &read)
		if a, b := fmt.Sprint(form.ValuesOf(read)), fmt.Sprint(values); a != b {
			t.Errorf("%s: came back as %s, want %s", name, a, b)
		}
	}
	f := form.New(map[string]string{"minutes": "een kwartier"})
	if form.Fill(f, &paper{}); f.Faults["minutes"] == "" {
		t.Errorf("what is no number is no fault: %v", f.Faults)
	}
}
