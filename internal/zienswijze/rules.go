package zienswijze

import (
	"fmt"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/rule"
)

// Findings are what the board leaves to be done before it decides: councils without an answer, which a decision under
// WGR-10.6 waits for and of a budget is a warning under WGR-35.4, and councils of which nothing came yet.
func Findings(p Procedure, views []View) rule.Findings {
	if !p.Kind.boardDecides() || p.State == Preparing {
		return nil
	}
	var unanswered, waiting []string
	for _, v := range views {
		switch {
		case v.State == ViewSent:
			unanswered = append(unanswered, v.OrgName)
		case v.State.Open():
			waiting = append(waiting, v.OrgName)
		}
	}
	var found rule.Findings
	if len(unanswered) > 0 {
		f := rule.Finding{Rule: "WGR-35.4", Grade: rule.Warn, Text: fmt.Sprintf(
			"%s: nog geen antwoord op de zienswijze van %s. De raden krijgen vóór de vaststelling schriftelijk en met redenen antwoord. "+
				"Beantwoord de zienswijzen, of geef een reden.",
			p.Subject, few(unanswered))}
		switch p.Kind {
		case Decision:
			f = rule.Finding{Rule: "WGR-10.6", Grade: rule.Hard, Override: true, Text: fmt.Sprintf(
				"%s: nog geen antwoord op de zienswijze van %s. Beantwoord de raden schriftelijk en met redenen voordat het bestuur besluit.", p.Subject, few(unanswered))}
		case Wishes: // the law asks no answer
			f = rule.Finding{
				Rule: "WGR-25/31a", Grade: rule.Remind,
				Text: fmt.Sprintf("%s: nog geen antwoord op de wensen en bedenkingen van %s.", p.Subject, few(unanswered)),
			}
		}
		found = append(found, f)
	}
	if len(waiting) > 0 {
		id := p.Kind.boardRule()
		if p.Kind == Decision {
			id = p.Kind.termRule()
		}
		found = append(found, rule.Finding{Rule: id, Grade: rule.Remind, Text: fmt.Sprintf("%s: van %s is nog geen zienswijze ontvangen.", p.Subject, few(waiting))})
	}
	return found
}

// few names some and counts the rest.
func few(names []string) string {
	const most = 5
	if len(names) <= most {
		return dutch.List(names)
	}
	return dutch.List(append(names[:most:most], fmt.Sprintf("nog %d", len(names)-most)))
}

// closing says why a procedure cannot be closed yet; empty when it can: the last day is over, or no council is waited for and
// all have their answer.
func closing(p Procedure, views []View, at time.Time) string {
	if p.DueOn != nil && dutch.Day(at).After(*p.DueOn) {
		return ""
	}
	var open []string
	for _, v := range views {
		if v.State != Answered && v.State != None {
			open = append(open, v.OrgName)
		}
	}
	if len(open) == 0 {
		return ""
	}
	return fmt.Sprintf("De termijn loopt nog tot en met %s, en van %s is er nog geen zienswijze met antwoord. Sluit de procedure daarna.",
		dutch.Date(zero(p.DueOn)), few(open))
}
