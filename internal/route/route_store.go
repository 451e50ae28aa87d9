package route

import (
	"context"
	"errors"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
)

const stepColumns = `s.id, s.key, s.proposal_id, s.sequence, s.body_id, s.treatment, s.authoritative, s.term_rule, s.planned_on, s.deadline,
	s.state, s.sent_at, s.sent_version, s.planned_for, s.reason, s.meeting_id, s.item_id, s.outcome, s.outcome_text, s.votes_for, s.votes_against, s.decided_on,
	s.treated_version, s.settled_at, s.version, s.updated_at, s.updated_by,
	b.name as body_name, b.key as body_key, o.id as org_id, o.key as org_key, o.name as org_name, o.colour as org_colour`

const stepTables = ` from route_steps s join bodies b on b.id = s.body_id join organisations o on o.id = b.organisation_id `

const stepOrder = ` order by s.sequence, lower(o.name), b.name, s.id`

// stepsOf lists the steps of a paper that is held, as far as the actor may see them.
func stepsOf(ctx context.Context, tx postgres.DB, actor access.Actor, paper id.Proposal) ([]Step, error) {
	return postgres.All[Step](ctx, tx, `select `+stepColumns+stepTables+`where s.proposal_id = @id and `+access.Seen("s")+stepOrder,
		postgres.Args{"id": paper}.As(actor))
}

// lockStep finds a step by its key and makes other acts on its paper and on its route wait.
func lockStep(ctx context.Context, tx postgres.DB, actor access.Actor, key string) (proposal.Proposal, Step, error) {
	of, err := postgres.One[id.Proposal](ctx, tx, `select s.proposal_id from route_steps s where s.key = @key and `+access.Seen("s"),
		postgres.Args{"key": key}.As(actor))
	if err != nil {
		return proposal.Proposal{}, Step{}, err
	}
	p, err := proposal.FindLocked(ctx, tx, actor, of)
	if err != nil {
		return proposal.Proposal{}, Step{}, err
	}
	s, err := postgres.One[Step](ctx, tx, `select `+stepColumns+stepTables+`where s.key = @key and `+access.Seen("s"),
		postgres.Args{"key": key}.As(actor))
	return p, s, err
}

// Row is a step in a list, with what the reader may see of where it stands.
type Row struct {
	Step
	CollaborationName string
	Public            bool
	MeetingSlug       string
	MeetingStartsAt   *time.Time
	MeetingState      string
	ItemKey           string
	VersionShown      bool // the reader may open the version that was treated
	HasDesk           bool // somebody prepares the meetings of the body here
	OpenQuestions     int
}

const routeColumns = stepColumns + `, coalesce(nullif(c.short_name, ''), c.name, '') as collaboration_name, s.visibility = 'public' as public,
	coalesce(g.slug, '') as meeting_slug, g.starts_at as meeting_starts_at, coalesce(g.state, '') as meeting_state, coalesce(i.key, '') as item_key,
	(select count(*)::int from route_questions q where q.step_id = s.id and q.answered_at is null and `

func routeTables() string {
	return stepTables + `join proposals p on p.id = s.proposal_id left join collaborations c on c.id = s.collaboration_id
		left join meetings g on g.id = s.meeting_id and ` + access.Seen("g") + `
		left join agenda_items i on i.id = s.item_id and i.meeting_id = g.id and ` + access.Seen("i") + ` `
}

func selectRoute() string {
	return `select ` + routeColumns + access.Seen("q") + `) as open_questions,
		exists (select from proposal_versions v where v.proposal_id = s.proposal_id and v.number = s.treated_version and ` + access.Seen("v") + `) as version_shown,
		exists (` + clerksOf("s.body_id", "@today") + `) as has_desk`
}

// clerksOf lists who prepare the meetings of a body on a day, as person_id.
func clerksOf(body, day string) string {
	return `
		select d.person_id from mandates d join bodies desk on desk.id = ` + body + `
		where daterange(d.starts_on, d.ends_on) @> ` + day + `::date and (d.function = 'clerk' and d.body_id in (desk.id, desk.parent_body_id)
		  or d.function in ('secretary', 'director') and d.body_id = desk.id and desk.kind in ('general_board', 'daily_board', 'operations_board', 'joint_organ'))
		union
		select g.person_id from role_grants g join bodies desk on desk.id = ` + body + `
		where g.role = 'clerk_staff' and daterange(g.valid_from, g.valid_to) @> ` + day + `::date and g.body_id in (desk.id, desk.parent_body_id)`
}

// At asks for the route of the paper under a key, as far as the actor may see it, in its order.
func At(dst *[]Row, actor access.Actor, key string) postgres.Query {
	return postgres.AllInto(dst, selectRoute()+routeTables()+`where p.key = @key and `+access.Seen("s")+` and `+access.Seen("p")+stepOrder+` limit 1000`,
		postgres.Args{"key": key, "today": dutch.Day(actor.At)}.As(actor))
}

// Progress is how far the route of a paper is, without its steps.
type Progress struct {
	Counts
	LastDue *time.Time
}

// ProgressOf counts the steps of the paper that the actor may see.
func ProgressOf(dst *Progress, actor access.Actor, paper id.Proposal) postgres.Query {
	return postgres.OneInto(dst, `
		select count(*)::int as total, count(*) filter (where s.state = 'gepland')::int as planned, count(*) filter (where s.state = 'verzonden')::int as waiting,
		  count(*) filter (where s.state = 'geagendeerd')::int as scheduled, count(*) filter (where s.state = 'behandeld')::int as treated,
		  count(*) filter (where s.state = 'geweigerd')::int as refused, count(*) filter (where s.state = 'overgeslagen')::int as skipped,
		  count(*) filter (where s.state = 'verlopen')::int as expired,
		  count(*) filter (where s.state in ('gepland', 'verzonden', 'geagendeerd') and least(s.deadline, s.planned_on) < @today)::int as late,
		  max(coalesce(s.deadline, s.planned_on)) as last_due
		from route_steps s join proposals p on p.id = s.proposal_id
		where s.proposal_id = @id and `+access.Seen("s")+` and `+access.Seen("p"), postgres.Args{"id": paper, "today": dutch.Day(actor.At)}.As(actor))
}

// StepAt asks for one step of the paper under a key.
func StepAt(dst *Row, actor access.Actor, paper, key string) postgres.Query {
	return postgres.OneInto(dst, selectRoute()+routeTables()+`where p.key = @paper and s.key = @key and `+access.Seen("s")+` and `+access.Seen("p"),
		postgres.Args{"paper": paper, "key": key, "today": dutch.Day(actor.At)}.As(actor))
}

// Steps of a list of them.
func Steps(rows []Row) []Step {
	steps := make([]Step, len(rows))
	for n, r := range rows {
		steps[n] = r.Step
	}
	return steps
}

// Question is what a receiver asks the owner about a step.
type Question struct {
	ID         id.Question
	Key        string
	StepKey    string
	Question   string
	AskedAt    time.Time
	AskedBy    string
	Answer     string
	AnsweredAt *time.Time
	AnsweredBy string
}

const questionColumns = `q.id, q.key, s.key as step_key, q.question, q.asked_at, q.asked_by, q.answer, q.answered_at, q.answered_by`

// QuestionsOf asks for the questions about a step, oldest first.
func QuestionsOf(dst *[]Question, actor access.Actor, step string) postgres.Query {
	return postgres.AllInto(dst, `select `+questionColumns+` from route_questions q join route_steps s on s.id = q.step_id join proposals p on p.id = s.proposal_id
		where s.key = @step and `+access.Seen("q")+` and `+access.Seen("s")+` and `+access.Seen("p")+` order by q.asked_at, q.id limit 200`,
		postgres.Args{"step": step}.As(actor))
}

func findQuestion(ctx context.Context, tx postgres.DB, actor access.Actor, step id.Step, key string) (Question, error) {
	return postgres.One[Question](ctx, tx, `select `+questionColumns+` from route_questions q join route_steps s on s.id = q.step_id
		where q.step_id = @step and q.key = @key and `+access.Seen("q"), postgres.Args{"step": step, "key": key}.As(actor))
}

func insertQuestion(ctx context.Context, tx postgres.DB, actor access.Actor, p proposal.Proposal, s Step, text string) error {
	audience := access.Audience{Visibility: access.Participants, OrgIDs: p.OrgIDs, ParticipantOrgIDs: []id.Organisation{s.OrgID}, WriterIDs: p.WriterIDs}
	_, err := postgres.Exec(ctx, tx, `
		insert into route_questions (id, key, step_id, question, asked_at, asked_by, visibility, org_ids, participant_org_ids, writer_ids, audience_bodies)
		select @id, @key, @step, @question, @at, @by, @visibility, @org_ids, @participant_org_ids, @writer_ids, @audience_bodies
		where not exists (select from route_questions q where q.step_id = @step and q.question = @question and q.answered_at is null)`,
		postgres.Args{"id": id.New[id.Question](), "key": id.NewKey(), "step": s.ID, "question": text, "at": actor.At, "by": actor.Name}.With(audience).As(actor))
	return err
}

func updateAnswer(ctx context.Context, tx postgres.DB, actor access.Actor, q id.Question, text string) error {
	n, err := postgres.Exec(ctx, tx, `
		update route_questions q set answer = @answer, answered_at = @at, answered_by = @by where q.id = @id and q.answered_at is null and `+access.Seen("q"),
		postgres.Args{"id": q, "answer": text, "at": actor.At, "by": actor.Name}.As(actor))
	if err == nil && n == 0 {
		return fault.Conflict
	}
	return err
}

// LocalOf asks what the receiving body made of the paper of a step; an empty Local when nothing yet, or not for the actor.
func LocalOf(dst *Local, actor access.Actor, step string) postgres.Query {
	return postgres.OneInto(dst, `
		select coalesce(l.title, '') as title, coalesce(l.treatment, '') as treatment, coalesce(l.portfolio_holders, '[]') as portfolio_holders,
		  coalesce(l.covering_note, '') as covering_note, coalesce(l.version, 0) as version, l.updated_at, coalesce(l.updated_by, '') as updated_by
		from (select 1) one left join (select l.* from route_step_locals l join route_steps s on s.id = l.step_id
		  where s.key = @step and `+access.Seen("l")+` and `+access.Seen("s")+`) l on true`,
		postgres.Args{"step": step}.As(actor))
}

func localArgs(actor access.Actor, s Step, l Local) postgres.Args {
	audience := access.Audience{Visibility: access.Draft, OrgIDs: []id.Organisation{s.OrgID}}
	return postgres.Args{
		"step": s.ID, "title": l.Title, "treatment": l.Treatment, "holders": postgres.OrEmpty(l.PortfolioHolders), "note": l.CoveringNote,
		"version": l.Version, "at": actor.At, "by": actor.Name,
	}.With(audience).As(actor)
}

// saveLocal writes what a body makes of the paper; nobody else may have written since its version, 0 for none yet.
func saveLocal(ctx context.Context, tx postgres.DB, actor access.Actor, s Step, l Local) error {
	n, err := postgres.Exec(ctx, tx, `
		insert into route_step_locals as l (step_id, title, treatment, portfolio_holders, covering_note, updated_at, updated_by,
		  visibility, org_ids, participant_org_ids, writer_ids, audience_bodies)
		values (@step, @title, @treatment, @holders, @note, @at, @by, @visibility, @org_ids, @participant_org_ids, @writer_ids, @audience_bodies)
		on conflict (step_id) do update set title = @title, treatment = @treatment, portfolio_holders = @holders, covering_note = @note,
		  version = l.version + 1, updated_at = @at, updated_by = @by where l.version = @version`, localArgs(actor, s, l))
	if err == nil && n == 0 {
		return fault.Conflict
	}
	return err
}

// insertSteps adds steps; of one that stands there already nothing changes. It says how many are new.
func insertSteps(ctx context.Context, tx postgres.DB, actor access.Actor, p proposal.Proposal, drafts []StepDraft) (int64, error) {
	var ids []id.Step
	var keys, treatments, rules []string
	var bodies []id.Body
	var collaborations []id.Collaboration
	var sequences []int
	var authoritative []bool
	var planned, deadlines []*time.Time
	for _, d := range drafts {
		ids, keys = append(ids, id.New[id.Step]()), append(keys, id.NewKey())
		treatments, rules, bodies = append(treatments, string(d.Treatment)), append(rules, d.TermRule), append(bodies, d.BodyID)
		collaborations, sequences = append(collaborations, d.CollaborationID), append(sequences, d.Sequence)
		authoritative, planned, deadlines = append(authoritative, d.Authoritative), append(planned, d.PlannedOn), append(deadlines, d.Deadline)
	}
	return postgres.Exec(ctx, tx, `
		insert into route_steps (id, key, proposal_id, sequence, body_id, collaboration_id, treatment, authoritative, term_rule, planned_on, deadline,
		  visibility, org_ids, participant_org_ids, writer_ids, audience_bodies, created_at, updated_at, updated_by)
		select n.id, n.key, @proposal, n.sequence, n.body, n.collaboration, n.treatment, n.authoritative, n.term, n.planned, n.deadline,
		  'draft', @org_ids, '{}', @writer_ids, @audience_bodies, @at, @at, @by
		from unnest(@ids::uuid[], @keys::text[], @sequences::int[], @bodies::uuid[], @collaborations::uuid[], @treatments::text[], @authoritative::bool[],
		  @rules::text[], @planned::date[], @deadlines::date[]) as n (id, key, sequence, body, collaboration, treatment, authoritative, term, planned, deadline)
		on conflict on constraint route_steps_body_key do nothing`,
		postgres.Args{
			"proposal": p.ID, "ids": ids, "keys": keys, "sequences": sequences, "bodies": bodies, "collaborations": collaborations,
			"treatments": treatments, "authoritative": authoritative, "rules": rules, "planned": planned, "deadlines": deadlines,
			"at": actor.At, "by": actor.Name,
		}.With(p.Audience).As(actor))
}

// existing are those of the bodies that are there and have not ended.
func existing(ctx context.Context, tx postgres.DB, actor access.Actor, bodies []id.Body) ([]id.Body, error) {
	return postgres.All[id.Body](ctx, tx, `select b.id from bodies b where b.id = any(@bodies::uuid[]) and (b.ended_on is null or b.ended_on > @today)`,
		postgres.Args{"bodies": bodies, "today": dutch.Day(actor.At)}.As(actor))
}

// updateStep writes all that can change of one step; nobody else may have changed it since it was read.
func updateStep(ctx context.Context, tx postgres.DB, actor access.Actor, s Step) error {
	n, err := postgres.Exec(ctx, tx, `
		update route_steps s set sequence = @sequence, treatment = @treatment, authoritative = @authoritative, planned_on = @planned_on, deadline = @deadline,
		  state = @state, planned_for = @planned_for, reason = @reason, meeting_id = @meeting, item_id = @item, outcome = @outcome,
		  outcome_text = @outcome_text, votes_for = @votes_for, votes_against = @votes_against, decided_on = @decided_on,
		    treated_version = @treated_version, settled_at = @settled_at,
		  version = s.version + 1, updated_at = @at, updated_by = @by
		where s.id = @id and s.version = @version and `+access.Seen("s"),
		postgres.Args{
			"id": s.ID, "sequence": s.Sequence, "treatment": s.Treatment, "authoritative": s.Authoritative, "planned_on": s.PlannedOn, "deadline": s.Deadline,
			"state": s.State, "planned_for": s.PlannedFor, "reason": s.Reason, "meeting": s.MeetingID, "item": s.ItemID, "outcome": s.Outcome,
			"outcome_text": s.OutcomeText, "votes_for": s.VotesFor, "votes_against": s.VotesAgainst, "decided_on": s.DecidedOn,
			"treated_version": s.TreatedVersion, "settled_at": s.SettledAt,
			"version": s.Version, "at": actor.At, "by": actor.Name,
		}.As(actor))
	if postgres.Violates(err, "route_steps_body_key") {
		return fault.Fields{"sequence": "Dit gremium heeft in deze stap al een plaats. Kies een andere stap."}
	}
	if err == nil && n == 0 {
		return fault.Conflict
	}
	return err
}

func deleteStep(ctx context.Context, tx postgres.DB, actor access.Actor, s id.Step) error {
	_, err := postgres.Exec(ctx, tx, `delete from route_steps s where s.id = @id and s.state = 'gepland' and `+access.Seen("s"), postgres.Args{"id": s}.As(actor))
	return err
}

// markSent writes that the steps left, with the version of the paper that they carry.
func markSent(ctx context.Context, tx postgres.DB, actor access.Actor, p proposal.Proposal, steps []id.Step) error {
	_, err := postgres.Exec(ctx, tx, `
		update route_steps s set state = 'verzonden', sent_at = @at, sent_version = (select max(v.number) from proposal_versions v where v.proposal_id = @proposal),
		  reason = '', planned_for = null, settled_at = null, version = s.version + 1, updated_at = @at, updated_by = @by
		where s.id = any(@steps::uuid[]) and `+access.Seen("s"),
		postgres.Args{"proposal": p.ID, "steps": steps, "at": actor.At, "by": actor.Name}.As(actor))
	return err
}

// Receivers asks who takes part in a collaboration, each with the body that receives papers for it: of a municipality its
// council. An organisation without one here has an empty BodyID.
func Receivers(dst *[]Receiver, actor access.Actor, collaborations []id.Collaboration) postgres.Query {
	return postgres.AllInto(dst, `
		select distinct on (lower(o.name), o.id) o.id as org_id, o.key as org_key, o.name as org_name, o.colour, b.id as body_id, coalesce(b.name, '') as body_name
		from participations q join organisations o on o.id = q.organisation_id
		left join lateral (select b.id, b.name from bodies b where b.organisation_id = o.id and (b.ended_on is null or b.ended_on > @today)
		    and b.kind = case o.kind when 'municipality' then 'council' when 'province' then 'provincial_council' else 'general_board' end
		  order by b.name, b.id limit 1) b on true
		where q.collaboration_id = any(@collaborations::uuid[]) and (q.joined_on is null or q.joined_on <= @today) and (q.left_on is null or q.left_on > @today)
		order by lower(o.name), o.id`, postgres.Args{"collaborations": postgres.OrEmpty(collaborations), "today": dutch.Day(actor.At)}.As(actor))
}

// board is the body that decides in the collaboration; empty when it has none here.
func board(ctx context.Context, tx postgres.DB, actor access.Actor, c id.Collaboration) (id.Body, error) {
	b, err := postgres.One[id.Body](ctx, tx, `
		select b.id from bodies b where b.collaboration_id = @id and b.kind in ('general_board', 'operations_board', 'joint_organ')
		  and (b.ended_on is null or b.ended_on > @today) order by b.kind, b.name limit 1`,
		postgres.Args{"id": c, "today": dutch.Day(actor.At)}.As(actor))
	if errors.Is(err, fault.NotFound) {
		return "", nil
	}
	return b, err
}

// Collaboration is a collaboration whose participants a paper can go along.
type Collaboration struct {
	ID           id.Collaboration
	Name         string
	Participants int
}

// CollaborationsOf asks for the collaborations that the organisation made or takes part in.
func CollaborationsOf(dst *[]Collaboration, actor access.Actor, owner id.Organisation) postgres.Query {
	return postgres.AllInto(dst, `
		select c.id, c.name, (select count(*)::int from participations q where q.collaboration_id = c.id
		  and (q.left_on is null or q.left_on > @today)) as participants
		from collaborations c
		where (c.ended_on is null or c.ended_on > @today) and (c.organisation_id = @owner or exists (select from participations q
		  where q.collaboration_id = c.id and q.organisation_id = @owner and (q.left_on is null or q.left_on > @today)))
		order by (c.organisation_id = @owner) is true desc, lower(c.name), c.id`, postgres.Args{"owner": owner, "today": dutch.Day(actor.At)}.As(actor))
}

// CollaborationsOn asks for the collaborations through which the route of a paper reaches its bodies.
func CollaborationsOn(dst *[]id.Collaboration, actor access.Actor, key string) postgres.Query {
	return postgres.AllInto(dst, `select distinct s.collaboration_id from route_steps s join proposals p on p.id = s.proposal_id
		where p.key = @key and s.collaboration_id is not null and `+access.Seen("s")+` and `+access.Seen("p"), postgres.Args{"key": key}.As(actor))
}
