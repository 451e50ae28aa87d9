package zienswijze

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/route"
	"regiogriffie/internal/rule"
)

// Dispatch is the sending of a draft: on which day, with reasons for the rules it does not meet, by rule id.
type Dispatch struct {
	SentOn  *time.Time
	Reasons map[string]string
	Version int
}

// Send puts the draft before the councils of all who take part today: from now on they read the procedure and their time
// runs. The last day is fixed. The paper of the procedure goes along its route to the councils that are known here; the griffies of
// the others, and of all when there is no paper, hear of it by mail. Sending twice is sending once.
func Send(ctx context.Context, db postgres.DB, actor access.Actor, procedure id.Procedure, d Dispatch) (p Procedure, err error) {
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		p, err = sendDraft(ctx, tx, actor, procedure, d)
		return err
	})
	return p, err
}

func sendDraft(ctx context.Context, tx pgx.Tx, actor access.Actor, procedure id.Procedure, d Dispatch) (p Procedure, err error) {
	if err := holdPaper(ctx, tx, actor, procedure, ""); err != nil {
		return p, err
	}
	if p, err = lock(ctx, tx, actor, procedure); err != nil {
		return p, err
	}
	before := p
	before.State = Preparing
	if !CanSend(actor, before) {
		return p, fault.Forbidden
	}
	if p.State != Preparing {
		return p, nil
	}
	c, err := findCarrier(ctx, tx, actor, p.CollaborationID)
	if err != nil {
		return p, err
	}
	findings, due, id, err := d.fits(p, c, actor.At)
	if err != nil {
		return p, err
	}
	if p.Version != d.Version {
		return p, fault.Conflict
	}
	if actor.MustConfirm() {
		return p, fault.Unconfirmed
	}
	p.State, p.SentOn, p.DueOn, p.DueRule = Sent, dutch.DayOf(d.SentOn), &due, id
	p.Visibility, p.ParticipantOrgIDs = access.Participants, c.Participants
	if err := update(ctx, tx, actor, &p); err != nil {
		return p, err
	}
	if err := askCouncils(ctx, tx, actor, p); err != nil {
		return p, err
	}
	if err := spread(ctx, tx, actor, p); err != nil {
		return p, err
	}
	if err := audit.Note(ctx, tx, actor, "procedure.send", string(p.ID), everyone(p), findings.Reasons(d.Reasons)); err != nil {
		return p, err
	}
	return p, askViews(ctx, tx, actor, p, d.Reasons)
}

// askViews sends the paper to the councils of which nothing came yet, writes the griffies that get no paper, and keeps the days.
func askViews(ctx context.Context, tx pgx.Tx, actor access.Actor, p Procedure, reasons map[string]string) error {
	views, err := allViews(ctx, tx, actor, p.ID)
	if err != nil {
		return err
	}
	asked := route.ViewsAsked{CollaborationID: p.CollaborationID, Due: *p.DueOn}
	for _, v := range views {
		if v.BodyID != "" && (v.State == Received || v.State == Scheduled) {
			asked.Bodies = append(asked.Bodies, v.BodyID)
		}
	}
	if err := keepTerms(ctx, tx, actor, p); err != nil || len(asked.Bodies) == 0 {
		return err
	}
	if p.ProposalID != "" {
		if err := route.AskViews(ctx, tx, actor, p.ProposalID, asked, reasons); err != nil {
			return err
		}
		if err := takeAgendas(ctx, tx, actor, p); err != nil {
			return err
		}
		if views, err = allViews(ctx, tx, actor, p.ID); err != nil {
			return err
		}
	}
	views = slices.DeleteFunc(views, func(v View) bool { return v.BodyID == "" || v.State != Received || v.Step.Carries() })
	return tell(ctx, tx, actor, TellSent, p, views)
}

// everyone are the organisations whose griffiers find an act on the whole procedure in their trail.
func everyone(p Procedure) []id.Organisation {
	return append(append([]id.Organisation{}, p.OrgIDs...), p.ParticipantOrgIDs...)
}

func (d Dispatch) fits(p Procedure, c carrier, at time.Time) (findings rule.Findings, due time.Time, id string, err error) {
	f := fault.Fields{}
	f.Must(d.SentOn != nil, "sent_on", "Vul de dag van verzending in.")
	f.Must(len(c.Participants) > 0, "sent_on", "Aan deze samenwerking neemt niemand deel. Voeg eerst de deelnemers toe.")
	f.Must(p.Unready() == "", "sent_on", p.Unready())
	f.Must(p.Kind != Budget || p.ABOn != nil, "sent_on", "Vul eerst de dag in waarop het bestuur de begroting vaststelt. Daarvan hangt de termijn af.")
	if err := f.Err(); err != nil {
		return nil, due, "", err
	}
	sent := dutch.Day(*d.SentOn)
	f.Must(!sent.After(dutch.Day(at)), "sent_on", "Deze dag moet nog komen. Vul de dag in waarop het ontwerp is verzonden.")
	due, id = Due(p.Kind, sent, zero(p.ABOn), zero(p.RepliesDue))
	f.Must(due.After(sent), "sent_on", "Zo hebben de raden geen dag om te reageren. Verzet de vergadering van het bestuur, of kies een andere dag.")
	if err := f.Err(); err != nil {
		return nil, due, id, err
	}
	findings = DispatchRules(p.Facts, sent)
	return findings, due, id, findings.Unmet(d.Reasons)
}
