package zienswijze

import (
	"fmt"
	"slices"
	"time"

	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/rule"
	"regiogriffie/internal/term"
)

// changed is the day on which the Wgr got its present terms; what fell before it keeps the old ones.
var changed = time.Date(2022, time.July, 1, 0, 0, 0, 0, time.UTC)

const (
	budgetDays    = 84 // twelve weeks (Wgr art. 35(1))
	oldBudgetDays = 56 // eight, before 1 July 2022
	draftDays     = 56 // eight weeks for a draft arrangement (Wgr art. 1(2))
	adoptedDays   = 14 // two weeks from adoption to the province (Wgr art. 34(2))
)

// Days are those of partner.Day: a date as a column holds it.
func on(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func days(d time.Time, n int) time.Time { return d.AddDate(0, 0, n) }

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// LatestDispatch is the last day on which a draft budget can be sent for a board that meets on ab (WGR-35.1): counted back
// from that day, so neither weekend nor holiday moves it (TERM). A draft sent before 1 July 2022 had eight weeks.
func LatestDispatch(ab time.Time) time.Time {
	back := dutch.Day(term.Back(ab, budgetDays))
	if !back.Before(changed) {
		return back
	}
	return earlier(dutch.Day(term.Back(ab, oldBudgetDays)), days(changed, -1))
}

// Due is the last day on which the view of a council counts, and the rule that says so. Of the draft budget it is the end
// of the twelve weeks, and in any case the day before the board meets: the views go with the draft (WGR-35.3). The eight
// weeks of a draft arrangement run on over weekends and holidays (WGR-1). For other decisions the arrangement itself says
// how long councils have, so there the day that was set counts. A zero ab is a board without a day; without any ground for
// a day there is none.
func Due(kind Kind, sent, ab, set time.Time) (due time.Time, id string) {
	id = kind.termRule()
	switch kind {
	case Budget, Amendment:
		n := budgetDays
		if sent.Before(changed) {
			n = oldBudgetDays
		}
		due = days(dutch.Day(sent), n)
	case Arrangement:
		due = dutch.Day(term.Forward(sent, draftDays))
	default:
		if set.IsZero() {
			return time.Time{}, id
		}
		due = dutch.Day(set)
	}
	if last := days(dutch.Day(ab), -1); kind.boardDecides() && !ab.IsZero() && last.Before(due) {
		return last, kind.boardRule()
	}
	return due, id
}

// Term is a day in the cycle of one budget, under the rule that asks for it.
type Term struct {
	Rule     string
	On       time.Time // the last day; zero when a date that is not known yet decides
	Name     string    // what must have happened
	Why      string    // how the day follows from the law, in plain words
	Dispatch bool      // it is the sending of the draft
	views    bool      // it is the last day for the councils
}

// BoardName is what the organ is called that adopts the budget of a collaboration of this form.
func BoardName(form collaboration.Form) string {
	switch form {
	case collaboration.JointOrgan:
		return "gemeenschappelijk orgaan"
	case collaboration.OperationsOrg:
		return "bestuur"
	}
	return "algemeen bestuur"
}

// ToProvince is the last day on which a budget of year, adopted on the day, reaches gedeputeerde staten (WGR-34.2).
func ToProvince(year int, adopted time.Time) time.Time {
	last := beforeSeptember(year)
	if adopted.IsZero() {
		return last
	}
	return earlier(last, dutch.Day(term.Forward(adopted, adoptedDays)))
}

// beforeSeptember is the last day before 15 September of the year before the budget year; before July 2022 it was 1 August.
func beforeSeptember(year int) time.Time {
	if last := on(year-1, time.July, 31); last.Before(changed) {
		return last
	}
	return on(year-1, time.September, 14)
}

func beforeFrame(year int) time.Time {
	if last := on(year-1, time.April, 14); last.Before(changed) {
		return last
	}
	return on(year-1, time.April, 29)
}

// Cycle are the terms of the budget of a year (Wgr art. 34, 34b and 35), in their order; ab is the day on which the board
// adopts it, zero when it is not known.
func Cycle(year int, ab time.Time, form collaboration.Form) []Term {
	board := BoardName(form)
	spring, autumn := days(beforeFrame(year), 1), days(beforeSeptember(year), 1)
	terms := []Term{{
		Rule: "WGR-34b", On: beforeFrame(year), Name: fmt.Sprintf("Kaders voor %d en voorlopige jaarrekening over %d bij de raden", year, year-2),
		Why: "Vóór " + dutch.Date(spring) + " stuurt het bestuur de financiële en beleidsmatige kaders en de voorlopige jaarrekening naar de raden.",
	}}
	weeks := "Twaalf weken"
	if ab.IsZero() {
		terms = append(
			terms,
			Term{
				Rule: "WGR-35.1", On: LatestDispatch(beforeSeptember(year)), Name: "Ontwerpbegroting bij de raden", Dispatch: true,
				Why: "Nog geen vergaderdatum bekend. Dit is de laatste dag als het " + board + " pas op " + dutch.Date(beforeSeptember(year)) + " vaststelt.",
			},
			Term{Rule: "WGR-35.3", Name: "Zienswijzen binnen", views: true, Why: "Uiterlijk de dag voordat het " + board + " vergadert."},
			Term{
				Rule: "WGR-34.1", On: beforeSeptember(year), Name: fmt.Sprintf("Begroting %d vastgesteld", year),
				Why: fmt.Sprintf("De vaststelling valt in %d, en op tijd voor gedeputeerde staten.", year-1),
			},
		)
	} else {
		ab = dutch.Day(ab)
		if LatestDispatch(ab).Before(changed) {
			weeks = "Acht weken"
		}
		terms = append(
			terms,
			Term{
				Rule: "WGR-35.1", On: LatestDispatch(ab), Name: "Ontwerpbegroting bij de raden", Dispatch: true,
				Why: weeks + " voordat het " + board + " vergadert. Teruggerekend vanaf die dag, dus een weekend of feestdag schuift niet op.",
			},
			Term{
				Rule: "WGR-35.2", On: LatestDispatch(ab), Name: "Ontwerpbegroting ter inzage",
				Why: "De deelnemers leggen de ontwerpbegroting voor iedereen ter inzage zodra zij haar hebben.",
			},
			Term{
				Rule: "WGR-35.3", On: days(ab, -1), Name: "Zienswijzen binnen", views: true,
				Why: "Het dagelijks bestuur voegt de zienswijzen bij de ontwerpbegroting voor het " + board + ".",
			},
			Term{
				Rule: "WGR-35.4", On: days(ab, -1), Name: "Raden hebben antwoord",
				Why: "Vóór de vaststelling krijgen de raden schriftelijk en met redenen het oordeel over hun zienswijzen.",
			},
			Term{
				Rule: "WGR-34.1", On: ab, Name: fmt.Sprintf("Begroting %d vastgesteld", year),
				Why: fmt.Sprintf("Het %s stelt vast in %d, het jaar vóór het begrotingsjaar.", board, year-1),
			},
		)
	}
	return append(
		terms,
		Term{
			Rule: "WGR-34.2", On: ToProvince(year, ab), Name: "Begroting bij gedeputeerde staten",
			Why: "Binnen twee weken na de vaststelling en vóór " + dutch.Date(autumn) +
				". Daarna kan een raad zijn zienswijze ook aan gedeputeerde staten geven (WGR-35.5).",
		},
		Term{
			Rule: "WGR-34.3", On: on(year+1, time.July, 14), Name: fmt.Sprintf("Jaarrekening %d bij gedeputeerde staten", year),
			Why: "Binnen twee weken na de vaststelling en vóór " + dutch.Date(on(year+1, time.July, 15)) + ".",
		},
	)
}

// DispatchRules are what stands between a draft and its being sent on a day (WGR-35.1, WGR-34.1).
func DispatchRules(p Facts, sent time.Time) rule.Findings {
	var found rule.Findings
	if p.ABOn == nil || p.Kind != Budget && p.Kind != Amendment {
		return nil
	}
	ab := dutch.Day(*p.ABOn)
	if last := LatestDispatch(ab); dutch.Day(sent).After(last) {
		weeks := "twaalf"
		if last.Before(changed) {
			weeks = "acht"
		}
		found = append(found, rule.Finding{Rule: "WGR-35.1", Grade: rule.Warn, Text: fmt.Sprintf(
			"De raden krijgen minder dan %s weken: voor een vergadering op %s was %s de laatste dag om te verzenden. Verzet de vergadering, of geef een reden.",
			weeks, dutch.Date(ab), dutch.Date(last))})
	}
	if p.Kind == Budget && p.Year != nil && ab.Year() != *p.Year-1 {
		found = append(found, rule.Finding{Rule: "WGR-34.1", Grade: rule.Warn, Text: fmt.Sprintf(
			"De begroting %d hoort in %d te worden vastgesteld, maar de vergadering is op %s. Pas de datum aan, of geef een reden.", *p.Year, *p.Year-1,
			dutch.Date(ab))})
	}
	return found
}

// MeetingRules are what the meetings of a board in a year leave to be desired (WGR-22). It counts what is planned as well.
func MeetingRules(board string, year, meetings int) rule.Findings {
	if meetings >= 2 {
		return nil
	}
	return rule.Findings{{Rule: "WGR-22", Grade: rule.Warn, Text: fmt.Sprintf(
		"Het %s vergadert ten minste twee keer per jaar. In %d %s.", board, year,
		map[int]string{0: "is hier nog geen vergadering bekend", 1: "is hier één vergadering bekend"}[max(0, meetings)])}}
}

// Article names the article behind a rule, in the words of the law book.
func Article(id string) string {
	return map[string]string{
		"WGR-34b": "Wgr artikel 34b", "WGR-35.1": "Wgr artikel 35, lid 1", "WGR-35.2": "Wgr artikel 35, lid 2", "WGR-35.3": "Wgr artikel 35, lid 3",
		"WGR-35.4": "Wgr artikel 35, lid 4",
		"WGR-35.5": "Wgr artikel 35, lid 5", "WGR-34.1": "Wgr artikel 34, lid 1", "WGR-34.2": "Wgr artikel 34, lid 2", "WGR-34.3": "Wgr artikel 34, leden 3 en 4",
		"WGR-1": "Wgr artikel 1, lid 2", "WGR-10.5": "Wgr artikel 10, lid 5", "WGR-10.6": "Wgr artikel 10, lid 6", "WGR-22": "Wgr artikel 22",
		"WGR-25/31a": "Wgr artikelen 25 en 31a",
	}[id]
}

// Terms are the days of a procedure, in their order: of a budget its whole cycle, of anything else the day it is sent, the
// last day for the councils and the day of the board.
func (p Procedure) Terms(at time.Time) []Term {
	if p.Kind == Budget && p.Year != nil {
		terms := Cycle(*p.Year, zero(p.ABOn), p.Form)
		if p.DueOn != nil {
			terms = Fixed(terms, *p.DueOn, p.DueRule, p.Board())
		}
		return terms
	}
	var terms []Term
	if p.Kind == Amendment && p.ABOn != nil {
		terms = append(terms, Term{
			Rule: "WGR-35.1", On: LatestDispatch(*p.ABOn), Name: "Begrotingswijziging bij de raden", Dispatch: true,
			Why: "Twaalf weken voordat het " + p.Board() + " vergadert, net als bij de begroting (lid 6).",
		})
	}
	due, id := p.Due(at)
	terms = append(terms, Term{Rule: id, On: due, Name: "Zienswijzen binnen", Why: p.Kind.why(id, p.Board())})
	if p.Kind.boardDecides() && p.ABOn != nil {
		answer := map[Kind]string{Amendment: "WGR-35.4", Decision: "WGR-10.6"}[p.Kind]
		if answer != "" {
			terms = append(terms, Term{
				Rule: answer, On: days(*p.ABOn, -1), Name: "Raden hebben antwoord",
				Why: "Vóór het besluit krijgen de raden schriftelijk en met redenen het oordeel over hun zienswijzen.",
			})
		}
		terms = append(terms, Term{On: *p.ABOn, Name: "Besluit van het " + p.Board(), Why: "De dag waarop het bestuur vergadert."})
	}
	return terms
}

// Fixed are the terms of a budget whose draft was sent: the last day for the councils follows from that.
func Fixed(terms []Term, due time.Time, id, board string) []Term {
	terms = slices.Clone(terms)
	for i, t := range terms {
		if t.views {
			terms[i].On, terms[i].Rule, terms[i].Why = due, id, Budget.why(id, board)
		}
	}
	slices.SortStableFunc(terms, func(a, b Term) int {
		if a.On.IsZero() || b.On.IsZero() {
			return 0
		}
		return a.On.Compare(b.On)
	})
	return terms
}

// why says in plain words how the last day for the councils follows.
func (k Kind) why(id, board string) string {
	switch id {
	case "WGR-35.1":
		return "Twaalf weken na de dag van verzending. Een weekend of feestdag schuift niet op."
	case "WGR-1":
		return "Acht weken na ontvangst. Eindigt dat in een weekend of op een feestdag, dan is het de eerste werkdag daarna."
	case "WGR-10.5":
		return "De termijn die in de regeling staat."
	case "WGR-25/31a":
		return "De termijn die het bestuur heeft gesteld."
	}
	return "Uiterlijk de dag voordat het " + board + " vergadert."
}

// PlannedLate reports whether the council treats the draft at a meeting after which its view comes too late.
func (v View) PlannedLate(due time.Time) bool {
	return v.State == Scheduled && v.MeetingOn != nil && !due.IsZero() && v.MeetingOn.After(lastEvening(due))
}

// LastEvening is the last day on which a council can decide so that its view is there on due.
func LastEvening(due time.Time) time.Time { return lastEvening(due) }
