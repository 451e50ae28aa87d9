// Package mailing keeps the mails that acts cause, sends them, and tells how far they are.
package mailing

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/postgres"
)

// State of a message.
type State string

// The states. Failed is for good: trying again does not help. Refused was not sent, because its reader wants no mail of its
// topic. Kept was never sent, because there is no mail server.
const (
	Waiting  State = "wacht"
	Sent     State = "verzonden"
	Deferred State = "uitgesteld"
	Failed   State = "mislukt"
	Refused  State = "afgemeld"
	Kept     State = "bewaard"
)

// States in the order of the filter.
var States = []State{Waiting, Sent, Deferred, Failed, Refused, Kept}

// Duty is that of who writes mailings and sends their mails. It reaches the tables of mail alone.
const Duty access.Duty = "mail"

// postman acts under it.
var postman = access.Actor{Duty: Duty}

// keeping is how long mails are kept.
const keeping = 90 * 24 * time.Hour

// PerPage is how many messages a page of the outbox lists.
const PerPage = 50

// Act is what a mailing tells. Cause names the act, so that telling it twice is telling it once; Title is public.
type Act struct {
	Cause   string
	Title   string
	Object  string // the id of the thing
	OrgIDs  []id.Organisation
	Kept    bool   // never to be sent, only kept: of a thing that is made up
	Topic   Topic  // what its readers may stop; empty for what they must get
	StopURL string // with a topic: the address to stop it at, with OwnCode in it; OwnCode stands in the texts too
	Private bool   // about an account: its texts are for its reader alone, and nobody holds it back
	Opens   string // of a private one: the id of what a code in it opens; OwnCode stands in the texts
}

// Recipient is a person to write to, and what is written. An empty address makes a message that has failed, so that the
// sender sees whom he did not reach.
type Recipient struct {
	Person  id.Person
	Message mail.Message
}

// noAddress is what the sender reads of a person without one.
const noAddress = "Van deze persoon is geen werkadres bekend. Laat de beheerder het invullen bij Personen, en stuur het bericht zelf."

// Create writes a mailing with its messages; they leave after the commit. host is the domain in the Message-IDs. An act that
// was told already is not told again.
func Create(ctx context.Context, tx pgx.Tx, act Act, host string, to []Recipient) error {
	if (act.Topic == "") != (act.StopURL == "") || act.Topic != "" && !strings.Contains(act.StopURL, OwnCode) {
		return errNoStop
	}
	if act.Opens != "" && (!act.Private || act.Topic != "") {
		return errOpens
	}
	made, err := insertMailing(ctx, tx, act)
	if err != nil || made == "" {
		return err
	}
	return insertMessages(ctx, tx, made, act.OrgIDs, host, to)
}

// CanKeep reports whether the actor may read the outbox: the administrator of the installation.
func CanKeep(a access.Actor) bool { return a.IsAdmin("") }

// CanHold reports whether the actor may pause the mailing and let it go on: the administrator of the installation, and the
// griffier or secretaris of an organisation that sent it. Nobody holds back what tells people of their own account: it may be
// about what he who holds it did.
func CanHold(a access.Actor, m Mailing) bool {
	return !m.Private && (CanKeep(a) || slices.ContainsFunc(m.OrgIDs, func(o id.Organisation) bool { return a.Is(access.Clerk, o) || a.Is(access.Secretary, o) }))
}

// Mailing is a mailing with how far it is.
type Mailing struct {
	ID        id.Mailing
	Title     string
	ObjectID  string
	OrgIDs    []id.Organisation
	Private   bool
	PausedAt  *time.Time
	CreatedAt time.Time
	Total     int
	Sent      int
	Open      int // waiting or deferred
	Deferred  int
	Failed    int
	Refused   int
	Kept      int
}

// Unreached is how many it has not reached, or not at the first attempt. Those whose turn has not come do not count.
func (m Mailing) Unreached() int { return m.Failed + m.Refused + m.Kept + m.Deferred }

// Message is a mail in the outbox.
type Message struct {
	ID        id.Message
	MailingID id.Mailing
	Name      string
	Address   string
	Subject   string
	State     State
	Attempts  int
	DueAt     time.Time
	SentAt    *time.Time
	LastError string
	CreatedAt time.Time
}

// Whole is a message with its texts; of a private one they are empty.
type Whole struct {
	Message
	Private   bool
	MessageID string
	Text      string
	HTML      string
	Calendar  string
}

// Filter of the outbox. Empty fields do not filter.
type Filter struct {
	State   State
	Mailing id.Mailing
	Search  string // part of a name, an address or a subject
	Page    int
}

// Unreached is someone whom a mailing has not reached, and why.
type Unreached struct {
	Name      string
	State     State
	LastError string
}

// FewUnreached is how many of them are listed.
const FewUnreached = 50

// Pause holds a mailing: what has not left waits. Pausing twice is pausing once.
func Pause(ctx context.Context, db postgres.DB, actor access.Actor, m id.Mailing) error {
	return hold(ctx, db, actor, m, "mailing.pause", &actor.At)
}

// Resume lets a mailing go on.
func Resume(ctx context.Context, db postgres.DB, actor access.Actor, m id.Mailing) error {
	return hold(ctx, db, actor, m, "mailing.resume", nil)
}

func hold(ctx context.Context, db postgres.DB, actor access.Actor, of id.Mailing, act string, at *time.Time) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		m, err := find(ctx, tx, actor, of)
		if err != nil {
			return err
		}
		if m.Private {
			return fault.Because("Een e-mail over een account kan niet worden onderbroken.")
		}
		if !CanHold(actor, m) {
			return fault.Forbidden
		}
		changed, err := setPaused(ctx, tx, actor, of, at)
		if err != nil || !changed {
			return err
		}
		return audit.Note(ctx, tx, actor, act, m.ObjectID, m.OrgIDs, "")
	})
}
