package route

import (
	"time"

	"regiogriffie/internal/dutch"
)

// today is the day in Amsterdam, as days are kept.
func today(now time.Time) time.Time { return dayOf(now.In(dutch.Zone)) }

func dayOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func sameDay(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return dayOf(*a).Equal(dayOf(*b))
}
