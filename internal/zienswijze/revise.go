package zienswijze

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
)

// Revise changes the facts of a procedure. Once the draft was sent only the day and meeting of the board, the paper and the
// subjects count, and the last day moves along with the board. Another version than the one given is fault.Conflict.
func Revise(ctx context.Context, db postgres.DB, actor access.Actor, procedure id.Procedure, version int, d Draft) (p Procedure, err error) {
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		p, err = revise(ctx, tx, actor, procedure, version, d)
		return err
	})
	return p, err
}

func revise(ctx context.Context, tx pgx.Tx, actor access.Actor, procedure id.Procedure, version int, d Draft) (Procedure, error) {
	before, err := holdWith(ctx, tx, actor, procedure, d.ProposalID)
	if err != nil {
		return before, err
	}
	if !CanRevise(actor, before) {
		return before, fault.Forbidden
	}
	p, err := before.asked(d, version, actor.At)
	if err != nil {
		return before, err
	}
	if err := fits(ctx, tx, actor, &p); err != nil {
		return before, err
	}
	if p.adds(before) {
		if err := offered(ctx, tx, actor, p.ProposalID); err != nil {
			return before, err
		}
	}
	p, told, err := p.reckoned(before)
	if err != nil {
		return before, err
	}
	if err := update(ctx, tx, actor, &p); err != nil {
		return before, err
	}
	if err := setSubjects(ctx, tx, actor, p, d.Subjects); err != nil {
		return before, err
	}
	if err := audit.Note(ctx, tx, actor, "procedure.revise", string(p.ID), p.OrgIDs, ""); err != nil {
		return before, err
	}
	switch told {
	case termsMoved:
		err = keepTerms(ctx, tx, actor, p) // who was written hears of the day by the reminder
	case routeMoved:
		err = askAgain(ctx, tx, actor, p)
	}
	return p, err
}

// holdWith holds the procedure, after the papers that it is about and will be about.
func holdWith(ctx context.Context, tx pgx.Tx, actor access.Actor, procedure id.Procedure, paper id.Proposal) (Procedure, error) {
	if err := holdPaper(ctx, tx, actor, procedure, ""); err != nil {
		return Procedure{}, err
	}
	if paper != "" {
		if err := proposal.Hold(ctx, tx, actor, paper); err != nil {
			return Procedure{}, err
		}
	}
	return lock(ctx, tx, actor, procedure)
}

// asked is the procedure with what d asks of it, or what is wrong with that.
func (p Procedure) asked(d Draft, version int, now time.Time) (Procedure, error) {
	if p.State == Sent && p.ProposalID != "" && d.ProposalID != p.ProposalID {
		return p, fault.Fields{"proposal_id": "Dit voorstel ligt bij de raden. Zij houden het; u kunt wel een nieuwe versie van het voorstel maken."}
	}
	d.CollaborationID = p.CollaborationID
	if p.State == Sent {
		kept := p.Facts
		kept.ABOn, kept.ABMeetingID, kept.ProposalID = d.ABOn, d.ABMeetingID, d.ProposalID
		d.Facts = kept
	}
	if err := d.Check(now); err != nil {
		return p, err
	}
	p.Facts, p.Version = d.Facts, version
	return p, nil
}

// adds tells whether p brings a paper to a draft that councils have already.
func (p Procedure) adds(before Procedure) bool {
	return p.State == Sent && before.ProposalID == "" && p.ProposalID != ""
}

// consequence is what a revision means for the councils that have the draft.
type consequence int

const (
	nothing    consequence = iota // they do not have it, or nothing they go by is another
	termsMoved                    // their last day
	routeMoved                    // the steps by which the paper comes to them
)

// reckoned is the procedure with the last day that follows from its facts, and what that means for the councils.
func (p Procedure) reckoned(before Procedure) (Procedure, consequence, error) {
	if p.State != Sent {
		return p, nothing, nil
	}
	due, rule := Due(p.Kind, *p.SentOn, zero(p.ABOn), zero(p.RepliesDue))
	if due.Before(*p.SentOn) {
		return p, nothing, fault.Fields{"ab_on": "Op die dag is het ontwerp nog maar net bij de raden. Kies een latere dag."}
	}
	p.DueOn, p.DueRule = &due, rule
	switch {
	case before.ProposalID == p.ProposalID && before.DueOn.Equal(due):
		return p, nothing, nil
	case p.ProposalID == "":
		return p, termsMoved, nil
	}
	return p, routeMoved, nil
}

// offered refuses a paper whose text is not fixed yet.
func offered(ctx context.Context, tx pgx.Tx, actor access.Actor, paper id.Proposal) error {
	ready, err := postgres.One[bool](ctx, tx, `select x.state not in ('concept', 'ambtelijk_gereed', 'bestuurlijk_akkoord', 'teruggestuurd') from proposals x
		where x.id = @id and `+access.Seen("x"), postgres.Args{"id": paper}.As(actor))
	if err == nil && !ready {
		err = fault.Fields{"proposal_id": "Dit voorstel is nog niet aangeboden. Bied het eerst aan: dan staat de tekst vast die naar de raden gaat."}
	}
	return err
}

func askAgain(ctx context.Context, tx pgx.Tx, actor access.Actor, p Procedure) error {
	err := askViews(ctx, tx, actor, p, nil)
	if fields := (fault.Fields{}); errors.As(err, &fields) {
		return fault.Fields{"proposal_id": "Dit voorstel kan zo niet naar de raden. Kijk bij de route van het voorstel wat er eerst moet gebeuren."}
	}
	return err
}
