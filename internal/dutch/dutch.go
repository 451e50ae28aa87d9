// Package dutch writes dates, times, amounts, names and lists as Dutch civil servants write them, and reads dates and
// times as they type them. Whatever zone a time carries, it is shown as the clock stands in the Netherlands.
package dutch

import (
	"time"
	_ "time/tzdata" // the clock must not depend on what the machine has installed
)

// Zone is the time of the Netherlands.
var Zone = func() *time.Location {
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err)
	}
	return amsterdam
}()
