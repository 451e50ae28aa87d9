package main

import (
	"fmt"
	"strings"
)

// Mutant is one change of the source that tests must notice.
type Mutant struct {
	Name    string
	File    string
	Before  string // what stands in the file
	After   string // what takes its place
	Nth     int    // which of the places where Before stands; they are Of
	Of      int
	Package string   // whose tests must go red
	Tests   []string // names; one of them is enough
	OneWall bool     // they run without row security, which would hide that a query lost its condition
	Line    int      // in the list
}

func (m Mutant) String() string { return m.File + ": " + m.Name }

// Parse reads a list of mutants. Its form stands at its head.
func Parse(text string) ([]Mutant, error) {
	l := reading{names: map[string]bool{}}
	for n, line := range strings.Split(text, "\n") {
		if err := l.line(n+1, line); err != nil {
			return nil, err
		}
	}
	err := l.finish()
	return l.all, err
}

// reading is a list as far as it was read.
type reading struct {
	all           []Mutant
	names         map[string]bool
	now           Mutant  // what holds for the next one
	open          *Mutant // the one whose lines are read
	before, after []string
}

func (l *reading) line(n int, line string) error {
	word, rest, _ := strings.Cut(line, " ")
	if l.open != nil && word != "-" && word != "+" && word != "nth" {
		if err := l.finish(); err != nil {
			return err
		}
	}
	switch {
	case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
	case word == "file":
		l.now.File = rest
	case word == "tests", word == "one-wall":
		pkg, tests, _ := strings.Cut(rest, " ")
		l.now.Package, l.now.Tests, l.now.OneWall = pkg, strings.Fields(tests), word == "one-wall"
	case word == "mutant":
		m := l.now
		m.Name, m.Line, m.Nth, m.Of = rest, n, 1, 1
		l.open = &m
	case l.open != nil && word == "nth":
		if _, err := fmt.Sscanf(rest, "%d of %d", &l.open.Nth, &l.open.Of); err != nil || l.open.Nth < 1 || l.open.Nth > l.open.Of {
			return fmt.Errorf("line %d: want nth 2 of 3", n)
		}
	case l.open != nil && word == "-":
		l.before = append(l.before, rest)
	case l.open != nil && word == "+":
		l.after = append(l.after, rest)
	default:
		return fmt.Errorf("line %d: %q is none of file, tests, one-wall, mutant, nth, - and +", n, line)
	}
	return nil
}

// finish takes in the mutant whose lines were read, or says what is wrong with it.
func (l *reading) finish() error {
	if l.open == nil {
		return nil
	}
	m := *l.open
	m.Before, m.After = strings.Join(l.before, "\n"), strings.Join(l.after, "\n")
	l.open, l.before, l.after = nil, nil, nil
	switch {
	case m.File == "" || m.Package == "" || len(m.Tests) == 0:
		return fmt.Errorf("line %d: %q stands below no file or no tests", m.Line, m.Name)
	case strings.TrimSpace(m.Before) == "":
		return fmt.Errorf("line %d: %q does not say what it changes", m.Line, m.Name)
	case m.Before == m.After:
		return fmt.Errorf("line %d: %q changes nothing", m.Line, m.Name)
	case l.names[m.String()]:
		return fmt.Errorf("line %d: there are two %q", m.Line, m.Name)
	}
	l.names[m.String()] = true
	l.all = append(l.all, m)
	return nil
}

// Apply makes the change in the source of its file.
func (m Mutant) Apply(source string) (string, error) {
	if found := strings.Count(source, m.Before); found != m.Of {
		return "", fmt.Errorf("what it changes stands in the file %d times, and the list says %d", found, m.Of)
	}
	at := -len(m.Before)
	for range m.Nth {
		at += len(m.Before)
		at += strings.Index(source[at:], m.Before)
	}
	return source[:at] + m.After + source[at+len(m.Before):], nil
}
