package zienswijze

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
)

// viewColumns are a view v of a council w(organisation_id, body_id), between the days @from and @until.
var viewColumns = `v.id, w.organisation_id, w.body_id, coalesce(v.state, '') as state, v.meeting_id, v.decided_on, v.sent_on, v.answered_on,
	v.item_id, v.decision_id, v.votes_for, v.votes_against,
	coalesce(v.version, 0) as version, o.key as org_key, o.name as org_name, o.colour, coalesce(b.name, '') as body_name,
	jsonb_build_object('Key', coalesce(st.key, ''), 'State', coalesce(st.state, ''), 'Reason', coalesce(st.reason, ''), 'Planned',
	  st.planned_for is not null) as step,
	coalesce(vi.key, '') as item_key, case when vi.id is null then '' else im.slug end as item_slug, coalesce(vd.number, '') as decision_no,
	coalesce(vm.slug, '') as meeting_slug, (vm.starts_at at time zone 'Europe/Amsterdam')::date as meeting_on, b.papers_due_days,
	array(select distinct (m.starts_at at time zone 'Europe/Amsterdam')::date as d from meeting_organisers mo join meetings m on m.id = mo.meeting_id
		where mo.body_id = w.body_id and m.kind = 'council' and m.state <> 'geannuleerd' and m.starts_at >= w.from_on and m.starts_at < w.until_on + 1
		  and ` + access.Seen("m") + ` order by d) as meetings,
	(select coalesce(jsonb_agg(jsonb_build_object('Name', r.name, 'From', to_char(r.starts_on, 'YYYY-MM-DD"T00:00:00Z"'),
			'Until', to_char(r.last_on, 'YYYY-MM-DD"T00:00:00Z"')) order by r.starts_on, r.id), '[]')
		from recesses r where r.organisation_id = w.organisation_id and (r.body_id is null or r.body_id = w.body_id)
		  and r.last_on >= w.from_on and r.starts_on <= w.until_on) as recesses`

var viewTables = ` left join organisations o on o.id = w.organisation_id left join bodies b on b.id = w.body_id
	left join zienswijzen v on v.id = w.view_id left join meetings vm on vm.id = v.meeting_id and ` + access.Seen("vm") + `
	left join decisions vd on vd.id = v.decision_id and ` + access.Seen("vd") + `
	left join agenda_items vi on vi.id = coalesce(v.item_id, vd.item_id) and ` + access.Seen("vi") + `
	left join meetings im on im.id = vi.meeting_id and ` + access.Seen("im") + `
	left join lateral (select r.key, r.state, r.reason, r.planned_for from route_steps r join proposals rp on rp.id = r.proposal_id and ` + access.Seen("rp") + `
		where r.proposal_id = w.paper_id and r.body_id = w.body_id and r.treatment = 'formal_view' and ` + access.Seen("r") + `
		order by r.sequence desc limit 1) st on w.paper_id is not null
	order by o.name, o.key`

// ViewsInto asks for the councils of the procedure with this key, with what is known of their calendars; while it is in
// preparation, those that would be asked.
func ViewsInto(dst *[]View, actor access.Actor, key string) postgres.Query {
	return postgres.AllInto(dst, `
		with p as (select p.id, p.collaboration_id, p.proposal_id, p.state, coalesce(p.sent_on, @today::date) as from_on,
			greatest(p.due_on, p.ab_on, p.replies_due, @today::date + 183) as until_on
			from zienswijze_procedures p where p.key = @key and `+access.Seen("p")+`)
		select `+viewColumns+` from (
			select s.id as view_id, s.organisation_id, s.body_id, p.from_on, p.until_on, p.proposal_id as paper_id from p join zienswijzen s
			  on s.procedure_id = p.id and `+access.Seen("s")+`
			union all
			select null, q.organisation_id, `+councilOf("q.organisation_id")+`, p.from_on, p.until_on, null
			from p join participations q on q.collaboration_id = p.collaboration_id and p.state = 'voorbereiding'
				and (q.joined_on is null or q.joined_on <= @today::date) and (q.left_on is null or q.left_on > @today::date)
		) w `+viewTables, postgres.Args{"key": key, "today": dutch.Day(actor.At)}.As(actor))
}

// ViewInto asks for the view of one council, by the key of its organisation.
func ViewInto(dst *View, actor access.Actor, key, organisation string) postgres.Query {
	return postgres.OneInto(dst, `select `+viewColumns+` from (
			select s.id as view_id, s.organisation_id, s.body_id, p.sent_on as from_on, greatest(p.due_on, p.ab_on, @today::date + 183) as until_on,
			  p.proposal_id as paper_id
			from zienswijze_procedures p join zienswijzen s on s.procedure_id = p.id join organisations so on so.id = s.organisation_id
			where p.key = @key and so.key = @organisation and `+access.Seen("p")+` and `+access.Seen("s")+`
		) w `+viewTables, postgres.Args{"key": key, "organisation": organisation, "today": dutch.Day(actor.At)}.As(actor))
}

// CalendarsInto asks for the councils of a collaboration with their calendars between two days.
func CalendarsInto(dst *[]View, actor access.Actor, collaboration string, from, until time.Time) postgres.Query {
	return postgres.AllInto(dst, `select `+viewColumns+` from (
			select null::uuid as view_id, q.organisation_id, `+councilOf("q.organisation_id")+` as body_id, @from::date as from_on,
					@until::date as until_on, null::uuid as paper_id
			from collaborations c join participations q on q.collaboration_id = c.id
				and (q.joined_on is null or q.joined_on <= @today::date) and (q.left_on is null or q.left_on > @today::date)
			where c.key = @key
		) w `+viewTables, postgres.Args{"key": collaboration, "from": from, "until": until, "today": dutch.Day(actor.At)}.As(actor))
}

// BoardDaysInto asks on which days in a year the board of a collaboration meets, as far as the actor may know.
func BoardDaysInto(dst *[]time.Time, actor access.Actor, collaboration string, year int) postgres.Query {
	return postgres.AllInto(dst, `
		select distinct (m.starts_at at time zone 'Europe/Amsterdam')::date as d
		from meetings m join meeting_organisers mo on mo.meeting_id = m.id join bodies b on b.id = mo.body_id join collaborations c on c.id = b.collaboration_id
		where c.key = @key and b.kind in ('general_board', 'joint_organ', 'operations_board') and m.state <> 'geannuleerd'
		  and m.starts_at >= @from and m.starts_at < @until and `+access.Seen("m")+` order by d`,
		postgres.Args{"key": collaboration, "from": on(year, time.January, 1), "until": on(year+1, time.January, 1)}.As(actor))
}

// Planned is a meeting of a council to choose.
type Planned struct {
	ID    id.Meeting
	On    time.Time
	State string
}

// PlannedInto asks for the meetings of a council that are still to come.
func PlannedInto(dst *[]Planned, actor access.Actor, key, organisation string) postgres.Query {
	return postgres.AllInto(dst, `
		select m.id, (m.starts_at at time zone 'Europe/Amsterdam')::date as on, m.state
		from zienswijze_procedures p join zienswijzen s on s.procedure_id = p.id join organisations so on so.id = s.organisation_id
		join meeting_organisers mo on mo.body_id = s.body_id join meetings m on m.id = mo.meeting_id
		where p.key = @key and so.key = @organisation and m.kind = 'council' and m.state <> 'geannuleerd' and (m.ends_at >= @now or m.id = s.meeting_id)
		  and `+access.Seen("p")+` and `+access.Seen("s")+` and `+access.Seen("m")+`
		order by m.starts_at, m.id limit 100`, postgres.Args{"key": key, "organisation": organisation, "now": actor.At}.As(actor))
}

// texts are the columns that hold what was said, and under whose eyes.
var texts = postgres.FieldsOf[Text]().Without("ViewID", "Version", "UpdatedAt", "UpdatedBy")

var textColumns = postgres.FieldsOf[Text]().Columns("t")

// TextInto asks what a council says: at most one text, none when the actor may not read it yet.
func TextInto(dst *[]Text, actor access.Actor, key, organisation string) postgres.Query {
	return postgres.AllInto(dst, `select `+textColumns+` from zienswijze_texts t join zienswijzen s on s.id = t.view_id
		join zienswijze_procedures p on p.id = s.procedure_id join organisations o on o.id = s.organisation_id
		where p.key = @key and o.key = @organisation and `+access.Seen("p")+` and `+access.Seen("s")+` and `+access.Seen("t"),
		postgres.Args{"key": key, "organisation": organisation}.As(actor))
}

// OpinionsInto asks what a council holds of each subject, as far as the actor may read it.
func OpinionsInto(dst *[]Opinion, actor access.Actor, key, organisation string) postgres.Query {
	return postgres.AllInto(dst, `
		select t.view_id, t.subject_id, n.number, n.title, t.stance, t.passage, t.answer
		from zienswijze_stances t join zienswijze_subjects n on n.id = t.subject_id join zienswijzen s on s.id = t.view_id
		join zienswijze_procedures p on p.id = s.procedure_id join organisations o on o.id = s.organisation_id
		where p.key = @key and o.key = @organisation
		  and `+access.Seen("p")+` and `+access.Seen("s")+` and `+access.Seen("t")+` and `+access.Seen("n")+` order by n.number`,
		postgres.Args{"key": key, "organisation": organisation}.As(actor))
}

// SubjectInto asks for one subject of the procedure with this key, by its number.
func SubjectInto(dst *Subject, actor access.Actor, key string, number int) postgres.Query {
	return postgres.OneInto(dst, `select s.id, s.number, s.title from zienswijze_subjects s join zienswijze_procedures p on p.id = s.procedure_id
		where p.key = @key and s.number = @number and `+access.Seen("p")+` and `+access.Seen("s"), postgres.Args{"key": key, "number": number}.As(actor))
}

// Said is what one council holds of a subject, and what it is answered.
type Said struct {
	OrgKey  string
	OrgName string
	Colour  string
	Stance  Stance
	Passage string
	Answer  string
}

// SaidInto asks what the councils hold of one subject, as far as the actor may read it: a page of them by name, and one more.
func SaidInto(dst *[]Said, actor access.Actor, key string, number, page int) postgres.Query {
	return postgres.PageInto(dst, `
		select o.key as org_key, o.name as org_name, o.colour, t.stance, t.passage, t.answer
		from zienswijze_stances t join zienswijze_subjects n on n.id = t.subject_id join zienswijzen s on s.id = t.view_id
		join zienswijze_procedures p on p.id = s.procedure_id join organisations o on o.id = s.organisation_id
		where p.key = @key and n.number = @number
		  and `+access.Seen("p")+` and `+access.Seen("s")+` and `+access.Seen("t")+` and `+access.Seen("n")+`
		order by o.name, o.key`,
		postgres.Args{"key": key, "number": number}.As(actor), page, PerPage)
}

// Cell is a stance in the matrix of councils by subjects.
type Cell struct {
	ViewID    id.View
	SubjectID id.Subject
	Stance    Stance
}

// MatrixInto asks for all stances in the procedure with this key that the actor may read.
func MatrixInto(dst *[]Cell, actor access.Actor, key string) postgres.Query {
	return postgres.AllInto(dst, `
		select t.view_id, t.subject_id, t.stance from zienswijze_stances t join zienswijzen s on s.id = t.view_id join zienswijze_procedures p
		  on p.id = s.procedure_id
		where p.key = @key and `+access.Seen("p")+` and `+access.Seen("s")+` and `+access.Seen("t"), postgres.Args{"key": key}.As(actor))
}

// lockedTables are a view, with the step of its council as far as the actor may see that.
var lockedTables = ` from zienswijzen v join organisations o on o.id = v.organisation_id join zienswijze_procedures vp on vp.id = v.procedure_id
	left join lateral (select r.key, r.state from route_steps r where r.proposal_id = vp.proposal_id and r.body_id = v.body_id and r.treatment = 'formal_view'
		and ` + access.Seen("r") + ` order by r.sequence desc limit 1) st on true `

const lockedColumns = `v.id, v.organisation_id, v.body_id, v.state, v.meeting_id, v.decided_on, v.sent_on, v.answered_on, v.version,
	v.item_id, v.decision_id, v.votes_for, v.votes_against,
	jsonb_build_object('Key', coalesce(st.key, ''), 'State', coalesce(st.state, ''), 'Reason', '', 'Planned', false) as step, '' as item_key,
	  '' as item_slug, '' as decision_no,
	o.key as org_key, o.name as org_name, o.colour, '' as body_name, '' as meeting_slug, null::date as meeting_on, null::int as papers_due_days,
	'{}'::date[] as meetings, '[]'::jsonb as recesses`

// lockView finds a view with its procedure and holds both until the end of the transaction: the procedure first, as acts on
// the whole procedure do.
func lockView(ctx context.Context, tx postgres.DB, actor access.Actor, view id.View) (Procedure, View, error) {
	var v View
	p, err := postgres.One[Procedure](ctx, tx,
		`select `+columns+tables+`where p.id = (select procedure_id from zienswijzen where id = @id) and `+access.Seen("p")+` for share of p`,
		postgres.Args{"id": view}.As(actor))
	if err == nil {
		v, err = postgres.One[View](ctx, tx, `select `+lockedColumns+lockedTables+`
			where v.id = @id and `+access.Seen("v")+` for update of v`, postgres.Args{"id": view}.As(actor))
	}
	return p, v, err
}

// holdPaper holds the paper of a procedure, or of that of a view, before the procedure itself: acts on agendas have the paper first.
func holdPaper(ctx context.Context, tx pgx.Tx, actor access.Actor, procedure id.Procedure, view id.View) error {
	papers, err := postgres.All[id.Proposal](ctx, tx, `select p.proposal_id from zienswijze_procedures p where p.proposal_id is not null
		and (p.id = @procedure or p.id = (select v.procedure_id from zienswijzen v where v.id = @view)) and `+access.Seen("p"),
		postgres.Args{"procedure": procedure, "view": view}.As(actor))
	for _, paper := range papers {
		err = errors.Join(err, proposal.Hold(ctx, tx, actor, paper))
	}
	return err
}

// takeAgendas plans the views of councils that had the paper on an agenda before it was sent for their view.
func takeAgendas(ctx context.Context, tx postgres.DB, actor access.Actor, p Procedure) error {
	_, err := postgres.Exec(ctx, tx, `
		update zienswijzen v set state = 'geagendeerd', meeting_id = r.meeting_id, item_id = r.item_id, version = v.version + 1, updated_at = @now, updated_by = @by
		from route_steps r where v.procedure_id = @id and v.state = 'ontvangen' and r.proposal_id = @paper and r.body_id = v.body_id
		  and r.treatment = 'formal_view' and r.state = 'geagendeerd' and `+access.Seen("v")+` and `+access.Seen("r"),
		postgres.Args{"id": p.ID, "paper": p.ProposalID, "now": actor.At, "by": actor.Name}.As(actor))
	return err
}

func allViews(ctx context.Context, tx postgres.DB, actor access.Actor, p id.Procedure) ([]View, error) {
	return postgres.All[View](ctx, tx, `select `+lockedColumns+lockedTables+`
		where v.procedure_id = @id and `+access.Seen("v")+` order by o.name`, postgres.Args{"id": p}.As(actor))
}

func updateView(ctx context.Context, tx postgres.DB, actor access.Actor, v View) error {
	_, err := postgres.Exec(ctx, tx, `
		update zienswijzen v set state = @state, meeting_id = @meeting, item_id = @item, decision_id = @decision, votes_for = @votes_for,
		  votes_against = @votes_against,
		  decided_on = @decided, sent_on = @sent, answered_on = @answered,
		  version = v.version + 1, updated_at = @now, updated_by = @by where v.id = @id and `+access.Seen("v"),
		postgres.Args{
			"id": v.ID, "state": v.State, "meeting": v.MeetingID, "item": v.ItemID, "decision": v.DecisionID,
			"votes_for": v.VotesFor, "votes_against": v.VotesAgainst, "decided": dutch.DayOf(v.DecidedOn), "sent": dutch.DayOf(v.SentOn),
			"answered": dutch.DayOf(v.AnsweredOn),
			"now":      actor.At, "by": actor.Name,
		}.As(actor))
	return err
}

func findText(ctx context.Context, tx postgres.DB, actor access.Actor, v id.View) (Text, error) {
	return postgres.One[Text](ctx, tx, `select `+textColumns+` from zienswijze_texts t where t.view_id = @id and `+access.Seen("t")+` for update`,
		postgres.Args{"id": v}.As(actor))
}

// insertText is fault.Conflict when somebody else wrote the first text.
func insertText(ctx context.Context, tx postgres.DB, actor access.Actor, t Text) error {
	n, err := postgres.Exec(ctx, tx, `
		insert into zienswijze_texts (view_id, updated_at, updated_by, `+texts.Names()+`)
		values (@id, @now, @by, `+texts.Values()+`) on conflict do nothing`,
		textArgs(t, actor))
	if err == nil && n == 0 {
		return fault.Conflict
	}
	return err
}

func textArgs(t Text, actor access.Actor) postgres.Args {
	args := texts.Args(t)
	args["id"], args["version"], args["now"], args["by"] = t.ViewID, t.Version, actor.At, actor.Name
	return args.With(t.Audience).As(actor)
}

func updateText(ctx context.Context, tx postgres.DB, actor access.Actor, t Text) error {
	_, err := postgres.One[int](ctx, tx, `
		update zienswijze_texts t set `+texts.Set()+`, version = t.version + 1, updated_at = @now, updated_by = @by
		where t.view_id = @id and t.version = @version and `+access.Seen("t")+` returning t.version`, textArgs(t, actor))
	return conflict(err)
}

// setOpinions keeps the stances of a council, under the audience of its text. Answers stay where withAnswers is false.
func setOpinions(ctx context.Context, tx postgres.DB, actor access.Actor, p id.Procedure, t Text, all []Opinion, withAnswers bool) error {
	ids, stances, passages, answers := []id.Subject{}, []string{}, []string{}, []string{}
	for _, o := range all {
		if o.Stance != "" {
			ids, stances, passages, answers = append(ids, o.SubjectID), append(stances, string(o.Stance)), append(passages, o.Passage), append(answers, o.Answer)
		}
	}
	args := postgres.Args{
		"view": t.ViewID, "procedure": p, "subjects": ids, "stances": stances, "passages": passages, "answers": answers, "with_answers": withAnswers,
	}.With(t.Audience).As(actor)
	if _, err := postgres.Exec(ctx, tx, `delete from zienswijze_stances where view_id = @view and subject_id <> all(@subjects::uuid[])`, args); err != nil {
		return err
	}
	_, err := postgres.Exec(ctx, tx, `
		insert into zienswijze_stances as t (view_id, subject_id, stance, passage, answer, visibility, org_ids, participant_org_ids, writer_ids, audience_bodies)
		select @view, x.subject, x.stance, x.passage, case when @with_answers::boolean then x.answer else '' end,
		  @visibility, @org_ids, @participant_org_ids, @writer_ids, @audience_bodies
		from unnest(@subjects::uuid[], @stances::text[], @passages::text[], @answers::text[]) x(subject, stance, passage, answer)
		join zienswijze_subjects s on s.id = x.subject and s.procedure_id = @procedure
		on conflict (view_id, subject_id) do update set stance = excluded.stance, passage = excluded.passage,
		  answer = case when @with_answers::boolean then excluded.answer else t.answer end`, args)
	return err
}

// spreadText gives the stances of a council the audience of its text.
func spreadText(ctx context.Context, tx postgres.DB, actor access.Actor, t Text) error {
	_, err := postgres.Exec(ctx, tx, `update zienswijze_stances set visibility = @visibility, org_ids = @org_ids, participant_org_ids = @participant_org_ids,
		writer_ids = @writer_ids, audience_bodies = @audience_bodies where view_id = @id`, textArgs(t, actor))
	return err
}
