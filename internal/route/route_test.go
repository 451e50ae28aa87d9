package route_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/route"
	"regiogriffie/internal/route/routetest"
)

// faults names the fields that are wrong, in order.
func faults(err error) string {
	var fields fault.Fields
	errors.As(err, &fields)
	return strings.Join(slices.Sorted(maps.Keys(fields)), " ")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// region is an owner with a paper for its own body, and other places.
type region struct {
	owner, first, second, far proposaltest.Place
	paper                     proposal.Proposal
}

func newRegion(t *testing.T, db postgres.DB, change ...func(*proposal.Draft)) region {
	t.Helper()
	r := region{
		owner: proposaltest.NewPlace(t, db, "Holland Rijnland"), first: proposaltest.NewPlace(t, db, "Leiden"),
		second: proposaltest.NewPlace(t, db, "Lisse"), far: proposaltest.NewPlace(t, db, "Groningen"),
	}
	r.paper = proposaltest.Offered(t, db, r.owner.Author, r.owner.ID, r.owner.Body, change...)
	return r
}

// routed puts the first and the second place on the route, side by side.
func (r region) routed(t *testing.T, db postgres.DB) region {
	t.Helper()
	for _, p := range []proposaltest.Place{r.first, r.second} {
		must(t, route.AddStep(t.Context(), db, r.owner.Author, r.paper.ID, routetest.Step(p, 1)))
	}
	return r
}

func (r region) sent(t *testing.T, db postgres.DB, places ...proposaltest.Place) region {
	t.Helper()
	for _, p := range places {
		must(t, route.Send(t.Context(), db, r.owner.Author, r.paper.ID, []string{r.step(t, db, r.owner.Author, p).Key}, nil))
	}
	return r
}

// step is the step of a place as the actor sees it; empty when he does not.
func (r region) step(t *testing.T, db postgres.DB, as access.Actor, p proposaltest.Place) route.Row {
	t.Helper()
	for _, s := range r.route(t, db, as) {
		if s.BodyID == p.Body {
			return s
		}
	}
	return route.Row{}
}

func (r region) route(t *testing.T, db postgres.DB, as access.Actor) []route.Row {
	t.Helper()
	var list []route.Row
	must(t, postgres.Read(t.Context(), db, route.At(&list, as, r.paper.Key)))
	return list
}

// Who sees which step, and nothing before it was sent.
func TestWhatWasNotSentIsTheOwnersAlone(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := newRegion(t, tx).routed(t, tx)
	see := func(when string, rows map[string]struct {
		actor access.Actor
		want  int
	},
	) {
		t.Helper()
		for name, row := range rows {
			if got := len(r.route(t, tx, row.actor)); got != row.want {
				t.Errorf("%s, %s: sees %d steps, want %d", when, name, got, row.want)
			}
			n, err := postgres.One[int](t.Context(), tx, `select count(*)::int from route_steps where proposal_id = @id`, postgres.Args{"id": r.paper.ID}.As(row.actor))
			if err != nil || n != row.want {
				t.Errorf("%s, %s: row security shows %d steps, want %d, %v", when, name, n, row.want, err)
			}
		}
	}
	type rows = map[string]struct {
		actor access.Actor
		want  int
	}
	public := access.Actor{At: proposaltest.At}
	see("planned", rows{
		"author": {r.owner.Author, 2}, "griffier of the owner": {r.owner.Clerk, 2}, "raadslid of the owner": {r.owner.Member, 0},
		"griffier of the first": {r.first.Clerk, 0}, "public": {public, 0},
	})
	if _, err := proposal.Find(t.Context(), tx, r.first.Clerk, r.paper.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("the paper before sending: %v", err)
	}
	r.sent(t, tx, r.first)
	see("one sent", rows{
		"author": {r.owner.Author, 2}, "raadslid of the owner": {r.owner.Member, 1}, "griffier of the first": {r.first.Clerk, 1},
		"raadslid of the first": {r.first.Member, 1}, "griffier of the second": {r.second.Clerk, 0}, "griffier elsewhere": {r.far.Clerk, 0}, "public": {public, 0},
	})
	found, err := proposal.Find(t.Context(), tx, r.first.Member, r.paper.ID)
	if err != nil || found.Subject == "" {
		t.Errorf("the paper after sending: %v", err)
	}
	if _, err := proposal.Find(t.Context(), tx, r.second.Clerk, r.paper.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("the paper, for who did not get it: %v", err)
	}
	if s := r.step(t, tx, r.first.Clerk, r.first); s.State != route.StepSent || s.SentVersion == nil || *s.SentVersion != 1 || !s.SentAt.Equal(proposaltest.At) {
		t.Errorf("sent: %+v", s.Step)
	}
	r.sent(t, tx, r.second)
	see("both sent", rows{"griffier of the first": {r.first.Clerk, 2}, "griffier of the second": {r.second.Clerk, 2}, "griffier elsewhere": {r.far.Clerk, 0}})

	// Who received it reads it on, also after the owner revised it.
	d := proposal.DraftOf(found)
	d.Summary = "Nu anders."
	_, err = proposal.Revise(t.Context(), tx, r.owner.Author, r.paper.ID, d)
	must(t, err)
	if p, err := proposal.Find(t.Context(), tx, r.first.Clerk, r.paper.ID); err != nil || p.Summary != "Nu anders." {
		t.Errorf("after a revision: %v %q", err, p.Summary)
	}
}

// Actor by act. Columns: lay out, send, skip, receive, refuse.
func TestWhoMayDoWhatOnARoute(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := newRegion(t, tx).routed(t, tx)
	r.sent(t, tx, r.first)
	s := r.step(t, tx, r.owner.Author, r.first)
	for _, row := range []struct {
		name  string
		actor access.Actor
		want  string
	}{
		{"author", r.owner.Author, "+++--"},
		{"griffier of the owner", r.owner.Clerk, "+++--"},
		{"secretaris of the owner", r.owner.Secretary, "+++--"},
		{"griffiemedewerker of the owner", r.owner.Staff, "-----"},
		{"raadslid of the owner", r.owner.Member, "-----"},
		{"griffier of the first", r.first.Clerk, "---++"},
		{"griffiemedewerker of the first", r.first.Staff, "---+-"},
		{"raadslid of the first", r.first.Member, "-----"},
		{"steller of the first", r.first.Author, "-----"},
		{"griffier of the second", r.second.Clerk, "....."},
		{"public", access.Actor{At: proposaltest.At}, "....."},
	} {
		got := ""
		for _, act := range []func(db postgres.DB) error{
			func(db postgres.DB) error {
				return route.AddStep(t.Context(), db, row.actor, r.paper.ID, routetest.Step(r.far, 3))
			},
			func(db postgres.DB) error {
				key := s.Key
				if planned := r.step(t, tx, row.actor, r.second); planned.Key != "" {
					key = planned.Key
				}
				return route.Send(t.Context(), db, row.actor, r.paper.ID, []string{key}, nil)
			},
			func(db postgres.DB) error {
				return route.Skip(t.Context(), db, row.actor, r.paper.ID, s.Key, "Niet nodig.", s.Version)
			},
			func(db postgres.DB) error { return route.Ask(t.Context(), db, row.actor, s.Key, "Waarom?") },
			func(db postgres.DB) error { return route.Refuse(t.Context(), db, row.actor, s.Key, "Niet ons.") },
		} {
			inner, err := tx.Begin(t.Context())
			must(t, err)
			switch err := act(inner); {
			case err == nil:
				got += "+"
			case errors.Is(err, fault.NotFound):
				got += "."
			case errors.Is(err, fault.Forbidden):
				got += "-"
			default:
				t.Errorf("%s: %v", row.name, err)
			}
			must(t, inner.Rollback(t.Context()))
		}
		if got != row.want {
			t.Errorf("%s: got %s, want %s", row.name, got, row.want)
		}
	}
}

// GW-88, WGR-16.5: who may share a closed paper is not for this to decide.
func TestAClosedPaperGoesAlongNoRoute(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	closed := newRegion(t, tx, proposaltest.Closed)
	err := route.AddStep(t.Context(), tx, closed.owner.Author, closed.paper.ID, routetest.Step(closed.first, 1))
	var refusal fault.Refusal
	if !errors.As(err, &refusal) || !strings.Contains(refusal.Why, "vertrouwelijk") {
		t.Errorf("adding: %v", err)
	}
	// Made closed after the route was laid out, and before anything was sent.
	r := newRegion(t, tx).routed(t, tx)
	d := proposal.DraftOf(r.paper)
	proposaltest.Closed(&d)
	_, err = proposal.Revise(t.Context(), tx, r.owner.Author, r.paper.ID, d)
	must(t, err)
	err = route.Send(t.Context(), tx, r.owner.Author, r.paper.ID, []string{r.step(t, tx, r.owner.Author, r.first).Key}, nil)
	if !errors.As(err, &refusal) {
		t.Errorf("sending: %v", err)
	}
	if n := len(r.route(t, tx, r.owner.Clerk)); n != 2 {
		t.Errorf("the griffier whose body may read the paper sees %d steps", n)
	}
	// And what others have is not made secret behind their backs.
	r = newRegion(t, tx).routed(t, tx)
	r.sent(t, tx, r.first)
	d = proposal.DraftOf(r.paper)
	proposaltest.Closed(&d)
	if _, err = proposal.Revise(t.Context(), tx, r.owner.Author, r.paper.ID, d); faults(err) != "closed" {
		t.Errorf("closing what was sent: %v", err)
	}
	if err = proposal.Tighten(t.Context(), tx, r.first.Clerk, r.paper.ID, []id.Body{r.first.Body}, "5.1.2.b", "Besloten"); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a receiver closing it: %v", err)
	}
	if err = proposal.Tighten(t.Context(), tx, r.owner.Clerk, r.paper.ID, []id.Body{r.owner.Body}, "5.1.2.b", "Besloten"); faults(err) != "closed" {
		t.Errorf("its own griffie closing it: %v", err)
	}
}

// What others have received does not become a concept again.
func TestWhatWasSentIsNotSentBack(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := newRegion(t, tx).routed(t, tx)
	if p, err := proposal.Find(t.Context(), tx, r.owner.Clerk, r.paper.ID); err != nil || !proposal.CanSendBack(r.owner.Clerk, p) {
		t.Errorf("before sending: %v", err)
	}
	r.sent(t, tx, r.first)
	if err := proposal.SendBack(t.Context(), tx, r.owner.Clerk, r.paper.ID, "Nog niet af."); !errors.Is(err, fault.Forbidden) {
		t.Errorf("after sending: %v", err)
	}
}

func TestAConceptIsNotSent(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := newRegion(t, tx)
	r.paper = proposaltest.Concept(t, tx, r.owner.Author, r.owner.ID, r.owner.Body)
	r.routed(t, tx)
	err := route.Send(t.Context(), tx, r.owner.Author, r.paper.ID, []string{r.step(t, tx, r.owner.Author, r.first).Key}, nil)
	if !errors.Is(err, fault.Forbidden) || errors.Is(err, fault.NotFound) {
		t.Errorf("got %v", err)
	}
}

func TestAddingSendingAndSkippingTwice(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := newRegion(t, tx).routed(t, tx).routed(t, tx)
	if n := len(r.route(t, tx, r.owner.Author)); n != 2 {
		t.Fatalf("%d steps after adding twice", n)
	}
	r.sent(t, tx, r.first, r.first)
	s := r.step(t, tx, r.owner.Author, r.first)
	if s.Version != 2 {
		t.Errorf("sent twice: version %d", s.Version)
	}
	must(t, route.Skip(t.Context(), tx, r.owner.Author, r.paper.ID, s.Key, "De raad is opgeheven.", s.Version))
	must(t, route.Skip(t.Context(), tx, r.owner.Author, r.paper.ID, s.Key, "De raad is opgeheven.", s.Version))
	if err := route.Skip(t.Context(), tx, r.owner.Author, r.paper.ID, s.Key, "Iets anders.", s.Version); !errors.Is(err, fault.Conflict) {
		t.Errorf("skipped with another reason: %v", err)
	}
	if s = r.step(t, tx, r.first.Clerk, r.first); s.State != route.StepSkipped || s.Reason != "De raad is opgeheven." {
		t.Errorf("skipped: %+v", s.Step)
	}
	if err := route.RemoveStep(t.Context(), tx, r.owner.Author, r.paper.ID, s.Key); !errors.Is(err, fault.Forbidden) {
		t.Errorf("removing what was sent: %v", err)
	}
	planned := r.step(t, tx, r.owner.Author, r.second)
	must(t, route.RemoveStep(t.Context(), tx, r.owner.Author, r.paper.ID, planned.Key))
	if err := route.RemoveStep(t.Context(), tx, r.owner.Author, r.paper.ID, planned.Key); !errors.Is(err, fault.NotFound) {
		t.Errorf("removing twice: %v", err)
	}
	var trail []audit.Entry
	must(t, postgres.Read(t.Context(), tx, audit.Of(&trail, r.owner.Clerk, string(r.paper.ID))))
	var acts []string
	for _, e := range trail {
		acts = append(acts, e.Act)
	}
	for _, act := range []string{"route.add", "route.send", "route.skip", "route.remove"} {
		if !slices.Contains(acts, act) {
			t.Errorf("no note of %s in %v", act, acts)
		}
	}
}

// ROUTE-VOLGORDE: a warning asks for a reason, which the trail keeps. ROUTE-BINDEND asks for none.
func TestSerialSteps(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := newRegion(t, tx)
	d := routetest.Step(r.first, 1)
	must(t, route.AddStep(t.Context(), tx, r.owner.Author, r.paper.ID, d))
	must(t, route.AddStep(t.Context(), tx, r.owner.Author, r.paper.ID, routetest.Step(r.second, 2)))
	send := func(p proposaltest.Place, reasons map[string]string) error {
		return route.Send(t.Context(), tx, r.owner.Author, r.paper.ID, []string{r.step(t, tx, r.owner.Author, p).Key}, reasons)
	}
	must(t, send(r.first, nil))
	if got := faults(send(r.second, nil)); got != "ROUTE-VOLGORDE" {
		t.Errorf("without a reason: %q", got)
	}
	must(t, send(r.second, map[string]string{"ROUTE-VOLGORDE": "De raad heeft haast."}))
	n, err := postgres.One[int](t.Context(), tx, `select count(*)::int from audit_entries where act = 'route.send'
			and reason = 'ROUTE-VOLGORDE: De raad heeft haast.' and thing = @id`,
		postgres.Args{"id": r.paper.ID}.As(r.owner.Clerk))
	if err != nil || n != 1 {
		t.Errorf("%d notes with the reason, %v", n, err)
	}

	r = newRegion(t, tx)
	d = routetest.Step(r.first, 1)
	d.Authoritative = true
	must(t, route.AddStep(t.Context(), tx, r.owner.Author, r.paper.ID, d))
	must(t, route.AddStep(t.Context(), tx, r.owner.Author, r.paper.ID, routetest.Step(r.second, 2)))
	if got := faults(send(r.second, map[string]string{"ROUTE-BINDEND": "Toch."})); got != "ROUTE-BINDEND" {
		t.Errorf("before the body it depends on: %q", got)
	}
}

func TestRevisingAStep(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := newRegion(t, tx).routed(t, tx)
	s := r.step(t, tx, r.owner.Author, r.first)
	d := routetest.Step(r.first, 2)
	d.Deadline, d.Treatment, d.Version = onDay("2018-09-01"), proposal.ForView, s.Version
	must(t, route.ReviseStep(t.Context(), tx, r.owner.Author, r.paper.ID, s.Key, d))
	must(t, route.ReviseStep(t.Context(), tx, r.owner.Author, r.paper.ID, s.Key, d)) // the same twice
	other := d
	other.Deadline = onDay("2018-10-01")
	if err := route.ReviseStep(t.Context(), tx, r.owner.Clerk, r.paper.ID, s.Key, other); !errors.Is(err, fault.Conflict) {
		t.Errorf("from an older version: %v", err)
	}
	r.sent(t, tx, r.second)
	s = r.step(t, tx, r.owner.Author, r.second)
	d.Sequence, d.Treatment, d.Deadline, d.Version = 5, proposal.Decisive, onDay("2018-11-01"), s.Version
	must(t, route.ReviseStep(t.Context(), tx, r.owner.Author, r.paper.ID, s.Key, d))
	if s = r.step(t, tx, r.owner.Author, r.second); s.Sequence != 1 || s.Treatment != proposal.Opinion || s.Deadline.Format(time.DateOnly) != "2018-11-01" {
		t.Errorf("of what was sent only the days change: %+v", s.Step)
	}
}

func TestTheReceiverPlansAsksPreparesAndRefuses(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	ctx := t.Context()
	r := newRegion(t, tx).routed(t, tx)
	r.sent(t, tx, r.first, r.second)
	s := r.step(t, tx, r.first.Clerk, r.first)
	day := onDay("2018-07-05")
	must(t, route.PlanStep(ctx, tx, r.first.Staff, s.Key, day, s.Version))
	must(t, route.PlanStep(ctx, tx, r.first.Staff, s.Key, day, s.Version))
	if err := route.PlanStep(ctx, tx, r.first.Clerk, s.Key, onDay("2018-08-01"), s.Version); !errors.Is(err, fault.Conflict) {
		t.Errorf("planned by two: %v", err)
	}
	if s = r.step(t, tx, r.owner.Author, r.first); !s.PlannedFor.Equal(*day) {
		t.Errorf("planned for %v", s.PlannedFor)
	}
	if got := faults(route.PlanStep(ctx, tx, r.first.Clerk, s.Key, onDay("2018-05-31"), s.Version)); got != "planned_for" {
		t.Errorf("planned for yesterday: %q", got)
	}

	must(t, route.Ask(ctx, tx, r.first.Staff, s.Key, "Wat kost dit per inwoner?"))
	must(t, route.Ask(ctx, tx, r.first.Staff, s.Key, "Wat kost dit per inwoner?"))
	questions := func(as access.Actor) []route.Question {
		var list []route.Question
		must(t, postgres.Read(ctx, tx, route.QuestionsOf(&list, as, s.Key)))
		return list
	}
	if got := questions(r.owner.Author); len(got) != 1 || got[0].AskedBy != r.first.Staff.Name {
		t.Fatalf("asked twice: %+v", got)
	}
	if got := questions(r.second.Clerk); len(got) != 0 {
		t.Errorf("another receiver reads the questions: %+v", got)
	}
	if r.step(t, tx, r.owner.Clerk, r.first).OpenQuestions != 1 {
		t.Error("the owner does not see that there is a question")
	}
	q := questions(r.owner.Author)[0].Key
	if err := route.Answer(ctx, tx, r.first.Clerk, s.Key, q, "Zelf beantwoord."); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the receiver answers: %v", err)
	}
	must(t, route.Answer(ctx, tx, r.owner.Author, s.Key, q, "Niets."))
	must(t, route.Answer(ctx, tx, r.owner.Author, s.Key, q, "Niets."))
	if err := route.Answer(ctx, tx, r.owner.Clerk, s.Key, q, "Veel."); !errors.Is(err, fault.Conflict) {
		t.Errorf("answered by two: %v", err)
	}
	if got := questions(r.first.Member); len(got) != 1 || got[0].Answer != "Niets." {
		t.Errorf("the answer: %+v", got)
	}

	local := route.Local{
		Title: "Onze titel", Treatment: proposal.Exploratory, CoveringNote: "Let op bladzijde 3.",
		PortfolioHolders: []proposal.Holder{{Name: "A. Wethouder"}},
	}
	must(t, route.Prepare(ctx, tx, r.first.Staff, s.Key, local))
	if err := route.Prepare(ctx, tx, r.first.Clerk, s.Key, route.Local{Title: "Een andere titel"}); !errors.Is(err, fault.Conflict) {
		t.Errorf("prepared by two: %v", err)
	}
	read := func(as access.Actor) route.Local {
		var l route.Local
		must(t, postgres.Read(ctx, tx, route.LocalOf(&l, as, s.Key)))
		return l
	}
	if got := read(r.first.Clerk); got.Title != "Onze titel" || got.CoveringNote != local.CoveringNote || got.UpdatedBy != r.first.Staff.Name {
		t.Errorf("kept: %+v", got)
	}
	for name, as := range map[string]access.Actor{
		"owner": r.owner.Clerk, "other receiver": r.second.Clerk, "own raadslid": r.first.Member,
		"public": {At: proposaltest.At},
	} {
		if got := read(as); got.Title != "" {
			t.Errorf("%s reads what the griffie prepares", name)
		}
		if n, _ := postgres.One[int](ctx, tx, `select count(*)::int from route_step_locals`, postgres.Args{}.As(as)); n != 0 {
			t.Errorf("row security shows %s what the griffie prepares", name)
		}
	}

	if got := faults(route.Refuse(ctx, tx, r.first.Clerk, s.Key, " ")); got != "reason" {
		t.Errorf("refused without a reason: %q", got)
	}
	must(t, route.Refuse(ctx, tx, r.first.Clerk, s.Key, "Wij doen hier niet aan mee."))
	must(t, route.Refuse(ctx, tx, r.first.Clerk, s.Key, "Wij doen hier niet aan mee."))
	if err := route.Prepare(ctx, tx, r.first.Clerk, s.Key, local); !errors.Is(err, fault.Conflict) {
		t.Errorf("prepared after refusing: %v", err)
	}
	// The owner may send it again, after a talk.
	r.sent(t, tx, r.first)
	if s = r.step(t, tx, r.first.Clerk, r.first); s.State != route.StepSent || s.Reason != "" || s.SettledAt != nil {
		t.Errorf("sent again: %+v", s.Step)
	}
}

// What the owner withdraws is out of every in-tray at once.
func TestAWithdrawnPaperLeavesEveryInTray(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := newRegion(t, tx).routed(t, tx)
	r.sent(t, tx, r.first, r.second)
	inTray := func(as access.Actor) int {
		var rows []route.Received
		must(t, postgres.Read(t.Context(), tx, route.InTray(&rows, as, 1)))
		return len(rows)
	}
	if inTray(r.first.Clerk) != 1 || inTray(r.second.Staff) != 1 || inTray(r.first.Member) != 0 || inTray(r.owner.Clerk) != 0 {
		t.Fatalf("before: %d %d %d %d", inTray(r.first.Clerk), inTray(r.second.Staff), inTray(r.first.Member), inTray(r.owner.Clerk))
	}
	must(t, proposal.Withdraw(t.Context(), tx, r.owner.Author, r.paper.ID, "Vervalt."))
	if inTray(r.first.Clerk) != 0 || inTray(r.second.Clerk) != 0 {
		t.Error("it is in an in-tray still")
	}
	s := r.step(t, tx, r.first.Clerk, r.first)
	if err := route.Ask(t.Context(), tx, r.first.Clerk, s.Key, "Waarom?"); !errors.Is(err, fault.Forbidden) {
		t.Errorf("asking about what was withdrawn: %v", err)
	}
	if err := route.Send(t.Context(), tx, r.owner.Author, r.paper.ID, []string{s.Key}, nil); !errors.Is(err, fault.Forbidden) {
		t.Errorf("sending what was withdrawn: %v", err)
	}
}

// A council that gets the paper it is meant for by the route has it in one place.
func TestTheBodyOfThePaperGetsItByItsStep(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := newRegion(t, tx)
	offered := func() int {
		var rows []proposal.Row
		must(t, postgres.Read(t.Context(), tx, proposal.OfferedTo(&rows, r.owner.Clerk, []id.Body{r.owner.Body})))
		return len(rows)
	}
	if offered() != 1 {
		t.Fatal("it is not offered")
	}
	must(t, route.AddStep(t.Context(), tx, r.owner.Author, r.paper.ID, routetest.Step(r.owner, 2)))
	if offered() != 0 {
		t.Error("it is offered beside its route")
	}
	m := proposaltest.Meeting(t, tx, r.owner)
	if _, err := proposal.Schedule(t.Context(), tx, r.owner.Clerk, r.paper.ID, m, nil, "", ""); !errors.Is(err, fault.Forbidden) {
		t.Errorf("put on an agenda past its route: %v", err)
	}
	s := r.step(t, tx, r.owner.Author, r.owner)
	must(t, route.RemoveStep(t.Context(), tx, r.owner.Author, r.paper.ID, s.Key))
	if offered() != 1 {
		t.Error("without the step it is not offered again")
	}
}

// Two at once on one step: one wins, the other is told, nothing is doubled.
func TestTwoAtOnceOnOneStep(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db).routed(t, db)
	r.sent(t, db, r.first, r.second)
	s := r.step(t, db, r.owner.Author, r.first)
	refuse := func(reason string) func() error {
		return func() error { return route.Refuse(t.Context(), db, r.first.Clerk, s.Key, reason) }
	}
	skip := func() error {
		return route.Skip(t.Context(), db, r.owner.Author, r.paper.ID, s.Key, "Toch niet.", s.Version)
	}
	won, lost := race(t, refuse("Niet van ons."), refuse("Te laat."), skip, refuse("Geen plaats."))
	if won != 1 || lost != 3 {
		t.Errorf("%d won, %d were told; want 1 and 3", won, lost)
	}
}

// race runs acts at the same moment; the losers must get fault.Conflict.
func race(t *testing.T, acts ...func() error) (won, lost int) {
	t.Helper()
	var wait sync.WaitGroup
	results := make([]error, len(acts))
	start := make(chan struct{})
	for n, act := range acts {
		wait.Go(func() {
			<-start
			results[n] = act()
		})
	}
	close(start)
	wait.Wait()
	for _, err := range results {
		switch {
		case err == nil:
			won++
		case errors.Is(err, fault.Conflict):
			lost++
		default:
			t.Errorf("neither won nor was told: %v", err)
		}
	}
	return won, lost
}

func TestSendingAndRefusingAskThePasswordAgain(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := newRegion(t, tx).routed(t, tx)
	idle := func(a access.Actor) access.Actor {
		a.Account, a.Confirmed = id.New[id.Account](), proposaltest.At.Add(-31*time.Minute)
		return a
	}
	key := r.step(t, tx, r.owner.Author, r.first).Key
	if err := route.Send(t.Context(), tx, idle(r.owner.Author), r.paper.ID, []string{key}, nil); !errors.Is(err, fault.Unconfirmed) {
		t.Errorf("sending: %v", err)
	}
	r.sent(t, tx, r.first)
	if err := route.Refuse(t.Context(), tx, idle(r.first.Clerk), key, "Niet van ons."); !errors.Is(err, fault.Unconfirmed) {
		t.Errorf("refusing: %v", err)
	}
}

// Killed in between: what was not committed was never sent, seen, told or noted.
func TestASendingThatIsBrokenOffNeverWas(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db).routed(t, db)
	tx, err := db.Begin(t.Context())
	must(t, err)
	r.sent(t, tx, r.first, r.second)
	if n := len(r.route(t, tx, r.first.Clerk)); n != 2 {
		t.Errorf("inside the act: %d steps", n)
	}
	must(t, tx.Rollback(t.Context()))
	if n := len(r.route(t, db, r.first.Clerk)); n != 0 {
		t.Errorf("the receiver sees %d steps of what was broken off", n)
	}
	if _, err := proposal.Find(t.Context(), db, r.first.Clerk, r.paper.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("the receiver sees the paper: %v", err)
	}
	var jobs, notes, terms int
	must(t, pgtest.Owner(t, db).QueryRow(t.Context(), `select (select count(*) from river_job where kind like 'route.%'),
		(select count(*) from audit_entries where act = 'route.send'), (select count(*) from route_terms)`).Scan(&jobs, &notes, &terms))
	if jobs+notes+terms != 0 {
		t.Errorf("%d jobs, %d notes and %d terms are left", jobs, notes, terms)
	}
	r.sent(t, db, r.first, r.second)
	if n := len(r.route(t, db, r.first.Clerk)); n != 2 {
		t.Errorf("done again: %d steps", n)
	}
}

// Who had the paper is told by the queue, from the steps as they stood; the steps themselves stay as they are.
func TestAWithdrawalTellsWhoHadThePaper(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := newRegion(t, tx).routed(t, tx)
	must(t, route.AddStep(t.Context(), tx, r.owner.Author, r.paper.ID, routetest.Step(r.far, 2)))
	r.sent(t, tx, r.first, r.second)
	must(t, route.Refuse(t.Context(), tx, r.second.Clerk, r.step(t, tx, r.owner.Author, r.second).Key, "Niet ons."))
	had := r.step(t, tx, r.owner.Author, r.first)
	must(t, proposal.Withdraw(t.Context(), tx, r.owner.Author, r.paper.ID, "Vervalt."))
	var args string
	if err := tx.QueryRow(t.Context(), `select args::text from river_job where kind = 'route.withdrawn'`).Scan(&args); err != nil {
		t.Fatalf("nobody is told: %v", err)
	}
	var w proposal.Withdrawal
	must(t, json.Unmarshal([]byte(args), &w))
	told := route.Recall(w)
	if told.Proposal != r.paper.ID || !told.At.Equal(r.owner.Author.At) ||
		!slices.Equal(told.Desks, []route.Desk{{Step: had.ID, Body: r.first.Body, Organisation: r.first.ID}}) {
		t.Errorf("told are %+v", told)
	}
	if s := r.step(t, tx, r.owner.Author, r.first); s.State != route.StepSent || s.Version != had.Version {
		t.Errorf("the step is %s, version %d", s.State, s.Version)
	}
}

// An owner who withdraws, and thirteen griffies who do something with the paper, at once: no deadlock, and nothing after the end.
func TestWithdrawingWhileReceiversAct(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db).routed(t, db)
	r.sent(t, db, r.first, r.second)
	var acts []func() error
	for n := range 12 {
		place := []proposaltest.Place{r.first, r.second}[n%2]
		key := r.step(t, db, r.owner.Author, place).Key
		acts = append(acts, func() error { return route.Ask(t.Context(), db, place.Clerk, key, strings.Repeat("?", n+1)) })
	}
	acts = append(acts, func() error { return proposal.Withdraw(t.Context(), db, r.owner.Author, r.paper.ID, "Vervalt.") })
	var wait sync.WaitGroup
	results := make([]error, len(acts))
	for n, act := range acts {
		wait.Go(func() { results[n] = act() })
	}
	wait.Wait()
	asked := 0
	for n, err := range results[:12] {
		if err == nil {
			asked++
		} else if !errors.Is(err, fault.Forbidden) {
			t.Errorf("act %d: %v", n, err)
		}
	}
	must(t, results[12])
	n, err := postgres.One[int](t.Context(), db, `select count(*)::int from route_questions`, postgres.Args{}.As(r.owner.Author))
	if err != nil || n != asked {
		t.Errorf("%d questions were acknowledged and %d are there, %v", asked, n, err)
	}
}
