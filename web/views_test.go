package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/postgres"
	"regiogriffie/internal/zienswijze"
)

// wholeCountry puts 342 councils in the open procedure, with meetings, recesses and a stance on each of ten subjects.
func (w *world) wholeCountry() {
	w.t.Helper()
	key := w.things["openbare procedure"]["procedure"]
	for _, sql := range []string{
		`insert into organisations (id, key, kind, official_name, short_name)
		   select gen_random_uuid(), 'land-' || n, 'municipality', 'Gemeente Voorbeeld aan de Waterkant ' || n, 'Voorbeeld aan de Waterkant ' || n
		     from generate_series(1, 340) n`,
		`insert into bodies (id, organisation_id, key, kind, name, papers_due_days) select gen_random_uuid(), o.id, o.key || '-raad', 'council',
				'Raad', 7 + length(o.key) % 14 from organisations o where o.key like 'land-%'`,
		`insert into recesses (id, organisation_id, name, starts_on, last_on, created_at, updated_at)
		   select gen_random_uuid(), o.id, r.name, r.a::date, r.b::date, now(), now() from organisations o,
		     (values ('Voorjaarsreces', '2026-04-18', '2026-04-26'), ('Meireces', '2026-04-27', '2026-05-10'),
		       ('Zomerreces', '2026-07-11', '2026-08-23')) r(name, a, b) where o.key like 'land-%'`,
		`insert into meetings (id, slug, kind, host_org_id, starts_at, ends_at, state, visibility, org_ids, created_at, updated_at)
		   select gen_random_uuid(), '2026-01-01-' || o.key || '-' || n, 'council', o.id, x.at, x.at + interval '2 hours', 'gepland', 'public',
		     array[o.id], now(), now()
		   from organisations o, generate_series(1, 40) n, lateral (select timestamptz '2026-02-05 19:00Z' + n * interval '9 days' +
		     (length(o.key) + hashtext(o.key) % 5) * interval '1 day' as at) x where o.key like 'land-%'`,
		`insert into meeting_organisers select m.id, 1, m.host_org_id, b.id from meetings m join bodies b on b.organisation_id = m.host_org_id
				and b.kind = 'council' where m.slug like '2026-01-01-land-%'`,
		`insert into zienswijze_subjects (id, procedure_id, number, title, visibility, org_ids)
		   select gen_random_uuid(), p.id, n, 'Onderdeel met een gewone titel ' || n, 'public', p.org_ids from zienswijze_procedures p,
		     generate_series(3, 10) n where p.key = '` + key + `'`,
		`insert into zienswijzen (id, procedure_id, organisation_id, body_id, visibility, org_ids, updated_at)
		   select gen_random_uuid(), p.id, o.id, b.id, 'public', p.org_ids, now() from zienswijze_procedures p, organisations o join bodies b
		     on b.organisation_id = o.id where o.key like 'land-%' and p.key = '` + key + `'`,
		`insert into zienswijze_stances (view_id, subject_id, stance, passage, visibility, org_ids)
		   select v.id, s.id, (array['eens', 'eens_mits', 'oneens', 'geen_standpunt'])[1 + s.number % 4], repeat('passage ', 50), 'public', array[v.organisation_id]
		   from zienswijzen v join zienswijze_procedures p on p.id = v.procedure_id join zienswijze_subjects s on s.procedure_id = p.id
		     join organisations o on o.id = v.organisation_id
		   where o.key like 'land-%' and p.key = '` + key + `'`,
		`insert into participations (id, collaboration_id, organisation_id) select gen_random_uuid(), p.collaboration_id, o.id
				from zienswijze_procedures p, organisations o where o.key like 'land-%' and p.key = '` + key + `'`,
		`analyze`,
	} {
		if _, err := w.owner.Exec(w.t.Context(), sql); err != nil {
			w.t.Fatalf("%s: %v", sql, err)
		}
	}
}

// A procedure along all councils of the country stays a page that a telephone can carry.
func TestAProcedureAlongTheWholeCountryStaysSmall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wholeCountry()
	w.counting()
	procedure := "/zienswijzen/" + w.things["openbare procedure"]["procedure"]
	preparing := "/zienswijzen/" + w.things["procedure in voorbereiding"]["procedure"]
	for _, c := range []struct{ name, address, who, says string }{
		{"procedure", procedure, "public", "Voorbeeld aan de Waterkant 340"},
		{"procedure of the secretary", procedure, "joint bestuurssecretaris", "Voorbeeld aan de Waterkant 340"},
		{"in preparation", preparing, "joint bestuurssecretaris", "Voorbeeld aan de Waterkant 340"},
		{"klok", procedure + "/klok", "own griffier", "Uitkomst"},
		{"year", "/samenwerkingen/" + w.things["regeling"]["collaboration"] + "/jaar/2027", "own griffier", "Voorbeeld aan de Waterkant 340"},
		{"subject", procedure + "/onderdelen/3", "own griffier", "bladzijde=2"},
		{"council", procedure + "/raden/land-1", "own griffier", "Voorbeeld aan de Waterkant 1"},
		{"list", "/zienswijzen", "joint bestuurssecretaris", "340"},
	} {
		var counted waits
		v := w.visitor(c.who)
		r := httptest.NewRequestWithContext(context.WithValue(context.Background(), waitsKey{}, &counted), http.MethodGet, c.address, nil)
		if v.cookie != nil {
			r.AddCookie(v.cookie)
		}
		answer, began := httptest.NewRecorder(), time.Now()
		w.site.ServeHTTP(answer, r)
		size := answer.Body.Len()
		t.Logf("%s: %d bytes, %d waits, %d ms", c.name, size, len(counted.asked), time.Since(began).Milliseconds())
		if answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), c.says) {
			t.Errorf("%s: status %d, or it does not say %q", c.name, answer.Code, c.says)
		}
		if size > 300_000 || len(counted.asked) > mostWaits {
			t.Errorf("%s: %d bytes in %d waits: %v", c.name, size, len(counted.asked), short(counted.asked))
		}
	}
}

// What a council writes before it sends it changes nothing for others: not for its neighbours, and not for the board.
func TestADraftViewChangesNothingForOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	thing := w.things["procedure"]
	procedure := "/zienswijzen/" + thing["procedure"]
	addresses := []string{
		"/zienswijzen", "/vandaag", procedure, procedure + "/klok", procedure + "/raden/own", procedure + "/raden/other", procedure + "/onderdelen/1",
		"/samenwerkingen/" + w.things["regeling"]["collaboration"] + "/jaar/2027",
	}
	looks := func() map[string]string {
		all := map[string]string{}
		for _, name := range []string{"public", "other griffier", "other raadslid", "joint bestuurssecretaris", "joint lid", "own oud-raadslid", "beheerder"} {
			for _, address := range addresses {
				all[name+" "+address] = faceless(address, w.ask(w.visitor(name), http.MethodGet, address, nil))
			}
		}
		return all
	}
	before := looks()
	who := w.as("own griffiemedewerker")
	var v zienswijze.View
	var subjects []zienswijze.Subject
	var texts []zienswijze.Text
	done(t, "reading", postgres.Read(t.Context(), w.db, zienswijze.ViewInto(&v, who, thing["procedure"], "own"),
		zienswijze.SubjectsInto(&subjects, who, thing["procedure"]), zienswijze.TextInto(&texts, who, thing["procedure"], "own")))
	done(t, "writing", zienswijze.Write(t.Context(), w.db, who, v.ID, zienswijze.TextDraft{
		Text: strings.Repeat("Heel iets anders. ", 300), Version: texts[0].Version, Opinions: []zienswijze.Opinion{
			{SubjectID: subjects[0].ID, Number: 1, Stance: zienswijze.Disagrees, Passage: "iets anders"},
			{SubjectID: subjects[1].ID, Number: 2, Stance: zienswijze.Agrees},
		},
	}))
	differs(t, before, looks())
	// The twin: once it is shared, the neighbours see another page.
	shared := w.ask(w.visitor("other griffier"), http.MethodGet, procedure+"/raden/own", nil).Body.String()
	done(t, "reading", postgres.Read(t.Context(), w.db, zienswijze.TextInto(&texts, who, thing["procedure"], "own")))
	done(t, "sharing", zienswijze.Write(t.Context(), w.db, who, v.ID, zienswijze.TextDraft{Text: "Nu gedeeld.", Shared: true, Version: texts[0].Version}))
	if w.ask(w.visitor("other griffier"), http.MethodGet, procedure+"/raden/own", nil).Body.String() == shared {
		t.Error("a shared draft changes nothing either: this test compares nothing")
	}
}
