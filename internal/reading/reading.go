// Package reading keeps who read what is closed, and lists it for the griffier of the bodies it was closed for.
package reading

import (
	"context"
	"slices"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Kind of a thing that can be closed.
type Kind string

// The kinds. The texts of a paper, its versions, advices and comments are the paper; the text and the files' titles of an item
// are the item. A Meeting is read by its agenda, when the whole meeting is closed.
const (
	Meeting  Kind = "meeting"
	Item     Kind = "item"
	Proposal Kind = "proposal"
	Decision Kind = "decision"
	File     Kind = "file"
)

// Surface is where a thing was shown.
type Surface string

// The surfaces. Title is a title alone, in a list or beside something else: it is closed as well, so it counts, apart.
const (
	Page   Surface = "pagina"
	Agenda Surface = "agenda"
	Title  Surface = "titel"
	Bytes  Surface = "bestand"
)

// Label is the surface as people know it.
func (s Surface) Label() string {
	switch s {
	case Agenda:
		return "De agenda"
	case Title:
		return "Alleen de titel, in een lijst"
	case Bytes:
		return "Het bestand"
	}
	return "De tekst op een pagina"
}

// Thing is something closed that an answer shows.
type Thing struct {
	Kind    Kind
	ID      string
	Key     string // instead of the id, of a paper
	Surface Surface
}

// Of is a thing shown on a surface.
func Of[T ~string](k Kind, thing T, on Surface) Thing {
	return Thing{Kind: k, ID: string(thing), Surface: on}
}

// Note notes that the actor reads these things, before the first byte leaves. What is open by now is passed over. When one of
// them is no longer his to see, or who asks is no person, it is fault.NotFound: then the answer must not leave.
func Note(ctx context.Context, db postgres.DB, actor access.Actor, things ...Thing) error {
	if len(things) == 0 {
		return nil
	}
	if actor.Person == "" {
		return fault.NotFound
	}
	q, found, asked := note(actor, things)
	if err := postgres.Read(ctx, db, q); err != nil {
		return err
	}
	if *found < asked {
		return fault.NotFound
	}
	return nil
}

func note(actor access.Actor, things []Thing) (q postgres.Query, found *int, asked int) {
	things = slices.Clone(things)
	slices.SortFunc(things, compare)
	things = slices.Compact(things)
	var kinds []Kind
	var surfaces []Surface
	ids, keys := []*string{}, []*string{}
	for _, t := range things {
		kinds, surfaces = append(kinds, t.Kind), append(surfaces, t.Surface)
		ids, keys = append(ids, orNull(t.ID)), append(keys, orNull(t.Key))
	}
	found = new(int)
	return postgres.OneInto(found, noting, postgres.Args{
		"kinds": kinds, "ids": ids, "keys": keys, "surfaces": surfaces, "person": actor.Person, "at": actor.At,
	}.As(actor)), found, len(things)
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Subject is a thing of which the list tells.
type Subject struct {
	ID     string
	Kind   Kind
	Name   string    // its title
	Bodies []id.Body // those it is closed for; of what is open by now, those it was closed for
}

// Reader is one who read a thing on a surface: from when to when, how often.
type Reader struct {
	ThingID  string
	PersonID id.Person
	Name     string
	Surface  Surface
	FirstAt  time.Time
	LastAt   time.Time
	Times    int
}

// CanAudit reports whether the actor may know who read what is closed for these bodies: the griffier of one of them. His staff and
// the administrator may not.
func CanAudit(a access.Actor, bodies []id.Body) bool {
	return slices.ContainsFunc(bodies, func(b id.Body) bool { return a.IsFor(access.Clerk, b) })
}

// Place says of what the list is: an item with its decisions and files, a paper with its files, or a closed meeting with its files.
type Place struct {
	Meeting  string // slug
	Item     string // key
	Proposal string // key
}

// Find gives the things of the place of which the actor may know who read them, the place itself first, with who did: one line per
// person, thing and surface, or with each one line per stretch of reading. When the place is not his, it is fault.NotFound.
func Find(ctx context.Context, db postgres.DB, actor access.Actor, at Place, each bool) ([]Subject, []Reader, error) {
	var subjects []Subject
	var readers []Reader
	if err := postgres.Read(ctx, db, subjectsInto(&subjects, actor, at), readersInto(&readers, actor, at, each)); err != nil {
		return nil, nil, err
	}
	if len(subjects) == 0 || !CanAudit(actor, subjects[0].Bodies) || subjects[0].Kind == File || subjects[0].Kind == Decision {
		return nil, nil, fault.NotFound
	}
	subjects = slices.DeleteFunc(subjects, func(s Subject) bool { return !CanAudit(actor, s.Bodies) })
	readers = slices.DeleteFunc(readers, func(r Reader) bool {
		return !slices.ContainsFunc(subjects, func(s Subject) bool { return s.ID == r.ThingID })
	})
	return subjects, readers, nil
}
