package partner

import (
	"context"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/trail"
)

func (p Person) with(d PersonDraft) Person {
	return Person{
		ID: p.ID, Initials: d.Initials, Given: d.Given, Infix: d.Infix, Family: d.Family, Prefix: d.Prefix, Suffix: d.Suffix,
		DisplayName: d.displayName(), Aliases: d.Aliases, WorkEmail: d.WorkEmail, Version: p.Version,
	}
}

// CreatePerson adds a person; an administrator may.
func CreatePerson(ctx context.Context, db postgres.DB, actor access.Actor, d PersonDraft) (Person, error) {
	var made Person
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if !CanCreatePerson(actor) {
			return fault.Forbidden
		}
		if err := d.Check(actor.At); err != nil {
			return err
		}
		var err error
		if made, err = insertPerson(ctx, tx, actor, Person{ID: id.New[id.Person]()}.with(d)); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "person.create", string(made.ID), actor.Organisations(), "")
	})
	return made, err
}

// RevisePerson changes a person. Another version than the one given is fault.Conflict.
func RevisePerson(ctx context.Context, db postgres.DB, actor access.Actor, person id.Person, version int, d PersonDraft) (Person, error) {
	var made Person
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		p, err := FindPerson(ctx, tx, actor, person)
		if err != nil {
			return err
		}
		orgs, err := ties(ctx, tx, actor, p.ID)
		if err != nil {
			return err
		}
		if !CanRevisePerson(actor, orgs) {
			return fault.Forbidden
		}
		if err := d.Check(actor.At); err != nil {
			return err
		}
		p.Version = version
		moved := p.WorkEmail != d.WorkEmail
		if made, err = updatePerson(ctx, tx, actor, p.with(d)); err != nil {
			return err
		}
		if err := audit.Note(ctx, tx, actor, "person.revise", string(p.ID), orgs, ""); err != nil || !moved {
			return err
		}
		place, err := trail.PlaceOf(ctx, tx, actor, p.ID)
		if err != nil || !place.Any {
			return err
		}
		// His mail goes elsewhere from now on: he hears so at the address he signs in with, and the griffier hears it too.
		return trail.Note(ctx, tx, actor, trail.Act{Name: "person.change_work_email", Thing: string(p.ID), About: p.ID, Bodies: place.Bodies, OrgIDs: place.OrgIDs})
	})
	return made, err
}
