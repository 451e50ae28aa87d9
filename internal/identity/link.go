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
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// LinkLifetime is how long a link to choose a password may wait.
const LinkLifetime = 24 * time.Hour

const tokenBytes = 32

// MakePasswordLink makes the token of a link by which the account's person chooses a password, once. It is shown now and
// never again; links made before stop working.
func MakePasswordLink(ctx context.Context, db postgres.DB, actor access.Actor, account id.Account) (string, error) {
	raw := make([]byte, tokenBytes)
	_, _ = rand.Read(raw) // never fails: it ends the program where there is no randomness
	token := base64.RawURLEncoding.EncodeToString(raw)
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		a, err := manage(ctx, tx, actor, account)
		if err != nil {
			return err
		}
		if a.State == Closed {
			return fault.Because("Dit account is gesloten. Open het eerst weer, en maak dan een link.")
		}
		if err := endLinks(ctx, tx, account, actor.At); err != nil {
			return err
		}
		if err := insertLink(ctx, tx, actor, tokenKey(token), account); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "account.make_password_link", string(account), nil, "")
	})
	if err != nil {
		return "", err
	}
	return token, nil
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
		return audit.Note(ctx, tx, owner, "account.use_password_link", string(link.AccountID), nil, "")
	})
}
