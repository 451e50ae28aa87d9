package mails

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/route"
)

// written does the work of one kind that waits, twice, and gives what was written: address, subject and text.
func written(t *testing.T, db *pgxpool.Pool, kind string) []string {
	t.Helper()
	owner := pgtest.Owner(t, db)
	rows, err := owner.Query(t.Context(), `select args::text from river_job where kind = $1 order by id`, kind)
	if err != nil {
		t.Fatal(err)
	}
	var jobs []string
	for rows.Next() {
		var args string
		if err := rows.Scan(&args); err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, args)
	}
	do := Office{DB: db, BaseURL: "https://regio.example", From: "griffie@regio.example", Now: func() time.Time { return proposaltest.At }}.Table()[kind]
	for range 2 {
		for _, args := range jobs {
			if err := do(t.Context(), json.RawMessage(args)); err != nil {
				t.Fatal(err)
			}
		}
	}
	list, err := postgres.All[string](t.Context(), owner, `select address || ' | ' || subject || ' | ' || text || ' | ' || html from messages order by id`, nil)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func reachable(t *testing.T, db postgres.DB, a access.Actor, address string) {
	t.Helper()
	if _, err := postgres.Exec(t.Context(), db, `update persons set work_email = @email where id = @id`,
		postgres.Args{"id": a.Person, "email": address}); err != nil {
		t.Fatal(err)
	}
}

func inOffice(t *testing.T, db postgres.DB, a access.Actor, body id.Body) {
	t.Helper()
	if _, err := postgres.Exec(t.Context(), db, `insert into mandates (id, person_id, body_id, function, starts_on)
			values (@id, @person, @body, 'clerk', '2018-01-01')`,
		postgres.Args{"id": id.New[id.Mandate](), "person": a.Person, "body": body}); err != nil {
		t.Fatal(err)
	}
}

func TestWhoWroteAPaperHearsOfTheDecisionAndOfAClosedOneNoMoreThanThat(t *testing.T) {
	t.Parallel()
	for _, closed := range []bool{false, true} {
		db := pgtest.DB(t)
		here := proposaltest.NewPlace(t, db, "Hier")
		reachable(t, db, here.Author, "steller@hier.example")
		paper := proposaltest.Offered(t, db, here.Author, here.ID, here.Body, func(d *proposal.Draft) {
			d.Subject = "ONDERWERP van het stuk"
			if closed {
				proposaltest.Closed(d)
			}
		})
		start := proposaltest.At.AddDate(0, 0, 30)
		end := start.Add(time.Hour)
		m, err := meeting.Create(t.Context(), db, here.Clerk,
			meeting.Draft{Kind: meeting.Council, Bodies: []id.Body{here.Body}, StartsAt: &start, EndsAt: &end, Location: "Zaal", Open: true})
		if err != nil {
			t.Fatal(err)
		}
		key, err := meeting.Schedule(t.Context(), db, here.Clerk, m.ID, paper.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		if m, err = meeting.Find(t.Context(), db, here.Clerk, m.ID); err != nil {
			t.Fatal(err)
		}
		at := here.Clerk.At
		if _, err := meeting.Convene(t.Context(), db, here.Clerk, m.ID, meeting.Call{DeliveredAt: &at, Version: m.Version}); err != nil {
			t.Fatal(err)
		}
		clerk := here.Clerk
		clerk.At = start.Add(time.Minute)
		d, err := meeting.RecordDecision(t.Context(), db, clerk, m.ID, key, meeting.DecisionDraft{
			Body: here.Body, Kind: proposal.Rejected, Text: "BESLUIT", DecidedOn: &start, ProposalVersion: 1, Vote: meeting.Vote{Method: meeting.NoVote},
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := meeting.PublishDecision(t.Context(), db, clerk, m.ID, key, meeting.Publication{Body: here.Body, Version: d.Version}); err != nil {
			t.Fatal(err)
		}
		list := written(t, db, meeting.TellDecided)
		if len(list) != 1 || !strings.HasPrefix(list[0], "steller@hier.example") {
			t.Fatalf("closed %v: written %q", closed, list)
		}
		told := strings.Contains(list[0], "ONDERWERP") || strings.Contains(list[0], "Verworpen") || strings.Contains(list[0], "-001")
		if told == closed {
			t.Errorf("closed %v: %s", closed, list[0])
		}
	}
}

func TestTheGriffieOfABodyThatDecidedHearsOfAChange(t *testing.T) {
	t.Parallel()
	for _, public := range []bool{false, true} {
		db := pgtest.DB(t)
		owner, target, other := proposaltest.NewPlace(t, db, "Hillegom"), proposaltest.NewPlace(t, db, "Leiden"), proposaltest.NewPlace(t, db, "Lisse")
		reachable(t, db, other.Clerk, "griffier@lisse.example")
		inOffice(t, db, other.Clerk, other.Body)
		p, m := proposaltest.Offered(t, db, owner.Author, owner.ID, target.Body, func(d *proposal.Draft) { d.Subject = "ONDERWERP van het stuk" }),
			proposaltest.Meeting(t, db, target, other)
		tx, err := db.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := proposal.Schedule(t.Context(), tx, target.Clerk, p.ID, m, nil, "", ""); err != nil {
			t.Fatal(err)
		}
		if public {
			if err := proposal.Publish(t.Context(), tx, target.Clerk, []id.Proposal{p.ID}); err != nil {
				t.Fatal(err)
			}
		}
		if err := route.Advance(t.Context(), tx, other.Clerk,
			proposal.Settled{Proposal: p.ID, Meeting: m, Body: other.Body, Kind: proposal.Noted, Version: 1, DecidedOn: proposaltest.At}); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		d := proposal.DraftOf(p)
		d.Legal, d.Renewal = "Geen.", proposal.Renewal{Renewal: proposal.RenewalNeeded, RenewalReason: "REDEN"}
		if _, err := proposal.Revise(t.Context(), db, owner.Author, p.ID, d); err != nil {
			t.Fatal(err)
		}
		list := written(t, db, proposal.TellChanged)
		if len(list) != 1 || !strings.HasPrefix(list[0], "griffier@lisse.example") {
			t.Fatalf("public %v: written %q", public, list)
		}
		if told := strings.Contains(list[0], "ONDERWERP") && strings.Contains(list[0], "REDEN"); told != public {
			t.Errorf("public %v: %s", public, list[0])
		}
	}
}

func TestAMailThatAsksForAdviceSaysNothingOfThePaper(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	owner, target := proposaltest.NewPlace(t, db, "Hillegom"), proposaltest.NewPlace(t, db, "Leiden")
	reachable(t, db, target.Clerk, "griffier@leiden.example")
	inOffice(t, db, target.Clerk, target.Body)
	p := proposaltest.Offered(t, db, owner.Author, owner.ID, target.Body, func(d *proposal.Draft) { d.Subject = "ONDERWERP van het stuk" })
	five := 5
	if err := proposal.AskAdvice(t.Context(), db, owner.Author, p.ID, proposal.AdviceDraft{Body: target.Body, Question: "VRAAG", Days: &five}); err != nil {
		t.Fatal(err)
	}
	list := written(t, db, proposal.TellAsked)
	if len(list) != 1 || !strings.HasPrefix(list[0], "griffier@leiden.example | Uw advies wordt gevraagd") ||
		!strings.Contains(list[0], "https://regio.example/voorstellen/"+p.Key) {
		t.Fatalf("written %q", list)
	}
	if strings.Contains(list[0], "ONDERWERP") || strings.Contains(list[0], "VRAAG") {
		t.Error("the mail tells of the paper")
	}
}
