package mailing

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"regiogriffie/internal/fault"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/postgres"
)

// Sender is what takes a mail; *mail.Server is one.
type Sender interface {
	Send(ctx context.Context, m mail.Message) error
	Close()
}

const (
	pause   = time.Second        // between looking for mails when there were none
	giveUp  = 3 * 24 * time.Hour // after which a mail that was put off again and again has failed
	longest = 6 * time.Hour      // between two attempts
	away    = 5 * time.Minute    // between two attempts at a server that does not answer
	keepOn  = 45 * time.Second   // for noting that a mail is out: the claim lasts a little longer
	tooLate = "De mailserver heeft dit bericht drie dagen lang niet aangenomen. Controleer het werkadres van deze persoon en stuur de oproep zelf."
)

// Deliver sends what is due, one mail at a time, until the context ends. Before a mail goes out that is noted, and after it
// too: a crash between the two repeats that one mail, under the same Message-ID, and no other. Several programs may
// deliver at once. With a nil sender mails are kept.
func Deliver(ctx context.Context, db postgres.DB, sender Sender) {
	if sender != nil {
		defer sender.Close()
	}
	silent := time.Duration(0) // how long to leave the server alone
	cleaned := time.Time{}
	for ctx.Err() == nil {
		if time.Since(cleaned) > time.Hour {
			cleaned = time.Now()
			if err := forget(ctx, db); err != nil && ctx.Err() == nil {
				slog.Warn("removing old mails failed", "error", err)
			}
		}
		sent, err := deliverOne(ctx, db, sender)
		var failure mail.Failure
		switch {
		case errors.As(err, &failure) && failure.Server:
			silent = min(max(2*silent, 5*time.Second), away)
			slog.Warn("the mail server does not answer", "error", failure.Cause, "wait", silent)
			wait(ctx, silent)
		case err != nil && ctx.Err() == nil:
			slog.Warn("delivering mail failed", "error", err)
			wait(ctx, 5*time.Second)
		case !sent:
			if sender != nil {
				sender.Close()
			}
			wait(ctx, pause)
		default:
			silent = 0
		}
	}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// deliverOne sends the mail that waits longest; false when none is due. A mail.Failure comes back only when it is the server's.
func deliverOne(ctx context.Context, db postgres.DB, sender Sender) (bool, error) {
	m, err := claim(ctx, db)
	if errors.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	// From here on an end that is asked for waits: half a sending is a mail too many.
	ctx = context.WithoutCancel(ctx)
	if sender == nil || m.Kept {
		return true, note(ctx, db, m, Kept, "", 0, false)
	}
	err = sender.Send(ctx, m.mail())
	var failure mail.Failure
	switch {
	case err == nil:
		return true, note(ctx, db, m, Sent, "", 0, false)
	case !errors.As(err, &failure):
		failure = mail.Failure{Text: "Er ging iets mis bij het versturen. Regiogriffie probeert het later opnieuw; u hoeft niets te doen.", Cause: err}
	}
	switch {
	case failure.Hopeless:
		slog.Info("a mail cannot be delivered", "message", m.ID, "error", failure.Cause)
		return true, note(ctx, db, m, Failed, failure.Text, 0, false)
	case failure.Server: // says nothing of this mail
		return true, errors.Join(note(ctx, db, m, Deferred, failure.Text, 0, true), failure)
	case time.Since(m.CreatedAt) > giveUp:
		return true, note(ctx, db, m, Failed, tooLate, 0, false)
	}
	return true, note(ctx, db, m, Deferred, failure.Text, waitAfter(m.Attempts), false)
}

// waitAfter grows with each attempt.
func waitAfter(attempts int) time.Duration {
	d := time.Minute
	for range min(attempts-1, 10) {
		d *= 3
	}
	return min(d, longest)
}

// note settles, and holds on while the database is away: a mail that is out and not noted would go out again.
func note(ctx context.Context, db postgres.DB, m claimed, s State, why string, later time.Duration, refund bool) error {
	var err error
	for until := time.Now().Add(keepOn); time.Now().Before(until); wait(ctx, 500*time.Millisecond) {
		if err = settle(ctx, db, m.ID, s, why, later, refund); err == nil {
			return nil
		}
	}
	return err
}
