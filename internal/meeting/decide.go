package meeting

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/job"
	"regiogriffie/internal/numbering"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/internal/zienswijze"
)

// TellDecided is the kind of job that tells of a published decision.
const TellDecided = "decision.published"

// Decided is what such a job holds. Writers are those of the paper that was decided upon.
type Decided struct {
	Decision id.Decision
	Meeting  id.Meeting
	Writers  []id.Person
}

// Cause names the act for the mailing, so that telling it twice is telling it once.
func (d Decided) Cause() string { return TellDecided + ":" + string(d.Decision) }

// table is an item of a meeting with one of its bodies, held for a decision.
type table struct {
	meeting   Meeting
	organiser Organiser
	all       []Organiser
	item      Item
	decisions []Decision // of the body on the item: the draft, if any, and then the latest
}

// draft is the decision that is not published yet; nil when there is none.
func (t table) draft() *Decision {
	if len(t.decisions) > 0 && !t.decisions[0].Published() {
		return &t.decisions[0]
	}
	return nil
}

// last is the decision that counts; nil when none was published.
func (t table) last() *Decision {
	for i := range t.decisions {
		if t.decisions[i].Published() {
			return &t.decisions[i]
		}
	}
	return nil
}

// atTable holds the meeting, so that decisions on it are made one after another, and asks the right of the body.
func atTable(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, key string, body id.Body, may func(access.Actor, Meeting, Organiser) bool) (table, error) {
	var t table
	var err error
	if t.meeting, t.all, err = lock(ctx, tx, actor, m); err != nil {
		return t, err
	}
	if t.item, err = findItem(ctx, tx, actor, m, key); err != nil {
		return t, err
	}
	if !slices.ContainsFunc(t.all, func(o Organiser) bool { return may(actor, t.meeting, o) }) || !t.item.Matter || t.item.Dropped() {
		return t, fault.Forbidden
	}
	if body == "" {
		return t, fault.Fields{"body": "Kies het gremium dat besloot."}
	}
	at := slices.IndexFunc(t.all, func(o Organiser) bool { return o.BodyID == body && may(actor, t.meeting, o) })
	if at < 0 {
		return t, fault.Forbidden
	}
	t.organiser = t.all[at]
	t.decisions, err = decisionsOf(ctx, tx, actor, t.item.ID, body)
	return t, err
}

// RecordDecision writes down what a body decided on an item, as a draft that may be corrected until it is published; after that
// only with a draft that takes its place. Recording the same twice is recording it once; when someone else changed the draft
// meanwhile: fault.Conflict.
func RecordDecision(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, key string, d DecisionDraft) (recorded Decision, err error) {
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		recorded, err = recordDecision(ctx, tx, actor, m, key, d)
		return err
	})
	return recorded, err
}

func recordDecision(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, key string, d DecisionDraft) (recorded Decision, err error) {
	t, err := atTable(ctx, tx, actor, m, key, d.Body, CanRecordDecision)
	if err != nil {
		return recorded, err
	}
	if err := d.Check(t.meeting, actor.At); err != nil {
		return recorded, err
	}
	if t.item.ProposalID == "" {
		d.ProposalVersion = 0
	} else if err := checkVersion(ctx, tx, actor, t.item.ProposalID, d.ProposalVersion); err != nil {
		return recorded, err
	}
	if err := t.mayDecideOnPaper(ctx, tx, actor); err != nil {
		return recorded, err
	}
	next := Decision{
		ID: id.New[id.Decision](), ItemID: t.item.ID, BodyID: d.Body, Kind: d.Kind, Text: strings.TrimSpace(d.Text), Vote: d.Vote,
		ProposalID: t.item.ProposalID, ProposalVersion: d.ProposalVersion, DecidedOn: *d.DecidedOn,
		ReplacesID: d.Replaces, Reason: strings.TrimSpace(d.Reason), Version: d.Version,
		Audience: draftAudience(t.organiser, t.item.Closed || !t.meeting.Open),
	}
	if d.Replaces == "" {
		next.Reason = ""
	}
	last := id.Decision("")
	if t.last() != nil {
		last = t.last().ID
	}
	if before := t.draft(); before != nil && before.saysWhat(next) || t.last() != nil && t.last().saysWhat(next) {
		if before == nil {
			before = t.last() // published between the two clicks
		}
		recorded = *before
		return recorded, nil
	}
	if d.Replaces != last {
		return recorded, fault.Conflict // published, or replaced, since the form was drawn
	}
	switch before := t.draft(); {
	case before == nil && d.Version == 0:
		err = insertDecision(ctx, tx, actor, next)
	case before == nil || before.Version != d.Version:
		return recorded, fault.Conflict
	default:
		next.ID = before.ID
		err = updateDraft(ctx, tx, actor, next)
	}
	if err != nil {
		return recorded, err
	}
	if recorded, err = FindDecision(ctx, tx, actor, next.ID); err != nil {
		return recorded, err
	}
	return recorded, audit.Note(ctx, tx, actor, "decision.record", string(m), []id.Organisation{t.organiser.OrganisationID}, t.label())
}

// noted are the organisations whose griffies find the act in their trail: of a closed meeting the body's own alone.
func (t table) noted() []id.Organisation {
	if t.meeting.Open {
		return t.meeting.OrgIDs
	}
	return []id.Organisation{t.organiser.OrganisationID}
}

// label is how the trail names the item; it is read by more people than a closed agenda.
func (t table) label() string {
	if !t.meeting.Open {
		return ""
	}
	return t.item.Label
}

// mayDecideOnPaper refuses the decision of a body on a paper that is not meant for it and did not come to it along a route.
func (t table) mayDecideOnPaper(ctx context.Context, tx pgx.Tx, actor access.Actor) error {
	if t.item.PaperID == "" {
		return nil
	}
	if t.item.hiddenPaper() {
		return fault.Fields{"body": "Bij dit punt hoort een voorstel van een ander gremium. Alleen dat gremium besluit erover."}
	}
	meant, err := route.MeantFor(ctx, tx, actor, t.item.ProposalID, t.organiser.BodyID)
	if err != nil || meant {
		return err
	}
	return fault.Fields{"body": "Dit voorstel is niet aan " + t.organiser.Name() + " voorgelegd. Alleen het gremium waarvoor het is, besluit erover."}
}

// hidden tells whether the decision leaves no trace on the paper: an open one shows nothing of what happens behind closed doors, until the
// griffier makes the outcome public, see Disclose.
func hidden(d Decision, paper proposal.Proposal) bool { return d.Closed() && !paper.Closed() }

// saysWhat tells whether both say the same of the same.
func (d Decision) saysWhat(other Decision) bool {
	same := func(a, b *int) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
	return d.Kind == other.Kind && d.Text == other.Text && d.Method == other.Method && same(d.VotesFor, other.VotesFor) &&
		same(d.VotesAgainst, other.VotesAgainst) && d.ProposalVersion == other.ProposalVersion && d.ReplacesID == other.ReplacesID &&
		d.Reason == other.Reason && dutch.DateKey(d.DecidedOn) == dutch.DateKey(other.DecidedOn)
}

func checkVersion(ctx context.Context, tx pgx.Tx, actor access.Actor, paper id.Proposal, n int) error {
	var versions []proposal.Version
	if err := postgres.Read(ctx, tx, proposal.Versions(&versions, actor, paper)); err != nil {
		return err
	}
	if !slices.ContainsFunc(versions, func(v proposal.Version) bool { return v.Number == n }) {
		return fault.Fields{"proposal_version": "Kies de versie van het voorstel die is behandeld."}
	}
	return nil
}

// Publication is the final word on a draft: the one the griffier looked at, and the reasons for going on in spite of warnings.
type Publication struct {
	Body    id.Body
	Version int
	Reasons map[string]string
}

// PublishDecision makes the draft final: it gets the next number of the body, everyone who may read the item reads it, the item is
// settled and its paper moves on; the view of a council is then adopted, or it gives none. Only the griffier of the body. Publishing twice is publishing once. Rules that are not met come
// back as fault.Fields under their ids.
func PublishDecision(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, key string, p Publication) (published Decision, err error) {
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		published, err = publishDecision(ctx, tx, actor, m, key, p)
		return err
	})
	return published, err
}

func publishDecision(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, key string, p Publication) (published Decision, err error) {
	t, err := atTable(ctx, tx, actor, m, key, p.Body, CanPublishDecision)
	if err != nil {
		return published, err
	}
	if t.draft() == nil {
		if t.last() == nil {
			return published, fault.Because("Er is nog geen besluit om te publiceren. Leg het eerst vast.")
		}
		published = *t.last()
		return published, nil
	}
	next := *t.draft()
	if next.Version != p.Version {
		return published, fault.Conflict
	}
	members, err := votingMembers(ctx, tx, actor, p.Body, next.DecidedOn)
	if err != nil {
		return published, err
	}
	var stakes []zienswijze.Stake
	if err := postgres.Read(ctx, tx, zienswijze.StakesInto(&stakes, actor, t.item.ID, p.Body)); err != nil {
		return published, err
	}
	found := DecisionFindings(next, members, stakes)
	if err := found.Unmet(p.Reasons); err != nil {
		return published, err
	}
	if actor.MustConfirm() {
		return published, fault.Unconfirmed
	}
	_, next.Audience = itemAudience(t.meeting, t.all, t.item.Closed, t.item.ClosedFor)
	series := fmt.Sprintf("decision:%s:%d:%t", p.Body, next.DecidedOn.Year(), next.Closed())
	n, err := numbering.Next(ctx, tx, series)
	if err != nil {
		return published, err
	}
	next.Number = decisionNumber(next.BodyKey, next.DecidedOn.Year(), n, next.Closed())
	if err := publishDraft(ctx, tx, actor, next); err != nil {
		return published, err
	}
	kinds, err := lastKinds(ctx, tx, actor, t.item.ID)
	if err != nil {
		return published, err
	}
	if err := settleItem(ctx, tx, actor, t.item.ID, settledState(kinds)); err != nil {
		return published, err
	}
	told := Decided{Decision: next.ID, Meeting: m}
	if told.Writers, err = t.carry(ctx, tx, actor, next); err != nil {
		return published, err
	}
	if published, err = FindDecision(ctx, tx, actor, next.ID); err != nil {
		return published, err
	}
	reason := found.Reasons(p.Reasons)
	if next.Closed() {
		reason = "" // the trail is read by more people than a closed decision
	}
	if err := audit.Note(ctx, tx, actor, "decision.publish", string(m), t.noted(), strings.TrimSpace(t.label()+" "+reason)); err != nil {
		return published, err
	}
	return published, job.Enqueue(ctx, tx, TellDecided, told)
}

// carry moves the paper on by a published decision, with the step and the view of the body, and gives who wrote it.
func (t table) carry(ctx context.Context, tx pgx.Tx, actor access.Actor, d Decision) ([]id.Person, error) {
	if d.ProposalID == "" {
		return nil, nil
	}
	paper, err := proposal.Find(ctx, tx, actor, d.ProposalID)
	if err != nil || hidden(d, paper) {
		return nil, err
	}
	if err := route.Advance(ctx, tx, actor, proposal.Settled{
		Proposal: d.ProposalID, Meeting: t.meeting.ID, Item: t.item.ID, Body: d.BodyID, Kind: d.Kind, Text: d.Text,
		VotesFor: d.VotesFor, VotesAgainst: d.VotesAgainst, Version: d.ProposalVersion, DecidedOn: d.DecidedOn, Closed: d.Closed(),
		BehindDoors: !t.meeting.Open && !d.Closed(),
	}); err != nil {
		return nil, err
	}
	return paper.WriterIDs, zienswijze.Conclude(ctx, tx, actor, zienswijze.Conclusion{
		Paper: d.ProposalID, Body: d.BodyID, Item: t.item.ID, Decision: d.ID, Kind: d.Kind, Text: d.Text,
		VotesFor: d.VotesFor, VotesAgainst: d.VotesAgainst, DecidedOn: d.DecidedOn, Closed: d.Closed(),
	})
}

// Disclosure makes the outcome of a closed decision known: what everyone may read of it, by whose word, and whether the votes are told.
type Disclosure struct {
	Body   id.Body
	Text   string
	Reason string // who decided that it is public, and when
	Votes  bool
	Number string // of the closed decision the griffier looked at
}

// Check gathers what is wrong, by field.
func (d Disclosure) Check(kind proposal.DecisionKind) error {
	f := fault.Fields{}
	f.Must(strings.TrimSpace(d.Text) != "" || !kind.NeedsText(), "text", "Vul in wat iedereen van het besluit mag lezen.")
	f.Must(utf8.RuneCountInString(d.Text) <= 20_000, "text", "Maak de tekst korter: hoogstens 20.000 tekens.")
	f.Must(strings.TrimSpace(d.Reason) != "", "reason", "Schrijf wie besloot dat de uitkomst openbaar is, en wanneer. Iedereen leest dit.")
	f.Must(utf8.RuneCountInString(d.Reason) <= 2000, "reason", "Maak dit korter: hoogstens 2.000 tekens.")
	return f.Err()
}

// CanDisclose reports whether the actor may make the outcome of d public: the griffier of its body, of a published closed decision whose paper
// is not itself confidential and that no other took the place of.
func CanDisclose(a access.Actor, d Decision) bool {
	return d.Published() && d.Closed() && d.ReplacedBy == "" && a.IsFor(access.Clerk, d.BodyID)
}

// Disclose makes the outcome of a decision that was taken behind closed doors public: a decision of its own, with what everyone may read, takes
// the place of the closed one. Only now the paper moves on, with the step and the view of the body. Doing it twice is doing it once.
func Disclose(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, key string, o Disclosure) (made Decision, err error) {
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		made, err = disclose(ctx, tx, actor, m, key, o)
		return err
	})
	return made, err
}

func disclose(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, key string, o Disclosure) (made Decision, err error) {
	t, err := atTable(ctx, tx, actor, m, key, o.Body, CanPublishDecision)
	if err != nil {
		return made, err
	}
	last := t.last()
	switch {
	case last == nil:
		return made, fault.Because("Er is nog geen besluit. Leg het eerst vast en publiceer het voor het gremium.")
	case !last.Closed() && last.ReplacesNumber == o.Number && o.Number != "":
		made = *last
		return made, nil
	case !CanDisclose(actor, *last):
		return made, fault.Because("Dit besluit is al openbaar.")
	case last.Number != o.Number || t.draft() != nil:
		return made, fault.Conflict
	}
	if err := o.Check(last.Kind); err != nil {
		return made, err
	}
	if last.ProposalID != "" {
		paper, err := proposal.Find(ctx, tx, actor, last.ProposalID)
		if err != nil {
			return made, err
		}
		if paper.Closed() {
			return made, fault.Because("Het voorstel zelf is vertrouwelijk. Zolang dat zo is, blijft ook de uitkomst besloten.")
		}
	}
	if actor.MustConfirm() {
		return made, fault.Unconfirmed
	}
	next := *last
	next.ID, next.ReplacesID, next.Reason, next.Text = id.New[id.Decision](), last.ID, strings.TrimSpace(o.Reason), strings.TrimSpace(o.Text)
	next.Version, next.PublishedAt = 0, nil
	if !o.Votes {
		next.Vote = Vote{Method: NoVote}
	}
	next.Audience = draftAudience(t.organiser, false)
	if err := insertDecision(ctx, tx, actor, next); err != nil {
		return made, err
	}
	n, err := numbering.Next(ctx, tx, fmt.Sprintf("decision:%s:%d:%t", o.Body, next.DecidedOn.Year(), false))
	if err != nil {
		return made, err
	}
	next.Number, next.Version = decisionNumber(next.BodyKey, next.DecidedOn.Year(), n, false), 1
	next.Audience = access.Audience{Visibility: access.Public, OrgIDs: []id.Organisation{t.organiser.OrganisationID}}
	if err := publishDraft(ctx, tx, actor, next); err != nil {
		return made, err
	}
	told := Decided{Decision: next.ID, Meeting: m}
	if told.Writers, err = t.carry(ctx, tx, actor, next); err != nil {
		return made, err
	}
	if made, err = FindDecision(ctx, tx, actor, next.ID); err != nil {
		return made, err
	}
	if err := audit.Note(ctx, tx, actor, "decision.disclose", string(m), t.meeting.OrgIDs, next.Reason); err != nil {
		return made, err
	}
	return made, job.Enqueue(ctx, tx, TellDecided, told)
}
