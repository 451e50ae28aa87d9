package routes

import (
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/reading"
	"regiogriffie/internal/route"
)

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

func received(r route.Received) (id.Proposal, bool) { return r.ProposalID, r.Closed }
