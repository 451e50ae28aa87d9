package partner

import (
	"context"
	"slices"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

const bodyColumns = `b.id, b.organisation_id, b.collaboration_id, b.key, b.kind, b.name, b.abbreviation, b.seats_total, b.parent_body_id,
	b.public_by_default, b.notice_days, b.papers_due_days, b.min_meetings_year, b.ended_on, b.version, b.updated_at, b.updated_by`

// FindBody returns the body with this key, or fault.NotFound.
func FindBody(ctx context.Context, db postgres.DB, actor access.Actor, key string) (Body, error) {
	var b Body
	err := postgres.Read(ctx, db, BodyInto(&b, actor, key))
	return b, err
}

// BodyInto is FindBody as one question of several.
func BodyInto(dst *Body, actor access.Actor, key string) postgres.Query {
	return postgres.OneInto(dst, `select `+bodyColumns+` from bodies b where b.key = @key`, postgres.Args{"key": key}.As(actor))
}

// OrganisationOfInto asks for the organisation of the body with this key.
func OrganisationOfInto(dst *Link, actor access.Actor, key string) postgres.Query {
	return postgres.OneInto(dst, `select o.key, o.name, o.colour from bodies b join organisations o on o.id = b.organisation_id where b.key = @key`,
		postgres.Args{"key": key}.As(actor))
}

// BodiesInto asks for the bodies of the organisation with this key, boards before committees, those that ended last.
func BodiesInto(dst *[]Body, actor access.Actor, organisation string) postgres.Query {
	return postgres.AllInto(dst, `select `+bodyColumns+` from bodies b join organisations o on o.id = b.organisation_id where o.key = @key
		order by b.ended_on is not null, array_position(@kinds::text[], b.kind), b.name`,
		postgres.Args{"key": organisation, "kinds": BodyKinds}.As(actor))
}

// CollaborationBodiesInto is BodiesInto for the bodies of the collaboration with this key.
func CollaborationBodiesInto(dst *[]Body, actor access.Actor, collaboration string) postgres.Query {
	return postgres.AllInto(dst, `select `+bodyColumns+` from bodies b join collaborations c on c.id = b.collaboration_id where c.key = @key
		order by b.ended_on is not null, array_position(@kinds::text[], b.kind), b.name`,
		postgres.Args{"key": collaboration, "kinds": BodyKinds}.As(actor))
}

// BodyOption is a choice in a form.
type BodyOption struct {
	ID                 id.Body
	Key                string
	Name               string
	Abbreviation       string
	Kind               BodyKind
	OrganisationID     id.Organisation
	OrganisationKey    string
	OrganisationName   string
	OrganisationColour string
	Own                bool // of an organisation the actor works for or sits in
}

// BodiesFor asks for all bodies that exist, those of the actor's own organisations first.
func BodiesFor(dst *[]BodyOption, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `
		select b.id, b.key, b.name, b.abbreviation, b.kind, o.id as organisation_id, o.key as organisation_key,
			o.name as organisation_name, o.colour as organisation_colour,
			o.id = any(@actor_organisations) as own
		from bodies b join organisations o on o.id = b.organisation_id
		where (b.ended_on is null or b.ended_on > @today) and (o.valid_to is null or o.valid_to >= @today)
		order by own desc, organisation_name, o.key, array_position(@kinds::text[], b.kind), b.name`,
		postgres.Args{"kinds": BodyKinds, "today": dutch.Day(actor.At)}.As(actor))
}

// CollaborationOption is a choice in the form of a body.
type CollaborationOption struct {
	ID   id.Collaboration
	Name string
	Form string
}

// CollaborationsFor asks for the collaborations a body can belong to: those of the organisation with this key first.
func CollaborationsFor(dst *[]CollaborationOption, actor access.Actor, organisation string) postgres.Query {
	return postgres.AllInto(dst, `
		select c.id, c.name, c.form from collaborations c left join organisations o on o.id = c.organisation_id
		where c.ended_on is null or c.ended_on > @today
		order by (o.key = @key) is true desc, lower(c.name)`, postgres.Args{"key": organisation, "today": dutch.Day(actor.At)}.As(actor))
}

// lockBody returns the body, held until the end of the transaction, so that two mandates in it are weighed one after the other.
func lockBody(ctx context.Context, db postgres.DB, actor access.Actor, b id.Body) (Body, error) {
	return postgres.One[Body](ctx, db, `select `+bodyColumns+` from bodies b where b.id = @id for update`, postgres.Args{"id": b}.As(actor))
}

func bodyArgs(b Body, actor access.Actor) postgres.Args {
	return postgres.Args{
		"id": b.ID, "organisation_id": b.OrganisationID, "collaboration_id": b.CollaborationID, "key": b.Key, "kind": b.Kind, "name": b.Name,
		"abbreviation": b.Abbreviation, "seats_total": b.SeatsTotal, "parent_body_id": b.ParentBodyID,
		"public_by_default": b.PublicByDefault, "notice_days": b.NoticeDays, "papers_due_days": b.PapersDueDays,
		"min_meetings_year": b.MinMeetingsYear, "ended_on": dutch.DayOf(b.EndedOn), "version": b.Version, "now": actor.At, "by": actor.Name,
	}.As(actor)
}

func insertBody(ctx context.Context, db postgres.DB, actor access.Actor, b Body) (Body, error) {
	made, err := postgres.One[Body](ctx, db, `
		insert into bodies as b (id, organisation_id, collaboration_id, key, kind, name, abbreviation, seats_total, parent_body_id,
			public_by_default, notice_days, papers_due_days, min_meetings_year, ended_on, created_at, updated_at, updated_by)
		values (@id, @organisation_id, @collaboration_id, @key, @kind, @name, @abbreviation, @seats_total, @parent_body_id,
			@public_by_default, @notice_days, @papers_due_days, @min_meetings_year, @ended_on, @now, @now, @by)
		returning `+bodyColumns, bodyArgs(b, actor))
	return made, nameTaken(keyTaken(err, "bodies_key_key"))
}

func updateBody(ctx context.Context, db postgres.DB, actor access.Actor, b Body) (Body, error) {
	made, err := changed(postgres.One[Body](ctx, db, `
		update bodies b set collaboration_id = @collaboration_id, kind = @kind, name = @name, abbreviation = @abbreviation,
			seats_total = @seats_total, parent_body_id = @parent_body_id, public_by_default = @public_by_default, notice_days = @notice_days,
			papers_due_days = @papers_due_days, min_meetings_year = @min_meetings_year, ended_on = @ended_on, version = b.version + 1,
			  updated_at = @now, updated_by = @by
		where b.id = @id and b.version = @version
		returning `+bodyColumns, bodyArgs(b, actor)))
	return made, nameTaken(err)
}

func nameTaken(err error) error {
	if postgres.Violates(err, "bodies_organisation_id_name_key") {
		return fault.Fields{"name": "Deze organisatie heeft al een gremium met deze naam. Kies een andere naam."}
	}
	return err
}

// freeKey is the proposed key, with a number behind it when another body has it.
func freeKey(ctx context.Context, db postgres.DB, actor access.Actor, proposed string) (string, error) {
	return postgres.One[string](ctx, db, `
		select k from (select @key::text as k, 1 as n union all select @key::text || '-' || n, n from generate_series(2, 99) n) x
		where not exists (select from bodies b where b.key = x.k) order by n limit 1`, postgres.Args{"key": proposed}.As(actor))
}

// bodyFits asks of the database what a draft alone cannot tell: the form of the collaboration, and a parent in the same organisation.
func bodyFits(ctx context.Context, db postgres.DB, actor access.Actor, b Body) error {
	faults := fault.Fields{}
	if b.CollaborationID != "" {
		forms, err := postgres.All[string](ctx, db, `select form from collaborations where id = @id`, postgres.Args{"id": b.CollaborationID}.As(actor))
		if err != nil {
			return err
		}
		wanted := formOf[b.Kind]
		faults.Must(len(forms) == 1, "collaboration_id", "Deze samenwerking bestaat niet. Kies een samenwerking uit de lijst.")
		faults.Must(wanted == "" || slices.Contains(forms, wanted), "collaboration_id",
			"Een gremium van het soort "+b.Kind.Label()+" past niet bij de vorm van deze samenwerking. Kies een ander soort of een andere samenwerking.")
	}
	if b.ParentBodyID != "" {
		fits, err := postgres.One[bool](ctx, db, `select exists (select from bodies where id = @parent and id <> @id and organisation_id = @org)`,
			postgres.Args{"parent": b.ParentBodyID, "id": b.ID, "org": b.OrganisationID}.As(actor))
		if err != nil {
			return err
		}
		faults.Must(fits, "parent_body_id", "Kies een ander gremium van dezelfde organisatie.")
	}
	return faults.Err()
}
