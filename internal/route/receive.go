package route

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
)

var stepWithdrawn = fault.Because("Dit voorstel is ingetrokken. U hoeft er niets meer mee te doen.")

// receivingStep runs an act of a receiving griffie on its step: the paper is held, the right is asked, the act is done and noted.
func receivingStep(ctx context.Context, db postgres.DB, actor access.Actor, key, act string, may func(access.Actor, Step) bool,
	do func(tx pgx.Tx, p proposal.Proposal, s Step) (reason string, err error),
) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		p, s, err := lockStep(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		if s.SentAt == nil || !may(actor, s) {
			return fault.Forbidden
		}
		if p.State == proposal.Withdrawn {
			return stepWithdrawn
		}
		reason, err := do(tx, p, s)
		if err != nil {
			return err
		}
		return noteStep(ctx, tx, actor, act, p, s, reason)
	})
}

// noteStep leaves a note that the owner and the receiver find.
func noteStep(ctx context.Context, tx postgres.DB, actor access.Actor, act string, p proposal.Proposal, s Step, reason string) error {
	return audit.Note(ctx, tx, actor, act, string(s.ID), append([]id.Organisation{s.OrgID}, p.OrgIDs...), reason)
}

// waits tells whether the step lies in the in-tray of its body. One whose term has passed can still be treated.
func (s Step) waits() bool { return s.State == StepSent || s.State == StepExpired }

// PlanStep says on which day the body means to treat the paper; nil takes that back.
func PlanStep(ctx context.Context, db postgres.DB, actor access.Actor, key string, day *time.Time, version int) error {
	return receivingStep(ctx, db, actor, key, "route.plan-for", CanReceive, func(tx pgx.Tx, _ proposal.Proposal, s Step) (string, error) {
		if s.waits() && dutch.SameDay(s.PlannedFor, day) {
			return "", nil
		}
		if s.Version != version || !s.waits() {
			return "", fault.Conflict
		}
		if day != nil && (dutch.Day(*day).Before(dutch.Day(actor.At)) || day.Year() > 2200) {
			return "", fault.Fields{"planned_for": "Kies een dag die nog komt."}
		}
		s.PlannedFor = day
		return "", updateStep(ctx, tx, actor, s)
	})
}

// Refuse sends the paper back to its owner, with the reason. A second time the same is done once.
func Refuse(ctx context.Context, db postgres.DB, actor access.Actor, key, reason string) error {
	reason = strings.TrimSpace(reason)
	return receivingStep(ctx, db, actor, key, "route.refuse", CanRefuse, func(tx pgx.Tx, _ proposal.Proposal, s Step) (string, error) {
		if s.State == StepRefused && s.Reason == reason {
			return "", nil
		}
		if !s.waits() {
			return "", fault.Conflict
		}
		if err := checkReason(reason, "Vul in waarom u dit niet op de agenda zet. Wie de route ziet, leest deze reden."); err != nil {
			return "", err
		}
		if actor.MustConfirm() {
			return "", fault.Unconfirmed
		}
		s.State, s.Reason, s.SettledAt = StepRefused, reason, &actor.At
		return reason, updateStep(ctx, tx, actor, s)
	})
}

// Ask puts a question to the owner; the step stays where it is. The same question twice is one.
func Ask(ctx context.Context, db postgres.DB, actor access.Actor, key, question string) error {
	question = strings.TrimSpace(question)
	return receivingStep(ctx, db, actor, key, "route.ask", CanReceive, func(tx pgx.Tx, p proposal.Proposal, s Step) (string, error) {
		f := fault.Fields{}
		f.Must(question != "", "question", "Vul uw vraag in.")
		f.Must(utf8.RuneCountInString(question) <= 4000, "question", "Maak de vraag korter: hoogstens 4.000 tekens.")
		if err := f.Err(); err != nil {
			return "", err
		}
		return "", insertQuestion(ctx, tx, actor, p, s, question)
	})
}

// Answer answers a question of a receiver. When somebody else answered meanwhile in other words: fault.Conflict.
func Answer(ctx context.Context, db postgres.DB, actor access.Actor, key, question, answer string) error {
	answer = strings.TrimSpace(answer)
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		p, s, err := lockStep(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		if !proposal.CanRoute(actor, p) {
			return fault.Forbidden
		}
		q, err := findQuestion(ctx, tx, actor, s.ID, question)
		if err != nil {
			return err
		}
		f := fault.Fields{}
		f.Must(answer != "", "answer", "Vul het antwoord in.")
		f.Must(utf8.RuneCountInString(answer) <= 4000, "answer", "Maak het antwoord korter: hoogstens 4.000 tekens.")
		if err := f.Err(); err != nil {
			return err
		}
		if q.AnsweredAt != nil && q.Answer == answer {
			return nil
		}
		if err := updateAnswer(ctx, tx, actor, q.ID, answer); err != nil {
			return err
		}
		return noteStep(ctx, tx, actor, "route.answer", p, s, "")
	})
}

// Prepare keeps what the body makes of the paper: its own title, treatment, holders and covering note. Once the paper stands
// on an agenda these are those of the item. When someone else of the griffie wrote meanwhile: fault.Conflict.
func Prepare(ctx context.Context, db postgres.DB, actor access.Actor, key string, l Local) error {
	if err := l.Check(); err != nil {
		return err
	}
	return receivingStep(ctx, db, actor, key, "route.prepare", CanReceive, func(tx pgx.Tx, _ proposal.Proposal, s Step) (string, error) {
		if !s.waits() {
			return "", fault.Conflict
		}
		return "", saveLocal(ctx, tx, actor, s, l)
	})
}
