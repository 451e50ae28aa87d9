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
	var all []Mutant
	var now Mutant // what holds for the next one
	var open *Mutant
	var before, after []string
	names := map[string]bool{}
	finish := func() error {
		if open == nil {
			return nil
		}
		m := *open
		m.Before, m.After = strings.Join(before, "\n"), strings.Join(after, "\n")
		open, before, after = nil, nil, nil
		switch {
		case m.File == "" || m.Package == "" || len(m.Tests) == 0:
			return fmt.Errorf("line %d: %q stands below no file or no tests", m.Line, m.Name)
		case strings.TrimSpace(m.Before) == "":
			return fmt.Errorf("line %d: %q does not say what it changes", m.Line, m.Name)
		case m.Before == m.After:
			return fmt.Errorf("line %d: %q changes nothing", m.Line, m.Name)
		case names[m.String()]:
			return fmt.Errorf("line %d: there are two %q", m.Line, m.Name)
		}
		names[m.String()] = true
		all = append(all, m)
		return nil
	}
	for n, line := range strings.Split(text, "\n") {
		word, rest, _ := strings.Cut(line, " ")
		if open != nil && word != "-" && word != "+" && word != "nth" {
			if err := finish(); err != nil {
				return nil, err
			}
		}
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
		case word == "file":
			now.File = rest
		case word == "tests", word == "one-wall":
			pkg, tests, _ := strings.Cut(rest, " ")
			now.Package, now.Tests, now.OneWall = pkg, strings.Fields(tests), word == "one-wall"
		case word == "mutant":
			m := now
			m.Name, m.Line, m.Nth, m.Of = rest, n+1, 1, 1
			open = &m
		case open != nil && word == "nth":
			if _, err := fmt.Sscanf(rest, "%d of %d", &open.Nth, &open.Of); err != nil || open.Nth < 1 || open.Nth > open.Of {
				return nil, fmt.Errorf("line %d: want nth 2 of 3", n+1)
			}
		case open != nil && word == "-":
			before = append(before, rest)
		case open != nil && word == "+":
			after = append(after, rest)
		default:
			return nil, fmt.Errorf("line %d: %q is none of file, tests, one-wall, mutant, nth, - and +", n+1, line)
		}
	}
	return all, finish()
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
