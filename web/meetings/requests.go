package meetings

import (
	"cmp"
	"net/http"

	"regiogriffie/internal/fault"
	"regiogriffie/internal/meeting"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// together is the page of one body that has to do with a meeting: it is asked to hold it, or another griffie wrote down that it does.
type together struct {
	whole
	Of      meeting.Organiser
	Request meeting.Request // when it is asked
	Form    *form.Form      // of the refusal
}

func keyOf(o meeting.Organiser) string { return cmp.Or(o.BodyKey, o.OrgKey) }

func (v together) address() string { return path.MeetingParty(v.Meeting.Slug, keyOf(v.Of)) }

func (v together) maySpeak() bool { return meeting.CanSpeakFor(v.Actor, v.Meeting, v.Of) }

// pending are the questions that wait for the reader's own word, and what others wrote down for a body that is his.
func (v whole) pending() []meeting.Organiser {
	var own []meeting.Organiser
	for _, r := range v.Requests {
		if r.Open() && meeting.CanSpeakFor(v.Actor, v.Meeting, r.Organiser) {
			own = append(own, r.Organiser)
		}
	}
	for _, o := range v.Organisers {
		if !o.Agreed() && meeting.CanSpeakFor(v.Actor, v.Meeting, o) {
			own = append(own, o)
		}
	}
	return own
}

// party reads the page of a body. Only who prepares the meeting, and its own griffie, know of it.
func (p Pages) party(r *http.Request) (together, error) {
	v, err := p.read(r)
	if err != nil {
		return together{}, err
	}
	t, key := together{whole: v, Form: form.New(nil)}, request.Key(r, "party")
	for _, o := range v.Organisers {
		if keyOf(o) == key {
			t.Of = o
		}
	}
	for _, q := range v.Requests {
		if keyOf(q.Organiser) == key && t.Of.OrganisationID == "" {
			t.Of, t.Request = q.Organiser, q
		}
	}
	if t.Of.OrganisationID == "" || !v.prepares() && !meeting.CanOrganise(v.Actor, t.Of) {
		return t, fault.NotFound
	}
	return t, nil
}

// ShowParty is the question to hold the meeting together, or how it was answered.
func (p Pages) ShowParty(w http.ResponseWriter, r *http.Request) error {
	v, err := p.party(r)
	if err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Samen vergaderen", party(v))
}

// CreateAgreement gives the word of the body.
func (p Pages) CreateAgreement(w http.ResponseWriter, r *http.Request) error {
	v, err := p.party(r)
	if err != nil {
		return err
	}
	if err := meeting.Agree(r.Context(), p.DB, v.Actor, v.Meeting.ID, keyOf(v.Of)); err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Meeting(v.Meeting.Slug), v.Of.Name()+" houdt deze vergadering nu mee. U stelt de agenda samen met de andere griffie samen.")
}

// CreateRefusal says that the body does not take part, or no longer.
func (p Pages) CreateRefusal(w http.ResponseWriter, r *http.Request) error {
	v, err := p.party(r)
	if err != nil {
		return err
	}
	if v.Form, err = form.Read(r); err != nil {
		return err
	}
	err = meeting.Decline(r.Context(), p.DB, v.Actor, v.Meeting.ID, keyOf(v.Of), v.Form.Text("reason"))
	if v.Form.Explains(err) {
		return respond.Page(w, r, http.StatusUnprocessableEntity, "Samen vergaderen", party(v))
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Meetings, v.Of.Name()+" doet niet mee. De andere griffie krijgt uw reden.")
}

// CreateTakingBack withdraws the question.
func (p Pages) CreateTakingBack(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	if err := meeting.TakeBack(r.Context(), p.DB, v.Actor, v.Meeting.ID, request.Key(r, "party")); err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Meeting(v.Meeting.Slug), "De vraag is van de vergadering gehaald.")
}
