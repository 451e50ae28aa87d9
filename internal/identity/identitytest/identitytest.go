// Package identitytest makes accounts and sessions for the tests of others.
package identitytest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/postgres"
)

// CookieName is the name of the session's cookie without https.
const CookieName = "regiogriffie"

// Password is the password of accounts made with one.
const Password = "vier paarden op de dijk"

// Account makes an account without a password; sign in by Session.
func Account(t testing.TB, db postgres.DB, person id.Person, email string) identity.Account {
	t.Helper()
	return create(t, db, identity.Draft{PersonID: person, Email: email})
}

// AccountWithPassword makes an account with Password.
func AccountWithPassword(t testing.TB, db postgres.DB, person id.Person, email string) identity.Account {
	t.Helper()
	return create(t, db, identity.Draft{PersonID: person, Email: email, Password: Password})
}

func create(t testing.TB, db postgres.DB, d identity.Draft) identity.Account {
	t.Helper()
	a, err := identity.CreateAccount(t.Context(), db, access.Actor{Duty: identity.DutySeed, At: time.Now()}, d)
	if err != nil {
		t.Fatalf("making an account for %s: %v", d.Email, err)
	}
	return a
}

// Person makes a person with just a name.
func Person(t testing.TB, db postgres.DB, name string) id.Person {
	t.Helper()
	person := id.New[id.Person]()
	if _, err := postgres.Exec(t.Context(), db, `insert into persons (id, family, display_name) values (@id, @name, @name)`,
		postgres.Args{"id": person, "name": name}); err != nil {
		t.Fatalf("making person %s: %v", name, err)
	}
	return person
}

// Session signs an account in as of now, without its password, and returns the cookie to send along.
func Session(t testing.TB, db postgres.DB, account id.Account) *http.Cookie {
	t.Helper()
	return SessionAt(t, db, account, time.Now())
}

// SessionAt is Session as of another moment, for an application with its own clock.
func SessionAt(t testing.TB, db postgres.DB, account id.Account, at time.Time) *http.Cookie {
	t.Helper()
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	token := base64.RawURLEncoding.EncodeToString(raw)
	sum := sha256.Sum256([]byte(token))
	data, err := scs.GobCodec{}.Encode(at.Add(identity.Lifetime).UTC(), map[string]any{})
	if err != nil {
		t.Fatalf("writing the contents of a session: %v", err)
	}
	if _, err := postgres.Exec(t.Context(), db, `
		insert into sessions (token_hash, account_id, data, created_at, seen_at, confirmed_at, expires_at)
		values (@key, @account, @data, @at, @at, @at, @expires)`,
		postgres.Args{
			"key": base64.RawURLEncoding.EncodeToString(sum[:]), "account": account, "data": data, "at": at, "expires": at.Add(identity.Lifetime),
		}); err != nil {
		t.Fatalf("making a session: %v", err)
	}
	return &http.Cookie{Name: CookieName, Value: token}
}
