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

// mailed tells that the key is of a code that left in a mail with link l.
const mailed = `l.id = (select c.opens from mail_codes c where c.code_hash = @key)`

func findLink(ctx context.Context, db postgres.DB, key string, at time.Time) (Link, error) {
	return postgres.One[Link](ctx, db, `
		select l.account_id, a.person_id, p.display_name as name, a.email
		from password_links l join accounts a on a.id = l.account_id join persons p on p.id = a.person_id
		where (l.token_hash = @key or `+mailed+`) and l.used_at is null and l.expires_at > @at and a.state = 'active'`,
		postgres.Args{"key": key, "at": at})
}

func insertLink(ctx context.Context, db postgres.DB, actor access.Actor, link id.Link, key string, account id.Account, shown bool) error {
	_, err := postgres.Exec(ctx, db, `
		insert into password_links (id, token_hash, account_id, made_by, made_at, expires_at, shown) values (@id, @key, @account, @by, @at, @expires, @shown)`,
		postgres.Args{
			"id": link, "shown": shown, "key": key, "account": account, "by": actor.Account, "at": actor.At,
			"expires": actor.At.Add(LinkLifetime),
		}.As(actor))
	return err
}

// useLink takes the one use of a link; of two at once the second finds nothing left.
func useLink(ctx context.Context, db postgres.DB, key string, at time.Time) error {
	n, err := postgres.Exec(ctx, db, `
		update password_links l set used_at = @at where (l.token_hash = @key or `+mailed+`) and l.used_at is null and l.expires_at > @at`,
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

func findSent(ctx context.Context, db postgres.DB, link id.Link, at time.Time) (Sent, error) {
	return postgres.One[Sent](ctx, db, `
		select l.id, l.account_id, a.person_id, p.display_name as name, a.email, coalesce(q.display_name, '') as made_by, l.made_at, l.expires_at
		from password_links l join accounts a on a.id = l.account_id join persons p on p.id = a.person_id
			left join accounts b on b.id = l.made_by left join persons q on q.id = b.person_id
		where l.id = @id and not l.shown and l.used_at is null and l.expires_at > @at and a.state = 'active'`,
		postgres.Args{"id": link, "at": at})
}

// Shown asks for the links to the actor's account that somebody else saw, and of which he did not say yet that he read so.
func Shown(dst *[]ShownLink, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `
		select coalesce(q.display_name, 'onbekend') as made_by, l.made_at, l.used_at
		from password_links l left join accounts b on b.id = l.made_by left join persons q on q.id = b.person_id
		where l.account_id = @self and l.shown and l.noticed_at is null order by l.made_at desc`,
		postgres.Args{"self": actor.Account}.As(actor))
}

func noticeLinks(ctx context.Context, db postgres.DB, actor access.Actor) (int64, error) {
	return postgres.Exec(ctx, db, `update password_links set noticed_at = @at where account_id = @self and shown and noticed_at is null`,
		postgres.Args{"self": actor.Account, "at": actor.At}.As(actor))
}

func insertSuccess(ctx context.Context, db postgres.DB, email, origin string, at time.Time) error {
	_, err := postgres.Exec(ctx, db, `
		insert into login_attempts (id, account_name, address, succeeded, at) values (@id, @name, @origin, true, @at)`,
		postgres.Args{"id": uuid.Must(uuid.NewV7()).String(), "name": nameKey(email), "origin": origin, "at": at})
	return err
}
