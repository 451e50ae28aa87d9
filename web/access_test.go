package web_test

import (
	_ "embed"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/go-chi/chi/v5"

	"regiogriffie/internal/identity/identitytest"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/web"
)

//go:embed testdata/toegang.txt
var accessTable string

// cell is one expectation: this visitor, at this address of this thing.
type cell struct {
	method, pattern, thing string
	visitor                visitor
	want                   string
}

// cells reads the table.
func (w *world) cells(t testing.TB) []cell {
	t.Helper()
	groups := map[string][]string{}
	for _, v := range w.visitors {
		groups[v.name] = []string{v.name}
		groups["everyone"] = append(groups["everyone"], v.name)
	}
	var list []cell
	method, pattern := "", ""
	rows := map[string]bool{}
	for n, line := range strings.Split(accessTable, "\n") {
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
		case strings.Contains(line, " = "):
			name, members, _ := strings.Cut(line, " = ")
			for m := range strings.SplitSeq(members, ", ") {
				if len(groups[m]) != 1 {
					t.Fatalf("line %d: nobody is called %q", n+1, m)
				}
				groups[strings.TrimSpace(name)] = append(groups[strings.TrimSpace(name)], m)
			}
		case !strings.HasPrefix(line, " "):
			method, pattern, _ = strings.Cut(line, " ")
			if rows[line] {
				t.Fatalf("line %d: %s stands there twice", n+1, line)
			}
			rows[line] = true
		default:
			things, rules, found := strings.Cut(strings.TrimSpace(line), ": ")
			if !found {
				t.Fatalf("line %d: no answers", n+1)
			}
			want := map[string]string{}
			for rule := range strings.SplitSeq(rules, "; ") {
				at := strings.LastIndex(rule, " ")
				for who := range strings.SplitSeq(rule[:at], ", ") {
					if groups[who] == nil {
						t.Fatalf("line %d: nobody is called %q", n+1, who)
					}
					for _, name := range groups[who] {
						want[name] = rule[at+1:]
					}
				}
			}
			for thing := range strings.SplitSeq(things, ", ") {
				if thing != "*" && w.things[thing] == nil {
					t.Fatalf("line %d: nothing is called %q", n+1, thing)
				}
				for _, v := range w.visitors {
					if want[v.name] == "" {
						t.Fatalf("line %d: no answer for %s", n+1, v.name)
					}
					list = append(list, cell{method, pattern, thing, v, want[v.name]})
				}
			}
		}
	}
	return list
}

// addresses are those of the router, as "GET /voorstellen".
func (w *world) addresses(t testing.TB) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	done(t, "walking the router", chi.Walk(web.Addresses(web.App{DB: w.db, Files: w.files}),
		func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
			found[method+" "+tidy(pattern)] = true
			return nil
		}))
	return found
}

// contents is a sum of all that people made: it must be the same after a test that changes nothing.
func (w *world) contents(t testing.TB) string {
	t.Helper()
	all := ""
	for _, table := range []string{
		"proposals", "proposal_versions", "route_steps", "route_step_locals", "route_questions", "meetings", "meeting_organisers", "organiser_requests",
		"agenda_sections", "agenda_items", "agenda_item_matters", "attachments", "decisions", "proposal_moves", "proposal_readings", "comments", "advices",
		"organisations", "bodies", "persons", "mandates", "role_grants", "collaborations", "participations", "accounts", "password_links",
		"account_email_changes", "glass_breaks",
		"invitations", "invitation_organisers", "invitation_signers", "invitation_remarks", "invitation_publications", "save_the_dates",
		"recesses", "zienswijze_procedures", "zienswijze_subjects", "zienswijzen", "zienswijze_texts", "zienswijze_stances",
	} {
		var sum string
		if err := w.owner.QueryRow(t.Context(), `select coalesce(md5(string_agg(r::text, '|' order by r::text)), '') from `+table+` r`).Scan(&sum); err != nil {
			t.Fatal(err)
		}
		all += table + " " + sum + "\n"
	}
	return all
}

// answers holds cells against what visitors got on a walk, and asks the site for what is not in it; it reports what differs from the
// table, and every mark in wrong hands on the way.
func (w *world) answers(t *testing.T, all walk, cells []cell) {
	t.Helper()
	var ran atomic.Int64
	var mu sync.Mutex
	var wrong []string
	w.everyVisitor(func(v visitor) {
		for _, c := range cells {
			if c.visitor.name != v.name || c.want == "-" {
				continue
			}
			address, filled := c.pattern, true
			if c.thing != "*" {
				address, filled = fill(c.pattern, w.things[c.thing])
			}
			if !filled || strings.Contains(address, "{") {
				t.Errorf("%s %s: %q has no such key", c.method, c.pattern, c.thing)
				continue
			}
			answer, known := all[v.name][address]
			if c.method != http.MethodGet || !known {
				answer = w.act(v, c.method, address)
			}
			ran.Add(1)
			if problem := w.problem(c, answer); problem != "" {
				mu.Lock()
				wrong = append(wrong, fmt.Sprintf("%s %s (%s) as %s: %s", c.method, c.pattern, c.thing, v.name, problem))
				mu.Unlock()
			}
		}
	})
	slices.Sort(wrong)
	report(t, "access", wrong)
	t.Logf("%d cells", ran.Load())
}

// act asks for what may change something, with an empty form.
func (w *world) act(v visitor, method, address string) got {
	if address == "/uitloggen" && v.cookie != nil { // he needs his own session again
		v.cookie = identitytest.SessionAt(w.t, w.db, v.actor.Account, now)
	}
	var form url.Values
	if method == http.MethodPost {
		form = url.Values{}
	}
	if address == "/inloggen" && form != nil { // attempts are counted by name
		form.Set("email", strings.ReplaceAll(v.name, " ", "-")+"@voorbeeld.nl")
	}
	answer := w.ask(v, method, address, form)
	return got{code: answer.Code, marks: marksIn(answer), signIn: asksToSignIn(answer)}
}

// problem is what is wrong with an answer, if anything.
func (w *world) problem(c cell, answer got) (problem string) {
	want, asks := c.want, false
	if want == "inloggen" {
		want, asks = map[string]string{http.MethodGet: "200", http.MethodHead: "200", http.MethodPost: "401"}[c.method], true
	}
	if code := strconv.Itoa(answer.code); code != want {
		problem = "got " + code + ", want " + c.want
	} else if asks != answer.signIn && c.pattern != "/inloggen" && c.method != http.MethodHead {
		problem = fmt.Sprintf("asks to sign in: %v", answer.signIn)
	}
	if leaked := w.wrong(c.visitor, answer.marks); len(leaked) > 0 {
		problem += fmt.Sprintf(" tells %q", leaked)
	}
	return problem
}

func TestAccessTable(t *testing.T) {
	t.Parallel()
	w := onTour(t)
	cells := w.cells(t)
	inTable := map[string]bool{}
	for _, c := range cells {
		inTable[c.method+" "+c.pattern] = true
	}
	inRouter := w.addresses(t)
	for _, address := range slices.Sorted(maps.Keys(inRouter)) {
		if !inTable[address] {
			t.Errorf("%s has no row in the table", address)
		}
	}
	for _, address := range slices.Sorted(maps.Keys(inTable)) {
		if !inRouter[address] {
			t.Errorf("%s has a row, and is no address", address)
		}
	}
	least := 5_000
	if proving() {
		least = 50_000
		for _, c := range cells { // who may read a page may ask for its headers, and nobody else
			if c.method == http.MethodGet {
				c.method = http.MethodHead
				cells = append(cells, c)
			}
		}
	}
	cells = slices.DeleteFunc(cells, func(c cell) bool { return !among(daily(), c.visitor.name) })
	if len(cells) < least {
		t.Errorf("%d cells; P1 asks for %d", len(cells), least)
	}
	w.answers(t, w.got, cells)
	if after := w.contents(t); after != w.before {
		t.Errorf("the table changed the world:\n%s\n%s", w.before, after)
	}
}

// Rights end at once (P6): with the next request.
func TestRightsEndWithTheNextRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret := "/voorstellen/" + w.things["besloten aangeboden"]["proposal"]
	see := func(name string, want int) {
		t.Helper()
		if got := w.ask(w.visitor(name), http.MethodGet, secret, nil).Code; got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
	see("own raadslid", 200)
	see("own griffiemedewerker", 200)
	see("own griffier", 200)
	ctx := t.Context()
	for _, end := range []struct {
		sql string
		who string
	}{
		{`update mandates set ends_on = @day::date where person_id = @person`, "own raadslid"},
		{`update role_grants set valid_to = @day::date where person_id = @person`, "own griffiemedewerker"},
		{`update accounts set state = 'closed' where person_id = @person`, "own griffier"},
	} {
		_, err := postgres.Exec(ctx, w.db, end.sql, postgres.Args{"person": w.as(end.who).Person, "day": now.Format("2006-01-02")})
		done(t, end.who, err)
		see(end.who, 404)
	}
	w.serve(w.db)
	see("own griffier", 404)
}

// Who takes back the word of his body is out of the meeting that is being prepared, and who was asked and is asked no longer as well.
func TestWhoNoLongerHoldsAMeetingIsOutWithTheNextRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	find := func(name string) meeting.Meeting { return w.meetingAt(w.as("own griffier"), w.things[name]["meeting"]) }
	see := func(name, thing string, want int) {
		t.Helper()
		if got := w.ask(w.visitor(name), http.MethodGet, "/vergaderingen/"+w.things[thing]["meeting"], nil).Code; got != want {
			t.Errorf("%s at %s: %d, want %d", name, thing, got, want)
		}
	}
	for _, thing := range []string{"gezamenlijk concept", "gevraagd"} {
		see("other griffier", thing, 200)
		see("other secretaris", thing, 200)
	}
	done(t, "taking it back", meeting.TakeBack(ctx, w.db, w.as("own griffier"), find("gevraagd").ID, w.things["gevraagd"]["party"]))
	item := w.things["gezamenlijk concept/besloten punt"]
	ok(meeting.RemoveItem(ctx, w.db, w.as("own griffier"), find("gezamenlijk concept").ID, item["item"]))(t, "removing what is closed for both")
	done(t, "leaving", meeting.Decline(ctx, w.db, w.as("other griffier"), find("gezamenlijk concept").ID, w.things["gevraagd"]["party"], "Toch niet."))
	for _, thing := range []string{"gezamenlijk concept", "gevraagd"} {
		see("other griffier", thing, 404)
		see("other secretaris", thing, 404)
		see("own griffier", thing, 200)
	}
	for _, address := range []string{"/bestanden/" + item["attachment"], "/bestanden/" + w.things["gezamenlijk concept/open punt"]["attachment"]} {
		if got := w.ask(w.visitor("other griffier"), http.MethodGet, address, nil).Code; got != 404 {
			t.Errorf("%s, a file of the meeting: %d", address, got)
		}
	}
}
