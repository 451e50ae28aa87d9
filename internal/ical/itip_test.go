package ical

import (
	"slices"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/ical/icaltest"
)

var (
	clerk  = Party{Name: "Griffie Hillegom", Address: "griffie@hillegom.nl"}
	member = Party{Name: `Vos, "H." de`, Address: "h.devos@heemstede.nl"}
)

// unfolded checks the lines of a file and puts them together.
func unfolded(t *testing.T, file []byte, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	checkLines(t, file)
	return strings.ReplaceAll(string(file), "\r\n ", "")
}

func TestAnInvitationAsksOneAttendeeAndACancellationTakesItBack(t *testing.T) {
	t.Parallel()
	e := ab()
	e.Organiser, e.Cancelled = "Iemand anders <ander@leiden.nl>", true
	file, err := Invite(e, clerk, member)
	request := unfolded(t, file, err)
	e.Sequence++
	file, err = Cancel(e, clerk, member)
	cancel := unfolded(t, file, err)
	for _, line := range []string{
		"UID:0190-ab@regiogriffie.nl", "ORGANIZER;CN=Griffie Hillegom:mailto:griffie@hillegom.nl", "TZID:Europe/Amsterdam",
		"TZOFFSETTO:+0200",
	} {
		if !strings.Contains(request, "\r\n"+line+"\r\n") || !strings.Contains(cancel, "\r\n"+line+"\r\n") {
			t.Errorf("no line %q in\n%s\nor\n%s", line, request, cancel)
		}
	}
	for _, line := range []string{
		"METHOD:REQUEST", "SEQUENCE:3", "STATUS:CONFIRMED",
		`ATTENDEE;CN="Vos, 'H.' de";CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:h.devos@heemstede.nl`,
	} {
		if !strings.Contains(request, "\r\n"+line+"\r\n") {
			t.Errorf("no line %q in\n%s", line, request)
		}
	}
	for _, line := range []string{
		"METHOD:CANCEL", "SEQUENCE:4", "STATUS:CANCELLED",
		`ATTENDEE;CN="Vos, 'H.' de";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT:mailto:h.devos@heemstede.nl`,
	} {
		if !strings.Contains(cancel, "\r\n"+line+"\r\n") {
			t.Errorf("no line %q in\n%s", line, cancel)
		}
	}
	if strings.Contains(request+cancel, "ander@leiden.nl") {
		t.Error("the organiser of the event is written too")
	}
}

func TestWhomItDoesNotInvite(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"", "griffie", "griffie@", "@hillegom.nl", "a@b\r\nATTACH:x", "a@b\n", "a b@c.nl", `"a b"@c.nl`, "Griffie <a@b.nl>", "a@b.nl,c@d.nl", "a@b.nl;x",
		"a@b:c", "a@.nl", "a@b..nl",
		"a@b.nl?cc=x@y.nl", "é@hillegom.nl", "a%0d@b.nl", strings.Repeat("a", 250) + "@b.nl",
	} {
		if file, err := Invite(ab(), clerk, Party{Address: address}); err == nil {
			t.Errorf("attendee %q: got\n%s", address, file)
		}
		if file, err := Cancel(ab(), Party{Address: address}, member); err == nil {
			t.Errorf("organiser %q: got\n%s", address, file)
		}
	}
	e := ab()
	e.Summary = "\r\n"
	if file, err := Invite(e, clerk, member); err == nil {
		t.Errorf("no summary: got\n%s", file)
	}
}

func TestAnAddressStaysOneAddress(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a?cc=b&d=e@f.nl": "mailto:a%3Fcc%3Db%26d%3De@f.nl", "o'brien+ab@f.nl": "mailto:o'brien%2Bab@f.nl", "a#b@f.nl": "mailto:a%23b@f.nl",
		"a_b-c.d~e@f.nl": "mailto:a_b-c.d~e@f.nl",
	} {
		if got := mailto(in); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

// TestAnotherParserReadsTheSame writes each kind of file with each of these events.
func TestAnotherParserReadsTheSame(t *testing.T) {
	t.Parallel()
	at := func(day time.Month, date, hour, minutes int) time.Time {
		return time.Date(2018, day, date, hour, minutes, 0, 0, time.UTC)
	}
	var events []Event
	add := func(change func(*Event)) {
		e := ab()
		change(&e)
		e.UID = string(rune('a'+len(events)%26)) + strings.Repeat("x", len(events)) + "@regiogriffie.nl"
		events = append(events, e)
	}
	add(func(*Event) {})
	for _, times := range [][2]time.Time{
		{at(3, 24, 19, 0), at(3, 24, 21, 0)},
		{at(3, 25, 0, 30), at(3, 25, 1, 30)},
		{at(3, 25, 8, 0), at(3, 25, 10, 0)},
		{at(3, 25, 18, 0), at(3, 25, 20, 0)},
		{at(10, 27, 18, 0), at(10, 27, 20, 0)},
		{at(10, 27, 23, 30), at(10, 28, 0, 15)},
		{at(10, 28, 1, 15), at(10, 28, 2, 30)},
		{at(10, 28, 0, 30), at(10, 28, 1, 15)},
		{at(10, 28, 8, 0), at(10, 28, 10, 0)},
		{at(10, 28, 19, 0), at(10, 28, 21, 0)},
		{at(1, 15, 19, 0), at(1, 15, 21, 0)},
		{at(7, 15, 18, 0), at(7, 15, 20, 0)},
	} {
		add(func(e *Event) { e.Start, e.End = times[0], times[1] })
	}
	for _, hostile := range []string{
		"a\r\nATTACH:https://evil.example/x", "a\nEND:VEVENT\nBEGIN:VEVENT", "a\u2028ATTACH:x", `a\nATTACH:x`, `a\`, `;,:"\`, "a\"\r\nATTACH:x;b:c", "a^nb^'c^^d",
		"s" + strings.Repeat("aé€👩", 200), strings.Repeat("woord, ", 1500), "Burgemeester en wethouders van ’s-Gravenhage",
	} {
		add(func(e *Event) { e.Summary, e.Description, e.Location, e.Private = hostile, hostile, hostile, true })
	}

	var files [][]byte
	var want []func(icaltest.Calendar)
	expect := func(file []byte, err error, check func(icaltest.Calendar)) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		checkLines(t, file)
		files, want = append(files, file), append(want, check)
	}
	common := []string{
		"class", "description", "dtend", "dtstamp", "dtstart", "last-modified", "location", "organizer", "sequence", "status",
		"summary", "uid", "url",
	}
	same := func(kind string, e Event, got icaltest.Event, status string, names []string) {
		t.Helper()
		for _, c := range []struct {
			field     string
			got, want any
		}{
			{"uid", got.UID, e.UID},
			{"summary", got.Summary, clean(e.Summary)},
			{"description", got.Description, clean(e.Description)},
			{"location", got.Location, clean(e.Location)},
			{"url", got.URL, e.URL},
			{"sequence", got.Sequence, e.Sequence},
			{"start", got.Start, e.Start.Unix()},
			{"end", got.End, e.End.Unix()},
			{"stamp", got.Stamp, e.Stamp.Unix()},
			{"modified", got.Modified, e.Modified.Unix()},
			{"status", got.Status, status},
			{"class", got.Class, map[bool]string{false: "PUBLIC", true: "PRIVATE"}[e.Private]},
		} {
			if c.got != c.want {
				t.Errorf("%s of %s: %s is %v, want %v (starts %s in %s)", kind, e.UID, c.field, c.got, c.want, got.StartLocal, got.StartZone)
			}
		}
		if !slices.Equal(got.Names, names) {
			t.Errorf("%s of %s: properties %q", kind, e.UID, got.Names)
		}
	}
	for _, e := range events {
		file, err := Calendar(e.Summary, e)
		expect(file, err, func(c icaltest.Calendar) {
			if c.Method != "PUBLISH" || len(c.Events) != 1 {
				t.Fatalf("single of %s: method %s, %d events", e.UID, c.Method, len(c.Events))
			}
			same("single", e, c.Events[0], "CONFIRMED", common)
			if (c.Events[0].Organiser != icaltest.Party{Address: "mailto:griffie@hillegom.nl", Name: "Griffie Hillegom"}) {
				t.Errorf("organiser of %s: %+v", e.UID, c.Events[0].Organiser)
			}
		})
		to := Party{Name: e.Summary, Address: member.Address}
		invited := append(slices.Clone(common), "attendee")
		slices.Sort(invited)
		name := strings.NewReplacer(`"`, "'", `\`, "/", "^", "'").Replace(oneLine(e.Summary))
		update := e
		update.Sequence++
		update.Start, update.End = e.Start.Add(24*time.Hour), e.End.Add(24*time.Hour)
		for _, each := range []Event{e, update} {
			file, err = Invite(each, clerk, to)
			expect(file, err, func(c icaltest.Calendar) {
				if c.Method != "REQUEST" || len(c.Events) != 1 || len(c.Events[0].Attendees) != 1 {
					t.Fatalf("request of %s: %+v", e.UID, c)
				}
				same("request", each, c.Events[0], "CONFIRMED", invited)
				if got, want := c.Events[0].Attendees[0],
					(icaltest.Party{Address: "mailto:" + member.Address, Name: name, RSVP: "TRUE", Status: "NEEDS-ACTION", Role: "REQ-PARTICIPANT"}); got != want {
					t.Errorf("attendee of %s: %+v, want %+v", e.UID, got, want)
				}
			})
		}
		update.Sequence++
		file, err = Cancel(update, clerk, to)
		expect(file, err, func(c icaltest.Calendar) {
			if c.Method != "CANCEL" || len(c.Events) != 1 || len(c.Events[0].Attendees) != 1 {
				t.Fatalf("cancel of %s: %+v", e.UID, c)
			}
			same("cancel", update, c.Events[0], "CANCELLED", invited)
			if got := c.Events[0].Organiser; got.Address != "mailto:"+clerk.Address || got.Name != clerk.Name {
				t.Errorf("organiser of %s: %+v", e.UID, got)
			}
		})
	}
	file, err := Feed("Raad Hillegom", 4*time.Hour, events...)
	expect(file, err, func(c icaltest.Calendar) {
		if c.Method != "PUBLISH" || c.Name != "Raad Hillegom" || c.Refresh != "PT240M" && c.Refresh != "PT4H" || c.TTL != "PT240M" || len(c.Events) != len(events) {
			t.Fatalf("feed: %s %q %s %s, %d events", c.Method, c.Name, c.Refresh, c.TTL, len(c.Events))
		}
		for i, e := range events {
			same("feed", e, c.Events[i], "CONFIRMED", common)
		}
	})
	for i, c := range icaltest.Read(t, files...) {
		want[i](c)
	}
	t.Logf("%d files read", len(files))
}
