package zienswijzen

import (
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/zienswijze"
)

func viewMeaning(s zienswijze.ViewState) string {
	return map[zienswijze.ViewState]string{
		zienswijze.Received: "due", zienswijze.ViewSent: "accent", zienswijze.Answered: "done",
	}[s]
}

func optionalDay(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return dutch.ShortDate(t)
}

// papers is when the paper must be with the griffie; without the term of the council nobody can tell.
func papers(c zienswijze.View, day time.Time) string {
	if c.PapersDueDays == nil && !day.IsZero() {
		return "onbekend"
	}
	return optionalDay(day)
}
