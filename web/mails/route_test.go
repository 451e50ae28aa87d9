package mails

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/route"
	"regiogriffie/internal/route/routetest"
)

// desk is an office with a clock of the test's own, a region around it, and the queue done by hand.
type desk struct {
	t           *testing.T
	db          *pgxpool.Pool
	owner       *pgxpool.Pool // past the second wall
	now         time.Time
	done        int64 // the last job that was done
	sender      proposaltest.Place
	here, there proposaltest.Place
	paper       proposal.Proposal
}

const subject = "Iets wat nog niet openbaar is"

func newDesk(t *testing.T, deadline time.Time) *desk {
	t.Helper()
	d := &desk{t: t, db: pgtest.DB(t), now: proposaltest.At}
	d.owner = pgtest.Owner(t, d.db)
	d.sender, d.here, d.there = proposaltest.NewPlace(t, d.db, "Regio"), proposaltest.NewPlace(t, d.db, "Leiden"), proposaltest.NewPlace(t, d.db, "Lisse")
	for _, p := range []proposaltest.Place{d.here, d.there} {
		d.run(`insert into mandates (id, person_id, body_id, function, starts_on) values (@id, @person, @body, 'clerk', '2017-01-01')`,
			postgres.Args{"id": id.New[id.Mandate](), "person": p.Clerk.Person, "body": p.Body})
		d.run(`update persons set work_email = 'griffie@' || @key || '.example' where id = @person`, postgres.Args{"key": p.Key, "person": p.Clerk.Person})
	}
	d.paper = proposaltest.Offered(t, d.db, d.sender.Author, d.sender.ID, d.sender.Body, func(draft *proposal.Draft) { draft.Subject = subject })
	var keys []string
	for _, p := range []proposaltest.Place{d.here, d.there} {
		step := routetest.Step(p, 1)
		step.Deadline = &deadline
		d.must(route.AddStep(t.Context(), d.db, d.sender.Author, d.paper.ID, step))
	}
	for _, s := range d.steps(d.sender.Author) {
		keys = append(keys, s.Key)
	}
	d.must(route.Send(t.Context(), d.db, d.sender.Author, d.paper.ID, keys, nil))
	return d
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) run(sql string, args postgres.Args) {
	d.t.Helper()
	_, err := postgres.Exec(d.t.Context(), d.db, sql, args)
	d.must(err)
}

func (d *desk) steps(as access.Actor) []route.Row {
	d.t.Helper()
	var list []route.Row
	d.must(postgres.Read(d.t.Context(), d.db, route.At(&list, as, d.paper.Key)))
	return list
}

func (d *desk) step(p proposaltest.Place) route.Row {
	d.t.Helper()
	for _, s := range d.steps(d.sender.Author) {
		if s.BodyID == p.Body {
			return s
		}
	}
	d.t.Fatalf("no step of %s", p.Org)
	return route.Row{}
}

func (d *desk) office() Office {
	return Office{DB: d.db, BaseURL: "https://regio.example", Now: func() time.Time { return d.now }}
}

// work does what the acts left in the queue, and then, when asked, what is looked at each hour.
func (d *desk) work(hourly bool) {
	d.t.Helper()
	type queued struct {
		ID   int64
		Kind string
		Args json.RawMessage
	}
	rows, err := d.owner.Query(d.t.Context(), `select id, kind, args from river_job where id > $1 order by id`, d.done)
	d.must(err)
	jobs, err := pgx.CollectRows(rows, pgx.RowToStructByName[queued])
	d.must(err)
	table := d.office().Table()
	for _, j := range jobs {
		d.must(table[j.Kind](context.Background(), j.Args))
		d.done = j.ID
	}
	if hourly {
		for _, kind := range Hourly {
			d.must(table[kind](context.Background(), nil))
		}
	}
}

type letterSent struct{ Address, Subject, Text string }

// letters are all mails so far, in their order.
func (d *desk) letters() []letterSent {
	d.t.Helper()
	rows, err := d.owner.Query(d.t.Context(), `select address, subject, text from messages order by created_at, id`)
	d.must(err)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[letterSent])
	d.must(err)
	return list
}

func (d *desk) subjects() string {
	var list []string
	for _, l := range d.letters() {
		list = append(list, strings.Split(l.Address, "@")[1]+": "+l.Subject)
	}
	return strings.ReplaceAll(strings.ReplaceAll(strings.Join(list, " | "), d.here.Key, "leiden"), d.there.Key, "lisse")
}

func TestAGriffieHearsOnceThatAPaperLiesInItsInTray(t *testing.T) {
	t.Parallel()
	d := newDesk(t, proposaltest.At.AddDate(0, 0, 60))
	d.work(false)
	const want = "leiden.example: Voorstel van Regio voor Raad van Leiden Leiden | lisse.example: Voorstel van Regio voor Raad van Lisse Lisse"
	if got := d.subjects(); got != want {
		t.Errorf("got %s", got)
	}
	for _, l := range d.letters() {
		if strings.Contains(l.Text+l.Subject, subject) {
			t.Error("the mail says what is not public yet")
		}
		if !strings.Contains(l.Text, "https://regio.example/voorstellen/"+d.paper.Key+"/route/") || !strings.Contains(l.Text, "Uiterlijk: dinsdag 31 juli 2018") {
			t.Errorf("the mail: %s", l.Text)
		}
	}
	d.done = 0 // the worker died, and does it all again
	d.work(false)
	if got := d.subjects(); got != want {
		t.Errorf("told twice: %s", got)
	}
}

func TestWhatWasTakenUpBeforeItsTurnIsNotTold(t *testing.T) {
	t.Parallel()
	d := newDesk(t, proposaltest.At.AddDate(0, 0, 60))
	d.must(route.Refuse(t.Context(), d.db, d.here.Clerk, d.step(d.here).Key, "Niet van ons."))
	d.work(false)
	if got := d.subjects(); got != "lisse.example: Voorstel van Regio voor Raad van Lisse Lisse" {
		t.Errorf("got %s", got)
	}
}

func TestWhoHasNotPlannedIsRemindedOnceAndThenTheTermPasses(t *testing.T) {
	t.Parallel()
	last := proposaltest.At.AddDate(0, 0, 60)
	d := newDesk(t, last)
	d.work(true)
	before := len(d.letters())
	planned := d.step(d.there)
	day := proposaltest.At.AddDate(0, 0, 50)
	d.must(route.PlanStep(t.Context(), d.db, d.there.Clerk, planned.Key, &day, planned.Version))
	d.now = last.AddDate(0, 0, -22)
	d.work(true)
	if got := len(d.letters()); got != before {
		t.Errorf("reminded 22 days before: %s", d.subjects())
	}
	d.now = last.AddDate(0, 0, -21)
	for range 3 {
		d.work(true)
	}
	d.now = last.AddDate(0, 0, -3)
	d.work(true)
	if got := d.letters()[before:]; len(got) != 1 || !strings.HasPrefix(got[0].Subject, "Nog niet op een agenda") ||
		!strings.Contains(got[0].Text, "Over 21 dagen is de uiterste dag.") {
		t.Errorf("reminders: %+v", got)
	}
	d.now = last
	d.work(true)
	if s := d.step(d.here); s.State != route.StepSent {
		t.Errorf("on the last day: %s", s.State)
	}
	d.now = last.AddDate(0, 0, 1)
	d.work(true)
	d.work(true)
	for _, p := range []proposaltest.Place{d.here, d.there} {
		if s := d.step(p); s.State != route.StepExpired || s.SettledAt == nil {
			t.Errorf("%s, after the last day: %+v", p.Org, s.Step)
		}
	}
	// It can be treated all the same, and more time makes it wait again.
	var tray []route.Received
	d.must(postgres.Read(t.Context(), d.db, route.InTray(&tray, d.here.Clerk, 1)))
	if len(tray) != 1 {
		t.Errorf("%d in the in-tray", len(tray))
	}
	s := d.step(d.here)
	owner, more := d.sender.Author, last.AddDate(0, 0, 30)
	owner.At = d.now
	d.must(route.ReviseStep(t.Context(), d.db, owner, d.paper.ID, s.Key, route.StepDraft{Deadline: &more, Version: s.Version}))
	if s = d.step(d.here); s.State != route.StepSent {
		t.Errorf("with more time: %s", s.State)
	}
	var acts int
	d.must(d.owner.QueryRow(t.Context(),
		`select count(*) from audit_entries where act = 'route.expire' and duty = 'route.desk' and person_id is null`).Scan(&acts))
	if acts != 2 {
		t.Errorf("%d notes of a term that passed, want 2", acts)
	}
}

// Two at once: the term passes while the griffier puts it on an agenda. One wins, and nothing is lost.
func TestATermPassesWhileTheGriffierTakesItUp(t *testing.T) {
	t.Parallel()
	last := proposaltest.At.AddDate(0, 0, 30)
	d := newDesk(t, last)
	d.now = last.AddDate(0, 0, 1)
	start := d.now.AddDate(0, 0, 7)
	end := start.Add(time.Hour)
	m, err := meeting.Create(t.Context(), d.db, d.here.Clerk,
		meeting.Draft{Kind: meeting.Council, Bodies: []id.Body{d.here.Body}, StartsAt: &start, EndsAt: &end, Location: "Raadzaal", Open: true})
	d.must(err)
	key, took := d.step(d.here).Key, make(chan error, 1)
	go func() {
		_, err := meeting.ScheduleStep(context.Background(), d.db, d.here.Clerk, m.ID, key, "")
		took <- err
	}()
	d.work(true)
	d.must(<-took)
	if s := d.step(d.here); s.State != route.StepScheduled || s.ItemID == "" {
		t.Errorf("after both: %+v", s.Step)
	}
}

func TestAllWhoHaveAWithdrawnPaperHearIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t, proposaltest.At.AddDate(0, 0, 60))
	d.work(false)
	before := len(d.letters())
	d.must(route.Refuse(t.Context(), d.db, d.there.Clerk, d.step(d.there).Key, "Niet van ons."))
	d.must(proposal.Withdraw(t.Context(), d.db, d.sender.Author, d.paper.ID, "Een reden die niet in een e-mail hoort."))
	d.work(false)
	got := d.letters()[before:]
	if len(got) != 1 || got[0].Subject != "Ingetrokken: voorstel van Regio" || strings.Contains(got[0].Text, "Een reden die") ||
		strings.Contains(got[0].Text, subject) {
		t.Errorf("told: %+v", got)
	}
}

// One digest a day, about all routes together, and never thirteen mails.
func TestAFollowerHearsOnceADay(t *testing.T) {
	t.Parallel()
	d := newDesk(t, proposaltest.At.AddDate(0, 0, 90))
	d.work(false)
	before := len(d.letters())
	follower := d.here.Member
	follower.Account = id.New[id.Account]()
	d.run(`insert into accounts (id, person_id, email) values (@id, @person, @email)`,
		postgres.Args{"id": follower.Account, "person": follower.Person, "email": string(follower.Account) + "@example.nl"})
	d.run(`insert into mandates (id, person_id, body_id, function, starts_on) values (@id, @person, @body, 'councillor', '2017-01-01')`,
		postgres.Args{"id": id.New[id.Mandate](), "person": follower.Person, "body": d.here.Body})
	d.run(`update persons set work_email = 'raadslid@leiden.example' where id = @person`, postgres.Args{"person": follower.Person})
	d.must(route.Follow(t.Context(), d.db, follower, d.paper.ID))
	d.must(route.Follow(t.Context(), d.db, follower, d.paper.ID))
	d.now = d.now.Add(time.Hour)
	d.work(true)
	if got := len(d.letters()); got != before {
		t.Fatalf("nothing changed, and there is a mail: %s", d.subjects())
	}
	at := func(a access.Actor) access.Actor { a.At = d.now; return a }
	d.must(route.Refuse(t.Context(), d.db, at(d.there.Clerk), d.step(d.there).Key, "Niet van ons."))
	d.now = time.Date(2018, 6, 2, 4, 30, 0, 0, time.UTC) // half past six in Amsterdam
	d.work(true)
	if got := len(d.letters()); got != before {
		t.Errorf("a digest before seven: %s", d.subjects())
	}
	for hour := range 5 {
		d.now = time.Date(2018, 6, 2, 5+hour, 0, 0, 0, time.UTC)
		if hour == 2 { // more news on the same day waits for the next
			d.must(route.Refuse(t.Context(), d.db, at(d.here.Clerk), d.step(d.here).Key, "Ook niet van ons."))
		}
		d.work(true)
	}
	got := d.letters()[before:]
	if len(got) != 1 || got[0].Address != "raadslid@leiden.example" || got[0].Subject != "Nieuws over 1 route die u volgt" ||
		!strings.Contains(got[0].Text, "Voorstel van Regio: 1 geweigerd") || strings.Contains(got[0].Text, subject) {
		t.Errorf("the digest: %+v", got)
	}
	d.now = time.Date(2018, 6, 3, 6, 0, 0, 0, time.UTC)
	d.work(true)
	if got = d.letters()[before:]; len(got) != 2 || !strings.Contains(got[1].Text, "1 geweigerd") {
		t.Errorf("the next day: %+v", got)
	}
	d.must(route.Unfollow(t.Context(), d.db, follower, d.paper.ID))
	d.must(proposal.Withdraw(t.Context(), d.db, at(d.sender.Author), d.paper.ID, "Vervalt."))
	d.now = d.now.AddDate(0, 0, 1)
	d.work(true)
	for _, l := range d.letters()[before+2:] {
		if l.Address == "raadslid@leiden.example" {
			t.Errorf("who follows no more is written to: %+v", l)
		}
	}
}

// A follower who may no longer see the paper hears nothing of it.
func TestAFollowerWhoLeftHearsNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t, proposaltest.At.AddDate(0, 0, 90))
	d.work(false)
	before := len(d.letters())
	follower := d.here.Member
	follower.Account = id.New[id.Account]()
	d.run(`insert into accounts (id, person_id, email) values (@id, @person, @email)`,
		postgres.Args{"id": follower.Account, "person": follower.Person, "email": string(follower.Account) + "@example.nl"})
	d.must(route.Follow(t.Context(), d.db, follower, d.paper.ID)) // he has no mandate: tomorrow he comes in without rights
	d.now = d.now.Add(time.Minute)
	refused := d.there.Clerk
	refused.At = d.now
	d.must(route.Refuse(t.Context(), d.db, refused, d.step(d.there).Key, "Niet van ons."))
	d.now = d.now.AddDate(0, 0, 1)
	d.work(true)
	if got := d.letters()[before:]; len(got) != 0 {
		t.Errorf("he hears: %+v", got)
	}
}

func TestADutyReachesOneBodyOnly(t *testing.T) {
	t.Parallel()
	d := newDesk(t, proposaltest.At.AddDate(0, 0, 60))
	for _, row := range []struct {
		place proposaltest.Place
		want  int
	}{{d.here, 1}, {d.there, 0}} {
		var found []route.Received
		at := route.Desk{Step: d.step(d.here).ID, Body: row.place.Body, Organisation: row.place.ID}
		d.must(postgres.Read(t.Context(), d.db, route.DeskStep(&found, at, d.now)))
		if len(found) != row.want {
			t.Errorf("the desk of %s reads %d steps of Leiden, want %d", row.place.Org, len(found), row.want)
		}
	}
	outsider := proposaltest.NewPlace(t, d.db, "Groningen")
	if _, err := proposal.Find(t.Context(), d.db, (route.Desk{Body: outsider.Body, Organisation: outsider.ID}).Actor(d.now), d.paper.ID); err == nil {
		t.Error("a desk elsewhere reads the paper")
	}
}
