package mailing

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"regiogriffie/internal/fault"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/postgres"
)

// Sender is what takes a mail; *mail.Server is one. It is for one mail at a time, and asks last before the server may have it.
type Sender interface {
	Send(ctx context.Context, m mail.Message, last func(context.Context) error) error
	Close()
}

const (
	pause   = time.Second        // between looking for mails when there were none
	giveUp  = 3 * 24 * time.Hour // after which a mail that was put off again and again has failed
	longest = 6 * time.Hour      // between two attempts
	shy     = 5 * time.Second    // first wait for a server that does not answer
	away    = 5 * time.Minute    // longest wait for it
	keepOn  = 45 * time.Second   // for noting that a mail is out: the claim lasts a little longer
	tooLate = "De mailserver heeft dit bericht drie dagen lang niet aangenomen. Controleer het werkadres van deze persoon en stuur het bericht zelf."
)

// Deliver sends what is due, the longest due first, until the context ends: as many mails at a time as there are senders.
// Several programs may deliver at once. Without senders mails are kept.
//
// Before a mail goes out that is noted, and after it too: a crash between the two repeats that mail, under the same
// Message-ID, and no other. It stays one however many senders there are, for the moment between the end of a mail and the note
// that it is out is for one of them at a time (post.turn). So senders gain by all that comes before it, which is most of the
// waiting at a server that is far away, and nothing at one that is itself slow to take a mail.
func Deliver(ctx context.Context, db postgres.DB, senders ...Sender) {
	newPost(db, senders).run(ctx)
}

// post is the delivering of one program.
type post struct {
	db   postgres.DB
	free chan *line    // those without a mail
	turn chan struct{} // holds who may let the server have a mail that is not noted as out yet

	sync.Mutex
	worked time.Time     // when the server last took or refused a mail
	silent time.Duration // how long to leave the server alone; not 0 from its failing until it works again
	until  time.Time     // the end of that
}

// line is a sender with the time it must rest, because it alone got no connection.
type line struct {
	Sender
	rest time.Duration
}

func newPost(db postgres.DB, senders []Sender) *post {
	p := &post{db: db, free: make(chan *line, max(len(senders), 1)), turn: make(chan struct{}, 1)}
	for _, s := range senders {
		p.free <- &line{Sender: s}
	}
	if len(senders) == 0 {
		p.free <- &line{}
	}
	return p
}

func (p *post) run(ctx context.Context) {
	var working sync.WaitGroup
	defer func() {
		working.Wait()
		p.hangUp()
	}()
	cleaned := time.Time{}
	for ctx.Err() == nil {
		if time.Since(cleaned) > time.Hour {
			cleaned = time.Now()
			if err := forget(ctx, p.db); err != nil && ctx.Err() == nil {
				slog.Warn("removing old mails failed", "error", err)
			}
		}
		var l *line
		select {
		case <-ctx.Done():
			return
		case l = <-p.free:
		}
		for ctx.Err() == nil && p.quiet() { // another may find that the server works
			wait(ctx, pause/5)
		}
		if ctx.Err() != nil {
			p.free <- l
			return
		}
		m, code, err := p.claim(ctx)
		switch {
		case errors.Is(err, fault.NotFound):
			p.free <- l
			p.hangUp()
			wait(ctx, pause)
		case err != nil:
			if ctx.Err() == nil {
				slog.Warn("looking for mail failed", "error", err)
			}
			p.free <- l
			wait(ctx, 5*time.Second)
		case p.suspect(): // one mail finds out whether the server is back; the others wait for that
			p.deliver(ctx, l, m, code)
			p.free <- l
		default:
			working.Go(func() {
				p.deliver(ctx, l, m, code)
				wait(ctx, l.rest)
				p.free <- l
			})
		}
	}
}

// hangUp ends the connections that are not in use.
func (p *post) hangUp() {
	for range len(p.free) {
		l := <-p.free
		if l.Sender != nil {
			l.Close()
		}
		p.free <- l
	}
}

func (p *post) claim(ctx context.Context) (m claimed, code string, err error) {
	code, hash := newCode()
	m, err = claim(ctx, p.db, hash)
	return m, code, err
}

// deliver sends a mail that was claimed, and lets what became of it decide when to go on.
func (p *post) deliver(ctx context.Context, l *line, m claimed, code string) {
	// From here on an end that is asked for waits: half a sending is a mail too many.
	answered, err := p.send(context.WithoutCancel(ctx), l.Sender, m, code)
	var failure mail.Failure
	p.Lock()
	defer p.Unlock()
	switch {
	case errors.As(err, &failure) && failure.Server && time.Since(p.worked) < shy: // others do get through: a server may bound how many
		l.rest = longer(l.rest)
		slog.Warn("the mail server takes no further connection", "error", failure.Cause, "wait", l.rest)
	case errors.As(err, &failure) && failure.Server && time.Now().Before(p.until): // as another found just now
	case errors.As(err, &failure) && failure.Server:
		p.silent = longer(p.silent)
		p.until = time.Now().Add(p.silent)
		slog.Warn("the mail server does not answer", "error", failure.Cause, "wait", p.silent)
	case err != nil:
		l.rest = shy
		slog.Warn("delivering mail failed", "error", err)
	case answered:
		l.rest, p.silent, p.until, p.worked = 0, 0, time.Time{}, time.Now()
	}
}

func longer(d time.Duration) time.Duration { return min(max(2*d, shy), away) }

// quiet tells whether to leave the server alone now.
func (p *post) quiet() bool {
	p.Lock()
	defer p.Unlock()
	return time.Now().Before(p.until)
}

// suspect tells whether the server failed and has not worked since.
func (p *post) suspect() bool {
	p.Lock()
	defer p.Unlock()
	return p.silent > 0
}

func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// send hands a mail over and notes what became of it; answered tells that the server took or refused it. A mail.Failure comes
// back only when it is the server's.
func (p *post) send(ctx context.Context, s Sender, m claimed, code string) (answered bool, err error) {
	switch {
	case m.Refused:
		return false, note(ctx, p.db, m, Refused, whyRefused(m.Topic), 0, false)
	case s == nil || m.Kept:
		return false, note(ctx, p.db, m, Kept, "", 0, false)
	}
	mine, late := false, false
	defer func() {
		if mine {
			<-p.turn
		}
	}()
	err = s.Send(ctx, m.mail(code), func(ctx context.Context) error {
		select {
		case p.turn <- struct{}{}:
			mine = true
			return nil
		case <-ctx.Done():
			late = true
			return ctx.Err()
		}
	})
	if err == nil {
		return true, note(ctx, p.db, m, Sent, "", 0, false)
	}
	var failure mail.Failure
	if !errors.As(err, &failure) {
		failure = mail.Failure{Text: "Er ging iets mis bij het versturen. Regiogriffie probeert het later opnieuw; u hoeft niets te doen.", Cause: err}
	}
	switch {
	case failure.Hopeless:
		slog.Info("a mail cannot be delivered", "message", m.ID, "error", failure.Cause)
		return true, note(ctx, p.db, m, Failed, failure.Text, 0, false)
	case late: // another held it up
		return false, note(ctx, p.db, m, Deferred, failure.Text, 0, true)
	case failure.Server: // says nothing of this mail
		return false, errors.Join(note(ctx, p.db, m, Deferred, failure.Text, 0, true), failure)
	case time.Since(m.CreatedAt) > giveUp:
		return false, note(ctx, p.db, m, Failed, tooLate, 0, false)
	}
	return false, note(ctx, p.db, m, Deferred, failure.Text, waitAfter(m.Attempts), false)
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
