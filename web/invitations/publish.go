package invitations

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

func bodyNames(list []invitation.Body) []string {
	var all []string
	for _, b := range list {
		all = append(all, b.FullName())
	}
	if len(all) == 0 {
		return []string{"de gekozen gremia"}
	}
	return all
}

func cancelHint(v whole) string {
	if v.PublishedAt != nil {
		return "Iedereen kan dit lezen."
	}
	return "Dit lezen alleen de organisaties die haar voorbereiden."
}

// saving is a meeting for which a save-the-date goes out.
type saving struct {
	Actor      access.Actor
	Meeting    meeting.Meeting
	Organisers []meeting.Organiser
	Bodies     []partner.BodyOption
	Sent       []invitation.SaveTheDate
}

// NewAsking shows what stands in the way of signing, and how the letter will look.
func (p Pages) NewAsking(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	return p.askForm(w, r, http.StatusOK, v, form.New(map[string]string{"version": strconv.Itoa(v.Version)}))
}

func (p Pages) askForm(w http.ResponseWriter, r *http.Request, status int, v whole, f *form.Form) error {
	if !v.mayDecide() {
		return fault.Because("Alleen de griffier of de secretaris van een van de organisaties kan de uitnodiging laten ondertekenen.")
	}
	return respond.Page(w, r, status, "Laten ondertekenen", askForm(v, v.findings(), f))
}

// CreateAsking puts the invitation before its signers.
func (p Pages) CreateAsking(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	reasons := map[string]string{}
	for _, found := range v.findings() {
		reasons[found.Rule] = f.Text("reason." + found.Rule)
	}
	err = invitation.Ask(r.Context(), p.DB, v.Actor, v.ID, f.Version(), reasons)
	if errors.Is(err, fault.Conflict) {
		if v, err = p.composing(r); err != nil {
			return err
		}
		f.Values.Set("version", strconv.Itoa(v.Version))
		v.Notice = changedMeanwhile(v)
		return p.askForm(w, r, http.StatusConflict, v, f)
	}
	var fields fault.Fields
	if errors.As(err, &fields) {
		for name, why := range fields {
			f.Faults.Must(false, "reason."+name, why)
		}
		return p.askForm(w, r, http.StatusUnprocessableEntity, v, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Invitation(v.Key), "De uitnodiging ligt bij de ondertekenaars. Zij krijgen een e-mail.")
}

func changedMeanwhile(v whole) string {
	who := "Iemand anders"
	if v.UpdatedBy != "" {
		who = v.UpdatedBy
	}
	if v.MeetingUpdatedAt.After(v.UpdatedAt) {
		return "De dag, de tijd of de plaats is gewijzigd terwijl u las. Lees de uitnodiging opnieuw en beslis dan."
	}
	return fmt.Sprintf("%s heeft de uitnodiging om %s uur gewijzigd, terwijl u las. Lees haar opnieuw en beslis dan.", who, dutch.Clock(v.UpdatedAt))
}

// CreateSignature gives a signature under the text that was read.
func (p Pages) CreateSignature(w http.ResponseWriter, r *http.Request) error {
	return p.act(w, r, "De ondertekening is vastgelegd.", func(v whole, f *form.Form) error {
		return invitation.Sign(r.Context(), p.DB, v.Actor, v.ID, id.Signer(f.Text("signer")), f.Text("digest"))
	})
}

// act does what a button on the page does to the version that was read. When somebody changed it meanwhile the page comes back
// and says so.
func (p Pages) act(w http.ResponseWriter, r *http.Request, message string, do func(v whole, f *form.Form) error) error {
	v, err := p.working(r)
	if err != nil {
		return p.instead(r, err)
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	err = do(v, f)
	if errors.Is(err, fault.Conflict) {
		if v, err = p.working(r); err != nil {
			return err
		}
		v.Notice = changedMeanwhile(v)
		return p.show(w, r, http.StatusConflict, v)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Invitation(v.Key), message)
}

// NewPublication shows the invitation as everyone will see it, before it goes out.
func (p Pages) NewPublication(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	if !v.mayDecide() {
		return fault.Because("Alleen de griffier of de secretaris van een van de organisaties kan de uitnodiging publiceren.")
	}
	return respond.Page(w, r, http.StatusOK, "Publiceren en versturen", publishForm(v))
}

// CreatePublication publishes the invitation and mails it.
func (p Pages) CreatePublication(w http.ResponseWriter, r *http.Request) error {
	return p.act(w, r, "De uitnodiging is openbaar. De genodigden krijgen haar per e-mail.", func(v whole, f *form.Form) error {
		return invitation.Publish(r.Context(), p.DB, v.Actor, v.ID, f.Version())
	})
}

// NewCancellation asks why the invitation is called off.
func (p Pages) NewCancellation(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	if !v.mayDecide() {
		return fault.Because("Alleen de griffier of de secretaris van een van de organisaties kan de uitnodiging annuleren.")
	}
	return respond.Page(w, r, http.StatusOK, "Uitnodiging annuleren", cancelForm(v, form.New(nil)))
}

// CreateCancellation calls it off.
func (p Pages) CreateCancellation(w http.ResponseWriter, r *http.Request) error {
	v, err := p.read(r)
	if err != nil {
		return p.instead(r, err)
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	err = invitation.Cancel(r.Context(), p.DB, v.Actor, v.ID, f.Text("reason"))
	if f.Explains(err) {
		return respond.Page(w, r, http.StatusUnprocessableEntity, "Uitnodiging annuleren", cancelForm(v, f))
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Invitation(v.Key), "De uitnodiging is geannuleerd.")
}

// CreatePause holds a mailing about the invitation.
func (p Pages) CreatePause(w http.ResponseWriter, r *http.Request) error {
	return p.hold(w, r, mailing.Pause, "Het verzenden is onderbroken. Wat al weg is, is weg.")
}

// DeletePause lets it go on.
func (p Pages) DeletePause(w http.ResponseWriter, r *http.Request) error {
	return p.hold(w, r, mailing.Resume, "Het verzenden gaat verder.")
}

func (p Pages) hold(w http.ResponseWriter, r *http.Request, act func(context.Context, postgres.DB, access.Actor, id.Mailing) error, told string) error {
	v, err := p.read(r)
	if err != nil {
		return p.instead(r, err)
	}
	of := request.ID[id.Mailing](r, "mailing")
	if err := mailing.About(r.Context(), p.DB, v.Actor, of, string(v.ID)); err != nil {
		return err
	}
	if err := act(r.Context(), p.DB, v.Actor, of); err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Invitation(v.Key), told)
}
