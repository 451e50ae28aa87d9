package meeting

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/id"
	"regiogriffie/internal/job"
	"regiogriffie/internal/postgres"
)

// The acts of which the members hear by mail; they are kinds of jobs.
const (
	TellConvened  = "meeting.convened"
	TellMoved     = "meeting.moved"
	TellCancelled = "meeting.cancelled"
)

// Changed is the job by which others hear that day, time or place of a meeting changed that people are invited to.
const Changed = "meeting.changed"

// Telling is what such a job holds. Sequence is that of the meeting right after the act.
type Telling struct {
	Meeting   id.Meeting
	Sequence  int
	OnlyPlace bool // of a move: the day and the time stay
}

// Cause names the act for the mailing, so that telling it twice is telling it once.
func (t Telling) Cause(kind string) string {
	return fmt.Sprintf("%s:%s:%d", kind, t.Meeting, t.Sequence)
}

func tell(ctx context.Context, tx pgx.Tx, kind string, m Meeting) error {
	return job.Enqueue(ctx, tx, kind, Telling{Meeting: m.ID, Sequence: m.Sequence})
}

// Addressee is someone to whom a meeting is told. Email is empty when no work address is known.
type Addressee struct {
	PersonID id.Person
	Name     string
	Email    string
}

// ClerksOf are the griffier and his staff of the bodies on a day. For the worker: it asks no rights.
func ClerksOf(ctx context.Context, db postgres.DB, bodies []id.Body, at time.Time) ([]Addressee, error) {
	return postgres.All[Addressee](ctx, db, `
		with decided as (select id from bodies where id = any(@ids::uuid[]) union select parent_body_id from bodies where id = any(@ids::uuid[])),
		clerks as (
		  select d.person_id from mandates d join bodies b on b.id = d.body_id
		  where d.body_id in (select id from decided) and daterange(d.starts_on, d.ends_on) @> @day::date
		    and (d.function = 'clerk' or d.function in ('secretary', 'director') and b.kind in ('general_board', 'daily_board', 'operations_board', 'joint_organ'))
		  union
		  select g.person_id from role_grants g where g.role = 'clerk_staff' and g.body_id in (select id from decided)
		    and daterange(g.valid_from, g.valid_to) @> @day::date
		)
		select p.id as person_id, p.display_name as name, p.work_email as email from clerks c join persons p on p.id = c.person_id order by p.family, p.id`,
		postgres.Args{"ids": bodies, "day": dutch.DateKey(at)}.As(access.Actor{}))
}

// People finds whom to write to by who they are. For the worker: it asks no rights.
func People(ctx context.Context, db postgres.DB, persons []id.Person) ([]Addressee, error) {
	return postgres.All[Addressee](ctx, db, `
		select p.id as person_id, p.display_name as name, p.work_email as email from persons p where p.id = any(@ids::uuid[]) order by p.family, p.id`,
		postgres.Args{"ids": persons}.As(access.Actor{}))
}

// Addressees are the members and the griffie of the bodies that hold the meeting, on its day; each person once. For the worker:
// it asks no rights, and work addresses are no page's business. Nobody is called to an event.
func Addressees(ctx context.Context, db postgres.DB, m Meeting) ([]Addressee, error) {
	if m.Kind.Event() {
		return nil, nil
	}
	bodies, err := postgres.All[id.Body](ctx, db, `select o.body_id from meeting_organisers o where o.meeting_id = @id and o.body_id is not null`,
		postgres.Args{"id": m.ID})
	if err != nil {
		return nil, err
	}
	return Seated(ctx, db, bodies, dutch.DateKey(m.StartsAt))
}

// Seated are the members and the griffie of the bodies on a day ("2018-06-28"), each person once. For the worker.
func Seated(ctx context.Context, db postgres.DB, bodies []id.Body, day string) ([]Addressee, error) {
	return postgres.All[Addressee](ctx, db, `
		with held as (select b.id, b.parent_body_id from bodies b where b.id = any(@bodies::uuid[])), called as (
		  select d.person_id from mandates d
		  where daterange(d.starts_on, d.ends_on) @> @day::date
		    and (d.body_id in (select id from held) or d.function = 'clerk' and d.body_id in (select parent_body_id from held))
		  union
		  select g.person_id from role_grants g
		  where g.role = 'clerk_staff' and daterange(g.valid_from, g.valid_to) @> @day::date
		    and (g.body_id in (select id from held) or g.body_id in (select parent_body_id from held))
		)
		select p.id as person_id, p.display_name as name, p.work_email as email
		from called c join persons p on p.id = c.person_id order by p.family, p.id`,
		postgres.Args{"bodies": bodies, "day": day})
}
