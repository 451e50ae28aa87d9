package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Outcome is what became of a mutant.
type Outcome string

// The outcomes. Only the first is good: the list follows the code, and a test that waits for the clock proves nothing.
const (
	Noticed   Outcome = "noticed"
	Unnoticed Outcome = "NOT NOTICED"
	Unbuilt   Outcome = "does not compile"
	Lost      Outcome = "text not found"
	Slow      Outcome = "too slow"
	Broken    Outcome = "could not be tried"
)

// Bench tries mutants on the source below a folder.
type Bench struct {
	Root     string // of the source
	Room     string // a folder for what is built
	Patience time.Duration
}

// Program is the tests of a package, with those of its mutants in it that could be woven.
type Program struct {
	path string
	dir  string // of the package
	in   map[string]bool
	why  string // the mutants are not in it, where they are not
}

// Build builds the tests of a package once for all the mutants that they must notice. Where those cannot stand in one program, as
// one does not compile, each is built apart.
func (b Bench) Build(ctx context.Context, pkg string, mutants []Mutant) (Program, error) {
	why := ""
	for _, values := range []bool{true, false} {
		w, err := weave(mutants, values, func(file string) (string, error) {
			text, err := os.ReadFile(filepath.Join(b.Root, file))
			return string(text), err
		})
		if err != nil {
			return Program{}, err
		}
		if len(w.files) == 0 {
			break
		}
		p, out, err := b.build(ctx, pkg, w.files)
		if err == nil {
			p.in = w.in
			return p, nil
		}
		why = out
	}
	p, out, err := b.build(ctx, pkg, nil)
	if err != nil {
		err = fmt.Errorf("building the tests of %s: %w\n%s", pkg, err, out)
	}
	p.why = why
	return p, err
}

// build builds the tests of a package with other text in place of some files.
func (b Bench) build(ctx context.Context, pkg string, files map[string]string) (Program, string, error) {
	ctx, cancel := context.WithTimeout(ctx, b.Patience)
	defer cancel()
	root, err := filepath.Abs(b.Root)
	if err != nil {
		return Program{}, "", err
	}
	folder, err := os.MkdirTemp(b.Room, "mutant-")
	if err != nil {
		return Program{}, "", err
	}
	replace := map[string]string{}
	for file, text := range files {
		// It keeps its name: go build goes by the end of it.
		beside := filepath.Join(folder, strconv.Itoa(len(replace))+"-"+filepath.Base(file))
		if err := os.WriteFile(beside, []byte(text), 0o600); err != nil {
			return Program{}, "", err
		}
		replace[filepath.Join(root, file)] = beside
	}
	overlay := filepath.Join(folder, "overlay.json")
	list, err := json.Marshal(map[string]map[string]string{"Replace": replace})
	if err == nil {
		err = os.WriteFile(overlay, list, 0o600)
	}
	if err != nil {
		return Program{}, "", err
	}
	p := Program{path: filepath.Join(folder, "tests"), dir: filepath.Join(root, pkg)}
	out, err := b.run(ctx, root, nil, "go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", p.path, pkg)
	return p, out, err
}

// Green runs all tests that the mutants of a program name, without a mutant: each must be there and pass.
func (b Bench) Green(ctx context.Context, p Program, mutants []Mutant) error {
	for _, oneWall := range []bool{false, true} {
		var tests []string
		for _, m := range mutants {
			for _, name := range m.Tests {
				if m.OneWall == oneWall && !slices.Contains(tests, name) {
					tests = append(tests, name)
				}
			}
		}
		if len(tests) == 0 {
			continue
		}
		out, err := b.test(ctx, p, Mutant{Tests: tests, OneWall: oneWall}, "-test.v")
		if err != nil {
			return fmt.Errorf("without a mutant the tests of %s are not green (one wall: %v): %w\n%s", p.dir, oneWall, err, failures(out))
		}
		for _, name := range tests {
			if !strings.Contains(out, "--- PASS: "+name+" ") {
				return fmt.Errorf("%s has no test %s that passes (one wall: %v)", p.dir, name, oneWall)
			}
		}
	}
	return nil
}

// failures are the lines of an output that tell what went wrong, with the few after each.
func failures(out string) string {
	var kept []string
	more := 0
	for line := range strings.Lines(out) {
		if strings.Contains(line, "FAIL") || strings.Contains(line, "panic") {
			more = 8
		}
		if more > 0 {
			kept = append(kept, line)
			more--
		}
	}
	return strings.Join(kept, "")
}

// every stands in a list for all tests of a package: for who looks for those that notice.
const every = "?"

// Which gives the tests named with a mutant that notice it, the quickest first. Those that are red without it do not count.
func (b Bench) Which(ctx context.Context, p Program, m Mutant) (Outcome, []string) {
	outcome, out := b.Try(ctx, p, m)
	if outcome == Unbuilt || outcome == Lost || outcome == Slow {
		return outcome, nil
	}
	notice := red(out)
	if len(notice) > 0 {
		without, _ := b.test(ctx, p, Mutant{Tests: notice, OneWall: m.OneWall})
		notice = slices.DeleteFunc(notice, func(name string) bool { return slices.Contains(red(without), name) })
	}
	if len(notice) == 0 {
		return Unnoticed, nil
	}
	return Noticed, notice
}

var failed = regexp.MustCompile(`(?m)^--- FAIL: (\w+) \(([0-9.]+)s\)`)

// red are the tests that an output says failed, the quickest first.
func red(out string) []string {
	found := failed.FindAllStringSubmatch(out, -1)
	slices.SortStableFunc(found, func(a, b []string) int {
		x, _ := strconv.ParseFloat(a[2], 64)
		y, _ := strconv.ParseFloat(b[2], 64)
		return cmp.Compare(x, y)
	})
	var names []string
	for _, f := range found {
		names = append(names, f[1])
	}
	return names
}

// Try runs the tests named with a mutant on it. It gives what they said too.
func (b Bench) Try(ctx context.Context, p Program, m Mutant) (Outcome, string) {
	source, err := os.ReadFile(filepath.Join(b.Root, m.File))
	if err != nil {
		return Lost, err.Error()
	}
	changed, err := m.Apply(string(source))
	if err != nil {
		return Lost, err.Error()
	}
	if !p.in[m.String()] {
		alone, out, err := b.build(ctx, m.Package, map[string]string{m.File: changed})
		if err != nil {
			if errors.Is(err, context.DeadlineExceeded) {
				return Slow, out
			}
			return Unbuilt, out
		}
		defer os.RemoveAll(filepath.Dir(alone.path))
		p = alone
	}
	out, err := b.test(ctx, p, m)
	return judge(m, out, err), out
}

// judge reads the output of tests.
func judge(m Mutant, out string, err error) Outcome {
	switch {
	case err == nil:
		return Unnoticed
	case strings.Contains(out, "starting the test database"):
		return Broken
	case slices.ContainsFunc(red(out), func(name string) bool { return slices.Contains(m.Tests, name) || slices.Contains(m.Tests, every) }):
		return Noticed
	case errors.Is(err, context.DeadlineExceeded) || strings.Contains(out, "panic: test timed out"):
		return Slow
	}
	return Broken
}

// test runs the tests named with a mutant that is in the program, and gives what they said.
func (b Bench) test(ctx context.Context, p Program, m Mutant, flags ...string) (string, error) {
	names := m.Tests
	if slices.Contains(names, every) {
		names = []string{".*"}
	}
	env := []string{chosen + "="}
	if m.File != "" {
		env = []string{chosen + "=" + m.String()}
	}
	if m.OneWall {
		env = append(env, oneWall)
	}
	ctx, cancel := context.WithTimeout(ctx, b.Patience)
	defer cancel()
	args := append([]string{"-test.timeout", b.Patience.String(), "-test.run", "^(" + strings.Join(names, "|") + ")$"}, flags...)
	return b.run(ctx, p.dir, env, p.path, args...)
}

func (b Bench) run(ctx context.Context, dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	// A group of its own, so that what it started ends with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return string(out), err
}
