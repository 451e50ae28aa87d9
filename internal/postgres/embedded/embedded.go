// Package embedded starts the private PostgreSQL that Regiogriffie uses when it is given no database.
package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// owner is the superuser, and name the database, of every private server.
const (
	owner = "regiogriffie"
	name  = "regiogriffie"
)

// patience is how long a server of an earlier, killed process gets to go away.
const patience = 15 * time.Second

// ErrInUse means that another copy of Regiogriffie holds the folder.
var ErrInUse = errors.New("another copy of Regiogriffie is using this folder")

// Options says how to run the server, beyond where.
type Options struct {
	// Bin is the folder that holds postgres and initdb, or the path of postgres itself. Empty: look for one, install one if need be.
	Bin string
	// Settings are handed to the server as they are, such as {"max_connections": "300"}.
	Settings map[string]string
}

// Server is a running private PostgreSQL. It ends with this process, but only Stop ends it without haste.
type Server struct {
	dir      string
	log      *slog.Logger
	options  Options
	lock     *os.File
	account  account
	program  program
	password string
	sockets  string

	pid     int
	process <-chan error // nil when the server was found running and is no child of ours
	ended   chan struct{}
	gone    func() // clears away what a temporary server leaves behind

	stopping sync.Once
	stopErr  error
}

// DefaultDir is the folder for the data when none is configured. Root's lies outside its home, where PostgreSQL's account cannot come.
func DefaultDir() string {
	if os.Geteuid() == 0 {
		return "/var/lib/regiogriffie"
	}
	if data := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return filepath.Join(data, "regiogriffie")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "regiogriffie-data"
	}
	return filepath.Join(home, ".local", "share", "regiogriffie")
}

// Start starts the server whose data lies in dir, and makes dir, the data and the database where they are missing.
// A server that outlived an earlier copy is taken over. ErrInUse when a living copy holds dir.
func Start(ctx context.Context, dir string, log *slog.Logger, options Options) (_ *Server, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, fmt.Errorf("finding the data folder: %w", err)
	}
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	s := &Server{dir: dir, log: log, options: options, ended: make(chan struct{})}
	if s.lock, err = lock(dir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.lock.Close()
		}
	}()
	if err := s.prepare(ctx); err != nil {
		return nil, err
	}
	if err := s.run(ctx); err != nil {
		return nil, err
	}
	if err := s.makeDatabase(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// URL is the address of the database for its owner, who is superuser of the whole server. It holds the password.
func (s *Server) URL() string {
	return s.url(name)
}

func (s *Server) url(database string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(owner, s.password),
		Path:     "/" + database,
		RawQuery: url.Values{"host": {s.sockets}, "port": {"5432"}}.Encode(),
	}
	return u.String()
}

// Stop ends the server in an orderly way, breaking off what still runs in it, and waits until it is gone.
func (s *Server) Stop() error {
	s.stopping.Do(func() {
		s.stopErr = s.stop()
		s.lock.Close()
		if s.gone != nil {
			s.gone()
		}
	})
	return s.stopErr
}

func (s *Server) stop() error {
	// INT is PostgreSQL's fast shutdown; QUIT leaves the cleaning up to the next start.
	for _, try := range []struct {
		signal  syscall.Signal
		waiting time.Duration
	}{{syscall.SIGINT, time.Minute}, {syscall.SIGQUIT, 10 * time.Second}} {
		if err := syscall.Kill(s.pid, try.signal); err != nil && err != syscall.ESRCH {
			return fmt.Errorf("stopping PostgreSQL: %w", err)
		}
		select {
		case <-s.ended:
			s.dropShortSockets()
			return nil
		case <-time.After(try.waiting):
		}
	}
	return fmt.Errorf("PostgreSQL (process %d) does not stop", s.pid)
}

// prepare finds the programs and makes what they need on disk.
func (s *Server) prepare(ctx context.Context) error {
	major, err := majorOf(s.data())
	if err != nil {
		return err
	}
	if s.program, s.account, err = s.findProgram(ctx, major); err != nil {
		return err
	}
	if err := s.account.mayReach(ctx, s.program, s.dir); err != nil {
		return err
	}
	if err := s.makePassword(major == 0); err != nil {
		return err
	}
	if major == 0 {
		return s.initialise(ctx)
	}
	return s.account.own(s.data())
}

// run brings the server up, or takes over one that is up.
func (s *Server) run(ctx context.Context) error {
	for deadline := time.Now().Add(patience); ; {
		var err error
		if p, ok := readPostmaster(s.data()); ok && p.living(s.data()) {
			err = s.attach(ctx, p)
		} else {
			if ok {
				p.forget(s.data())
			}
			err = s.launch(ctx)
		}
		if err == nil {
			return nil
		}
		if !errors.Is(err, errInTheWay) {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("PostgreSQL cannot start in %s: %w", s.dir, err)
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

func (s *Server) makeDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return s.plain("connecting to the new database", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var there bool
	if err := conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&there); err != nil {
		return s.plain("looking for the database", err)
	}
	if there {
		return nil
	}
	if _, err := conn.Exec(ctx, `create database `+pgx.Identifier{name}.Sanitize()); err != nil {
		return s.plain("making the database", err)
	}
	return nil
}

func (s *Server) data() string    { return filepath.Join(s.dir, "data") }
func (s *Server) logFile() string { return filepath.Join(s.dir, "postgres.log") }

// plain turns an error into one line for who installs. A full disk is the failure that everyone meets, so it is called by its name.
func (s *Server) plain(doing string, err error) error {
	if isFull(err.Error()) {
		return fmt.Errorf("%s: the disk that holds %s is full", doing, s.dir)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// pause waits, unless the context ends first.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return cmp.Or(context.Cause(ctx), ctx.Err())
	case <-time.After(d):
		return nil
	}
}
