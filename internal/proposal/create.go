package proposal

import (
	"context"
	"errors"
	"regexp"
	"slices"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

var keyForm = regexp.MustCompile(`^[a-z2-9]{12}$`)

// Create starts a paper as a concept. Who may not write papers of the organisation gets fault.Forbidden. With the key of a
// paper that the actor made before, it is that paper again.
func Create(ctx context.Context, db postgres.DB, actor access.Actor, d Draft) (Proposal, error) {
	if err := d.Check(actor.At); err != nil {
		return Proposal{}, err
	}
	if !CanCreate(actor, d.OwnerOrgID) {
		return Proposal{}, fault.Forbidden
	}
	if !keyForm.MatchString(d.Key) {
		d.Key = id.NewKey()
	}
	p, err := create(ctx, db, actor, d)
	if postgres.Violates(err, "proposals_key_key") {
		if before, e := FindByKey(ctx, db, actor, d.Key); e == nil && slices.Contains(before.WriterIDs, actor.Person) {
			return before, nil
		}
		d.Key = id.NewKey()
		return create(ctx, db, actor, d)
	}
	return p, err
}

func create(ctx context.Context, db postgres.DB, actor access.Actor, d Draft) (Proposal, error) {
	var p Proposal
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if err := checkTarget(ctx, tx, actor, d.TargetBodyID); err != nil {
			return err
		}
		p = Proposal{
			ID: id.New[id.Proposal](), Key: d.Key, OwnerOrgID: d.OwnerOrgID, MadeUp: d.MadeUp, Content: d.Content,
			Audience: access.Audience{Visibility: access.Draft, OrgIDs: []id.Organisation{d.OwnerOrgID}},
		}
		p.Authors = recognised(actor, p.Authors)
		p.WriterIDs = writers(p, actor.Persons()...)
		if d.Closed {
			p.AudienceBodies = []id.Body{d.TargetBodyID}
		} else {
			p.Ground, p.PublicTitle = "", ""
		}
		if err := insert(ctx, tx, actor, p); err != nil {
			return err
		}
		var err error
		if p, err = Find(ctx, tx, actor, p.ID); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "proposal.create", string(p.ID), InTrailOf(p), "")
	})
	return p, err
}

func checkTarget(ctx context.Context, tx postgres.DB, actor access.Actor, body id.Body) error {
	if body == "" {
		return nil
	}
	_, err := findTarget(ctx, tx, actor, body)
	if errors.Is(err, fault.NotFound) {
		return fault.Fields{"target_body_id": "Kies een gremium uit de lijst."}
	}
	return err
}

// recognised links the author who types his own name to himself.
func recognised(actor access.Actor, authors []Author) []Author {
	authors = slices.Clone(authors)
	for i, a := range authors {
		if a.Person == "" && a.Name == actor.Name {
			authors[i].Person = actor.Person
		}
	}
	return authors
}

// writers are those who wrote before, the authors who are known here, and more.
func writers(p Proposal, more ...id.Person) []id.Person {
	list := slices.Clone(p.WriterIDs)
	for _, a := range p.Authors {
		more = append(more, a.Person)
	}
	for _, w := range more {
		if w != "" && !slices.Contains(list, w) {
			list = append(list, w)
		}
	}
	return list
}
