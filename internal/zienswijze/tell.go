package zienswijze

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
	"regiogriffie/internal/route"
)

// The acts of which the griffies of councils hear by mail, and what the worker looks at each hour; they are kinds of jobs.
const (
	TellSent     = "procedure.sent"
	TellAnswered = "view.answered"
	LookAtViews  = "view.terms"
)

// Desk is where a view is prepared: the griffie of its council.
type Desk struct {
	View         id.View
	Council      string // key of the organisation
	Body         id.Body
	Organisation id.Organisation
}

// Actor reads as that griffie does, and as nobody else.
func (d Desk) Actor(at time.Time) access.Actor {
	return route.Desk{Body: d.Body, Organisation: d.Organisation}.Actor(at)
}

// Telling is what such a job holds. At is the moment of the act.
type Telling struct {
	Procedure string // key
	At        time.Time
	Desks     []Desk
}

// Cause names the act for the mailing to one desk, so that telling it twice is telling it once.
func (t Telling) Cause(kind string, d Desk) string {
	return fmt.Sprintf("%s:%s:%d", kind, d.View, t.At.UnixMicro())
}

// tell leaves a job for the councils that are known here.
func tell(ctx context.Context, tx pgx.Tx, actor access.Actor, kind string, p Procedure, views []View) error {
	t := Telling{Procedure: p.Key, At: actor.At}
	for _, v := range views {
		if v.BodyID != "" {
			t.Desks = append(t.Desks, Desk{v.ID, v.OrgKey, v.BodyID, v.OrganisationID})
		}
	}
	if len(t.Desks) == 0 {
		return nil
	}
	return job.Enqueue(ctx, tx, kind, t)
}

// keepTerms keeps the days of a procedure for the worker, as they now are.
func keepTerms(ctx context.Context, tx postgres.DB, actor access.Actor, p Procedure) error {
	_, err := postgres.Exec(ctx, tx, `
		insert into zienswijze_terms as t (view_id, procedure_key, body_id, organisation_id, due_on)
		select v.id, @key, v.body_id, v.organisation_id, @due from zienswijzen v where v.procedure_id = @id and v.body_id is not null and `+access.Seen("v")+`
		on conflict (view_id) do update set due_on = excluded.due_on, looked_on = null`,
		postgres.Args{"id": p.ID, "key": p.Key, "due": dutch.DayOf(p.DueOn)}.As(actor))
	return err
}

// Pending is a view of which the worker looks whether its griffie must be reminded.
type Pending struct {
	ViewID         id.View
	ProcedureKey   string
	OrgKey         string
	BodyID         id.Body
	OrganisationID id.Organisation
	DueOn          time.Time
}

// Desk of the view.
func (t Pending) Desk() Desk { return Desk{t.ViewID, t.OrgKey, t.BodyID, t.OrganisationID} }

// ToRemind lists views of which the griffie was not reminded and that were not looked at today, the first due first. For the worker:
// it asks no rights, and reads no content.
func ToRemind(ctx context.Context, db postgres.DB, now time.Time) ([]Pending, error) {
	return postgres.All[Pending](ctx, db, `
		select t.view_id, t.procedure_key, o.key as org_key, t.body_id, t.organisation_id, t.due_on
		from zienswijze_terms t join organisations o on o.id = t.organisation_id
		where t.looked_on is distinct from @today order by t.due_on, t.view_id limit 500`, postgres.Args{"today": dutch.Day(now)})
}

// Looked notes that the worker looked; the row goes when there is no more to look at.
func Looked(ctx context.Context, tx pgx.Tx, t Pending, now time.Time, done bool) error {
	sql := `update zienswijze_terms set looked_on = @today where view_id = @view and due_on = @due`
	if done {
		sql = `delete from zienswijze_terms where view_id = @view and due_on = @due`
	}
	_, err := postgres.Exec(ctx, tx, sql, postgres.Args{"view": t.ViewID, "due": t.DueOn, "today": dutch.Day(now)})
	return err
}

// remindDays is how long before its last safe day a griffie is reminded of what she has not planned.
const remindDays = 14

// RemindOn is the day from which the griffie of a council that planned nothing is reminded: some time before its papers must be
// in for the last meeting that is in time, or before the last day for an extra one, or before the last day of the term.
func RemindOn(s Safe, due time.Time) time.Time {
	last := dutch.Day(due)
	if !s.Papers.IsZero() {
		last = earlier(last, s.Papers)
	}
	return days(last, -remindDays)
}
