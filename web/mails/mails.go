// Package mails writes the texts that leave by mail. They say no more than everyone may read: a mail is forwarded.
package mails

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/ical"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/job"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/internal/trail"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/web/path"
)

// Office is where mails are written. BaseURL stands before the addresses in them; From is the address they come from, empty as
// long as no mail leaves.
type Office struct {
	DB      *pgxpool.Pool
	BaseURL string
	From    string
	Now     func() time.Time
}

// Table says which work ends in mail.
func (o Office) Table() job.Table {
	table := job.Table{}
	for _, kind := range []string{meeting.TellConvened, meeting.TellMoved, meeting.TellCancelled} {
		table[kind] = func(ctx context.Context, args json.RawMessage) error { return o.tell(ctx, kind, args) }
	}
	table[invitation.TellPublished] = o.invite
	table[invitation.TellSaveTheDate] = o.saveTheDate
	table[meeting.Changed] = o.lapse
	for _, kind := range []string{invitation.TellSigning, invitation.TellLapsed, invitation.TellReady, invitation.TellSignedFor, invitation.TellRemark} {
		table[kind] = func(ctx context.Context, args json.RawMessage) error { return o.askSigners(ctx, kind, args) }
	}
	table[meeting.TellDecided] = o.decided
	for _, kind := range []string{meeting.TellAskedAlong, meeting.TellAnswered} {
		table[kind] = func(ctx context.Context, args json.RawMessage) error { return o.askedAlong(ctx, kind, args) }
	}
	table[route.TellSent], table[proposal.TellWithdrawn] = o.routeSent, o.routeWithdrawn
	table[route.LookAtTerms], table[route.LookAtRoutes] = o.routeTerms, o.routeDigest
	table[zienswijze.TellSent], table[zienswijze.TellAnswered], table[zienswijze.LookAtViews] = o.viewAsked, o.viewAnswered, o.viewTerms
	table[proposal.TellChanged] = o.changed
	table[proposal.TellAsked] = o.asked
	table[trail.Tell], table[identity.TellLink] = o.accountTold, o.passwordLink
	return table
}

// Hourly are the kinds of work that look, each hour, whether there is something to tell.
var Hourly = []string{route.LookAtTerms, route.LookAtRoutes, zienswijze.LookAtViews}

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

// tell writes to the members and the griffie of a meeting. Everything is read as the public reads it, so nothing closed can be
// in a mail. What is over, or was undone before its turn came, is not told.
func (o Office) tell(ctx context.Context, kind string, args json.RawMessage) error {
	var t meeting.Telling
	if err := json.Unmarshal(args, &t); err != nil {
		return fmt.Errorf("reading the job: %w", err)
	}
	public := access.Actor{At: o.Now()}
	m, err := meeting.Find(ctx, o.DB, public, t.Meeting)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if m.EndsAt.Before(public.At) || (m.State == meeting.Cancelled) != (kind == meeting.TellCancelled) {
		return nil
	}
	var organisers []meeting.Organiser
	var items []meeting.Item
	if err := postgres.Read(ctx, o.DB, meeting.OrganisersAt(&organisers, public, m.Slug), meeting.AgendaAt(&items, public, m.Slug)); err != nil {
		return err
	}
	l := o.letter(kind, m, organisers, items)
	if t.OnlyPlace {
		l.subject = strings.Replace(l.subject, "Verplaatst: ", "Andere plaats: ", 1)
		l.paragraphs = []string{"De plaats is gewijzigd. Hieronder staat waar u moet zijn. De dag en de tijd blijven zoals zij waren."}
	}
	people, err := meeting.Addressees(ctx, o.DB, m)
	if err != nil {
		return err
	}
	guests, err := invitation.Told(ctx, o.DB, m)
	if err != nil {
		return err
	}
	people = invitation.Joined(people, guests)
	event, organiser := meeting.EntryOf(m, organisers).Event(l.address), ical.Party{Name: hosts(organisers), Address: o.from()}
	var to []mailing.Recipient
	for _, p := range people {
		m := mail.Message{Name: p.Name, Address: strings.TrimSpace(p.Email), File: "vergadering.ics"}
		m.Calendar, m.Method = calendar(kind, event, organiser, ical.Party{Name: p.Name, Address: m.Address})
		to = append(to, mailing.Recipient{Person: p.PersonID, Message: m})
	}
	if len(to) == 0 { // nobody knew of it
		return nil
	}
	act := mailing.Act{Cause: t.Cause(kind), Title: l.subject, Object: string(m.ID), OrgIDs: m.OrgIDs, Kept: m.MadeUp}
	return o.post(ctx, act, l, to)
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

// at is an address of the site as readers of a mail type it.
func (o Office) at(address string) string { return strings.TrimSuffix(o.BaseURL, "/") + address }

// calendar is the entry for the calendar of one person, with its method: asking him, or taking the meeting away. None where
// either has no address that a calendar can hold; the letter says the same.
func calendar(kind string, event ical.Event, organiser, person ical.Party) ([]byte, string) {
	write, method := ical.Invite, "REQUEST"
	if kind == meeting.TellCancelled {
		write, method = ical.Cancel, "CANCEL"
	}
	entry, err := write(event, organiser, person)
	if err != nil {
		return nil, ""
	}
	return entry, method
}

// from is the bare address that mails come from.
func (o Office) from() string {
	if a, err := netmail.ParseAddress(o.From); err == nil {
		return a.Address
	}
	return ""
}

// host is the domain of our Message-IDs.
func (o Office) host() string {
	if u, err := url.Parse(o.BaseURL); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return "regiogriffie.invalid"
}

// shown is how many items a mail lists; the page has them all.
const shown = 60

func (o Office) letter(kind string, m meeting.Meeting, organisers []meeting.Organiser, items []meeting.Item) letter {
	name := meeting.Name(m.Title, m.Kind, organisers)
	if m.Title == "" && len(organisers) == 1 { // in a mailbox nothing else tells whose it is
		name += " " + organisers[0].OrgName
	}
	l := letter{
		greeting: "Beste lezer,",
		label:    "Agenda en stukken",
		address:  o.at(path.Meeting(m.Slug)),
		closing:  "U krijgt deze e-mail omdat u lid bent van " + hosts(organisers) + ", of er voor de griffie werkt. U kunt niet op deze e-mail antwoorden. Hebt u een vraag? Stel die aan uw griffie.",
		facts: [][2]string{
			{"Vergadering", name},
			{"Dag", dutch.Weekday(m.StartsAt)},
			{"Tijd", dutch.ClockRange(m.StartsAt, m.EndsAt)},
		},
	}
	if m.Location != "" {
		l.facts = append(l.facts, [2]string{"Plaats", m.Location})
	}
	word := "vergadering"
	if m.Kind.Event() {
		word = "bijeenkomst"
		l.facts[0][0], l.label = "Bijeenkomst", "De bijeenkomst"
		l.closing = "U krijgt deze e-mail omdat u voor deze bijeenkomst bent uitgenodigd door " + hosts(organisers) + ". Antwoorden op deze e-mail leest niemand; vragen stelt u aan uw griffie."
	}
	when := name + ", " + dutch.Weekday(m.StartsAt)
	switch kind {
	case meeting.TellMoved:
		l.subject = "Verplaatst: " + when
		l.paragraphs = []string{"De vergadering waarvoor u was opgeroepen, is verplaatst. Hieronder staan de nieuwe dag en tijd."}
		if m.Kind.Event() {
			l.paragraphs = []string{"De bijeenkomst waarvoor u bent uitgenodigd, is verplaatst. Hieronder staan de nieuwe dag en tijd."}
		}
		if m.MovedFrom != nil {
			l.facts = append(l.facts, [2]string{"Eerst gepland", dutch.DateTime(*m.MovedFrom)})
		}
		if m.MovedReason != "" {
			l.facts = append(l.facts, [2]string{"Reden", m.MovedReason})
		}
	case meeting.TellCancelled:
		l.subject = "Gaat niet door: " + when
		l.label = "Meer over deze " + word
		l.paragraphs = []string{"Deze " + word + " gaat niet door."}
		l.facts = append(l.facts, [2]string{"Reden", m.CancelledReason})
	default:
		l.subject = "Oproep: " + when
		l.paragraphs = []string{"U bent opgeroepen voor de vergadering hieronder."}
		if !m.Open {
			l.paragraphs = append(l.paragraphs, "Deze vergadering is besloten. Log in om de agenda en de stukken te lezen.")
		}
		for n, i := range items {
			if n == shown {
				l.facts = append(l.facts, [2]string{"En verder", "zie de agenda"})
				break
			}
			if !i.Dropped() && m.Open {
				l.facts = append(l.facts, [2]string{strings.TrimSpace("Punt " + i.Label), i.Title()})
			}
		}
	}
	l.subject = short(l.subject)
	return l
}

// short keeps a subject readable in a list of mails.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 180 {
		return string(r[:179]) + "…"
	}
	return s
}

// hosts names who holds a meeting.
func hosts(organisers []meeting.Organiser) string {
	var names []string
	for _, o := range organisers {
		names = append(names, strings.TrimSpace(o.BodyName+" "+o.OrgName))
	}
	return dutch.List(names)
}
