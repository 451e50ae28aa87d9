package route

import (
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Urgency is how a route stands, in the word of the address.
type Urgency string

// The urgencies. One that runs has a body that still has to treat the paper; Planned is one where all of those have it on an agenda.
const (
	Overdue  Urgency = "te-laat"
	ThisWeek Urgency = "deze-week"
	Arranged Urgency = "gepland"
	Finished Urgency = "klaar"
)

// Urgencies in the order of forms.
var Urgencies = []Urgency{Overdue, ThisWeek, Arranged, Finished}

// Label is the urgency as a page shows it; empty for what is none.
func (u Urgency) Label() string {
	return map[Urgency]string{Overdue: "Te laat", ThisWeek: "Deze week", Arranged: "Alles gepland", Finished: "Klaar"}[u]
}

// Filter of a list of routes; what is empty does not choose.
type Filter struct {
	Words         string  // in the subject
	Collaboration string  // key of the one through which bodies are reached
	Owner         string  // key of the organisation whose paper it is
	Body          string  // part of the name of a body on the route, or of its organisation
	Urgency       Urgency // empty: all that run
	Page          int
}

// Running is a route in a list.
type Running struct {
	ID                id.Proposal
	Key               string
	Subject           string
	MadeUp            bool
	Closed            bool
	OwnerKey          string
	OwnerName         string
	OwnerColour       string
	CollaborationKey  string // empty when the bodies are reached otherwise
	CollaborationName string
	Safe              *time.Time // the first last safe day of a body that has it on no agenda yet
	Due               *time.Time // the first day by which a body should be done
	Counts
	Found int // how many routes pass the filter
}

// Until is the day by which somebody has to act; nil when nobody set one.
func (r Running) Until() *time.Time {
	if r.Safe != nil {
		return r.Safe
	}
	return r.Due
}

// Urgency at a moment; empty for a route that has time and is not arranged yet.
func (r Running) Urgency(now time.Time) Urgency {
	switch until := r.Until(); {
	case r.Total == r.Treated+r.Refused+r.Skipped+r.Expired:
		return Finished
	case r.Late > 0 || r.Safe != nil && dayOf(*r.Safe).Before(today(now)):
		return Overdue
	case until != nil && dayOf(*until).Before(today(now).AddDate(0, 0, 7)):
		return ThisWeek
	case r.Total == r.Treated+r.Refused+r.Skipped+r.Expired+r.Scheduled:
		return Arranged
	}
	return ""
}

// PerPage is how many routes a page of the list has; one more is read to know whether there is a next page.
const PerPage = 50

// runningSQL are the routes that were sent, with what the reader may see of their steps. A body and a day are looked up once,
// however many papers wait for them.
var runningSQL = `
	with steps as materialized (
	  select s.proposal_id, s.body_id, s.collaboration_id, s.state, coalesce(s.deadline, s.planned_on) as due, least(s.deadline, s.planned_on) as first_day
	  from route_steps s join proposals p on p.id = s.proposal_id join organisations o on o.id = p.owner_org_id
	  where p.state <> 'ingetrokken' and s.sent_at is not null and ` + access.Seen("s") + ` and ` + access.Seen("p") + `
	    and (@owner = '' or o.key = @owner) and (@words = '' or strpos(lower(p.subject), lower(@words)) > 0)
	    and (@collaboration = '' or p.id in (select r.proposal_id from route_steps r join collaborations c on c.id = r.collaboration_id where c.key = @collaboration))
	), counted as (
	  select t.*, row_number() over (partition by t.body_id, t.due, t.state = 'verzonden') as nth from steps t
	), found as (
	  select t.*, case when t.nth = 1 and t.state = 'verzonden' and t.due is not null then (
	    select (max(m.starts_at) at time zone 'Europe/Amsterdam')::date - coalesce((select b.papers_due_days from bodies b where b.id = t.body_id), 0)
	    from meeting_organisers mo join meetings m on m.id = mo.meeting_id
	    where mo.body_id = t.body_id and m.state <> 'geannuleerd' and m.starts_at >= @at and (m.starts_at at time zone 'Europe/Amsterdam')::date <= t.due
	      and m.kind not in ('information_evening', 'conference', 'theme_meeting', 'kickoff_day', 'council_meetup', 'members_assembly')
	      and ` + access.Seen("m") + `) end as day from counted t
	), safest as (
	  select t.*, max(t.day) over (partition by t.body_id, t.due, t.state = 'verzonden') as safe from found t
	), routes as materialized (
	  select t.proposal_id, min(t.collaboration_id::text)::uuid as collaboration_id, count(*)::int as total,
	    count(*) filter (where t.state = 'verzonden')::int as waiting, count(*) filter (where t.state = 'geagendeerd')::int as scheduled,
	    count(*) filter (where t.state = 'behandeld')::int as treated, count(*) filter (where t.state = 'geweigerd')::int as refused,
	    count(*) filter (where t.state = 'overgeslagen')::int as skipped, count(*) filter (where t.state = 'verlopen')::int as expired,
	    count(*) filter (where t.state in ('verzonden', 'geagendeerd') and t.first_day < @today)::int as late,
	    min(least(t.safe, t.first_day)) filter (where t.state = 'verzonden') as safe, min(t.first_day) filter (where t.state in ('verzonden', 'geagendeerd')) as due
	  from safest t
	  group by t.proposal_id
	  having (@collaboration = '' or bool_or(t.collaboration_id = (select c.id from collaborations c where c.key = @collaboration)))
	    and (@body = '' or bool_or(t.body_id in (select b.id from bodies b join organisations bo on bo.id = b.organisation_id where strpos(lower(b.name || ' ' || bo.name), lower(@body)) > 0)))
	), list as (
	  select r.*, coalesce(r.safe, r.due) as until, case
	      when r.waiting + r.scheduled = 0 then 'klaar'
	      when r.late > 0 or r.safe < @today then 'te-laat'
	      when coalesce(r.safe, r.due) < @today::date + 7 then 'deze-week'
	      when r.waiting = 0 then 'gepland'
	      else '' end as urgency
	  from routes r
	)
	select p.id, p.key, p.subject, p.made_up, p.audience_bodies is not null as closed, o.key as owner_key, o.name as owner_name, o.colour as owner_colour,
	  coalesce(c.key, '') as collaboration_key, coalesce(nullif(c.short_name, ''), c.name, '') as collaboration_name, l.safe, l.due,
	  l.total, 0 as planned, l.waiting, l.scheduled, l.treated, l.refused, l.skipped, l.expired, l.late, (count(*) over ())::int as found
	from list l join proposals p on p.id = l.proposal_id join organisations o on o.id = p.owner_org_id left join collaborations c on c.id = l.collaboration_id
	where case when @urgency = '' then l.urgency <> 'klaar' else l.urgency = @urgency end
	order by min(l.until) over (partition by coalesce(c.id, o.id)) nulls last, coalesce(c.name, o.name), coalesce(c.id, o.id), l.until nulls last, lower(p.subject), p.id`

// List asks for a page of the routes of which the actor may see a step that was sent: by collaboration, or else by owner,
// the group with the most urgent route first.
func List(dst *[]Running, actor access.Actor, f Filter) postgres.Query {
	return postgres.AllInto(dst, runningSQL+` limit @limit offset @offset`, postgres.Args{
		"words": f.Words, "collaboration": f.Collaboration, "owner": f.Owner, "body": f.Body, "urgency": f.Urgency, "at": actor.At, "today": today(actor.At),
		"limit": PerPage + 1, "offset": max(0, f.Page-1) * PerPage,
	}.As(actor))
}

// Choice is something to narrow a list of routes to.
type Choice struct{ Key, Name string }

// Owners asks whose papers go along a route of which the actor may see a step that was sent.
func Owners(dst *[]Choice, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `select o.key, o.name from organisations o where exists (select from proposals p join route_steps s on s.proposal_id = p.id
		where p.owner_org_id = o.id and p.state <> 'ingetrokken' and s.sent_at is not null and `+access.Seen("s")+` and `+access.Seen("p")+`) order by lower(o.name), o.key limit 1000`,
		postgres.Args{}.As(actor))
}

// Collaborations asks through which collaborations those routes go.
func Collaborations(dst *[]Choice, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `
		select c.key, coalesce(nullif(c.short_name, ''), c.name) as name from collaborations c
		where c.id in (select distinct s.collaboration_id from route_steps s join proposals p on p.id = s.proposal_id
		  where s.collaboration_id is not null and p.state <> 'ingetrokken' and s.sent_at is not null and `+access.Seen("s")+` and `+access.Seen("p")+`)
		order by lower(c.name), c.key limit 1000`, postgres.Args{}.As(actor))
}
