package access

import (
	"slices"
	"strings"
	"sync"

	"regiogriffie/internal/id"
)

// Visibility is how far a thing is open, apart from confidentiality.
type Visibility string

// From narrow to wide.
const (
	Draft        Visibility = "draft"        // its writers, and who prepares papers in its organisations
	Org          Visibility = "org"          // everyone who works or sits in its organisations
	Participants Visibility = "participants" // and in those it was sent to
	Public       Visibility = "public"
)

// Audience says who may see a thing. Every table that can carry confidentiality has these columns; a thing below
// another (item below meeting, attachment below proposal) gets its audience from above, and only tighter.
type Audience struct {
	Visibility        Visibility
	OrgIDs            []id.Organisation // it belongs to these
	ParticipantOrgIDs []id.Organisation // it was sent to these
	WriterIDs         []id.Person       // they write it, as long as they work for one of OrgIDs
	AudienceBodies    []id.Body         // nil: not closed; else only these bodies read it
}

// Closed tells whether only named bodies read the thing.
func (a Audience) Closed() bool { return a.AudienceBodies != nil }

// Seen is the condition, on the row called alias, under which the actor in the arguments may see it. It is the first wall;
// row security holds the same comparison as the second (migrations, policy "seen").
func Seen(alias string) string {
	if known, ok := seenBy.Load(alias); ok {
		return known.(string)
	}
	condition := strings.ReplaceAll(seen, "x.", alias+".")
	seenBy.Store(alias, condition)
	return condition
}

// seenBy keeps the condition for each alias that the queries use: a page asks for it dozens of times.
var seenBy sync.Map

const seen = `(case
	when x.audience_bodies is null then case x.visibility
		when 'public' then true
		when 'participants' then x.org_ids && @actor_organisations or x.participant_org_ids && @actor_organisations
		when 'org' then x.org_ids && @actor_organisations
		else x.org_ids && @actor_clerk_organisations end
	when x.visibility = 'draft' then x.audience_bodies && @actor_clerk_bodies
	else x.audience_bodies && @actor_bodies end
	or (x.writer_ids && @actor_persons and x.org_ids && @actor_organisations))`

// SeenBy is Seen in Go, for an audience that is about to be written: nobody may lock himself out unawares, and the second wall
// would refuse the row.
func (a Audience) SeenBy(who Actor) bool {
	if meet(a.WriterIDs, who.Persons()) && meet(a.OrgIDs, who.Organisations()) {
		return true
	}
	if a.Closed() {
		if a.Visibility == Draft {
			return meet(a.AudienceBodies, who.ClerkBodies())
		}
		return meet(a.AudienceBodies, who.Bodies())
	}
	switch a.Visibility {
	case Public:
		return true
	case Participants:
		return meet(a.OrgIDs, who.Organisations()) || meet(a.ParticipantOrgIDs, who.Organisations())
	case Org:
		return meet(a.OrgIDs, who.Organisations())
	}
	return meet(a.OrgIDs, who.ClerkOrganisations())
}

func meet[T comparable](a, b []T) bool {
	return slices.ContainsFunc(a, func(t T) bool { return slices.Contains(b, t) })
}
