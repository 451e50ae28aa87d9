package proposals

import (
	"errors"
	"net/http"

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
	f, err := form.Read(r)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		f = form.New(nil)
		f.Faults.Must(false, "file", "Wat u koos, is te groot: hoogstens 50 MB in één keer. Kies minder bestanden, of maak ze kleiner.")
		return p.show(w, r, http.StatusUnprocessableEntity, found, f, nil)
	}
	if err != nil {
		return err
	}
	if f.FileAgain() && proposal.CanRevise(actor, found) {
		return p.show(w, r, http.StatusUnprocessableEntity, found, f, nil)
	}
	uploads, closeAll, err := chosen(f)
	defer closeAll()
	if err != nil {
		return err
	}
	err = proposal.Attach(r.Context(), p.DB, p.Files, actor, found.ID, uploads...)
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

// chosen opens the files of the form. A title counts when one file was chosen.
func chosen(f *form.Form) (uploads []file.Upload, closeAll func(), err error) {
	var open []interface{ Close() error }
	closeAll = func() {
		for _, o := range open {
			_ = o.Close() // only read
		}
	}
	headers := f.Uploads["file"]
	for _, h := range headers {
		if h.Filename == "" && h.Size == 0 {
			continue
		}
		content, err := h.Open()
		if err != nil {
			return nil, closeAll, err
		}
		open = append(open, content)
		u := file.Upload{FileName: h.Filename, Content: content}
		if len(headers) == 1 {
			u.Title = f.Line("title")
		}
		uploads = append(uploads, u)
	}
	return uploads, closeAll, nil
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
