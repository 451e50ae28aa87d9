package routes

import (
	"strings"
	"time"

	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/web/path"
	"regiogriffie/web/ui"
)

func crumbs(p proposal.Proposal, more ...ui.Crumb) []ui.Crumb {
	return append([]ui.Crumb{{Label: "Voorstellen", Address: path.Proposals}, {Label: p.Subject, Address: path.Proposal(p.Key)}}, more...)
}

// mayFollow tells whether the reader can follow the route: there is one, and it is not over.
func (v view) mayFollow() bool {
	return route.CanFollow(v.actor) && (len(v.steps) > 0 || v.follows)
}

// filterFrom is how many steps a route has before it offers filters.
const filterFrom = 8

// pressing is the colour of a day that comes: a griffie plans an agenda some three weeks ahead, and before that it need not worry.
func pressing(day, now time.Time) string {
	if day.Sub(now) > 21*24*time.Hour {
		return ""
	}
	return "due"
}

// noDesk tells whether a step lies, or will lie, where nobody sees it.
func noDesk(s route.Row) bool {
	return !s.HasDesk && (s.State == route.StepPlanned || s.State == route.StepSent)
}

// cut is the beginning of a text for a list.
func cut(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > most {
		return strings.TrimSpace(string(runes[:most-1])) + "…"
	}
	return s
}
