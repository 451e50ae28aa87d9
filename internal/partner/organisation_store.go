package partner

import (
	"context"
	"errors"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

const organisationColumns = `o.id, o.key, coalesce(o.ref, '') as ref, o.kind, o.official_name, o.short_name, o.former_names, o.tooi_uri, o.cbs_code, o.oin,
	o.roo_id, o.website, o.province, o.safety_region, o.inhabitants, o.seats, o.seat_place, o.colour, o.valid_from, o.valid_to, o.inner_steps,
	  o.version, o.updated_at, o.updated_by`

// PageSize is how many rows a page of a list has.
const PageSize = 50

// Filter chooses organisations for a list; what is empty does not choose.
type Filter struct {
	Name     string // a part of the official, the short or a former name
	Kind     Kind
	Province string
	Ended    bool // those that are no more, instead of those that are
}

func (f Filter) args(actor access.Actor) postgres.Args {
	return postgres.Args{"name": f.Name, "kind": f.Kind, "province": f.Province, "today": dutch.Day(actor.At)}.As(actor)
}

func (f Filter) condition() string {
	c := `(o.valid_to is null or o.valid_to >= @today::date)`
	if f.Ended {
		c = `o.valid_to < @today::date`
	}
	return c +
		postgres.When(f.Name != "", `strpos(lower(o.official_name || ' ' || o.short_name || ' ' || array_to_string(o.former_names, ' ')), lower(@name)) > 0`) +
		postgres.When(f.Kind != "", `o.kind = @kind`) + postgres.When(f.Province != "", `o.province = @province`)
}

// List gives a page of organisations by name, whether there is a next one, and how many there are in all.
func List(ctx context.Context, db postgres.DB, actor access.Actor, f Filter, page int) (list []Organisation, more bool, total int, err error) {
	args := f.args(actor)
	err = postgres.Read(ctx, db,
		postgres.PageInto(&list, `select `+organisationColumns+` from organisations o where `+f.condition()+`
			order by lower(o.short_name), o.official_name, o.key`, args, page, PageSize),
		postgres.OneInto(&total, `select count(*)::int from organisations o where `+f.condition(), args))
	if len(list) > PageSize {
		list, more = list[:PageSize], true
	}
	return list, more, total, err
}

// FindOrganisation returns the organisation with this key, or fault.NotFound.
func FindOrganisation(ctx context.Context, db postgres.DB, actor access.Actor, key string) (Organisation, error) {
	var o Organisation
	err := postgres.Read(ctx, db, OrganisationInto(&o, actor, key))
	return o, err
}

// OrganisationInto is FindOrganisation as one question of several.
func OrganisationInto(dst *Organisation, actor access.Actor, key string) postgres.Query {
	return postgres.OneInto(dst, `select `+organisationColumns+` from organisations o where o.key = @key`, postgres.Args{"key": key}.As(actor))
}

// OrganisationByKeys asks for the organisations with these keys, by name. Unknown keys are left out.
func OrganisationByKeys(dst *[]Organisation, actor access.Actor, keys []string) postgres.Query {
	return postgres.AllInto(dst, `select `+organisationColumns+` from organisations o where o.key = any(@keys::text[])
		order by lower(o.short_name), o.official_name`, postgres.Args{"keys": keys}.As(actor))
}

func updateInnerSteps(ctx context.Context, db postgres.DB, actor access.Actor, o id.Organisation, on bool) error {
	_, err := postgres.Exec(ctx, db, `update organisations set inner_steps = @on where id = @id`, postgres.Args{"id": o, "on": on}.As(actor))
	return err
}

func organisationByID(ctx context.Context, db postgres.DB, actor access.Actor, o id.Organisation) (Organisation, error) {
	return postgres.One[Organisation](ctx, db, `select `+organisationColumns+` from organisations o where o.id = @id`,
		postgres.Args{"id": o}.As(actor))
}

// OrganisationOption is a choice in a form.
type OrganisationOption struct {
	ID        id.Organisation
	Key, Name string
	Kind      Kind
	Colour    string
	Own       bool // the actor works or sits there
}

// OrganisationsFor asks for all organisations that exist, those of the actor first.
func OrganisationsFor(dst *[]OrganisationOption, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `
		select o.id, o.key, o.name, o.kind, o.colour, o.id = any(@actor_organisations) as own
		from organisations o where o.valid_to is null or o.valid_to >= @today
		order by own desc, lower(o.short_name), o.official_name`, postgres.Args{"today": dutch.Day(actor.At)}.As(actor))
}

// Link is an organisation to point at.
type Link struct{ Key, Name, Colour string }

// SuccessorsInto asks which organisations came after the one with this key.
func SuccessorsInto(dst *[]Link, actor access.Actor, key string) postgres.Query {
	return postgres.AllInto(dst, `
		select s.key, s.official_name as name, s.colour from organisations o
		join organisation_successors x on x.organisation_id = o.id join organisations s on s.id = x.successor_id
		where o.key = @key order by s.official_name`, postgres.Args{"key": key}.As(actor))
}

// PredecessorsInto asks which organisations the one with this key came after.
func PredecessorsInto(dst *[]Link, actor access.Actor, key string) postgres.Query {
	return postgres.AllInto(dst, `
		select p.key, p.official_name as name, p.colour from organisations o
		join organisation_successors x on x.successor_id = o.id join organisations p on p.id = x.organisation_id
		where o.key = @key order by p.official_name`, postgres.Args{"key": key}.As(actor))
}

// MeetingLine is a meeting in a list.
type MeetingLine struct {
	Slug     string
	Title    string
	Kind     string
	Bodies   []string // who meet, as names of bodies and of organisations without one
	StartsAt time.Time
	State    string
	Coming   bool
}

// shownMeetings is how many coming and how many past meetings a page lists.
const shownMeetings = 10

// MeetingsInto asks for the meetings that the organisation with this key holds, or a body of it: the first ten to come, soonest
// first, then the last ten held. A concept is no meeting yet.
func MeetingsInto(dst *[]MeetingLine, actor access.Actor, key string) postgres.Query {
	return meetingsInto(dst, actor, key, `mo.organisation_id = (select id from organisations where key = @key)`)
}

// CollaborationMeetingsInto is MeetingsInto for the bodies and the organisation of the collaboration with this key.
func CollaborationMeetingsInto(dst *[]MeetingLine, actor access.Actor, key string) postgres.Query {
	return meetingsInto(dst, actor, key, `(mo.organisation_id = (select organisation_id from collaborations where key = @key)
		or mo.body_id in (select b.id from bodies b join collaborations c on c.id = b.collaboration_id where c.key = @key))`)
}

func meetingsInto(dst *[]MeetingLine, actor access.Actor, key, condition string) postgres.Query {
	return postgres.AllInto(dst, `
		with mine as (
			select m.id, m.slug, m.title, m.kind, m.starts_at, m.state, m.starts_at >= @now as coming
			from meetings m
			where m.state <> 'concept' and `+access.Seen("m")+`
			  and exists (select from meeting_organisers mo where mo.meeting_id = m.id and `+condition+`)
		), shown as (
			(select * from mine where coming order by starts_at, slug`+postgres.Limit(shownMeetings)+`)
			union all
			(select * from mine where not coming order by starts_at desc, slug`+postgres.Limit(shownMeetings)+`)
		)
		select s.slug, s.title, s.kind, s.starts_at, s.state, s.coming, array(
			select case when count(*) over () > 1 then `+HolderNamed+` else coalesce(b.name, o.name) end
			from meeting_organisers mo join organisations o on o.id = mo.organisation_id left join bodies b on b.id = mo.body_id
			where mo.meeting_id = s.id order by mo.sequence) as bodies
		from shown s
		order by s.coming desc, case when s.coming then s.starts_at end, s.starts_at desc, s.slug`,
		postgres.Args{"key": key, "now": actor.At}.As(actor))
}

func organisationArgs(o Organisation, actor access.Actor) postgres.Args {
	formerNames := o.FormerNames
	if formerNames == nil {
		formerNames = []string{}
	}
	return postgres.Args{
		"id": o.ID, "key": o.Key, "kind": o.Kind, "official_name": o.OfficialName, "short_name": o.ShortName, "former_names": formerNames, "tooi_uri": o.TooiURI,
		"cbs_code": o.CBSCode, "oin": o.OIN, "website": o.Website, "province": o.Province, "safety_region": o.SafetyRegion,
		"inhabitants": o.Inhabitants, "seats": o.Seats, "seat_place": o.SeatPlace, "colour": o.Colour,
		"valid_from": dutch.DayOf(o.ValidFrom), "valid_to": dutch.DayOf(o.ValidTo), "version": o.Version, "now": actor.At, "by": actor.Name,
	}.As(actor)
}

func insertOrganisation(ctx context.Context, db postgres.DB, actor access.Actor, o Organisation) (Organisation, error) {
	made, err := postgres.One[Organisation](ctx, db, `
		insert into organisations as o (id, key, kind, official_name, short_name, former_names, tooi_uri, cbs_code, oin, website, province, safety_region,
			inhabitants, seats, seat_place, colour, valid_from, valid_to, created_at, updated_at, updated_by)
		values (@id, @key, @kind, @official_name, @short_name, @former_names, @tooi_uri, @cbs_code, @oin, @website, @province, @safety_region,
			@inhabitants, @seats, @seat_place, @colour, @valid_from, @valid_to, @now, @now, @by)
		returning `+organisationColumns, organisationArgs(o, actor))
	return made, keyTaken(err, "organisations_key_key")
}

func updateOrganisation(ctx context.Context, db postgres.DB, actor access.Actor, o Organisation) (Organisation, error) {
	return changed(postgres.One[Organisation](ctx, db, `
		update organisations o set kind = @kind, official_name = @official_name, short_name = @short_name, former_names = @former_names,
			tooi_uri = @tooi_uri, cbs_code = @cbs_code, oin = @oin, website = @website, province = @province, safety_region = @safety_region,
			inhabitants = @inhabitants, seats = @seats, seat_place = @seat_place, colour = @colour, valid_from = @valid_from,
			valid_to = @valid_to, version = o.version + 1, updated_at = @now, updated_by = @by
		where o.id = @id and o.version = @version
		returning `+organisationColumns, organisationArgs(o, actor)))
}

// setSuccessors fails when a key is of no organisation.
func setSuccessors(ctx context.Context, db postgres.DB, actor access.Actor, o id.Organisation, keys []string) error {
	if keys == nil {
		keys = []string{}
	}
	args := postgres.Args{"id": o, "keys": keys}.As(actor)
	if _, err := postgres.Exec(ctx, db, `delete from organisation_successors x using organisations s
		where x.organisation_id = @id and s.id = x.successor_id and s.key <> all(@keys::text[])`, args); err != nil {
		return err
	}
	unknown, err := postgres.All[string](ctx, db, `
		select k from unnest(@keys::text[]) k where not exists (select from organisations o where o.key = k and o.id <> @id)`, args)
	if err != nil {
		return err
	}
	if len(unknown) > 0 {
		return fault.Fields{"successors": "Er is geen andere organisatie met het adres " +
			unknown[0] + ". Neem het laatste deel van het adres van de pagina van die organisatie over."}
	}
	_, err = postgres.Exec(ctx, db, `insert into organisation_successors (organisation_id, successor_id)
		select @id, o.id from organisations o where o.key = any(@keys::text[]) on conflict do nothing`, args)
	return err
}

// keyTaken turns the refusal of a key into a fault of its field.
func keyTaken(err error, constraint string) error {
	if postgres.Violates(err, constraint) {
		return fault.Fields{"key": "Dit adres is al in gebruik. Kies een ander adres."}
	}
	return err
}

// changed tells, of an update of one version, that someone else was first.
func changed[T any](v T, err error) (T, error) {
	if errors.Is(err, fault.NotFound) {
		return v, fault.Conflict
	}
	return v, err
}
