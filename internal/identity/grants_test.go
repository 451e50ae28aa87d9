package identity_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/identity/identitytest"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

// now is half past twelve at night in the Netherlands, and still the day before in Greenwich.
var now = time.Date(2026, 6, 30, 22, 30, 0, 0, time.UTC)

var seeder = access.Actor{Duty: identity.DutySeed, At: now}

type place struct {
	org  id.Organisation
	body id.Body
	sub  id.Body // a committee below body
}

func exec(t *testing.T, db postgres.DB, sql string, args postgres.Args) {
	t.Helper()
	if _, err := postgres.Exec(t.Context(), db, sql, args); err != nil {
		t.Fatal(err)
	}
}

func makePlace(t *testing.T, db postgres.DB, key, kind string) place {
	t.Helper()
	p := place{id.New[id.Organisation](), id.New[id.Body](), id.New[id.Body]()}
	exec(t, db, `insert into organisations (id, key, kind, official_name) values (@id, @key, 'municipality', @key)`, postgres.Args{"id": p.org, "key": key})
	exec(t, db, `insert into bodies (id, organisation_id, key, kind, name) values (@id, @org, @key, @kind, 'Body')`,
		postgres.Args{"id": p.body, "org": p.org, "key": key + "-b", "kind": kind})
	exec(t, db, `insert into bodies (id, organisation_id, key, kind, name, parent_body_id) values (@id, @org, @key, 'council_committee', 'Sub', @parent)`,
		postgres.Args{"id": p.sub, "org": p.org, "key": key + "-s", "parent": p.body})
	return p
}

func mandate(t *testing.T, db postgres.DB, person id.Person, body id.Body, function, from string, to any) {
	t.Helper()
	exec(t, db, `insert into mandates (id, person_id, body_id, function, starts_on, ends_on) values (@id, @person, @body, @function, @from, @to)`,
		postgres.Args{"id": id.New[id.Mandate](), "person": person, "body": body, "function": function, "from": from, "to": to})
}

func grant(t *testing.T, db postgres.DB, person id.Person, role access.Role, org id.Organisation, body id.Body, from string, to any) {
	t.Helper()
	exec(t, db, `insert into role_grants (id, person_id, role, organisation_id, body_id, valid_from, valid_to)
			values (@id, @person, @role, @org, @body, @from, @to)`,
		postgres.Args{"id": id.New[id.Grant](), "person": person, "role": role, "org": org, "body": body, "from": from, "to": to})
}

// said writes grants as "clerk body sub", in order.
func said(grants []access.Grant, p place) string {
	byRole := map[string][]string{}
	for _, g := range grants {
		where := map[id.Body]string{p.body: "body", p.sub: "sub", "": "org"}[g.Body]
		if g.Organisation != p.org {
			where += "!" + string(g.Organisation)
		}
		byRole[string(g.Role)] = append(byRole[string(g.Role)], where)
	}
	var parts []string
	for role, where := range byRole {
		slices.Sort(where)
		parts = append(parts, role+" "+strings.Join(where, "+"))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

func TestAFunctionInABodyGivesTheseRights(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	for _, c := range []struct{ function, kind, want string }{
		{"clerk", "council", "clerk body+sub"},
		{"clerk", "general_board", "clerk body+sub"},
		{"secretary", "general_board", "clerk body"},
		{"director", "daily_board", "clerk body"},
		{"secretary", "operations_board", "clerk body"},
		{"director", "joint_organ", "clerk body"},
		{"secretary", "executive", "secretary body"},
		{"secretary", "council", ""},
		{"director", "executive", ""},
		{"director", "management_team", ""},
		{"chair", "council", "member body"},
		{"vice_chair", "council_committee", "member body"},
		{"member", "general_board", "member body"},
		{"member", "daily_board", "member body, portfolio_holder body"},
		{"substitute", "daily_board", "member body"},
		{"substitute", "general_board", "member body"},
		{"councillor", "council", "member body"},
		{"citizen_member", "council_committee", "member body"},
		{"alderman", "executive", "member body, portfolio_holder body"},
		{"mayor", "executive", "member body, portfolio_holder body"},
		{"mayor", "council", "member body, portfolio_holder body"},
		{"adviser", "council", ""},
	} {
		p := makePlace(t, tx, "p"+id.NewKey(), c.kind)
		person := identitytest.Person(t, tx, "Jansen")
		a := identitytest.Account(t, tx, person, id.NewKey()+"@heemstede.nl")
		mandate(t, tx, person, p.body, c.function, "2026-01-01", nil)
		actor, err := identity.ActorOf(t.Context(), tx, a.ID, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := said(actor.Grants, p); got != c.want {
			t.Errorf("%s of a %s: %q, want %q", c.function, c.kind, got, c.want)
		}
	}
}

func TestARoleThatWasGrantedGivesTheseRights(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	p := makePlace(t, tx, "heemstede", "council")
	for _, c := range []struct {
		role access.Role
		org  id.Organisation
		body id.Body
		want string
	}{
		{access.ClerkStaff, p.org, p.body, "clerk_staff body+sub"},
		{access.ClerkStaff, p.org, p.sub, "clerk_staff sub"},
		{access.Author, p.org, "", "author org"},
		{access.Controller, p.org, "", "controller org"},
		{access.Organiser, p.org, p.body, "organiser body"},
		{access.Admin, p.org, "", "admin org"},
		{access.Admin, "", "", "admin org!"},
	} {
		person := identitytest.Person(t, tx, "Jansen")
		a := identitytest.Account(t, tx, person, id.NewKey()+"@heemstede.nl")
		grant(t, tx, person, c.role, c.org, c.body, "2026-01-01", nil)
		actor, err := identity.ActorOf(t.Context(), tx, a.ID, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := said(actor.Grants, p); got != c.want {
			t.Errorf("%s: %q, want %q", c.role, got, c.want)
		}
		if actor.IsAdmin("") != (c.role == access.Admin && c.org == "") {
			t.Errorf("%s at %q administers the installation: %v", c.role, c.org, actor.IsAdmin(""))
		}
	}
}

func TestRightsHoldFromTheFirstDayUntilTheDayTheyEndInAmsterdam(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	for _, c := range []struct {
		name, from string
		to         any
		want       bool
	}{
		{"from today", "2026-07-01", nil, true},
		{"from tomorrow", "2026-07-02", nil, false},
		{"ended yesterday", "2026-01-01", "2026-06-30", false},
		{"ended as of today", "2026-01-01", "2026-07-01", false},
		{"ends tomorrow", "2026-01-01", "2026-07-02", true},
		{"given and ended on one day", "2026-07-01", "2026-07-01", false},
	} {
		p := makePlace(t, tx, "p"+id.NewKey(), "council")
		for kind, give := range map[string]func(id.Person){
			"mandate": func(x id.Person) { mandate(t, tx, x, p.body, "councillor", c.from, c.to) },
			"clerk":   func(x id.Person) { mandate(t, tx, x, p.body, "clerk", c.from, c.to) },
			"grant":   func(x id.Person) { grant(t, tx, x, access.ClerkStaff, p.org, p.body, c.from, c.to) },
		} {
			person := identitytest.Person(t, tx, "Jansen")
			a := identitytest.Account(t, tx, person, id.NewKey()+"@heemstede.nl")
			give(person)
			actor, err := identity.ActorOf(t.Context(), tx, a.ID, now)
			if err != nil || (len(actor.Grants) > 0) != c.want {
				t.Errorf("%s %s: %v, %v", kind, c.name, actor.Grants, err)
			}
		}
	}
	if dutch.DateKey(now) != "2026-07-01" {
		t.Fatal("the test does not stand near midnight")
	}
}

func TestAClosedAccountIsNobody(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	a := identitytest.Account(t, tx, identitytest.Person(t, tx, "Jansen"), "jansen@heemstede.nl")
	for range 2 { // closing twice is closing once
		if err := identity.CloseAccount(t.Context(), tx, seeder, a.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := identity.ActorOf(t.Context(), tx, a.ID, now); !errors.Is(err, fault.NotFound) {
		t.Errorf("closed: %v", err)
	}
	if err := identity.ReopenAccount(t.Context(), tx, seeder, a.ID); err != nil {
		t.Fatal(err)
	}
	if actor, err := identity.ActorOf(t.Context(), tx, a.ID, now); err != nil || actor.Account != a.ID || actor.Name != "Jansen" {
		t.Errorf("reopened: %v, %v", actor, err)
	}
}

func TestOnlyTheAdministratorManagesAccounts(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	person := identitytest.Person(t, tx, "Jansen")
	a := identitytest.Account(t, tx, person, "jansen@heemstede.nl")
	own := identitytest.Account(t, tx, identitytest.Person(t, tx, "Beheerder"), "beheer@heemstede.nl")
	org := id.New[id.Organisation]()
	admin := access.Actor{Account: id.New[id.Account](), At: now, Grants: []access.Grant{{Role: access.Admin}}}
	acts := map[string]func(access.Actor) error{
		"find": func(x access.Actor) error { _, err := identity.Find(t.Context(), tx, x, a.ID); return err },
		"list": func(x access.Actor) error {
			_, _, err := identity.List(t.Context(), tx, x, identity.Filter{})
			return err
		},
		"email": func(x access.Actor) error {
			_, err := identity.ChangeEmail(t.Context(), tx, x, a.ID, a.Email, a.Version)
			return err
		},
		"link":   func(x access.Actor) error { return identity.MakePasswordLink(t.Context(), tx, x, a.ID) },
		"reopen": func(x access.Actor) error { return identity.ReopenAccount(t.Context(), tx, x, a.ID) },
	}
	for name, c := range map[string]struct {
		actor access.Actor
		may   string
	}{
		"public":          {access.Actor{At: now}, ""},
		"clerk":           {access.Actor{Account: id.New[id.Account](), At: now, Grants: []access.Grant{{Role: access.Clerk, Organisation: org}}}, ""},
		"admin elsewhere": {access.Actor{Account: id.New[id.Account](), At: now, Grants: []access.Grant{{Role: access.Admin, Organisation: org}}}, ""},
		"himself":         {access.Actor{Account: a.ID, At: now}, "find"},
		"admin":           {admin, "find list email link reopen"},
		"command":         {seeder, "find list email link reopen"},
	} {
		for act, do := range acts {
			x := c.actor
			if name == "admin" { // notes need an account that is there
				x.Account = own.ID
			}
			if err := do(x); (err == nil) != slices.Contains(strings.Fields(c.may), act) {
				t.Errorf("%s, %s: %v", name, act, err)
			}
		}
	}
	admin.Account = a.ID
	if err := identity.CloseAccount(t.Context(), tx, admin, a.ID); !errors.Is(err, fault.Forbidden) {
		t.Errorf("closing one's own account: %v", err)
	}
}

// One alone brings in nobody who is appointed, so the command makes two; the rest is for them.
func TestTheCommandMakesTwoAdministratorsAndNoMore(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	results := make(chan error, 4)
	for n := range 4 {
		person := identitytest.Person(t, db, "Beheerder")
		identitytest.Account(t, db, person, string(rune('a'+n))+"@regio.nl")
		go func() {
			results <- pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error {
				if err := identity.MayMakeAdmin(t.Context(), tx); err != nil {
					return err
				}
				_, err := tx.Exec(t.Context(), `insert into role_grants (id, person_id, role, valid_from) values ($1, $2, 'admin', '2018-01-01')`,
					id.New[id.Grant](), person)
				return err
			})
		}()
	}
	made := 0
	for range 4 {
		if err := <-results; err == nil {
			made++
		} else if !errors.Is(err, fault.Forbidden) {
			t.Error(err)
		}
	}
	if made != 2 {
		t.Errorf("four at once made %d", made)
	}
}

func TestAnAddressAndAPersonHaveOneAccount(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	person := identitytest.Person(t, tx, "Jansen")
	a := identitytest.Account(t, tx, person, "Jansen@Heemstede.nl ")
	if a.Email != "jansen@heemstede.nl" {
		t.Errorf("kept as %q", a.Email)
	}
	for field, d := range map[string]identity.Draft{
		"email":    {PersonID: identitytest.Person(t, tx, "Ander"), Email: "JANSEN@heemstede.nl"},
		"person":   {PersonID: person, Email: "ander@heemstede.nl"},
		"password": {PersonID: identitytest.Person(t, tx, "Derde"), Email: "derde@heemstede.nl", Password: "kort"},
	} {
		_, err := identity.CreateAccount(t.Context(), tx, seeder, d)
		var fields fault.Fields
		if !errors.As(err, &fields) || fields[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := identity.ChangeEmail(t.Context(), tx, seeder, a.ID, "nieuw@heemstede.nl", a.Version); err != nil {
		t.Fatal(err)
	}
	if _, err := identity.ChangeEmail(t.Context(), tx, seeder, a.ID, "later@heemstede.nl", a.Version); !errors.Is(err, fault.Conflict) {
		t.Errorf("over an older version: %v", err)
	}
}
