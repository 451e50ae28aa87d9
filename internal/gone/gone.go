// Package gone remembers what was taken off a thing for good, so that a second click is told apart from a wrong address.
package gone

import (
	"context"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/postgres"
)

// Note remembers that what had this key was taken off the parent. Call it in the transaction that does so.
func Note[P, K ~string](ctx context.Context, tx postgres.DB, actor access.Actor, parent P, key K) error {
	_, err := postgres.Exec(ctx, tx, `insert into gone_things (parent_id, key) values (@parent, @key) on conflict do nothing`, args(actor, parent, key))
	return err
}

// Once makes a second removal of the same thing the first one: nil for what was taken off the parent before, fault.NotFound for what
// never belonged to it. The caller has found the parent and checked the right.
func Once[P, K ~string](ctx context.Context, db postgres.DB, actor access.Actor, parent P, key K) error {
	was, err := postgres.One[bool](ctx, db, `select exists (select from gone_things g where g.parent_id = @parent and g.key = @key)`, args(actor, parent, key))
	if err == nil && !was {
		err = fault.NotFound
	}
	return err
}

func args[P, K ~string](actor access.Actor, parent P, key K) postgres.Args {
	return postgres.Args{"parent": string(parent), "key": string(key)}.As(actor)
}
