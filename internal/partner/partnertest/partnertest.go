// Package partnertest makes partners for tests: a maker fills in what the test does not care about.
package partnertest

import (
	"sync/atomic"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
)

// Then is the moment at which the makers act.
var Then = time.Date(2018, time.June, 1, 10, 0, 0, 0, time.UTC)

// Seeder may make everything here.
var Seeder = access.Actor{At: Then, Duty: partner.SeedDuty}

var count atomic.Int64

// unique keeps keys and names of parallel tests in one database apart.
func unique() string { return id.NewKey()[:6] }

// Organisation makes a municipality with this name.
func Organisation(t testing.TB, db postgres.DB, name string) partner.Organisation {
	t.Helper()
	o, err := partner.CreateOrganisation(t.Context(), db, Seeder, partner.OrganisationDraft{
		Key: partner.Slug(name) + "-" + unique(), Kind: partner.Municipality, OfficialName: "Gemeente " + name, ShortName: name,
	})
	if err != nil {
		t.Fatalf("making organisation %s: %v", name, err)
	}
	return o
}

// Body makes a body of this kind; one that needs a collaboration is made with Revise afterwards, or by collaborationtest.
func Body(t testing.TB, db postgres.DB, org partner.Organisation, kind partner.BodyKind) partner.Body {
	t.Helper()
	b, err := partner.CreateBody(t.Context(), db, Seeder, partner.BodyDraft{
		OrganisationID: org.ID, Kind: kind, Name: kind.Label() + " " + org.Name() + " " + unique(),
	})
	if err != nil {
		t.Fatalf("making a %s of %s: %v", kind, org.Name(), err)
	}
	return b
}

// Person makes a person with this family name.
func Person(t testing.TB, db postgres.DB, family string) partner.Person {
	t.Helper()
	p, err := partner.CreatePerson(t.Context(), db, Seeder, partner.PersonDraft{Initials: string(rune('A'+count.Add(1)%26)) + ".", Family: family})
	if err != nil {
		t.Fatalf("making person %s: %v", family, err)
	}
	return p
}

// Mandate appoints someone from 1 January 2018.
func Mandate(t testing.TB, db postgres.DB, p partner.Person, b partner.Body, f partner.Function) partner.Mandate {
	t.Helper()
	m, err := partner.CreateMandate(t.Context(), db, Seeder, partner.MandateDraft{
		PersonID: p.ID, BodyID: b.ID, Function: f, StartsOn: time.Date(2018, time.January, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatalf("appointing %s: %v", p.DisplayName, err)
	}
	return m
}

// Role gives someone a role at an organisation from 1 January 2018.
func Role(t testing.TB, db postgres.DB, p partner.Person, r access.Role, org id.Organisation) id.Grant {
	t.Helper()
	g, err := partner.GrantRole(t.Context(), db, Seeder, partner.RoleDraft{
		PersonID: p.ID, Role: r, OrganisationID: org, ValidFrom: time.Date(2018, time.January, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatalf("granting %s: %v", r, err)
	}
	return g
}
