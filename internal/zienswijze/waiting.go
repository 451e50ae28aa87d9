package zienswijze

import (
	"slices"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Task is something of a procedure that waits for the actor.
type Task struct {
	Kind    string // plan or deliver, of a council; dispatch or answer, of a board
	Key     string // of the procedure
	Subject string
	OrgKey  string     // of the council, kinds plan and deliver
	Due     *time.Time // when views, the draft or the answers must be there
	Count   int        // councils without an answer, kind answer
}

// Waiting asks what waits for the actor: for the griffie of a council drafts it has not planned, as far as they do not lie in its
// in-tray and were not refused there, and views that were adopted and not sent, for the secretariat of a board drafts to be
// sent and councils without an answer. See Ordered.
func Waiting(dst *[]Task, actor access.Actor) postgres.Query {
	owners := Owners(actor)
	if owners == nil {
		owners = []id.Organisation{}
	}
	final := slices.DeleteFunc(actor.ClerkBodies(), func(b id.Body) bool { return !actor.IsFor(access.Clerk, b) }) // sending is not for his staff
	return postgres.AllInto(dst, `
		select case v.state when 'ontvangen' then 'plan' else 'deliver' end as kind, p.key, p.subject, o.key as org_key, p.due_on as due, 0 as count
		from zienswijzen v join zienswijze_procedures p on p.id = v.procedure_id join organisations o on o.id = v.organisation_id
		where p.state = 'verzonden' and (v.state = 'ontvangen' and v.body_id = any(@actor_clerk_bodies) and not exists (select from route_steps r
		    where r.proposal_id = p.proposal_id and r.body_id = v.body_id and r.treatment = 'formal_view'
		      and r.state in ('verzonden', 'verlopen', 'geweigerd') and `+access.Seen("r")+`) or v.state = 'vastgesteld' and v.body_id = any(@final::uuid[]))
		  and `+access.Seen("p")+` and `+access.Seen("v")+`
		union all
		select 'dispatch', p.key, p.subject, '', p.ab_on, 0 from zienswijze_procedures p
		where p.state = 'voorbereiding' and p.kind in ('budget', 'budget_amendment') and p.ab_on is not null
		  and p.organisation_id = any(@owners::uuid[]) and `+access.Seen("p")+`
		union all
		select 'answer', p.key, p.subject, '', p.ab_on - 1, n.count
		from zienswijze_procedures p cross join lateral (select count(*)::int as count from zienswijzen v where v.procedure_id = p.id
		  and v.state = 'verzonden' and `+access.Seen("v")+`) n
		where n.count > 0 and p.kind <> 'arrangement' and p.organisation_id = any(@owners::uuid[]) and `+access.Seen("p")+`
		order by due nulls last, kind, key limit 100`, postgres.Args{"owners": owners, "final": final}.As(actor))
}

// Ordered gives drafts the day on which they must be sent at the latest, which is reckoned back from the board, and puts what
// is due first in front.
func Ordered(tasks []Task) []Task {
	for i, t := range tasks {
		if t.Kind == "dispatch" {
			last := LatestDispatch(*t.Due)
			tasks[i].Due = &last
		}
	}
	slices.SortStableFunc(tasks, func(a, b Task) int { return Sooner(a.Due, b.Due) })
	return tasks
}

// Sooner orders days, with what has none last.
func Sooner(a, b *time.Time) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return a.Compare(*b)
}
