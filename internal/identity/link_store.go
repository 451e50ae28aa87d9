package identity

import (
	"context"
	"time"

	"github.com/google/uuid"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

func findLink(ctx context.Context, db postgres.DB, key string, at time.Time) (Link, error) {
	return postgres.One[Link](ctx, db, `
		select l.account_id, a.person_id, p.display_name as name, a.email
		from password_links l join accounts a on a.id = l.account_id join persons p on p.id = a.person_id
		where l.token_hash = @key and l.used_at is null and l.expires_at > @at and a.state = 'active'`,
		postgres.Args{"key": key, "at": at})
}

func insertLink(ctx context.Context, db postgres.DB, actor access.Actor, key string, account id.Account) error {
	_, err := postgres.Exec(ctx, db, `
		insert into password_links (token_hash, account_id, made_by, made_at, expires_at) values (@key, @account, @by, @at, @expires)`,
		postgres.Args{"key": key, "account": account, "by": actor.Account, "at": actor.At, "expires": actor.At.Add(LinkLifetime)}.As(actor))
	return err
}

// useLink takes the one use of a link; of two at once the second finds nothing left.
func useLink(ctx context.Context, db postgres.DB, key string, at time.Time) error {
	n, err := postgres.Exec(ctx, db, `
		update password_links set used_at = @at where token_hash = @key and used_at is null and expires_at > @at`,
		postgres.Args{"key": key, "at": at})
	if err == nil && n == 0 {
		return fault.NotFound
	}
	return err
}

func endLinks(ctx context.Context, db postgres.DB, account id.Account, at time.Time) error {
	_, err := postgres.Exec(ctx, db, `
		update password_links set expires_at = @at where account_id = @account and used_at is null and expires_at > @at`,
		postgres.Args{"account": account, "at": at})
	return err
}

func insertSuccess(ctx context.Context, db postgres.DB, email, origin string, at time.Time) error {
	_, err := postgres.Exec(ctx, db, `
		insert into login_attempts (id, account_name, address, succeeded, at) values (@id, @name, @origin, true, @at)`,
		postgres.Args{"id": uuid.Must(uuid.NewV7()).String(), "name": nameKey(email), "origin": origin, "at": at})
	return err
}
