// Package migrations is the ground: the schema of the database, one file per change, applied in order.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib" // database/sql driver for goose
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// FS holds the goose files, at its root.
//
//go:embed *.sql
var FS embed.FS

// Up brings the database at ownerURL to the newest schema: first the tables of the queue, then ours. It runs as the owner
// of the tables; several programs may call it at once, a session lock lets one work and the others wait.
func Up(ctx context.Context, ownerURL string) (err error) {
	if newest(ctx, ownerURL) {
		return nil
	}
	db, err := sql.Open("pgx", ownerURL)
	if err != nil {
		return fmt.Errorf("opening the database for migrations: %w", err)
	}
	defer db.Close()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fmt.Errorf("making the migration lock: %w", err)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connecting for migrations: %w", err)
	}
	defer conn.Close()
	if err := locker.SessionLock(ctx, conn); err != nil {
		return fmt.Errorf("waiting for the migration lock: %w", err)
	}
	defer func() { err = errors.Join(err, locker.SessionUnlock(context.WithoutCancel(ctx), conn)) }()

	if err := queue(ctx, ownerURL); err != nil {
		return fmt.Errorf("migrating the queue: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, FS)
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	// The role exists by now; a newer queue may have brought more tables.
	if _, err := conn.ExecContext(ctx, grants); err != nil {
		return fmt.Errorf("granting the queue: %w", err)
	}
	return nil
}

// newest tells whether there is nothing to do, on one connection and without the lock: most starts find it so, and wait for nothing.
// Whatever is in the way of knowing is for who holds the lock to meet again, and to report.
func newest(ctx context.Context, ownerURL string) bool {
	ours, err := versions()
	if err != nil {
		return false
	}
	migrator, err := rivermigrate.New(riverpgxv5.New(nil), nil)
	if err != nil {
		return false
	}
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return false
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var applied []int64
	var queues []int
	err = conn.QueryRow(ctx, `
		select array(select version_id from goose_db_version where is_applied and version_id > 0 order by version_id),
		  array(select version from river_migration where line = 'main' order by version)`).Scan(&applied, &queues)
	if err != nil || !slices.Equal(applied, ours) {
		return false
	}
	var known []int
	for _, m := range migrator.AllVersions() {
		known = append(known, m.Version)
	}
	if !slices.Equal(queues, slices.Sorted(slices.Values(known))) {
		return false
	}
	_, err = conn.Exec(ctx, grants) // a crash may have come between the tables and the rights on them
	return err == nil
}

// versions are those of our files, in order.
func versions() (all []int64, err error) {
	names, err := fs.Glob(FS, "*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return nil, err
		}
		all = append(all, version)
	}
	slices.Sort(all)
	return all, nil
}

func queue(ctx context.Context, ownerURL string) error {
	config, err := pgxpool.ParseConfig(ownerURL)
	if err != nil {
		return err
	}
	config.MaxConns = 2
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return err
	}
	defer pool.Close()
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return err
	}
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// grants gives the serving role the tables of the queue that it does not have yet.
const grants = `
do $$
declare t record;
begin
  for t in select c.oid, c.relname, c.relkind from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relname like 'river\_%' and c.relkind in ('r', 'S') and c.relname <> 'river_migration'
  loop
    if t.relkind = 'S' then
      if not has_sequence_privilege('regiogriffie_app', t.oid, 'usage') then
        execute format('grant usage, select on sequence %I to regiogriffie_app', t.relname);
      end if;
    elsif not has_table_privilege('regiogriffie_app', t.oid, 'delete') then
      execute format('grant select, insert, update, delete on %I to regiogriffie_app', t.relname);
    end if;
  end loop;
end $$`
