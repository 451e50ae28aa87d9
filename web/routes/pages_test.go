package routes_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/route"
	"regiogriffie/internal/route/routetest"
)

func (s site) run(sql string, args postgres.Args) {
	s.t.Helper()
	if _, err := postgres.Exec(s.t.Context(), s.db, sql, args); err != nil {
		s.t.Fatal(err)
	}
}

// arrangement binds the places with the owner, whose body is its board.
func (s site) arrangement(owner proposaltest.Place, places ...proposaltest.Place) id.Collaboration {
	s.t.Helper()
	c := id.New[id.Collaboration]()
	s.run(`insert into collaborations (id, key, name, form, organisation_id)
			values (@id, 'regeling-'||right(@id::uuid::text, 8), 'Gemeenschappelijke regeling', 'public_body', @org)`,
		postgres.Args{"id": c, "org": owner.ID})
	s.run(`update bodies set kind = 'general_board', collaboration_id = @id where id = @body`, postgres.Args{"id": c, "body": owner.Body})
	for _, p := range places {
		s.run(`insert into participations (id, collaboration_id, organisation_id) values (@id, @c, @org)`,
			postgres.Args{"id": id.New[id.Participation](), "c": c, "org": p.ID})
	}
	return c
}

func (s site) steps(as access.Actor, p proposal.Proposal) []route.Row {
	s.t.Helper()
	var list []route.Row
	if err := postgres.Read(s.t.Context(), s.db, route.At(&list, as, p.Key)); err != nil {
		s.t.Fatal(err)
	}
	return list
}

func (s site) stepOf(as access.Actor, p proposal.Proposal, place proposaltest.Place) route.Row {
	s.t.Helper()
	for _, each := range s.steps(as, p) {
		if each.BodyID == place.Body {
			return each
		}
	}
	s.t.Fatalf("no step for %s", place.Org)
	return route.Row{}
}

func (s site) council(p proposaltest.Place, days int) meeting.Meeting {
	s.t.Helper()
	start := proposaltest.At.AddDate(0, 0, days)
	end := start.Add(2 * time.Hour)
	m, err := meeting.Create(s.t.Context(), s.db, p.Clerk,
		meeting.Draft{Kind: meeting.Council, Bodies: []id.Body{p.Body}, StartsAt: &start, EndsAt: &end, Location: "Raadzaal", Open: true})
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

func says(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(words(page), text) {
			t.Errorf("the page does not say %q:\n%s", text, words(page))
		}
	}
}

func silent(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(words(page), text) {
			t.Errorf("the page says %q", text)
		}
	}
}

// Thirteen councils take one choice and a day; who has no council here is named, with what to do.
func TestARouteOfThirteenCouncilsTakesOneChoice(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner := proposaltest.NewPlace(t, s.db, "Holland Rijnland")
	var places []proposaltest.Place
	for n := range 13 {
		places = append(places, proposaltest.NewPlace(t, s.db, fmt.Sprintf("Gemeente %02d", n)))
	}
	without := proposaltest.NewPlace(t, s.db, "Zonder Raad")
	s.run(`update bodies set ended_on = '2017-01-01' where id = @id`, postgres.Args{"id": without.Body})
	c := s.arrangement(owner, append(places, without)...)
	p := proposaltest.Offered(t, s.db, owner.Author, owner.ID, owner.Body)
	base := "/voorstellen/" + p.Key + "/route"

	page, _ := s.post(owner.Author, base, url.Values{"template": {"begroting"}, "collaboration_id": {string(c)}, "councils_by": {"32-13-2018"}},
		http.StatusUnprocessableEntity)
	says(t, page, "is geen datum")
	if !strings.Contains(page, `value="32-13-2018"`) || !strings.Contains(page, `value="begroting" checked`) {
		t.Error("what was filled in is gone")
	}
	plan := url.Values{"template": {"begroting"}, "collaboration_id": {string(c)}, "councils_by": {"01-09-2018"}, "board_on": {"20-09-2018"}}
	for range 2 {
		if _, to := s.post(owner.Author, base, plan, http.StatusSeeOther); to != base+"/samenstellen" {
			t.Errorf("went to %s", to)
		}
	}
	page = s.get(owner.Author, base+"/samenstellen", http.StatusOK)
	says(t, page, "Geen raad bekend", "Zonder Raad", "14 nog niet verzonden", "Stap 1: zienswijze, uiterlijk 1 september 2018",
		"Stap 2: besluitvormend, uiterlijk 20 september 2018")
	s.get(places[0].Clerk, base, http.StatusNotFound)

	// Where nobody prepares the meetings, nobody would see it.
	s.run(`insert into mandates (id, person_id, body_id, function, starts_on) values (@id, @person, @body, 'clerk', '2017-01-01')`,
		postgres.Args{"id": id.New[id.Mandate](), "person": places[0].Clerk.Person, "body": places[0].Body})
	page = s.get(owner.Author, base+"/verzending", http.StatusOK)
	says(t, page, "Niemand ziet het postvak van: Raad van Gemeente 01 Gemeente 01", "en 3 andere. Van dit gremium is hier geen griffie bekend")
	silent(t, page, "postvak van: Raad van Gemeente 00")
	if n := strings.Count(page, " checked"); n != 13 {
		t.Errorf("%d councils are chosen, want 13", n)
	}
	form := url.Values{}
	for _, step := range s.steps(owner.Author, p) {
		if step.Sequence == 1 {
			form.Add("steps", step.Key)
		}
	}
	if _, to := s.post(owner.Author, base+"/verzending", form, http.StatusSeeOther); to != base {
		t.Errorf("went to %s", to)
	}
	says(t, s.get(places[0].Member, base, http.StatusOK), "13 nog niet op een agenda", "over 92 dagen, geen vergadering gekozen")
	silent(t, s.get(places[0].Member, base, http.StatusOK), "Stap 2", "nog niet verzonden")
	says(t, s.get(owner.Author, base, http.StatusOK), "13 nog niet op een agenda · 1 nog niet verzonden")
}

// A griffier puts a paper on an agenda from the in-tray: choose, and press.
func TestFromTheInTrayToTheAgenda(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, here := s.places()
	p := proposaltest.Offered(t, s.db, owner.Author, owner.ID, owner.Body)
	d := routetest.Step(here, 1)
	day := proposaltest.At.AddDate(0, 0, 40)
	d.Deadline = &day
	must(t, route.AddStep(t.Context(), s.db, owner.Author, p.ID, d))
	step := s.stepOf(owner.Author, p, here)
	says(t, s.get(here.Clerk, "/postvak-in", http.StatusOK), "Er ligt niets")
	must(t, route.Send(t.Context(), s.db, owner.Author, p.ID, []string{step.Key}, nil))
	says(t, s.get(here.Clerk, "/postvak-in", http.StatusOK), "1 voorstel", p.Subject, "Er is nog geen komende vergadering")

	m := s.council(here, 20)
	s.run(`update bodies set papers_due_days = 7 where id = @id`, postgres.Args{"id": here.Body})
	page := s.get(here.Staff, "/postvak-in", http.StatusOK)
	says(t, page, "Over 13 dagen", "Laatste vergadering daarvoor: 21 juni 2018, stukken 7 dagen eerder binnen")
	if !strings.Contains(page, `value="`+m.Slug+`"`) {
		t.Error("the coming meeting is no choice")
	}
	says(t, s.get(owner.Author, "/postvak-in", http.StatusOK), "U bereidt van geen gremium de vergaderingen voor")
	says(t, s.get(here.Clerk, "/raad/"+s.bodyKey(here), http.StatusOK), "1 voorstel", p.Subject, "geen vergadering gekozen")

	address := "/voorstellen/" + p.Key + "/route/" + step.Key
	if _, to := s.post(here.Staff, address+"/agendering", url.Values{"meeting": {m.Slug}, "terug": {"/postvak-in"}}, http.StatusSeeOther); to != "/postvak-in" {
		t.Errorf("went to %s", to)
	}
	if _, to := s.post(here.Staff, address+"/agendering", url.Values{"meeting": {m.Slug}, "terug": {"https://elders.nl"}}, http.StatusSeeOther); to != address {
		t.Errorf("a second click went to %s", to)
	}
	says(t, s.get(here.Clerk, "/postvak-in", http.StatusOK), "Er ligt niets")
	says(t, s.get(here.Clerk, address, http.StatusOK), "Geagendeerd", "Naar de agenda")
	says(t, s.get(owner.Author, address, http.StatusOK), "Alleen de griffie daar haalt het eraf")
}

func (s site) bodyKey(p proposaltest.Place) string { return p.Key + "-raad" }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Who comes second on a step sees what happened, and keeps what he typed.
func TestTheSecondOnAStepSeesWhatHappened(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, here := s.places()
	p := proposaltest.Offered(t, s.db, owner.Author, owner.ID, owner.Body)
	must(t, route.AddStep(t.Context(), s.db, owner.Author, p.ID, routetest.Step(here, 1)))
	step := s.stepOf(owner.Author, p, here)
	must(t, route.Send(t.Context(), s.db, owner.Author, p.ID, []string{step.Key}, nil))
	first, second := s.council(here, 20), s.council(here, 27)
	address := "/voorstellen/" + p.Key + "/route/" + step.Key
	staff := here.Staff
	staff.Account = id.New[id.Account]()
	s.post(here.Clerk, address+"/agendering", url.Values{"meeting": {first.Slug}}, http.StatusSeeOther)
	page, _ := s.post(staff, address+"/agendering", url.Values{"meeting": {second.Slug}}, http.StatusConflict)
	says(t, page, "Iemand anders was u voor", here.Clerk.Name+" heeft dit om 11.00 uur gewijzigd.", "Geagendeerd")
	page, _ = s.post(here.Clerk, address+"/weigering", url.Values{"reason": {"Wij willen dit niet."}}, http.StatusConflict)
	says(t, page, "Iemand anders was u voor", "U had ingevuld: Wij willen dit niet.")
	page, _ = s.post(owner.Author, address+"/overslaan", url.Values{"reason": {"Toch niet."}, "version": {"2"}}, http.StatusConflict)
	says(t, page, "U had ingevuld: Toch niet.")
	items, err := postgres.One[int](t.Context(), s.db, `select count(*)::int from agenda_item_matters where proposal_id = @id`,
		postgres.Args{"id": p.ID}.As(here.Clerk))
	if err != nil || items != 1 {
		t.Errorf("%d items, %v", items, err)
	}
}

func TestTwoMakeACoveringNoteAndTheSecondSeesBoth(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, here := s.places()
	p := proposaltest.Offered(t, s.db, owner.Author, owner.ID, owner.Body)
	must(t, route.AddStep(t.Context(), s.db, owner.Author, p.ID, routetest.Step(here, 1)))
	step := s.stepOf(owner.Author, p, here)
	must(t, route.Send(t.Context(), s.db, owner.Author, p.ID, []string{step.Key}, nil))
	address := "/voorstellen/" + p.Key + "/route/" + step.Key
	s.post(here.Clerk, address+"/oplegger", url.Values{"covering_note": {"Let op de bijdrage."}, "version": {"0"}}, http.StatusSeeOther)
	page, _ := s.post(here.Staff, address+"/oplegger", url.Values{"covering_note": {"Let op de termijn."}, "version": {"0"}}, http.StatusConflict)
	says(t, page, "Let op de termijn.", "Let op de bijdrage.", here.Clerk.Name)
	page, _ = s.post(here.Staff, address+"/oplegger",
		url.Values{"covering_note": {strings.Repeat("x", 20_001)}, "title": {"Blijft staan"}, "version": {"1"}}, http.StatusUnprocessableEntity)
	says(t, page, "Maak de oplegger korter")
	if !strings.Contains(page, `value="Blijft staan"`) {
		t.Error("what was filled in is gone")
	}
	s.get(owner.Author, address+"/oplegger", http.StatusForbidden)
	silent(t, s.get(owner.Author, address, http.StatusOK), "Let op de bijdrage.")
	says(t, s.get(here.Staff, address, http.StatusOK), "Let op de bijdrage.")
}

func TestAQuestionIsAskedAndAnswered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, here := s.places()
	p := proposaltest.Offered(t, s.db, owner.Author, owner.ID, owner.Body)
	must(t, route.AddStep(t.Context(), s.db, owner.Author, p.ID, routetest.Step(here, 1)))
	step := s.stepOf(owner.Author, p, here)
	must(t, route.Send(t.Context(), s.db, owner.Author, p.ID, []string{step.Key}, nil))
	address := "/voorstellen/" + p.Key + "/route/" + step.Key
	page, _ := s.post(here.Clerk, address+"/vragen", url.Values{"question": {" "}}, http.StatusUnprocessableEntity)
	says(t, page, "Vul uw vraag in.")
	page, _ = s.post(here.Clerk, address+"/planning", url.Values{"planned_for": {"gisteren"}, "version": {"2"}}, http.StatusUnprocessableEntity)
	if !strings.Contains(page, `value="gisteren"`) {
		t.Error("the day that was none is gone")
	}
	s.post(here.Clerk, address+"/vragen", url.Values{"question": {"Wat <b>kost</b> dit?"}}, http.StatusSeeOther)
	says(t, s.get(owner.Author, "/voorstellen/"+p.Key+"/route", http.StatusOK), "1 vraag")
	page = s.get(owner.Author, address, http.StatusOK)
	says(t, page, "Wat <b>kost</b> dit?", "Beantwoord")
	if strings.Contains(page, "<b>kost</b>") {
		t.Error("what somebody typed became markup")
	}
	var asked []route.Question
	must(t, postgres.Read(t.Context(), s.db, route.QuestionsOf(&asked, owner.Author, step.Key)))
	at := address + "/vragen/" + asked[0].Key
	s.post(owner.Author, at, url.Values{"answer": {"Niets."}}, http.StatusSeeOther)
	page, _ = s.post(owner.Clerk, at, url.Values{"answer": {"Veel."}}, http.StatusConflict)
	says(t, page, "Veel.", "Niets.", owner.Author.Name)
	says(t, s.get(here.Member, address, http.StatusOK), "Niets.")
}

// ROUTE-VOLGORDE on the page: a reason goes along, or the form comes back.
func TestSendingPastAStepAsksWhy(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, here := s.places()
	p := proposaltest.Offered(t, s.db, owner.Author, owner.ID, owner.Body)
	must(t, route.AddStep(t.Context(), s.db, owner.Author, p.ID, routetest.Step(here, 1)))
	must(t, route.AddStep(t.Context(), s.db, owner.Author, p.ID, routetest.Step(owner, 2)))
	base := "/voorstellen/" + p.Key + "/route"
	must(t, route.Send(t.Context(), s.db, owner.Author, p.ID, []string{s.stepOf(owner.Author, p, here).Key}, nil))
	later := s.stepOf(owner.Author, p, owner).Key
	says(t, s.get(owner.Author, base+"/verzending?stap="+later, http.StatusOK), "Een eerdere stap is nog niet klaar")
	page, _ := s.post(owner.Author, base+"/verzending", url.Values{"steps": {later}}, http.StatusUnprocessableEntity)
	if !strings.Contains(page, `name="reason.ROUTE-VOLGORDE"`) || !strings.Contains(page, `value="`+later+`" checked`) {
		t.Error("the form does not come back with the place for the reason")
	}
	s.post(owner.Author, base+"/verzending", url.Values{"steps": {later}, "reason.ROUTE-VOLGORDE": {"Haast."}}, http.StatusSeeOther)
	s.post(owner.Author, base+"/verzending", url.Values{"steps": {later}}, http.StatusSeeOther) // twice the same
	page, _ = s.post(owner.Author, base+"/verzending", nil, http.StatusUnprocessableEntity)
	says(t, page, "Alles wat in de route staat, is al verzonden.")
}

// The whole country on one page, and a thousand waiting papers before one council.
func TestALongRouteIsOnePage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, here := s.places()
	p := proposaltest.Offered(t, s.db, owner.Author, owner.ID, owner.Body)
	s.run(`insert into organisations (id, key, kind, official_name, colour) select gen_random_uuid(), 'land-'||n, 'municipality',
			'Gemeente met een lange naam '||n, '#1f6f54' from generate_series(1, 342) n`, nil)
	s.run(`insert into bodies (id, organisation_id, key, kind, name) select gen_random_uuid(), id, key||'-raad', 'council', 'Gemeenteraad'
			from organisations where key like 'land-%'`, nil)
	bodies, err := postgres.All[id.Body](t.Context(), s.db, `select b.id from bodies b where b.key like 'land-%'`, nil)
	must(t, err)
	day := proposaltest.At.AddDate(0, 0, 90)
	for _, b := range bodies {
		must(t, route.AddStep(t.Context(), s.db, owner.Author, p.ID, route.StepDraft{BodyID: b, Sequence: 1, Treatment: proposal.ForView, Deadline: &day}))
	}
	var keys []string
	for _, step := range s.steps(owner.Author, p) {
		keys = append(keys, step.Key)
	}
	began := time.Now()
	must(t, route.Send(t.Context(), s.db, owner.Author, p.ID, keys, nil))
	t.Logf("sending to %d councils took %v", len(keys), time.Since(began).Round(time.Millisecond))
	base := "/voorstellen/" + p.Key + "/route"
	began = time.Now()
	page := s.get(owner.Author, base, http.StatusOK)
	t.Logf("the page has %d bytes and took %v", len(page), time.Since(began).Round(time.Millisecond))
	if strings.Count(page, `<th scope="row" role="rowheader">`) != 342 || len(page) > 300_000 {
		t.Errorf("%d rows in %d bytes; want 342 in less than 300,000", strings.Count(page, `<th scope="row" role="rowheader">`), len(page))
	}
	page = s.get(owner.Author, base+"?zoek=naam+341", http.StatusOK)
	if strings.Count(page, `<th scope="row" role="rowheader">`) != 1 {
		t.Error("the filter in the address does not narrow the route")
	}
	says(t, s.get(owner.Author, base+"?toon=behandeld", http.StatusOK), "Geen gremium past bij dit filter.")

	for n := range 600 {
		s.run(`insert into proposals select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'key', 'kopie' || @n::int,
				'subject', 'Voorstel ' || @n::int, 'visibility', 'public'))).* from proposals p where p.id = @id`,
			postgres.Args{"id": p.ID, "n": n}.As(owner.Author))
	}
	s.run(`insert into route_steps (id, key, proposal_id, sequence, body_id, treatment, state, sent_at, deadline, visibility, org_ids,
			participant_org_ids, created_at, updated_at)
		select gen_random_uuid(), 'stap' || p.key, p.id, 1, @body, 'formal_view', 'verzonden', @at, '2018-09-01', 'participants', p.org_ids,
		  array[@org::uuid], @at, @at from proposals p where p.key like 'kopie%'`,
		postgres.Args{"body": here.Body, "org": here.ID, "at": proposaltest.At}.As(owner.Author))
	began = time.Now()
	page = s.get(here.Clerk, "/raad/"+s.bodyKey(here), http.StatusOK)
	t.Logf("600 papers before one council: %d bytes, %v", len(page), time.Since(began).Round(time.Millisecond))
	if strings.Count(page, `<th scope="row" role="rowheader">`) != 600 || len(page) > 300_000 {
		t.Errorf("%d rows in %d bytes", strings.Count(page, `<th scope="row" role="rowheader">`), len(page))
	}
	if page = s.get(here.Clerk, "/postvak-in", http.StatusOK); strings.Count(page, "<h2 class=\"line\">") != proposal.PerPage {
		t.Error("the in-tray does not page")
	}
}

// A withdrawn paper says why, wherever it was.
func TestAWithdrawnPaperSaysWhyOnItsRoute(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, here := s.places()
	p := proposaltest.Offered(t, s.db, owner.Author, owner.ID, owner.Body)
	must(t, route.AddStep(t.Context(), s.db, owner.Author, p.ID, routetest.Step(here, 1)))
	step := s.stepOf(owner.Author, p, here)
	must(t, route.Send(t.Context(), s.db, owner.Author, p.ID, []string{step.Key}, nil))
	m := s.council(here, 20)
	_, err := meeting.ScheduleStep(t.Context(), s.db, here.Clerk, m.ID, step.Key, "")
	must(t, err)
	must(t, proposal.Withdraw(t.Context(), s.db, owner.Author, p.ID, "De cijfers kloppen niet."))
	for _, address := range []string{"/voorstellen/" + p.Key + "/route", "/voorstellen/" + p.Key + "/route/" + step.Key} {
		says(t, s.get(here.Clerk, address, http.StatusOK), "De cijfers kloppen niet.")
	}
	var items []meeting.Item
	must(t, postgres.Read(t.Context(), s.db, meeting.AgendaAt(&items, here.Clerk, m.Slug)))
	if items[0].ProposalState != proposal.Withdrawn || items[0].WithdrawnReason != "De cijfers kloppen niet." {
		t.Errorf("its item: %+v", items[0])
	}
	if _, err := meeting.RemoveItem(t.Context(), s.db, here.Clerk, m.ID, items[0].Key); err != nil {
		t.Errorf("taking it off: %v", err)
	}
	if _, err := meeting.ScheduleStep(t.Context(), s.db, here.Clerk, m.ID, step.Key, ""); !errors.Is(err, fault.Forbidden) {
		t.Errorf("putting it back: %v", err)
	}
}
