package meeting_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file/filetest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
)

// acts are those on one item, by its key.
func acts(t *testing.T, db postgres.DB, by access.Actor, m meeting.Meeting, key string, d meeting.DecisionDraft) map[string]error {
	t.Helper()
	sections, items := agendaOf(t, db, by, m.Slug)
	revision := meeting.ItemDraft{SectionID: sections[1].ID, Title: "Anders", Minutes: minutes(10), Version: 1}
	for _, i := range items {
		if i.Key == key {
			revision.Version, revision.Closed, revision.Ground = i.Version, i.Closed, "5.1.2.b"
		}
	}
	_, record := meeting.RecordDecision(t.Context(), db, by, m.ID, key, d)
	_, publish := meeting.PublishDecision(t.Context(), db, by, m.ID, key, meeting.Publication{Body: d.Body, Version: 1})
	early := by
	early.At = m.StartsAt.AddDate(0, 0, -1)
	return map[string]error{
		"revise": meeting.ReviseItem(t.Context(), db, early, m.ID, key, revision),
		"attach": meeting.AttachToItem(t.Context(), db, filetest.Store(t), early, m.ID, key, filetest.Upload("stuk.pdf")),
		"record": record, "publish": publish,
		"remove": meeting.RemoveItem(t.Context(), db, early, m.ID, key),
	}
}

func TestAnItemIsReachedByItsOwnMeetingAlone(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m, key, _ := sitting(t, tx, open, here)
	other, _, _ := sitting(t, tx, open, here)
	for act, err := range acts(t, tx, during(here.Clerk, m), other, key, decides(here, m)) {
		if !errors.Is(err, fault.NotFound) {
			t.Errorf("%s by another meeting: %v, want not found", act, err)
		}
	}
	if err := meeting.Move(t.Context(), tx, here.Clerk, other.ID, key, meeting.Up); !errors.Is(err, fault.NotFound) {
		t.Errorf("move by another meeting: %v, want not found", err)
	}
	if _, items := agendaOf(t, tx, here.Clerk, m.Slug); len(items) != 1 || items[0].Dropped() || items[0].MatterTitle == "Anders" {
		t.Errorf("the item became %+v", items)
	}
}

// A griffier who prepares the meeting may see that there is a closed item, and still not what it is about.
func TestNobodyActsOnAnItemWhoseMatterHeMayNotSee(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, other := proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Elders")
	m := create(t, tx, here.Clerk, draft(here))
	key := add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "Besloten", Closed: true, Ground: "5.1.2.b"})
	m = convene(t, tx, here.Clerk, m.ID)
	asOwner(t, tx, `update agenda_item_matters x set audience_bodies = array[@body::uuid] where x.item_id = (select i.id from agenda_items i where i.key = @key)`,
		postgres.Args{"key": key, "body": other.Body})
	for act, err := range acts(t, tx, during(here.Clerk, m), m, key, decides(here, m)) {
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v, want forbidden", act, err)
		}
	}
	if _, items := agendaOf(t, tx, here.Clerk, m.Slug); len(items) != 1 || items[0].Matter || items[0].Dropped() || items[0].Title() != meeting.NeutralTitle {
		t.Errorf("the item became %+v", items)
	}
}

// asOwner does behind the program's back what no verb does.
func asOwner(t *testing.T, tx pgx.Tx, sql string, args postgres.Args) {
	t.Helper()
	if _, err := tx.Exec(t.Context(), `reset role`); err != nil {
		t.Fatal(err)
	}
	if n, err := postgres.Exec(t.Context(), tx, sql, args); err != nil || n == 0 {
		t.Fatalf("%d rows: %v", n, err)
	}
	if _, err := tx.Exec(t.Context(), `set role regiogriffie_app`); err != nil {
		t.Fatal(err)
	}
}

func TestTheTrailKeepsNoReasonOfAClosedDecision(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	for _, c := range []struct {
		change func(*proposal.Draft)
		kept   bool
	}{{open, true}, {proposaltest.Closed, false}} {
		m, key, _ := sitting(t, tx, c.change, here)
		clerk := during(here.Clerk, m)
		d := decides(here, m)
		few, more := 2, 3
		d.Vote = meeting.Vote{Method: meeting.RollCall, VotesFor: &few, VotesAgainst: &more}
		made := record(t, tx, clerk, m, key, d)
		if _, err := meeting.PublishDecision(t.Context(), tx, clerk, m.ID, key, meeting.Publication{
			Body: here.Body, Version: made.Version, Reasons: map[string]string{"GW-30": "Geheim weegt zwaarder."},
		}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(trail(t, tx, clerk, m.ID), "Geheim weegt zwaarder."); got != c.kept {
			t.Errorf("closed %v, the reason in the trail: %v", !c.kept, got)
		}
	}
}

func trail(t *testing.T, db postgres.DB, as access.Actor, m id.Meeting) string {
	t.Helper()
	var entries []audit.Entry
	if err := postgres.Read(t.Context(), db, audit.Of(&entries, as, string(m))); err != nil {
		t.Fatal(err)
	}
	var reasons []string
	for _, e := range entries {
		reasons = append(reasons, e.Act+" "+e.Reason)
	}
	return strings.Join(reasons, "\n")
}
