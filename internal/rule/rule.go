// Package rule holds what a rule of law or of the house finds in an act.
package rule

import (
	"strings"

	"regiogriffie/internal/fault"
)

// Grade says how much a finding weighs (domain 3.0).
type Grade int

// The three grades.
const (
	Remind Grade = iota // shown only
	Warn                // asks for a reason, which is kept
	Hard                // blocks
)

// Finding is a rule that an act does not meet.
type Finding struct {
	Rule  string // id in the domain reference, such as GW-19.1; also the name of the field with the reason
	Grade Grade
	Text  string // Dutch: what, why, how to go on
}

// Findings of one act.
type Findings []Finding

// Unmet is nil when the act may go on: no hard finding, and a reason for each warning. Else it is a fault.Fields with the
// rule ids as field names. Reasons are given by rule id.
func (fs Findings) Unmet(reasons map[string]string) error {
	faults := fault.Fields{}
	for _, f := range fs {
		switch f.Grade {
		case Hard:
			faults.Must(false, f.Rule, f.Text)
		case Warn:
			faults.Must(strings.TrimSpace(reasons[f.Rule]) != "", f.Rule, "Geef een reden om toch door te gaan.")
		}
	}
	return faults.Err()
}

// Reasons writes the given reasons of the warnings as one line for the audit trail.
func (fs Findings) Reasons(reasons map[string]string) string {
	var parts []string
	for _, f := range fs {
		if r := strings.TrimSpace(reasons[f.Rule]); f.Grade == Warn && r != "" {
			parts = append(parts, f.Rule+": "+r)
		}
	}
	return strings.Join(parts, "; ")
}

// Hard tells whether any finding blocks.
func (fs Findings) Hard() bool {
	for _, f := range fs {
		if f.Grade == Hard {
			return true
		}
	}
	return false
}
