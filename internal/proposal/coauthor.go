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

// SetCoAuthors lets stellers of another organisation write the paper along, and its griffie and secretaris read it. Without any the
// organisation is taken off, and none of its people reads the paper as a concept any more. Setting what is set already changes
// nothing.
func SetCoAuthors(ctx context.Context, db postgres.DB, actor access.Actor, proposal id.Proposal, org id.Organisation, people []id.Person) error {
	if len(people) > maxCoAuthors {
		return fault.Fields{"people": "Kies hoogstens 60 mensen."}
	}
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
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
		next := p
		next.OrgIDs = slices.DeleteFunc(slices.Clone(p.OrgIDs), func(o id.Organisation) bool { return o == org })
		next.WriterIDs = slices.DeleteFunc(slices.Clone(p.WriterIDs), func(w id.Person) bool {
			return slices.Contains(theirs, w) && !slices.Contains(people, w) && w != actor.Person
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
	})
}

func sameSet[T comparable](a, b []T) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(t T) bool { return !slices.Contains(b, t) })
}
