package proposal_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/file/filetest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
)

// The rights, actor by act. Columns: see, revise, offer, withdraw; "+" may, "-" may not (of what he sees), "." does not see it.
func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target, other := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden"), proposaltest.NewPlace(t, tx, "Heemstede")
	colleague := proposaltest.Actor(t, tx, "Andere steller", access.Grant{Role: access.Author, Organisation: owner.ID})
	left := owner.Author
	left.Grants = []access.Grant{{Role: access.Author, Organisation: other.ID}}
	admin := proposaltest.Actor(t, tx, "Beheerder", access.Grant{Role: access.Admin})
	actors := []struct {
		name  string
		actor access.Actor
	}{
		{"public", access.Actor{At: proposaltest.At}},
		{"author", owner.Author},
		{"author who left", left},
		{"other author", colleague},
		{"griffier", owner.Clerk},
		{"griffiemedewerker", owner.Staff},
		{"secretaris", owner.Secretary},
		{"raadslid", owner.Member},
		{"wethouder", owner.Holder},
		{"griffier of the target", target.Clerk},
		{"raadslid of the target", target.Member},
		{"secretaris of the target", target.Secretary},
		{"griffier elsewhere", other.Clerk},
		{"administrator", admin},
	}
	m := proposaltest.Meeting(t, tx, target)
	make := func(change ...func(*proposal.Draft)) proposal.Proposal {
		return proposaltest.Concept(t, tx, owner.Author, owner.ID, target.Body, change...)
	}
	offered := func(change ...func(*proposal.Draft)) proposal.Proposal {
		return proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body, change...)
	}
	scheduled := func(closed []id.Body, change ...func(*proposal.Draft)) proposal.Proposal {
		t.Helper()
		p, err := proposal.Schedule(t.Context(), tx, target.Clerk, offered(change...).ID, m, closed, "", "")
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	public := scheduled(nil)
	must(t, proposal.Publish(t.Context(), tx, target.Clerk, []id.Proposal{public.ID}))
	withdrawn := offered()
	must(t, proposal.Withdraw(t.Context(), tx, owner.Author, withdrawn.ID, "Dubbel."))
	withdrawnPublic := scheduled(nil)
	must(t, proposal.Publish(t.Context(), tx, target.Clerk, []id.Proposal{withdrawnPublic.ID}))
	must(t, proposal.Withdraw(t.Context(), tx, owner.Author, withdrawnPublic.ID, "Dubbel."))

	withdrawn.State, withdrawnPublic.State = proposal.Withdrawn, proposal.Withdrawn
	for _, row := range []struct {
		state string
		p     proposal.Proposal
		want  string // in the order of actors
	}{
		//                                  public author left   other  griff  medew  secr   raad   weth   tgriff traad  tsecr  elders admin
		{"concept", make(), "               .... ++++ .... .... ++++ ++-- ++++ .... .... .... .... .... .... ...."},
		{"closed concept", make(proposaltest.Closed), ".... ++++ .... .... .... .... .... .... .... +--- .... .... .... ...."},
		{"offered", offered(), "            .... ++-+ .... +--- ++-+ +--- ++-+ +--- +--- +--- +--- +--- .... ...."},
		{"closed and offered", offered(proposaltest.Closed), ".... ++-+ .... .... .... .... .... .... .... +--- +--- .... .... ...."},
		{"scheduled", scheduled(nil), "     .... ++-+ .... +--- ++-+ +--- ++-+ +--- +--- +--- +--- +--- .... ...."},
		{"closed and scheduled", scheduled([]id.Body{target.Body}, proposaltest.Closed), ".... ++-+ .... .... .... .... .... .... .... +--- +--- .... .... ...."},
		{"public", public, "                +--- ++-+ +--- +--- ++-+ +--- ++-+ +--- +--- +--- +--- +--- +--- +---"},
		{"withdrawn", withdrawn, "          .... +--- .... +--- +--- +--- +--- +--- +--- +--- +--- +--- .... ...."},
		{"withdrawn public", withdrawnPublic, "+--- +--- +--- +--- +--- +--- +--- +--- +--- +--- +--- +--- +--- +---"},
	} {
		for i, want := range strings.Fields(row.want) {
			a := actors[i].actor
			got := "...."
			p, err := proposal.Find(t.Context(), tx, a, row.p.ID)
			if err == nil {
				got = "+" + sign(proposal.CanRevise(a, p)) + sign(proposal.CanOffer(a, p)) + sign(proposal.CanWithdraw(a, p))
			} else if !errors.Is(err, fault.NotFound) {
				t.Fatal(err)
			}
			if got != want {
				t.Errorf("%s, %s: got %s, want %s", row.state, actors[i].name, got, want)
			}
			// The second wall alone: the same row without the condition.
			n, err := postgres.One[int](t.Context(), tx, `select count(*)::int from proposals where id = @id`, postgres.Args{"id": row.p.ID}.As(a))
			if err != nil || (n == 1) != (want[0] == '+') {
				t.Errorf("%s, %s: row security shows %d rows, %v", row.state, actors[i].name, n, err)
			}
			refused(t, tx, row.state+", "+actors[i].name, a, row.p, want)
		}
	}
	for i, want := range strings.Fields("- + - + + + + - - - - - - -") {
		if got := sign(proposal.CanCreate(actors[i].actor, owner.ID)); got != want {
			t.Errorf("create, %s: got %s", actors[i].name, got)
		}
		if _, err := proposal.Create(t.Context(), tx, actors[i].actor, proposaltest.Draft(owner.ID, target.Body)); (err == nil) != (want == "+") {
			t.Errorf("create, %s: %v", actors[i].name, err)
		}
	}
}

func sign(may bool) string {
	if may {
		return "+"
	}
	return "-"
}

// refused asks each verb for what the table does not allow: not found for what is not seen, else forbidden.
func refused(t *testing.T, db postgres.DB, name string, a access.Actor, p proposal.Proposal, want string) {
	t.Helper()
	_, revise := error(nil), error(nil)
	if want[1] != '+' {
		_, revise = proposal.Revise(t.Context(), db, a, p.ID, proposal.DraftOf(p))
	}
	var offer, withdraw error
	if want[2] != '+' && (p.State != proposal.Offered || want[1] != '+') {
		_, offer = proposal.Offer(t.Context(), db, a, p.ID)
	}
	if want[3] != '+' && p.State != proposal.Withdrawn {
		withdraw = proposal.Withdraw(t.Context(), db, a, p.ID, "reden")
	}
	for i, err := range []error{revise, offer, withdraw} {
		expected := fault.Forbidden
		if want[0] != '+' {
			expected = fault.NotFound
		}
		asked := want[i+1] != '+'
		if i == 1 && p.State == proposal.Offered && want[1] == '+' || i == 2 && p.State == proposal.Withdrawn {
			asked = false
		}
		if asked && !errors.Is(err, expected) {
			t.Errorf("%s: act %d gave %v, want %v", name, i, err, expected)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// advance tells the paper alone of a decision about it.
func advance(t *testing.T, tx pgx.Tx, a access.Actor, s proposal.Settled) {
	t.Helper()
	p, err := proposal.FindLocked(t.Context(), tx, a, s.Proposal)
	must(t, err)
	must(t, proposal.Advance(t.Context(), tx, a, p, s))
}

func fields(t *testing.T, err error) fault.Fields {
	t.Helper()
	var f fault.Fields
	if err != nil && !errors.As(err, &f) {
		t.Fatalf("no fault of fields: %v", err)
	}
	return f
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	day := time.Date(12, 1, 1, 0, 0, 0, 0, time.UTC)
	hours := 5000
	for name, c := range map[string]struct {
		change func(*proposal.Draft)
		field  string
		words  string
	}{
		"no subject":               {func(d *proposal.Draft) { d.Subject = "  " }, "subject", "Vul een onderwerp in."},
		"long subject":             {func(d *proposal.Draft) { d.Subject = strings.Repeat("a", 301) }, "subject", "300"},
		"no owner":                 {func(d *proposal.Draft) { d.OwnerOrgID = "" }, "owner_org_id", "Kies de organisatie"},
		"no treatment":             {func(d *proposal.Draft) { d.Treatment = "x" }, "treatment", "Kies wat u"},
		"text and N.v.t.":          {func(d *proposal.Draft) { d.Explanation, d.ExplanationNa = "tekst", true }, "explanation", "niet allebei"},
		"follow-up and N.v.t.":     {func(d *proposal.Draft) { d.FollowUp, d.FollowUpNa = "tekst", true }, "follow_up", "niet allebei"},
		"its date and N.v.t.":      {func(d *proposal.Draft) { d.FollowUpOn, d.FollowUpOnNa = "mei", true }, "follow_up_on", "niet allebei"},
		"year 12":                  {func(d *proposal.Draft) { d.DatedOn = &day }, "dated_on", "jaar"},
		"5000 minutes":             {func(d *proposal.Draft) { d.Minutes = &hours }, "minutes", "600"},
		"closed without a ground":  {func(d *proposal.Draft) { proposaltest.Closed(d); d.Ground = "" }, "ground", "Woo"},
		"closed without a title":   {func(d *proposal.Draft) { proposaltest.Closed(d); d.PublicTitle = "" }, "public_title", "neutrale titel"},
		"closed with its subject":  {func(d *proposal.Draft) { proposaltest.Closed(d); d.PublicTitle = d.Subject }, "public_title", "verraadt"},
		"closed without a body":    {func(d *proposal.Draft) { proposaltest.Closed(d); d.TargetBodyID = "" }, "target_body_id", "gremium"},
		"a ground that is none":    {func(d *proposal.Draft) { d.Ground = "zomaar" }, "ground", "lijst"},
		"a text beyond every page": {func(d *proposal.Draft) { d.Summary = strings.Repeat("é", 60_000) }, "summary", "te lang"},
	} {
		d := proposaltest.Draft(id.New[id.Organisation](), id.New[id.Body]())
		c.change(&d)
		if got := fields(t, d.Check(proposaltest.At)); len(got) != 1 || !strings.Contains(got[c.field], c.words) {
			t.Errorf("%s: got %v, want one fault of %s with %q", name, got, c.field, c.words)
		}
	}
}

func TestOfferingAsksWhatTheDomainAsks(t *testing.T) { // domain 4.2
	t.Parallel()
	for name, c := range map[string]struct {
		change      func(*proposal.Proposal)
		attachments int
		field       string
	}{
		"complete":                       {func(*proposal.Proposal) {}, 0, ""},
		"with attachments":               {func(p *proposal.Proposal) { p.AttachmentsNa = false }, 1, ""},
		"no summary":                     {func(p *proposal.Proposal) { p.Summary = " " }, 0, "summary"},
		"no author":                      {func(p *proposal.Proposal) { p.Authors = nil }, 0, "authors"},
		"no body":                        {func(p *proposal.Proposal) { p.TargetBodyID = "" }, 0, "target_body_id"},
		"no word of attachments":         {func(p *proposal.Proposal) { p.AttachmentsNa = false }, 0, "attachments_na"},
		"attachments and N.v.t.":         {func(*proposal.Proposal) {}, 1, "attachments_na"},
		"decisive without points":        {func(p *proposal.Proposal) { p.Treatment = proposal.Decisive }, 0, "decision_points"},
		"decisive with a decision point": {func(p *proposal.Proposal) { p.Treatment, p.DecisionPoints = proposal.Decisive, []string{"Instemmen."} }, 0, ""},
	} {
		p := proposal.Proposal{Content: proposaltest.Draft("x", "y").Content}
		c.change(&p)
		got := fields(t, p.Missing(c.attachments))
		if c.field == "" && len(got) > 0 || c.field != "" && (len(got) != 1 || got[c.field] == "") {
			t.Errorf("%s: got %v, want %q", name, got, c.field)
		}
	}
	tx := pgtest.Tx(t)
	owner := proposaltest.NewPlace(t, tx, "Hillegom")
	p := proposaltest.Concept(t, tx, owner.Author, owner.ID, "", func(d *proposal.Draft) { d.AttachmentsNa = false })
	_, err := proposal.Offer(t.Context(), tx, owner.Author, p.ID)
	if got := fields(t, err); got["target_body_id"] == "" || got["attachments_na"] == "" {
		t.Errorf("the verb: %v", err)
	}
}

func TestEmptyNoneAndFilledAreThreeThings(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner := proposaltest.NewPlace(t, tx, "Hillegom")
	p := proposaltest.Concept(t, tx, owner.Author, owner.ID, owner.Body, func(d *proposal.Draft) {
		d.ExplanationNa, d.Communication = true, "Samen met de griffiers."
	})
	if !p.ExplanationNa || p.Explanation != "" || p.CommunicationNa || p.Communication == "" || p.RisksNa || p.Risks != "" {
		t.Errorf("got %+v", p.Content)
	}
}

func TestEverythingFilledInComesBack(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	day, minutes := time.Date(2018, 6, 28, 0, 0, 0, 0, time.UTC), 20
	want := proposal.Content{
		TargetBodyID: target.Body, DatedOn: &day, Reference: "U2018", Subject: "Onderwerp", Treatment: proposal.Decisive,
		Authors:          []proposal.Author{{Name: "S Ververs"}, {Name: "B. Vegt", Person: owner.Author.Person}},
		PortfolioHolders: []proposal.Holder{{"A. van Erk", "DB"}, {"H. Zuidijk", ""}}, OrganiserIDs: []id.Organisation{target.ID, owner.ID},
		Summary: "s", Explanation: "e", Communication: "c", DecisionPoints: []string{"een", "twee"}, Financial: "f", Legal: "l", RisksNa: true,
		FollowUp: "v", FollowUpOn: "mei", AttachmentsNa: true, Minutes: &minutes,
	}
	p, err := proposal.Create(t.Context(), tx, owner.Author, proposal.Draft{OwnerOrgID: owner.ID, Content: want})
	must(t, err)
	if got := inPrint(t, p.Content); got != inPrint(t, want) {
		t.Errorf("got  %s\nwant %s", got, inPrint(t, want))
	}
	if len(p.Organisers) != 2 || p.Organisers[0].Name != "Leiden" || p.TargetName != "Raad van Leiden" || p.OwnerName != "Hillegom" {
		t.Errorf("names: %+v, %q, %q", p.Organisers, p.TargetName, p.OwnerName)
	}
	next := proposal.DraftOf(p)
	next.Subject, next.Minutes = "Ander onderwerp", nil
	p, err = proposal.Revise(t.Context(), tx, owner.Author, p.ID, next)
	must(t, err)
	want.Subject, want.Minutes = "Ander onderwerp", nil
	if got := inPrint(t, p.Content); got != inPrint(t, want) {
		t.Errorf("revised: got  %s\nwant %s", got, inPrint(t, want))
	}
}

func inPrint(t *testing.T, c proposal.Content) string {
	t.Helper()
	text, err := json.Marshal(c)
	must(t, err)
	return string(text)
}

func versions(t *testing.T, db postgres.DB, a access.Actor, p proposal.Proposal) []proposal.Version {
	t.Helper()
	var list []proposal.Version
	must(t, postgres.Read(t.Context(), db, proposal.Versions(&list, a, p.ID)))
	return list
}

func TestEachRevisionAfterOfferingIsAVersion(t *testing.T) {
	t.Parallel()
	tx, store := pgtest.Tx(t), filetest.Store(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	p := proposaltest.Concept(t, tx, owner.Author, owner.ID, target.Body, func(d *proposal.Draft) { d.AttachmentsNa = false })
	must(t, proposal.Attach(t.Context(), tx, store, owner.Author, p.ID, filetest.Upload("een.pdf")))
	if got := versions(t, tx, owner.Author, p); len(got) != 0 {
		t.Errorf("a concept has versions: %v", got)
	}
	p, err := proposal.Offer(t.Context(), tx, owner.Author, p.ID)
	must(t, err)
	d := proposal.DraftOf(p)
	d.Subject = "Beter onderwerp"
	p, err = proposal.Revise(t.Context(), tx, owner.Clerk, p.ID, d)
	must(t, err)
	must(t, proposal.Attach(t.Context(), tx, store, owner.Author, p.ID, filetest.Upload("twee.pdf")))
	must(t, proposal.Attach(t.Context(), tx, store, owner.Author, p.ID, filetest.Upload("twee.pdf")))
	got := versions(t, tx, target.Member, p)
	if len(got) != 3 || got[2].Number != 1 || got[2].Fields.Subject != "Samen werken aan de regio" || got[2].MadeBy != owner.Author.Name ||
		got[1].Fields.Subject != "Beter onderwerp" || got[1].MadeBy != owner.Clerk.Name || len(got[0].Fields.Attachments) != 2 {
		t.Errorf("got %+v", got)
	}
	if got := versions(t, tx, access.Actor{At: proposaltest.At}, p); len(got) != 0 {
		t.Errorf("the public sees versions of an offered paper")
	}
	m := proposaltest.Meeting(t, tx, target)
	_, err = proposal.Schedule(t.Context(), tx, target.Clerk, p.ID, m, nil, "", "")
	must(t, err)
	must(t, proposal.Publish(t.Context(), tx, target.Clerk, []id.Proposal{p.ID}))
	if got := versions(t, tx, access.Actor{At: proposaltest.At}, p); len(got) != 1 || got[0].Number != 3 {
		t.Errorf("the public sees %+v, want the version as published alone", got)
	}
}

func TestOfTwoWhoReviseAtOnceExactlyOneWins(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	owner := proposaltest.NewPlace(t, db, "Hillegom")
	p := proposaltest.Concept(t, db, owner.Author, owner.ID, owner.Body)
	results := make([]error, 3)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() {
			d := proposal.DraftOf(p)
			d.Subject = fmt.Sprintf("Tekst %d", i)
			_, results[i] = proposal.Revise(t.Context(), db, owner.Author, p.ID, d)
		})
	}
	all.Wait()
	won := 0
	for i, err := range results {
		if err == nil {
			won++
			if now, _ := proposal.Find(t.Context(), db, owner.Author, p.ID); now.Subject != fmt.Sprintf("Tekst %d", i) {
				t.Errorf("the winner's text is gone: %q", now.Subject)
			}
		} else if !errors.Is(err, fault.Conflict) {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d won", won)
	}
}

func TestTwiceIsOnce(t *testing.T) {
	t.Parallel()
	tx, store := pgtest.Tx(t), filetest.Store(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	d := proposaltest.Draft(owner.ID, target.Body)
	d.Key = id.NewKey()
	p, err := proposal.Create(t.Context(), tx, owner.Author, d)
	must(t, err)
	again, err := proposal.Create(t.Context(), tx, owner.Author, d)
	if err != nil || again.ID != p.ID {
		t.Errorf("created twice: %v", err)
	}
	if other, err := proposal.Create(t.Context(), tx, target.Author,
		func() proposal.Draft { d := d; d.OwnerOrgID = target.ID; return d }()); err != nil || other.Key == p.Key {
		t.Errorf("a key of someone else: %v", err)
	}
	r := proposal.DraftOf(p)
	r.Summary, r.AttachmentsNa = "Nieuwe samenvatting", false
	for range 2 {
		if p, err = proposal.Revise(t.Context(), tx, owner.Author, p.ID, r); err != nil || p.Version != 2 {
			t.Fatalf("revised twice: version %d, %v", p.Version, err)
		}
	}
	for range 2 {
		must(t, proposal.Attach(t.Context(), tx, store, owner.Author, p.ID, filetest.Upload("een.pdf")))
	}
	for range 2 {
		_, err := proposal.Offer(t.Context(), tx, owner.Author, p.ID)
		must(t, err)
	}
	var files []file.Attachment
	must(t, postgres.Read(t.Context(), tx, file.Of(&files, owner.Author, string(p.ID))))
	if v := versions(t, tx, owner.Author, p); len(v) != 1 || len(files) != 1 {
		t.Errorf("%d versions, %d files", len(v), len(files))
	}
	for range 2 {
		must(t, proposal.Detach(t.Context(), tx, owner.Author, p.ID, files[0].Key))
	}
	m := proposaltest.Meeting(t, tx, target)
	for range 2 {
		_, err := proposal.Schedule(t.Context(), tx, target.Clerk, p.ID, m, nil, "", "")
		must(t, err)
	}
	for range 2 {
		must(t, proposal.Unschedule(t.Context(), tx, target.Clerk, p.ID))
	}
	for range 2 {
		must(t, proposal.Withdraw(t.Context(), tx, owner.Author, p.ID, "Niet meer nodig."))
	}
	var trail []audit.Entry
	must(t, postgres.Read(t.Context(), tx, audit.Of(&trail, owner.Clerk, string(p.ID))))
	count := map[string]int{}
	for _, e := range trail {
		count[e.Act]++
	}
	for _, act := range []string{"create", "revise", "offer", "detach", "unschedule", "withdraw"} {
		if count["proposal."+act] != 1 {
			t.Errorf("%s was noted %d times", act, count["proposal."+act])
		}
	}
}

func TestAnActWithLegalEffectAsksForThePasswordAfterHalfAnHour(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner := proposaltest.NewPlace(t, tx, "Hillegom")
	p := proposaltest.Concept(t, tx, owner.Author, owner.ID, owner.Body)
	idle := owner.Author
	idle.Account, idle.Confirmed = id.New[id.Account](), proposaltest.At.Add(-time.Hour)
	if _, err := proposal.Offer(t.Context(), tx, idle, p.ID); !errors.Is(err, fault.Unconfirmed) {
		t.Errorf("offering: %v", err)
	}
	_, err := proposal.Offer(t.Context(), tx, owner.Author, p.ID)
	must(t, err)
	if err := proposal.Withdraw(t.Context(), tx, idle, p.ID, "reden"); !errors.Is(err, fault.Unconfirmed) {
		t.Errorf("withdrawing: %v", err)
	}
}

func TestTighteningActsEverywhereAtOnce(t *testing.T) {
	t.Parallel()
	tx, store := pgtest.Tx(t), filetest.Store(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	p := proposaltest.Concept(t, tx, owner.Author, owner.ID, target.Body, func(d *proposal.Draft) { d.AttachmentsNa = false })
	must(t, proposal.Attach(t.Context(), tx, store, owner.Author, p.ID, filetest.Upload("een.pdf")))
	_, err := proposal.Offer(t.Context(), tx, owner.Author, p.ID)
	must(t, err)
	m := proposaltest.Meeting(t, tx, target)
	_, err = proposal.Schedule(t.Context(), tx, target.Clerk, p.ID, m, nil, "", "")
	must(t, err)
	must(t, proposal.Publish(t.Context(), tx, target.Clerk, []id.Proposal{p.ID}))
	outsiders := []access.Actor{{At: proposaltest.At}, owner.Clerk, owner.Member, target.Secretary}
	seen := func(a access.Actor) string {
		t.Helper()
		var rows []proposal.Row
		var files []file.Attachment
		must(t, postgres.Read(t.Context(), tx, proposal.List(&rows, a, proposal.Filter{Organisation: owner.Key}), file.Of(&files, a, string(p.ID))))
		bare := 0
		for _, table := range []string{"proposals where id", "proposal_versions where proposal_id", "attachments where object_id"} {
			n, err := postgres.One[int](t.Context(), tx, `select count(*)::int from `+table+` = @id`, postgres.Args{"id": p.ID}.As(a))
			must(t, err)
			bare += n
		}
		_, err := proposal.Find(t.Context(), tx, a, p.ID)
		return fmt.Sprint(err == nil, len(rows), len(files), len(versions(t, tx, a, p)), bare)
	}
	for i, a := range outsiders {
		if got := seen(a); got != "true 1 1 1 3" {
			t.Fatalf("before, outsider %d sees %s", i, got)
		}
	}
	if _, err := proposal.Schedule(t.Context(), tx, target.Clerk, p.ID, m, []id.Body{target.Body}, "5.1.2.b", "Besloten punt"); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a public paper was closed by the way: %v", err)
	}
	if err := proposal.Tighten(t.Context(), tx, target.Clerk, p.ID, []id.Body{target.Body}, "", ""); len(fields(t, err)) != 2 {
		t.Errorf("without ground and title: %v", err)
	}
	if err := proposal.Tighten(t.Context(), tx, target.Clerk, p.ID, []id.Body{owner.Body}, "5.1.2.b", "Besloten punt"); fields(t, err)["closed_for"] == "" {
		t.Errorf("the body it is meant for was locked out: %v", err)
	}
	for range 2 {
		must(t, proposal.Tighten(t.Context(), tx, target.Clerk, p.ID, []id.Body{target.Body}, "5.1.2.b", "Besloten punt"))
	}
	for i, a := range outsiders {
		if got := seen(a); got != "false 0 0 0 0" {
			t.Errorf("outsider %d still sees %s", i, got)
		}
	}
	for _, a := range []access.Actor{target.Clerk, target.Member, owner.Author} {
		if got := seen(a); got != "true 1 1 1 3" {
			t.Errorf("%s sees %s", a.Name, got)
		}
	}
	if err := proposal.Publish(t.Context(), tx, target.Clerk, []id.Proposal{p.ID}); err != nil {
		t.Fatal(err)
	}
	if got := seen(access.Actor{At: proposaltest.At}); got != "false 0 0 0 0" {
		t.Errorf("publishing opened a closed paper: %s", got)
	}
}

func TestSchedulingRefusesWhatDoesNotBelong(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target, other := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden"), proposaltest.NewPlace(t, tx, "Heemstede")
	m := proposaltest.Meeting(t, tx, target, other)
	elsewhere := proposaltest.Meeting(t, tx, other)
	p := proposaltest.Concept(t, tx, target.Author, target.ID, target.Body)
	refuse := func(name string, want error, p proposal.Proposal, m id.Meeting, closed []id.Body) {
		t.Helper()
		if _, err := proposal.Schedule(t.Context(), tx, target.Clerk, p.ID, m, closed, "", ""); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	refuse("a concept", fault.Forbidden, p, m, nil)
	offered := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body)
	refuse("another body", fault.Forbidden, offered, elsewhere, nil)
	closed := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body, proposaltest.Closed)
	refuse("a closed paper as an open item", fault.Forbidden, closed, m, nil)
	got, err := proposal.Schedule(t.Context(), tx, target.Clerk, closed.ID, m, []id.Body{target.Body, other.Body}, "", "")
	if err != nil || len(got.AudienceBodies) != 1 || got.AudienceBodies[0] != target.Body {
		t.Errorf("a joint closed item widened the audience: %v, %v", got.AudienceBodies, err)
	}
	if _, err := proposal.Find(t.Context(), tx, other.Clerk, closed.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("the other body reads it: %v", err)
	}
	if err := proposal.Publish(t.Context(), tx, other.Clerk, []id.Proposal{closed.ID}); err != nil {
		t.Errorf("the other griffier cannot convene: %v", err)
	}
	if p, err := proposal.Find(t.Context(), tx, target.Clerk, closed.ID); err != nil || p.Visibility == access.Public {
		t.Errorf("after the call: %v, %v", p.Visibility, err)
	}
	if _, err := proposal.Schedule(t.Context(), tx, target.Clerk, offered.ID, m, nil, "", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := proposal.Find(t.Context(), tx, other.Clerk, offered.ID); err != nil {
		t.Errorf("who holds the meeting too does not read the open paper: %v", err)
	}
	must(t, proposal.Withdraw(t.Context(), tx, owner.Author, offered.ID, "Toch niet."))
	refuse("a withdrawn paper", fault.Forbidden, offered, m, nil)
	var rows []proposal.Row
	must(t, postgres.Read(t.Context(), tx, proposal.OfferedTo(&rows, target.Clerk, []id.Body{target.Body})))
	if len(rows) != 0 {
		t.Errorf("still waiting for an agenda: %+v", rows)
	}
}

func TestClosingByRevisionKeepsItsLimits(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	revise := func(a access.Actor, p proposal.Proposal, change func(*proposal.Draft)) error {
		d := proposal.DraftOf(p)
		change(&d)
		_, err := proposal.Revise(t.Context(), tx, a, p.ID, d)
		return err
	}
	open := func(d *proposal.Draft) { d.Closed = false }
	p := proposaltest.Concept(t, tx, owner.Author, owner.ID, target.Body)
	if err := revise(owner.Secretary, p, proposaltest.Closed); fields(t, err)["closed"] == "" {
		t.Errorf("the secretaris locked himself out: %v", err)
	}
	must(t, revise(owner.Author, p, proposaltest.Closed))
	p, err := proposal.Find(t.Context(), tx, owner.Author, p.ID)
	must(t, err)
	must(t, revise(owner.Author, p, open))
	closed := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body, proposaltest.Closed)
	if err := revise(owner.Author, closed, open); fields(t, err)["closed"] == "" {
		t.Errorf("an offered closed paper was opened: %v", err)
	}
	offered := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body)
	must(t, revise(owner.Author, offered, proposaltest.Closed))
	if v := versions(t, tx, owner.Member, offered); len(v) != 0 {
		t.Errorf("versions of a paper closed afterwards: %d", len(v))
	}
	scheduled := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body)
	_, err = proposal.Schedule(t.Context(), tx, target.Clerk, scheduled.ID, proposaltest.Meeting(t, tx, target), nil, "", "")
	must(t, err)
	if err := revise(owner.Author, scheduled, proposaltest.Closed); fields(t, err)["closed"] == "" {
		t.Errorf("a scheduled paper was closed from aside: %v", err)
	}
	if err := revise(owner.Author, scheduled, func(d *proposal.Draft) { d.TargetBodyID = owner.Body }); fields(t, err)["target_body_id"] == "" {
		t.Errorf("a scheduled paper went to another body: %v", err)
	}
}

func TestOnceTreatedAPaperStays(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	p, m := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body), proposaltest.Meeting(t, tx, target)
	_, err := proposal.Schedule(t.Context(), tx, target.Clerk, p.ID, m, nil, "", "")
	must(t, err)
	item := proposaltest.Item(t, tx, target, m, p.ID)
	var places []proposal.Place
	must(t, postgres.Read(t.Context(), tx, proposal.Places(&places, owner.Author, p.ID)))
	if len(places) != 1 || places[0].Label != "B.11" {
		t.Errorf("on the agenda: %+v", places)
	}
	advance(t, tx, target.Clerk, proposal.Settled{
		Proposal: p.ID, Meeting: m, Item: item, Body: target.Body, Kind: proposal.Noted, Version: 1, DecidedOn: proposaltest.At,
	})
	if err := proposal.Withdraw(t.Context(), tx, owner.Author, p.ID, "Te laat."); !errors.Is(err, fault.Forbidden) {
		t.Errorf("withdrawing: %v", err)
	}
	if _, err := proposal.Revise(t.Context(), tx, owner.Author, p.ID, proposal.DraftOf(p)); !errors.Is(err, fault.Forbidden) {
		t.Errorf("revising: %v", err)
	}
}

func TestOrganisersAreFoundByTheirNames(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	a, b := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Bodegraven-Reeuwijk")
	got, err := proposal.NamedOrganisers(t.Context(), tx, a.Author, []string{"bodegraven-reeuwijk", "Gemeente Hillegom", a.Key}, nil)
	if err != nil || len(got) != 2 || got[0] != b.ID || got[1] != a.ID {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := tx.Exec(t.Context(), `update organisations set former_names = '{RDOG}' where id = $1`, b.ID); err != nil {
		t.Fatal(err)
	}
	if got, err := proposal.NamedOrganisers(t.Context(), tx, a.Author, []string{"rdog"}, nil); err != nil || len(got) != 1 || got[0] != b.ID {
		t.Errorf("by a former name: %v, %v", got, err)
	}
	if _, err := proposal.NamedOrganisers(t.Context(), tx, a.Author, []string{"Nergenshuizen"},
		nil); !strings.Contains(fields(t, err)["organiser_ids"], "Nergenshuizen") {
		t.Errorf("got %v", err)
	}
	proposaltest.NewPlace(t, tx, "Hillegom")
	if _, err := proposal.NamedOrganisers(t.Context(), tx, a.Author, []string{"Hillegom"}, nil); !strings.Contains(fields(t, err)["organiser_ids"],
		"Meer dan één") {
		t.Errorf("got %v", err)
	}
}

func TestTheListFiltersAndCountsWhatIsSeen(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner := proposaltest.NewPlace(t, tx, "Hillegom")
	proposaltest.Concept(t, tx, owner.Author, owner.ID, owner.Body, func(d *proposal.Draft) { d.Subject = "Honderd% groen" })
	proposaltest.Offered(t, tx, owner.Author, owner.ID, owner.Body, func(d *proposal.Draft) { d.Subject = "Honderd blauw" })
	for _, c := range []struct {
		filter proposal.Filter
		a      access.Actor
		want   int
	}{
		{proposal.Filter{}, owner.Clerk, 2},
		{proposal.Filter{Words: "honderd groen"}, owner.Clerk, 1},
		{proposal.Filter{Words: "d%"}, owner.Clerk, 1},
		{proposal.Filter{State: proposal.Offered}, owner.Clerk, 1},
		{proposal.Filter{Treatment: proposal.Decisive}, owner.Clerk, 0},
		{proposal.Filter{}, owner.Member, 1},
		{proposal.Filter{Page: 2}, owner.Clerk, 0},
		{proposal.Filter{}, access.Actor{}, 0},
	} {
		c.filter.Organisation = owner.Key
		var rows []proposal.Row
		must(t, postgres.Read(t.Context(), tx, proposal.List(&rows, c.a, c.filter)))
		if len(rows) != c.want {
			t.Errorf("%+v as %q: %d rows, want %d", c.filter, c.a.Name, len(rows), c.want)
		}
	}
}
