package ical

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ical "github.com/emersion/go-ical"

	"regiogriffie/internal/dutch"
)

func ab() Event {
	return Event{
		UID: "0190-ab@regiogriffie.nl", Summary: "Algemeen Bestuur", Location: "Stadhuis Leiden, raadzaal",
		Description: "Agenda:\n1. Opening; mededelingen\n2. Ontwerpbegroting 2019", URL: "https://regiogriffie.nl/vergaderingen/1?a=b&c=d",
		Start: time.Date(2018, time.June, 28, 15, 0, 0, 0, dutch.Zone), End: time.Date(2018, time.June, 28, 17, 10, 0, 0, dutch.Zone),
		Sequence: 3, Modified: time.Date(2018, time.June, 20, 8, 41, 0, 0, time.UTC), Stamp: time.Date(2018, time.June, 21, 9, 0, 0, 0, time.UTC),
		Organiser: "Griffie Hillegom <griffie@hillegom.nl>",
	}
}

// readBack returns the file and what go-ical reads back, after checking what holds for every file.
func readBack(t *testing.T, name string, events ...Event) (string, *ical.Calendar) {
	t.Helper()
	file, err := Calendar(name, events...)
	if err != nil {
		t.Fatal(err)
	}
	checkLines(t, file)
	calendar, err := ical.NewDecoder(bytes.NewReader(file)).Decode()
	if err != nil {
		t.Fatalf("%v in\n%s", err, file)
	}
	return string(file), calendar
}

func checkLines(t *testing.T, file []byte) {
	t.Helper()
	if !bytes.HasSuffix(file, []byte("END:VCALENDAR\r\n")) {
		t.Error("the file does not end with END:VCALENDAR and a line break")
	}
	lines := strings.Split(strings.TrimSuffix(string(file), "\r\n"), "\r\n")
	for _, line := range lines {
		if len(line) > 75 {
			t.Errorf("line of %d octets: %q", len(line), line)
		}
		if !utf8.ValidString(line) {
			t.Errorf("a character is split: %q", line)
		}
		if strings.ContainsAny(line, "\r\n\x00\x0b\x0c") {
			t.Errorf("raw control character: %q", line)
		}
		if strings.HasPrefix(line, "ATTACH") {
			t.Errorf("attachment: %q", line)
		}
	}
}

func text(t *testing.T, props ical.Props, name string) string {
	t.Helper()
	s, err := props.Text(name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}

func TestAMeetingIsReadBack(t *testing.T) {
	t.Parallel()
	file, calendar := readBack(t, "Raad Hillegom", ab())
	for _, line := range []string{
		"METHOD:PUBLISH", "VERSION:2.0", "PRODID:-//Regiogriffie//Regiogriffie//NL", "NAME:Raad Hillegom", "X-WR-CALNAME:Raad Hillegom",
		"DTSTART;TZID=Europe/Amsterdam:20180628T150000", "DTEND;TZID=Europe/Amsterdam:20180628T171000",
		"DTSTAMP:20180621T090000Z", "LAST-MODIFIED:20180620T084100Z", "SEQUENCE:3", "STATUS:CONFIRMED", "UID:0190-ab@regiogriffie.nl",
		"URL:https://regiogriffie.nl/vergaderingen/1?a=b&c=d", "ORGANIZER;CN=Griffie Hillegom:mailto:griffie@hillegom.nl",
		`LOCATION:Stadhuis Leiden\, raadzaal`, `DESCRIPTION:Agenda:\n1. Opening\; mededelingen\n2. Ontwerpbegroting 2019`,
		"TZID:Europe/Amsterdam", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "TZOFFSETTO:+0200",
	} {
		if !strings.Contains(file, "\r\n"+line+"\r\n") {
			t.Errorf("no line %q in\n%s", line, file)
		}
	}
	event := calendar.Events()[0]
	if got := text(t, event.Props, ical.PropDescription); got != ab().Description {
		t.Errorf("description: got %q", got)
	}
	start, err := event.DateTimeStart(nil)
	if err != nil || !start.Equal(ab().Start) {
		t.Errorf("start: got %v, %v", start, err)
	}
	end, err := event.DateTimeEnd(nil)
	if err != nil || !end.Equal(ab().End) {
		t.Errorf("end: got %v, %v", end, err)
	}
}

func TestACancelledMeetingStays(t *testing.T) {
	t.Parallel()
	e := ab()
	e.Cancelled = true
	file, _ := readBack(t, "Raad", e)
	if !strings.Contains(file, "\r\nSTATUS:CANCELLED\r\n") || strings.Contains(file, "CONFIRMED") {
		t.Errorf("no STATUS:CANCELLED in\n%s", file)
	}
}

func TestAnEmptyCalendarIsACalendar(t *testing.T) {
	t.Parallel()
	if _, calendar := readBack(t, "Raad"); len(calendar.Events()) != 0 {
		t.Error("events in an empty calendar")
	}
}

func TestTheLeastEvent(t *testing.T) {
	t.Parallel()
	e := ab()
	file, _ := readBack(t, "", Event{UID: e.UID, Start: e.Start, Stamp: e.Stamp})
	for _, name := range []string{"DTEND", "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "ORGANIZER", "LAST-MODIFIED", "NAME", "X-WR"} {
		if strings.Contains(file, "\r\n"+name) {
			t.Errorf("%s in\n%s", name, file)
		}
	}
}

func TestTheDaysTheClockChanges(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		m, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, c := range []struct{ name, start, end, line string }{
		{"evening of the change in March", "2018-03-25T18:00:00Z", "2018-03-25T20:00:00Z", "DTSTART;TZID=Europe/Amsterdam:20180325T200000"},
		{"over the skipped hour", "2018-03-25T00:30:00Z", "2018-03-25T01:30:00Z", "DTEND;TZID=Europe/Amsterdam:20180325T033000"},
		{"evening of the change in October", "2018-10-28T19:00:00Z", "2018-10-28T21:00:00Z", "DTSTART;TZID=Europe/Amsterdam:20181028T200000"},
		{"first of the two hours", "2018-10-28T00:00:00Z", "2018-10-28T00:45:00Z", "DTSTART:20181028T000000Z"},
		{"second of the two hours", "2018-10-28T01:15:00Z", "2018-10-28T02:30:00Z", "DTSTART:20181028T011500Z"},
		{"ending in the second", "2018-10-28T00:30:00Z", "2018-10-28T01:15:00Z", "DTEND:20181028T011500Z"},
		{"just before the two", "2018-10-27T22:30:00Z", "2018-10-27T23:59:00Z", "DTEND;TZID=Europe/Amsterdam:20181028T015900"},
		{"just after the two", "2018-10-28T02:00:00Z", "2018-10-28T03:00:00Z", "DTSTART;TZID=Europe/Amsterdam:20181028T030000"},
		{"winter", "2018-12-13T19:00:00Z", "2018-12-13T21:00:00Z", "DTSTART;TZID=Europe/Amsterdam:20181213T200000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := ab()
			e.Start, e.End = at(c.start), at(c.end)
			file, calendar := readBack(t, "Raad", e)
			if !strings.Contains(file, "\r\n"+c.line+"\r\n") {
				t.Errorf("no line %q in\n%s", c.line, file)
			}
			event := calendar.Events()[0]
			if strings.Contains(c.line, "TZID") {
				if start, err := event.DateTimeStart(nil); err != nil || dutch.DateTime(start) != dutch.DateTime(e.Start) {
					t.Errorf("start: got %v, %v", start, err)
				}
			} else if start, err := event.DateTimeStart(nil); err != nil || !start.Equal(e.Start) {
				t.Errorf("start: got %v, %v", start, err)
			}
		})
	}
}

// TestTheTimeZoneAgreesWithTheClock compares the rules in the file with the time zone data of Go, hour by hour around
// each change.
func TestTheTimeZoneAgreesWithTheClock(t *testing.T) {
	t.Parallel()
	_, calendar := readBack(t, "Raad")
	for _, part := range calendar.Children[0].Children {
		from, err := part.Props.DateTime(ical.PropDateTimeStart, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		rule, err := part.Props.RecurrenceRule()
		if err != nil {
			t.Fatal(err)
		}
		before := map[string]int{"+0100": 3600, "+0200": 7200}[part.Props.Get(ical.PropTimezoneOffsetFrom).Value]
		after := map[string]int{"+0100": 3600, "+0200": 7200}[part.Props.Get(ical.PropTimezoneOffsetTo).Value]
		for year := 1996; year < 2037; year++ {
			local := lastSunday(year, time.Month(rule.Bymonth[0])).Add(time.Duration(from.Hour()) * time.Hour)
			change := local.Add(-time.Duration(before) * time.Second)
			_, was := change.Add(-time.Second).In(dutch.Zone).Zone()
			_, is := change.In(dutch.Zone).Zone()
			if was != before || is != after {
				t.Errorf("%s %d: got %d to %d, want %d to %d", part.Name, year, was, is, before, after)
			}
		}
	}
}

func lastSunday(year int, m time.Month) time.Time {
	d := time.Date(year, m+1, 0, 0, 0, 0, 0, time.UTC)
	return d.AddDate(0, 0, -int(d.Weekday()))
}

func TestFolding(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"a", "é", "€", "👩", "aé€👩", "woord ", ",", "x\n"} {
		for n := range 120 {
			e := ab()
			e.Summary = "s" + strings.Repeat(unit, n) + "s"
			_, calendar := readBack(t, "Raad", e)
			if got := text(t, calendar.Events()[0].Props, ical.PropSummary); got != e.Summary {
				t.Fatalf("%d times %q: got %q", n, unit, got)
			}
		}
	}
	e := ab()
	e.Summary = strings.Repeat("a", 200)
	file, _ := readBack(t, "Raad", e)
	want := "\r\nSUMMARY:" + strings.Repeat("a", 67) + "\r\n " + strings.Repeat("a", 74) + "\r\n " + strings.Repeat("a", 59) + "\r\n"
	if !strings.Contains(file, want) {
		t.Errorf("lines are not filled to 75 octets:\n%s", file)
	}
}

func TestALongText(t *testing.T) {
	t.Parallel()
	e := ab()
	e.Description = strings.TrimSpace(strings.Repeat("De raad stelt de “ontwerpbegroting” vast; zie bijlage 3, blz. 7 \\ en verder.\n", 2000))
	_, calendar := readBack(t, "Raad", e)
	if got := text(t, calendar.Events()[0].Props, ical.PropDescription); got != e.Description {
		t.Error("the long text is not read back")
	}
}

func TestHostileTextStaysText(t *testing.T) {
	t.Parallel()
	for _, hostile := range []string{
		"a\r\nATTACH:https://evil.example/x", "a\nEND:VEVENT\nBEGIN:VEVENT", "a\rATTACH:x", "a\u2028ATTACH:x", "a\u0085ATTACH:x",
		"a\x00b", "a\x0bATTACH:x\x0c", "\r\n\r\n ATTACH:x", `a\nATTACH:x`, `a\`, `;,:"\`, "\xff\xfe\r\nATTACH:x", "a\"\r\nATTACH:x;b:c",
		strings.Repeat("\r\n", 100) + "x", "a\r\n\tATTACH:x", "\x1b[31mred", "a\x7fb",
	} {
		e := ab()
		e.UID, e.Summary, e.Description, e.Location, e.Organiser = "u"+hostile, hostile, hostile, hostile, hostile
		_, calendar := readBack(t, hostile, e)
		events := calendar.Events()
		if len(events) != 1 {
			t.Fatalf("%q: got %d events", hostile, len(events))
		}
		names := []string{
			"CLASS", "DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "LAST-MODIFIED", "LOCATION", "ORGANIZER", "SEQUENCE", "STATUS",
			"SUMMARY", "UID", "URL",
		}
		var got []string
		for name := range events[0].Props {
			got = append(got, name)
		}
		slices.Sort(got)
		if !slices.Equal(got, names) {
			t.Errorf("%q: got properties %q", hostile, got)
		}
		if s := text(t, events[0].Props, ical.PropSummary); s != clean(hostile) {
			t.Errorf("%q: read back as %q", hostile, s)
		}
	}
}

func TestOrganiser(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"griffie@hillegom.nl":                     "ORGANIZER:mailto:griffie@hillegom.nl",
		"Griffie Hillegom":                        "ORGANIZER;CN=Griffie Hillegom:invalid:nomail",
		`"Vos, H. de" <h.devos@heemstede.nl>`:     `ORGANIZER;CN="Vos, H. de":mailto:h.devos@heemstede.nl`,
		`De "griffie"; Hillegom`:                  `ORGANIZER;CN="De 'griffie'; Hillegom":invalid:nomail`,
		`"a b"@hillegom.nl`:                       `ORGANIZER;CN='a b'@hillegom.nl:invalid:nomail`,
		"Griffie\r\nATTACH:x <griffie@leiden.nl>": `ORGANIZER;CN="Griffie ATTACH:x <griffie@leiden.nl>":invalid:nomail`,
	} {
		e := ab()
		e.Organiser = in
		file, _ := readBack(t, "Raad", e)
		if !strings.Contains(strings.ReplaceAll(file, "\r\n ", ""), "\r\n"+want+"\r\n") {
			t.Errorf("%q: no line %q in\n%s", in, want, file)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Event){
		"no uid":              func(e *Event) { e.UID = "" },
		"blank uid":           func(e *Event) { e.UID = "\r\n" },
		"no start":            func(e *Event) { e.Start = time.Time{} },
		"no stamp":            func(e *Event) { e.Stamp = time.Time{} },
		"end before start":    func(e *Event) { e.End = e.Start.Add(-time.Minute) },
		"end at start":        func(e *Event) { e.End = e.Start },
		"script address":      func(e *Event) { e.URL = "javascript:alert(1)" },
		"address with breaks": func(e *Event) { e.URL = "https://regiogriffie.nl/\r\nATTACH:x" },
		"own path":            func(e *Event) { e.URL = "/vergaderingen/1" },
	} {
		e := ab()
		change(&e)
		if file, err := Calendar("Raad", ab(), e); err == nil {
			t.Errorf("%s: got\n%s", name, file)
		}
	}
}

func TestManyEventsShareOneTimeZone(t *testing.T) {
	t.Parallel()
	events := make([]Event, 500)
	for i := range events {
		events[i] = ab()
		events[i].UID = fmt.Sprintf("%d@regiogriffie.nl", i)
	}
	file, calendar := readBack(t, "Raad", events...)
	if len(calendar.Events()) != 500 || strings.Count(file, "BEGIN:VTIMEZONE") != 1 {
		t.Errorf("got %d events, %d time zones", len(calendar.Events()), strings.Count(file, "BEGIN:VTIMEZONE"))
	}
}
