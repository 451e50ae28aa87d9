package docs_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "write docs/regels.md anew")

const ruleList = "docs/regels.md"

// ofLaw is an id of a rule of law: the law, the article, the paragraph.
var ofLaw = regexp.MustCompile(`^(GW|PW|WATW|WGR|AWB|WOO|BBV)-\d+[a-z]?(\.\d+)?(/\d+[a-z]?)?(-[a-z]+)?$`)

// listed is a rule as the code knows it.
type listed struct {
	rooms, grades, tests map[string]bool
	text                 string // what a reader is told; of a rule without a grade the name of its term
}

// rules gathers the rules that the packages of internal name, and which tests name them.
type rules map[string]*listed

func (r rules) at(id string) *listed {
	if r[id] == nil {
		r[id] = &listed{rooms: map[string]bool{}, grades: map[string]bool{}, tests: map[string]bool{}}
	}
	return r[id]
}

var grades = map[string]string{
	"hard": "houdt tegen", "Hard": "houdt tegen", "warn": "vraagt een reden", "Warn": "vraagt een reden",
	"remind": "herinnert", "Remind": "herinnert",
}

// texts are constants of a package by name, for rules that have one.
func texts(files []source) map[string]string {
	found := map[string]string{}
	for _, s := range files {
		for _, d := range s.parsed.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, spec := range g.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && len(v.Values) == len(v.Names) {
					for n, name := range v.Names {
						if text, ok := literal(v.Values[n]); ok {
							found[name.Name] = text
						}
					}
				}
			}
		}
	}
	return found
}

func literal(e ast.Expr) (string, bool) {
	if b, ok := e.(*ast.BasicLit); ok && b.Kind == token.STRING {
		text, err := strconv.Unquote(b.Value)
		return text, err == nil
	}
	return "", false
}

// id reads the id of a rule from an expression: a text, a constant, or a text with something behind it.
func id(e ast.Expr, named map[string]string) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, _ := literal(e)
		return text
	case *ast.Ident:
		return named[e.Name]
	case *ast.SelectorExpr:
		return named[e.Sel.Name]
	case *ast.BinaryExpr:
		if begin := id(e.X, named); begin != "" {
			return begin + "…"
		}
	}
	return ""
}

// said is the longest text in e: what a reader is told.
func said(e ast.Node) string {
	var longest string
	ast.Inspect(e, func(n ast.Node) bool {
		if b, ok := n.(ast.Expr); ok {
			if text, ok := literal(b); ok && len(text) > len(longest) {
				longest = text
			}
		}
		return true
	})
	return longest
}

var gathered struct {
	once  sync.Once
	rules rules
}

func gather(t *testing.T) rules {
	all := code(t)
	gathered.once.Do(func() { gathered.rules = gatherIn(all) })
	return gathered.rules
}

func gatherIn(all []source) rules {
	found, constants := rules{}, map[string]string{}
	byFolder := map[string][]source{}
	for _, s := range all {
		if strings.HasPrefix(s.path, "internal/") && !s.test() {
			byFolder[s.folder()] = append(byFolder[s.folder()], s)
		}
	}
	for folder, files := range byFolder {
		named := texts(files)
		maps.Copy(constants, named)
		for _, s := range files {
			if !slices.Contains(s.imports, "internal/rule") && path.Base(folder) != "zienswijze" {
				continue
			}
			note := func(rule, grade, text string) {
				if rule == "" || strings.ToUpper(rule[:1]) != rule[:1] {
					return
				}
				l := found.at(rule)
				l.rooms[room("internal", folder)] = true
				g := grades[grade]
				if g != "" && len(l.grades) == 0 {
					l.text = ""
				}
				if g != "" {
					l.grades[g] = true
				}
				if (g != "" || len(l.grades) == 0) && len(text) > len(l.text) {
					l.text = text
				}
			}
			ast.Inspect(s.parsed, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr: // hard("GW-87", …), add(RulePast, rule.Warn, …)
					if f, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 1 {
						grade := f.Name
						if second, ok := n.Args[1].(*ast.SelectorExpr); ok {
							grade = second.Sel.Name
						}
						if grades[grade] != "" {
							note(id(n.Args[0], named), grade, said(n))
						}
					}
				case *ast.CompositeLit: // Finding{Rule: "WGR-22", Grade: rule.Warn, …}
					var rule, grade, name string
					for _, each := range n.Elts {
						if kv, ok := each.(*ast.KeyValueExpr); ok {
							switch key, _ := kv.Key.(*ast.Ident); {
							case key == nil:
							case key.Name == "Rule":
								rule = id(kv.Value, named)
							case key.Name == "Name":
								name = said(kv.Value)
							case key.Name == "Grade":
								if is, ok := kv.Value.(*ast.SelectorExpr); ok {
									grade = is.Sel.Name
								}
							}
						}
					}
					if grade != "" {
						name = said(n)
					}
					note(rule, grade, name)
				case *ast.BasicLit: // an id that is handed on
					if text, ok := literal(n); ok && ofLaw.MatchString(text) {
						note(text, "", "")
					}
				}
				return true
			})
		}
	}
	for _, s := range all {
		if !s.test() {
			continue
		}
		for _, d := range s.parsed.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(f.Name.Name, "Test") {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				var text string
				switch n := n.(type) {
				case *ast.BasicLit:
					text, _ = literal(n)
				case *ast.SelectorExpr:
					text = constants[n.Sel.Name]
				}
				if text == "" || text == strings.ToLower(text) {
					return true
				}
				for rule, l := range found {
					if names(text, rule) {
						l.tests[path.Base(s.folder())+"."+f.Name.Name] = true
					}
				}
				return true
			})
		}
	}
	return found
}

// names tells whether text names the rule, and not a longer word with its id in it.
func names(text, rule string) bool {
	begin, open := strings.CutSuffix(rule, "…")
	for at := 0; ; {
		n := strings.Index(text[at:], begin)
		if n < 0 {
			return false
		}
		before, after := text[:at+n], text[at+n+len(begin):]
		if !inWord.MatchString(before) && (open || !onward.MatchString(after)) {
			return true
		}
		at += n + len(begin)
	}
}

var inWord, onward = regexp.MustCompile(`[\dA-Za-z/-]$`), regexp.MustCompile(`^([\dA-Za-z/-]|\.\d)`)

// first is the first sentence, with a dash for what is filled in.
func first(text string) string {
	text = regexp.MustCompile(`%\[?\d*\]?[a-z]`).ReplaceAllString(text, "…")
	if n := strings.Index(text, ". "); n > 0 {
		text = text[:n+1]
	}
	return strings.ReplaceAll(text, "|", "\\|")
}

func (r rules) markdown() []byte {
	var b bytes.Buffer
	b.WriteString(`# Regels

Wat de code van een handeling vindt, bij het kenmerk waaronder een reden wordt gevraagd en bewaard. Gemaakt uit de code door ` + "`make generate`" +
		`; wijzig het
daar. GW is de Gemeentewet en WGR de Wet gemeenschappelijke regelingen, met het artikel en na de punt het lid; een woord is een regel van dit programma.
Onder “tests” staan de tests die de regel noemen.

| regel | onderdeel | wat zij doet | wat de lezer ziet | tests |
| --- | --- | --- | --- | --- |
`)
	joined := func(set map[string]bool) string { return strings.Join(slices.Sorted(maps.Keys(set)), ", ") }
	ids := slices.SortedFunc(maps.Keys(r), func(a, b string) int {
		// Of law first.
		return cmp.Or(-cmp.Compare(ordinal(a), ordinal(b)), cmp.Compare(a, b))
	})
	for _, rule := range ids {
		l := r[rule]
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", rule, joined(l.rooms), cmp.Or(joined(l.grades), "termijn of grondslag"), first(l.text), joined(l.tests))
	}
	return b.Bytes()
}

func ordinal(rule string) int {
	if ofLaw.MatchString(rule) {
		return 1
	}
	return 0
}

func TestTheListOfRulesIsThatOfTheCode(t *testing.T) {
	t.Parallel()
	made := gather(t).markdown()
	if *update {
		if err := os.WriteFile(ruleList, made, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile(ruleList)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, made) {
		t.Errorf("%s is not what the code says; make generate renews it", ruleList)
	}
}

// A finding that no test names is a rule nobody would miss.
func TestEveryRuleIsNamedByATest(t *testing.T) {
	t.Parallel()
	for rule, l := range gather(t) {
		if len(l.grades) > 0 && len(l.tests) == 0 {
			t.Errorf("no test names %s, of %s", rule, strings.Join(slices.Sorted(maps.Keys(l.rooms)), ", "))
		}
	}
}
