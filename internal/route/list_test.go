package route_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/route"
)

// overheard keeps what is asked last.
type overheard struct {
	postgres.DB
	asked *pgx.QueuedQuery
}

func (o *overheard) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	o.asked = b.QueuedQueries[len(b.QueuedQueries)-1]
	return o.DB.SendBatch(ctx, b)
}

// node is a part of a plan, with what it did.
type node struct {
	Relation string  `json:"Relation Name"`
	Rows     float64 `json:"Actual Rows"`
	Removed  float64 `json:"Rows Removed by Filter"`
	Loops    float64 `json:"Actual Loops"`
	Plans    []node
}

// read adds up how many rows of each table were looked at.
func (n node) read(of map[string]float64) {
	if n.Relation != "" {
		of[n.Relation] += (n.Rows + n.Removed) * n.Loops
	}
	for _, below := range n.Plans {
		below.read(of)
	}
}

// Twenty thousand steps of two thousand routes along ten bodies, which meet two hundred times: a page of the list reads each of them
// once, and the pages together are the list, in its order.
func TestTwentyThousandStepsAreReadOnce(t *testing.T) {
	t.Parallel()
	const routes, bodies, meetings = 2000, 10, 200
	db := pgtest.DB(t)
	owner := proposaltest.NewPlace(t, db, "Hillegom")
	p := proposaltest.Offered(t, db, owner.Author, owner.ID, owner.Body)
	var along []id.Body
	for n := range bodies {
		along = append(along, proposaltest.NewPlace(t, db, fmt.Sprintf("Plaats %d", n)).Body)
	}
	args := postgres.Args{"id": p.ID, "bodies": along, "at": proposaltest.At, "routes": routes, "meetings": meetings, "org": owner.ID}
	for _, sql := range []string{
		`insert into proposals select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'key', 'kopie' || n, 'subject',
				'Voorstel ' || n, 'visibility', 'public'))).*
			from proposals p, generate_series(1, @routes::int) n where p.id = @id`,
		// A tenth of the routes is done.
		`insert into route_steps (id, key, proposal_id, sequence, body_id, treatment, state, sent_at, deadline, outcome, visibility, org_ids, created_at, updated_at)
			select gen_random_uuid(), p.key || 'x' || b.n, p.id, 1, b.id, 'formal_view', case when r.n % 10 = 0 then 'behandeld' else 'verzonden' end, @at,
			  (@at::timestamptz)::date + r.n % 400 - 20, '', 'public', p.org_ids, @at, @at
			from proposals p cross join lateral (select substr(p.key, 6)::int as n) r, unnest(@bodies::uuid[]) with ordinality b (id, n) where p.key like 'kopie%'`,
		`insert into meetings (id, slug, kind, title, host_org_id, starts_at, ends_at, location, state, published_at, visibility, org_ids, created_at, updated_at)
			select gen_random_uuid(), '2018-06-01-m-' || n, 'council', '', @org, @at::timestamptz + n * interval '2 days',
			  @at::timestamptz + n * interval '2 days 3 hours', '', 'opgeroepen', @at, 'public', array[@org::uuid], @at, @at
			from generate_series(1, @meetings::int) n`,
		`insert into meeting_organisers (meeting_id, sequence, organisation_id, body_id)
			select m.id, 1, b.organisation_id, b.id from meetings m join bodies b
			  on b.id = (@bodies::uuid[])[1 + (substr(m.slug, 14)::int % cardinality(@bodies::uuid[]))] where m.slug like '2018-06-01-m-%'`,
		`analyze route_steps, proposals, meetings, meeting_organisers`,
	} {
		if _, err := pgtest.Owner(t, db).Exec(t.Context(), sql, pgx.NamedArgs(args)); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}

	public, asking := access.Actor{At: proposaltest.At}, &overheard{DB: db}
	list := func(f route.Filter) (rows []route.Running) {
		t.Helper()
		if err := postgres.Read(t.Context(), asking, route.List(&rows, public, f)); err != nil {
			t.Fatal(err)
		}
		return rows
	}
	const left = routes - routes/10
	var byPlace []string
	last, pages := "", (left+route.PerPage-1)/route.PerPage
	for page := 1; page <= pages; page++ {
		placed := list(route.Filter{Page: page, After: last})
		if len(placed) == 0 || placed[0].Found != left || page < pages && len(placed) != route.PerPage+1 {
			t.Fatalf("page %d has %d rows", page, len(placed))
		}
		shown := placed[:min(route.PerPage, len(placed))]
		if page%12 == 0 {
			numbered := list(route.Filter{Page: page})
			if !slices.EqualFunc(placed, numbered, func(a, b route.Running) bool { return a.Key == b.Key }) {
				t.Errorf("page %d differs by number and by place", page)
			}
		}
		for _, r := range shown {
			byPlace, last = append(byPlace, r.Key), r.Key
		}
	}
	tenth := byPlace[9*route.PerPage-1]
	slices.Sort(byPlace)
	if n := len(slices.Compact(byPlace)); n != left {
		t.Errorf("the pages show %d different routes, want %d", n, left)
	}
	third := list(route.Filter{Page: 3})
	if gone := list(route.Filter{Page: 3, After: "weg"}); gone[0].Key != third[0].Key {
		t.Errorf("after a route that is gone comes %s, want %s", gone[0].Key, third[0].Key)
	}

	for name, f := range map[string]route.Filter{"first": {}, "tenth": {Page: 10, After: tenth}} {
		list(f)
		var said []byte
		if err := db.QueryRow(t.Context(), `explain (analyze, timing off, format json) `+asking.asked.SQL, asking.asked.Arguments...).Scan(&said); err != nil {
			t.Fatal(err)
		}
		var plans []struct {
			Plan node
			Took float64 `json:"Execution Time"`
		}
		if err := json.Unmarshal(said, &plans); err != nil {
			t.Fatal(err)
		}
		read := map[string]float64{}
		plans[0].Plan.read(read)
		t.Logf("%s page: %.0f ms, rows read %v", name, plans[0].Took, read)
		for table, most := range map[string]float64{"route_steps": routes * bodies, "meetings": meetings, "meeting_organisers": meetings, "bodies": 2 * bodies} {
			if read[table] == 0 || read[table] > most {
				t.Errorf("%s page reads %.0f rows of %s, want at most %.0f", name, read[table], table, most)
			}
		}
	}
}
