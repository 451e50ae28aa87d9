package invitation

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
	"regiogriffie/internal/file"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
)

// decide is one act of who decides, on an invitation under lock.
func decide(ctx context.Context, db postgres.DB, actor access.Actor, of id.Invitation, do func(tx pgx.Tx, i Invitation) error) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		i, err := lock(ctx, tx, actor, of)
		if err != nil {
			return err
		}
		if !CanDecide(actor, i) {
			return notNow(actor, i)
		}
		return do(tx, i)
	})
}

func (i Invitation) telling(actor access.Actor) Telling {
	return Telling{Invitation: i.ID, Key: i.Key, Number: i.Version, By: actor.Person, MadeUp: i.MadeUp, Meeting: i.MeetingID, Until: i.EndsAt}
}

// Ask puts the invitation before those who sign it; each organisation signs in the order it likes. Rules that are not met come
// back as fault.Fields under their ids. Asking twice is asking once.
func Ask(ctx context.Context, db postgres.DB, actor access.Actor, of id.Invitation, version int, reasons map[string]string) error {
	return decide(ctx, db, actor, of, func(tx pgx.Tx, i Invitation) error {
		if i.State != Concept {
			return nil
		}
		if version != i.Version {
			return fault.Conflict
		}
		found := Findings(actor, i)
		if err := found.Unmet(reasons); err != nil {
			return err
		}
		if actor.MustConfirm() {
			return fault.Unconfirmed
		}
		i.State = Signing
		if err := update(ctx, tx, actor, i); err != nil {
			return err
		}
		if err := audit.Note(ctx, tx, actor, "invitation.ask", string(i.ID), i.OrgIDs, found.Reasons(reasons)); err != nil {
			return err
		}
		return tell(ctx, tx, TellSigning, i.telling(actor))
	})
}

// Sign gives one signature, under the text with this digest: a signature under another text than was read is none. He signs
// himself, or griffier or secretaris of his organisation does it for him, and he is told. Signing twice is signing once. When all
// organisations have signed, those who can publish are told.
func Sign(ctx context.Context, db postgres.DB, actor access.Actor, of id.Invitation, signer id.Signer, digest string) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		return giveSignature(ctx, tx, actor, of, signer, digest)
	})
}

func giveSignature(ctx context.Context, tx pgx.Tx, actor access.Actor, of id.Invitation, signer id.Signer, digest string) error {
	i, err := lock(ctx, tx, actor, of)
	if err != nil {
		return err
	}
	n := slices.IndexFunc(i.Signers, func(s Signer) bool { return s.ID == signer })
	if n < 0 {
		return whyNotSign(actor, i)
	}
	s := i.Signers[n]
	if !CanSign(actor, i, s) {
		if i.Signed(s) && i.State != Cancelled && (signs(actor, s) || decides(actor, s.OrganisationID)) {
			return nil
		}
		return whyNotSign(actor, i)
	}
	if digest != i.Digest() {
		return fault.Conflict
	}
	if hard := Findings(actor, i); hard.Hard() {
		return fault.Because("U kunt nog niet ondertekenen. %s", hard[0].Text)
	}
	if actor.MustConfirm() {
		return fault.Unconfirmed
	}
	if err := sign(ctx, tx, actor, s.ID, digest); err != nil {
		return err
	}
	if err := meeting.Join(ctx, tx, actor, i.MeetingID, s.OrganisationID); err != nil {
		return err
	}
	if err := audit.Note(ctx, tx, actor, "invitation.sign", string(i.ID), i.OrgIDs, ""); err != nil {
		return err
	}
	if !signs(actor, s) {
		told := i.telling(actor)
		told.For = s.PersonID
		if err := tell(ctx, tx, TellSignedFor, told); err != nil {
			return err
		}
	}
	after, err := find(ctx, tx, actor, `i.id = @id`, postgres.Args{"id": of})
	if err != nil || !after.Ready() {
		return err
	}
	return tell(ctx, tx, TellReady, after.telling(actor))
}

func whyNotSign(actor access.Actor, i Invitation) error {
	switch i.State {
	case Concept:
		return fault.Because("Deze uitnodiging is nog in voorbereiding. U kunt haar ondertekenen zodra de griffie haar voorlegt.")
	case Published:
		return fault.Because("Deze uitnodiging is al gepubliceerd.")
	case Cancelled:
		return notNow(actor, i)
	}
	return fault.Forbidden
}

// Publish gives the invitation to its readers, in one act: it makes the meeting known, keeps the text that all signed as a
// publication, opens its attachments and mails those invited. Only when every organisation has signed the text as it stands.
// Publishing twice is publishing once.
func Publish(ctx context.Context, db postgres.DB, actor access.Actor, of id.Invitation, version int) error {
	return decide(ctx, db, actor, of, func(tx pgx.Tx, i Invitation) error {
		if i.State == Published {
			return nil
		}
		if version != i.Version {
			return fault.Conflict
		}
		if !i.Ready() {
			return fault.Because("%s", i.missing())
		}
		if found := Findings(actor, i); found.Hard() {
			return fault.Because("U kunt nog niet publiceren. %s", found[0].Text)
		}
		if actor.MustConfirm() {
			return fault.Unconfirmed
		}
		if err := announce(ctx, tx, actor, i); err != nil {
			return err
		}
		number, err := insertPublication(ctx, tx, actor, i)
		if err != nil {
			return err
		}
		i.State, i.PublishedAt = Published, &actor.At
		if err := update(ctx, tx, actor, i); err != nil {
			return err
		}
		if err := file.Spread(ctx, tx, actor, []string{string(i.ID)}, access.Audience{Visibility: access.Public, OrgIDs: i.OrgIDs}); err != nil {
			return err
		}
		if err := audit.Note(ctx, tx, actor, "invitation.publish", string(i.ID), i.OrgIDs, ""); err != nil {
			return err
		}
		told := i.telling(actor)
		told.Number = number
		return tell(ctx, tx, TellPublished, told)
	})
}

// missing says whose signature is still needed, and who has to give it.
func (i Invitation) missing() string {
	if i.State == Concept {
		return "Deze uitnodiging is nog niet ter ondertekening voorgelegd. Leg haar eerst voor."
	}
	var names []string
	for _, o := range i.Unsigned() {
		names = append(names, o.Name)
	}
	return "De uitnodiging wacht nog op de ondertekening van " + dutch.List(names) + ". U kunt publiceren zodra alle organisaties hebben ondertekend."
}

// announce makes the meeting known; where it was already, its calendar entry takes the change.
func announce(ctx context.Context, tx pgx.Tx, actor access.Actor, i Invitation) error {
	if err := meeting.Invite(ctx, tx, actor, i.MeetingID, i.Title); err != nil {
		return err
	}
	if i.MeetingState != meeting.Concept {
		return meeting.Renew(ctx, tx, actor, i.MeetingID)
	}
	_, err := meeting.Announce(ctx, tx, actor, i.MeetingID)
	if err == fault.Forbidden {
		return fault.Because("De dag van deze vergadering is nog niet bekendgemaakt. Vraag de griffier van het gremium om dat eerst te doen.")
	}
	return err
}

// Cancel calls the invitation off, with a reason that those invited read. One that was published takes its event along, and so
// does one whose event nobody knows of: those who were invited are told by mail and in their calendars. A sitting of a body is
// cancelled by its griffier.
func Cancel(ctx context.Context, db postgres.DB, actor access.Actor, of id.Invitation, reason string) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		return cancel(ctx, tx, actor, of, reason)
	})
}

func cancel(ctx context.Context, tx pgx.Tx, actor access.Actor, of id.Invitation, reason string) error {
	i, err := lock(ctx, tx, actor, of)
	if err != nil {
		return err
	}
	before := i
	if i.State == Cancelled { // a second time is asked of the same people
		before.State = Concept
	}
	if !CanDecide(actor, before) {
		return notNow(actor, i)
	}
	if i.State == Cancelled {
		return nil
	}
	faults := fault.Fields{}
	reason = strings.TrimSpace(reason)
	faults.Must(reason != "", "reason", "Schrijf waarom de uitnodiging vervalt. Wie is uitgenodigd, kan dit lezen.")
	faults.Must(len([]rune(reason)) <= 500, "reason", "Maak de reden korter: hoogstens 500 tekens.")
	if err := faults.Err(); err != nil {
		return err
	}
	if i.PublishedAt != nil && !i.Kind.Event() && i.MeetingState != meeting.Cancelled {
		return fault.Because("Deze vergadering is van een gremium. Vraag de griffier daarvan om haar te annuleren; wie is uitgenodigd, krijgt dan bericht.")
	}
	if actor.MustConfirm() {
		return fault.Unconfirmed
	}
	i.State, i.CancelledReason = Cancelled, reason
	if err := update(ctx, tx, actor, i); err != nil {
		return err
	}
	if err := meeting.Uninvite(ctx, tx, actor, i.MeetingID); err != nil {
		return err
	}
	if i.MeetingState != meeting.Cancelled && (i.PublishedAt != nil || i.Kind.Event() && i.MeetingState == meeting.Concept) {
		if _, err := meeting.Cancel(ctx, tx, actor, i.MeetingID, reason); err != nil {
			return err
		}
	}
	return audit.Note(ctx, tx, actor, "invitation.cancel", string(i.ID), i.OrgIDs, reason)
}

// maxFiles bounds what is attached to an invitation.
const maxFiles = 30

// Attach adds a file. It is of the text that is signed: signatures lapse.
func Attach(ctx context.Context, db postgres.DB, files *file.Store, actor access.Actor, of id.Invitation, u file.Upload) error {
	return change(ctx, db, actor, of, "invitation.attach", func(tx pgx.Tx, i *Invitation) error {
		if len(i.Files) >= maxFiles {
			return fault.Fields{"file": "Een uitnodiging heeft hoogstens 30 bijlagen."}
		}
		made, err := files.Attach(ctx, tx, actor, file.Object{Kind: "invitation", ID: string(i.ID)}, i.Audience, u)
		if same := made.Sha256 + " " + made.Title; !slices.Contains(i.Files, same) {
			i.Files = append(i.Files, same)
		}
		return err
	})
}

// Detach takes a file away, by its key, until it was published. A second time changes nothing.
func Detach(ctx context.Context, db postgres.DB, actor access.Actor, of id.Invitation, key string) error {
	return change(ctx, db, actor, of, "invitation.detach", func(tx pgx.Tx, i *Invitation) error {
		var all []file.Attachment
		if err := postgres.Read(ctx, tx, file.Of(&all, actor, string(i.ID))); err != nil {
			return err
		}
		n := slices.IndexFunc(all, func(a file.Attachment) bool { return a.Key == key })
		if n < 0 {
			return file.RemovedOnce(ctx, tx, actor, string(i.ID), key)
		}
		if all[n].Visibility == access.Public {
			return fault.Because("Deze bijlage is al openbaar en blijft erbij. Voeg een nieuwe bijlage toe als er iets moet worden verbeterd.")
		}
		gone := all[n].Sha256 + " " + all[n].Title
		i.Files = slices.DeleteFunc(i.Files, func(f string) bool { return f == gone })
		return file.Remove(ctx, tx, actor, all[n].ID)
	})
}

// LapseDuty is the duty to end signatures under a day or place that has changed since.
const LapseDuty access.Duty = "invitation.lapse"

// Lapse ends the signatures under the invitation to a meeting whose day, time or place changed at the meeting itself, and tells
// those who gave them. For the worker; doing it twice is doing it once.
func Lapse(ctx context.Context, db postgres.DB, of id.Meeting, at time.Time) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		orgs, err := postgres.All[id.Organisation](ctx, tx, `select organisation_id from meeting_organisers where meeting_id = @id and agreed_with = ''`,
			postgres.Args{"id": of})
		if err != nil {
			return err
		}
		duty := access.Actor{Duty: LapseDuty, At: at}
		for _, org := range orgs {
			duty.Grants = append(duty.Grants, access.Grant{Role: access.ClerkStaff, Organisation: org})
		}
		i, err := find(ctx, tx, duty, `i.meeting_id = @id and i.state = 'ter_ondertekening'`, postgres.Args{"id": of})
		if errors.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if i, err = lock(ctx, tx, duty, i.ID); err != nil {
			return err
		}
		if !slices.ContainsFunc(i.Signers, func(s Signer) bool { return s.LapsedAt == nil && i.Lapsed(s) }) {
			return nil
		}
		if _, err := lapse(ctx, tx, duty, i.ID); err != nil {
			return err
		}
		if err := audit.Note(ctx, tx, duty, "invitation.lapse", string(i.ID), i.OrgIDs, ""); err != nil {
			return err
		}
		return tell(ctx, tx, TellLapsed, i.telling(duty))
	})
}
