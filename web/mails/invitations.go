package mails

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/ical"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/markdown"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/web/path"
)

func readTelling(args json.RawMessage) (invitation.Telling, error) {
	var t invitation.Telling
	if err := json.Unmarshal(args, &t); err != nil {
		return t, fmt.Errorf("reading the job: %w", err)
	}
	return t, nil
}

// invite writes to those invited what was published, with the entry for their calendars. What is over, or was called off before its
// turn came, is not told; of two publications only the newest.
func (o Office) invite(ctx context.Context, args json.RawMessage) error {
	t, err := readTelling(args)
	if err != nil {
		return err
	}
	public := access.Actor{At: o.Now()}
	p, err := invitation.FindPublication(ctx, o.DB, public, t.Key)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if p.Number != t.Number || p.EndsAt.Before(public.At) || p.MeetingState == meeting.Cancelled {
		return nil
	}
	m, err := meeting.Find(ctx, o.DB, public, p.MeetingID)
	if err != nil {
		return err
	}
	guests, err := invitation.Guestlist(ctx, o.DB, m)
	if err != nil {
		return err
	}
	hosts, err := invitation.Signatories(ctx, o.DB, p.InvitationID, t.By, dutch.DateKey(public.At))
	if err != nil {
		return err
	}
	people := invitation.Joined(guests, hosts)
	l := o.invitation(p)
	act := mailing.Act{Cause: t.Cause(invitation.TellPublished), Title: l.subject, Object: string(p.InvitationID), OrgIDs: organisations(p.Organisers), Kept: p.MadeUp, Topic: mailing.Invitations}
	return o.send(ctx, act, l, people, p.Entry(l.address), organiserNames(p.Organisers))
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

func organisations(list []invitation.Organiser) []id.Organisation {
	var orgs []id.Organisation
	for _, o := range list {
		orgs = append(orgs, o.ID)
	}
	return orgs
}

func organiserNames(list []invitation.Organiser) string {
	var names []string
	for _, o := range list {
		names = append(names, o.Name)
	}
	return dutch.List(names)
}

// invitation is the letter itself, so that who reads nothing but his mail has it whole.
func (o Office) invitation(p invitation.Publication) letter {
	hosts := organiserNames(p.Organisers)
	l := letter{
		subject:  short("Uitnodiging: " + p.Title + ", " + dutch.Weekday(p.StartsAt)),
		greeting: cmp.Or(p.Content.Salutation, "Beste lezer,"),
		label:    "Lees de uitnodiging",
		address:  o.at(path.Invitation(p.Key)),
		facts: [][2]string{
			{"Bijeenkomst", p.Title},
			{"Dag", dutch.Weekday(p.StartsAt)},
			{"Tijd", dutch.ClockRange(p.StartsAt, p.EndsAt)},
		},
		closing: "U krijgt deze e-mail omdat " + hosts + plural(len(p.Organisers), " u hiervoor uitnodigt", " u hiervoor uitnodigen") + ". Antwoorden op deze e-mail leest niemand.",
	}
	if p.Content.Contact == "" {
		l.closing += " Vragen stelt u aan uw griffie."
	}
	if p.Number > 1 {
		l.subject = short("Gewijzigd: " + p.Title + ", " + dutch.Weekday(p.StartsAt))
		l.paragraphs = append(l.paragraphs, "De uitnodiging die u eerder kreeg, is gewijzigd. Hieronder staat de nieuwe tekst.")
	}
	add := func(heading, text string) {
		if text = markdown.Text(text); text == "" {
			return
		}
		if heading != "" {
			l.paragraphs = append(l.paragraphs, heading)
		}
		l.paragraphs = append(l.paragraphs, strings.Split(text, "\n\n")...)
	}
	for _, s := range p.Content.Sections {
		add(s.Heading, s.Text)
	}
	add("Eerdere toezegging", p.Content.Commitment)
	add(cmp.Or(p.Content.FollowUpHeading, "Vervolg"), p.Content.FollowUp)
	add("", p.Content.Closing)
	add("Vragen", p.Content.Contact)
	if p.Content.Purpose != "" {
		l.facts = append(l.facts, [2]string{"Doel", p.Content.Purpose.Label()})
	}
	if p.Location != "" {
		l.facts = append(l.facts, [2]string{"Plaats", p.Location})
	}
	clocks := invitation.Clocks(p.StartsAt, p.Content.Programme)
	for n, part := range p.Content.Programme {
		if n == shown {
			l.facts = append(l.facts, [2]string{"En verder", "zie de uitnodiging"})
			break
		}
		when := "Onderdeel " + strconv.Itoa(n+1)
		if !clocks[n].IsZero() {
			when = dutch.Clock(clocks[n]) + " uur"
		}
		what := part.Title
		for _, who := range part.Presenters {
			what += "; " + who.String()
		}
		l.facts = append(l.facts, [2]string{when, what})
	}
	for _, s := range p.Signers {
		for _, each := range p.Organisers {
			if each.ID == s.OrganisationID {
				l.facts = append(l.facts, [2]string{"Namens " + each.Name, s.Name + ", " + s.Capacity})
			}
		}
	}
	return l
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// lapse ends the signatures under an invitation whose day or place changed at its meeting.
func (o Office) lapse(ctx context.Context, args json.RawMessage) error {
	var t meeting.Telling
	if err := json.Unmarshal(args, &t); err != nil {
		return fmt.Errorf("reading the job: %w", err)
	}
	return invitation.Lapse(ctx, o.DB, t.Meeting, o.Now())
}

// saveTheDate asks people to keep the day free.
func (o Office) saveTheDate(ctx context.Context, args json.RawMessage) error {
	t, err := readTelling(args)
	if err != nil {
		return err
	}
	public := access.Actor{At: o.Now()}
	s, err := invitation.FindSaveTheDate(ctx, o.DB, t.SaveTheDate)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	m, organisers, err := meeting.FindWhole(ctx, o.DB, public, s.MeetingID)
	if err != nil {
		return err
	}
	if m.EndsAt.Before(public.At) || m.State == meeting.Cancelled {
		return nil
	}
	people, err := meeting.Seated(ctx, o.DB, s.BodyIDs, dutch.DateKey(m.StartsAt))
	if err != nil {
		return err
	}
	l := letter{
		subject:    short("Houd vrij: " + meeting.Name(m.Title, m.Kind, organisers) + ", " + dutch.Weekday(m.StartsAt)),
		greeting:   "Beste lezer,",
		paragraphs: []string{"Wilt u deze dag vrijhouden? De uitnodiging volgt later."},
		label:      "De bijeenkomst",
		address:    o.at(path.Meeting(m.Slug)),
		closing:    "U krijgt deze e-mail omdat " + meeting.HolderNames(organisers) + " u willen uitnodigen. Antwoorden op deze e-mail leest niemand; vragen stelt u aan uw griffie.",
		facts: [][2]string{
			{"Bijeenkomst", meeting.Name(m.Title, m.Kind, organisers)},
			{"Dag", dutch.Weekday(m.StartsAt)},
			{"Tijd", dutch.ClockRange(m.StartsAt, m.EndsAt)},
		},
	}
	if len(organisers) == 1 {
		l.closing = strings.Replace(l.closing, "u willen uitnodigen", "u wil uitnodigen", 1)
	}
	if s.Text != "" {
		l.paragraphs = append(l.paragraphs, s.Text)
	}
	if m.Location != "" {
		l.facts = append(l.facts, [2]string{"Plaats", m.Location})
	}
	act := mailing.Act{Cause: t.Cause(invitation.TellSaveTheDate), Title: l.subject, Object: string(m.ID), OrgIDs: m.OrgIDs, Kept: m.MadeUp, Topic: mailing.Invitations}
	return o.send(ctx, act, l, people, meeting.EntryOf(m, organisers).Event(l.address), meeting.HolderNames(organisers))
}

// askSigners tells who signs, and who decides, that an invitation waits for them. It is not public yet, so the mail says that
// there is one, and where.
func (o Office) askSigners(ctx context.Context, kind string, args json.RawMessage) error {
	t, err := readTelling(args)
	if err != nil {
		return err
	}
	if t.Until.Before(o.Now()) {
		return nil
	}
	people, err := invitation.Signatories(ctx, o.DB, t.Invitation, t.By, dutch.DateKey(o.Now()))
	if t.For != "" {
		people, err = meeting.People(ctx, o.DB, []id.Person{t.For})
	}
	if err != nil {
		return err
	}
	by, err := o.named(ctx, t.By)
	if err != nil {
		return err
	}
	orgs, err := postgres.All[struct {
		ID   id.Organisation
		Name string
	}](ctx, o.DB, `select o.id, o.name from invitation_organisers io join organisations o on o.id = io.organisation_id where io.invitation_id = @id order by io.sequence`,
		postgres.Args{"id": t.Invitation})
	if err != nil {
		return err
	}
	act := mailing.Act{Cause: t.Cause(kind), Object: string(t.Invitation), Kept: t.MadeUp}
	var names []string
	for _, each := range orgs {
		act.OrgIDs, names = append(act.OrgIDs, each.ID), append(names, each.Name)
	}
	with := dutch.List(names)
	l := letter{
		greeting: "Beste lezer,",
		label:    "De uitnodiging",
		address:  o.at(path.Invitation(t.Key)),
		closing:  "U krijgt deze e-mail omdat u ondertekent, of omdat u griffier of secretaris bent bij een van deze organisaties. Antwoorden op deze e-mail leest niemand.",
	}
	switch kind {
	case invitation.TellLapsed:
		l.subject = "Opnieuw ondertekenen: uitnodiging van " + with
		l.paragraphs = []string{by + " heeft de uitnodiging van " + with + " gewijzigd nadat er was ondertekend. Die ondertekeningen gelden niet meer. Lees haar opnieuw en onderteken dan."}
	case invitation.TellReady:
		l.subject = "Ondertekend door iedereen: uitnodiging van " + with
		l.paragraphs = []string{"Alle organisaties hebben de uitnodiging van " + with + " ondertekend. De griffier of de secretaris van een van de organisaties kan haar nu publiceren."}
	case invitation.TellSignedFor:
		l.subject = "Voor u ondertekend: uitnodiging van " + with
		l.paragraphs = []string{by + " heeft de uitnodiging van " + with + " voor u ondertekend. Dat staat bij uw naam. Klopt dit niet? Neem dan contact op met " + by + " of met uw griffie."}
		l.closing = "U krijgt deze e-mail omdat uw naam onder deze uitnodiging staat. Antwoorden op deze e-mail leest niemand."
	case invitation.TellRemark:
		l.subject = "Opmerking bij de uitnodiging van " + with
		l.paragraphs = []string{by + " heeft een opmerking geplaatst bij de uitnodiging van " + with + ". U leest haar na het inloggen."}
	default:
		l.subject = "Ter ondertekening: uitnodiging van " + with
		l.paragraphs = []string{"Er ligt een uitnodiging van " + with + " voor u klaar. Lees haar na het inloggen. U kunt een opmerking plaatsen of ondertekenen. Elke organisatie ondertekent wanneer zij wil."}
	}
	l.subject = short(l.subject)
	act.Title = l.subject
	return o.send(ctx, act, l, people, ical.Event{}, "")
}

// named is what a person is called in a letter; the program itself is "Regiogriffie".
func (o Office) named(ctx context.Context, p id.Person) (string, error) {
	if p == "" {
		return "Regiogriffie", nil
	}
	found, err := meeting.People(ctx, o.DB, []id.Person{p})
	if err != nil || len(found) == 0 {
		return "Een collega", err
	}
	return found[0].Name, nil
}
