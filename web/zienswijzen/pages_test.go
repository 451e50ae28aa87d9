package zienswijzen_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/route"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/internal/zienswijze/zienswijzetest"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
	"regiogriffie/web/zienswijzen"
)

func site(db *pgxpool.Pool, actor access.Actor) http.Handler {
	p := zienswijzen.Pages{DB: db}
	r := chi.NewRouter()
	r.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(request.WithActor(r.Context(), actor)))
		})
	})
	page := respond.To
	r.Get("/samenwerkingen/{collaboration}/jaar/{year}", page(p.Year))
	r.Get("/zienswijzen", page(p.Index))
	r.Get("/zienswijzen/nieuw", page(p.New))
	r.Post("/zienswijzen/nieuw", page(p.Create))
	r.Route("/zienswijzen/{procedure}", func(r chi.Router) {
		r.Get("/", page(p.Show))
		r.Get("/onderdelen/{number}", page(p.ShowSubject))
		r.Get("/klok", page(p.Align))
		r.Get("/bewerken", page(p.Edit))
		r.Post("/bewerken", page(p.Update))
		r.Get("/verzending", page(p.NewSending))
		r.Post("/verzending", page(p.CreateSending))
		r.Post("/publicatie", page(p.CreatePublication))
		r.Post("/publicatie/intrekking", page(p.CreateRetraction))
		r.Post("/sluiting", page(p.CreateClosing))
		r.Route("/raden/{organisation}", func(r chi.Router) {
			r.Get("/", page(p.ShowView))
			r.Get("/bewerken", page(p.EditView))
			r.Post("/bewerken", page(p.UpdateView))
			r.Post("/agendering", page(p.CreateScheduling))
			r.Get("/besluit", page(p.NewDecision))
			r.Post("/besluit", page(p.CreateDecision))
			r.Post("/verzending", page(p.CreateViewSending))
			r.Post("/publicatie", page(p.CreateViewPublication))
			r.Post("/publicatie/intrekking", page(p.CreateViewRetraction))
			r.Get("/beantwoording", page(p.NewAnswer))
			r.Post("/beantwoording", page(p.CreateAnswer))
		})
	})
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

func lacks(t *testing.T, w *httptest.ResponseRecorder, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(w.Body.String(), text) {
			t.Errorf("%q is on the page:\n%s", text, w.Body)
		}
	}
}

// send is a form without fields.
var none = []string{"", ""}

// meeting puts an announced meeting of a council on the calendar; this room writes none.
func meeting(t *testing.T, db postgres.DB, c zienswijzetest.Council, on string) id.Meeting {
	t.Helper()
	m := id.New[id.Meeting]()
	for _, sql := range []string{
		`insert into meetings (id, slug, kind, host_org_id, starts_at, ends_at, state, visibility, org_ids, created_at, updated_at)
		 values (@m, @on::text || '-' || right(@m::uuid::text, 12), 'council', @o, (@on || ' 18:00Z')::timestamptz,
		   (@on || ' 20:00Z')::timestamptz, 'gepland', 'public', array[@o]::uuid[], now(), now())`,
		`insert into meeting_organisers (meeting_id, sequence, organisation_id, body_id) values (@m, 1, @o, @b)`,
	} {
		if _, err := postgres.Exec(t.Context(), db, sql, postgres.Args{"m": m, "o": c.Org.ID, "b": c.Body.ID, "on": on}.As(c.Clerk)); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// From opening to answer, by forms alone.
func TestADraftGoesAlongTheCouncils(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := zienswijzetest.New(t, db, "Hillegom", "Katwijk")
	hillegom, katwijk := r.Councils[0], r.Councils[1]
	secretary, griffier, neighbour := site(db, r.Secretary), site(db, hillegom.Clerk), site(db, katwijk.Member)
	public := site(db, access.Actor{At: zienswijzetest.At})
	june, july := meeting(t, db, hillegom, "2026-06-25"), meeting(t, db, hillegom, "2026-07-08")

	holds(t, ask(t, public, "/zienswijzen"), 200, "Hier komen de ontwerpen te staan")
	lacks(t, ask(t, public, "/zienswijzen"), "Nieuwe procedure")
	holds(t, ask(t, griffier, "/zienswijzen/nieuw"), 403, "bestuurssecretaris")
	holds(t, ask(t, secretary, "/zienswijzen/nieuw"), 200, r.Collaboration.Name)
	holds(t, ask(t, secretary, "/zienswijzen/nieuw", "collaboration_id", string(r.Collaboration.ID), "kind", "budget", "subject", "", "ab_on",
		"31-02-2026", "subjects", "Eén\nTwee"), 422,
		"Vul een onderwerp in", "‘31-02-2026’ is geen datum", `value="31-02-2026"`, "Eén\nTwee</textarea>", "Vul het begrotingsjaar in")
	made := []string{
		"key", "abcdefghjkmn", "collaboration_id", string(r.Collaboration.ID), "kind", "budget", "subject", "Ontwerpbegroting <2027>", "year", "2027",
		"ab_on", "09-07-2026", "subjects", "Bijdrage per inwoner\nNieuw beleid",
	}
	for range 2 { // a double click
		if w := ask(t, secretary, "/zienswijzen/nieuw", made...); w.Code != 303 || w.Header().Get("Location") != "/zienswijzen/abcdefghjkmn" {
			t.Fatalf("got %d to %s", w.Code, w.Header().Get("Location"))
		}
	}
	own := "/zienswijzen/abcdefghjkmn"
	holds(t, ask(t, secretary, own), 200, "Ontwerpbegroting &lt;2027&gt;", "16 april 2026", "WGR-35.1", "8 juli 2026", "23 juli 2026", "Verzend aan de raden")
	holds(t, ask(t, griffier, own), 404)

	holds(t, ask(t, secretary, own+"/verzending"), 200, "2 raden krijgen", "dinsdag 7 juli 2026")
	holds(t, ask(t, secretary, own+"/verzending", "version", "1", "sent_on", "15-04-2026"), 422, "Deze dag moet nog komen")
	holds(t, ask(t, secretary, own+"/bewerken", "version", "1", "kind", "budget", "subject", "Ontwerpbegroting 2027", "year", "2027", "ab_on",
		"06-07-2026", "subjects", "Bijdrage per inwoner\nNieuw beleid"), 303)
	holds(t, ask(t, secretary, own+"/verzending"), 200, "13 april 2026 de laatste dag", `name="reason.WGR-35.1"`)
	holds(t, ask(t, secretary, own+"/verzending", "version", "2", "sent_on", "14-04-2026"), 422, "Geef een reden om toch door te gaan.")
	holds(t, ask(t, secretary, own+"/verzending", "version", "1", "sent_on", "14-04-2026", "reason.WGR-35.1", "De drukker was dicht."), 409)
	holds(t, ask(t, secretary, own+"/verzending", "version", "2", "sent_on", "14-04-2026", "reason.WGR-35.1", "De drukker was dicht."), 303)
	holds(t, ask(t, secretary, own), 200, "De drukker was dicht.", "Verzonden op 14 april 2026", "Nog niet gepland")
	if n := strings.Count(ask(t, secretary, own).Body.String(), "Verzonden op 14 april 2026"); n != 1 {
		t.Errorf("it was sent %d times", n)
	}

	// The griffier plans, writes, records and sends.
	council := own + "/raden/" + hillegom.Org.Key
	holds(t, ask(t, griffier, own), 200, "25 jun", "Klok gelijk")
	holds(t, ask(t, griffier, council), 200, "Nog niet gepland", "donderdag 25 juni 2026", "woensdag 8 juli 2026 (te laat)", "Schrijf de zienswijze")
	holds(t, ask(t, griffier, council+"/agendering", "meeting_id", string(id.New[id.Meeting]())), 422, "Kies een vergadering van uw raad")
	holds(t, ask(t, griffier, council+"/agendering", "meeting_id", string(july)), 303)
	holds(t, ask(t, secretary, own), 200, "De gekozen vergadering is te laat")
	holds(t, ask(t, griffier, council+"/agendering", "meeting_id", string(june)), 303)
	lacks(t, ask(t, secretary, own), "De gekozen vergadering is te laat")
	holds(t, ask(t, griffier, council+"/besluit", "outcome", "vastgesteld", "decided_on", "14-04-2026"), 422, "Schrijf eerst de tekst")
	holds(t, ask(t, griffier, council+"/bewerken", "version", "0", "text", "Wij zijn **tegen**.", "passage-1", "tegen"), 422,
		"Kies het standpunt dat in deze passage staat.", "Wij zijn **tegen**.")
	first := []string{"version", "0", "text", "Wij zijn **tegen**.", "stance-1", "oneens", "passage-1", "tegen"}
	for range 2 {
		holds(t, ask(t, griffier, council+"/bewerken", first...), 303)
	}
	holds(t, ask(t, site(db, hillegom.Staff), council+"/bewerken", "version", "0", "text", "Wij zijn voor."), 409,
		"Wij zijn voor.", "Wij zijn **tegen**.", "G. Griffier Hillegom", "Oneens", `name="version" value="1"`)
	holds(t, ask(t, site(db, hillegom.Author), council), 200, "<strong>tegen</strong>", "Oneens")
	lacks(t, ask(t, neighbour, council), "tegen", "Oneens")
	lacks(t, ask(t, neighbour, own), "Oneens")
	lacks(t, ask(t, secretary, council), "tegen", "Oneens")
	holds(t, ask(t, griffier, council+"/besluit", "decided_on", "14-04-2026"), 422, "Kies wat de raad besloot.")
	holds(t, ask(t, griffier, council+"/besluit", "outcome", "vastgesteld", "decided_on", "14-04-2026"), 303)
	for range 2 {
		holds(t, ask(t, griffier, council+"/verzending", none...), 303)
	}
	holds(t, ask(t, neighbour, own), 200, "Oneens", "1 Oneens")

	// The board answers; the neighbours read it.
	holds(t, ask(t, secretary, own), 200, "nog geen antwoord op de zienswijze van Hillegom", "WGR-35.4")
	holds(t, ask(t, griffier, council+"/beantwoording"), 403)
	holds(t, ask(t, secretary, council+"/beantwoording"), 200, "<strong>tegen</strong>", `name="version" value="2"`)
	holds(t, ask(t, secretary, council+"/beantwoording", "version", "2", "board_answer", "", "stance-1", "oneens", "passage-1", "tegen", "answer-1",
		"Dat begrijpen wij."), 422, "Schrijf wat het bestuur", "Dat begrijpen wij.")
	holds(t, ask(t, secretary, council+"/beantwoording", "version", "2", "board_answer", "Wij passen het aan.", "stance-1", "oneens", "passage-1",
		"tegen", "answer-1", "Dat begrijpen wij."), 303)
	holds(t, ask(t, secretary, council+"/beantwoording", "version", "2", "board_answer", "Iets anders.", "stance-1", "eens"), 409, "Iets anders.",
		"Wij passen het aan.")
	holds(t, ask(t, neighbour, council), 200, "Wij passen het aan.", "Dat begrijpen wij.", "Beantwoord")

	holds(t, ask(t, neighbour, own+"/onderdelen/1"), 200, "Hillegom", "Oneens", "tegen", "Dat begrijpen wij.")
	holds(t, ask(t, neighbour, own+"/onderdelen/2"), 200, "Hier komt te staan wat de raden over dit onderdeel zeggen")
	holds(t, ask(t, neighbour, own+"/onderdelen/3"), 404)
	holds(t, ask(t, neighbour, own+"/onderdelen/nul"), 404)

	// The other council gives none, in a word. Then all is done.
	other := site(db, katwijk.Clerk)
	holds(t, ask(t, secretary, own+"/sluiting", none...), 403, "Katwijk")
	holds(t, ask(t, other, own+"/raden/"+katwijk.Org.Key+"/besluit", "outcome", "geen_zienswijze", "decided_on", "14-04-2026"), 303)
	holds(t, ask(t, neighbour, own+"/raden/"+katwijk.Org.Key), 200, "besloten geen zienswijze te geven")

	holds(t, ask(t, public, own), 404)
	holds(t, ask(t, secretary, own+"/publicatie", none...), 303)
	holds(t, ask(t, public, own), 200, "Ontwerpbegroting 2027", "Beantwoord")
	lacks(t, ask(t, public, own), "Oneens", "Geschiedenis")
	lacks(t, ask(t, public, council), "tegen", "passen het aan")
	lacks(t, ask(t, public, own+"/onderdelen/1"), "tegen", "Oneens", "begrijpen")
	holds(t, ask(t, griffier, council+"/publicatie", none...), 303)
	holds(t, ask(t, public, council), 200, "<strong>tegen</strong>", "Wij passen het aan.")
	holds(t, ask(t, public, own), 200, "1 Oneens")
	holds(t, ask(t, griffier, council+"/publicatie/intrekking", none...), 303)
	lacks(t, ask(t, public, council), "tegen")
	holds(t, ask(t, secretary, own+"/sluiting", none...), 303)
	holds(t, ask(t, public, own), 200, "Gesloten")

	// The list finds it by each filter, and the year by its collaboration.
	for _, filter := range []string{
		"", "?zoek=ontwerp", "?stand=gesloten", "?soort=budget", "?jaar=2027", "?samenwerking=" + r.Collaboration.Key,
		"?organisatie=" + katwijk.Org.Key,
	} {
		holds(t, ask(t, public, "/zienswijzen"+filter), 200, own)
	}
	for _, filter := range []string{"?zoek=bestaatniet", "?stand=verzonden", "?soort=wishes", "?jaar=2028", "?samenwerking=anders", "?organisatie=anders"} {
		lacks(t, ask(t, public, "/zienswijzen"+filter), own)
	}
	holds(t, ask(t, public, path.BudgetYear(r.Collaboration.Key, 2027)), 200, own, "Verzonden op 14 april 2026", "25 jun", "Hillegom", "WGR-22",
		"29 april 2026", "14 juli 2028")
	holds(t, ask(t, public, path.BudgetYear(r.Collaboration.Key, 2028)), 200, "Nog geen vergaderdatum bekend", "22 juni 2027")
	holds(t, ask(t, public, "/samenwerkingen/"+r.Collaboration.Key+"/jaar/1066"), 404)
	holds(t, ask(t, public, "/samenwerkingen/"+r.Collaboration.Key+"/jaar/straks"), 404)
}

func TestTheClocksSetAlike(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := zienswijzetest.New(t, db, "Hillegom", "Katwijk")
	p := r.Sent(t, db)
	hillegom, katwijk := r.Councils[0], r.Councils[1]
	address := path.Below(path.Procedure(p.Key), "klok")
	clerk := site(db, hillegom.Clerk)
	holds(t, ask(t, clerk, address), 200, "2 raden hebben geen vergadering op tijd", "6 juli 2026")
	meeting(t, db, hillegom, "2026-05-21")
	meeting(t, db, hillegom, "2026-06-25")
	from, until := zienswijzetest.At.AddDate(0, 0, 60), zienswijzetest.At.AddDate(0, 0, 90)
	if _, err := partner.CreateRecess(t.Context(), db, katwijk.Clerk,
		partner.RecessDraft{OrganisationID: katwijk.Org.ID, Name: "Zomerreces", StartsOn: &from, LastOn: &until}); err != nil {
		t.Fatal(err)
	}
	holds(t, ask(t, clerk, address), 200, "1 raad heeft geen vergadering op tijd", "Het knelpunt is Katwijk", "12 juni 2026")
	holds(t, ask(t, clerk, path.Procedure(p.Key)), 200, "Zomerreces: nog 59 dagen over", "plan er een uiterlijk 12 jun")
	meeting(t, db, katwijk, "2026-05-19")
	holds(t, ask(t, clerk, address), 200, "Iedereen wacht op", "Hillegom", "de week van maandag 18 mei 2026", "19 mei 2026 tot en met 21 mei 2026")
	holds(t, ask(t, clerk, address+"?van=22-05-2026&tot=30-06-2026"), 200, "Het knelpunt is Katwijk", `value="22-05-2026"`)
	holds(t, ask(t, clerk, address+"?van=01-07-2026&tot=01-06-2026"), 200, "Pas een van de twee aan.")
	holds(t, ask(t, clerk, address+"?van=gisteren"), 200, "geen datum")
	after := hillegom.Clerk
	after.At = after.At.AddDate(0, 0, 200)
	holds(t, ask(t, site(db, after), address), 200, "De laatste dag waarop een raad op tijd kon besluiten")
	holds(t, ask(t, site(db, after), path.Procedure(p.Key)), 200, "De termijn is voorbij")
}

// Who works where may read what he may; text of others stays text.
func TestHostileTextStaysText(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := zienswijzetest.New(t, db, "Hillegom")
	const bad = `"><script>alert(1)</script>`
	p := r.Sent(t, db, func(d *zienswijze.Draft) { d.Subject, d.Subjects = bad, []string{bad} })
	c := r.Councils[0]
	clerk, council := site(db, c.Clerk), path.View(p.Key, c.Org.Key)
	holds(t, ask(t, clerk, council+"/bewerken", "version", "0", "text", bad, "stance-1", "eens", "passage-1", bad), 303)
	for _, address := range []string{
		"/zienswijzen", path.Procedure(p.Key), council, council + "/bewerken", council + "/besluit",
		path.Below(path.Procedure(p.Key), "klok"), path.BudgetYear(r.Collaboration.Key, 2027),
	} {
		w := ask(t, clerk, address)
		holds(t, w, 200)
		lacks(t, w, "<script>alert")
	}
}

func TestAProcedureShowsWhereItsPaperLies(t *testing.T) {
	t.Parallel()
	db, ctx := pgtest.DB(t), t.Context()
	r := zienswijzetest.New(t, db, "Hillegom", "Katwijk")
	concept := proposaltest.Concept(t, db, r.Secretary, r.Org.ID, r.Board.ID)
	p := r.Opened(t, db, func(d *zienswijze.Draft) { d.ProposalID = concept.ID })
	secretary, own := site(db, r.Secretary), path.Procedure(p.Key)
	fields := []string{"sent_on", "14-4-2026", "version", "1"}
	holds(t, ask(t, secretary, own+"/verzending"), http.StatusOK, "nog niet aangeboden")
	holds(t, ask(t, secretary, own+"/verzending", fields...), http.StatusUnprocessableEntity, "Bied het eerst aan")

	paper, err := proposal.Offer(ctx, db, r.Secretary, concept.ID)
	if err != nil {
		t.Fatal(err)
	}
	board := route.StepDraft{BodyID: r.Board.ID, Sequence: 1, Treatment: proposal.Opinion}
	council := route.StepDraft{BodyID: r.Councils[0].Body.ID, Sequence: 2, Treatment: proposal.ForView}
	for _, d := range []route.StepDraft{board, council} {
		if err := route.AddStep(ctx, db, r.Secretary, paper.ID, d); err != nil {
			t.Fatal(err)
		}
	}
	holds(t, ask(t, secretary, own+"/verzending"), http.StatusOK, `name="reason.ROUTE-VOLGORDE"`, "U hoeft het niet apart te verzenden.")
	holds(t, ask(t, secretary, own+"/verzending", fields...), http.StatusUnprocessableEntity, "Geef een reden")
	holds(t, ask(t, secretary, own+"/verzending", append(fields, "reason.ROUTE-VOLGORDE", "Het bestuur kent het ontwerp.")...), http.StatusSeeOther)
	lies := path.Step(paper.Key, zienswijzetest.View(t, db, r.Secretary, p, r.Councils[1]).Step.Key)
	holds(t, ask(t, secretary, own), http.StatusOK, path.Route(paper.Key), lies)

	c := r.Councils[1]
	griffie, view := site(db, c.Clerk), path.View(p.Key, c.Org.Key)
	lacks(t, ask(t, griffie, view), `name="meeting_id"`)
	holds(t, ask(t, griffie, view), http.StatusOK, "Zet het op een agenda", lies)
	if err := route.Refuse(ctx, db, c.Clerk, zienswijzetest.View(t, db, c.Clerk, p, c).Step.Key, "De raad is op reces."); err != nil {
		t.Fatal(err)
	}
	holds(t, ask(t, secretary, own), http.StatusOK, "Niet op de agenda gezet.", "De raad is op reces.")
	holds(t, ask(t, griffie, view), http.StatusOK, `name="meeting_id"`, "De raad is op reces.")
	if _, err := zienswijze.Publish(ctx, db, r.Secretary, p.ID); err != nil {
		t.Fatal(err)
	}
	lacks(t, ask(t, site(db, access.Actor{At: zienswijzetest.At}), own), "De raad is op reces.", paper.Key)
}
