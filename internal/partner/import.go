package partner

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner/register"
	"regiogriffie/internal/postgres"
)

// Report is what loading a table did, or would do.
type Report struct {
	Made    int      // rows that were not there; written at once
	Same    int      // rows that are there with the same facts
	Changed []Change // facts that differ, whether the register changed or someone here did
	Written bool     // the changes have been written
	Missing []string // rows that are there and not in the table; never removed
}

// Change is a fact of one row that differs.
type Change struct {
	Thing    string // id of the row
	Ref      string // how the register calls it
	Name     string
	Field    string // in Dutch, for whoever decides
	From, To string
}

// Field is a fact of a row that the register fills.
type Field struct {
	Label string
	Value *string
}

// Differences are the fields that the table has otherwise, and sets them. What the table leaves empty it does not know: that
// never wipes out what is there.
func Differences(there, table []Field) []Change {
	var list []Change
	for i, f := range there {
		if to := *table[i].Value; to != "" && to != *f.Value {
			list = append(list, Change{Field: f.Label, From: *f.Value, To: to})
			*f.Value = to
		}
	}
	return list
}

// organisationRow is an organisation as the register tells it: everything as text, empty for unknown.
type organisationRow struct {
	ID           id.Organisation `json:"id"`
	Key          string          `json:"key"`
	Ref          string          `json:"ref"`
	Kind         string          `json:"kind"`
	OfficialName string          `json:"official_name"`
	ShortName    string          `json:"short_name"`
	TooiURI      string          `json:"tooi_uri"`
	CBSCode      string          `json:"cbs_code"`
	OIN          string          `json:"oin"`
	RooID        string          `json:"roo_id"`
	Website      string          `json:"website"`
	Province     string          `json:"province"`
	SafetyRegion string          `json:"safety_region"`
	Inhabitants  string          `json:"inhabitants"`
	Seats        string          `json:"seats"`
	SeatPlace    string          `json:"seat_place"`
	Colour       string          `json:"colour"`
	ValidFrom    string          `json:"valid_from"`
	ValidTo      string          `json:"valid_to"`
}

func (r *organisationRow) fields() []Field {
	return []Field{
		{"registernummer", &r.Ref},
		{"soort", &r.Kind},
		{"officiële naam", &r.OfficialName},
		{"korte naam", &r.ShortName},
		{"TOOI-adres", &r.TooiURI},
		{"CBS-code", &r.CBSCode},
		{"OIN", &r.OIN},
		{"ROO-nummer", &r.RooID},
		{"website", &r.Website},
		{"provincie", &r.Province},
		{"veiligheidsregio", &r.SafetyRegion},
		{"inwoners", &r.Inhabitants},
		{"zetels", &r.Seats},
		{"vestigingsplaats", &r.SeatPlace},
		{"eerste dag", &r.ValidFrom},
		{"laatste dag", &r.ValidTo},
	}
}

// DateText is a day as a text, empty for the zero time.
func DateText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func numberText(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func rowOf(o register.Organisation) organisationRow {
	return organisationRow{
		ID: id.New[id.Organisation](), Key: o.Key, Ref: o.Ref, Kind: o.Kind, OfficialName: o.OfficialName, ShortName: o.ShortName,
		TooiURI: o.TOOI, CBSCode: o.CBSCode, OIN: o.OIN, RooID: o.RooID, Website: o.Website, Province: o.Province, SafetyRegion: o.SafetyRegion,
		Inhabitants: numberText(o.Inhabitants), Seats: numberText(o.Seats), SeatPlace: o.SeatPlace, Colour: Colour(o.Key),
		ValidFrom: DateText(o.ValidFrom), ValidTo: DateText(o.ValidTo),
	}
}

// Import loads the organisations of a table. New ones are written; facts that differ are reported, and written only with
// write. One made by hand under the same key is the same organisation.
func Import(ctx context.Context, db postgres.DB, actor access.Actor, table register.Table, write bool) (Report, error) {
	var report Report
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if !CanCreateOrganisation(actor) {
			return fault.Forbidden
		}
		if err := lockImport(ctx, tx, actor); err != nil {
			return err
		}
		there, err := postgres.All[organisationRow](ctx, tx, registered, postgres.Args{}.As(actor))
		if err != nil {
			return fmt.Errorf("reading what is registered: %w", err)
		}
		made, changed, report1 := compare(there, table.Organisations)
		report = report1
		if err := insertRegistered(ctx, tx, actor, made); err != nil {
			return fmt.Errorf("adding organisations: %w", err)
		}
		if write && len(changed) > 0 {
			if err := updateRegistered(ctx, tx, actor, changed); err != nil {
				return fmt.Errorf("changing organisations: %w", err)
			}
			report.Written = true
		}
		return NoteImport(ctx, tx, actor, "organisation", report)
	})
	return report, err
}

// compare finds what is new and what differs.
func compare(there []organisationRow, table []register.Organisation) (made, changed []organisationRow, report Report) {
	byRef, byKey := map[string]*organisationRow{}, map[string]*organisationRow{}
	for i := range there {
		byKey[there[i].Key] = &there[i]
		if there[i].Ref != "" {
			byRef[there[i].Ref] = &there[i]
		}
	}
	for _, o := range table {
		row := rowOf(o)
		old := byRef[o.Ref]
		if byHand := byKey[o.Key]; old == nil && byHand != nil {
			if byHand.Ref == "" {
				old = byHand
			} else {
				row.Key += "-" + o.Ref
			}
		}
		if old == nil {
			made = append(made, row)
			continue
		}
		name := old.OfficialName
		differences := Differences(old.fields(), row.fields())
		if len(differences) == 0 {
			report.Same++
			continue
		}
		for _, c := range differences {
			c.Thing, c.Ref, c.Name = string(old.ID), o.Ref, name
			report.Changed = append(report.Changed, c)
		}
		changed = append(changed, *old)
	}
	report.Made = len(made)
	return made, changed, report
}

// NoteImport leaves a note of the run, and one of every row it changed. A run that changed nothing leaves none.
func NoteImport(ctx context.Context, db postgres.DB, actor access.Actor, thing string, r Report) error {
	rows := map[string]string{}
	if r.Written {
		for _, c := range r.Changed {
			if rows[c.Thing] != "" {
				rows[c.Thing] += ", "
			}
			rows[c.Thing] += c.Field
		}
	}
	for row, fields := range rows {
		if err := audit.Note(ctx, db, actor, thing+".import_change", row, nil, fields); err != nil {
			return err
		}
	}
	if r.Made == 0 && len(rows) == 0 {
		return nil
	}
	return audit.Note(ctx, db, actor, thing+".import", "", nil, fmt.Sprintf("%d toegevoegd, %d gewijzigd", r.Made, len(rows)))
}
