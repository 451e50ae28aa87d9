package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/job"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/trail"
)

// LinkLifetime is how long a link to choose a password may wait.
const LinkLifetime = 24 * time.Hour

const tokenBytes = 32

// TellLink is the work of mailing a link for a password to the owner of the account.
const TellLink = "account.link"

// LinkTelling is what the queue keeps of it.
type LinkTelling struct{ Link id.Link }

// MakePasswordLink lets the owner of an account choose a password, once: a link goes by mail to the address of the account. Its
// token is made while the mail leaves and is kept nowhere. Links made before stop working.
func MakePasswordLink(ctx context.Context, db postgres.DB, actor access.Actor, account id.Account) error {
	_, err := makeLink(ctx, db, actor, account, false)
	return err
}

// ShowPasswordLink is MakePasswordLink where no mail leaves: it gives the token to who makes the link, now and never again. That
// is noted at the link, and the owner reads it when he comes in (Shown), until he says that he has.
func ShowPasswordLink(ctx context.Context, db postgres.DB, actor access.Actor, account id.Account) (string, error) {
	return makeLink(ctx, db, actor, account, true)
}

func makeLink(ctx context.Context, db postgres.DB, actor access.Actor, account id.Account, shown bool) (string, error) {
	token := newToken() // of a link that is mailed nobody ever sees it: the mail brings its own
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		a, err := manage(ctx, tx, actor, account)
		if err != nil {
			return err
		}
		if err := checkLink(actor, a); err != nil {
			return err
		}
		if err := endLinks(ctx, tx, account, actor.At); err != nil {
			return err
		}
		link := id.New[id.Link]()
		if err := insertLink(ctx, tx, actor, link, tokenKey(token), account, shown); err != nil {
			return err
		}
		if !shown && actor.Duty == "" {
			if err := job.Enqueue(ctx, tx, TellLink, LinkTelling{link}); err != nil {
				return err
			}
		}
		return noteLink(ctx, tx, actor, a, shown)
	})
	if err != nil || !shown {
		return "", err
	}
	return token, nil
}

// checkLink says why the actor makes no link for an account that they do manage.
func checkLink(actor access.Actor, a Account) error {
	if !CanSendLink(actor, a) {
		return fault.Because("Voor uw eigen account wijzigt u het wachtwoord bij Mijn account, met uw oude wachtwoord. Weet u dat niet meer? " +
			"Vraag een andere beheerder om een link.")
	}
	if a.State == Closed {
		return fault.Because("Dit account is gesloten. Open het eerst weer, en maak dan een link.")
	}
	return nil
}

func noteLink(ctx context.Context, tx pgx.Tx, actor access.Actor, a Account, shown bool) error {
	place, err := trail.PlaceOf(ctx, tx, actor, a.PersonID)
	if err != nil {
		return err
	}
	act := trail.Act{
		Name: "account.make_password_link", Thing: string(a.ID), About: a.PersonID, Bodies: place.Bodies, OrgIDs: place.OrgIDs, OwnerKnows: true,
	}
	if shown {
		act.Name = "account.show_password_link"
	}
	return trail.Note(ctx, tx, actor, act)
}

func newToken() string {
	raw := make([]byte, tokenBytes)
	_, _ = rand.Read(raw) // never fails: it ends the program where there is no randomness
	return base64.RawURLEncoding.EncodeToString(raw)
}

// Sent is a link as the mail to the owner tells it.
type Sent struct {
	ID        id.Link
	AccountID id.Account
	PersonID  id.Person
	Name      string // of the owner
	Email     string
	MadeBy    string // name
	MadeAt    time.Time
	ExpiresAt time.Time
}

// FindSent returns the link to be mailed, or fault.NotFound when it has been used, has expired or was replaced. For the worker.
func FindSent(ctx context.Context, db postgres.DB, link id.Link, at time.Time) (Sent, error) {
	return findSent(ctx, db, link, at)
}

// ShownLink is a link that somebody else saw on his screen.
type ShownLink struct {
	MadeBy string // name
	MadeAt time.Time
	UsedAt *time.Time
}

// Notice notes that the owner has read which links were shown. Twice is once.
func Notice(ctx context.Context, db postgres.DB, actor access.Actor) error {
	if !actor.SignedIn() {
		return fault.Forbidden
	}
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		n, err := noticeLinks(ctx, tx, actor)
		if err != nil || n == 0 {
			return err
		}
		return noteOwn(ctx, tx, actor, "account.notice_password_link")
	})
}

func tokenKey(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Link is a link to choose a password that still works.
type Link struct {
	AccountID id.Account
	PersonID  id.Person
	Name      string
	Email     string
}

// FindLink returns the link of a token that still works at the moment, and otherwise fault.NotFound. It uses nothing up.
func FindLink(ctx context.Context, db postgres.DB, token string, at time.Time) (Link, error) {
	return findLink(ctx, db, tokenKey(token), at)
}

// UsePasswordLink sets the password of the account of a link and ends its sessions. It works once: used, expired and unknown
// tokens are fault.NotFound. Waits after wrong passwords are over with it.
func UsePasswordLink(ctx context.Context, db postgres.DB, token, password, origin string, at time.Time) error {
	link, err := FindLink(ctx, db, token, at)
	if err != nil {
		return err
	}
	if err := CheckPassword(password, link.Email); err != nil {
		return err
	}
	hashed, err := hash(ctx, turnOf(origin, link.Email), password)
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if err := useLink(ctx, tx, tokenKey(token), at); err != nil {
			return err
		}
		err := setPassword(ctx, tx, link.AccountID, nil, hashed, at)
		if errors.Is(err, fault.Conflict) {
			return fault.NotFound // closed in between
		}
		if err != nil {
			return err
		}
		if err := insertSuccess(ctx, tx, link.Email, origin, at); err != nil {
			return err
		}
		owner := access.Actor{Account: link.AccountID, Person: link.PersonID, Name: link.Name, At: at}
		return noteOwn(ctx, tx, owner, "account.use_password_link")
	})
}
