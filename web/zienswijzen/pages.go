// Package zienswijzen shows how a draft goes along the councils: the terms, how far each council is, what it says and what it
// is answered.
package zienswijzen

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/route"
	"regiogriffie/internal/rule"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// Pages are the handlers of procedures and of what councils say in them.
type Pages struct{ DB *pgxpool.Pool }

// Index lists procedures; the filters stand in the address.
func (p Pages) Index(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	year, _ := strconv.Atoi(request.Query(r, "jaar"))
	if year < 1990 || year > 2200 {
		year = 0
	}
	v := listing{at: actor.At, mayOpen: len(zienswijze.Owners(actor)) > 0, filter: zienswijze.Filter{
		Words: request.Query(r, "zoek"), State: zienswijze.State(request.Query(r, "stand")), Kind: zienswijze.Kind(request.Query(r, "soort")),
		Year: year, Collaboration: request.Query(r, "samenwerking"), Organisation: request.Query(r, "organisatie"), Page: request.Page(r),
	}}
	questions := []postgres.Query{zienswijze.List(&v.rows, actor, v.filter)}
	if v.mayOpen {
		questions = append(questions, zienswijze.CollaborationsFor(&v.collaborations, actor))
	}
	if err := postgres.Read(r.Context(), p.DB, questions...); err != nil {
		return err
	}
	v.mayOpen = len(v.collaborations) > 0
	if len(v.rows) > zienswijze.PerPage {
		v.rows, v.more = v.rows[:zienswijze.PerPage], true
	}
	return respond.Page(w, r, http.StatusOK, "Zienswijzen", index(v))
}

// editor is what the form of a procedure needs.
type editor struct {
	procedure      zienswijze.Procedure // without an id when it is new
	subjects       []zienswijze.Subject
	form           *form.Form
	collaborations []zienswijze.Choice
	meetings       []zienswijze.Choice
	proposals      []zienswijze.Choice
}

func (e *editor) choices(actor access.Actor) []postgres.Query {
	return []postgres.Query{
		zienswijze.CollaborationsFor(&e.collaborations, actor), zienswijze.MeetingsFor(&e.meetings, actor), zienswijze.ProposalsFor(&e.proposals, actor),
	}
}

func options(none string, choices []zienswijze.Choice, current string) []form.Option {
	list := []form.Option{{Value: "", Label: none}}
	found := current == ""
	for _, c := range choices {
		list = append(list, form.Option{Value: c.ID, Label: c.Label})
		found = found || c.ID == current
	}
	if !found { // no longer one to choose, and still the one of this procedure
		list = append(list, form.Option{Value: current, Label: "De huidige keuze"})
	}
	return list
}

// New is the form of a new procedure.
func (p Pages) New(w http.ResponseWriter, r *http.Request) error {
	return p.newForm(w, r, http.StatusOK, form.New(map[string]string{"key": id.NewKey(), "kind": string(zienswijze.Budget)}))
}

func (p Pages) newForm(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	actor := request.Actor(r)
	e := editor{form: f}
	if err := postgres.Read(r.Context(), p.DB, e.choices(actor)...); err != nil {
		return err
	}
	if len(e.collaborations) == 0 {
		return fault.Because("U kunt geen procedure maken: dat doet de bestuurssecretaris van een samenwerking. Vraag de functioneel beheerder om die functie.")
	}
	if len(e.collaborations) == 1 && f.Raw("collaboration_id") == "" {
		f.Values.Set("collaboration_id", e.collaborations[0].ID)
	}
	return respond.Page(w, r, status, "Nieuwe zienswijzeprocedure", edit(e))
}

// Create opens the procedure, or shows the form again with what is wrong.
func (p Pages) Create(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	actor := request.Actor(r)
	draft := readDraft(f)
	var made zienswijze.Procedure
	if err = f.Sound(draft.Check(actor.At)); err == nil {
		made, err = zienswijze.Open(r.Context(), p.DB, actor, draft)
	}
	if f.Explains(err) {
		return p.newForm(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Procedure(made.Key), "De procedure is gemaakt. De raden zien haar zodra u het ontwerp verzendt.")
}

func readDraft(f *form.Form) zienswijze.Draft {
	return zienswijze.Draft{
		Key: f.Line("key"), CollaborationID: id.Collaboration(f.Text("collaboration_id")), Subjects: f.Lines("subjects"),
		Facts: zienswijze.Facts{
			Kind: zienswijze.Kind(f.Text("kind")), Subject: f.Line("subject"), Year: f.Int("year"), ABOn: f.Date("ab_on"),
			ABMeetingID: id.Meeting(f.Text("ab_meeting_id")), ProposalID: id.Proposal(f.Text("proposal_id")), RepliesDue: f.Date("replies_due"),
		},
	}
}

func values(p zienswijze.Procedure, subjects []zienswijze.Subject) map[string]string {
	var titles []string
	for _, s := range subjects {
		titles = append(titles, s.Title)
	}
	year := ""
	if p.Year != nil {
		year = strconv.Itoa(*p.Year)
	}
	return map[string]string{
		"kind": string(p.Kind), "subject": p.Subject, "year": year, "ab_on": form.Day(p.ABOn), "ab_meeting_id": string(p.ABMeetingID),
		"proposal_id": string(p.ProposalID), "replies_due": form.Day(p.RepliesDue), "subjects": strings.Join(titles, "\n"), "version": strconv.Itoa(p.Version),
	}
}

// Edit is the form of a procedure.
func (p Pages) Edit(w http.ResponseWriter, r *http.Request) error {
	e, err := p.editor(r)
	if err != nil {
		return err
	}
	e.form = form.New(values(e.procedure, e.subjects))
	return respond.Page(w, r, http.StatusOK, "Wijzig de procedure", edit(e))
}

func (p Pages) editor(r *http.Request) (e editor, err error) {
	actor, key := request.Actor(r), request.Key(r, "procedure")
	err = postgres.Read(r.Context(), p.DB, append([]postgres.Query{
		zienswijze.Into(&e.procedure, actor, key), zienswijze.SubjectsInto(&e.subjects, actor, key),
	}, e.choices(actor)...)...)
	if err == nil && !zienswijze.CanRevise(actor, e.procedure) {
		err = fault.Forbidden
	}
	return e, err
}

// Update changes the procedure, or shows the form again with what is wrong or what someone else saved.
func (p Pages) Update(w http.ResponseWriter, r *http.Request) error {
	return form.Edit[editor]{
		Read: func() (editor, error) { return p.editor(r) },
		Save: func(e editor, f *form.Form) error {
			actor, draft := request.Actor(r), readDraft(f)
			return f.Act(func() error { return nil }, func() error {
				_, err := zienswijze.Revise(r.Context(), p.DB, actor, e.procedure.ID, f.Version(), draft)
				return err
			})
		},
		Saved: func(e editor) form.Saved {
			return form.Saved{Values: values(e.procedure, e.subjects), By: e.procedure.UpdatedBy, At: e.procedure.UpdatedAt}
		},
		Words: func(e editor, _ *form.Form, theirs map[string]string) { e.relabel(theirs) },
		Show: func(status int, e editor, f *form.Form) error {
			e.form = f
			return respond.Page(w, r, status, "Wijzig de procedure", edit(e))
		},
		Done: func(e editor) error {
			return respond.SeeOther(w, r, path.Procedure(e.procedure.Key), "De procedure is bewaard.")
		},
	}.Update(r)
}

// relabel shows what someone else chose by its label.
func (e editor) relabel(theirs map[string]string) {
	if e.procedure.State != zienswijze.Preparing { // fields that are not in the form any more
		for _, name := range []string{"kind", "subject", "year", "replies_due"} {
			delete(theirs, name)
		}
	}
	for name, choices := range map[string][]form.Option{
		"kind": kindOptions(""), "ab_meeting_id": options("", e.meetings, ""), "proposal_id": options("", e.proposals, ""),
	} {
		for _, o := range choices {
			if v, ok := theirs[name]; ok && v != "" && v == o.Value {
				theirs[name] = o.Label
			}
		}
	}
}

func kindOptions(first string) []form.Option {
	var list []form.Option
	if first != "" {
		list = append(list, form.Option{Value: "", Label: first})
	}
	for _, k := range zienswijze.Kinds {
		list = append(list, form.Option{Value: string(k), Label: k.Label()})
	}
	return list
}

// whole is what the page of a procedure holds.
type whole struct {
	actor     access.Actor
	procedure zienswijze.Procedure
	subjects  []zienswijze.Subject
	views     []zienswijze.View
	cells     []zienswijze.Cell
	history   []audit.Entry

	due     time.Time
	dueRule string
	from    time.Time // from when the councils have the draft
}

func (p Pages) read(r *http.Request) (whole, error) {
	v := whole{actor: request.Actor(r)}
	key := request.Key(r, "procedure")
	err := postgres.Read(r.Context(), p.DB,
		zienswijze.Into(&v.procedure, v.actor, key), zienswijze.SubjectsInto(&v.subjects, v.actor, key),
		zienswijze.ViewsInto(&v.views, v.actor, key), zienswijze.MatrixInto(&v.cells, v.actor, key))
	v.reckon()
	return v, err
}

func (v *whole) reckon() {
	v.due, v.dueRule = v.procedure.Due(v.actor.At)
	v.from = dutch.Day(v.actor.At)
	if d := v.procedure.Dispatch(); d != nil {
		v.from = *d
	}
}

// findings are what the board leaves to be done.
func (v whole) findings() rule.Findings { return zienswijze.Findings(v.procedure, v.views) }

// Show is the page of a procedure.
func (p Pages) Show(w http.ResponseWriter, r *http.Request) error {
	v, err := p.read(r)
	if err != nil {
		return err
	}
	if zienswijze.CanSeeHistory(v.actor, append(v.procedure.OrgIDs, v.procedure.ParticipantOrgIDs...)...) {
		if err := postgres.Read(r.Context(), p.DB, audit.Of(&v.history, v.actor, string(v.procedure.ID))); err != nil {
			return err
		}
	}
	return respond.Page(w, r, http.StatusOK, v.procedure.Subject, show(v))
}

// onSubject is what the page of one subject holds.
type onSubject struct {
	procedure zienswijze.Procedure
	subject   zienswijze.Subject
	said      []zienswijze.Said
	page      int
	more      bool
}

// ShowSubject is what the councils say of one subject, in their own words, with the answers.
func (p Pages) ShowSubject(w http.ResponseWriter, r *http.Request) error {
	actor, key := request.Actor(r), request.Key(r, "procedure")
	number, err := strconv.Atoi(request.Key(r, "number"))
	if err != nil || number < 1 || number > 10_000 {
		return fault.NotFound
	}
	v := onSubject{page: request.Page(r)}
	err = postgres.Read(r.Context(), p.DB, zienswijze.Into(&v.procedure, actor, key), zienswijze.SubjectInto(&v.subject, actor, key, number),
		zienswijze.SaidInto(&v.said, actor, key, number, v.page))
	if err != nil {
		return err
	}
	if len(v.said) > zienswijze.PerPage {
		v.said, v.more = v.said[:zienswijze.PerPage], true
	}
	return respond.Page(w, r, http.StatusOK, v.subject.Title, subject(v))
}

// sending is what the form that sends the draft needs.
type sending struct {
	whole
	form     *form.Form
	findings rule.Findings
	due      time.Time
	dueRule  string
}

// NewSending shows what sending the draft does, and what stands in its way.
func (p Pages) NewSending(w http.ResponseWriter, r *http.Request) error {
	v, err := p.read(r)
	if err != nil {
		return err
	}
	f := form.New(map[string]string{"sent_on": dutch.FormDate(v.actor.At), "version": strconv.Itoa(v.procedure.Version)})
	return p.sendingForm(w, r, http.StatusOK, v, f)
}

func (p Pages) sendingForm(w http.ResponseWriter, r *http.Request, status int, v whole, f *form.Form) error {
	if !zienswijze.CanSend(v.actor, v.procedure) {
		return fault.Forbidden
	}
	s, on := sending{whole: v, form: f}, v.actor.At
	if d := f.Date("sent_on"); d != nil {
		on = *d
	}
	s.findings = zienswijze.DispatchRules(v.procedure.Facts, on)
	if v.procedure.ProposalKey != "" {
		var steps []route.Step
		if err := postgres.Read(r.Context(), p.DB, route.Of(&steps, v.actor, v.procedure.ProposalID)); err != nil {
			return err
		}
		var bodies []id.Body
		for _, c := range v.views {
			if c.BodyID != "" {
				bodies = append(bodies, c.BodyID)
			}
		}
		s.findings = append(s.findings, route.ViewFindings(steps, bodies, v.actor.At)...)
	}
	s.due, s.dueRule = v.procedure.DueWhenSent(on)
	return respond.Page(w, r, status, "Verzend het ontwerp", send(s))
}

// CreateSending sends the draft to the councils, or shows the form again with what is wrong.
func (p Pages) CreateSending(w http.ResponseWriter, r *http.Request) error {
	return form.Edit[whole]{
		Read: func() (whole, error) { return p.read(r) },
		Save: func(v whole, f *form.Form) error {
			d := zienswijze.Dispatch{SentOn: f.Date("sent_on"), Version: f.Version(), Reasons: f.Reasons()}
			return f.Act(func() error { return nil }, func() error {
				_, err := zienswijze.Send(r.Context(), p.DB, v.actor, v.procedure.ID, d)
				return form.Reasoned(err, "sent_on")
			})
		},
		Saved: func(v whole) form.Saved {
			return form.Saved{Values: map[string]string{"version": strconv.Itoa(v.procedure.Version)}, By: v.procedure.UpdatedBy, At: v.procedure.UpdatedAt}
		},
		Show: func(status int, v whole, f *form.Form) error { return p.sendingForm(w, r, status, v, f) },
		Done: func(v whole) error {
			return respond.SeeOther(w, r, path.Procedure(v.procedure.Key), "Het ontwerp is verzonden. De raden zien de procedure en hun termijn loopt.")
		},
	}.Update(r)
}

// act does something with a procedure that needs no form, and goes back to its page.
func (p Pages) act(w http.ResponseWriter, r *http.Request, told string, do func(v zienswijze.Procedure) error) error {
	found, err := zienswijze.Find(r.Context(), p.DB, request.Actor(r), request.Key(r, "procedure"))
	if err != nil {
		return err
	}
	if err := do(found); err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Procedure(found.Key), told)
}

// CreatePublication opens the procedure to everyone.
func (p Pages) CreatePublication(w http.ResponseWriter, r *http.Request) error {
	return p.act(w, r, "De procedure is openbaar. Wat een raad schrijft, maakt zijn eigen griffier openbaar.", func(v zienswijze.Procedure) error {
		_, err := zienswijze.Publish(r.Context(), p.DB, request.Actor(r), v.ID)
		return err
	})
}

// CreateRetraction takes that back.
func (p Pages) CreateRetraction(w http.ResponseWriter, r *http.Request) error {
	return p.act(w, r, "De procedure is niet meer openbaar, en de zienswijzen erin ook niet.", func(v zienswijze.Procedure) error {
		_, err := zienswijze.Retract(r.Context(), p.DB, request.Actor(r), v.ID)
		return err
	})
}

// CreateClosing ends the procedure.
func (p Pages) CreateClosing(w http.ResponseWriter, r *http.Request) error {
	return p.act(w, r, "De procedure is gesloten.", func(v zienswijze.Procedure) error {
		_, err := zienswijze.Close(r.Context(), p.DB, request.Actor(r), v.ID)
		return err
	})
}

// aligned is what the page needs that lays the calendars beside each other.
type aligned struct {
	whole
	form        *form.Form
	since       time.Time
	until       time.Time
	leg         zienswijze.Leg
	fits        bool
	known       bool            // there is an end to reckon to
	over        bool            // and it is past
	withoutDays int             // councils of which no meeting is known
	unknown     map[string]bool // councils, by key, of which nobody knows when papers must be in
}

// Align shows when all councils can decide. The days in the address take the place of those of the term.
func (p Pages) Align(w http.ResponseWriter, r *http.Request) error {
	v, err := p.read(r)
	if err != nil {
		return err
	}
	// What is past can no longer be planned.
	since := v.from
	if today := dutch.Day(v.actor.At); today.After(since) {
		since = today
	}
	a := aligned{
		whole: v, since: since, unknown: map[string]bool{},
		form: form.New(map[string]string{"van": request.Query(r, "van"), "tot": request.Query(r, "tot")}),
	}
	if !v.due.IsZero() {
		a.until, a.known = zienswijze.LastEvening(v.due), true
	}
	if d := a.form.Date("van"); d != nil {
		a.since = dutch.Day(*d)
	}
	if d := a.form.Date("tot"); d != nil {
		a.until, a.known = dutch.Day(*d), true
	}
	a.over = a.known && a.until.Before(a.since) && !a.form.Bool("tot")
	if a.known && !a.over && (a.until.Before(a.since) || a.until.After(a.since.AddDate(3, 0, 0))) {
		a.form.Faults.Must(false, "tot", "Deze dag ligt niet in de drie jaar na de eerste dag. Pas een van de twee aan.")
		a.known = false
	}
	councils := zienswijze.Undecided(v.views)
	for _, c := range councils {
		if len(c.Meetings) == 0 {
			a.withoutDays++
		}
	}
	for _, each := range v.views {
		a.unknown[each.OrgKey] = each.PapersDueDays == nil
	}
	if a.known && !a.over {
		found := zienswijze.Align([][]zienswijze.Calendar{councils}, a.since, a.until)
		a.leg, a.fits = found.Legs[0], found.Fits
	}
	return respond.Page(w, r, http.StatusOK, "Klok gelijk", align(a))
}
