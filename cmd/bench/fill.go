package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/id"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/proposal"
)

// size says how much a database holds.
type size struct {
	Meetings  int
	Items     int // per meeting; the second meeting has twice as many
	Proposals int
	Trusted   bool // skip the check of foreign keys while loading
	// Pace hears how long it took to copy so many of all, and ends the loading with its error. It may be nil.
	Pace func(done, all int, took time.Duration) error
}

// addresses are what the bench asks of a filled database.
type addresses struct {
	Meeting, LongMeeting, Proposal string
	Cookie                         string // of a council member of the first organisation
}

const (
	organisations = 20
	// register is how many organisations the register adds, about which there is nothing.
	register = 400
	// mostOnAgenda is how many proposals stand on an agenda and have a version; the rest is the archive that makes lists long.
	mostOnAgenda = 20_000
	// mostWritten is how many proposals are written by hand; the server copies the rest from them, texts and all, which are
	// then not sent and packed again. It is a multiple of all that audienceOf tells apart.
	mostWritten = 30_000
)

// filler writes the rows. One seed makes the same rows each time, but for the ids.
type filler struct {
	conn  *pgx.Conn
	size  size
	at    time.Time
	draw  *mathrand.Rand
	texts []string

	orgs, councils, colleges, persons []string
	papers                            []paper // those that can stand on an agenda
	files                             [][]any
}

type paper struct {
	id, title string
	audience  audience
}

// audience are the five columns that say who may see a row.
type audience struct {
	visibility string
	orgs       []string
	to         []string
	bodies     []string // nil: not closed
}

func (a audience) columns() []any {
	var bodies any
	if a.bodies != nil {
		bodies = a.bodies
	}
	return []any{a.visibility, a.orgs, a.to, []string{}, bodies}
}

var audienceNames = []string{"visibility", "org_ids", "participant_org_ids", "writer_ids", "audience_bodies"}

// fill loads a database that has the schema and nothing else: by COPY, without the indexes that are no constraint, which
// are made again afterwards.
func fill(ctx context.Context, conn *pgx.Conn, s size, at time.Time) (addresses, error) {
	f := &filler{conn: conn, size: s, at: at.UTC().Truncate(time.Second), draw: mathrand.New(mathrand.NewPCG(20, 26))}
	f.texts = paragraphs(f.draw)
	if s.Trusted {
		if _, err := conn.Exec(ctx, `set session_replication_role = replica`); err != nil {
			return addresses{}, fmt.Errorf("leaving foreign keys unchecked: %w", err)
		}
	}
	rebuild, err := dropIndexes(ctx, conn)
	if err != nil {
		return addresses{}, err
	}
	var found addresses
	for _, step := range []func(context.Context) error{
		f.partners, f.papersUnlogged, func(ctx context.Context) (err error) { found, err = f.meetings(ctx); return err }, f.attachments,
		func(ctx context.Context) (err error) { found.Cookie, err = f.reader(ctx); return err },
	} {
		if err := step(ctx); err != nil {
			return addresses{}, err
		}
	}
	for _, sql := range append(rebuild, `vacuum analyze`) {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return addresses{}, fmt.Errorf("%s: %w", sql, err)
		}
	}
	return found, nil
}

// dropIndexes drops every index that no constraint needs, and returns what makes them again.
func dropIndexes(ctx context.Context, conn *pgx.Conn) (rebuild []string, err error) {
	rows, err := conn.Query(ctx, `
		select format('drop index %I', i.indexname), i.indexdef from pg_indexes i join pg_class c on c.relname = i.indexname
		join pg_index x on x.indexrelid = c.oid
		where i.schemaname = 'public' and not x.indisunique and not exists (select from pg_constraint k where k.conindid = c.oid)`)
	if err != nil {
		return nil, fmt.Errorf("asking for the indexes: %w", err)
	}
	var drops []string
	var drop, def string
	if _, err := pgx.ForEachRow(rows, []any{&drop, &def}, func() error {
		drops, rebuild = append(drops, drop), append(rebuild, def)
		return nil
	}); err != nil {
		return nil, fmt.Errorf("asking for the indexes: %w", err)
	}
	for _, sql := range drops {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return nil, fmt.Errorf("%s: %w", sql, err)
		}
	}
	return rebuild, nil
}

func (f *filler) copy(ctx context.Context, table string, columns []string, n int, row func(i int) []any) error {
	_, err := f.conn.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromSlice(n, func(i int) ([]any, error) { return row(i), nil }))
	if err != nil {
		return fmt.Errorf("loading %s: %w", table, err)
	}
	return nil
}

func (f *filler) text() string { return f.texts[f.draw.IntN(len(f.texts))] }

func (f *filler) long(paragraphs int) string {
	var b strings.Builder
	for i := range paragraphs {
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(f.text())
	}
	return b.String()
}

func (f *filler) partners(ctx context.Context) error {
	for range organisations {
		f.orgs = append(f.orgs, newID())
		f.councils, f.colleges = append(f.councils, newID()), append(f.colleges, newID())
		f.persons = append(f.persons, newID())
	}
	return errors.Join(
		f.copy(ctx, "organisations", []string{"id", "key", "kind", "official_name", "short_name", "colour", "inhabitants"}, organisations+register,
			func(i int) []any {
				if i >= organisations {
					return []any{newID(), fmt.Sprintf("elders-%d", i), "municipality", fmt.Sprintf("Gemeente Elders %d", i), fmt.Sprintf("Elders %d", i), "#0b5a56", 20_000}
				}
				return []any{f.orgs[i], place(i), "municipality", "Gemeente " + name(i), name(i), fmt.Sprintf("#%02x5a56", 10+i*10), 9000 + 4000*i}
			}),
		f.copy(ctx, "bodies", []string{"id", "organisation_id", "key", "kind", "name"}, 2*organisations, func(i int) []any {
			if o := i / 2; i%2 == 0 {
				return []any{f.councils[o], f.orgs[o], place(o) + "-raad", "council", "Raad"}
			} else {
				return []any{f.colleges[o], f.orgs[o], place(o) + "-college", "executive", "College"}
			}
		}),
		f.copy(ctx, "persons", []string{"id", "family", "display_name"}, organisations, func(i int) []any {
			return []any{f.persons[i], "Maatlat-" + name(i), "M. Maatlat-" + name(i)}
		}),
		f.copy(ctx, "mandates", []string{"id", "person_id", "body_id", "function", "starts_on"}, organisations, func(i int) []any {
			return []any{newID(), f.persons[i], f.councils[i], "councillor", f.at.AddDate(-1, 0, 0)}
		}),
	)
}

// audienceOf gives seven in ten to everyone, two to the own organisation and a participant, and the rest to who prepares
// it or, closed, to one council.
func (f *filler) audienceOf(i int) (a audience, state string) {
	o := i % organisations
	a = audience{visibility: "public", orgs: []string{f.orgs[o]}, to: []string{}}
	switch d := i % 50; {
	case d < 35:
		return a, "geagendeerd"
	case d < 45:
		a.visibility, a.to = "participants", []string{f.orgs[(o+1)%organisations]}
		return a, "aangeboden"
	case d < 49:
		a.visibility = "draft"
		return a, "concept"
	}
	a.visibility, a.bodies = "participants", []string{f.councils[o]}
	return a, "aangeboden"
}

var proposalColumns = append([]string{
	"id", "key", "owner_org_id", "target_body_id", "dated_on", "reference", "subject", "public_title", "treatment", "authors", "portfolio_holders",
	"organiser_ids", "summary", "explanation", "communication", "financial", "legal", "risks", "decision_points", "follow_up", "follow_up_on",
	"minutes", "ground", "state", "offered_at", "made_up", "created_at", "updated_at", "updated_by",
}, audienceNames...)

// papersUnlogged loads the proposals in the transaction that empties their table: what is lost with that transaction, the server
// does not write down twice.
func (f *filler) papersUnlogged(ctx context.Context) error {
	return pgx.BeginFunc(ctx, f.conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `truncate proposals cascade`); err != nil {
			return fmt.Errorf("emptying the proposals: %w", err)
		}
		return f.proposals(ctx)
	})
}

func (f *filler) proposals(ctx context.Context) error {
	n := min(f.size.Proposals, mostWritten)
	var versions [][]any
	authors, holders := []byte(`[{"name":"B. Opsteller"}]`), []byte(`[{"name":"C. Houder","capacity":"wethouder"}]`)
	err := f.copy(ctx, "proposals", proposalColumns, n, func(i int) []any {
		o := i % organisations
		a, state := f.audienceOf(i)
		p := paper{id: newID(), audience: a, title: fmt.Sprintf("Voorstel %d over %s in %s", i+1, subjects[f.draw.IntN(len(subjects))], name(o))}
		made := f.at.AddDate(0, 0, -f.draw.IntN(3650)).Add(-time.Duration(f.draw.IntN(86400)) * time.Second)
		content := proposal.Content{
			Subject: p.title, Summary: f.text(), Explanation: f.long(3), Communication: f.text(), Financial: f.text(), Legal: f.text(), Risks: f.text(),
			DecisionPoints: []string{"In te stemmen met dit voorstel.", "Het college te vragen over een jaar te vertellen hoe het gaat."},
			FollowUp:       f.text(), FollowUpOn: "Over een jaar",
			Treatment: "decisive",
		}
		ground, public := "", ""
		if a.bodies != nil {
			ground, public = "5.1.2.b", "Vertrouwelijk punt"
		}
		var offered *time.Time
		if state != "concept" {
			offered = &made
		}
		if a.visibility == "public" && len(f.papers) < mostOnAgenda {
			f.papers = append(f.papers, p)
			fields, _ := json.Marshal(proposal.Snapshot{Content: content, TargetName: "Raad", TargetOrgName: name(o)}) // plain texts
			versions = append(versions, append([]any{p.id, 1, fields, made, "B. Opsteller"}, a.columns()...))
			f.attach("proposal", p.id, a, 1+i%3)
		}
		return append([]any{
			p.id, id.NewKey(), f.orgs[o], f.councils[o], made, fmt.Sprintf("Z/%d", 100000+i), content.Subject, public, string(content.Treatment), authors, holders,
			[]string{f.orgs[o]},
			content.Summary, content.Explanation, content.Communication, content.Financial, content.Legal, content.Risks, content.DecisionPoints,
			content.FollowUp, content.FollowUpOn, 10, ground, state, offered, true, made, made, "B. Opsteller",
		}, a.columns()...)
	})
	if err != nil {
		return err
	}
	if err := f.archive(ctx, f.size.Proposals-n); err != nil {
		return err
	}
	return f.copy(ctx, "proposal_versions", append([]string{"proposal_id", "number", "fields", "made_at", "made_by"}, audienceNames...),
		len(versions), func(i int) []any { return versions[i] })
}

// chunk is how many proposals the server copies at a time. After the first it is known how long all will take.
const chunk = 50_000

// archive adds n proposals, each like one that is there, with an id, a key, a title and a date of its own.
func (f *filler) archive(ctx context.Context, n int) error {
	own := map[string]string{
		"id":        `gen_random_uuid()`,
		"key":       `substr(md5(random()::text), 1, 8) || lpad(to_hex(n), 8, '0')`, // the number makes it unique
		"reference": `'Z/' || 200000 + n`,
		"subject":   `'Voorstel ' || n || ' uit het archief, ' || p.subject`,
		"dated_on":  `p.dated_on - (n % 3650)::int`,
	}
	from := make([]string, len(proposalColumns))
	for i, name := range proposalColumns {
		if from[i] = own[name]; from[i] == "" {
			from[i] = "p." + name
		}
	}
	if n <= 0 {
		return nil
	}
	if _, err := f.conn.Exec(ctx, `create temp table written as select * from proposals`); err != nil {
		return fmt.Errorf("setting apart what is copied: %w", err)
	}
	begin := time.Now()
	for done := 0; done < n; {
		some := min(chunk, n-done)
		_, err := f.conn.Exec(ctx, `
			insert into proposals (`+strings.Join(proposalColumns, ", ")+`)
			select `+strings.Join(from, ", ")+` from (
			  select p.*, $2 + row_number() over () as n from generate_series(1, $1::bigint / (select count(*) from written) + 1), written p
			) p where n <= $1 + $2`, some, done)
		if err != nil {
			return fmt.Errorf("copying proposals: %w", err)
		}
		if done += some; f.size.Pace != nil {
			if err := f.size.Pace(done, n, time.Since(begin)); err != nil {
				return err
			}
		}
	}
	if _, err := f.conn.Exec(ctx, `drop table written`); err != nil {
		return fmt.Errorf("forgetting what was copied: %w", err)
	}
	return nil
}

func (f *filler) attach(kind, object string, a audience, n int) {
	for i := range n {
		disk := rand.Text()
		f.files = append(f.files, append([]any{
			newID(), id.NewKey(), kind, object, i + 1, "Bijlage " + subjects[f.draw.IntN(len(subjects))], fmt.Sprintf("bijlage-%d.pdf", i+1), "application/pdf",
			100_000 + f.draw.IntN(2_000_000), strings.Repeat("0", 64), disk, f.at, "B. Opsteller",
		}, a.columns()...))
	}
}

func (f *filler) attachments(ctx context.Context) error {
	const disk = 10
	if err := f.copy(ctx, "attachment_files", []string{"disk_name"}, len(f.files), func(i int) []any { return f.files[i][disk : disk+1] }); err != nil {
		return err
	}
	return f.copy(ctx, "attachments", append([]string{
		"id", "key", "object_kind", "object_id", "number", "title", "file_name", "mime", "bytes", "sha256", "disk_name", "created_at", "created_by",
	}, audienceNames...), len(f.files), func(i int) []any { return f.files[i] })
}

// table are the rows of meetings and of what is on their agendas.
type table struct {
	meetings, organisers, sections, items, matters [][]any
	papers                                         int // that stand on an agenda so far
}

// sitting is a meeting with who may see it, and what is closed on it.
type sitting struct {
	id         string
	orgs       []string
	bodies     []string
	parts      []string
	open, shut audience
}

// meetings loads the meetings, half of them to come; every third item has a proposal, as long as there are, and every tenth
// item is closed.
func (f *filler) meetings(ctx context.Context) (found addresses, err error) {
	var t table
	for m := range f.size.Meetings {
		sits, slug := f.sitting(&t, m)
		count := f.size.Items
		if m == 1 {
			count *= 2
		}
		for i := range count {
			f.item(&t, sits, i, i*len(sits.parts)/count)
		}
		switch m {
		case 0:
			found.Meeting = "/vergaderingen/" + slug
		case 1:
			found.LongMeeting = "/vergaderingen/" + slug
		}
	}
	if err := f.copyMeetings(ctx, t); err != nil {
		return addresses{}, err
	}
	var key string
	if err := f.conn.QueryRow(ctx, `select key from proposals where id = $1`, f.papers[0].id).Scan(&key); err != nil {
		return addresses{}, fmt.Errorf("asking for the key of a proposal: %w", err)
	}
	found.Proposal = "/voorstellen/" + key
	return found, nil
}

// sitting adds a meeting with its parts; every fourth is of two together.
func (f *filler) sitting(t *table, m int) (sits sitting, slug string) {
	o := m % organisations
	sits = sitting{id: newID(), orgs: []string{f.orgs[o]}, bodies: []string{f.councils[o]}}
	if m%4 == 1 {
		sits.orgs, sits.bodies = append(sits.orgs, f.orgs[(o+1)%organisations]), append(sits.bodies, f.councils[(o+1)%organisations])
	}
	sits.open = audience{visibility: "public", orgs: sits.orgs, to: []string{}}
	sits.shut = audience{visibility: "participants", orgs: sits.orgs, to: []string{}, bodies: sits.bodies}
	starts := f.at.Add(time.Duration(m-f.size.Meetings/2)*17*time.Hour + 30*time.Minute)
	slug = fmt.Sprintf("%s-raad-%s-%d", starts.Format(time.DateOnly), place(o), m)
	t.meetings = append(t.meetings, append([]any{
		sits.id, slug, "council", "", f.text(), f.orgs[o], starts, starts.Add(3 * time.Hour), "Raadzaal", "A. Voorzitter", "G. Griffier", "opgeroepen",
		starts.AddDate(0, 0, -14), starts.AddDate(0, 0, -14), true, f.at, f.at, "G. Griffier",
	}, sits.open.columns()...))
	for i := range sits.orgs {
		t.organisers = append(t.organisers, []any{sits.id, i + 1, sits.orgs[i], sits.bodies[i]})
	}
	for i, title := range []string{"Opening", "Ter bespreking", "Ter besluitvorming"} {
		sits.parts = append(sits.parts, newID())
		t.sections = append(t.sections, append([]any{sits.parts[i], sits.id, i + 1, string(rune('A' + i)), title, 1}, sits.open.columns()...))
	}
	return sits, slug
}

// item adds the i-th item of a meeting, in one of its parts.
func (f *filler) item(t *table, sits sitting, i, part int) {
	item, closed := newID(), i%10 == 9
	title, matter, of := "Punt over "+subjects[f.draw.IntN(len(subjects))], sits.open, any(nil)
	if i%3 == 1 && t.papers < len(f.papers) && !closed {
		title, of = f.papers[t.papers].title, f.papers[t.papers].id
		t.papers++
	}
	public, ground := title, ""
	if closed {
		matter, public, ground = sits.shut, "Besloten punt", "5.1.2.b"
	}
	t.items = append(t.items, append([]any{
		item, id.NewKey(), sits.id, sits.parts[part], i + 1, fmt.Sprint(string(rune('A'+part)), i+1), public, 5 + i%20, closed,
	}, sits.open.columns()...))
	t.matters = append(t.matters, append([]any{
		item, title, f.text(), "opinion", "debate", []byte(`[{"name":"C. Houder","capacity":"wethouder"}]`), of, ground,
	}, matter.columns()...))
	if i%2 == 0 {
		f.attach("item", item, matter, 1)
	}
}

func (f *filler) copyMeetings(ctx context.Context, t table) error {
	for _, each := range []struct {
		table   string
		columns []string
		rows    [][]any
	}{
		{"meetings", append([]string{
			"id", "slug", "kind", "title", "description", "host_org_id", "starts_at", "ends_at", "location", "chair", "clerk", "state",
			"notice_delivered_at", "published_at", "made_up", "created_at", "updated_at", "updated_by",
		}, audienceNames...), t.meetings},
		{"meeting_organisers", []string{"meeting_id", "sequence", "organisation_id", "body_id"}, t.organisers},
		{"agenda_sections", append([]string{"id", "meeting_id", "sequence", "letter", "title", "first_number"}, audienceNames...), t.sections},
		{"agenda_items", append([]string{"id", "key", "meeting_id", "section_id", "sequence", "label", "public_title", "minutes", "closed"},
			audienceNames...), t.items},
		{"agenda_item_matters", append([]string{
			"item_id", "title", "explanation", "treatment", "debate_kind", "portfolio_holders", "proposal_id",
			"ground",
		}, audienceNames...), t.matters},
	} {
		if err := f.copy(ctx, each.table, each.columns, len(each.rows), func(i int) []any { return each.rows[i] }); err != nil {
			return err
		}
	}
	return nil
}

// reader makes an account for the first council member, signs him in and returns his cookie.
func (f *filler) reader(ctx context.Context) (string, error) {
	account, token := newID(), rand.Text()+rand.Text()
	sum := sha256.Sum256([]byte(token))
	now := time.Now()
	data, err := scs.GobCodec{}.Encode(now.Add(identity.Lifetime).UTC(), map[string]any{})
	if err != nil {
		return "", fmt.Errorf("writing the contents of a session: %w", err)
	}
	if _, err := f.conn.Exec(ctx, `insert into accounts (id, person_id, email) values ($1, $2, 'maatlat@voorbeeld.nl')`, account, f.persons[0]); err != nil {
		return "", fmt.Errorf("making an account: %w", err)
	}
	_, err = f.conn.Exec(ctx, `insert into sessions (token_hash, account_id, data, created_at, seen_at, confirmed_at, expires_at)
			values ($1, $2, $3, $4, $4, $4, $5)`,
		base64.RawURLEncoding.EncodeToString(sum[:]), account, data, now, now.Add(identity.Lifetime))
	if err != nil {
		return "", fmt.Errorf("making a session: %w", err)
	}
	return "regiogriffie=" + token, nil
}

func newID() string { return string(id.New[id.Entry]()) }

func place(i int) string { return strings.ToLower(name(i)) }

func name(i int) string {
	return []string{"Duin", "Veen", "Polder", "Wester", "Ooster"}[i%5] + []string{"dorp", "stede", "wijk", "hoek"}[i/5%4]
}

var subjects = []string{
	"de bibliotheek", "het fietspad langs de vaart", "de begroting", "het zwembad", "de jeugdhulp", "het afval", "de woningen voor starters",
	"het bestemmingsplan", "de regionale reclame", "het dorpshuis", "de sportvelden", "het riool", "de windmolens", "het openbaar vervoer", "de brandweer",
}

// paragraphs are made-up texts of the length that people write: some hundreds of characters each.
func paragraphs(draw *mathrand.Rand) []string {
	begin := []string{
		"Het college stelt voor om", "De regio wil samen", "Inwoners vroegen ons om", "Volgend jaar gaan wij",
		"De werkgroep raadt aan om", "In dit stuk leest u waarom wij",
	}
	middle := []string{
		"het onderhoud beter te plannen", "de kosten eerlijk te verdelen", "de wachttijd korter te maken",
		"de afspraken opnieuw vast te leggen", "de proef met een jaar te verlengen", "minder papier te gebruiken",
	}
	end := []string{
		"zodat elke gemeente weet waar zij aan toe is.", "omdat het oude besluit niet meer past.", "en daarvoor is geld in de begroting.",
		"met een verslag aan de raad na zes maanden.", "zonder dat de tarieven omhoog gaan.", "en de raden horen in het voorjaar hoe het gaat.",
	}
	of := func(list []string) string { return list[draw.IntN(len(list))] }
	all := make([]string, 300)
	for i := range all {
		var b strings.Builder
		for range 3 + draw.IntN(4) {
			fmt.Fprintf(&b, "%s %s, %s ", of(begin), of(middle), of(end))
		}
		fmt.Fprintf(&b, "Dit staat ook in nota %d.", draw.IntN(1_000_000))
		all[i] = b.String()
	}
	return all
}
