package partner

import (
	"context"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// GrantOf is fault.NotFound for a role, ended or not, that is not one of whose account this is.
func GrantOf(ctx context.Context, db postgres.DB, actor access.Actor, account id.Account, grant id.Grant) error {
	_, err := postgres.One[id.Grant](ctx, db, `
		select g.id from role_grants g join accounts a on a.person_id = g.person_id where g.id::text = @grant and a.id::text = @account`,
		postgres.Args{"grant": string(grant), "account": string(account)}.As(actor))
	return err
}
