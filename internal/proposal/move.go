package proposal

import (
	"context"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Act is what moved a paper.
type Act string

// The acts, in the order of the life.
const (
	Readied     Act = "ready"
	AgreedTo    Act = "agree"
	SentBack    Act = "return"
	Reopened    Act = "reopen"
	HandedIn    Act = "offer"
	PutOnAgenda Act = "schedule"
	TakenOff    Act = "unschedule"
	MadePublic  Act = "publish"
	MadeClosed  Act = "tighten"
	WasDeferred Act = "defer"
	WasSettled  Act = "settle"
	WasTaken    Act = "withdraw"
)

// Label is the act as a page tells it.
func (a Act) Label() string {
	switch a {
	case Readied:
		return "Ambtelijk gereed"
	case AgreedTo:
		return "Bestuurlijk akkoord"
	case SentBack:
		return "Teruggestuurd"
	case Reopened:
		return "Weer in bewerking"
	case HandedIn:
		return "Aangeboden"
	case PutOnAgenda:
		return "Op een agenda gezet"
	case TakenOff:
		return "Van de agenda gehaald"
	case MadePublic:
		return "Openbaar gemaakt"
	case MadeClosed:
		return "Vertrouwelijk gemaakt"
	case WasDeferred:
		return "Aangehouden"
	case WasSettled:
		return "Afgehandeld"
	case WasTaken:
		return "Ingetrokken"
	}
	return ""
}

// Move is a step of the paper on its way.
type Move struct {
	Act    Act
	State  State // after it
	At     time.Time
	MadeBy string
	Reason string
}

// Moves lists the steps of a paper that the actor may see, newest first. A step is seen by who could read the paper when it was
// made: the public sees those since the publication.
func Moves(dst *[]Move, actor access.Actor, proposal id.Proposal) postgres.Query {
	return postgres.AllInto(dst, `
		select m.act, m.state, m.at, m.made_by, m.reason from proposal_moves m join proposals p on p.id = m.proposal_id
		where m.proposal_id = @id and `+access.Seen("m")+` and `+access.Seen("p")+` order by m.id desc limit 200`, postgres.Args{"id": proposal}.As(actor))
}

// moved keeps a step. P is the paper as it is after it.
func moved(ctx context.Context, tx postgres.DB, actor access.Actor, p Proposal, act Act, reason string) error {
	_, err := postgres.Exec(ctx, tx, `
		insert into proposal_moves (id, proposal_id, act, state, at, made_by, reason, visibility, org_ids, participant_org_ids, writer_ids, audience_bodies)
		values (@id, @proposal, @act, @state, @at, @by, @reason, @visibility, @org_ids, @participant_org_ids, @writer_ids, @audience_bodies)`,
		postgres.Args{
			"id": id.New[id.Entry](), "proposal": p.ID, "act": act, "state": p.State, "at": actor.At, "by": actor.Name, "reason": reason,
		}.With(p.Audience).As(actor))
	return err
}

// spreadMoves gives the steps the readers of their paper, as far as they were not narrower already.
func spreadMoves(ctx context.Context, tx postgres.DB, actor access.Actor, p Proposal) error {
	_, err := postgres.Exec(ctx, tx, `
		update proposal_moves m set org_ids = @org_ids, participant_org_ids = @participant_org_ids, writer_ids = @writer_ids, audience_bodies = @audience_bodies,
		  visibility = (array['draft', 'org', 'participants', 'public'])[least(
		    array_position(array['draft', 'org', 'participants', 'public'], m.visibility),
		    array_position(array['draft', 'org', 'participants', 'public'], @visibility::text))]
		where m.proposal_id = @id`, postgres.Args{"id": p.ID}.With(p.Audience).As(actor))
	return err
}
