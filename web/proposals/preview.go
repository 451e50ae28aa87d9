package proposals

import (
	"errors"
	"net/http"

	"regiogriffie/internal/fault"
	"regiogriffie/internal/markdown"
	"regiogriffie/web/form"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
	"regiogriffie/web/ui"
)

// Preview shows the field "text" as the page will: with the header X-Fragment only the text, for the script beside the
// field; else a page of its own.
func (p Pages) Preview(w http.ResponseWriter, r *http.Request) error {
	if !request.Actor(r).SignedIn() {
		return fault.Forbidden
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	safe, err := markdown.HTML(f.Raw("text"))
	if errors.Is(err, markdown.ErrTooLong) {
		return fault.Because("Deze tekst is te lang. Kort de tekst in of zet een deel in een bijlage.")
	}
	if err != nil {
		return err
	}
	if r.Header.Get("X-Fragment") == "" {
		return respond.Page(w, r, http.StatusOK, "Voorbeeld", previewPage(safe))
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	respond.Closed(w) // what is typed may become closed
	return ui.Prose(safe).Render(r.Context(), w)
}
