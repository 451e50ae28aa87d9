package meetings

import (
	"net/http"

	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/reading"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// mayDisclose tells whether the reader can make the outcome of the decision that counts public.
func (d decision) mayDisclose() bool {
	return d.Last != nil && d.Draft == nil && meeting.CanDisclose(d.Actor, *d.Last)
}

// NewDisclosure asks what everyone may read of a closed decision, and by whose word.
func (p Pages) NewDisclosure(w http.ResponseWriter, r *http.Request) error {
	d, err := p.decisionOf(r, request.Query(r, "gremium"))
	if err != nil {
		return err
	}
	if !d.mayDisclose() {
		return fault.Because("Er is hier geen besloten besluit waarvan u de uitkomst openbaar kunt maken.")
	}
	return p.disclosurePage(w, r, http.StatusOK, d, form.New(map[string]string{"number": d.Last.Number}))
}

// disclosurePage shows the closed decision beside what everyone will read.
func (p Pages) disclosurePage(w http.ResponseWriter, r *http.Request, status int, d decision, f *form.Form) error {
	respond.Closed(w)
	if err := respond.Noted(w, r, p.DB, d.closedItem(d.Item, reading.Page)...); err != nil {
		return err
	}
	return respond.Page(w, r, status, "Uitkomst openbaar maken", disclosureForm(d, f))
}

// CreateDisclosure makes the outcome public.
func (p Pages) CreateDisclosure(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	d, err := p.decisionOf(r, f.Text("body"))
	if err != nil {
		return err
	}
	if d.Last == nil {
		return fault.Because("Er is hier geen besloten besluit waarvan u de uitkomst openbaar kunt maken.")
	}
	_, err = meeting.Disclose(r.Context(), p.DB, d.Actor, d.Meeting.ID, d.Item.Key, meeting.Disclosure{
		Body: id.Body(f.Text("body")), Number: f.Text("number"), Text: f.Text("text"), Reason: f.Text("reason"), Votes: f.Bool("votes"),
	})
	if f.Explains(err) {
		return p.disclosurePage(w, r, http.StatusUnprocessableEntity, d, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Item(d.Meeting.Slug, d.Item.Key), "De uitkomst is openbaar.")
}
