package identity

import (
	"context"
	"errors"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/postgres"
)

const (
	// Lifetime is how long a session lasts at most (security 11).
	Lifetime = 12 * time.Hour
	// idle is access's limit: past it, being active no longer counts until the password was given again. Else any page
	// opened on a laptop left behind would do for a password.
	idle = "30 minutes"
)

// Visit is who came in by a session. Loading a session leaves it in the context, and keeping one takes it from there, so
// that the session with its rights costs one round trip.
type Visit struct {
	Actor   access.Actor
	session string // key under which the session is stored
	proof   string // the stored password that was matched; a session made with an older one is not kept
}

type visitKey struct{}

// Expect gives the context a place where loading a session leaves who came in.
func Expect(ctx context.Context) context.Context {
	return context.WithValue(ctx, visitKey{}, &Visit{})
}

// VisitOf is who came in; the zero Visit when nobody did.
func VisitOf(ctx context.Context) Visit {
	if place, ok := ctx.Value(visitKey{}).(*Visit); ok {
		return *place
	}
	return Visit{}
}

// Enter makes the session of this context that of who just gave his password.
func Enter(ctx context.Context, v Visit) {
	if place, ok := ctx.Value(visitKey{}).(*Visit); ok {
		*place = v
	}
}

// Sessions keeps sessions in the database, under the hash of their token. It is the store of the session manager.
type Sessions struct {
	DB  postgres.DB
	Now func() time.Time
}

var errNoContext = errors.New("a session needs the context of its request")

// Find is not used: the session manager prefers FindCtx.
func (s Sessions) Find(string) ([]byte, bool, error) { return nil, false, errNoContext }

// Commit is not used: the session manager prefers CommitCtx.
func (s Sessions) Commit(string, []byte, time.Time) error { return errNoContext }

// Delete is not used: the session manager prefers DeleteCtx.
func (s Sessions) Delete(string) error { return errNoContext }

type loaded struct {
	who
	Data   []byte
	Active time.Time
}

// FindCtx loads a session with the rights of this moment, in one round trip. One that expired or whose account is closed is
// none. At most once a minute it notes that the session is in use.
func (s Sessions) FindCtx(ctx context.Context, key string) ([]byte, bool, error) {
	at := s.Now()
	found, err := postgres.One[loaded](ctx, s.DB, `
		with touched as (
			update sessions set seen_at = @at
			where token_hash = @key and expires_at > @at and seen_at < @at::timestamptz - interval '1 minute'
				and greatest(seen_at, confirmed_at) >= @at::timestamptz - interval '`+idle+`'
		)
		select x.id as account_id, x.person_id, p.display_name as name, `+grantsOf+` as grants, s.data, greatest(s.seen_at, s.confirmed_at) as active
		from sessions s join accounts x on x.id = s.account_id join persons p on p.id = x.person_id
		where s.token_hash = @key and s.expires_at > @at and x.state = 'active'`,
		postgres.Args{"key": key, "at": at, "day": dutch.DateKey(at)})
	if errors.Is(err, fault.NotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	Enter(ctx, Visit{Actor: found.actor(at, found.Active), session: key})
	return found.Data, true, nil
}

// CommitCtx keeps a session: a known one as it is with its new contents, a new one for who is in the context. ErrWrong when the
// account was closed or its password changed since that was given, or the session ended.
func (s Sessions) CommitCtx(ctx context.Context, key string, data []byte, expires time.Time) error {
	at := s.Now()
	v, _ := ctx.Value(visitKey{}).(*Visit)
	if v == nil {
		return errNoContext
	}
	sql := `update sessions set data = @data, expires_at = @expires where token_hash = @key`
	if v.session != key {
		sql = `
			insert into sessions (token_hash, account_id, data, created_at, seen_at, confirmed_at, expires_at)
			select @key, a.id, @data::bytea, @at::timestamptz, @at::timestamptz, @confirmed::timestamptz, @expires::timestamptz from accounts a
			where a.id = @account and a.state = 'active' and a.password_hash = @proof
			on conflict (token_hash) do nothing`
	}
	kept, err := postgres.Exec(ctx, s.DB, sql, postgres.Args{
		"key": key, "data": data, "at": at, "confirmed": v.Actor.Confirmed, "expires": expires, "account": v.Actor.Account, "proof": v.proof,
	})
	if err != nil {
		return err
	}
	if kept == 0 {
		return ErrWrong
	}
	v.session = key
	return nil
}

// DeleteCtx ends a session.
func (s Sessions) DeleteCtx(ctx context.Context, key string) error {
	_, err := postgres.Exec(ctx, s.DB, `delete from sessions where token_hash = @key`, postgres.Args{"key": key})
	return err
}
