package meetings

import (
	"net/http"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/meeting"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/respond"
)

func reasonLabel(rule string) string {
	if rule == "GEZAMENLIJK" {
		return "Reden om niet te wachten"
	}
	return "Reden om toch door te gaan"
}

// NewCall shows what the public and the members will get, what stands in the way, and asks for the date of delivery.
func (p Pages) NewCall(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	return p.callForm(w, r, http.StatusOK, v, nil)
}

func (p Pages) callForm(w http.ResponseWriter, r *http.Request, status int, v whole, f *form.Form) error {
	if !v.mayConvene() {
		return fault.Because("Alleen de griffier van een van de gremia kan oproepen en publiceren.")
	}
	delivered := v.Actor.At
	if f == nil {
		f = form.New(map[string]string{"delivered_on": dutch.FormDate(delivered), "delivered_at": dutch.Clock(delivered), "version": version(v.Meeting.Version)})
	} else if at := f.Moment("delivered_on", "delivered_at"); at != nil {
		delivered = *at
	}
	found := meeting.Findings(v.Meeting, v.Organisers, v.Requests, v.Items, meeting.Attached(v.Items, v.Files), delivered)
	if err := respond.Noted(w, r, p.DB, v.closedAgenda()...); err != nil {
		return err
	}
	return respond.Page(w, r, status, "Oproepen en publiceren", callForm(v, found, f))
}

// CreateCall convenes the meeting and publishes its agenda.
func (p Pages) CreateCall(w http.ResponseWriter, r *http.Request) error {
	return form.Edit[whole]{
		Read: func() (whole, error) { return p.composing(r) },
		Save: func(v whole, f *form.Form) error {
			call := meeting.Call{DeliveredAt: f.Moment("delivered_on", "delivered_at"), Version: f.Version(), Reasons: f.Reasons()}
			f.Faults.Must(f.Text("delivered_on") != "" && f.Text("delivered_at") != "", "delivered_on",
				"Vul in wanneer de leden de oproep krijgen: een dag en een tijd.")
			return f.Act(func() error { return nil }, func() error {
				_, err := meeting.Convene(r.Context(), p.DB, v.Actor, v.Meeting.ID, call)
				return form.Reasoned(err, "delivered_on", "delivered_at")
			})
		},
		Saved: func(v whole) form.Saved {
			return form.Saved{Values: map[string]string{"version": version(v.Meeting.Version)}, By: v.Meeting.UpdatedBy, At: v.Meeting.UpdatedAt}
		},
		Show: func(status int, v whole, f *form.Form) error { return p.callForm(w, r, status, v, f) },
		Done: func(v whole) error {
			return respond.SeeOther(w, r, path.Meeting(v.Meeting.Slug), "De leden zijn opgeroepen. De agenda en de openbare stukken staan nu voor iedereen klaar.")
		},
	}.Update(r)
}
