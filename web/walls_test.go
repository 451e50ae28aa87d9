package web_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// guarded are the tables of the second wall.
var guarded = []string{
	"proposals", "proposal_versions", "route_steps", "route_step_locals", "route_questions", "meetings", "organiser_requests", "agenda_items", "agenda_item_matters", "attachments", "decisions", "proposal_moves", "comments", "advices",
	"invitations", "invitation_remarks", "invitation_publications",
	"zienswijze_procedures", "zienswijze_subjects", "zienswijzen", "zienswijze_texts", "zienswijze_stances",
	"agenda_sections", "closed_readings", "mailings", "messages", "save_the_dates", "proposal_readings", "audit_entries",
}

// withoutRowSecurity takes the second wall away, as the owner of the database.
func (w *world) withoutRowSecurity(t testing.TB) {
	t.Helper()
	for _, table := range guarded {
		if _, err := w.owner.Exec(t.Context(), `alter table `+table+` no force row level security, disable row level security`); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheTablesOfTheSecondWallAreAllThatCanBeClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tables := func(which string) (list []string) {
		rows, err := w.owner.Query(t.Context(), `select c.relname from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and `+which+` order by 1`)
		done(t, "asking for tables", err)
		for rows.Next() {
			var name string
			done(t, "asking for tables", rows.Scan(&name))
			list = append(list, name)
		}
		done(t, "asking for tables", rows.Err())
		return list
	}
	forced := tables(`c.relrowsecurity and c.relforcerowsecurity`)
	if want := slices.Sorted(slices.Values(guarded)); !slices.Equal(forced, want) {
		t.Errorf("row security guards %v, want %v", forced, want)
	}
	for _, name := range tables(`exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'audience_bodies' and not a.attisdropped)`) {
		if !slices.Contains(forced, name) {
			t.Errorf("%s has an audience, and is not guarded", name)
		}
	}
}

// P4: each wall holds alone. Here the first: the conditions in the queries.
func TestTheFirstWallHoldsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.withoutRowSecurity(t)
	report(t, "in wrong hands", w.leaks(w.readings(t, few()...)))
	w.answers(t, slices.DeleteFunc(w.cells(t), func(c cell) bool {
		return c.method != "GET" || !among(few(), c.visitor.name)
	}))
}

// insideWall names, for the process within TestTheSecondWallHoldsAlone, that the first wall is gone.
const insideWall = "REGIOGRIFFIE_TEST_WITHOUT_FIRST_WALL"

// P4: here the second. This package is built again with a condition that is always true, and crawls. Its twin, with both
// walls away, finds what is secret: so the crawl can fail.
func TestTheSecondWallHoldsAlone(t *testing.T) {
	t.Parallel()
	if os.Getenv(insideWall) != "" {
		t.Skip("this is the process within")
	}
	source, err := filepath.Abs("../internal/access/audience.go")
	done(t, "finding the condition", err)
	text := string(ok(os.ReadFile(source))(t, "reading the condition"))
	const condition = `{ return strings.ReplaceAll(seen, "x.", alias+".") }`
	open := strings.Replace(text, condition, `{ _ = strings.ReplaceAll(seen, "x.", alias); return "true" }`, 1)
	if open == text {
		t.Fatal("the condition is written in another way now; this test must learn it")
	}
	folder := t.TempDir()
	changed := filepath.Join(folder, "audience.go")
	done(t, "writing", os.WriteFile(changed, []byte(open), 0o600))
	overlay := filepath.Join(folder, "overlay.json")
	done(t, "writing", os.WriteFile(overlay, []byte(`{"Replace":{"`+source+`":"`+changed+`"}}`), 0o600))

	within := exec.CommandContext(t.Context(), "go", "test", "-overlay", overlay, "-run", "^TestWithoutTheFirstWall$", "-count=1", "-v", ".")
	within.Env = append(os.Environ(), insideWall+"=1")
	out, err := within.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestWithoutTheFirstWall") {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

func TestWithoutTheFirstWall(t *testing.T) {
	if os.Getenv(insideWall) == "" {
		t.Skip("only within TestTheSecondWallHoldsAlone")
	}
	w := newWorld(t)
	report(t, "in wrong hands", w.leaks(w.readings(t, strangers()...)))
	w.withoutRowSecurity(t)
	leaks := w.leaks(w.readings(t, "public"))
	t.Logf("with both walls away the crawl finds %d marks in wrong hands", len(leaks))
	if len(leaks) < 200 {
		t.Error("with both walls away the crawl finds hardly anything: it cannot fail")
	}
}
