package zienswijze

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
)

// withView does an act on the view of a council in a transaction; the act writes and notes.
func withView(ctx context.Context, db postgres.DB, actor access.Actor, view id.View, act func(tx pgx.Tx, p Procedure, v View) error) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if err := holdPaper(ctx, tx, actor, "", view); err != nil {
			return err
		}
		p, v, err := lockView(ctx, tx, actor, view)
		if err != nil {
			return err
		}
		return act(tx, p, v)
	})
}

// own are the organisations whose griffiers find in their trail what a council prepares; told are those once it was sent.
func own(v View) []id.Organisation { return []id.Organisation{v.OrganisationID} }

func told(p Procedure, v View) []id.Organisation {
	return append([]id.Organisation{v.OrganisationID}, p.OrgIDs...)
}

// draftAudience is who reads what a council prepares: its own organisation, and when the council shares its draft the other
// participants. The board waits.
func draftAudience(p Procedure, v View, shared bool) access.Audience {
	a := access.Audience{Visibility: access.Org, OrgIDs: []id.Organisation{v.OrganisationID}}
	if shared {
		a.Visibility = access.Participants
		a.ParticipantOrgIDs = slices.DeleteFunc(slices.Clone(p.ParticipantOrgIDs), func(o id.Organisation) bool { return slices.Contains(p.OrgIDs, o) })
	}
	return a
}

// sentAudience is who reads it once it was sent: the board and all participants.
func sentAudience(p Procedure, v View) access.Audience {
	return access.Audience{Visibility: access.Participants, OrgIDs: []id.Organisation{v.OrganisationID}, ParticipantOrgIDs: everyone(p)}
}

// Write keeps the draft of a view with its stances; until it is sent its own organisation reads it, and the other councils when it
// is shared. Another version than the one given is fault.Conflict.
func Write(ctx context.Context, db postgres.DB, actor access.Actor, view id.View, d TextDraft) error {
	return withView(ctx, db, actor, view, func(tx pgx.Tx, p Procedure, v View) error {
		if !CanWrite(actor, p, v) {
			return fault.Forbidden
		}
		if err := d.Check(actor.At); err != nil {
			return err
		}
		t := Text{ViewID: v.ID, Text: strings.TrimSpace(d.Text), SharedDraft: d.Shared, Version: d.Version, Audience: draftAudience(p, v, d.Shared)}
		there, err := findText(ctx, tx, actor, v.ID)
		switch {
		case err == nil && there.Version == d.Version+1 && there.Text == t.Text && there.SharedDraft == d.Shared && there.UpdatedBy == actor.Name:
			return nil // the same form, sent twice
		case err != nil && !errors.Is(err, fault.NotFound):
			return err
		}
		if d.Version == 0 {
			err = insertText(ctx, tx, actor, t)
		} else {
			err = updateText(ctx, tx, actor, t)
		}
		if err != nil {
			return err
		}
		if err := setOpinions(ctx, tx, actor, p.ID, t, d.Opinions, false); err != nil {
			return err
		}
		if err := spreadText(ctx, tx, actor, t); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "view.write", string(v.ID), own(v), "")
	})
}

// Schedule says at which of its meetings a council treats the draft; none takes that back. The same twice is once. Where the
// paper lies in the in-tray of the council, or stands on its agenda, that says so.
func Schedule(ctx context.Context, db postgres.DB, actor access.Actor, view id.View, meeting id.Meeting) error {
	return withView(ctx, db, actor, view, func(tx pgx.Tx, p Procedure, v View) error {
		if !CanWrite(actor, p, v) {
			return fault.Forbidden
		}
		if v.MeetingID == meeting {
			return nil
		}
		if v.Step.Waits() {
			return fault.Because("Het voorstel ligt in uw postvak. Zet het daar op een agenda; dan staat het ook hier.")
		}
		if v.Step.OnAgenda() {
			return fault.Because("Het voorstel staat op een agenda van uw raad. Haal het daar van de agenda om een andere vergadering te kiezen.")
		}
		v.State, v.MeetingID, v.ItemID = Scheduled, meeting, ""
		if meeting == "" {
			v.State = Received
		} else if _, err := meetingDay(ctx, tx, actor, meeting, []string{"council", "provincial_council"}, v.OrganisationID); errors.Is(err, fault.NotFound) {
			return fault.Fields{"meeting_id": "Kies een vergadering van uw raad uit de lijst."}
		} else if err != nil {
			return err
		}
		if err := updateView(ctx, tx, actor, v); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "view.schedule", string(v.ID), told(p, v), "")
	})
}

// Adopt records that the council adopted its view, on a day. From now on the text stays as it is. A second time changes nothing.
// What stands on the agenda of the council is decided there; see Conclude. What lies in its in-tray is done with this.
func Adopt(ctx context.Context, db postgres.DB, actor access.Actor, view id.View, on *time.Time) error {
	return decide(ctx, db, actor, view, Adopted, on)
}

// Decline records that the council gives no view (WGR-1): the board need not wait for it. A second time changes nothing.
func Decline(ctx context.Context, db postgres.DB, actor access.Actor, view id.View, on *time.Time) error {
	return decide(ctx, db, actor, view, None, on)
}

func decide(ctx context.Context, db postgres.DB, actor access.Actor, view id.View, to ViewState, on *time.Time) error {
	return withView(ctx, db, actor, view, func(tx pgx.Tx, p Procedure, v View) error {
		return settle(ctx, tx, actor, p, v, to, on)
	})
}

func settle(ctx context.Context, tx pgx.Tx, actor access.Actor, p Procedure, v View, to ViewState, on *time.Time) error {
	before := v
	if v.State == to {
		before.State = Received
	}
	if !CanRecord(actor, p, before) {
		return fault.Forbidden
	}
	if v.State == to {
		return nil
	}
	if v.Step.OnAgenda() {
		return fault.Because("Het voorstel staat op een agenda van uw raad. Leg het besluit vast bij het agendapunt; dan staat het ook hier.")
	}
	f := fault.Fields{}
	f.Must(on != nil, "decided_on", "Vul de dag in waarop de raad dit besloot.")
	if on != nil {
		f.Must(!dutch.Day(*on).After(dutch.Day(actor.At)), "decided_on", "Deze dag moet nog komen. Leg het besluit vast als het genomen is.")
		f.Must(!dutch.Day(*on).Before(*p.SentOn), "decided_on", "Het ontwerp is verzonden op "+dutch.Date(*p.SentOn)+". Vul die dag of een latere in.")
	}
	t, err := findText(ctx, tx, actor, v.ID)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	f.Must(to == None || t.Text != "", "text", "Schrijf eerst de tekst van de zienswijze.")
	if err := f.Err(); err != nil {
		return err
	}
	if actor.MustConfirm() {
		return fault.Unconfirmed
	}
	v.State, v.DecidedOn = to, on
	if err := updateView(ctx, tx, actor, v); err != nil {
		return err
	}
	if p.ProposalID != "" && v.BodyID != "" {
		kind := map[ViewState]proposal.DecisionKind{Adopted: proposal.FormalView, None: proposal.Noted}[to]
		if err := route.TreatByHand(ctx, tx, actor, p.ProposalID, v.BodyID, kind, *on); err != nil {
			return err
		}
	}
	return audit.Note(ctx, tx, actor, map[ViewState]string{Adopted: "view.adopt", None: "view.decline"}[to], string(v.ID), told(p, v), "")
}

// SendView hands the adopted view to the board: it and all participants read it now. Late is shown, and never blocks. Sending
// twice is sending once.
func SendView(ctx context.Context, db postgres.DB, actor access.Actor, view id.View) error {
	return withView(ctx, db, actor, view, func(tx pgx.Tx, p Procedure, v View) error {
		before := v
		if v.State == ViewSent {
			before.State = Adopted
		}
		if !CanSendView(actor, p, before) {
			return fault.Forbidden
		}
		if v.State == ViewSent {
			return nil
		}
		if actor.MustConfirm() {
			return fault.Unconfirmed
		}
		t, err := findText(ctx, tx, actor, v.ID)
		if err != nil {
			return err
		}
		t.Audience = sentAudience(p, v)
		if err := updateText(ctx, tx, actor, t); err != nil {
			return err
		}
		if err := spreadText(ctx, tx, actor, t); err != nil {
			return err
		}
		v.State, v.SentOn = ViewSent, &actor.At
		if err := updateView(ctx, tx, actor, v); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "view.send", string(v.ID), told(p, v), "")
	})
}

// PublishView opens what a council sent, and what it is answered, to everyone. Twice is once.
func PublishView(ctx context.Context, db postgres.DB, actor access.Actor, view id.View) error {
	return openText(ctx, db, actor, view, access.Public, "view.publish")
}

// RetractView takes that back.
func RetractView(ctx context.Context, db postgres.DB, actor access.Actor, view id.View) error {
	return openText(ctx, db, actor, view, access.Participants, "view.retract")
}

func openText(ctx context.Context, db postgres.DB, actor access.Actor, view id.View, to access.Visibility, act string) error {
	return withView(ctx, db, actor, view, func(tx pgx.Tx, p Procedure, v View) error {
		if !CanPublishView(actor, p, v) {
			return fault.Forbidden
		}
		t, err := findText(ctx, tx, actor, v.ID)
		if err != nil || t.Visibility == to {
			return err
		}
		if actor.MustConfirm() {
			return fault.Unconfirmed
		}
		t.Visibility = to
		if err := updateText(ctx, tx, actor, t); err != nil {
			return err
		}
		if err := spreadText(ctx, tx, actor, t); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, act, string(v.ID), told(p, v), "")
	})
}

// retractTexts closes to the public what councils opened under a procedure.
func retractTexts(ctx context.Context, tx pgx.Tx, actor access.Actor, p id.Procedure) error {
	for _, table := range []string{"zienswijze_texts", "zienswijze_stances"} {
		if _, err := postgres.Exec(ctx, tx, `update `+table+` t set visibility = 'participants' from zienswijzen v
			where v.id = t.view_id and v.procedure_id = @id and t.visibility = 'public'`, postgres.Args{"id": p}.As(actor)); err != nil {
			return err
		}
	}
	return nil
}

// Answer gives a council the judgement of the board, in writing and with reasons (WGR-10.6, WGR-35.4). An answer can be bettered;
// another version of the text than the one given is fault.Conflict.
func Answer(ctx context.Context, db postgres.DB, actor access.Actor, view id.View, d AnswerDraft) error {
	return withView(ctx, db, actor, view, func(tx pgx.Tx, p Procedure, v View) error {
		return giveAnswer(ctx, tx, actor, p, v, d)
	})
}

func giveAnswer(ctx context.Context, tx pgx.Tx, actor access.Actor, p Procedure, v View, d AnswerDraft) error {
	if !CanAnswer(actor, p, v) {
		return fault.Forbidden
	}
	if err := d.Check(actor.At); err != nil {
		return err
	}
	if actor.MustConfirm() {
		return fault.Unconfirmed
	}
	t, err := findText(ctx, tx, actor, v.ID)
	if err != nil {
		return err
	}
	if t.Version == d.Version+1 && t.BoardAnswer == strings.TrimSpace(d.Answer) && v.State == Answered {
		return nil // the same form, sent twice
	}
	t.BoardAnswer, t.Version = strings.TrimSpace(d.Answer), d.Version
	if err := updateText(ctx, tx, actor, t); err != nil {
		return err
	}
	if err := setOpinions(ctx, tx, actor, p.ID, t, d.Opinions, true); err != nil {
		return err
	}
	if v.State != Answered {
		v.State, v.AnsweredOn = Answered, &actor.At
		if err := updateView(ctx, tx, actor, v); err != nil {
			return err
		}
		if err := tell(ctx, tx, actor, TellAnswered, p, []View{v}); err != nil {
			return err
		}
	}
	return audit.Note(ctx, tx, actor, "view.answer", string(v.ID), told(p, v), "")
}
