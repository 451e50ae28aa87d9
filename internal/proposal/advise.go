package proposal

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/job"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
)

// TellAsked is the kind of job that tells who was asked for advice.
const TellAsked = "advice.asked"

// Asked is what such a job holds. Key is the address of the paper and says nothing of it.
type Asked struct {
	Advice id.Advice
	Key    string
	Person id.Person
	Body   id.Body
	OrgIDs []id.Organisation
	MadeUp bool
}

// Cause names the act for the mailing, so that telling it twice is telling it once.
func (a Asked) Cause() string { return TellAsked + ":" + string(a.Advice) }

// AskAdvice asks a colleague, or a body, for advice on the paper, and lets him or it read the paper: a colleague and the body of the
// owner from now on, the body of another organisation once the paper is offered. A closed paper is read by nobody more: whom it is
// asked of must read it already. The same key twice is asking once.
func AskAdvice(ctx context.Context, db postgres.DB, actor access.Actor, proposal id.Proposal, d AdviceDraft) error {
	d.Question = strings.TrimSpace(d.Question)
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		return askAdvice(ctx, tx, actor, proposal, d)
	})
}

func askAdvice(ctx context.Context, tx pgx.Tx, actor access.Actor, proposal id.Proposal, d AdviceDraft) error {
	p, err := FindLocked(ctx, tx, actor, proposal)
	if err != nil {
		return err
	}
	if !CanAskAdvice(actor, p) {
		return fault.Forbidden
	}
	if err := d.Check(); err != nil {
		return err
	}
	org := id.Organisation("")
	if d.Person != "" {
		err = p.letAdvise(ctx, tx, actor, d.Person)
	} else {
		org, err = p.letBodyAdvise(ctx, tx, actor, d.Body)
	}
	if err != nil {
		return err
	}
	if !keyForm.MatchString(d.Key) {
		d.Key = id.NewKey()
	}
	v := Advice{ID: id.New[id.Advice](), ProposalID: p.ID, PersonID: d.Person, BodyID: d.Body, Question: d.Question, DueOn: d.Due(actor.At)}
	asked, err := insertAdvice(ctx, tx, actor, d.Key, v, adviceAudience(p, d.Person, d.Body, org))
	if err != nil || !asked {
		return err
	}
	if err := updateState(ctx, tx, actor, p); err != nil {
		return err
	}
	if err := spread(ctx, tx, actor, p); err != nil {
		return err
	}
	if err := audit.Note(ctx, tx, actor, "advice.ask", string(p.ID), InTrailOf(p), ""); err != nil {
		return err
	}
	return job.Enqueue(ctx, tx, TellAsked, Asked{v.ID, p.Key, d.Person, d.Body, p.OrgIDs, p.MadeUp})
}

const closedAdvice = "Dit voorstel is vertrouwelijk. Vraag advies aan iemand die het al mag lezen."

// letAdvise lets a colleague read p, or says why not.
func (p *Proposal) letAdvise(ctx context.Context, tx postgres.DB, actor access.Actor, person id.Person) error {
	var colleagues []partner.Colleague
	if err := postgres.Read(ctx, tx, partner.Colleagues(&colleagues, actor, p.OwnerOrgID)); err != nil {
		return err
	}
	if !slices.ContainsFunc(colleagues, func(c partner.Colleague) bool { return c.ID == person }) {
		return fault.Fields{"person_id": "Kies iemand uit de lijst."}
	}
	if !p.Closed() {
		p.readAlong(person)
		return nil
	}
	may, err := partner.MembersOf(ctx, tx, actor, p.AudienceBodies)
	if err != nil {
		return err
	}
	if !slices.Contains(p.WriterIDs, person) && (p.State.Inner() || !slices.Contains(may, person)) {
		return fault.Fields{"person_id": closedAdvice}
	}
	return nil
}

// letBodyAdvise lets a body read p, or says why not. It gives the organisation of the body.
func (p *Proposal) letBodyAdvise(ctx context.Context, tx postgres.DB, actor access.Actor, body id.Body) (id.Organisation, error) {
	found, err := findTarget(ctx, tx, actor, body)
	if errors.Is(err, fault.NotFound) {
		return "", fault.Fields{"body_id": "Kies een gremium uit de lijst."}
	}
	if err != nil {
		return "", err
	}
	switch org := found.OrganisationID; {
	case p.Closed():
		if !slices.Contains(p.AudienceBodies, body) {
			return "", fault.Fields{"body_id": closedAdvice}
		}
	case org == p.OwnerOrgID:
		members, err := partner.MembersOf(ctx, tx, actor, []id.Body{body})
		if err != nil {
			return "", err
		}
		p.readAlong(members...)
	case p.State.Inner():
		return "", fault.Fields{"body_id": "Een gremium van een andere organisatie kunt u om advies vragen zodra het voorstel is aangeboden. Vraag tot dan iemand binnen uw organisatie."}
	default:
		if !slices.Contains(p.AdviserOrgIDs, org) {
			p.AdviserOrgIDs = append(slices.Clone(p.AdviserOrgIDs), org)
		}
		if !slices.Contains(p.ParticipantOrgIDs, org) {
			p.ParticipantOrgIDs = append(slices.Clone(p.ParticipantOrgIDs), org)
		}
	}
	return found.OrganisationID, nil
}

// GiveAdvice answers. Late is told and keeps nobody from it. Giving the same twice is giving it once; what was given stays:
// fault.Conflict for another answer.
func GiveAdvice(ctx context.Context, db postgres.DB, actor access.Actor, advice id.Advice, opinion AdvisoryOpinion, text string) error {
	text = strings.TrimSpace(text)
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		v, err := findAdvice(ctx, tx, actor, advice)
		if err != nil {
			return err
		}
		before := v
		before.GivenAt = nil
		if !CanGiveAdvice(actor, before) {
			return fault.Forbidden
		}
		f := fault.Fields{}
		f.Must(opinion.Label() != "", "opinion", "Kies wat u van het voorstel vindt.")
		f.Must(text != "" || opinion == Positive, "text", "Schrijf uw opmerkingen op. Alleen bij een positief advies mag dit leeg blijven.")
		f.Must(!tooLong(text, 20_000), "text", "Maak het advies korter: hoogstens 20.000 tekens.")
		if err := f.Err(); err != nil {
			return err
		}
		if v.GivenAt != nil {
			if v.Opinion == opinion && v.Text == text {
				return nil
			}
			return fault.Conflict
		}
		v.Opinion, v.Text = opinion, text
		given, err := giveAdvice(ctx, tx, actor, v)
		if err != nil {
			return err
		}
		if !given {
			return fault.Conflict // by another of the same griffie, in the same moment
		}
		p, err := Find(ctx, tx, actor, v.ProposalID)
		if err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "advice.give", string(v.ProposalID), InTrailOf(p), "")
	})
}
