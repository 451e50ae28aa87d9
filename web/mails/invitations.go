package mails

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"strings"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/job"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/markdown"
	"regiogriffie/internal/meeting"
	"regiogriffie/web/path"
)

func (o Office) ofInvitations() job.Table {
	return job.Table{
		invitation.TellPublished: reads(o.invite), invitation.TellSaveTheDate: reads(o.saveTheDate),
		meeting.Changed: reads(o.lapse),
	}
}

// invite writes to those invited what was published, with the entry for their calendars. What is over, or was called off before its
// turn came, is not told; of two publications only the newest.
func (o Office) invite(ctx context.Context, t invitation.Telling) error {
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
	act := mailing.Act{
		Cause: t.Cause(invitation.TellPublished), Title: l.subject, Object: string(p.InvitationID), OrgIDs: organisations(p.Organisers),
		Kept: p.MadeUp, Topic: mailing.Invitations,
	}
	return o.send(ctx, act, l, people, p.Entry(l.address), organiserNames(p.Organisers))
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
		closing: "U krijgt deze e-mail omdat " + hosts + dutch.Plural(len(p.Organisers), " u hiervoor uitnodigt", " u hiervoor uitnodigen") +
			". Antwoorden op deze e-mail leest niemand.",
	}
	if p.Content.Contact == "" {
		l.closing += " Vragen stelt u aan uw griffie."
	}
	if p.Number > 1 {
		l.subject = short("Gewijzigd: " + p.Title + ", " + dutch.Weekday(p.StartsAt))
		l.paragraphs = append(l.paragraphs, "De uitnodiging die u eerder kreeg, is gewijzigd. Hieronder staat de nieuwe tekst.")
	}
	for _, s := range p.Content.Sections {
		l.add(s.Heading, s.Text)
	}
	l.add("Eerdere toezegging", p.Content.Commitment)
	l.add(cmp.Or(p.Content.FollowUpHeading, "Vervolg"), p.Content.FollowUp)
	l.add("", p.Content.Closing)
	l.add("Vragen", p.Content.Contact)
	if p.Content.Purpose != "" {
		l.facts = append(l.facts, [2]string{"Doel", p.Content.Purpose.Label()})
	}
	if p.Location != "" {
		l.facts = append(l.facts, [2]string{"Plaats", p.Location})
	}
	l.programme(p)
	l.signers(p)
	return l
}

// add appends a text of the invitation under its heading, if there is any text.
func (l *letter) add(heading, text string) {
	if text = markdown.Text(text); text == "" {
		return
	}
	if heading != "" {
		l.paragraphs = append(l.paragraphs, heading)
	}
	l.paragraphs = append(l.paragraphs, strings.Split(text, "\n\n")...)
}

func (l *letter) programme(p invitation.Publication) {
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
}

func (l *letter) signers(p invitation.Publication) {
	for _, s := range p.Signers {
		for _, each := range p.Organisers {
			if each.ID == s.OrganisationID {
				l.facts = append(l.facts, [2]string{"Namens " + each.Name, s.Name + ", " + s.Capacity})
			}
		}
	}
}

// lapse ends the signatures under an invitation whose day or place changed at its meeting.
func (o Office) lapse(ctx context.Context, t meeting.Telling) error {
	return invitation.Lapse(ctx, o.DB, t.Meeting, o.Now())
}

// saveTheDate asks people to keep the day free.
func (o Office) saveTheDate(ctx context.Context, t invitation.Telling) error {
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
		closing: "U krijgt deze e-mail omdat " + meeting.HolderNames(organisers) +
			" u willen uitnodigen. Antwoorden op deze e-mail leest niemand; vragen stelt u aan uw griffie.",
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
	act := mailing.Act{
		Cause: t.Cause(invitation.TellSaveTheDate), Title: l.subject, Object: string(m.ID), OrgIDs: m.OrgIDs, Kept: m.MadeUp,
		Topic: mailing.Invitations,
	}
	return o.send(ctx, act, l, people, meeting.EntryOf(m, organisers).Event(l.address), meeting.HolderNames(organisers))
}
