package mailing

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

var (
	admin = access.Actor{Account: "a", At: time.Now(), Grants: []access.Grant{{Role: access.Admin}}}
	clerk = access.Actor{Account: "b", At: time.Now(), Grants: []access.Grant{{Role: access.Clerk, Organisation: org, Body: id.New[id.Body]()}}}
)

var (
	org       = id.New[id.Organisation]()
	object    = string(id.New[id.Meeting]())
	member    = actorOf(access.Member, org)
	elsewhere = actorOf(access.Clerk, id.New[id.Organisation]())
)

// actorOf has no account, so that the trail needs none.
func actorOf(r access.Role, at id.Organisation) access.Actor {
	return access.Actor{At: time.Now(), Grants: []access.Grant{{Role: r, Organisation: at, Body: id.New[id.Body]()}}}
}

// box takes mails, or answers as it is told.
type box struct {
	sync.Mutex
	got    []mail.Message
	answer func(m mail.Message) error
}

func (b *box) Send(ctx context.Context, m mail.Message, last func(context.Context) error) error {
	if b.answer != nil {
		if err := b.answer(m); err != nil {
			return err
		}
	}
	if err := last(ctx); err != nil {
		return err
	}
	b.Lock()
	defer b.Unlock()
	b.got = append(b.got, m)
	return nil
}

func (b *box) Close() {}

// create makes a mailing to n people without a row of their own.
func create(t *testing.T, db postgres.DB, cause string, n int, change ...func(int, *Recipient)) {
	t.Helper()
	var to []Recipient
	for i := range n {
		r := Recipient{Message: mail.Message{
			Name: fmt.Sprintf("Lid %03d", i), Address: fmt.Sprintf("lid%d@regio.example", i), Subject: "Oproep",
			Text: "Beste lezer", HTML: "<p>Beste lezer</p>",
		}}
		for _, c := range change {
			c(i, &r)
		}
		to = append(to, r)
	}
	err := pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error {
		return Create(t.Context(), tx, Act{Cause: cause, Title: "Oproep: raad", Object: object, OrgIDs: []id.Organisation{org}}, "regio.example", to)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// one delivers the mail that waits longest; false when none is due.
func one(t *testing.T, db postgres.DB, s Sender) (bool, error) {
	t.Helper()
	p := newPost(db, nil)
	m, code, err := p.claim(t.Context())
	if errors.Is(err, fault.NotFound) {
		return false, nil
	}
	if err == nil {
		_, err = p.send(t.Context(), s, m, code)
	}
	return true, err
}

// all delivers until nothing is due.
func all(t *testing.T, db postgres.DB, s Sender) {
	t.Helper()
	for {
		sent, err := one(t, db, s)
		if err != nil {
			t.Fatal(err)
		}
		if !sent {
			return
		}
	}
}

func states(t *testing.T, db postgres.DB) map[State]int {
	t.Helper()
	var list []Message
	if err := postgres.Read(t.Context(), db, Outbox(&list, admin, Filter{})); err != nil {
		t.Fatal(err)
	}
	found := map[State]int{}
	for _, m := range list {
		found[m.State]++
	}
	return found
}

func run(t *testing.T, db *pgxpool.Pool, sql string) {
	t.Helper()
	if _, err := pgtest.Owner(t, db).Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func TestAnActThatIsToldTwiceIsToldOnce(t *testing.T) {
	t.Parallel()
	db, b := pgtest.DB(t), &box{}
	create(t, db, "meeting.convened:1", 3)
	create(t, db, "meeting.convened:1", 3)
	all(t, db, b)
	if len(b.got) != 3 {
		t.Errorf("%d mails for 3 people", len(b.got))
	}
	ids := map[string]bool{}
	for _, m := range b.got {
		ids[m.ID] = true
	}
	if len(ids) != 3 {
		t.Errorf("%d Message-IDs", len(ids))
	}
}

func TestAnActThatWasRolledBackMailsNobody(t *testing.T) {
	t.Parallel()
	db, b := pgtest.DB(t), &box{}
	off := errors.New("off")
	err := pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error {
		to := []Recipient{{Message: mail.Message{Name: "Lid", Address: "lid@regio.example"}}}
		if err := Create(t.Context(), tx, Act{Cause: "x", Title: "x", Object: object, OrgIDs: []id.Organisation{org}}, "regio.example", to); err != nil {
			return err
		}
		return off
	})
	if all(t, db, b); !errors.Is(err, off) || len(b.got) != 0 {
		t.Errorf("%d mails, %v", len(b.got), err)
	}
}

func TestWithoutAServerMailsAreKept(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	create(t, db, "x", 3)
	all(t, db, nil)
	if got := states(t, db); got[Kept] != 3 {
		t.Errorf("got %v", got)
	}
	b := &box{}
	if all(t, db, b); len(b.got) != 0 {
		t.Error("what was kept was sent after all")
	}
}

func TestARefusalWaitsLongerEachTimeAndNeverLoses(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	b := &box{answer: func(mail.Message) error { return mail.Failure{Text: "later", Cause: errors.New("450")} }}
	create(t, db, "x", 1)
	var id string
	last := time.Duration(0)
	for range 4 {
		all(t, db, b)
		var list []Message
		if err := postgres.Read(t.Context(), db, Outbox(&list, admin, Filter{})); err != nil {
			t.Fatal(err)
		}
		m := list[0]
		if wait := time.Until(m.DueAt); m.State != Deferred || wait <= last || m.LastError != "later" {
			t.Errorf("state %s, wait %v after %v", m.State, wait, last)
		} else {
			last = wait
		}
		id = string(m.ID)
		run(t, db, `update messages set due_at = now()`)
	}
	b.answer = nil
	all(t, db, b)
	if len(b.got) != 1 || b.got[0].ID != id+"@regio.example" {
		t.Errorf("got %v", b.got)
	}
	create(t, db, "y", 1)
	b.answer = func(mail.Message) error { return mail.Failure{Text: "later", Cause: errors.New("450")} }
	run(t, db, `update messages set created_at = now() - interval '4 days'`)
	if all(t, db, b); states(t, db)[Failed] != 1 {
		t.Errorf("after three days: %v", states(t, db))
	}
}

func TestAnAbsentServerCostsNoAttempt(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	b := &box{answer: func(mail.Message) error { return mail.Failure{Server: true, Text: "weg", Cause: errors.New("refused")} }}
	create(t, db, "x", 2)
	for range 5 {
		var f mail.Failure
		if _, err := one(t, db, b); !errors.As(err, &f) || !f.Server {
			t.Fatalf("got %v", err)
		}
	}
	b.answer = nil
	if all(t, db, b); len(b.got) != 2 || states(t, db)[Sent] != 2 {
		t.Errorf("%d mails, %v", len(b.got), states(t, db))
	}
}

func TestTheSenderSeesWhomHeDidNotReach(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	b := &box{answer: func(m mail.Message) error {
		if m.Address == "lid1@regio.example" {
			return mail.Failure{Hopeless: true, Text: "Controleer het adres.", Cause: errors.New("550")}
		}
		return nil
	}}
	create(t, db, "x", 4, func(i int, r *Recipient) {
		if i == 2 {
			r.Message.Address = ""
		}
	})
	all(t, db, b)
	var list []Unreached
	if err := postgres.Read(t.Context(), db, UnreachedBy(&list, clerk, object)); err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].Name != "Lid 001" || list[0].LastError != "Controleer het adres." || list[1].LastError != noAddress {
		t.Errorf("got %+v", list)
	}
	var of []Mailing
	if err := postgres.Read(t.Context(), db, LastOf(&of, clerk, object)); err != nil || len(of) != 1 || of[0].Total != 4 || of[0].Unreached() != 2 ||
		of[0].Failed != 2 {
		t.Errorf("got %+v, %v", of, err)
	}
	for name, a := range map[string]access.Actor{"the public": {}, "a griffier elsewhere": elsewhere, "a council member": member} {
		if err := postgres.Read(t.Context(), db, UnreachedBy(&list, a, object), LastOf(&of, a, object)); err != nil || len(list)+len(of) != 0 {
			t.Errorf("%s reads %v and %v, %v", name, list, of, err)
		}
	}
}

func TestAPauseHoldsWhatHasNotLeftAndProgressTells(t *testing.T) {
	t.Parallel()
	db, b := pgtest.DB(t), &box{}
	create(t, db, "x", 5)
	for range 2 {
		if _, err := one(t, db, b); err != nil {
			t.Fatal(err)
		}
	}
	var list []Mailing
	if err := postgres.Read(t.Context(), db, Progress(&list, admin)); err != nil || list[0].Sent != 2 || list[0].Open != 3 || list[0].Total != 5 {
		t.Fatalf("got %+v, %v", list, err)
	}
	for range 2 {
		if err := Pause(t.Context(), db, admin, list[0].ID); err != nil {
			t.Fatal(err)
		}
	}
	if all(t, db, b); len(b.got) != 2 {
		t.Errorf("%d mails during the pause", len(b.got))
	}
	if err := Resume(t.Context(), db, admin, list[0].ID); err != nil {
		t.Fatal(err)
	}
	if all(t, db, b); len(b.got) != 5 {
		t.Errorf("%d mails after it", len(b.got))
	}
	if err := Pause(t.Context(), db, admin, id.New[id.Mailing]()); !errors.Is(err, fault.NotFound) {
		t.Errorf("a mailing that is not there: %v", err)
	}
}

func TestWhoMayHoldAMailing(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	create(t, db, "x", 1)
	var list []Mailing
	if err := postgres.Read(t.Context(), db, Progress(&list, admin)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who  string
		as   access.Actor
		want error
	}{
		{"the administrator", admin, nil},
		{"the griffier", clerk, nil},
		{"the secretaris", actorOf(access.Secretary, org), nil},
		{"a griffiemedewerker, who sees it", actorOf(access.ClerkStaff, org), fault.Forbidden},
		{"a council member", member, fault.NotFound},
		{"a griffier elsewhere", elsewhere, fault.NotFound},
		{"the public", access.Actor{}, fault.NotFound},
	} {
		if err := Pause(t.Context(), db, c.as, list[0].ID); !errors.Is(err, c.want) {
			t.Errorf("%s pauses: got %v, want %v", c.who, err, c.want)
		}
		if err := Resume(t.Context(), db, c.as, list[0].ID); !errors.Is(err, c.want) {
			t.Errorf("%s resumes: got %v, want %v", c.who, err, c.want)
		}
	}
	// What griffiers read afterwards: each change once.
	noted := func() int {
		t.Helper()
		var trail []audit.Entry
		if err := postgres.Read(t.Context(), db, audit.Of(&trail, clerk, object)); err != nil {
			t.Fatal(err)
		}
		return len(trail)
	}
	before := noted()
	for range 2 {
		if err := Pause(t.Context(), db, clerk, list[0].ID); err != nil {
			t.Fatal(err)
		}
	}
	if n := noted(); before == 0 || n != before+1 {
		t.Errorf("pausing twice takes the trail from %d entries to %d", before, n)
	}
}

func TestTheOutboxIsTheAdministratorsAlone(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	create(t, db, "x", 1)
	var seen []Message
	if err := postgres.Read(t.Context(), db, Outbox(&seen, admin, Filter{Search: "lid0@"})); err != nil || len(seen) != 1 {
		t.Fatalf("%v, %v", seen, err)
	}
	for _, a := range []access.Actor{{}, clerk} {
		var list []Message
		var mailings []Mailing
		if err := postgres.Read(t.Context(), db, Outbox(&list, a, Filter{}), Progress(&mailings, a)); err != nil || len(list)+len(mailings) != 0 {
			t.Errorf("%v %v %v", list, mailings, err)
		}
		if _, err := FindMessage(t.Context(), db, a, seen[0].ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("one mail: %v", err)
		}
	}
}

func TestTwoWorkersShareTheWork(t *testing.T) {
	t.Parallel()
	db, b := pgtest.DB(t), &box{}
	create(t, db, "x", 40)
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() { all(t, db, b) })
	}
	wait.Wait()
	if len(b.got) != 40 {
		t.Errorf("%d mails to 40 people", len(b.got))
	}
}

func TestAClaimOfAWorkerThatIsGoneEndsAndTheMailKeepsItsID(t *testing.T) {
	t.Parallel()
	db, b := pgtest.DB(t), &box{}
	create(t, db, "x", 1)
	gone, err := claim(t.Context(), db, "")
	if err != nil {
		t.Fatal(err)
	}
	if all(t, db, b); len(b.got) != 0 {
		t.Fatal("a mail that another sends was sent")
	}
	run(t, db, `update messages set claimed_until = claimed_until - interval '91 seconds'`)
	if all(t, db, b); len(b.got) != 1 || b.got[0].ID != gone.MessageID {
		t.Errorf("got %v", b.got)
	}
}

func TestMailsAreForgottenAfterNinetyDays(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	create(t, db, "old", 2)
	run(t, db, `update mailings set created_at = now() - interval '91 days'`)
	create(t, db, "new", 1)
	if err := forget(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if got := states(t, db); got[Waiting] != 1 {
		t.Errorf("got %v", got)
	}
}
