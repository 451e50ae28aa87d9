package zienswijzen

import (
	"net/http"
	"strconv"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/rule"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// budgetYear is what the page with the terms of a collaboration in one year holds.
type budgetYear struct {
	actor         access.Actor
	collaboration collaboration.Collaboration
	year          int // of the budget
	procedures    []zienswijze.Row
	boardDays     []time.Time // in the year before, when the budget is adopted
	views         []zienswijze.View

	terms    []zienswijze.Term
	findings rule.Findings
	ab       time.Time // zero when it is not known
	from     time.Time
	due      time.Time
}

// hasBoard tells whether a collaboration of this form adopts a budget of its own.
func hasBoard(f collaboration.Form) bool {
	return f == collaboration.PublicBody || f == collaboration.JointOrgan || f == collaboration.OperationsOrg
}

// Year shows all terms of the budget of one year. A collaboration without a board of its own has none.
func (p Pages) Year(w http.ResponseWriter, r *http.Request) error {
	v := budgetYear{actor: request.Actor(r)}
	key := request.Key(r, "collaboration")
	var err error
	if v.year, err = strconv.Atoi(request.Key(r, "year")); err != nil || v.year < 1990 || v.year > 2200 {
		return fault.NotFound
	}
	before := func(month time.Month, day int) time.Time {
		return time.Date(v.year-1, month, day, 0, 0, 0, 0, time.UTC)
	}
	err = postgres.Read(r.Context(), p.DB,
		collaboration.Into(&v.collaboration, v.actor, key),
		zienswijze.OfYear(&v.procedures, v.actor, key, v.year),
		zienswijze.BoardDaysInto(&v.boardDays, v.actor, key, v.year-1),
		zienswijze.CalendarsInto(&v.views, v.actor, key, before(time.January, 1), before(time.December, 31)))
	if err != nil {
		return err
	}
	if !hasBoard(v.collaboration.Form) {
		return fault.NotFound
	}
	v.reckon()
	return respond.Page(w, r, http.StatusOK, "Begrotingsjaar "+strconv.Itoa(v.year), year(v))
}

func (v *budgetYear) reckon() {
	rule := ""
	for _, p := range v.procedures {
		if p.Kind == zienswijze.Budget && p.ABOn != nil {
			v.ab = *p.ABOn
			if p.SentOn != nil {
				v.from, v.due, rule = *p.SentOn, *p.DueOn, p.DueRule
			}
			break
		}
	}
	board := zienswijze.BoardName(v.collaboration.Form)
	v.terms = zienswijze.Cycle(v.year, v.ab, v.collaboration.Form)
	if rule != "" {
		v.terms = zienswijze.Fixed(v.terms, v.due, rule, board)
	}
	if v.from.IsZero() && !v.ab.IsZero() {
		v.from = zienswijze.LatestDispatch(v.ab)
		v.due, _ = zienswijze.Due(zienswijze.Budget, v.from, v.ab, time.Time{})
	}
	if v.year-1 >= dutch.Day(v.actor.At).Year() {
		v.findings = zienswijze.MeetingRules(board, v.year-1, len(v.boardDays))
	}
}

// near are the years to go on to: those around the present.
func (v budgetYear) near() (before, after int) {
	this := dutch.Day(v.actor.At).Year()
	if v.year-1 >= this {
		before = v.year - 1
	}
	if v.year+1 <= this+2 {
		after = v.year + 1
	}
	return before, after
}

// sent is the day on which the draft budget went out, if it did.
func (v budgetYear) sent() *time.Time {
	for _, p := range v.procedures {
		if p.Kind == zienswijze.Budget && p.SentOn != nil {
			return p.SentOn
		}
	}
	return nil
}

// shown are how many windows stand on the page: more say no more.
const shown = 8

func length(w zienswijze.Window) int { return int(w.Until.Sub(w.From).Hours())/24 + 1 }
