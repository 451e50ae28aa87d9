package mails

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/ical"
	"regiogriffie/internal/id"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/web/path"
)

// changed writes to the griffie of bodies that decided on a paper which was changed afterwards. Everything is read as the public
// reads it: of a paper that is not public the mail says no more than that it changed.
func (o Office) changed(ctx context.Context, args json.RawMessage) error {
	var c proposal.Changed
	if err := json.Unmarshal(args, &c); err != nil {
		return fmt.Errorf("reading the job: %w", err)
	}
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
