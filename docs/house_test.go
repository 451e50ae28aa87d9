// Package docs_test reads the code and asks whether the house still stands as CONTRIBUTING.md draws it.
package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const module = "regiogriffie/"

// TestMain reads from the root, where paths begin.
func TestMain(m *testing.M) {
	if err := os.Chdir(".."); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// source is one Go file that people write.
type source struct {
	path    string // as internal/meeting/plan.go
	lines   int
	imports []string // of this module, as internal/id
	parsed  *ast.File
	set     *token.FileSet
}

func (s source) test() bool { return strings.HasSuffix(s.path, "_test.go") }

// folder is where the file lies, as internal/partner/register.
func (s source) folder() string { return path.Dir(s.path) }

// readCode reads what people write in Go, tests included; what templ made of pages is left out.
var readCode = sync.OnceValues(func() ([]source, error) {
	var code []source
	for _, root := range []string{"cmd", "internal", "web"} {
		err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_templ.go") {
				return err
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			s := source{path: filepath.ToSlash(name), lines: strings.Count(string(text), "\n"), set: token.NewFileSet()}
			if s.parsed, err = parser.ParseFile(s.set, name, text, parser.ParseComments); err != nil {
				return err
			}
			for _, i := range s.parsed.Imports {
				if full, err := strconv.Unquote(i.Path.Value); err == nil && strings.HasPrefix(full, module) {
					s.imports = append(s.imports, strings.TrimPrefix(full, module))
				}
			}
			code = append(code, s)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return code, nil
})

func code(t *testing.T) []source {
	t.Helper()
	all, err := readCode()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// room is the first folder below internal or web, as meeting of internal/meeting/meetingtest; empty for web itself and elsewhere.
func room(root, folder string) string {
	rest, inside := strings.CutPrefix(folder, root+"/")
	if !inside {
		return ""
	}
	first, _, _ := strings.Cut(rest, "/")
	return first
}

// floors are the rooms of a block of CONTRIBUTING.md, from the ground up.
func floors(t *testing.T, block string) map[string]int {
	t.Helper()
	text, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?s)```" + block + "\n(.*?)```").FindSubmatch(text)
	if found == nil {
		t.Fatalf("CONTRIBUTING.md has no block %s", block)
	}
	on := map[string]int{}
	for n, line := range strings.Split(strings.TrimSpace(string(found[1])), "\n") {
		for _, name := range strings.Fields(line) {
			if _, twice := on[name]; twice {
				t.Errorf("CONTRIBUTING.md: %s stands twice in the floors of %s", name, block)
			}
			on[name] = n
		}
	}
	return on
}

func TestNothingReachesUpward(t *testing.T) {
	t.Parallel()
	body, face := floors(t, "internal"), floors(t, "web")
	for _, s := range code(t) {
		in, at := room("internal", s.folder()), room("web", s.folder())
		if _, known := body[in]; in != "" && !known {
			t.Errorf("%s: the room %s has no floor in CONTRIBUTING.md", s.path, in)
		}
		if _, known := face[at]; at != "" && !known {
			t.Errorf("%s: the area %s has no floor in CONTRIBUTING.md", s.path, at)
		}
		for _, other := range s.imports {
			into, onto := room("internal", other), room("web", other)
			switch {
			case in != "" && (strings.HasPrefix(other, "web") || strings.HasPrefix(other, "cmd")):
				t.Errorf("%s imports %s: the body knows neither face nor front door", s.path, other)
			case at != "" && (other == "web" || strings.HasPrefix(other, "cmd")):
				if !s.test() {
					t.Errorf("%s imports %s: an area does not know who shows it", s.path, other)
				}
			case s.test(): // a test may set up a world of all rooms
			case other == "migrations" && !strings.HasPrefix(s.path, "cmd/") && s.folder() != "internal/postgres/pgtest":
				t.Errorf("%s imports migrations, which are for cmd and pgtest", s.path)
			case in != "" && into != "" && in != into && body[into] >= body[in]:
				t.Errorf("%s imports %s, which does not stand below %s; tell it through the queue, or join what only it has in a query", s.path, other, in)
			case at != "" && onto != "" && at != onto && face[onto] >= face[at]:
				t.Errorf("%s imports %s, which does not stand below %s; what two areas show goes to parts", s.path, other, at)
			}
		}
	}
}

// lines counts what people write by room: Go without tests, and pages.
func lines(t *testing.T, root string) (by map[string]int, all int) {
	t.Helper()
	by = map[string]int{}
	for _, s := range code(t) {
		if strings.HasPrefix(s.path, root+"/") && !s.test() {
			by[room(root, s.folder())] += s.lines
			all += s.lines
		}
	}
	for name, n := range pages(t) {
		if strings.HasPrefix(name, root+"/") {
			by[room(root, path.Dir(name))] += n
			all += n
		}
	}
	return by, all
}

// pages are the templ files with their lines.
func pages(t *testing.T) map[string]int {
	t.Helper()
	found := map[string]int{}
	err := filepath.WalkDir("web", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".templ") {
			return err
		}
		text, err := os.ReadFile(name)
		found[filepath.ToSlash(name)] = strings.Count(string(text), "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestNoRoomIsTheHouse(t *testing.T) {
	t.Parallel()
	for root, most := range map[string]int{"internal": 15, "web": 20} {
		by, all := lines(t, root)
		for name, n := range by {
			if name != "" && n*100 > most*all {
				t.Errorf("%s/%s has %d of the %d lines of %s, over %d %%: which noun in it wants a door of its own?", root, name, n, all, root, most)
			}
		}
	}
}

func TestPagesAndFunctionsFitOnAScreenOrFew(t *testing.T) {
	t.Parallel()
	for name, n := range pages(t) {
		if n > 300 {
			t.Errorf("%s has %d lines, over 300: divide it by what it shows", name, n)
		}
	}
	for _, s := range code(t) {
		if s.test() || s.folder() == "web" && slices.Contains([]string{"addresses.go", "routes.go"}, path.Base(s.path)) { // every address on one page
			continue
		}
		for _, d := range s.parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				if n := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1; n > 80 {
					t.Errorf("%s: %s has %d lines, over 80", s.path, f.Name.Name, n)
				}
			}
		}
	}
}

// A templ file holds pages; what they are given and compute stands in the Go file beside it.
func TestTemplFilesHoldPagesAlone(t *testing.T) {
	t.Parallel()
	declared := regexp.MustCompile(`(?m)^(func|type|var|const)\b.*`)
	for name := range pages(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := declared.Find(text); found != nil {
			t.Errorf("%s: %q belongs in the Go file beside it", name, found)
		}
	}
}

// What CONTRIBUTING.md calls by its name in code has that name.
func TestTheWordsAreThoseOfTheCode(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	for _, s := range code(t) {
		if s.test() {
			continue
		}
		declares := func(name *ast.Ident) { declared[path.Base(s.folder())+"."+name.Name] = true }
		for _, d := range s.parsed.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				declares(d.Name)
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						declares(spec.Name)
					case *ast.ValueSpec:
						for _, name := range spec.Names {
							declares(name)
						}
					}
				}
			}
		}
	}
	for _, name := range regexp.MustCompile("`([a-z]+\\.[A-Z]\\w*)`").FindAllSubmatch(text, -1) {
		if !declared[string(name[1])] {
			t.Errorf("CONTRIBUTING.md speaks of %s, which is not in the code", name[1])
		}
	}
}
