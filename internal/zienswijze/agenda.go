package zienswijze

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
)

// withViews does an act on the views that a condition names, in procedures that run, in the transaction of an act on an agenda.
// That has the paper already, and took it before anything of a procedure.
func withViews(ctx context.Context, tx pgx.Tx, actor access.Actor, where string, args postgres.Args, act func(p Procedure, v View) error) error {
	ids, err := postgres.All[id.View](ctx, tx, `select v.id from zienswijzen v join zienswijze_procedures p on p.id = v.procedure_id
		where p.state = 'verzonden' and `+where+` and `+access.Seen("p")+` and `+access.Seen("v")+` order by v.id`, args.As(actor))
	if err != nil {
		return err
	}
	for _, each := range ids {
		p, v, err := lockView(ctx, tx, actor, each)
		if err != nil {
			return err
		}
		if p.State != Sent {
			continue // closed since
		}
		if err := act(p, v); err != nil {
			return err
		}
	}
	return nil
}

// Place notes that a council treats the paper of a procedure as an item of its meeting. The room of meetings calls it, in its own
// transaction, once the step of the council stands there.
func Place(ctx context.Context, tx pgx.Tx, actor access.Actor, paper id.Proposal, body id.Body, meeting id.Meeting, item id.Item) error {
	return withViews(ctx, tx, actor, `p.proposal_id = @paper and v.body_id = @body`, postgres.Args{"paper": paper, "body": body}, func(p Procedure, v View) error {
		if v.State != Received && v.State != Scheduled || v.ItemID == item {
			return nil
		}
		v.State, v.MeetingID, v.ItemID = Scheduled, meeting, item
		if err := updateView(ctx, tx, actor, v); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "view.schedule", string(v.ID), told(p, v), "")
	})
}

// Release takes that back: the item went off the agenda, or bodies, when not nil, took their part in it off. Without an item the whole
// meeting does not go on, and that counts too for what a griffie planned for it by hand.
func Release(ctx context.Context, tx pgx.Tx, actor access.Actor, meeting id.Meeting, item id.Item, bodies []id.Body) error {
	return withViews(ctx, tx, actor, `v.meeting_id = @meeting and v.state = 'geagendeerd' and (@item::uuid is null or v.item_id = @item)
		and (@bodies::uuid[] is null or v.body_id = any(@bodies))`,
		postgres.Args{"meeting": meeting, "item": item, "bodies": bodies}, func(p Procedure, v View) error {
			return release(ctx, tx, actor, p, v)
		})
}

func release(ctx context.Context, tx pgx.Tx, actor access.Actor, p Procedure, v View) error {
	if v.State != Scheduled {
		return nil // decided since
	}
	v.State, v.MeetingID, v.ItemID = Received, "", ""
	if err := updateView(ctx, tx, actor, v); err != nil {
		return err
	}
	return audit.Note(ctx, tx, actor, "view.release", string(v.ID), told(p, v), "")
}

// Conclusion is what a council decided on an item, published.
type Conclusion struct {
	Paper        id.Proposal
	Body         id.Body
	Item         id.Item
	Decision     id.Decision
	Kind         proposal.DecisionKind
	Text         string
	VotesFor     *int
	VotesAgainst *int
	DecidedOn    time.Time
	Closed       bool // only the council itself may read it
}

// outcome is how far a view is by a decision; ok is false where the decision does not say so: the griffier does then.
func (c Conclusion) outcome(asked bool) (to ViewState, ok bool) {
	switch {
	case c.Closed:
		return "", false
	case c.Kind == proposal.FormalView:
		return Adopted, true
	case c.Kind == proposal.Noted && asked:
		return None, true
	case c.Kind == proposal.PutOff:
		return Received, true
	}
	return "", false
}

// Conclude takes over what a council decided on the paper of a procedure: its view with the text of the decision, unless one was
// written, or that it gives none, with the day and the votes. The room of meetings calls it on publication, in its own transaction.
// A decision that takes the place of an earlier one counts as long as the view was not sent; after that it is only named.
func Conclude(ctx context.Context, tx pgx.Tx, actor access.Actor, c Conclusion) error {
	return withViews(ctx, tx, actor, `p.proposal_id = @paper and v.body_id = @body`, postgres.Args{"paper": c.Paper, "body": c.Body}, func(p Procedure, v View) error {
		return conclude(ctx, tx, actor, c, p, v)
	})
}

func conclude(ctx context.Context, tx pgx.Tx, actor access.Actor, c Conclusion, p Procedure, v View) error {
	asked, err := postgres.One[bool](ctx, tx, `select exists (select from route_steps r where (r.item_id = @item or r.item_id is null and r.proposal_id = @paper)
		and r.body_id = @body and r.treatment = 'formal_view' and `+access.Seen("r")+`)`, postgres.Args{"item": c.Item, "paper": c.Paper, "body": c.Body}.As(actor))
	if err != nil {
		return err
	}
	to, ok := c.outcome(asked)
	if v.SentOn != nil {
		if !ok || to == Received {
			return nil
		}
		return name(ctx, tx, actor, v, c)
	}
	before := v.DecisionID != "" || v.State == Scheduled
	switch {
	case !ok && v.DecisionID != "":
		to = Scheduled // what it took the place of counts no more
		c.Decision, c.VotesFor, c.VotesAgainst = "", nil, nil
	case !ok || to == Received && !before:
		return nil
	}
	v.State, v.DecidedOn = to, &c.DecidedOn
	switch to {
	case Received:
		v.MeetingID, v.ItemID, v.DecidedOn = "", "", nil
		c.Decision, c.VotesFor, c.VotesAgainst = "", nil, nil
	case Scheduled:
		v.DecidedOn = nil
	case Adopted:
		if err := takeText(ctx, tx, actor, p, v, c.Text); err != nil {
			return err
		}
	}
	if err := name(ctx, tx, actor, v, c); err != nil {
		return err
	}
	act := map[ViewState]string{Received: "view.release", Scheduled: "view.schedule", Adopted: "view.adopt", None: "view.decline"}[to]
	return audit.Note(ctx, tx, actor, act, string(v.ID), told(p, v), "")
}

// name writes the view with the decision and its votes.
func name(ctx context.Context, tx pgx.Tx, actor access.Actor, v View, c Conclusion) error {
	v.DecisionID, v.VotesFor, v.VotesAgainst = c.Decision, c.VotesFor, c.VotesAgainst
	return updateView(ctx, tx, actor, v)
}

// takeText makes the text of a decision that of the view, when nothing was written there.
func takeText(ctx context.Context, tx pgx.Tx, actor access.Actor, p Procedure, v View, text string) error {
	t, err := findText(ctx, tx, actor, v.ID)
	switch {
	case errors.Is(err, fault.NotFound):
		return insertText(ctx, tx, actor, Text{ViewID: v.ID, Text: text, Audience: draftAudience(p, v, false)})
	case err != nil || t.Text != "":
		return err
	}
	t.Text = text
	return updateText(ctx, tx, actor, t)
}

// Tally is how far the councils are with the paper of an item.
type Tally struct {
	ProposalID id.Proposal
	Key        string // of the procedure
	Subject    string
	State      State
	Councils   int
	Received   int // views that came
	Answered   int
	None       int // councils that said to give none
}

// OnAgenda asks of each paper on the agenda of the meeting at an address how far the councils are, as far as the actor may know.
func OnAgenda(dst *[]Tally, actor access.Actor, slug string) postgres.Query {
	return postgres.AllInto(dst, `
		select p.proposal_id, p.key, p.subject, p.state, count(v.id)::int as councils, count(v.id) filter (where v.state in ('verzonden', 'beantwoord'))::int as received,
		  count(v.id) filter (where v.state = 'beantwoord')::int as answered, count(v.id) filter (where v.state = 'geen_zienswijze')::int as none
		from zienswijze_procedures p join zienswijzen v on v.procedure_id = p.id and `+access.Seen("v")+`
		where p.state <> 'voorbereiding' and `+access.Seen("p")+` and exists (select from agenda_item_matters x join agenda_items i on i.id = x.item_id
		  join meetings m on m.id = i.meeting_id where x.proposal_id = p.proposal_id and m.slug = @slug and `+access.Seen("x")+` and `+access.Seen("i")+` and `+access.Seen("m")+`)
		group by p.id order by p.sent_on, p.id`, postgres.Args{"slug": slug}.As(actor))
}

// Heard is what one council said of the paper of an item, and what it was answered, as far as the actor may read it.
type Heard struct {
	ProcedureKey string
	OrgKey       string
	OrgName      string
	Colour       string
	State        ViewState
	Text         string
	Answer       string
}

// HeardOn asks it for an item of the meeting at an address: a page of them, and one more.
func HeardOn(dst *[]Heard, actor access.Actor, slug, item string) postgres.Query {
	return postgres.AllInto(dst, `
		select p.key as procedure_key, o.key as org_key, o.name as org_name, o.colour, v.state, coalesce(left(t.text, 4000), '') as text,
		  coalesce(left(t.board_answer, 4000), '') as answer
		from meetings m join agenda_items i on i.meeting_id = m.id join agenda_item_matters x on x.item_id = i.id
		join zienswijze_procedures p on p.proposal_id = x.proposal_id join zienswijzen v on v.procedure_id = p.id join organisations o on o.id = v.organisation_id
		left join zienswijze_texts t on t.view_id = v.id and `+access.Seen("t")+`
		where m.slug = @slug and i.key = @item and v.state in ('verzonden', 'beantwoord', 'geen_zienswijze')
		  and `+access.Seen("m")+` and `+access.Seen("i")+` and `+access.Seen("x")+` and `+access.Seen("p")+` and `+access.Seen("v")+`
		order by o.name, o.key, p.id`+postgres.Limit(PerPage+1), postgres.Args{"slug": slug, "item": item}.As(actor))
}

// Stake is a procedure that a decision of the board hangs on.
type Stake struct {
	Kind    Kind
	Subject string
	State   State
	Names   []string    // of the councils
	States  []ViewState // of each of those
}

// StakesInto asks for the procedures that hang on a decision of a body on an item: those about its paper, and those without a
// paper that the board decides on in this meeting. For another body than the board there are none.
func StakesInto(dst *[]Stake, actor access.Actor, item id.Item, body id.Body) postgres.Query {
	return postgres.AllInto(dst, `
		select p.kind, p.subject, p.state, coalesce(n.names, '{}') as names, coalesce(n.states, '{}') as states
		from bodies b join agenda_items i on i.id = @item left join agenda_item_matters x on x.item_id = i.id and `+access.Seen("x")+`
		join zienswijze_procedures p on p.organisation_id = b.organisation_id and (p.proposal_id = x.proposal_id or p.proposal_id is null and p.ab_meeting_id = i.meeting_id)
		cross join lateral (select array_agg(o.name order by o.name, o.key) as names, array_agg(v.state order by o.name, o.key) as states
		  from zienswijzen v join organisations o on o.id = v.organisation_id where v.procedure_id = p.id and `+access.Seen("v")+`) n
		where b.id = @body and b.kind in ('general_board', 'joint_organ', 'operations_board') and p.state <> 'voorbereiding'
		  and `+access.Seen("i")+` and `+access.Seen("p")+` order by p.proposal_id is null, p.id`, postgres.Args{"item": item, "body": body}.As(actor))
}
