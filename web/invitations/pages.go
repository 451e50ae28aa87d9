// Package invitations shows invitations, and lets organisations write, sign and publish them together.
package invitations

import (
	"errors"
	"net/http"
	"slices"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/ical"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/rule"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// Pages of invitations.
type Pages struct {
	DB      *pgxpool.Pool
	Files   *file.Store
	BaseURL string
}

// Index lists what was published, and for who prepares invitations what is on its way.
func (p Pages) Index(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	v := listView{
		Filter:    invitation.Filter{Org: request.Query(r, "organisatie"), Past: request.Query(r, "wanneer") == "geweest", Page: request.Page(r)},
		MayCreate: invitation.CanCreate(actor),
	}
	queries := []postgres.Query{invitation.List(&v.Rows, actor, v.Filter), invitation.Inviting(&v.Organisers, actor)}
	if actor.SignedIn() {
		queries = append(queries, invitation.InPreparation(&v.Preparing, actor))
	}
	if err := postgres.Read(r.Context(), p.DB, queries...); err != nil {
		return err
	}
	if len(v.Rows) > invitation.PerPage {
		v.Rows, v.More = v.Rows[:invitation.PerPage], true
	}
	return respond.Page(w, r, http.StatusOK, "Uitnodigingen", list(v))
}

// whole is an invitation with all that its preparers see of it.
type whole struct {
	Actor access.Actor
	invitation.Invitation
	Attached  []file.Line
	Remarks   []invitation.Remark
	History   []audit.Entry
	Mailings  []mailing.Mailing // the last one
	Unreached []mailing.Unreached
	Notice    string     // what stood in the way of an act
	Remark    *form.Form // what was typed
	Upload    *form.Form
}

// letter is what readers get of it.
func (v whole) letter() letterView {
	return letterView{
		Title: v.Title, Content: v.Content, Organisers: v.Organisers, Signers: v.Signers, Bodies: v.Bodies, Event: v.Event, Files: v.Attached,
	}
}

// published is the letter as it will be for everyone.
func (v whole) published() letterView {
	l := v.letter()
	l.Public = true
	return l
}

func (v whole) findings() rule.Findings { return invitation.Findings(v.Actor, v.Invitation) }

// open is what the preparers have to do something about: once asked for, warnings were answered.
func (v whole) open() rule.Findings {
	if v.State == invitation.Published {
		return nil
	}
	found := v.findings()
	if v.State != invitation.Concept {
		found = slices.DeleteFunc(found, func(f rule.Finding) bool { return f.Grade != rule.Hard })
	}
	return found
}

func (v whole) mayRevise() bool { return invitation.CanRevise(v.Actor, v.Invitation) }

func (v whole) mayDecide() bool { return invitation.CanDecide(v.Actor, v.Invitation) }

// own are the signatures of the reader himself that wait for him.
func (v whole) own() []invitation.Signer {
	return slices.DeleteFunc(slices.Clone(v.Signers), func(s invitation.Signer) bool { return !invitation.CanSignSelf(v.Actor, v.Invitation, s) })
}

// signsFor reports whether the reader can give this signature for somebody else.
func (v whole) signsFor(s invitation.Signer) bool {
	return invitation.CanSign(v.Actor, v.Invitation, s) && !invitation.CanSignSelf(v.Actor, v.Invitation, s)
}

// lapsed tells whether somebody signed a text that has changed since.
func (v whole) lapsed() bool { return slices.ContainsFunc(v.Signers, v.Lapsed) }

// read finds the invitation for who prepares or signs it.
func (p Pages) read(r *http.Request, more ...postgres.Query) (whole, error) {
	v := whole{Actor: request.Actor(r)}
	key := request.Key(r, "invitation")
	more = append(more, invitation.FilesOf(&v.Attached, v.Actor, key))
	var err error
	v.Invitation, err = invitation.Find(r.Context(), p.DB, v.Actor, key, more...)
	return v, err
}

// composing is read for pages that only who writes on the invitation may open. To who reads it as it was published, these pages
// are there and not his.
func (p Pages) composing(r *http.Request, more ...postgres.Query) (whole, error) {
	v, err := p.read(r, more...)
	if err == nil && !v.mayRevise() {
		err = v.whyNot()
	}
	return v, p.instead(r, err)
}

// instead tells who may read the publication that an act on it is not his, and leaves others with what is not there.
func (p Pages) instead(r *http.Request, err error) error {
	if !errors.Is(err, fault.NotFound) {
		return err
	}
	if _, public := invitation.FindPublication(r.Context(), p.DB, request.Actor(r), request.Key(r, "invitation")); public != nil {
		return public
	}
	return fault.Forbidden
}

func (v whole) whyNot() error {
	writes := slices.ContainsFunc(v.Organisers, func(o invitation.Organiser) bool { return slices.Contains(v.Actor.ClerkOrganisations(), o.ID) })
	switch {
	case !writes:
		return fault.Forbidden
	case v.State == invitation.Cancelled:
		return fault.Because("Deze uitnodiging is geannuleerd en verandert niet meer.")
	}
	return fault.Because("Deze bijeenkomst is geweest. De uitnodiging verandert niet meer.")
}

// Show is the invitation: as it stands to who prepares or signs it, as it was published to everyone else.
func (p Pages) Show(w http.ResponseWriter, r *http.Request) error {
	if request.Actor(r).SignedIn() {
		v, err := p.working(r)
		if err == nil {
			return p.show(w, r, http.StatusOK, v)
		}
		if !errors.Is(err, fault.NotFound) {
			return err
		}
	}
	var files []file.Line
	actor, key := request.Actor(r), request.Key(r, "invitation")
	found, err := invitation.FindPublication(r.Context(), p.DB, actor, key, invitation.FilesOf(&files, actor, key))
	if err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, found.Title, public(found, letterOf(found, files)))
}

func letterOf(p invitation.Publication, files []file.Line) letterView {
	return letterView{
		Title: p.Title, Content: p.Content, Organisers: p.Organisers, Signers: p.Signers, Bodies: p.Bodies, Event: p.Event, Files: files, Public: true,
	}
}

// working reads what the page of the preparers shows.
func (p Pages) working(r *http.Request) (whole, error) {
	var remarks []invitation.Remark
	v, err := p.read(r, invitation.RemarksOn(&remarks, request.Actor(r), request.Key(r, "invitation")))
	if err != nil {
		return v, err
	}
	v.Remarks, v.Remark, v.Upload = remarks, form.New(nil), form.New(nil)
	return v, nil
}

func (p Pages) show(w http.ResponseWriter, r *http.Request, status int, v whole) error {
	err := postgres.Read(r.Context(), p.DB, audit.Of(&v.History, v.Actor, string(v.ID)),
		mailing.LastOf(&v.Mailings, v.Actor, string(v.ID)), mailing.UnreachedBy(&v.Unreached, v.Actor, string(v.ID)))
	if err != nil {
		return err
	}
	return respond.Page(w, r, status, v.Title, show(v))
}

// Calendar is the event as a calendar file, as it was published.
func (p Pages) Calendar(w http.ResponseWriter, r *http.Request) error {
	found, err := invitation.FindPublication(r.Context(), p.DB, request.Actor(r), request.Key(r, "invitation"))
	if err != nil {
		return err
	}
	event := found.Entry(p.BaseURL + path.Invitation(found.Key))
	calendar, err := ical.Calendar(event.Summary, event)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return respond.Calendar(w, found.Slug, calendar)
}

// CreateRemark leaves a remark for the others who prepare the invitation.
func (p Pages) CreateRemark(w http.ResponseWriter, r *http.Request) error {
	v, err := p.working(r)
	if err != nil {
		return p.instead(r, err)
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	err = invitation.RemarkOn(r.Context(), p.DB, v.Actor, v.ID, f.Text("remark"))
	if f.Explains(err) {
		v.Remark = f
		return p.show(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Invitation(v.Key)+"#opmerkingen", "Uw opmerking is geplaatst.")
}

// CreateAttachment adds a file.
func (p Pages) CreateAttachment(w http.ResponseWriter, r *http.Request) error {
	v, err := p.working(r)
	if err != nil {
		return p.instead(r, err)
	}
	if !v.mayRevise() {
		return v.whyNot()
	}
	f, err := form.ReadWithFiles(r, p.Files)
	if err != nil {
		return err
	}
	if !f.FileAgain() {
		f.Faults.Must(len(f.Uploads["file"]) > 0, "file", "Kies het bestand dat u wilt toevoegen.")
	}
	if err = f.Sound(nil); err == nil && !f.FileAgain() {
		err = p.attach(r, v, f)
	}
	if f.Explains(err) || f.FileAgain() {
		v.Upload = f
		return p.show(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return p.saved(w, r, v, "#bijlagen", "De bijlage is toegevoegd.")
}

func (p Pages) attach(r *http.Request, v whole, f *form.Form) error {
	upload := f.Uploads["file"][0]
	upload.Title = f.Line("file_title")
	return invitation.Attach(r.Context(), p.DB, p.Files, v.Actor, v.ID, upload)
}

// DeleteAttachment takes a file off.
func (p Pages) DeleteAttachment(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	if err := invitation.Detach(r.Context(), p.DB, v.Actor, v.ID, request.Key(r, "attachment")); err != nil {
		return err
	}
	return p.saved(w, r, v, "#bijlagen", "De bijlage is verwijderd.")
}
