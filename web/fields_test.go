package web_test

import (
	"net/http"
	"testing"

	"regiogriffie/internal/field"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/web/form/formtest"
)

// Every field that people fill in stands on the form of its thing, under its one name.
func TestEveryFieldStandsOnItsForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	day := map[string][]string{"starts_at": {"starts_on", "starts_at"}}
	for _, each := range []struct {
		pattern, thing, who, some string
		fields                    []field.Field
		as                        map[string][]string // fields that are typed in inputs of other names
		apart                     map[string]string   // fields that are on no form, and why
	}{
		{
			"/vergaderingen/{meeting}/bewerken", "concept-vergadering", "own griffier", "location", field.Of[meeting.Draft](), day,
			map[string]string{
				"orgs": "of an event", "agreed_with": "where a body without a griffie is named", "signed": "said by an invitation", "made_up": "of the sample",
				"reason": "of a move, once the day is known",
			},
		},
		{
			"/vergaderingen/{meeting}/agenda/{item}/bewerken", "concept-vergadering/open punt", "own griffier", "title", field.Of[meeting.ItemDraft](), nil,
			map[string]string{"closed_for": "where more than one body holds the meeting"},
		},
		{
			"/zienswijzen/{procedure}/bewerken", "procedure in voorbereiding", "joint bestuurssecretaris", "subject", field.Of[zienswijze.Facts](), nil, nil,
		},
		{
			"/uitnodigingen/{invitation}/bewerken", "uitnodiging", "own griffier", "closing", field.Of[invitation.Content](),
			map[string][]string{"sections": {"section_heading.0", "section_text.0"}},
			map[string]string{"groups": "on the form of the guests", "programme": "on a form of its own for each part"},
		},
	} {
		address, filled := fill(each.pattern, w.things[each.thing])
		if !filled {
			t.Errorf("%s has no %s", each.thing, each.pattern)
			continue
		}
		page := w.ask(w.visitor(each.who), http.MethodGet, address, nil)
		form := formtest.With(page.Body.String(), each.some)
		if page.Code != http.StatusOK || len(form.Names) == 0 {
			t.Errorf("%s (%s): %d, without a form", each.pattern, each.thing, page.Code)
			continue
		}
		for _, f := range each.fields {
			inputs := each.as[f.Name]
			if inputs == nil {
				inputs = []string{f.Name}
			}
			for _, name := range inputs {
				if _, left := each.apart[f.Name]; !form.Names[name] && !left {
					t.Errorf("%s stands on no form: %s needs an input named %s", f.Go, each.pattern, name)
				}
			}
		}
	}
}
