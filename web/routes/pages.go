// Package routes shows the way of papers along bodies: to the owner, to the griffies that receive them and to whoever follows.
package routes

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/internal/rule"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/web/form"
	"regiogriffie/web/parts"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// Pages of routes.
type Pages struct {
	DB *pgxpool.Pool
}

// view is a paper with its way along bodies.
type view struct {
	proposal.Proposal
	actor    access.Actor
	steps    []route.Row // all that the reader may see
	shown    []route.Row // those that the filter lets through
	only     string
	words    string
	progress route.Counts
	follows  bool
	asked    []zienswijze.Row // the procedures in which councils give their view on the paper
}

// filters are what a long route can be narrowed to, by the word in the address.
var filters = []form.Option{
	{Value: "", Label: "Alle gremia"},
	{Value: "te-laat", Label: "Te laat"},
	{Value: "wacht", Label: "Nog niet op een agenda"},
	{Value: "geagendeerd", Label: "Geagendeerd"},
	{Value: "behandeld", Label: "Behandeld"},
	{Value: "overig", Label: "Geweigerd, overgeslagen of verlopen"},
}

func (v view) lets(s route.Row) bool {
	for word := range strings.FieldsSeq(strings.ToLower(v.words)) {
		if !strings.Contains(strings.ToLower(s.Body()), word) {
			return false
		}
	}
	switch v.only {
	case "te-laat":
		return s.Late(v.actor.At)
	case "wacht":
		return s.State == route.StepSent || s.State == route.StepPlanned
	case "geagendeerd":
		return s.State == route.StepScheduled
	case "behandeld":
		return s.State == route.StepTreated
	case "overig":
		return s.State == route.StepRefused || s.State == route.StepSkipped || s.State == route.StepExpired
	}
	return true
}

// readRoute asks for the paper and its route in one round trip.
func (p Pages) readRoute(r *http.Request, more ...postgres.Query) (view, error) {
	v := view{actor: request.Actor(r)}
	key := request.Key(r, "proposal")
	err := postgres.Read(r.Context(), p.DB, append([]postgres.Query{
		proposal.ByKey(&v.Proposal, v.actor, key), route.At(&v.steps, v.actor, key),
	}, more...)...)
	v.shown, v.progress = v.steps, route.Count(route.Steps(v.steps), v.actor.At)
	return v, err
}

// routing is readRoute for pages that only who lays out the route may open.
func (p Pages) routing(r *http.Request, more ...postgres.Query) (view, error) {
	v, err := p.readRoute(r, more...)
	if err == nil && !proposal.CanRoute(v.actor, v.Proposal) {
		err = fault.Forbidden
	}
	return v, err
}

func (v view) mayRoute() bool {
	return proposal.CanRoute(v.actor, v.Proposal) && v.State != proposal.Withdrawn && !v.Closed()
}

// Show is where the paper is: who has it, what is late, who decided what.
func (p Pages) Show(w http.ResponseWriter, r *http.Request) error {
	var follows bool
	var asked []zienswijze.Row
	actor, key := request.Actor(r), request.Key(r, "proposal")
	v, err := p.readRoute(r, route.Follows(&follows, actor, key), zienswijze.OfPaper(&asked, actor, key))
	if err != nil {
		return err
	}
	v.follows, v.asked = follows, asked
	v.words = request.Query(r, "zoek")
	if only := request.Query(r, "toon"); slices.ContainsFunc(filters, func(o form.Option) bool { return o.Value == only }) {
		v.only = only
	}
	v.shown = slices.DeleteFunc(slices.Clone(v.steps), func(s route.Row) bool { return !v.lets(s) })
	if err := respond.Noted(w, r, p.DB, parts.ReadPaper(v.Proposal)...); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Route: "+v.Subject, show(v))
}

// stage are the steps of a route that go side by side.
type stage struct {
	sequence  int
	treatment proposal.Treatment // empty when they differ
	due       *time.Time         // nil when they differ or there is none
	mixedDue  bool
	steps     []route.Row
}

// stages groups steps, which come in their order.
func stages(steps []route.Row) []stage {
	var list []stage
	for _, s := range steps {
		if len(list) == 0 || list[len(list)-1].sequence != s.Sequence {
			list = append(list, stage{sequence: s.Sequence, treatment: s.Treatment, due: s.Due()})
		}
		last := &list[len(list)-1]
		if last.treatment != s.Treatment {
			last.treatment = ""
		}
		if a, b := last.due, s.Due(); (a == nil) != (b == nil) || a != nil && !a.Equal(*b) {
			last.mixedDue = true
		}
		last.steps = append(last.steps, s)
	}
	return list
}

func (g stage) title() string {
	title := "Stap " + strconv.Itoa(g.sequence)
	if g.treatment != "" {
		title += ": " + strings.ToLower(g.treatment.Label())
	}
	if g.due != nil && !g.mixedDue {
		title += ", uiterlijk " + dutch.Date(*g.due)
	}
	return title
}

// binding tells whether the route behind the stage depends on it.
func (g stage) binding() bool {
	return slices.ContainsFunc(g.steps, func(s route.Row) bool { return s.Authoritative })
}

// lede tells the days of the route.
func (v view) lede() string {
	var parts []string
	var first, last *time.Time
	for _, s := range v.steps {
		if s.SentAt != nil && (first == nil || s.SentAt.Before(*first)) {
			first = s.SentAt
		}
		if due := s.Due(); due != nil && (last == nil || due.After(*last)) {
			last = due
		}
	}
	if first != nil {
		parts = append(parts, "Verzonden "+dutch.Date(*first))
	}
	if last != nil {
		parts = append(parts, "laatste dag "+dutch.Date(*last))
	}
	return strings.Join(append(parts, dutch.Count(len(v.steps), "stap", "stappen")), " · ")
}

// percent is a share of the route, for the bar.
func (v view) percent(n int) string { return strconv.Itoa(n * 1000 / max(1, v.progress.Total)) }

// composeView is the route with what laying it out offers.
type composeView struct {
	view
	plan           *form.Form
	step           *form.Form
	collaborations []route.Collaboration
	bodies         []partner.BodyOption
	unknown        []route.Receiver // who take part and have no body here
}

// Compose is where the owner lays out the route.
func (p Pages) Compose(w http.ResponseWriter, r *http.Request) error {
	return p.compose(w, r, http.StatusOK, form.New(map[string]string{"template": ""}), form.New(map[string]string{"sequence": "1"}))
}

func (p Pages) compose(w http.ResponseWriter, r *http.Request, status int, plan, step *form.Form) error {
	actor := request.Actor(r)
	v := composeView{plan: plan, step: step}
	var through []id.Collaboration
	var err error
	v.view, err = p.routing(r, partner.BodiesFor(&v.bodies, actor), route.CollaborationsOn(&through, actor, request.Key(r, "proposal")))
	if err != nil {
		return err
	}
	if !v.mayRoute() {
		return v.whyNoRoute()
	}
	var receivers []route.Receiver
	if err := postgres.Read(r.Context(), p.DB, route.CollaborationsOf(&v.collaborations, actor, v.OwnerOrgID),
		route.Receivers(&receivers, actor, through)); err != nil {
		return err
	}
	v.unknown = slices.DeleteFunc(receivers, func(r route.Receiver) bool { return r.BodyID != "" })
	return respond.Page(w, r, status, "Route samenstellen", compose(v))
}

// whyNoRoute says to the owner's side what keeps the paper from going along a route.
func (v view) whyNoRoute() error {
	if v.Closed() {
		return fault.Because("Dit voorstel is vertrouwelijk. Alleen het gremium waarvoor het bedoeld is, mag het met anderen delen. " +
			"Daarom kan het niet langs een route.")
	}
	return fault.Because("Dit voorstel is ingetrokken. De route ligt stil.")
}

func (v composeView) collaborationOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Kies een samenwerking"}}
	for _, c := range v.collaborations {
		options = append(options, form.Option{Value: string(c.ID), Label: c.Name + " (" + dutch.Count(c.Participants, "deelnemer", "deelnemers") + ")"})
	}
	return options
}

func (v composeView) bodyOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Kies een gremium"}}
	for _, b := range v.bodies {
		options = append(options, form.Option{Value: string(b.ID), Label: partner.BodyName(b.Name, b.OrganisationName)})
	}
	return options
}

func templateOptions() []form.Option {
	var options []form.Option
	for _, t := range route.Templates {
		options = append(options, form.Option{Value: string(t.Template), Label: t.Label + ". " + t.Hint})
	}
	return options
}

func askOptions() []form.Option {
	var options []form.Option
	for _, t := range route.StepTreatments {
		options = append(options, form.Option{Value: string(t), Label: t.Label()})
	}
	return options
}

// Create lays out a whole route by one choice.
func (p Pages) Create(w http.ResponseWriter, r *http.Request) error {
	v, f, err := p.ownerForm(r)
	if err != nil {
		return err
	}
	plan := route.Plan{
		Template: route.Template(f.Text("template")), CollaborationID: id.Collaboration(f.Text("collaboration_id")),
		CouncilsBy: f.Date("councils_by"), BoardOn: f.Date("board_on"),
	}
	var added int64
	if err = f.Sound(plan.Check(v.actor.At)); err == nil {
		added, err = route.LayOut(r.Context(), p.DB, v.actor, v.ID, plan)
	}
	if f.Explains(err) {
		return p.compose(w, r, http.StatusUnprocessableEntity, f, form.New(map[string]string{"sequence": "1"}))
	}
	if err != nil {
		return err
	}
	message := "De route heeft " + dutch.Count(int(added), "stap", "stappen") + " erbij. Er is nog niets verzonden."
	if added == 0 {
		message = "Deze stappen stonden al in de route."
	}
	return respond.SeeOther(w, r, path.Below(path.Route(v.Key), "samenstellen"), message)
}

// ownerForm reads a form of the owner about the route.
func (p Pages) ownerForm(r *http.Request) (view, *form.Form, error) {
	f, err := form.Read(r)
	if err != nil {
		return view{}, nil, err
	}
	v, err := p.routing(r)
	if err == nil && !v.mayRoute() {
		err = v.whyNoRoute()
	}
	return v, f, err
}

func readStep(f *form.Form) route.StepDraft {
	return route.StepDraft{
		BodyID: id.Body(f.Text("body_id")), Sequence: f.IntOr("sequence", 0), Treatment: proposal.Treatment(f.Text("treatment")),
		Authoritative: f.Bool("authoritative"), PlannedOn: f.Date("planned_on"), Deadline: f.Date("deadline"), Version: f.Version(),
	}
}

// CreateStep puts one more body on the route.
func (p Pages) CreateStep(w http.ResponseWriter, r *http.Request) error {
	v, f, err := p.ownerForm(r)
	if err != nil {
		return err
	}
	d := readStep(f)
	if err = f.Sound(d.Check(v.actor.At)); err == nil {
		err = route.AddStep(r.Context(), p.DB, v.actor, v.ID, d)
	}
	if f.Explains(err) {
		return p.compose(w, r, http.StatusUnprocessableEntity, form.New(nil), f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Below(path.Route(v.Key), "samenstellen"), "Het gremium staat in de route. Er is nog niets verzonden.")
}

// sendView is what leaves, with what stands in its way.
type sendView struct {
	view
	form     *form.Form
	sendable []route.Row
	found    rule.Findings
}

// NewSending shows what would leave now, and asks for reasons where a rule warns.
func (p Pages) NewSending(w http.ResponseWriter, r *http.Request) error {
	return p.sending(w, r, http.StatusOK, nil)
}

func (p Pages) sending(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	v := sendView{form: f}
	var err error
	if v.view, err = p.routing(r); err != nil {
		return err
	}
	if !v.mayRoute() {
		return v.whyNoRoute()
	}
	all := route.Steps(v.steps)
	v.sendable = slices.DeleteFunc(slices.Clone(v.steps), func(s route.Row) bool { return !s.Sendable() })
	if f == nil {
		v.form = form.New(nil)
		chosen := route.Next(all)
		if one := request.Query(r, "stap"); one != "" {
			chosen = slices.DeleteFunc(slices.Clone(all), func(s route.Step) bool { return s.Key != one })
		}
		for _, s := range chosen {
			v.form.Values.Add("steps", s.Key)
		}
	}
	keys := v.form.List("steps")
	v.found = route.SendFindings(all, slices.DeleteFunc(slices.Clone(all), func(s route.Step) bool {
		return !s.Sendable() || !slices.Contains(keys, s.Key)
	}), v.actor.At)
	return respond.Page(w, r, status, "Route verzenden", sending(v))
}

// deskless names the bodies that could get the paper now and where nobody would see it.
func (v sendView) deskless() string {
	var names []string
	for _, s := range v.sendable {
		if !s.HasDesk && !slices.Contains(names, s.Body()) {
			names = append(names, s.Body())
		}
	}
	const most = 10
	if len(names) > most+1 {
		return strings.Join(names[:most], ", ") + " en " + dutch.Number(len(names)-most) + " andere"
	}
	return dutch.List(names)
}

func (v sendView) options() []form.Option {
	var options []form.Option
	for _, s := range v.sendable {
		label := s.Body() + ": stap " + strconv.Itoa(s.Sequence) + ", " + strings.ToLower(s.Treatment.Label())
		if due := s.Due(); due != nil {
			label += ", uiterlijk " + dutch.Date(*due)
		}
		if s.State == route.StepRefused {
			label += " (eerder geweigerd)"
		}
		options = append(options, form.Option{Value: s.Key, Label: label})
	}
	return options
}

// CreateSending sends the chosen steps.
func (p Pages) CreateSending(w http.ResponseWriter, r *http.Request) error {
	v, f, err := p.ownerForm(r)
	if err != nil {
		return err
	}
	reasons := map[string]string{}
	for name := range f.Values {
		if id, ok := strings.CutPrefix(name, "reason."); ok {
			reasons[id] = f.Text(name)
		}
	}
	err = route.Send(r.Context(), p.DB, v.actor, v.ID, f.List("steps"), reasons)
	var fields fault.Fields
	if errors.As(err, &fields) {
		for name, why := range fields {
			if name != "steps" {
				name = "reason." + name
			}
			f.Faults.Must(false, name, why)
		}
		return p.sending(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Route(v.Key), "Verzonden. Het voorstel ligt nu in de postvakken van de griffies.")
}

// CreateFollowing lets the reader hear of changes on the route.
func (p Pages) CreateFollowing(w http.ResponseWriter, r *http.Request) error {
	return p.following(w, r, route.Follow, "U volgt deze route. Verandert er iets, dan krijgt u hoogstens één e-mail per dag.")
}

// DeleteFollowing ends that.
func (p Pages) DeleteFollowing(w http.ResponseWriter, r *http.Request) error {
	return p.following(w, r, route.Unfollow, "U volgt deze route niet meer.")
}

func (p Pages) following(w http.ResponseWriter, r *http.Request, do func(context.Context, postgres.DB, access.Actor, id.Proposal) error, message string) error {
	v, err := p.readRoute(r)
	if err != nil {
		return err
	}
	if err := do(r.Context(), p.DB, v.actor, v.ID); err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Route(v.Key), message)
}
