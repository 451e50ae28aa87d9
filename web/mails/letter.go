package mails

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/ical"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/meeting"
	"regiogriffie/web/path"
)

// letter is a mail before it is text and HTML.
type letter struct {
	subject    string
	greeting   string
	paragraphs []string
	facts      [][2]string
	label      string // of the address
	address    string
	closing    string
	stop       string // what the reader may stop, as “uitnodigingen”; empty for what he must get
	stopAt     string // the address to do so
}

func (l letter) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", l.greeting)
	for _, p := range l.paragraphs {
		fmt.Fprintf(&b, "%s\n\n", p)
	}
	for _, f := range l.facts {
		fmt.Fprintf(&b, "%s: %s\n", f[0], f[1])
	}
	if len(l.facts) > 0 {
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "%s:\n%s\n\n%s\n", l.label, l.address, l.closing)
	if l.stop != "" {
		fmt.Fprintf(&b, "\n%s:\n%s\n", l.stopLine(), l.stopAt)
	}
	return b.String()
}

func (l letter) stopLine() string { return "Wilt u geen " + l.stop + " meer per e-mail? Meld u af" }

func (l letter) message() (mail.Message, error) {
	var html strings.Builder
	err := letterHTML(l).Render(context.Background(), &html)
	return mail.Message{Subject: l.subject, Text: l.text(), HTML: html.String()}, err
}

// short keeps a subject readable in a list of mails.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 180 {
		return string(r[:179]) + "…"
	}
	return s
}

// post mails the letter to each of them, who have their names and addresses and perhaps an entry for their calendars. When the
// act has a topic, the letter tells how to stop it.
func (o Office) post(ctx context.Context, act mailing.Act, l letter, to []mailing.Recipient) error {
	return pgx.BeginFunc(ctx, o.DB, func(tx pgx.Tx) error { return o.postIn(ctx, tx, act, l, to) })
}

// postIn is post in a transaction that does more.
func (o Office) postIn(ctx context.Context, tx pgx.Tx, act mailing.Act, l letter, to []mailing.Recipient) error {
	if act.Topic != "" {
		act.StopURL = o.at(path.StopMail(mailing.OwnCode))
		l.stop, l.stopAt = act.Topic.Label(), act.StopURL
	}
	written, err := l.message()
	if err != nil {
		return fmt.Errorf("writing the letter: %w", err)
	}
	for n := range to {
		m := &to[n].Message
		m.Subject, m.Text, m.HTML = written.Subject, written.Text, written.HTML
	}
	return mailing.Create(ctx, tx, act, o.host(), to)
}

// send mails one letter to many, each with his own entry for the calendar, where there is an event; to nobody it sends nothing.
func (o Office) send(ctx context.Context, act mailing.Act, l letter, people []meeting.Addressee, event ical.Event, from string) error {
	if len(people) == 0 {
		return nil
	}
	var to []mailing.Recipient
	for _, p := range people {
		m := mail.Message{Name: p.Name, Address: strings.TrimSpace(p.Email), File: "uitnodiging.ics"}
		if event.UID != "" {
			m.Calendar, m.Method = calendar("", event, ical.Party{Name: from, Address: o.from()}, ical.Party{Name: p.Name, Address: m.Address})
		}
		to = append(to, mailing.Recipient{Person: p.PersonID, Message: m})
	}
	return o.post(ctx, act, l, to)
}
