package invitation

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/gone"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
)

var keyForm = regexp.MustCompile(`^[a-z2-9]{12}$`)

// Create begins an invitation, to a meeting that is there or to an event that it makes as a concept. The organisations are those
// that hold the meeting; griffier, griffiemedewerker and secretaris of all of them write on it from now on. With the key of one
// that was begun before, it is that one again.
func Create(ctx context.Context, db postgres.DB, actor access.Actor, d Draft) (Invitation, error) {
	if err := d.Check(); err != nil {
		return Invitation{}, err
	}
	if !CanCreate(actor) {
		return Invitation{}, fault.Forbidden
	}
	if !keyForm.MatchString(d.Key) {
		d.Key = id.NewKey()
	}
	err := create(ctx, db, actor, d)
	if postgres.Violates(err, "invitations_key_key") {
		return Find(ctx, db, actor, d.Key)
	}
	if postgres.Violates(err, "invitations_meeting_key") {
		return Invitation{}, fault.Fields{"meeting_id": "Voor deze bijeenkomst is er al een uitnodiging. U vindt haar bij Uitnodigingen."}
	}
	if err != nil {
		return Invitation{}, err
	}
	return Find(ctx, db, actor, d.Key)
}

func create(ctx context.Context, db postgres.DB, actor access.Actor, d Draft) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		m, organisers, err := gathering(ctx, tx, actor, d)
		if err != nil {
			return err
		}
		i := Invitation{
			ID: id.New[id.Invitation](), Key: d.Key, MeetingID: m.ID, Title: strings.TrimSpace(d.Title), MadeUp: d.MadeUp || m.MadeUp, Organisers: organisers,
			Content: Content{Sections: []Section{}, Groups: []string{}, Programme: []Part{}},
		}
		i.Audience = access.Audience{Visibility: access.Draft}
		for _, o := range organisers {
			i.OrgIDs = append(i.OrgIDs, o.ID)
		}
		if !CanRevise(actor, i) {
			return fault.Fields{"organisations": "U werkt voor geen van deze organisaties. Noem ook uw eigen organisatie."}
		}
		if err := insert(ctx, tx, actor, i); err != nil {
			return err
		}
		if err := meeting.Invite(ctx, tx, actor, m.ID, i.Title); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "invitation.create", string(i.ID), i.OrgIDs, "")
	})
}

// mayInviteTo refuses to begin an invitation to a meeting that the actor's organisation does not hold by its own word, or as long as another was
// asked to and did not answer.
func mayInviteTo(ctx context.Context, tx pgx.Tx, actor access.Actor, m meeting.Meeting) error {
	var asked []meeting.Request
	if err := postgres.Read(ctx, tx, meeting.RequestsAt(&asked, actor, m.Slug)); err != nil {
		return err
	}
	_, organisers, err := meeting.FindWhole(ctx, tx, actor, m.ID)
	switch {
	case err != nil:
		return err
	case !slices.ContainsFunc(organisers, func(o meeting.Organiser) bool {
		return o.Agreed() && slices.Contains(actor.ClerkOrganisations(), o.OrganisationID)
	}):
		return fault.Fields{"meeting_id": "Uw organisatie houdt deze bijeenkomst niet. Stem eerst in met de vraag om mee te doen, of kies een andere."}
	case slices.ContainsFunc(asked, meeting.Request.Open):
		return fault.Fields{"meeting_id": "Een ander gremium is gevraagd voor deze bijeenkomst en heeft nog niet geantwoord. " +
			"Wacht op het antwoord, of trek de vraag in."}
	}
	return nil
}

// gathering is the meeting that people are invited to, with the organisations that hold it, or are asked to: they write along, and their
// signature is their word.
func gathering(ctx context.Context, tx pgx.Tx, actor access.Actor, d Draft) (meeting.Meeting, []Organiser, error) {
	var m meeting.Meeting
	var err error
	if d.MeetingID != "" {
		if m, err = meeting.Find(ctx, tx, actor, d.MeetingID); errors.Is(err, fault.NotFound) {
			return m, nil, fault.Fields{"meeting_id": "Kies een bijeenkomst uit de lijst."}
		}
	} else {
		m, err = meeting.Create(ctx, tx, actor, meeting.Draft{
			Kind: d.Kind, Title: d.Title, Orgs: d.Orgs, StartsAt: d.StartsAt, EndsAt: d.EndsAt, Location: d.Location, Open: true, MadeUp: d.MadeUp, Signed: true,
		})
		var faults fault.Fields
		if errors.As(err, &faults) && faults["bodies"] != "" {
			return m, nil, fault.Fields{"organisations": "Noem ten minste één organisatie waarvoor u werkt, als griffier of secretaris."}
		}
	}
	if err != nil {
		return m, nil, err
	}
	if d.MeetingID != "" {
		if err := mayInviteTo(ctx, tx, actor, m); err != nil {
			return m, nil, err
		}
	}
	if !m.Open {
		return m, nil, fault.Fields{"meeting_id": "Deze vergadering is besloten. Een uitnodiging is openbaar; roep de leden op vanuit de vergadering zelf."}
	}
	if m.State == meeting.Cancelled {
		return m, nil, fault.Fields{"meeting_id": "Deze bijeenkomst gaat niet door. Kies een andere."}
	}
	organisers, err := postgres.All[Organiser](ctx, tx, `
		select o.id, o.key, o.name, o.colour from organisations o
		join (select organisation_id, min(place) as place from (
		    select organisation_id, sequence as place from meeting_organisers where meeting_id = @id and agreed_with = ''
		    union all
		    select r.organisation_id, 1000 from organiser_requests r where r.meeting_id = @id and r.declined_at is null and `+access.Seen("r")+`) who
		  group by 1) x on x.organisation_id = o.id order by x.place, o.name`,
		postgres.Args{"id": m.ID}.As(actor))
	return m, organisers, err
}

// change is the one way in which the words of an invitation change: under lock, by who writes on it, with the signatures lapsed
// and those who gave them told. do changes i, and what belongs to it, alike; when that makes no difference nothing is written.
// fault.Conflict from it means that someone else was first.
func change(ctx context.Context, db postgres.DB, actor access.Actor, of id.Invitation, act string, do func(tx pgx.Tx, i *Invitation) error) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		return changeHeld(ctx, tx, actor, of, act, do)
	})
}

func changeHeld(ctx context.Context, tx pgx.Tx, actor access.Actor, of id.Invitation, act string, do func(tx pgx.Tx, i *Invitation) error) error {
	i, err := lock(ctx, tx, actor, of)
	if err != nil {
		return err
	}
	if !CanRevise(actor, i) {
		return notNow(actor, i)
	}
	before, writers := i.Digest(), slices.Clone(i.WriterIDs)
	if err := do(tx, &i); err != nil {
		return err
	}
	if i.Digest() == before && slices.Equal(writers, i.WriterIDs) { // nothing that anyone reads
		return nil
	}
	if i.State == Published {
		i.State = Signing
	}
	if err := update(ctx, tx, actor, i); err != nil {
		return err
	}
	after, err := find(ctx, tx, actor, `i.id = @id`, postgres.Args{"id": of})
	if err != nil {
		return err
	}
	if err := audit.Note(ctx, tx, actor, act, string(i.ID), i.OrgIDs, ""); err != nil {
		return err
	}
	if after.Digest() == before {
		return nil
	}
	lapsed, err := lapse(ctx, tx, actor, of)
	if err != nil || lapsed == 0 {
		return err
	}
	return tell(ctx, tx, TellLapsed, after.telling(actor))
}

// notNow says to who writes on the invitation why he cannot any more.
func notNow(actor access.Actor, i Invitation) error {
	switch {
	case i.State == Cancelled:
		return fault.Because("Deze uitnodiging is geannuleerd en verandert niet meer.")
	case held(actor, i):
		return fault.Because("Deze bijeenkomst is geweest. De uitnodiging verandert niet meer.")
	}
	return fault.Forbidden
}

// Revise changes the letter. As long as the day is not known to others, it changes day, time and place too.
func Revise(ctx context.Context, db postgres.DB, actor access.Actor, of id.Invitation, t Text) error {
	return change(ctx, db, actor, of, "invitation.revise", func(tx pgx.Tx, i *Invitation) error {
		if i.Settled() {
			t.StartsAt, t.EndsAt, t.Location = &i.StartsAt, &i.EndsAt, i.Location
		}
		if err := t.Check(); err != nil {
			return err
		}
		if t.Version != i.Version {
			return fault.Conflict
		}
		i.Title = strings.TrimSpace(t.Title)
		c := &i.Content
		c.Purpose, c.Salutation, c.Sections = t.Purpose, strings.TrimSpace(t.Salutation), t.Sections
		if c.Sections == nil {
			c.Sections = []Section{}
		}
		c.FollowUpHeading, c.FollowUp, c.Commitment, c.Closing, c.Contact = strings.TrimSpace(t.FollowUpHeading), t.FollowUp, t.Commitment, t.Closing, t.Contact
		if i.Settled() {
			return nil
		}
		if err := meeting.Invite(ctx, tx, actor, i.MeetingID, i.Title); err != nil {
			return err
		}
		m, organisers, err := meeting.FindWhole(ctx, tx, actor, i.MeetingID)
		if err != nil {
			return err
		}
		d := meeting.DraftOf(m, organisers)
		d.StartsAt, d.EndsAt, d.Location = t.StartsAt, t.EndsAt, strings.TrimSpace(t.Location)
		if d.StartsAt.Equal(m.StartsAt) && d.EndsAt.Equal(m.EndsAt) && d.Location == m.Location {
			return nil
		}
		i.StartsAt, i.EndsAt, i.Location = *d.StartsAt, *d.EndsAt, d.Location
		_, err = meeting.Revise(ctx, tx, actor, m.ID, d)
		if errors.Is(err, fault.Forbidden) {
			return fault.Because("Dag, tijd en plaats van deze vergadering wijzigt de griffier van het gremium. Laat ze staan zoals ze waren.")
		}
		return err
	})
}

// Address says who is invited and who signs. A signer without a function at the organisation that he signs for is a fault of
// "signers".
func Address(ctx context.Context, db postgres.DB, actor access.Actor, of id.Invitation, g Guests) error {
	return change(ctx, db, actor, of, "invitation.address", func(tx pgx.Tx, i *Invitation) error {
		if err := g.Check(); err != nil {
			return err
		}
		if g.Version != i.Version {
			return fault.Conflict
		}
		signers, err := i.signersFrom(ctx, tx, actor, g.Signers)
		if err != nil {
			return err
		}
		known, err := postgres.All[id.Body](ctx, tx, `select b.id from bodies b where b.id = any(@bodies::uuid[])`,
			postgres.Args{"bodies": postgres.OrEmpty(g.Bodies)}.As(actor))
		if err != nil {
			return err
		}
		if len(known) != len(g.Bodies) {
			return fault.Fields{"bodies": "Een gekozen gremium bestaat niet meer. Kies opnieuw."}
		}
		if err := i.writersFrom(ctx, tx, actor, g.Writers, signers); err != nil {
			return err
		}
		i.BodyIDs, i.Content.Groups, i.Signers = slices.Sorted(slices.Values(g.Bodies)), postgres.OrEmpty(g.Groups), signers
		if err := meeting.Share(ctx, tx, actor, i.MeetingID, i.WriterIDs); err != nil {
			return err
		}
		return replaceSigners(ctx, tx, actor, i.ID, signers)
	})
}

func (i Invitation) signersFrom(ctx context.Context, tx pgx.Tx, actor access.Actor, chosen []SignerDraft) ([]Signer, error) {
	found, err := inOffice(ctx, tx, actor, chosen)
	if err != nil {
		return nil, err
	}
	var signers []Signer
	for _, s := range chosen {
		if !slices.ContainsFunc(i.Organisers, func(o Organiser) bool { return o.ID == s.Organisation }) {
			return nil, fault.Fields{"signers": "Kies ondertekenaars van de organisaties die uitnodigen."}
		}
		at := slices.IndexFunc(found, func(c Candidate) bool { return c.PersonID == s.Person && c.OrganisationID == s.Organisation })
		if at < 0 {
			return nil, fault.Fields{"signers": i.withoutMandate(s)}
		}
		signers = append(signers, Signer{OrganisationID: s.Organisation, PersonID: s.Person, Capacity: found[at].Capacity, Name: found[at].Name})
	}
	return signers, nil
}

func (i Invitation) withoutMandate(s SignerDraft) string {
	who := "Iemand die u koos"
	for _, was := range i.Signers {
		if was.PersonID == s.Person {
			who = was.Name
		}
	}
	for _, o := range i.Organisers {
		if o.ID == s.Organisation {
			return who + " heeft geen functie bij " + o.Name +
				" en kan er niet voor ondertekenen. Kies iemand anders, of laat de griffie de functie invullen bij Organisaties."
		}
	}
	return who + " heeft geen functie bij deze organisatie. Kies iemand anders."
}

// writersFrom lets the organisatoren who were asked and all signers see the invitation.
func (i *Invitation) writersFrom(ctx context.Context, tx pgx.Tx, actor access.Actor, asked []id.Person, signers []Signer) error {
	var may []Writer
	if err := postgres.Read(ctx, tx, Organisators(&may, actor, i.Key)); err != nil {
		return err
	}
	i.WriterIDs = []id.Person{}
	for _, p := range asked {
		if !slices.ContainsFunc(may, func(w Writer) bool { return w.PersonID == p }) {
			return fault.Fields{"writers": "Kies organisatoren van de organisaties die uitnodigen."}
		}
		i.WriterIDs = append(i.WriterIDs, p)
	}
	i.WriterIDs = append(i.WriterIDs, ownSeat(actor, *i)...)
	for _, s := range signers {
		i.WriterIDs = append(i.WriterIDs, s.PersonID)
	}
	slices.Sort(i.WriterIDs)
	i.WriterIDs = slices.Compact(i.WriterIDs)
	return nil
}

// ownSeat keeps an organisator who writes along from locking himself out.
func ownSeat(a access.Actor, i Invitation) []id.Person {
	for _, o := range i.Organisers {
		if slices.Contains(a.ClerkOrganisations(), o.ID) {
			return nil
		}
	}
	return a.Persons()
}

// AddPart puts a part at the end of the programme. The same id twice is one part; without one it gets a new one.
func AddPart(ctx context.Context, db postgres.DB, actor access.Actor, of id.Invitation, d PartDraft) (id.Part, error) {
	made := d.ID
	if uuid.Validate(string(made)) != nil {
		made = id.New[id.Part]()
	}
	return made, change(ctx, db, actor, of, "invitation.part", func(_ pgx.Tx, i *Invitation) error {
		if err := d.Check(); err != nil {
			return err
		}
		if _, err := i.at(made); err == nil {
			return nil
		}
		if len(i.Content.Programme) >= mostParts {
			return fault.Because("Een programma heeft hoogstens %d onderdelen.", mostParts)
		}
		i.Content.Programme = append(i.Content.Programme, d.part(Part{ID: made}))
		return nil
	})
}

func (i Invitation) at(p id.Part) (int, error) {
	n := slices.IndexFunc(i.Content.Programme, func(each Part) bool { return each.ID == p })
	if n < 0 {
		return 0, fault.NotFound
	}
	return n, nil
}

// RevisePart changes a part. Others may change other parts meanwhile.
func RevisePart(ctx context.Context, db postgres.DB, actor access.Actor, of id.Invitation, p id.Part, d PartDraft) error {
	return change(ctx, db, actor, of, "invitation.part", func(_ pgx.Tx, i *Invitation) error {
		n, err := i.at(p)
		if err != nil {
			return err
		}
		if err := d.Check(); err != nil {
			return err
		}
		if i.Content.Programme[n].Version != d.Version {
			return fault.Conflict
		}
		i.Content.Programme[n] = d.part(i.Content.Programme[n])
		return nil
	})
}

// MovePart puts a part one place up or down; at the edge nothing changes.
func MovePart(ctx context.Context, db postgres.DB, actor access.Actor, of id.Invitation, p id.Part, down bool) error {
	return change(ctx, db, actor, of, "invitation.move", func(_ pgx.Tx, i *Invitation) error {
		n, err := i.at(p)
		if err != nil {
			return err
		}
		to := n - 1
		if down {
			to = n + 1
		}
		if to >= 0 && to < len(i.Content.Programme) {
			parts := i.Content.Programme
			parts[n], parts[to] = parts[to], parts[n]
		}
		return nil
	})
}

// RemovePart takes a part off the programme. A second time changes nothing.
func RemovePart(ctx context.Context, db postgres.DB, actor access.Actor, of id.Invitation, p id.Part) error {
	return change(ctx, db, actor, of, "invitation.part", func(tx pgx.Tx, i *Invitation) error {
		if !slices.ContainsFunc(i.Content.Programme, func(each Part) bool { return each.ID == p }) {
			return gone.Once(ctx, tx, actor, of, p)
		}
		i.Content.Programme = slices.DeleteFunc(i.Content.Programme, func(each Part) bool { return each.ID == p })
		return gone.Note(ctx, tx, actor, of, p)
	})
}

// Invitable asks for the meetings to come that people can be invited to by the actor: open ones of his organisations, without an
// invitation yet.
func Invitable(dst *[]meeting.Row, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `select `+meeting.RowColumns+` from meetings m
		where m.open and m.state <> 'geannuleerd' and m.starts_at > @at and `+access.Seen("m")+`
		  and exists (select from meeting_organisers mo where mo.meeting_id = m.id and mo.agreed_with = '' and mo.organisation_id = any(@actor_clerk_organisations))
		  and not exists (select from invitations i where i.meeting_id = m.id and i.state <> 'geannuleerd')
		order by m.starts_at, m.id limit 200`, postgres.Args{"at": actor.At}.As(actor))
}
