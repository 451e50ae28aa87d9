// Package invitationtest makes invitations for tests; a maker fills in what the test does not care about.
package invitationtest

import (
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal/proposaltest"
)

// Mayor is a person who holds that office at the place, with the rights that follow.
func Mayor(t testing.TB, db postgres.DB, p proposaltest.Place, name string) access.Actor {
	t.Helper()
	a := proposaltest.Actor(t, db, name, access.Grant{Role: access.PortfolioHolder, Organisation: p.ID})
	_, err := postgres.Exec(t.Context(), db, `insert into mandates (id, person_id, body_id, function, starts_on)
			values (@id, @person, @body, 'mayor', '2018-01-01')`,
		postgres.Args{"id": id.New[id.Mandate](), "person": a.Person, "body": p.Body})
	if err != nil {
		t.Fatalf("appointing %s: %v", name, err)
	}
	return a
}

// Draft is the beginning of an invitation by the places to an evening, thirty days on.
func Draft(places ...proposaltest.Place) invitation.Draft {
	start := proposaltest.At.AddDate(0, 0, 30).Truncate(time.Hour)
	end := start.Add(75 * time.Minute)
	d := invitation.Draft{Title: "Avond over samenwerken", Kind: meeting.InformationEvening, StartsAt: &start, EndsAt: &end, Location: "Gemeentehuis"}
	for _, p := range places {
		d.Orgs = append(d.Orgs, p.ID)
	}
	return d
}

// Text is a letter with one section, with the facts of i.
func Text(i invitation.Invitation) invitation.Text {
	return invitation.Text{
		Title: i.Title, Salutation: "Geachte leden,", Sections: []invitation.Section{{Heading: "Waarom", Text: "Kom luisteren."}},
		StartsAt: &i.StartsAt, EndsAt: &i.EndsAt, Location: i.Location, Version: i.Version,
	}
}

// Complete is an invitation of the places with a text, a programme, their bodies as guests and a signer each; whoever they are is
// told by name of the organisation.
func Complete(t testing.TB, db postgres.DB, by access.Actor, signers map[id.Organisation]access.Actor, places ...proposaltest.Place) invitation.Invitation {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("making an invitation: %v", err)
		}
	}
	i, err := invitation.Create(t.Context(), db, by, Draft(places...))
	must(err)
	must(invitation.Revise(t.Context(), db, by, i.ID, Text(i)))
	minutes := 30
	_, err = invitation.AddPart(t.Context(), db, by, i.ID, invitation.PartDraft{Title: "Opening", Kind: invitation.Opening, Minutes: &minutes})
	must(err)
	i = Again(t, db, by, i)
	g := invitation.Guests{Version: i.Version}
	for _, p := range places {
		g.Bodies = append(g.Bodies, p.Body)
		g.Signers = append(g.Signers, invitation.SignerDraft{Organisation: p.ID, Person: signers[p.ID].Person})
	}
	must(invitation.Address(t.Context(), db, by, i.ID, g))
	return Again(t, db, by, i)
}

// Again is the invitation as it is now.
func Again(t testing.TB, db postgres.DB, by access.Actor, i invitation.Invitation) invitation.Invitation {
	t.Helper()
	found, err := invitation.Find(t.Context(), db, by, i.Key)
	if err != nil {
		t.Fatalf("reading an invitation: %v", err)
	}
	return found
}

// Sign gives all signatures of the organisation that wait, under the text as it stands.
func Sign(t testing.TB, db postgres.DB, by access.Actor, i invitation.Invitation, org id.Organisation) {
	t.Helper()
	i = Again(t, db, by, i)
	for _, s := range i.SignersOf(org) {
		if err := invitation.Sign(t.Context(), db, by, i.ID, s.ID, i.Digest()); err != nil {
			t.Fatalf("signing for %s: %v", s.Name, err)
		}
	}
}
