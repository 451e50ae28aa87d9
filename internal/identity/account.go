package identity

import (
	"context"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

const (
	takenEmail  = "Dit e-mailadres hoort al bij een ander account. Kies een ander adres, of zoek het account op."
	takenPerson = "Deze persoon heeft al een account. Zoek het op in de lijst."
)

// CreateAccount gives a person his account. A person or an address that has one already is a fault of the field.
func CreateAccount(ctx context.Context, db postgres.DB, actor access.Actor, d Draft) (Account, error) {
	d.Email = TidyEmail(d.Email)
	var made Account
	if !CanManage(actor) {
		return made, fault.Forbidden
	}
	if err := d.Check(); err != nil {
		return made, err
	}
	var hashed string
	if d.Password != "" {
		// Before the transaction: a hash takes long and would keep its connection waiting.
		var err error
		if hashed, err = hash(ctx, "account "+string(actor.Account), d.Password); err != nil {
			return made, err
		}
	}
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		var err error
		if made, err = insert(ctx, tx, actor, d, hashed); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "account.create", string(made.ID), nil, "")
	})
	return made, asField(err)
}

func asField(err error) error {
	switch {
	case postgres.Violates(err, "accounts_email_key"):
		return fault.Fields{"email": takenEmail}
	case postgres.Violates(err, "accounts_person_id_key"):
		return fault.Fields{"person": takenPerson}
	case postgres.Violates(err, "accounts_person_id_fkey"):
		return fault.Fields{"person": "Deze persoon bestaat niet. Kies iemand uit de lijst."}
	}
	return err
}

// ChangeEmail gives an account another address to sign in with. Version is the one that was read; an older one is
// fault.Conflict.
func ChangeEmail(ctx context.Context, db postgres.DB, actor access.Actor, account id.Account, email string, version int) error {
	email = TidyEmail(email)
	return asField(pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		a, err := manage(ctx, tx, actor, account)
		if err != nil {
			return err
		}
		faults := fault.Fields{}
		checkEmail(faults, email)
		if err := faults.Err(); err != nil {
			return err
		}
		if a.Email == email {
			return nil
		}
		a.Email, a.Version = email, version
		if err := update(ctx, tx, actor, a); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "account.change_email", string(account), nil, "")
	}))
}

func manage(ctx context.Context, db postgres.DB, actor access.Actor, account id.Account) (Account, error) {
	a, err := Find(ctx, db, actor, account)
	if err == nil && !CanManage(actor) {
		err = fault.Forbidden
	}
	return a, err
}

// CloseAccount ends the sessions and links of an account at once and lets nobody in by it. Closing twice is closing once.
func CloseAccount(ctx context.Context, db postgres.DB, actor access.Actor, account id.Account) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		a, err := manage(ctx, tx, actor, account)
		if err != nil {
			return err
		}
		if !CanClose(actor, a) {
			return fault.Because("U kunt uw eigen account niet sluiten. Vraag een andere beheerder om dat te doen.")
		}
		if a.State == Closed {
			return nil
		}
		a.State = Closed
		if err := update(ctx, tx, actor, a); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, account); err != nil {
			return err
		}
		if err := endLinks(ctx, tx, account, actor.At); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "account.close", string(account), nil, "")
	})
}

// ReopenAccount lets the person in again, with the password he had.
func ReopenAccount(ctx context.Context, db postgres.DB, actor access.Actor, account id.Account) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		a, err := manage(ctx, tx, actor, account)
		if err != nil || a.State == Active {
			return err
		}
		a.State = Active
		if err := update(ctx, tx, actor, a); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "account.reopen", string(account), nil, "")
	})
}

// NoAdminYet refuses when the installation has an administrator already. Call it in the transaction that makes one: a second
// such transaction waits here for the first.
func NoAdminYet(ctx context.Context, tx pgx.Tx) error {
	if _, err := postgres.Exec(ctx, tx, `select pg_advisory_xact_lock(hashtextextended('regiogriffie.first_admin', 0))`, nil); err != nil {
		return err
	}
	// The real day: the command has no actor of another time.
	there, err := postgres.One[bool](ctx, tx, `
		select exists (select from role_grants g join accounts a on a.person_id = g.person_id
			where g.role = 'admin' and g.organisation_id is null and a.state = 'active' and (g.valid_to is null or g.valid_to > current_date))`, nil)
	if err != nil {
		return err
	}
	if there {
		return fault.Because("Er is al een beheerder. Laat die in Beheer nieuwe accounts maken, of een link voor een nieuw wachtwoord.")
	}
	return nil
}
