package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/multitracer"
	"github.com/jackc/pgx/v5/pgxpool"
)

// patience bounds the wait for a connection: a full pool answers with "not now" instead of a queue (security 26). The pool
// has no setting for it; the tracer of an acquire may give it a context of its own.
type patience time.Duration

type cancelKey struct{}

// TraceAcquireStart begins the wait.
func (p patience) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(p))
	return context.WithValue(ctx, cancelKey{}, cancel)
}

// TraceAcquireEnd ends it.
func (p patience) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireEndData) {
	if cancel, ok := ctx.Value(cancelKey{}).(context.CancelFunc); ok {
		cancel()
	}
}

// TraceQueryStart makes it a tracer of pgx, which the pool asks for; queries have their own limits.
func (p patience) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

// TraceQueryEnd does nothing.
func (p patience) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func bounded(o Options) pgx.QueryTracer {
	p := patience(o.Patience)
	if p == 0 {
		p = patience(time.Second)
	}
	if o.Tracer == nil {
		return p
	}
	return multitracer.New(p, o.Tracer)
}
