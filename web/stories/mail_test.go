package stories

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/id"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/web/browsertest"
)

// letterbox takes the first mail that leaves.
type letterbox chan mail.Message

func (l letterbox) Send(ctx context.Context, m mail.Message, last func(context.Context) error) error {
	err := last(ctx)
	if err == nil {
		l <- m
	}
	return err
}
func (letterbox) Close() {}

// mailed makes a mailing of a thing to so many people, as the worker does.
func mailed(t testing.TB, s *site, act mailing.Act, n int) {
	t.Helper()
	var to []mailing.Recipient
	for i := range n {
		to = append(to, mailing.Recipient{Message: mail.Message{
			Name:    fmt.Sprintf("Raadslid nummer %04d", i),
			Address: fmt.Sprintf("raadslid%d@regio.example", i), Subject: act.Title,
		}})
	}
	if err := pgx.BeginFunc(t.Context(), s.db, func(tx pgx.Tx) error { return mailing.Create(t.Context(), tx, act, "regio.example", to) }); err != nil {
		t.Fatal(err)
	}
}

func run(t testing.TB, s *site, sql string, args ...any) {
	t.Helper()
	if _, err := pgtest.Owner(t, s.db).Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// A griffier sees how far 5,000 mails are, interrupts them and lets them go on; the beheerder sees the same.
func TestWhoSentFiveThousandMailsSeesHowFarTheyAre(t *testing.T) {
	t.Parallel()
	s := open(t)
	council := slugOf(t, s, "heemstede-raad")
	var object string
	var org id.Organisation
	if err := s.db.QueryRow(t.Context(), `select m.id::text, o.organisation_id::text from meetings m join meeting_organisers o
			on o.meeting_id = m.id where m.slug = $1 limit 1`, council).Scan(&object, &org); err != nil {
		t.Fatal(err)
	}
	mailed(t, s, mailing.Act{Cause: "proef", Title: "Oproep: Raad Heemstede", Object: object, OrgIDs: []id.Organisation{org}}, 5000)
	run(t, s, `update messages set state = 'verzonden' where name < 'Raadslid nummer 1240'`)
	run(t, s, `update messages set state = 'mislukt', last_error = 'De mailserver weigert dit adres.' where name > 'Raadslid nummer 4939'`)
	for _, o := range []browsertest.Options{{Width: 400, Height: 800}, {Width: 768, Dark: true}, {Width: 1280, NoScript: true}} {
		p := s.as(t, o, griffier)
		p.Go(s.URL + "/vergaderingen/" + council)
		p.See("1.240 van 5.000 verzonden, 3.700 nog te gaan, 60 mislukt")
		p.See("60 van 5.000 leden en medewerkers kregen deze e-mail niet, of nog niet.")
		p.See("Dit zijn de eerste 50 van 60.")
		if n := strings.Count(p.Text(), "Raadslid nummer"); n != 50 {
			t.Errorf("%d names are listed", n)
		}
		if !o.NoScript { // what measures the page is a script
			sound(t, p)
			axe(t, p)
		}
		p.ClickText("Onderbreek het verzenden")
		p.See("De verzending is onderbroken.")
		p.See("60 mislukt, onderbroken")
		if !o.NoScript {
			sound(t, p)
			axe(t, p)
			shot(p, fmt.Sprintf("mail-vergadering-%d", o.Width))
		}
		p.ClickText("Ga verder met verzenden")
		p.See("De verzending gaat verder.")
	}
	p := s.as(t, browsertest.Options{Width: 1280}, beheerder)
	p.Go(s.URL + "/beheer/postvak-uit")
	p.See("1.240 van 5.000 verzonden, 3.700 nog te gaan, 60 mislukt")
	p.ClickText("Onderbreek het verzenden van Oproep: Raad Heemstede")
	p.See("60 mislukt, onderbroken")
	sound(t, p)
	axe(t, p)
	shot(p, "mail-postvak-uit")
	p.Resize(400, 800)
	sound(t, p)
	shot(p, "mail-postvak-uit-400")
}

// Someone stops invitations by the link in a mail, takes that back, and finds his choice at his account.
func TestAReaderStopsInvitations(t *testing.T) {
	t.Parallel()
	s := open(t)
	act := mailing.Act{
		Cause: "uitnodiging", Title: "Kom naar de bijeenkomst", Object: string(id.New[id.Meeting]()), OrgIDs: []id.Organisation{},
		Topic: mailing.Invitations, StopURL: s.URL + "/afmelden/" + mailing.OwnCode,
	}
	mailed(t, s, act, 1)
	ctx, stop := context.WithCancel(t.Context())
	box, ended := make(letterbox, 1), make(chan struct{})
	go func() {
		mailing.Deliver(ctx, s.db, box)
		close(ended)
	}()
	var m mail.Message
	select {
	case m = <-box:
	case <-time.After(20 * time.Second):
		t.Error("no mail left")
	}
	stop()
	<-ended
	for _, o := range []browsertest.Options{{Width: 400, Height: 800}, {Width: 768, Dark: true}, {Width: 1280}} {
		p := s.as(t, o, "")
		p.Go(m.Stop)
		p.See("Afmelden voor uitnodigingen")
		look := func(name string) {
			t.Helper()
			sound(t, p)
			axe(t, p)
			shot(p, fmt.Sprintf("mail-%s-%d", name, o.Width))
		}
		look("afmelden")
		p.ClickText("Meld mij af voor uitnodigingen")
		p.See("U bent afgemeld voor uitnodigingen")
		look("afgemeld")
		p.ClickText("Maak dit ongedaan")
		p.See("U krijgt weer uitnodigingen")
		look("weer")
		p.Go(s.URL + "/afmelden/ONBEKEND")
		p.See("Deze link werkt niet")
		if p.Status() != http.StatusNotFound {
			t.Errorf("an unknown link: %d", p.Status())
		}
	}
	p := s.as(t, browsertest.Options{Width: 400, Height: 800}, councillor)
	p.Go(s.URL + "/account")
	p.ClickText("Stop met uitnodigingen")
	p.See("U krijgt per e-mail geen uitnodigingen meer.")
	p.See("U krijgt geen uitnodigingen.")
	sound(t, p)
	axe(t, p)
	shot(p, "mail-account-400")
	p.Resize(1280, 900)
	sound(t, p)
	shot(p, "mail-account-1280")
	p.ClickText("Stuur weer uitnodigingen")
	p.See("U krijgt per e-mail weer uitnodigingen.")
}
