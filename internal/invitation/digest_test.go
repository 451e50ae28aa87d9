package invitation_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/invitation"
)

// first are the fields under which the first signatures were given, empty or not.
var first = map[reflect.Type][]string{
	reflect.TypeFor[invitation.Content](): {
		"Salutation", "Sections", "Groups", "Programme", "FollowUpHeading", "FollowUp", "Commitment", "Closing", "Contact",
	},
	reflect.TypeFor[invitation.Section]():   {"Heading", "Text"},
	reflect.TypeFor[invitation.Part]():      {"ID", "Kind", "Title", "Text", "Presenters", "Minutes", "Sessions", "Version"},
	reflect.TypeFor[invitation.Presenter](): {"Name", "Role"},
	reflect.TypeFor[invitation.Session]():   {"ID", "Title"},
	reflect.TypeFor[invitation.Organiser](): {"ID", "Key", "Name", "Colour"},
}

func TestAFieldThatCameLaterLeavesSignaturesAsTheyAre(t *testing.T) {
	t.Parallel()
	for of, known := range first {
		for i := range of.NumField() {
			f := of.Field(i)
			if tag := f.Tag.Get("json"); !slices.Contains(known, f.Name) && !strings.HasSuffix(tag, ",omitempty") {
				t.Errorf("%s.%s is in the digest also where it is empty, so that every signature given before lapses: give it omitempty", of.Name(), f.Name)
			}
		}
	}
	minutes, begin := 30, time.Date(2018, 6, 28, 18, 0, 0, 0, time.UTC)
	i := invitation.Invitation{
		Title: "Samen", Event: invitation.Event{StartsAt: begin, EndsAt: begin.Add(time.Hour), Location: "Raadzaal"},
		Organisers: []invitation.Organiser{{ID: "0192d3c0-0000-7000-8000-000000000001", Name: "Leiden"}},
		Content: invitation.Content{
			Salutation: "Beste raadsleden,", Sections: []invitation.Section{{Heading: "Waarom", Text: "Daarom."}}, Groups: []string{},
			Programme: []invitation.Part{{Title: "Inloop", Minutes: &minutes, Version: 3}}, Closing: "Tot dan",
		},
	}
	// What was signed before this program was renewed is still signed after it.
	if got := i.Digest(); got != "a821750b6301d06469957ffec7e39deb340d86bad64dd5f1b3974ab6b557fd7e" {
		t.Errorf("the digest of the same invitation is now %s: every signature given before lapses", got)
	}
}
