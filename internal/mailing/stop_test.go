package mailing

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

// invite makes a mailing of a topic to lid@regio.example and ander@regio.example.
func invite(t *testing.T, db postgres.DB, cause string, topic Topic) {
	t.Helper()
	letter := mail.Message{
		Name: "Lid", Address: "Lid@regio.example", Subject: "Kom ook", Text: "Stop: https://regio.example/afmelden/" + OwnCode,
		HTML: "<a href=\"https://regio.example/afmelden/" + OwnCode + "\">Stop</a>",
	}
	other := letter
	other.Address = "ander@regio.example"
	act := Act{Cause: cause, Title: "Kom ook", Object: object, OrgIDs: []id.Organisation{org}, Topic: topic, StopURL: "https://regio.example/afmelden/" + OwnCode}
	if topic == "" {
		act.StopURL = ""
	}
	err := pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error {
		return Create(t.Context(), tx, act, "regio.example", []Recipient{{Message: letter}, {Message: other}})
	})
	if err != nil {
		t.Fatal(err)
	}
}

var public = access.Actor{At: time.Now()}

// codeIn is the code that a mail tells, which must be the same in its head, its text and its HTML.
func codeIn(t *testing.T, m mail.Message) string {
	t.Helper()
	code := regexp.MustCompile(`^https://regio.example/afmelden/([A-Z2-7]{26})$`).FindStringSubmatch(m.Stop)
	if code == nil {
		t.Fatalf("the address to stop at is %q", m.Stop)
	}
	if !strings.HasSuffix(m.Text, m.Stop) || !strings.Contains(m.HTML, `"`+m.Stop+`"`) {
		t.Errorf("the texts tell another address: %q, %q", m.Text, m.HTML)
	}
	return code[1]
}

func addresses(b *box) string {
	var all []string
	for _, m := range b.got {
		all = append(all, m.Address)
	}
	return strings.Join(all, " ")
}

func TestTheCodeInAMailStopsItsTopicAtItsAddress(t *testing.T) {
	t.Parallel()
	db, b := pgtest.DB(t), &box{}
	invite(t, db, "one", Invitations)
	all(t, db, b)
	code, other := codeIn(t, b.got[0]), codeIn(t, b.got[1])
	if code == other {
		t.Error("two mails share a code")
	}
	for range 3 { // a scanner, a reader
		if s, err := FindStop(t.Context(), db, public, code); err != nil || s.Refused || s.Topic != Invitations || s.Address != "lid@regio.example" {
			t.Fatalf("looking: %+v, %v", s, err)
		}
	}
	invite(t, db, "two", Invitations) // waits already when the reader stops it
	for range 2 {
		if s, err := Unsubscribe(t.Context(), db, public, code); err != nil || !s.Refused {
			t.Fatalf("stopping: %+v, %v", s, err)
		}
	}
	if n := entries(t, db, "mail.unsubscribe"); n != 1 {
		t.Errorf("%d notes of stopping", n)
	}
	b.got = nil
	if all(t, db, b); addresses(b) != "ander@regio.example" {
		t.Errorf("mailed %s", addresses(b))
	}
	var list []Unreached
	if err := postgres.Read(t.Context(), db, UnreachedBy(&list, clerk, object)); err != nil || len(list) != 1 || list[0].State != Refused ||
		!strings.Contains(list[0].LastError, "geen uitnodigingen") {
		t.Errorf("the sender sees %+v, %v", list, err)
	}
	// Another topic and what must be read still come.
	invite(t, db, "three", Reminders)
	invite(t, db, "four", "")
	b.got = nil
	if all(t, db, b); len(b.got) != 4 {
		t.Errorf("mailed %s", addresses(b))
	}
	for _, m := range b.got {
		if m.Stop == "" != strings.Contains(m.Text, OwnCode) {
			t.Errorf("a convocation tells how to stop it, or a reminder does not: %+v", m)
		}
	}
	for range 2 {
		if s, err := Resubscribe(t.Context(), db, public, code); err != nil || s.Refused {
			t.Fatalf("undoing: %+v, %v", s, err)
		}
	}
	invite(t, db, "five", Invitations)
	b.got = nil
	if all(t, db, b); len(b.got) != 2 {
		t.Errorf("after undoing: mailed %s", addresses(b))
	}
}

// entries counts the notes of an act, as the owner of the database: they are of no organisation.
func entries(t *testing.T, db *pgxpool.Pool, act string) (n int) {
	t.Helper()
	if err := pgtest.Owner(t, db).QueryRow(t.Context(), `select count(*) from audit_entries where act = $1`, act).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func asOwner(t *testing.T, db *pgxpool.Pool, sql string) {
	t.Helper()
	if _, err := pgtest.Owner(t, db).Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func TestACodeIsKeptAsAHashAndDiesAfterAYear(t *testing.T) {
	t.Parallel()
	db, b := pgtest.DB(t), &box{}
	invite(t, db, "one", Invitations)
	all(t, db, b)
	code := codeIn(t, b.got[0])
	found, err := postgres.One[int](t.Context(), db, `
		select (select count(*) from messages m where m::text like '%' || @code || '%') + (select count(*) from stop_links l where l::text like '%' || @code || '%')`,
		postgres.Args{"code": code}.As(postman))
	if err != nil || found != 0 {
		t.Errorf("the code is in %d rows, %v", found, err)
	}
	for _, none := range []string{"", "bestaat-niet", OwnCode, codeHash(code)} {
		if _, err := Unsubscribe(t.Context(), db, public, none); !errors.Is(err, fault.NotFound) {
			t.Errorf("%q: got %v", none, err)
		}
	}
	run(t, db, `update mailings set created_at = now() - interval '91 days'`)
	if err := forget(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if _, err := FindStop(t.Context(), db, public, code); err != nil {
		t.Errorf("the mail is forgotten, its code works on: %v", err)
	}
	later := access.Actor{At: time.Now().Add(366 * 24 * time.Hour)}
	if _, err := Unsubscribe(t.Context(), db, later, code); !errors.Is(err, fault.NotFound) {
		t.Errorf("after a year: %v", err)
	}
	asOwner(t, db, `update stop_links set made_at = now() - interval '366 days'`)
	if err := forget(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if n, err := postgres.One[int](t.Context(), db, `select count(*) from stop_links`, nil); err != nil || n != 0 {
		t.Errorf("%d codes are kept, %v", n, err)
	}
}

// What is put off goes out with a new code; the one of a mail that did arrive, although nobody said so, works too.
func TestEachAttemptHasACodeThatWorks(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	var seen []mail.Message
	b := &box{answer: func(m mail.Message) error {
		if seen = append(seen, m); len(seen) == 1 {
			return mail.Failure{Text: "later", Cause: errors.New("broken off")}
		}
		return nil
	}}
	err := pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error {
		return Create(t.Context(), tx,
			Act{
				Cause: "one", Title: "x", Object: object, OrgIDs: []id.Organisation{org}, Topic: Follow,
				StopURL: "https://regio.example/afmelden/" + OwnCode,
			}, "regio.example",
			[]Recipient{{Message: mail.Message{
				Name: "Lid", Address: "lid@regio.example", Text: "https://regio.example/afmelden/" + OwnCode,
				HTML: `"https://regio.example/afmelden/` + OwnCode + `"`,
			}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	all(t, db, b)
	run(t, db, `update messages set due_at = now()`)
	all(t, db, b)
	if len(seen) != 2 || seen[0].ID != seen[1].ID || codeIn(t, seen[0]) == codeIn(t, seen[1]) {
		t.Fatalf("got %+v", seen)
	}
	for _, m := range seen {
		if s, err := FindStop(t.Context(), db, public, codeIn(t, m)); err != nil || s.Topic != Follow {
			t.Errorf("%+v, %v", s, err)
		}
	}
}

func TestAMailingOfATopicThatDoesNotSayHowToStopItIsRefused(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	for _, a := range []Act{{Topic: Invitations}, {StopURL: "https://regio.example/" + OwnCode}, {Topic: Invitations, StopURL: "https://regio.example/afmelden"}} {
		a.Cause, a.Object, a.OrgIDs = "x", object, []id.Organisation{org}
		if err := Create(t.Context(), tx, a, "regio.example", nil); !errors.Is(err, errNoStop) {
			t.Errorf("%+v: got %v", a, err)
		}
	}
}

func TestPeopleChooseForTheirOwnAddress(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	person, without := id.New[id.Person](), id.New[id.Person]()
	for p, address := range map[id.Person]string{person: " Lid@Regio.example ", without: ""} {
		if _, err := postgres.Exec(t.Context(), db, `insert into persons (id, family, display_name, work_email) values (@id, 'Lid', 'Lid', @address)`,
			postgres.Args{"id": p, "address": address}); err != nil {
			t.Fatal(err)
		}
	}
	account := id.New[id.Account]()
	if _, err := postgres.Exec(t.Context(), db, `insert into accounts (id, person_id, email) values (@id, @person, 'lid@elders.example')`,
		postgres.Args{"id": account, "person": person}); err != nil {
		t.Fatal(err)
	}
	lid := access.Actor{Account: account, Person: person, At: time.Now()}
	var own []Stop
	if err := postgres.Read(t.Context(), db, Choices(&own, lid)); err != nil || len(own) != 3 || own[0].Topic != Invitations ||
		own[0].Address != "lid@regio.example" || own[0].Refused {
		t.Fatalf("got %+v, %v", own, err)
	}
	// Twice the same, and two at once.
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if err := Choose(t.Context(), db, lid, Invitations, true); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := entries(t, db, "mail.unsubscribe"); n != 1 {
		t.Errorf("%d notes", n)
	}
	b := &box{}
	invite(t, db, "one", Invitations)
	if all(t, db, b); addresses(b) != "ander@regio.example" {
		t.Errorf("mailed %s", addresses(b))
	}
	if err := Choose(t.Context(), db, lid, Invitations, false); err != nil {
		t.Fatal(err)
	}
	if err := postgres.Read(t.Context(), db, Choices(&own, lid)); err != nil || own[0].Refused {
		t.Errorf("got %+v, %v", own, err)
	}
	for name, c := range map[string]struct {
		as    access.Actor
		topic Topic
		want  error
	}{
		"the public":          {public, Invitations, fault.Forbidden},
		"no work address":     {access.Actor{Account: account, Person: without, At: time.Now()}, Invitations, fault.NotFound},
		"what must be read":   {lid, "", fault.NotFound},
		"a topic that is not": {lid, "oproepen", fault.NotFound},
	} {
		if err := Choose(t.Context(), db, c.as, c.topic, true); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

// Killed in between, stopping has not happened: the refusal and its note are one.
func TestStoppingIsWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	db, b := pgtest.DB(t), &box{}
	invite(t, db, "one", Invitations)
	all(t, db, b)
	asOwner(t, db, `create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
		create trigger refuse before insert on audit_entries for each row execute function refuse()`)
	if _, err := Unsubscribe(context.Background(), db, public, codeIn(t, b.got[0])); err == nil {
		t.Fatal("no error")
	}
	if n, err := postgres.One[int](t.Context(), db, `select count(*) from mail_refusals`, nil); err != nil || n != 0 {
		t.Errorf("%d refusals without a note, %v", n, err)
	}
}
