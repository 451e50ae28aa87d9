package proposal

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Offer puts the paper before its body: from now on the organisations of the body and of the organisers read it, or, of a
// closed paper, the body alone and who wrote it. What is still missing is a fault.Fields (domain 4.2). The content as
// offered is version 1. Offering twice is offering once.
func Offer(ctx context.Context, db postgres.DB, actor access.Actor, proposal id.Proposal) (p Proposal, err error) {
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		p, err = offer(ctx, tx, actor, proposal)
		return err
	})
	return p, err
}

func offer(ctx context.Context, tx pgx.Tx, actor access.Actor, proposal id.Proposal) (p Proposal, err error) {
	if p, err = FindLocked(ctx, tx, actor, proposal); err != nil {
		return p, err
	}
	before := p
	if p.State == Offered {
		before.State = Agreed
	}
	if !CanOffer(actor, before) {
		return p, fault.Forbidden
	}
	if p.State == Offered {
		return p, nil
	}
	if actor.MustConfirm() {
		return p, fault.Unconfirmed
	}
	var attached []file.Attachment
	if err := postgres.Read(ctx, tx, file.Of(&attached, actor, string(p.ID))); err != nil {
		return p, err
	}
	if err := p.Missing(len(attached)); err != nil {
		return p, err
	}
	p.State, p.OfferedAt, p.Visibility, p.ReturnedReason = Offered, &actor.At, access.Participants, ""
	p.ParticipantOrgIDs = participants(p, nil)
	if !p.Audience.SeenBy(actor) {
		return p, fault.Because("Na het aanbieden kunt u dit vertrouwelijke voorstel zelf niet meer lezen. Vraag de steller om het aan te bieden.")
	}
	if err := updateState(ctx, tx, actor, p); err != nil {
		return p, err
	}
	if err := keepVersion(ctx, tx, actor, p, Renewal{}); err != nil {
		return p, err
	}
	if err := spread(ctx, tx, actor, p); err != nil {
		return p, err
	}
	if err := moved(ctx, tx, actor, p, HandedIn, ""); err != nil {
		return p, err
	}
	return p, audit.Note(ctx, tx, actor, "proposal.offer", string(p.ID), InTrailOf(p), "")
}

// participants are the organisations that read an offered paper along: of its body, its organisers and its advisers; of a scheduled
// one also those that hold the meeting, which stand in before.
func participants(p Proposal, before []id.Organisation) []id.Organisation {
	orgs := []id.Organisation{}
	if p.State == Scheduled || p.Routed {
		orgs = slices.Clone(postgres.OrEmpty(before))
	}
	for _, org := range slices.Concat([]id.Organisation{p.TargetOrgID}, p.OrganiserIDs, p.AdviserOrgIDs) {
		if org != "" && !slices.Contains(orgs, org) {
			orgs = append(orgs, org)
		}
	}
	return orgs
}
