package main_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/postgres/pgtest"
)

var made struct {
	folder string
	path   string
	err    error
}

// build makes the program once for all tests.
var build = sync.OnceFunc(func() {
	made.folder, made.err = os.MkdirTemp("", "regiogriffie-program-")
	if made.err != nil {
		return
	}
	made.path = filepath.Join(made.folder, "regiogriffie")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", made.path, ".").CombinedOutput(); err != nil {
		made.err = fmt.Errorf("building the program: %w\n%s", err, out)
	}
})

func TestMain(m *testing.M) {
	code := m.Run()
	if made.folder != "" {
		os.RemoveAll(made.folder)
	}
	os.Exit(code)
}

// settings are the environment of one copy of the program.
type settings map[string]string

// command prepares the program with these settings and no others.
func command(t *testing.T, s settings, args ...string) *exec.Cmd {
	t.Helper()
	build()
	if made.err != nil {
		t.Fatal(made.err)
	}
	cmd := exec.Command(made.path, args...)
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "REGIOGRIFFIE_") && !strings.HasPrefix(pair, "DATABASE_URL") {
			cmd.Env = append(cmd.Env, pair)
		}
	}
	for name, value := range s {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

// outcome is what a finished command left.
type outcome struct {
	code     int
	out, err string
}

func runToEnd(t *testing.T, s settings, args ...string) outcome {
	t.Helper()
	return runWith(t, "", s, args...)
}

func runWith(t *testing.T, typed string, s settings, args ...string) outcome {
	t.Helper()
	cmd := command(t, s, args...)
	var out, complaints bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(typed), &out, &complaints
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stuck := time.AfterFunc(2*time.Minute, func() { cmd.Process.Kill() })
	defer stuck.Stop()
	err := cmd.Wait()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), out.String(), complaints.String()}
}

// wantRefusal checks that the program said one line with these words and ended with code 1.
func wantRefusal(t *testing.T, got outcome, words ...string) {
	t.Helper()
	if got.code != 1 || strings.Count(got.err, "\n") != 1 || !strings.HasPrefix(got.err, "regiogriffie: ") || got.out != "" {
		t.Errorf("got exit code %d, want 1 with one line:\n%s%s", got.code, got.out, got.err)
	}
	for _, word := range words {
		if !strings.Contains(got.err, word) {
			t.Errorf("got %q, want %q in it", got.err, word)
		}
	}
}

// site is a running copy.
type site struct {
	cmd   *exec.Cmd
	addr  string
	data  string
	out   *buffer
	ended chan struct{}
}

// buffer may be read while the program writes to it.
type buffer struct {
	sync.Mutex
	bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.Lock()
	defer b.Unlock()
	return b.Buffer.Write(p)
}

func (b *buffer) String() string {
	b.Lock()
	defer b.Unlock()
	return b.Buffer.String()
}

// serve starts a copy and waits until it answers. It is killed after the test if it still runs.
func serve(t *testing.T, s settings) *site {
	t.Helper()
	running := &site{addr: s["REGIOGRIFFIE_ADDR"], data: s["REGIOGRIFFIE_DATA"], out: &buffer{}, ended: make(chan struct{})}
	running.cmd = command(t, s)
	running.cmd.Stdout, running.cmd.Stderr = running.out, running.out
	if err := running.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		running.cmd.Wait()
		close(running.ended)
	}()
	t.Cleanup(func() {
		running.cmd.Process.Signal(os.Interrupt)
		select {
		case <-running.ended:
		case <-time.After(20 * time.Second):
			running.cmd.Process.Kill()
			<-running.ended
		}
	})
	client := http.Client{Timeout: 2 * time.Minute}
	for deadline := time.Now().Add(2 * time.Minute); ; {
		response, err := client.Get("http://" + running.addr + "/healthz")
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return running
			}
		}
		select {
		case <-running.ended:
			t.Fatalf("the program ended:\n%s", running.out)
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatalf("the program does not answer:\n%s", running.out)
		}
	}
}

// stop asks for an end as Ctrl-C does and waits for it.
func (s *site) stop(t *testing.T) {
	t.Helper()
	s.cmd.Process.Signal(os.Interrupt)
	select {
	case <-s.ended:
	case <-time.After(20 * time.Second):
		t.Fatalf("the program does not stop:\n%s", s.out)
	}
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("stopping gave exit code %d, want 0:\n%s", code, s.out)
	}
}

// server is the process of the PostgreSQL that the copy started.
func (s *site) server(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.data, "data", "postmaster.pid"))
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

// owner connects to the database of the copy past all walls.
func (s *site) owner(t *testing.T) *pgx.Conn {
	t.Helper()
	password, err := os.ReadFile(filepath.Join(s.data, "password"))
	if err != nil {
		t.Fatal(err)
	}
	address := url.URL{
		Scheme: "postgres", User: url.UserPassword("regiogriffie", strings.TrimSpace(string(password))), Path: "/regiogriffie",
		RawQuery: url.Values{"host": {filepath.Join(s.data, "run")}, "port": {"5432"}}.Encode(),
	}
	return connect(t, address.String())
}

func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// count tells how many rows each of the tables has that the sample fills.
func count(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	var told string
	err := conn.QueryRow(t.Context(), `
		select format('%s organisations, %s accounts, %s meetings', (select count(*) from organisations),
			(select count(*) from accounts), (select count(*) from meetings))`).Scan(&told)
	if err != nil {
		t.Fatal(err)
	}
	return told
}

const nothing = "0 organisations, 0 accounts, 0 meetings"

// folder is a fresh data folder, in memory where there is room.
func folder(t *testing.T) string {
	t.Helper()
	base := ""
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		base = "/dev/shm"
	}
	dir, err := os.MkdirTemp(base, "serve-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// freeAddr is an address on which nobody listens.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

func TestOnAFreshFolderItServesTheSampleAndStopsAllItStarted(t *testing.T) {
	t.Parallel()
	here := settings{"REGIOGRIFFIE_ADDR": freeAddr(t), "REGIOGRIFFIE_DATA": folder(t)}
	s := serve(t, here)

	response, err := http.Get("http://" + s.addr + "/")
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil || response.StatusCode != http.StatusOK || !bytes.Contains(page, []byte("<main")) {
		t.Errorf("the front page: %s, %v\n%.500s", response.Status, err, page)
	}
	if got := runToEnd(t, here, "health"); got.code != 0 {
		t.Errorf("asking for its health: %+v", got)
	}
	for _, want := range []string{"http://" + s.addr, "Accounts of the sample region", "password"} {
		if !strings.Contains(s.out.String(), want) {
			t.Errorf("it says nothing of %q:\n%s", want, s.out)
		}
	}
	before := count(t, s.owner(t))
	if strings.Contains(before, " 0 ") || strings.HasPrefix(before, "0 ") {
		t.Errorf("the sample has %s", before)
	}

	// A second copy, on the same port and beside it.
	wantRefusal(t, runToEnd(t, here), s.addr, "in use")
	wantRefusal(t, runToEnd(t, settings{"REGIOGRIFFIE_ADDR": freeAddr(t), "REGIOGRIFFIE_DATA": s.data}), s.data, "another copy")

	server := s.server(t)
	s.stop(t)
	if alive(server) {
		t.Errorf("PostgreSQL, process %d, is still there", server)
	}
	wantRefusal(t, runToEnd(t, here, "health"), "does not answer")

	s = serve(t, here)
	if after := count(t, s.owner(t)); after != before {
		t.Errorf("after a second start there are %s; before %s", after, before)
	}
	if !strings.Contains(s.out.String(), "Accounts of the sample region") {
		t.Errorf("the second start does not tell the accounts:\n%s", s.out)
	}
}

func TestAfterAKillTheNextStartHasAllThatWasKept(t *testing.T) {
	t.Parallel()
	here := settings{"REGIOGRIFFIE_ADDR": freeAddr(t), "REGIOGRIFFIE_DATA": folder(t)}
	s := serve(t, here)
	before := count(t, s.owner(t))
	if _, err := s.owner(t).Exec(t.Context(), `create table kept as select 'still here' as word`); err != nil {
		t.Fatal(err)
	}
	s.cmd.Process.Kill()
	<-s.ended
	arriving := filepath.Join(s.data, "bestanden", "tijdelijk")
	if err := os.WriteFile(filepath.Join(arriving, "half"), []byte("geheim"), 0o600); err != nil {
		t.Fatal(err)
	}

	s = serve(t, here)
	if left, err := os.ReadDir(arriving); err != nil || len(left) != 0 {
		t.Errorf("what arrived when it was killed is still there: %v, %v", left, err)
	}
	var word string
	if err := s.owner(t).QueryRow(t.Context(), `select word from kept`).Scan(&word); err != nil || word != "still here" {
		t.Errorf("got %q, %v", word, err)
	}
	if after := count(t, s.owner(t)); after != before {
		t.Errorf("after the kill there are %s; before %s", after, before)
	}
}

// Whenever the signal comes during a first start, the program ends as it was asked to, and the next start makes good what is missing.
// Each moment is one that the test sees come, not a time: what the start has made by then, in its order.
func TestAnInterruptedFirstStartIsMadeGoodByTheNext(t *testing.T) {
	t.Parallel()
	moments := map[string]func(data string) bool{
		"the data are being made":        func(data string) bool { return exists(data, "data.new", "PG_VERSION") },
		"the database server is running": func(data string) bool { return exists(data, "data", "postmaster.pid") },
	}
	if os.Getenv("REGIOGRIFFIE_PROOF") != "" { // each costs two starts
		moments["it began"] = func(data string) bool { return exists(data, "password") }
		moments["the data are there"] = func(data string) bool { return exists(data, "data", "PG_VERSION") }
		moments["files of the sample come in"] = func(data string) bool { return exists(data, "bestanden", "tijdelijk") }
	}
	for name, come := range moments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			here := settings{"REGIOGRIFFIE_ADDR": freeAddr(t), "REGIOGRIFFIE_DATA": folder(t)}
			cmd := command(t, here)
			var out buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			for !come(here["REGIOGRIFFIE_DATA"]) {
				select {
				case err := <-ended:
					t.Fatalf("it ended before that: %v\n%s", err, out.String())
				case <-time.After(time.Millisecond):
				}
			}
			cmd.Process.Signal(os.Interrupt)
			if err := <-ended; err != nil {
				t.Errorf("stopping it in the middle: %v\n%s", err, out.String())
			}
			s := serve(t, here)
			if got := count(t, s.owner(t)); got == nothing {
				t.Errorf("the sample has %s", got)
			}
		})
	}
}

func exists(parts ...string) bool {
	_, err := os.Stat(filepath.Join(parts...))
	return err == nil
}

func TestAGivenDatabaseIsMigratedAndLeftEmpty(t *testing.T) {
	t.Parallel()
	address := pgtest.Empty(t)
	secret := filepath.Join(t.TempDir(), "database-url")
	if err := os.WriteFile(secret, []byte(address+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	here := settings{"REGIOGRIFFIE_ADDR": freeAddr(t), "REGIOGRIFFIE_DATA": folder(t), "DATABASE_URL_FILE": secret, "REGIOGRIFFIE_LOG": "json"}
	s := serve(t, here)
	if got := count(t, connect(t, address)); got != nothing {
		t.Errorf("it has %s, want nothing", got)
	}
	if out := s.out.String(); strings.Contains(out, "Accounts") || !strings.HasPrefix(out, "{") {
		t.Errorf("it says:\n%s", out)
	}
	s.stop(t)
	if _, err := os.Stat(filepath.Join(s.data, "data")); err == nil {
		t.Error("it made a database of its own as well")
	}
}

func TestTheSampleComesOnRequestButNotBesideRealAccounts(t *testing.T) {
	t.Parallel()
	address := pgtest.Empty(t)
	here := settings{"REGIOGRIFFIE_DATA": folder(t), "DATABASE_URL": address}
	for range 2 {
		got := runToEnd(t, here, "seed")
		if got.code != 0 || !strings.Contains(got.out, "Accounts of the sample region") {
			t.Fatalf("filling: %+v", got)
		}
	}
	conn := connect(t, address)
	if got := count(t, conn); got == nothing {
		t.Errorf("it has %s", got)
	}

	other := pgtest.Empty(t)
	here = settings{"REGIOGRIFFIE_DATA": folder(t), "DATABASE_URL": other}
	if got := createAdmin(t, here, "beheer@regio.example"); got.code != 0 {
		t.Fatalf("making the administrator: %+v", got)
	}
	wantRefusal(t, runToEnd(t, here, "seed"), "accounts of its own")
}

const goodPassword = "trommel krijgt vier blauwe wielen"

func createAdmin(t *testing.T, here settings, email string) outcome {
	t.Helper()
	secret := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(secret, []byte(goodPassword+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return runToEnd(t, here, "admin", "create", "--email", email, "--name", "Anna de Vries", "--password-file", secret)
}

func TestTheCommandMakesAFirstAndASecondAdministrator(t *testing.T) {
	t.Parallel()
	address := pgtest.Empty(t)
	here := settings{"REGIOGRIFFIE_DATA": folder(t), "DATABASE_URL": address}

	wantRefusal(t, runWith(t, "beheer@regio.example\nAnna de Vries\ntrommel\n", here, "admin", "create"), "wachtwoord van ten minste 12 tekens")
	got := runWith(t, "Beheer@Regio.example\nAnna de Vries\n"+goodPassword+"\n", here, "admin", "create")
	if got.code != 0 || !strings.Contains(got.out, "/inloggen") || strings.Contains(got.out+got.err, goodPassword) {
		t.Fatalf("making the administrator: %+v", got)
	}
	var told string
	err := connect(t, address).QueryRow(t.Context(), `
		select format('%s %s %s %s, %s; %s accounts, %s persons', p.given, p.infix, p.family, g.role, a.email,
			(select count(*) from accounts), (select count(*) from persons))
		from accounts a join persons p on p.id = a.person_id join role_grants g on g.person_id = p.id and g.organisation_id is null`).Scan(&told)
	if want := "Anna de Vries admin, beheer@regio.example; 1 accounts, 1 persons"; err != nil || told != want {
		t.Errorf("got %q, %v, want %q", told, err, want)
	}
	if got := createAdmin(t, here, "tweede@regio.example"); got.code != 0 {
		t.Errorf("the second: %+v", got)
	}
	wantRefusal(t, createAdmin(t, here, "derde@regio.example"), "two administrators already")
}

func TestAMistakeInTheSettingsIsOneLine(t *testing.T) {
	t.Parallel()
	closed := freeAddr(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wrongPassword, err := url.Parse(pgtest.Empty(t))
	if err != nil {
		t.Fatal(err)
	}
	wrongDatabase := *wrongPassword
	wrongDatabase.Path = "/geen"
	wrongPassword.User = url.UserPassword(wrongPassword.User.Username(), "geheim123")
	talker, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer talker.Close()
	go func() { // a server that is no PostgreSQL
		for {
			conn, err := talker.Accept()
			if err != nil {
				return
			}
			io.WriteString(conn, "SSH-2.0-OpenSSH\r\n")
			conn.Close()
		}
	}()

	for name, c := range map[string]struct {
		set   settings
		words []string
	}{
		"no address":            {settings{"REGIOGRIFFIE_ADDR": "8080"}, []string{"REGIOGRIFFIE_ADDR", "host:port"}},
		"a strange address":     {settings{"REGIOGRIFFIE_ADDR": "256.0.0.1:80"}, []string{"REGIOGRIFFIE_ADDR"}},
		"a path in the url":     {settings{"REGIOGRIFFIE_URL": "https://regio.example/site"}, []string{"REGIOGRIFFIE_URL"}},
		"a contact of words":    {settings{"REGIOGRIFFIE_CONTACT": "de griffie"}, []string{"REGIOGRIFFIE_CONTACT"}},
		"a strange log":         {settings{"REGIOGRIFFIE_LOG": "xml"}, []string{"REGIOGRIFFIE_LOG"}},
		"a strange level":       {settings{"REGIOGRIFFIE_LOG_LEVEL": "luid"}, []string{"REGIOGRIFFIE_LOG_LEVEL"}},
		"another database":      {settings{"DATABASE_URL": "mysql://root:geheim123@localhost/x"}, []string{"DATABASE_URL cannot be read"}},
		"nobody listens":        {settings{"DATABASE_URL": "postgres://u:geheim123@" + closed + "/x"}, []string{closed, "cannot be reached"}},
		"no PostgreSQL":         {settings{"DATABASE_URL": "postgres://u:geheim123@" + talker.Addr().String() + "/x"}, []string{"cannot be reached"}},
		"a wrong password":      {settings{"DATABASE_URL": wrongPassword.String()}, []string{"refuses the user or the password"}},
		"no such database":      {settings{"DATABASE_URL": wrongDatabase.String()}, []string{`no database "geen"`}},
		"no file with the url":  {settings{"DATABASE_URL_FILE": file + ".not"}, []string{"no such file"}},
		"an empty file":         {settings{"DATABASE_URL_FILE": file}, []string{"DATABASE_URL_FILE", "empty"}},
		"a file for a folder":   {settings{"REGIOGRIFFIE_DATA": filepath.Join(file, "in")}, []string{file}},
		"no PostgreSQL there":   {settings{"REGIOGRIFFIE_POSTGRES_BIN": file}, []string{file}},
		"a folder out of reach": {settings{"REGIOGRIFFIE_DATA": "/proc/regiogriffie"}, []string{"/proc/regiogriffie"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings{"REGIOGRIFFIE_ADDR": freeAddr(t), "REGIOGRIFFIE_DATA": folder(t)}
			for name, value := range c.set {
				s[name] = value
			}
			got := runToEnd(t, s)
			wantRefusal(t, got, c.words...)
			if strings.Contains(got.err, "geheim123") {
				t.Errorf("it tells the password: %s", got.err)
			}
		})
	}
}

func TestAMistypedCommandIsOneLine(t *testing.T) {
	t.Parallel()
	wantRefusal(t, runToEnd(t, nil, "sreve"), "sreve")
	wantRefusal(t, runToEnd(t, nil, "--nee"), "--nee")
}

func TestAFullDiskIsOneLine(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		t.Skip("mounting a small disk takes root on Linux")
	}
	small := func(t *testing.T, size string) string {
		dir := folder(t)
		if err := os.Chmod(dir, 0o711); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "mode=0711,size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
			t.Skipf("mounting a small disk is not allowed here: %v: %s", err, out)
		}
		t.Cleanup(func() {
			if err := exec.Command("umount", dir).Run(); err != nil {
				t.Errorf("unmounting the small disk: %v", err)
			}
		})
		return dir
	}
	t.Run("at the first start", func(t *testing.T) {
		t.Parallel()
		dir := small(t, "8m")
		wantRefusal(t, runToEnd(t, settings{"REGIOGRIFFIE_ADDR": freeAddr(t), "REGIOGRIFFIE_DATA": dir}), "full", dir)
	})
	for _, left := range []int{0, 600_000} { // too little to start the database, and too little to fill it
		t.Run(fmt.Sprintf("later, %d bytes left", left), func(t *testing.T) {
			t.Parallel()
			dir := small(t, "100m")
			here := settings{"REGIOGRIFFIE_ADDR": freeAddr(t), "REGIOGRIFFIE_DATA": dir}
			if got := runToEnd(t, here, "migrate"); got.code != 0 {
				t.Fatalf("making the database: %+v", got)
			}
			filler, err := os.Create(filepath.Join(dir, "filler"))
			if err != nil {
				t.Fatal(err)
			}
			defer filler.Close()
			wrote, err := io.Copy(filler, io.LimitReader(zeros{}, 200<<20))
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatalf("filling the disk: %d bytes, %v", wrote, err)
			}
			if err := filler.Truncate(wrote - int64(left)); err != nil {
				t.Fatal(err)
			}
			wantRefusal(t, runToEnd(t, here), "full", dir)
		})
	}
}

// zeros never ends.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
