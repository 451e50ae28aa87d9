package dutch

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ClockTime is a time of day as a clock shows it, on no day in particular.
type ClockTime struct {
	Hour, Minute int
}

// String returns "15.00".
func (c ClockTime) String() string {
	return fmt.Sprintf("%d.%02d", c.Hour, c.Minute)
}

var (
	errDate  = errors.New("no date")
	errClock = errors.New("no time of day")

	isoDate     = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	numericDate = regexp.MustCompile(`^(\d{1,2})([-/.])(\d{1,2})([-/.])(\d{4})$`)
	writtenDate = regexp.MustCompile(`^(?:([a-z]+) )?(\d{1,2}) ([a-z]+)\.? (\d{4})$`)
	clock       = regexp.MustCompile(`^(\d{1,2})(?:[.:](\d{2}))?( ?uur)?$`)
	fourDigits  = regexp.MustCompile(`^(\d{2})(\d{2})( ?uur)?$`)
)

// monthNames are the ways in which a month is written besides its full and its short name.
var monthNames = map[string]time.Month{"sept": time.September}

// ParseDate reads a date as a clerk types it or a browser sends it ("28-6-2018", "28/06/2018", "28.6.2018", "28 juni
// 2018", "28 jun. 2018", "2018-06-28") and returns its midnight in Zone. A weekday before it must be the right one. A
// day that the calendar lacks is an error, and so is a year of two digits.
func ParseDate(s string) (time.Time, error) {
	s = plain(s)
	if m := isoDate.FindStringSubmatch(s); m != nil {
		return date(m[1], time.Month(number(m[2])), m[3])
	}
	if m := numericDate.FindStringSubmatch(s); m != nil && m[2] == m[4] {
		return date(m[5], time.Month(number(m[3])), m[1])
	}
	if m := writtenDate.FindStringSubmatch(s); m != nil {
		t, err := date(m[4], month(m[3]), m[2])
		if err == nil && m[1] != "" && m[1] != weekdays[t.Weekday()] && m[1] != shortWeekdays[t.Weekday()] {
			return time.Time{}, errDate
		}
		return t, err
	}
	return time.Time{}, errDate
}

// ParseClock reads "15.00", "15:00", "1500", "15 uur" and "9.30 uur". A time that no clock shows, 24.00 among them, is an
// error.
func ParseClock(s string) (ClockTime, error) {
	m := clock.FindStringSubmatch(plain(s))
	if m == nil {
		m = fourDigits.FindStringSubmatch(plain(s))
	}
	if m == nil || m[2] == "" && m[3] == "" {
		return ClockTime{}, errClock
	}
	c := ClockTime{number(m[1]), number(m[2])}
	if !c.valid() {
		return ClockTime{}, errClock
	}
	return c, nil
}

// At returns the moment at which clocks in the Netherlands show the time c on the day that date has there. A time that
// the clock skips in March is an error; of the hour that comes twice in October it takes the first.
func At(date time.Time, c ClockTime) (time.Time, error) {
	if !c.valid() {
		return time.Time{}, errClock
	}
	y, m, d := date.In(Zone).Date()
	t := time.Date(y, m, d, c.Hour, c.Minute, 0, 0, Zone)
	if t.Hour() != c.Hour || t.Minute() != c.Minute {
		return time.Time{}, fmt.Errorf("%s does not exist on %s", c, Date(date))
	}
	if first := t.Add(-time.Hour); first.Hour() == c.Hour {
		return first, nil
	}
	return t, nil
}

func (c ClockTime) valid() bool {
	return c.Hour >= 0 && c.Hour < 24 && c.Minute >= 0 && c.Minute < 60
}

func date(year string, m time.Month, day string) (time.Time, error) {
	y, d := number(year), number(day)
	if u := time.Date(y, m, d, 0, 0, 0, 0, time.UTC); y == 0 || u.Month() != m || u.Day() != d {
		return time.Time{}, errDate
	}
	t := time.Date(y, m, d, 0, 0, 0, 0, Zone)
	if t.Day() != d { // once, in 1916, the clock skipped midnight itself
		t = t.Add(time.Hour)
	}
	return t, nil
}

// month returns 0 for what is no month.
func month(name string) time.Month {
	if i := slices.Index(months[:], name); i >= 0 {
		return time.Month(i + 1)
	}
	if i := slices.Index(shortMonths[:], name); i >= 0 {
		return time.Month(i + 1)
	}
	return monthNames[name]
}

// number reads digits that a pattern has already found, and the absence of them as 0.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

func plain(s string) string {
	if len(s) > 60 {
		return ""
	}
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}
