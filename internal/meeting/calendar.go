package meeting

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/ical"
	"regiogriffie/internal/postgres"
)

// Entry is a meeting as a calendar shows it. It holds nothing of the agenda.
type Entry struct {
	Row
	OnlineURL string
	Sequence  int
	UpdatedAt time.Time
}

// EntryOf is the meeting with who holds it, for a calendar.
func EntryOf(m Meeting, organisers []Organiser) Entry {
	return Entry{
		Row: Row{
			ID: m.ID, Slug: m.Slug, Kind: m.Kind, Title: m.Title, StartsAt: m.StartsAt, EndsAt: m.EndsAt, Location: m.Location,
			Open: m.Open, State: m.State, Published: m.Published(), MadeUp: m.MadeUp, Organisers: organisers,
		},
		OnlineURL: m.OnlineURL, Sequence: m.Sequence, UpdatedAt: m.UpdatedAt,
	}
}

// Event is the entry for whatever calendar file: one UID throughout its life, so that an invitation, a change and a
// cancellation by mail meet what someone took from the page or a feed. Address is that of the page of the meeting.
func (e Entry) Event(address string) ical.Event {
	var orgs []string
	for _, o := range e.Organisers {
		if !slices.Contains(orgs, o.OrgName) {
			orgs = append(orgs, o.OrgName)
		}
	}
	event := ical.Event{
		UID: string(e.ID) + "@regiogriffie", Summary: e.FullName(), Location: cmp.Or(e.Location, e.OnlineURL), URL: address,
		Start: e.StartsAt, End: e.EndsAt, Sequence: e.Sequence, Modified: e.UpdatedAt, Stamp: e.UpdatedAt,
		Cancelled: e.State == Cancelled, Private: !e.Open, Organiser: strings.Join(orgs, ", "),
	}
	lines := []string{"Agenda en stukken: " + address}
	if e.Kind.Event() {
		lines[0] = "Meer over de bijeenkomst: " + address
	}
	if e.OnlineURL != "" {
		lines = append(lines, "Volg online: "+e.OnlineURL)
	}
	if !e.Open {
		lines = append([]string{"Besloten vergadering."}, lines...)
	}
	if event.Cancelled {
		event.Summary = "Gaat niet door: " + event.Summary // not every program shows the status
		lines = append([]string{"Deze vergadering gaat niet door."}, lines...)
	}
	if e.MadeUp {
		lines = append(lines, "Verzonnen voorbeeld.")
	}
	event.Description = strings.Join(lines, "\n")
	return event
}

// calendarMost is how many meetings a feed holds.
const calendarMost = 1000

// Calendar asks for the meetings of an organisation, or of one of its bodies when body is not empty, for a feed: those of the
// past year and all to come that the actor may see, up to 1,000, the next ones before those that have been. Cancelled ones stay;
// a concept is no meeting yet.
func Calendar(dst *[]Entry, actor access.Actor, organisation, body string) postgres.Query {
	return postgres.AllInto(dst, `select * from (select `+RowColumns+`, m.online_url, m.sequence, m.updated_at from meetings m
		where m.state <> 'concept' and m.starts_at >= @since and `+access.Seen("m")+`
		  and m.id in (select mo.meeting_id from meeting_organisers mo
		    where mo.organisation_id = (select id from organisations where key = @org)
		      and (@body = '' or mo.body_id = (select id from bodies where key = @body)))
		order by m.starts_at < @at, case when m.starts_at >= @at then m.starts_at end, m.starts_at desc,
		  m.id`+postgres.Limit(calendarMost)+`) x order by starts_at, id`,
		postgres.Args{"org": organisation, "body": body, "at": actor.At, "since": actor.At.AddDate(-1, 0, 0)}.As(actor))
}
