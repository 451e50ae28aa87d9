package zienswijze

import (
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// OnPaper asks for the procedures about a paper that the actor may see, the first first.
func OnPaper(dst *[]Row, actor access.Actor, paper id.Proposal) postgres.Query {
	return postgres.AllInto(dst, `select `+rowColumns+` where p.proposal_id = @id and `+access.Seen("p")+` order by p.sent_on nulls last, p.id limit 20`,
		postgres.Args{"id": paper}.As(actor))
}

// Reaction is how far one council is in a procedure about a paper, and what of it the reader may open.
type Reaction struct {
	Procedure  string // key
	State      ViewState
	DecidedOn  *time.Time
	SentOn     *time.Time
	AnsweredOn *time.Time
	Readable   bool // what it said
	Replied    bool // and what it was answered
	BodyID     id.Body
	BodyName   string
	OrgKey     string
	OrgName    string
	Colour     string
}

// Council names the body with its organisation.
func (r Reaction) Council() string { return View{BodyName: r.BodyName, OrgName: r.OrgName}.Council() }

// ReactionsOn asks for what came of the councils in the procedures about a paper: those that decided, by name.
func ReactionsOn(dst *[]Reaction, actor access.Actor, paper id.Proposal) postgres.Query {
	return postgres.AllInto(dst, `
		select p.key as procedure, v.state, v.decided_on, v.sent_on, v.answered_on, t.view_id is not null as readable,
		  coalesce(t.board_answer, '') <> '' and v.state = 'beantwoord' as replied,
		  v.body_id, coalesce(b.name, '') as body_name, o.key as org_key, o.name as org_name, o.colour
		from zienswijze_procedures p join zienswijzen v on v.procedure_id = p.id join organisations o on o.id = v.organisation_id
		left join bodies b on b.id = v.body_id
		left join zienswijze_texts t on t.view_id = v.id and t.text <> '' and v.state in ('verzonden', 'beantwoord') and `+access.Seen("t")+`
		where p.proposal_id = @id and v.state in ('vastgesteld', 'geen_zienswijze', 'verzonden', 'beantwoord')
		  and `+access.Seen("p")+` and `+access.Seen("v")+`
		order by lower(o.name), o.key, p.id limit 2000`, postgres.Args{"id": paper}.As(actor))
}
