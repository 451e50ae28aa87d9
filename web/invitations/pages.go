// Package invitations shows invitations, and lets organisations write, sign and publish them together.
package invitations

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/ical"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
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

// New is the form with which an invitation begins.
func (p Pages) New(w http.ResponseWriter, r *http.Request) error {
	f := form.New(map[string]string{"key": id.NewKey(), "which": "nieuw", "meeting_id": request.Query(r, "bijeenkomst")})
	if f.Text("meeting_id") != "" {
		f.Values.Set("which", "bekend")
	}
	return p.newForm(w, r, http.StatusOK, f)
}

func (p Pages) newForm(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	actor := request.Actor(r)
	if !invitation.CanCreate(actor) {
		return fault.Forbidden
	}
	var known []meeting.Row
	var own []invitation.Organiser
	if err := postgres.Read(r.Context(), p.DB, invitation.Invitable(&known, actor), invitation.Own(&own, actor)); err != nil {
		return err
	}
	if f.Raw("organisations") == "" && status == http.StatusOK && len(own) > 0 {
		f.Values.Set("organisations", own[0].Name)
	}
	return respond.Page(w, r, status, "Nieuwe uitnodiging", newForm(f, known))
}

// Create begins the invitation, or shows the form again with what is wrong.
func (p Pages) Create(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	actor := request.Actor(r)
	if !invitation.CanCreate(actor) {
		return fault.Forbidden
	}
	d := invitation.Draft{Key: f.Text("key"), Title: f.Line("title")}
	if f.Text("which") == "bekend" {
		d.MeetingID = id.Meeting(cmp.Or(f.Text("meeting_id"), "-"))
		f.Faults.Must(f.Text("meeting_id") != "", "meeting_id", "Kies de bijeenkomst.")
	} else {
		d.Kind, d.Location = meeting.Kind(f.Text("kind")), f.Line("location")
		d.StartsAt, d.EndsAt = f.Moment("starts_on", "starts_at"), f.Moment("starts_on", "ends_at")
		names := f.Lines("organisations")
		found, unknown, err := partner.OrganisationsNamed(r.Context(), p.DB, actor, names[:min(len(names), 61)])
		if err != nil {
			return err
		}
		d.Orgs = found
		f.Faults.Must(len(unknown) == 0, "organisations", "Niet gevonden: "+dutch.List(unknown)+". Schrijf de naam zoals die bij Organisaties staat.")
	}
	var made invitation.Invitation
	if err = f.Sound(d.Check()); err == nil {
		made, err = invitation.Create(r.Context(), p.DB, actor, d)
	}
	if f.Explains(err) {
		return p.newForm(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Below(path.Invitation(made.Key), "bewerken"), "De uitnodiging is begonnen. Schrijf nu de tekst.")
}

const mostSections = 25

func sectionFields(n int) (heading, text string) {
	return "section_heading." + strconv.Itoa(n), "section_text." + strconv.Itoa(n)
}

func textValues(v whole) map[string]string {
	c := v.Content
	values := map[string]string{
		"title": v.Title, "purpose": string(c.Purpose), "salutation": c.Salutation, "follow_up_heading": c.FollowUpHeading, "follow_up": c.FollowUp,
		"commitment": c.Commitment, "closing": c.Closing, "contact": c.Contact, "version": strconv.Itoa(v.Version),
	}
	if !v.Settled() {
		values["starts_on"], values["starts_at"], values["ends_at"], values["location"] = dutch.FormDate(v.StartsAt), dutch.Clock(v.StartsAt), dutch.Clock(v.EndsAt), v.Location
	}
	for n, s := range c.Sections {
		heading, text := sectionFields(n)
		values[heading], values[text] = s.Heading, s.Text
	}
	return values
}

// sections are the fields for parts of the letter: those that are filled in, and one more.
func sections(f *form.Form) []int {
	last := 0
	for n := range mostSections {
		heading, text := sectionFields(n)
		_, theirs := f.Theirs[text]
		if f.Text(heading) != "" || f.Text(text) != "" || theirs || f.Text("extra") != "" && n < len(f.Values["section"]) {
			last = n + 1
		}
	}
	var list []int
	for n := range min(last+1, mostSections) {
		list = append(list, n)
	}
	return list
}

// Edit is the form of the letter.
func (p Pages) Edit(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Tekst van de uitnodiging", textForm(v, form.New(textValues(v))))
}

func readText(f *form.Form, v whole) invitation.Text {
	t := invitation.Text{
		Title: f.Line("title"), Purpose: proposal.Treatment(f.Text("purpose")), Salutation: f.Line("salutation"), Sections: []invitation.Section{},
		FollowUpHeading: f.Line("follow_up_heading"), FollowUp: f.Text("follow_up"), Commitment: f.Text("commitment"), Closing: f.Text("closing"), Contact: f.Text("contact"),
		Version: f.Version(),
	}
	if v.Settled() {
		t.StartsAt, t.EndsAt, t.Location = &v.StartsAt, &v.EndsAt, v.Location
	} else {
		t.StartsAt, t.EndsAt, t.Location = f.Moment("starts_on", "starts_at"), f.Moment("starts_on", "ends_at"), f.Line("location")
	}
	for n := range mostSections {
		heading, text := sectionFields(n)
		s := invitation.Section{Heading: f.Line(heading), Text: f.Text(text)}
		if s.Heading == "" && s.Text == "" {
			continue
		}
		// What was left empty between two parts goes, and the fields close up: faults name them by place.
		at := len(t.Sections)
		atHeading, atText := sectionFields(at)
		if at != n {
			f.Values.Set(atHeading, f.Raw(heading))
			f.Values.Set(atText, f.Raw(text))
			f.Values.Del(heading)
			f.Values.Del(text)
		}
		t.Sections = append(t.Sections, s)
	}
	return t
}

// Update revises the letter; who comes second sees both texts.
func (p Pages) Update(w http.ResponseWriter, r *http.Request) error {
	return form.Edit[whole]{
		Read: func() (whole, error) { return p.composing(r) },
		Again: func(v whole, f *form.Form) bool {
			if f.Text("extra") == "" {
				return false
			}
			readText(f, v)            // a field more, asked for without script: what was left empty closes up,
			f.Faults = fault.Fields{} // and nothing is judged yet
			return true
		},
		Save: func(v whole, f *form.Form) error {
			t := readText(f, v)
			return f.Act(t.Check, func() error { return invitation.Revise(r.Context(), p.DB, v.Actor, v.ID, t) })
		},
		Saved: func(v whole) form.Saved { return form.Saved{Values: textValues(v), By: v.UpdatedBy, At: v.UpdatedAt} },
		Show: func(status int, v whole, f *form.Form) error {
			return respond.Page(w, r, status, "Tekst van de uitnodiging", textForm(v, f))
		},
		Done: func(v whole) error { return p.saved(w, r, v, "", "De tekst is bewaard.") },
	}.Update(r)
}

// saved goes back to the invitation, at a place on its page, and says what was saved: nothing, when it made no difference, and that
// signatures lapsed, when they did.
func (p Pages) saved(w http.ResponseWriter, r *http.Request, was whole, place, what string) error {
	now, err := p.read(r)
	switch {
	case err != nil:
		return err
	case now.Version == was.Version:
		what = "Er is niets gewijzigd."
	case slices.ContainsFunc(was.Signers, was.Signed) && !slices.ContainsFunc(now.Signers, now.Signed):
		what += " Wie al had ondertekend, moet opnieuw ondertekenen."
	}
	return respond.SeeOther(w, r, path.Invitation(was.Key)+place, what)
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

// lines joins a list as a form shows it.
func lines[T any](list []T, text func(T) string) string {
	var all []string
	for _, each := range list {
		all = append(all, text(each))
	}
	return strings.Join(all, "\n")
}
