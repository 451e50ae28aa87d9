package partner_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/collaboration/collaborationtest"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

func date(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

func on(year int, month time.Month, d int) *time.Time {
	t := date(year, month, d)
	return &t
}

func as(grants ...access.Grant) access.Actor {
	return access.Actor{At: partnertest.Then, Grants: grants}
}

func faultOf(t *testing.T, err error, field string) {
	t.Helper()
	var fields fault.Fields
	if !errors.As(err, &fields) || fields[field] == "" {
		t.Errorf("got %v, want a fault of %s", err, field)
	}
}

func TestWhoMayWrite(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	own, other := partnertest.Organisation(t, tx, "Heemstede"), partnertest.Organisation(t, tx, "Hillegom")
	body := partnertest.Body(t, tx, own, partner.Council)
	someone := partnertest.Person(t, tx, "Jansen")
	partnertest.Role(t, tx, someone, access.Author, own.ID)

	actors := map[string]access.Actor{
		"public":                {At: partnertest.Then},
		"administrator":         as(access.Grant{Role: access.Admin}),
		"own administrator":     as(access.Grant{Role: access.Admin, Organisation: own.ID}),
		"other administrator":   as(access.Grant{Role: access.Admin, Organisation: other.ID}),
		"own griffier":          as(access.Grant{Role: access.Clerk, Organisation: own.ID, Body: body.ID}),
		"other griffier":        as(access.Grant{Role: access.Clerk, Organisation: other.ID, Body: "01a20332-0000-7000-8000-000000000000"}),
		"griffiemedewerker":     as(access.Grant{Role: access.ClerkStaff, Organisation: own.ID, Body: body.ID}),
		"own partnerships":      as(access.Grant{Role: access.PartnershipManager, Organisation: own.ID}),
		"other partnerships":    as(access.Grant{Role: access.PartnershipManager, Organisation: other.ID}),
		"raadslid":              as(access.Grant{Role: access.Member, Organisation: own.ID, Body: body.ID}),
		"duty of the sample":    {At: partnertest.Then, Duty: partner.SeedDuty},
		"duty of the register":  {At: partnertest.Then, Duty: partner.ImportDuty},
		"duty of first account": {At: partnertest.Then, Duty: partner.AdminDuty},
	}
	acts := []struct {
		name string
		do   func(db postgres.DB, a access.Actor) error
		may  []string
	}{
		{"add an organisation", func(db postgres.DB, a access.Actor) error {
			_, err := partner.CreateOrganisation(t.Context(), db, a, partner.OrganisationDraft{Kind: partner.Municipality, OfficialName: "Nieuwe gemeente"})
			return err
		}, []string{"administrator", "duty of the sample", "duty of the register"}},
		{"change the own organisation", func(db postgres.DB, a access.Actor) error {
			_, err := partner.ReviseOrganisation(t.Context(), db, a, own.ID, own.Version, own.Draft(nil))
			return err
		}, []string{"administrator", "own partnerships", "duty of the sample", "duty of the register"}},
		{"add a body", func(db postgres.DB, a access.Actor) error {
			_, err := partner.CreateBody(t.Context(), db, a, partner.BodyDraft{OrganisationID: own.ID, Kind: partner.Circle, Name: "Kring"})
			return err
		}, []string{"administrator", "own administrator", "duty of the sample"}},
		{"change a body", func(db postgres.DB, a access.Actor) error {
			_, err := partner.ReviseBody(t.Context(), db, a, body.ID, body.Version, body.Draft())
			return err
		}, []string{"administrator", "own administrator", "own griffier", "griffiemedewerker", "duty of the sample"}},
		{"add a recess of a body", func(db postgres.DB, a access.Actor) error {
			_, err := partner.CreateRecess(t.Context(), db, a, recess(own, body.ID, "Zomerreces", "2018-07-07", "2018-08-19"))
			return err
		}, []string{"administrator", "own administrator", "own griffier", "griffiemedewerker", "duty of the sample"}},
		{"appoint", func(db postgres.DB, a access.Actor) error {
			_, err := partner.CreateMandate(t.Context(), db, a,
				partner.MandateDraft{PersonID: someone.ID, BodyID: body.ID, Function: partner.Chair, StartsOn: date(2018, 1, 1)})
			return err
		}, []string{"administrator", "own administrator", "own griffier", "duty of the sample"}},
		{"add a person", func(db postgres.DB, a access.Actor) error {
			_, err := partner.CreatePerson(t.Context(), db, a, partner.PersonDraft{Family: "Bakker"})
			return err
		}, []string{"administrator", "own administrator", "other administrator", "duty of the sample", "duty of first account"}},
		{"change a person of the own organisation", func(db postgres.DB, a access.Actor) error {
			_, err := partner.RevisePerson(t.Context(), db, a, someone.ID, someone.Version, someone.Draft())
			return err
		}, []string{"administrator", "own administrator", "duty of the sample"}},
		{"give a role", func(db postgres.DB, a access.Actor) error {
			_, err := partner.GrantRole(t.Context(), db, a,
				partner.RoleDraft{PersonID: someone.ID, Role: access.Archivist, OrganisationID: own.ID, ValidFrom: date(2018, 1, 1)})
			return err
		}, []string{"administrator", "own administrator", "duty of the sample"}},
		{"make an administrator of the installation", func(db postgres.DB, a access.Actor) error {
			_, err := partner.GrantRole(t.Context(), db, a, partner.RoleDraft{PersonID: someone.ID, Role: access.Admin, ValidFrom: date(2018, 1, 1)})
			return err
		}, []string{"administrator", "duty of the sample", "duty of first account"}},
	}
	for _, act := range acts {
		for name, actor := range actors {
			try, err := tx.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			err = act.do(try, actor)
			if may := slices.Contains(act.may, name); may && err != nil || !may && !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s, %s: %v, want allowed = %t", name, act.name, err, may)
			}
			if err := try.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestAGriffierChangesOnlyTheTermsOfHisBody(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	body := partnertest.Body(t, tx, partnertest.Organisation(t, tx, "Heemstede"), partner.Council)
	d := body.Draft()
	days := 10
	d.Name, d.NoticeDays = "Andere naam", &days
	got, err := partner.ReviseBody(t.Context(), tx, as(access.Grant{Role: access.Clerk, Organisation: body.OrganisationID, Body: body.ID}), body.ID,
		body.Version, d)
	if err != nil || got.Name != body.Name || got.NoticeDays == nil || *got.NoticeDays != 10 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestWhoComesSecondGetsAConflict(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	o := partnertest.Organisation(t, tx, "Heemstede")
	b := partnertest.Body(t, tx, o, partner.Council)
	p := partnertest.Person(t, tx, "Jansen")
	for i, want := range []error{nil, fault.Conflict} {
		_, err := partner.ReviseOrganisation(t.Context(), tx, partnertest.Seeder, o.ID, o.Version, o.Draft(nil))
		_, errBody := partner.ReviseBody(t.Context(), tx, partnertest.Seeder, b.ID, b.Version, b.Draft())
		_, errPerson := partner.RevisePerson(t.Context(), tx, partnertest.Seeder, p.ID, p.Version, p.Draft())
		for _, err := range []error{err, errBody, errPerson} {
			if !errors.Is(err, want) {
				t.Errorf("time %d: %v, want %v", i+1, err, want)
			}
		}
	}
}

func TestABoardNeedsACollaborationOfItsForm(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	o := partnertest.Organisation(t, tx, "Heemstede")
	forms := []collaboration.Form{collaboration.PublicBody, collaboration.OperationsOrg, collaboration.JointOrgan, collaboration.Network}
	of := map[collaboration.Form]id.Collaboration{}
	for _, f := range forms {
		of[f] = collaborationtest.Collaboration(t, tx, f, o).ID
	}
	for kind, want := range map[partner.BodyKind]collaboration.Form{
		partner.GeneralBoard: collaboration.PublicBody, partner.DailyBoard: collaboration.PublicBody, partner.ChairOffice: collaboration.PublicBody,
		partner.OperationsBoard: collaboration.OperationsOrg, partner.JointOrgan: collaboration.JointOrgan,
	} {
		_, err := partner.CreateBody(t.Context(), tx, partnertest.Seeder, partner.BodyDraft{OrganisationID: o.ID, Kind: kind, Name: string(kind)})
		faultOf(t, err, "collaboration_id")
		for _, f := range forms {
			_, err := partner.CreateBody(t.Context(), tx, partnertest.Seeder, partner.BodyDraft{
				OrganisationID: o.ID, CollaborationID: of[f], Kind: kind, Name: string(kind) + " bij " + string(f),
			})
			if f == want && err != nil {
				t.Errorf("%s under %s: %v", kind, f, err)
			}
			if f != want {
				faultOf(t, err, "collaboration_id")
			}
		}
	}
}

func TestTheKeyOfABodyIsProposed(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	o, err := partner.CreateOrganisation(t.Context(), tx, partnertest.Seeder, partner.OrganisationDraft{
		Key: "veiligheidsregio-hollands-midden", Kind: partner.JointOrg, OfficialName: "Veiligheidsregio Hollands Midden", ShortName: "VRHM",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"vrhm-md", "vrhm-md-2"} {
		b, err := partner.CreateBody(t.Context(), tx, partnertest.Seeder,
			partner.BodyDraft{OrganisationID: o.ID, Kind: partner.ManagementTeam, Name: want, Abbreviation: "MD"})
		if err != nil || b.Key != want {
			t.Errorf("got %q, %v, want %q", b.Key, err, want)
		}
	}
	_, err = partner.CreateBody(t.Context(), tx, partnertest.Seeder, partner.BodyDraft{OrganisationID: o.ID, Kind: partner.Circle, Name: "Kring", Key: "vrhm-md"})
	faultOf(t, err, "key")
}

// mandates are all periods of a person, oldest first.
func mandates(t *testing.T, db postgres.DB, p partner.Person) []string {
	t.Helper()
	list, err := postgres.All[string](t.Context(), db, `
		select function || ' ' || starts_on || ' ' || coalesce(ends_on::text, '-') from mandates where person_id = @id order by starts_on, id`,
		postgres.Args{"id": p.ID}.As(access.Actor{}))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// WGR-13.2
func TestTheEndOfAnOfficeEndsWhatRestsOnIt(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	town, joint := partnertest.Organisation(t, tx, "Heemstede"), partnertest.Organisation(t, tx, "VRK")
	c := collaborationtest.Collaboration(t, tx, collaboration.PublicBody, joint, town)
	council, general, daily := partnertest.Body(t, tx, town, partner.Council), collaborationtest.Body(t, tx, c, partner.GeneralBoard),
		collaborationtest.Body(t, tx, c, partner.DailyBoard)
	p := partnertest.Person(t, tx, "Jansen")
	parent := partnertest.Mandate(t, tx, p, council, partner.Councillor)
	rest := func(b partner.Body, f partner.Function, on id.Mandate, from time.Time) partner.Mandate {
		m, err := partner.CreateMandate(t.Context(), tx, partnertest.Seeder,
			partner.MandateDraft{PersonID: p.ID, BodyID: b.ID, Function: f, DependsOnMandateID: on, StartsOn: from, OnBehalfOfOrgID: town.ID})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	child := rest(general, partner.Member, parent.ID, date(2018, 2, 1))
	rest(daily, partner.Member, child.ID, date(2018, 3, 1))
	rest(daily, partner.ViceChair, child.ID, date(2018, 9, 1))

	clerk := as(access.Grant{Role: access.Clerk, Organisation: town.ID, Body: council.ID})
	for range 2 { // the same twice is the same
		if err := partner.EndMandate(t.Context(), tx, clerk, parent.ID, date(2018, 6, 30), "verhuisd"); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"councillor 2018-01-01 2018-06-30", "member 2018-02-01 2018-06-30", "member 2018-03-01 2018-06-30", "vice_chair 2018-09-01 2018-09-01"}
	if got := mandates(t, tx, p); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	faultOf(t, partner.EndMandate(t.Context(), tx, clerk, parent.ID, date(2018, 7, 1), ""), "ends_on")
	faultOf(t, partner.EndMandate(t.Context(), tx, clerk, parent.ID, date(2017, 7, 1), ""), "ends_on")

	_, err := partner.CreateMandate(t.Context(), tx, partnertest.Seeder, partner.MandateDraft{
		PersonID: p.ID, BodyID: general.ID, Function: partner.Member, DependsOnMandateID: parent.ID, StartsOn: date(2018, 8, 1),
	})
	faultOf(t, err, "depends_on_mandate_id")
	other := partnertest.Person(t, tx, "Bakker")
	_, err = partner.CreateMandate(t.Context(), tx, partnertest.Seeder, partner.MandateDraft{
		PersonID: other.ID, BodyID: general.ID, Function: partner.Member, DependsOnMandateID: parent.ID, StartsOn: date(2018, 3, 1),
	})
	faultOf(t, err, "depends_on_mandate_id")
}

func TestPeriodsOfOneFunctionDoNotOverlap(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	body := partnertest.Body(t, tx, partnertest.Organisation(t, tx, "Heemstede"), partner.Council)
	for _, c := range []struct {
		name     string
		from, to *time.Time
		ok       bool
	}{
		{"before", on(2016, 1, 1), on(2017, 1, 1), true},
		{"from the day it ends", on(2018, 1, 1), nil, true},
		{"into it", on(2016, 6, 1), on(2017, 6, 1), false},
		{"within", on(2017, 2, 1), on(2017, 3, 1), false},
		{"around", on(2016, 1, 1), nil, false},
	} {
		p := partnertest.Person(t, tx, "Jansen")
		d := partner.MandateDraft{PersonID: p.ID, BodyID: body.ID, Function: partner.Councillor, StartsOn: date(2017, 1, 1), EndsOn: on(2018, 1, 1)}
		if _, err := partner.CreateMandate(t.Context(), tx, partnertest.Seeder, d); err != nil {
			t.Fatal(err)
		}
		d.StartsOn, d.EndsOn = *c.from, c.to
		_, err := partner.CreateMandate(t.Context(), tx, partnertest.Seeder, d)
		if c.ok && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if !c.ok {
			faultOf(t, err, "starts_on")
		}
	}
}

func TestTwoAppointmentsAtOnceAreOne(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	body := partnertest.Body(t, db, partnertest.Organisation(t, db, "Heemstede"), partner.Council)
	p := partnertest.Person(t, db, "Jansen")
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			_, err := partner.CreateMandate(t.Context(), db, partnertest.Seeder, partner.MandateDraft{
				PersonID: p.ID, BodyID: body.ID, Function: partner.Councillor, StartsOn: date(2018, 1, 1+i/2), // two different, each twice
			})
			var fields fault.Fields
			if err != nil && !errors.As(err, &fields) {
				t.Errorf("got %v", err)
			}
		})
		wg.Go(func() {
			if _, err := partner.GrantRole(t.Context(), db, partnertest.Seeder,
				partner.RoleDraft{PersonID: p.ID, Role: access.Author, OrganisationID: body.OrganisationID, ValidFrom: date(2018, 1, 1)}); err != nil {
				t.Errorf("role: %v", err)
			}
		})
	}
	wg.Wait()
	if got := mandates(t, db, p); len(got) != 1 {
		t.Errorf("got %q, want one", got)
	}
	if n, err := postgres.One[int](t.Context(), db, `select count(*)::int from role_grants`, postgres.Args{}.As(access.Actor{})); err != nil || n != 1 {
		t.Errorf("%d roles, %v, want one", n, err)
	}
}

func TestAnEndedOrganisationTakesNoNewMandates(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	o := partnertest.Organisation(t, tx, "Bloemendaal")
	body := partnertest.Body(t, tx, o, partner.Council)
	p := partnertest.Person(t, tx, "Jansen")
	d := o.Draft(nil)
	d.ValidTo = on(2018, 5, 31)
	if _, err := partner.ReviseOrganisation(t.Context(), tx, partnertest.Seeder, o.ID, o.Version, d); err != nil {
		t.Fatal(err)
	}
	_, err := partner.CreateMandate(t.Context(), tx, partnertest.Seeder,
		partner.MandateDraft{PersonID: p.ID, BodyID: body.ID, Function: partner.Councillor, StartsOn: date(2018, 1, 1)})
	faultOf(t, err, "starts_on")
}

func TestMoreMembersThanSeatsAsksForAReason(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	o := partnertest.Organisation(t, tx, "Heemstede")
	seats := 1
	body, err := partner.CreateBody(t.Context(), tx, partnertest.Seeder,
		partner.BodyDraft{OrganisationID: o.ID, Kind: partner.Council, Name: "Raad", SeatsTotal: &seats})
	if err != nil {
		t.Fatal(err)
	}
	partnertest.Mandate(t, tx, partnertest.Person(t, tx, "Voorzitter"), body, partner.Chair)
	partnertest.Mandate(t, tx, partnertest.Person(t, tx, "Griffier"), body, partner.Clerk)
	partnertest.Mandate(t, tx, partnertest.Person(t, tx, "Eerste"), body, partner.Councillor)
	d := partner.MandateDraft{PersonID: partnertest.Person(t, tx, "Tweede").ID, BodyID: body.ID, Function: partner.Councillor, StartsOn: date(2017, 1, 1)}
	_, err = partner.CreateMandate(t.Context(), tx, partnertest.Seeder, d)
	faultOf(t, err, partner.SeatsRule)
	d.Reasons = map[string]string{partner.SeatsRule: "tijdelijke vervanging wegens ziekte"}
	if _, err := partner.CreateMandate(t.Context(), tx, partnertest.Seeder, d); err != nil {
		t.Errorf("with a reason: %v", err)
	}
	d = partner.MandateDraft{
		PersonID: partnertest.Person(t, tx, "Eerder").ID, BodyID: body.ID, Function: partner.Councillor,
		StartsOn: date(2016, 1, 1), EndsOn: on(2017, 1, 1),
	}
	if _, err := partner.CreateMandate(t.Context(), tx, partnertest.Seeder, d); err != nil {
		t.Errorf("before the others: %v", err)
	}
}

func TestARoleEndsOnTheDayGiven(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	o := partnertest.Organisation(t, tx, "Heemstede")
	g := partnertest.Role(t, tx, partnertest.Person(t, tx, "Jansen"), access.Author, o.ID)
	for range 2 {
		if err := partner.EndRole(t.Context(), tx, partnertest.Seeder, g, date(2018, 7, 1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := partner.EndRole(t.Context(), tx, as(access.Grant{Role: access.Clerk, Organisation: o.ID}), g, date(2018, 7, 1)); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a griffier: %v", err)
	}
	to, err := postgres.One[time.Time](t.Context(), tx, `select valid_to from role_grants where id = @id`, postgres.Args{"id": g}.As(access.Actor{}))
	if err != nil || !to.Equal(date(2018, 7, 1)) {
		t.Errorf("ends %v, %v", to, err)
	}
}

func TestWorkMailIsForAdministrators(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	p, err := partner.CreatePerson(t.Context(), tx, partnertest.Seeder, partner.PersonDraft{Family: "Jansen", WorkEmail: "a.jansen@heemstede.example"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		actor access.Actor
		want  string
	}{{access.Actor{}, ""}, {as(access.Grant{Role: access.Clerk, Organisation: "x"}), ""}, {as(access.Grant{Role: access.Admin}), p.WorkEmail}} {
		if got, err := partner.FindPerson(t.Context(), tx, c.actor, p.ID); err != nil || got.WorkEmail != c.want {
			t.Errorf("got %q, %v, want %q", got.WorkEmail, err, c.want)
		}
	}
}

func TestFaultsOfAnOrganisation(t *testing.T) {
	t.Parallel()
	minus := -1
	for field, spoil := range map[string]func(*partner.OrganisationDraft){
		"key": func(d *partner.OrganisationDraft) { d.Key = "nieuw" }, "kind": func(d *partner.OrganisationDraft) { d.Kind = "club" },
		"official_name": func(d *partner.OrganisationDraft) { d.OfficialName = "" }, "province": func(d *partner.OrganisationDraft) { d.Province = "Holland" },
		"website": func(d *partner.OrganisationDraft) { d.Website = "javascript:alert(1)" }, "cbs_code": func(d *partner.OrganisationDraft) { d.CBSCode = "39" },
		"oin": func(d *partner.OrganisationDraft) { d.OIN = "1" }, "tooi_uri": func(d *partner.OrganisationDraft) { d.TooiURI = "gm0397" },
		"inhabitants": func(d *partner.OrganisationDraft) { d.Inhabitants = &minus }, "colour": func(d *partner.OrganisationDraft) { d.Colour = "#ffffff" },
		"valid_to": func(d *partner.OrganisationDraft) { d.ValidFrom, d.ValidTo = on(2018, 2, 1), on(2018, 1, 1) },
	} {
		d := partner.OrganisationDraft{Key: "heemstede", Kind: partner.Municipality, OfficialName: "Gemeente Heemstede"}
		if err := d.Check(partnertest.Then); err != nil {
			t.Fatal(err)
		}
		spoil(&d)
		faultOf(t, d.Check(partnertest.Then), field)
	}
}

func TestNoNameBecomesThePageThatAdds(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Nieuw", "!!"} {
		faultOf(t, partner.OrganisationDraft{Kind: partner.Municipality, OfficialName: name}.Check(partnertest.Then), "key")
	}
}

func TestEveryColourOfThePaletteIsReadable(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 500 {
		c := partner.Colour(id.NewKey())
		seen[c] = true
		d := partner.OrganisationDraft{Kind: partner.Municipality, OfficialName: "Gemeente", Colour: c}
		if err := d.Check(partnertest.Then); err != nil {
			t.Fatalf("%s: %v", c, err)
		}
	}
	if len(seen) != 16 {
		t.Errorf("%d colours, want 16", len(seen))
	}
}

func TestListsOfPeopleAndOrganisationsHaveBounds(t *testing.T) {
	t.Parallel()
	many := make([]string, 51)
	var fields fault.Fields
	if err := (partner.MandateDraft{Portfolio: many}).Check(partnertest.Then); !errors.As(err, &fields) || fields["portfolio"] == "" {
		t.Errorf("51 subjects: %v", err)
	}
	if err := (partner.OrganisationDraft{Successors: many, FormerNames: many}).Check(partnertest.Then); !errors.As(err, &fields) ||
		fields["successors"] == "" || fields["former_names"] == "" {
		t.Errorf("51 successors and names: %v", err)
	}
}
