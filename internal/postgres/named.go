package postgres

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// named are arguments by name, as pgx.NamedArgs. The names are found once in each text and not in each request: the program has
// some hundreds of texts, long ones, and finding the names takes longer than sending them.
type named Args

// numbered is a text with numbers for its names, and the names in that order.
type numbered struct {
	sql   string
	names []string
}

var (
	known sync.Map // text → numbered
	count atomic.Int64
)

// mostKnown bounds the memory that texts made up from what was asked could take.
const mostKnown = 5000

// RewriteQuery implements pgx.QueryRewriter. An argument that is missing is null.
func (args named) RewriteQuery(ctx context.Context, conn *pgx.Conn, sql string, _ []any) (string, []any, error) {
	if n, ok := known.Load(sql); ok {
		n := n.(numbered)
		values := make([]any, len(n.names))
		for i, name := range n.names {
			values[i] = args[name]
		}
		return n.sql, values, nil
	}
	text, values, err := pgx.NamedArgs(args).RewriteQuery(ctx, conn, sql, nil)
	if err == nil && count.Load() < mostKnown {
		args.learn(ctx, conn, sql)
	}
	return text, values, err
}

// learn has the names themselves put in order. A text that asks for more than was given is left to be read again.
func (args named) learn(ctx context.Context, conn *pgx.Conn, sql string) {
	names := pgx.NamedArgs{}
	for name := range args {
		names[name] = name
	}
	text, order, err := names.RewriteQuery(ctx, conn, sql, nil)
	n := numbered{sql: text}
	for _, name := range order {
		name, given := name.(string)
		if !given {
			return
		}
		n.names = append(n.names, name)
	}
	if err != nil {
		return
	}
	if _, already := known.LoadOrStore(sql, n); !already {
		count.Add(1)
	}
}
