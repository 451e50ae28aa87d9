package proposal

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/field"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Revise changes the content. After offering each revision is a version of its own; once a body decided on the paper, the draft
// says whether it must treat it anew. When someone else revised meanwhile:
// fault.Conflict, unless both wrote the same.
func Revise(ctx context.Context, db postgres.DB, actor access.Actor, proposal id.Proposal, d Draft) (p Proposal, err error) {
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		p, err = revise(ctx, tx, actor, proposal, d)
		return err
	})
	return p, err
}

func revise(ctx context.Context, tx pgx.Tx, actor access.Actor, proposal id.Proposal, d Draft) (Proposal, error) {
	p, err := FindLocked(ctx, tx, actor, proposal)
	if err != nil {
		return p, err
	}
	if !CanRevise(actor, p) {
		return p, fault.Forbidden
	}
	plan, err := planRevision(actor, p, d)
	if err != nil || plan.done {
		return p, err
	}
	if err := checkTarget(ctx, tx, actor, d.TargetBodyID); err != nil {
		return p, err
	}
	if p.State == Returned {
		if err := reopen(ctx, tx, actor, p); err != nil {
			return p, err
		}
	}
	if err := updateContent(ctx, tx, actor, plan.next, d.Version); err != nil {
		return p, err
	}
	if p, err = Find(ctx, tx, actor, proposal); err != nil {
		return p, err
	}
	if !p.State.Inner() {
		if p, err = keepRevision(ctx, tx, actor, p, plan); err != nil {
			return p, err
		}
	}
	if err := spread(ctx, tx, actor, p); err != nil {
		return p, err
	}
	if err := CountByRoute(ctx, tx, actor, p.ID); err != nil {
		return p, err
	}
	return p, audit.Note(ctx, tx, actor, "proposal.revise", string(p.ID), InTrailOf(p), "")
}

// keepRevision makes a version of what others read already. The target or the organisers may be others now: they read along from here.
func keepRevision(ctx context.Context, tx pgx.Tx, actor access.Actor, p Proposal, plan revision) (Proposal, error) {
	p.ParticipantOrgIDs = participants(p, plan.next.ParticipantOrgIDs)
	if err := updateState(ctx, tx, actor, p); err != nil {
		return p, err
	}
	return p, keepVersion(ctx, tx, actor, p, plan.renewal)
}

// revision is what a draft makes of a paper.
type revision struct {
	next    Proposal
	renewal Renewal // what is told to the bodies that decided on it; empty when nothing is
	done    bool    // somebody else wrote the same meanwhile: there is nothing to write
}

// planRevision says what d makes of p, or what is wrong with it: fault.Conflict when somebody else revised meanwhile.
func planRevision(actor access.Actor, p Proposal, d Draft) (revision, error) {
	d.OwnerOrgID = p.OwnerOrgID
	if err := d.Check(actor.At); err != nil {
		return revision{}, err
	}
	d.Authors = recognised(actor, carry(p.Authors, d.Authors))
	if !d.Closed {
		d.Ground, d.PublicTitle = "", ""
	}
	changes := !same(p, d)
	if p.Version != d.Version {
		if changes {
			return revision{}, fault.Conflict
		}
		return revision{next: p, done: true}, nil
	}
	plan := revision{}
	if len(p.DecidedBodyIDs) > 0 && changes {
		if err := d.Renewal.check(); err != nil {
			return revision{}, err
		}
		plan.renewal = d.Renewal
	}
	var err error
	if plan.next, err = revised(actor, p, d); err != nil {
		return revision{}, err
	}
	if p.State == Returned {
		plan.next.ParticipantOrgIDs = nil
	}
	return plan, nil
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
		day := dutch.Day(*c.DatedOn)
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
	f.Must(!d.Closed || p.Closed() || !p.Routed, "closed", routed)
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
	f.Must(p.Audience.SeenBy(actor), "closed",
		"Hierna kunt u dit voorstel zelf niet meer lezen. Vraag de steller of de griffier van het gremium om het vertrouwelijk te maken.")
	return p, f.Err()
}
