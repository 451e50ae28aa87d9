package mails

import (
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/ical"
	"regiogriffie/internal/meeting"
)

func TestACallAsksAndACancellationTakesAwayUnderOneUID(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 12, 3, 19, 0, 0, 0, time.UTC)
	m := meeting.Meeting{ID: "0190-m", Kind: meeting.Council, StartsAt: start, EndsAt: start.Add(time.Hour), Open: true, State: meeting.Convened, Sequence: 1, UpdatedAt: start}
	organisers := []meeting.Organiser{{OrgName: "Heemstede", BodyName: "Raad"}}
	from, to := ical.Party{Name: "Heemstede", Address: "griffie@heemstede.example"}, ical.Party{Name: "L. Kennemer", Address: "raadslid@heemstede.example"}
	holds := func(entry []byte, parts ...string) {
		t.Helper()
		flat := strings.ReplaceAll(string(entry), "\r\n ", "")
		for _, part := range parts {
			if !strings.Contains(flat, part) {
				t.Errorf("%q is not in\n%s", part, flat)
			}
		}
	}
	event := meeting.EntryOf(m, organisers).Event("https://regio.example/vergaderingen/x")
	for _, kind := range []string{meeting.TellConvened, meeting.TellMoved} {
		entry, method := calendar(kind, event, from, to)
		if method != "REQUEST" {
			t.Errorf("%s goes as %q", kind, method)
		}
		holds(entry, "METHOD:REQUEST", "UID:0190-m@regiogriffie", "mailto:raadslid@heemstede.example", "mailto:griffie@heemstede.example", "SEQUENCE:1")
	}
	m.State, m.Sequence = meeting.Cancelled, 2
	entry, method := calendar(meeting.TellCancelled, meeting.EntryOf(m, organisers).Event("https://regio.example/vergaderingen/x"), from, to)
	if method != "CANCEL" {
		t.Errorf("a cancellation goes as %q", method)
	}
	holds(entry, "METHOD:CANCEL", "UID:0190-m@regiogriffie", "SEQUENCE:2", "STATUS:CANCELLED")
}

func TestWithoutAnAddressALetterGoesWithoutACalendarEntry(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 12, 3, 19, 0, 0, 0, time.UTC)
	event := meeting.EntryOf(meeting.Meeting{ID: "0190-m", Kind: meeting.Council, StartsAt: start, EndsAt: start.Add(time.Hour), UpdatedAt: start}, nil).Event("https://regio.example/x")
	if entry, method := calendar(meeting.TellConvened, event, ical.Party{}, ical.Party{Address: "raadslid@heemstede.example"}); entry != nil || method != "" {
		t.Errorf("got %s %s", method, entry)
	}
}
