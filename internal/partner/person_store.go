package partner

import (
	"context"
	"strings"
	"unicode/utf8"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

const personColumns = `p.id, p.initials, p.given, p.infix, p.family, p.prefix, p.suffix, p.display_name, p.aliases,
	case when @sees_email::boolean then p.work_email else '' end as work_email, p.version, p.updated_at, p.updated_by`

func personArgs(actor access.Actor, more postgres.Args) postgres.Args {
	args := more.As(actor)
	args["sees_email"] = CanCreatePerson(actor)
	return args
}

// FindPerson returns a person, or fault.NotFound.
func FindPerson(ctx context.Context, db postgres.DB, actor access.Actor, p id.Person) (Person, error) {
	var found Person
	err := postgres.Read(ctx, db, PersonInto(&found, actor, p))
	return found, err
}

// PersonInto is FindPerson as one question of several.
func PersonInto(dst *Person, actor access.Actor, p id.Person) postgres.Query {
	return postgres.OneInto(dst, `select `+personColumns+` from persons p where p.id = @id`, personArgs(actor, postgres.Args{"id": p}))
}

// People gives a page of people by family name, whether there is a next one, and how many there are in all.
func People(ctx context.Context, db postgres.DB, actor access.Actor, name string, page int) (list []Person, more bool, total int, err error) {
	chosen := `true` + postgres.When(name != "", `strpos(lower(p.display_name || ' ' || p.family || ' ' || array_to_string(p.aliases, ' ')), lower(@name)) > 0`)
	args := personArgs(actor, postgres.Args{"name": name})
	err = postgres.Read(ctx, db,
		postgres.PageInto(&list, `select `+personColumns+` from persons p where `+chosen+`
			order by lower(p.family), p.infix, p.initials, p.id`, args, page, PageSize),
		postgres.OneInto(&total, `select count(*)::int from persons p where `+chosen, args))
	if len(list) > PageSize {
		list, more = list[:PageSize], true
	}
	return list, more, total, err
}

// PersonOption is a choice in a form.
type PersonOption struct {
	ID   id.Person
	Name string // with what tells namesakes apart: the organisation of the newest mandate
}

// MostHits is how many people a search in a form gives at most; LeastLetters how many letters it needs.
const (
	MostHits     = 20
	LeastLetters = 2
)

const option = `p.id, p.display_name || coalesce(' (' || m.organisation || ')', '') as name`

const optionFrom = `
	from persons p left join lateral (
		select o.name as organisation
		from mandates m join bodies b on b.id = m.body_id join organisations o on o.id = b.organisation_id
		where m.person_id = p.id order by m.starts_on desc limit 1) m on true`

const optionOrder = ` order by lower(p.family), p.infix, p.initials, p.id`

// PeopleAt asks for the people who have a function or role in the organisation with this key, or had one in the last year, by
// family name: whom an appointment there is mostly about. Others are found by name.
func PeopleAt(dst *[]PersonOption, actor access.Actor, organisation string) postgres.Query {
	return postgres.AllInto(dst, `
		with there as (
			select m.person_id from mandates m join bodies b on b.id = m.body_id
			where b.organisation_id = (select id from organisations where key = @key) and (m.ends_on is null or m.ends_on > @since::date)
			union select m.person_id from mandates m
			where m.on_behalf_of_org_id = (select id from organisations where key = @key) and (m.ends_on is null or m.ends_on > @since::date)
			union select g.person_id from role_grants g
			where g.organisation_id = (select id from organisations where key = @key) and (g.valid_to is null or g.valid_to > @since::date)
		)
		select `+option+optionFrom+` where p.id in (select person_id from there)`+optionOrder,
		postgres.Args{"key": organisation, "since": dutch.Day(actor.At).AddDate(-1, 0, 0)}.As(actor))
}

// PeopleNamed asks for people with this in their name, by family name, but first who is called so; one more than MostHits when there are more. Nobody when it
// is shorter than LeastLetters: the list of the region is no form's business.
func PeopleNamed(dst *[]PersonOption, actor access.Actor, name string) postgres.Query {
	name = strings.TrimSpace(name)
	return postgres.AllInto(dst, `select `+option+optionFrom+`
		where @enough and strpos(lower(p.display_name || ' ' || p.given || ' ' || p.family || ' ' || array_to_string(p.aliases, ' ')), lower(@name)) > 0
		order by lower(p.display_name) <> lower(@name), lower(p.family), p.infix, p.initials, p.id`+postgres.Limit(MostHits+1),
		postgres.Args{"name": name, "enough": utf8.RuneCountInString(name) >= LeastLetters}.As(actor))
}

// PersonChosen asks for one person as a choice, so that a form shows again who was chosen; none when nobody is.
func PersonChosen(dst *[]PersonOption, actor access.Actor, p id.Person) postgres.Query {
	return postgres.AllInto(dst, `select `+option+optionFrom+` where p.id::text = @id`, postgres.Args{"id": string(p)}.As(actor))
}

// ties are the organisations a person has a mandate or a role at, now or before.
func ties(ctx context.Context, db postgres.DB, actor access.Actor, p id.Person) ([]id.Organisation, error) {
	return postgres.All[id.Organisation](ctx, db, `
		select b.organisation_id from mandates m join bodies b on b.id = m.body_id where m.person_id = @id
		union select organisation_id from role_grants where person_id = @id`, postgres.Args{"id": p}.As(actor))
}

func storeArgs(p Person, actor access.Actor) postgres.Args {
	aliases := p.Aliases
	if aliases == nil {
		aliases = []string{}
	}
	return personArgs(actor, postgres.Args{
		"id": p.ID, "initials": p.Initials, "given": p.Given, "infix": p.Infix, "family": p.Family, "prefix": p.Prefix, "suffix": p.Suffix,
		"display_name": p.DisplayName, "aliases": aliases, "work_email": p.WorkEmail, "version": p.Version, "now": actor.At, "by": actor.Person, "name": actor.Name,
	})
}

func insertPerson(ctx context.Context, db postgres.DB, actor access.Actor, p Person) (Person, error) {
	return postgres.One[Person](ctx, db, `
		insert into persons as p (id, initials, given, infix, family, prefix, suffix, display_name, aliases, work_email, work_email_by,
		  created_at, updated_at, updated_by)
		values (@id, @initials, @given, @infix, @family, @prefix, @suffix, @display_name, @aliases, @work_email, @by, @now, @now, @name)
		returning `+personColumns, storeArgs(p, actor))
}

func updatePerson(ctx context.Context, db postgres.DB, actor access.Actor, p Person) (Person, error) {
	return changed(postgres.One[Person](ctx, db, `
		update persons p set initials = @initials, given = @given, infix = @infix, family = @family, prefix = @prefix, suffix = @suffix,
			display_name = @display_name, aliases = @aliases,
			work_email_by = case when p.work_email = @work_email then p.work_email_by else @by::uuid end, work_email = @work_email,
			  version = p.version + 1, updated_at = @now, updated_by = @name
		where p.id = @id and p.version = @version
		returning `+personColumns, storeArgs(p, actor)))
}
