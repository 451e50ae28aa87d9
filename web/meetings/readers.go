package meetings

import (
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/reading"
	"regiogriffie/internal/route"
)

// shut tells whether what the reader sees of the item is closed: by itself, or with the whole meeting.
func (v whole) shut(i meeting.Item) bool { return i.Matter && (i.Closed || !v.Meeting.Open) }

// griffier tells whether the reader is the griffier of a body that meets: he may know who read what is closed for it.
func (v whole) griffier() bool {
	return reading.CanAudit(v.Actor, meeting.Bodies(v.Organisers))
}

// mayAudit tells whether the reader may know who read the item.
func (v whole) mayAudit(i meeting.Item) bool { return v.shut(i) && v.griffier() }

// closedItem is the item as a thing that is read, with its paper, of which it shows the summary, and the decisions on it that are closed.
func (v whole) closedItem(i meeting.Item, on reading.Surface) []reading.Thing {
	var things []reading.Thing
	if v.shut(i) {
		things = append(things, reading.Of(reading.Item, i.ID, on))
		if i.ProposalID != "" {
			things = append(things, reading.Of(reading.Proposal, i.ProposalID, on))
		}
	}
	for _, d := range v.Decisions {
		if d.ItemID == i.ID && d.Closed() {
			things = append(things, reading.Of(reading.Decision, d.ID, on))
		}
	}
	return things
}

// closedParts is the agenda of a closed meeting, whose parts and forms tell what it is about.
func (v whole) closedParts() []reading.Thing {
	if v.Meeting.Open || len(v.Items)+len(v.Sections)+len(v.Files) == 0 {
		return nil
	}
	return []reading.Thing{reading.Of(reading.Meeting, v.Meeting.ID, reading.Agenda)}
}

// closedAgenda is all that is closed on the whole agenda.
func (v whole) closedAgenda() []reading.Thing {
	things := v.closedParts()
	for _, i := range v.Items {
		things = append(things, v.closedItem(i, reading.Agenda)...)
	}
	return things
}

// besides are the titles of closed items that stand beside an item.
func (v whole) besides(at int) []reading.Thing {
	var things []reading.Thing
	before, after := v.neighbours(at)
	for _, i := range []*meeting.Item{before, after} {
		if i != nil && v.shut(*i) {
			things = append(things, reading.Of(reading.Item, i.ID, reading.Title))
		}
	}
	return things
}

// waitingTitles are the closed papers that wait for a place on an agenda.
func waitingTitles(offered []proposal.Row, received []route.Received) []reading.Thing {
	var things []reading.Thing
	for _, p := range offered {
		if p.Closed {
			things = append(things, reading.Of(reading.Proposal, p.ID, reading.Title))
		}
	}
	for _, p := range received {
		if p.Closed {
			things = append(things, reading.Of(reading.Proposal, p.ProposalID, reading.Title))
		}
	}
	return things
}
