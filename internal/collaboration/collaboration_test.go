package collaboration_test

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

func on(year int, month time.Month, d int) *time.Time {
	t := time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
	return &t
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
	own, other, third := partnertest.Organisation(t, tx, "VRHM"), partnertest.Organisation(t, tx, "Hillegom"), partnertest.Organisation(t, tx, "Leiden")
	c := collaborationtest.Collaboration(t, tx, collaboration.Covenant, own)
	p := collaborationtest.Participant(t, tx, c, third)
	as := func(r access.Role, o id.Organisation) access.Actor {
		return access.Actor{At: partnertest.Then, Grants: []access.Grant{{Role: r, Organisation: o}}}
	}
	for name, a := range map[string]struct {
		actor access.Actor
		may   bool
	}{
		"public":                     {access.Actor{}, false},
		"administrator":              {as(access.Admin, ""), true},
		"own administrator":          {as(access.Admin, own.ID), false}, // accounts and settings, no content
		"other administrator":        {as(access.Admin, other.ID), false},
		"own samenwerkingsbeheer":    {as(access.PartnershipManager, own.ID), true},
		"other samenwerkingsbeheer":  {as(access.PartnershipManager, other.ID), false},
		"own griffier":               {as(access.Clerk, own.ID), false},
		"duty of the register":       {access.Actor{Duty: partner.ImportDuty}, true},
		"duty of the first account":  {access.Actor{Duty: partner.AdminDuty}, false},
		"samenwerkingsbeheer of one": {as(access.PartnershipManager, third.ID), false},
	} {
		for act, do := range map[string]func(db postgres.DB) error{
			"create": func(db postgres.DB) error {
				_, err := collaboration.Create(t.Context(), db, a.actor,
					collaboration.Draft{Facts: collaboration.Facts{Name: "Nieuwe samenwerking", Form: collaboration.Network, OrganisationID: own.ID}})
				return err
			},
			"revise": func(db postgres.DB) error {
				_, err := collaboration.Revise(t.Context(), db, a.actor, c.ID, c.Version, collaboration.Draft{Facts: c.Facts})
				return err
			},
			"join": func(db postgres.DB) error {
				_, err := collaboration.Join(t.Context(), db, a.actor, collaboration.ParticipationDraft{CollaborationID: c.ID, OrganisationID: other.ID})
				return err
			},
			"leave": func(db postgres.DB) error {
				return collaboration.Leave(t.Context(), db, a.actor, p, *on(2018, 7, 1))
			},
		} {
			try, err := tx.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			err = do(try)
			if a.may && err != nil || !a.may && !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s, %s: %v, want allowed = %t", name, act, err, a.may)
			}
			if err := try.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestWhoTakesPartKeepsWhatNoOrganisationCarries(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	in, out, gone, soon := partnertest.Organisation(t, tx, "Heemstede"), partnertest.Organisation(t, tx, "Hillegom"),
		partnertest.Organisation(t, tx, "Leiden"), partnertest.Organisation(t, tx, "Zoeterwoude")
	c := collaborationtest.Collaboration(t, tx, collaboration.PlainArrangement, partner.Organisation{}, in)
	mine := collaborationtest.Participant(t, tx, c, partnertest.Organisation(t, tx, "Teylingen"))
	left := collaborationtest.Participant(t, tx, c, gone)
	if err := collaboration.Leave(t.Context(), tx, partnertest.Seeder, left, partnertest.Then); err != nil {
		t.Fatal(err)
	}
	if _, err := collaboration.Join(t.Context(), tx, partnertest.Seeder,
		collaboration.ParticipationDraft{CollaborationID: c.ID, OrganisationID: soon.ID, JoinedOn: on(2019, 1, 1)}); err != nil {
		t.Fatal(err)
	}
	var list []collaboration.Participant
	if err := postgres.Read(t.Context(), tx, collaboration.ParticipantsInto(&list, access.Actor{}, c.Key)); err != nil {
		t.Fatal(err)
	}
	of := map[id.Organisation]id.Participation{}
	for _, p := range list {
		of[p.OrganisationID] = p.ID
	}
	as := func(r access.Role, o partner.Organisation) access.Actor {
		return access.Actor{At: partnertest.Then, Grants: []access.Grant{{Role: r, Organisation: o.ID}}}
	}
	facts := c.Facts
	facts.CouncilRole = "via_executive"
	acts := map[string]func(db postgres.DB, a access.Actor) error{
		"revise": func(db postgres.DB, a access.Actor) error {
			_, err := collaboration.Revise(t.Context(), db, a, c.ID, c.Version, collaboration.Draft{Facts: facts})
			return err
		},
		"take over": func(db postgres.DB, a access.Actor) error {
			carried := facts
			carried.OrganisationID = in.ID
			_, err := collaboration.Revise(t.Context(), db, a, c.ID, c.Version, collaboration.Draft{Facts: carried})
			return err
		},
		"join": func(db postgres.DB, a access.Actor) error {
			_, err := collaboration.Join(t.Context(), db, a, collaboration.ParticipationDraft{CollaborationID: c.ID, OrganisationID: out.ID})
			return err
		},
		"leave": func(db postgres.DB, a access.Actor) error {
			return collaboration.Leave(t.Context(), db, a, of[in.ID], *on(2018, 7, 1))
		},
		"let another leave": func(db postgres.DB, a access.Actor) error {
			return collaboration.Leave(t.Context(), db, a, mine, *on(2018, 7, 1))
		},
	}
	for name, a := range map[string]struct {
		actor access.Actor
		may   []string
	}{
		"public":                                 {access.Actor{At: partnertest.Then}, nil},
		"administrator":                          {as(access.Admin, partner.Organisation{}), []string{"revise", "take over", "join", "leave", "let another leave"}},
		"samenwerkingsbeheer of one who is in":   {as(access.PartnershipManager, in), []string{"revise", "leave"}},
		"samenwerkingsbeheer of one who is not":  {as(access.PartnershipManager, out), nil},
		"samenwerkingsbeheer of one who was":     {as(access.PartnershipManager, gone), nil},
		"samenwerkingsbeheer of one who will be": {as(access.PartnershipManager, soon), nil},
		"griffier of one who is in":              {as(access.Clerk, in), nil},
		"functioneel beheerder of one who is in": {as(access.Admin, in), nil},
	} {
		for act, do := range acts {
			try, err := tx.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			may := slices.Contains(a.may, act)
			if err := do(try, a.actor); may && err != nil || !may && !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s, %s: %v, want allowed = %t", name, act, err, may)
			}
			if err := try.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestACollaborationIsNotMovedToWhereOneMayNot(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	own, other := partnertest.Organisation(t, tx, "VRHM"), partnertest.Organisation(t, tx, "Hillegom")
	c := collaborationtest.Collaboration(t, tx, collaboration.Covenant, own)
	c.OrganisationID = other.ID
	actor := access.Actor{At: partnertest.Then, Grants: []access.Grant{{Role: access.PartnershipManager, Organisation: own.ID}}}
	if _, err := collaboration.Revise(t.Context(), tx, actor, c.ID, c.Version, collaboration.Draft{Facts: c.Facts}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("got %v", err)
	}
}

func TestAnOperationsOrgAdmitsCollegesOnly(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	carrier, town := partnertest.Organisation(t, tx, "GRSK"), partnertest.Organisation(t, tx, "Hillegom")
	c := collaborationtest.Collaboration(t, tx, collaboration.OperationsOrg, carrier)
	for _, organs := range [][]string{nil, {"raad"}, {"raad", "college"}, {"burgemeester"}} {
		_, err := collaboration.Join(t.Context(), tx, partnertest.Seeder,
			collaboration.ParticipationDraft{CollaborationID: c.ID, OrganisationID: town.ID, Organs: organs})
		faultOf(t, err, "organs")
	}
	collaborationtest.Participant(t, tx, c, town)

	open := collaborationtest.Collaboration(t, tx, collaboration.PlainArrangement, carrier)
	if _, err := collaboration.Join(t.Context(), tx, partnertest.Seeder,
		collaboration.ParticipationDraft{CollaborationID: open.ID, OrganisationID: town.ID, Organs: []string{"raad"}}); err != nil {
		t.Fatal(err)
	}
	open.Form = collaboration.OperationsOrg
	_, err := collaboration.Revise(t.Context(), tx, partnertest.Seeder, open.ID, open.Version, collaboration.Draft{Facts: open.Facts})
	faultOf(t, err, "form")
}

func TestTheFormFitsTheBoardsThereAre(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	c := collaborationtest.Collaboration(t, tx, collaboration.PublicBody, partnertest.Organisation(t, tx, "VRHM"))
	collaborationtest.Body(t, tx, c, partner.GeneralBoard)
	c.Form = collaboration.JointOrgan
	_, err := collaboration.Revise(t.Context(), tx, partnertest.Seeder, c.ID, c.Version, collaboration.Draft{Facts: c.Facts})
	faultOf(t, err, "form")
}

func TestAnOrganisationTakesPartOnceAtATime(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	town := partnertest.Organisation(t, db, "Hillegom")
	c := collaborationtest.Collaboration(t, db, collaboration.Covenant, partnertest.Organisation(t, db, "VRHM"))
	d := collaboration.ParticipationDraft{CollaborationID: c.ID, OrganisationID: town.ID, Organs: []string{"college"}, JoinedOn: on(2016, 1, 1)}
	var wg sync.WaitGroup
	for range 4 { // the same at once is one
		wg.Go(func() {
			if _, err := collaboration.Join(t.Context(), db, partnertest.Seeder, d); err != nil {
				t.Errorf("got %v", err)
			}
		})
	}
	wg.Wait()
	var list []collaboration.Participant
	read := func() {
		t.Helper()
		if err := postgres.Read(t.Context(), db, collaboration.ParticipantsInto(&list, access.Actor{}, c.Key)); err != nil {
			t.Fatal(err)
		}
	}
	if read(); len(list) != 1 {
		t.Fatalf("got %+v, want one", list)
	}
	d.JoinedOn = on(2017, 1, 1)
	_, err := collaboration.Join(t.Context(), db, partnertest.Seeder, d)
	faultOf(t, err, "organisation_id")
	for range 2 {
		if err := collaboration.Leave(t.Context(), db, partnertest.Seeder, list[0].ID, *on(2017, 1, 1)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := collaboration.Join(t.Context(), db, partnertest.Seeder, d); err != nil {
		t.Errorf("from the day it left: %v", err)
	}
	if read(); len(list) != 2 || !list[0].In(partnertest.Then) || list[1].In(partnertest.Then) {
		t.Errorf("got %+v", list)
	}
	_, err = collaboration.Join(t.Context(), db, partnertest.Seeder, collaboration.ParticipationDraft{CollaborationID: c.ID, OrganisationID: c.OrganisationID})
	faultOf(t, err, "organisation_id")
}

func TestWhoComesSecondGetsAConflict(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	c := collaborationtest.Collaboration(t, tx, collaboration.Network, partner.Organisation{})
	for _, want := range []error{nil, fault.Conflict} {
		if _, err := collaboration.Revise(t.Context(), tx, partnertest.Seeder, c.ID, c.Version, collaboration.Draft{Facts: c.Facts}); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
}

func TestListsAreFilteredAndPaged(t *testing.T) {
	tx := pgtest.Tx(t)
	all := table(t)
	load(t, tx, all, false)
	ctx := t.Context()

	first, more, total, err := partner.List(ctx, tx, importer, partner.Filter{Kind: partner.Municipality}, 1)
	if err != nil || len(first) != partner.PageSize || !more || total != 342 {
		t.Errorf("municipalities: %d, more %t, of %d, %v", len(first), more, total, err)
	}
	last, more, _, err := partner.List(ctx, tx, importer, partner.Filter{Kind: partner.Municipality}, 7)
	if err != nil || len(last) != 342-6*partner.PageSize || more {
		t.Errorf("last page: %d, more %t, %v", len(last), more, err)
	}
	found, _, _, err := partner.List(ctx, tx, importer, partner.Filter{Name: "HEEMSTEDE", Province: "Noord-Holland"}, 1)
	if err != nil || len(found) != 1 || found[0].Key != "heemstede" {
		t.Errorf("by name: %v, %v", found, err)
	}
	if wild, _, _, err := partner.List(ctx, tx, importer, partner.Filter{Name: "%"}, 1); err != nil || len(wild) != 0 {
		t.Errorf("a percent sign: %d found, %v", len(wild), err)
	}
	ended, _, _, err := partner.List(ctx, tx, importer, partner.Filter{Ended: true}, 1)
	for _, o := range ended {
		if !o.Ended(importer.At) {
			t.Errorf("%s has not ended", o.Key)
		}
	}
	if err != nil || len(ended) == 0 {
		t.Errorf("none ended, %v", err)
	}

	joint, _, total, err := collaboration.List(ctx, tx, importer,
		collaboration.Filter{Name: "hollands midden", Form: collaboration.PublicBody, Province: "Zuid-Holland"}, 1)
	if err != nil || total == 0 || joint[0].Participants == 0 {
		t.Errorf("by name, form and province: %+v, %v", joint, err)
	}
	if none, _, _, err := collaboration.List(ctx, tx, importer, collaboration.Filter{Name: "hollands midden", Province: "Groningen"}, 1); err != nil ||
		len(none) != 0 {
		t.Errorf("elsewhere: %+v, %v", none, err)
	}
	var memberships []collaboration.Membership
	if err := postgres.Read(ctx, tx, collaboration.OfInto(&memberships, importer, "heemstede")); err != nil || len(memberships) < 5 {
		t.Errorf("of Heemstede: %d, %v", len(memberships), err)
	}
	seen := map[string]bool{}
	for _, m := range memberships {
		if seen[m.Key] {
			t.Errorf("%s twice", m.Key)
		}
		seen[m.Key] = true
	}
}
