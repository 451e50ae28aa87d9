// Package icaltest reads calendar files with ical.js, the parser that Thunderbird uses: it shares no code and no time zone
// data with what writes them.
package icaltest

import (
	"bytes"
	"embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Calendar is a file as ical.js reads it.
type Calendar struct {
	Method, Name, Refresh, TTL string
	Events                     []Event
}

// Event is one entry. Start and End are seconds since 1970, by the time zone in the file; StartLocal and EndLocal what the
// clock in Amsterdam says.
type Event struct {
	UID, Summary, Description, Location, URL, Status, Class string
	Sequence                                                int
	Start, End, Stamp, Modified                             int64
	StartLocal, StartZone                                   string
	Organiser                                               Party
	Attendees                                               []Party
	Names                                                   []string // of all properties, sorted
}

// Party is an organiser or attendee.
type Party struct{ Address, Name, RSVP, Status, Role string }

//go:embed testdata
var reader embed.FS

// Read parses the files. The test is skipped where there is no Node.
func Read(t testing.TB, files ...[]byte) []Calendar {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node to read the calendar files with")
	}
	dir := t.TempDir()
	for _, name := range []string{"ical.es5.min.cjs", "read.cjs"} {
		script, err := reader.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), script, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	texts := make([]string, len(files))
	for i, f := range files {
		texts[i] = string(f)
	}
	input, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, filepath.Join(dir, "read.cjs"))
	// The zone of the machine is far off, so that a time read without the zone of the file is a wrong time.
	cmd.Env = append(os.Environ(), "TZ=Pacific/Auckland")
	cmd.Stdin = bytes.NewReader(input)
	var told bytes.Buffer
	cmd.Stderr = &told
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("ical.js: %v\n%s", err, told.Bytes())
	}
	var calendars []Calendar
	if err := json.Unmarshal(output, &calendars); err != nil {
		t.Fatal(err)
	}
	return calendars
}
