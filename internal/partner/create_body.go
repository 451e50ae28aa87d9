package partner

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

func (b Body) with(d BodyDraft) Body {
	b.CollaborationID, b.Kind, b.Name, b.Abbreviation, b.SeatsTotal = d.CollaborationID, d.Kind, d.Name, d.Abbreviation, d.SeatsTotal
	b.ParentBodyID, b.PublicByDefault, b.MinMeetingsYear, b.EndedOn = d.ParentBodyID, !d.Closed, d.MinMeetingsYear, d.EndedOn
	return b.withTerms(d)
}

func (b Body) withTerms(d BodyDraft) Body {
	b.NoticeDays, b.PapersDueDays = d.NoticeDays, d.PapersDueDays
	return b
}

// CreateBody adds a body to an organisation.
func CreateBody(ctx context.Context, db postgres.DB, actor access.Actor, d BodyDraft) (Body, error) {
	var made Body
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		o, err := organisationByID(ctx, tx, actor, d.OrganisationID)
		if err != nil {
			return err
		}
		if !CanCreateBody(actor, o.ID) {
			return fault.Forbidden
		}
		if err := d.Check(actor.At); err != nil {
			return err
		}
		b := Body{ID: id.New[id.Body](), OrganisationID: o.ID, Key: d.Key}.with(d)
		if err := bodyFits(ctx, tx, actor, b); err != nil {
			return err
		}
		if b.Key == "" {
			if b.Key, err = freeKey(ctx, tx, actor, proposeKey(o, d)); err != nil {
				return err
			}
		}
		if made, err = insertBody(ctx, tx, actor, b); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "body.create", string(made.ID), []id.Organisation{o.ID}, "")
	})
	return made, err
}

// ReviseBody changes a body; its key and organisation stay. Of what a griffier or his staff send, only the terms by which
// the body works count. Another version than the one given is fault.Conflict.
func ReviseBody(ctx context.Context, db postgres.DB, actor access.Actor, body id.Body, version int, d BodyDraft) (Body, error) {
	var made Body
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		b, err := lockBody(ctx, tx, actor, body)
		if err != nil {
			return err
		}
		if !CanSetTerms(actor, b) {
			return fault.Forbidden
		}
		if !CanDefineBody(actor, b) {
			d = b.withTerms(d).Draft()
		}
		if d.Kind != b.Kind || d.ParentBodyID != b.ParentBodyID {
			if err := notOwnBody(ctx, tx, actor, b.ID, d.ParentBodyID); err != nil {
				return err
			}
		}
		d.Key = b.Key
		if err := d.Check(actor.At); err != nil {
			return err
		}
		b = b.with(d)
		if err := bodyFits(ctx, tx, actor, b); err != nil {
			return err
		}
		b.Version = version
		if made, err = updateBody(ctx, tx, actor, b); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "body.revise", string(b.ID), []id.Organisation{b.OrganisationID}, "")
	})
	return made, err
}

// notOwnBody refuses who himself sits in or works for one of the bodies: what a function opens depends on the kind of its body,
// and the griffie of a body serves what hangs below it. So a change of either could widen his own sight.
func notOwnBody(ctx context.Context, db postgres.DB, actor access.Actor, bodies ...id.Body) error {
	if actor.Person == "" {
		return nil
	}
	bodies = slices.DeleteFunc(bodies, func(b id.Body) bool { return b == "" })
	own, err := postgres.One[bool](ctx, db, `
		select exists (select from mandates where person_id = @person and body_id = any(@bodies::uuid[]) and (ends_on is null or ends_on > @today::date))
			or exists (select from role_grants where person_id = @person and body_id = any(@bodies::uuid[]) and (valid_to is null or valid_to > @today::date))`,
		postgres.Args{"person": actor.Person, "bodies": bodies, "today": dutch.Day(actor.At)}.As(actor))
	if err == nil && own {
		err = fault.Fields{"kind": "U hebt zelf een functie of rol in dit gremium of het gremium erboven. " +
			"Vraag een andere beheerder om het soort of het bovenliggende gremium te wijzigen."}
	}
	return err
}
