package route

import (
	"context"
	"slices"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
)

// ForAgenda finds a step that a griffie puts on its agenda, with the paper and what the body made of it, and makes other acts
// on the paper wait. It is fault.Conflict when the step waits no longer and stands not on this meeting either.
func ForAgenda(ctx context.Context, tx postgres.DB, actor access.Actor, key string, meeting id.Meeting) (proposal.Proposal, Step, Local, error) {
	p, s, err := lockStep(ctx, tx, actor, key)
	if err != nil {
		return proposal.Proposal{}, Step{}, Local{}, err
	}
	switch {
	case s.SentAt == nil || !CanReceive(actor, s):
		return proposal.Proposal{}, Step{}, Local{}, fault.Forbidden
	case p.State == proposal.Withdrawn:
		return proposal.Proposal{}, Step{}, Local{}, stepWithdrawn
	case !s.waits() && (s.State != StepScheduled || s.MeetingID != meeting):
		return proposal.Proposal{}, Step{}, Local{}, fault.Conflict
	}
	var l Local
	err = postgres.Read(ctx, tx, LocalOf(&l, actor, key))
	return p, s, l, err
}

// PlaceStep notes that the step stands on an agenda, as this item. The room of meetings calls it in its own transaction, after
// ForAgenda, and has checked that the actor prepares the meeting, which the body of the step holds. Who hold it read along.
// Of the body that the paper is meant for this is also the agenda of the paper.
func PlaceStep(ctx context.Context, tx postgres.DB, actor access.Actor, p proposal.Proposal, s Step, meeting id.Meeting, item id.Item) error {
	if !CanReceive(actor, s) {
		return fault.Forbidden
	}
	if !s.waits() {
		return fault.Conflict
	}
	h, err := proposal.FindHolding(ctx, tx, actor, meeting)
	if err != nil {
		return err
	}
	if !slices.Contains(h.Bodies, s.BodyID) {
		return fault.Because("Deze vergadering is van een ander gremium dan %s.", s.Body())
	}
	s.State, s.MeetingID, s.ItemID, s.SettledAt, s.PlannedFor = StepScheduled, meeting, item, nil, nil
	s.Outcome, s.DecidedOn, s.TreatedVersion = "", nil, nil // of an earlier meeting that put it off
	if err := updateStep(ctx, tx, actor, s); err != nil {
		return err
	}
	if s.BodyID == p.TargetBodyID {
		if err := proposal.ScheduleAlong(ctx, tx, actor, p.ID, meeting); err != nil {
			return err
		}
		return noteStep(ctx, tx, actor, "route.schedule", p, s, "")
	}
	more := slices.DeleteFunc(slices.Clone(h.Orgs), func(org id.Organisation) bool {
		return slices.Contains(p.ParticipantOrgIDs, org) || slices.Contains(p.OrgIDs, org)
	})
	if len(more) > 0 {
		if err := proposal.ShareAlong(ctx, tx, actor, p, more); err != nil {
			return err
		}
	}
	return noteStep(ctx, tx, actor, "route.schedule", p, s, "")
}

// Release gives a paper back that a griffie takes off an agenda: the steps of its bodies that stood there wait again, and what the agenda
// said of it is kept for the next one. The paper itself is offered again when this was the meeting of the body it is meant for. What stands
// there for another body is for the griffie of that one to take off: stays tells that there is some left. Shut is for whom the item stands on
// a closed agenda, which no step shows.
func Release(ctx context.Context, tx postgres.DB, actor access.Actor, paper id.Proposal, meeting id.Meeting, item id.Item,
	shut []id.Body,
) (stays bool, err error) {
	p, err := proposal.FindLocked(ctx, tx, actor, paper)
	if err != nil {
		return false, err
	}
	steps, err := stepsOf(ctx, tx, actor, paper)
	if err != nil {
		return false, err
	}
	// What stands on a closed agenda for his bodies alone he takes off, whatever became of the paper since.
	own := proposal.CanDispose(actor, p) || len(shut) > 0 && !slices.ContainsFunc(shut, func(b id.Body) bool { return !CanReceive(actor, Step{BodyID: b}) })
	for _, s := range steps {
		stands := s.ItemID == item && s.State == StepScheduled
		switch {
		case !CanReceive(actor, s):
			stays = stays || stands
			continue
		case stands:
			if err := letGo(ctx, tx, actor, p, s); err != nil {
				return false, err
			}
		case !slices.Equal(shut, []id.Body{s.BodyID}):
			continue
		}
		own = true
	}
	if !own {
		return false, proposal.NotYours(p)
	}
	if p.State != proposal.Scheduled || p.MeetingID != meeting {
		return stays, nil
	}
	if !proposal.CanDispose(actor, p) {
		return true, nil
	}
	return stays, proposal.Unschedule(ctx, tx, actor, paper)
}

// LetGo is Release for all bodies at once, where nobody has a say: the meeting does not take place.
func LetGo(ctx context.Context, tx postgres.DB, actor access.Actor, paper id.Proposal, meeting id.Meeting, item id.Item) error {
	p, err := proposal.FindLocked(ctx, tx, actor, paper)
	if err != nil {
		return err
	}
	steps, err := stepsOf(ctx, tx, actor, paper)
	if err != nil {
		return err
	}
	for _, s := range steps {
		if s.ItemID != item || s.State != StepScheduled {
			continue
		}
		if err := letGo(ctx, tx, actor, p, s); err != nil {
			return err
		}
	}
	if p.State != proposal.Scheduled || p.MeetingID != meeting {
		return nil
	}
	return proposal.Unschedule(ctx, tx, actor, paper)
}

func letGo(ctx context.Context, tx postgres.DB, actor access.Actor, p proposal.Proposal, s Step) error {
	if CanReceive(actor, s) {
		if err := keepLocal(ctx, tx, actor, s); err != nil {
			return err
		}
	}
	s.State, s.MeetingID, s.ItemID = StepSent, "", ""
	if err := updateStep(ctx, tx, actor, s); err != nil {
		return err
	}
	return noteStep(ctx, tx, actor, "route.release", p, s, "")
}

// keepLocal keeps what the item of the step says, as far as it differs from the paper.
func keepLocal(ctx context.Context, tx postgres.DB, actor access.Actor, s Step) error {
	_, err := postgres.Exec(ctx, tx, `
		insert into route_step_locals as l (step_id, title, treatment, portfolio_holders, covering_note, updated_at, updated_by,
		  visibility, org_ids, participant_org_ids, writer_ids, audience_bodies)
		select @step, case when x.title = p.subject then '' else x.title end, case when x.treatment = @asked then '' else x.treatment end,
		  case when x.portfolio_holders = p.portfolio_holders then '[]' else x.portfolio_holders end, x.explanation, @at, @by,
		  @visibility, @org_ids, @participant_org_ids, @writer_ids, @audience_bodies
		from agenda_item_matters x join proposals p on p.id = x.proposal_id where x.item_id = @item
		on conflict (step_id) do update set title = excluded.title, treatment = excluded.treatment, portfolio_holders = excluded.portfolio_holders,
		  covering_note = excluded.covering_note, version = l.version + 1, updated_at = @at, updated_by = @by`,
		func() postgres.Args {
			args := localArgs(actor, s, Local{})
			args["item"], args["asked"] = s.ItemID, s.Treatment
			return args
		}())
	return err
}

// PublishSteps makes the steps public that stand on a published agenda as open items.
func PublishSteps(ctx context.Context, tx postgres.DB, actor access.Actor, meeting id.Meeting) error {
	_, err := postgres.Exec(ctx, tx, `
		update route_steps s set visibility = 'public', version = s.version + 1
		from agenda_items i
		where s.meeting_id = @meeting and i.id = s.item_id and not i.closed and i.state <> 'vervallen' and s.state = 'geagendeerd'
		  and s.audience_bodies is null and s.visibility <> 'public' and `+access.Seen("s"), postgres.Args{"meeting": meeting}.As(actor))
	return err
}

// MeantFor tells whether a body has a say on the paper: it is meant for it, or was sent to it along its route.
func MeantFor(ctx context.Context, tx postgres.DB, actor access.Actor, paper id.Proposal, body id.Body) (bool, error) {
	return postgres.One[bool](ctx, tx, `select exists (select from proposals p where p.id = @id and p.target_body_id = @body)
		or exists (select from route_steps s where s.proposal_id = @id and s.body_id = @body and s.sent_at is not null)`,
		postgres.Args{"id": paper, "body": body}.As(actor))
}
