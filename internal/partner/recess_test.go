package partner_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

func recess(o partner.Organisation, b id.Body, name, from, until string) partner.RecessDraft {
	read := func(s string) *time.Time {
		t, err := time.Parse(time.DateOnly, s)
		if err != nil {
			panic(err)
		}
		return &t
	}
	return partner.RecessDraft{OrganisationID: o.ID, BodyID: b, Name: name, StartsOn: read(from), LastOn: read(until)}
}

func TestWhoKeepsRecesses(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	o, other := partnertest.Organisation(t, tx, "Heemstede"), partnertest.Organisation(t, tx, "Bloemendaal")
	council, college := partnertest.Body(t, tx, o, partner.Council), partnertest.Body(t, tx, o, partner.Executive)
	for name, c := range map[string]struct {
		actor                        access.Actor
		whole, forCouncil, forOthers bool
	}{
		"public":                    {as(), false, false, false},
		"griffier":                  {as(access.Grant{Role: access.Clerk, Organisation: o.ID, Body: council.ID}), true, true, false},
		"griffiemedewerker":         {as(access.Grant{Role: access.ClerkStaff, Organisation: o.ID, Body: council.ID}), true, true, false},
		"beheerder of it":           {as(access.Grant{Role: access.Admin, Organisation: o.ID}), true, true, true},
		"beheerder of all":          {as(access.Grant{Role: access.Admin}), true, true, true},
		"secretaris":                {as(access.Grant{Role: access.Secretary, Organisation: o.ID, Body: college.ID}), false, false, false},
		"raadslid":                  {as(access.Grant{Role: access.Member, Organisation: o.ID, Body: council.ID}), false, false, false},
		"griffier elsewhere":        {as(access.Grant{Role: access.Clerk, Organisation: other.ID}), false, false, false},
		"beheerder of another":      {as(access.Grant{Role: access.Admin, Organisation: other.ID}), false, false, false},
		"samenwerkingsbeheerder":    {as(access.Grant{Role: access.PartnershipManager, Organisation: o.ID}), false, false, false},
		"griffier without the body": {as(access.Grant{Role: access.Clerk, Organisation: o.ID}), true, false, false},
	} {
		for i, try := range []struct {
			body id.Body
			may  bool
		}{{"", c.whole}, {council.ID, c.forCouncil}, {college.ID, c.forOthers}} {
			sub, err := tx.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			_, err = partner.CreateRecess(t.Context(), sub, c.actor, recess(o, try.body, "Zomerreces", "2018-07-07", "2018-08-19"))
			var fields fault.Fields
			if refused := errors.Is(err, fault.Forbidden) || errors.As(err, &fields) && fields["body_id"] != ""; try.may != (err == nil) || !try.may && !refused {
				t.Errorf("%s, body %d: %v, want %v", name, i, err, try.may)
			}
			_ = sub.Rollback(t.Context())
		}
	}
}

func TestARecessIsCorrectedAndRemoved(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	o := partnertest.Organisation(t, tx, "Heemstede")
	council := partnertest.Body(t, tx, o, partner.Council)
	clerk := as(access.Grant{Role: access.Clerk, Organisation: o.ID, Body: council.ID})
	ctx := t.Context()
	made, err := partner.CreateRecess(ctx, tx, clerk, recess(o, council.ID, "Zomerreces", "2018-07-07", "2018-08-19"))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := partner.CreateRecess(ctx, tx, clerk, recess(o, council.ID, "Zomerreces", "2018-07-07", "2018-08-19")); err != nil || again.ID != made.ID {
		t.Errorf("the same twice: %v, %v", again, err)
	}
	list := func() []partner.Recess {
		var all []partner.Recess
		if err := postgres.Read(ctx, tx, partner.RecessesInto(&all, access.Actor{At: partnertest.Then}, o.Key)); err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := list(); len(all) != 1 || all[0].BodyID != council.ID || all[0].LastOn.Format(time.DateOnly) != "2018-08-19" {
		t.Errorf("the public sees %+v", all)
	}
	revised, err := partner.ReviseRecess(ctx, tx, clerk, made.ID, made.Version, recess(o, "", "Zomerreces 2018", "2018-07-14", "2018-08-26"))
	if err != nil || revised.Version != 2 || revised.BodyID != "" {
		t.Errorf("revising: %+v, %v", revised, err)
	}
	if _, err := partner.ReviseRecess(ctx, tx, clerk, made.ID, made.Version, recess(o, "", "Anders", "2018-07-14", "2018-08-27")); !errors.Is(err,
		fault.Conflict) {
		t.Errorf("with an old version: %v, want a conflict", err)
	}
	if err := partner.RemoveRecess(ctx, tx, clerk, o.ID, made.ID, made.Version); !errors.Is(err, fault.Conflict) {
		t.Errorf("removing what someone changed: %v, want a conflict", err)
	}
	if err := partner.RemoveRecess(ctx, tx, as(), o.ID, made.ID, revised.Version); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the public removes: %v", err)
	}
	for range 2 { // the second time it is gone
		if err := partner.RemoveRecess(ctx, tx, clerk, o.ID, made.ID, revised.Version); err != nil {
			t.Errorf("removing: %v", err)
		}
	}
	if all := list(); len(all) != 0 {
		t.Errorf("still there: %+v", all)
	}
	if err := partner.RemoveRecess(ctx, tx, as(), o.ID, made.ID, 1); !errors.Is(err, fault.NotFound) {
		t.Errorf("the public removes what is gone: %v", err)
	}
}

func TestWhatARecessMustBe(t *testing.T) {
	t.Parallel()
	o := partner.Organisation{}
	for name, d := range map[string]partner.RecessDraft{
		"name":      recess(o, "", " ", "2018-07-07", "2018-08-19"),
		"last_on":   recess(o, "", "Zomer", "2018-07-07", "2018-07-06"),
		"starts_on": recess(o, "", "Zomer", "1918-07-07", "1918-07-08"),
	} {
		var fields fault.Fields
		if !errors.As(d.Check(partnertest.Then), &fields) || fields[name] == "" || len(fields) != 1 {
			t.Errorf("%s: %v", name, fields)
		}
	}
	if err := recess(o, "", "Zomer", "2018-07-07", "2019-07-06").Check(partnertest.Then); err == nil {
		t.Error("a recess of a year is taken for one")
	}
	if err := recess(o, "", "Eén dag", "2018-07-07", "2018-07-07").Check(partnertest.Then); err != nil {
		t.Errorf("one day: %v", err)
	}
}

func TestTwoGriffiersWhoCorrectOneRecess(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	o := partnertest.Organisation(t, db, "Heemstede")
	clerk := as(access.Grant{Role: access.Clerk, Organisation: o.ID})
	made, err := partner.CreateRecess(t.Context(), db, clerk, recess(o, "", "Zomerreces", "2018-07-07", "2018-08-19"))
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	answers := make([]error, 2)
	for i, name := range []string{"Van de een", "Van de ander"} {
		wait.Go(func() {
			_, answers[i] = partner.ReviseRecess(t.Context(), db, clerk, made.ID, made.Version, recess(o, "", name, "2018-07-07", "2018-08-19"))
		})
	}
	wait.Wait()
	if (answers[0] == nil) == (answers[1] == nil) || !errors.Is(errors.Join(answers...), fault.Conflict) {
		t.Errorf("got %v, want one saved and one conflict", answers)
	}
}

func TestHisStaffSetTheTermsOfABody(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	o := partnertest.Organisation(t, tx, "Heemstede")
	council := partnertest.Body(t, tx, o, partner.Council)
	staff := as(access.Grant{Role: access.ClerkStaff, Organisation: o.ID, Body: council.ID})
	d, days := council.Draft(), 21
	d.PapersDueDays, d.Name = &days, "Iets anders"
	revised, err := partner.ReviseBody(t.Context(), tx, staff, council.ID, council.Version, d)
	if err != nil || revised.PapersDueDays == nil || *revised.PapersDueDays != 21 || revised.Name != council.Name {
		t.Errorf("got %+v, %v: only the terms are theirs", revised, err)
	}
	if partner.CanAppoint(staff, council) {
		t.Error("staff may appoint")
	}
}
