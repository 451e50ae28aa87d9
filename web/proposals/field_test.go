package proposals_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"regiogriffie/internal/field"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/web/form/formtest"
)

func TestEveryFieldOfAPaperStandsOnTheFormAndOnThePage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, target := s.places()
	said := map[string][]string{
		"target_body_id": {"Raad van Leiden"}, "dated_on": {"28 juni 2018"}, "treatment": {"Besluitvormend"}, "authors": {"Eerst Steller"},
		"portfolio_holders": {"Eerst Wethouder (DB)"}, "organiser_ids": {"Leiden"}, "minutes": {"37 min"},
		"ground": {proposal.GroundLabel("5.1.2.b")}, "attachments_na": {"Bijlagen N.v.t."},
	}
	for _, none := range []bool{false, true} {
		full := proposaltest.Full(t, "Eerst", none, target.Body, target.ID)
		p := proposaltest.Concept(t, s.db, owner.Author, owner.ID, target.Body, func(d *proposal.Draft) { d.Content, d.Closed = full, true })
		address := "/voorstellen/" + p.Key
		form := formtest.With(s.get(owner.Author, address+"/bewerken", http.StatusOK), "subject")
		page := words(s.get(owner.Author, address, http.StatusOK))
		explicitly := 0
		for _, f := range field.Of[proposal.Content]() {
			if !form.Names[f.Name] {
				t.Errorf("%s does not stand on the form: web/proposals/form.templ needs an input named %s", f.Go, f.Name)
			}
			want := said[f.Name]
			switch v := f.In(reflect.ValueOf(full)); {
			case want != nil:
			case v.Kind() == reflect.String:
				want = []string{v.String()}
			case v.Kind() == reflect.Slice:
				for i := range v.Len() {
					want = append(want, v.Index(i).String())
				}
			case v.Kind() == reflect.Bool:
				explicitly++
			default:
				t.Errorf("%s: this test does not know how a page says it", f.Go)
			}
			for _, text := range want {
				if !strings.Contains(page, text) {
					t.Errorf("%s does not stand on the page: web/proposals/show.templ says nowhere %q", f.Go, text)
				}
			}
		}
		if said := strings.Count(page, "N.v.t."); none && said < explicitly+2 { // of the attachments twice
			t.Errorf("of %d fields that are explicitly none only %d are so on the page: look in sections and facts of web/proposals/show.templ", explicitly+2, said)
		}
		// A form that is sent back as it was drawn changes nothing but what was typed.
		form.Values.Set("subject", "Later")
		s.post(owner.Author, address, form.Values, http.StatusSeeOther)
		after, err := proposal.FindByKey(t.Context(), s.db, owner.Author, p.Key)
		if err != nil {
			t.Fatal(err)
		}
		full.Subject = "Later"
		for _, name := range field.Differing(full, after.Content) {
			if !form.Names[name] {
				continue // said above
			}
			t.Errorf("%s is lost when the form is sent: web/proposals/draft.go must read what form.Fill does not", name)
		}
	}
}
