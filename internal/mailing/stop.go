package mailing

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Topic is a kind of mail that its reader may stop. The empty one is mail that he must get: a convocation, a request to sign.
type Topic string

// The topics.
const (
	Invitations Topic = "uitnodigingen"
	Reminders   Topic = "herinneringen"
	Follow      Topic = "volgen"
)

// Topics in the order in which people choose among them.
var Topics = []Topic{Invitations, Reminders, Follow}

// Label is the topic in a sentence: no more “uitnodigingen”.
func (t Topic) Label() string {
	if t == Follow {
		return "berichten over gevolgde onderwerpen"
	}
	return string(t)
}

// OwnCode stands in the texts of a mail, and in the address to stop it at, where each mail that leaves gets a code of its own.
const OwnCode = "uw-eigen-code"

// codeLifetime is how long the code in a mail works: longer than mails are kept, for who finds an old one in his mailbox.
const codeLifetime = 365 * 24 * time.Hour

// opensLifetime is how long the hash of a code that opens something is kept: longer than what it opens lasts.
const opensLifetime = 7 * 24 * time.Hour

// newCode makes a code, and the hash of it that is kept.
func newCode() (code, hash string) {
	code = rand.Text() // 130 bits
	return code, codeHash(code)
}

func codeHash(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}

// Stop is what the code in a mail can do: stop one topic at one address, and undo that. It says nothing of who holds it.
type Stop struct {
	Address  string
	Topic    Topic
	PersonID id.Person
	Refused  bool
}

// FindStop returns what the code can do, or fault.NotFound when it never could or no longer can. It changes nothing.
func FindStop(ctx context.Context, db postgres.DB, actor access.Actor, code string) (Stop, error) {
	return findStop(ctx, db, codeHash(code), actor.At)
}

// Unsubscribe stops the topic of the code at its address; what waits is not sent either. Doing it twice is doing it once.
func Unsubscribe(ctx context.Context, db postgres.DB, actor access.Actor, code string) (Stop, error) {
	return byCode(ctx, db, actor, code, true)
}

// Resubscribe undoes it.
func Resubscribe(ctx context.Context, db postgres.DB, actor access.Actor, code string) (Stop, error) {
	return byCode(ctx, db, actor, code, false)
}

func byCode(ctx context.Context, db postgres.DB, actor access.Actor, code string, refuse bool) (Stop, error) {
	var s Stop
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) (err error) {
		if s, err = FindStop(ctx, tx, actor, code); err != nil {
			return err
		}
		s.Refused = refuse
		return change(ctx, tx, actor, s)
	})
	return s, err
}

// Choose stops a topic at the actor's own work address, or lets it come again. Without such an address: fault.NotFound.
func Choose(ctx context.Context, db postgres.DB, actor access.Actor, topic Topic, refuse bool) error {
	if !actor.SignedIn() {
		return fault.Forbidden
	}
	if !slices.Contains(Topics, topic) {
		return fault.NotFound
	}
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		var own []Stop
		if err := postgres.Read(ctx, tx, Choices(&own, actor)); err != nil {
			return err
		}
		at := slices.IndexFunc(own, func(s Stop) bool { return s.Topic == topic })
		if at < 0 {
			return fault.NotFound
		}
		own[at].Refused = refuse
		return change(ctx, tx, actor, own[at])
	})
}

func change(ctx context.Context, tx pgx.Tx, actor access.Actor, s Stop) error {
	write, act := deleteRefusal, "mail.resubscribe"
	if s.Refused {
		write, act = insertRefusal, "mail.unsubscribe"
	}
	changed, err := write(ctx, tx, actor, s)
	if err != nil || !changed {
		return err
	}
	return audit.Note(ctx, tx, actor, act, string(s.PersonID), nil, string(s.Topic))
}

// errNoStop is a mailing of a topic whose mails would not say how to stop it, or the reverse.
var errNoStop = errors.New("a mailing of a topic needs an address to stop at, with OwnCode in it")

// errOpens is a mailing with a code that opens something, of which others would read the text or hold it back.
var errOpens = errors.New("a mailing that opens something is private, and has no topic")

// whyRefused is what the sender reads of someone who wants no such mail.
func whyRefused(t Topic) string {
	return fmt.Sprintf("Op dit adres wil men geen %s per e-mail. Er is niets verstuurd. Bel als u deze persoon toch wilt bereiken.", t.Label())
}
