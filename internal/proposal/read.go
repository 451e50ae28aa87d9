package proposal

import (
	"context"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Reading is the last version of a paper that someone said to have read.
type Reading struct {
	Version int
	At      time.Time
}

// CanMarkRead reports whether the actor may keep for himself what he read: whoever signed in.
func CanMarkRead(a access.Actor) bool { return a.Person != "" }

// ReadingInto asks what the actor read of the paper last; none is an empty list.
func ReadingInto(dst *[]Reading, actor access.Actor, proposal id.Proposal) postgres.Query {
	return postgres.AllInto(dst, `select r.version, r.at from proposal_readings r where r.proposal_id = @id and r.person_id = any(@actor_persons)`,
		postgres.Args{"id": proposal}.As(actor))
}

// MarkRead keeps that the actor read a version. An act of his own, and not the opening of the page: a browser opens pages ahead, and
// what someone says to have read is what he wants to be told the changes of. An older version than the one he read changes nothing,
// and no trail is kept: it is nobody else's business.
func MarkRead(ctx context.Context, db postgres.DB, actor access.Actor, proposal id.Proposal, version int) error {
	if !CanMarkRead(actor) {
		return fault.Forbidden
	}
	n, err := postgres.Exec(ctx, db, `
		insert into proposal_readings as r (person_id, proposal_id, version, at)
		select @person, v.proposal_id, v.number, @at from proposal_versions v join proposals p on p.id = v.proposal_id
		where v.proposal_id = @id and v.number = @version and `+access.Seen("v")+` and `+access.Seen("p")+`
		on conflict (person_id, proposal_id) do update set version = greatest(r.version, excluded.version),
		  at = case when excluded.version > r.version then excluded.at else r.at end`,
		postgres.Args{"person": actor.Person, "id": proposal, "version": version, "at": actor.At}.As(actor))
	if err == nil && n == 0 {
		return fault.NotFound
	}
	return err
}
