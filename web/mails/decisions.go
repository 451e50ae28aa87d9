package mails

import (
	"context"
	"errors"
	"strings"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/ical"
	"regiogriffie/internal/job"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/web/path"
)

func (o Office) ofDecisions() job.Table { return job.Table{meeting.TellDecided: reads(o.decided)} }

// decided writes to who wrote a paper that a body decided upon. Everything is read as the public reads it: of what is closed the
// mail says no more than that there is a decision.
func (o Office) decided(ctx context.Context, d meeting.Decided) error {
	if len(d.Writers) == 0 {
		return nil
	}
	public := access.Actor{At: o.Now()}
	m, err := meeting.Find(ctx, o.DB, public, d.Meeting)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var organisers []meeting.Organiser
	if err := postgres.Read(ctx, o.DB, meeting.OrganisersAt(&organisers, public, m.Slug)); err != nil {
		return err
	}
	made, err := meeting.FindDecision(ctx, o.DB, public, d.Decision)
	var paper proposal.Proposal
	if err == nil {
		paper, err = proposal.Find(ctx, o.DB, public, made.ProposalID)
	}
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	l := o.decision(m, organisers, made, paper, err == nil)
	people, err := meeting.People(ctx, o.DB, d.Writers)
	if err != nil {
		return err
	}
	act := mailing.Act{Cause: d.Cause(), Title: l.subject, Object: string(d.Decision), OrgIDs: m.OrgIDs, Kept: m.MadeUp}
	return o.send(ctx, act, l, people, ical.Event{}, "")
}

func (o Office) decision(m meeting.Meeting, organisers []meeting.Organiser, d meeting.Decision, p proposal.Proposal, open bool) letter {
	base := strings.TrimSuffix(o.BaseURL, "/")
	when := meeting.Name(m.Title, m.Kind, organisers) + ", " + dutch.Weekday(m.StartsAt)
	if !open {
		return letter{
			subject:    short("Besluit genomen: " + when),
			greeting:   "Beste lezer,",
			paragraphs: []string{"Over een besloten stuk waaraan u meeschreef, is een besluit genomen. U leest het na het inloggen."},
			facts:      [][2]string{{"Vergadering", when}},
			label:      "De vergadering",
			address:    base + path.Meeting(m.Slug),
			closing:    "Antwoorden op deze e-mail leest niemand; vragen stelt u aan uw griffie.",
		}
	}
	return letter{
		subject:    short("Besluit: " + d.Kind.Label() + " · " + p.Subject),
		greeting:   "Beste lezer,",
		paragraphs: []string{"Er is een besluit gepubliceerd over een voorstel waaraan u meeschreef."},
		facts: [][2]string{
			{"Voorstel", p.Subject}, {"Besluit", d.Kind.Label()}, {"Nummer", d.Number}, {"Gremium", d.Body()}, {"Besloten op", dutch.Weekday(d.DecidedOn)},
		},
		label:   "Het voorstel",
		address: base + path.Proposal(p.Key),
		closing: "Antwoorden op deze e-mail leest niemand; vragen stelt u aan uw griffie.",
	}
}
