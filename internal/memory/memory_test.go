package memory

import (
	"runtime/debug"
	"testing"
)

func TestWhoRunsTheProgramHasTheLastWord(t *testing.T) {
	percent, most := debug.SetGCPercent(100), debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetGCPercent(percent); debug.SetMemoryLimit(most) })
	for _, c := range []struct {
		gogc, gomemlimit string
		percent          int
		limit            int64
	}{
		{"", "", room, limit},
		{"50", "", 100, limit}, // Go has read it before the program began
		{"", "1GiB", room, 1 << 40},
		{"50", "1GiB", 100, 1 << 40},
	} {
		t.Setenv("GOGC", c.gogc)
		t.Setenv("GOMEMLIMIT", c.gomemlimit)
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(1 << 40)
		Settle()
		if got := debug.SetGCPercent(100); got != c.percent {
			t.Errorf("GOGC=%q: %d, want %d", c.gogc, got, c.percent)
		}
		if got := debug.SetMemoryLimit(-1); got != c.limit {
			t.Errorf("GOMEMLIMIT=%q: %d, want %d", c.gomemlimit, got, c.limit)
		}
	}
}
