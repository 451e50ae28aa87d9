package zienswijzen

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// council is what the pages of one council in a procedure hold.
type council struct {
	actor     access.Actor
	procedure zienswijze.Procedure
	view      zienswijze.View
	subjects  []zienswijze.Subject
	texts     []zienswijze.Text // at most one: none yet, or none to read for who asks
	opinions  []zienswijze.Opinion
	planned   []zienswijze.Planned
	history   []audit.Entry
	form      *form.Form
	due       time.Time
}

func (p Pages) council(r *http.Request) (council, error) {
	v := council{actor: request.Actor(r)}
	key, org := request.Key(r, "procedure"), request.Key(r, "organisation")
	err := postgres.Read(r.Context(), p.DB,
		zienswijze.Into(&v.procedure, v.actor, key), zienswijze.ViewInto(&v.view, v.actor, key, org),
		zienswijze.SubjectsInto(&v.subjects, v.actor, key), zienswijze.TextInto(&v.texts, v.actor, key, org),
		zienswijze.OpinionsInto(&v.opinions, v.actor, key, org), zienswijze.PlannedInto(&v.planned, v.actor, key, org))
	v.due, _ = v.procedure.Due(v.actor.At)
	return v, err
}

func (v council) address() string { return path.View(v.procedure.Key, v.view.OrgKey) }

// text is what the council says, as far as who asks may read it.
func (v council) text() zienswijze.Text {
	if len(v.texts) == 0 {
		return zienswijze.Text{}
	}
	return v.texts[0]
}

func (v council) opinion(s zienswijze.Subject) zienswijze.Opinion {
	i := slices.IndexFunc(v.opinions, func(o zienswijze.Opinion) bool { return o.SubjectID == s.ID })
	if i < 0 {
		return zienswijze.Opinion{}
	}
	return v.opinions[i]
}

// ShowView is what one council says, and what it is answered.
func (p Pages) ShowView(w http.ResponseWriter, r *http.Request) error {
	v, err := p.council(r)
	if err != nil {
		return err
	}
	v.form = form.New(map[string]string{"meeting_id": string(v.view.MeetingID)})
	return p.showView(w, r, http.StatusOK, v)
}

func (p Pages) showView(w http.ResponseWriter, r *http.Request, status int, v council) error {
	if zienswijze.CanSeeHistory(v.actor, append(v.procedure.OrgIDs, v.view.OrganisationID)...) {
		if err := postgres.Read(r.Context(), p.DB, audit.Of(&v.history, v.actor, string(v.view.ID))); err != nil {
			return err
		}
	}
	return respond.Page(w, r, status, "Zienswijze van "+v.view.OrgName, showView(v))
}

func (v council) values(answers bool) map[string]string {
	t := v.text()
	shared := ""
	if t.SharedDraft {
		shared = "ja"
	}
	values := map[string]string{"text": t.Text, "shared_draft": shared, "version": strconv.Itoa(t.Version)}
	if answers {
		values = map[string]string{"board_answer": t.BoardAnswer, "version": strconv.Itoa(t.Version)}
	}
	for _, s := range v.subjects {
		o := v.opinion(s)
		values[field("stance", s)], values[field("passage", s)] = string(o.Stance), o.Passage
		if answers {
			values[field("answer", s)] = o.Answer
		}
	}
	return values
}

func field(name string, s zienswijze.Subject) string { return fmt.Sprintf("%s-%d", name, s.Number) }

func (v council) readOpinions(f *form.Form) []zienswijze.Opinion {
	var all []zienswijze.Opinion
	for _, s := range v.subjects {
		all = append(all, zienswijze.Opinion{
			SubjectID: s.ID, Number: s.Number, Stance: zienswijze.Stance(f.Text(field("stance", s))), Passage: f.Text(field("passage", s)),
			Answer: f.Text(field("answer", s)),
		})
	}
	return all
}

// inWords shows what someone else chose by its label.
func (v council) inWords(all map[string]string) {
	for _, s := range v.subjects {
		if theirs, ok := all[field("stance", s)]; ok && theirs != "" {
			all[field("stance", s)] = zienswijze.Stance(theirs).Label()
		}
	}
	if all["shared_draft"] == "ja" {
		all["shared_draft"] = "Gedeeld"
	}
}

// EditView is the form in which a griffie writes the view of its council.
func (p Pages) EditView(w http.ResponseWriter, r *http.Request) error {
	v, err := p.council(r)
	if err != nil {
		return err
	}
	v.form = form.New(v.values(false))
	return writeForm(w, r, http.StatusOK, v)
}

func writeForm(w http.ResponseWriter, r *http.Request, status int, v council) error {
	if !zienswijze.CanWrite(v.actor, v.procedure, v.view) {
		return fault.Forbidden
	}
	return respond.Page(w, r, status, "Zienswijze van "+v.view.OrgName+" schrijven", write(v))
}

// UpdateView keeps the draft, or shows the form again with what is wrong or what someone else saved.
func (p Pages) UpdateView(w http.ResponseWriter, r *http.Request) error {
	return p.editText(r, false, func(v council, f *form.Form) error {
		draft := zienswijze.TextDraft{Text: f.Text("text"), Shared: f.Bool("shared_draft"), Opinions: v.readOpinions(f), Version: f.Version()}
		return f.Act(func() error { return draft.Check(v.actor.At) }, func() error {
			return zienswijze.Write(r.Context(), p.DB, v.actor, v.view.ID, draft)
		})
	}, func(status int, v council) error { return writeForm(w, r, status, v) }, func(v council) error {
		return respond.SeeOther(w, r, v.address(), "De zienswijze is bewaard als concept.")
	})
}

// editText is the edit of what a council says, or of what it is answered.
func (p Pages) editText(r *http.Request, answers bool, save func(council, *form.Form) error, show func(int, council) error, done func(council) error) error {
	return form.Edit[council]{
		Read: func() (council, error) { return p.council(r) },
		Save: save,
		Saved: func(v council) form.Saved {
			return form.Saved{Values: v.values(answers), By: v.text().UpdatedBy, At: v.text().UpdatedAt}
		},
		Words: func(v council, _ *form.Form, theirs map[string]string) { v.inWords(theirs) },
		Show: func(status int, v council, f *form.Form) error {
			v.form = f
			return show(status, v)
		},
		Done: done,
	}.Update(r)
}

// CreateScheduling says at which meeting the council treats the draft.
func (p Pages) CreateScheduling(w http.ResponseWriter, r *http.Request) error {
	v, err := p.council(r)
	if err != nil {
		return err
	}
	if v.form, err = form.Read(r); err != nil {
		return err
	}
	err = zienswijze.Schedule(r.Context(), p.DB, v.actor, v.view.ID, id.Meeting(v.form.Text("meeting_id")))
	if v.form.Explains(err) {
		return p.showView(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, v.address(), "De keuze is bewaard.")
}

// NewDecision is the form in which the griffier records what his council decided.
func (p Pages) NewDecision(w http.ResponseWriter, r *http.Request) error {
	v, err := p.council(r)
	if err != nil {
		return err
	}
	first := map[string]string{"decided_on": dutch.FormDate(v.actor.At)}
	if v.view.MeetingOn != nil && !v.view.MeetingOn.After(v.actor.At) {
		first["decided_on"] = dutch.FormDate(*v.view.MeetingOn)
	}
	v.form = form.New(first)
	return decisionForm(w, r, http.StatusOK, v)
}

func decisionForm(w http.ResponseWriter, r *http.Request, status int, v council) error {
	if !zienswijze.CanRecord(v.actor, v.procedure, v.view) {
		return fault.Forbidden
	}
	return respond.Page(w, r, status, "Besluit van de raad vastleggen", decision(v))
}

// CreateDecision records that the council adopted its view, or that it gives none.
func (p Pages) CreateDecision(w http.ResponseWriter, r *http.Request) error {
	v, err := p.council(r)
	if err != nil {
		return err
	}
	if v.form, err = form.Read(r); err != nil {
		return err
	}
	f, told := v.form, "Het besluit van de raad is vastgelegd. Verzend de zienswijze nu aan het bestuur."
	on := f.Date("decided_on")
	record := zienswijze.Adopt
	switch f.Text("outcome") {
	case string(zienswijze.Adopted):
	case string(zienswijze.None):
		record, told = zienswijze.Decline, "Vastgelegd: de raad geeft geen zienswijze. Het bestuur ziet dat meteen."
	default:
		f.Faults.Must(!zienswijze.CanRecord(v.actor, v.procedure, v.view), "outcome", "Kies wat de raad besloot.")
	}
	if err = f.Sound(nil); err == nil {
		err = record(r.Context(), p.DB, v.actor, v.view.ID, on)
	}
	if f.Explains(err) {
		if why, missing := f.Faults["text"]; missing { // the text has a form of its own
			delete(f.Faults, "text")
			f.Faults.Must(false, "outcome", why)
		}
		return decisionForm(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, v.address(), told)
}

// act does something with the view of a council that needs no form, and goes back to its page.
func (p Pages) actView(w http.ResponseWriter, r *http.Request, told string, do func(v council) error) error {
	v, err := p.council(r)
	if err != nil {
		return err
	}
	if err := do(v); err != nil {
		return err
	}
	return respond.SeeOther(w, r, v.address(), told)
}

// CreateViewSending hands the view to the board.
func (p Pages) CreateViewSending(w http.ResponseWriter, r *http.Request) error {
	return p.actView(w, r, "De zienswijze is verzonden. Het bestuur en de andere deelnemers lezen haar nu.", func(v council) error {
		return zienswijze.SendView(r.Context(), p.DB, v.actor, v.view.ID)
	})
}

// CreateViewPublication opens the view to everyone.
func (p Pages) CreateViewPublication(w http.ResponseWriter, r *http.Request) error {
	return p.actView(w, r, "De zienswijze is openbaar.", func(v council) error {
		return zienswijze.PublishView(r.Context(), p.DB, v.actor, v.view.ID)
	})
}

// CreateViewRetraction takes that back.
func (p Pages) CreateViewRetraction(w http.ResponseWriter, r *http.Request) error {
	return p.actView(w, r, "De zienswijze is niet meer openbaar.", func(v council) error {
		return zienswijze.RetractView(r.Context(), p.DB, v.actor, v.view.ID)
	})
}

// NewAnswer is the form in which the board answers a council.
func (p Pages) NewAnswer(w http.ResponseWriter, r *http.Request) error {
	v, err := p.council(r)
	if err != nil {
		return err
	}
	v.form = form.New(v.values(true))
	return answerForm(w, r, http.StatusOK, v)
}

func answerForm(w http.ResponseWriter, r *http.Request, status int, v council) error {
	if !zienswijze.CanAnswer(v.actor, v.procedure, v.view) {
		return fault.Forbidden
	}
	return respond.Page(w, r, status, "Beantwoord "+v.view.OrgName, answer(v))
}

// CreateAnswer gives the answer, or shows the form again with what is wrong or what someone else saved.
func (p Pages) CreateAnswer(w http.ResponseWriter, r *http.Request) error {
	return p.editText(r, true, func(v council, f *form.Form) error {
		draft := zienswijze.AnswerDraft{Answer: f.Text("board_answer"), Opinions: v.readOpinions(f), Version: f.Version()}
		return f.Act(func() error { return draft.Check(v.actor.At) }, func() error {
			return zienswijze.Answer(r.Context(), p.DB, v.actor, v.view.ID, draft)
		})
	}, func(status int, v council) error { return answerForm(w, r, status, v) }, func(v council) error {
		return respond.SeeOther(w, r, v.address(), "Het antwoord is gegeven. De raad en de andere deelnemers lezen het.")
	})
}
