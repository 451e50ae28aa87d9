package partner_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres/pgtest"
)

// TestWhoMayWrite asks the verbs; here is the readable form of access.go.
func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	const (
		here, there id.Organisation = "o1", "o2"
		council     id.Body         = "b1"
	)
	as := func(r access.Role, org id.Organisation, body id.Body) access.Actor {
		return access.Actor{Account: "a", Grants: []access.Grant{{Role: r, Organisation: org, Body: body}}}
	}
	people := []struct {
		name  string
		actor access.Actor
	}{
		{"beheerder", as(access.Admin, "", "")},
		{"beheerder-hier", as(access.Admin, here, "")},
		{"beheerder-daar", as(access.Admin, there, "")},
		{"samenwerking-hier", as(access.PartnershipManager, here, "")},
		{"samenwerking-daar", as(access.PartnershipManager, there, "")},
		{"griffier", as(access.Clerk, here, council)},
		{"medewerker", as(access.ClerkStaff, here, council)},
		{"griffier-commissie", as(access.Clerk, here, "b2")},
		{"medewerker-commissie", as(access.ClerkStaff, here, "b2")},
		{"secretaris", as(access.Secretary, here, "")},
		{"raadslid", as(access.Member, here, council)},
		{"griffier-daar", as(access.Clerk, there, "b3")},
		{"medewerker-daar", as(access.ClerkStaff, there, "b3")},
		{"secretaris-daar", as(access.Secretary, there, "")},
		{"publiek", access.Actor{}},
		{"vullen", access.Actor{Duty: partner.SeedDuty}},
		{"register", access.Actor{Duty: partner.ImportDuty}},
		{"eerste", access.Actor{Duty: partner.AdminDuty}},
	}
	body := partner.Body{ID: council, OrganisationID: here}
	grant := func(r access.Role, o id.Organisation) func(access.Actor) bool {
		return func(a access.Actor) bool { return partner.CanGrant(a, r, o) }
	}
	revise := func(ties ...id.Organisation) func(access.Actor) bool {
		return func(a access.Actor) bool { return partner.CanRevisePerson(a, ties) }
	}
	const keeps = "beheerder beheerder-hier vullen"
	for _, c := range []struct {
		what string
		can  func(access.Actor) bool
		may  string
	}{
		{"add an organisation", partner.CanCreateOrganisation, "beheerder vullen register"},
		{"change one", func(a access.Actor) bool { return partner.CanReviseOrganisation(a, here) }, "beheerder samenwerking-hier vullen register"},
		{"set its inner steps", func(a access.Actor) bool { return partner.CanSetInnerSteps(a, here) }, "griffier griffier-commissie secretaris"},
		{"add a body", func(a access.Actor) bool { return partner.CanCreateBody(a, here) }, keeps},
		{"say what a body is", func(a access.Actor) bool { return partner.CanDefineBody(a, body) }, keeps},
		{"change a body", func(a access.Actor) bool { return partner.CanReviseBody(a, body) }, keeps + " griffier"},
		{"appoint", func(a access.Actor) bool { return partner.CanAppoint(a, body) }, keeps + " griffier"},
		{"set its terms", func(a access.Actor) bool { return partner.CanSetTerms(a, body) }, keeps + " griffier medewerker"},
		{"keep its recess", func(a access.Actor) bool { return partner.CanKeepRecess(a, here, council) }, keeps + " griffier medewerker"},
		{
			"keep the recess of all", func(a access.Actor) bool { return partner.CanKeepRecess(a, here, "") },
			keeps + " griffier medewerker griffier-commissie medewerker-commissie",
		},
		{"add a person", partner.CanCreatePerson, "beheerder beheerder-hier beheerder-daar vullen eerste"},
		{"change a person of nowhere", revise(), "beheerder beheerder-hier beheerder-daar vullen"},
		{"change a person of here", revise(here), keeps},
		{"change a person of here and there", revise(here, there), "beheerder vullen"},
		{"grant a role here", grant(access.Author, here), keeps},
		{"make an administrator here", grant(access.Admin, here), keeps},
		{"make an administrator of all", grant(access.Admin, ""), "beheerder vullen eerste"},
		{"grant a role of all", grant(access.Archivist, ""), "beheerder vullen"},
	} {
		var who []string
		for _, p := range people {
			if c.can(p.actor) {
				who = append(who, p.name)
			}
		}
		want := strings.Fields(c.may)
		slices.Sort(who)
		slices.Sort(want)
		if !slices.Equal(who, want) {
			t.Errorf("%s: %v may, want %v", c.what, who, want)
		}
	}
}

func TestTheVerbsRefuseWhoHasNoSayInTheBody(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	o := partnertest.Organisation(t, tx, "Heemstede")
	council := partnertest.Body(t, tx, o, partner.Council)
	m := partnertest.Mandate(t, tx, partnertest.Person(t, tx, "Jansen"), council, partner.Councillor)
	summer := recess(o, council.ID, "Zomerreces", "2018-07-07", "2018-08-19")
	made, err := partner.CreateRecess(t.Context(), tx, partnertest.Seeder, summer)
	if err != nil {
		t.Fatal(err)
	}
	for who, a := range map[string]access.Actor{
		"the public": as(), "a member": as(access.Grant{Role: access.Member, Organisation: o.ID, Body: council.ID}),
		"the secretaris":               as(access.Grant{Role: access.Secretary, Organisation: o.ID}),
		"the griffier of another body": as(access.Grant{Role: access.Clerk, Organisation: o.ID, Body: id.New[id.Body]()}),
	} {
		for act, err := range map[string]error{
			"end a mandate":   partner.EndMandate(t.Context(), tx, a, m.ID, date(2018, 7, 1), "Verhuisd"),
			"remove a recess": partner.RemoveRecess(t.Context(), tx, a, o.ID, made.ID, made.Version),
			"correct a recess": func() error {
				_, err := partner.ReviseRecess(t.Context(), tx, a, made.ID, made.Version, summer)
				return err
			}(),
		} {
			if !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s may %s: %v", who, act, err)
			}
		}
	}
}
