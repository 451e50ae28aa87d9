package identity

import (
	"context"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

const columns = `a.id, a.person_id, (select p.display_name from persons p where p.id = a.person_id) as name, a.email, a.state,
	a.password_hash <> '' as has_password, a.vouched, a.version, a.created_at, a.updated_at, a.updated_by`

const findSQL = `select ` + columns + ` from accounts a where a.id = @id and (@manages or a.id = @self)`

func findArgs(actor access.Actor, account id.Account) postgres.Args {
	return postgres.Args{"id": account, "manages": CanManage(actor), "self": actor.Account}.As(actor)
}

// Find returns the account to who manages accounts and to whom it belongs; others get fault.NotFound.
func Find(ctx context.Context, db postgres.DB, actor access.Actor, account id.Account) (Account, error) {
	return postgres.One[Account](ctx, db, findSQL, findArgs(actor, account))
}

// FindInto is Find for the batch of a page.
func FindInto(dst *Account, actor access.Actor, account id.Account) postgres.Query {
	return postgres.OneInto(dst, findSQL, findArgs(actor, account))
}

// Filter narrows the list of accounts.
type Filter struct {
	Name string // part of a name or e-mail address
	Page int    // from 1
}

// PageSize is how many accounts stand on a page of the list.
const PageSize = 50

// Listed is an account in the list, with what its person does.
type Listed struct {
	Account
	Functions []Function
}

// List returns a page of accounts by name, and whether there are more. Only who manages accounts sees any.
func List(ctx context.Context, db postgres.DB, actor access.Actor, f Filter) ([]Listed, bool, error) {
	if !CanManage(actor) {
		return nil, false, fault.NotFound
	}
	var list []Listed
	err := postgres.Read(ctx, db, postgres.PageInto(&list, `
		select `+columns+`, `+functionsOf("a.person_id")+` as functions
		from accounts a join persons p on p.id = a.person_id
		where true`+postgres.When(f.Name != "", `(strpos(lower(p.display_name), lower(@name)) > 0 or strpos(a.email, lower(@name)) > 0)`)+`
		order by p.family, p.display_name, a.id`,
		postgres.Args{"name": f.Name, "day": dutch.DateKey(actor.At)}.As(actor), f.Page, PageSize))
	if err != nil {
		return nil, false, err
	}
	if len(list) > PageSize {
		return list[:PageSize], true, nil
	}
	return list, false, nil
}

func insert(ctx context.Context, db postgres.DB, actor access.Actor, d Draft, hash string, vouched bool) (Account, error) {
	return postgres.One[Account](ctx, db, `
		insert into accounts as a (id, person_id, email, password_hash, vouched, created_at, updated_at, updated_by)
		values (@id, @person, @email, @hash, @vouched, @at, @at, @by)
		returning `+columns,
		postgres.Args{
			"id": id.New[id.Account](), "person": d.PersonID, "email": d.Email, "hash": hash, "vouched": vouched, "at": actor.At,
			"by": actor.Name,
		}.As(actor))
}

// update writes e-mail address, who stands for it, and state over the version that was read; no row means that someone was earlier.
func update(ctx context.Context, db postgres.DB, actor access.Actor, a Account) error {
	n, err := postgres.Exec(ctx, db, `
		update accounts set email = @email, vouched = @vouched, state = @state, updated_at = @at, updated_by = @by, version = version + 1
		where id = @id and version = @version`,
		postgres.Args{"id": a.ID, "email": a.Email, "vouched": a.Vouched, "state": a.State, "version": a.Version, "at": actor.At, "by": actor.Name}.As(actor))
	if err == nil && n == 0 {
		return fault.Conflict
	}
	return err
}

func endSessions(ctx context.Context, db postgres.DB, account id.Account) error {
	_, err := postgres.Exec(ctx, db, `delete from sessions where account_id = @account`, postgres.Args{"account": account})
	return err
}
