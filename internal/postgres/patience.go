package postgres

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// patience bounds the wait for a connection: a full pool answers with "not now" instead of a queue (security 26). The pool
// has no setting for it; the tracer of an acquire may give it a context of its own. It also listens whether the database
// answers, to tell a full pool from a database that is away.
type patience struct {
	wait atomic.Int64 // a time.Duration
	away atomic.Bool  // the last thing asked of the database got no answer
}

// busy is the end of a wait while others had every connection.
type busy struct{}

func (busy) Error() string { return "every connection to the database is in use" }

// Is makes it the deadline that it is, for who does not tell the two apart.
func (busy) Is(target error) bool { return target == context.DeadlineExceeded }

// Timeout says that it is one.
func (busy) Timeout() bool { return true }

// Busy reports whether err says that the database is there, but that others had every connection to it for as long as one waits.
func Busy(err error) bool { return errors.As(err, new(busy)) }

// waiting is the context of one wait. How it ends is known when it ends.
type waiting struct {
	context.Context
	cancel context.CancelFunc
	full   func() bool
}

// Err is why the wait ended.
func (w waiting) Err() error {
	err := w.Context.Err()
	if errors.Is(err, context.DeadlineExceeded) && w.full() {
		return busy{}
	}
	return err
}

// TraceAcquireStart begins the wait.
func (p *patience) TraceAcquireStart(ctx context.Context, pool *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(p.wait.Load()))
	return waiting{ctx, cancel, func() bool {
		s := pool.Stat()
		return s.AcquiredConns() == s.MaxConns() && !p.away.Load()
	}}
}

// TraceAcquireEnd ends it.
func (p *patience) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireEndData) {
	if w, ok := ctx.(waiting); ok {
		w.cancel()
	}
}

// TraceQueryStart makes it a tracer of pgx, which the pool asks for; queries have their own limits.
func (p *patience) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

// TraceQueryEnd listens.
func (p *patience) TraceQueryEnd(_ context.Context, _ *pgx.Conn, d pgx.TraceQueryEndData) {
	p.hear(d.Err)
}

// TraceBatchStart does nothing.
func (p *patience) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

// TraceBatchQuery does nothing.
func (p *patience) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd listens.
func (p *patience) TraceBatchEnd(_ context.Context, _ *pgx.Conn, d pgx.TraceBatchEndData) {
	p.hear(d.Err)
}

// TraceConnectStart does nothing.
func (p *patience) TraceConnectStart(ctx context.Context, _ pgx.TraceConnectStartData) context.Context {
	return ctx
}

// TraceConnectEnd listens.
func (p *patience) TraceConnectEnd(_ context.Context, d pgx.TraceConnectEndData) { p.hear(d.Err) }

// hear keeps whether there was an answer. A refusal is one, unless the server says that it goes; a reader who left says nothing.
func (p *patience) hear(err error) {
	var refused *pgconn.PgError
	switch {
	case errors.Is(err, context.Canceled):
	case errors.As(err, &refused):
		p.away.Store(gone(refused.Code))
	default:
		p.away.Store(err != nil && Unreachable(err))
	}
}
