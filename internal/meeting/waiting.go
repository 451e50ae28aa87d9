package meeting

import (
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
)

// Task is something that waits for the actor, with the one thing that settles it.
type Task struct {
	Kind   string // offered, deferred, step, question, refused, concept, consent, agreed, advice, agenda, reading, joint or declined
	Title  string
	Key    string // of the proposal, or slug of the meeting
	Due    *time.Time
	Extra  string     // offered, deferred and step: organisation that offers; question and refused: the body; concept: what is missing, as codes; agenda, reading, joint and declined: who meet
	Starts *time.Time // of the meeting, kinds agenda, reading, joint and declined
	Target string     // slug of the meeting it is for, empty when there is none yet; step, question and refused: key of the step; advice: its id; joint and declined: the body asked
	MadeUp bool
	Closed bool // a closed paper
}

// holderNames says in a query who hold meeting m.
const holderNames = `(select string_agg(` + partner.HolderNamed + `, ' en ' order by mo.sequence) from meeting_organisers mo
		      join organisations o on o.id = mo.organisation_id left join bodies b on b.id = mo.body_id where mo.meeting_id = m.id)`

// speakingFor are the organisations and the bodies in whose name the actor gives an answer.
func speakingFor(actor access.Actor) ([]id.Organisation, []id.Body) {
	answering, speaking := []id.Organisation{}, []id.Body{}
	for _, org := range actor.ClerkOrganisations() {
		if actor.Is(access.Clerk, org) || actor.Is(access.Secretary, org) {
			answering = append(answering, org)
		}
	}
	for _, g := range actor.Grants {
		if g.Role == access.Clerk && g.Body != "" {
			speaking = append(speaking, g.Body)
		}
	}
	return answering, speaking
}

// Waiting asks what waits for the actor, most urgent first: papers offered or sent to his bodies, questions about his own papers and
// refusals of them, concepts that are not complete, papers that wait for his consent or have it, agendas to be sent, questions to hold a meeting together and refusals of those, and for members meetings to read. Titles of closed papers show only to their audience.
func Waiting(dst *[]Task, actor access.Actor) postgres.Query {
	answering, speaking := speakingFor(actor)
	args := postgres.Args{"at": actor.At, "member_bodies": actor.Bodies(), "answering": answering, "clerk_bodies": speaking}.As(actor)
	return postgres.AllInto(dst, `
		with coming as (
		  select m.id, m.slug, m.starts_at, m.state, m.kind, m.title, m.made_up, mo.body_id, b.notice_days, b.papers_due_days,
		    `+holderNames+` as body
		  from meetings m join meeting_organisers mo on mo.meeting_id = m.id join bodies b on b.id = mo.body_id
		  where `+access.Seen("m")+` and m.starts_at >= @at and m.state <> 'geannuleerd'
		    and (b.id = any(@actor_clerk_bodies) and mo.agreed_with = '' or b.id = any(@member_bodies))
		), waiting as (
		  select case p.state when 'aangehouden' then 'deferred' else 'offered' end as kind, p.subject as title, p.key,
		    (coalesce(n.starts_at, p.dated_on::timestamptz) - make_interval(days => coalesce(n.papers_due_days, 0))) as due,
		    o.name as extra, null::timestamptz as starts, coalesce(n.slug, '') as target, p.made_up, p.audience_bodies is not null as closed
		  from proposals p join organisations o on o.id = p.owner_org_id
		  left join lateral (select c.slug, c.starts_at, c.papers_due_days from coming c where c.body_id = p.target_body_id
		    and (p.meeting_id is null or p.meeting_id = c.id) order by c.starts_at limit 1) n on true
		  where p.state in ('aangeboden', 'aangehouden') and not p.by_route and p.target_body_id = any(@actor_clerk_bodies) and `+access.Seen("p")+`
		    and not `+proposal.BehindDoors("p.id", "p.target_body_id")+`
		  union all
		  select 'step', p.subject, p.key, coalesce((select max(c.starts_at) - make_interval(days => coalesce(max(c.papers_due_days), 0)) from coming c
		      where c.body_id = s.body_id and (c.starts_at at time zone 'Europe/Amsterdam')::date <= coalesce(s.deadline, s.planned_on)),
		    s.deadline::timestamptz, s.planned_on::timestamptz), o.name, null, s.key, p.made_up, p.audience_bodies is not null
		  from route_steps s join proposals p on p.id = s.proposal_id join organisations o on o.id = p.owner_org_id
		  where s.state in ('verzonden', 'verlopen') and s.body_id = any(@actor_clerk_bodies) and p.state <> 'ingetrokken' and `+access.Seen("s")+` and `+access.Seen("p")+`
		    and not `+proposal.BehindDoors("s.proposal_id", "s.body_id")+`
		  union all
		  select case s.state when 'geweigerd' then 'refused' else 'question' end, p.subject, p.key, coalesce(s.deadline, s.planned_on)::timestamptz,
		    `+partner.HolderNamed+`, null, s.key, p.made_up, p.audience_bodies is not null
		  from route_steps s join proposals p on p.id = s.proposal_id join bodies b on b.id = s.body_id join organisations o on o.id = b.organisation_id
		  where p.state <> 'ingetrokken' and `+access.Seen("s")+` and `+access.Seen("p")+` and (p.writer_ids && @actor_persons and not p.reader_ids && @actor_persons or p.owner_org_id = any(@answering))
		    and (s.state = 'geweigerd' or exists (select from route_questions q where q.step_id = s.id and q.answered_at is null and `+access.Seen("q")+`))
		  union all
		  select 'concept', p.subject, p.key, (coalesce(m.starts_at, p.dated_on::timestamptz) - make_interval(days => coalesce(b.papers_due_days, 0))),
		    concat_ws(',', case when p.summary = '' then 'summary' end, case when p.authors = '[]' then 'authors' end,
		      case when p.target_body_id is null then 'target' end,
		      case when p.treatment = 'decisive' and p.decision_points = '{}' then 'decision_points' end,
		      case when not p.attachments_na and not exists (select from attachments a where a.object_id = p.id and a.removed_at is null) then 'attachments' end),
		    null, coalesce(m.slug, ''), p.made_up, p.audience_bodies is not null
		  from proposals p left join bodies b on b.id = p.target_body_id left join meetings m on m.id = p.meeting_id and `+access.Seen("m")+`
		  where p.state in ('concept', 'teruggestuurd') and `+access.Seen("p")+` and (p.writer_ids && @actor_persons and not p.reader_ids && @actor_persons
		    or p.target_body_id = any(@actor_clerk_bodies) and coalesce(m.starts_at, p.dated_on::timestamptz) - make_interval(days => coalesce(b.papers_due_days, 0)) < @at::timestamptz + interval '7 days')
		  union all
		  select case p.state when 'ambtelijk_gereed' then 'consent' else 'agreed' end, p.subject, p.key,
		    (coalesce(m.starts_at, p.dated_on::timestamptz) - make_interval(days => coalesce(b.papers_due_days, 0))), '', null, '', p.made_up, p.audience_bodies is not null
		  from proposals p left join bodies b on b.id = p.target_body_id left join meetings m on m.id = p.meeting_id and `+access.Seen("m")+`
		  where `+access.Seen("p")+` and (p.state = 'ambtelijk_gereed' and p.holder_id = any(@actor_persons)
		    or p.state = 'bestuurlijk_akkoord' and p.writer_ids && @actor_persons and not p.reader_ids && @actor_persons)
		  union all
		  select 'advice', p.subject, p.key, v.due_on::timestamptz, o.name, null, v.id::text, p.made_up, p.audience_bodies is not null
		  from advices v join proposals p on p.id = v.proposal_id join organisations o on o.id = p.owner_org_id
		  where v.given_at is null and (v.person_id = any(@actor_persons) or v.body_id = any(@actor_clerk_bodies)) and p.state not in ('ingetrokken', 'afgehandeld')
		    and `+access.Seen("v")+` and `+access.Seen("p")+`
		  union all
		  select distinct on (c.id) 'agenda', c.title, c.slug, c.starts_at - make_interval(days => coalesce(c.notice_days, 0)), c.body, c.starts_at, c.slug, c.made_up, false
		  from coming c where c.state in ('concept', 'gepland') and c.body_id = any(@actor_clerk_bodies)
		    and c.kind not in ('information_evening', 'conference', 'theme_meeting', 'kickoff_day', 'council_meetup', 'members_assembly')
		  union all
		  select distinct on (c.id) 'reading', c.title, c.slug, c.starts_at, c.body, c.starts_at, c.slug, c.made_up, false
		  from coming c where c.state = 'opgeroepen' and c.body_id = any(@member_bodies) and not c.body_id = any(@actor_clerk_bodies)
		  union all
		  select case when r.declined_at is null then 'joint' else 'declined' end, m.title, m.slug, m.starts_at,
		    case when r.declined_at is null then `+holderNames+` else `+partner.HolderNamed+` end, m.starts_at, coalesce(b.key, o.key), m.made_up, false
		  from organiser_requests r join meetings m on m.id = r.meeting_id join organisations o on o.id = r.organisation_id left join bodies b on b.id = r.body_id
		  where m.published_at is null and m.state <> 'geannuleerd' and not m.invited and m.starts_at >= @at and `+access.Seen("r")+` and `+access.Seen("m")+`
		    and case when r.declined_at is null then coalesce(r.body_id = any(@clerk_bodies), r.organisation_id = any(@answering))
		      else exists (select from meeting_organisers mo where mo.meeting_id = m.id and mo.agreed_with = ''
		        and coalesce(mo.body_id = any(@actor_clerk_bodies), mo.organisation_id = any(@answering))) end
		)
		select kind, title, key, due, extra, starts, target, made_up, closed from waiting order by due nulls last, kind, key limit 100`, args)
}
