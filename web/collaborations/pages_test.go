package collaborations_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/collaboration/collaborationtest"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/web/collaborations"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

func site(db *pgxpool.Pool, actor access.Actor) http.Handler {
	p := collaborations.Pages{DB: db}
	r := chi.NewRouter()
	r.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(request.WithActor(r.Context(), actor)))
		})
	})
	page := respond.To
	r.Get("/samenwerkingen", page(p.Index))
	r.Get("/samenwerkingen/nieuw", page(p.New))
	r.Post("/samenwerkingen/nieuw", page(p.Create))
	r.Get("/samenwerkingen/{collaboration}", page(p.Show))
	r.Get("/samenwerkingen/{collaboration}/bewerken", page(p.Edit))
	r.Post("/samenwerkingen/{collaboration}/bewerken", page(p.Update))
	r.Get("/samenwerkingen/{collaboration}/deelnemers/nieuw", page(p.NewParticipation))
	r.Post("/samenwerkingen/{collaboration}/deelnemers/nieuw", page(p.CreateParticipation))
	r.Get("/samenwerkingen/{collaboration}/deelnemers/{participation}/einde", page(p.NewParticipationEnd))
	r.Post("/samenwerkingen/{collaboration}/deelnemers/{participation}/einde", page(p.CreateParticipationEnd))
	return r
}

func ask(t *testing.T, h http.Handler, address string, fields ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if fields != nil {
		values := url.Values{}
		for i := 0; i+1 < len(fields); i += 2 {
			values.Add(fields[i], fields[i+1])
		}
		r = httptest.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(values.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func holds(t *testing.T, w *httptest.ResponseRecorder, status int, texts ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	for _, text := range texts {
		if !strings.Contains(w.Body.String(), text) {
			t.Errorf("%q is not on the page:\n%s", text, w.Body)
		}
	}
}

func TestACollaborationThroughItsPages(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	vrhm, town := partnertest.Organisation(t, db, "VRHM"), partnertest.Organisation(t, db, "Hillegom")
	public := site(db, access.Actor{At: partnertest.Then})
	keeper := site(db, access.Actor{At: partnertest.Then, Grants: []access.Grant{{Role: access.PartnershipManager, Organisation: vrhm.ID}}})

	holds(t, ask(t, public, "/samenwerkingen"), 200, "Hier komen de samenwerkingen")
	holds(t, ask(t, public, "/samenwerkingen/nieuw"), 403)
	offered := ask(t, keeper, "/samenwerkingen/nieuw")
	holds(t, offered, 200, string(vrhm.ID))
	if strings.Contains(offered.Body.String(), string(town.ID)) {
		t.Error("offered for an organisation where he may not")
	}
	holds(t, ask(t, keeper, "/samenwerkingen/nieuw", "name", "Regeling", "form", "public_body", "organisation_id", string(town.ID)), 422,
		"Kies de organisatie waarvoor u")
	holds(t, ask(t, keeper, "/samenwerkingen/nieuw", "name", "", "form", "", "organisation_id", string(vrhm.ID), "regeling_url", "javascript:alert(1)"), 422,
		"Vul de naam in", "Kies een vorm.", "Vul het hele webadres in")
	holds(t, ask(t, keeper, "/samenwerkingen/nieuw", "name", "Regeling VRHM", "key", "vrhm", "form", "public_body", "organisation_id", string(vrhm.ID),
		"in_force_on", "08-10-2010", "domains", "beleid", "domains", "uitvoering", "zienswijze_subjects", "de begroting\nde jaarstukken",
		"exit_notice_months", "24"), 303)

	holds(t, ask(t, public, "/samenwerkingen?naam=vrhm&vorm=public_body"), 200, "1 samenwerking", "Regeling VRHM")
	holds(t, ask(t, public, "/samenwerkingen?vorm=network"), 200, "Er is geen samenwerking die hieraan voldoet")
	holds(t, ask(t, public, "/samenwerkingen/vrhm"), 200, "Gemeenschappelijke regeling", "Openbaar lichaam", "In werking", "2010", "Nog niet ingevuld",
		"de begroting en de jaarstukken", "24 maanden", "Beleid en uitvoering", "nog geen deelnemers")
	holds(t, ask(t, public, "/samenwerkingen/onbekend"), 404)

	holds(t, ask(t, public, "/samenwerkingen/vrhm/deelnemers/nieuw"), 403)
	holds(t, ask(t, keeper, "/samenwerkingen/vrhm/deelnemers/nieuw", "organisation_id", ""), 422, "Kies een organisatie.")
	holds(t, ask(t, keeper, "/samenwerkingen/vrhm/deelnemers/nieuw", "organisation_id", string(town.ID), "organs", "raad", "organs", "college",
		"joined_on", "08-10-2010"), 303)
	shown := ask(t, public, "/samenwerkingen/vrhm")
	holds(t, shown, 200, "Hillegom", "raad en college", "8 oktober 2010")
	if strings.Contains(shown.Body.String(), "Beëindig") || strings.Contains(shown.Body.String(), "/bewerken") {
		t.Error("the public is offered to change it")
	}

	edit := ask(t, keeper, "/samenwerkingen/vrhm/bewerken")
	holds(t, edit, 200, `name="version" value="1"`, `value="08-10-2010"`)
	for i, want := range []int{303, 409} {
		w := ask(t, keeper, "/samenwerkingen/vrhm/bewerken", "version", "1", "name", "Naam "+string(rune('a'+i)), "form", "public_body",
			"organisation_id", string(vrhm.ID), "council_role", "direct", "domains", "beleid")
		holds(t, w, want)
		if want == 409 {
			holds(t, w, want, `value="Naam b"`, "Naam a", `name="version" value="2"`)
		}
	}

	_, rest, _ := strings.Cut(ask(t, keeper, "/samenwerkingen/vrhm").Body.String(), "deelnemers/0")
	p, _, ok := strings.Cut(rest, "/einde")
	if !ok {
		t.Fatal("no way to end a participation on the page")
	}
	end := "/samenwerkingen/vrhm/deelnemers/0" + p + "/einde"
	holds(t, ask(t, public, end), 403)
	holds(t, ask(t, keeper, end), 200, "Beëindig de deelname")
	holds(t, ask(t, keeper, end, "left_on", "onzin"), 422, "‘onzin’ is geen datum")
	holds(t, ask(t, keeper, end, "left_on", "01-06-2018"), 303)
	holds(t, ask(t, public, "/samenwerkingen/vrhm"), 200, "1 vroegere deelnemer", "1 juni 2018")
}

func TestWhoTakesPartFillsInWhatNoOrganisationCarries(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	town, other := partnertest.Organisation(t, db, "Heemstede"), partnertest.Organisation(t, db, "Hillegom")
	c := collaborationtest.Collaboration(t, db, collaboration.PlainArrangement, partner.Organisation{}, town, other)
	public := site(db, access.Actor{At: partnertest.Then})
	keeper := site(db, access.Actor{At: partnertest.Then, Grants: []access.Grant{{Role: access.PartnershipManager, Organisation: town.ID}}})
	page, edit := "/samenwerkingen/"+c.Key, "/samenwerkingen/"+c.Key+"/bewerken"

	holds(t, ask(t, public, page), 200, "Deze gegevens houdt de samenwerkingsbeheerder van elke deelnemer bij.")
	holds(t, ask(t, public, edit), 403)
	shown := ask(t, keeper, page)
	holds(t, shown, 200, "/bewerken", "> de deelname van Heemstede</span>")
	if body := shown.Body.String(); strings.Contains(body, "Deze gegevens houdt") || strings.Contains(body, "deelnemers/nieuw") ||
		strings.Contains(body, "de deelname van Hillegom") {
		t.Error("offered what he may not, or told who may what he may")
	}
	drawn := ask(t, keeper, edit)
	holds(t, drawn, 200, "council_role")
	if strings.Contains(drawn.Body.String(), `name="organisation_id"`) {
		t.Error("asks for the organisation that carries it")
	}
	holds(t, ask(t, keeper, edit, "version", "1", "name", c.Name, "form", "plain_arrangement", "council_role", "via_executive", "organisation_id",
		string(town.ID)), 303)
	holds(t, ask(t, public, page), 200, "Via het college", "elke deelnemer")
	holds(t, ask(t, keeper, page+"/deelnemers/nieuw"), 403)
}

func TestTheBoardsOfACollaborationAreOnItsPage(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	town := partnertest.Organisation(t, db, "Hillegom")
	c := collaborationtest.Collaboration(t, db, collaboration.PublicBody, partnertest.Organisation(t, db, "VRHM"), town)
	b := collaborationtest.Body(t, db, c, partner.GeneralBoard)
	if _, err := partner.CreateMandate(t.Context(), db, partnertest.Seeder, partner.MandateDraft{
		PersonID: partnertest.Person(t, db, "Testpersoon").ID, BodyID: b.ID, Function: partner.Member, OnBehalfOfOrgID: town.ID, StartsOn: partnertest.Then,
	}); err != nil {
		t.Fatal(err)
	}
	holds(t, ask(t, site(db, access.Actor{At: partnertest.Then}), "/samenwerkingen/"+c.Key), 200, b.Name, "Testpersoon", "/organisaties/"+town.Key)
}
