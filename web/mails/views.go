package mails

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/job"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/route"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/web/path"
)

func (o Office) ofZienswijzen() job.Table {
	return job.Table{zienswijze.TellSent: reads(o.viewAsked), zienswijze.TellAnswered: reads(o.viewAnswered), zienswijze.LookAtViews: o.viewTerms}
}

// ofCouncil is a procedure with the view of one council, as its griffie reads them.
type ofCouncil struct {
	procedure zienswijze.Procedure
	view      zienswijze.View
}

// council reads it; fault.NotFound when the griffie may not, or there is none any more.
func (o Office) council(ctx context.Context, procedure string, d zienswijze.Desk) (c ofCouncil, err error) {
	as := d.Actor(o.Now())
	err = postgres.Read(ctx, o.DB, zienswijze.Into(&c.procedure, as, procedure), zienswijze.ViewInto(&c.view, as, procedure, d.Council))
	return c, err
}

// toCouncils writes one letter to the griffie of each council of a job; letter is nil where there is nothing to tell any more.
func (o Office) toCouncils(ctx context.Context, kind string, t zienswijze.Telling, tells func(c ofCouncil) *letter) error {
	for _, d := range t.Desks {
		c, err := o.council(ctx, t.Procedure, d)
		if errors.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		l := tells(c)
		if l == nil {
			continue
		}
		act := mailing.Act{Cause: t.Cause(kind, d), Object: string(d.View), Kept: c.procedure.MadeUp}
		if err := pgx.BeginFunc(ctx, o.DB, func(tx pgx.Tx) error { return o.toClerks(ctx, tx, d.Body, d.Organisation, act, *l) }); err != nil {
			return err
		}
	}
	return nil
}

// viewAsked tells griffies that a draft came of which no paper lies in their in-trays.
func (o Office) viewAsked(ctx context.Context, t zienswijze.Telling) error {
	return o.toCouncils(ctx, zienswijze.TellSent, t, func(c ofCouncil) *letter {
		if c.view.State != zienswijze.Received {
			return nil
		}
		l := o.councilLetter(c, "Zienswijze gevraagd aan "+c.view.Council(),
			c.procedure.Collaboration()+" vraagt de zienswijze van uw raad over een ontwerp. Kies een vergadering, of zeg dat uw raad geen zienswijze geeft.")
		return &l
	})
}

// viewAnswered tells the griffie that the board answered the view of its council.
func (o Office) viewAnswered(ctx context.Context, t zienswijze.Telling) error {
	return o.toCouncils(ctx, zienswijze.TellAnswered, t, func(c ofCouncil) *letter {
		if c.view.State != zienswijze.Answered {
			return nil
		}
		l := o.councilLetter(c, "Antwoord op de zienswijze van "+c.view.Council(),
			"Het bestuur heeft de zienswijze van uw raad beantwoord. U leest het antwoord na het inloggen.")
		return &l
	})
}

// councilLetter names the collaboration and the days, which are no secret to the participants, and nothing of what is said.
func (o Office) councilLetter(c ofCouncil, subject, paragraph string) letter {
	l := letter{
		subject:    short(subject),
		greeting:   "Beste griffie,",
		paragraphs: []string{paragraph},
		facts:      [][2]string{{"Van", c.procedure.Collaboration()}, {"Voor", c.view.Council()}},
		label:      "De zienswijze",
		address:    o.at(path.View(c.procedure.Key, c.view.OrgKey)),
		closing:    "U krijgt deze e-mail als griffie van " + c.view.Council() + ". U leest het ontwerp na het inloggen. Antwoorden op deze e-mail leest niemand.",
	}
	if c.procedure.DueOn != nil && c.view.State != zienswijze.Answered {
		l.facts = append(l.facts, [2]string{"Uiterlijk", dutch.Weekday(*c.procedure.DueOn)})
	}
	return l
}

// viewTerms reminds griffies of views that are not planned while the last safe meeting of their council comes near.
func (o Office) viewTerms(ctx context.Context, _ json.RawMessage) error {
	now := o.Now()
	var failed error
	for {
		pending, err := zienswijze.ToRemind(ctx, o.DB, now)
		if err != nil || len(pending) == 0 {
			return errors.Join(failed, err)
		}
		before := failed
		for _, p := range pending { // what goes wrong with one does not keep others waiting
			failed = errors.Join(failed, o.remindCouncil(ctx, p, now))
		}
		if before == nil && failed != nil || before != nil {
			return failed // those stay to be looked at the next hour
		}
	}
}

// remindCouncil writes when it is time for that. It is told once for each last day.
func (o Office) remindCouncil(ctx context.Context, p zienswijze.Pending, now time.Time) error {
	c, err := o.council(ctx, p.ProcedureKey, p.Desk())
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	today := dutch.Day(now)
	over := err != nil || today.After(p.DueOn) || c.procedure.State == zienswijze.Closed
	due := false
	var l letter
	if !over && c.view.State == zienswijze.Received && c.view.Step.State != route.StepRefused {
		safe := zienswijze.LastSafe(c.view.Calendar(), *c.procedure.SentOn, p.DueOn)
		from := zienswijze.RemindOn(safe, p.DueOn)
		inTray := c.view.Step.Waits() && (c.view.Step.Planned || !from.Before(p.DueOn.AddDate(0, 0, -route.RemindDays)))
		if due = !today.Before(from) && !inTray; due { // what lies in the in-tray has its own reminder; this one is for who must be earlier
			l = o.reminder(c, safe, now)
		}
	}
	return pgx.BeginFunc(ctx, o.DB, func(tx pgx.Tx) error {
		if due {
			act := mailing.Act{
				Cause: fmt.Sprintf("view.reminder:%s:%s", p.ViewID, dutch.DateKey(p.DueOn)), Object: string(p.ViewID), Kept: c.procedure.MadeUp, Topic: mailing.Reminders,
			}
			if err := o.toClerks(ctx, tx, p.BodyID, p.OrganisationID, act, l); err != nil {
				return err
			}
		}
		return zienswijze.Looked(ctx, tx, p, now, over || due)
	})
}

func (o Office) reminder(c ofCouncil, safe zienswijze.Safe, now time.Time) letter {
	today := dutch.Day(now)
	text := "De zienswijze van uw raad staat nog niet op een agenda."
	switch {
	case !safe.Meeting.IsZero() && !safe.Meeting.Before(today):
		text += " De laatste vergadering die op tijd is, is op " + dutch.Weekday(safe.Meeting) + "."
	case safe.Meeting.IsZero() && !safe.Extra.Before(today):
		text += " Er is geen vergadering op tijd bekend. Een extra vergadering kan uiterlijk op " + dutch.Weekday(safe.Extra) + "."
	}
	l := o.councilLetter(c, "Nog niet gepland: zienswijze van "+c.view.Council(), text)
	if c.view.PapersDueDays != nil && !safe.Papers.IsZero() && !safe.Papers.Before(today) {
		l.facts = append(l.facts, [2]string{"Stukken bij de griffie", "uiterlijk " + dutch.Weekday(safe.Papers)})
	}
	if c.view.Step.Waits() && c.procedure.ProposalKey != "" {
		l.label, l.address = "Het voorstel in uw postvak", o.at(path.Step(c.procedure.ProposalKey, c.view.Step.Key))
	}
	return l
}
