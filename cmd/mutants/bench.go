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
	Root     string
	Patience time.Duration
}

// Green runs all tests that the mutants name, on the source as it is: each must be there and pass.
func (b Bench) Green(ctx context.Context, mutants []Mutant) error {
	var suites []suite
	tests := map[suite][]string{}
	for _, m := range mutants {
		if !slices.Contains(suites, m.suite()) {
			suites = append(suites, m.suite())
		}
		for _, name := range m.Tests {
			if !slices.Contains(tests[m.suite()], name) {
				tests[m.suite()] = append(tests[m.suite()], name)
			}
		}
	}
	for _, s := range suites {
		out, err := b.test(ctx, 4*b.Patience, s, tests[s], "-v")
		if err != nil {
			return fmt.Errorf("without a mutant the tests of %s are not green (one wall: %v): %w\n%s", s.Package, s.OneWall, err, failures(out))
		}
		for _, name := range tests[s] {
			if !strings.Contains(out, "--- PASS: "+name+" ") {
				return fmt.Errorf("%s has no test %s that passes (one wall: %v)", s.Package, name, s.OneWall)
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

// Which gives the tests named with a mutant that notice it, the quickest first. Already are those that are red without it.
func (b Bench) Which(ctx context.Context, m Mutant, already []string) (Outcome, []string) {
	outcome, out := b.Try(ctx, m)
	if outcome == Unbuilt || outcome == Lost || outcome == Slow {
		return outcome, nil
	}
	notice := slices.DeleteFunc(red(out), func(name string) bool { return slices.Contains(already, name) })
	if len(notice) == 0 {
		return Unnoticed, nil
	}
	return Noticed, notice
}

// Already are the tests of a suite that are red without any mutant.
func (b Bench) Already(ctx context.Context, s suite, tests []string) []string {
	out, _ := b.test(ctx, b.Patience, s, tests)
	return red(out)
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

// Try builds with the mutant in place of its file and runs the tests named with it. It gives what they said too.
func (b Bench) Try(ctx context.Context, m Mutant) (Outcome, string) {
	path, err := filepath.Abs(filepath.Join(b.Root, m.File))
	if err != nil {
		return Broken, err.Error()
	}
	source, err := os.ReadFile(path)
	if err != nil {
		return Lost, err.Error()
	}
	changed, err := m.Apply(string(source))
	if err != nil {
		return Lost, err.Error()
	}
	folder, err := os.MkdirTemp("", "mutant-")
	if err != nil {
		return Broken, err.Error()
	}
	defer os.RemoveAll(folder)
	// It keeps its name: go build goes by the end of it.
	beside, overlay := filepath.Join(folder, filepath.Base(path)), filepath.Join(folder, "overlay.json")
	list, err := json.Marshal(map[string]map[string]string{"Replace": {path: beside}})
	if err == nil {
		err = errors.Join(os.WriteFile(beside, []byte(changed), 0o600), os.WriteFile(overlay, list, 0o600))
	}
	if err != nil {
		return Broken, err.Error()
	}
	out, err := b.test(ctx, b.Patience, m.suite(), m.Tests, "-overlay", overlay)
	return judge(m, out, err), out
}

// judge reads the output of go test.
func judge(m Mutant, out string, err error) Outcome {
	switch {
	case err == nil:
		return Unnoticed
	case strings.Contains(out, "[build failed]") || strings.Contains(out, "[setup failed]"):
		return Unbuilt
	case strings.Contains(out, "starting the test database"):
		return Broken
	case slices.ContainsFunc(red(out), func(name string) bool { return slices.Contains(m.Tests, name) }):
		return Noticed
	case errors.Is(err, context.DeadlineExceeded) || strings.Contains(out, "panic: test timed out"):
		return Slow
	}
	return Broken
}

// test runs the tests of these names, and gives what they said.
func (b Bench) test(ctx context.Context, patience time.Duration, s suite, tests []string, flags ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if slices.Contains(tests, every) {
		tests = []string{".*"}
	}
	args := append([]string{"test", "-count=1", "-vet=off", "-timeout", patience.String(), "-run", "^(" + strings.Join(tests, "|") + ")$"}, flags...)
	cmd := exec.CommandContext(ctx, "go", append(args, s.Package)...)
	cmd.Dir = b.Root
	cmd.Env = os.Environ()
	if s.OneWall {
		cmd.Env = append(cmd.Env, oneWall)
	}
	// A group of its own, so that what go test started ends with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return string(out), err
}
