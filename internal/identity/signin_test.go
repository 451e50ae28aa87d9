package identity_test

import (
	"errors"
	"net/netip"
	"strings"
	"sync"
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

const (
	home  = "192.0.2.1"
	other = "198.51.100.7"
)

func signIn(t *testing.T, db postgres.DB, email, password, origin string, at time.Time) error {
	t.Helper()
	_, err := identity.SignIn(t.Context(), db, identity.Try{Email: email, Password: password, Origin: origin, At: at})
	return err
}

func TestTheRightPasswordLetsInAndNothingElseDoes(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	a := identitytest.AccountWithPassword(t, db, identitytest.Person(t, db, "Jansen"), "jansen@heemstede.nl")
	identitytest.Account(t, db, identitytest.Person(t, db, "Zonder"), "zonder@heemstede.nl")
	v, err := identity.SignIn(t.Context(), db, identity.Try{Email: " Jansen@heemstede.NL", Password: identitytest.Password, Origin: home, At: now})
	if err != nil || v.Actor.Account != a.ID || !v.Actor.Confirmed.Equal(now) {
		t.Errorf("the right one: %+v, %v", v.Actor, err)
	}
	for name, try := range map[string][2]string{
		"wrong":       {"jansen@heemstede.nl", identitytest.Password + "!"},
		"empty":       {"jansen@heemstede.nl", ""},
		"unknown":     {"niemand@heemstede.nl", identitytest.Password},
		"no password": {"zonder@heemstede.nl", ""},
		"very long":   {"jansen@heemstede.nl", strings.Repeat("x", 100_000)},
		"strange":     {"jansen@heemstede.nl\x01", "\xff"},
	} {
		if err := signIn(t, db, try[0], try[1], home, now); !errors.Is(err, identity.ErrWrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := identity.CloseAccount(t.Context(), db, seeder, a.ID); err != nil {
		t.Fatal(err)
	}
	if err := signIn(t, db, a.Email, identitytest.Password, home, now); !errors.Is(err, identity.ErrWrong) {
		t.Errorf("a closed account: %v", err)
	}
}

func TestWrongPasswordsMakeWaitLongerButNeverForGood(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	a := identitytest.AccountWithPassword(t, db, identitytest.Person(t, db, "Jansen"), "jansen@heemstede.nl")
	at := now
	for i := range 10 {
		if err := signIn(t, db, a.Email, "fout", other, at); !errors.Is(err, identity.ErrWrong) {
			t.Fatalf("try %d: %v", i+1, err)
		}
	}
	var tooMany identity.TooMany
	for _, wait := range []time.Duration{1, 2, 4, 8, 15, 15, 15} {
		wait *= time.Minute
		// However often it is tried meanwhile, and even with the right password.
		for range 3 {
			if err := signIn(t, db, a.Email, identitytest.Password, other, at.Add(wait-time.Second)); !errors.As(err, &tooMany) || !tooMany.Until.Equal(at.Add(wait)) {
				t.Fatalf("before %v: %v", wait, err)
			}
		}
		at = at.Add(wait)
		if err := signIn(t, db, a.Email, "fout", other, at); !errors.Is(err, identity.ErrWrong) {
			t.Fatalf("after %v: %v", wait, err)
		}
	}
	at = at.Add(15 * time.Minute)
	if err := signIn(t, db, a.Email, identitytest.Password, other, at); err != nil {
		t.Errorf("the right one after the wait: %v", err)
	}
	if err := signIn(t, db, a.Email, "fout", other, at.Add(time.Second)); !errors.Is(err, identity.ErrWrong) {
		t.Errorf("the count does not begin anew after success: %v", err)
	}
}

func TestAStrangerDoesNotLockTheOwnerOutOfWhereHeSignedInBefore(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	a := identitytest.AccountWithPassword(t, db, identitytest.Person(t, db, "Jansen"), "jansen@heemstede.nl")
	if err := signIn(t, db, a.Email, identitytest.Password, home, now.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	var tooMany identity.TooMany
	for range 12 {
		_ = signIn(t, db, a.Email, "fout", other, now)
	}
	if err := signIn(t, db, a.Email, identitytest.Password, other, now); !errors.As(err, &tooMany) {
		t.Errorf("the stranger: %v", err)
	}
	if err := signIn(t, db, a.Email, identitytest.Password, home, now); err != nil {
		t.Errorf("the owner at home: %v", err)
	}
}

func TestAnAddressGetsFiftyWrongPasswordsPerQuarter(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	for i := range 50 {
		if err := signIn(t, db, id.NewKey()+"@heemstede.nl", "fout", other, now.Add(time.Duration(i)*time.Second)); !errors.Is(err, identity.ErrWrong) {
			t.Fatalf("try %d: %v", i+1, err)
		}
	}
	var tooMany identity.TooMany
	if err := signIn(t, db, "iemand@heemstede.nl", "fout", other, now.Add(time.Minute)); !errors.As(err, &tooMany) ||
		!tooMany.Until.Equal(now.Add(15*time.Minute)) {
		t.Errorf("the 51st: %v", err)
	}
	if err := signIn(t, db, "iemand@heemstede.nl", "fout", home, now.Add(time.Minute)); !errors.Is(err, identity.ErrWrong) {
		t.Errorf("from elsewhere: %v", err)
	}
	if err := signIn(t, db, "iemand@heemstede.nl", "fout", other, now.Add(15*time.Minute)); !errors.Is(err, identity.ErrWrong) {
		t.Errorf("a quarter later: %v", err)
	}
}

// Behind a proxy that the settings do not name, everyone seems to come from one place.
func TestWhereAddressesAreUnknownOnlyTheAccountCounts(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	a := identitytest.AccountWithPassword(t, db, identitytest.Person(t, db, "Jansen"), "jansen@heemstede.nl")
	nowhere := identity.Origin(netip.Addr{}, "")
	for i := range 60 {
		if err := signIn(t, db, id.NewKey()+"@heemstede.nl", "fout", nowhere, now.Add(time.Duration(i)*time.Second)); !errors.Is(err, identity.ErrWrong) {
			t.Fatalf("try %d: %v", i+1, err)
		}
	}
	at := now.Add(time.Minute)
	if err := signIn(t, db, a.Email, identitytest.Password, nowhere, at); err != nil {
		t.Errorf("after sixty wrong passwords of others: %v", err)
	}
	// That he signed in from there before makes nobody else known.
	var tooMany identity.TooMany
	for n := range 40 {
		err := signIn(t, db, a.Email, "fout", nowhere, at.Add(time.Second))
		if n < 10 && !errors.Is(err, identity.ErrWrong) || n >= 10 && !errors.As(err, &tooMany) {
			t.Fatalf("try %d: %v", n+1, err)
		}
	}
	// However long a stranger goes on, the wait after his last try is never longer than this.
	for range 10 {
		at = tooMany.Until
		if err := signIn(t, db, a.Email, "fout", nowhere, at); !errors.Is(err, identity.ErrWrong) {
			t.Fatalf("after the wait: %v", err)
		}
		if err := signIn(t, db, a.Email, "fout", nowhere, at); !errors.As(err, &tooMany) || tooMany.Until.Sub(at) > 15*time.Minute {
			t.Fatalf("%v", err)
		}
	}
	if err := signIn(t, db, a.Email, identitytest.Password, nowhere, tooMany.Until); err != nil {
		t.Errorf("the owner after the wait: %v", err)
	}
}

// Otherwise a stranger who tries again each time the wait is over would keep the owner out for as long as he likes.
func TestAStrangerDoesNotLockTheOwnerOutOfABrowserInWhichHeSignedInBefore(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	a := identitytest.AccountWithPassword(t, db, identitytest.Person(t, db, "Jansen"), "jansen@heemstede.nl")
	b := identitytest.AccountWithPassword(t, db, identitytest.Person(t, db, "Pietersen"), "pietersen@heemstede.nl")
	own, stranger := identity.Origin(netip.Addr{}, identity.NewToken()), identity.Origin(netip.Addr{}, identity.NewToken())
	if err := signIn(t, db, a.Email, identitytest.Password, identity.Origin(netip.Addr{}, ""), now.Add(-2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	for email, origin := range map[string]string{a.Email: own, b.Email: stranger} {
		if err := signIn(t, db, email, identitytest.Password, origin, now.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	var tooMany identity.TooMany
	for n := range 12 {
		// Each time another browser, or one that is known of another account.
		origin := identity.Origin(netip.Addr{}, identity.NewToken())
		if n%2 == 0 {
			origin = stranger
		}
		if err := signIn(t, db, a.Email, "fout", origin, now); n < 10 && !errors.Is(err, identity.ErrWrong) || n >= 10 && !errors.As(err, &tooMany) {
			t.Errorf("try %d: %v", n+1, err)
		}
	}
	// Nor does a browser that keeps nothing get more, although the owner once came in from nowhere too.
	if err := signIn(t, db, a.Email, "fout", identity.Origin(netip.Addr{}, ""), now); !errors.As(err, &tooMany) {
		t.Errorf("without a browser that keeps something: %v", err)
	}
	if err := signIn(t, db, a.Email, identitytest.Password, own, now); err != nil {
		t.Errorf("the owner in his own browser: %v", err)
	}
	// And whoever takes that browser gets no more tries than another.
	for n := range 12 {
		if err := signIn(t, db, a.Email, "fout", own, now.Add(time.Second)); n < 10 && !errors.Is(err, identity.ErrWrong) || n >= 10 && !errors.As(err, &tooMany) {
			t.Errorf("try %d in his browser: %v", n+1, err)
		}
	}
}

func TestTriesAtOnceGetNoMoreThanOneAfterAnother(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	a := identitytest.AccountWithPassword(t, db, identitytest.Person(t, db, "Jansen"), "jansen@heemstede.nl")
	var wait sync.WaitGroup
	var lock sync.Mutex
	wrong := 0
	for range 40 {
		wait.Go(func() {
			_, err := identity.SignIn(t.Context(), db, identity.Try{Email: a.Email, Password: "fout", Origin: other, At: now})
			var tooMany identity.TooMany
			lock.Lock()
			defer lock.Unlock()
			if errors.Is(err, identity.ErrWrong) {
				wrong++
			} else if !errors.As(err, &tooMany) {
				t.Errorf("%v", err)
			}
		})
	}
	wait.Wait()
	if wrong != 10 {
		t.Errorf("%d passwords were looked at, want 10", wrong)
	}
}

func TestChangingThePasswordEndsEverySession(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	a := identitytest.AccountWithPassword(t, db, identitytest.Person(t, db, "Jansen"), "jansen@heemstede.nl")
	identitytest.SessionAt(t, db, a.ID, now)
	actor := access.Actor{Account: a.ID, Person: a.PersonID, At: now}
	const fresh = "acht schapen onder de brug"
	for field, try := range map[string][2]string{
		"old_password": {"niet dit wachtwoord", fresh},
		"password":     {identitytest.Password, "kort"},
	} {
		var fields fault.Fields
		if _, err := identity.SetPassword(t.Context(), db, actor, try[0], try[1], home); !errors.As(err, &fields) || fields[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := identity.SetPassword(t.Context(), db, actor, identitytest.Password, fresh, home); err != nil {
		t.Fatal(err)
	}
	if n, err := postgres.One[int](t.Context(), db, `select count(*) from sessions`, nil); err != nil || n != 0 {
		t.Errorf("%d sessions left, %v", n, err)
	}
	if err := signIn(t, db, a.Email, identitytest.Password, home, now); !errors.Is(err, identity.ErrWrong) {
		t.Errorf("the old password: %v", err)
	}
	if err := signIn(t, db, a.Email, fresh, home, now); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

func TestALinkSetsOnePasswordOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	a := identitytest.AccountWithPassword(t, db, identitytest.Person(t, db, "Jansen"), "jansen@heemstede.nl")
	link := func() string {
		token, err := identity.ShowPasswordLink(t.Context(), db, seeder, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	const fresh = "acht schapen onder de brug"
	use := func(token, password string, at time.Time) error {
		return identity.UsePasswordLink(t.Context(), db, token, password, home, at)
	}
	earlier, token := link(), link()
	if err := use(earlier, fresh, now); !errors.Is(err, fault.NotFound) {
		t.Errorf("a link before the last: %v", err)
	}
	if err := use(token, fresh, now.Add(24*time.Hour)); !errors.Is(err, fault.NotFound) {
		t.Errorf("a day later: %v", err)
	}
	if err := use("niets", fresh, now); !errors.Is(err, fault.NotFound) {
		t.Errorf("no token: %v", err)
	}
	var fields fault.Fields
	if err := use(token, "kort", now); !errors.As(err, &fields) {
		t.Errorf("a bad password: %v", err)
	}
	if n, err := postgres.One[int](t.Context(), db, `select count(*) from password_links where strpos(token_hash, @token) > 0`,
		postgres.Args{"token": token}); err != nil || n != 0 {
		t.Errorf("the token itself is stored: %d, %v", n, err)
	}
	for range 12 {
		_ = signIn(t, db, a.Email, "fout", home, now)
	}
	results := make(chan error, 2)
	for range 2 {
		go func() { results <- use(token, fresh, now.Add(time.Second)) }()
	}
	one, two := <-results, <-results
	if (one == nil) == (two == nil) || !errors.Is(errors.Join(one, two), fault.NotFound) {
		t.Errorf("two at once: %v and %v", one, two)
	}
	if err := signIn(t, db, a.Email, fresh, home, now.Add(2*time.Second)); err != nil {
		t.Errorf("signing in with it, after all those wrong ones: %v", err)
	}
	gone := link()
	if err := identity.CloseAccount(t.Context(), db, seeder, a.ID); err != nil {
		t.Fatal(err)
	}
	if err := use(gone, fresh, now); !errors.Is(err, fault.NotFound) {
		t.Errorf("of a closed account: %v", err)
	}
}

func TestTheTrailHoldsNoPasswordAndNoToken(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	a := identitytest.AccountWithPassword(t, db, identitytest.Person(t, db, "Jansen"), "jansen@heemstede.nl")
	token, err := identity.ShowPasswordLink(t.Context(), db, seeder, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := signIn(t, db, a.Email, identitytest.Password, home, now); err != nil {
		t.Fatal(err)
	}
	lines, err := postgres.All[string](t.Context(), pgtest.Owner(t, db), `select act || ' ' || thing || ' ' || reason from audit_entries order by act`, nil)
	if err != nil || len(lines) != 3 {
		t.Errorf("%q, %v", lines, err)
	}
	for _, line := range lines {
		if strings.Contains(line, token) || strings.Contains(line, identitytest.Password) || strings.Contains(line, a.Email) {
			t.Errorf("%q tells too much", line)
		}
	}
}

func TestASessionIsNotKeptForAPasswordThatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	a := identitytest.AccountWithPassword(t, db, identitytest.Person(t, db, "Jansen"), "jansen@heemstede.nl")
	v, err := identity.SignIn(t.Context(), db, identity.Try{Email: a.Email, Password: identitytest.Password, Origin: other, At: now})
	if err != nil {
		t.Fatal(err)
	}
	token, err := identity.ShowPasswordLink(t.Context(), db, seeder, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := identity.UsePasswordLink(t.Context(), db, token, "acht schapen onder de brug", home, now); err != nil {
		t.Fatal(err)
	}
	ctx := identity.Expect(t.Context())
	identity.Enter(ctx, v)
	if err := (identity.Sessions{DB: db, Now: func() time.Time { return now }}).CommitCtx(ctx, "key", nil, now.Add(time.Hour)); !errors.Is(err,
		identity.ErrWrong) {
		t.Errorf("%v", err)
	}
}
