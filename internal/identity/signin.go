package identity

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// ErrWrong says that address and password do not belong together; which of the two is wrong stays unsaid.
var ErrWrong = errors.New("wrong address or password")

// Try is someone at the door.
type Try struct {
	Email    string
	Password string
	Origin   string // see Origin
	At       time.Time
}

// SignIn lets in who knows the password of an account: a Visit with the rights of this moment. Otherwise ErrWrong, TooMany
// or ErrBusy. An unknown address costs what a known one does.
func SignIn(ctx context.Context, db postgres.DB, t Try) (Visit, error) {
	t.Email = TidyEmail(t.Email)
	account, try, err := match(ctx, db, t)
	if err != nil {
		return Visit{}, err
	}
	var v Visit
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if v, err = enter(ctx, tx, account, try, t.At); err != nil {
			return err
		}
		if err := sweep(ctx, tx, t.At); err != nil {
			return err
		}
		return noteOwn(ctx, tx, v.Actor, "account.sign_in")
	})
	return v, err
}

// noteOwn notes what someone did with his own account.
func noteOwn(ctx context.Context, db postgres.DB, actor access.Actor, act string) error {
	_, err := audit.NoteAbout(ctx, db, actor, act, string(actor.Account), actor.Person, nil, "")
	return err
}

// match counts the try and compares the password.
func match(ctx context.Context, db postgres.DB, t Try) (credentials, string, error) {
	account, try, err := admit(ctx, db, t.Email, t.Origin, t.At)
	if err != nil {
		return account, "", err
	}
	password := t.Password
	if len(password) > 4*maxPassword {
		password = "" // never right, and not worth hashing
	}
	right, err := verify(ctx, turnOf(t.Origin, t.Email), account.PasswordHash, password)
	if errors.Is(err, ErrBusy) {
		// Nothing was compared, so it does not count. Who went away in the meantime must not be charged either.
		return account, "", errors.Join(err, forgetTry(context.WithoutCancel(ctx), db, try))
	}
	if err != nil {
		return account, "", err
	}
	if !right {
		return account, "", ErrWrong
	}
	return account, try, nil
}

func enter(ctx context.Context, tx pgx.Tx, account credentials, try string, at time.Time) (Visit, error) {
	if err := noteSuccess(ctx, tx, try); err != nil {
		return Visit{}, err
	}
	actor, err := ActorOf(ctx, tx, account.ID, at)
	if errors.Is(err, fault.NotFound) {
		return Visit{}, ErrWrong // closed while the password was compared
	}
	return Visit{Actor: actor, proof: account.PasswordHash}, err
}

// Confirm lets who is signed in give his password again, before an act with legal effect. It counts as signing in.
func Confirm(ctx context.Context, db postgres.DB, actor access.Actor, password, origin string) (Visit, error) {
	var v Visit
	account, try, err := matchOwn(ctx, db, actor, password, origin)
	if err != nil {
		return v, err
	}
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if v, err = enter(ctx, tx, account, try, actor.At); err != nil {
			return err
		}
		return noteOwn(ctx, tx, actor, "account.confirm")
	})
	return v, err
}

func matchOwn(ctx context.Context, db postgres.DB, actor access.Actor, password, origin string) (credentials, string, error) {
	own, err := Find(ctx, db, actor, actor.Account)
	if err != nil {
		return credentials{}, "", err
	}
	account, try, err := match(ctx, db, Try{Email: own.Email, Password: password, Origin: origin, At: actor.At})
	if err == nil && account.ID != actor.Account {
		err = ErrWrong // the address went to another account in between
	}
	return account, try, err
}

// SignOut notes that the actor left and ends the session of this context, when there is one.
func SignOut(ctx context.Context, db postgres.DB, actor access.Actor) error {
	if !actor.SignedIn() {
		return nil
	}
	v := VisitOf(ctx)
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if v.session != "" {
			if err := (Sessions{DB: tx}).DeleteCtx(ctx, v.session); err != nil {
				return err
			}
		}
		return noteOwn(ctx, tx, actor, "account.sign_out")
	})
}

// SetPassword changes the actor's own password and ends all his sessions; the returned Visit begins a new one. A wrong old
// password is a fault of the field "old_password", and counts as a failed attempt.
func SetPassword(ctx context.Context, db postgres.DB, actor access.Actor, old, password, origin string) (Visit, error) {
	var v Visit
	own, err := Find(ctx, db, actor, actor.Account)
	if err != nil {
		return v, err
	}
	faults := fault.Fields{}
	faults.Must(old != "", "old_password", "Vul het wachtwoord in dat u nu gebruikt.")
	checkPassword(faults, password, own.Email)
	faults.Must(old == "" || old != password, "password", "Dit is uw oude wachtwoord. Kies een ander.")
	if err := faults.Err(); err != nil {
		return v, err
	}
	account, try, err := matchOwn(ctx, db, actor, old, origin)
	if errors.Is(err, ErrWrong) {
		return v, fault.Fields{"old_password": "Dit is niet uw wachtwoord. Controleer het en vul het opnieuw in."}
	}
	if err != nil {
		return v, err
	}
	hashed, err := hash(ctx, turnOf(origin, own.Email), password)
	if err != nil {
		return v, err
	}
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if err := setPassword(ctx, tx, account.ID, &account.PasswordHash, hashed, actor.At); err != nil {
			return err
		}
		if v, err = enter(ctx, tx, account, try, actor.At); err != nil {
			return err
		}
		v.proof = hashed
		return noteOwn(ctx, tx, actor, "account.set_password")
	})
	return v, err
}

// setPassword stores a password and ends all sessions. With before it does so only when that still stands.
func setPassword(ctx context.Context, tx pgx.Tx, account id.Account, before *string, hashed string, at time.Time) error {
	n, err := postgres.Exec(ctx, tx, `
		update accounts set password_hash = @hash, updated_at = @at
		where id = @id and state = 'active' and (@before::text is null or password_hash = @before)`,
		postgres.Args{"id": account, "before": before, "hash": hashed, "at": at})
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict
	}
	return endSessions(ctx, tx, account)
}
