package meeting

import (
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Choice is a meeting on whose agenda a griffie can put a paper.
type Choice struct {
	ID       id.Meeting
	Slug     string
	BodyID   id.Body
	Kind     Kind
	StartsAt time.Time
}

// Choices asks for the meetings to come of the bodies for which the actor prepares them, the next first; of each body at most ten.
func Choices(dst *[]Choice, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `
		select m.id, m.slug, b.body_id, m.kind, m.starts_at
		from (select unnest(@actor_clerk_bodies::uuid[]) as body_id) b
		cross join lateral (select m.id, m.slug, m.kind, m.starts_at from meeting_organisers mo join meetings m on m.id = mo.meeting_id
		  where mo.body_id = b.body_id and m.ends_at >= @at and m.state <> 'geannuleerd'
		    and m.kind not in ('information_evening', 'conference', 'theme_meeting', 'kickoff_day', 'council_meetup', 'members_assembly')
		    and `+access.Seen("m")+` order by m.starts_at, m.id limit 10) m
		order by m.starts_at, m.id`, postgres.Args{"at": actor.At}.As(actor))
}
