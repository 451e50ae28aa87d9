// Package ical writes calendar files (RFC 5545) that a calendar shows or follows, and the invitations that it answers
// (RFC 5546).
package ical

import (
	"bytes"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	ical "github.com/emersion/go-ical"

	"regiogriffie/internal/dutch"
)

// Event is one entry in a calendar. UID, Start and Stamp are required; the rest may be empty. Modified and a higher
// Sequence tell a calendar that it changed. Organiser is a mail address, a name with an address, or a bare name. Private
// asks of a calendar that is shared with others to show them no more than that there is something.
type Event struct {
	UID, Summary, Description, Location, URL string
	Start, End                               time.Time
	Sequence                                 int
	Modified, Stamp                          time.Time
	Cancelled, Private                       bool
	Organiser                                string
}

// maxLine is the number of octets that a line may have, its line break not counted.
const maxLine = 75

// Calendar returns the file of a calendar with METHOD:PUBLISH, also when it holds no events. Texts may hold anything:
// what would break a line is escaped or left out. An event without UID, start or stamp is an error, and so are an end
// that is not after the start and an address that is not on the web.
func Calendar(name string, events ...Event) ([]byte, error) {
	calendar, err := named("PUBLISH", name)
	if err != nil {
		return nil, err
	}
	return written(calendar, events)
}

// Feed returns the file of a calendar that programs come back for, as Calendar does; every says how often is soon enough.
func Feed(name string, every time.Duration, events ...Event) ([]byte, error) {
	calendar, err := named("PUBLISH", name)
	if err != nil {
		return nil, err
	}
	interval := ical.NewProp(ical.PropRefreshInterval)
	interval.SetValueType(ical.ValueDuration)
	interval.Value = "PT" + strconv.Itoa(int(every.Minutes())) + "M"
	calendar.Props.Set(interval)
	setRaw(calendar.Props, "X-PUBLISHED-TTL", interval.Value) // what Outlook reads instead of REFRESH-INTERVAL
	return written(calendar, events)
}

func named(method, name string) (*ical.Calendar, error) {
	zone, err := amsterdam()
	if err != nil {
		return nil, err
	}
	calendar := ical.NewCalendar()
	setRaw(calendar.Props, ical.PropVersion, "2.0")
	setRaw(calendar.Props, ical.PropProductID, "-//Regiogriffie//Regiogriffie//NL")
	setRaw(calendar.Props, ical.PropCalendarScale, "GREGORIAN")
	setRaw(calendar.Props, ical.PropMethod, method)
	setText(calendar.Props, ical.PropName, name)
	setText(calendar.Props, "X-WR-CALNAME", name) // what Outlook and Apple read instead of NAME
	calendar.Children = append(calendar.Children, zone)
	return calendar, nil
}

func written(calendar *ical.Calendar, events []Event) ([]byte, error) {
	for _, event := range events {
		component, err := event.component()
		if err != nil {
			return nil, fmt.Errorf("writing calendar event %q: %w", event.UID, err)
		}
		calendar.Children = append(calendar.Children, component)
	}
	return encoded(calendar)
}

func encoded(calendar *ical.Calendar) ([]byte, error) {
	var file bytes.Buffer
	if err := ical.NewEncoder(&folder{&file}).Encode(calendar); err != nil {
		return nil, fmt.Errorf("writing calendar: %w", err)
	}
	return file.Bytes(), nil
}

func (e Event) component() (*ical.Component, error) {
	if clean(e.UID) == "" || e.Start.IsZero() || e.Stamp.IsZero() {
		return nil, errors.New("uid, start or stamp is missing")
	}
	if !e.End.IsZero() && !e.End.After(e.Start) {
		return nil, errors.New("the end is not after the start")
	}
	event := ical.NewComponent(ical.CompEvent)
	setText(event.Props, ical.PropUID, e.UID)
	setText(event.Props, ical.PropSummary, e.Summary)
	setText(event.Props, ical.PropDescription, e.Description)
	setText(event.Props, ical.PropLocation, e.Location)
	setRaw(event.Props, ical.PropSequence, strconv.Itoa(max(e.Sequence, 0)))
	event.Props.SetDateTime(ical.PropDateTimeStamp, e.Stamp.UTC())
	if !e.Modified.IsZero() {
		event.Props.SetDateTime(ical.PropLastModified, e.Modified.UTC())
	}
	setTimes(event.Props, e.Start, e.End)
	status := "CONFIRMED"
	if e.Cancelled {
		status = "CANCELLED"
	}
	setRaw(event.Props, ical.PropStatus, status)
	class := "PUBLIC"
	if e.Private {
		class = "PRIVATE"
	}
	setRaw(event.Props, ical.PropClass, class)
	if e.URL != "" {
		u, err := url.Parse(e.URL)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return nil, errors.New("the address is not on the web")
		}
		setRaw(event.Props, ical.PropURL, u.String())
	}
	setOrganiser(event.Props, e.Organiser)
	return event, nil
}

// setTimes writes the hours of Amsterdam, or of UTC in the hour that comes twice in October: a local time there means the
// first (RFC 5545, 3.3.5), but not every program knows, and the second has no other name.
func setTimes(props ical.Props, start, end time.Time) {
	start, end = start.Truncate(time.Second).In(dutch.Zone), end.Truncate(time.Second).In(dutch.Zone)
	if comesTwice(start) || comesTwice(end) {
		start, end = start.UTC(), end.UTC()
	}
	props.SetDateTime(ical.PropDateTimeStart, start)
	if !end.IsZero() {
		props.SetDateTime(ical.PropDateTimeEnd, end)
	}
}

func comesTwice(t time.Time) bool {
	return t.Add(-time.Hour).Hour() == t.Hour() || t.Add(time.Hour).Hour() == t.Hour()
}

// setOrganiser leaves out what is empty. PUBLISH wants an organiser with an address; for a bare name there is none.
func setOrganiser(props ical.Props, organiser string) {
	name := oneLine(organiser)
	if name == "" {
		return
	}
	prop := ical.NewProp(ical.PropOrganizer)
	prop.Value = "invalid:nomail"
	if a, err := mail.ParseAddress(name); err == nil && isMailbox(a.Address) {
		prop.Value = mailto(a.Address)
		name = oneLine(a.Name)
	}
	setCommonName(prop, name)
	props.Set(prop)
}

// inParameter: a parameter cannot hold a quote, and some programs read a line break in a backslash or a caret (RFC 6868).
var inParameter = strings.NewReplacer(`"`, "'", `\`, "/", "^", "'")

// setCommonName writes the name of a party.
func setCommonName(prop *ical.Prop, name string) {
	if name = oneLine(name); name != "" {
		prop.Params.Set(ical.ParamCommonName, inParameter.Replace(name))
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

func setText(props ical.Props, name, text string) {
	if text = clean(text); text != "" {
		prop := ical.NewProp(name)
		prop.SetText(text)
		prop.Params.Del(ical.ParamValue) // go-ical names the type of what it does not know, as of X-WR-CALNAME
		props.Set(prop)
	}
}

func setRaw(props ical.Props, name, value string) {
	prop := ical.NewProp(name)
	prop.Value = value
	props.Set(prop)
}

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n", "\t", " ")

// clean makes every kind of line break a \n, which go-ical escapes, and drops other control characters.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "�")
	s = lineBreaks.Replace(s)
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s))
}

// folder breaks a line longer than 75 octets, between characters. The encoder writes one line at a time.
type folder struct {
	file *bytes.Buffer
}

func (f *folder) Write(line []byte) (int, error) {
	size, room := len(line), maxLine
	line = bytes.TrimSuffix(line, []byte("\r\n"))
	for len(line) > room {
		end := room
		for !utf8.RuneStart(line[end]) {
			end--
		}
		f.file.Write(line[:end])
		f.file.WriteString("\r\n ")
		line, room = line[end:], maxLine-1 // the space counts
	}
	f.file.Write(line)
	f.file.WriteString("\r\n")
	return size, nil
}

// amsterdamZone holds the rules since 1996, when the European Union moved the end of summer time to October.
const amsterdamZone = `BEGIN:VCALENDAR
PRODID:-//Regiogriffie//Regiogriffie//NL
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
END:VCALENDAR
`

func amsterdam() (*ical.Component, error) {
	calendar, err := ical.NewDecoder(strings.NewReader(amsterdamZone)).Decode()
	if err != nil {
		return nil, fmt.Errorf("reading the time zone: %w", err)
	}
	return calendar.Children[0], nil
}
