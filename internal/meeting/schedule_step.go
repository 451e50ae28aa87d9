package meeting

import (
	"context"
	"slices"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/internal/zienswijze"
)

// ScheduleStep puts a paper that came along its route on the agenda of the body that received it, filled in from the paper and
// from what the griffie made of it. The paper stays one and may stand on the agendas of many bodies. A joint meeting of two
// receivers has it as one item. Where a view is asked, the council stands as planned in the procedure that asks it. On a closed meeting neither step nor view shows anything of it. Twice on one agenda is once; when the step was taken up
// elsewhere meanwhile: fault.Conflict.
func ScheduleStep(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, step string, s id.Section) (key string, err error) {
	err = composing(ctx, db, actor, m, "item.schedule", func(c *agendaChange) error {
		key, err = c.scheduleStep(step, s)
		return err
	})
	return key, err
}

func (c *agendaChange) scheduleStep(step string, s id.Section) (key string, err error) {
	paper, to, local, err := route.ForAgenda(c.ctx, c.tx, c.actor, step, c.meeting.ID)
	if err != nil {
		return key, err
	}
	if !slices.Contains(Bodies(c.organisers), to.BodyID) {
		return key, fault.Because("Deze vergadering is van een ander gremium dan %s.", to.Body())
	}
	there, err := postgres.All[itemKey](c.ctx, c.tx, `
		select i.id, i.key from agenda_items i join agenda_item_matters x on x.item_id = i.id
		where i.meeting_id = @meeting and x.proposal_id = @proposal and i.state <> 'vervallen'`,
		postgres.Args{"meeting": c.meeting.ID, "proposal": paper.ID}.As(c.actor))
	if err != nil {
		return key, err
	}
	var item itemKey
	if len(there) > 0 {
		item = there[0]
	}
	key = item.Key
	if to.State == route.StepScheduled || item.ID != "" && !c.meeting.Open {
		c.nothing = true
		return key, nil
	}
	if item.ID == "" {
		item = itemKey{id.New[id.Item](), id.NewKey()}
		d := localItem(paper, to, local, c.forPapers(s))
		if !c.meeting.Open {
			d.ClosedFor = []id.Body{to.BodyID}
		}
		if err := c.add(writtenItem{
			ItemDraft: d, ID: item.ID, Key: item.Key, MeetingID: c.meeting.ID, ProposalID: paper.ID,
		}); err != nil {
			return key, err
		}
		key = item.Key
	}
	if !c.meeting.Open {
		return key, nil
	}
	if err := route.PlaceStep(c.ctx, c.tx, c.actor, paper, to, c.meeting.ID, item.ID); err != nil {
		return key, err
	}
	if to.Treatment == proposal.ForView {
		if err := zienswijze.Place(c.ctx, c.tx, c.actor, paper.ID, to.BodyID, c.meeting.ID, item.ID); err != nil {
			return key, err
		}
	}
	return key, publishLate(c.ctx, c.tx, c.actor, c.meeting, paper.ID)
}

type itemKey struct {
	ID  id.Item
	Key string
}

// localItem is the item of a body: as it made it, and else as the paper and the step have it.
func localItem(p proposal.Proposal, s route.Step, l route.Local, section id.Section) ItemDraft {
	minutes := defaultMinutes
	if p.Minutes != nil {
		minutes = *p.Minutes
	}
	d := ItemDraft{
		SectionID: section, Title: p.Subject, Explanation: l.CoveringNote, Treatment: s.Treatment,
		PortfolioHolders: p.PortfolioHolders, Minutes: &minutes,
	}
	if l.Title != "" {
		d.Title = l.Title
	}
	if l.Treatment != "" {
		d.Treatment = l.Treatment
	}
	if len(l.PortfolioHolders) > 0 {
		d.PortfolioHolders = l.PortfolioHolders
	}
	return d
}
