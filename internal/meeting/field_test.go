package meeting_test

import (
	"testing"
	"time"

	"regiogriffie/internal/field/fieldtest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
)

func TestEveryFieldOfAMeetingIsKept(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hillegom")
	full := func(mark string, days int) meeting.Draft {
		start := proposaltest.At.AddDate(0, 0, days).Truncate(time.Hour)
		end := start.Add(3 * time.Hour)
		return fieldtest.Full[meeting.Draft](t, mark, map[string]any{
			"kind": meeting.KickoffDay, "bodies": []id.Body{here.Body}, "orgs": nil, "starts_at": &start, "ends_at": &end,
			"online_url": "https://kijk.voorbeeld.nl/" + mark, "signed": false, "version": 0,
		})
	}
	apart := map[string]string{
		"bodies": "an organiser of its own", "orgs": "an organiser of its own", "agreed_with": "kept with the organiser for whom nobody acts",
		"signed": "kept with the request", "reason": "said of a move", "version": "counts",
	}
	first := full("Eerst", 30)
	made := create(t, tx, here.Clerk, first)
	fieldtest.Kept(t, "Create", first, made, apart)
	then := full("Daarna", 40)
	then.Version, then.MadeUp = made.Version, made.MadeUp
	revised, err := meeting.Revise(t.Context(), tx, here.Clerk, made.ID, then)
	if err != nil {
		t.Fatal(err)
	}
	fieldtest.Kept(t, "Revise", then, revised, apart)
	found, err := meeting.Find(t.Context(), tx, here.Clerk, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	fieldtest.Kept(t, "Find", then, found, apart)
}

func TestEveryFieldOfAnItemIsKept(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hillegom")
	m := create(t, tx, here.Clerk, draft(here))
	sections, _ := agendaOf(t, tx, here.Clerk, m.Slug)
	full := func(mark string, count int, s meeting.Section, closed bool) meeting.ItemDraft {
		d := fieldtest.Full[meeting.ItemDraft](t, mark, map[string]any{
			"section_id": s.ID, "treatment": proposal.Decisive, "debate_kind": "consent", "portfolio_holders": []proposal.Holder{{Name: mark, Capacity: "DB"}},
			"minutes": &count, "closed_for": nil, "ground": "5.1.2.b", "version": 0,
		})
		if d.Closed = closed; closed {
			d.ClosedFor = []id.Body{here.Body}
		}
		return d
	}
	apart := map[string]string{"title": "=matter_title", "version": "counts"}
	if sections[0].ID == sections[len(sections)-1].ID {
		t.Fatal("the agenda has one part only")
	}
	first := full("Eerst", 11, sections[0], true)
	key := add(t, tx, here.Clerk, m, sections[0].Letter, first)
	item := func() meeting.Item {
		t.Helper()
		_, items := agendaOf(t, tx, here.Clerk, m.Slug)
		for _, i := range items {
			if i.Key == key {
				return i
			}
		}
		t.Fatal("the item is gone")
		return meeting.Item{}
	}
	fieldtest.Kept(t, "AddItem", first, item(), apart)
	then := full("Daarna", 12, sections[len(sections)-1], true)
	then.Version = item().Version
	if err := meeting.ReviseItem(t.Context(), tx, here.Clerk, m.ID, key, then); err != nil {
		t.Fatal(err)
	}
	fieldtest.Kept(t, "ReviseItem", then, item(), apart)
}
