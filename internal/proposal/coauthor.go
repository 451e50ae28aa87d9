package proposal

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// stellersSQL lists the stellers of an organisation.
const stellersSQL = `
	select w.id, w.display_name as name from persons w where w.id in (
	  select g.person_id from role_grants g left join bodies b on b.id = g.body_id
	  where g.role = 'author' and coalesce(b.organisation_id, g.organisation_id) = @org and daterange(g.valid_from, g.valid_to) @> @day::date)
	order by w.family, w.id limit 200`

func stellersArgs(actor access.Actor, org id.Organisation) postgres.Args {
	return postgres.Args{"org": org, "day": actor.At}.As(actor)
}

// StellersInto lists the stellers of an organisation, for the form that lets them write along.
func StellersInto(dst *[]Colleague, actor access.Actor, org id.Organisation) postgres.Query {
	return postgres.AllInto(dst, stellersSQL, stellersArgs(actor, org))
}

// maxCoAuthors bounds how many people of one organisation write along.
const maxCoAuthors = 60

// tie is a person with an organisation that he works for or sits in.
type tie struct {
	Person id.Person
	Org    id.Organisation
}

// tiesOf are the organisations that each of these persons works for now.
func tiesOf(ctx context.Context, tx postgres.DB, actor access.Actor, people []id.Person) ([]tie, error) {
	return postgres.All[tie](ctx, tx, `
		select m.person_id as person, b.organisation_id as org from mandates m join bodies b on b.id = m.body_id
		where m.person_id = any(@people::uuid[]) and daterange(m.starts_on, m.ends_on) @> @day::date
		union
		select g.person_id, coalesce(b.organisation_id, g.organisation_id) from role_grants g left join bodies b on b.id = g.body_id
		where g.person_id = any(@people::uuid[]) and g.role <> 'admin' and daterange(g.valid_from, g.valid_to) @> @day::date
		  and coalesce(b.organisation_id, g.organisation_id) is not null`,
		postgres.Args{"people": orEmpty(people), "day": actor.At}.As(actor))
}

// mayOpen is the refusal of who would let people write a closed paper along who may not read it.
func mayOpen(ctx context.Context, tx postgres.DB, actor access.Actor, p Proposal, people []id.Person) error {
	if CanOpenUp(actor, p) {
		return nil
	}
	may := []id.Person{}
	if !p.State.Inner() { // a draft is not for the members yet
		var err error
		if may, err = membersOf(ctx, tx, actor, p.AudienceBodies); err != nil {
			return err
		}
	}
	may = append(may, p.WriterIDs...)
	if slices.ContainsFunc(people, func(x id.Person) bool { return !slices.Contains(may, x) }) {
		return fault.Fields{"people": "Dit voorstel is vertrouwelijk. Kies alleen mensen die het al mogen lezen, of vraag de griffier (" + p.Body() + ") om deze mensen erbij te zetten: die mag dat."}
	}
	return nil
}

// SetCoAuthors lets stellers of another organisation write the paper along, and its griffie and secretaris read it. Without any the
// organisation is taken off, and none of its people reads the paper as a concept any more. Setting what is set already changes
// nothing.
func SetCoAuthors(ctx context.Context, db postgres.DB, actor access.Actor, proposal id.Proposal, org id.Organisation, people []id.Person) error {
	if len(people) > maxCoAuthors {
		return fault.Fields{"people": "Kies hoogstens 60 mensen."}
	}
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		return setCoAuthors(ctx, tx, actor, proposal, org, people)
	})
}

func setCoAuthors(ctx context.Context, tx pgx.Tx, actor access.Actor, proposal id.Proposal, org id.Organisation, people []id.Person) error {
	p, err := findLocked(ctx, tx, actor, proposal)
	if err != nil {
		return err
	}
	if !CanInvite(actor, p) {
		return fault.Forbidden
	}
	if org == p.OwnerOrgID {
		return fault.Fields{"organisatie": "Dit is uw eigen organisatie. Zet uw collega's bij de opstellers van het voorstel."}
	}
	stellers, err := postgres.All[Colleague](ctx, tx, stellersSQL, stellersArgs(actor, org))
	if err != nil {
		return err
	}
	var theirs []id.Person
	for _, s := range stellers {
		theirs = append(theirs, s.ID)
	}
	if slices.ContainsFunc(people, func(x id.Person) bool { return !slices.Contains(theirs, x) }) {
		return fault.Fields{"people": "Kies mensen uit de lijst."}
	}
	if err := mayOpen(ctx, tx, actor, p, people); err != nil {
		return err
	}
	ties, err := tiesOf(ctx, tx, actor, p.WriterIDs)
	if err != nil {
		return err
	}
	next := p
	next.OrgIDs = slices.DeleteFunc(slices.Clone(p.OrgIDs), func(o id.Organisation) bool { return o == org })
	// Whoever of theirs was not chosen goes, also who is no steller there any more; who works for another of the organisations stays.
	next.WriterIDs = slices.DeleteFunc(slices.Clone(p.WriterIDs), func(w id.Person) bool {
		return !slices.Contains(people, w) && w != actor.Person && slices.Contains(ties, tie{w, org}) &&
			(slices.Contains(theirs, w) || !slices.ContainsFunc(next.OrgIDs, func(o id.Organisation) bool { return slices.Contains(ties, tie{w, o}) }))
	})
	if len(people) > 0 {
		next.OrgIDs = append(next.OrgIDs, org)
		next.WriterIDs = writers(Proposal{Audience: next.Audience}, people...)
	}
	if sameSet(next.OrgIDs, p.OrgIDs) && sameSet(next.WriterIDs, p.WriterIDs) {
		return nil
	}
	if err := updateState(ctx, tx, actor, next); err != nil {
		return err
	}
	if err := spread(ctx, tx, actor, next); err != nil {
		return err
	}
	return audit.Note(ctx, tx, actor, "proposal.coauthors", string(p.ID), noted(next), "")
}

func sameSet[T comparable](a, b []T) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(t T) bool { return !slices.Contains(b, t) })
}
