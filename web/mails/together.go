package mails

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"regiogriffie/internal/ical"
	"regiogriffie/internal/id"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/meeting"
	"regiogriffie/web/path"
)

// askedAlong writes to the griffie of a body that is asked to hold a meeting, or to those that asked what the answer is. The mail says that
// there is something and where, and nothing of it: a meeting that is a concept is nobody else's business.
func (o Office) askedAlong(ctx context.Context, kind string, args json.RawMessage) error {
	var a meeting.AskedAlong
	if err := json.Unmarshal(args, &a); err != nil {
		return fmt.Errorf("reading the job: %w", err)
	}
	slug, parties, err := meeting.PartiesOf(ctx, o.DB, a.Meeting)
	if err != nil || slug == "" {
		return err
	}
	l := letter{
		subject: "U bent gevraagd een vergadering mee te houden", greeting: "Beste lezer,", label: "De vraag",
		paragraphs: []string{
			"Een andere griffie vraagt of uw gremium of organisatie een vergadering mee houdt.",
			"Zolang uw griffier niet antwoordt, staat u er nergens bij. Na het inloggen leest u om welke vergadering het gaat. U vindt de vraag ook bij Vandaag.",
		},
		closing: "U krijgt deze e-mail omdat u er voor de griffie werkt, of secretaris bent. Antwoorden op deze e-mail leest niemand.",
	}
	var people []meeting.Addressee
	if kind == meeting.TellAskedAlong {
		for _, p := range parties {
			if p.OrganisationID == a.Organisation && p.BodyID == a.Body {
				l.address = o.at(path.MeetingParty(slug, cmp.Or(p.BodyKey, p.OrgKey)))
			}
		}
		if l.address == "" { // taken back, or answered, before its turn came
			return nil
		}
		people, err = meeting.OfficeOf(ctx, o.DB, []id.Body{a.Body}, []id.Organisation{a.Organisation}, o.Now())
	} else {
		l.subject, l.label, l.address = "Een gremium doet niet mee met uw vergadering", "De vergadering", o.at(path.Meeting(slug))
		l.paragraphs = []string{"U vroeg een ander gremium om een vergadering mee te houden. Het doet niet mee. Na het inloggen leest u de reden."}
		if a.Agreed {
			l.subject = "Een gremium houdt uw vergadering mee"
			l.paragraphs = []string{"U vroeg een ander gremium om een vergadering mee te houden. De griffier heeft ingestemd. U stelt de agenda vanaf nu samen op."}
		}
		var bodies []id.Body
		var orgs []id.Organisation
		for _, p := range parties {
			if p.Agreed() && !p.Asked && (p.OrganisationID != a.Organisation || p.BodyID != a.Body) {
				bodies, orgs = append(bodies, p.BodyID), append(orgs, p.OrganisationID)
			}
		}
		people, err = meeting.OfficeOf(ctx, o.DB, bodies, orgs, o.Now())
	}
	if err != nil {
		return err
	}
	act := mailing.Act{Cause: a.Cause(kind), Title: l.subject, Object: string(a.Meeting), OrgIDs: append([]id.Organisation{}, a.OrgIDs...), Kept: a.MadeUp}
	return o.send(ctx, act, l, people, ical.Event{}, "")
}
