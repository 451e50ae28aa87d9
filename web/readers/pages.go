// Package readers shows a griffier who read what is closed for his body.
package readers

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/reading"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// Pages of who read what.
type Pages struct{ DB *pgxpool.Pool }

// list is who read the things of one place.
type list struct {
	Subjects []reading.Subject // the place itself first
	Readers  []reading.Reader
	back     string // the page it is about
}

// of are the readers of one thing.
func (l list) of(s reading.Subject) []reading.Reader {
	var found []reading.Reader
	for _, r := range l.Readers {
		if r.ThingID == s.ID {
			found = append(found, r)
		}
	}
	return found
}

// persons counts who read any of it.
func (l list) persons() int {
	seen := map[string]bool{}
	for _, r := range l.Readers {
		seen[string(r.PersonID)] = true
	}
	return len(seen)
}

// what names a thing with its kind.
func what(s reading.Subject) string {
	switch s.Kind {
	case reading.Item:
		return "Agendapunt: " + s.Name
	case reading.Proposal:
		return "Voorstel: " + s.Name
	case reading.Decision:
		return "Besluit: " + s.Name
	case reading.File:
		return "Bestand: " + s.Name
	}
	return s.Name
}

func place(r *http.Request) (at reading.Place, back string) {
	at = reading.Place{Meeting: request.Key(r, "meeting"), Item: request.Key(r, "item"), Proposal: request.Key(r, "proposal")}
	switch {
	case at.Proposal != "":
		return at, path.Proposal(at.Proposal)
	case at.Item != "":
		return at, path.Item(at.Meeting, at.Item)
	}
	return at, path.Meeting(at.Meeting)
}

// read finds the list. It tells titles of what is closed, so who opens it stands in it himself.
func (p Pages) read(w http.ResponseWriter, r *http.Request, each bool) (l list, err error) {
	at, back := place(r)
	l.back = back
	if l.Subjects, l.Readers, err = reading.Find(r.Context(), p.DB, request.Actor(r), at, each); err != nil {
		return l, err
	}
	var shown []reading.Thing
	for _, s := range l.Subjects {
		shown = append(shown, reading.Of(s.Kind, s.ID, reading.Title))
	}
	return l, respond.Noted(w, r, p.DB, shown...)
}

// Show tells who read a closed item, paper or agenda, with its decisions and files.
func (p Pages) Show(w http.ResponseWriter, r *http.Request) error {
	l, err := p.read(w, r, false)
	if err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Wie las dit", show(l))
}

// Export is the same for a spreadsheet, each stretch of reading on a line of its own.
func (p Pages) Export(w http.ResponseWriter, r *http.Request) error {
	l, err := p.read(w, r, true)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString("\ufeff") // so that a spreadsheet reads the letters well
	out := csv.NewWriter(&b)
	out.Comma, out.UseCRLF = ';', true
	rows := [][]string{{"Wat", "Wie", "Waar", "Eerste keer", "Laatste keer", "Aantal keer"}}
	for _, s := range l.Subjects {
		for _, one := range l.of(s) {
			rows = append(rows, []string{what(s), one.Name, one.Surface.Label(), moment(one.FirstAt), moment(one.LastAt), strconv.Itoa(one.Times)})
		}
	}
	for _, row := range rows {
		for n := range row {
			row[n] = cell(row[n])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	respond.Closed(w)
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="wie-las-dit.csv"`)
	_, err = w.Write(b.Bytes())
	return err
}

func moment(t time.Time) string { return t.In(dutch.Zone).Format("2006-01-02 15:04:05") }

// cell keeps a spreadsheet from taking a text for a formula (security 19).
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
