package zienswijze

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

var keyForm = regexp.MustCompile(`^[a-z2-9]{12}$`)

// boards are the bodies that decide after the councils.
var boards = []string{"general_board", "joint_organ", "operations_board"}

// Open begins a procedure, which only the secretariat of the board sees until it is sent. With the key of one that is there
// already it is that one again.
func Open(ctx context.Context, db postgres.DB, actor access.Actor, d Draft) (Procedure, error) {
	if len(Owners(actor)) == 0 {
		return Procedure{}, fault.Forbidden
	}
	if err := d.Check(actor.At); err != nil {
		return Procedure{}, err
	}
	if !keyForm.MatchString(d.Key) {
		d.Key = id.NewKey()
	}
	p, err := open(ctx, db, actor, d)
	if postgres.Violates(err, "zienswijze_procedures_key_key") {
		if before, e := Find(ctx, db, actor, d.Key); e == nil && CanOpen(actor, before.OrganisationID) {
			return before, nil
		}
		d.Key = id.NewKey()
		return open(ctx, db, actor, d)
	}
	return p, err
}

func open(ctx context.Context, db postgres.DB, actor access.Actor, d Draft) (Procedure, error) {
	var p Procedure
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		c, err := findCarrier(ctx, tx, actor, d.CollaborationID)
		if errors.Is(err, fault.NotFound) || err == nil && !CanOpen(actor, c.OrganisationID) {
			return fault.Fields{"collaboration_id": "Kies een samenwerking waarvan u het bestuur bijstaat."}
		}
		if err != nil {
			return err
		}
		if c.Ended {
			return fault.Fields{"collaboration_id": "Deze samenwerking is beëindigd. Kies een andere."}
		}
		p = Procedure{
			ID: id.New[id.Procedure](), Key: d.Key, CollaborationID: d.CollaborationID, OrganisationID: c.OrganisationID, State: Preparing, MadeUp: d.MadeUp,
			Facts:    d.Facts,
			Audience: access.Audience{Visibility: access.Draft, OrgIDs: []id.Organisation{c.OrganisationID}},
		}
		if err := fits(ctx, tx, actor, &p); err != nil {
			return err
		}
		if err := insert(ctx, tx, actor, p); err != nil {
			return err
		}
		if err := setSubjects(ctx, tx, actor, p, d.Subjects); err != nil {
			return err
		}
		if p, err = lock(ctx, tx, actor, p.ID); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "procedure.open", string(p.ID), p.OrgIDs, "")
	})
	return p, err
}

// fits asks of the database what the facts alone cannot tell, and takes the day of the board from its meeting.
func fits(ctx context.Context, tx pgx.Tx, actor access.Actor, p *Procedure) error {
	p.Subject = strings.TrimSpace(p.Subject)
	f := fault.Fields{}
	if p.ABMeetingID != "" {
		at, err := meetingDay(ctx, tx, actor, p.ABMeetingID, boards, p.OrganisationID)
		switch {
		case errors.Is(err, fault.NotFound):
			f.Must(false, "ab_meeting_id", "Kies een vergadering van het bestuur uit de lijst.")
		case err != nil:
			return err
		case p.ABOn == nil:
			p.ABOn = &at
		default:
			f.Must(dutch.DayOf(p.ABOn).Equal(at), "ab_on", "De gekozen vergadering is op "+dutch.Date(at)+". Vul die dag in, of maak een van de twee leeg.")
		}
	}
	if p.ProposalID != "" {
		fits, err := paperFits(ctx, tx, actor, p.ProposalID, p.OrganisationID)
		if err != nil {
			return err
		}
		f.Must(fits, "proposal_id", "Kies een openbaar voorstel van de eigen organisatie uit de lijst.")
	}
	p.ABOn, p.RepliesDue = dutch.DayOf(p.ABOn), dutch.DayOf(p.RepliesDue)
	return f.Err()
}
