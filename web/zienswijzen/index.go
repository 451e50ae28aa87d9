package zienswijzen

import (
	"strconv"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
)

type listing struct {
	at             time.Time
	filter         zienswijze.Filter
	rows           []zienswijze.Row
	more           bool
	mayOpen        bool
	collaborations []zienswijze.Choice
}

func (l listing) year() string {
	if l.filter.Year == 0 {
		return ""
	}
	return strconv.Itoa(l.filter.Year)
}

func (l listing) address() string {
	return path.With(path.Zienswijzen, "zoek", l.filter.Words, "stand", string(l.filter.State), "soort", string(l.filter.Kind), "jaar", l.year(),
		"samenwerking", l.filter.Collaboration, "organisatie", l.filter.Organisation)
}

func (l listing) filtered() bool { return l.address() != path.Zienswijzen }

func (l listing) form() *form.Form {
	return form.New(map[string]string{
		"zoek": l.filter.Words, "stand": string(l.filter.State), "soort": string(l.filter.Kind), "jaar": l.year(),
	})
}

func stateOptions() []form.Option {
	list := []form.Option{{Value: "", Label: "Elke stand"}}
	for _, s := range []zienswijze.State{zienswijze.Preparing, zienswijze.Sent, zienswijze.Closed} {
		list = append(list, form.Option{Value: string(s), Label: s.Label()})
	}
	return list
}

func stateMeaning(s zienswijze.State) string {
	return map[zienswijze.State]string{zienswijze.Sent: "accent", zienswijze.Closed: "done"}[s]
}

// untilDay says how long a term still runs.
func untilDay(d, at time.Time) string {
	if text := dutch.Relative(d, at); !d.Before(at.AddDate(0, 0, -1)) {
		return text
	}
	return "termijn voorbij"
}
