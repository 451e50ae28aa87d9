package zienswijze

import (
	"context"
	"errors"
	"maps"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// The columns of a procedure: whose it is, which stays, and what its acts and its form change.
var (
	constant = postgres.FieldsOf[Procedure]().Only("ID", "Key", "CollaborationID", "OrganisationID", "MadeUp")
	life     = postgres.FieldsOf[Procedure]().Only("State", "SentOn", "DueOn", "DueRule")
	facts    = postgres.FieldsOf[Facts]()
)

var columns = constant.Columns("p") + `, ` + life.Columns("p") + `, ` + facts.Columns("p") + `, ` + postgres.Audience.Columns("p") + `,
	p.version, p.updated_at, p.updated_by,
	c.key as collaboration_key, c.name as collaboration_name, c.short_name as collaboration_short, c.form, o.colour,
	coalesce(m.slug, '') as ab_meeting_slug, (m.starts_at at time zone 'Europe/Amsterdam')::date as ab_meeting_on,
	coalesce(x.key, '') as proposal_key, coalesce(x.subject, '') as proposal_subject,
	coalesce(x.state, '') as proposal_state`

// tables are a procedure with what its page names, as far as the actor may see that.
var tables = ` from zienswijze_procedures p join collaborations c on c.id = p.collaboration_id join organisations o on o.id = p.organisation_id
	left join meetings m on m.id = p.ab_meeting_id and ` + access.Seen("m") + `
	left join proposals x on x.id = p.proposal_id and ` + access.Seen("x") + ` `

// Into asks for the procedure with this key, or fault.NotFound when the actor may not see it.
func Into(dst *Procedure, actor access.Actor, key string) postgres.Query {
	return postgres.OneInto(dst, `select `+columns+tables+`where p.key = @key and `+access.Seen("p"), postgres.Args{"key": key}.As(actor))
}

// Find is Into as one question.
func Find(ctx context.Context, db postgres.DB, actor access.Actor, key string) (Procedure, error) {
	var p Procedure
	err := postgres.Read(ctx, db, Into(&p, actor, key))
	return p, err
}

// lock finds the procedure and holds it until the end of the transaction.
func lock(ctx context.Context, tx postgres.DB, actor access.Actor, p id.Procedure) (Procedure, error) {
	return postgres.One[Procedure](ctx, tx, `select `+columns+tables+`where p.id = @id and `+access.Seen("p")+` for update of p`,
		postgres.Args{"id": p}.As(actor))
}

// SubjectsInto asks for the subjects of the procedure with this key.
func SubjectsInto(dst *[]Subject, actor access.Actor, key string) postgres.Query {
	return postgres.AllInto(dst, `select s.id, s.number, s.title from zienswijze_subjects s join zienswijze_procedures p on p.id = s.procedure_id
		where p.key = @key and `+access.Seen("p")+` and `+access.Seen("s")+` order by s.number`, postgres.Args{"key": key}.As(actor))
}

// Filter of a list; what is empty does not choose.
type Filter struct {
	Words         string // part of the subject or the name of the collaboration
	State         State
	Kind          Kind
	Year          int
	Collaboration string // key
	Organisation  string // key of a council's organisation
	Page          int
}

// Row is a procedure in a list, with how far its councils are.
type Row struct {
	Key                string
	Kind               Kind
	Subject            string
	Year               *int
	State              State
	SentOn             *time.Time
	DueOn              *time.Time
	DueRule            string
	ABOn               *time.Time
	CollaborationName  string
	CollaborationShort string
	Colour             string
	Councils           int
	Waiting            int // nothing came of them yet
	Unanswered         int
	Answered           int
	None               int // said to give none
}

// Collaboration is what people call it.
func (r Row) Collaboration() string {
	return collaboration.Collaboration{Facts: collaboration.Facts{Name: r.CollaborationName, ShortName: r.CollaborationShort}}.Title()
}

// PerPage is how many rows a list has; one more is read to know whether there is a next page.
const PerPage = 30

var rowColumns = `p.key, p.kind, p.subject, p.year, p.state, p.sent_on, p.due_on, p.due_rule, p.ab_on, c.name as collaboration_name,
		c.short_name as collaboration_short,
	o.colour, n.councils, n.waiting, n.unanswered, n.answered, n.none
	from zienswijze_procedures p join collaborations c on c.id = p.collaboration_id join organisations o on o.id = p.organisation_id
	cross join lateral (select count(*)::int as councils, count(*) filter (where v.state in ('ontvangen', 'geagendeerd', 'vastgesteld'))::int as waiting,
		count(*) filter (where v.state = 'verzonden')::int as unanswered, count(*) filter (where v.state = 'beantwoord')::int as answered,
		count(*) filter (where v.state = 'geen_zienswijze')::int as none from zienswijzen v where v.procedure_id = p.id and ` + access.Seen("v") + `) n`

// List asks for procedures the actor may see, those whose term ends first on top, one more than fit on a page.
func List(dst *[]Row, actor access.Actor, f Filter) postgres.Query {
	return postgres.PageInto(dst, `select `+rowColumns+`
		where `+access.Seen("p")+postgres.When(f.State != "", `p.state = @state`)+postgres.When(f.Kind != "", `p.kind = @kind`)+
		postgres.When(f.Year != 0, `p.year = @year`)+
		postgres.When(f.Words != "", `strpos(lower(p.subject || ' ' || c.name || ' ' || c.short_name), lower(@words)) > 0`)+
		postgres.When(f.Collaboration != "", `c.key = @collaboration`)+
		postgres.When(f.Organisation != "", `exists (select from zienswijzen w join organisations wo on wo.id = w.organisation_id
			where w.procedure_id = p.id and wo.key = @organisation and `+access.Seen("w")+`)`)+`
		order by p.state = 'gesloten', coalesce(p.due_on, p.ab_on) desc nulls last, p.id desc`,
		postgres.Args{
			"state": f.State, "kind": f.Kind, "year": f.Year, "words": f.Words, "collaboration": f.Collaboration, "organisation": f.Organisation,
		}.As(actor), f.Page, PerPage)
}

// OfYear asks for the procedures of a collaboration on the budget of a year, those on the budget itself first.
func OfYear(dst *[]Row, actor access.Actor, collaboration string, year int) postgres.Query {
	return postgres.AllInto(dst, `select `+rowColumns+` where `+access.Seen("p")+` and c.key = @key and p.year = @year
		order by p.kind <> 'budget', p.ab_on nulls last, p.id limit 100`, postgres.Args{"key": collaboration, "year": year}.As(actor))
}

// OfPaper asks for the procedures about the paper under a key.
func OfPaper(dst *[]Row, actor access.Actor, paper string) postgres.Query {
	return postgres.AllInto(dst, `select `+rowColumns+` join proposals x on x.id = p.proposal_id where x.key = @key and `+access.Seen("x")+` and `+
		access.Seen("p")+`
		order by p.sent_on nulls first, p.id limit 100`, postgres.Args{"key": paper}.As(actor))
}

// Choice is something to choose in the form of a procedure.
type Choice struct {
	ID    string
	Label string
}

// CollaborationsFor asks for the collaborations whose boards the actor serves.
func CollaborationsFor(dst *[]Choice, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `select c.id::text as id, c.name as label from collaborations c
		where c.organisation_id = any(@owners::uuid[]) and (c.ended_on is null or c.ended_on > @today) order by lower(c.name)`,
		postgres.Args{"owners": Owners(actor), "today": dutch.Day(actor.At)}.As(actor))
}

// MeetingsFor asks for the meetings of those boards, from a year back.
func MeetingsFor(dst *[]Choice, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `
		select m.id::text as id, to_char(m.starts_at at time zone 'Europe/Amsterdam', 'DD-MM-YYYY') || ' ' || string_agg(b.name, ', ' order by mo.sequence) as label
		from meetings m join meeting_organisers mo on mo.meeting_id = m.id join bodies b on b.id = mo.body_id
		where b.organisation_id = any(@owners::uuid[]) and b.kind in ('general_board', 'joint_organ', 'operations_board')
		  and m.state <> 'geannuleerd' and m.starts_at > @since and `+access.Seen("m")+`
		group by m.id order by m.starts_at limit 200`,
		postgres.Args{"owners": Owners(actor), "since": actor.At.AddDate(-1, 0, 0)}.As(actor))
}

// ProposalsFor asks for the open papers of those organisations, the newest first.
func ProposalsFor(dst *[]Choice, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `select x.id::text as id, x.subject as label from proposals x
		where x.owner_org_id = any(@owners::uuid[]) and x.state <> 'ingetrokken' and x.audience_bodies is null and `+access.Seen("x")+`
		order by x.updated_at desc limit 100`, postgres.Args{"owners": Owners(actor)}.As(actor))
}

// carrier is the organisation that made a collaboration, with its participants on a day.
type carrier struct {
	OrganisationID id.Organisation
	Ended          bool
	Participants   []id.Organisation
}

func findCarrier(ctx context.Context, tx postgres.DB, actor access.Actor, c id.Collaboration) (carrier, error) {
	return postgres.One[carrier](ctx, tx, `
		select c.organisation_id, coalesce(c.ended_on <= @today, false) as ended, array(select q.organisation_id from participations q where q.collaboration_id = c.id
			and (q.joined_on is null or q.joined_on <= @today) and (q.left_on is null or q.left_on > @today) order by q.organisation_id) as participants
		from collaborations c where c.id = @id`, postgres.Args{"id": c, "today": dutch.Day(actor.At)}.As(actor))
}

// meetingDay is the day of a meeting of a board of the organisation; another meeting is fault.NotFound.
func meetingDay(ctx context.Context, tx postgres.DB, actor access.Actor, m id.Meeting, bodies []string, org id.Organisation) (time.Time, error) {
	return postgres.One[time.Time](ctx, tx, `
		select (m.starts_at at time zone 'Europe/Amsterdam')::date from meetings m
		where m.id = @id and m.state <> 'geannuleerd' and `+access.Seen("m")+` and exists (select from meeting_organisers mo join bodies b on b.id = mo.body_id
			where mo.meeting_id = m.id and b.organisation_id = @org and b.kind = any(@kinds::text[]))`,
		postgres.Args{"id": m, "org": org, "kinds": bodies}.As(actor))
}

// paperFits reports whether an open paper of the organisation is one to choose.
func paperFits(ctx context.Context, tx postgres.DB, actor access.Actor, p id.Proposal, org id.Organisation) (bool, error) {
	return postgres.One[bool](ctx, tx, `select exists (select from proposals x where x.id = @id and x.owner_org_id = @org and x.audience_bodies is null
		and x.state <> 'ingetrokken' and `+access.Seen("x")+`)`, postgres.Args{"id": p, "org": org}.As(actor))
}

func args(p Procedure, actor access.Actor) postgres.Args {
	p.ABOn, p.RepliesDue, p.SentOn, p.DueOn = dutch.DayOf(p.ABOn), dutch.DayOf(p.RepliesDue), dutch.DayOf(p.SentOn), dutch.DayOf(p.DueOn)
	args := facts.Args(p.Facts)
	maps.Copy(args, constant.Args(p))
	maps.Copy(args, life.Args(p))
	args["version"], args["now"], args["by"] = p.Version, actor.At, actor.Name
	return args.With(p.Audience).As(actor)
}

func insert(ctx context.Context, tx postgres.DB, actor access.Actor, p Procedure) error {
	_, err := postgres.Exec(ctx, tx, `
		insert into zienswijze_procedures (created_at, updated_at, updated_by, `+constant.Names()+`, `+life.Names()+`, `+facts.Names()+`, `+
		postgres.Audience.Names()+`)
		values (@now, @now, @by, `+constant.Values()+`, `+life.Values()+`, `+facts.Values()+`, `+postgres.Audience.Values()+`)`, args(p, actor))
	return err
}

// update writes the procedure and makes p the next version of itself.
func update(ctx context.Context, tx postgres.DB, actor access.Actor, p *Procedure) error {
	n, err := postgres.Exec(ctx, tx, `
		update zienswijze_procedures p set `+life.Set()+`, `+facts.Set()+`, `+postgres.Audience.Set()+`,
		  version = p.version + 1, updated_at = @now, updated_by = @by
		where p.id = @id and p.version = @version and `+access.Seen("p"), args(*p, actor))
	if err == nil && n == 0 {
		return fault.Conflict
	}
	p.Version, p.UpdatedAt, p.UpdatedBy = p.Version+1, actor.At, actor.Name
	return err
}

// setSubjects makes the subjects those of the list, by their place in it. One on which a council already said something
// stays: taking it away is refused.
func setSubjects(ctx context.Context, tx postgres.DB, actor access.Actor, p Procedure, titles []string) error {
	if titles == nil {
		titles = []string{}
	}
	ids := make([]id.Subject, len(titles))
	for i := range ids {
		ids[i] = id.New[id.Subject]()
	}
	args := postgres.Args{"procedure": p.ID, "ids": ids, "titles": titles, "n": len(titles)}.With(p.Audience).As(actor)
	_, err := postgres.Exec(ctx, tx, `delete from zienswijze_subjects s where s.procedure_id = @procedure and s.number > @n`, args)
	if postgres.Violates(err, "zienswijze_stances_subject_id_fkey") {
		return fault.Fields{"subjects": "Over een onderdeel dat u weghaalt, heeft een raad al een standpunt. Laat het staan; de titel kunt u wel wijzigen."}
	}
	if err != nil {
		return err
	}
	_, err = postgres.Exec(ctx, tx, `
		insert into zienswijze_subjects (id, procedure_id, number, title, visibility, org_ids, participant_org_ids, writer_ids, audience_bodies)
		select x.id, @procedure, x.n, x.title, @visibility, @org_ids, @participant_org_ids, @writer_ids, @audience_bodies
		from unnest(@ids::uuid[], @titles::text[]) with ordinality x(id, title, n)
		on conflict on constraint zienswijze_subjects_number_key do update set title = excluded.title`, args)
	return err
}

// spread gives what hangs under the procedure its audience: subjects and the states of the councils, not what they say.
func spread(ctx context.Context, tx postgres.DB, actor access.Actor, p Procedure) error {
	args := postgres.Args{"procedure": p.ID}.With(p.Audience).As(actor)
	for _, table := range []string{"zienswijze_subjects", "zienswijzen"} {
		if _, err := postgres.Exec(ctx, tx, `update `+table+` set visibility = @visibility, org_ids = @org_ids,
			participant_org_ids = @participant_org_ids, writer_ids = @writer_ids, audience_bodies = @audience_bodies
			where procedure_id = @procedure`, args); err != nil {
			return err
		}
	}
	return nil
}

// askCouncils makes a view for each participant, with its council where that is known here.
func askCouncils(ctx context.Context, tx postgres.DB, actor access.Actor, p Procedure) error {
	ids := make([]id.View, len(p.ParticipantOrgIDs))
	for i := range ids {
		ids[i] = id.New[id.View]()
	}
	_, err := postgres.Exec(ctx, tx, `
		insert into zienswijzen (id, procedure_id, organisation_id, body_id, visibility, org_ids, participant_org_ids, writer_ids,
		  audience_bodies, updated_at, updated_by)
		select x.id, @procedure, x.org, `+councilOf("x.org")+`, @visibility, @org_ids, @participant_org_ids, @writer_ids, @audience_bodies, @now, @by
		from unnest(@ids::uuid[], @participant_org_ids::uuid[]) x(id, org)`,
		postgres.Args{"procedure": p.ID, "ids": ids, "today": dutch.Day(actor.At), "now": actor.At, "by": actor.Name}.With(p.Audience).As(actor))
	return err
}

// councilOf is the body of an organisation that gives views: its council, or provinciale staten.
func councilOf(org string) string {
	return `(select b.id from bodies b where b.organisation_id = ` + org + ` and b.kind in ('council', 'provincial_council')
		and (b.ended_on is null or b.ended_on > @today::date) order by b.kind, b.created_at, b.id limit 1)`
}

func conflict(err error) error {
	if errors.Is(err, fault.NotFound) {
		return fault.Conflict
	}
	return err
}
