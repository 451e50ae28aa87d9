package parts

import (
	"regiogriffie/internal/id"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/reading"
)

// ReadPaper is the paper as a thing that is read, when it is closed.
func ReadPaper(p proposal.Proposal) []reading.Thing {
	if !p.Closed() {
		return nil
	}
	return []reading.Thing{reading.Of(reading.Proposal, p.ID, reading.Page)}
}

// ReadTitles are the closed papers of a list: their titles are closed as well.
func ReadTitles[T any](rows []T, of func(T) (paper id.Proposal, closed bool)) []reading.Thing {
	var things []reading.Thing
	for _, r := range rows {
		if p, closed := of(r); closed {
			things = append(things, reading.Of(reading.Proposal, p, reading.Title))
		}
	}
	return things
}
