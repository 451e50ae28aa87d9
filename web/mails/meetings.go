package mails

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"strings"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/ical"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/job"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/web/path"
)

func (o Office) ofMeetings() job.Table {
	table := each(o.tell, meeting.TellConvened, meeting.TellMoved, meeting.TellCancelled)
	maps.Copy(table, each(o.askedAlong, meeting.TellAskedAlong, meeting.TellAnswered))
	return table
}

// tell writes to the members and the griffie of a meeting. Everything is read as the public reads it, so nothing closed can be
// in a mail. What is over, or was undone before its turn came, is not told.
func (o Office) tell(ctx context.Context, kind string, t meeting.Telling) error {
	public := access.Actor{At: o.Now()}
	m, err := meeting.Find(ctx, o.DB, public, t.Meeting)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if m.EndsAt.Before(public.At) || (m.State == meeting.Cancelled) != (kind == meeting.TellCancelled) {
		return nil
	}
	var organisers []meeting.Organiser
	var items []meeting.Item
	if err := postgres.Read(ctx, o.DB, meeting.OrganisersAt(&organisers, public, m.Slug), meeting.AgendaAt(&items, public, m.Slug)); err != nil {
		return err
	}
	l := o.letter(kind, m, organisers, items)
	if t.OnlyPlace {
		l.subject = strings.Replace(l.subject, "Verplaatst: ", "Andere plaats: ", 1)
		l.paragraphs = []string{"De plaats is gewijzigd. Hieronder staat waar u moet zijn. De dag en de tijd blijven zoals zij waren."}
	}
	people, err := meeting.Addressees(ctx, o.DB, m)
	if err != nil {
		return err
	}
	guests, err := invitation.Told(ctx, o.DB, m)
	if err != nil {
		return err
	}
	people = invitation.Joined(people, guests)
	event, organiser := meeting.EntryOf(m, organisers).Event(l.address), ical.Party{Name: meeting.HolderNames(organisers), Address: o.from()}
	var to []mailing.Recipient
	for _, p := range people {
		m := mail.Message{Name: p.Name, Address: strings.TrimSpace(p.Email), File: "vergadering.ics"}
		m.Calendar, m.Method = calendar(kind, event, organiser, ical.Party{Name: p.Name, Address: m.Address})
		to = append(to, mailing.Recipient{Person: p.PersonID, Message: m})
	}
	if len(to) == 0 { // nobody knew of it
		return nil
	}
	act := mailing.Act{Cause: t.Cause(kind), Title: l.subject, Object: string(m.ID), OrgIDs: m.OrgIDs, Kept: m.MadeUp}
	return o.post(ctx, act, l, to)
}

func (o Office) letter(kind string, m meeting.Meeting, organisers []meeting.Organiser, items []meeting.Item) letter {
	name := meeting.Name(m.Title, m.Kind, organisers)
	if m.Title == "" && len(organisers) == 1 { // in a mailbox nothing else tells whose it is
		name += " " + organisers[0].OrgName
	}
	l := letter{
		greeting: "Beste lezer,",
		label:    "Agenda en stukken",
		address:  o.at(path.Meeting(m.Slug)),
		closing: "U krijgt deze e-mail omdat u lid bent van " + meeting.HolderNames(organisers) +
			", of er voor de griffie werkt. U kunt niet op deze e-mail antwoorden. Hebt u een vraag? Stel die aan uw griffie.",
		facts: [][2]string{
			{"Vergadering", name},
			{"Dag", dutch.Weekday(m.StartsAt)},
			{"Tijd", dutch.ClockRange(m.StartsAt, m.EndsAt)},
		},
	}
	if m.Location != "" {
		l.facts = append(l.facts, [2]string{"Plaats", m.Location})
	}
	word := "vergadering"
	if m.Kind.Event() {
		word = "bijeenkomst"
		l.facts[0][0], l.label = "Bijeenkomst", "De bijeenkomst"
		l.closing = "U krijgt deze e-mail omdat u voor deze bijeenkomst bent uitgenodigd door " + meeting.HolderNames(organisers) +
			". Antwoorden op deze e-mail leest niemand; vragen stelt u aan uw griffie."
	}
	when := name + ", " + dutch.Weekday(m.StartsAt)
	switch kind {
	case meeting.TellMoved:
		l.subject = short("Verplaatst: " + when)
		l.moved(m)
	case meeting.TellCancelled:
		l.subject = short("Gaat niet door: " + when)
		l.label = "Meer over deze " + word
		l.paragraphs = []string{"Deze " + word + " gaat niet door."}
		l.facts = append(l.facts, [2]string{"Reden", m.CancelledReason})
	default:
		l.subject = short("Oproep: " + when)
		l.convened(m, items)
	}
	return l
}

// moved tells the new day and time, and what they were.
func (l *letter) moved(m meeting.Meeting) {
	l.paragraphs = []string{"De vergadering waarvoor u was opgeroepen, is verplaatst. Hieronder staan de nieuwe dag en tijd."}
	if m.Kind.Event() {
		l.paragraphs = []string{"De bijeenkomst waarvoor u bent uitgenodigd, is verplaatst. Hieronder staan de nieuwe dag en tijd."}
	}
	if m.MovedFrom != nil {
		l.facts = append(l.facts, [2]string{"Eerst gepland", dutch.DateTime(*m.MovedFrom)})
	}
	if m.MovedReason != "" {
		l.facts = append(l.facts, [2]string{"Reden", m.MovedReason})
	}
}

// convened calls to the meeting, with its agenda when that is public.
func (l *letter) convened(m meeting.Meeting, items []meeting.Item) {
	l.paragraphs = []string{"U bent opgeroepen voor de vergadering hieronder."}
	if !m.Open {
		l.paragraphs = append(l.paragraphs, "Deze vergadering is besloten. Log in om de agenda en de stukken te lezen.")
	}
	for n, i := range items {
		if n == shown {
			l.facts = append(l.facts, [2]string{"En verder", "zie de agenda"})
			break
		}
		if !i.Dropped() && m.Open {
			l.facts = append(l.facts, [2]string{strings.TrimSpace("Punt " + i.Label), i.Title()})
		}
	}
}

// calendar is the entry for the calendar of one person, with its method: asking him, or taking the meeting away. None where
// either has no address that a calendar can hold; the letter says the same.
func calendar(kind string, event ical.Event, organiser, person ical.Party) ([]byte, string) {
	write, method := ical.Invite, "REQUEST"
	if kind == meeting.TellCancelled {
		write, method = ical.Cancel, "CANCEL"
	}
	entry, err := write(event, organiser, person)
	if err != nil {
		return nil, ""
	}
	return entry, method
}

// shown is how many items a mail lists; the page has them all.
const shown = 60

// askedAlong writes to the griffie of a body that is asked to hold a meeting, or to those that asked what the answer is. The mail says that
// there is something and where, and nothing of it: a meeting that is a concept is nobody else's business.
func (o Office) askedAlong(ctx context.Context, kind string, a meeting.AskedAlong) error {
	slug, parties, err := meeting.PartiesOf(ctx, o.DB, a.Meeting)
	if err != nil || slug == "" {
		return err
	}
	var l letter
	var bodies []id.Body
	var orgs []id.Organisation
	if kind == meeting.TellAskedAlong {
		address := asked(a, slug, parties)
		if address == "" { // taken back, or answered, before its turn came
			return nil
		}
		l = question(o.at(address))
		bodies, orgs = []id.Body{a.Body}, []id.Organisation{a.Organisation}
	} else {
		l = answer(a.Agreed, o.at(path.Meeting(slug)))
		bodies, orgs = askers(a, parties)
	}
	people, err := meeting.OfficeOf(ctx, o.DB, bodies, orgs, o.Now())
	if err != nil {
		return err
	}
	act := mailing.Act{Cause: a.Cause(kind), Title: l.subject, Object: string(a.Meeting), OrgIDs: append([]id.Organisation{}, a.OrgIDs...), Kept: a.MadeUp}
	return o.send(ctx, act, l, people, ical.Event{}, "")
}

// asked is where the one who was asked finds the question, or empty when nothing is asked of it any more.
func asked(a meeting.AskedAlong, slug string, parties []meeting.Party) string {
	address := ""
	for _, p := range parties {
		if p.OrganisationID == a.Organisation && p.BodyID == a.Body {
			address = path.MeetingParty(slug, cmp.Or(p.BodyKey, p.OrgKey))
		}
	}
	return address
}

// askers are the parties that hold the meeting already, without the one that answered.
func askers(a meeting.AskedAlong, parties []meeting.Party) (bodies []id.Body, orgs []id.Organisation) {
	for _, p := range parties {
		if p.Agreed() && !p.Asked && (p.OrganisationID != a.Organisation || p.BodyID != a.Body) {
			bodies, orgs = append(bodies, p.BodyID), append(orgs, p.OrganisationID)
		}
	}
	return bodies, orgs
}

const toOffice = "U krijgt deze e-mail omdat u er voor de griffie werkt, of secretaris bent. Antwoorden op deze e-mail leest niemand."

func question(address string) letter {
	return letter{
		subject: "U bent gevraagd een vergadering mee te houden", greeting: "Beste lezer,", label: "De vraag", address: address,
		paragraphs: []string{
			"Een andere griffie vraagt of uw gremium of organisatie een vergadering mee houdt.",
			"Zolang uw griffier niet antwoordt, staat u er nergens bij. Na het inloggen leest u om welke vergadering het gaat. " +
				"U vindt de vraag ook bij Vandaag.",
		},
		closing: toOffice,
	}
}

func answer(agreed bool, address string) letter {
	l := letter{
		subject: "Een gremium doet niet mee met uw vergadering", greeting: "Beste lezer,", label: "De vergadering", address: address,
		paragraphs: []string{"U vroeg een ander gremium om een vergadering mee te houden. Het doet niet mee. Na het inloggen leest u de reden."},
		closing:    toOffice,
	}
	if agreed {
		l.subject = "Een gremium houdt uw vergadering mee"
		l.paragraphs = []string{"U vroeg een ander gremium om een vergadering mee te houden. De griffier heeft ingestemd. U stelt de agenda vanaf nu samen op."}
	}
	return l
}
