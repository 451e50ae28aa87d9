package meeting

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Create makes a meeting as a concept, with the parts an agenda usually has. The actor prepares the meetings of at least
// one of the organisers; the first of those hosts. The griffie of each other is asked, see Agree.
func Create(ctx context.Context, db postgres.DB, actor access.Actor, d Draft) (Meeting, error) {
	if !CanCreate(actor) {
		return Meeting{}, fault.Forbidden
	}
	if err := d.Check(); err != nil {
		return Meeting{}, err
	}
	// Another may take the same address in the same moment, unseen by us; the unique key tells, and letters solve it.
	for attempt := 0; ; attempt++ {
		m, err := create(ctx, db, actor, d, attempt > 0)
		if attempt < 3 && postgres.Violates(err, "meetings_slug_key") {
			continue
		}
		return m, err
	}
}

func create(ctx context.Context, db postgres.DB, actor access.Actor, d Draft, letters bool) (made Meeting, err error) {
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		named, err := candidates(ctx, tx, actor, d.Bodies, d.Orgs)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(named, func(c candidate) bool { return CanOrganise(actor, c.Organiser) }) {
			return fault.Fields{"bodies": "U bereidt van geen van deze gremia de vergaderingen voor. Kies ten minste één eigen gremium."}
		}
		organisers, asked, err := divide(actor, named, nil, nil, d)
		if err != nil {
			return err
		}
		slug, err := slugFree(ctx, tx, actor, slugBase(*d.StartsAt, organisers), "")
		if err != nil {
			return err
		}
		if letters {
			slug = slugBase(*d.StartsAt, organisers) + "-" + id.NewKey()[:4]
		}
		m := Meeting{
			Slug: slug, State: Concept, HostOrgID: organisers[0].OrganisationID, MadeUp: d.MadeUp, Audience: audienceOf(Concept, organisers, requested(asked)),
		}
		made, err = insertMeeting(ctx, tx, actor, d.on(m), organisers)
		if err != nil {
			return err
		}
		if err := ask(ctx, tx, actor, made, organisers, asked, d.Signed); err != nil {
			return err
		}
		for n, s := range firstSections(d.Kind) {
			s.ID, s.Sequence = id.New[id.Section](), n+1
			if err := insertSection(ctx, tx, actor, made, organisers, s); err != nil {
				return err
			}
		}
		return audit.Note(ctx, tx, actor, "meeting.create", string(made.ID), made.OrgIDs, "")
	})
	return made, err
}

func firstSections(k Kind) []Section {
	if k.Event() {
		return []Section{{Title: "Programma", FirstNumber: 1}}
	}
	return []Section{
		{Letter: "A", Title: "Opening", FirstNumber: 1},
		{Letter: "B", Title: "Ter bespreking", FirstNumber: 1},
		{Letter: "C", Title: "Ter kennisname", FirstNumber: 1},
	}
}

// reorganise says who hold a concept from now on and who is to be asked, by the draft. Who gave its word is taken off by its own griffie
// alone, and not while something on the agenda is closed for it or meant for it: what is closed is never left without its readers. Doors
// that were closed open only by who prepares the meetings of all that hold it.
func reorganise(ctx context.Context, tx pgx.Tx, actor access.Actor, was Meeting, standing []Organiser, open []Request, d Draft) (hold, asked []Organiser, err error) {
	named, err := candidates(ctx, tx, actor, d.Bodies, d.Orgs)
	if err != nil {
		return nil, nil, err
	}
	if hold, asked, err = divide(actor, named, standing, open, d); err != nil {
		return nil, nil, err
	}
	if !CanCompose(actor, was, hold) {
		return nil, nil, fault.Fields{"bodies": "Zo zou u zelf niet meer bij deze vergadering kunnen. Laat ten minste één eigen gremium staan."}
	}
	for _, o := range standing {
		if slices.ContainsFunc(hold, o.same) {
			continue
		}
		if err := mayTakeOff(ctx, tx, actor, was.ID, o); err != nil {
			return nil, nil, err
		}
	}
	for _, r := range open {
		if !slices.ContainsFunc(named, func(c candidate) bool { return r.same(c.Organiser) }) {
			if err := deleteRequest(ctx, tx, actor, r.ID); err != nil {
				return nil, nil, err
			}
		}
	}
	if was.Open != d.Open {
		if err := mayTurnDoors(ctx, tx, actor, was.ID, standing, d.Open); err != nil {
			return nil, nil, err
		}
	}
	return hold, asked, replaceOrganisers(ctx, tx, actor, was.ID, hold)
}

func mayTakeOff(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, o Organiser) error {
	if !CanTakeOff(actor, o) {
		return fault.Fields{"bodies": o.Name() + " heeft ingestemd met deze vergadering. Alleen de griffie daarvan haalt het gremium eraf. Laat het staan, of vraag het die griffie."}
	}
	bound, err := boundTo(ctx, tx, actor, m, o.BodyID)
	if err == nil && bound > 0 {
		err = fault.Fields{"bodies": "Op deze agenda staat nog iets dat voor " + o.Name() + " is bedoeld of alleen door dat gremium mag worden gelezen. Haal dat eerst van de agenda, of laat het gremium staan."}
	}
	return err
}

func mayTurnDoors(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, standing []Organiser, open bool) error {
	holds, err := agendaHolds(ctx, tx, spreading(actor, standing), m)
	switch {
	case err != nil:
		return err
	case holds.Papers > 0: // on a closed agenda a paper shows nothing of where it stands
		return fault.Fields{"open": "Op deze agenda staan voorstellen. Haal ze er eerst af; daarna kunt u de vergadering besloten of openbaar maken en ze er weer op zetten."}
	case open && holds.Items > 0 && !CanOpen(actor, Bodies(standing)):
		return fault.Fields{"open": "Op deze besloten agenda staan al punten, ook van een ander gremium. Haal ze er eerst af, of maak een nieuwe, openbare vergadering."}
	}
	return nil
}

// requested are those who will be asked, for the audience of the concept that they must be able to look at.
func requested(asked []Organiser) []Request {
	var list []Request
	for _, o := range asked {
		list = append(list, Request{Organiser: o})
	}
	return list
}

// Announce makes day, time and place public; of an event the programme too. Announcing twice is announcing once.
func Announce(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting) (announced Meeting, err error) {
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		was, organisers, err := lock(ctx, tx, actor, m)
		if err != nil {
			return err
		}
		if !CanConvene(actor, was, organisers) {
			return fault.Forbidden
		}
		if was.State != Concept {
			announced = was
			return nil
		}
		if actor.MustConfirm() {
			return fault.Unconfirmed
		}
		next := was
		next.State, next.Audience = Planned, audienceOf(Planned, organisers, nil)
		if next.Kind.Event() {
			if next.Location == "" && next.OnlineURL == "" {
				return fault.Because("De plaats ontbreekt. Vul eerst in waar de bijeenkomst is.")
			}
			next.PublishedAt = &actor.At
		}
		if announced, err = updateMeeting(ctx, tx, actor, next); err != nil {
			return err
		}
		if err := spreadAudience(ctx, tx, actor, announced, organisers); err != nil {
			return err
		}
		if err := publishPapers(ctx, tx, spreading(actor, organisers), announced); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "meeting.announce", string(m), announced.OrgIDs, "")
	})
	return announced, err
}

// Cancel takes a meeting off the calendar, with a reason that everyone may read. It stays to be found.
func Cancel(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, reason string) (cancelled Meeting, err error) {
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		cancelled, err = cancel(ctx, tx, actor, m, reason)
		return err
	})
	return cancelled, err
}

func cancel(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, reason string) (cancelled Meeting, err error) {
	was, organisers, err := lock(ctx, tx, actor, m)
	if err != nil {
		return cancelled, err
	}
	before := was
	if was.State == Cancelled { // a second time is asked of the same people
		before.State = Planned
	}
	if !CanConvene(actor, before, organisers) {
		return cancelled, fault.Forbidden
	}
	if was.State == Cancelled {
		cancelled = was
		return cancelled, nil
	}
	duty := spreading(actor, organisers) // what is closed for another body of the meeting goes with it too
	if decided, err := decidedUpon(ctx, tx, duty, m); err != nil {
		return cancelled, err
	} else if decided {
		return cancelled, fault.Because("In deze vergadering is al besloten. Zij kan niet meer worden geannuleerd.")
	}
	faults := fault.Fields{}
	reason = strings.TrimSpace(reason)
	faults.Must(reason != "", "reason", "Schrijf waarom de vergadering niet doorgaat. Iedereen kan dit lezen.")
	faults.Must(len([]rune(reason)) <= 500, "reason", "Maak de reden korter: hoogstens 500 tekens.")
	if err := faults.Err(); err != nil {
		return cancelled, err
	}
	if actor.MustConfirm() {
		return cancelled, fault.Unconfirmed
	}
	if err := releasePapers(ctx, tx, duty, m); err != nil {
		return cancelled, err
	}
	next := was
	next.State, next.CancelledReason, next.Sequence = Cancelled, reason, was.Sequence+1
	if cancelled, err = updateMeeting(ctx, tx, actor, next); err != nil {
		return cancelled, err
	}
	if err := audit.Note(ctx, tx, actor, "meeting.cancel", string(m), cancelled.OrgIDs, reason); err != nil {
		return cancelled, err
	}
	if was.State == Concept { // nobody else knew of it
		return cancelled, nil
	}
	return cancelled, tell(ctx, tx, TellCancelled, cancelled)
}
