package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/postgres/embedded"
	"regiogriffie/migrations"
)

const (
	// prefix marks databases of tests; then comes the number of the run, then their own.
	prefix = "regiogriffie_test_"
	// templatePrefix marks databases with the schema; then comes the checksum of the migrations.
	templatePrefix = "regiogriffie_template_"
	// OneWallSetting names the setting of the environment under which no test database has row security: tests that are green
	// under it show that the conditions in the queries hold alone (cmd/mutants).
	OneWallSetting = "REGIOGRIFFIE_TEST_ONE_WALL"
)

// noRowSecurity takes the second wall away.
const noRowSecurity = `do $$
declare t regclass;
begin
  for t in select oid from pg_class where relrowsecurity loop
    execute format('alter table %s no force row level security, disable row level security', t);
  end loop;
end $$`

// Advisory locks: one for who makes the template, and a class of which each run holds its own number.
const (
	makingTemplate = 7_201_801
	runs           = 7_201_802
)

// running is the server for this process: the one in REGIOGRIFFIE_TEST_DATABASE, or else a temporary one of its own.
func running(t testing.TB) *server {
	t.Helper()
	s, err := begin()
	if err != nil {
		t.Fatalf("starting the test database: %v", err)
	}
	return s
}

var begin = sync.OnceValues(func() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute)
	defer cancel()
	address := os.Getenv("REGIOGRIFFIE_TEST_DATABASE")
	if address == "" {
		log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
		// Nobody stops it: there is no end of all tests to do so at. It goes with this process.
		own, err := embedded.StartTemporary(ctx, log, embedded.Options{Bin: os.Getenv("REGIOGRIFFIE_POSTGRES_BIN")})
		if err != nil {
			return nil, err
		}
		address = own.URL()
	}
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme == "" {
		return nil, errors.New("REGIOGRIFFIE_TEST_DATABASE is no address; expected postgres://user:password@host:5432/name")
	}
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("reading the address of the test server: %w", err)
	}
	config.MaxConns = 8
	admin, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connecting to the test server: %w", err)
	}
	s := &server{admin: admin, url: *parsed}
	s.migrated = sync.OnceValues(s.makeTemplate)
	if err := s.register(ctx); err != nil {
		return nil, err
	}
	return s, nil
})

// register gives this run its number, locked for as long as the process lives, and drops the databases of runs whose
// number nobody holds any more.
func (s *server) register(ctx context.Context) error {
	config := s.admin.Config().ConnConfig
	// Kept until the end of the process and never used again: the lock hangs on it.
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("connecting to the test server: %w", err)
	}
	for taken := false; !taken; {
		s.run = rand.Int32()
		if err := conn.QueryRow(ctx, `select pg_try_advisory_lock($1, $2)`, runs, s.run).Scan(&taken); err != nil {
			return fmt.Errorf("numbering the test run: %w", err)
		}
	}
	s.claim = conn
	rows, err := s.admin.Query(ctx, `select datname from pg_database where starts_with(datname, $1)`, prefix)
	if err != nil {
		return fmt.Errorf("looking for databases of earlier runs: %w", err)
	}
	left, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("looking for databases of earlier runs: %w", err)
	}
	for _, database := range left {
		if err := s.dropLeft(ctx, database); err != nil {
			return fmt.Errorf("dropping the database of an earlier run: %w", err)
		}
	}
	return nil
}

func (s *server) dropLeft(ctx context.Context, database string) error {
	number, _, _ := strings.Cut(strings.TrimPrefix(database, prefix), "_")
	run, err := strconv.ParseInt(number, 10, 32)
	if err != nil {
		return nil // not one of ours
	}
	return s.admin.AcquireFunc(ctx, func(c *pgxpool.Conn) error {
		var over bool
		if err := c.QueryRow(ctx, `select pg_try_advisory_lock($1, $2)`, runs, int32(run)).Scan(&over); err != nil || !over {
			return err
		}
		_, err := c.Exec(ctx, `drop database if exists `+pgx.Identifier{database}.Sanitize()+` with (force)`)
		_, unlockErr := c.Exec(ctx, `select pg_advisory_unlock($1, $2)`, runs, int32(run))
		// Another run may be dropping it at the same moment.
		if refused, ok := errors.AsType[*pgconn.PgError](err); ok && (refused.Code == "3D000" || refused.Code == "55006") {
			err = nil
		}
		return errors.Join(err, unlockErr)
	})
}

// makeTemplate makes the database that tests copy, unless it is there for just these migrations. Processes that want the
// same one wait for the first.
func (s *server) makeTemplate() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	sum, err := checksum(migrations.FS)
	if err != nil {
		return "", fmt.Errorf("reading the migrations: %w", err)
	}
	template := templatePrefix + sum
	oneWall := os.Getenv(OneWallSetting) != ""
	if oneWall {
		template += "_one"
	}
	err = s.admin.AcquireFunc(ctx, func(c *pgxpool.Conn) (err error) {
		if _, err := c.Exec(ctx, `select pg_advisory_lock($1)`, makingTemplate); err != nil {
			return err
		}
		defer func() {
			_, unlockErr := c.Exec(context.WithoutCancel(ctx), `select pg_advisory_unlock($1)`, makingTemplate)
			err = errors.Join(err, unlockErr)
		}()
		// The mark of a template comes last, so what lacks it was cut short.
		var whole bool
		err = c.QueryRow(ctx, `select exists (select from pg_database where datname = $1 and datistemplate)`, template).Scan(&whole)
		if err != nil || whole {
			return err
		}
		return s.build(ctx, c, template, oneWall)
	})
	if err != nil {
		return "", fmt.Errorf("making the database that tests copy: %w", err)
	}
	return template, nil
}

// build makes the template anew, whatever was left of it.
func (s *server) build(ctx context.Context, c *pgxpool.Conn, template string, oneWall bool) error {
	for _, statement := range []string{`drop database if exists ` + template + ` with (force)`, `create database ` + template + ` template template0`} {
		if _, err := c.Exec(ctx, statement); err != nil {
			return err
		}
	}
	if err := migrations.Up(ctx, s.urlOf(template)); err != nil {
		return err
	}
	if oneWall {
		if err := s.takeWall(ctx, template); err != nil {
			return err
		}
	}
	// A connection to a template would keep it from being copied.
	_, err := c.Exec(ctx, `alter database `+template+` with is_template true allow_connections false`)
	return err
}

func (s *server) takeWall(ctx context.Context, database string) error {
	conn, err := pgx.Connect(ctx, s.urlOf(database))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, noRowSecurity)
	return errors.Join(err, conn.Close(ctx))
}

// checksum tells one set of files from another.
func checksum(files fs.FS) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n%s\n", path, len(text), text)
		return nil
	})
	return hex.EncodeToString(sum.Sum(nil)[:8]), err
}
