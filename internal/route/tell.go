package route

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
	"regiogriffie/internal/proposal"
)

// The act on a route of which griffies hear by mail, and what the worker looks at each hour; they are kinds of jobs.
const (
	TellSent     = "route.sent"
	LookAtTerms  = "route.terms"
	LookAtRoutes = "route.digest"
)

// deskDuty reads and does for the worker what concerns one body: remind its griffie, and let a term pass.
const deskDuty access.Duty = "route.desk"

// Desk is where a step lies: the griffie of its body.
type Desk struct {
	Step         id.Step
	Body         id.Body
	Organisation id.Organisation
}

// Actor reads as the griffie of the body does, and as nobody else.
func (d Desk) Actor(at time.Time) access.Actor {
	return access.Actor{At: at, Duty: deskDuty, Grants: []access.Grant{{Role: access.Clerk, Organisation: d.Organisation, Body: d.Body}}}
}

// Telling is what such a job holds. At is the moment of the act.
type Telling struct {
	Proposal id.Proposal
	At       time.Time
	Desks    []Desk
}

// Cause names the act for the mailing to one desk, so that telling it twice is telling it once.
func (t Telling) Cause(kind string, d Desk) string {
	return fmt.Sprintf("%s:%s:%d", kind, d.Step, t.At.UnixMicro())
}

// Recall is what griffies are told of a paper that was withdrawn, desk by desk.
func Recall(w proposal.Withdrawal) Telling {
	t := Telling{Proposal: w.Proposal, At: w.At}
	for _, s := range w.Desks {
		t.Desks = append(t.Desks, Desk(s))
	}
	return t
}

func tell(ctx context.Context, tx pgx.Tx, actor access.Actor, kind string, p id.Proposal, steps []Step) error {
	if len(steps) == 0 {
		return nil
	}
	t := Telling{Proposal: p, At: actor.At}
	for _, s := range steps {
		t.Desks = append(t.Desks, Desk{s.ID, s.BodyID, s.OrgID})
	}
	return job.Enqueue(ctx, tx, kind, t)
}

// DeskStep asks for the step of a desk with its paper, as long as the paper was not withdrawn; none or one.
func DeskStep(dst *[]Received, d Desk, at time.Time) postgres.Query {
	return postgres.AllInto(dst, selectReceived()+` and s.id = @step and s.body_id = @body`,
		postgres.Args{"at": at, "today": dutch.Day(at), "step": d.Step, "body": d.Body}.As(d.Actor(at)))
}

// keepTerms keeps the days of sent steps for the worker, as they now are.
func keepTerms(ctx context.Context, tx postgres.DB, actor access.Actor, steps []id.Step) error {
	args := postgres.Args{"steps": steps}.As(actor)
	if _, err := postgres.Exec(ctx, tx, `delete from route_terms where step_id = any(@steps::uuid[])`, args); err != nil {
		return err
	}
	_, err := postgres.Exec(ctx, tx, `
		insert into route_terms (step_id, body_id, organisation_id, due_on)
		select s.id, s.body_id, b.organisation_id, s.deadline from route_steps s join bodies b on b.id = s.body_id
		where s.id = any(@steps::uuid[]) and s.sent_at is not null and s.deadline is not null and `+access.Seen("s"), args)
	return err
}

// RemindDays is how long before the last day a griffie is reminded of what she has not planned.
const RemindDays = 21

// Term is a day the worker has to look at.
type Term struct {
	StepID         id.Step
	BodyID         id.Body
	OrganisationID id.Organisation
	DueOn          time.Time
}

// Desk of the term.
func (t Term) Desk() Desk { return Desk{t.StepID, t.BodyID, t.OrganisationID} }

// Passed tells whether the last day is over.
func (t Term) Passed(now time.Time) bool { return dutch.Day(t.DueOn).Before(dutch.Day(now)) }

// Terms lists the days that come near and were not looked at, and those that passed, the oldest first. For the worker: it asks no
// rights, and reads no content.
func Terms(ctx context.Context, db postgres.DB, now time.Time) ([]Term, error) {
	return postgres.All[Term](ctx, db, `
		select t.step_id, t.body_id, t.organisation_id, t.due_on from route_terms t
		where t.due_on < @today or t.reminded_on is null and t.due_on <= @soon order by t.due_on, t.step_id limit 500`,
		postgres.Args{"today": dutch.Day(now), "soon": dutch.Day(now).AddDate(0, 0, RemindDays)})
}

// Reminded notes that the worker looked at the term.
func Reminded(ctx context.Context, tx pgx.Tx, t Term, now time.Time) error {
	_, err := postgres.Exec(ctx, tx, `update route_terms set reminded_on = @today where step_id = @step and due_on = @due`,
		postgres.Args{"step": t.StepID, "due": t.DueOn, "today": dutch.Day(now)})
	return err
}

// Expire lets a term pass: what lies in the in-tray still has its term expired, and can be treated all the same. It acts as the
// griffie of the body alone. A second time changes nothing.
func Expire(ctx context.Context, db postgres.DB, t Term, now time.Time) error {
	actor := t.Desk().Actor(now)
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		keys, err := postgres.All[string](ctx, tx, `select s.key from route_steps s where s.id = @step and `+access.Seen("s"),
			postgres.Args{"step": t.StepID}.As(actor))
		if err != nil {
			return err
		}
		for _, key := range keys {
			p, s, err := lockStep(ctx, tx, actor, key)
			if err != nil {
				return err
			}
			if s.State == StepSent && p.State != proposal.Withdrawn && s.dueBefore(now) {
				s.State, s.SettledAt = StepExpired, &now
				if err := updateStep(ctx, tx, actor, s); err != nil {
					return err
				}
				if err := noteStep(ctx, tx, actor, "route.expire", p, s, ""); err != nil {
					return err
				}
			}
		}
		_, err = postgres.Exec(ctx, tx, `delete from route_terms where step_id = @step and due_on = @due`, postgres.Args{"step": t.StepID, "due": t.DueOn}.As(actor))
		return err
	})
}

// Clerk is someone of the griffie of a body. Email is empty when no work address is known.
type Clerk struct {
	PersonID id.Person
	Name     string
	Email    string
}

// Clerks are who prepare the meetings of a body on a day. For the worker: work addresses are no page's business.
func Clerks(ctx context.Context, db postgres.DB, body id.Body, at time.Time) ([]Clerk, error) {
	return postgres.All[Clerk](ctx, db, `
		select p.id as person_id, p.display_name as name, p.work_email as email
		from (`+clerksOf("@body", "@day")+`) c join persons p on p.id = c.person_id order by p.family, p.id`,
		postgres.Args{"body": body, "day": dutch.DateKey(at)})
}
