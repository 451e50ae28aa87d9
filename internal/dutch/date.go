package dutch

import (
	"fmt"
	"time"
)

var (
	months = [...]string{
		"januari", "februari", "maart", "april", "mei", "juni",
		"juli", "augustus", "september", "oktober", "november", "december",
	}
	shortMonths   = [...]string{"jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"}
	weekdays      = [...]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"}
	shortWeekdays = [...]string{"zo", "ma", "di", "wo", "do", "vr", "za"}
)

// Date returns "28 juni 2018".
func Date(t time.Time) string {
	t = t.In(Zone)
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year())
}

// Weekday returns "donderdag 28 juni 2018".
func Weekday(t time.Time) string {
	return weekdays[t.In(Zone).Weekday()] + " " + Date(t)
}

// ShortDate returns "28 jun".
func ShortDate(t time.Time) string {
	t = t.In(Zone)
	return fmt.Sprintf("%d %s", t.Day(), shortMonths[t.Month()-1])
}

// ShortWeekday returns "do 28 jun".
func ShortWeekday(t time.Time) string {
	return shortWeekdays[t.In(Zone).Weekday()] + " " + ShortDate(t)
}

// FormDate is the day as people type it in a form: "28-06-2018".
func FormDate(t time.Time) string { return t.In(Zone).Format("02-01-2006") }

// DateKey returns "2018-06-28", as a date field of a form and a datetime attribute want it.
func DateKey(t time.Time) string {
	return t.In(Zone).Format(time.DateOnly)
}

// Clock returns "15.00", and "9.30" without a zero before it.
func Clock(t time.Time) string {
	t = t.In(Zone)
	return ClockTime{t.Hour(), t.Minute()}.String()
}

// ClockRange returns "15.00–17.10 uur".
func ClockRange(from, to time.Time) string {
	return Clock(from) + "–" + Clock(to) + " uur"
}

// DateTime returns "donderdag 28 juni 2018 om 15.00 uur".
func DateTime(t time.Time) string {
	return Weekday(t) + " om " + Clock(t) + " uur"
}

// Greeting returns "Goedemorgen" from five o'clock, "Goedemiddag" from twelve, and "Goedenavond" from six until deep in
// the night, as long as meetings last.
func Greeting(t time.Time) string {
	switch hour := t.In(Zone).Hour(); {
	case hour < 5 || hour >= 18:
		return "Goedenavond"
	case hour < 12:
		return "Goedemorgen"
	default:
		return "Goedemiddag"
	}
}

// Relative says how far a deadline is from today: "vandaag", "morgen", "over 6 dagen", "1 dag te laat", "2 dagen te
// laat". Only the dates count, not the hours.
func Relative(day, today time.Time) string {
	switch n := Days(today, day); {
	case n == 0:
		return "vandaag"
	case n == 1:
		return "morgen"
	case n > 1:
		return "over " + Count(n, "dag", "dagen")
	default:
		return Count(-n, "dag", "dagen") + " te laat"
	}
}

// Days counts the calendar days from one moment to another; in UTC, where every day has 24 hours.
func Days(from, to time.Time) int {
	return int(Day(to).Unix()-Day(from).Unix()) / (24 * 60 * 60)
}

// Day is the day in the Netherlands of a moment, as a date column holds it.
func Day(t time.Time) time.Time {
	y, m, d := t.In(Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// DayOf is Day of a moment that may be left open.
func DayOf(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	d := Day(*t)
	return &d
}

// SameDay reports whether both are left open, or both are moments of one day.
func SameDay(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return Day(*a).Equal(Day(*b))
}
