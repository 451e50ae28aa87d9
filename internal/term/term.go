// Package term reckons legal terms: in days, working days and hours, in the calendar of the Netherlands (TERM).
package term

import (
	"time"
	_ "time/tzdata" // the calendar must not depend on what the machine has installed
)

var zone = func() *time.Location {
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err)
	}
	return amsterdam
}()

// longest is the number of days up to which the Algemene termijnenwet extends a term: 90 days or twelve weeks (art. 4).
// The next whole week is day 91, so one bound serves both ways of writing a term.
const longest = 90

// Forward returns the last day of a term of so many days after start, as midnight in Amsterdam. The day of start does not
// count. A term ending on a Saturday, Sunday or holiday runs to the next working day (art. 1(1)), and one of three days or
// more holds at least two working days (art. 2); longer than 90 days, it ends where it ends.
func Forward(start time.Time, days int) time.Time {
	first := day(start)
	end := first.AddDate(0, 0, days)
	if days < 1 || days > longest {
		return end
	}
	if days >= 3 {
		if second := WorkingDays(first, 2); second.After(end) {
			return second
		}
	}
	for !working(end) {
		end = end.AddDate(0, 0, 1)
	}
	return end
}

// Back returns the last day on which something may happen that must happen so many days before event, as midnight in
// Amsterdam. Such a term does not move for weekends or holidays (art. 1(2)).
func Back(event time.Time, days int) time.Time {
	return day(event).AddDate(0, 0, -days)
}

// WorkingDays returns the nth working day after from, or before it when n is negative, as midnight in Amsterdam; with
// n zero it is the day of from itself, working or not.
func WorkingDays(from time.Time, n int) time.Time {
	d, step := day(from), 1
	if n < 0 {
		n, step = -n, -1
	}
	for n > 0 {
		d = d.AddDate(0, 0, step)
		if working(d) {
			n--
		}
	}
	return d
}

// Open reports whether a day is a working day: no Saturday, Sunday or holiday.
func Open(t time.Time) bool { return working(day(t)) }

// Hours returns the moment so many hours after from, in Amsterdam. Terms in hours are never extended (art. 4), and an
// hour that the clock skips or repeats counts as it passes.
func Hours(from time.Time, hours int) time.Time {
	return from.Add(time.Duration(hours) * time.Hour).In(zone)
}

func day(t time.Time) time.Time {
	y, m, d := t.In(zone).Date()
	return date(y, m, d)
}

func date(y int, m time.Month, d int) time.Time {
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

func working(d time.Time) bool {
	if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		return false
	}
	for _, h := range Holidays(d.Year()) {
		if h.Date.Equal(d) {
			return false
		}
	}
	return true
}
