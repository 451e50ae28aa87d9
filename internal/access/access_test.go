package access_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
)

const (
	here  id.Organisation = "00000000-0000-4000-8000-000000000001"
	there id.Organisation = "00000000-0000-4000-8000-000000000002"

	council   id.Body = "00000000-0000-4000-8000-000000000011"
	elsewhere id.Body = "00000000-0000-4000-8000-000000000012"

	writer id.Person = "00000000-0000-4000-8000-000000000021"
	reader id.Person = "00000000-0000-4000-8000-000000000022"
)

var roles = []access.Role{
	access.Clerk, access.ClerkStaff, access.Secretary, access.PortfolioHolder, access.Member, access.Author, access.Organiser,
	access.PartnershipManager, access.Controller, access.Archivist, access.Admin, access.GlassReader,
}

// What a role at a body of an organisation opens, in the columns: papers of the organisation, its drafts, closed papers of the body,
// closed drafts of the body, who read what is closed for it, what is done to accounts of the organisation.
func TestWhatARoleOpens(t *testing.T) {
	t.Parallel()
	opens := map[access.Role]string{
		access.Clerk: "+++++-", access.ClerkStaff: "++++--", access.Secretary: "++----", access.PortfolioHolder: "+-----", access.Member: "+-+---",
		access.Author: "+-----", access.Organiser: "+-----", access.PartnershipManager: "+-----", access.Controller: "+-----", access.Archivist: "+-----",
		access.Admin: "-----+", access.GlassReader: "--+---",
	}
	for _, role := range roles {
		a := access.Actor{Grants: []access.Grant{{Role: role, Organisation: here, Body: council}}}
		got := sign(a.Organisations(), here) + sign(a.ClerkOrganisations(), here) + sign(a.Bodies(), council) + sign(a.ClerkBodies(), council) +
			sign(a.GriffierBodies(), council) + sign(a.AdminOrganisations(), here)
		if got != opens[role] {
			t.Errorf("%s with a body: %s, want %s", role, got, opens[role])
		}
		a.Grants[0].Body = ""
		if got := len(a.Bodies()) + len(a.ClerkBodies()) + len(a.GriffierBodies()); got > 0 {
			t.Errorf("%s without a body opens %d", role, got)
		}
		a.Grants[0].Organisation = ""
		if got := append(a.Organisations(), a.AdminOrganisations()...); len(got) > 0 {
			t.Errorf("%s of the installation works for %v", role, got)
		}
	}
	twice := access.Actor{Grants: []access.Grant{
		{Role: access.Member, Organisation: here, Body: council},
		{Role: access.Clerk, Organisation: here, Body: council},
	}}
	if n := len(twice.Organisations()) + len(twice.Bodies()); n != 2 {
		t.Errorf("two roles at one place are %d places", n)
	}
}

// sign is + where the list is that one place, and - where it is empty.
func sign[T comparable](list []T, one T) string {
	switch {
	case slices.Equal(list, []T{one}):
		return "+"
	case len(list) == 0:
		return "-"
	}
	return "?"
}

func TestARoleIsOfItsPlace(t *testing.T) {
	t.Parallel()
	clerk := access.Actor{Grants: []access.Grant{{Role: access.Clerk, Organisation: here, Body: council}, {Role: access.Author, Organisation: there}}}
	installation := access.Actor{Grants: []access.Grant{{Role: access.Admin}}}
	local := access.Actor{Grants: []access.Grant{{Role: access.Admin, Organisation: here}}}
	for what, pair := range map[string][2]bool{
		"griffier here":                      {clerk.Is(access.Clerk, here), true},
		"griffier there":                     {clerk.Is(access.Clerk, there), false},
		"griffier of no organisation":        {installation.Is(access.Admin, ""), false},
		"steller here":                       {clerk.Is(access.Author, here), false},
		"griffier of the body":               {clerk.IsFor(access.Clerk, council), true},
		"griffier of another body":           {clerk.IsFor(access.Clerk, elsewhere), false},
		"steller of no body":                 {clerk.IsFor(access.Author, ""), false},
		"member of the body":                 {clerk.IsFor(access.Member, council), false},
		"griffier somewhere":                 {clerk.Has(access.Clerk), true},
		"member somewhere":                   {clerk.Has(access.Member), false},
		"griffier as administrator":          {clerk.IsAdmin(here), false},
		"administrator of all, here":         {installation.IsAdmin(here), true},
		"administrator of all":               {installation.IsAdmin(""), true},
		"administrator of here":              {local.IsAdmin(here), true},
		"administrator of here, there":       {local.IsAdmin(there), false},
		"administrator of here, of all":      {local.IsAdmin(""), false},
		"the public is signed in":            {access.Actor{Person: writer}.SignedIn(), false},
		"an account is signed in":            {access.Actor{Account: "1"}.SignedIn(), true},
		"the public is somebody":             {len(access.Actor{}.Persons()) > 0, false},
		"a person is himself":                {slices.Equal(access.Actor{Person: writer}.Persons(), []id.Person{writer}), true},
		"closed for nobody is closed":        {access.Audience{AudienceBodies: []id.Body{}}.Closed(), true},
		"without a list of bodies it is not": {access.Audience{}.Closed(), false},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %v", what, pair[0])
		}
	}
}

func TestThePasswordIsAskedAgainAfterHalfAnHour(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		what      string
		account   id.Account
		confirmed time.Time
		want      bool
	}{
		{"just now", "1", at, false},
		{"half an hour ago", "1", at.Add(-30 * time.Minute), false},
		{"longer ago", "1", at.Add(-30*time.Minute - time.Second), true},
		{"an act without a session", "1", time.Time{}, false},
		{"nobody", "", at.Add(-time.Hour), false},
	} {
		if got := (access.Actor{Account: c.account, At: at, Confirmed: c.confirmed}).MustConfirm(); got != c.want {
			t.Errorf("%s: %v", c.what, got)
		}
	}
}

// who asks, in the columns of seen.
var who = []struct {
	name  string
	actor access.Actor
}{
	{"public", access.Actor{}},
	{"member here", access.Actor{Person: reader, Grants: []access.Grant{{Role: access.Member, Organisation: here, Body: council}}}},
	{"griffier here", access.Actor{Person: reader, Grants: []access.Grant{{Role: access.Clerk, Organisation: here, Body: council}}}},
	{"medewerker here", access.Actor{Person: reader, Grants: []access.Grant{{Role: access.ClerkStaff, Organisation: here, Body: council}}}},
	{"secretaris here", access.Actor{Person: reader, Grants: []access.Grant{{Role: access.Secretary, Organisation: here, Body: council}}}},
	{"wethouder here", access.Actor{Person: reader, Grants: []access.Grant{{Role: access.PortfolioHolder, Organisation: here, Body: council}}}},
	{"steller here", access.Actor{Person: reader, Grants: []access.Grant{{Role: access.Author, Organisation: here}}}},
	{"its writer", access.Actor{Person: writer, Grants: []access.Grant{{Role: access.Author, Organisation: here}}}},
	{"writer who left", access.Actor{Person: writer, Grants: []access.Grant{{Role: access.Author, Organisation: there}}}},
	{"member there", access.Actor{Person: reader, Grants: []access.Grant{{Role: access.Member, Organisation: there, Body: elsewhere}}}},
	{"griffier there", access.Actor{Person: reader, Grants: []access.Grant{{Role: access.Clerk, Organisation: there, Body: elsewhere}}}},
	{"beheerder", access.Actor{Person: reader, Grants: []access.Grant{{Role: access.Admin}, {Role: access.Admin, Organisation: here, Body: council}}}},
}

// Things of the organisation here, written by one of its stellers; closed ones for its council, for that of the other, or for nobody.
var seen = []struct {
	thing string
	access.Audience
	want string // in the order of who
}{
	//                                                                         pub mem gri med sec wet ste wri left m.t g.t adm
	{"a draft", audience(access.Draft, false), "                                -   -   +   +   +   -   -   +   -    -   -   -"},
	{"of the organisation", audience(access.Org, false), "                      -   +   +   +   +   +   +   +   -    -   -   -"},
	{"of participants", audience(access.Participants, false), "                 -   +   +   +   +   +   +   +   +    +   +   -"},
	{"public", audience(access.Public, false), "                                +   +   +   +   +   +   +   +   +    +   +   +"},
	{"a closed draft", audience(access.Draft, true, council), "                 -   -   +   +   -   -   -   +   -    -   -   -"},
	{"closed", audience(access.Org, true, council), "                           -   +   +   +   -   -   -   +   -    -   -   -"},
	{"closed, of participants", audience(access.Participants, true, council), " -   +   +   +   -   -   -   +   -    -   -   -"},
	{"closed for there", audience(access.Participants, true, elsewhere), "      -   -   -   -   -   -   -   +   -    +   +   -"},
	{"a draft closed for there", audience(access.Draft, true, elsewhere), "     -   -   -   -   -   -   -   +   -    -   +   -"},
	{"closed for nobody", audience(access.Draft, true), "                       -   -   -   -   -   -   -   +   -    -   -   -"},
}

func audience(v access.Visibility, closed bool, bodies ...id.Body) access.Audience {
	a := access.Audience{Visibility: v, OrgIDs: []id.Organisation{here}, ParticipantOrgIDs: []id.Organisation{there}, WriterIDs: []id.Person{writer}}
	if closed {
		a.AudienceBodies = append([]id.Body{}, bodies...)
	}
	return a
}

// eachSeen asks of every thing whether each of them may see it.
func eachSeen(t *testing.T, ask func(access.Actor, access.Audience) bool) {
	t.Helper()
	for _, s := range seen {
		for i, want := range strings.Fields(s.want) {
			if got := ask(who[i].actor, s.Audience); got != (want == "+") {
				t.Errorf("%s, %s: %v", s.thing, who[i].name, got)
			}
		}
	}
}
