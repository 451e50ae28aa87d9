package meetings

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/gone"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/reading"
	"regiogriffie/web/form"
	"regiogriffie/web/parts"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

func version(n int) string { return strconv.Itoa(n) }

// Compose is where the griffier puts the agenda together.
func (p Pages) Compose(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	offered, received, err := p.offered(r.Context(), v)
	if err != nil {
		return err
	}
	found := meeting.Findings(v.Meeting, v.Organisers, v.Requests, v.Items, meeting.Attached(v.Items, v.Files), v.Actor.At)
	if err := respond.Noted(w, r, p.DB, append(v.closedAgenda(), waitingTitles(offered, received)...)...); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Agenda samenstellen", compose(v, found, offered, received))
}

// NewItem is the form for a point written on the spot.
func (p Pages) NewItem(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	f := form.New(map[string]string{"minutes": "10", "section_id": request.Query(r, "deel"), "debate_kind": "none"})
	return p.itemPage(w, r, http.StatusOK, v, meeting.Item{}, f)
}

func readHolders(f *form.Form) []proposal.Holder {
	var holders []proposal.Holder
	for _, line := range f.Lines("portfolio_holders") {
		holders = append(holders, proposal.ParseHolder(line))
	}
	return holders
}

func readItem(f *form.Form) meeting.ItemDraft {
	return meeting.ItemDraft{
		SectionID: id.Section(f.Text("section_id")), Title: f.Line("title"), Explanation: f.Text("explanation"),
		Treatment: proposal.Treatment(f.Text("treatment")), DebateKind: f.Text("debate_kind"),
		PortfolioHolders: readHolders(f), Minutes: f.Int("minutes"),
		Closed: f.Bool("closed"), ClosedFor: chosenBodies(f), Ground: f.Text("ground"), PublicTitle: f.Line("public_title"),
		AttachmentsNa: f.Bool("attachments_na"), Version: f.Version(),
	}
}

// chosenBodies are those ticked for a closed point; nil when the form did not ask.
func chosenBodies(f *form.Form) []id.Body {
	if f.Raw("asks_closed_for") == "" {
		return nil
	}
	chosen := []id.Body{}
	for _, b := range f.List("closed_for") {
		chosen = append(chosen, id.Body(b))
	}
	return chosen
}

// CreateItem adds the point, or shows the form again with what is wrong.
func (p Pages) CreateItem(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	d := readItem(f)
	if err = f.Sound(d.Check()); err == nil {
		_, err = meeting.AddItem(r.Context(), p.DB, v.Actor, v.Meeting.ID, d)
	}
	if f.Explains(err) {
		return p.itemPage(w, r, http.StatusUnprocessableEntity, v, meeting.Item{}, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.MeetingAgenda(v.Meeting.Slug), "Het punt staat op de agenda.")
}

// item is a point of the agenda that the actor may change.
func (p Pages) item(r *http.Request) (whole, meeting.Item, error) {
	v, err := p.composing(r)
	if err != nil {
		return v, meeting.Item{}, err
	}
	i, err := v.item(request.Key(r, "item"))
	if err == nil && !i.Matter {
		err = fault.Forbidden
	}
	return v, i, err
}

func (v whole) item(key string) (meeting.Item, error) {
	for _, i := range v.Items {
		if i.Key == key {
			return i, nil
		}
	}
	return meeting.Item{}, fault.NotFound
}

func itemValues(i meeting.Item) map[string]string {
	values := map[string]string{
		"section_id": string(i.SectionID), "title": i.MatterTitle, "explanation": i.Explanation, "treatment": string(i.Treatment), "debate_kind": i.DebateKind,
		"minutes": strconv.Itoa(i.Minutes), "ground": i.Ground, "public_title": "", "version": version(i.Version),
	}
	var holders []string
	for _, h := range i.PortfolioHolders {
		holders = append(holders, h.String())
	}
	values["portfolio_holders"] = strings.Join(holders, "\n")
	if i.Closed {
		values["closed"], values["public_title"] = "ja", i.PublicTitle
	}
	if i.AttachmentsNa {
		values["attachments_na"] = "ja"
	}
	return values
}

// EditItem is the form of a point.
func (p Pages) EditItem(w http.ResponseWriter, r *http.Request) error {
	v, i, err := p.item(r)
	if err != nil {
		return err
	}
	return p.itemPage(w, r, http.StatusOK, v, i, itemFormOf(i))
}

func itemFormOf(i meeting.Item) *form.Form {
	f := form.New(itemValues(i))
	for _, b := range i.ClosedFor {
		f.Values.Add("closed_for", string(b))
	}
	return f
}

// itemPage is the form of a point, or of a new one.
func (p Pages) itemPage(w http.ResponseWriter, r *http.Request, status int, v whole, i meeting.Item, f *form.Form) error {
	title := "Agendapunt toevoegen"
	if i.ID != "" {
		title = "Agendapunt " + i.Label
	}
	if err := respond.Noted(w, r, p.DB, append(v.closedParts(), v.closedItem(i, reading.Page)...)...); err != nil {
		return err
	}
	respond.Closed(w) // what is typed may become closed
	return respond.Page(w, r, status, title, itemForm(title, v, i, f))
}

// point is an item of an agenda, with that agenda.
type point struct {
	whole
	meeting.Item
}

// UpdateItem revises a point; who comes second sees both texts.
func (p Pages) UpdateItem(w http.ResponseWriter, r *http.Request) error {
	return form.Edit[point]{
		Read: func() (point, error) {
			v, i, err := p.item(r)
			return point{v, i}, err
		},
		Save: func(i point, f *form.Form) error {
			d := readItem(f)
			return f.Act(d.Check, func() error {
				return meeting.ReviseItem(r.Context(), p.DB, i.Actor, i.Meeting.ID, i.Key, d)
			})
		},
		Saved: func(i point) form.Saved {
			saved := form.Saved{Values: itemValues(i.Item), By: i.Item.UpdatedBy}
			if i.Item.UpdatedAt != nil {
				saved.At = *i.Item.UpdatedAt
			}
			return saved
		},
		Show: func(status int, i point, f *form.Form) error { return p.itemPage(w, r, status, i.whole, i.Item, f) },
		Done: func(i point) error {
			return respond.SeeOther(w, r, path.MeetingAgenda(i.Meeting.Slug), "Punt "+i.Label+" is bewaard.")
		},
	}.Update(r)
}

// CreateScheduling puts an offered paper on the agenda, or one that came along a route.
func (p Pages) CreateScheduling(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	paper, err := proposal.FindByKey(r.Context(), p.DB, v.Actor, f.Text("proposal"))
	if err != nil {
		return err
	}
	if step := f.Text("step"); step != "" {
		_, err = meeting.ScheduleStep(r.Context(), p.DB, v.Actor, v.Meeting.ID, step, id.Section(f.Text("section_id")))
	} else {
		_, err = meeting.Schedule(r.Context(), p.DB, v.Actor, v.Meeting.ID, paper.ID, id.Section(f.Text("section_id")))
	}
	if errors.Is(err, fault.Conflict) { // the page of the step tells who was first
		return respond.SeeOther(w, r, path.Step(paper.Key, f.Text("step")), "Iemand anders was u voor. Hieronder staat hoe het nu is.")
	}
	if err != nil {
		return err
	}
	message := "‘" + parts.Short(paper.Subject) + "’ staat op de agenda."
	if paper.Closed() { // the message travels in a cookie
		message = "Het vertrouwelijke voorstel staat op de agenda, als besloten punt."
	}
	return respond.SeeOther(w, r, path.MeetingAgenda(v.Meeting.Slug), message)
}

// CreateMove shifts a point up or down by one place.
func (p Pages) CreateMove(w http.ResponseWriter, r *http.Request) error {
	v, i, err := p.item(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	direction := meeting.Down
	if f.Text("richting") == string(meeting.Up) {
		direction = meeting.Up
	}
	if err := meeting.Move(r.Context(), p.DB, v.Actor, v.Meeting.ID, i.Key, direction); err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.MeetingAgenda(v.Meeting.Slug)+"#punt-"+i.Key, "")
}

// CreateOrder takes the whole order after dragging and answers with the labels and times that follow from it.
func (p Pages) CreateOrder(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	var order []meeting.Place
	for _, each := range f.List("plaats") {
		section, key, _ := strings.Cut(each, ":")
		order = append(order, meeting.Place{Key: key, SectionID: id.Section(section)})
	}
	if err := meeting.Arrange(r.Context(), p.DB, v.Actor, v.Meeting.ID, order); err != nil {
		return err
	}
	if v, err = p.read(r); err != nil {
		return err
	}
	type line struct {
		Key   string `json:"key"`
		Label string `json:"label"`
		Clock string `json:"clock"`
	}
	lines := []line{}
	clocks := v.clocks()
	for n, i := range v.Items {
		lines = append(lines, line{i.Key, i.Label, dutch.Clock(clocks[n])})
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	return json.NewEncoder(w).Encode(lines)
}

// NewRemoval asks whether a point really goes.
func (p Pages) NewRemoval(w http.ResponseWriter, r *http.Request) error {
	v, i, err := p.item(r)
	if err != nil {
		return err
	}
	if err := respond.Noted(w, r, p.DB, append(v.closedParts(), v.closedItem(i, reading.Page)...)...); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Punt "+i.Label+" van de agenda halen", removalForm(v, i))
}

// CreateRemoval takes a point off the agenda.
func (p Pages) CreateRemoval(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	stays, err := meeting.RemoveItem(r.Context(), p.DB, v.Actor, v.Meeting.ID, request.Key(r, "item"))
	if errors.Is(err, fault.NotFound) { // a second click, or another meeting's
		err = gone.Once(r.Context(), p.DB, v.Actor, v.Meeting.ID, request.Key(r, "item"))
	}
	if err != nil {
		return err
	}
	message := "Het punt is van de agenda."
	if stays {
		message = "Uw gremium behandelt dit punt niet meer. Het blijft staan voor het andere gremium."
	}
	return respond.SeeOther(w, r, path.MeetingAgenda(v.Meeting.Slug), message)
}

// CreateAttachment adds a file to a point.
func (p Pages) CreateAttachment(w http.ResponseWriter, r *http.Request) error {
	v, i, err := p.item(r)
	if err != nil {
		return err
	}
	f, err := form.ReadWithFiles(r, p.Files)
	if err != nil {
		return err
	}
	uploads := f.Uploads["file"]
	if !f.FileAgain() {
		f.Faults.Must(len(uploads) > 0, "file", "Kies het bestand dat u wilt toevoegen.")
	}
	err = f.Sound(nil)
	for _, u := range uploads {
		if err != nil {
			break
		}
		u.Title = f.Line("file_title")
		err = meeting.AttachToItem(r.Context(), p.DB, p.Files, v.Actor, v.Meeting.ID, i.Key, u)
	}
	if f.Explains(err) || f.FileAgain() {
		for name, value := range itemValues(i) {
			f.Values.Set(name, value)
		}
		return p.itemPage(w, r, http.StatusUnprocessableEntity, v, i, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Below(path.Item(v.Meeting.Slug, i.Key), "bewerken")+"#bijlagen", "De bijlage is toegevoegd.")
}

// DeleteAttachment takes a file off a point.
func (p Pages) DeleteAttachment(w http.ResponseWriter, r *http.Request) error {
	v, i, err := p.item(r)
	if err != nil {
		return err
	}
	err = meeting.DetachFromItem(r.Context(), p.DB, v.Actor, v.Meeting.ID, i.Key, request.Key(r, "attachment"))
	if errors.Is(err, fault.NotFound) {
		err = file.RemovedOnce(r.Context(), p.DB, v.Actor, string(i.ID), request.Key(r, "attachment"))
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Below(path.Item(v.Meeting.Slug, i.Key), "bewerken")+"#bijlagen", "De bijlage is weg.")
}

func readSection(f *form.Form) meeting.SectionDraft {
	return meeting.SectionDraft{Letter: strings.ToUpper(f.Text("letter")), Title: f.Line("title"), FirstNumber: f.Int("first_number")}
}

func (p Pages) sectionPage(w http.ResponseWriter, r *http.Request, status int, title string, v whole, s id.Section, f *form.Form) error {
	if err := respond.Noted(w, r, p.DB, v.closedParts()...); err != nil {
		return err
	}
	return respond.Page(w, r, status, title, sectionForm(title, v, s, f))
}

// NewSection is the form for a part of the agenda.
func (p Pages) NewSection(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	letter := ""
	if n := len(v.Sections); n < 26 {
		letter = string(rune('A' + n))
	}
	return p.sectionPage(w, r, http.StatusOK, "Deel toevoegen", v, "", form.New(map[string]string{"letter": letter, "first_number": "1"}))
}

// CreateSection adds a part.
func (p Pages) CreateSection(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	d := readSection(f)
	if err = f.Sound(d.Check()); err == nil {
		err = meeting.AddSection(r.Context(), p.DB, v.Actor, v.Meeting.ID, d)
	}
	if f.Explains(err) {
		return p.sectionPage(w, r, http.StatusUnprocessableEntity, "Deel toevoegen", v, "", f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.MeetingAgenda(v.Meeting.Slug), "Het deel is toegevoegd.")
}

// EditSection is the form of a part.
func (p Pages) EditSection(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	s := v.section(request.ID[id.Section](r, "section"))
	if s.ID == "" {
		return fault.NotFound
	}
	f := form.New(map[string]string{"letter": s.Letter, "title": s.Title, "first_number": strconv.Itoa(s.FirstNumber)})
	return p.sectionPage(w, r, http.StatusOK, "Deel van de agenda", v, s.ID, f)
}

// UpdateSection revises a part.
func (p Pages) UpdateSection(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	section := request.ID[id.Section](r, "section")
	if v.section(section).ID == "" {
		return fault.NotFound
	}
	d := readSection(f)
	if err = f.Sound(d.Check()); err == nil {
		err = meeting.ReviseSection(r.Context(), p.DB, v.Actor, v.Meeting.ID, section, d)
	}
	if f.Explains(err) {
		return p.sectionPage(w, r, http.StatusUnprocessableEntity, "Deel van de agenda", v, section, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.MeetingAgenda(v.Meeting.Slug), "Het deel is bewaard.")
}

// DeleteSection takes an empty part off the agenda.
func (p Pages) DeleteSection(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	section := request.ID[id.Section](r, "section")
	err = meeting.RemoveSection(r.Context(), p.DB, v.Actor, v.Meeting.ID, section)
	if errors.Is(err, fault.NotFound) {
		err = gone.Once(r.Context(), p.DB, v.Actor, v.Meeting.ID, section)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.MeetingAgenda(v.Meeting.Slug), "Het deel is van de agenda.")
}

// neighbours are the points before and after the one at index at, as far as the reader sees them.
func (v whole) neighbours(at int) (before, after *meeting.Item) {
	if at > 0 {
		before = &v.Items[at-1]
	}
	if at+1 < len(v.Items) {
		after = &v.Items[at+1]
	}
	return before, after
}

// firstOfSection tells whether the item opens its part.
func firstOfSection(items []meeting.Item, n int) bool {
	return n == 0 || items[n-1].SectionID != items[n].SectionID
}

// emptySections are the parts without items, which the editor shows too.
func (v whole) itemsOf(s id.Section) []int {
	var at []int
	for n, i := range v.Items {
		if i.SectionID == s {
			at = append(at, n)
		}
	}
	return slices.Clip(at)
}
