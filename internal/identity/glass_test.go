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
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

func (h house) glass(actor access.Actor) []identity.Glass {
	h.t.Helper()
	var list []identity.Glass
	if err := postgres.Read(h.t.Context(), h.db, identity.GlassOf(&list, actor, h.key())); err != nil {
		h.t.Fatal(err)
	}
	return list
}

func (h house) key() string {
	h.t.Helper()
	key, err := postgres.One[string](h.t.Context(), h.db, `select key from bodies where id = @id`, postgres.Args{"id": h.place.body})
	if err != nil {
		h.t.Fatal(err)
	}
	return key
}

func TestWhoMayBreakTheGlassSeeItAndEndIt(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	h, elsewhere := newHouse(t, tx), newHouse(t, tx)
	boss := h.enter("Beheerder", "", access.Admin)
	local, far := h.enter("Plaatselijk", "", ""), h.enter("Ver", "", "")
	grant(t, tx, local.Person, access.Admin, h.place.org, "", "2026-01-01", nil)
	grant(t, tx, far.Person, access.Admin, elsewhere.place.org, "", "2026-01-01", nil)
	if err := identity.BreakGlass(t.Context(), tx, boss, h.place.body, "De griffier is onbereikbaar"); err != nil {
		t.Fatal(err)
	}
	open := h.glass(boss)[0]
	actors := map[string]access.Actor{
		"public": {At: now}, "who broke it": boss, "another administrator": h.enter("Tweede", "", access.Admin), "administrator here": h.actor(local.Account),
		"administrator elsewhere": h.actor(far.Account), "griffier": h.enter("Griffier", "clerk", ""), "griffier elsewhere": elsewhere.enter("Ander", "clerk", ""),
		"member": h.enter("Lid", "councillor", ""), "secretaris": h.enter("Secretaris", "secretary", ""),
	}
	for _, c := range []struct {
		act string
		do  func(postgres.DB, access.Actor) error
		may []string
	}{
		{"break", func(db postgres.DB, a access.Actor) error {
			return identity.BreakGlass(t.Context(), db, a, h.place.body, "Nood")
		}, []string{"who broke it", "another administrator", "administrator here"}},
		{"end", func(db postgres.DB, a access.Actor) error {
			return identity.EndGlass(t.Context(), db, a, h.place.body, open.ID)
		}, []string{"who broke it", "griffier"}},
		{"see", func(_ postgres.DB, a access.Actor) error {
			if len(h.glass(a)) == 0 {
				return fault.NotFound
			}
			return nil
		}, []string{"who broke it", "another administrator", "administrator here", "griffier"}},
	} {
		for name, actor := range actors {
			nested, err := tx.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := c.do(nested, actor); (err == nil) != slices.Contains(c.may, name) {
				t.Errorf("%s, %s: %v", name, c.act, err)
			}
			if err := nested.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestBrokenGlassGivesHalfAnHourOfSightInOneBodyAndNothingToDo(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	h := newHouse(t, tx)
	boss, griffier := h.enter("Beheerder", "", access.Admin), h.enter("Griffier", "clerk", "")
	var fields fault.Fields
	if err := identity.BreakGlass(t.Context(), tx, boss, h.place.body, " "); !errors.As(err, &fields) || fields["reason"] == "" {
		t.Errorf("without a reason: %v", err)
	}
	if err := identity.BreakGlass(t.Context(), tx, boss, h.place.body, strings.Repeat("x", 1001)); !errors.As(err, &fields) {
		t.Errorf("a long reason: %v", err)
	}
	idle := boss
	idle.Confirmed = now.Add(-time.Hour)
	if err := identity.BreakGlass(t.Context(), tx, idle, h.place.body, "Nood"); !errors.Is(err, fault.Unconfirmed) {
		t.Errorf("without his password: %v", err)
	}
	for range 2 {
		if err := identity.BreakGlass(t.Context(), tx, boss, h.place.body, "Nood"); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(h.glass(griffier)); n != 1 {
		t.Errorf("breaking it twice counts %d", n)
	}
	sees := func(at time.Time) bool {
		actor := h.actorAt(boss.Account, at)
		if len(actor.Organisations())+len(actor.ClerkBodies())+len(actor.ClerkOrganisations()) != 0 {
			t.Errorf("it gives more than sight: %+v", actor.Grants)
		}
		return slices.Equal(actor.Bodies(), []id.Body{h.place.body})
	}
	if !sees(now) || !sees(now.Add(29*time.Minute+59*time.Second)) || sees(now.Add(30*time.Minute)) || sees(now.Add(-time.Second)) {
		t.Error("it does not last half an hour")
	}
	for name, end := range map[string]func(postgres.DB) error{
		"ended by the griffier": func(db postgres.DB) error {
			return identity.EndGlass(t.Context(), db, griffier, h.place.body, h.glass(griffier)[0].ID)
		},
		"ended by himself": func(db postgres.DB) error {
			return identity.EndGlass(t.Context(), db, boss, h.place.body, h.glass(boss)[0].ID)
		},
		"no administrator any more": func(db postgres.DB) error {
			_, err := postgres.Exec(t.Context(), db, `update role_grants set valid_to = '2026-06-01' where person_id = @p`, postgres.Args{"p": boss.Person})
			return err
		},
	} {
		nested, err := tx.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := end(nested); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if sees(now) {
			t.Errorf("%s, and it gives sight", name)
		}
		if err := nested.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if !sees(now) {
		t.Error("nothing was tried")
	}
}
