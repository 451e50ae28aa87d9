package invitation

import (
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/postgres"
)

// Task is an invitation that waits for the actor.
type Task struct {
	Kind     string // concept: to be finished; sign: to be signed; publish: signed by all
	Key      string
	Title    string
	StartsAt time.Time
	MadeUp   bool
	Own      bool   // kind sign: his own signature, else that of Org
	Org      string // kind sign
	Again    bool   // kind sign: he, or they, signed an earlier text
}

// Open are the invitations on which somebody may have to act, whole, so that the rules say what waits.
type Open struct {
	invitations []Invitation
	signers     []struct {
		Key string
		Signer
	}
}

// OpenFor asks for what the actor writes on or signs and is not published as it stands; Tasks tells what of it waits for him.
func OpenFor(dst *Open, actor access.Actor) []postgres.Query {
	args := postgres.Args{"today": actor.At.UTC().Format(time.DateOnly)}.As(actor)
	open := ` i.state in ('concept', 'ter_ondertekening') and m.state <> 'geannuleerd' and ` + access.Seen("i")
	return []postgres.Query{
		postgres.AllInto(&dst.invitations,
			`select `+columns+` from invitations i join meetings m on m.id = i.meeting_id where `+open+` order by m.starts_at limit 50`, args),
		postgres.AllInto(&dst.signers, `select i.key, `+signerColumns+` from invitation_signers s join persons p on p.id = s.person_id
			join invitations i on i.id = s.invitation_id join meetings m on m.id = i.meeting_id
			join invitation_organisers io on io.invitation_id = i.id and io.organisation_id = s.organisation_id
			where `+open+` order by io.sequence, s.sequence, s.id`, args),
	}
}

// Tasks are what waits for the actor, the next meeting first.
func (o Open) Tasks(actor access.Actor) []Task {
	var tasks []Task
	for _, i := range o.invitations {
		for _, s := range o.signers {
			if s.Key == i.Key {
				i.Signers = append(i.Signers, s.Signer)
			}
		}
		if t := i.task(actor); t.Kind != "" {
			tasks = append(tasks, t)
		}
	}
	return tasks
}

// task is what the invitation asks of the actor; without a kind nothing.
func (i Invitation) task(actor access.Actor) Task {
	t := Task{Key: i.Key, Title: i.Title, StartsAt: i.StartsAt, MadeUp: i.MadeUp}
	switch {
	case i.Ready() && CanDecide(actor, i):
		t.Kind = "publish"
	case i.State == Concept && CanDecide(actor, i):
		t.Kind = "concept"
	case i.State == Signing:
		for _, org := range i.Organisers {
			for _, s := range i.SignersOf(org.ID) {
				if CanSign(actor, i, s) && !t.Own {
					t.Kind, t.Own, t.Org, t.Again = "sign", signs(actor, s), org.Name, s.SignedAt != nil
				}
			}
		}
	}
	return t
}
