// Package proposaltest makes papers for tests; a maker fills in what the test does not care about.
package proposaltest

import (
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
)

// At is the moment at which the actors of these tests ask.
var At = time.Date(2018, 6, 1, 9, 0, 0, 0, time.UTC)

// Place is an organisation with a body and the people around it.
type Place struct {
	Org, Key                                        string
	ID                                              id.Organisation
	Body                                            id.Body
	Author, Clerk, Staff, Secretary, Member, Holder access.Actor
}

// NewPlace makes an organisation with a body, and one actor for each role in it.
func NewPlace(t testing.TB, db postgres.DB, name string) Place {
	t.Helper()
	p := Place{Org: name, ID: id.New[id.Organisation](), Body: id.New[id.Body]()}
	p.Key = strings.ToLower(strings.ReplaceAll(name, " ", "-")) + "-" + string(p.ID)[24:]
	run(t, db, `insert into organisations (id, key, kind, official_name) values (@id, @key, 'municipality', @name)`,
		postgres.Args{"id": p.ID, "key": p.Key, "name": name})
	run(t, db, `insert into bodies (id, organisation_id, key, kind, name) values (@id, @org, @key, 'council', @name)`,
		postgres.Args{"id": p.Body, "org": p.ID, "key": p.Key + "-raad", "name": "Raad van " + name})
	p.Author = Actor(t, db, "S. Steller "+name, access.Grant{Role: access.Author, Organisation: p.ID})
	p.Clerk = Actor(t, db, "G. Griffier "+name, access.Grant{Role: access.Clerk, Organisation: p.ID, Body: p.Body})
	p.Staff = Actor(t, db, "M. Medewerker "+name, access.Grant{Role: access.ClerkStaff, Organisation: p.ID, Body: p.Body})
	p.Secretary = Actor(t, db, "D. Secretaris "+name, access.Grant{Role: access.Secretary, Organisation: p.ID})
	p.Member = Actor(t, db, "R. Raadslid "+name, access.Grant{Role: access.Member, Organisation: p.ID, Body: p.Body})
	p.Holder = Actor(t, db, "W. Wethouder "+name, access.Grant{Role: access.PortfolioHolder, Organisation: p.ID})
	return p
}

// Actor is a person with these grants.
func Actor(t testing.TB, db postgres.DB, name string, grants ...access.Grant) access.Actor {
	t.Helper()
	person := id.New[id.Person]()
	run(t, db, `insert into persons (id, family, display_name) values (@id, @name, @name)`, postgres.Args{"id": person, "name": name})
	return access.Actor{Person: person, Name: name, At: At, Grants: grants}
}

// Acts gives the griffier of the place a mandate and an account: from now on somebody acts here for its body.
func (p Place) Acts(t testing.TB, db postgres.DB) {
	t.Helper()
	args := postgres.Args{
		"id": id.New[id.Mandate](), "account": id.New[id.Account](), "person": p.Clerk.Person, "body": p.Body,
		"email": p.Key + "@griffie.voorbeeld.nl",
	}
	run(t, db, `insert into mandates (id, person_id, body_id, function, starts_on) values (@id, @person, @body, 'clerk', '2018-01-01')`, args)
	run(t, db, `insert into accounts (id, person_id, email) values (@account, @person, @email)`, args)
}

// Draft is a draft of the organisation for the body with everything that offering asks.
func Draft(owner id.Organisation, target id.Body) proposal.Draft {
	return proposal.Draft{OwnerOrgID: owner, Content: proposal.Content{
		Subject: "Samen werken aan de regio", TargetBodyID: target, Treatment: proposal.Informative,
		Authors: []proposal.Author{{Name: "S. Steller"}}, Summary: "Waar dit voorstel over gaat.", AttachmentsNa: true,
	}}
}

// Concept is a concept made by the actor; change fills in what the test cares about.
func Concept(t testing.TB, db postgres.DB, actor access.Actor, owner id.Organisation, target id.Body, change ...func(*proposal.Draft)) proposal.Proposal {
	t.Helper()
	d := Draft(owner, target)
	for _, c := range change {
		c(&d)
	}
	p, err := proposal.Create(t.Context(), db, actor, d)
	if err != nil {
		t.Fatalf("making a concept: %v", err)
	}
	return p
}

// Offered is a paper that was made and offered by the actor.
func Offered(t testing.TB, db postgres.DB, actor access.Actor, owner id.Organisation, target id.Body, change ...func(*proposal.Draft)) proposal.Proposal {
	t.Helper()
	p, err := proposal.Offer(t.Context(), db, actor, Concept(t, db, actor, owner, target, change...).ID)
	if err != nil {
		t.Fatalf("offering a paper: %v", err)
	}
	return p
}

// Closed makes a draft confidential; use it as a change.
func Closed(d *proposal.Draft) {
	d.Closed, d.Ground, d.PublicTitle = true, "5.1.2.b", "Besloten voorstel"
}

// Meeting is a planned meeting held by the bodies of the places.
func Meeting(t testing.TB, db postgres.DB, places ...Place) id.Meeting {
	t.Helper()
	m := id.New[id.Meeting]()
	var orgs []id.Organisation
	for _, p := range places {
		orgs = append(orgs, p.ID)
	}
	run(t, db, `insert into meetings (id, slug, kind, host_org_id, starts_at, ends_at, state, visibility, org_ids, created_at, updated_at)
		values (@id, '2018-06-28-'||right(@id::uuid::text, 12), 'council', @host, '2018-06-28 13:00Z', '2018-06-28 15:00Z', 'gepland', 'public', @orgs, @at, @at)`,
		postgres.Args{"id": m, "host": places[0].ID, "orgs": orgs, "at": At})
	for i, p := range places {
		run(t, db, `insert into meeting_organisers (meeting_id, sequence, organisation_id, body_id) values (@id, @n, @org, @body)`,
			postgres.Args{"id": m, "n": i, "org": p.ID, "body": p.Body})
	}
	return m
}

// Item puts the paper on the agenda of the meeting, as its item 11 of part B, open to everyone.
func Item(t testing.TB, db postgres.DB, p Place, m id.Meeting, paper id.Proposal) id.Item {
	t.Helper()
	section, item := id.New[id.Section](), id.New[id.Item]()
	args := postgres.Args{"section": section, "item": item, "meeting": m, "paper": paper, "key": id.NewKey(), "orgs": []id.Organisation{p.ID}}
	run(t, db, `insert into agenda_sections (id, meeting_id, sequence, letter, title, visibility, org_ids)
			values (@section, @meeting, 1, 'B', 'Ter bespreking', 'public', @orgs)`, args)
	run(t, db, `insert into agenda_items (id, key, meeting_id, section_id, sequence, label, public_title, visibility, org_ids)
		values (@item, @key, @meeting, @section, 1, 'B.11', 'Voorstel', 'public', @orgs)`, args)
	run(t, db, `insert into agenda_item_matters (item_id, title, proposal_id, visibility, org_ids) values (@item, 'Voorstel', @paper, 'public', @orgs)`, args)
	return item
}

func run(t testing.TB, db postgres.DB, sql string, args postgres.Args) {
	t.Helper()
	if _, err := postgres.Exec(t.Context(), db, sql, args); err != nil {
		t.Fatalf("making a test place: %v", err)
	}
}
