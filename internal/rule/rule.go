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
	Rule     string // id in the domain reference, such as GW-19.1; also the name of the field with the reason
	Grade    Grade
	Override bool   // a hard one past which griffier or chair may go with a reason, to record what really happened
	Text     string // Dutch: what, why, how to go on
}

// Findings of one act.
type Findings []Finding

// AsksReason tells whether the act goes on only with a reason, which is kept.
func (f Finding) AsksReason() bool { return f.Grade == Warn || f.Grade == Hard && f.Override }

// Unmet is nil when the act may go on: no hard finding, and a reason for each that asks for one. Else it is a fault.Fields with the
// rule ids as field names. Reasons are given by rule id.
func (fs Findings) Unmet(reasons map[string]string) error {
	faults := fault.Fields{}
	for _, f := range fs {
		switch {
		case f.AsksReason():
			faults.Must(strings.TrimSpace(reasons[f.Rule]) != "", f.Rule, "Geef een reden om toch door te gaan.")
		case f.Grade == Hard:
			faults.Must(false, f.Rule, f.Text)
		}
	}
	return faults.Err()
}

// Reasons writes the given reasons, where they were asked, as one line for the audit trail.
func (fs Findings) Reasons(reasons map[string]string) string {
	var parts []string
	for _, f := range fs {
		if r := strings.TrimSpace(reasons[f.Rule]); f.AsksReason() && r != "" {
			parts = append(parts, f.Rule+": "+r)
		}
	}
	return strings.Join(parts, "; ")
}

// Hard tells whether any finding blocks.
func (fs Findings) Hard() bool {
	for _, f := range fs {
		if f.Grade == Hard && !f.Override {
			return true
		}
	}
	return false
}
