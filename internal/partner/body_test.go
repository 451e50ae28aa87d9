package partner_test

import (
	"testing"

	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres/pgtest"
)

func TestABodyHangsBelowAnotherOfItsOwnOrganisation(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, there := partnertest.Organisation(t, tx, "Lisse"), partnertest.Organisation(t, tx, "Teylingen")
	council, theirs := partnertest.Body(t, tx, here, partner.Council), partnertest.Body(t, tx, there, partner.Council)
	d := partner.BodyDraft{OrganisationID: here.ID, Kind: partner.CouncilCommittee, Name: "Commissie ruimte", ParentBodyID: theirs.ID}
	_, err := partner.CreateBody(t.Context(), tx, partnertest.Seeder, d)
	faultOf(t, err, "parent_body_id")
	d.ParentBodyID = council.ID
	made, err := partner.CreateBody(t.Context(), tx, partnertest.Seeder, d)
	if err != nil {
		t.Fatal(err)
	}
	for _, parent := range []partner.Body{theirs, made} {
		d := made.Draft()
		d.ParentBodyID = parent.ID
		_, err := partner.ReviseBody(t.Context(), tx, partnertest.Seeder, made.ID, made.Version, d)
		faultOf(t, err, "parent_body_id")
	}
}
