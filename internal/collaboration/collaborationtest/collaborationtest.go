// Package collaborationtest makes collaborations for tests: a maker fills in what the test does not care about.
package collaborationtest

import (
	"testing"

	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres"
)

// Collaboration makes one of this form, carried by the organisation, with these participants.
func Collaboration(t testing.TB, db postgres.DB, form collaboration.Form, carrier partner.Organisation,
	participants ...partner.Organisation,
) collaboration.Collaboration {
	t.Helper()
	name := form.Label() + " " + id.NewKey()
	c, err := collaboration.Create(t.Context(), db, partnertest.Seeder, collaboration.Draft{
		Facts: collaboration.Facts{Name: name, ShortName: name, Form: form, OrganisationID: carrier.ID},
	})
	if err != nil {
		t.Fatalf("making a %s: %v", form, err)
	}
	for _, p := range participants {
		Participant(t, db, c, p)
	}
	return c
}

// Participant lets the college of an organisation take part.
func Participant(t testing.TB, db postgres.DB, c collaboration.Collaboration, o partner.Organisation) id.Participation {
	t.Helper()
	made, err := collaboration.Join(t.Context(), db, partnertest.Seeder, collaboration.ParticipationDraft{
		CollaborationID: c.ID, OrganisationID: o.ID, Organs: []string{"college"},
	})
	if err != nil {
		t.Fatalf("letting %s take part: %v", o.Name(), err)
	}
	return made
}

// Body makes a board of the collaboration, at the organisation that carries it.
func Body(t testing.TB, db postgres.DB, c collaboration.Collaboration, kind partner.BodyKind) partner.Body {
	t.Helper()
	b, err := partner.CreateBody(t.Context(), db, partnertest.Seeder, partner.BodyDraft{
		OrganisationID: c.OrganisationID, CollaborationID: c.ID, Kind: kind, Name: kind.Label() + " " + c.Title(),
	})
	if err != nil {
		t.Fatalf("making a %s: %v", kind, err)
	}
	return b
}
