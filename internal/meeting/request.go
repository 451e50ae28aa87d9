package meeting

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
	"regiogriffie/internal/gone"
	"regiogriffie/internal/id"
	"regiogriffie/internal/job"
	"regiogriffie/internal/postgres"
)

// Request is the question to a body, or to an organisation without one, to hold a meeting together. Until its own griffie agrees it is no
// organiser: nothing appears under its name and nothing that is meant for it can be touched.
type Request struct {
	ID         id.Request
	MeetingID  id.Meeting
	AskedAt    time.Time
	AskedBy    string
	DeclinedAt *time.Time
	DeclinedBy string
	Reason     string // of declining
	Organiser
}

// Open tells whether the question still waits for an answer.
func (r Request) Open() bool { return r.DeclinedAt == nil }

// The acts of which a griffie hears by mail; they are kinds of jobs.
const (
	TellAskedAlong = "meeting.asked"    // the griffie that is asked
	TellAnswered   = "meeting.answered" // the griffies that hold the meeting
)

// AskedAlong is what such a job holds. It says nothing of the agenda; a mail is forwarded.
type AskedAlong struct {
	Request      id.Request
	Meeting      id.Meeting
	Organisation id.Organisation
	Body         id.Body
	Agreed       bool
	MadeUp       bool
	OrgIDs       []id.Organisation
}

// Cause names the act for the mailing, so that telling it twice is telling it once.
func (a AskedAlong) Cause(kind string) string { return kind + ":" + string(a.Request) }

// divide says who holds a meeting from now on and who is asked to: of those named who hold it or are asked already stay what they are,
// one's own hold it, and of the others each griffie is asked. For one for which nobody acts here stands what was agreed with it.
func divide(actor access.Actor, named []candidate, standing []Organiser, open []Request, d Draft) (hold []Organiser, asked []Organiser, err error) {
	var unspoken []string
	for _, c := range named {
		at := slices.IndexFunc(standing, c.same)
		switch {
		case at >= 0:
			hold = append(hold, standing[at])
		case slices.ContainsFunc(open, func(r Request) bool { return r.same(c.Organiser) }):
		case CanOrganise(actor, c.Organiser):
			hold = append(hold, c.Organiser)
		case c.Acted || d.Signed:
			asked = append(asked, c.Organiser)
		case strings.TrimSpace(d.AgreedWith) == "":
			unspoken = append(unspoken, c.Name())
		default:
			o := c.Organiser
			o.AgreedWith, o.RecordedBy = strings.TrimSpace(d.AgreedWith), actor.Name
			hold = append(hold, o)
		}
	}
	if len(unspoken) > 0 {
		return nil, nil, fault.Fields{"agreed_with": "Voor " + dutch.List(unspoken) + " werkt hier niemand. Schrijf met wie u hebt afgesproken dat u samen vergadert."}
	}
	return hold, asked, nil
}

// ask puts the question to each. Who gives his word by signing the invitation hears of that instead.
func ask(ctx context.Context, tx pgx.Tx, actor access.Actor, m Meeting, standing []Organiser, asked []Organiser, signed bool) error {
	for _, o := range asked { // at most 60, and each has a mail of its own
		r := Request{ID: id.New[id.Request](), MeetingID: m.ID, Organiser: o}
		if err := insertRequest(ctx, tx, actor, r, standing); err != nil {
			return err
		}
		if signed {
			continue
		}
		if err := job.Enqueue(ctx, tx, TellAskedAlong, r.telling(m)); err != nil {
			return err
		}
	}
	return nil
}

func (r Request) telling(m Meeting) AskedAlong {
	return AskedAlong{
		Request: r.ID, Meeting: r.MeetingID, Organisation: r.OrganisationID, Body: r.BodyID, MadeUp: m.MadeUp,
		OrgIDs: m.OrgIDs,
	}
}

// party is a body, or an organisation without one, that has to do with a meeting under its key: that of the body, or else of the
// organisation. It holds the meeting, or is asked to.
type party struct {
	Organiser
	place   int // among the organisers; -1: it is asked
	request Request
}

func partyOf(organisers []Organiser, asked []Request, key string) (party, error) {
	is := func(o Organiser) bool { return key != "" && (o.BodyKey == key || o.BodyID == "" && o.OrgKey == key) }
	if at := slices.IndexFunc(organisers, is); at >= 0 {
		return party{Organiser: organisers[at], place: at}, nil
	}
	if at := slices.IndexFunc(asked, func(r Request) bool { return is(r.Organiser) }); at >= 0 {
		return party{Organiser: asked[at].Organiser, place: -1, request: asked[at]}, nil
	}
	return party{}, fault.NotFound
}

// answering runs an answer in the name of a body: the meeting is held, the right is asked, and what hangs on who holds it follows. The
// answer gives who hold the meeting from now on; nil when there is nothing left to do.
func answering(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, key, act string, answer func(tx pgx.Tx, organisers []Organiser, p party) ([]Organiser, string, error)) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		return answerHeld(ctx, tx, actor, m, key, act, answer)
	})
}

func answerHeld(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, key, act string, answer func(tx pgx.Tx, organisers []Organiser, p party) ([]Organiser, string, error)) error {
	was, organisers, err := lock(ctx, tx, actor, m)
	if err != nil {
		return err
	}
	asked, err := requestsOf(ctx, tx, actor, m)
	if err != nil {
		return err
	}
	p, err := partyOf(organisers, asked, key)
	if err != nil {
		return err
	}
	if !CanSpeakFor(actor, was, p.Organiser) {
		return notNow(was, actor, p)
	}
	if was.Invited && act == declined {
		return fault.Because("Voor deze bijeenkomst loopt een uitnodiging. Wilt u niet meedoen, onderteken die dan niet en laat dat de andere organisaties weten bij de opmerkingen.")
	}
	next, reason, err := answer(tx, organisers, p)
	if err != nil || next == nil {
		return err
	}
	if actor.MustConfirm() {
		return fault.Unconfirmed
	}
	if err := settleOrganisers(ctx, tx, actor, was, next); err != nil {
		return err
	}
	if err := audit.Note(ctx, tx, actor, act, string(m), append(orgsOf(next), p.OrganisationID), reason); err != nil {
		return err
	}
	told := p.request
	told.Organiser, told.MeetingID = p.Organiser, m
	if told.ID == "" {
		told.ID = id.New[id.Request]()
	}
	news := told.telling(was)
	news.Agreed = act == agreed
	return job.Enqueue(ctx, tx, TellAnswered, news)
}

const (
	agreed   = "meeting.agree"
	declined = "meeting.decline"
)

// notNow says to who speaks for a body why he cannot any more.
func notNow(m Meeting, actor access.Actor, p party) error {
	switch {
	case !convenes(actor, p.Organiser) && p.place < 0 && !CanOrganise(actor, p.Organiser):
		return fault.NotFound // that it was asked is nobody else's business
	case !convenes(actor, p.Organiser):
		return fault.Because("Alleen de griffier zegt of %s meedoet. Leg de vraag aan uw griffier voor.", p.Name())
	case m.State == Cancelled:
		return fault.Because("Deze vergadering gaat niet door. U hoeft niets meer te doen.")
	case p.place >= 0:
		return fault.Because("Deze vergadering is al openbaar. Wie haar houdt, ligt vast.")
	}
	return fault.Because("Deze vergadering is al openbaar, zonder %s. Spreek met de andere griffie een nieuwe vergadering af.", p.Name())
}

// settleOrganisers writes who hold the meeting, and lets what is seen of it follow. What is closed stays with whom it was.
func settleOrganisers(ctx context.Context, tx pgx.Tx, actor access.Actor, was Meeting, organisers []Organiser) error {
	duty := spreading(actor, organisers) // who declines loses sight of it in this act, and who signs for his organisation sees no question
	if err := replaceOrganisers(ctx, tx, actor, was.ID, organisers); err != nil {
		return err
	}
	asked, err := requestsOf(ctx, tx, duty, was.ID)
	if err != nil {
		return err
	}
	next := was
	next.HostOrgID = organisers[0].OrganisationID
	next.Audience = audienceOf(was.State, organisers, asked)
	next.WriterIDs = was.WriterIDs
	if was.State != Concept {
		next.Sequence++ // calendars take the new name
	}
	next, err = updateMeeting(ctx, tx, duty, next)
	if err != nil {
		return err
	}
	if err := spreadRequests(ctx, tx, duty, next, organisers); err != nil {
		return err
	}
	return spreadAudience(ctx, tx, actor, next, organisers)
}

// Agree gives the word of a body that is asked, under its key: from now on it holds the meeting with the others, and its griffie puts the
// agenda together with them. So it is with what another griffie wrote down for it. Only its own griffier. Agreeing twice is agreeing once;
// once the meeting is public it is settled who hold it.
func Agree(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, key string) error {
	return answering(ctx, db, actor, m, key, agreed, func(tx pgx.Tx, organisers []Organiser, p party) ([]Organiser, string, error) {
		switch {
		case p.place >= 0 && p.Agreed():
			return nil, "", nil
		case p.place >= 0:
			organisers[p.place].AgreedWith, organisers[p.place].RecordedBy = "", ""
			return organisers, p.Name(), nil
		}
		return append(organisers, p.Organiser), p.Name(), deleteRequest(ctx, tx, actor, p.request.ID)
	})
}

// Decline refuses it, or takes the word back, with a reason that the griffie that asked reads. Declining twice is declining once. Who agreed
// cannot leave while something on the agenda is closed for his body or meant for it.
func Decline(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, key, reason string) error {
	reason = strings.TrimSpace(reason)
	return answering(ctx, db, actor, m, key, declined, func(tx pgx.Tx, organisers []Organiser, p party) ([]Organiser, string, error) {
		f := fault.Fields{}
		f.Must(reason != "", "reason", "Schrijf waarom u niet meedoet. De griffie die het vroeg, leest deze reden.")
		f.Must(len([]rune(reason)) <= 500, "reason", "Maak de reden korter: hoogstens 500 tekens.")
		switch {
		case p.place < 0 && !p.request.Open():
			return nil, "", nil
		case f.Err() != nil:
			return nil, "", f.Err()
		case p.place >= 0:
			if bound, err := boundTo(ctx, tx, actor, m, p.BodyID); err != nil {
				return nil, "", err
			} else if bound > 0 && p.Agreed() {
				return nil, "", fault.Because("Op deze agenda staat nog iets dat voor %s is bedoeld of alleen door dat gremium mag worden gelezen. Haal dat eerst van de agenda.", p.Name())
			}
			left := slices.Delete(organisers, p.place, p.place+1)
			if !slices.ContainsFunc(left, Organiser.Agreed) {
				return nil, "", fault.Because("Zonder %s houdt niemand deze vergadering. Annuleer haar als zij niet doorgaat.", p.Name())
			}
			return left, reason, nil
		}
		return organisers, reason, declineRequest(ctx, tx, actor, p.request.ID, reason)
	})
}

// TakeBack withdraws a question, answered or not. Whoever prepares the meeting; doing it twice is doing it once.
func TakeBack(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, key string) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		was, organisers, err := lock(ctx, tx, actor, m)
		if err != nil {
			return err
		}
		if !CanCompose(actor, was, organisers) {
			return fault.Forbidden
		}
		if was.Invited {
			return fault.Because("Voor deze bijeenkomst loopt een uitnodiging, die iedereen ondertekent. Annuleer de uitnodiging als een organisatie niet meedoet, en begin een nieuwe.")
		}
		asked, err := requestsOf(ctx, tx, actor, m)
		if err != nil {
			return err
		}
		p, err := partyOf(nil, asked, key)
		if errors.Is(err, fault.NotFound) {
			return gone.Once(ctx, tx, actor, m, key)
		}
		if err := deleteRequest(ctx, tx, actor, p.request.ID); err != nil {
			return err
		}
		if err := gone.Note(ctx, tx, actor, m, key); err != nil {
			return err
		}
		if err := settleOrganisers(ctx, tx, actor, was, organisers); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "meeting.ask-back", string(m), append(orgsOf(organisers), p.OrganisationID), p.Name())
	})
}

// Join makes an organisation that was asked an organiser, because it gave its word in another way, such as by signing the invitation to the
// meeting. It is a part of the act of the caller, who has checked the right. Without a question nothing happens.
func Join(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, org id.Organisation) error {
	was, organisers, err := lock(ctx, tx, actor, m)
	if err != nil {
		return err
	}
	duty := spreading(actor, append(organisers[:len(organisers):len(organisers)], Organiser{OrganisationID: org}))
	asked, err := requestsOf(ctx, tx, duty, m)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(asked, func(r Request) bool { return r.OrganisationID == org && r.BodyID == "" })
	if at < 0 || settled(actor, was) || was.State == Cancelled {
		return nil
	}
	if err := deleteRequest(ctx, tx, duty, asked[at].ID); err != nil {
		return err
	}
	if err := settleOrganisers(ctx, tx, actor, was, append(organisers, asked[at].Organiser)); err != nil {
		return err
	}
	return audit.Note(ctx, tx, actor, "meeting.agree", string(m), orgsOf(organisers), asked[at].Name())
}
