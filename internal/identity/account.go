package identity

import (
	"context"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/trail"
)

const (
	takenEmail  = "Dit e-mailadres hoort al bij een ander account. Kies een ander adres, of zoek het account op."
	takenPerson = "Deze persoon heeft al een account. Zoek het op in de lijst."
)

// CreateAccount gives a person his account. It gives rights only when two stand for its address (access.go). A person or an
// address that has one already is a fault of the field.
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
		known, err := spokenFor(ctx, tx, actor, d.PersonID, d.Email)
		if err != nil {
			return err
		}
		known = known || actor.Duty != "" // a command and the sample speak for who runs the machine
		if made, err = insert(ctx, tx, actor, d, hashed, known); err != nil {
			return err
		}
		place, err := trail.PlaceOf(ctx, tx, actor, made.PersonID)
		if err != nil {
			return err
		}
		name := "account.create"
		if !known {
			name = "account.create_waiting"
		}
		act := trail.Act{Name: name, Thing: string(made.ID), About: made.PersonID, Bodies: place.Bodies, OrgIDs: place.OrgIDs}
		if act.Change, err = insertChange(ctx, tx, actor, EmailChange{AccountID: made.ID, Email: d.Email, Fresh: true}, known); err != nil {
			return err
		}
		return trail.Note(ctx, tx, actor, act)
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
		return noteAccount(ctx, tx, actor, "account.close", a, true)
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
		return noteAccount(ctx, tx, actor, "account.reopen", a, false)
	})
}

// noteAccount notes what was done to an account, for the griffiers of the bodies of its person.
func noteAccount(ctx context.Context, tx pgx.Tx, actor access.Actor, act string, a Account, quiet bool) error {
	place, err := trail.PlaceOf(ctx, tx, actor, a.PersonID)
	if err != nil {
		return err
	}
	return trail.Note(ctx, tx, actor, trail.Act{
		Name: act, Thing: string(a.ID), About: a.PersonID, Bodies: place.Bodies, OrgIDs: place.OrgIDs, Quiet: quiet,
	})
}

// MayMakeAdmin refuses when the installation has two administrators already. The command makes the first, and the second: one alone
// brings in nobody who is appointed (access.go), and only who runs the machine is above both. Call it in the transaction that makes
// one: another such transaction waits here for the first.
func MayMakeAdmin(ctx context.Context, tx pgx.Tx) error {
	if _, err := postgres.Exec(ctx, tx, `select pg_advisory_xact_lock(hashtextextended('regiogriffie.first_admin', 0))`, nil); err != nil {
		return err
	}
	// The real day: the command has no actor of another time.
	there, err := postgres.One[int](ctx, tx, `
		select count(distinct a.id)::int from role_grants g join accounts a on a.person_id = g.person_id
		where g.role = 'admin' and g.organisation_id is null and a.state = 'active' and a.vouched and (g.valid_to is null or g.valid_to > current_date)`, nil)
	if err != nil {
		return err
	}
	if there >= 2 {
		return fault.Because("Er zijn al twee beheerders. Laat die in Beheer nieuwe accounts maken, of een link voor een nieuw wachtwoord.")
	}
	return nil
}
