package meeting

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
)

// decisionColumns of a decision (d) of a body (b) in an organisation (o). Which other it replaced, or was replaced by, shows only
// as far as that one may be seen.
const decisionColumns = `d.id, d.item_id, d.body_id, d.kind, d.text, d.method, d.votes_for, d.votes_against, d.proposal_id, d.proposal_version,
	d.decided_on, coalesce(d.number, '') as number, d.published_at, d.published_by, d.replaces_id, d.reason, d.version, d.updated_at, d.updated_by,
	d.visibility, d.org_ids, d.participant_org_ids, d.writer_ids, d.audience_bodies,
	b.name as body_name, b.key as body_key, o.name as org_name`

func decisionTables() string {
	return ` from decisions d join bodies b on b.id = d.body_id join organisations o on o.id = b.organisation_id `
}

func decisionExtras() string {
	return `, coalesce((select r.number from decisions r where r.id = d.replaces_id and ` + access.Seen("r") + `), '') as replaces_number,
	coalesce((select r.number from decisions r where ` + later + ` and ` + access.Seen("r") + ` order by r.published_at, r.id limit 1), '') as replaced_by`
}

// later are the decisions (r) of the same body on the same item that were published after d. What took the place of d may be closed, and for who
// does not read it d counts until an open one comes.
const later = `r.item_id = d.item_id and r.body_id = d.body_id and d.published_at is not null and (r.published_at, r.id) > (d.published_at, d.id)`

// DecisionsAt asks for the decisions on the items of the meeting at an address that the actor may see, drafts included, in the
// order of the agenda; of each body the latest comes first.
func DecisionsAt(dst *[]Decision, actor access.Actor, slug string) postgres.Query {
	return postgres.AllInto(dst, `select `+decisionColumns+decisionExtras()+decisionTables()+`
		join agenda_items i on i.id = d.item_id join meetings m on m.id = i.meeting_id
		where m.slug = @slug and `+access.Seen("m")+` and `+access.Seen("i")+` and `+access.Seen("d")+`
		order by i.sequence, org_name, body_name, d.published_at desc nulls first, d.id desc`, postgres.Args{"slug": slug}.As(actor))
}

// DecisionsOn asks for the published decisions on a paper that the actor may see, latest first.
func DecisionsOn(dst *[]Decision, actor access.Actor, paper id.Proposal) postgres.Query {
	return postgres.AllInto(dst, `select `+decisionColumns+decisionExtras()+decisionTables()+`
		where d.proposal_id = @id and d.published_at is not null and `+access.Seen("d")+`
		order by d.published_at desc, d.id desc limit 200`, postgres.Args{"id": paper}.As(actor))
}

// FindDecision returns the decision, or fault.NotFound when the actor may not see it.
func FindDecision(ctx context.Context, db postgres.DB, actor access.Actor, d id.Decision) (Decision, error) {
	return postgres.One[Decision](ctx, db, `select `+decisionColumns+decisionExtras()+decisionTables()+`
		where d.id = @id and `+access.Seen("d"), postgres.Args{"id": d}.As(actor))
}

// decisionsOf are those of one body on an item, the draft first and then the latest. The meeting is locked, so they stand still.
func decisionsOf(ctx context.Context, tx pgx.Tx, actor access.Actor, item id.Item, body id.Body) ([]Decision, error) {
	return postgres.All[Decision](ctx, tx, `select `+decisionColumns+decisionExtras()+decisionTables()+`
		where d.item_id = @item and d.body_id = @body and `+access.Seen("d")+`
		order by d.published_at desc nulls first, d.id desc`, postgres.Args{"item": item, "body": body}.As(actor))
}

func decisionArgs(actor access.Actor, d Decision) postgres.Args {
	return postgres.Args{
		"id": d.ID, "item": d.ItemID, "body": d.BodyID, "kind": d.Kind, "text": strings.TrimSpace(d.Text), "method": d.Method,
		"votes_for": d.VotesFor, "votes_against": d.VotesAgainst, "proposal": d.ProposalID, "proposal_version": d.ProposalVersion,
		"decided_on": dutch.DateKey(d.DecidedOn), "replaces": d.ReplacesID, "reason": strings.TrimSpace(d.Reason), "version": d.Version,
		"at": actor.At, "by": actor.Name,
	}.With(d.Audience).As(actor)
}

func insertDecision(ctx context.Context, tx pgx.Tx, actor access.Actor, d Decision) error {
	_, err := postgres.Exec(ctx, tx, `
		insert into decisions (id, item_id, body_id, kind, text, method, votes_for, votes_against, proposal_id, proposal_version, decided_on,
		  replaces_id, reason, updated_at, updated_by, visibility, org_ids, participant_org_ids, writer_ids, audience_bodies)
		values (@id, @item, @body, @kind, @text, @method, @votes_for, @votes_against, @proposal, @proposal_version, @decided_on::date,
		  @replaces, @reason, @at, @by, @visibility, @org_ids, @participant_org_ids, @writer_ids, @audience_bodies)`, decisionArgs(actor, d))
	return err
}

// updateDraft revises a decision that is not published yet.
func updateDraft(ctx context.Context, tx pgx.Tx, actor access.Actor, d Decision) error {
	n, err := postgres.Exec(ctx, tx, `
		update decisions d set kind = @kind, text = @text, method = @method, votes_for = @votes_for, votes_against = @votes_against,
		  proposal_version = @proposal_version, decided_on = @decided_on::date, reason = @reason,
		  version = d.version + 1, updated_at = @at, updated_by = @by
		where d.id = @id and d.version = @version and d.published_at is null`, decisionArgs(actor, d))
	if err == nil && n == 0 {
		return fault.Conflict
	}
	return err
}

// publishDraft gives a draft its number and its readers.
func publishDraft(ctx context.Context, tx pgx.Tx, actor access.Actor, d Decision) error {
	args := decisionArgs(actor, d)
	args["number"] = d.Number
	n, err := postgres.Exec(ctx, tx, `
		update decisions d set number = @number, published_at = @at, published_by = @by, version = d.version + 1,
		  visibility = @visibility, org_ids = @org_ids, participant_org_ids = @participant_org_ids, writer_ids = @writer_ids, audience_bodies = @audience_bodies
		where d.id = @id and d.version = @version and d.published_at is null`, args)
	if err == nil && n == 0 {
		return fault.Conflict
	}
	return err
}

// spreadDecisions closes what was decided on an item along with it: published decisions for the readers of its matter, drafts for
// the body that made them.
func spreadDecisions(ctx context.Context, tx pgx.Tx, actor access.Actor, item id.Item, matter access.Audience) error {
	_, err := postgres.Exec(ctx, tx, `
		update decisions d set
		  visibility = case when d.published_at is null then d.visibility else @visibility end,
		  audience_bodies = case when @audience_bodies::uuid[] is null then null when d.published_at is null then array[d.body_id] else @audience_bodies::uuid[] || d.body_id end
		where d.item_id = @item`, postgres.Args{"item": item}.With(matter).As(actor))
	return err
}

// lastKinds are the last published decisions of each body on an item, whoever may read them: what becomes of the item follows
// from all.
func lastKinds(ctx context.Context, tx pgx.Tx, actor access.Actor, item id.Item) ([]proposal.DecisionKind, error) {
	return postgres.All[proposal.DecisionKind](ctx, tx, `
		select d.kind from decisions d where d.item_id = @item and d.published_at is not null
		  and not exists (select from decisions r where r.replaces_id = d.id and r.published_at is not null)`,
		postgres.Args{"item": item}.As(actor))
}

func settleItem(ctx context.Context, tx pgx.Tx, actor access.Actor, item id.Item, s ItemState) error {
	_, err := postgres.Exec(ctx, tx, `update agenda_items i set state = @state, version = i.version + 1, updated_at = @at, updated_by = @by where i.id = @id`,
		postgres.Args{"id": item, "state": s, "at": actor.At, "by": actor.Name}.As(actor))
	return err
}

// votingMembers counts who had a vote in the body on a day.
func votingMembers(ctx context.Context, tx pgx.Tx, actor access.Actor, body id.Body, day time.Time) (int, error) {
	return postgres.One[int](ctx, tx, votingMembersSQL, postgres.Args{"body": body, "day": dutch.DateKey(day)}.As(actor))
}

const votingMembersSQL = `select count(distinct person_id)::int from mandates
	where body_id = @body and voting and function not in ('clerk', 'secretary', 'director', 'adviser') and daterange(starts_on, ends_on) @> @day::date`

// MembersOf asks how many members had a vote in the body on a day, for a page that shows VoteFindings.
func MembersOf(dst *int, actor access.Actor, body id.Body, day time.Time) postgres.Query {
	return postgres.OneInto(dst, votingMembersSQL, postgres.Args{"body": body, "day": dutch.DateKey(day)}.As(actor))
}

// decidedUpon tells whether a decision on an item of the meeting was published.
func decidedUpon(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting) (bool, error) {
	return postgres.One[bool](ctx, tx, `select exists (select from agenda_items i where i.meeting_id = @id and i.state in ('behandeld', 'aangehouden'))`,
		postgres.Args{"id": m}.As(actor))
}
