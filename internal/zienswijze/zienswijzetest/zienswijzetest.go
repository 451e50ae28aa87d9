// Package zienswijzetest makes procedures for tests: a maker fills in what the test does not care about.
package zienswijzetest

import (
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/collaboration/collaborationtest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/zienswijze"
)

// At is the moment at which the actors of these tests ask: two days before the last day of dispatch for Board.
var At = time.Date(2026, time.April, 14, 9, 0, 0, 0, time.UTC)

// Board is the day on which the board of a region decides.
var Board = time.Date(2026, time.July, 9, 0, 0, 0, 0, time.UTC)

// Council is a municipality with its council and the people around it.
type Council struct {
	Org                          partner.Organisation
	Body                         partner.Body
	Clerk, Staff, Member, Author access.Actor
}

// Region is a collaboration with its board, the secretary and a member of that, and councils that take part.
type Region struct {
	Org               partner.Organisation
	Collaboration     collaboration.Collaboration
	Board             partner.Body
	Secretary, Member access.Actor
	Councils          []Council
}

// New makes a region with councils of these names.
func New(t testing.TB, db postgres.DB, names ...string) Region {
	t.Helper()
	r := Region{Org: partnertest.Organisation(t, db, "Regio")}
	for _, name := range names {
		c := Council{Org: partnertest.Organisation(t, db, name)}
		c.Body = partnertest.Body(t, db, c.Org, partner.Council)
		c.Clerk = Actor(t, db, "G. Griffier "+name, access.Clerk, c.Org.ID, c.Body.ID)
		c.Staff = Actor(t, db, "M. Medewerker "+name, access.ClerkStaff, c.Org.ID, c.Body.ID)
		c.Member = Actor(t, db, "R. Raadslid "+name, access.Member, c.Org.ID, c.Body.ID)
		c.Author = Actor(t, db, "S. Steller "+name, access.Author, c.Org.ID, "")
		r.Councils = append(r.Councils, c)
	}
	var orgs []partner.Organisation
	for _, c := range r.Councils {
		orgs = append(orgs, c.Org)
	}
	r.Collaboration = collaborationtest.Collaboration(t, db, collaboration.PublicBody, r.Org, orgs...)
	r.Board = collaborationtest.Body(t, db, r.Collaboration, partner.GeneralBoard)
	r.Secretary = Actor(t, db, "B. Bestuurssecretaris", access.Clerk, r.Org.ID, r.Board.ID)
	r.Member = Actor(t, db, "L. Lid", access.Member, r.Org.ID, r.Board.ID)
	return r
}

// Actor is a person with one role.
func Actor(t testing.TB, db postgres.DB, name string, role access.Role, org id.Organisation, body id.Body) access.Actor {
	t.Helper()
	p := partnertest.Person(t, db, name)
	return access.Actor{Person: p.ID, Name: name, At: At, Grants: []access.Grant{{Role: role, Organisation: org, Body: body}}}
}

// Draft is a draft on the budget of 2027 with two subjects.
func (r Region) Draft() zienswijze.Draft {
	year, ab := 2027, Board
	return zienswijze.Draft{
		CollaborationID: r.Collaboration.ID, Subjects: []string{"Bijdrage per inwoner", "Nieuw beleid"},
		Facts: zienswijze.Facts{Kind: zienswijze.Budget, Subject: "Ontwerpbegroting 2027", Year: &year, ABOn: &ab},
	}
}

// Opened is a procedure in preparation; change fills in what the test cares about.
func (r Region) Opened(t testing.TB, db postgres.DB, change ...func(*zienswijze.Draft)) zienswijze.Procedure {
	t.Helper()
	d := r.Draft()
	for _, c := range change {
		c(&d)
	}
	p, err := zienswijze.Open(t.Context(), db, r.Secretary, d)
	if err != nil {
		t.Fatalf("opening a procedure: %v", err)
	}
	return p
}

// Sent is a procedure that was sent today.
func (r Region) Sent(t testing.TB, db postgres.DB, change ...func(*zienswijze.Draft)) zienswijze.Procedure {
	t.Helper()
	p := r.Opened(t, db, change...)
	p, err := zienswijze.Send(t.Context(), db, r.Secretary, p.ID, zienswijze.Dispatch{SentOn: &r.Secretary.At, Version: p.Version})
	if err != nil {
		t.Fatalf("sending a procedure: %v", err)
	}
	return p
}

// View reads the view of a council as an actor.
func View(t testing.TB, db postgres.DB, a access.Actor, p zienswijze.Procedure, c Council) zienswijze.View {
	t.Helper()
	var v zienswijze.View
	if err := postgres.Read(t.Context(), db, zienswijze.ViewInto(&v, a, p.Key, c.Org.Key)); err != nil {
		t.Fatalf("reading the view of %s: %v", c.Org.Name(), err)
	}
	return v
}

// Written lets the griffier of a council write its view, agreeing with the first subject.
func Written(t testing.TB, db postgres.DB, p zienswijze.Procedure, c Council, shared bool) zienswijze.View {
	t.Helper()
	v := View(t, db, c.Clerk, p, c)
	var subjects []zienswijze.Subject
	if err := postgres.Read(t.Context(), db, zienswijze.SubjectsInto(&subjects, c.Clerk, p.Key)); err != nil {
		t.Fatal(err)
	}
	d := zienswijze.TextDraft{Text: "De raad van " + c.Org.Name() + " vindt dit.", Shared: shared}
	if len(subjects) > 0 {
		d.Opinions = []zienswijze.Opinion{{SubjectID: subjects[0].ID, Number: 1, Stance: zienswijze.Provided, Passage: "mits het betaalbaar blijft"}}
	}
	if err := zienswijze.Write(t.Context(), db, c.Clerk, v.ID, d); err != nil {
		t.Fatalf("writing the view of %s: %v", c.Org.Name(), err)
	}
	return v
}

// Delivered lets the council adopt and send its view.
func Delivered(t testing.TB, db postgres.DB, p zienswijze.Procedure, c Council) zienswijze.View {
	t.Helper()
	v := Written(t, db, p, c, false)
	if err := zienswijze.Adopt(t.Context(), db, c.Clerk, v.ID, &c.Clerk.At); err != nil {
		t.Fatalf("adopting: %v", err)
	}
	if err := zienswijze.SendView(t.Context(), db, c.Clerk, v.ID); err != nil {
		t.Fatalf("sending: %v", err)
	}
	return View(t, db, c.Clerk, p, c)
}
