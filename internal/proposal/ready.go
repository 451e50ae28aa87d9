package proposal

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
)

// MissingForReady says what is needed before the civil servants are done with the paper (domain 4.2); nil when nothing is.
func (p Proposal) MissingForReady() error {
	f := fault.Fields{}
	f.Must(strings.TrimSpace(p.Subject) != "", "subject", "Vul een onderwerp in.")
	f.Must(strings.TrimSpace(p.Summary) != "", "summary", "Vul de samenvatting in.")
	f.Must(len(p.Authors) > 0, "authors", "Noem ten minste één opsteller.")
	f.Must(p.TargetBodyID != "", "target_body_id", "Kies voor welk gremium het voorstel is.")
	return f.Err()
}

// MarkReady says that the civil servants are done, and asks the consent of a portfolio holder of the owner, who reads the paper
// from now on. What is still missing is a fault.Fields; so is a person who holds no portfolio there ("holder_id"). Twice is once.
func MarkReady(ctx context.Context, db postgres.DB, actor access.Actor, proposal id.Proposal, holder id.Person) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		p, err := FindLocked(ctx, tx, actor, proposal)
		if err != nil {
			return err
		}
		before := p
		if p.State == Ready {
			before.State = Concept
		}
		if !CanMarkReady(actor, before) {
			return fault.Forbidden
		}
		if p.State == Ready && p.HolderID == holder {
			return nil
		}
		if err := p.MissingForReady(); err != nil {
			return err
		}
		var holders []partner.Colleague
		if err := postgres.Read(ctx, tx, partner.PortfolioHolders(&holders, actor, p.OwnerOrgID)); err != nil {
			return err
		}
		if !slices.ContainsFunc(holders, func(h partner.Colleague) bool { return h.ID == holder }) {
			return fault.Fields{"holder_id": "Kies de portefeuillehouder die akkoord moet geven."}
		}
		p.State, p.HolderID, p.ReturnedReason = Ready, holder, ""
		p.readAlong(holder)
		return step(ctx, tx, actor, p, Readied, "", "proposal.ready", "")
	})
}

// Agree is the consent of the portfolio holder who was asked. Twice is once.
func Agree(ctx context.Context, db postgres.DB, actor access.Actor, proposal id.Proposal) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		p, err := FindLocked(ctx, tx, actor, proposal)
		if err != nil {
			return err
		}
		before := p
		if p.State == Agreed {
			before.State = Ready
		}
		if !CanAgree(actor, before) {
			return fault.Forbidden
		}
		if p.State == Agreed {
			return nil
		}
		if actor.MustConfirm() {
			return fault.Unconfirmed
		}
		p.State = Agreed
		return step(ctx, tx, actor, p, AgreedTo, "", "proposal.agree", "")
	})
}

// SendBack returns the paper to who wrote it, with the reason. Who read it goes on reading it as it is until the writers change it:
// then it is a concept again, theirs alone. Twice is once.
func SendBack(ctx context.Context, db postgres.DB, actor access.Actor, proposal id.Proposal, reason string) error {
	reason = strings.TrimSpace(reason)
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		p, err := FindLocked(ctx, tx, actor, proposal)
		if err != nil {
			return err
		}
		before := p
		if p.State == Returned { // a second time is asked of the same people
			if before.State = Ready; p.OfferedAt != nil {
				before.State = Offered
			}
		}
		if !CanSendBack(actor, before) {
			return fault.Forbidden
		}
		if p.State == Returned {
			return nil
		}
		f := fault.Fields{}
		f.Must(reason != "", "reason", "Vul in wat er nog moet gebeuren. Wie het voorstel schrijft, leest dit.")
		f.Must(!tooLong(reason, 2000), "reason", "Maak de reden korter: hoogstens 2.000 tekens.")
		if err := f.Err(); err != nil {
			return err
		}
		p.State, p.ReturnedReason = Returned, reason
		return step(ctx, tx, actor, p, SentBack, reason, "proposal.return", "")
	})
}

// readAlong lets people read the paper who do not write it.
func (p *Proposal) readAlong(people ...id.Person) {
	p.WriterIDs, p.ReaderIDs = slices.Clone(p.WriterIDs), slices.Clone(postgres.OrEmpty(p.ReaderIDs))
	for _, each := range people {
		if !slices.Contains(p.WriterIDs, each) {
			p.WriterIDs, p.ReaderIDs = append(p.WriterIDs, each), append(p.ReaderIDs, each)
		}
	}
}

// reopen makes a paper that was sent back a concept again, for who prepares it alone.
func reopen(ctx context.Context, tx postgres.DB, actor access.Actor, p Proposal) error {
	p.State, p.ReturnedReason, p.OfferedAt, p.Visibility, p.ParticipantOrgIDs = Concept, "", nil, access.Draft, []id.Organisation{}
	if err := updateState(ctx, tx, actor, p); err != nil {
		return err
	}
	if err := spread(ctx, tx, actor, p); err != nil {
		return err
	}
	return moved(ctx, tx, actor, p, Reopened, "")
}

// step writes the new state and audience, on everything that belongs to the paper, keeps the move with what its readers learn of the
// reason, and notes the act.
func step(ctx context.Context, tx postgres.DB, actor access.Actor, p Proposal, act Act, told, note, reason string) error {
	if err := updateState(ctx, tx, actor, p); err != nil {
		return err
	}
	if err := spread(ctx, tx, actor, p); err != nil {
		return err
	}
	if err := moved(ctx, tx, actor, p, act, told); err != nil {
		return err
	}
	return audit.Note(ctx, tx, actor, note, string(p.ID), InTrailOf(p), reason)
}
