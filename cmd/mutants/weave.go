package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
)

// chosen is the variable of the environment that says which of the woven mutants holds; none where it is empty.
const chosen = "REGIOGRIFFIE_MUTANT"

// woven is a copy of the files of the mutants in which all of them stand beside each other: of every function that one changes
// there is a copy per mutant, and the function itself calls the copy of the mutant that was chosen when the program began. So that
// one build serves many mutants. Those that change something else than a function are left over.
type woven struct {
	files map[string]string // by path; some are new
	in    map[string]bool   // names of the mutants
}

func weave(mutants []Mutant, read func(file string) (string, error)) (woven, error) {
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
		if err := w.file(file, source, of); err != nil {
			return w, err
		}
	}
	return w, nil
}

// variant is the text of a function in one mutant.
type variant struct{ name, text string }

func (w woven) file(file, source string, mutants []Mutant) error {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, file, source, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	offset := func(p token.Pos) int { return set.Position(p).Offset }
	variants := map[*ast.FuncDecl][]variant{}
	for _, m := range mutants {
		changed, err := m.Apply(source)
		if err != nil {
			continue // it is told when it is tried
		}
		from, to, by := difference(source, changed)
		for _, d := range tree.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil || f.Type.TypeParams != nil || f.Name.Name == "init" || from <= offset(f.Body.Lbrace) || to > offset(f.Body.Rbrace) {
				continue
			}
			start, end := offset(f.Pos()), offset(f.End())
			variants[f] = append(variants[f], variant{m.String(), source[start:from] + by + source[to:end]})
			w.in[m.String()] = true
		}
	}
	if len(variants) == 0 {
		return nil
	}
	out := source
	decls := make([]*ast.FuncDecl, 0, len(variants))
	for f := range variants {
		decls = append(decls, f)
	}
	slices.SortFunc(decls, func(a, b *ast.FuncDecl) int { return int(b.Pos() - a.Pos()) }) // from below, so that offsets hold
	for _, f := range decls {
		start, end, name := offset(f.Pos()), offset(f.End()), offset(f.Name.Pos())-offset(f.Pos())
		copyOf := func(text string, n int) string {
			return text[:name] + fmt.Sprintf("%s__%d", f.Name.Name, n) + text[name+len(f.Name.Name):]
		}
		text := dispatch(f, func(n ast.Node) string { return source[offset(n.Pos()):offset(n.End())] }, variants[f])
		text += "\n\n" + copyOf(source[start:end], 0)
		for n, v := range variants[f] {
			text += "\n\n" + copyOf(v.text, n+1)
		}
		out = out[:start] + text + out[end:]
	}
	w.files[file] = out
	w.files[filepath.Join(filepath.Dir(file), "chosen_mutant.go")] = fmt.Sprintf(
		"package %s\n\nimport \"os\"\n\nvar chosenMutant = os.Getenv(%q)\n", tree.Name.Name, chosen)
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
