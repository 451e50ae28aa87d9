package meeting

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/job"
	"regiogriffie/internal/postgres"
)

// Revise changes the facts of a meeting. Its kind, its organisers and whether it is closed are fixed once it is
// announced; its address too. fault.Conflict when someone else was first.
func Revise(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, d Draft) (revised Meeting, err error) {
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		revised, err = revise(ctx, tx, actor, m, d)
		return err
	})
	return revised, err
}

func revise(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, d Draft) (Meeting, error) {
	was, organisers, err := lock(ctx, tx, actor, m)
	if err != nil {
		return was, err
	}
	if !CanCompose(actor, was, organisers) {
		return was, fault.Forbidden
	}
	open, err := requestsOf(ctx, tx, actor, m)
	if err != nil {
		return was, err
	}
	if d, err = asked(was, organisers, open, d); err != nil {
		return was, err
	}
	held := holders{meeting: was, organisers: organisers}
	if was.State == Concept {
		if held, err = regroup(ctx, tx, actor, held, open, d); err != nil {
			return was, err
		}
	}
	plan, err := planRevision(actor, was, held, d)
	if err != nil {
		return was, err
	}
	revised, err := updateMeeting(ctx, tx, actor, plan.next)
	if err != nil {
		return was, err
	}
	if err := spreadRevision(ctx, tx, actor, was, revised, held, d.Signed); err != nil {
		return was, err
	}
	if err := audit.Note(ctx, tx, actor, "meeting.revise", string(m), revised.OrgIDs, strings.TrimSpace(d.Reason)); err != nil {
		return was, err
	}
	for _, each := range plan.told(was, revised) {
		if err := job.Enqueue(ctx, tx, each.kind, each.Telling); err != nil {
			return was, err
		}
	}
	return revised, nil
}

// asked is the draft as it counts for the meeting, or what is wrong with it.
func asked(was Meeting, organisers []Organiser, open []Request, d Draft) (Draft, error) {
	d = d.Standing(was, organisers, open...)
	if err := d.Check(); err != nil {
		return d, err
	}
	if was.Version != d.Version {
		return d, fault.Conflict
	}
	return d, nil
}

// holders are who hold a meeting, and who are to be asked.
type holders struct {
	meeting    Meeting // with the address and the audience that follow
	organisers []Organiser
	asked      []Organiser
}

// regroup says who hold a concept from now on. Its address follows who they are and its day.
func regroup(ctx context.Context, tx pgx.Tx, actor access.Actor, h holders, open []Request, d Draft) (holders, error) {
	was := h.meeting
	var err error
	if h.organisers, h.asked, err = reorganise(ctx, tx, actor, was, h.organisers, open, d); err != nil {
		return h, err
	}
	if open, err = requestsOf(ctx, tx, actor, was.ID); err != nil {
		return h, err
	}
	h.meeting.HostOrgID = h.organisers[0].OrganisationID
	h.meeting.Audience = audienceOf(Concept, h.organisers, append(open, requested(h.asked)...))
	h.meeting.WriterIDs = was.WriterIDs
	if base := slugBase(*d.StartsAt, h.organisers); !strings.HasPrefix(was.Slug, base) {
		h.meeting.Slug, err = slugFree(ctx, tx, actor, base, was.ID)
	}
	return h, err
}

// revision is what a draft makes of a meeting.
type revision struct {
	next   Meeting
	moved  bool // another day or time
	placed bool // another place, or another address to look on
}

// planRevision says what d makes of a meeting, or what is wrong with it. What is known to others moves with a reason, and once the
// members are called only by who calls them.
func planRevision(actor access.Actor, was Meeting, held holders, d Draft) (revision, error) {
	plan := revision{
		next:   held.meeting,
		moved:  !was.StartsAt.Equal(*d.StartsAt) || !was.EndsAt.Equal(*d.EndsAt),
		placed: was.Location != strings.TrimSpace(d.Location) || was.OnlineURL != d.OnlineURL,
	}
	if was.Published() && (plan.moved || plan.placed) && !CanConvene(actor, was, held.organisers) {
		if was.Kind.Event() {
			return plan, fault.Because("De bijeenkomst is bekendgemaakt. Alleen de griffier of secretaris kan dag, tijd en plaats nog wijzigen.")
		}
		return plan, fault.Because("De leden zijn opgeroepen. Alleen de griffier of secretaris kan dag, tijd en plaats nog wijzigen.")
	}
	if was.State != Concept {
		plan.next.Sequence++ // calendars take the change
		if was.Published() {
			plan.next.ChangedAt = &actor.At
		}
	}
	if was.State != Concept && plan.moved {
		reason := strings.TrimSpace(d.Reason)
		if reason == "" || len([]rune(reason)) > 500 {
			return plan, fault.Fields{"reason": "Schrijf waarom de vergadering is verplaatst, in hoogstens 500 tekens. Iedereen kan dit lezen."}
		}
		if actor.MustConfirm() {
			return plan, fault.Unconfirmed
		}
		plan.next.MovedFrom, plan.next.MovedReason = &was.StartsAt, reason
	}
	plan.next = d.on(plan.next)
	return plan, nil
}

// telling is a job that tells people of a meeting.
type telling struct {
	kind string
	Telling
}

// told says who must hear of the revision: those who invite to the meeting, and who was called to it. Of an event those who were
// invited hear it; who is only a member of the body was never called to it.
func (plan revision) told(was, revised Meeting) []telling {
	var list []telling
	if !plan.moved && !plan.placed {
		return list
	}
	if was.Invited {
		list = append(list, telling{Changed, Telling{Meeting: revised.ID, Sequence: revised.Version}})
	}
	if was.Published() {
		list = append(list, telling{TellMoved, Telling{Meeting: revised.ID, Sequence: revised.Sequence, OnlyPlace: !plan.moved}})
	}
	return list
}

// spreadRevision lets the agenda, who is asked and who may see what follow the meeting as it is now.
func spreadRevision(ctx context.Context, tx pgx.Tx, actor access.Actor, was, revised Meeting, held holders, signed bool) error {
	if was.Open != revised.Open {
		if err := rechoose(ctx, tx, spreading(actor, held.organisers), revised, held.organisers); err != nil {
			return err
		}
	}
	if err := ask(ctx, tx, actor, revised, held.organisers, held.asked, signed); err != nil {
		return err
	}
	if err := spreadRequests(ctx, tx, actor, revised, held.organisers); err != nil {
		return err
	}
	return spreadAudience(ctx, tx, actor, revised, held.organisers)
}
