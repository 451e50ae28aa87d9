package identity

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/trail"
)

// EmailChange is an address that one administrator set and that waits for a second.
type EmailChange struct {
	ID        id.EmailChange
	AccountID id.Account
	PersonID  id.Person
	Name      string // of the person
	Before    string // the address that counted; empty for a new account
	Fresh     bool   // the address is there to sign in with already, and gives no rights: nobody came in by another that did
	Email     string
	AskedBy   id.Account
	AskedName string
	AskedAt   time.Time
	Bodies    []id.Body         // in which the person has a function or role, the bodies above those too
	OrgIDs    []id.Organisation // of those
	Work      string            // his work address, for comparison
}

// ChangeEmail gives an account another address to sign in with. Of an account that gives rights it counts only when a second
// stands for it; waits tells so. Version is the one that was read; an older one is fault.Conflict.
func ChangeEmail(ctx context.Context, db postgres.DB, actor access.Actor, account id.Account, email string, version int) (waits bool, err error) {
	email = TidyEmail(email)
	err = asField(pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		a, err := manage(ctx, tx, actor, account)
		if err != nil {
			return err
		}
		faults := fault.Fields{}
		checkEmail(faults, email)
		if err := faults.Err(); err != nil {
			return err
		}
		if a.Email == email && a.Vouched {
			return nil
		}
		if a.Version != version {
			return fault.Conflict
		}
		waits, err = setEmail(ctx, tx, actor, a, email)
		return err
	}))
	return waits, err
}

// setEmail writes the address at once where the account gives no rights, or none yet, or where someone else spoke for the address.
// Otherwise the address waits for a second.
func setEmail(ctx context.Context, tx pgx.Tx, actor access.Actor, a Account, email string) (waits bool, err error) {
	place, err := trail.PlaceOf(ctx, tx, actor, a.PersonID)
	if err != nil {
		return false, err
	}
	known, err := spokenFor(ctx, tx, actor, a.PersonID, email)
	if err != nil {
		return false, err
	}
	known = known || actor.Duty != "" // a command and the sample speak for who runs the machine
	act := trail.Act{Name: "account.change_email", Thing: string(a.ID), About: a.PersonID, Bodies: place.Bodies, OrgIDs: place.OrgIDs}
	before := a.Email
	if waits = a.Vouched && place.Any && !known; waits {
		act.Name = "account.ask_email"
		err = freeEmail(ctx, tx, actor, email)
	} else {
		a.Email, a.Vouched = email, known
		err = endLinks(ctx, tx, a.ID, actor.At)
	}
	if err != nil {
		return waits, err
	}
	// A change that waits counts as one: who read the account before it is told so.
	if err := update(ctx, tx, actor, a); err != nil {
		return waits, err
	}
	change := EmailChange{AccountID: a.ID, Before: before, Email: email, Fresh: !waits}
	if act.Change, err = insertChange(ctx, tx, actor, change, known); err != nil {
		return waits, err
	}
	return waits, trail.Note(ctx, tx, actor, act)
}

// Vouch is the second who stands for an address: from now on it counts. Twice is once: the second time it is fault.NotFound.
func Vouch(ctx context.Context, db postgres.DB, actor access.Actor, change id.EmailChange) (EmailChange, error) {
	return settle(ctx, db, actor, change, "confirmed", CanVouch, "account.change_email", func(tx pgx.Tx, c EmailChange) error {
		a, err := postgres.One[Account](ctx, tx, `select `+columns+` from accounts a where a.id = @id for update`, postgres.Args{"id": c.AccountID}.As(actor))
		if err != nil {
			return err
		}
		a.Email, a.Vouched = c.Email, true
		if err := update(ctx, tx, actor, a); err != nil {
			return err
		}
		if c.Fresh {
			return nil
		}
		return endLinks(ctx, tx, c.AccountID, actor.At)
	})
}

// RefuseEmail keeps an address from counting.
func RefuseEmail(ctx context.Context, db postgres.DB, actor access.Actor, change id.EmailChange) (EmailChange, error) {
	return settle(ctx, db, actor, change, "refused", CanRefuse, "account.refuse_email", func(pgx.Tx, EmailChange) error { return nil })
}

func settle(ctx context.Context, db postgres.DB, actor access.Actor, change id.EmailChange, outcome string,
	may func(access.Actor, EmailChange) bool, act string, do func(pgx.Tx, EmailChange) error,
) (EmailChange, error) {
	var c EmailChange
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		var err error
		if c, err = lockChange(ctx, tx, actor, change); err != nil {
			return err
		}
		if !CanRefuse(actor, c) {
			return fault.NotFound
		}
		if !may(actor, c) {
			return fault.Because("U hebt dit adres zelf ingevuld. Een ander bevestigt het: een andere beheerder, of de griffier van een gremium van deze persoon.")
		}
		if actor.MustConfirm() {
			return fault.Unconfirmed
		}
		if err := settleChange(ctx, tx, actor, change, outcome); err != nil {
			return err
		}
		if err := do(tx, c); err != nil {
			return err
		}
		return trail.Note(ctx, tx, actor, trail.Act{
			Name: act, Thing: string(c.AccountID), About: c.PersonID, Bodies: c.Bodies, OrgIDs: c.OrgIDs, Change: c.ID,
		})
	})
	if postgres.Violates(err, "accounts_email_key") {
		err = fault.Because(takenEmail)
	}
	return c, err
}
