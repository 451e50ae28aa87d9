// Package memory says how much memory the program takes before it cleans up.
package memory

import (
	"os"
	"runtime/debug"
)

const (
	// room is how much may be made before cleaning up, in percent of what is in use. That is little, some megabytes: with
	// Go's own 100 the program would clean up after every ten pages, and spend a quarter of its time on it.
	room = 400
	// limit is from where on it cleans up sooner, so that the room does not grow along without end.
	limit = 512 << 20
)

// Settle gives the program its room, unless whoever runs it said otherwise in the environment, in Go's own words.
func Settle() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(room)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limit)
	}
}
