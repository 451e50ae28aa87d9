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

// recessView is what the form of a recess needs.
type recessView struct {
	Actor        access.Actor
	Organisation partner.Organisation
	Bodies       []partner.Body
	Recess       partner.Recess // without an id when it is new
}

func (v recessView) bodyOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Alle gremia van de organisatie"}}
	for _, b := range v.Bodies {
		if !b.Ended(v.Actor.At) && partner.CanKeepRecess(v.Actor, v.Organisation.ID, b.ID) || b.ID == v.Recess.BodyID {
			options = append(options, form.Option{Value: string(b.ID), Label: b.Name})
		}
	}
	return options
}

func (p Pages) readRecess(r *http.Request, more ...postgres.Query) (recessView, error) {
	actor, key := request.Actor(r), request.Key(r, "organisation")
	v := recessView{Actor: actor}
	err := postgres.Read(r.Context(), p.DB, append([]postgres.Query{
		partner.OrganisationInto(&v.Organisation, actor, key),
		partner.BodiesInto(&v.Bodies, actor, key),
	}, more...)...)
	return v, err
}

func (p Pages) findRecess(r *http.Request) (recessView, error) {
	var found partner.Recess
	v, err := p.readRecess(r, partner.RecessInto(&found, request.Actor(r), request.Key(r, "organisation"), request.ID[id.Recess](r, "recess")))
	if err != nil {
		return v, err
	}
	v.Recess = found
	if !partner.CanKeepRecess(v.Actor, v.Organisation.ID, v.Recess.BodyID) {
		return v, fault.Forbidden
	}
	return v, nil
}

// NewRecess is the form of a new recess.
func (p Pages) NewRecess(w http.ResponseWriter, r *http.Request) error {
	return p.newRecessForm(w, r, http.StatusOK, form.New(nil))
}

func (p Pages) newRecessForm(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	v, err := p.readRecess(r)
	if err != nil {
		return err
	}
	if !partner.MayKeepRecesses(v.Actor, v.Organisation.ID) {
		return fault.Forbidden
	}
	return respond.Page(w, r, status, "Nieuw reces", recessForm(v, f))
}

// CreateRecess adds the recess, or shows the form again with what is wrong.
func (p Pages) CreateRecess(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	o, err := partner.FindOrganisation(r.Context(), p.DB, actor, request.Key(r, "organisation"))
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	draft := readRecessDraft(f)
	draft.OrganisationID = o.ID
	if err = f.Sound(draft.Check(actor.At)); err == nil {
		_, err = partner.CreateRecess(r.Context(), p.DB, actor, draft)
	}
	if f.Explains(err) {
		return p.newRecessForm(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Organisation(o.Key)+"#recessen", "Het reces is toegevoegd.")
}

// EditRecess is the form of a recess.
func (p Pages) EditRecess(w http.ResponseWriter, r *http.Request) error {
	v, err := p.findRecess(r)
	if err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Wijzig "+v.Recess.Name, recessForm(v, form.New(recessValues(v.Recess))))
}

// UpdateRecess corrects the recess, or shows the form again with what is wrong or what someone else saved.
func (p Pages) UpdateRecess(w http.ResponseWriter, r *http.Request) error {
	return form.Edit[recessView]{
		Read: func() (recessView, error) { return p.findRecess(r) },
		Save: func(v recessView, f *form.Form) error {
			draft := readRecessDraft(f)
			return f.Act(func() error { return draft.Check(v.Actor.At) }, func() error {
				_, err := partner.ReviseRecess(r.Context(), p.DB, v.Actor, v.Recess.ID, f.Version(), draft)
				return err
			})
		},
		Saved: func(v recessView) form.Saved {
			return form.Saved{Values: recessValues(v.Recess), By: v.Recess.UpdatedBy, At: v.Recess.UpdatedAt}
		},
		Words: func(v recessView, f *form.Form, _ map[string]string) { relabel(f, "body_id", v.bodyOptions()) },
		Show: func(status int, v recessView, f *form.Form) error {
			return respond.Page(w, r, status, "Wijzig "+v.Recess.Name, recessForm(v, f))
		},
		Done: func(v recessView) error {
			return respond.SeeOther(w, r, path.Organisation(v.Organisation.Key)+"#recessen", "Het reces is bewaard.")
		},
	}.Update(r)
}

// CreateRecessRemoval takes the recess away.
func (p Pages) CreateRecessRemoval(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	o, err := partner.FindOrganisation(r.Context(), p.DB, actor, request.Key(r, "organisation"))
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	if err := partner.RemoveRecess(r.Context(), p.DB, actor, o.ID, request.ID[id.Recess](r, "recess"), f.Version()); err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Organisation(o.Key)+"#recessen", "Het reces is verwijderd.")
}

func readRecessDraft(f *form.Form) partner.RecessDraft {
	return partner.RecessDraft{BodyID: id.Body(f.Text("body_id")), Name: f.Line("name"), StartsOn: f.Date("starts_on"), LastOn: f.Date("last_on")}
}

func recessValues(r partner.Recess) map[string]string {
	return map[string]string{
		"body_id": string(r.BodyID), "name": r.Name, "starts_on": form.Day(&r.StartsOn), "last_on": form.Day(&r.LastOn), "version": strconv.Itoa(r.Version),
	}
}
