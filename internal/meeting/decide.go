package meeting

import (
	"context"
	"fmt"
	"slices"
	"strings"

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
		t, err := atTable(ctx, tx, actor, m, key, d.Body, CanRecordDecision)
		if err != nil {
			return err
		}
		if err := d.Check(t.meeting, actor.At); err != nil {
			return err
		}
		if t.item.ProposalID == "" {
			d.ProposalVersion = 0
		} else if err := checkVersion(ctx, tx, actor, t.item.ProposalID, d.ProposalVersion); err != nil {
			return err
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
			return nil
		}
		if d.Replaces != last {
			return fault.Conflict // published, or replaced, since the form was drawn
		}
		switch before := t.draft(); {
		case before == nil && d.Version == 0:
			err = insertDecision(ctx, tx, actor, next)
		case before == nil || before.Version != d.Version:
			return fault.Conflict
		default:
			next.ID = before.ID
			err = updateDraft(ctx, tx, actor, next)
		}
		if err != nil {
			return err
		}
		if recorded, err = FindDecision(ctx, tx, actor, next.ID); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "decision.record", string(m), []id.Organisation{t.organiser.OrganisationID}, t.item.Label)
	})
	return recorded, err
}

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
		t, err := atTable(ctx, tx, actor, m, key, p.Body, CanPublishDecision)
		if err != nil {
			return err
		}
		if t.draft() == nil {
			if t.last() == nil {
				return fault.Because("Er is nog geen besluit om te publiceren. Leg het eerst vast.")
			}
			published = *t.last()
			return nil
		}
		next := *t.draft()
		if next.Version != p.Version {
			return fault.Conflict
		}
		members, err := votingMembers(ctx, tx, actor, p.Body, next.DecidedOn)
		if err != nil {
			return err
		}
		var stakes []zienswijze.Stake
		if err := postgres.Read(ctx, tx, zienswijze.StakesInto(&stakes, actor, t.item.ID, p.Body)); err != nil {
			return err
		}
		found := DecisionFindings(next, members, stakes)
		if err := found.Unmet(p.Reasons); err != nil {
			return err
		}
		if actor.MustConfirm() {
			return fault.Unconfirmed
		}
		_, next.Audience = itemAudience(t.meeting, t.all, t.item.Closed)
		series := fmt.Sprintf("decision:%s:%d:%t", p.Body, next.DecidedOn.Year(), next.Closed())
		n, err := numbering.Next(ctx, tx, series)
		if err != nil {
			return err
		}
		next.Number = decisionNumber(next.BodyKey, next.DecidedOn.Year(), n, next.Closed())
		if err := publishDraft(ctx, tx, actor, next); err != nil {
			return err
		}
		kinds, err := lastKinds(ctx, tx, actor, t.item.ID)
		if err != nil {
			return err
		}
		if err := settleItem(ctx, tx, actor, t.item.ID, settledState(kinds)); err != nil {
			return err
		}
		told := Decided{Decision: next.ID, Meeting: m}
		if next.ProposalID != "" {
			paper, err := proposal.Find(ctx, tx, actor, next.ProposalID)
			if err != nil {
				return err
			}
			told.Writers = paper.WriterIDs
			if err := proposal.Advance(ctx, tx, actor, proposal.Settled{
				Proposal: next.ProposalID, Meeting: m, Item: t.item.ID, Body: p.Body, Kind: next.Kind, Text: next.Text,
				VotesFor: next.VotesFor, VotesAgainst: next.VotesAgainst, Version: next.ProposalVersion, DecidedOn: next.DecidedOn, Closed: next.Closed(),
			}); err != nil {
				return err
			}
			if err := zienswijze.Conclude(ctx, tx, actor, zienswijze.Conclusion{
				Paper: next.ProposalID, Body: p.Body, Item: t.item.ID, Decision: next.ID, Kind: next.Kind, Text: next.Text,
				VotesFor: next.VotesFor, VotesAgainst: next.VotesAgainst, DecidedOn: next.DecidedOn, Closed: next.Closed(),
			}); err != nil {
				return err
			}
		}
		if published, err = FindDecision(ctx, tx, actor, next.ID); err != nil {
			return err
		}
		reason := found.Reasons(p.Reasons)
		if next.Closed() {
			reason = "" // the trail is read by more people than a closed decision
		}
		if err := audit.Note(ctx, tx, actor, "decision.publish", string(m), t.meeting.OrgIDs, strings.TrimSpace(t.item.Label+" "+reason)); err != nil {
			return err
		}
		return job.Enqueue(ctx, tx, TellDecided, told)
	})
	return published, err
}
