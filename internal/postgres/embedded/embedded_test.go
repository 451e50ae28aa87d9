package embedded_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/postgres/embedded"
)

// The environment variable that makes this test program a copy of Regiogriffie: it starts a server, says so, and waits.
const copyOf = "REGIOGRIFFIE_TEST_COPY"

func TestMain(m *testing.M) {
	if dir := os.Getenv(copyOf); dir != "" {
		os.Exit(runCopy(dir))
	}
	os.Exit(m.Run())
}

func runCopy(dir string) int {
	begin := embedded.Start
	if dir == "temporary" {
		begin = func(ctx context.Context, _ string, log *slog.Logger, options embedded.Options) (*embedded.Server, error) {
			return embedded.StartTemporary(ctx, log, options)
		}
	}
	s, err := begin(context.Background(), dir, slog.New(slog.DiscardHandler), embedded.Options{})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(s.URL())
	select {}
}

// startCopy starts another copy on the folder and returns it with its address.
func startCopy(t *testing.T, dir string) (*exec.Cmd, string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), copyOf+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "postgres://") {
		t.Fatalf("the copy said %q, %v", line, err)
	}
	return cmd, strings.TrimSpace(line)
}

// folder is a fresh data folder, in memory where there is room, that the account of PostgreSQL may reach.
func folder(t *testing.T) string {
	t.Helper()
	base := ""
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		base = "/dev/shm"
	}
	dir, err := os.MkdirTemp(base, "embedded-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// serve starts a server that the end of the test stops.
func serve(t *testing.T, dir string) *embedded.Server {
	t.Helper()
	s, err := embedded.Start(t.Context(), dir, slog.New(slog.DiscardHandler), embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func ask(t *testing.T, url, query string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var answer string
	if err := conn.QueryRow(t.Context(), query).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return answer
}

// write leaves a row behind to be found later.
func write(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), `create table kept as select 'still here' as word`); err != nil {
		t.Fatal(err)
	}
}

const read = `select word from kept`

func TestAFreshFolderBecomesAServerThatSortsDutch(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := serve(t, dir)
	for query, want := range map[string]string{
		`select current_database()`:                  "regiogriffie",
		`select current_user`:                        "regiogriffie",
		`show server_encoding`:                       "UTF8",
		`show listen_addresses`:                      "",
		`show data_checksums`:                        "on",
		`show password_encryption`:                   "scram-sha-256",
		`select lower('ÉÉN')`:                        "één",
		`select to_tsvector('simple', 'ÉÉN')::text`:  "'één':1",
		`select (('É' < 'f') and ('a' < 'B'))::text`: "true",
	} {
		if got := ask(t, s.URL(), query); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "password"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the password is in a file with %v, %v; want 0600", info.Mode(), err)
	}

	t.Run("the door is shut without the password", func(t *testing.T) {
		config, err := pgx.ParseConfig(s.URL())
		if err != nil {
			t.Fatal(err)
		}
		config.Password = "guess"
		if conn, err := pgx.ConnectConfig(t.Context(), config); err == nil {
			conn.Close(context.Background())
			t.Error("the server let in who did not know the password")
		}
	})

	t.Run("a second copy is refused", func(t *testing.T) {
		_, err := embedded.Start(t.Context(), dir, slog.New(slog.DiscardHandler), embedded.Options{})
		if !errors.Is(err, embedded.ErrInUse) {
			t.Fatalf("got %v, want ErrInUse", err)
		}
		if strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), dir) {
			t.Errorf("not one line that names the folder: %q", err)
		}
	})
}

func TestWhatWasWrittenOutlivesStop(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := serve(t, dir)
	write(t, s.URL())
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := pgx.Connect(t.Context(), s.URL()); err == nil {
		t.Error("the server answers after Stop")
	}
	if err := s.Stop(); err != nil {
		t.Errorf("a second Stop: %v", err)
	}
	begin := time.Now()
	again := serve(t, dir)
	t.Logf("a restart takes %v", time.Since(begin).Round(time.Millisecond))
	if got := ask(t, again.URL(), read); got != "still here" {
		t.Errorf("after the restart: %q", got)
	}
	if again.URL() != s.URL() {
		t.Error("the address changed")
	}
}

func TestAKilledCopyLosesNothing(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	killed, url := startCopy(t, dir)
	write(t, url)
	killed.Process.Kill()
	killed.Wait()
	begin := time.Now()
	s := serve(t, dir)
	t.Logf("back after %v", time.Since(begin).Round(time.Millisecond))
	if got := ask(t, s.URL(), read); got != "still here" {
		t.Errorf("after the kill: %q", got)
	}
	// The server of the killed copy may not end under us after all.
	time.Sleep(time.Second)
	ask(t, s.URL(), read)
}

func TestAKilledServerLosesNothing(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	killed, url := startCopy(t, dir)
	write(t, url)
	killed.Process.Kill()
	syscall.Kill(postmaster(t, dir), syscall.SIGKILL)
	killed.Wait()
	s := serve(t, dir)
	if got := ask(t, s.URL(), read); got != "still here" {
		t.Errorf("after the double kill: %q", got)
	}
}

func TestALeftServerIsTakenOver(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	first := serve(t, dir)
	write(t, first.URL())
	left := postmaster(t, dir)
	embedded.LetGo(first)
	s := serve(t, dir)
	if now := postmaster(t, dir); now != left {
		t.Errorf("the server changed from process %d to %d", left, now)
	}
	if got := ask(t, s.URL(), read); got != "still here" {
		t.Errorf("taken over: %q", got)
	}
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "data", "postmaster.pid")); err == nil {
		t.Error("the server that was taken over still runs after Stop")
	}
}

func TestANumberThatIsAnotherProcessNowIsNoServer(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if err := serve(t, dir).Stop(); err != nil {
		t.Fatal(err)
	}
	other := exec.Command("sleep", "60")
	if os.Geteuid() == 0 {
		// PostgreSQL only fears processes of its own account.
		info, err := os.Stat(filepath.Join(dir, "data"))
		if err != nil {
			t.Fatal(err)
		}
		stat := info.Sys().(*syscall.Stat_t)
		other.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: stat.Uid, Gid: stat.Gid}}
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer other.Wait()
	defer other.Process.Kill()
	trace := fmt.Sprintf("%d\n%s\n1\n5432\n%s\n\n1 1\nready   \n", other.Process.Pid, filepath.Join(dir, "data"), filepath.Join(dir, "run"))
	if err := os.WriteFile(filepath.Join(dir, "data", "postmaster.pid"), []byte(trace), 0o600); err != nil {
		t.Fatal(err)
	}
	serve(t, dir)
}

func TestALongPathGetsAShortSocket(t *testing.T) {
	t.Parallel()
	base := folder(t)
	if err := os.Chmod(base, 0o711); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(base, strings.Repeat("long", 25), `odd, "name" 'here'`)
	for range 2 {
		s := serve(t, dir)
		sockets := ask(t, s.URL(), `show unix_socket_directories`)
		if !strings.Contains(sockets, "/tmp/rg-") {
			t.Errorf("the socket is in %s", sockets)
		}
		if err := s.Stop(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(strings.Trim(sockets, `"`)); err == nil {
			t.Errorf("%s is left behind", sockets)
		}
	}
}

func TestDataOfAnotherMajorVersionAreLeftAlone(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte("14\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	bin, err := embedded.AnyBin(t.Context())
	if err != nil {
		t.Skip("this machine has no PostgreSQL yet; another test installs it")
	}
	_, err = embedded.Start(t.Context(), dir, slog.New(slog.DiscardHandler), embedded.Options{Bin: bin})
	if err == nil || !strings.Contains(err.Error(), "the data were made by PostgreSQL 14") {
		t.Errorf("got %v", err)
	}
}

func TestAConfiguredPathThatIsWrongIsSaid(t *testing.T) {
	t.Parallel()
	_, err := embedded.Start(t.Context(), folder(t), slog.New(slog.DiscardHandler), embedded.Options{Bin: "/nowhere"})
	if err == nil || !strings.Contains(err.Error(), "/nowhere") {
		t.Errorf("got %v", err)
	}
}

func TestTheEnvironmentDoesNotSteerTheServer(t *testing.T) {
	t.Setenv("PGDATA", "/nowhere")
	t.Setenv("PGPORT", "1")
	t.Setenv("LC_ALL", "xx_YY")
	t.Setenv("LANG", "xx_YY")
	s := serve(t, folder(t))
	ask(t, s.URL(), `select 'ready'`)
}

func TestATemporaryServerGoesWithItsProcess(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	killed, url := startCopy(t, "temporary")
	t.Logf("a temporary server starts in %v", time.Since(begin).Round(time.Millisecond))
	dir := filepath.Dir(ask(t, url, `show data_directory`))
	killed.Process.Kill()
	killed.Wait()
	for range 100 {
		if _, err := os.Stat(dir); os.IsNotExist(err) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%s is still there", dir)
}

func TestATemporaryServerGoesAtStop(t *testing.T) {
	t.Parallel()
	s, err := embedded.StartTemporary(t.Context(), slog.New(slog.DiscardHandler), embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(ask(t, s.URL(), `show data_directory`))
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%s is still there", dir)
	}
}

// postmaster is the process of the server on the folder.
func postmaster(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}
