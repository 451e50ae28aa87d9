package collaboration

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/register"
	"regiogriffie/internal/postgres"
)

// row is an arrangement as the register tells it: everything as text, lists with a bar between, empty for unknown.
type row struct {
	ID           id.Collaboration `json:"id"`
	Key          string           `json:"key"`
	RooID        string           `json:"roo_id"`
	Name         string           `json:"name"`
	ShortName    string           `json:"short_name"`
	Form         string           `json:"form"`
	RegisterCode string           `json:"register_code"`
	Organisation string           `json:"organisation"` // its ref
	InForceOn    string           `json:"in_force_on"`
	Delegation   string           `json:"delegation"`
	Fields       string           `json:"fields"`
	LegalBases   string           `json:"legal_bases"`
	RegelingURL  string           `json:"regeling_url"`
}

func (r *row) fields() []partner.Field {
	return []partner.Field{
		{Label: "ROO-nummer", Value: &r.RooID},
		{Label: "naam", Value: &r.Name},
		{Label: "korte naam", Value: &r.ShortName},
		{Label: "vorm", Value: &r.Form},
		{Label: "vorm volgens het register", Value: &r.RegisterCode},
		{Label: "organisatie", Value: &r.Organisation},
		{Label: "in werking sinds", Value: &r.InForceOn},
		{Label: "delegatie", Value: &r.Delegation},
		{Label: "beleidsterreinen", Value: &r.Fields},
		{Label: "wettelijke grondslag", Value: &r.LegalBases},
		{Label: "tekst van de regeling", Value: &r.RegelingURL},
	}
}

// part is a participation as the register tells it.
type part struct {
	ID              id.Participation `json:"id"`
	Collaboration   string           `json:"collaboration"` // its number
	Organisation    string           `json:"organisation"`  // its ref
	Organs          string           `json:"organs"`
	JoinedOn        string           `json:"joined_on"`
	LeftOn          string           `json:"-"`
	ContributionKey string           `json:"contribution_key"`
}

func (p *part) fields() []partner.Field {
	return []partner.Field{
		{Label: "organen", Value: &p.Organs}, {Label: "deelnemer sinds", Value: &p.JoinedOn}, {Label: "sleutel van de bijdrage", Value: &p.ContributionKey},
	}
}

func bar(list []string) string { return strings.Join(list, "|") }

// Import loads the arrangements of a table and who takes part in them; the organisations must be there (partner.Import). New
// rows are written; facts that differ are reported, and written only with write. An arrangement made by hand under the same
// key is the same one. What the register holds is taken as it is, also where it names councils in an operations organisation.
// Who is here and not in the table is reported and stays: leaving is an act with a date.
func Import(ctx context.Context, db postgres.DB, actor access.Actor, table register.Table,
	write bool,
) (arrangements, participations partner.Report, err error) {
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if !CanImport(actor) {
			return fault.Forbidden
		}
		if err := lockImport(ctx, tx, actor); err != nil {
			return err
		}
		if arrangements, err = importArrangements(ctx, tx, actor, table, write); err != nil {
			return err
		}
		participations, err = importParticipations(ctx, tx, actor, table, write)
		return err
	})
	return arrangements, participations, err
}

func importArrangements(ctx context.Context, db postgres.DB, actor access.Actor, table register.Table, write bool) (partner.Report, error) {
	there, err := postgres.All[row](ctx, db, registered, postgres.Args{}.As(actor))
	if err != nil {
		return partner.Report{}, fmt.Errorf("reading what is registered: %w", err)
	}
	made, changed, report := compare(there, table.Arrangements)
	if err := insertRegistered(ctx, db, actor, made); err != nil {
		return report, fmt.Errorf("adding arrangements: %w", err)
	}
	if write && len(changed) > 0 {
		if err := updateRegistered(ctx, db, actor, changed); err != nil {
			return report, fmt.Errorf("changing arrangements: %w", err)
		}
		report.Written = true
	}
	return report, partner.NoteImport(ctx, db, actor, "collaboration", report)
}

func compare(there []row, table []register.Arrangement) (made, changed []row, report partner.Report) {
	byNumber, byKey := map[string]*row{}, map[string]*row{}
	for i := range there {
		byKey[there[i].Key] = &there[i]
		if there[i].RooID != "" {
			byNumber[there[i].RooID] = &there[i]
		}
	}
	for _, a := range table {
		r := row{
			ID: id.New[id.Collaboration](), Key: a.Key, RooID: a.RooID, Name: a.Name, ShortName: a.ShortName, Form: a.Form, RegisterCode: a.RegisterCode,
			Organisation: a.JointOrg, InForceOn: partner.DateText(a.InForceOn), Delegation: bar(a.Delegation), Fields: bar(a.Policy),
			LegalBases: bar(a.LegalBases), RegelingURL: a.URL,
		}
		old := byNumber[a.RooID]
		if byHand := byKey[a.Key]; old == nil && byHand != nil {
			if byHand.RooID == "" {
				old = byHand
			} else {
				r.Key += "-" + a.RooID
			}
		}
		if old == nil {
			made = append(made, r)
			continue
		}
		name := old.Name
		differences := partner.Differences(old.fields(), r.fields())
		if len(differences) == 0 {
			report.Same++
			continue
		}
		for _, c := range differences {
			c.Thing, c.Ref, c.Name = string(old.ID), a.RooID, name
			report.Changed = append(report.Changed, c)
		}
		changed = append(changed, *old)
	}
	report.Made = len(made)
	return made, changed, report
}

func importParticipations(ctx context.Context, db postgres.DB, actor access.Actor, table register.Table, write bool) (partner.Report, error) {
	there, err := postgres.All[part](ctx, db, takingPart, postgres.Args{}.As(actor))
	if err != nil {
		return partner.Report{}, fmt.Errorf("reading who takes part: %w", err)
	}
	made, changed, report := compareParts(there, table)
	if err := insertParts(ctx, db, actor, made); err != nil {
		return report, fmt.Errorf("adding participations: %w", err)
	}
	if write && len(changed) > 0 {
		if err := updateParts(ctx, db, actor, changed); err != nil {
			return report, fmt.Errorf("changing participations: %w", err)
		}
		report.Written = true
	}
	return report, partner.NoteImport(ctx, db, actor, "participation", report)
}

func compareParts(there []part, table register.Table) (made, changed []part, report partner.Report) {
	names, organisations := map[string]string{}, map[string]string{}
	for _, a := range table.Arrangements {
		names[a.RooID] = a.ShortName
	}
	for _, o := range table.Organisations {
		organisations[o.Ref] = o.ShortName
	}
	name := func(p part) string { return organisations[p.Organisation] + " in " + names[p.Collaboration] }

	known, told := map[[2]string]*part{}, map[[2]string]bool{}
	for i, p := range there { // the newest of a pair comes last
		known[[2]string{p.Collaboration, p.Organisation}] = &there[i]
	}
	for _, q := range table.Participations {
		pair := [2]string{q.Arrangement, q.Participant}
		told[pair] = true
		p := part{
			ID: id.New[id.Participation](), Collaboration: q.Arrangement, Organisation: q.Participant, Organs: bar(q.Organs),
			JoinedOn: partner.DateText(q.JoinedOn), ContributionKey: q.ContributionKey,
		}
		old := known[pair]
		if old == nil {
			made = append(made, p)
			continue
		}
		differences := partner.Differences(old.fields(), p.fields())
		if old.LeftOn != "" || len(differences) == 0 { // who was shown out here does not come back by a table
			report.Same++
			continue
		}
		for _, c := range differences {
			c.Thing, c.Ref, c.Name = string(old.ID), q.Arrangement+" "+q.Participant, name(*old)
			report.Changed = append(report.Changed, c)
		}
		changed = append(changed, *old)
	}
	for pair, p := range known {
		if names[pair[0]] != "" && !told[pair] && p.LeftOn == "" {
			report.Missing = append(report.Missing, name(*p))
		}
	}
	slices.Sort(report.Missing)
	report.Made = len(made)
	return made, changed, report
}
