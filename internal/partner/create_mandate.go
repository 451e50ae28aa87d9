package partner

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/trail"
)

// CreateMandate appoints a person in a body. More members than seats asks for a reason under SeatsRule. The same
// appointment twice is one mandate.
func CreateMandate(ctx context.Context, db postgres.DB, actor access.Actor, d MandateDraft) (Mandate, error) {
	var made Mandate
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		b, err := lockBody(ctx, tx, actor, d.BodyID)
		if err != nil {
			return err
		}
		if err := checkAppointment(actor, b, d); err != nil {
			return err
		}
		m := newMandate(d)
		if err := mandateFits(ctx, tx, actor, b, &m); err != nil {
			return err
		}
		there, err := overlapping(ctx, tx, actor, m)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(there, m.same); i >= 0 {
			made = there[i]
			return nil
		}
		if len(there) > 0 {
			return fault.Fields{"starts_on": "Deze persoon heeft deze functie al vanaf " + dutch.Date(there[0].StartsOn) +
				". Kies een periode die niet overlapt, of beëindig eerst die functie."}
		}
		n, err := sitting(ctx, tx, actor, b, m)
		if err != nil {
			return err
		}
		findings := seatRules(b, n)
		if err := findings.Unmet(d.Reasons); err != nil {
			return err
		}
		if made, err = insertMandate(ctx, tx, actor, m); err != nil {
			return err
		}
		return trail.Note(ctx, tx, actor, trail.Act{
			Name: "mandate.create", Thing: string(made.ID), About: made.PersonID, Bodies: []id.Body{b.ID}, OrgIDs: []id.Organisation{b.OrganisationID},
			Reason: findings.Reasons(d.Reasons),
		})
	})
	return made, err
}

// checkAppointment says why the actor makes no mandate of this draft in the body.
func checkAppointment(actor access.Actor, b Body, d MandateDraft) error {
	if !CanAppoint(actor, b) {
		return fault.Forbidden
	}
	if Himself(actor, d.PersonID) {
		return fault.Fields{"person_id": "U geeft uzelf geen functie. Vraag een andere beheerder of de griffier van " + b.Name + " om dat te doen."}
	}
	return d.Check(actor.At)
}

func newMandate(d MandateDraft) Mandate {
	m := Mandate{
		ID: id.New[id.Mandate](), PersonID: d.PersonID, BodyID: d.BodyID, Function: d.Function, OnBehalfOfOrgID: d.OnBehalfOfOrgID,
		PartyGroup: d.PartyGroup, Portfolio: d.Portfolio, Voting: !d.NonVoting && d.Function.votes(), VoteWeight: d.VoteWeight,
		DependsOnMandateID: d.DependsOnMandateID, AppointedByBodyID: d.AppointedByBodyID, StartsOn: dutch.Day(d.StartsOn), EndsOn: dutch.DayOf(d.EndsOn),
	}
	if m.VoteWeight == 0 {
		m.VoteWeight = 1
	}
	return m
}

// same tells a repeat of an appointment from another one.
func (m Mandate) same(o Mandate) bool {
	return m.StartsOn.Equal(o.StartsOn) && (m.EndsOn == nil) == (o.EndsOn == nil) && (m.EndsOn == nil || m.EndsOn.Equal(*o.EndsOn)) &&
		m.PartyGroup == o.PartyGroup && m.OnBehalfOfOrgID == o.OnBehalfOfOrgID
}

// mandateFits asks of the database what a draft alone cannot tell, and lets the mandate end with the one it rests on.
func mandateFits(ctx context.Context, db postgres.DB, actor access.Actor, b Body, m *Mandate) error {
	faults := fault.Fields{}
	o, err := organisationByID(ctx, db, actor, b.OrganisationID)
	if err != nil {
		return err
	}
	faults.Must(!o.Ended(actor.At) && !o.Ended(m.StartsOn), "starts_on",
		"Deze organisatie bestaat dan niet meer. In een opgeheven organisatie begint geen functie.")
	faults.Must(!b.Ended(actor.At) && !b.Ended(m.StartsOn), "starts_on", "Dit gremium bestaat dan niet meer. In een opgeheven gremium begint geen functie.")
	if err := sendsFrom(ctx, db, actor, *m, faults); err != nil {
		return err
	}
	if _, err := FindPerson(ctx, db, actor, m.PersonID); errors.Is(err, fault.NotFound) {
		faults.Must(false, "person_id", "Kies een persoon uit de lijst.")
	} else if err != nil {
		return err
	}
	if m.AppointedByBodyID != "" {
		known, err := postgres.One[bool](ctx, db, `select exists (select from bodies where id = @id)`, postgres.Args{"id": m.AppointedByBodyID}.As(actor))
		if err != nil {
			return err
		}
		faults.Must(known, "appointed_by_body_id", "Kies een gremium uit de lijst.")
	}
	if err := restsOn(ctx, db, actor, m, faults); err != nil {
		return err
	}
	return faults.Err()
}

// sendsFrom asks whether the organisation on whose behalf the mandate is exists then.
func sendsFrom(ctx context.Context, db postgres.DB, actor access.Actor, m Mandate, faults fault.Fields) error {
	if m.OnBehalfOfOrgID == "" {
		return nil
	}
	from, err := organisationByID(ctx, db, actor, m.OnBehalfOfOrgID)
	if errors.Is(err, fault.NotFound) {
		faults.Must(false, "on_behalf_of_org_id", "Kies een organisatie uit de lijst.")
		return nil
	}
	if err != nil {
		return err
	}
	faults.Must(!from.Ended(actor.At) && !from.Ended(m.StartsOn), "on_behalf_of_org_id", "Deze organisatie bestaat dan niet meer. Kies een andere organisatie.")
	return nil
}

// restsOn asks whether the mandate on which m rests bears it, and lets m end with it.
func restsOn(ctx context.Context, db postgres.DB, actor access.Actor, m *Mandate, faults fault.Fields) error {
	if m.DependsOnMandateID == "" {
		return nil
	}
	parent, err := lockMandate(ctx, db, actor, m.DependsOnMandateID)
	if errors.Is(err, fault.NotFound) {
		faults.Must(false, "depends_on_mandate_id", "Kies een functie uit de lijst.")
		return nil
	}
	if err != nil {
		return err
	}
	faults.Must(parent.PersonID == m.PersonID, "depends_on_mandate_id", "Deze functie is van iemand anders. Kies een functie van dezelfde persoon.")
	faults.Must(parent.In(m.StartsOn), "depends_on_mandate_id",
		"De functie waar dit op rust, geldt niet op de eerste dag. Kies een andere functie of een andere dag.")
	if parent.EndsOn != nil && (m.EndsOn == nil || m.EndsOn.After(*parent.EndsOn)) {
		m.EndsOn = parent.EndsOn
	}
	return nil
}

// EndMandate ends a mandate on a day, the first on which it no longer counts, and in the same act every mandate that rests
// on it (WGR-13.2). A mandate that has ended can end earlier, never later.
func EndMandate(ctx context.Context, db postgres.DB, actor access.Actor, mandate id.Mandate, on time.Time, reason string) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		m, err := lockMandate(ctx, tx, actor, mandate)
		if err != nil {
			return err
		}
		b, err := postgres.One[Body](ctx, tx, `select `+bodyColumns+` from bodies b where b.id = @id`, postgres.Args{"id": m.BodyID}.As(actor))
		if err != nil {
			return err
		}
		if !CanAppoint(actor, b) {
			return fault.Forbidden
		}
		day, err := m.endingOn(on)
		if err != nil {
			return err
		}
		all, err := endMandates(ctx, tx, actor, m.ID, day, reason)
		if err != nil {
			return err
		}
		return noteEnds(ctx, tx, actor, m, all, reason)
	})
}

// endingOn is the day on which m can no longer count, or why it cannot be that day.
func (m Mandate) endingOn(day time.Time) (time.Time, error) {
	if day.IsZero() {
		return day, fault.Fields{"ends_on": "Vul in vanaf welke dag de functie niet meer geldt."}
	}
	day = dutch.Day(day)
	if day.Before(m.StartsOn) {
		return day, fault.Fields{"ends_on": "De functie begint pas op " + dutch.Date(m.StartsOn) + ". Kies die dag of een latere."}
	}
	if m.EndsOn != nil && day.After(*m.EndsOn) {
		return day, fault.Fields{"ends_on": "De functie eindigt al op " + dutch.Date(*m.EndsOn) + ". Kies die dag of een eerdere."}
	}
	return day, nil
}

// noteEnds notes of each mandate that ended whether it was meant itself or rested on the one that was.
func noteEnds(ctx context.Context, tx pgx.Tx, actor access.Actor, meant Mandate, all []ended, reason string) error {
	for _, e := range all {
		act := "mandate.end"
		if e.ID != meant.ID {
			act = "mandate.end_with_parent"
		}
		if err := trail.Note(ctx, tx, actor, trail.Act{
			Name: act, Thing: string(e.ID), About: e.PersonID, OrgIDs: []id.Organisation{e.OrganisationID}, Reason: reason, Quiet: true,
		}); err != nil {
			return err
		}
	}
	return nil
}
