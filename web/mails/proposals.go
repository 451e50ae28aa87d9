package mails

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/ical"
	"regiogriffie/internal/id"
	"regiogriffie/internal/job"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/web/path"
)

func (o Office) ofProposals() job.Table {
	return job.Table{proposal.TellChanged: reads(o.changed), proposal.TellAsked: reads(o.asked)}
}

// asked writes to who was asked for advice. The mail says that there is something and where, and nothing of it: an advice is never
// public.
func (o Office) asked(ctx context.Context, a proposal.Asked) error {
	l := letter{
		subject: "Uw advies wordt gevraagd", greeting: "Beste lezer,", label: "Het voorstel",
		address: strings.TrimSuffix(o.BaseURL, "/") + path.Proposal(a.Key),
		paragraphs: []string{"Over een voorstel wordt uw advies gevraagd. Na het inloggen leest u het voorstel, de vraag en de termijn. " +
			"U vindt het ook bij Vandaag."},
		closing: "Antwoorden op deze e-mail leest niemand.",
	}
	var people []meeting.Addressee
	var err error
	if a.Body != "" {
		people, err = meeting.ClerksOf(ctx, o.DB, []id.Body{a.Body}, o.Now())
	} else {
		people, err = meeting.People(ctx, o.DB, []id.Person{a.Person})
	}
	if err != nil {
		return err
	}
	act := mailing.Act{Cause: a.Cause(), Title: l.subject, Object: string(a.Advice), OrgIDs: append([]id.Organisation{}, a.OrgIDs...), Kept: a.MadeUp}
	return o.send(ctx, act, l, people, ical.Event{}, "")
}

// changed writes to the griffie of bodies that decided on a paper which was changed afterwards. Everything is read as the public
// reads it: of a paper that is not public the mail says no more than that it changed.
func (o Office) changed(ctx context.Context, c proposal.Changed) error {
	public := access.Actor{At: o.Now()}
	paper, err := proposal.Find(ctx, o.DB, public, c.Proposal)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	var versions []proposal.Version
	if err == nil {
		if err := postgres.Read(ctx, o.DB, proposal.Versions(&versions, public, c.Proposal)); err != nil {
			return err
		}
	}
	l := o.change(paper, versions, c.Version)
	people, err := meeting.ClerksOf(ctx, o.DB, c.Bodies, public.At)
	if err != nil {
		return err
	}
	act := mailing.Act{Cause: c.Cause(), Title: l.subject, Object: string(c.Proposal), OrgIDs: append([]id.Organisation{}, paper.OrgIDs...), Kept: paper.MadeUp}
	return o.send(ctx, act, l, people, ical.Event{}, "")
}

func (o Office) change(p proposal.Proposal, versions []proposal.Version, number int) letter {
	base := strings.TrimSuffix(o.BaseURL, "/")
	l := letter{
		subject: "Een voorstel is gewijzigd na het besluit", greeting: "Beste lezer,", label: "Vandaag", address: base + path.Today,
		paragraphs: []string{"Een voorstel waarover uw gremium besloot, is daarna gewijzigd. U leest het na het inloggen, bij de voorstellen."},
		closing:    "U krijgt deze e-mail als griffie van een gremium dat over dit voorstel besloot. Antwoorden op deze e-mail leest niemand.",
	}
	if p.ID == "" {
		return l
	}
	l.subject = short("Gewijzigd na het besluit: " + p.Subject)
	l.paragraphs = []string{"Een voorstel waarover uw gremium besloot, is daarna gewijzigd."}
	l.facts = [][2]string{{"Voorstel", p.Subject}, {"Van", p.OwnerName}, {"Versie", strconv.Itoa(number)}}
	l.label, l.address = "Het voorstel", base+path.Proposal(p.Key)
	for _, v := range versions {
		if v.Number != number || v.Renewal.Renewal == "" {
			continue
		}
		answer := "Volgens de indiener hoeft u het niet opnieuw te behandelen."
		if v.Renewal.Renewal == proposal.RenewalNeeded {
			answer = "Volgens de indiener moet u het opnieuw behandelen."
		}
		l.paragraphs = append(l.paragraphs, answer)
		l.facts = append(l.facts, [2]string{"Reden", v.RenewalReason})
	}
	return l
}
