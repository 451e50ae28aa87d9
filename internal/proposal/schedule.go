package proposal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Schedule marks the paper as being on the agenda of the meeting. The room of meetings calls it in its own transaction and
// has checked that the actor prepares that meeting. Only the griffie of the body that the paper is meant for, see CanDispose. The paper
// must be offered (or scheduled before) for one of the bodies that hold the meeting. closedFor is nil for an open item; of a
// closed item it names the bodies that read it, and the paper, its versions and its attachments become closed for them, never
// for more than before. Ground and publicTitle may be empty when the paper is closed already.
func Schedule(ctx context.Context, tx postgres.DB, actor access.Actor, proposal id.Proposal, meeting id.Meeting, closedFor []id.Body, ground,
	publicTitle string,
) (Proposal, error) {
	return schedule(ctx, tx, actor, proposal, meeting, closedFor, ground, publicTitle, false)
}

// ScheduleAlong is Schedule of an open paper that reached the body it is meant for by a step of its route. The room of routes calls it.
func ScheduleAlong(ctx context.Context, tx postgres.DB, actor access.Actor, proposal id.Proposal, meeting id.Meeting) error {
	_, err := schedule(ctx, tx, actor, proposal, meeting, nil, "", "", true)
	return err
}

func schedule(ctx context.Context, tx postgres.DB, actor access.Actor, proposal id.Proposal, meeting id.Meeting, closedFor []id.Body, ground,
	publicTitle string, byStep bool,
) (Proposal, error) {
	p, h, err := schedulable(ctx, tx, actor, proposal, meeting, byStep)
	if err != nil {
		return Proposal{}, err
	}
	if closedFor == nil && p.Closed() {
		return Proposal{}, fault.Because("Dit voorstel is vertrouwelijk. Zet het als besloten agendapunt op de agenda.")
	}
	if closedFor != nil {
		if !p.Closed() && p.Visibility == access.Public {
			return Proposal{}, fault.Because("Dit voorstel is al openbaar. Maak het agendapunt eerst besloten voor iedereen.")
		}
		if err := closeFor(actor, &p, closedFor, ground, publicTitle); err != nil {
			return Proposal{}, err
		}
	}
	p.State, p.MeetingID = Scheduled, meeting
	for _, org := range h.Orgs {
		if !slices.Contains(p.ParticipantOrgIDs, org) {
			p.ParticipantOrgIDs = append(p.ParticipantOrgIDs, org)
		}
	}
	return settle(ctx, tx, actor, p, PutOnAgenda, "proposal.schedule", "")
}

// CheckSchedule asks what Schedule asks and writes nothing: on a closed agenda an open paper shows no trace of it, and nobody more reads it.
func CheckSchedule(ctx context.Context, tx postgres.DB, actor access.Actor, proposal id.Proposal, meeting id.Meeting) error {
	_, _, err := schedulable(ctx, tx, actor, proposal, meeting, false)
	return err
}

// schedulable finds the paper and who hold the meeting, or says why the one cannot stand on the agenda of the other.
func schedulable(ctx context.Context, tx postgres.DB, actor access.Actor, proposal id.Proposal, meeting id.Meeting, byStep bool) (Proposal, Holding, error) {
	p, err := FindLocked(ctx, tx, actor, proposal)
	if err != nil {
		return Proposal{}, Holding{}, err
	}
	h, err := FindHolding(ctx, tx, actor, meeting)
	if err != nil {
		return Proposal{}, Holding{}, err
	}
	return p, h, p.mayStandOn(actor, h, byStep)
}

func (p Proposal) mayStandOn(actor access.Actor, h Holding, byStep bool) error {
	switch p.State {
	case Offered, Scheduled, Deferred:
	case Withdrawn:
		return fault.Because("Dit voorstel is ingetrokken en kan niet op de agenda.")
	case Done:
		return fault.Because("Over dit voorstel is al besloten. Het kan niet opnieuw op de agenda.")
	default:
		return fault.Because("Dit voorstel is nog niet aangeboden en kan niet op de agenda.")
	}
	if p.ByRoute && !byStep {
		return fault.Because("Dit voorstel komt langs een route. Zet het op de agenda vanuit uw postvak, zodra het is verzonden.")
	}
	if !slices.Contains(h.Bodies, p.TargetBodyID) {
		return fault.Because("Dit voorstel is bedoeld voor een ander gremium: %s.", p.Body())
	}
	if !CanDispose(actor, p) {
		return NotYours(p)
	}
	return nil
}

// NotYours is the refusal of who has no say on p: it says whose paper it is.
func NotYours(p Proposal) error {
	return fault.Because("Dit voorstel is bedoeld voor %s. Alleen de griffie daarvan zet het op een agenda, haalt het eraf of maakt het besloten. "+
		"Vraag het die griffie.", p.Body())
}

// Unschedule takes the paper off the agenda; it is offered again, or deferred as it was before. What is closed stays closed, what is
// public stays public. The room of routes calls it in its own transaction, and has checked the right.
func Unschedule(ctx context.Context, tx postgres.DB, actor access.Actor, proposal id.Proposal) error {
	p, err := FindLocked(ctx, tx, actor, proposal)
	if err != nil {
		return err
	}
	if p.State != Scheduled {
		return nil
	}
	p.State, p.MeetingID = Offered, ""
	if p.DecisionKind == PutOff {
		p.State = Deferred
	}
	_, err = settle(ctx, tx, actor, p, TakenOff, "proposal.unschedule", "")
	return err
}

// Publish opens the papers of a convened meeting, with their attachments and their last version, to everyone. Closed papers
// and papers that are not on an agenda stay as they are.
func Publish(ctx context.Context, tx postgres.DB, actor access.Actor, proposals []id.Proposal) error {
	proposals = slices.Sorted(slices.Values(proposals)) // a fixed order of locks
	for _, proposal := range slices.Compact(proposals) {
		p, err := FindLocked(ctx, tx, actor, proposal)
		if errors.Is(err, fault.NotFound) {
			continue // who holds a meeting sees its open papers; this one is closed, for a body he does not serve
		}
		if err != nil {
			return fmt.Errorf("publishing a paper: %w", err)
		}
		if p.Closed() || p.State.Inner() || p.State == Withdrawn || p.Visibility == access.Public {
			continue
		}
		p.Visibility = access.Public
		if _, err := settle(ctx, tx, actor, p, MadePublic, "proposal.publish", ""); err != nil {
			return err
		}
	}
	return nil
}

// Tighten closes the paper from now on, everywhere, in this transaction: public or not, with its versions and attachments.
// Of a paper that was closed already, no body reads it that did not before. Only the griffie of the body that it is meant for, which stays
// among its readers.
func Tighten(ctx context.Context, tx postgres.DB, actor access.Actor, proposal id.Proposal, bodies []id.Body, ground, publicTitle string) error {
	p, err := FindLocked(ctx, tx, actor, proposal)
	if err != nil {
		return err
	}
	if !CanDispose(actor, p) {
		return NotYours(p)
	}
	if !slices.Contains(bodies, p.TargetBodyID) {
		return fault.Fields{"closed_for": "Dit voorstel is bedoeld voor " + p.Body() + ". Laat dat gremium het blijven lezen."}
	}
	if err := closeFor(actor, &p, bodies, ground, publicTitle); err != nil {
		return err
	}
	if p.Visibility == access.Public {
		p.Visibility = access.Participants
	}
	_, err = settle(ctx, tx, actor, p, MadeClosed, "proposal.tighten", p.Ground)
	return err
}

// routed says why others who have the paper keep it from being closed.
const routed = "Dit voorstel is langs een route verzonden: andere gremia hebben het al. Het kan niet meer vertrouwelijk worden. " +
	"De eigenaar kan het wel intrekken."

// closeFor makes p closed, or closer.
func closeFor(actor access.Actor, p *Proposal, bodies []id.Body, ground, publicTitle string) error {
	if p.Routed && !p.Closed() {
		return fault.Fields{"closed": routed}
	}
	audience := slices.Clone(postgres.OrEmpty(bodies))
	if p.Closed() {
		audience = slices.DeleteFunc(audience, func(b id.Body) bool { return !slices.Contains(p.AudienceBodies, b) })
	}
	if len(audience) == 0 {
		return fault.Because("Geen van de gremia van dit besloten agendapunt mag dit vertrouwelijke voorstel lezen.")
	}
	if ground = strings.TrimSpace(ground); ground == "" {
		ground = p.Ground
	}
	if publicTitle = strings.TrimSpace(publicTitle); publicTitle == "" {
		publicTitle = p.PublicTitle
	}
	f := fault.Fields{}
	f.Must(GroundLabel(ground) != "", "ground", "Kies de grond uit de Woo waarop dit besloten is.")
	f.Must(publicTitle != "", "public_title", "Vul een neutrale titel in die iedereen mag lezen.")
	f.Must(!strings.EqualFold(publicTitle, strings.TrimSpace(p.Subject)), "public_title",
		"De neutrale titel is dezelfde als het onderwerp van het voorstel. Kies een titel die niets verraadt.")
	if err := f.Err(); err != nil {
		return err
	}
	p.AudienceBodies, p.Ground, p.PublicTitle = audience, ground, publicTitle
	check := p.Audience
	if check.Visibility == access.Public {
		check.Visibility = access.Participants
	}
	if !check.SeenBy(actor) {
		return fault.Because("Hierna kunt u dit voorstel zelf niet meer lezen. Laat de griffier van het gremium dit doen.")
	}
	return nil
}

// settle is step for an act that goes on with the paper as it then is.
func settle(ctx context.Context, tx postgres.DB, actor access.Actor, p Proposal, act Act, note, reason string) (Proposal, error) {
	if err := step(ctx, tx, actor, p, act, "", note, reason); err != nil {
		return Proposal{}, err
	}
	p.UpdatedAt, p.UpdatedBy = actor.At, actor.Name
	return p, nil
}
