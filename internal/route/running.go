package route

import (
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
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
	After         string // key of the paper whose route was the last of the page before: the page begins after it, wherever it stands now
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
	case r.Late > 0 || r.Safe != nil && dutch.Day(*r.Safe).Before(dutch.Day(now)):
		return Overdue
	case until != nil && dutch.Day(*until).Before(dutch.Day(now).AddDate(0, 0, 7)):
		return ThisWeek
	case r.Total == r.Treated+r.Refused+r.Skipped+r.Expired+r.Scheduled:
		return Arranged
	}
	return ""
}

// PerPage is how many routes a page of the list has; one more is read to know whether there is a next page.
const PerPage = 50

// running are the routes that were sent, with what the reader may see of their steps. The meetings to come are
// read once, and laid in one row with the days of each body by which something waits: before each day stands its last meeting.
func (f Filter) running() string {
	return `
	with steps as materialized (
	  select s.proposal_id, s.body_id, s.collaboration_id, s.state, coalesce(s.deadline, s.planned_on) as due, least(s.deadline, s.planned_on) as first_day
	  from route_steps s join proposals p on p.id = s.proposal_id
	  where p.state <> 'ingetrokken' and s.sent_at is not null and ` + access.Seen("s") + ` and ` + access.Seen("p") +
		postgres.When(f.Owner != "", `p.owner_org_id = (select o.id from organisations o where o.key = @owner)`) +
		postgres.When(f.Words != "", `strpos(lower(p.subject), lower(@words)) > 0`) +
		postgres.When(f.Collaboration != "",
			`p.id in (select r.proposal_id from route_steps r join collaborations c on c.id = r.collaboration_id where c.key = @collaboration)`) + `
	), coming as (
	  select mo.body_id, (m.starts_at at time zone 'Europe/Amsterdam')::date as day,
	    (m.starts_at at time zone 'Europe/Amsterdam')::date - coalesce(b.papers_due_days, 0) as safe
	  from meetings m join meeting_organisers mo on mo.meeting_id = m.id join bodies b on b.id = mo.body_id
	  where m.state <> 'geannuleerd' and m.starts_at >= @at
	    and m.kind not in ('information_evening', 'conference', 'theme_meeting', 'kickoff_day', 'council_meetup', 'members_assembly')
	    and ` + access.Seen("m") + `
	), days as materialized (
	  select w.body_id, w.day as due, w.safe from (
	    select x.body_id, x.day, x.due, max(x.safe) over (partition by x.body_id order by x.day) as safe
	    from (select c.body_id, c.day, c.safe, false as due from coming c
	      union all (select distinct t.body_id, t.due, null::date, true from steps t where t.state = 'verzonden' and t.due is not null)) x) w
	  where w.due and w.safe is not null
	), routes as materialized (
	  select t.proposal_id, min(t.collaboration_id::text)::uuid as collaboration_id, count(*)::int as total,
	    count(*) filter (where t.state = 'verzonden')::int as waiting, count(*) filter (where t.state = 'geagendeerd')::int as scheduled,
	    count(*) filter (where t.state = 'behandeld')::int as treated, count(*) filter (where t.state = 'geweigerd')::int as refused,
	    count(*) filter (where t.state = 'overgeslagen')::int as skipped, count(*) filter (where t.state = 'verlopen')::int as expired,
	    count(*) filter (where t.state in ('verzonden', 'geagendeerd') and t.first_day < @today)::int as late,
	    min(least(d.safe, t.first_day)) filter (where t.state = 'verzonden') as safe,
	      min(t.first_day) filter (where t.state in ('verzonden', 'geagendeerd')) as due
	  from steps t left join days d on t.state = 'verzonden' and d.body_id = t.body_id and d.due = t.due
	  group by t.proposal_id
	  having true` +
		postgres.When(f.Collaboration != "", `bool_or(t.collaboration_id = (select c.id from collaborations c where c.key = @collaboration))`) +
		postgres.When(f.Body != "", `bool_or(t.body_id in (select b.id from bodies b
		  join organisations bo on bo.id = b.organisation_id where strpos(lower(b.name || ' ' || bo.name), lower(@body)) > 0))`) + `
	), list as (
	  select r.*, coalesce(r.safe, r.due) as until, case
	      when r.waiting + r.scheduled = 0 then 'klaar'
	      when r.late > 0 or r.safe < @today then 'te-laat'
	      when coalesce(r.safe, r.due) < @today::date + 7 then 'deze-week'
	      when r.waiting = 0 then 'gepland'
	      else '' end as urgency
	  from routes r
	), found as (
	  select p.id, p.key, p.subject, p.made_up, p.audience_bodies is not null as closed, o.key as owner_key, o.name as owner_name, o.colour as owner_colour,
	    coalesce(c.key, '') as collaboration_key, coalesce(nullif(c.short_name, ''), c.name, '') as collaboration_name, l.safe, l.due,
	    l.total, 0 as planned, l.waiting, l.scheduled, l.treated, l.refused, l.skipped, l.expired, l.late, (count(*) over ())::int as found,
	    l.until, coalesce(c.id, o.id) as group_id, coalesce(c.name, o.name) as group_name, min(l.until) over (partition by coalesce(c.id, o.id)) as group_until
	  from list l join proposals p on p.id = l.proposal_id join organisations o on o.id = p.owner_org_id left join collaborations c on c.id = l.collaboration_id
	  where case when @urgency = '' then l.urgency <> 'klaar' else l.urgency = @urgency end
	)`
}

const (
	foundColumns = `f.id, f.key, f.subject, f.made_up, f.closed, f.owner_key, f.owner_name, f.owner_colour, f.collaboration_key,
	  f.collaboration_name, f.safe, f.due,
	f.total, f.planned, f.waiting, f.scheduled, f.treated, f.refused, f.skipped, f.expired, f.late, f.found`
	foundOrder = ` order by f.group_until nulls last, f.group_name, f.group_id, f.until nulls last, lower(f.subject), f.id`
)

// List asks for a page of the routes of which the actor may see a step that was sent: by collaboration, or else by owner,
// the group with the most urgent route first. A page that begins after a route which is no longer in the list begins where its number says.
func List(dst *[]Running, actor access.Actor, f Filter) postgres.Query {
	args := postgres.Args{
		"words": f.Words, "collaboration": f.Collaboration, "owner": f.Owner, "body": f.Body, "urgency": f.Urgency, "at": actor.At, "today": dutch.Day(actor.At),
		"after": f.After, "skipped": (max(f.Page, 1) - 1) * PerPage,
	}.As(actor)
	if f.After == "" {
		return postgres.PageInto(dst, f.running()+` select `+foundColumns+` from found f`+foundOrder, args, f.Page, PerPage)
	}
	return postgres.AllInto(dst, f.running()+`, placed as (select f.*, row_number() over (`+foundOrder+`) as place from found f)
		select `+foundColumns+` from placed f where f.place > coalesce((select a.place from placed a where a.key = @after), @skipped::int)
		order by f.place`+postgres.Limit(PerPage+1), args)
}

// Choice is something to narrow a list of routes to.
type Choice struct{ Key, Name string }

// Owners asks whose papers go along a route of which the actor may see a step that was sent.
func Owners(dst *[]Choice, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `select o.key, o.name from organisations o where exists (select from proposals p join route_steps s on s.proposal_id = p.id
		where p.owner_org_id = o.id and p.state <> 'ingetrokken' and s.sent_at is not null and `+access.Seen("s")+` and `+access.Seen("p")+
		`) order by lower(o.name), o.key limit 1000`,
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
