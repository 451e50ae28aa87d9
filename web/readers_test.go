package web_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"regiogriffie/internal/file"
	"regiogriffie/internal/postgres"
)

// closedMarks are, for each mark that stands in a closed row, the things whose readers are kept for it; alone are those that stand
// in no open row besides.
func (w *world) closedMarks(t testing.TB) (in map[int]map[string]bool, alone func(n int) bool) {
	t.Helper()
	ctx := t.Context()
	in = map[int]map[string]bool{}
	open := map[int]bool{}
	note := func(text, thing string, closed bool) {
		for _, m := range markForm.FindAllStringSubmatch(text, -1) {
			n, _ := strconv.Atoi(m[1])
			if !closed {
				open[n] = true
				continue
			}
			if in[n] == nil {
				in[n] = map[string]bool{}
			}
			in[n][thing] = true
		}
	}
	for table, thing := range map[string]string{
		"proposals": "r.id", "proposal_versions": "r.proposal_id", "comments": "r.proposal_id", "advices": "r.proposal_id", "proposal_moves": "r.proposal_id",
		"route_steps": "r.proposal_id", "route_step_locals": "(select s.proposal_id from route_steps s where s.id = r.step_id)",
		"route_questions": "(select s.proposal_id from route_steps s where s.id = r.step_id)",
		"agenda_items":    "r.id", "agenda_item_matters": "r.item_id", "agenda_sections": "r.meeting_id", "decisions": "r.id", "attachments": "r.object_id",
	} {
		rows, err := w.owner.Query(ctx, `select r::text, `+thing+`::text, r.audience_bodies is not null from `+table+` r`)
		done(t, table, err)
		for rows.Next() {
			var text, of string
			var closed bool
			done(t, table, rows.Scan(&text, &of, &closed))
			note(text, of, closed)
		}
		done(t, table, rows.Err())
	}
	// Of a file the name is shown with what it belongs to and with itself, the bytes by itself alone.
	rows, err := w.owner.Query(ctx, `select r.id::text, r.disk_name, r.audience_bodies is not null, r::text from attachments r`)
	done(t, "attachments", err)
	for rows.Next() {
		var of, name, row string
		var closed bool
		done(t, "attachments", rows.Scan(&of, &name, &closed, &row))
		note(row, of, closed)
		content := ok(w.files.Open(ctx, file.Attachment{DiskName: name}))(t, "opening a file")
		note(string(ok(io.ReadAll(content))(t, "reading a file")), of, closed)
		done(t, "closing", content.Close())
	}
	done(t, "attachments", rows.Err())
	return in, func(n int) bool { return !open[n] && n < len(w.marks) && w.marks[n].seenBy != nil }
}

// taken are the things that the visitor was noted to read since the last time; the list begins anew.
func (w *world) taken(t testing.TB, v visitor) map[string]bool {
	found := map[string]bool{}
	rows, err := w.owner.Query(context.Background(), `delete from closed_readings where person_id = $1 returning thing_id::text`, v.actor.Person)
	for err == nil && rows.Next() {
		var thing string
		err = rows.Scan(&thing)
		found[thing] = true
	}
	if err == nil {
		err = rows.Err()
	}
	if err != nil {
		t.Errorf("reading the list: %v", err)
	}
	return found
}

// P7: the list of readers is complete. Each answer with a closed mark, on any page, in any list, file or form, has put who got it in
// the list of the thing; and nobody stands in a list who read nothing of the thing.
func TestTheListOfReadersIsComplete(t *testing.T) {
	t.Parallel()
	w := onTour(t)
	closed, alone := w.closedMarks(t)
	var missing, extra []string
	marks, pairs, rows := map[int]bool{}, 0, 0
	for _, name := range w.readers() {
		read, listed := map[string]bool{}, map[string]bool{}
		for address, g := range w.got[name] {
			for _, thing := range g.noted {
				listed[thing] = true
			}
			for n := range g.marks {
				found := false
				for thing := range closed[n] {
					read[thing] = true
					found = found || slices.Contains(g.noted, thing)
				}
				if !alone(n) || closed[n] == nil {
					continue
				}
				marks[n] = true
				pairs++
				if !found {
					missing = append(missing, fmt.Sprintf("%s: read by %s at %s", w.marks[n].what, name, address))
				}
			}
		}
		for thing := range listed {
			rows++
			if !read[thing] {
				extra = append(extra, thing+": "+name)
			}
		}
	}
	slices.Sort(missing)
	slices.Sort(extra)
	t.Logf("%d closed marks, %d times in an answer, %d readers of things", len(marks), pairs, rows)
	if len(marks) < 50 || pairs < 300 {
		t.Error("hardly anything closed was read: this cannot fail")
	}
	report(t, "not in the list", missing)
	report(t, "in the list without having read", extra)
}

func TestTheGriffierReadsTheListAndNobodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	paper := "/voorstellen/" + w.things["besloten geagendeerd"]["proposal"]
	item := w.things["opgeroepen/besloten punt"]
	point := "/vergaderingen/" + item["meeting"] + "/agenda/" + item["item"]
	for _, address := range []string{paper, point} {
		for range 3 {
			if got := w.ask(w.visitor("own raadslid"), http.MethodGet, address, nil).Code; got != http.StatusOK {
				t.Fatalf("%s: %d", address, got)
			}
		}
		w.ask(w.visitor("own griffiemedewerker"), http.MethodHead, address, nil)
		answer := w.ask(w.visitor("own griffier"), http.MethodGet, address+"/lezers", nil)
		body := answer.Body.String()
		if answer.Code != http.StatusOK || !strings.Contains(body, "own-raadslid") || !strings.Contains(body, `data-label="Aantal keer">3<`) ||
			answer.Header().Get("No-Gzip-Compression") == "" && answer.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, %v\n%s", address, answer.Code, answer.Header(), body)
		}
		if strings.Contains(body, "own-griffiemedewerker") {
			t.Errorf("%s: who asked for the headers alone stands in the list", address)
		}
		list := w.ask(w.visitor("own griffier"), http.MethodGet, address+"/lezers.csv", nil)
		if !strings.Contains(list.Body.String(), "A. own-raadslid;De tekst op een pagina;2026-03-02 11:00:00;2026-03-02 11:00:00;3\r\n") {
			t.Errorf("the export: %s", list.Body)
		}
	}
	// What was open by now keeps its list: opened behind the back of the program, and closed files of before.
	_, err := w.owner.Exec(t.Context(), `update proposals set audience_bodies = null, visibility = 'public' where key = $1`,
		w.things["besloten geagendeerd"]["proposal"])
	done(t, "opening", err)
	if body := w.ask(w.visitor("own griffier"), http.MethodGet, paper+"/lezers", nil).Body.String(); !strings.Contains(body, "own-raadslid") {
		t.Errorf("once it is open the list is gone: %s", body)
	}
	for _, name := range []string{"public", "own griffiemedewerker", "own raadslid", "own secretaris", "other griffier", "beheerder"} {
		if v := w.visitor(name); v.cookie != nil {
			if got := w.ask(v, http.MethodGet, paper+"/lezers", nil).Code; got != http.StatusNotFound {
				t.Errorf("%s: %d", name, got)
			}
		}
	}
}

func TestWhatCannotBeNotedIsNotShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.owner.Exec(t.Context(), `revoke insert on closed_readings from regiogriffie_app`)
	done(t, "breaking the list", err)
	secret, punt := w.things["besloten geagendeerd"], w.things["opgeroepen/besloten punt"]
	member := w.visitor("own raadslid")
	for _, address := range []string{
		"/voorstellen", "/voorstellen/" + secret["proposal"], "/voorstellen/" + secret["proposal"] + "/versies/1", "/voorstellen/" + secret["proposal"] + "/dossier",
		"/vergaderingen/" + punt["meeting"], "/vergaderingen/" + punt["meeting"] + "/agenda/" + punt["item"], "/bestanden/" + punt["attachment"],
	} {
		answer := w.ask(member, http.MethodGet, address, nil)
		if answer.Code != http.StatusInternalServerError {
			t.Errorf("%s: %d", address, answer.Code)
		}
		for n := range marksIn(answer) {
			if m := w.marks[n]; m.seenBy != nil && slices.Equal(m.seenBy, ownCouncil) {
				t.Errorf("%s tells %s", address, m.what)
			}
		}
	}
}

// The second wall of the list: whatever a query forgets, it shows a reader his own lines and a griffier those of his bodies.
func TestTheListIsClosedByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret := "/voorstellen/" + w.things["besloten geagendeerd"]["proposal"]
	for _, name := range []string{"own raadslid", "own griffiemedewerker"} {
		w.ask(w.visitor(name), http.MethodGet, secret, nil)
	}
	for name, want := range map[string]int{
		"public": 0, "own griffier": 2, "own raadslid": 1, "own griffiemedewerker": 1, "own secretaris": 0, "other griffier": 0, "beheerder": 0,
	} {
		n := ok(postgres.One[int](t.Context(), w.db, `select count(distinct person_id)::int from closed_readings`, postgres.Args{}.As(w.as(name))))(t, name)
		if n != want {
			t.Errorf("%s sees %d, want %d", name, n, want)
		}
	}
	if _, err := postgres.Exec(t.Context(), w.db, `delete from closed_readings`, postgres.Args{}.As(w.as("own griffier"))); err == nil {
		t.Error("the program can take lines away")
	}
}
