package route

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
)

// Follow lets the actor hear, at most once a day, of what changes on the route of a paper he sees. Twice is once.
func Follow(ctx context.Context, db postgres.DB, actor access.Actor, paper id.Proposal) error {
	return following(ctx, db, actor, paper, `
		insert into route_followers (proposal_id, person_id, followed_at) values (@id, @person, @at) on conflict do nothing`)
}

// Unfollow ends that. Twice is once.
func Unfollow(ctx context.Context, db postgres.DB, actor access.Actor, paper id.Proposal) error {
	return following(ctx, db, actor, paper, `delete from route_followers where proposal_id = @id and person_id = @person`)
}

// following writes a wish of the actor alone; it is no act that others must find back, and leaves no note.
func following(ctx context.Context, db postgres.DB, actor access.Actor, paper id.Proposal, sql string) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if _, err := proposal.Find(ctx, tx, actor, paper); err != nil {
			return err
		}
		if !CanFollow(actor) {
			return fault.Forbidden
		}
		_, err := postgres.Exec(ctx, tx, sql, postgres.Args{"id": paper, "person": actor.Person, "at": actor.At}.As(actor))
		return err
	})
}

// Follows asks whether the actor follows the paper under a key.
func Follows(dst *bool, actor access.Actor, key string) postgres.Query {
	return postgres.OneInto(dst, `select exists (select from route_followers f join proposals p on p.id = f.proposal_id
		where p.key = @key and f.person_id = any(@actor_persons) and `+access.Seen("p")+`)`, postgres.Args{"key": key}.As(actor))
}

// Follower is someone who was not told anything today, by the account with which he reads.
type Follower struct {
	PersonID  id.Person
	AccountID id.Account
	Name      string
	Email     string // work address; empty when none is known
}

// followersAtOnce bounds how many followers are listed in one go.
const followersAtOnce = 500

// Followers lists who follow a route and heard nothing today, in an order of their own, from the one after a person; an empty list
// at the end. For the worker.
func Followers(ctx context.Context, db postgres.DB, now time.Time, after id.Person) ([]Follower, error) {
	return postgres.All[Follower](ctx, db, `
		select h.id as person_id, a.id as account_id, h.display_name as name, h.work_email as email
		from persons h join accounts a on a.person_id = h.id and a.state = 'active'
		where (@after::uuid is null or h.id > @after) and exists (select from route_followers f where f.person_id = h.id)
		  and not exists (select from route_followers f where f.person_id = h.id and (f.told_at at time zone 'Europe/Amsterdam')::date >= @today)
		order by h.id`+postgres.Limit(followersAtOnce), postgres.Args{"today": dutch.Day(now), "after": after})
}

// News is what changed on a route that somebody follows, since he last heard of it.
type News struct {
	Key       string
	Subject   string
	OwnerName string
	Public    bool
	MadeUp    bool
	Withdrawn bool
	Sent      int
	Scheduled int
	Treated   int
	Refused   int
	Other     int
}

// NewsFor lists the news for the actor, as far as he may see it.
func NewsFor(ctx context.Context, db postgres.DB, actor access.Actor) ([]News, error) {
	return postgres.All[News](ctx, db, `
		select p.key, p.subject, o.name as owner_name, p.visibility = 'public' as public, p.made_up,
		  coalesce(p.withdrawn_at > f.since, false) as withdrawn, n.sent, n.scheduled, n.treated, n.refused, n.other
		from (select proposal_id, coalesce(told_at, followed_at) as since from route_followers where person_id = any(@actor_persons)) f
		join proposals p on p.id = f.proposal_id join organisations o on o.id = p.owner_org_id
		cross join lateral (
		  select count(*) filter (where s.state = 'verzonden')::int as sent, count(*) filter (where s.state = 'geagendeerd')::int as scheduled,
		    count(*) filter (where s.state = 'behandeld')::int as treated, count(*) filter (where s.state = 'geweigerd')::int as refused,
		    count(*) filter (where s.state in ('overgeslagen', 'verlopen'))::int as other
		  from route_steps s where s.proposal_id = p.id and s.sent_at is not null and s.updated_at > f.since and `+access.Seen("s")+`) n
		where `+access.Seen("p")+` and (n.sent + n.scheduled + n.treated + n.refused + n.other > 0 or p.withdrawn_at > f.since)
		order by lower(o.name), p.subject, p.key limit 100`, postgres.Args{}.As(actor))
}

// Told notes that the actor heard the news.
func Told(ctx context.Context, tx pgx.Tx, actor access.Actor) error {
	_, err := postgres.Exec(ctx, tx, `update route_followers set told_at = @at where person_id = any(@actor_persons)`, postgres.Args{"at": actor.At}.As(actor))
	return err
}
