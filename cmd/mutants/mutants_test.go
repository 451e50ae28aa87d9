package main

import (
	"context"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"regiogriffie/internal/postgres/pgtest"
)

const root = "../.."

func mutants(t *testing.T) []Mutant {
	t.Helper()
	text, err := os.ReadFile("mutants.txt")
	if err != nil {
		t.Fatal(err)
	}
	all, err := Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// P5 asks for a hundred.
func TestTheListHasAHundredMutants(t *testing.T) {
	t.Parallel()
	if n := len(mutants(t)); n < 100 {
		t.Errorf("there are %d", n)
	}
}

var testName = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)

// The quick part of make mutants: what each changes stands in its file, what it makes of it can be read, and its tests are there.
func TestTheListFollowsTheCode(t *testing.T) {
	t.Parallel()
	sources := map[string]string{}
	there := map[string]map[string]bool{}
	for _, m := range mutants(t) {
		source, ok := sources[m.File]
		if !ok {
			text, err := os.ReadFile(filepath.Join(root, m.File))
			if err != nil {
				t.Errorf("line %d: %v", m.Line, err)
			}
			source = string(text)
			sources[m.File] = source
		}
		changed, err := m.Apply(source)
		if err != nil {
			t.Errorf("line %d, %s: %v", m.Line, m, err)
			continue
		}
		if changed == source {
			t.Errorf("line %d, %s: it changes nothing", m.Line, m)
		}
		if strings.HasSuffix(m.File, ".go") {
			if _, err := parser.ParseFile(token.NewFileSet(), m.File, changed, parser.SkipObjectResolution); err != nil {
				t.Errorf("line %d, %s: %v", m.Line, m, err)
			}
		}
		if there[m.Package] == nil {
			there[m.Package] = testsOf(t, m.Package)
		}
		for _, name := range m.Tests {
			if !there[m.Package][name] {
				t.Errorf("line %d, %s: %s has no test %s", m.Line, m, m.Package, name)
			}
		}
	}
}

func testsOf(t *testing.T, pkg string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, pkg, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range testName.FindAllStringSubmatch(string(text), -1) {
			names[found[1]] = true
		}
	}
	return names
}

func TestAListIsRead(t *testing.T) {
	t.Parallel()
	all, err := Parse(`# a comment
file a.go
tests ./a TestOne TestTwo

mutant the first
- x
- 	y
+ z
mutant the second
nth 2 of 3
- x
+
one-wall ./b TestThree
mutant the third
- x
+ y
`)
	if err != nil || len(all) != 3 {
		t.Fatalf("%v, %v", all, err)
	}
	if m := all[0]; m.Before != "x\n\ty" || m.File != "a.go" || len(m.Tests) != 2 || m.OneWall || m.Line != 5 {
		t.Errorf("the first: %+v", m)
	}
	if got, err := all[1].Apply("x, x and x"); err != nil || got != "x,  and x" {
		t.Errorf("the second: %q, %v", got, err)
	}
	if m := all[2]; !m.OneWall || m.Package != "./b" {
		t.Errorf("the third: %+v", m)
	}
	for what, list := range map[string]string{
		"no file":         "tests ./a TestOne\nmutant x\n- x\n+ y",
		"no tests":        "file a.go\nmutant x\n- x\n+ y",
		"no change":       "file a.go\ntests ./a TestOne\nmutant x\n- x\n+ x",
		"nothing before":  "file a.go\ntests ./a TestOne\nmutant x\n+ x",
		"the same name":   "file a.go\ntests ./a TestOne\nmutant x\n- x\n+ y\nmutant x\n- y\n+ x",
		"an unknown word": "files a.go",
		"nth of nothing":  "file a.go\ntests ./a TestOne\nmutant x\nnth 3 of 2\n- x\n+ y",
	} {
		if _, err := Parse(list); err == nil {
			t.Errorf("%s is taken", what)
		}
	}
	if _, err := all[2].Apply("x x"); err == nil {
		t.Error("a text that stands there twice is taken for once")
	}
}

func TestOneWallIsAskedOfTheTestDatabase(t *testing.T) {
	t.Parallel()
	if oneWall != pgtest.OneWallSetting+"=1" {
		t.Errorf("it is asked by %s, and told by %s", oneWall, pgtest.OneWallSetting)
	}
}

// The runner itself can tell a test that notices from one that does not.
func TestAMutantIsNoticedOrNot(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module small\n\ngo 1.26\n",
		"may.go": "package small\n\nfunc May(clerk, staff bool) bool { return clerk || staff }\n",
		"may_test.go": `package small

import "testing"

func TestAClerkMay(t *testing.T) {
	if !May(true, false) {
		t.Error("he may not")
	}
}
`,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m := Mutant{Name: "m", File: "may.go", Before: "clerk || staff }", Nth: 1, Of: 1, Package: ".", Tests: []string{"TestAClerkMay"}}
	b := Bench{Root: folder, Patience: 1 << 40}
	if err := b.Green(context.Background(), []Mutant{m}); err != nil {
		t.Error(err)
	}
	for after, want := range map[string]Outcome{"staff }": Noticed, "clerk }": Unnoticed, "klerk }": Unbuilt} {
		m.After = after
		if got, said := b.Try(t.Context(), m); got != want {
			t.Errorf("%s: %s, want %s\n%s", after, got, want, said)
		}
	}
	m.Before = "nowhere"
	if got, _ := b.Try(t.Context(), m); got != Lost {
		t.Errorf("a text that is not there: %s", got)
	}
	m.Tests = []string{"TestAClerkMay", "TestNoSuchThing"}
	if err := b.Green(context.Background(), []Mutant{m}); err == nil {
		t.Error("a test that is not there passes")
	}
}
