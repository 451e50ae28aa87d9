package zienswijze

import (
	"cmp"
	"slices"
	"time"

	"regiogriffie/internal/dutch"
)

// Window is a run of days in which every body of a step meets at least once.
type Window struct{ From, Until time.Time }

// Extra is a body that needs a meeting it does not have.
type Extra struct {
	Key, Name string
	By        time.Time // the last day for it; zero when no day is left
	Papers    time.Time // the last day for the paper to be with its griffier
}

// Leg is what one step of a route looks like.
type Leg struct {
	From, Until time.Time  // between these days its bodies decide, so that the steps before and after fit
	Windows     []Window   // the shortest runs of days in which all its bodies meet, the earliest first
	Week        *time.Time // Monday of the first week in which they all meet
	Done        *time.Time // the first day on which all can have decided
	Bottleneck  string     // name of the body that all wait for
	Missing     []Extra    // bodies without a meeting in time
}

// Alignment says whether the clocks of a route can be set alike.
type Alignment struct {
	Legs []Leg
	Fits bool // every body can decide in its turn
}

// Align lays the calendars of a route beside each other: steps one after another, the bodies of a step side by side. The
// paper is there from the day from; the last body decides on until at the latest. The order of the bodies of a step does
// not matter.
func Align(steps [][]Calendar, from, until time.Time) Alignment {
	from, until = dutch.Day(from), dutch.Day(until)
	// First with the room that extra meetings of the later steps would leave: who misses a meeting is then the one to plan
	// it. After that the meetings that are known say how long each step can wait.
	froms := make([]time.Time, len(steps))
	a := align(steps, from, limits(steps, froms, until, func(c Calendar, _, limit time.Time) time.Time { return c.before(limit) }))
	for i, leg := range a.Legs {
		froms[i] = leg.From
	}
	return align(steps, from, limits(steps, froms, until, Calendar.lastBetween))
}

// limits are the last days on which each step decides, when the bodies after it decide on the day that last gives.
func limits(steps [][]Calendar, froms []time.Time, until time.Time, last func(c Calendar, from, limit time.Time) time.Time) []time.Time {
	all := make([]time.Time, len(steps))
	for i := len(steps) - 1; i >= 0; i-- {
		all[i] = until
		for _, c := range steps[i] {
			until = earlier(until, c.papers(last(c, froms[i], all[i])))
		}
	}
	return all
}

func align(steps [][]Calendar, from time.Time, limits []time.Time) Alignment {
	a := Alignment{Fits: true}
	for i, bodies := range steps {
		leg, reached := bodiesAlign(bodies, from, limits[i])
		a.Fits = a.Fits && len(leg.Missing) == 0
		a.Legs = append(a.Legs, leg)
		from = reached
	}
	return a
}

// takes reports whether the body can decide at a meeting on a paper that is there from a day.
func (c Calendar) takes(meeting, from, until time.Time) bool {
	return !meeting.Before(from) && !meeting.After(until) && !c.papers(meeting).Before(from)
}

// lastBetween is the last meeting of the body that can take the paper, or the last day on which it could hold one.
func (c Calendar) lastBetween(from, limit time.Time) time.Time {
	var last time.Time
	for _, m := range c.Meetings {
		if m.After(last) && c.takes(m, from, limit) {
			last = m
		}
	}
	if last.IsZero() {
		return c.before(limit)
	}
	return last
}

// sitting is one meeting of one body.
type sitting struct {
	on   time.Time
	body int
}

// bodiesAlign lays out one step. Reached is the first day on which those who have a meeting can all have decided.
func bodiesAlign(bodies []Calendar, from, until time.Time) (leg Leg, reached time.Time) {
	leg, reached = Leg{From: from, Until: until}, from
	var sittings []sitting
	first := make([]time.Time, len(bodies))
	counts := make([]int, len(bodies))
	for i, c := range bodies {
		for _, m := range c.Meetings {
			if !c.takes(m, from, until) {
				continue
			}
			sittings = append(sittings, sitting{m, i})
			counts[i]++
			if first[i].IsZero() || m.Before(first[i]) {
				first[i] = m
			}
		}
		if counts[i] == 0 {
			leg.Missing = append(leg.Missing, c.extra(from, until))
		} else if first[i].After(reached) {
			reached = first[i]
		}
	}
	slices.SortFunc(leg.Missing, func(a, b Extra) int { return cmp.Or(a.By.Compare(b.By), cmp.Compare(a.Key, b.Key)) })
	if len(leg.Missing) > 0 {
		leg.Bottleneck = leg.Missing[0].Name
		return leg, reached
	}
	if len(bodies) == 0 {
		return leg, reached
	}
	// All wait for the body whose first meeting comes last; of several, for the one that meets least.
	slow := 0
	for i, c := range bodies {
		if cmp.Or(first[i].Compare(first[slow]), cmp.Compare(counts[slow], counts[i]), cmp.Compare(bodies[slow].Key, c.Key)) > 0 {
			slow = i
		}
	}
	leg.Bottleneck, leg.Done = bodies[slow].Name, &first[slow]
	slices.SortFunc(sittings, func(a, b sitting) int { return a.on.Compare(b.on) })
	leg.Windows = windows(sittings, len(bodies))
	leg.Week = commonWeek(sittings, len(bodies))
	return leg, reached
}

// extra is the meeting that a body would need between two days.
func (c Calendar) extra(from, until time.Time) Extra {
	e := Extra{Key: c.Key, Name: c.Name}
	if by := c.before(until); !by.Before(from) && !c.papers(by).Before(from) {
		e.By, e.Papers = by, c.papers(by)
	}
	return e
}

// windows slides over the sittings, in order of day: from each it goes on until all n bodies are met, and keeps the runs
// that no other run lies within.
func windows(sittings []sitting, n int) []Window {
	var found []Window
	seen, have, left := make([]int, n), 0, 0
	for _, s := range sittings {
		if seen[s.body]++; seen[s.body] == 1 {
			have++
		}
		for seen[sittings[left].body] > 1 {
			seen[sittings[left].body]--
			left++
		}
		if have < n {
			continue
		}
		w := Window{sittings[left].on, s.on}
		switch last := len(found) - 1; {
		case last >= 0 && found[last].From.Equal(w.From): // the same start, ending later or on the same day
		case last >= 0 && found[last].Until.Equal(w.Until):
			found[last] = w
		default:
			found = append(found, w)
		}
	}
	return found
}

func commonWeek(sittings []sitting, n int) *time.Time {
	seen, have := make([]time.Time, n), 0
	var week time.Time
	for _, s := range sittings {
		if monday := mondayOf(s.on); !monday.Equal(week) {
			week, have = monday, 0
		}
		if !seen[s.body].Equal(week) {
			seen[s.body] = week
			if have++; have == n {
				return &week
			}
		}
	}
	return nil
}

func mondayOf(d time.Time) time.Time { return days(d, -(int(d.Weekday())+6)%7) }
