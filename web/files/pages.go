// Package files serves attachments. It is the only way to their bytes.
package files

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/file"
	"regiogriffie/internal/reading"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// Pages of files.
type Pages struct {
	DB    *pgxpool.Pool
	Files *file.Store
}

// patience is how long a reader may take over one answer.
const patience = 2 * time.Minute

// Show gives the bytes to who may see the thing they belong to, whole or in ranges. The opening of a closed file is noted
// before the first byte leaves.
func (p Pages) Show(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	a, err := file.FindByKey(r.Context(), p.DB, actor, request.Key(r, "attachment"))
	if err != nil {
		return err
	}
	content, err := p.Files.Open(r.Context(), a)
	if err != nil {
		return err
	}
	defer content.Close()
	if a.Closed {
		if err := respond.Noted(w, r, p.DB, reading.Of(reading.File, a.ID, reading.Bytes)); err != nil {
			return err
		}
	}
	h := w.Header()
	respond.Closed(w) // of every file: a stored copy would outlive the right to read it, and ranges count the bytes as they are
	h.Set("Content-Type", a.Mime)
	h.Set("Content-Disposition", disposition(a))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("ETag", `"`+a.Sha256+`"`)
	// Not every writer has a connection (tests).
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(patience))
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

// disposition names the file by RFC 6266: for old readers in ASCII, for others as it is.
func disposition(a file.Attachment) string {
	how := "attachment"
	if a.Inline() {
		how = "inline"
	}
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, a.FileName)
	return fmt.Sprintf(`%s; filename="%s"; filename*=UTF-8''%s`, how, plain, strings.ReplaceAll(url.QueryEscape(a.FileName), "+", "%20"))
}
