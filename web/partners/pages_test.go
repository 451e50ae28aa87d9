package partners_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/web/partners"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

func site(db *pgxpool.Pool, actor access.Actor) http.Handler {
	p := partners.Pages{DB: db}
	r := chi.NewRouter()
	r.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(request.WithActor(r.Context(), actor)))
		})
	})
	page := respond.To
	r.Get("/organisaties", page(p.Index))
	r.Get("/organisaties/nieuw", page(p.New))
	r.Post("/organisaties/nieuw", page(p.Create))
	r.Get("/organisaties/{organisation}", page(p.Show))
	r.Get("/organisaties/{organisation}/bewerken", page(p.Edit))
	r.Post("/organisaties/{organisation}/bewerken", page(p.Update))
	r.Get("/organisaties/{organisation}/recessen/nieuw", page(p.NewRecess))
	r.Post("/organisaties/{organisation}/recessen/nieuw", page(p.CreateRecess))
	r.Get("/organisaties/{organisation}/recessen/{recess}/bewerken", page(p.EditRecess))
	r.Post("/organisaties/{organisation}/recessen/{recess}/bewerken", page(p.UpdateRecess))
	r.Post("/organisaties/{organisation}/recessen/{recess}/verwijdering", page(p.CreateRecessRemoval))
	r.Get("/organisaties/{organisation}/gremia/nieuw", page(p.NewBody))
	r.Post("/organisaties/{organisation}/gremia/nieuw", page(p.CreateBody))
	r.Get("/organisaties/{organisation}/gremia/{body}/bewerken", page(p.EditBody))
	r.Post("/organisaties/{organisation}/gremia/{body}/bewerken", page(p.UpdateBody))
	r.Get("/organisaties/{organisation}/gremia/{body}/functies/nieuw", page(p.NewMandate))
	r.Post("/organisaties/{organisation}/gremia/{body}/functies/nieuw", page(p.CreateMandate))
	r.Get("/organisaties/{organisation}/gremia/{body}/functies/{mandate}/einde", page(p.NewMandateEnd))
	r.Post("/organisaties/{organisation}/gremia/{body}/functies/{mandate}/einde", page(p.CreateMandateEnd))
	r.Get("/beheer/personen", page(p.People))
	r.Get("/beheer/personen/nieuw", page(p.NewPerson))
	r.Post("/beheer/personen/nieuw", page(p.CreatePerson))
	r.Get("/beheer/personen/{person}", page(p.EditPerson))
	r.Post("/beheer/personen/{person}", page(p.UpdatePerson))
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

var admin = access.Actor{Name: "Beheerder", At: partnertest.Then, Grants: []access.Grant{{Role: access.Admin}}}

func TestTheRegistryThroughItsPages(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	public, boss := site(db, access.Actor{At: partnertest.Then}), site(db, admin)

	holds(t, ask(t, public, "/organisaties"), 200, "Hier komen de organisaties")
	holds(t, ask(t, public, "/organisaties/nieuw"), 403)
	holds(t, ask(t, public, "/organisaties/nieuw", "official_name", "Gemeente X", "kind", "municipality"), 403)

	holds(t, ask(t, boss, "/organisaties/nieuw", "kind", "", "official_name", "", "short_name", "Typt <b>dit</b>", "inhabitants", "veel"), 422,
		"Kies een soort.", "‘veel’ is geen heel getal.", `value="Typt &lt;b&gt;dit&lt;/b&gt;"`, `value="veel"`)
	w := ask(t, boss, "/organisaties/nieuw", "kind", "municipality", "official_name", "Gemeente Heemstede", "short_name", "Heemstede", "key", "heemstede",
		"province", "Noord-Holland", "inhabitants", "27.556", "website", "https://www.heemstede.nl", "seats", "21")
	holds(t, w, 303)
	if to := w.Header().Get("Location"); to != "/organisaties/heemstede" {
		t.Errorf("sent to %s", to)
	}
	holds(t, ask(t, boss, "/organisaties/nieuw", "kind", "municipality", "official_name", "Gemeente Heemstede", "key", "heemstede"), 422, "al in gebruik")
	holds(t, ask(t, public, "/organisaties?naam=heem&soort=municipality&provincie=Noord-Holland"), 200, "1 organisatie", "Gemeente Heemstede")
	holds(t, ask(t, boss, "/organisaties/nieuw", "kind", "joint_org", "official_name", "Hecht", "former_names", "RDOG\n RDOG Hollands Midden \n"), 303)
	holds(t, ask(t, public, "/organisaties?naam=rdog"), 200, "1 organisatie", "/organisaties/hecht")
	holds(t, ask(t, public, "/organisaties/hecht"), 200, "Eerder ook", "RDOG en RDOG Hollands Midden")
	holds(t, ask(t, boss, "/organisaties/hecht/bewerken"), 200, "RDOG\nRDOG Hollands Midden</textarea>")
	holds(t, ask(t, public, "/organisaties?naam=bestaatniet"), 200, "Er is geen organisatie die hieraan voldoet")
	holds(t, ask(t, public, "/organisaties/heemstede"), 200, "27.556", "volgens het register", `href="https://www.heemstede.nl"`, "Hier komen de gremia")
	holds(t, ask(t, public, "/organisaties/onbekend"), 404)

	holds(t, ask(t, boss, "/organisaties/heemstede/gremia/nieuw", "kind", "general_board", "name", "AB"), 422, "Kies de samenwerking.")
	holds(t, ask(t, boss, "/organisaties/heemstede/gremia/nieuw", "kind", "council", "name", "Raad", "seats_total", "1"), 303)
	holds(t, ask(t, boss, "/beheer/personen/nieuw", "family", "", "work_email", "geen adres"), 422, "Vul de achternaam in.", "geen e-mailadres")
	holds(t, ask(t, boss, "/beheer/personen/nieuw", "initials", "A.", "infix", "van", "family", "Erk", "work_email", "erk@heemstede.example"), 303)
	holds(t, ask(t, boss, "/beheer/personen"), 200, "A. van Erk", "erk@heemstede.example")
	holds(t, ask(t, public, "/beheer/personen"), 404)

	people, _, _, err := partner.People(t.Context(), db, admin, "", 1)
	if err != nil || len(people) != 1 {
		t.Fatal(people, err)
	}
	office := "/organisaties/heemstede/gremia/heemstede-raad/functies/nieuw"
	holds(t, ask(t, public, office), 403)
	if page := ask(t, boss, office); strings.Contains(page.Body.String(), "van Erk") {
		t.Error("someone without a function here stands in the list")
	}
	holds(t, ask(t, boss, office+"?zoek_naam=erk&function=councillor&starts_on=31-02-2018&party_group=D66&portfolio=Wonen%0AZorg&non_voting=ja"), 200,
		"1 persoon gevonden", `<option value="`+string(people[0].ID)+`" selected>A. van Erk`, `<option value="councillor" selected>`, `value="31-02-2018"`,
		`value="D66"`, "Wonen\nZorg</textarea>", `name="non_voting" value="ja" checked`, `formmethod="get"`)
	if page := ask(t, boss, office+"?zoek_naam=e"); strings.Contains(page.Body.String(), "van Erk") || !strings.Contains(page.Body.String(), "Niemand gevonden") {
		t.Error("one letter finds people")
	}
	holds(t, ask(t, boss, office, "person_id", string(people[0].ID), "function", "councillor", "starts_on", "31-02-2018"), 422,
		"‘31-02-2018’ is geen datum", `value="31-02-2018"`)
	holds(t, ask(t, boss, office, "person_id", string(people[0].ID), "function", "councillor", "starts_on", "01-03-2018", "party_group", "D66"), 303)
	second := partnertest.Person(t, db, "Bakker")
	holds(t, ask(t, boss, office, "person_id", string(second.ID), "function", "councillor", "starts_on", "01-03-2018"), 422, "1 zetel", `name="ZETELS"`)
	holds(t, ask(t, boss, office, "person_id", string(second.ID), "function", "councillor", "starts_on", "01-03-2018", "ZETELS", "tijdelijk"), 303)

	shown := ask(t, public, "/organisaties/heemstede")
	holds(t, shown, 200, "A. van Erk", "Raadslid", "D66", "1 maart 2018")
	if strings.Contains(shown.Body.String(), "erk@heemstede.example") || strings.Contains(shown.Body.String(), "Beëindig") ||
		strings.Contains(shown.Body.String(), "/bewerken") {
		t.Error("the public sees work mail or buttons")
	}
	mine := ask(t, boss, "/organisaties/heemstede").Body.String()
	_, rest, _ := strings.Cut(mine, "functies/0")
	mandate, _, ok := strings.Cut(rest, "/einde")
	if !ok {
		t.Fatal("no way to end a mandate on the page")
	}
	end := "/organisaties/heemstede/gremia/heemstede-raad/functies/0" + mandate + "/einde"
	holds(t, ask(t, public, end), 403)
	holds(t, ask(t, boss, end), 200, "Beëindig de functie")
	holds(t, ask(t, boss, end, "ends_on", ""), 422, "Vul in vanaf welke dag")
	holds(t, ask(t, boss, end, "ends_on", "01-06-2018"), 303)
	holds(t, ask(t, boss, "/organisaties/heemstede/gremia/heemstede-raad/functies/weg/einde"), 404)
}

func TestTheSecondEditorSeesBothTexts(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	o := partnertest.Organisation(t, db, "Hillegom")
	boss, address := site(db, admin), path.Organisation(o.Key)+"/bewerken"
	holds(t, ask(t, boss, address), 200, `name="version" value="1"`)
	holds(t, ask(t, boss, address, "version", "1", "kind", "municipality", "official_name", "Naam van de eerste"), 303)
	holds(t, ask(t, boss, address, "version", "1", "kind", "province", "official_name", "Naam van de tweede"), 409,
		`value="Naam van de tweede"`, "Naam van de eerste", `name="version" value="2"`, ">Gemeente</p>")
	holds(t, ask(t, boss, address, "version", "2", "kind", "municipality", "official_name", "Naam van beiden"), 303)

	body := partnertest.Body(t, db, o, partner.Council)
	clerk := site(db, access.Actor{At: partnertest.Then, Grants: []access.Grant{{Role: access.Clerk, Organisation: o.ID, Body: body.ID}}})
	terms := path.Organisation(o.Key) + "/gremia/" + body.Key + "/bewerken"
	form := ask(t, clerk, terms)
	holds(t, form, 200, `name="notice_days"`)
	if strings.Contains(form.Body.String(), `name="kind"`) {
		t.Error("a griffier is offered what he may not change")
	}
	holds(t, ask(t, clerk, terms, "version", "1", "notice_days", "10"), 303)
	holds(t, ask(t, clerk, terms, "version", "1", "notice_days", "12"), 409, `value="12"`, ">10</p>")
	holds(t, ask(t, clerk, address), 403)
	other := partnertest.Organisation(t, db, "Leiden")
	holds(t, ask(t, boss, path.Organisation(other.Key)+"/gremia/"+body.Key+"/bewerken"), 404)
}

func TestAnEndedOrganisationSaysSo(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	old, heir := partnertest.Organisation(t, db, "Haarlemmerliede"), partnertest.Organisation(t, db, "Haarlemmermeer")
	boss := site(db, admin)
	holds(t, ask(t, boss, path.Organisation(old.Key)+"/bewerken", "version", "1", "kind", "municipality", "official_name", "Gemeente Haarlemmerliede",
		"valid_to", "31-05-2018", "successors", "bestaatniet"), 422, "Er is geen andere organisatie met het adres bestaatniet")
	holds(t, ask(t, boss, path.Organisation(old.Key)+"/bewerken", "version", "1", "kind", "municipality", "official_name", "Gemeente Haarlemmerliede",
		"valid_to", "31-05-2018", "successors", heir.Key), 303)
	holds(t, ask(t, boss, path.Organisation(old.Key)), 200, "bestaat niet meer", "31 mei 2018", path.Organisation(heir.Key))
	holds(t, ask(t, boss, path.Organisation(heir.Key)), 200, "Voorgangers", path.Organisation(old.Key))
	holds(t, ask(t, boss, "/organisaties?stand=opgeheven"), 200, "1 organisatie", "Opgeheven")
}
