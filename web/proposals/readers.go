package proposals

import (
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/reading"
	"regiogriffie/internal/route"
)

// closed is the paper as a thing that is read, when it is closed, with those of the decisions on it that are.
func closed(p proposal.Proposal, decisions ...meeting.Decision) []reading.Thing {
	var things []reading.Thing
	if p.Closed() {
		things = append(things, reading.Of(reading.Proposal, p.ID, reading.Page))
	}
	for _, d := range decisions {
		if d.Closed() {
			things = append(things, reading.Of(reading.Decision, d.ID, reading.Page))
		}
	}
	return things
}

// verdicts are the closed ones of the decisions in a dossier.
func verdicts(list []meeting.Verdict) []reading.Thing {
	var things []reading.Thing
	for _, d := range list {
		if d.Closed {
			things = append(things, reading.Of(reading.Decision, d.ID, reading.Page))
		}
	}
	return things
}

// titles are the closed papers of a list: their titles are closed as well.
func titles[T any](rows []T, of func(T) (paper id.Proposal, closed bool)) []reading.Thing {
	var things []reading.Thing
	for _, r := range rows {
		if p, closed := of(r); closed {
			things = append(things, reading.Of(reading.Proposal, p, reading.Title))
		}
	}
	return things
}

func received(r route.Received) (id.Proposal, bool) { return r.ProposalID, r.Closed }
