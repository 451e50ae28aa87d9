package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// errInTheWay means that a server of an earlier process still has the data. It is worth waiting for.
var errInTheWay = errors.New("an earlier server is still there")

// postmaster is a server as it made itself known in its data.
type postmaster struct {
	pid     int
	sockets string
}

func postmasterFile(data string) string { return filepath.Join(data, "postmaster.pid") }

func readPostmaster(data string) (postmaster, bool) {
	text, err := os.ReadFile(postmasterFile(data))
	if err != nil {
		return postmaster{}, false
	}
	// Its lines: process, data, start, port, folder of the socket.
	lines := strings.Split(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 1 {
		return postmaster{}, false
	}
	p := postmaster{pid: pid}
	if len(lines) > 4 {
		p.sockets = strings.TrimSpace(lines[4])
	}
	return p, true
}

// living reports whether the server is still there, and no other process that got its number since.
func (p postmaster) living(data string) bool {
	return alive(p.pid) && strings.Contains(commandLine(p.pid), data)
}

// forget removes the trace of a server whose number went to another process: PostgreSQL would take that for a server and
// refuse to start. A number of no process it clears away by itself, with more care than we could.
func (p postmaster) forget(data string) {
	if alive(p.pid) {
		os.Remove(postmasterFile(data))
	}
}

func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || err == syscall.EPERM
}

// attach takes over a server that outlived the process that started it.
func (s *Server) attach(ctx context.Context, p postmaster) error {
	if p.sockets == "" {
		return fmt.Errorf("%w: it is not listening", errInTheWay)
	}
	s.sockets = p.sockets
	// On Linux its end may be on its way already, a moment after the end of its parent. So it has to answer twice.
	for range 2 {
		if err := s.ping(ctx); err != nil {
			return err
		}
		if err := pause(ctx, 300*time.Millisecond); err != nil {
			return err
		}
	}
	if !p.living(s.data()) {
		return errInTheWay
	}
	s.log.Info("taking over the PostgreSQL that was left running", "pid", p.pid)
	s.pid = p.pid
	go func() {
		for p.living(s.data()) {
			time.Sleep(50 * time.Millisecond)
		}
		close(s.ended)
	}()
	return nil
}

// ping asks the server on the socket whether it has our data and lets us in. errInTheWay when it may do so later.
func (s *Server) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.url("postgres"))
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && strings.HasPrefix(refused.Code, "28") {
		return fmt.Errorf("the password in %s does not fit the data: put back the right one", filepath.Join(s.dir, "password"))
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errInTheWay, err)
	}
	defer conn.Close(ctx)
	var data string
	if err := conn.QueryRow(ctx, `show data_directory`).Scan(&data); err != nil {
		return fmt.Errorf("%w: %w", errInTheWay, err)
	}
	theirs, err := os.Stat(data)
	if err != nil {
		return fmt.Errorf("finding the data of the running server: %w", err)
	}
	ours, err := os.Stat(s.data())
	if err != nil {
		return fmt.Errorf("finding the data: %w", err)
	}
	if !os.SameFile(theirs, ours) {
		return fmt.Errorf("the server at %s has other data: %s", s.sockets, data)
	}
	return nil
}

// launch starts the server and waits until it answers. Repairing after a power cut may take it a while; it is given that.
func (s *Server) launch(ctx context.Context) error {
	if err := s.makeSockets(); err != nil {
		return err
	}
	out, err := s.openLog()
	if err != nil {
		return err
	}
	defer out.Close()
	before, err := out.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("opening the log of PostgreSQL: %w", err)
	}
	// Not bound to ctx: that would kill the server, where Stop ends it.
	cmd := s.account.command(context.WithoutCancel(ctx), s.dir, s.program.path("postgres"), s.arguments()...)
	cmd.Stdout, cmd.Stderr = out, out
	if s.process, err = start(cmd); err != nil {
		return fmt.Errorf("starting PostgreSQL: %w", err)
	}
	s.pid = cmd.Process.Pid
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, 200*time.Millisecond) {
		select {
		case <-s.process:
			return s.failure(before)
		case <-ctx.Done():
			syscall.Kill(s.pid, syscall.SIGINT)
			<-s.process
			return fmt.Errorf("starting PostgreSQL: %w", ctx.Err())
		case <-time.After(wait):
		}
		err := s.ping(ctx)
		if err == nil {
			break
		}
		if !errors.Is(err, errInTheWay) {
			syscall.Kill(s.pid, syscall.SIGINT)
			<-s.process
			return err
		}
	}
	go s.watch()
	return nil
}

// watch notes the end of the server, which nobody may have asked for.
func (s *Server) watch() {
	err := <-s.process
	close(s.ended)
	if err != nil {
		s.log.Error("PostgreSQL stopped", "error", err, "log", s.logFile())
	}
}

func (s *Server) arguments() []string {
	args := []string{"-D", s.data()}
	set := func(name, value string) { args = append(args, "-c", name+"="+value) }
	set("listen_addresses", "")
	set("port", "5432")
	set("unix_socket_directories", `"`+s.sockets+`"`)
	set("unix_socket_permissions", "0700")
	set("cluster_name", name)
	set("logging_collector", "off")
	set("log_destination", "stderr")
	for _, name := range sortedKeys(s.options.Settings) {
		set(name, s.options.Settings[name])
	}
	return args
}

// openLog opens the log for more, and puts a long one aside once.
func (s *Server) openLog() (*os.File, error) {
	if info, err := os.Stat(s.logFile()); err == nil && info.Size() > 10<<20 {
		os.Rename(s.logFile(), s.logFile()+".1")
	}
	f, err := os.OpenFile(s.logFile(), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, s.plain("opening the log of PostgreSQL", err)
	}
	return f, nil
}

// failure says why the server ended before it answered, from what it wrote in its log since it began.
func (s *Server) failure(since int64) error {
	var said string
	if f, err := os.Open(s.logFile()); err == nil {
		defer f.Close()
		if _, err := f.Seek(since, io.SeekStart); err == nil {
			text, _ := io.ReadAll(io.LimitReader(f, 1<<20))
			said = string(text)
		}
	}
	for _, sign := range []string{`lock file "`, "pre-existing shared memory block"} {
		if strings.Contains(said, sign) {
			return fmt.Errorf("%w: %s", errInTheWay, lastLine(said, "FATAL"))
		}
	}
	if isFull(said) {
		return fmt.Errorf("starting PostgreSQL: the disk that holds %s is full", s.dir)
	}
	mark := "FATAL"
	if strings.Contains(said, "PANIC") {
		mark = "PANIC"
	}
	return fmt.Errorf("PostgreSQL does not start: %s (see %s)", lastLine(said, mark), s.logFile())
}

// start starts the program so that it ends with us where the system can arrange that. The channel gives its end.
func start(cmd *exec.Cmd) (<-chan error, error) {
	endWithParent(cmd.SysProcAttr)
	started := make(chan error)
	ended := make(chan error, 1)
	go func() {
		// To Linux the parent is the thread, not the process: the thread has to last as long as the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			ended <- cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return ended, nil
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
