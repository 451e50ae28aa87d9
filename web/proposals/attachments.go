package proposals

import (
	"net/http"

	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/proposal"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// CreateAttachment adds the chosen files, all or none.
func (p Pages) CreateAttachment(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	found, err := proposal.FindByKey(r.Context(), p.DB, actor, request.Key(r, "proposal"))
	if err != nil {
		return err
	}
	if !proposal.CanRevise(actor, found) {
		return fault.Forbidden
	}
	f, err := form.ReadWithFiles(r, p.Files)
	if err != nil {
		return err
	}
	if f.FileAgain() {
		return p.show(w, r, http.StatusUnprocessableEntity, found, f, nil)
	}
	uploads := chosen(f)
	if err = f.Sound(nil); err == nil {
		err = proposal.Attach(r.Context(), p.DB, p.Files, actor, found.ID, uploads...)
	}
	if f.Explains(err) {
		return p.show(w, r, http.StatusUnprocessableEntity, found, f, nil)
	}
	if err != nil {
		return err
	}
	message := "De bijlage is toegevoegd."
	if len(uploads) > 1 {
		message = "De bijlagen zijn toegevoegd."
	}
	return respond.SeeOther(w, r, path.Proposal(found.Key)+"#bijlagen", message)
}

// chosen are the files of the form. A title counts when one file was chosen.
func chosen(f *form.Form) []file.Upload {
	uploads := f.Uploads["file"]
	if len(uploads) == 1 {
		uploads[0].Title = f.Line("title")
	}
	return uploads
}

// CreateRemoval takes an attachment away.
func (p Pages) CreateRemoval(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	found, err := proposal.FindByKey(r.Context(), p.DB, actor, request.Key(r, "proposal"))
	if err != nil {
		return err
	}
	if err := proposal.Detach(r.Context(), p.DB, actor, found.ID, request.Key(r, "attachment")); err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Proposal(found.Key)+"#bijlagen", "De bijlage is verwijderd.")
}
