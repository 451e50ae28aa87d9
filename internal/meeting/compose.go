package meeting

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/internal/zienswijze"
)

// composing runs a change of the agenda: the meeting is held, the right is asked, the change is made, what hangs on it
// follows (order, labels) and a note is left.
func composing(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, act string, change func(c *agendaChange) error) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		held, organisers, err := lock(ctx, tx, actor, m)
		if err != nil {
			return err
		}
		if !CanCompose(actor, held, organisers) {
			return fault.Forbidden
		}
		c := &agendaChange{ctx: ctx, tx: tx, actor: actor, meeting: held, organisers: organisers}
		duty := spreading(actor, organisers) // the order is that of all items, also of those that the actor does not see
		if c.sections, err = sectionsOf(ctx, tx, actor, m); err != nil {
			return err
		}
		if c.places, err = placesOf(ctx, tx, duty, m); err != nil {
			return err
		}
		if err := change(c); err != nil || c.nothing {
			return err
		}
		c.places = arrange(c.sections, c.places)
		if !held.Published() {
			renumber(c.sections, c.places)
		}
		if err := updatePlaces(ctx, tx, duty, c.places); err != nil {
			return err
		}
		if err := touch(ctx, tx, actor, held, !c.unseen && held.Open); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, act, string(m), noted(actor, held, organisers), c.reason)
	})
}

// noted are the organisations whose griffies find an act on the agenda in their trail: of a closed meeting those alone for which the actor acts,
// as the others may not know of it.
func noted(a access.Actor, m Meeting, organisers []Organiser) []id.Organisation {
	if m.Open {
		return m.OrgIDs
	}
	own := slices.DeleteFunc(slices.Clone(organisers), func(o Organiser) bool { return !CanOrganise(a, o) })
	return orgsOf(own)
}

// agendaChange is what a change of the agenda works on.
type agendaChange struct {
	ctx        context.Context
	tx         pgx.Tx
	actor      access.Actor
	meeting    Meeting
	organisers []Organiser
	sections   []Section
	places     []place
	nothing    bool // the act had been done before: nothing to write
	unseen     bool // readers outside the audience see nothing of the change
	reason     string
}

func (c *agendaChange) section(s id.Section) (Section, bool) {
	for _, each := range c.sections {
		if each.ID == s {
			return each, true
		}
	}
	return Section{}, false
}

func (c *agendaChange) item(key string) (Item, error) {
	return findItem(c.ctx, c.tx, c.actor, c.meeting.ID, key)
}

// add writes an item behind the others of its part.
func (c *agendaChange) add(w writtenItem) error {
	s, ok := c.section(w.SectionID)
	if !ok {
		return fault.Fields{"section_id": "Dit deel staat niet meer op de agenda. Kies een ander deel."}
	}
	var err error
	if w.ClosedFor, err = choose(c.meeting, c.organisers, w.Closed || !c.meeting.Open && w.ClosedFor != nil, w.ClosedFor, nil); err != nil {
		return err
	}
	if w.Closed && !mayRead(c.actor, w.ClosedFor) {
		return fault.Fields{"closed_for": "Kies ook een gremium waarvan u de vergaderingen voorbereidt. Anders kunt u het punt zelf niet meer lezen."}
	}
	w.Line, w.Matter = itemAudience(c.meeting, c.organisers, w.Closed, w.ClosedFor)
	if c.meeting.Published() && w.Closed && w.Ground == "" {
		return fault.Fields{"ground": "De agenda is al openbaar. Kies de grond waarop u dit punt besloten houdt."}
	}
	w.AddedLater = c.meeting.State == Convened
	label := nextLabel(s, c.places)
	if err := insertItem(c.ctx, c.tx, c.actor, w, len(c.places)+1, label); err != nil {
		return err
	}
	c.places = append(c.places, place{ID: w.ID, SectionID: w.SectionID, Sequence: len(c.places) + 1, Label: label, State: ItemPlanned})
	return nil
}

// AddItem puts an item on the agenda that was written on the spot. After the call it gets the next free number of its part.
func AddItem(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, d ItemDraft) (key string, err error) {
	if err := d.Check(); err != nil {
		return "", err
	}
	key = id.NewKey()
	err = composing(ctx, db, actor, m, "item.add", func(c *agendaChange) error {
		return c.add(writtenItem{ItemDraft: d, ID: id.New[id.Item](), Key: key, MeetingID: m})
	})
	return key, err
}

// mayRead tells whether the actor prepares the meetings of one of the bodies that something is closed for.
func mayRead(a access.Actor, closedFor []id.Body) bool {
	return slices.ContainsFunc(closedFor, func(b id.Body) bool { return CanOrganise(a, Organiser{BodyID: b}) })
}

// defaultMinutes is what a paper gets when its writers named no duration.
const defaultMinutes = 10

// Schedule puts an offered paper on the agenda, filled in from the paper. Only the griffie of the body that it is meant for, which must hold the
// meeting. A confidential paper makes a closed item, for those of its readers that hold the meeting. On a closed meeting an open paper shows
// nothing of it. The same paper twice on one agenda is once; the key of its item comes back.
func Schedule(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, p id.Proposal, s id.Section) (key string, err error) {
	err = composing(ctx, db, actor, m, "item.schedule", func(c *agendaChange) error {
		there, err := postgres.All[string](c.ctx, c.tx, `
			select i.key from agenda_items i join agenda_item_matters x on x.item_id = i.id
			where i.meeting_id = @meeting and x.proposal_id = @proposal and i.state <> 'vervallen'`,
			postgres.Args{"meeting": m, "proposal": p}.As(actor))
		if err != nil {
			return err
		}
		if len(there) > 0 {
			key, c.nothing = there[0], true
			return nil
		}
		paper, err := proposal.Find(c.ctx, c.tx, actor, p)
		if err != nil {
			return err
		}
		if !slices.Contains(Bodies(c.organisers), paper.TargetBodyID) {
			return fault.Because("Dit voorstel is niet aangeboden aan een gremium van deze vergadering.")
		}
		// A closed meeting does not make a paper confidential; it is only not published with it.
		closed := paper.Closed()
		var closedFor []id.Body
		switch {
		case closed:
			closedFor = readers(c.organisers, paper.AudienceBodies)
			paper, err = proposal.Schedule(c.ctx, c.tx, actor, p, m, closedFor, paper.Ground, paper.PublicTitle)
		case c.meeting.Open:
			paper, err = proposal.Schedule(c.ctx, c.tx, actor, p, m, nil, "", "")
		default:
			err = proposal.CheckSchedule(c.ctx, c.tx, actor, p, m)
			if paper.Visibility != access.Public { // those who hold the meeting with its body were not sent it
				closedFor = []id.Body{paper.TargetBodyID}
			}
		}
		if err != nil {
			return err
		}
		s = c.forPapers(s)
		minutes := defaultMinutes
		if paper.Minutes != nil {
			minutes = *paper.Minutes
		}
		key = id.NewKey()
		err = c.add(writtenItem{
			ItemDraft: ItemDraft{
				SectionID: s, Title: paper.Subject, Treatment: paper.Treatment, PortfolioHolders: paper.PortfolioHolders,
				Minutes: &minutes, Closed: closed, ClosedFor: closedFor, Ground: paper.Ground, PublicTitle: paper.PublicTitle,
			},
			ID: id.New[id.Item](), Key: key, MeetingID: m, ProposalID: p,
		})
		if err != nil {
			return err
		}
		return publishLate(c.ctx, c.tx, actor, c.meeting, p)
	})
	return key, err
}

// forPapers is the part that was chosen, or else B, where papers are discussed.
func (c *agendaChange) forPapers(s id.Section) id.Section {
	if s == "" && len(c.sections) > 0 {
		return c.sections[min(1, len(c.sections)-1)].ID
	}
	return s
}

// mayOpen refuses to open an item whose paper is confidential in itself.
func (c *agendaChange) mayOpen(was Item) error {
	if was.ProposalID == "" {
		return nil
	}
	paper, err := proposal.Find(c.ctx, c.tx, c.actor, was.ProposalID)
	if err != nil {
		return err
	}
	if paper.Closed() {
		return fault.Fields{"closed": "Het voorstel zelf is vertrouwelijk. Zolang dat zo is, blijft dit punt besloten."}
	}
	return nil
}

// RemoveItem takes an item off the agenda. Before the call it is gone; after the call it stays to be read as "vervallen",
// under its label. Its paper can go on another agenda. Only the griffie of the body that the paper is meant for, or that got it, takes it
// off; where another body of a joint meeting treats it too, the item stays for that one.
func RemoveItem(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, key string) (stays bool, err error) {
	err = composing(ctx, db, actor, m, "item.remove", func(c *agendaChange) error {
		item, err := c.item(key)
		if err != nil {
			return err
		}
		if !item.Matter {
			return fault.Forbidden
		}
		if item.Dropped() {
			c.nothing = true
			return nil
		}
		if item.Settled() {
			return fault.Because("Over dit punt is al besloten. Het blijft op de agenda staan.")
		}
		c.reason = c.label(item)
		if item.hiddenPaper() {
			return fault.Because("Bij dit punt hoort een voorstel van een ander gremium. Alleen de griffie daarvan haalt het van de agenda.")
		}
		if item.ProposalID != "" {
			if stays, err = c.release(item); err != nil || stays {
				return err
			}
		}
		if c.meeting.Published() {
			return dropItem(c.ctx, c.tx, actor, item.ID)
		}
		c.places = slices.DeleteFunc(c.places, func(p place) bool { return p.ID == item.ID })
		return deleteItem(c.ctx, c.tx, actor, item.ID)
	})
	return stays, err
}

// release gives back the paper of an item, and the views planned with it, as far as they are the actor's to take off.
func (c *agendaChange) release(item Item) (stays bool, err error) {
	var shut []id.Body
	if !c.meeting.Open {
		shut = item.ClosedFor
	}
	if stays, err = route.Release(c.ctx, c.tx, c.actor, item.ProposalID, c.meeting.ID, item.ID, shut); err != nil {
		return false, err
	}
	var own []id.Body // of all when the item goes
	if stays {
		own = c.actor.ClerkBodies()
	}
	return stays, zienswijze.Release(c.ctx, c.tx, c.actor, c.meeting.ID, item.ID, own)
}

// label is how the trail names an item; it is read by more people than a closed agenda.
func (c *agendaChange) label(i Item) string {
	if !c.meeting.Open {
		return ""
	}
	return i.Label
}

// Direction of a move by button.
type Direction string

// Up and down by one; at the edge of a part the item goes to the neighbouring part.
const (
	Up   Direction = "omhoog"
	Down Direction = "omlaag"
)

// Move shifts an item by one place. At the very top or bottom nothing happens. After the call the order may still change,
// within a part; the labels do not.
func Move(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, key string, to Direction) error {
	return composing(ctx, db, actor, m, "item.move", func(c *agendaChange) error {
		item, err := c.item(key)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(c.places, func(p place) bool { return p.ID == item.ID })
		part := slices.IndexFunc(c.sections, func(s Section) bool { return s.ID == item.SectionID })
		step := 1
		if to == Up {
			step = -1
		}
		next := at + step
		switch {
		case next >= 0 && next < len(c.places) && c.places[next].SectionID == item.SectionID:
			c.places[at], c.places[next] = c.places[next], c.places[at]
		case c.meeting.Published() || part+step < 0 || part+step >= len(c.sections):
			c.nothing = true
		default:
			moved := c.places[at]
			moved.SectionID = c.sections[part+step].ID
			c.places = slices.Delete(c.places, at, at+1)
			if to == Up {
				c.places = append(c.places, moved) // arrange puts it behind the others of the part above
			} else {
				c.places = slices.Insert(c.places, 0, moved)
			}
		}
		return nil
	})
}

// Place is where an item goes in an arrangement by dragging.
type Place struct {
	Key       string
	SectionID id.Section
}

// Arrange sets the whole order at once. It must name each item exactly once; otherwise someone else changed the agenda
// meanwhile: fault.Conflict.
func Arrange(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, order []Place) error {
	return composing(ctx, db, actor, m, "item.arrange", func(c *agendaChange) error {
		return c.arrange(order)
	})
}

func (c *agendaChange) arrange(order []Place) error {
	keys, err := postgres.All[itemKey](c.ctx, c.tx, `select i.id, i.key from agenda_items i where i.meeting_id = @id`, postgres.Args{"id": c.meeting.ID}.As(c.actor))
	if err != nil {
		return err
	}
	byKey := map[string]place{}
	for _, k := range keys {
		for _, p := range c.places {
			if p.ID == k.ID {
				byKey[k.Key] = p
			}
		}
	}
	var places []place
	for _, o := range order {
		p, ok := byKey[o.Key]
		if _, known := c.section(o.SectionID); !ok || !known {
			return fault.Conflict
		}
		if c.meeting.Published() && p.SectionID != o.SectionID {
			return fault.Because("De agenda is verzonden: een punt houdt zijn nummer en blijft in zijn deel.")
		}
		delete(byKey, o.Key)
		p.SectionID = o.SectionID
		places = append(places, p)
	}
	if len(byKey) > 0 {
		return fault.Conflict
	}
	for n, p := range c.places { // what the actor does not see stays where it was
		if !slices.ContainsFunc(keys, func(k itemKey) bool { return k.ID == p.ID }) {
			places = slices.Insert(places, min(n, len(places)), p)
		}
	}
	c.places = places
	return nil
}

// AddSection adds a part at the end of the agenda.
func AddSection(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, d SectionDraft) error {
	if err := d.Check(); err != nil {
		return err
	}
	return composing(ctx, db, actor, m, "section.add", func(c *agendaChange) error {
		s := Section{ID: id.New[id.Section](), Sequence: len(c.sections) + 1, Letter: d.Letter, Title: strings.TrimSpace(d.Title), FirstNumber: first(d)}
		if err := c.letterFree(s); err != nil {
			return err
		}
		if len(c.sections) >= 26 {
			return fault.Fields{"title": "Een agenda heeft hoogstens 26 delen."}
		}
		c.sections = append(c.sections, s)
		return insertSection(c.ctx, c.tx, actor, c.meeting, c.organisers, s)
	})
}

// ReviseSection changes letter, title or first number of a part; letter and number are fixed once the agenda is published.
func ReviseSection(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, section id.Section, d SectionDraft) error {
	if err := d.Check(); err != nil {
		return err
	}
	return composing(ctx, db, actor, m, "section.revise", func(c *agendaChange) error {
		for i, s := range c.sections {
			if s.ID != section {
				continue
			}
			s.Letter, s.Title, s.FirstNumber = d.Letter, strings.TrimSpace(d.Title), first(d)
			if c.meeting.Published() && (s.Letter != c.sections[i].Letter || s.FirstNumber != c.sections[i].FirstNumber) {
				return fault.Fields{"letter": "De agenda is verzonden: letter en nummers blijven zoals ze zijn."}
			}
			if err := c.letterFree(s); err != nil {
				return err
			}
			c.sections[i] = s
			return updateSection(c.ctx, c.tx, actor, s)
		}
		return fault.NotFound
	})
}

// RemoveSection takes an empty part off the agenda.
func RemoveSection(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, section id.Section) error {
	return composing(ctx, db, actor, m, "section.remove", func(c *agendaChange) error {
		if slices.ContainsFunc(c.places, func(p place) bool { return p.SectionID == section }) {
			return fault.Because("In dit deel staan nog agendapunten, van u of van een ander gremium. Verplaats ze eerst, of haal ze van de agenda.")
		}
		if _, ok := c.section(section); !ok {
			return fault.NotFound
		}
		if len(c.sections) == 1 {
			return fault.Because("Een agenda houdt ten minste één deel.")
		}
		c.sections = slices.DeleteFunc(c.sections, func(s Section) bool { return s.ID == section })
		return deleteSection(c.ctx, c.tx, actor, section)
	})
}

func first(d SectionDraft) int {
	if d.FirstNumber == nil {
		return 1
	}
	return *d.FirstNumber
}

// letterFree keeps labels apart: two parts never share a letter, nor the lack of one.
func (c *agendaChange) letterFree(s Section) error {
	for _, each := range c.sections {
		if each.ID != s.ID && each.Letter == s.Letter {
			return fault.Fields{"letter": "Deze letter is al van een ander deel. Kies een andere letter."}
		}
	}
	return nil
}

// AttachToItem adds a file to an item; it is as visible as the matter of the item.
func AttachToItem(ctx context.Context, db postgres.DB, files *file.Store, actor access.Actor, m id.Meeting, key string, u file.Upload) error {
	return composing(ctx, db, actor, m, "item.attach", func(c *agendaChange) error {
		item, err := c.item(key)
		if err != nil {
			return err
		}
		if !item.Matter {
			return fault.Forbidden
		}
		_, matter := itemAudience(c.meeting, c.organisers, item.Closed, item.ClosedFor)
		c.unseen = item.Closed
		_, err = files.Attach(c.ctx, c.tx, actor, file.Object{Kind: "item", ID: string(item.ID)}, matter, u)
		return err
	})
}

// DetachFromItem takes a file off an item as long as the agenda is not published; what was sent stays.
func DetachFromItem(ctx context.Context, db postgres.DB, actor access.Actor, m id.Meeting, key, attachment string) error {
	return composing(ctx, db, actor, m, "item.detach", func(c *agendaChange) error {
		item, err := c.item(key)
		if err != nil {
			return err
		}
		found, err := file.FindByKey(c.ctx, c.tx, actor, attachment)
		if err != nil {
			return err
		}
		if found.ObjectID != string(item.ID) {
			return fault.NotFound
		}
		if c.meeting.Published() {
			return fault.Because("De agenda is verzonden. Een stuk dat de leden al hebben, haalt u niet meer weg; maak het punt besloten als het niet openbaar mag zijn.")
		}
		c.unseen = item.Closed
		return file.Remove(c.ctx, c.tx, actor, found.ID)
	})
}
