// Package id has a type for the id of each thing, so that a meeting is never looked up by the id of a proposal.
package id

import (
	"crypto/rand"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// of is the text of a UUID that names a thing of kind K. The empty text names nothing and is null in the database.
type of[K any] string

type (
	organisation  struct{}
	body          struct{}
	person        struct{}
	mandate       struct{}
	grant         struct{}
	collaboration struct{}
	participation struct{}
	account       struct{}
	proposal      struct{}
	meeting       struct{}
	section       struct{}
	item          struct{}
	attachment    struct{}
	entry         struct{}
	mailing       struct{}
	message       struct{}
	invitation    struct{}
	signer        struct{}
	remark        struct{}
	part          struct{}
	session       struct{}
	saveTheDate   struct{}
	decision      struct{}
	step          struct{}
	question      struct{}
	advice        struct{}
	recess        struct{}
	procedure     struct{}
	subject       struct{}
	view          struct{}
	request       struct{}
	emailChange   struct{}
	link          struct{}
	glass         struct{}
)

// The ids of the things the house knows.
type (
	Organisation  = of[organisation]
	Body          = of[body]
	Person        = of[person]
	Mandate       = of[mandate]
	Grant         = of[grant]
	Collaboration = of[collaboration]
	Participation = of[participation]
	Account       = of[account]
	Proposal      = of[proposal]
	Meeting       = of[meeting]
	Section       = of[section]
	Item          = of[item]
	Attachment    = of[attachment]
	Entry         = of[entry]
	Mailing       = of[mailing]
	Message       = of[message]
	Invitation    = of[invitation]
	Signer        = of[signer]
	Remark        = of[remark]
	Part          = of[part] // of a programme
	Session       = of[session]
	SaveTheDate   = of[saveTheDate]
	Decision      = of[decision]
	Step          = of[step]
	Question      = of[question]
	Advice        = of[advice]
	Recess        = of[recess]
	Procedure     = of[procedure]
	Subject       = of[subject]
	View          = of[view]
	Request       = of[request]     // to hold a meeting together
	EmailChange   = of[emailChange] // of an account
	Link          = of[link]        // to choose a password
	Glass         = of[glass]       // broken by an administrator
)

// New makes an id: a UUIDv7, so that ids sort by the moment they were made.
func New[T ~string]() T {
	return T(uuid.Must(uuid.NewV7()).String())
}

// UUIDValue writes the id to the database; one that names nothing or is no UUID becomes null, which matches no row.
func (x of[K]) UUIDValue() (pgtype.UUID, error) {
	u, err := uuid.Parse(string(x))
	if err != nil {
		return pgtype.UUID{}, nil
	}
	return pgtype.UUID{Bytes: u, Valid: true}, nil
}

// ScanUUID reads the id from the database; null becomes the empty text.
func (x *of[K]) ScanUUID(v pgtype.UUID) error {
	if !v.Valid {
		*x = ""
		return nil
	}
	*x = of[K](uuid.UUID(v.Bytes).String())
	return nil
}

const keyLetters = "abcdefghijkmnpqrstuvwxyz23456789" // 32 signs, none that look alike

// NewKey makes the short random key under which a thing that can become closed has its address: 60 bits, so that
// counting up or guessing finds nothing. It says nothing of the thing.
func NewKey() string {
	raw := make([]byte, 12)
	if _, err := rand.Read(raw); err != nil {
		panic(fmt.Sprintf("no randomness: %v", err)) // crypto/rand does not fail on a working system
	}
	for i, b := range raw {
		raw[i] = keyLetters[b%32]
	}
	return string(raw)
}
