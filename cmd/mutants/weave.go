package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// chosen is the variable of the environment that says which of the woven mutants holds; none where it is empty.
const chosen = "REGIOGRIFFIE_MUTANT"

// woven is a copy of the files of the mutants in which all of them stand beside each other: of every function that one changes
// there is a copy per mutant, and the function itself calls the copy of the mutant that was chosen when the program began. A text
// that stands apart becomes a variable, with the value of that mutant. So that one build serves many mutants.
type woven struct {
	files map[string]string // by path; some are new
	in    map[string]bool   // names of the mutants
}

// weave weaves what changes a function, and with values what changes a text that stands apart. A constant of which another is made
// cannot become a variable; then the program does not compile.
func weave(mutants []Mutant, values bool, read func(file string) (string, error)) (woven, error) {
	w := woven{files: map[string]string{}, in: map[string]bool{}}
	byFile := map[string][]Mutant{}
	for _, m := range mutants {
		byFile[m.File] = append(byFile[m.File], m)
	}
	for file, of := range byFile {
		if !strings.HasSuffix(file, ".go") {
			continue
		}
		source, err := read(file)
		if err != nil {
			return w, err
		}
		if err := w.file(file, source, of, values); err != nil {
			return w, err
		}
	}
	return w, nil
}

// variant is the text of a function in one mutant.
type variant struct{ name, text string }

// parsed is a file with its declarations.
type parsed struct {
	source string
	set    *token.FileSet
	tree   *ast.File
}

func (f parsed) offset(p token.Pos) int { return f.set.Position(p).Offset }

func (f parsed) text(n ast.Node) string { return f.source[f.offset(n.Pos()):f.offset(n.End())] }

func (w woven) file(file, source string, mutants []Mutant, values bool) error {
	f := parsed{source: source, set: token.NewFileSet()}
	var err error
	if f.tree, err = parser.ParseFile(f.set, file, source, parser.SkipObjectResolution); err != nil {
		return err
	}
	variants := w.variants(f, mutants, values)
	if len(variants) == 0 {
		return nil
	}
	out := source
	// From below, so that offsets hold.
	for _, d := range slices.SortedFunc(maps.Keys(variants), func(a, b ast.Decl) int { return int(b.Pos() - a.Pos()) }) {
		out = out[:f.offset(d.Pos())] + f.weave(d, variants[d]) + out[f.offset(d.End()):]
	}
	w.files[file] = out
	w.files[filepath.Join(filepath.Dir(file), "chosen_mutant.go")] = fmt.Sprintf(choosing, f.tree.Name.Name, chosen)
	return nil
}

// variants finds the declaration that each mutant changes, and what that is then.
func (w woven) variants(f parsed, mutants []Mutant, values bool) map[ast.Decl][]variant {
	found := map[ast.Decl][]variant{}
	for _, m := range mutants {
		changed, err := m.Apply(f.source)
		if err != nil {
			continue // it is told when it is tried
		}
		from, to, by := difference(f.source, changed)
		for _, d := range f.tree.Decls {
			body := within(d, values)
			if body == nil || from < f.offset(body.Pos()) || to > f.offset(body.End()) {
				continue
			}
			start, end := f.offset(d.Pos()), f.offset(d.End())
			if _, value := d.(*ast.GenDecl); value {
				start, end = f.offset(body.Pos()), f.offset(body.End())
			}
			found[d] = append(found[d], variant{m.String(), f.source[start:from] + by + f.source[to:end]})
			w.in[m.String()] = true
		}
	}
	return found
}

// weave is what stands in the place of a declaration: it chooses among its variants.
func (f parsed) weave(d ast.Decl, variants []variant) (woven string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		name := f.offset(d.Name.Pos()) - f.offset(d.Pos())
		copyOf := func(text string, n int) string {
			return fmt.Sprintf("\n\n%s%s__%d%s", text[:name], d.Name.Name, n, text[name+len(d.Name.Name):])
		}
		woven = dispatch(d, f.text, variants) + copyOf(f.text(d), 0)
		for n, v := range variants {
			woven += copyOf(v.text, n+1)
		}
	case *ast.GenDecl:
		spec := d.Specs[0].(*ast.ValueSpec)
		names, values := "", ""
		for _, v := range variants {
			names, values = names+fmt.Sprintf("%q, ", v.name), values+v.text+", "
		}
		woven = fmt.Sprintf("var %s = valueOfMutant(%s, []string{%s}, %s)", spec.Names[0].Name, f.text(spec.Values[0]), names, values)
	}
	return woven
}

const choosing = `package %s

import (
	"os"
	"slices"
)

var chosenMutant = os.Getenv(%q)

func valueOfMutant[T any](usual T, names []string, values ...T) T {
	if n := slices.Index(names, chosenMutant); n >= 0 {
		return values[n]
	}
	return usual
}
`

// within is the part of a declaration in which a change can be woven; nil when there is none.
func within(d ast.Decl, values bool) ast.Node {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Body != nil && d.Type.TypeParams == nil && d.Name.Name != "init" {
			return d.Body
		}
	case *ast.GenDecl:
		if !values || d.Lparen.IsValid() || d.Tok != token.CONST && d.Tok != token.VAR {
			return nil
		}
		if spec := d.Specs[0].(*ast.ValueSpec); len(spec.Names) == 1 && len(spec.Values) == 1 && spec.Type == nil {
			return spec.Values[0]
		}
	}
	return nil
}

// difference is what of before gives way to by.
func difference(before, after string) (from, to int, by string) {
	most := min(len(before), len(after))
	for from < most && before[from] == after[from] {
		from++
	}
	same := 0
	for same < most-from && before[len(before)-1-same] == after[len(after)-1-same] {
		same++
	}
	return from, len(before) - same, after[from : len(after)-same]
}

// dispatch is a function that hands over to the copy of the chosen mutant.
func dispatch(f *ast.FuncDecl, text func(ast.Node) string, variants []variant) string {
	var b strings.Builder
	call := f.Name.Name
	b.WriteString("func ")
	if f.Recv != nil {
		fmt.Fprintf(&b, "(self %s) ", text(f.Recv.List[0].Type))
		call = "self." + call
	}
	b.WriteString(f.Name.Name + "(")
	var args []string
	for _, field := range f.Type.Params.List {
		for range max(1, len(field.Names)) {
			arg := fmt.Sprintf("arg%d", len(args))
			fmt.Fprintf(&b, "%s %s, ", arg, text(field.Type))
			if _, more := field.Type.(*ast.Ellipsis); more {
				arg += "..."
			}
			args = append(args, arg)
		}
	}
	b.WriteString(") ")
	back := ""
	if f.Type.Results != nil {
		b.WriteString(text(f.Type.Results))
		back = "return "
	}
	b.WriteString(" {\n\tswitch chosenMutant {\n")
	for n, v := range variants {
		fmt.Fprintf(&b, "\tcase %q:\n\t\t%s%s__%d(%s)\n", v.name, back, call, n+1, strings.Join(args, ", "))
	}
	fmt.Fprintf(&b, "\tdefault:\n\t\t%s%s__0(%s)\n\t}\n}", back, call, strings.Join(args, ", "))
	return b.String()
}
