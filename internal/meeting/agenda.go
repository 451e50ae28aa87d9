package meeting

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
)

// Section is a lettered part of an agenda. Its items are numbered from FirstNumber, so that B can begin at B.11.
type Section struct {
	ID          id.Section
	Sequence    int
	Letter      string
	Title       string
	FirstNumber int
}

// ItemState of an agenda item.
type ItemState string

// The states of an item. Who may not read its matter sees of a deferred item that it was treated.
const (
	ItemPlanned  ItemState = "gepland"
	ItemTreated  ItemState = "behandeld"
	ItemDeferred ItemState = "aangehouden"
	ItemDropped  ItemState = "vervallen"
)

// Item is a point of the agenda as far as the reader may see it. Of a closed item without Matter there is its label,
// neutral title and planned time, and no more.
type Item struct {
	ID          id.Item
	Key         string
	SectionID   id.Section
	Sequence    int
	Label       string
	PublicTitle string
	Minutes     int
	Closed      bool
	ClosedFor   []id.Body // what is closed of it, only these may read, as far as they hold the meeting; nil: nothing is
	AddedLater  bool
	State       ItemState
	Version     int
	UpdatedAt   *time.Time // when and by whom it was last written; nil: before this was kept
	UpdatedBy   string

	Matter           bool // whether what follows may be seen
	MatterTitle      string
	Explanation      string
	Treatment        proposal.Treatment
	DebateKind       string
	PortfolioHolders []proposal.Holder
	Ground           string
	AttachmentsNa    bool
	ProposalID       id.Proposal
	ProposalKey      string
	ProposalState    proposal.State
	ProposalNa       bool // the paper says that it has no attachments
	WithdrawnReason  string
	PaperID          id.Proposal // of its paper, also where the reader of the matter may not read that
	StepKey          string      // of the route by which the paper came; empty when it came without
	Summary          string
	OwnerName        string
	OwnerColour      string
}

// Title is what this reader calls the item.
func (i Item) Title() string {
	if i.Matter {
		return i.MatterTitle
	}
	return i.PublicTitle
}

// Dropped tells whether the item was taken off after the call.
func (i Item) Dropped() bool { return i.State == ItemDropped }

// Settled tells whether a body decided on the item.
func (i Item) Settled() bool { return i.State == ItemTreated || i.State == ItemDeferred }

// Clocks computes when each item begins, from the start and the minutes before it. Dropped items take no time.
func Clocks(start time.Time, items []Item) []time.Time {
	clocks := make([]time.Time, len(items))
	at := start
	for n, item := range items {
		clocks[n] = at
		if !item.Dropped() {
			at = at.Add(time.Duration(item.Minutes) * time.Minute)
		}
	}
	return clocks
}

// Overrun is how long the items take beyond the planned end; zero or less: they fit.
func Overrun(m Meeting, items []Item) time.Duration {
	total := m.StartsAt
	for _, item := range items {
		if !item.Dropped() {
			total = total.Add(time.Duration(item.Minutes) * time.Minute)
		}
	}
	return total.Sub(m.EndsAt)
}

// ItemDraft is what a griffier fills in of an item.
type ItemDraft struct {
	SectionID        id.Section
	Title            string
	Explanation      string
	Treatment        proposal.Treatment
	DebateKind       string
	PortfolioHolders []proposal.Holder
	Minutes          *int
	Closed           bool
	ClosedFor        []id.Body // who reads a closed item; nil: as it was, and of a new one the only body that holds the meeting
	Ground           string
	PublicTitle      string
	AttachmentsNa    bool
	Version          int
}

// hiddenPaper tells whether the item has a paper that who sees its matter may not read: then it is another's.
func (i Item) hiddenPaper() bool { return i.PaperID != "" && i.ProposalID == "" }

// NeutralTitle stands for a closed item as long as the griffier has chosen no other.
const NeutralTitle = "Besloten agendapunt"

// Check gathers what is wrong, by field. A closed item without a ground may be kept; it stops the call (see Findings).
func (d ItemDraft) Check() error {
	f := fault.Fields{}
	f.Must(strings.TrimSpace(d.Title) != "", "title", "Vul een titel in.")
	f.Must(len([]rune(d.Title)) <= 300, "title", "Maak de titel korter: hoogstens 300 tekens.")
	f.Must(len([]rune(d.PublicTitle)) <= 200, "public_title", "Maak de neutrale titel korter: hoogstens 200 tekens.")
	f.Must(d.Minutes != nil, "minutes", "Vul in hoeveel minuten dit punt duurt. Vul 0 in als het geen tijd kost.")
	if d.Minutes != nil {
		f.Must(*d.Minutes >= 0 && *d.Minutes <= 600, "minutes", "Vul een aantal minuten in van 0 tot 600.")
	}
	f.Must(d.SectionID != "", "section_id", "Kies het deel van de agenda.")
	f.Must(d.Treatment == "" || slices.Contains(route.StepTreatments, d.Treatment), "treatment", "Kies een behandeling uit de lijst.")
	f.Must(slices.Contains([]string{"consent", "debate", "none", ""}, d.DebateKind), "debate_kind", "Kies hoe het punt wordt behandeld.")
	f.Must(d.Ground == "" || proposal.GroundLabel(d.Ground) != "", "ground", "Kies een grond uit de lijst.")
	f.Must(len(d.PortfolioHolders) <= 20, "portfolio_holders", "Noem hoogstens 20 portefeuillehouders.")
	f.Must(len(d.ClosedFor) <= 60, "closed_for", "Kies hoogstens 60 gremia.")
	f.Must(!d.Closed || d.PublicTitle == "" || !strings.EqualFold(strings.TrimSpace(d.PublicTitle), strings.TrimSpace(d.Title)), "public_title",
		"De titel voor het publiek is dezelfde als de echte titel. Kies een titel die niets verraadt.")
	return f.Err()
}

// SectionDraft is what a griffier fills in of a part of the agenda.
type SectionDraft struct {
	Letter      string
	Title       string
	FirstNumber *int
}

// Check gathers what is wrong, by field. Letters of one agenda differ.
func (d SectionDraft) Check() error {
	f := fault.Fields{}
	f.Must(d.Letter == "" || len(d.Letter) == 1 && d.Letter[0] >= 'A' && d.Letter[0] <= 'Z', "letter", "Vul één hoofdletter in, of laat dit veld leeg.")
	f.Must(strings.TrimSpace(d.Title) != "", "title", "Geef dit deel een titel.")
	f.Must(len([]rune(d.Title)) <= 100, "title", "Maak de titel korter: hoogstens 100 tekens.")
	f.Must(d.FirstNumber == nil || *d.FirstNumber >= 1 && *d.FirstNumber <= 999, "first_number", "Vul een getal in van 1 tot 999.")
	return f.Err()
}

// label prints the number of an item in its section: B.11, or 11 in a part without a letter.
func label(letter string, n int) string {
	if letter == "" {
		return strconv.Itoa(n)
	}
	return letter + "." + strconv.Itoa(n)
}

// place is an item in the order of an agenda, with what numbering needs.
type place struct {
	ID        id.Item
	SectionID id.Section
	Sequence  int
	Label     string
	State     ItemState
}

// arrange puts items in the order of their sections, and within a section in the order given.
func arrange(sections []Section, places []place) []place {
	ordered := make([]place, 0, len(places))
	for _, s := range sections {
		for _, p := range places {
			if p.SectionID == s.ID {
				p.Sequence = len(ordered) + 1
				ordered = append(ordered, p)
			}
		}
	}
	return ordered
}

// renumber gives every item its label anew; only for an agenda that was not published: a label that was sent never changes.
func renumber(sections []Section, places []place) {
	for _, s := range sections {
		n := s.FirstNumber
		for i := range places {
			if places[i].SectionID == s.ID {
				places[i].Label = label(s.Letter, n)
				n++
			}
		}
	}
}

// nextLabel is the label of an item that comes after the call: the next number of its part, never one that was used.
func nextLabel(s Section, places []place) string {
	n := s.FirstNumber
	for _, p := range places {
		text := p.Label
		if s.Letter != "" {
			var ok bool
			if text, ok = strings.CutPrefix(p.Label, s.Letter+"."); !ok {
				continue
			}
		}
		if used, err := strconv.Atoi(text); err == nil && used >= n {
			n = used + 1
		}
	}
	return label(s.Letter, n)
}

// readers are the bodies that read what is closed for the chosen ones on a meeting of these organisers: those that both allow.
// Nothing chosen is all that hold it. Never nil.
func readers(organisers []Organiser, chosen []id.Body) []id.Body {
	bodies := Bodies(organisers)
	if chosen == nil {
		return bodies
	}
	return slices.DeleteFunc(bodies, func(b id.Body) bool { return !slices.Contains(chosen, b) })
}

// Readers names the bodies that read the closed matter of i.
func (i Item) Readers(organisers []Organiser) []string {
	names := []string{}
	for _, b := range readers(organisers, i.ClosedFor) {
		for _, o := range organisers {
			if o.BodyID == b {
				names = append(names, o.Name())
			}
		}
	}
	return names
}

// itemAudience is who sees an item (line: label, neutral title, time) and its matter. Both follow the meeting and only tighten:
// a closed meeting closes its lines too, a closed item only its matter. Chosen is for whom the item was closed: an organiser that
// comes later does not read along.
func itemAudience(m Meeting, organisers []Organiser, closed bool, chosen []id.Body) (line, matter access.Audience) {
	bodies := readers(organisers, chosen)
	line = access.Audience{Visibility: access.Draft, OrgIDs: orgsOf(organisers)}
	if m.Published() {
		line.Visibility = access.Public
	}
	if !m.Open {
		line.AudienceBodies = bodies
		if m.Published() {
			line.Visibility = access.Org
		}
	}
	matter = line
	if (closed || chosen != nil) && m.Open {
		matter.AudienceBodies = bodies
		if m.Published() {
			matter.Visibility = access.Org
		}
	}
	return line, matter
}

// choose settles for whom an item is closed, or says by field why it cannot be so. Was is the choice that stands, nil for an item that
// is not closed yet; what is closed is never opened for more.
func choose(m Meeting, organisers []Organiser, closed bool, chosen, was []id.Body) ([]id.Body, error) {
	bodies := Bodies(organisers)
	if !closed {
		if m.Open {
			return nil, nil
		}
		if was != nil {
			return was, nil
		}
		return bodies, nil // a closed meeting closes what is on its agenda
	}
	if len(bodies) == 0 {
		return nil, fault.Fields{"closed": "Een besloten punt hoort bij een gremium. Deze bijeenkomst heeft er geen."}
	}
	switch {
	case chosen == nil && was != nil:
		return was, nil
	case chosen == nil && len(bodies) == 1:
		return bodies, nil
	case len(chosen) == 0:
		return nil, fault.Fields{"closed_for": "Kies welk gremium dit besloten punt mag lezen."}
	}
	for _, b := range chosen {
		if !slices.Contains(bodies, b) {
			return nil, fault.Fields{"closed_for": "Kies alleen gremia die deze vergadering houden en daarmee hebben ingestemd."}
		}
		if was != nil && !slices.Contains(was, b) {
			return nil, fault.Fields{"closed_for": "Wat besloten is, gaat niet open voor meer gremia. Laat de keuze zoals die was, of kies minder gremia."}
		}
	}
	return chosen, nil
}
