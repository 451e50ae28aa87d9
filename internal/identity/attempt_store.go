package identity

import (
	"context"
	"time"

	"github.com/google/uuid"

	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

type credentials struct {
	ID           id.Account
	PersonID     id.Person
	Email        string
	PasswordHash string
}

// admit counts a try before any password is looked at, and returns what to compare with (nothing for an unknown or closed
// account) and the try, or TooMany. The tries of one account and of one address stand in line for the count, so that many
// at once get no more than one after another. A refused try looked at no password and does not count.
func admit(ctx context.Context, db postgres.DB, email, origin string, at time.Time) (credentials, string, error) {
	try := uuid.Must(uuid.NewV7()).String()
	args := postgres.Args{
		"name": nameKey(email), "origin": origin, "at": at, "try": try, "email": email,
		"free": freeTries, "longest": longestWait, "tries": addressTries, "span": addressSpan,
		"addressed": addressed(origin), "somewhere": origin != unknown,
	}
	var locked []bool
	var until *time.Time
	var found []credentials
	err := postgres.Read(ctx, db,
		postgres.AllInto(&locked, `select true from (select pg_advisory_xact_lock(hashtextextended('login as ' || @name, 0))) l`, args),
		postgres.AllInto(&locked, `select true from (select pg_advisory_xact_lock(hashtextextended('login from ' || @origin, 0)) where @addressed) l`, args),
		postgres.OneInto(&until, `
			with known as (
				select @somewhere and exists (select from login_attempts where account_name = @name and address = @origin and succeeded) as yes
			), last_success as (
				select coalesce(max(s.at), '-infinity') as at from login_attempts s, known
				where s.account_name = @name and s.succeeded and (not known.yes or s.address = @origin)
			), failed as (
				select count(*)::int as n, max(f.at) as last from login_attempts f, known, last_success
				where f.account_name = @name and not f.succeeded and f.at > @at::timestamptz - interval '24 hours'
					and f.at > last_success.at and (not known.yes or f.address = @origin)
			), here as (
				select count(*)::int as n, min(h.at) as oldest from (
					select at from login_attempts where @addressed and address = @origin and not succeeded and at > @at::timestamptz - @span::interval
					order by at desc`+postgres.Limit(addressTries)+`) h
			), limits as (
				select greatest(
					case when failed.n >= @free::int then failed.last + least(interval '1 minute' * power(2, least(failed.n - @free::int, 10)), @longest::interval) end,
					case when here.n >= @tries::int then here.oldest + @span::interval end) as until
				from failed, here
			), noted as (
				insert into login_attempts (id, account_name, address, succeeded, at)
				select @try::uuid, @name, @origin, false, @at::timestamptz from limits where until is null or until <= @at
			)
			select case when until > @at then until end from limits`, args),
		postgres.AllInto(&found, `select id, person_id, email, password_hash from accounts where email = @email and state = 'active'`, args),
	)
	if err != nil {
		return credentials{}, "", err
	}
	if until != nil {
		return credentials{}, "", TooMany{*until}
	}
	if len(found) == 0 {
		return credentials{}, try, nil
	}
	return found[0], try, nil
}

func noteSuccess(ctx context.Context, db postgres.DB, try string) error {
	_, err := postgres.Exec(ctx, db, `update login_attempts set succeeded = true where id = @try`, postgres.Args{"try": try})
	return err
}

func forgetTry(ctx context.Context, db postgres.DB, try string) error {
	_, err := postgres.Exec(ctx, db, `delete from login_attempts where id = @try`, postgres.Args{"try": try})
	return err
}

// sweep removes some of the sessions that expired and of the tries older than six months (domain 3.10), few enough that
// nobody waits for it.
func sweep(ctx context.Context, db postgres.DB, at time.Time) error {
	_, err := postgres.Exec(ctx, db, `
		with s as (delete from sessions where token_hash in (select token_hash from sessions where expires_at <= @at limit 100 for update skip locked))
		delete from login_attempts where id in (
			select id from login_attempts where at < @at::timestamptz - interval '6 months' limit 100 for update skip locked)`,
		postgres.Args{"at": at})
	return err
}
