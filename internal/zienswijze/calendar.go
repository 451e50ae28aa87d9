package zienswijze

import (
	"fmt"
	"slices"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/term"
)

// Span is a run of days with a name, the last one included: a recess.
type Span struct {
	Name        string
	From, Until time.Time
}

func (s Span) holds(d time.Time) bool { return !d.Before(s.From) && !d.After(s.Until) }

// Calendar is what is known of when a body can decide. Days are those of partner.Day.
type Calendar struct {
	Key       string // tells bodies apart
	Name      string
	Meetings  []time.Time
	Recesses  []Span
	PapersDue int // days before a meeting by which its papers must be in
}

// papers is the last day on which a paper for a meeting must be with the griffier: so many days before it, and before the
// recess when that day falls in one.
func (c Calendar) papers(meeting time.Time) time.Time {
	return c.before(days(meeting, -c.PapersDue))
}

// before is the day itself, or the last one before the recesses it lies in.
func (c Calendar) before(d time.Time) time.Time {
	for moved := true; moved; {
		moved = false
		for _, r := range c.Recesses {
			if r.holds(d) {
				d, moved = days(r.From, -1), true
			}
		}
	}
	return d
}

// lastEvening is the last day on which a council can decide so that its view is there on due: it leaves on the next
// working day.
func lastEvening(due time.Time) time.Time {
	return days(dutch.Day(term.WorkingDays(days(due, 1), -1)), -1)
}

// Bite is what a recess takes out of a term.
type Bite struct {
	Span
	Days int // of the term
	Left int // days of the term outside every recess
}

// Text warns of it.
func (b Bite) Text() string {
	return fmt.Sprintf("%s (%s t/m %s) valt in de termijn: er blijven %s over.", b.Name, dutch.Date(b.From), dutch.Date(b.Until),
		dutch.Count(b.Left, "dag", "dagen"))
}

// Safe is the last moment at which a council can still give its view in time.
type Safe struct {
	Meeting time.Time // the last meeting that is in time; zero when none is known
	Papers  time.Time // the last day for the paper to be with the griffier, for that meeting or an extra one
	Extra   time.Time // where there is no such meeting: the last day on which an extra one would do; zero when none is left
	Bites   []Bite    // the recesses in the term
}

// LastSafe finds it for a paper that the councils have from the day from, when views must be in on due. What it answers
// never becomes later by an earlier due.
func LastSafe(c Calendar, from, due time.Time) Safe {
	from, due = dutch.Day(from), dutch.Day(due)
	last := lastEvening(due)
	s := Safe{Bites: bites(c.Recesses, from, due)}
	for _, m := range c.Meetings {
		if !m.After(last) && m.After(s.Meeting) && !c.papers(m).Before(from) {
			s.Meeting = m
		}
	}
	if !s.Meeting.IsZero() {
		s.Papers = c.papers(s.Meeting)
		return s
	}
	if extra := c.before(last); !c.papers(extra).Before(from) {
		s.Extra, s.Papers = extra, c.papers(extra)
	}
	return s
}

// bites are the recesses between two days, the first one not counted, as a term counts.
func bites(recesses []Span, from, due time.Time) []Bite {
	var found []Bite
	for _, r := range recesses {
		if n := overlap(r, days(from, 1), due); n > 0 {
			found = append(found, Bite{Span: r, Days: n})
		}
	}
	if len(found) == 0 {
		return nil
	}
	left := 0
	for d := days(from, 1); !d.After(due); d = days(d, 1) {
		if !slices.ContainsFunc(recesses, func(r Span) bool { return r.holds(d) }) {
			left++
		}
	}
	for i := range found {
		found[i].Left = left
	}
	slices.SortStableFunc(found, func(a, b Bite) int { return a.From.Compare(b.From) })
	return found
}

func overlap(s Span, from, until time.Time) int {
	if s.From.After(from) {
		from = s.From
	}
	return int(earlier(s.Until, until).Sub(from).Hours())/24 + 1
}
