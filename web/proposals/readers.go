package proposals

import (
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/reading"
	"regiogriffie/web/parts"
)

// closed is the paper as a thing that is read, when it is closed, with those of the decisions on it that are.
func closed(p proposal.Proposal, decisions ...meeting.Decision) []reading.Thing {
	things := parts.ReadPaper(p)
	for _, d := range decisions {
		if d.Closed() {
			things = append(things, reading.Of(reading.Decision, d.ID, reading.Page))
		}
	}
	return things
}
