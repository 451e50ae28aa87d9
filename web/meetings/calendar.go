package meetings

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"regiogriffie/internal/fault"
	"regiogriffie/internal/ical"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// feedEvery is how often calendar programs are asked to come back.
const feedEvery = time.Hour

// Calendar is the meeting as a calendar file. It holds no titles of items.
func (p Pages) Calendar(w http.ResponseWriter, r *http.Request) error {
	var m meeting.Meeting
	var organisers []meeting.Organiser
	actor, slug := request.Actor(r), request.Key(r, "meeting")
	if err := postgres.Read(r.Context(), p.DB, meeting.BySlug(&m, actor, slug), meeting.OrganisersAt(&organisers, actor, slug)); err != nil {
		return err
	}
	event := p.event(meeting.EntryOf(m, organisers))
	calendar, err := ical.Calendar(event.Summary, event)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return respond.Calendar(w, m.Slug, calendar)
}

// OrganisationCalendar is the feed of all meetings of an organisation.
func (p Pages) OrganisationCalendar(w http.ResponseWriter, r *http.Request) error {
	var o partner.Organisation
	var entries []meeting.Entry
	actor, key := request.Actor(r), request.Key(r, "organisation")
	err := postgres.Read(r.Context(), p.DB, partner.OrganisationInto(&o, actor, key), meeting.Calendar(&entries, actor, key, ""))
	if err != nil {
		return err
	}
	return p.feed(w, r, o.Key, o.Name(), entries)
}

// BodyCalendar is the feed of the meetings of one body.
func (p Pages) BodyCalendar(w http.ResponseWriter, r *http.Request) error {
	var o partner.Organisation
	var b partner.Body
	var entries []meeting.Entry
	actor, org, body := request.Actor(r), request.Key(r, "organisation"), request.Key(r, "body")
	if body == "" {
		return fault.NotFound
	}
	err := postgres.Read(r.Context(), p.DB, partner.OrganisationInto(&o, actor, org), partner.BodyInto(&b, actor, body),
		meeting.Calendar(&entries, actor, org, body))
	if err != nil {
		return err
	}
	if b.OrganisationID != o.ID {
		return fault.NotFound
	}
	return p.feed(w, r, b.Key, b.Name+" "+o.Name(), entries)
}

func (p Pages) event(e meeting.Entry) ical.Event { return e.Event(p.BaseURL + path.Meeting(e.Slug)) }

// feed answers 304 to who has the same bytes already. A date alone does not earn it: when a meeting leaves the feed, the
// newest that is left may be older.
func (p Pages) feed(w http.ResponseWriter, r *http.Request, file, name string, entries []meeting.Entry) error {
	var newest time.Time
	events := make([]ical.Event, len(entries))
	for i, e := range entries {
		events[i] = p.event(e)
		if e.UpdatedAt.After(newest) {
			newest = e.UpdatedAt
		}
	}
	calendar, err := ical.Feed(name, feedEvery, events...)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(calendar)
	tag := `W/"` + hex.EncodeToString(sum[:16]) + `"` // weak: it may be sent compressed
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "private, no-cache")
	if !newest.IsZero() {
		w.Header().Set("Last-Modified", newest.UTC().Format(http.TimeFormat))
	}
	if hasTag(r, tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return respond.Calendar(w, file, calendar)
}

func hasTag(r *http.Request, tag string) bool {
	for _, line := range r.Header.Values("If-None-Match") {
		for known := range strings.SplitSeq(line, ",") {
			if known = strings.TrimSpace(known); known == "*" || strings.TrimPrefix(known, "W/") == strings.TrimPrefix(tag, "W/") {
				return true
			}
		}
	}
	return false
}
