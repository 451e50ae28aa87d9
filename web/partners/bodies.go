package partners

import (
	"net/http"
	"strconv"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// bodyView is what the form of a body needs.
type bodyView struct {
	Actor          access.Actor
	Organisation   partner.Organisation
	Body           partner.Body // without an id when it is new
	Siblings       []partner.Body
	Collaborations []partner.CollaborationOption
	Whole          bool // all fields, not only the terms by which it works
}

func (p Pages) readBodyView(r *http.Request, more ...postgres.Query) (bodyView, error) {
	actor, key := request.Actor(r), request.Key(r, "organisation")
	v := bodyView{Actor: actor}
	err := postgres.Read(r.Context(), p.DB, append([]postgres.Query{
		partner.OrganisationInto(&v.Organisation, actor, key),
		partner.BodiesInto(&v.Siblings, actor, key),
		partner.CollaborationsFor(&v.Collaborations, actor, key),
	}, more...)...)
	if err != nil {
		return v, err
	}
	v.Whole = partner.CanCreateBody(actor, v.Organisation.ID)
	return v, nil
}

// findBody reads the body of the address, which must be one of the organisation of the address.
func (p Pages) findBody(r *http.Request) (bodyView, error) {
	v, err := p.readBodyView(r)
	if err != nil {
		return v, err
	}
	for _, b := range v.Siblings {
		if b.Key == request.Key(r, "body") {
			v.Body = b
			return v, nil
		}
	}
	return v, fault.NotFound
}

// NewBody is the form of a new body.
func (p Pages) NewBody(w http.ResponseWriter, r *http.Request) error {
	return p.newBodyForm(w, r, http.StatusOK, form.New(nil))
}

func (p Pages) newBodyForm(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	v, err := p.readBodyView(r)
	if err != nil {
		return err
	}
	if !v.Whole {
		return fault.Forbidden
	}
	return respond.Page(w, r, status, "Nieuw gremium", bodyForm(v, f))
}

// CreateBody adds the body, or shows the form again with what is wrong.
func (p Pages) CreateBody(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	o, err := partner.FindOrganisation(r.Context(), p.DB, actor, request.Key(r, "organisation"))
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	var made partner.Body
	draft := readBody(f)
	draft.OrganisationID = o.ID
	if err = f.Sound(draft.Check(actor.At)); err == nil {
		made, err = partner.CreateBody(r.Context(), p.DB, actor, draft)
	}
	if f.Explains(err) {
		return p.newBodyForm(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Organisation(o.Key)+"#"+made.Key, "Het gremium is toegevoegd.")
}

// EditBody is the form of a body.
func (p Pages) EditBody(w http.ResponseWriter, r *http.Request) error {
	v, err := p.findBody(r)
	if err != nil {
		return err
	}
	return editBodyForm(w, r, http.StatusOK, v, form.New(bodyValues(v.Body)))
}

func editBodyForm(w http.ResponseWriter, r *http.Request, status int, v bodyView, f *form.Form) error {
	if !partner.CanSetTerms(v.Actor, v.Body) {
		return fault.Forbidden
	}
	return respond.Page(w, r, status, "Wijzig "+v.Body.Name, bodyForm(v, f))
}

// UpdateBody changes the body, or shows the form again with what is wrong or what someone else saved.
func (p Pages) UpdateBody(w http.ResponseWriter, r *http.Request) error {
	return form.Edit[bodyView]{
		Read: func() (bodyView, error) { return p.findBody(r) },
		Save: func(v bodyView, f *form.Form) error {
			draft := readBody(f)
			if !v.Whole { // the other fields are not in his form
				terms := draft
				draft = v.Body.Draft()
				draft.NoticeDays, draft.PapersDueDays = terms.NoticeDays, terms.PapersDueDays
			}
			return f.Act(func() error { return draft.Check(v.Actor.At) }, func() error {
				_, err := partner.ReviseBody(r.Context(), p.DB, v.Actor, v.Body.ID, f.Version(), draft)
				return err
			})
		},
		Saved: func(v bodyView) form.Saved {
			return form.Saved{Values: bodyValues(v.Body), By: v.Body.UpdatedBy, At: v.Body.UpdatedAt}
		},
		Words: func(v bodyView, f *form.Form, _ map[string]string) {
			relabel(f, "kind", bodyKindOptions())
			relabel(f, "parent_body_id", v.siblingOptions())
			relabel(f, "collaboration_id", v.collaborationOptions())
		},
		Show: func(status int, v bodyView, f *form.Form) error { return editBodyForm(w, r, status, v, f) },
		Done: func(v bodyView) error {
			return respond.SeeOther(w, r, path.Organisation(v.Organisation.Key)+"#"+v.Body.Key, "De gegevens van het gremium zijn bewaard.")
		},
	}.Update(r)
}

func readBody(f *form.Form) partner.BodyDraft {
	return partner.BodyDraft{
		Key: f.Line("key"), CollaborationID: id.Collaboration(f.Text("collaboration_id")), Kind: partner.BodyKind(f.Text("kind")), Name: f.Line("name"),
		Abbreviation: f.Line("abbreviation"), SeatsTotal: f.Int("seats_total"), ParentBodyID: id.Body(f.Text("parent_body_id")),
		Closed: f.Bool("closed"), NoticeDays: f.Int("notice_days"), PapersDueDays: f.Int("papers_due_days"),
		MinMeetingsYear: f.Int("min_meetings_year"), EndedOn: f.Date("ended_on"),
	}
}

func bodyValues(b partner.Body) map[string]string {
	closed := ""
	if !b.PublicByDefault {
		closed = "ja"
	}
	return map[string]string{
		"collaboration_id": string(b.CollaborationID), "kind": string(b.Kind), "name": b.Name, "abbreviation": b.Abbreviation,
		"seats_total": number(b.SeatsTotal), "parent_body_id": string(b.ParentBodyID), "closed": closed, "notice_days": number(b.NoticeDays),
		"papers_due_days": number(b.PapersDueDays), "min_meetings_year": number(b.MinMeetingsYear), "ended_on": form.Day(b.EndedOn),
		"version": strconv.Itoa(b.Version),
	}
}

func bodyKindOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Kies een soort"}}
	for _, k := range partner.BodyKinds {
		options = append(options, form.Option{Value: string(k), Label: k.Label()})
	}
	return options
}

func (v bodyView) siblingOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Geen"}}
	for _, b := range v.Siblings {
		if b.ID != v.Body.ID {
			options = append(options, form.Option{Value: string(b.ID), Label: b.Name})
		}
	}
	return options
}

func (v bodyView) collaborationOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Geen"}}
	current := v.Body.CollaborationID
	for _, c := range v.Collaborations {
		options = append(options, form.Option{Value: string(c.ID), Label: c.Name})
		if c.ID == current {
			current = ""
		}
	}
	if current != "" { // ended, but still the one of this body
		options = append(options, form.Option{Value: string(current), Label: "De huidige samenwerking (beëindigd)"})
	}
	return options
}
