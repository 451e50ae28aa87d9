package route

import (
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
)

// Received is a step as it lies before its body, with the paper it carries.
type Received struct {
	Row
	PaperKey      string
	Subject       string
	OwnerKey      string
	OwnerName     string
	OwnerColour   string
	MadeUp        bool
	Closed        bool
	PapersDueDays int
	LastMeeting   *time.Time // the last one of the body before the step is due, as far as the reader may see it
}

// Safe is the last day on which the body can still put it on an agenda in time; nil when nothing is known.
func (r Received) Safe() *time.Time { return LastSafe(r.Due(), r.LastMeeting, r.PapersDueDays) }

func selectReceived() string {
	return selectRoute() + `, p.key as paper_key, p.subject, po.key as owner_key, po.name as owner_name, po.colour as owner_colour, p.made_up,
	  p.audience_bodies is not null as closed,
		coalesce(b.papers_due_days, 0) as papers_due_days, last.starts_at as last_meeting ` + routeTables() + `
		join organisations po on po.id = p.owner_org_id
		left join lateral (select max(m.starts_at) as starts_at from meeting_organisers mo join meetings m on m.id = mo.meeting_id
		  where mo.body_id = s.body_id and m.state <> 'geannuleerd' and m.starts_at >= @at
		    and (m.starts_at at time zone 'Europe/Amsterdam')::date <= coalesce(s.deadline, s.planned_on)
		    and m.kind not in ('information_evening', 'conference', 'theme_meeting', 'kickoff_day', 'council_meetup', 'members_assembly')
		    and ` + access.Seen("m") + `) last on true
		where p.state <> 'ingetrokken' and s.sent_at is not null and ` + access.Seen("s") + ` and ` + access.Seen("p")
}

// safest orders by the last day on which something can still be done; for what has its place, nothing needs to be.
const safest = ` order by s.state not in ('verzonden', 'verlopen'),
	coalesce((last.starts_at at time zone 'Europe/Amsterdam')::date - coalesce(b.papers_due_days, 0), s.deadline, s.planned_on) nulls last,
	lower(po.name), p.subject, s.id`

// waitingState are the steps that no agenda has yet.
const waitingState = `s.state in ('verzonden', 'verlopen')`

// InTray lists what was sent to the bodies for which the actor prepares meetings and stands on no agenda yet, the most urgent
// first: a page of it, and one more row when there is a next one.
func InTray(dst *[]Received, actor access.Actor, page int) postgres.Query {
	return postgres.PageInto(dst, selectReceived()+` and `+waitingState+` and s.body_id = any(@actor_clerk_bodies) and not `+
		proposal.BehindDoors("s.proposal_id", "s.body_id")+safest,
		postgres.Args{"at": actor.At, "today": dutch.Day(actor.At)}.As(actor), page, PerPage)
}

// InTrayTotal counts them.
func InTrayTotal(dst *int, actor access.Actor) postgres.Query {
	return postgres.OneInto(dst, `select count(*)::int from route_steps s join proposals p on p.id = s.proposal_id
		where p.state <> 'ingetrokken' and s.sent_at is not null and `+waitingState+` and s.body_id = any(@actor_clerk_bodies)
		  and not `+proposal.BehindDoors("s.proposal_id", "s.body_id")+` and `+access.Seen("s")+` and `+access.Seen("p"), postgres.Args{}.As(actor))
}

// maxBefore is how many steps a page of one body lists.
const maxBefore = 1000

// Before lists what lies before the body under a key: all that runs, or with settled also what is done, the most urgent first.
func Before(dst *[]Received, actor access.Actor, body string, settled bool) postgres.Query {
	return postgres.AllInto(dst, selectReceived()+` and b.key = @body and (@settled or s.state in ('verzonden', 'geagendeerd', 'verlopen'))`+
		safest+postgres.Limit(maxBefore),
		postgres.Args{"at": actor.At, "today": dutch.Day(actor.At), "body": body, "settled": settled}.As(actor))
}

// WaitingFor lists what waits for one of the bodies that hold the meeting at an address, of those for which the actor prepares
// meetings.
func WaitingFor(dst *[]Received, actor access.Actor, slug string) postgres.Query {
	return postgres.AllInto(dst, selectReceived()+` and `+waitingState+` and s.body_id = any(@actor_clerk_bodies) and not `+
		proposal.BehindDoors("s.proposal_id", "s.body_id")+` and s.body_id in (
		  select o.body_id from meeting_organisers o join meetings om on om.id = o.meeting_id where om.slug = @slug and `+access.Seen("om")+`)`+safest+` limit 200`,
		postgres.Args{"at": actor.At, "today": dutch.Day(actor.At), "slug": slug}.As(actor))
}
