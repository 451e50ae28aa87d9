package identity_test

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
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

// FindLink is what the page that asks for a password goes by.
func TestALinkIsFoundAsLongAsItWorks(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	a := identitytest.AccountWithPassword(t, tx, identitytest.Person(t, tx, "Jansen"), "jansen@heemstede.nl")
	link := func() string {
		t.Helper()
		token, err := identity.ShowPasswordLink(t.Context(), tx, seeder, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	found := func(token string, at time.Time) bool {
		t.Helper()
		_, err := identity.FindLink(t.Context(), tx, token, at)
		if err != nil && !errors.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
		return err == nil
	}
	token := link()
	if !found(token, now) || !found(token, now.Add(24*time.Hour-time.Second)) {
		t.Error("a link that works is not found")
	}
	if found(token, now.Add(24*time.Hour)) {
		t.Error("a link is found after a day")
	}
	if err := identity.UsePasswordLink(t.Context(), tx, token, "acht schapen onder de brug", home, now); err != nil {
		t.Fatal(err)
	}
	if found(token, now) {
		t.Error("a used link is found")
	}
	token = link()
	closing(t, tx, a.ID)
	if found(token, now) {
		t.Error("the link of a closed account is found")
	}
	if _, err := postgres.Exec(t.Context(), tx, `update password_links set expires_at = @at where used_at is null`,
		postgres.Args{"at": now.Add(time.Hour)}); err != nil || found(token, now) {
		t.Errorf("the link of a closed account is found, though it was not ended: %v", err)
	}
	if _, err := identity.ShowPasswordLink(t.Context(), tx, seeder, a.ID); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a link for a closed account: %v", err)
	}
	reopening(t, tx, a.ID)
	token = link()
	closing(t, tx, a.ID)
	reopening(t, tx, a.ID)
	if found(token, now) {
		t.Error("a link from before the closing works again")
	}
}

func TestAClosedAccountComesBackWithoutItsSessions(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	a := identitytest.Account(t, tx, identitytest.Person(t, tx, "Jansen"), "jansen@heemstede.nl")
	token := identitytest.SessionAt(t, tx, a.ID, now).Value
	sum := sha256.Sum256([]byte(token))
	in := func(at time.Time) bool {
		t.Helper()
		sessions := identity.Sessions{DB: tx, Now: func() time.Time { return at }}
		_, found, err := sessions.FindCtx(identity.Expect(t.Context()), base64.RawURLEncoding.EncodeToString(sum[:]))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if !in(now) || !in(now.Add(12*time.Hour-time.Second)) || in(now.Add(12*time.Hour)) {
		t.Error("a session does not last twelve hours")
	}
	closing(t, tx, a.ID)
	if in(now) {
		t.Error("the session of a closed account lets in")
	}
	kept := sum
	sum = sha256.Sum256([]byte(identitytest.SessionAt(t, tx, a.ID, now).Value))
	if in(now) {
		t.Error("a session of a closed account that was not ended lets in")
	}
	sum = kept
	reopening(t, tx, a.ID)
	if in(now) {
		t.Error("a session from before the closing lets in again")
	}
}

func TestOnlyTheAdministratorMakesAnAccount(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	for who, a := range map[string]access.Actor{
		"the public": {At: now}, "an administrator elsewhere": {
			Account: id.New[id.Account](), At: now,
			Grants: []access.Grant{{Role: access.Admin, Organisation: id.New[id.Organisation]()}},
		},
		"a griffier": {Account: id.New[id.Account](), At: now, Grants: []access.Grant{{Role: access.Clerk, Organisation: id.New[id.Organisation]()}}},
	} {
		if _, err := identity.CreateAccount(t.Context(), tx, a,
			identity.Draft{PersonID: identitytest.Person(t, tx, "Jansen"), Email: "jansen@heemstede.nl"}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v, want forbidden", who, err)
		}
	}
}

func closing(t *testing.T, db postgres.DB, account id.Account) {
	t.Helper()
	if err := identity.CloseAccount(t.Context(), db, seeder, account); err != nil {
		t.Fatal(err)
	}
}

func reopening(t *testing.T, db postgres.DB, account id.Account) {
	t.Helper()
	if err := identity.ReopenAccount(t.Context(), db, seeder, account); err != nil {
		t.Fatal(err)
	}
}
