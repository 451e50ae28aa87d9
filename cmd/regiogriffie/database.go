package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/embedded"
	"regiogriffie/migrations"
)

// oldestServer is the first version whose SQL we write, as the server numbers it.
const oldestServer = 150000

// database is the one that a command works on, brought to the newest schema.
type database struct {
	url    string // of its owner
	folder string // where our own server keeps it, empty for one elsewhere
	own    *embedded.Server
}

// openDatabase takes the server of DATABASE_URL, or starts one of our own, and brings it to the newest schema.
func openDatabase(ctx context.Context, c config) (_ database, err error) {
	d := database{url: c.databaseURL}
	if c.databaseURL == "" {
		if d.own, err = embedded.Start(ctx, c.data, slog.Default(), embedded.Options{Bin: c.postgresBin}); errors.Is(err, embedded.ErrInUse) {
			return database{}, fmt.Errorf("%w; stop that, or choose another folder with REGIOGRIFFIE_DATA", err)
		} else if err != nil {
			return database{}, explain("starting the database", err, c.data)
		}
		d.url, d.folder = d.own.URL(), c.data
	} else if err := checkServer(ctx, c.databaseURL); err != nil {
		return database{}, err
	}
	if err := migrations.Up(ctx, d.url); err != nil {
		return database{}, errors.Join(explain("preparing the database", err, d.folder), d.close())
	}
	return d, nil
}

// close stops the server if it is our own.
func (d database) close() error {
	if d.own == nil {
		return nil
	}
	return d.own.Stop()
}

// pool opens connections that work as the serving role.
func (d database) pool(ctx context.Context, size int32) (*pgxpool.Pool, error) {
	pool, err := postgres.Open(ctx, d.url, postgres.Options{MaxConns: size})
	return pool, explain("connecting to the database", err, d.folder)
}

// checkServer makes sure that the address is of a PostgreSQL that we know how to speak to.
func checkServer(ctx context.Context, url string) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// Not the error itself: it may hold the password.
		return errors.New("DATABASE_URL cannot be read; expected postgres://user:password@host:5432/name")
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		if cause := context.Cause(ctx); errors.Is(cause, context.Canceled) {
			return cause
		}
		return unreachable(config.Host, config.Port, config.Database, err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var number int
	if err := conn.QueryRow(ctx, `select current_setting('server_version_num')::int`).Scan(&number); err != nil {
		return fmt.Errorf("asking the database server for its version: %w", err)
	}
	if number < oldestServer {
		return fmt.Errorf("the database server is PostgreSQL %d; %d or newer is needed", number/10000, oldestServer/10000)
	}
	return nil
}

// closePool closes a pool, without waiting for ever for a query that does not end.
func closePool(pool *pgxpool.Pool) {
	closed := make(chan struct{})
	go func() {
		pool.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(4 * time.Second): // longer than any query may take
		slog.Warn("a connection to the database did not close in time")
	}
}

// with runs an errand on the database and closes it again.
func with(ctx context.Context, c config, errand func(*pgxpool.Pool, database) error) (err error) {
	d, err := openDatabase(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	pool, err := d.pool(ctx, 4)
	if err != nil {
		return err
	}
	defer closePool(pool)
	return errand(pool, d)
}
