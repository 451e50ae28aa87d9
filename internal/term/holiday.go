package term

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Holiday is a day on which a term does not end; Date is midnight in Amsterdam.
type Holiday struct {
	Date time.Time
	Name string
}

//go:embed gelijkgesteld.txt
var decrees string

// decreed holds the days that a royal decree put on a par with a holiday (Algemene termijnenwet, art. 3(3)), by year.
var decreed = func() map[int][]Holiday {
	days, err := parseDecrees(decrees)
	if err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return days
}()

// parseDecrees reads lines of a day and its name; empty lines and those that begin with # say nothing.
func parseDecrees(text string) (map[int][]Holiday, error) {
	days := map[int][]Holiday{}
	for n, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		on, name, _ := strings.Cut(line, " ")
		d, err := time.ParseInLocation(time.DateOnly, on, zone)
		if err != nil || strings.TrimSpace(name) == "" {
			return nil, fmt.Errorf("line %d is no day with a name: %q", n+1, line)
		}
		days[d.Year()] = append(days[d.Year()], Holiday{d, strings.TrimSpace(name)})
	}
	return days, nil
}

// Holidays returns the holidays of the Algemene termijnenwet in a year, in order; two of them may share a day.
func Holidays(year int) []Holiday {
	easter := easterSunday(year)
	kings := date(year, time.April, 27)
	if kings.Weekday() == time.Sunday {
		kings = date(year, time.April, 26)
	}
	days := []Holiday{
		{date(year, time.January, 1), "Nieuwjaarsdag"},
		{easter.AddDate(0, 0, -2), "Goede Vrijdag"},
		{easter.AddDate(0, 0, 1), "Tweede Paasdag"},
		{kings, "Koningsdag"},
		{date(year, time.May, 5), "Bevrijdingsdag"},
		{easter.AddDate(0, 0, 39), "Hemelvaartsdag"},
		{easter.AddDate(0, 0, 50), "Tweede Pinksterdag"},
		{date(year, time.December, 25), "Eerste Kerstdag"},
		{date(year, time.December, 26), "Tweede Kerstdag"},
	}
	days = append(days, decreed[year]...)
	slices.SortStableFunc(days, func(a, b Holiday) int { return a.Date.Compare(b.Date) })
	return days
}

// easterSunday follows the Gregorian computus as Meeus gives it.
func easterSunday(year int) time.Time {
	golden, century, rest := year%19, year/100, year%100
	correction := (century - (century+8)/25 + 1) / 3
	epact := (19*golden + century - century/4 - correction + 15) % 30
	weekday := (32 + 2*(century%4) + 2*(rest/4) - epact - rest%4) % 7
	shift := (golden + 11*epact + 22*weekday) / 451
	n := epact + weekday - 7*shift + 114
	return date(year, time.Month(n/31), n%31+1)
}
