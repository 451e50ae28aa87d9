package meeting_test

import (
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/field"
	"regiogriffie/internal/field/fieldtest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
)

// apart are the fields of a draft that are no field of the meeting.
var apart = map[string]string{
	"signed":  "it is said of the act: how the others are asked",
	"reason":  "it is said of the act, and kept as the reason of the move; see TestWhatARevisionMakesOfAMeeting",
	"version": "it is that of what was changed",
}

// filled are a conference of which everything is known, and a closed meeting of which nothing is but what it must have.
func filled(t *testing.T, here, other, third proposaltest.Place) (full, least meeting.Draft) {
	t.Helper()
	start := proposaltest.At.AddDate(0, 0, 30).Truncate(time.Hour)
	end := start.Add(3 * time.Hour)
	full = fieldtest.Full[meeting.Draft](t, "Eerst", map[string]any{
		"kind": meeting.Conference, "bodies": []id.Body{here.Body, other.Body}, "orgs": []id.Organisation{third.ID}, "starts_at": &start, "ends_at": &end,
		"online_url": "https://meekijken.voorbeeld.nl/1", "signed": false, "reason": "", "version": 0,
	})
	later, until := start.AddDate(0, 0, 1), end.AddDate(0, 0, 1)
	return full, meeting.Draft{Kind: meeting.Council, Bodies: []id.Body{here.Body}, StartsAt: &later, EndsAt: &until}
}

func TestEveryFieldOfAMeetingIsKept(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, other, third := proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Elders"), proposaltest.NewPlace(t, tx, "Verder")
	full, least := filled(t, here, other, third)
	kept := func(act string, want meeting.Draft, m meeting.Meeting, apart map[string]string) {
		t.Helper()
		found, organisers, err := meeting.FindWhole(t.Context(), tx, here.Clerk, m.ID)
		if err != nil {
			t.Fatalf("%v: a field of Meeting needs a column of its name, by a file in migrations", err)
		}
		again := field.Values(meeting.DraftOf(found, organisers))
		fieldtest.Kept(t, act, "on and DraftOf, in internal/meeting/meeting.go,", want, fieldtest.Found(nil, again), apart)
	}
	for _, c := range []struct {
		what            string
		made, revisedTo meeting.Draft
	}{{"with every field", least, full}, {"with nothing but what it must have", full, least}} {
		m := create(t, tx, here.Clerk, c.made)
		kept("Create", c.made, m, apart)
		c.revisedTo.Version = m.Version
		revised, err := meeting.Revise(t.Context(), tx, here.Clerk, m.ID, c.revisedTo)
		if err != nil {
			t.Fatal(err)
		}
		kept("Revise "+c.what, c.revisedTo, revised, with(apart, "made_up", "that it is for practice is said when it is made"))
	}
}

func with(apart map[string]string, more ...string) map[string]string {
	all := map[string]string{more[0]: more[1]}
	for name, why := range apart {
		all[name] = why
	}
	return all
}

func TestEveryFieldOfAnItemIsKept(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m := create(t, tx, here.Clerk, draft(here))
	sections, _ := agendaOf(t, tx, here.Clerk, m.Slug)
	full := fieldtest.Full[meeting.ItemDraft](t, "Eerst", map[string]any{
		"section_id": sections[0].ID, "treatment": proposal.Decisive, "debate_kind": "debate", "minutes": minutes(37), "closed_for": []id.Body{here.Body},
		"portfolio_holders": []proposal.Holder{{Name: "Eerst Wethouder", Capacity: "DB"}}, "ground": "5.1.2.b", "version": 0,
	})
	least := meeting.ItemDraft{SectionID: sections[1].ID, Title: "Niets", Minutes: minutes(0), DebateKind: "none", PublicTitle: "Niets"}
	apart := map[string]string{"version": "it is that of what was changed"}
	for _, c := range []struct {
		what            string
		made, revisedTo meeting.ItemDraft
	}{{"with every field", least, full}, {"with nothing but what it must have", full, least}} {
		key, err := meeting.AddItem(t.Context(), tx, here.Clerk, m.ID, c.made)
		if err != nil {
			t.Fatalf("%v: a field of ItemDraft needs a column of its name, by a file in migrations: of agenda_item_matters, or of agenda_items where "+
				"lineFields in internal/meeting/item_store.go names it", err)
		}
		kept := func(act string, want meeting.ItemDraft) (version int) {
			t.Helper()
			for _, list := range []struct {
				ask   func(*[]meeting.Item, access.Actor, string) postgres.Query
				apart map[string]string
			}{{meeting.AgendaAt, apart}, {meeting.LinesAt, with(apart, "explanation", "the list of an agenda leaves out the long text")}} {
				var items []meeting.Item
				if err := postgres.Read(t.Context(), tx, list.ask(&items, here.Clerk, m.Slug)); err != nil {
					t.Fatalf("%v: a field of Item needs a line in lineColumns (or itemColumns and LinesAt), in internal/meeting/item_store.go", err)
				}
				for _, i := range items {
					if i.Key == key {
						version = i.Version
						found := fieldtest.Found(map[string]string{"title": "matter_title"}, field.Values(i))
						fieldtest.Kept(t, act, "Item in internal/meeting/agenda.go, and lineColumns in internal/meeting/item_store.go,", want, found, list.apart)
					}
				}
			}
			return version
		}
		c.revisedTo.Version = kept("AddItem", c.made)
		if err := meeting.ReviseItem(t.Context(), tx, here.Clerk, m.ID, key, c.revisedTo); err != nil {
			t.Fatal(err)
		}
		kept("ReviseItem "+c.what, c.revisedTo)
	}
}
