package meeting

import (
	"context"
	"slices"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
)

// ReviseItem changes an item. Once published it can be closed, which acts at once everywhere; opening it again is an act of
// the body that imposed the secrecy, not of this form.
func ReviseItem(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, key string, d ItemDraft) error {
	if err := d.Check(); err != nil {
		return err
	}
	return composing(ctx, db, actor, m, "item.revise", func(c *agendaChange) error { return c.revise(key, d) })
}

func (c *agendaChange) revise(key string, d ItemDraft) error {
	was, err := c.item(key)
	if err != nil {
		return err
	}
	_, there := c.section(d.SectionID)
	plan, err := planItem(c.actor, c.meeting, c.organisers, was, d, there)
	if err != nil {
		return err
	}
	if plan.opens {
		if err := c.mayOpen(was); err != nil {
			return err
		}
	}
	if plan.closes && was.ProposalID != "" {
		if err := c.tighten(plan.next); err != nil {
			return err
		}
	}
	if err := updateItem(c.ctx, c.tx, c.actor, plan.next); err != nil {
		return err
	}
	for i := range c.places {
		if c.places[i].ID == was.ID {
			c.places[i].SectionID = d.SectionID
		}
	}
	c.reason, c.unseen = plan.reason(), plan.unseen
	if err := spreadDecisions(c.ctx, c.tx, spreading(c.actor, c.organisers), was.ID, plan.next.Matter); err != nil {
		return err
	}
	return file.Spread(c.ctx, c.tx, c.actor, []string{string(was.ID)}, plan.next.Matter)
}

// tighten closes the paper of an item, and what it is on other agendas.
func (c *agendaChange) tighten(w writtenItem) error {
	if err := proposal.Tighten(c.ctx, c.tx, c.actor, w.ProposalID, w.ClosedFor, w.Ground, w.publicTitle()); err != nil {
		return err
	}
	return closeElsewhere(c.ctx, c.tx, c.actor, w)
}

// itemRevision is what a draft makes of an item.
type itemRevision struct {
	next   writtenItem
	closes bool
	opens  bool
	unseen bool // readers outside the audience see nothing of it
}

func (plan itemRevision) reason() string {
	if plan.closes {
		return "besloten gemaakt"
	}
	return ""
}

// planItem says what d makes of an item, or what is wrong with it; there tells whether the part that d names is on the agenda.
func planItem(actor access.Actor, m Meeting, organisers []Organiser, was Item, d ItemDraft, there bool) (itemRevision, error) {
	plan := itemRevision{closes: d.Closed && !was.Closed, opens: was.Closed && !d.Closed}
	switch {
	case !was.Matter:
		return plan, fault.Forbidden // a griffier of another organiser, without a seat in the audience
	case was.Version != d.Version:
		return plan, fault.Conflict
	case !there:
		return plan, fault.Fields{"section_id": "Dit deel staat niet meer op de agenda. Kies een ander deel."}
	case was.hiddenPaper():
		return plan, fault.Because("Bij dit punt hoort een voorstel van een ander gremium. Alleen de griffie daarvan wijzigt het.")
	case m.Published() && was.SectionID != d.SectionID:
		return plan, fault.Fields{"section_id": "De agenda is verzonden: een punt houdt zijn nummer en blijft in zijn deel."}
	}
	w := writtenItem{ItemDraft: d, ID: was.ID, Key: was.Key, MeetingID: m.ID, ProposalID: was.ProposalID}
	var err error
	if w.ClosedFor, err = choose(m, organisers, d.Closed, d.ClosedFor, was.ClosedFor); err != nil {
		return plan, err
	}
	if err := mayClose(actor, m, organisers, was, w); err != nil {
		return plan, err
	}
	w.Line, w.Matter = itemAudience(m, organisers, d.Closed, w.ClosedFor)
	plan.next = w
	plan.unseen = was.Closed && d.Closed && was.Minutes == *d.Minutes && was.PublicTitle == w.publicTitle()
	if plan.opens && m.Published() {
		return plan, fault.Fields{"closed": "Dit punt is als besloten verzonden. Alleen het gremium dat geheimhouding oplegde, kan die opheffen."}
	}
	if plan.opens && !CanOpen(actor, was.ClosedFor) {
		return plan, fault.Fields{"closed": "Dit punt is ook besloten voor een ander gremium. Haal het van de agenda en zet het er opnieuw op, of overleg met die griffie."}
	}
	return plan, nil
}

// mayClose refuses a circle of readers that the actor may not make: one without himself, or one out of which he takes a body whose own
// griffie does that. Of an open item with a paper that is closed now the griffie of the paper decides, see proposal.Tighten.
func mayClose(actor access.Actor, m Meeting, organisers []Organiser, was Item, w writtenItem) error {
	if !w.Closed {
		return nil
	}
	if !mayRead(actor, w.ClosedFor) {
		return fault.Fields{"closed_for": "Kies ook een gremium waarvan u de vergaderingen voorbereidt. Anders kunt u het punt zelf niet meer lezen."}
	}
	taken := func(b id.Body) bool {
		return !slices.Contains(w.ClosedFor, b) && !CanOrganise(actor, Organiser{BodyID: b})
	}
	if (was.Closed || was.ProposalID == "") && slices.ContainsFunc(readers(organisers, was.ClosedFor), taken) {
		return fault.Fields{"closed_for": "Een ander gremium leest dit punt ook. Laat dat aangekruist; alleen zijn eigen griffie kan het eraf halen."}
	}
	if m.Published() && w.Ground == "" {
		return fault.Fields{"ground": "De agenda is al openbaar. Kies de grond waarop u dit punt besloten houdt."}
	}
	return nil
}
