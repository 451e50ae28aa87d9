// Package collaborations shows who works together with whom, in what form, and what it asks of a council.
package collaborations

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/route"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// Pages are the handlers of collaborations and who takes part in them.
type Pages struct{ DB *pgxpool.Pool }

// Index lists collaborations; the filters stand in the address.
func (p Pages) Index(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	v := listView{Page: request.Page(r), MayCreate: collaboration.MayOffer(actor), Filter: collaboration.Filter{
		Name: request.Query(r, "naam"), Form: collaboration.Form(request.Query(r, "vorm")), Province: request.Query(r, "provincie"),
		Ended: request.Query(r, "stand") == "beeindigd",
	}}
	var err error
	if v.List, v.More, v.Total, err = collaboration.List(r.Context(), p.DB, actor, v.Filter, v.Page); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Samenwerkingen", list(v))
}

// shown is what the page of a collaboration holds.
type shown struct {
	Actor         access.Actor
	Collaboration collaboration.Collaboration
	Organisation  []partner.Link // the one it made, at most one
	Participants  []collaboration.Participant
	Bodies        []partner.Body
	People        []partner.InOffice
	Meetings      []partner.MeetingLine
	Routes        []route.Running // the papers that go along its participants, the most urgent first
}

// now and before are who take part and who did.
func (v shown) now() []collaboration.Participant    { return v.when(true) }
func (v shown) before() []collaboration.Participant { return v.when(false) }

func (v shown) when(in bool) []collaboration.Participant {
	var list []collaboration.Participant
	for _, p := range v.Participants {
		if (p.LeftOn == nil || p.LeftOn.After(dutch.Day(v.Actor.At))) == in {
			list = append(list, p)
		}
	}
	return list
}

// Show is the page of a collaboration.
func (p Pages) Show(w http.ResponseWriter, r *http.Request) error {
	actor, key := request.Actor(r), request.Key(r, "collaboration")
	v := shown{Actor: actor}
	err := postgres.Read(r.Context(), p.DB,
		collaboration.Into(&v.Collaboration, actor, key),
		collaboration.OrganisationInto(&v.Organisation, actor, key),
		collaboration.ParticipantsInto(&v.Participants, actor, key),
		partner.CollaborationBodiesInto(&v.Bodies, actor, key),
		partner.CollaborationInOfficeInto(&v.People, actor, key),
		partner.CollaborationMeetingsInto(&v.Meetings, actor, key),
		route.List(&v.Routes, actor, route.Filter{Collaboration: key}))
	if err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, v.Collaboration.Title(), show(v))
}

// formView is what the form of a collaboration needs.
type formView struct {
	Collaboration collaboration.Collaboration // without an id when it is new
	Organisations []partner.OrganisationOption
	Whole         bool // the actor may also say which organisation carries it
}

// New is the form of a new collaboration.
func (p Pages) New(w http.ResponseWriter, r *http.Request) error {
	return p.newForm(w, r, http.StatusOK, form.New(nil))
}

func (p Pages) newForm(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	actor := request.Actor(r)
	if !collaboration.MayOffer(actor) {
		return fault.Forbidden
	}
	v := formView{Whole: true}
	if err := postgres.Read(r.Context(), p.DB, partner.OrganisationsFor(&v.Organisations, actor)); err != nil {
		return err
	}
	v.Organisations = allowed(actor, v.Organisations)
	return respond.Page(w, r, status, "Nieuwe samenwerking", collaborationForm(v, f))
}

// allowed leaves the organisations for which the actor may add a collaboration.
func allowed(a access.Actor, all []partner.OrganisationOption) []partner.OrganisationOption {
	var list []partner.OrganisationOption
	for _, o := range all {
		if collaboration.CanCreate(a, o.ID) {
			list = append(list, o)
		}
	}
	return list
}

// Create adds the collaboration, or shows the form again with what is wrong.
func (p Pages) Create(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	actor := request.Actor(r)
	var made collaboration.Collaboration
	draft := readDraft(f)
	if collaboration.MayOffer(actor) {
		f.Faults.Must(collaboration.CanCreate(actor, draft.OrganisationID), "organisation_id", "Kies de organisatie waarvoor u de samenwerkingen beheert.")
	}
	if err = f.Sound(draft.Check(actor.At)); err == nil {
		made, err = collaboration.Create(r.Context(), p.DB, actor, draft)
	}
	if f.Explains(err) {
		return p.newForm(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Collaboration(made.Key), "De samenwerking is toegevoegd. Voeg nu de deelnemers toe.")
}

func (p Pages) read(r *http.Request) (formView, error) {
	actor := request.Actor(r)
	var v formView
	err := postgres.Read(r.Context(), p.DB,
		collaboration.Into(&v.Collaboration, actor, request.Key(r, "collaboration")), partner.OrganisationsFor(&v.Organisations, actor))
	if err != nil {
		return v, err
	}
	if !collaboration.CanRevise(actor, v.Collaboration) {
		return v, fault.Forbidden
	}
	v.Whole = collaboration.CanManage(actor, v.Collaboration)
	v.Organisations = allowed(actor, v.Organisations)
	return v, nil
}

// Edit is the form of a collaboration.
func (p Pages) Edit(w http.ResponseWriter, r *http.Request) error {
	v, err := p.read(r)
	if err != nil {
		return err
	}
	f := form.New(values(v.Collaboration))
	f.Values["domains"], f.Values["delegation"] = v.Collaboration.Domains, v.Collaboration.Delegation
	return editForm(w, r, http.StatusOK, v, f)
}

func editForm(w http.ResponseWriter, r *http.Request, status int, v formView, f *form.Form) error {
	return respond.Page(w, r, status, "Wijzig "+v.Collaboration.Title(), collaborationForm(v, f))
}

// Update changes the collaboration, or shows the form again with what is wrong or what someone else saved.
func (p Pages) Update(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	return form.Edit[formView]{
		Read: func() (formView, error) { return p.read(r) },
		Save: func(v formView, f *form.Form) error {
			draft := readDraft(f)
			draft.Key = v.Collaboration.Key
			if v.Whole {
				f.Faults.Must(collaboration.CanCreate(actor, draft.OrganisationID), "organisation_id", "Kies de organisatie waarvoor u de samenwerkingen beheert.")
			} else {
				draft.OrganisationID = v.Collaboration.OrganisationID
			}
			return f.Act(func() error { return draft.Check(actor.At) }, func() error {
				_, err := collaboration.Revise(r.Context(), p.DB, actor, v.Collaboration.ID, f.Version(), draft)
				return err
			})
		},
		Saved: func(v formView) form.Saved {
			return form.Saved{Values: values(v.Collaboration), By: v.Collaboration.UpdatedBy, At: v.Collaboration.UpdatedAt}
		},
		Words: func(v formView, f *form.Form, _ map[string]string) { v.relabel(f) },
		Show:  func(status int, v formView, f *form.Form) error { return editForm(w, r, status, v, f) },
		Done: func(v formView) error {
			return respond.SeeOther(w, r, path.Collaboration(v.Collaboration.Key), "De gegevens van de samenwerking zijn bewaard.")
		},
	}.Update(r)
}

// relabel shows what someone else chose by its label.
func (v formView) relabel(f *form.Form) {
	for name, options := range map[string][]form.Option{
		"form": formOptions(""), "organisation_id": v.organisationOptions(), "character": wordOptions(collaboration.Characters, ""),
		"bbv_category": wordOptions(collaboration.BBVCategories, ""), "council_role": wordOptions(collaboration.CouncilRoles, ""),
	} {
		for _, o := range options {
			if theirs, ok := f.Theirs[name]; ok && theirs != "" && theirs == o.Value {
				f.Theirs[name] = o.Label
				break
			}
		}
	}
	for name, words := range map[string]collaboration.Words{"domains": collaboration.Domains, "delegation": collaboration.Delegations} {
		if theirs, ok := f.Theirs[name]; ok && theirs != "" {
			f.Theirs[name] = strings.Join(words.Labels(strings.Split(theirs, "\n")), "\n")
		}
	}
}

func readDraft(f *form.Form) collaboration.Draft {
	return collaboration.Draft{Key: f.Line("key"), Facts: collaboration.Facts{
		Name: f.Line("name"), ShortName: f.Line("short_name"), Form: collaboration.Form(f.Text("form")),
		OrganisationID: id.Organisation(f.Text("organisation_id")), Character: f.Text("character"), Domains: f.List("domains"),
		Fields: f.Lines("fields"), BBVCategory: f.Text("bbv_category"), CouncilRole: f.Text("council_role"), LegalBases: f.Lines("legal_bases"),
		Delegation: f.List("delegation"), PublicInterest: f.Text("public_interest"), Purpose: f.Text("purpose"), SeatPlace: f.Line("seat_place"),
		Contact: f.Text("contact"), RegelingURL: f.Line("regeling_url"), InForceOn: f.Date("in_force_on"), EndedOn: f.Date("ended_on"),
		ZienswijzeSubjects: f.Lines("zienswijze_subjects"), ParticipationRule: f.Text("participation_rule"), EvaluationRule: f.Text("evaluation_rule"),
		NextEvaluationOn: f.Date("next_evaluation_on"), ExitNoticeMonths: f.Int("exit_notice_months"), ExitText: f.Text("exit_text"),
	}}
}

func values(c collaboration.Collaboration) map[string]string {
	months := ""
	if c.ExitNoticeMonths != nil {
		months = strconv.Itoa(*c.ExitNoticeMonths)
	}
	return map[string]string{
		"name": c.Name, "short_name": c.ShortName, "form": string(c.Form), "organisation_id": string(c.OrganisationID), "character": c.Character,
		"domains": strings.Join(c.Domains, "\n"), "fields": strings.Join(c.Fields, "\n"), "bbv_category": c.BBVCategory,
		"council_role": c.CouncilRole, "legal_bases": strings.Join(c.LegalBases, "\n"), "delegation": strings.Join(c.Delegation, "\n"),
		"public_interest": c.PublicInterest, "purpose": c.Purpose, "seat_place": c.SeatPlace, "contact": c.Contact, "regeling_url": c.RegelingURL,
		"in_force_on": form.Day(c.InForceOn), "ended_on": form.Day(c.EndedOn), "zienswijze_subjects": strings.Join(c.ZienswijzeSubjects, "\n"),
		"participation_rule": c.ParticipationRule, "evaluation_rule": c.EvaluationRule, "next_evaluation_on": form.Day(c.NextEvaluationOn),
		"exit_notice_months": months, "exit_text": c.ExitText, "version": strconv.Itoa(c.Version),
	}
}

func formOptions(first string) []form.Option {
	options := []form.Option{{Value: "", Label: first}}
	for _, f := range collaboration.Forms {
		options = append(options, form.Option{Value: string(f), Label: f.Label()})
	}
	return options
}

// wordOptions are words to choose from; without a first one, for a set of which several may hold.
func wordOptions(words collaboration.Words, first string) []form.Option {
	var options []form.Option
	if first != "" {
		options = append(options, form.Option{Value: "", Label: first})
	}
	for _, w := range words {
		options = append(options, form.Option(w))
	}
	return options
}

func (v formView) organisationOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Geen"}}
	current := v.Collaboration.OrganisationID
	for _, o := range v.Organisations {
		options = append(options, form.Option{Value: string(o.ID), Label: o.Name + " (" + strings.ToLower(o.Kind.Label()) + ")"})
		if o.ID == current {
			current = ""
		}
	}
	if current != "" { // ended, but still the one of this collaboration
		options = append(options, form.Option{Value: string(current), Label: "De huidige organisatie (opgeheven)"})
	}
	return options
}
