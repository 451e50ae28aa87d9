package meeting

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// The columns of a meeting; written are those that an act on it may change.
var (
	whole   = postgres.FieldsOf[Meeting]()
	written = whole.Without("ID", "MadeUp", "ComposedAt", "Version", "UpdatedAt", "UpdatedBy")
	columns = whole.Columns("m")
)

// Find returns the meeting, or fault.NotFound when the actor may not see it.
func Find(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting) (Meeting, error) {
	return postgres.One[Meeting](ctx, db, `select `+columns+` from meetings m where m.id = @id and `+access.Seen("m"),
		postgres.Args{"id": m}.As(actor))
}

// BySlug asks for the meeting at an address; for use in the batch of a page.
func BySlug(dst *Meeting, actor access.Actor, slug string) postgres.Query {
	return postgres.OneInto(dst, `select `+columns+` from meetings m where m.slug = @slug and `+access.Seen("m"),
		postgres.Args{"slug": slug}.As(actor))
}

// lock finds the meeting and holds it until the end of the transaction: whoever changes its agenda waits in line.
func lock(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting) (Meeting, []Organiser, error) {
	found, err := postgres.One[Meeting](ctx, tx, `select `+columns+` from meetings m where m.id = @id and `+access.Seen("m")+` for update`,
		postgres.Args{"id": m}.As(actor))
	if err != nil {
		return Meeting{}, nil, err
	}
	organisers, err := postgres.All[Organiser](ctx, tx, organisersOf+` where mo.meeting_id = @id order by mo.sequence`,
		postgres.Args{"id": m}.As(actor))
	return found, organisers, err
}

// FindWhole returns the meeting with who holds it, or fault.NotFound when the actor may not see it.
func FindWhole(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting) (Meeting, []Organiser, error) {
	var found Meeting
	var organisers []Organiser
	err := postgres.Read(ctx, db,
		postgres.OneInto(&found, `select `+columns+` from meetings m where m.id = @id and `+access.Seen("m"), postgres.Args{"id": m}.As(actor)),
		postgres.AllInto(&organisers, organisersOf+` where mo.meeting_id = @id order by mo.sequence`, postgres.Args{"id": m}.As(actor)))
	return found, organisers, err
}

const organisersOf = `
	select mo.organisation_id, mo.body_id, o.key as org_key, o.name as org_name, o.colour,
	  coalesce(b.key, '') as body_key, coalesce(b.name, '') as body_name, b.notice_days, b.papers_due_days, coalesce(b.public_by_default, true) as open_by_default,
	  mo.agreed_with, mo.recorded_by
	from meeting_organisers mo join organisations o on o.id = mo.organisation_id left join bodies b on b.id = mo.body_id`

// OrganisersAt asks who holds the meeting at an address, as far as the actor may see the meeting.
func OrganisersAt(dst *[]Organiser, actor access.Actor, slug string) postgres.Query {
	return postgres.AllInto(dst, organisersOf+` join meetings m on m.id = mo.meeting_id
		where m.slug = @slug and `+access.Seen("m")+` order by mo.sequence`, postgres.Args{"slug": slug}.As(actor))
}

// candidate is who is named to hold a meeting.
type candidate struct {
	Organiser
	Acted bool // somebody with an account prepares its meetings
}

// candidates reads bodies and organisations in the order given; one that does not exist is a fault of "bodies".
func candidates(ctx context.Context, tx pgx.Tx, actor access.Actor, bodies []id.Body, orgs []id.Organisation) ([]candidate, error) {
	found, err := postgres.All[candidate](ctx, tx, `
		select o.id as organisation_id, b.id as body_id, o.key as org_key, o.name as org_name, o.colour,
		  coalesce(b.key, '') as body_key, coalesce(b.name, '') as body_name, b.notice_days, b.papers_due_days, coalesce(b.public_by_default, true) as open_by_default,
		  '' as agreed_with, '' as recorded_by,
		  exists (select from accounts a where a.state = 'active' and a.vouched and a.person_id in (
		    select d.person_id from mandates d join bodies at on at.id = d.body_id
		    where daterange(d.starts_on, d.ends_on) @> @day::date and case when b.id is null
		      then at.organisation_id = o.id and d.function in ('clerk', 'secretary', 'director')
		      else d.body_id in (b.id, b.parent_body_id) and d.function = 'clerk'
		        or d.body_id = b.id and d.function in ('secretary', 'director') and b.kind in ('general_board', 'daily_board', 'operations_board', 'joint_organ') end
		    union
		    select g.person_id from role_grants g
		    where g.role = 'clerk_staff' and daterange(g.valid_from, g.valid_to) @> @day::date and case when b.id is null
		      then g.body_id in (select id from bodies where organisation_id = o.id) else g.body_id in (b.id, b.parent_body_id) end)) as acted
		from (
		  select b.id as body, b.organisation_id as org, n from unnest(@bodies::uuid[]) with ordinality x(id, n) join bodies b on b.id = x.id
		  union all
		  select null, o.id, 1000 + n from unnest(@orgs::uuid[]) with ordinality x(id, n) join organisations o on o.id = x.id
		) wanted join organisations o on o.id = wanted.org left join bodies b on b.id = wanted.body
		order by wanted.n`,
		postgres.Args{"bodies": bodies, "orgs": orgs, "day": dutch.DateKey(actor.At)}.As(actor))
	if err == nil && len(found) != len(bodies)+len(orgs) {
		return nil, fault.Fields{"bodies": "Een gekozen gremium of organisatie bestaat niet meer. Kies opnieuw."}
	}
	return found, err
}

// insertMeeting makes m, of which the audience and what a draft says are filled in.
func insertMeeting(ctx context.Context, tx pgx.Tx, actor access.Actor, m Meeting, organisers []Organiser) (Meeting, error) {
	args := written.Args(m).With(m.Audience).As(actor)
	args["id"], args["made_up"], args["at"], args["by"] = id.New[id.Meeting](), m.MadeUp, actor.At, actor.Name
	made, err := postgres.One[Meeting](ctx, tx, `
		insert into meetings as m (id, made_up, created_at, updated_at, updated_by, `+written.Names()+`)
		values (@id, @made_up, @at, @at, @by, `+written.Values()+`)
		returning `+columns, args)
	if err != nil {
		return Meeting{}, err
	}
	return made, replaceOrganisers(ctx, tx, actor, made.ID, organisers)
}

func replaceOrganisers(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, organisers []Organiser) error {
	var orgs []id.Organisation
	var bodies []id.Body
	var with, by []string
	for _, o := range organisers {
		orgs, bodies, with, by = append(orgs, o.OrganisationID), append(bodies, o.BodyID), append(with, o.AgreedWith), append(by, o.RecordedBy)
	}
	_, err := postgres.Exec(ctx, tx, `
		with gone as (delete from meeting_organisers where meeting_id = @id)
		select`, postgres.Args{"id": m}.As(actor))
	if err != nil {
		return fmt.Errorf("taking organisers off: %w", err)
	}
	_, err = postgres.Exec(ctx, tx, `
		insert into meeting_organisers (meeting_id, sequence, organisation_id, body_id, agreed_with, recorded_by)
		select @id, n, org, body, agreed, recorded
		from unnest(@orgs::uuid[], @bodies::uuid[], @agreed::text[], @recorded::text[]) with ordinality x(org, body, agreed, recorded, n)`,
		postgres.Args{"id": m, "orgs": orgs, "bodies": bodies, "agreed": with, "recorded": by}.As(actor))
	return err
}

// slugFree finds the address for a meeting; when another has it already, a few random letters follow: a number would tell
// how many there are.
func slugFree(ctx context.Context, tx pgx.Tx, actor access.Actor, base string, self id.Meeting) (string, error) {
	// Row security hides concepts of others, so a taken address may be invisible: the unique key has the last word and
	// the caller tries again with letters.
	taken, err := postgres.One[bool](ctx, tx, `select exists (select from meetings m where m.slug = @slug and m.id is distinct from @self::uuid)`,
		postgres.Args{"slug": base, "self": self}.As(actor))
	if err != nil {
		return "", err
	}
	if taken {
		return base + "-" + id.NewKey()[:4], nil
	}
	return base, nil
}

// Filter of a list of meetings. Empty fields do not filter.
type Filter struct {
	Org  string // key of an organisation that organises
	Kind Kind
	Past bool // what has been, newest first; else what is to come, next first
	Page int
}

// Row is a meeting in a list.
type Row struct {
	ID         id.Meeting
	Slug       string
	Kind       Kind
	Title      string
	StartsAt   time.Time
	EndsAt     time.Time
	Location   string
	Open       bool
	State      State
	Published  bool
	MadeUp     bool
	Organisers []Organiser
}

// Name is what the meeting is called.
func (r Row) Name() string { return Name(r.Title, r.Kind, r.Organisers) }

// FullName is Name with the organisation, where that is one and the name does not tell.
func (r Row) FullName() string {
	orgs := map[string]bool{}
	for _, o := range r.Organisers {
		orgs[o.OrgName] = true
	}
	if r.Title == "" && len(orgs) == 1 {
		return r.Name() + " " + r.Organisers[0].OrgName
	}
	return r.Name()
}

// RowColumns are those of a Row, of a meeting called m.
const RowColumns = `m.id, m.slug, m.kind, m.title, m.starts_at, m.ends_at, m.location, m.open, m.state, m.published_at is not null as published, m.made_up,
	(select coalesce(jsonb_agg(jsonb_build_object('OrgKey', o.key, 'OrgName', o.name, 'Colour', o.colour,
	    'BodyName', coalesce(b.name, ''), 'BodyID', b.id, 'AgreedWith', mo.agreed_with) order by mo.sequence), '[]')
	  from meeting_organisers mo join organisations o on o.id = mo.organisation_id left join bodies b on b.id = mo.body_id
	  where mo.meeting_id = m.id) as organisers`

// PerPage is how many rows a list has; one more is read to know whether there is a next page.
const PerPage = 30

// List asks for meetings the actor may see, one more than fit on a page.
func List(dst *[]Row, actor access.Actor, f Filter) postgres.Query {
	order := `m.starts_at, m.id`
	if f.Past {
		order = `m.starts_at desc, m.id`
	}
	return postgres.PageInto(dst, `select `+RowColumns+` from meetings m where `+f.condition()+` order by `+order, f.args(actor), f.Page, PerPage)
}

// countLimit is up to where a list counts; beyond it says "more".
const countLimit = 1000

// Count asks how many meetings the whole list has, up to 1,001.
func Count(dst *int, actor access.Actor, f Filter) postgres.Query {
	return postgres.OneInto(dst, `select count(*) from (select from meetings m where `+f.condition()+postgres.Limit(countLimit+1)+`) x`, f.args(actor))
}

func (f Filter) condition() string {
	when := `m.ends_at >= @at`
	if f.Past {
		when = `m.ends_at < @at`
	}
	return access.Seen("m") + ` and ` + when + postgres.When(f.Kind != "", `m.kind = @kind`) +
		postgres.When(f.Org != "", `exists (select from meeting_organisers mo join organisations o on o.id = mo.organisation_id where mo.meeting_id = m.id and o.key = @org)`)
}

func (f Filter) args(actor access.Actor) postgres.Args {
	return postgres.Args{"at": actor.At, "kind": f.Kind, "org": f.Org}.As(actor)
}

// OrganisersWithMeetings asks for the organisations that hold a meeting the actor may see, for a filter.
func OrganisersWithMeetings(dst *[]Organiser, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `
		select o.id as organisation_id, null::uuid as body_id, o.key as org_key, o.name as org_name, o.colour,
		  '' as body_key, '' as body_name, null::int as notice_days, null::int as papers_due_days, true as open_by_default,
		  '' as agreed_with, '' as recorded_by
		from organisations o
		where exists (select from meeting_organisers mo join meetings m on m.id = mo.meeting_id where mo.organisation_id = o.id and `+access.Seen("m")+`)
		order by org_name limit 1000`, postgres.Args{}.As(actor))
}

func updateMeeting(ctx context.Context, tx pgx.Tx, actor access.Actor, m Meeting) (Meeting, error) {
	args := written.Args(m).With(m.Audience).As(actor)
	args["id"], args["version"], args["at"], args["by"] = m.ID, m.Version, actor.At, actor.Name
	found, err := postgres.All[Meeting](ctx, tx, `
		update meetings m set `+written.Set()+`, version = m.version + 1, updated_at = @at, updated_by = @by
		where m.id = @id and m.version = @version
		returning `+columns, args)
	if err != nil {
		return Meeting{}, err
	}
	if len(found) == 0 {
		return Meeting{}, fault.Conflict
	}
	return found[0], nil
}

// Following asks for the next meetings of the organisations that hold the one at an address, at most three.
func Following(dst *[]Row, actor access.Actor, slug string) postgres.Query {
	return postgres.AllInto(dst, `select `+RowColumns+` from meetings m, meetings this
		where this.slug = @slug and m.id <> this.id and m.starts_at >= this.starts_at and m.state <> 'geannuleerd'
		  and m.org_ids && this.org_ids and `+access.Seen("m")+` and `+access.Seen("this")+`
		order by m.starts_at, m.id limit 3`, postgres.Args{"slug": slug}.As(actor))
}

// touch says when the agenda was last changed, and, when readers had seen what changed, tells them too. What closed matter
// does stays out of everything they see; updated_at is that of the facts and goes into calendars.
func touch(ctx context.Context, tx pgx.Tx, actor access.Actor, m Meeting, seen bool) error {
	_, err := postgres.Exec(ctx, tx, `
		update meetings m set composed_at = @at, changed_at = case when @seen then @at else m.changed_at end
		where m.id = @id`, postgres.Args{"id": m.ID, "at": actor.At, "seen": seen && m.Published()}.As(actor))
	return err
}
