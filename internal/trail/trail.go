// Package trail notes what is done to accounts, roles and mandates, so that whom it concerns is told and can read it back.
package trail

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/id"
	"regiogriffie/internal/job"
)

// Tell is the work of telling an act by mail.
const Tell = "account.tell"

// Act is what was done to the account, a role or a mandate of a person.
type Act struct {
	Name   string // subject and verb: "grant.create"
	Thing  string // the id it was done to
	About  id.Person
	Bodies []id.Body         // whose griffier hears of it
	OrgIDs []id.Organisation // whose griffiers hear of it where a body has none, and whose administrators read it
	Reason string
	Quiet  bool           // noted, and told to nobody
	Change id.EmailChange // whose old address hears of it as well
	// OwnerKnows: the owner gets a mail of his own.
	OwnerKnows bool
}

// Telling is what the queue keeps of an act that is to be told.
type Telling struct {
	Entry      id.Entry
	About      id.Person
	Bodies     []id.Body
	OrgIDs     []id.Organisation
	Change     id.EmailChange
	OwnerKnows bool
}

// Cause names the act: it is told once.
func (t Telling) Cause() string { return Tell + ":" + string(t.Entry) }

// Note writes the entry and asks to tell it, in the transaction of the act. What a command or the sample does is not told.
func Note(ctx context.Context, tx pgx.Tx, actor access.Actor, a Act) error {
	entry, err := audit.NoteAbout(ctx, tx, actor, a.Name, a.Thing, a.About, a.OrgIDs, a.Reason)
	if err != nil || a.Quiet || actor.Duty != "" {
		return err
	}
	return job.Enqueue(ctx, tx, Tell, Telling{entry, a.About, a.Bodies, a.OrgIDs, a.Change, a.OwnerKnows})
}

// Line is an act as a page or a mail tells it.
type Line struct {
	ID                       id.Entry
	At                       time.Time
	Act                      string
	Who                      string // who did it; empty when the program did
	WhoID                    id.Person
	Whom                     string // whose account, role or mandate
	Reason                   string
	Function                 string // of a mandate, as "councillor"
	Role                     access.Role
	Body                     string
	Organisation             string
	BodyKey, OrganisationKey string
	From, To                 *time.Time // of a mandate or role
}

// PageSize is how many lines stand on a page.
const PageSize = 50

// Filter narrows the trail. Empty fields do not filter.
type Filter struct {
	About        id.Account
	Organisation id.Organisation
	Page         int // from 1
}
