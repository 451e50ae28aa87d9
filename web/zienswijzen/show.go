package zienswijzen

import (
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/web/path"
	"regiogriffie/web/ui"
)

func (v whole) crumbs() []ui.Crumb {
	return []ui.Crumb{{Label: "Zienswijzen", Address: path.Zienswijzen}}
}

func (v whole) count(has func(zienswijze.View) bool) int {
	n := 0
	for _, each := range v.views {
		if has(each) {
			n++
		}
	}
	return n
}

func waiting(v zienswijze.View) bool { return v.State.Open() }

func received(v zienswijze.View) bool { return v.SentOn != nil }

func none(v zienswijze.View) bool { return v.State == zienswijze.None }

// safe is the last moment at which a council can still give its view in time.
func (v whole) safe(c zienswijze.View) zienswijze.Safe {
	return zienswijze.LastSafe(c.Calendar(), v.from, v.due)
}

func (v whole) reminder(c zienswijze.View) bool {
	return c.Unplanned() && v.procedure.State == zienswijze.Sent && !c.Late(v.due, v.actor.At)
}

func bites(safe zienswijze.Safe) string {
	if len(safe.Bites) == 0 {
		return ""
	}
	var names []string
	for _, b := range safe.Bites {
		names = append(names, b.Name)
	}
	return dutch.List(names) + ": nog " + dutch.Count(safe.Bites[0].Left, "dag", "dagen") + " over"
}
