package mails

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/id"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/route"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/internal/zienswijze/zienswijzetest"
)

// region is a desk with councils that are asked their view.
func region(t *testing.T) (*desk, zienswijzetest.Region) {
	t.Helper()
	d := &desk{t: t, db: pgtest.DB(t), now: zienswijzetest.At}
	d.owner = pgtest.Owner(t, d.db)
	r := zienswijzetest.New(t, d.db, "Leiden", "Lisse")
	for _, c := range r.Councils {
		d.run(`insert into mandates (id, person_id, body_id, function, starts_on) values (@id, @person, @body, 'clerk', '2017-01-01')`,
			postgres.Args{"id": id.New[id.Mandate](), "person": c.Clerk.Person, "body": c.Body.ID})
		d.run(`update persons set work_email = 'griffie@' || @name || '.example' where id = @person`,
			postgres.Args{"name": strings.ToLower(c.Org.Name()), "person": c.Clerk.Person})
	}
	return d, r
}

func about(list []letterSent) string {
	var all []string
	for _, l := range list {
		all = append(all, strings.Split(strings.Split(l.Address, "@")[1], ".")[0]+": "+strings.SplitN(l.Subject, " ", 4)[0]+" "+strings.SplitN(l.Subject, " ", 4)[1])
	}
	return strings.Join(all, " | ")
}

func TestADraftWithoutAPaperIsToldToTheGriffiesOnce(t *testing.T) {
	t.Parallel()
	d, r := region(t)
	p := r.Sent(t, d.db)
	for range 2 { // the worker died, and does it all again
		d.done = 0
		d.work(false)
	}
	if got := about(d.letters()); got != "leiden: Zienswijze gevraagd | lisse: Zienswijze gevraagd" {
		t.Fatalf("got %s", got)
	}
	for _, l := range d.letters() {
		if strings.Contains(l.Text+l.Subject, p.Subject) || !strings.Contains(l.Text, "https://regio.example/zienswijzen/"+p.Key+"/raden/") ||
			!strings.Contains(l.Text, "Uiterlijk: ") {
			t.Errorf("the mail: %s", l.Text)
		}
	}
}

func TestADraftWithAPaperIsToldAsWhatLiesInTheInTray(t *testing.T) {
	t.Parallel()
	d, r := region(t)
	paper := proposaltest.Offered(t, d.db, r.Secretary, r.Org.ID, r.Board.ID)
	r.Sent(t, d.db, func(draft *zienswijze.Draft) { draft.ProposalID = paper.ID })
	d.work(false)
	if got := about(d.letters()); got != "leiden: Voorstel van | lisse: Voorstel van" {
		t.Errorf("got %s", got)
	}
}

func TestWhoPlannedNothingIsRemindedBeforeTheLastSafeMeeting(t *testing.T) {
	t.Parallel()
	d, r := region(t)
	p := r.Sent(t, d.db)
	early, last := r.Councils[0], zienswijzetest.At.AddDate(0, 0, 30)
	meets(t, d.db, early, last)
	d.run(`update bodies set papers_due_days = 9 where id = @id`, postgres.Args{"id": early.Body.ID})
	d.work(true)
	before := len(d.letters())
	papers := last.AddDate(0, 0, -9)
	d.now = papers.AddDate(0, 0, -15)
	d.work(true)
	if got := d.letters()[before:]; len(got) != 0 {
		t.Fatalf("too early: %s", about(got))
	}
	d.now = papers.AddDate(0, 0, -14)
	for range 3 {
		d.work(true)
	}
	got := d.letters()[before:]
	if about(got) != "leiden: Nog niet" || !strings.Contains(got[0].Text, "De laatste vergadering die op tijd is") ||
		!strings.Contains(got[0].Text, "Stukken bij de griffie: uiterlijk ") {
		t.Fatalf("got %s: %+v", about(got), got)
	}
	var topics []mailing.Topic
	rows, err := d.owner.Query(t.Context(), `select topic from mailings where title like 'Nog niet gepland%'`)
	d.must(err)
	for rows.Next() {
		var topic mailing.Topic
		d.must(rows.Scan(&topic))
		topics = append(topics, topic)
	}
	if len(topics) != 1 || topics[0] != mailing.Reminders {
		t.Errorf("who gets it stops it as %v", topics)
	}
	other := r.Councils[1] // has no meeting that is known: its last day is that of an extra one
	d.must(zienswijze.Decline(t.Context(), d.db, other.Clerk, zienswijzetest.View(t, d.db, other.Clerk, p, other).ID, &other.Clerk.At))
	d.now = p.DueOn.AddDate(0, 0, -1)
	d.work(true)
	if got := d.letters()[before:]; len(got) != 1 {
		t.Errorf("who gives no view is reminded: %s", about(got))
	}
}

func TestAnInTrayRemindsOnceForOneDraft(t *testing.T) {
	t.Parallel()
	d, r := region(t)
	paper := proposaltest.Offered(t, d.db, r.Secretary, r.Org.ID, r.Board.ID)
	p := r.Sent(t, d.db, func(draft *zienswijze.Draft) { draft.ProposalID = paper.ID })
	d.work(true)
	before := len(d.letters())
	for n := route.RemindDays + 3; n > 0; n -= 3 {
		d.now = p.DueOn.AddDate(0, 0, -n)
		d.work(true)
	}
	if got := about(d.letters()[before:]); got != "leiden: Nog niet | lisse: Nog niet" {
		t.Errorf("got %s", got)
	}
}

func TestTheGriffieHearsThatTheBoardAnswered(t *testing.T) {
	t.Parallel()
	d, r := region(t)
	p := r.Sent(t, d.db)
	c := r.Councils[0]
	v := zienswijzetest.Delivered(t, d.db, p, c)
	var texts []zienswijze.Text
	d.must(postgres.Read(t.Context(), d.db, zienswijze.TextInto(&texts, r.Secretary, p.Key, c.Org.Key)))
	d.work(false)
	before := len(d.letters())
	d.must(zienswijze.Answer(t.Context(), d.db, r.Secretary, v.ID, zienswijze.AnswerDraft{Answer: "Het bestuur doet dat.", Version: texts[0].Version}))
	d.must(zienswijze.Answer(t.Context(), d.db, r.Secretary, v.ID, zienswijze.AnswerDraft{Answer: "Het bestuur doet dat graag.", Version: texts[0].Version + 1}))
	d.work(false)
	got := d.letters()[before:]
	if about(got) != "leiden: Antwoord op" || strings.Contains(got[0].Text, "Het bestuur doet dat") {
		t.Errorf("got %+v", got)
	}
}

func TestWhatIsMadeUpIsKept(t *testing.T) {
	t.Parallel()
	d, r := region(t)
	r.Sent(t, d.db, func(draft *zienswijze.Draft) { draft.MadeUp = true })
	d.work(false)
	var leaving int
	d.must(d.owner.QueryRow(t.Context(), `select count(*) from mailings where not kept`).Scan(&leaving))
	if len(d.letters()) != 2 || leaving != 0 {
		t.Errorf("%d letters, of which %d would leave", len(d.letters()), leaving)
	}
}

// meets gives a council a meeting that its griffie sees.
func meets(t *testing.T, db *pgxpool.Pool, c zienswijzetest.Council, on time.Time) {
	t.Helper()
	args := postgres.Args{"id": id.New[id.Meeting](), "org": c.Org.ID, "body": c.Body.ID, "on": on, "day": on.Format("2006-01-02")}.As(c.Clerk)
	for _, sql := range []string{
		`insert into meetings (id, slug, kind, host_org_id, starts_at, ends_at, state, visibility, org_ids, created_at, updated_at)
		 values (@id, @day || '-' || right(@id::uuid::text, 12), 'council', @org, @on, @on::timestamptz + interval '2 hours', 'gepland', 'public',
		   array[@org]::uuid[], now(), now())`,
		`insert into meeting_organisers (meeting_id, sequence, organisation_id, body_id) values (@id, 1, @org, @body)`,
	} {
		if _, err := postgres.Exec(t.Context(), db, sql, args); err != nil {
			t.Fatal(err)
		}
	}
}
