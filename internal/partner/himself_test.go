package partner_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/identity/identitytest"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/trail"
)

// whole is someone with an account, as these grants.
func whole(t *testing.T, db postgres.DB, family string, grants ...access.Grant) access.Actor {
	t.Helper()
	p := partnertest.Person(t, db, family)
	a := identitytest.Account(t, db, p.ID, strings.ToLower(family)+id.NewKey()+"@regio.nl")
	return access.Actor{Account: a.ID, Person: p.ID, Name: p.DisplayName, At: partnertest.Then, Grants: grants}
}

func TestNobodyGivesHimselfAMandateOrARole(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	own := partnertest.Organisation(t, tx, "Heemstede")
	council, board := partnertest.Body(t, tx, own, partner.Council), partnertest.Body(t, tx, own, partner.Executive)
	other := partnertest.Person(t, tx, "Ander")
	for name, actor := range map[string]access.Actor{
		"administrator of the installation": whole(t, tx, "Baas", access.Grant{Role: access.Admin}),
		"administrator of the organisation": whole(t, tx, "Plaats", access.Grant{Role: access.Admin, Organisation: own.ID}),
		"griffier": whole(t, tx, "Griffier", access.Grant{Role: access.Clerk, Organisation: own.ID, Body: council.ID},
			access.Grant{Role: access.Clerk, Organisation: own.ID, Body: board.ID}),
	} {
		rests := partnertest.Mandate(t, tx, partner.Person{ID: actor.Person}, board, partner.Adviser)
		for _, f := range partner.Functions {
			for _, on := range []id.Mandate{"", rests.ID} {
				d := partner.MandateDraft{PersonID: actor.Person, BodyID: council.ID, Function: f, StartsOn: partnertest.Then, DependsOnMandateID: on}
				_, err := partner.CreateMandate(t.Context(), tx, actor, d)
				var fields fault.Fields
				if !errors.As(err, &fields) || !strings.Contains(fields["person_id"], "andere beheerder of de griffier van "+council.Name) {
					t.Errorf("%s makes himself %s: %v", name, f, err)
				}
			}
		}
		if _, err := partner.CreateMandate(t.Context(), tx, actor,
			partner.MandateDraft{PersonID: other.ID, BodyID: council.ID, Function: partner.Clerk, StartsOn: partnertest.Then}); err != nil {
			t.Errorf("%s appoints another: %v", name, err)
		}
		if !actor.IsAdmin(own.ID) {
			continue
		}
		for _, r := range []access.Role{
			access.ClerkStaff, access.Author, access.Organiser, access.PartnershipManager, access.Controller, access.Archivist, access.Admin,
		} {
			d := partner.RoleDraft{PersonID: actor.Person, Role: r, BodyID: council.ID, ValidFrom: partnertest.Then}
			if r != access.ClerkStaff {
				d.BodyID, d.OrganisationID = "", own.ID
			}
			_, err := partner.GrantRole(t.Context(), tx, actor, d)
			var fields fault.Fields
			if !errors.As(err, &fields) || !strings.Contains(fields["role"], "andere beheerder") {
				t.Errorf("%s gives himself %s: %v", name, r, err)
			}
			d.PersonID = other.ID
			if _, err := partner.GrantRole(t.Context(), tx, actor, d); err != nil {
				t.Errorf("%s gives another %s: %v", name, r, err)
			}
		}
	}
}

// The road: griffier of a harmless body, he hangs the council below it; or secretaris of a circle, he calls the circle a board.
func TestWhoServesABodyChangesNeitherItsKindNorWhatHangsBelowIt(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	own := partnertest.Organisation(t, tx, "Heemstede")
	council, circle := partnertest.Body(t, tx, own, partner.Council), partnertest.Body(t, tx, own, partner.Circle)
	admin := access.Grant{Role: access.Admin, Organisation: own.ID}
	plain, clerk, coming, staff, gone := whole(t, tx, "Gewoon", admin), whole(t, tx, "Griffier", admin), whole(t, tx, "Straks", admin),
		whole(t, tx, "Staf", admin), whole(t, tx, "Oud", admin)
	partnertest.Mandate(t, tx, partner.Person{ID: clerk.Person}, circle, partner.Secretary)
	for _, d := range []partner.MandateDraft{
		{PersonID: coming.Person, StartsOn: partnertest.Then.AddDate(1, 0, 0)},
		{PersonID: gone.Person, StartsOn: partnertest.Then.AddDate(-2, 0, 0), EndsOn: on(2018, time.March, 1)},
	} {
		d.BodyID, d.Function = circle.ID, partner.Clerk
		if _, err := partner.CreateMandate(t.Context(), tx, partnertest.Seeder, d); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := partner.GrantRole(t.Context(), tx, partnertest.Seeder,
		partner.RoleDraft{PersonID: staff.Person, Role: access.ClerkStaff, BodyID: circle.ID, ValidFrom: partnertest.Then}); err != nil {
		t.Fatal(err)
	}
	below, kind := council.Draft(), circle.Draft()
	below.ParentBodyID, kind.Kind = circle.ID, partner.WorkingGroup
	for name, c := range map[string]struct {
		actor access.Actor
		may   bool
	}{
		"no function there": {plain, true}, "secretaris": {clerk, false}, "griffier next year": {coming, false}, "griffiemedewerker": {staff, false},
		"not any more": {gone, true},
	} {
		for act, do := range map[string]func(db postgres.DB) error{
			"hangs the council below it": func(db postgres.DB) error {
				_, err := partner.ReviseBody(t.Context(), db, c.actor, council.ID, council.Version, below)
				return err
			},
			"changes its kind": func(db postgres.DB) error {
				_, err := partner.ReviseBody(t.Context(), db, c.actor, circle.ID, circle.Version, kind)
				return err
			},
		} {
			nested, err := tx.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := do(nested); (err == nil) != c.may {
				t.Errorf("%s %s: %v", name, act, err)
			}
			if err := nested.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		draft := circle.Draft()
		draft.Name = "Kring " + id.NewKey()
		nested, err := tx.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := partner.ReviseBody(t.Context(), nested, c.actor, circle.ID, circle.Version, draft); err != nil {
			t.Errorf("%s renames it: %v", name, err)
		}
		if err := nested.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAFormListsThePeopleOfItsOrganisationAndFindsOthersByName(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	own, other := partnertest.Organisation(t, tx, "Heemstede"), partnertest.Organisation(t, tx, "Hillegom")
	council, far := partnertest.Body(t, tx, own, partner.Council), partnertest.Body(t, tx, other, partner.Council)
	here, staff, there := partnertest.Person(t, tx, "Hier"), partnertest.Person(t, tx, "Rol"), partnertest.Person(t, tx, "Daar")
	partnertest.Mandate(t, tx, here, council, partner.Councillor)
	partnertest.Mandate(t, tx, there, far, partner.Councillor)
	partnertest.Role(t, tx, staff, access.Author, own.ID)
	actor := as(access.Grant{Role: access.Clerk, Organisation: own.ID, Body: council.ID})
	ask := func(q func(*[]partner.PersonOption) postgres.Query) (ids []id.Person) {
		var list []partner.PersonOption
		if err := postgres.Read(t.Context(), tx, q(&list)); err != nil {
			t.Fatal(err)
		}
		for _, p := range list {
			ids = append(ids, p.ID)
		}
		return ids
	}
	if got := ask(func(dst *[]partner.PersonOption) postgres.Query { return partner.PeopleAt(dst, actor, own.Key) }); len(got) != 2 ||
		!slices.Contains(got, here.ID) || !slices.Contains(got, staff.ID) {
		t.Errorf("of the organisation: %v", got)
	}
	named := func(name string) []id.Person {
		return ask(func(dst *[]partner.PersonOption) postgres.Query { return partner.PeopleNamed(dst, actor, name) })
	}
	if got := named(" daar "); !slices.Equal(got, []id.Person{there.ID}) {
		t.Errorf("by name: %v", got)
	}
	for _, name := range []string{"", " ", "d", "%%", "__"} {
		if got := named(name); len(got) != 0 {
			t.Errorf("%q finds %v", name, got)
		}
	}
	for range 30 {
		partnertest.Person(t, tx, "Veelvoorkomend")
	}
	exact := partnertest.Person(t, tx, "Zveelvoorkomendz")
	if got := named("veelvoor"); len(got) != partner.MostHits+1 {
		t.Errorf("%d hits", len(got))
	}
	if got := named(exact.DisplayName); len(got) == 0 || got[0] != exact.ID {
		t.Errorf("who is called so: %v", got)
	}
}

// Who hears of an appointment: its owner and the griffier of the body, and where there is none, the next.
func TestWhoHearsOfAnAct(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	own := partnertest.Organisation(t, tx, "Heemstede")
	council, circle := partnertest.Body(t, tx, own, partner.Council), partnertest.Body(t, tx, own, partner.Circle)
	boss := whole(t, tx, "Baas")
	partnertest.Role(t, tx, partner.Person{ID: boss.Person}, access.Admin, "")
	griffier, lid := whole(t, tx, "Griffier"), whole(t, tx, "Lid")
	serves := partnertest.Mandate(t, tx, partner.Person{ID: griffier.Person}, council, partner.Clerk)
	told := func(b partner.Body, about, by access.Actor, knows bool) (names []string) {
		list, err := trail.Addressees(t.Context(), tx, trail.Telling{
			About: about.Person, Bodies: []id.Body{b.ID}, OrgIDs: []id.Organisation{own.ID}, OwnerKnows: knows,
		}, trail.Line{At: partnertest.Then, WhoID: by.Person})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range list {
			_, name, _ := strings.Cut(p.Name, " ")
			names = append(names, name)
		}
		return names
	}
	for what, c := range map[string]struct{ got, want []string }{
		"the griffier and the owner":          {told(council, lid, boss, false), []string{"Griffier", "Lid"}},
		"the owner has a mail of his own":     {told(council, lid, boss, true), []string{"Griffier"}},
		"the griffier did it himself":         {told(council, lid, griffier, false), []string{"Lid"}},
		"of a body without griffier":          {told(circle, lid, boss, false), []string{"Griffier", "Lid"}},
		"of the griffier, by the other":       {told(council, griffier, boss, false), []string{"Griffier"}},
		"of the griffier, and he has his own": {told(council, griffier, lid, true), []string{"Baas"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", what, c.got, c.want)
		}
	}
	if _, err := postgres.Exec(t.Context(), tx, `update mandates set ends_on = '2018-02-01' where id = @id`, postgres.Args{"id": serves.ID}); err != nil {
		t.Fatal(err)
	}
	if got := told(council, lid, lid, true); !slices.Equal(got, []string{"Baas"}) {
		t.Errorf("without any griffier: %v", got)
	}
}
