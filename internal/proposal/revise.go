package proposal

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/field"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Revise changes the content. After offering each revision is a version of its own; once a body decided on the paper, the draft
// says whether it must treat it anew. When someone else revised meanwhile:
// fault.Conflict, unless both wrote the same.
func Revise(ctx context.Context, db postgres.DB, actor access.Actor, proposal id.Proposal, d Draft) (Proposal, error) {
	var p Proposal
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		var err error
		if p, err = findLocked(ctx, tx, actor, proposal); err != nil {
			return err
		}
		if !CanRevise(actor, p) {
			return fault.Forbidden
		}
		d.OwnerOrgID = p.OwnerOrgID
		if err := d.Check(actor.At); err != nil {
			return err
		}
		d.Authors = recognised(actor, carry(p.Authors, d.Authors))
		if !d.Closed {
			d.Ground, d.PublicTitle = "", ""
		}
		if p.Version != d.Version {
			if same(p, d) {
				return nil
			}
			return fault.Conflict
		}
		if err := checkTarget(ctx, tx, actor, d.TargetBodyID); err != nil {
			return err
		}
		renewal := Renewal{}
		if len(p.DecidedBodyIDs) > 0 && !same(p, d) {
			if err := d.Renewal.check(); err != nil {
				return err
			}
			renewal = d.Renewal
		}
		next, err := revised(actor, p, d)
		if err != nil {
			return err
		}
		if p.State == Returned {
			if err := reopen(ctx, tx, actor, p); err != nil {
				return err
			}
			next.ParticipantOrgIDs = nil
		}
		if err := updateContent(ctx, tx, actor, next, d.Version); err != nil {
			return err
		}
		if p, err = Find(ctx, tx, actor, proposal); err != nil {
			return err
		}
		if !p.State.Inner() {
			// The target or the organisers may be others now: they read along from here.
			p.ParticipantOrgIDs = participants(p, next.ParticipantOrgIDs)
			if err := updateState(ctx, tx, actor, p); err != nil {
				return err
			}
			if err := keepVersion(ctx, tx, actor, p, renewal); err != nil {
				return err
			}
		}
		if err := spread(ctx, tx, actor, p); err != nil {
			return err
		}
		if err := countByRoute(ctx, tx, actor, p.ID); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "proposal.revise", string(p.ID), noted(p), "")
	})
	return p, err
}

// carry keeps the links to persons for names that stay; a form sends names alone.
func carry(before, now []Author) []Author {
	now = slices.Clone(now)
	for i, a := range now {
		for _, b := range before {
			if a.Person == "" && a.Name == b.Name {
				now[i].Person = b.Person
			}
		}
	}
	return now
}

func same(p Proposal, d Draft) bool {
	return len(field.Differing(p.Content, normal(d.Content))) == 0 && p.Closed() == d.Closed
}

// normal is the content as it comes back from the database: a day has no hour.
func normal(c Content) Content {
	if c.DatedOn != nil {
		day := dayOf(*c.DatedOn)
		c.DatedOn = &day
	}
	return c
}

// revised is p with the content of d, and with the audience that follows from it.
func revised(actor access.Actor, p Proposal, d Draft) (Proposal, error) {
	f := fault.Fields{}
	f.Must(p.State != Scheduled || d.TargetBodyID == p.TargetBodyID, "target_body_id",
		"Dit voorstel staat op een agenda; het gremium ligt vast. Vraag de griffier het van de agenda te halen.")
	f.Must(d.Closed || !p.Closed() || p.State.Inner(), "closed",
		"Dit voorstel is vertrouwelijk aangeboden. Alleen het gremium zelf kan dat opheffen.")
	f.Must(!d.Closed || p.Closed() || p.Visibility != access.Public, "closed",
		"Dit voorstel is al openbaar. Vraag de griffier van het gremium om het agendapunt besloten te maken.")
	f.Must(!d.Closed || p.Closed() || p.State != Scheduled || p.Visibility == access.Public, "closed",
		"Dit voorstel staat op een agenda. Vraag de griffier van het gremium om het agendapunt besloten te maken.")
	f.Must(!d.Closed || p.Closed() || !p.Routed, "closed", routeClosed)
	before := p.TargetBodyID
	wasClosed := p.Closed()
	p.Content = d.Content
	p.WriterIDs = writers(p)
	switch {
	case !d.Closed:
		p.AudienceBodies = nil
	case !wasClosed || before != d.TargetBodyID:
		p.AudienceBodies = []id.Body{d.TargetBodyID}
	}
	if p.State == Returned {
		p.Visibility = access.Draft
	}
	f.Must(reads(actor, p.Audience), "closed",
		"Hierna kunt u dit voorstel zelf niet meer lezen. Vraag de steller of de griffier van het gremium om het vertrouwelijk te maken.")
	return p, f.Err()
}
