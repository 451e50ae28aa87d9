package proposal

import (
	"context"
	"slices"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// ShareAlong lets organisations read the paper from now on, because a step of its route was sent to them or stands on an agenda that
// they hold. The room of routes calls it in its own transaction, with the paper as it holds it, and has checked the right.
func ShareAlong(ctx context.Context, tx postgres.DB, actor access.Actor, p Proposal, orgs []id.Organisation) error {
	for _, org := range orgs {
		if !slices.Contains(p.ParticipantOrgIDs, org) {
			p.ParticipantOrgIDs = append(p.ParticipantOrgIDs, org)
		}
	}
	if err := updateState(ctx, tx, actor, p); err != nil {
		return err
	}
	return spread(ctx, tx, actor, p)
}

// CountByRoute keeps whether the body that the paper is meant for gets it by a step. Only the owner's side sees every step. The room of
// routes calls it in its own transaction whenever the steps change.
func CountByRoute(ctx context.Context, tx postgres.DB, actor access.Actor, proposal id.Proposal) error {
	_, err := postgres.Exec(ctx, tx, `
		update proposals p set by_route = exists (select from route_steps s where s.proposal_id = p.id and s.body_id = p.target_body_id and s.state <> 'overgeslagen')
		where p.id = @id and `+access.Seen("p"), postgres.Args{"id": proposal}.As(actor))
	return err
}

// spreadSteps gives the steps of a paper the audience that follows from it, and writes nothing else of theirs: who reads the paper less
// may not read its route a moment longer, so this cannot wait for the room of routes. One that was not sent stays the owner's; one that
// is public stays so as long as the paper is not closed.
func spreadSteps(ctx context.Context, tx postgres.DB, actor access.Actor, p Proposal) error {
	_, err := postgres.Exec(ctx, tx, `
		update route_steps as s set org_ids = @org_ids, writer_ids = @writer_ids, audience_bodies = @audience_bodies,
		  participant_org_ids = case when s.sent_at is null then '{}'::uuid[] else @participant_org_ids end,
		  visibility = case when s.sent_at is null then 'draft'
		    when s.visibility = 'public' and @audience_bodies::uuid[] is null then 'public' else 'participants' end
		where s.proposal_id = @id and `+access.Seen("s"), postgres.Args{"id": p.ID}.With(p.Audience).As(actor))
	return err
}
