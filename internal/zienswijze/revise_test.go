package zienswijze

import (
	"errors"
	"testing"
	"time"

	"regiogriffie/internal/fault"
)

func TestWhatARevisionMakesOfAProcedure(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	board, later, year := now.AddDate(0, 0, 50), now.AddDate(0, 0, 60), 2027
	procedure := func(change func(*Procedure)) Procedure {
		p := Procedure{CollaborationID: "c", State: Preparing, Version: 2, Facts: Facts{Kind: Budget, Subject: "Begroting", Year: &year, ABOn: &board}}
		change(&p)
		return p
	}
	prepared := func(*Procedure) {}
	sent := func(p *Procedure) {
		due, rule := Due(Budget, now, board, time.Time{})
		p.State, p.SentOn, p.DueOn, p.DueRule = Sent, &now, &due, rule
	}
	withPaper := func(p *Procedure) { sent(p); p.ProposalID = "x" }
	for _, c := range []struct {
		what   string
		was    func(*Procedure)
		change func(*Draft)
		wrong  string // the field
		told   consequence
		adds   bool
	}{
		{"nothing", prepared, func(*Draft) {}, "", nothing, false},
		{"a day before sending", prepared, func(d *Draft) { d.ABOn = &later }, "", nothing, false},
		{"a paper before sending", prepared, func(d *Draft) { d.ProposalID = "x" }, "", nothing, false},
		{"no subject", prepared, func(d *Draft) { d.Subject = "" }, "subject", nothing, false},
		{"nothing after sending", sent, func(*Draft) {}, "", nothing, false},
		{"another subject after sending does not count", sent, func(d *Draft) { d.Subject = "" }, "", nothing, false},
		{"another day after sending", sent, func(d *Draft) { d.ABOn = &later }, "", termsMoved, false},
		{"a day that is too near", sent, func(d *Draft) { d.ABOn = &now }, "ab_on", nothing, false},
		{"a paper added after sending", sent, func(d *Draft) { d.ProposalID = "x" }, "", routeMoved, true},
		{"another day with a paper", withPaper, func(d *Draft) { d.ABOn = &later }, "", routeMoved, false},
		{"another paper after sending", withPaper, func(d *Draft) { d.ProposalID = "y" }, "proposal_id", nothing, false},
	} {
		was := procedure(c.was)
		d := Draft{CollaborationID: "c", Facts: was.Facts}
		c.change(&d)
		next, err := was.asked(d, 2, now)
		told := nothing
		if err == nil {
			next, told, err = next.reckoned(was)
		}
		var fields fault.Fields
		if errors.As(err, &fields); (fields[c.wrong] == "") != (c.wrong == "") || err != nil && len(fields) != 1 {
			t.Errorf("%s: %v, want a fault of %q", c.what, err, c.wrong)
			continue
		}
		if err == nil && (told != c.told || next.adds(was) != c.adds) {
			t.Errorf("%s: %v, added %v; want %v, %v", c.what, told, next.adds(was), c.told, c.adds)
		}
		if err == nil && next.State == Sent && (next.Subject != was.Subject || next.DueOn == nil) {
			t.Errorf("%s: what was sent changed to %q, due %v", c.what, next.Subject, next.DueOn)
		}
	}
}
