package meeting_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/proposal/proposaltest"
)

// Who prepares and convenes, without a database: also for an organiser without a body, and once a meeting is over or off.
func TestWhoPreparesAndWhoConvenes(t *testing.T) {
	t.Parallel()
	const (
		here, there id.Organisation = "o1", "o2"
		council     id.Body         = "b1"
	)
	as := func(r access.Role, org id.Organisation, body id.Body) access.Actor {
		return access.Actor{At: proposaltest.At, Grants: []access.Grant{{Role: r, Organisation: org, Body: body}}}
	}
	people := []struct {
		name  string
		actor access.Actor
	}{
		{"griffier", as(access.Clerk, here, council)},
		{"medewerker", as(access.ClerkStaff, here, council)},
		{"griffier-commissie", as(access.Clerk, here, "b2")},
		{"medewerker-commissie", as(access.ClerkStaff, here, "b2")},
		{"secretaris", as(access.Secretary, here, "")},
		{"raadslid", as(access.Member, here, council)},
		{"steller", as(access.Author, here, "")},
		{"griffier-daar", as(access.Clerk, there, "b3")},
		{"medewerker-daar", as(access.ClerkStaff, there, "b3")},
		{"secretaris-daar", as(access.Secretary, there, "")},
		{"beheerder", as(access.Admin, "", "")},
		{"publiek", access.Actor{At: proposaltest.At}},
	}
	body, whole := []meeting.Organiser{{OrganisationID: here, BodyID: council}}, []meeting.Organiser{{OrganisationID: here}}
	of := func(s meeting.State, hours int, published bool) meeting.Meeting {
		m := meeting.Meeting{State: s, Open: true, StartsAt: proposaltest.At, EndsAt: proposaltest.At}
		m.StartsAt, m.EndsAt = m.StartsAt.Add(time.Duration(hours)*time.Hour), m.EndsAt.Add(time.Duration(hours+1)*time.Hour)
		if published {
			m.PublishedAt = &proposaltest.At
		}
		return m
	}
	ahead, cancelled, over := of(meeting.Planned, 24, false), of(meeting.Cancelled, 24, true), of(meeting.Convened, -24, true)
	begun, before := of(meeting.Convened, 0, true), of(meeting.Convened, 24, true)
	compose := func(m meeting.Meeting, o []meeting.Organiser) func(access.Actor) bool {
		return func(a access.Actor) bool { return meeting.CanCompose(a, m, o) }
	}
	convene := func(m meeting.Meeting, o []meeting.Organiser) func(access.Actor) bool {
		return func(a access.Actor) bool { return meeting.CanConvene(a, m, o) }
	}
	record := func(m meeting.Meeting, o []meeting.Organiser) func(access.Actor) bool {
		return func(a access.Actor) bool { return meeting.CanRecordDecision(a, m, o[0]) }
	}
	// What another griffie wrote down for a body is not its own word.
	written := []meeting.Organiser{{OrganisationID: here, BodyID: council, AgreedWith: "de voorzitter"}}
	speak := func(m meeting.Meeting, o []meeting.Organiser) func(access.Actor) bool {
		return func(a access.Actor) bool { return meeting.CanSpeakFor(a, m, o[0]) }
	}
	takeOff := func(o []meeting.Organiser) func(access.Actor) bool {
		return func(a access.Actor) bool { return meeting.CanTakeOff(a, o[0]) }
	}
	open := func(bodies ...id.Body) func(access.Actor) bool {
		return func(a access.Actor) bool { return meeting.CanOpen(a, bodies) }
	}
	event := func(hours int) meeting.Meeting {
		m := of(meeting.Planned, hours, true)
		m.Kind = meeting.InformationEvening
		return m
	}
	everyone := ""
	for _, p := range people {
		everyone += " " + p.name
	}
	final := func(m meeting.Meeting, o []meeting.Organiser) func(access.Actor) bool {
		return func(a access.Actor) bool { return meeting.CanPublishDecision(a, m, o[0]) }
	}
	for _, c := range []struct {
		what string
		can  func(access.Actor) bool
		may  string
	}{
		{"make one", meeting.CanCreate, "griffier medewerker griffier-commissie medewerker-commissie secretaris griffier-daar medewerker-daar secretaris-daar"},
		{"compose", compose(ahead, body), "griffier medewerker"},
		{"compose an event", compose(ahead, whole), "griffier medewerker griffier-commissie medewerker-commissie secretaris"},
		{"compose what is off", compose(cancelled, body), ""},
		{"compose what is over", compose(over, body), ""},
		{"convene", convene(ahead, body), "griffier"},
		{"convene an event", convene(ahead, whole), "griffier griffier-commissie secretaris"},
		{"convene what is off", convene(cancelled, body), ""},
		{"convene what is over", convene(over, body), ""},
		{"compose by what was written down", compose(ahead, written), ""},
		{"convene by what was written down", convene(ahead, written), ""},
		{"record by what was written down", record(begun, written), ""},
		{"speak for a body", speak(ahead, body), "griffier"},
		{"speak for what was written down", speak(ahead, written), "griffier"},
		{"speak for an organisation", speak(ahead, whole), "griffier griffier-commissie secretaris"},
		{"speak for a body after the call", speak(before, body), ""},
		{"speak for a body when it is off", speak(of(meeting.Cancelled, 24, false), body), ""},
		{"speak for an organisation before an event", speak(event(24), whole), "griffier griffier-commissie secretaris"},
		{"speak for an organisation after an event", speak(event(-24), whole), ""},
		{"take off who gave its word", takeOff(body), "griffier medewerker"},
		{"take off what was written down", takeOff(written), everyone},
		{"open what is closed for a body", open(council), "griffier medewerker"},
		{"open what is closed for two", open(council, "b3"), ""},
		{"record", record(begun, body), "griffier medewerker"},
		{"record afterwards", record(over, body), "griffier medewerker"},
		{"record before", record(before, body), ""},
		{"record without a body", record(begun, whole), ""},
		{"record what was not convened", record(of(meeting.Planned, 0, false), body), ""},
		{"publish a decision", final(begun, body), "griffier"},
		{"publish one before", final(before, body), ""},
	} {
		var who []string
		for _, p := range people {
			if c.can(p.actor) {
				who = append(who, p.name)
			}
		}
		want := strings.Fields(c.may)
		slices.Sort(who)
		slices.Sort(want)
		if !slices.Equal(who, want) {
			t.Errorf("%s: %v may, want %v", c.what, who, want)
		}
	}
}
