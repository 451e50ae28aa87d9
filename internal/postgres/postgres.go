// Package postgres is the thin layer over the database: a pool under the serving role, queries that carry who asks, and
// constraints met as faults.
package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/multitracer"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
)

// DB is a pool or a transaction; queries do not care which.
type DB interface {
	Begin(ctx context.Context) (pgx.Tx, error)
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// Options of the pool. Tracer may be nil; Patience, how long to wait for a connection, is a second when zero.
type Options struct {
	MaxConns int32
	Patience time.Duration
	Tracer   pgx.QueryTracer
}

// serving is the role under which the program serves; migrations make it.
const serving = "regiogriffie_app"

// opening is how long a pool may take for its first connection. A program that starts is not a reader who waits for a page.
const opening = 10 * time.Second

// Open opens a pool whose connections work as the serving role. It fails when that role could look past row security. It has one
// connection then; the rest come when they are asked for.
func Open(ctx context.Context, url string, o Options) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the database address cannot be read; expected postgres://user:password@host:5432/name")
	}
	if o.MaxConns > 0 {
		config.MaxConns = o.MaxConns
	}
	p := &patience{}
	p.wait.Store(int64(opening))
	config.ConnConfig.Tracer = p
	if o.Tracer != nil {
		config.ConnConfig.Tracer = multitracer.New(p, o.Tracer)
	}
	config.ConnConfig.ConnectTimeout = 2 * time.Second
	params := config.ConnConfig.RuntimeParams
	params["application_name"] = "regiogriffie"
	if params["statement_timeout"] == "" { // an address may bring its own
		params["statement_timeout"] = "3000"
	}
	params["lock_timeout"] = "3000"
	params["idle_in_transaction_session_timeout"] = "15000"
	params["timezone"] = "UTC"
	config.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, "set role "+serving)
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("opening the pool: %w", err)
	}
	if err := checkRole(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	p.wait.Store(int64(cmp.Or(o.Patience, time.Second)))
	return pool, nil
}

// Beside opens another pool to the database of one that Open made, for who must not wait for its readers. It has no connection
// until one is asked for.
func Beside(ctx context.Context, pool *pgxpool.Pool, size int32) (*pgxpool.Pool, error) {
	config := pool.Config()
	config.MaxConns = size
	other, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("opening another pool: %w", err)
	}
	return other, nil
}

func checkRole(ctx context.Context, pool *pgxpool.Pool) error {
	var super, bypass, owns bool
	err := pool.QueryRow(ctx, `
		select r.rolsuper, r.rolbypassrls,
		  exists (select from pg_class c where c.relrowsecurity and pg_has_role(r.oid, c.relowner, 'usage'))
		from pg_roles r where r.rolname = current_user`).Scan(&super, &bypass, &owns)
	if err != nil {
		return fmt.Errorf("asking for the serving role: %w", err)
	}
	if super || bypass || owns {
		return fmt.Errorf("the database role %s may look past row security; take superuser, bypassrls and ownership away from it", serving)
	}
	return nil
}

// Args are the named arguments of a query.
type Args map[string]any

// As adds who asks, for conditions of visibility (access.Seen) and for row security.
func (args Args) As(actor access.Actor) Args {
	all := maps.Clone(args)
	if all == nil {
		all = Args{}
	}
	all["actor_persons"] = actor.Persons()
	all["actor_organisations"] = actor.Organisations()
	all["actor_clerk_organisations"] = actor.ClerkOrganisations()
	all["actor_bodies"] = actor.Bodies()
	all["actor_clerk_bodies"] = actor.ClerkBodies()
	all["actor_griffier_bodies"] = actor.GriffierBodies()
	all["actor_duty"] = string(actor.Duty)
	all["actor_admin"] = actor.IsAdmin("")
	all["actor_admin_organisations"] = actor.AdminOrganisations()
	return all
}

// With adds the columns of an audience, under their own names.
func (args Args) With(a access.Audience) Args {
	all := maps.Clone(args)
	maps.Copy(all, Audience.Args(a))
	all["audience_bodies"] = a.AudienceBodies // none is open, and empty closed for all
	return all
}

func (args Args) with(name string, value any) Args {
	all := maps.Clone(args)
	all[name] = value
	return all
}

// settings are sent before the query, in the same batch: they live for its transaction only. Without As they are
// emptied, so that a query never inherits the rights of another.
const settings = `select set_config('regiogriffie.actor_persons', @p::uuid[]::text, true),
	set_config('regiogriffie.actor_organisations', @o::uuid[]::text, true),
	set_config('regiogriffie.actor_clerk_organisations', @co::uuid[]::text, true),
	set_config('regiogriffie.actor_bodies', @b::uuid[]::text, true),
	set_config('regiogriffie.actor_clerk_bodies', @cb::uuid[]::text, true),
	set_config('regiogriffie.actor_griffier_bodies', @gb::uuid[]::text, true),
	set_config('regiogriffie.actor_duty', @duty::text, true),
	set_config('regiogriffie.actor_admin', @admin::boolean::text, true),
	set_config('regiogriffie.actor_admin_organisations', @ao::uuid[]::text, true)`

func settingsOf(args Args) named {
	get := func(name string, absent any) any {
		if v, ok := args[name]; ok {
			return v
		}
		return absent
	}
	none := []string{}
	return named{
		"p": get("actor_persons", none), "o": get("actor_organisations", none), "co": get("actor_clerk_organisations", none),
		"b": get("actor_bodies", none), "cb": get("actor_clerk_bodies", none), "gb": get("actor_griffier_bodies", none),
		"duty": get("actor_duty", ""), "admin": get("actor_admin", false), "ao": get("actor_admin_organisations", none),
	}
}

// silence is how long a question may take, waiting for a connection included: a server that says nothing any more cannot
// keep to its own time-outs. Those are a little shorter, and tell more.
const silence = 3200 * time.Millisecond

// Query is a question with the place for its answer; see Read.
type Query struct {
	sql     string
	args    Args
	collect func(pgx.Rows) error
}

// OneInto asks for exactly one row; none is fault.NotFound.
func OneInto[T any](dst *T, sql string, args Args) Query {
	return Query{sql, args, func(rows pgx.Rows) error {
		all, err := collect[T](rows, 1)
		switch {
		case err != nil:
			return err
		case len(all) == 0:
			return fault.NotFound
		case len(all) > 1:
			return pgx.ErrTooManyRows
		}
		*dst = all[0]
		return nil
	}}
}

// AllInto asks for all rows; none is an empty list.
func AllInto[T any](dst *[]T, sql string, args Args) Query {
	return Query{sql, args, func(rows pgx.Rows) (err error) {
		*dst, err = collect[T](rows, 0)
		return err
	}}
}

// Read asks several questions in one round trip, all on behalf of the actor of the first.
func Read(ctx context.Context, db DB, queries ...Query) error {
	ctx, cancel := context.WithTimeout(ctx, silence)
	defer cancel()
	b := &pgx.Batch{}
	b.Queue(settings, settingsOf(queries[0].args))
	for _, q := range queries {
		b.Queue(q.sql, named(q.args))
	}
	results := db.SendBatch(ctx, b)
	err := readAll(results, queries)
	if closed := results.Close(); err == nil {
		err = closed
	}
	return err
}

func readAll(results pgx.BatchResults, queries []Query) error {
	if _, err := results.Exec(); err != nil {
		return err
	}
	for _, q := range queries {
		rows, err := results.Query()
		if err != nil {
			return err
		}
		if err := q.collect(rows); err != nil {
			rows.Close()
			return err
		}
	}
	return nil
}

// One reads exactly one row as T; none is fault.NotFound.
func One[T any](ctx context.Context, db DB, sql string, args Args) (T, error) {
	var v T
	err := Read(ctx, db, OneInto(&v, sql, args))
	return v, err
}

// All reads all rows as T.
func All[T any](ctx context.Context, db DB, sql string, args Args) ([]T, error) {
	var v []T
	err := Read(ctx, db, AllInto(&v, sql, args))
	return v, err
}

// Exec runs a statement and says how many rows it touched.
func Exec(ctx context.Context, db DB, sql string, args Args) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, silence)
	defer cancel()
	b := &pgx.Batch{}
	b.Queue(settings, settingsOf(args))
	b.Queue(sql, named(args))
	results := db.SendBatch(ctx, b)
	if _, err := results.Exec(); err != nil {
		results.Close()
		return 0, err
	}
	tag, err := results.Exec()
	if closed := results.Close(); err == nil {
		err = closed
	}
	return tag.RowsAffected(), err
}

// Violates reports whether err is the refusal of the named constraint or unique index.
func Violates(err error, constraint string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.ConstraintName == constraint
}

// Unreachable reports whether err says that the database cannot be asked now: gone, shutting down, or too slow to answer.
func Unreachable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "53300", "57014", "55P03", "53100", "55000":
			return true
		}
		return gone(pg.Code)
	}
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || errors.Is(err, context.DeadlineExceeded) || pgconn.Timeout(err) || pgconn.SafeToRetry(err) || isNet(err)
}

// gone are the refusals of a server that goes or is not there yet, and of a connection that broke.
func gone(code string) bool {
	switch code {
	case "57P01", "57P02", "57P03":
		return true
	}
	return strings.HasPrefix(code, "08")
}
