package mails

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/identity/identitytest"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/trail"
)

// offices is a council with its griffier, a member, and two administrators of the installation, all with accounts.
type offices struct {
	t                          *testing.T
	db                         *pgxpool.Pool
	org                        partner.Organisation
	council                    partner.Body
	griffier, lid, boss, other access.Actor
	at                         time.Time
}

func newOffices(t *testing.T) *offices {
	t.Helper()
	o := &offices{t: t, db: pgtest.DB(t), at: time.Now()}
	o.org = partnertest.Organisation(t, o.db, "Heemstede")
	o.council = partnertest.Body(t, o.db, o.org, partner.Council)
	enter := func(name string, give func(partner.Person)) access.Actor {
		p := partnertest.Person(t, o.db, name)
		give(p)
		a := identitytest.Account(t, o.db, p.ID, strings.ToLower(name)+"@regio.example")
		actor, err := identity.ActorOf(t.Context(), o.db, a.ID, o.at)
		if err != nil {
			t.Fatal(err)
		}
		return actor
	}
	o.griffier = enter("Griffier", func(p partner.Person) { partnertest.Mandate(t, o.db, p, o.council, partner.Clerk) })
	o.lid = enter("Lid", func(p partner.Person) { partnertest.Mandate(t, o.db, p, o.council, partner.Councillor) })
	admin := func(p partner.Person) { partnertest.Role(t, o.db, p, access.Admin, "") }
	o.boss, o.other = enter("Baas", admin), enter("Tweede", admin)
	return o
}

func (o *offices) table() map[string]func(context.Context, json.RawMessage) error {
	return Office{DB: o.db, BaseURL: "https://regio.example", From: "griffie@regio.example", Now: func() time.Time { return o.at }}.Table()
}

// told does the work that waits, twice, and gives what was written since: address, subject and text.
func (o *offices) told() []string {
	o.t.Helper()
	owner := pgtest.Owner(o.t, o.db)
	type work struct{ Kind, Args string }
	for range 2 {
		jobs, err := postgres.All[work](o.t.Context(), owner, `select kind, args::text as args from river_job order by id`, nil)
		if err != nil {
			o.t.Fatal(err)
		}
		for _, j := range jobs {
			if err := o.table()[j.Kind](o.t.Context(), json.RawMessage(j.Args)); err != nil {
				o.t.Fatal(err)
			}
		}
	}
	list, err := postgres.All[string](o.t.Context(), owner, `
		select x.address || ' | ' || x.subject || ' | ' || x.text from messages x join mailings g on g.id = x.mailing_id and g.private order by x.address`, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err := owner.Exec(o.t.Context(), `delete from river_job`); err != nil {
		o.t.Fatal(err)
	}
	if _, err := owner.Exec(o.t.Context(), `delete from mailings`); err != nil {
		o.t.Fatal(err)
	}
	return list
}

func (o *offices) done(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// Each act is told once, to the owner and the griffier, at the addresses that two stand for.
func TestTheOwnerAndTheGriffierHearWhatIsDoneToAnAccount(t *testing.T) {
	t.Parallel()
	o := newOffices(t)
	ctx := t.Context()
	if got := o.told(); len(got) != 0 {
		t.Fatalf("the sample and the commands tell: %v", got)
	}
	version := func(a id.Account) int {
		found, err := identity.Find(ctx, o.db, o.boss, a)
		o.done(err)
		return found.Version
	}
	newcomer := partnertest.Person(t, o.db, "Nieuw")
	for _, c := range []struct {
		act  string
		do   func()
		to   []string
		says []string
	}{
		{"a mandate", func() {
			_, err := partner.CreateMandate(ctx, o.db, o.boss,
				partner.MandateDraft{PersonID: o.lid.Person, BodyID: o.council.ID, Function: partner.Chair, StartsOn: o.at})
			o.done(err)
		}, []string{"griffier@", "lid@"}, []string{"Functie gegeven", "Voorzitter, " + o.council.Name, "Baas"}},
		{"a mandate by the griffier", func() {
			_, err := partner.CreateMandate(ctx, o.db, o.griffier,
				partner.MandateDraft{PersonID: o.lid.Person, BodyID: o.council.ID, Function: partner.ViceChair, StartsOn: o.at})
			o.done(err)
		}, []string{"lid@"}, []string{"Plaatsvervangend voorzitter"}},
		{"a role", func() {
			_, err := partner.GrantRole(ctx, o.db, o.boss, partner.RoleDraft{PersonID: o.lid.Person, Role: access.ClerkStaff, BodyID: o.council.ID, ValidFrom: o.at})
			o.done(err)
		}, []string{"griffier@", "lid@"}, []string{"Rol gegeven", "Griffiemedewerker, " + o.council.Name}},
		{"the role of administrator", func() {
			_, err := partner.GrantRole(ctx, o.db, o.boss, partner.RoleDraft{PersonID: newcomer.ID, Role: access.Admin, ValidFrom: o.at})
			o.done(err)
		}, []string{"", "tweede@"}, []string{"Functioneel beheerder van de hele installatie"}},
		{
			"a link", func() { o.done(identity.MakePasswordLink(ctx, o.db, o.boss, o.lid.Account)) },
			[]string{"griffier@", "lid@"},
			[]string{"/wachtwoord/" + mailing.OwnCode},
		},
		{"a link to the griffier", func() { o.done(identity.MakePasswordLink(ctx, o.db, o.boss, o.griffier.Account)) }, []string{"", "griffier@", "tweede@"}, nil},
		{"a link that was shown", func() {
			_, err := identity.ShowPasswordLink(ctx, o.db, o.boss, o.lid.Account)
			o.done(err)
		}, []string{"griffier@"}, []string{"op een scherm getoond"}},
		{"another address, asked for", func() {
			_, err := identity.ChangeEmail(ctx, o.db, o.boss, o.lid.Account, "nieuw@regio.example", version(o.lid.Account))
			o.done(err)
		}, []string{"griffier@", "lid@"}, []string{"geeft het geen rechten", "/bevestigingen"}},
		{"another address, confirmed", func() {
			var changes []identity.EmailChange
			o.done(postgres.Read(ctx, o.db, identity.EmailChanges(&changes, o.griffier, o.lid.Account)))
			_, err := identity.Vouch(ctx, o.db, o.griffier, changes[0].ID)
			o.done(err)
		}, []string{"lid@", "nieuw@"}, []string{"E-mailadres gewijzigd"}},
		{"a work address", func() {
			p, err := partner.FindPerson(ctx, o.db, o.boss, o.lid.Person)
			o.done(err)
			d := p.Draft()
			d.WorkEmail = "elders@regio.example"
			_, err = partner.RevisePerson(ctx, o.db, o.boss, p.ID, p.Version, d)
			o.done(err)
		}, []string{"griffier@", "nieuw@"}, []string{"E-mailadres voor het werk gewijzigd"}},
		{"closed and reopened", func() {
			o.done(identity.CloseAccount(ctx, o.db, o.boss, o.lid.Account))
			o.done(identity.ReopenAccount(ctx, o.db, o.boss, o.lid.Account))
		}, []string{"griffier@", "nieuw@"}, []string{"Account weer geopend"}},
		{"a new account", func() {
			_, err := identity.CreateAccount(ctx, o.db, o.boss, identity.Draft{PersonID: newcomer.ID, Email: "beginner@regio.example"})
			o.done(err)
		}, []string{"beginner@", "tweede@"}, []string{"wacht op een tweede"}},
		{"broken glass", func() {
			o.done(identity.BreakGlass(ctx, o.db, o.boss, o.council.ID, "GEHEIME reden"))
		}, []string{"griffier@"}, []string{"Noodtoegang genomen", "/gremia/" + o.council.Key + "/noodtoegang", "Baas"}},
	} {
		c.do()
		got := o.told()
		var to []string
		for _, m := range got {
			address, _, _ := strings.Cut(m, "regio.example")
			address, _, _ = strings.Cut(address, " ")
			to = append(to, address)
		}
		slices.Sort(to)
		if !slices.Equal(to, c.to) {
			t.Errorf("%s is told to %v, want %v", c.act, to, c.to)
		}
		all := strings.Join(got, "\n")
		for _, says := range c.says {
			if !strings.Contains(all, says) {
				t.Errorf("%s: %q is not in\n%s", c.act, says, all)
			}
		}
		if strings.Contains(all, "GEHEIME") {
			t.Errorf("%s: what someone wrote as a reason is in a mail", c.act)
		}
	}
}

// caught keeps the mails that leave; the first attempts fail.
type caught struct {
	fail  int
	mails chan mail.Message
}

func (c *caught) Send(ctx context.Context, m mail.Message, last func(context.Context) error) error {
	if err := last(ctx); err != nil {
		return err
	}
	c.mails <- m
	if c.fail > 0 {
		c.fail--
		return mail.Failure{Text: "later", Cause: context.DeadlineExceeded}
	}
	return nil
}

func (c *caught) Close() {}

var tokenForm = regexp.MustCompile(`/wachtwoord/(\S+)`)

func TestALinkForAPasswordIsMadeWhileItsMailLeavesAndLiesNowhere(t *testing.T) {
	t.Parallel()
	o := newOffices(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	owner := pgtest.Owner(t, o.db)
	o.done(identity.MakePasswordLink(ctx, o.db, o.boss, o.lid.Account))
	args, err := postgres.All[string](ctx, owner, `select args::text from river_job where kind = @kind`, postgres.Args{"kind": identity.TellLink})
	if err != nil || len(args) != 1 {
		t.Fatal(args, err)
	}
	for range 2 {
		o.done(o.table()[identity.TellLink](ctx, json.RawMessage(args[0])))
	}
	sender := &caught{fail: 1, mails: make(chan mail.Message, 8)}
	ended := make(chan struct{})
	go func() { mailing.Deliver(ctx, o.db, sender); close(ended) }()
	token := func() string {
		t.Helper()
		m := <-sender.mails
		found := tokenForm.FindStringSubmatch(m.Text)
		if m.Address != "lid@regio.example" || len(found) != 2 || strings.Contains(m.Text+m.HTML, mailing.OwnCode) || !strings.Contains(m.HTML, found[1]) {
			t.Fatalf("the mail: %+v", m)
		}
		return found[1]
	}
	first := token()
	if _, err := identity.FindLink(ctx, o.db, first, o.at); err != nil {
		t.Errorf("a mail that perhaps arrived: %v", err)
	}
	if _, err := postgres.Exec(ctx, owner, `update messages set due_at = now(), claimed_until = null where state <> 'verzonden'`, nil); err != nil {
		t.Fatal(err)
	}
	second := ""
	for second == "" {
		select {
		case m := <-sender.mails:
			second = tokenForm.FindStringSubmatch(m.Text)[1]
		case <-time.After(200 * time.Millisecond): // it was not noted as put off yet
			if _, err := postgres.Exec(ctx, owner, `update messages set due_at = now() where state = 'uitgesteld'`, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	cancel()
	<-ended
	ctx = t.Context()

	tables, err := postgres.All[string](ctx, owner, `select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`, nil)
	o.done(err)
	if len(tables) < 20 {
		t.Fatalf("only %d tables", len(tables))
	}
	for _, table := range tables {
		n, err := postgres.One[int](ctx, owner, `select count(*)::int from "`+table+`" x where strpos(x::text, @first) + strpos(x::text, @second) > 0`,
			postgres.Args{"first": first, "second": second})
		if err != nil || n != 0 {
			t.Errorf("%s holds the token: %d, %v", table, n, err)
		}
	}
	if first == second {
		t.Error("two attempts share a code")
	}

	// The administrator reads that it left, and not what it says; and he cannot hold it back.
	message, err := postgres.One[id.Message](ctx, owner, `select x.id from messages x join mailings g on g.id = x.mailing_id where g.opens is not null`, nil)
	o.done(err)
	whole, err := mailing.FindMessage(ctx, o.db, o.boss, message)
	if err != nil || !whole.Private || whole.Text != "" || whole.HTML != "" || whole.Subject == "" {
		t.Errorf("in the outbox: %+v, %v", whole, err)
	}
	for name, actor := range map[string]access.Actor{"the administrator": o.boss, "the griffier": o.griffier} {
		if err := mailing.Pause(ctx, o.db, actor, whole.MailingID); err == nil {
			t.Errorf("%s holds it back", name)
		}
	}

	// It works once, by whichever mail.
	if err := identity.UsePasswordLink(ctx, o.db, second, identitytest.Password, "127.0.0.1", o.at); err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{first, second} {
		if err := identity.UsePasswordLink(ctx, o.db, token, identitytest.Password, "127.0.0.1", o.at); err == nil {
			t.Error("a link works twice")
		}
	}
	if _, err := identity.FindLink(ctx, o.db, mailing.OwnCode, o.at); err == nil {
		t.Error("what stands in the text opens something")
	}
}

func TestAnAccountThatWasClosedGetsNoLinkByMail(t *testing.T) {
	t.Parallel()
	o := newOffices(t)
	o.done(identity.MakePasswordLink(t.Context(), o.db, o.boss, o.lid.Account))
	o.done(identity.CloseAccount(t.Context(), o.db, o.boss, o.lid.Account))
	for _, m := range o.told() {
		if strings.Contains(m, mailing.OwnCode) {
			t.Errorf("mailed: %s", m)
		}
	}
}

// The trail is for him whom it is about and for who administers the place, and row security alone says the same.
func TestWhoReadsTheTrailOfAccounts(t *testing.T) {
	t.Parallel()
	o := newOffices(t)
	ctx := t.Context()
	here, far := access.Actor{Account: o.lid.Account, At: o.at, Grants: []access.Grant{{Role: access.Admin, Organisation: o.org.ID}}},
		partnertest.Organisation(t, o.db, "Elders")
	_, err := partner.GrantRole(ctx, o.db, o.boss, partner.RoleDraft{PersonID: o.lid.Person, Role: access.Author, OrganisationID: o.org.ID, ValidFrom: o.at})
	o.done(err)
	_, err = partner.GrantRole(ctx, o.db, o.boss, partner.RoleDraft{PersonID: o.lid.Person, Role: access.Author, OrganisationID: far.ID, ValidFrom: o.at})
	o.done(err)
	o.done(identity.SignOut(ctx, o.db, o.lid))
	for name, c := range map[string]struct {
		actor             access.Actor
		here, far, signed bool
	}{
		"public":                     {access.Actor{At: o.at}, false, false, false},
		"the owner":                  {o.lid, true, true, true},
		"another":                    {access.Actor{Person: o.other.Person, At: o.at}, false, false, false},
		"administrator":              {o.boss, true, true, false},
		"administrator of the place": {here, true, false, false},
		"administrator of another": {access.Actor{
			Account: o.lid.Account, At: o.at,
			Grants: []access.Grant{{Role: access.Admin, Organisation: far.ID}},
		}, false, true, false},
		"a councillor with no function": {access.Actor{Account: o.other.Account, At: o.at}, false, false, false},
	} {
		var lines []trail.Line
		o.done(postgres.Read(ctx, o.db, trail.List(&lines, c.actor, trail.Filter{})))
		wall, err := postgres.All[string](ctx, o.db, `select act || ' ' || org_ids::text from audit_entries where about = @lid`,
			postgres.Args{"lid": o.lid.Person}.As(c.actor))
		o.done(err)
		var list []string
		for _, l := range lines {
			if l.Whom != "" && l.Role == access.Author || l.Act == "account.sign_out" {
				list = append(list, l.Act+" "+l.Organisation)
			}
		}
		for what, want := range map[string]bool{"grant.create " + o.org.Name(): c.here, "grant.create " + far.Name(): c.far, "account.sign_out ": c.signed} {
			if got := slices.Contains(list, what); got != want {
				t.Errorf("%s reads %q: %v", name, what, got)
			}
		}
		all := strings.Join(wall, "\n")
		for what, want := range map[string]bool{"grant.create {" + string(o.org.ID): c.here, "grant.create {" + string(far.ID): c.far, "account.sign_out": c.signed} {
			if got := strings.Contains(all, what); got != want {
				t.Errorf("the wall lets %s read %q: %v", name, what, got)
			}
		}
	}
}
