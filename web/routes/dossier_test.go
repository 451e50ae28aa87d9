package routes_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/route"
	"regiogriffie/internal/route/routetest"
)

// convened puts the step on the agenda of a meeting some days from the start and calls its members. It returns the item.
func (s site) convened(p proposaltest.Place, days int, step string) (meeting.Meeting, string) {
	s.t.Helper()
	m := s.council(p, days)
	item, err := meeting.ScheduleStep(s.t.Context(), s.db, p.Clerk, m.ID, step, "")
	must(s.t, err)
	m, err = meeting.Find(s.t.Context(), s.db, p.Clerk, m.ID)
	must(s.t, err)
	m, err = meeting.Convene(s.t.Context(), s.db, p.Clerk, m.ID, meeting.Call{DeliveredAt: &p.Clerk.At, Version: m.Version})
	must(s.t, err)
	return m, item
}

func (s site) decided(p proposaltest.Place, m meeting.Meeting, item string, d meeting.DecisionDraft) {
	s.t.Helper()
	clerk := p.Clerk
	clerk.At = m.EndsAt
	d.Body, d.ProposalVersion, d.DecidedOn = p.Body, 1, &m.StartsAt
	recorded, err := meeting.RecordDecision(s.t.Context(), s.db, clerk, m.ID, item, d)
	must(s.t, err)
	_, err = meeting.PublishDecision(s.t.Context(), s.db, clerk, m.ID, item, meeting.Publication{Body: p.Body, Version: recorded.Version})
	must(s.t, err)
}

// A resident reads where he can speak, who decides and what was decided, and nothing of what lies at a griffie.
func TestTheDossierTellsAResidentWhereHeCanSpeak(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, first := s.places()
	second, silentOne := proposaltest.NewPlace(t, s.db, "Katwijk"), proposaltest.NewPlace(t, s.db, "Zwijgdorp")
	p := proposaltest.Offered(t, s.db, owner.Author, owner.ID, owner.Body,
		func(d *proposal.Draft) { d.Treatment, d.DecisionPoints = proposal.Decisive, []string{"Ja."} })
	keys := map[string]string{}
	for _, place := range []proposaltest.Place{first, second, silentOne} {
		must(t, route.AddStep(t.Context(), s.db, owner.Author, p.ID, route.StepDraft{BodyID: place.Body, Sequence: 1, Treatment: proposal.ForView}))
		keys[place.Org] = s.stepOf(owner.Author, p, place).Key
	}
	must(t, route.Send(t.Context(), s.db, owner.Author, p.ID, []string{keys["Leiden"], keys["Katwijk"], keys["Zwijgdorp"]}, nil))
	address := "/voorstellen/" + p.Key + "/dossier"
	now := access.Actor{At: proposaltest.At}
	s.get(now, address, http.StatusNotFound)

	done, item := s.convened(first, 10, keys["Leiden"])
	in, against := 20, 9
	s.decided(first, done, item, meeting.DecisionDraft{
		Kind: proposal.FormalView, Text: "De raad vraagt om meer groen.",
		Vote: meeting.Vote{Method: meeting.ShowOfHands, VotesFor: &in, VotesAgainst: &against},
	})
	next, _ := s.convened(second, 20, keys["Katwijk"])
	now.At = done.EndsAt.Add(24 * time.Hour)
	page := s.get(now, address, http.StatusOK)
	says(t, page, "Raad van Katwijk", "donderdag 21 juni 2018", "11.00–13.00 uur", "Raadzaal", "Vraag de griffie van Katwijk of dat kan en hoe u zich opgeeft.",
		"Raad van Hillegom Hillegom neemt het besluit.", "Zienswijze vastgesteld", "De raad vraagt om meer groen.", "20 voor, 9 tegen",
		"Gestuurd voor een zienswijze: Raad van Katwijk Katwijk en Raad van Leiden Leiden.")
	silent(t, page, "Zwijgdorp")
	if at, was := strings.Index(page, "Raad van Katwijk"), strings.Index(page, "Gestuurd voor"); at > was {
		t.Error("what comes next does not stand on top")
	}
	says(t, s.get(silentOne.Member, address, http.StatusOK), "Raad van Zwijgdorp")

	now.At = next.EndsAt.Add(24 * time.Hour)
	page = s.get(now, address, http.StatusOK)
	says(t, page, "Er is nu geen dag bekend waarop dit voorstel op een agenda staat.", "wat er is besloten, is nog niet gepubliceerd: Raad van Katwijk Katwijk.")

	must(t, proposal.Withdraw(t.Context(), s.db, owner.Author, p.ID, "De cijfers kloppen niet."))
	says(t, s.get(now, address, http.StatusOK), "De cijfers kloppen niet.")
}

// All councils of the country decided, and the dossier is still one light page.
func TestTheDossierOfTheWholeCountryIsOnePage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, here := s.places()
	p := proposaltest.Offered(t, s.db, owner.Author, owner.ID, owner.Body)
	must(t, route.AddStep(t.Context(), s.db, owner.Author, p.ID, routetest.Step(here, 1)))
	key := s.stepOf(owner.Author, p, here).Key
	must(t, route.Send(t.Context(), s.db, owner.Author, p.ID, []string{key}, nil))
	m, item := s.convened(here, 10, key)
	s.decided(here, m, item, meeting.DecisionDraft{
		Kind: proposal.FormalView, Text: strings.Repeat("Een lange tekst. ", 40),
		Vote: meeting.Vote{Method: meeting.NoVote},
	})
	for _, sql := range []string{
		`insert into organisations (id, key, kind, official_name, colour) select gen_random_uuid(), 'land-'||n, 'municipality',
				'Gemeente met een lange naam '||n, '#1f6f54' from generate_series(1, 341) n`,
		`insert into bodies (id, organisation_id, key, kind, name) select gen_random_uuid(), id, key||'-raad', 'council', 'Gemeenteraad'
				from organisations where key like 'land-%'`,
		`insert into route_steps select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'key', b.key, 'body_id', b.id))).*
				from route_steps s, bodies b where s.proposal_id = @id and b.key like 'land-%'`,
		`insert into decisions select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'number', b.key, 'body_id', b.id))).*
				from decisions d, bodies b where d.proposal_id = @id and b.key like 'land-%'`,
		`insert into collaborations (id, key, name, form, organisation_id) values (@id, 'land', 'Het hele land', 'public_body', @org)`,
		`insert into zienswijze_procedures (id, key, collaboration_id, organisation_id, proposal_id, kind, subject, state, sent_on, due_on,
				visibility, org_ids, created_at, updated_at)
			values (@id, 'abcdefghjkmn', @id, @org, @id, 'decision', 'Onderwerp', 'verzonden', '2018-06-02', '2018-09-01', 'public', array[@org::uuid], @at, @at)`,
		`insert into zienswijzen (id, procedure_id, organisation_id, body_id, state, decided_on, sent_on, answered_on, visibility, org_ids, updated_at)
			select b.id, @id, b.organisation_id, b.id, 'beantwoord', '2018-06-11', '2018-06-12', '2018-06-13', 'public', array[b.organisation_id],
			  @at from bodies b where b.key like 'land-%'`,
		`insert into zienswijze_texts (view_id, text, board_answer, visibility, org_ids, updated_at)
			select b.id, 'Wat wij vinden.', 'Wat wij antwoorden.', case when b.key = 'land-7-raad' then 'participants' else 'public' end,
			  array[b.organisation_id], @at from bodies b where b.key like 'land-%'`,
	} {
		s.run(sql, postgres.Args{"id": p.ID, "org": owner.ID, "at": proposaltest.At}.As(owner.Author))
	}
	began := time.Now()
	page := s.get(access.Actor{At: m.EndsAt.AddDate(0, 0, 10)}, "/voorstellen/"+p.Key+"/dossier", http.StatusOK)
	t.Logf("the page has %d bytes and took %v", len(page), time.Since(began).Round(time.Millisecond))
	if rows := strings.Count(page, `<th scope="row" role="rowheader">`); rows != 342 || len(page) > 300_000 {
		t.Errorf("%d rows in %d bytes; want 342 in less than 300,000", rows, len(page))
	}
	says(t, page, "en 330 andere gremia.", "Lees met antwoord")
	if n := strings.Count(page, "/raden/land-"); n != 340 || strings.Contains(page, `/raden/land-7"`) {
		t.Errorf("%d views can be opened; want those of 340, and not the one that its council keeps from the public", n)
	}
}
