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

func (w woven) file(file, source string, mutants []Mutant, values bool) error {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, file, source, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	offset := func(p token.Pos) int { return set.Position(p).Offset }
	variants := map[ast.Decl][]variant{}
	for _, m := range mutants {
		changed, err := m.Apply(source)
		if err != nil {
			continue // it is told when it is tried
		}
		from, to, by := difference(source, changed)
		for _, d := range tree.Decls {
			body := within(d, values)
			if body == nil || from < offset(body.Pos()) || to > offset(body.End()) {
				continue
			}
			start, end := offset(d.Pos()), offset(d.End())
			if _, value := d.(*ast.GenDecl); value {
				start, end = offset(body.Pos()), offset(body.End())
			}
			variants[d] = append(variants[d], variant{m.String(), source[start:from] + by + source[to:end]})
			w.in[m.String()] = true
		}
	}
	if len(variants) == 0 {
		return nil
	}
	text := func(n ast.Node) string { return source[offset(n.Pos()):offset(n.End())] }
	out := source
	// From below, so that offsets hold.
	for _, d := range slices.SortedFunc(maps.Keys(variants), func(a, b ast.Decl) int { return int(b.Pos() - a.Pos()) }) {
		woven := ""
		switch d := d.(type) {
		case *ast.FuncDecl:
			name := offset(d.Name.Pos()) - offset(d.Pos())
			copyOf := func(text string, n int) string {
				return fmt.Sprintf("\n\n%s%s__%d%s", text[:name], d.Name.Name, n, text[name+len(d.Name.Name):])
			}
			woven = dispatch(d, text, variants[d]) + copyOf(text(d), 0)
			for n, v := range variants[d] {
				woven += copyOf(v.text, n+1)
			}
		case *ast.GenDecl:
			spec := d.Specs[0].(*ast.ValueSpec)
			names, values := "", ""
			for _, v := range variants[d] {
				names, values = names+fmt.Sprintf("%q, ", v.name), values+v.text+", "
			}
			woven = fmt.Sprintf("var %s = valueOfMutant(%s, []string{%s}, %s)", spec.Names[0].Name, text(spec.Values[0]), names, values)
		}
		out = out[:offset(d.Pos())] + woven + out[offset(d.End()):]
	}
	w.files[file] = out
	w.files[filepath.Join(filepath.Dir(file), "chosen_mutant.go")] = fmt.Sprintf(choosing, tree.Name.Name, chosen)
	return nil
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
