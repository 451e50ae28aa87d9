package meeting

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/internal/zienswijze"
)

// Call is the convocation: when it reaches the members, and the reasons for going on in spite of warnings, by rule id.
type Call struct {
	DeliveredAt *time.Time
	Reasons     map[string]string
	Version     int // of the meeting the griffier looked at
}

// Convene calls the members and publishes agenda and papers in one act (GW-19.1, GW-19.2). Only the griffier; rules that
// are not met come back as fault.Fields under their ids. Convening twice is convening once.
func Convene(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, c Call) (convened Meeting, err error) {
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		convened, err = convene(ctx, tx, actor, m, c)
		return err
	})
	return convened, err
}

func convene(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, c Call) (convened Meeting, err error) {
	was, organisers, err := lock(ctx, tx, actor, m)
	if err != nil {
		return convened, err
	}
	if !CanConvene(actor, was, organisers) {
		return convened, fault.Forbidden
	}
	if was.State == Convened {
		convened = was
		return convened, nil
	}
	if was.Kind.Event() {
		return convened, fault.Because("Voor een bijeenkomst zonder besluiten is er geen oproep. Maak haar bekend.")
	}
	if c.DeliveredAt == nil {
		return convened, fault.Fields{"delivered_on": "Vul in wanneer de leden de oproep krijgen, bijvoorbeeld vandaag."}
	}
	if c.Version != was.Version {
		return convened, fault.Conflict
	}
	// What is closed for another body must be right too, though the actor does not see it: a finding names labels alone.
	duty := spreading(actor, organisers)
	items, err := itemsOf(ctx, tx, duty, m)
	if err != nil {
		return convened, err
	}
	attached, err := attachedOf(ctx, tx, duty, m)
	if err != nil {
		return convened, err
	}
	asked, err := requestsOf(ctx, tx, actor, m)
	if err != nil {
		return convened, err
	}
	found := Findings(was, organisers, asked, items, attached, *c.DeliveredAt)
	if err := found.Unmet(c.Reasons); err != nil {
		return convened, err
	}
	if actor.MustConfirm() {
		return convened, fault.Unconfirmed
	}
	next := was
	next.State, next.Audience = Convened, audienceOf(Convened, organisers, nil)
	next.NoticeDeliveredAt, next.PublishedAt = c.DeliveredAt, &actor.At
	next.Sequence++
	if convened, err = updateMeeting(ctx, tx, actor, next); err != nil {
		return convened, err
	}
	if err := spreadAudience(ctx, tx, actor, convened, organisers); err != nil {
		return convened, err
	}
	if err := publishPapers(ctx, tx, duty, convened); err != nil {
		return convened, err
	}
	if err := audit.Note(ctx, tx, actor, "meeting.convene", string(m), convened.OrgIDs, found.Reasons(c.Reasons)); err != nil {
		return convened, err
	}
	return convened, tell(ctx, tx, TellConvened, convened)
}

// publishPapers makes the papers of open items public with a published agenda; closed ones stay with their bodies.
func publishPapers(ctx context.Context, tx pgx.Tx, actor access.Actor, m Meeting) error {
	if !m.Published() || !m.Open {
		return nil
	}
	papers, err := papersOf(ctx, tx, actor, m.ID, `not i.closed and i.state <> 'vervallen'`)
	if err != nil || len(papers) == 0 {
		return err
	}
	var open []id.Proposal
	for _, p := range papers {
		open = append(open, p.ProposalID)
	}
	if err := proposal.Publish(ctx, tx, actor, open); err != nil {
		return err
	}
	return route.PublishSteps(ctx, tx, actor, m.ID)
}

// publishLate makes a paper public that comes to an agenda that was published before. It holds no other paper: others may hold
// those while they wait for this one. A closed paper stays with its body.
func publishLate(ctx context.Context, tx pgx.Tx, actor access.Actor, m Meeting, p id.Proposal) error {
	if !m.Published() || !m.Open {
		return nil
	}
	if err := proposal.Publish(ctx, tx, actor, []id.Proposal{p}); err != nil {
		return err
	}
	return route.PublishSteps(ctx, tx, actor, m.ID)
}

// releasePapers gives the papers of a cancelled meeting back, so that they can go on another agenda, and the views planned there. Of a joint
// meeting those of the other bodies too: a meeting that does not take place holds nobody's paper.
func releasePapers(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting) error {
	papers, err := papersOf(ctx, tx, actor, m, `i.state <> 'vervallen'`)
	if err != nil {
		return err
	}
	for _, p := range papers {
		if err := route.LetGo(ctx, tx, actor, p.ProposalID, m, p.ItemID); err != nil {
			return err
		}
	}
	return zienswijze.Release(ctx, tx, actor, m, "", nil)
}

// onAgenda is a paper with the item that it stands on.
type onAgenda struct {
	ProposalID id.Proposal
	ItemID     id.Item
}

// papersOf lists the papers of an agenda in a fixed order of locks.
func papersOf(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, which string) ([]onAgenda, error) {
	return postgres.All[onAgenda](ctx, tx, `
		select x.proposal_id, x.item_id from agenda_item_matters x join agenda_items i on i.id = x.item_id
		where i.meeting_id = @id and x.proposal_id is not null and `+which+` order by x.proposal_id`, postgres.Args{"id": m}.As(actor))
}
