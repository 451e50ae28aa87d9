package proposal

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
)

// maxCoAuthors bounds how many people of one organisation write along.
const maxCoAuthors = 60

// mayOpen is the refusal of who would let people write a closed paper along who may not read it.
func mayOpen(ctx context.Context, tx postgres.DB, actor access.Actor, p Proposal, people []id.Person) error {
	if CanOpenUp(actor, p) {
		return nil
	}
	may := []id.Person{}
	if !p.State.Inner() { // a draft is not for the members yet
		var err error
		if may, err = partner.MembersOf(ctx, tx, actor, p.AudienceBodies); err != nil {
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
	p, err := FindLocked(ctx, tx, actor, proposal)
	if err != nil {
		return err
	}
	if !CanInvite(actor, p) {
		return fault.Forbidden
	}
	if org == p.OwnerOrgID {
		return fault.Fields{"organisatie": "Dit is uw eigen organisatie. Zet uw collega's bij de opstellers van het voorstel."}
	}
	var stellers []partner.Colleague
	if err := postgres.Read(ctx, tx, partner.Stellers(&stellers, actor, org)); err != nil {
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
	ties, err := partner.TiesOf(ctx, tx, actor, p.WriterIDs)
	if err != nil {
		return err
	}
	next := p
	next.OrgIDs = slices.DeleteFunc(slices.Clone(p.OrgIDs), func(o id.Organisation) bool { return o == org })
	// Whoever of theirs was not chosen goes, also who is no steller there any more; who works for another of the organisations stays.
	next.WriterIDs = slices.DeleteFunc(slices.Clone(p.WriterIDs), func(w id.Person) bool {
		return !slices.Contains(people, w) && w != actor.Person && slices.Contains(ties, partner.Tie{Person: w, Org: org}) &&
			(slices.Contains(theirs, w) || !slices.ContainsFunc(next.OrgIDs, func(o id.Organisation) bool { return slices.Contains(ties, partner.Tie{Person: w, Org: o}) }))
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
	return audit.Note(ctx, tx, actor, "proposal.coauthors", string(p.ID), InTrailOf(next), "")
}

func sameSet[T comparable](a, b []T) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(t T) bool { return !slices.Contains(b, t) })
}
