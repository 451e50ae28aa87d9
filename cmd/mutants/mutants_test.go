package main

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

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
	var all []Mutant
	want := map[string]Outcome{"staff }": Noticed, "clerk }": Unnoticed}
	for after := range want {
		m.Name, m.After = after, after
		all = append(all, m)
	}
	b := Bench{Root: folder, Room: t.TempDir(), Patience: time.Hour}
	p, err := b.Build(t.Context(), ".", all)
	if err != nil || len(p.in) != 2 {
		t.Fatalf("%d in one program, %v", len(p.in), err)
	}
	if err := b.Green(t.Context(), p, all); err != nil {
		t.Error(err)
	}
	apart, err := b.Build(t.Context(), ".", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		for _, p := range []Program{p, apart} {
			if got, said := b.Try(t.Context(), p, m); got != want[m.Name] {
				t.Errorf("%s: %s, want %s\n%s", m.Name, got, want[m.Name], said)
			}
		}
	}
	m.Name, m.After = "one that does not compile", "klerk }"
	if p, err := b.Build(t.Context(), ".", append(all, m)); err != nil || len(p.in) != 0 {
		t.Errorf("%d in one program, %v", len(p.in), err)
	} else if got, said := b.Try(t.Context(), p, m); got != Unbuilt {
		t.Errorf("%s: %s\n%s", m.Name, got, said)
	}
	m.Before = "nowhere"
	if got, _ := b.Try(t.Context(), p, m); got != Lost {
		t.Errorf("a text that is not there: %s", got)
	}
	m.Tests = []string{"TestAClerkMay", "TestNoSuchThing"}
	if err := b.Green(t.Context(), p, []Mutant{m}); err == nil {
		t.Error("a test that is not there passes")
	}
}

func TestMutantsStandBesideEachOther(t *testing.T) {
	t.Parallel()
	const source = `package small

const word = "yes"

type pair struct{ a, b int }

func (p *pair) sum(_ int, more ...int) (total int, err error) {
	total = p.a + p.b
	return total, nil
}

func nothing(a, b string) {
	println(a, b)
}
`
	m := func(name, before, after string) Mutant {
		return Mutant{Name: name, File: "small/small.go", Before: before, After: after, Nth: 1, Of: 1}
	}
	w, err := weave([]Mutant{
		m("less", "p.a + p.b", "p.a - p.b"), m("none", "p.a + p.b", "0"), m("silent", "println(a, b)", ""), m("no", "yes", "no"),
		m("gone", "x + y", "x"),
	}, false,
		func(string) (string, error) { return source, nil })
	if err != nil {
		t.Fatal(err)
	}
	if len(w.in) != 3 || w.in["small/small.go: no"] {
		t.Errorf("in one program: %v", w.in)
	}
	got := w.files["small/small.go"]
	for _, piece := range []string{
		"func (self *pair) sum(arg0 int, arg1 ...int, ) (total int, err error) {", `case "small/small.go: less":`, "return self.sum__1(arg0, arg1...)",
		"total = p.a - p.b",
		"default:\n\t\treturn self.sum__0(arg0, arg1...)", "func (p *pair) sum__2(_ int, more ...int)", "nothing__0(arg0, arg1)", `const word = "yes"`,
	} {
		if !strings.Contains(got, piece) {
			t.Errorf("it lacks %q:\n%s", piece, got)
		}
	}
	if _, err := parser.ParseFile(token.NewFileSet(), "small.go", got, 0); err != nil {
		t.Errorf("it cannot be read: %v", err)
	}
	w, err = weave([]Mutant{m("no", "yes", "no")}, true, func(string) (string, error) { return source, nil })
	if want := `var word = valueOfMutant("yes", []string{"small/small.go: no", }, "no", )`; err != nil || !strings.Contains(w.files["small/small.go"], want) {
		t.Errorf("a text of its own: %v\n%s", err, w.files["small/small.go"])
	}
	if w.files["small/chosen_mutant.go"] == "" {
		t.Error("nothing says which mutant was chosen")
	}
}
