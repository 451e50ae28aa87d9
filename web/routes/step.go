package routes

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/web/form"
	"regiogriffie/web/parts"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
	"regiogriffie/web/ui"
)

// stepView is one body on the route of a paper, with what stands around it.
type stepView struct {
	paper     proposal.Proposal
	actor     access.Actor
	step      route.Row
	local     route.Local
	questions []route.Question
	choices   []meeting.Choice
	history   []audit.Entry
	asked     []zienswijze.Row // the procedures in which councils give their view on the paper
	form      *form.Form       // of what was filled in wrong
	conflict  bool             // somebody was first; the page tells what is now
}

func (v stepView) owns() bool {
	return proposal.CanRoute(v.actor, v.paper) && v.paper.State != proposal.Withdrawn
}

// receives tells whether this reader can do something with it for the body.
func (v stepView) receives() bool {
	return route.CanReceive(v.actor, v.step.Step) && v.paper.State != proposal.Withdrawn
}

func (v stepView) waits() bool {
	return v.step.State == route.StepSent || v.step.State == route.StepExpired
}

func (v stepView) address(parts ...string) string {
	return strings.Join(append([]string{path.Step(v.paper.Key, v.step.Key)}, parts...), "/")
}

// readStepAt asks for the step at an address, with its paper, in one round trip.
func (p Pages) readStepAt(r *http.Request, more ...func(v *stepView) postgres.Query) (stepView, error) {
	v := stepView{actor: request.Actor(r), form: form.New(nil)}
	paper, key := request.Key(r, "proposal"), request.Key(r, "step")
	questions := []postgres.Query{proposal.ByKey(&v.paper, v.actor, paper), route.StepAt(&v.step, v.actor, paper, key)}
	for _, ask := range more {
		questions = append(questions, ask(&v))
	}
	return v, postgres.Read(r.Context(), p.DB, questions...)
}

// ShowStep is the step with its questions, and what this reader can do with it.
func (p Pages) ShowStep(w http.ResponseWriter, r *http.Request) error {
	return p.step(w, r, http.StatusOK, nil, false)
}

func (p Pages) step(w http.ResponseWriter, r *http.Request, status int, f *form.Form, conflict bool) error {
	key := request.Key(r, "step")
	v, err := p.readStepAt(r,
		func(v *stepView) postgres.Query { return route.QuestionsOf(&v.questions, v.actor, key) },
		func(v *stepView) postgres.Query { return route.LocalOf(&v.local, v.actor, key) },
		func(v *stepView) postgres.Query { return meeting.Choices(&v.choices, v.actor) },
		func(v *stepView) postgres.Query {
			return zienswijze.OfPaper(&v.asked, v.actor, request.Key(r, "proposal"))
		})
	if err != nil {
		return err
	}
	if f != nil {
		v.form = f
	}
	v.conflict = conflict
	if v.step.SentAt != nil && len(v.actor.ClerkOrganisations()) > 0 {
		if err := postgres.Read(r.Context(), p.DB, audit.Of(&v.history, v.actor, string(v.step.ID))); err != nil {
			return err
		}
	}
	if err := respond.Noted(w, r, p.DB, parts.ReadPaper(v.paper)...); err != nil {
		return err
	}
	return respond.Page(w, r, status, v.step.Body()+": "+v.paper.Subject, showStep(v))
}

// acted answers an act on a step: on to where it belongs, or the step as it is now, with what is wrong or who was first.
func (p Pages) acted(w http.ResponseWriter, r *http.Request, f *form.Form, err error, to, message string) error {
	switch {
	case err == nil:
		return respond.SeeOther(w, r, to, message)
	case errors.Is(err, fault.Conflict):
		return p.step(w, r, http.StatusConflict, f, true)
	case f.Explains(err):
		return p.step(w, r, http.StatusUnprocessableEntity, f, false)
	}
	return err
}

// receivedForm reads a form about a step of the body that got it.
func (p Pages) receivedForm(r *http.Request, may func(access.Actor, route.Step) bool) (stepView, *form.Form, error) {
	f, err := form.Read(r)
	if err != nil {
		return stepView{}, nil, err
	}
	v, err := p.readStepAt(r)
	if err == nil && !may(v.actor, v.step.Step) {
		err = fault.Forbidden
	}
	return v, f, err
}

// CreatePlacing puts the paper on the agenda of a meeting of the body.
func (p Pages) CreatePlacing(w http.ResponseWriter, r *http.Request) error {
	v, f, err := p.receivedForm(r, route.CanReceive)
	if err != nil {
		return err
	}
	slug := f.Text("meeting")
	f.Faults.Must(slug != "", "meeting", "Kies de vergadering.")
	var m meeting.Meeting
	if err = f.Sound(nil); err == nil {
		err = postgres.Read(r.Context(), p.DB, meeting.BySlug(&m, v.actor, slug))
		if errors.Is(err, fault.NotFound) {
			f.Faults.Must(false, "meeting", "Deze vergadering is er niet meer. Kies een andere.")
			err = f.Sound(nil)
		}
	}
	if err == nil {
		_, err = meeting.ScheduleStep(r.Context(), p.DB, v.actor, m.ID, v.step.Key, "")
	}
	to := v.address()
	if back := f.Text("terug"); back == path.InTray {
		to = back
	}
	return p.acted(w, r, f, err, to, "‘"+parts.Short(v.paper.Subject)+"’ staat op de agenda van "+dutch.Date(m.StartsAt)+".")
}

// CreatePlanning says when the body means to treat it.
func (p Pages) CreatePlanning(w http.ResponseWriter, r *http.Request) error {
	v, f, err := p.receivedForm(r, route.CanReceive)
	if err != nil {
		return err
	}
	day := f.Date("planned_for")
	f.Faults.Must(day != nil || v.step.PlannedFor != nil || f.Faults["planned_for"] != "", "planned_for", "Vul de dag in waarop u dit wilt behandelen.")
	if err = f.Sound(nil); err == nil {
		err = route.PlanStep(r.Context(), p.DB, v.actor, v.step.Key, day, f.Version())
	}
	message := "De planning is bewaard. De eigenaar ziet de dag."
	if day == nil {
		message = "De geplande dag is weg."
	}
	return p.acted(w, r, f, err, v.address(), message)
}

// CreateQuestion asks the owner something.
func (p Pages) CreateQuestion(w http.ResponseWriter, r *http.Request) error {
	v, f, err := p.receivedForm(r, route.CanReceive)
	if err != nil {
		return err
	}
	if err = f.Sound(nil); err == nil {
		err = route.Ask(r.Context(), p.DB, v.actor, v.step.Key, f.Text("question"))
	}
	return p.acted(w, r, f, err, v.address(), "Uw vraag ligt bij "+v.paper.OwnerName+".")
}

// reasonPage asks for the reason of an act on a step.
type reasonPage struct {
	title, lede, hint, button, back string
}

var (
	refusal = reasonPage{
		"Niet op de agenda zetten", "Het voorstel gaat terug naar de eigenaar, met uw reden.",
		"Wie de route ziet, leest deze reden.", "Weiger het voorstel", "Terug, weiger niet",
	}
	skipping = reasonPage{
		"Stap overslaan", "Dit gremium behandelt het voorstel niet. De stap blijft zichtbaar, met uw reden.",
		"Wie de route ziet, leest deze reden.", "Sla de stap over", "Terug, laat de stap staan",
	}
)

// NewRefusal asks for the reason.
func (p Pages) NewRefusal(w http.ResponseWriter, r *http.Request) error {
	v, err := p.readStepAt(r)
	if err != nil {
		return err
	}
	if !route.CanRefuse(v.actor, v.step.Step) {
		return fault.Forbidden
	}
	return respond.Page(w, r, http.StatusOK, refusal.title, stepReason(v, refusal, "weigering"))
}

// CreateRefusal sends the paper back.
func (p Pages) CreateRefusal(w http.ResponseWriter, r *http.Request) error {
	v, f, err := p.receivedForm(r, route.CanRefuse)
	if err != nil {
		return err
	}
	if err = f.Sound(nil); err == nil {
		err = route.Refuse(r.Context(), p.DB, v.actor, v.step.Key, f.Text("reason"))
	}
	if f.Explains(err) {
		v.form = f
		return respond.Page(w, r, http.StatusUnprocessableEntity, refusal.title, stepReason(v, refusal, "weigering"))
	}
	return p.acted(w, r, f, err, v.address(), "Het voorstel gaat terug naar "+v.paper.OwnerName+", met uw reden.")
}

func holders(l route.Local) []string {
	var list []string
	for _, h := range l.PortfolioHolders {
		list = append(list, h.String())
	}
	return list
}

// localValues are the fields of the form of what the griffie makes of the paper.
func localValues(l route.Local) map[string]string {
	return map[string]string{
		"title": l.Title, "treatment": string(l.Treatment), "portfolio_holders": strings.Join(holders(l), "\n"),
		"covering_note": l.CoveringNote, "version": strconv.Itoa(l.Version),
	}
}

// preparing reads the step for who makes something of it for the body.
func (p Pages) preparing(r *http.Request) (stepView, error) {
	key := request.Key(r, "step")
	v, err := p.readStepAt(r, func(v *stepView) postgres.Query { return route.LocalOf(&v.local, v.actor, key) })
	if err == nil && !route.CanReceive(v.actor, v.step.Step) {
		err = fault.Forbidden
	}
	if err == nil && !v.waits() {
		err = fault.Because("Dit voorstel wacht niet meer in uw postvak. Staat het op een agenda, wijzig dan het agendapunt.")
	}
	return v, err
}

// EditLocal is the form of the covering note and what else the body has of its own.
func (p Pages) EditLocal(w http.ResponseWriter, r *http.Request) error {
	v, err := p.preparing(r)
	if err != nil {
		return err
	}
	v.form = form.New(localValues(v.local))
	return respond.Page(w, r, http.StatusOK, "Oplegger", editLocal(v))
}

func readLocal(f *form.Form) route.Local {
	l := route.Local{
		Title: f.Line("title"), Treatment: proposal.Treatment(f.Text("treatment")), PortfolioHolders: []proposal.Holder{},
		CoveringNote: f.Text("covering_note"), Version: f.Version(),
	}
	for _, line := range f.Lines("portfolio_holders") {
		l.PortfolioHolders = append(l.PortfolioHolders, proposal.ParseHolder(line))
	}
	return l
}

// UpdateLocal keeps it; who comes second sees both texts.
func (p Pages) UpdateLocal(w http.ResponseWriter, r *http.Request) error {
	return form.Edit[stepView]{
		Read: func() (stepView, error) { return p.preparing(r) },
		Save: func(v stepView, f *form.Form) error {
			l := readLocal(f)
			return f.Act(l.Check, func() error { return route.Prepare(r.Context(), p.DB, v.actor, v.step.Key, l) })
		},
		Saved: func(v stepView) form.Saved {
			saved := form.Saved{Values: localValues(v.local), By: v.local.UpdatedBy, At: v.paper.UpdatedAt}
			if v.local.UpdatedAt != nil {
				saved.At = *v.local.UpdatedAt
			}
			return saved
		},
		Words: func(v stepView, _ *form.Form, theirs map[string]string) { treatmentInWords(theirs, v.local.Treatment) },
		Show: func(status int, v stepView, f *form.Form) error {
			v.form = f
			return respond.Page(w, r, status, "Oplegger", editLocal(v))
		},
		Done: func(v stepView) error {
			return respond.SeeOther(w, r, v.address(), "Bewaard. Dit komt op de agenda als u het voorstel agendeert.")
		},
	}.Update(r)
}

func treatmentInWords(theirs map[string]string, t proposal.Treatment) {
	if _, differs := theirs["treatment"]; differs {
		theirs["treatment"] = t.Label()
	}
}

// owned reads the step for who lays out the route.
func (p Pages) owned(r *http.Request, more ...func(v *stepView) postgres.Query) (stepView, error) {
	v, err := p.readStepAt(r, more...)
	if err == nil && !proposal.CanRoute(v.actor, v.paper) {
		err = fault.Forbidden
	}
	if err == nil && v.paper.State == proposal.Withdrawn {
		err = fault.Because("Dit voorstel is ingetrokken. De route ligt stil.")
	}
	return v, err
}

func stepValues(s route.Row) map[string]string {
	values := map[string]string{
		"sequence": strconv.Itoa(s.Sequence), "treatment": string(s.Treatment), "authoritative": form.Checked(s.Authoritative),
		"planned_on": "", "deadline": "", "version": strconv.Itoa(s.Version),
	}
	if s.PlannedOn != nil {
		values["planned_on"] = s.PlannedOn.Format("02-01-2006")
	}
	if s.Deadline != nil {
		values["deadline"] = s.Deadline.Format("02-01-2006")
	}
	return values
}

// EditStep is the form of a step.
func (p Pages) EditStep(w http.ResponseWriter, r *http.Request) error {
	v, err := p.owned(r)
	if err != nil {
		return err
	}
	v.form = form.New(stepValues(v.step))
	return respond.Page(w, r, http.StatusOK, "Stap wijzigen", editStep(v))
}

// UpdateStep changes a step; who comes second sees both.
func (p Pages) UpdateStep(w http.ResponseWriter, r *http.Request) error {
	return form.Edit[stepView]{
		Read: func() (stepView, error) { return p.owned(r) },
		Save: func(v stepView, f *form.Form) error {
			d := readStep(f)
			d.BodyID = v.step.BodyID
			if v.step.State != route.StepPlanned { // these are not asked any more
				d.Sequence, d.Treatment, d.Authoritative = v.step.Sequence, v.step.Treatment, v.step.Authoritative
			}
			return f.Act(func() error { return d.Check(v.actor.At) }, func() error {
				return route.ReviseStep(r.Context(), p.DB, v.actor, v.paper.ID, v.step.Key, d)
			})
		},
		Saved: func(v stepView) form.Saved {
			return form.Saved{Values: stepValues(v.step), By: v.step.UpdatedBy, At: v.step.UpdatedAt}
		},
		Words: func(v stepView, _ *form.Form, theirs map[string]string) { treatmentInWords(theirs, v.step.Treatment) },
		Show: func(status int, v stepView, f *form.Form) error {
			v.form = f
			return respond.Page(w, r, status, "Stap wijzigen", editStep(v))
		},
		Done: func(v stepView) error { return respond.SeeOther(w, r, v.address(), "De stap is bewaard.") },
	}.Update(r)
}

// DeleteStep takes a step off the route that was not sent.
func (p Pages) DeleteStep(w http.ResponseWriter, r *http.Request) error {
	v, err := p.owned(r)
	if err != nil {
		return err
	}
	err = route.RemoveStep(r.Context(), p.DB, v.actor, v.paper.ID, v.step.Key)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	return respond.SeeOther(w, r, path.Below(path.Route(v.paper.Key), "samenstellen"), v.step.Body()+" staat niet meer in de route.")
}

// NewSkip asks for the reason.
func (p Pages) NewSkip(w http.ResponseWriter, r *http.Request) error {
	v, err := p.owned(r)
	if err != nil {
		return err
	}
	v.form = form.New(map[string]string{"version": strconv.Itoa(v.step.Version)})
	return respond.Page(w, r, http.StatusOK, skipping.title, stepReason(v, skipping, "overslaan"))
}

// CreateSkip leaves the body out.
func (p Pages) CreateSkip(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := p.owned(r)
	if err != nil {
		return err
	}
	if err = f.Sound(nil); err == nil {
		err = route.Skip(r.Context(), p.DB, v.actor, v.paper.ID, v.step.Key, f.Text("reason"), f.Version())
	}
	if f.Explains(err) {
		v.form = f
		return respond.Page(w, r, http.StatusUnprocessableEntity, skipping.title, stepReason(v, skipping, "overslaan"))
	}
	return p.acted(w, r, f, err, v.address(), "De stap is overgeslagen.")
}

// question is the one at the address, for who answers it.
func (p Pages) question(r *http.Request) (stepView, route.Question, error) {
	step := request.Key(r, "step")
	v, err := p.owned(r, func(v *stepView) postgres.Query { return route.QuestionsOf(&v.questions, v.actor, step) })
	if err != nil {
		return v, route.Question{}, err
	}
	for _, q := range v.questions {
		if q.Key == request.Key(r, "question") {
			return v, q, nil
		}
	}
	return v, route.Question{}, fault.NotFound
}

// NewAnswer shows the question with a place for the answer.
func (p Pages) NewAnswer(w http.ResponseWriter, r *http.Request) error {
	v, q, err := p.question(r)
	if err != nil {
		return err
	}
	v.form = form.New(map[string]string{"answer": q.Answer})
	return respond.Page(w, r, http.StatusOK, "Vraag beantwoorden", answer(v, q))
}

// asking is a question about a step, with that step.
type asking struct {
	stepView
	question route.Question
}

// CreateAnswer answers; who comes second sees the answer that was given.
func (p Pages) CreateAnswer(w http.ResponseWriter, r *http.Request) error {
	return form.Edit[asking]{
		Read: func() (asking, error) {
			v, q, err := p.question(r)
			return asking{v, q}, err
		},
		Save: func(v asking, f *form.Form) error {
			return f.Act(func() error { return nil }, func() error {
				return route.Answer(r.Context(), p.DB, v.actor, v.step.Key, v.question.Key, f.Text("answer"))
			})
		},
		Saved: func(v asking) form.Saved {
			saved := form.Saved{Values: map[string]string{"answer": v.question.Answer}, By: v.question.AnsweredBy, At: v.step.UpdatedAt}
			if v.question.AnsweredAt != nil {
				saved.At = *v.question.AnsweredAt
			}
			return saved
		},
		Show: func(status int, v asking, f *form.Form) error {
			v.form = f
			return respond.Page(w, r, status, "Vraag beantwoorden", answer(v.stepView, v.question))
		},
		Done: func(v asking) error {
			return respond.SeeOther(w, r, v.address(), "Uw antwoord ligt bij "+v.step.Body()+".")
		},
	}.Update(r)
}

// choicesFor are the meetings of one body.
func choicesFor(all []meeting.Choice, body id.Body) []form.Option {
	var options []form.Option
	for _, c := range all {
		if c.BodyID == body {
			options = append(options, form.Option{Value: c.Slug, Label: dutch.Weekday(c.StartsAt) + ", " + dutch.Clock(c.StartsAt) + " uur"})
		}
	}
	return options
}

func (v stepView) crumbs(more ...ui.Crumb) []ui.Crumb {
	return append(crumbs(v.paper, ui.Crumb{Label: "Route", Address: path.Route(v.paper.Key)}), more...)
}

func stepMeaning(s route.StepState) string {
	switch s {
	case route.StepSent, route.StepExpired:
		return "due"
	case route.StepScheduled:
		return "accent"
	case route.StepTreated:
		return "done"
	case route.StepRefused:
		return "closed"
	}
	return ""
}

func lowerRelative(v stepView) string {
	if dutch.DateKey(v.step.UpdatedAt) == dutch.DateKey(v.actor.At) {
		return "om " + dutch.Clock(v.step.UpdatedAt) + " uur"
	}
	return "op " + dutch.Date(v.step.UpdatedAt)
}
