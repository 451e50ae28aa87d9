package collaboration

import (
	"context"
	"errors"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
)

const columns = `c.id, c.key, coalesce(c.roo_id, '') as roo_id, c.register_code, c.name, c.short_name, c.form, c.organisation_id, c.character, c.domains,
	c.fields, c.bbv_category, c.council_role, c.legal_bases, c.delegation, c.public_interest, c.purpose, c.seat_place, c.contact,
	c.regeling_url, c.in_force_on, c.ended_on, c.zienswijze_subjects, c.participation_rule, c.evaluation_rule, c.next_evaluation_on,
	c.exit_notice_months, c.exit_text, c.version, c.updated_at, c.updated_by, array(select q.organisation_id from participations q where q.collaboration_id = c.id
		and (q.joined_on is null or q.joined_on <= @today::date) and (q.left_on is null or q.left_on > @today::date)) as participants`

// asked are the arguments of a question with the columns.
func asked(actor access.Actor, more postgres.Args) postgres.Args {
	all := more.As(actor)
	all["today"] = dutch.Day(actor.At)
	return all
}

// Filter chooses collaborations for a list; what is empty does not choose.
type Filter struct {
	Name     string // a part of the name or the short name
	Form     Form
	Province string // of one who takes part
	Ended    bool   // those that are no more, instead of those that are
}

// Line is a collaboration in a list.
type Line struct {
	Key, Name, ShortName string
	Form                 Form
	InForceOn            *time.Time
	EndedOn              *time.Time
	Participants         int
	Colour               string // of the organisation it made; empty without one
}

func (f Filter) condition() string {
	c := `(c.ended_on is null or c.ended_on > @today::date)`
	if f.Ended {
		c = `c.ended_on <= @today::date`
	}
	return c + postgres.When(f.Name != "", `strpos(lower(c.name || ' ' || c.short_name), lower(@name)) > 0`) + postgres.When(f.Form != "", `c.form = @form`) +
		postgres.When(f.Province != "", `exists (select from participations q join organisations po on po.id = q.organisation_id
			where q.collaboration_id = c.id and po.province = @province and (q.left_on is null or q.left_on > @today::date))`)
}

// List gives a page of collaborations by name, whether there is a next one, and how many there are in all.
func List(ctx context.Context, db postgres.DB, actor access.Actor, f Filter, page int) (list []Line, more bool, total int, err error) {
	args := postgres.Args{
		"name": f.Name, "form": f.Form, "province": f.Province, "today": dutch.Day(actor.At),
	}.As(actor)
	err = postgres.Read(ctx, db,
		postgres.PageInto(&list, `
			select c.key, c.name, c.short_name, c.form, c.in_force_on, c.ended_on, coalesce(o.colour, '') as colour,
				(select count(*)::int from participations q where q.collaboration_id = c.id and (q.left_on is null or q.left_on > @today::date)) as participants
			from collaborations c left join organisations o on o.id = c.organisation_id
			where `+f.condition()+` order by lower(coalesce(nullif(c.short_name, ''), c.name)), c.name, c.key`, args, page, partner.PageSize),
		postgres.OneInto(&total, `select count(*)::int from collaborations c where `+f.condition(), args))
	if len(list) > partner.PageSize {
		list, more = list[:partner.PageSize], true
	}
	return list, more, total, err
}

// Find returns the collaboration with this key, or fault.NotFound.
func Find(ctx context.Context, db postgres.DB, actor access.Actor, key string) (Collaboration, error) {
	var c Collaboration
	err := postgres.Read(ctx, db, Into(&c, actor, key))
	return c, err
}

// Into is Find as one question of several.
func Into(dst *Collaboration, actor access.Actor, key string) postgres.Query {
	return postgres.OneInto(dst, `select `+columns+` from collaborations c where c.key = @key`, asked(actor, postgres.Args{"key": key}))
}

// OrganisationInto asks for the organisation that the collaboration with this key made: at most one.
func OrganisationInto(dst *[]partner.Link, actor access.Actor, key string) postgres.Query {
	return postgres.AllInto(dst, `select o.key, o.official_name as name, o.colour from collaborations c join organisations o on o.id = c.organisation_id
		where c.key = @key`, postgres.Args{"key": key}.As(actor))
}

// Membership is a collaboration of an organisation.
type Membership struct {
	Key, Name, ShortName string
	Form                 Form
	CouncilRole          string
	InForceOn            *time.Time
	JoinedOn             *time.Time
	Organs               []string
	Made                 bool // it is the organisation that the collaboration made
}

// OfInto asks in which collaborations the organisation with this key takes part on the day of asking, and which one made it.
func OfInto(dst *[]Membership, actor access.Actor, organisation string) postgres.Query {
	return postgres.AllInto(dst, `
		select c.key, c.name, c.short_name, c.form, c.council_role, c.in_force_on, q.joined_on, coalesce(q.organs, '{}') as organs,
			(c.organisation_id is not distinct from o.id) as made
		from organisations o join collaborations c on c.organisation_id = o.id
			or exists (select from participations x where x.collaboration_id = c.id and x.organisation_id = o.id and (x.left_on is null or x.left_on > @today::date))
		left join participations q on q.collaboration_id = c.id and q.organisation_id = o.id and (q.left_on is null or q.left_on > @today::date)
		where o.key = @key and (c.ended_on is null or c.ended_on > @today::date)
		order by made desc, lower(coalesce(nullif(c.short_name, ''), c.name)), c.key`,
		postgres.Args{"key": organisation, "today": dutch.Day(actor.At)}.As(actor))
}

// lock returns the collaboration, held until the end of the transaction, so that who takes part is changed one after the other.
func lock(ctx context.Context, db postgres.DB, actor access.Actor, c id.Collaboration) (Collaboration, error) {
	return postgres.One[Collaboration](ctx, db, `select `+columns+` from collaborations c where c.id = @id for update of c`, asked(actor, postgres.Args{"id": c}))
}

func args(c Collaboration, actor access.Actor) postgres.Args {
	return asked(actor, postgres.Args{
		"id": c.ID, "key": c.Key, "register_code": c.RegisterCode, "name": c.Name, "short_name": c.ShortName, "form": c.Form,
		"organisation_id": c.OrganisationID, "character": c.Character, "domains": postgres.OrEmpty(c.Domains), "fields": postgres.OrEmpty(c.Fields),
		"bbv_category": c.BBVCategory, "council_role": c.CouncilRole, "legal_bases": postgres.OrEmpty(c.LegalBases), "delegation": postgres.OrEmpty(c.Delegation),
		"public_interest": c.PublicInterest, "purpose": c.Purpose, "seat_place": c.SeatPlace, "contact": c.Contact,
		"regeling_url": c.RegelingURL, "in_force_on": dutch.DayOf(c.InForceOn), "ended_on": dutch.DayOf(c.EndedOn),
		"zienswijze_subjects": postgres.OrEmpty(c.ZienswijzeSubjects), "participation_rule": c.ParticipationRule, "evaluation_rule": c.EvaluationRule,
		"next_evaluation_on": dutch.DayOf(c.NextEvaluationOn), "exit_notice_months": c.ExitNoticeMonths, "exit_text": c.ExitText,
		"version": c.Version, "now": actor.At, "by": actor.Name,
	})
}

func insert(ctx context.Context, db postgres.DB, actor access.Actor, c Collaboration) (Collaboration, error) {
	made, err := postgres.One[Collaboration](ctx, db, `
		insert into collaborations as c (id, key, register_code, name, short_name, form, organisation_id, character, domains, fields, bbv_category,
			council_role, legal_bases, delegation, public_interest, purpose, seat_place, contact, regeling_url, in_force_on, ended_on,
			zienswijze_subjects, participation_rule, evaluation_rule, next_evaluation_on, exit_notice_months, exit_text, created_at, updated_at, updated_by)
		values (@id, @key, @register_code, @name, @short_name, @form, @organisation_id, @character, @domains, @fields, @bbv_category,
			@council_role, @legal_bases, @delegation, @public_interest, @purpose, @seat_place, @contact, @regeling_url, @in_force_on, @ended_on,
			@zienswijze_subjects, @participation_rule, @evaluation_rule, @next_evaluation_on, @exit_notice_months, @exit_text, @now, @now, @by)
		returning `+columns, args(c, actor))
	return made, refused(err)
}

func update(ctx context.Context, db postgres.DB, actor access.Actor, c Collaboration) (Collaboration, error) {
	made, err := postgres.One[Collaboration](ctx, db, `
		update collaborations c set register_code = @register_code, name = @name, short_name = @short_name, form = @form,
			organisation_id = @organisation_id, character = @character, domains = @domains, fields = @fields, bbv_category = @bbv_category,
			council_role = @council_role, legal_bases = @legal_bases, delegation = @delegation, public_interest = @public_interest,
			purpose = @purpose, seat_place = @seat_place, contact = @contact, regeling_url = @regeling_url, in_force_on = @in_force_on,
			ended_on = @ended_on, zienswijze_subjects = @zienswijze_subjects, participation_rule = @participation_rule,
			evaluation_rule = @evaluation_rule, next_evaluation_on = @next_evaluation_on, exit_notice_months = @exit_notice_months,
			exit_text = @exit_text, version = c.version + 1, updated_at = @now, updated_by = @by
		where c.id = @id and c.version = @version
		returning `+columns, args(c, actor))
	if errors.Is(err, fault.NotFound) {
		return made, fault.Conflict
	}
	return made, refused(err)
}

func refused(err error) error {
	if postgres.Violates(err, "collaborations_key_key") {
		return fault.Fields{"key": "Dit adres is al in gebruik. Kies een ander adres."}
	}
	if postgres.Violates(err, "collaborations_organisation_id_fkey") {
		return fault.Fields{"organisation_id": "Kies een organisatie uit de lijst."}
	}
	return err
}

// formFits asks whether who takes part and which boards there are go with the form.
func formFits(ctx context.Context, db postgres.DB, actor access.Actor, c Collaboration) error {
	var participants []Participant
	var kinds []partner.BodyKind
	err := postgres.Read(ctx, db,
		ParticipantsInto(&participants, actor, c.Key),
		postgres.AllInto(&kinds, `select distinct kind from bodies where collaboration_id = @id and ended_on is null`, postgres.Args{"id": c.ID}.As(actor)))
	if err != nil {
		return err
	}
	faults := fault.Fields{}
	for _, p := range participants {
		faults.Must(p.LeftOn != nil || c.Form.admits(p.Organs), "form",
			"Aan een bedrijfsvoeringsorganisatie nemen alleen colleges deel, maar "+p.Name+
				" doet mee met een ander orgaan. Kies een andere vorm of beëindig eerst die deelname.")
	}
	for _, k := range kinds {
		faults.Must(k.Fits(string(c.Form)), "form", "Bij deze vorm past het gremium "+k.Label()+" niet. Kies een andere vorm of wijzig eerst dat gremium.")
	}
	return faults.Err()
}
