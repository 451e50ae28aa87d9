package identity_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/identity/identitytest"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

// house is a municipality with its people, each with an account.
type house struct {
	t     *testing.T
	db    postgres.DB
	place place
}

func newHouse(t *testing.T, db postgres.DB) house {
	t.Helper()
	return house{t, db, makePlace(t, db, "h"+id.NewKey(), "council")}
}

// enter is someone with this function in the council, or this role.
func (h house) enter(name, function string, role access.Role) access.Actor {
	h.t.Helper()
	person := identitytest.Person(h.t, h.db, name)
	a := identitytest.Account(h.t, h.db, person, strings.ToLower(name)+id.NewKey()+"@regio.nl")
	if function != "" {
		mandate(h.t, h.db, person, h.place.body, function, "2026-01-01", nil)
	}
	if role != "" {
		grant(h.t, h.db, person, role, "", "", "2026-01-01", nil)
	}
	return h.actor(a.ID)
}

func (h house) actor(a id.Account) access.Actor { h.t.Helper(); return h.actorAt(a, now) }

func (h house) actorAt(a id.Account, at time.Time) access.Actor {
	h.t.Helper()
	actor, err := identity.ActorOf(h.t.Context(), h.db, a, at)
	if err != nil {
		h.t.Fatal(err)
	}
	return actor
}

func (h house) account(a id.Account) identity.Account {
	h.t.Helper()
	found, err := identity.Find(h.t.Context(), h.db, seeder, a)
	if err != nil {
		h.t.Fatal(err)
	}
	return found
}

func (h house) waiting(actor access.Actor) []identity.EmailChange {
	h.t.Helper()
	var changes []identity.EmailChange
	if err := postgres.Read(h.t.Context(), h.db, identity.EmailChanges(&changes, actor, "")); err != nil {
		h.t.Fatal(err)
	}
	return changes
}

// The road: an administrator makes an account with an address of his own for the person who is griffier, or appoints whom he made.
func TestANewAccountGivesNoRightsUntilASecondStandsForItsAddress(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	h := newHouse(t, tx)
	boss, other := h.enter("Beheerder", "", access.Admin), h.enter("Tweede", "", access.Admin)
	griffier := identitytest.Person(t, tx, "Griffier")
	mandate(t, tx, griffier, h.place.body, "clerk", "2026-01-01", nil)
	made, err := identity.CreateAccount(t.Context(), tx, boss,
		identity.Draft{PersonID: griffier, Email: "van.de.beheerder@regio.nl", Password: identitytest.Password})
	if err != nil {
		t.Fatal(err)
	}
	if got := h.actor(made.ID).Grants; len(got) != 0 || made.Vouched {
		t.Fatalf("the account of who was appointed before: %v", got)
	}
	// Appointed afterwards, by somebody in good faith.
	mandate(t, tx, griffier, h.place.sub, "chair", "2026-01-01", nil)
	grant(t, tx, griffier, access.Admin, "", "", "2026-01-01", nil)
	if got := h.actor(made.ID).Grants; len(got) != 0 {
		t.Fatalf("appointed afterwards: %v", got)
	}
	waiting := h.waiting(other)
	if len(waiting) != 1 || waiting[0].AccountID != made.ID || !waiting[0].Fresh || waiting[0].AskedBy != boss.Account {
		t.Fatalf("waiting: %+v", waiting)
	}
	change := waiting[0].ID
	for who, actor := range map[string]access.Actor{"who set it": boss, "the account itself": h.actor(made.ID)} {
		if _, err := identity.Vouch(t.Context(), tx, actor, change); err == nil {
			t.Errorf("%s stands for it", who)
		}
	}
	idle := other
	idle.Confirmed = now.Add(-time.Hour)
	if _, err := identity.Vouch(t.Context(), tx, idle, change); !errors.Is(err, fault.Unconfirmed) {
		t.Errorf("without his password: %v", err)
	}
	if _, err := identity.Vouch(t.Context(), tx, other, change); err != nil {
		t.Fatal(err)
	}
	if got := said(h.actor(made.ID).Grants, h.place); !strings.Contains(got, "clerk body+sub") {
		t.Errorf("with a second: %q", got)
	}
	if _, err := identity.Vouch(t.Context(), tx, other, change); !errors.Is(err, fault.NotFound) {
		t.Errorf("twice: %v", err)
	}
}

func TestAWorkAddressThatSomeoneElseSetIsTheSecond(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	h := newHouse(t, tx)
	boss, other := h.enter("Beheerder", "", access.Admin), h.enter("Tweede", "", access.Admin)
	for name, c := range map[string]struct {
		by    any
		email string
		want  bool
	}{
		"the program":        {nil, "a@regio.nl", true},
		"another":            {other.Person, "b@regio.nl", true},
		"himself":            {boss.Person, "c@regio.nl", false},
		"a different one":    {other.Person, "d@regio.nl", false},
		"written in another": {other.Person, "E@Regio.NL ", true},
	} {
		person := identitytest.Person(t, tx, "Jansen")
		work := c.email
		if name == "a different one" {
			work = "anders@regio.nl"
		}
		exec(t, tx, `update persons set work_email = @work, work_email_by = @by where id = @id`, postgres.Args{"id": person, "work": work, "by": c.by})
		a, err := identity.CreateAccount(t.Context(), tx, boss, identity.Draft{PersonID: person, Email: c.email})
		if err != nil || a.Vouched != c.want {
			t.Errorf("set by %s: %v, %v", name, a.Vouched, err)
		}
	}
}

func TestWhoMayStandForAnAddressAndRefuseIt(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	h, elsewhere := newHouse(t, tx), newHouse(t, tx)
	boss := h.enter("Beheerder", "", access.Admin)
	local := h.enter("Plaatselijk", "", "")
	grant(t, tx, local.Person, access.Admin, h.place.org, "", "2026-01-01", nil)
	lid := h.enter("Lid", "councillor", "")
	below := identitytest.Person(t, tx, "Onder")
	mandate(t, tx, below, h.place.sub, "member", "2026-01-01", nil)
	fresh, err := identity.CreateAccount(t.Context(), tx, boss, identity.Draft{PersonID: below, Email: "onder" + id.NewKey() + "@regio.nl"})
	if err != nil {
		t.Fatal(err)
	}
	if waits, err := identity.ChangeEmail(t.Context(), tx, boss, lid.Account, "nieuw"+id.NewKey()+"@regio.nl",
		h.account(lid.Account).Version); err != nil || !waits {
		t.Fatalf("it waits: %v, %v", waits, err)
	}
	var change, first id.EmailChange
	for _, c := range h.waiting(boss) {
		if c.AccountID == lid.Account {
			change = c.ID
		}
		if c.AccountID == fresh.ID {
			first = c.ID
		}
	}
	actors := map[string]access.Actor{
		"public": {At: now}, "who set it": boss, "another administrator": h.enter("Tweede", "", access.Admin),
		"administrator of the organisation": h.actor(local.Account),
		"griffier":                          h.enter("Griffier", "clerk", ""), "griffier elsewhere": elsewhere.enter("Ander", "clerk", ""),
		"another member": h.enter("Buur", "councillor", ""),
		"secretaris":     h.enter("Secretaris", "secretary", ""), "the owner of the old account": lid, "the new account": h.actor(fresh.ID),
	}
	for _, c := range []struct {
		what string
		of   id.EmailChange
		do   func(postgres.DB, access.Actor, id.EmailChange) error
		may  []string
	}{
		{"stand for a change", change, func(db postgres.DB, a access.Actor, c id.EmailChange) error {
			_, err := identity.Vouch(t.Context(), db, a, c)
			return err
		}, []string{"another administrator", "griffier", "the owner of the old account"}},
		{"stand for a new account", first, func(db postgres.DB, a access.Actor, c id.EmailChange) error {
			_, err := identity.Vouch(t.Context(), db, a, c)
			return err
		}, []string{"another administrator", "griffier"}},
		{"refuse a change", change, func(db postgres.DB, a access.Actor, c id.EmailChange) error {
			_, err := identity.RefuseEmail(t.Context(), db, a, c)
			return err
		}, []string{"who set it", "another administrator", "griffier", "the owner of the old account"}},
	} {
		for name, actor := range actors {
			nested, err := tx.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			err = c.do(nested, actor, c.of)
			if may := slices.Contains(c.may, name); (err == nil) != may {
				t.Errorf("%s, %s: %v", name, c.what, err)
			}
			sees := slices.ContainsFunc(h.waiting(actor), func(x identity.EmailChange) bool { return x.ID == c.of })
			if err := nested.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
			sees = sees || slices.ContainsFunc(h.waiting(actor), func(x identity.EmailChange) bool { return x.ID == c.of })
			if may := slices.Contains(c.may, name) || name == "who set it"; sees != may {
				t.Errorf("%s sees what waits: %v", name, sees)
			}
		}
	}
}

// The road: an administrator leads the account of the griffier to his own mailbox.
func TestAChangedAddressDoesNotCountUntilASecondStandsForIt(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	h := newHouse(t, tx)
	boss, griffier := h.enter("Beheerder", "", access.Admin), h.enter("Griffier", "clerk", "")
	old := h.account(griffier.Account)
	link, err := identity.ShowPasswordLink(t.Context(), tx, seeder, old.ID)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second replaces the first
		now := h.account(old.ID)
		if waits, err := identity.ChangeEmail(t.Context(), tx, boss, old.ID, "mij"+id.NewKey()+"@regio.nl", now.Version); err != nil || !waits {
			t.Fatalf("%v, %v", waits, err)
		}
	}
	if got := h.account(old.ID); got.Email != old.Email || !got.Vouched {
		t.Fatalf("before: %+v", got)
	}
	waiting := h.waiting(griffier)
	if len(waiting) != 1 || waiting[0].Fresh || waiting[0].Before != old.Email {
		t.Fatalf("waiting: %+v", waiting)
	}
	if _, err := identity.RefuseEmail(t.Context(), tx, griffier, waiting[0].ID); err != nil || len(h.waiting(griffier)) != 0 {
		t.Fatalf("refused: %v", err)
	}
	if got := h.account(old.ID); got.Email != old.Email {
		t.Error("a refused address counts")
	}
	if waits, err := identity.ChangeEmail(t.Context(), tx, boss, old.ID, "nieuw@regio.nl", h.account(old.ID).Version); err != nil || !waits {
		t.Fatal(waits, err)
	}
	if _, err := identity.Vouch(t.Context(), tx, griffier, h.waiting(griffier)[0].ID); err != nil {
		t.Fatal(err)
	}
	if got := h.account(old.ID); got.Email != "nieuw@regio.nl" || !got.Vouched {
		t.Errorf("confirmed: %+v", got)
	}
	if _, err := identity.FindLink(t.Context(), tx, link, now); !errors.Is(err, fault.NotFound) {
		t.Errorf("a link that went to the old address still works: %v", err)
	}
	// Who has no function now may get one: his address counts at once, and gives nothing until a second stands for it.
	plain := h.enter("Gewoon", "", "")
	if waits, err := identity.ChangeEmail(t.Context(), tx, boss, plain.Account, "gewoon@regio.nl", h.account(plain.Account).Version); err != nil || waits {
		t.Fatalf("of who has no function: %v, %v", waits, err)
	}
	mandate(t, tx, plain.Person, h.place.body, "clerk", "2026-01-01", nil)
	if got := h.actor(plain.Account).Grants; len(got) != 0 {
		t.Errorf("appointed after that: %v", got)
	}
	// A function yet to come counts as one.
	coming := h.enter("Straks", "", "")
	mandate(t, tx, coming.Person, h.place.body, "clerk", "2026-12-01", nil)
	if waits, err := identity.ChangeEmail(t.Context(), tx, boss, coming.Account, "straks@regio.nl", h.account(coming.Account).Version); err != nil || !waits {
		t.Errorf("of who will be griffier: %v, %v", waits, err)
	}
}

func TestALinkToOnesOwnAccountIsRefused(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	h := newHouse(t, tx)
	boss := h.enter("Beheerder", "", access.Admin)
	var refusal fault.Refusal
	if err := identity.MakePasswordLink(t.Context(), tx, boss, boss.Account); !errors.As(err, &refusal) || !strings.Contains(refusal.Why, "andere beheerder") {
		t.Errorf("mailed: %v", err)
	}
	if token, err := identity.ShowPasswordLink(t.Context(), tx, boss, boss.Account); !errors.As(err, &refusal) || token != "" {
		t.Errorf("shown: %v", err)
	}
}

func TestALinkThatWasShownIsToldUntilTheOwnerHasReadIt(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	h := newHouse(t, tx)
	boss, griffier := h.enter("Beheerder", "", access.Admin), h.enter("Griffier", "clerk", "")
	told := func(a access.Actor) (shown []identity.ShownLink) {
		if err := postgres.Read(t.Context(), tx, identity.Shown(&shown, a)); err != nil {
			t.Fatal(err)
		}
		return shown
	}
	if err := identity.MakePasswordLink(t.Context(), tx, boss, griffier.Account); err != nil || len(told(griffier)) != 0 {
		t.Fatalf("a mailed link: %v, %v", told(griffier), err)
	}
	token, err := identity.ShowPasswordLink(t.Context(), tx, boss, griffier.Account)
	if err != nil {
		t.Fatal(err)
	}
	if err := identity.UsePasswordLink(t.Context(), tx, token, identitytest.Password, "127.0.0.1", now); err != nil {
		t.Fatal(err)
	}
	if got := told(griffier); len(got) != 1 || got[0].MadeBy != "Beheerder" || !got[0].MadeAt.Equal(now) || got[0].UsedAt == nil {
		t.Errorf("told: %+v", got)
	}
	if got := told(boss); len(got) != 0 {
		t.Errorf("who made it: %+v", got)
	}
	for range 2 {
		if err := identity.Notice(t.Context(), tx, griffier); err != nil || len(told(griffier)) != 0 {
			t.Errorf("after reading: %v, %v", told(griffier), err)
		}
	}
}
