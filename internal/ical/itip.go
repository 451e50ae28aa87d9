package ical

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	ical "github.com/emersion/go-ical"
)

// Party is someone with a mail address, who invites or is invited. Name may hold anything, or be empty.
type Party struct{ Name, Address string }

// Invite returns the file that asks one attendee to an event (METHOD:REQUEST); nobody reads in it who else was asked. The
// same UID with a higher Sequence moves or changes what stands in his calendar already. Organiser and Cancelled of e are
// passed over. An address that is no plain mailbox is an error, and so is an event without summary or what Calendar refuses.
func Invite(e Event, organiser, attendee Party) ([]byte, error) {
	e.Cancelled = false
	return e.message("REQUEST", organiser, attendee)
}

// Cancel returns the file that takes an event out of the calendar of one attendee (METHOD:CANCEL). Its Sequence is higher
// than that of what it cancels. It refuses what Invite refuses.
func Cancel(e Event, organiser, attendee Party) ([]byte, error) {
	e.Cancelled = true
	return e.message("CANCEL", organiser, attendee)
}

func (e Event) message(method string, organiser, attendee Party) ([]byte, error) {
	for _, p := range []Party{organiser, attendee} {
		if !isMailbox(p.Address) {
			return nil, fmt.Errorf("writing calendar event %q: %q is no mail address", e.UID, p.Address)
		}
	}
	if clean(e.Summary) == "" {
		return nil, fmt.Errorf("writing calendar event %q: %w", e.UID, errors.New("the summary is missing"))
	}
	calendar, err := named(method, "")
	if err != nil {
		return nil, err
	}
	e.Organiser = ""
	event, err := e.component()
	if err != nil {
		return nil, fmt.Errorf("writing calendar event %q: %w", e.UID, err)
	}
	from := ical.NewProp(ical.PropOrganizer)
	from.Value = mailto(organiser.Address)
	setCommonName(from, organiser.Name)
	event.Props.Set(from)
	to := ical.NewProp(ical.PropAttendee)
	to.Value = mailto(attendee.Address)
	setCommonName(to, attendee.Name)
	to.Params.Set(ical.ParamCalendarUserType, "INDIVIDUAL")
	to.Params.Set(ical.ParamRole, "REQ-PARTICIPANT")
	if method == "REQUEST" {
		to.Params.Set(ical.ParamParticipationStatus, "NEEDS-ACTION")
		to.Params.Set(ical.ParamRSVP, "TRUE")
	}
	event.Props.Set(to)
	calendar.Children = append(calendar.Children, event)
	return encoded(calendar)
}

var mailAddress = regexp.MustCompile(`^[\w.!#$&'*+/=?^{|}~-]+@[\w-]+(\.[\w-]+)*$`)

func isMailbox(address string) bool { return len(address) <= 254 && mailAddress.MatchString(address) }

// mailto escapes what would begin another part of the address (RFC 6068): with a question mark headers would follow.
func mailto(address string) string {
	at := strings.LastIndexByte(address, '@')
	return "mailto:" + strings.ReplaceAll(url.QueryEscape(address[:at]), "%27", "'") + address[at:]
}
