package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/file"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/web"
)

// lists are the pages whose questions must not grow with what is stored.
var lists = []string{
	"/vandaag", "/voorstellen", "/voorstellen?bladzijde=2", "/voorstellen?status=aangeboden", "/voorstellen?organisatie=duindorp", "/voorstellen?zoek=archief",
	"/vergaderingen", "/vergaderingen?bladzijde=2", "/vergaderingen?wanneer=geweest", "/vergaderingen?organisatie=duindorp",
	"/organisaties", "/organisaties?bladzijde=2", "/organisaties/duindorp", "/samenwerkingen", "/uitnodigingen", "/zienswijzen",
	"/routes", "/postvak-in", "/raad/duindorp-raad", "/account/spoor",
	"/beheer/accounts", "/beheer/personen", "/beheer/postvak-uit", "/beheer/spoor", "/organisaties/duindorp/spoor",
}

// foreseen are questions whose best plan hangs on what is asked: by words, how common that is, or for how many things.
var foreseen = []string{
	"ilike all($",                         // the words of a search
	"p.state = $",                         // a state, of which there are many papers or few
	"with coming as (",                    // what waits for someone, by the bodies he sits in
	"unnest($1::uuid[]) as body_id",       // the next meeting of each body
	"a.object_id = any($1::text[]::uuid[", // the attachments of all items of an agenda
	"where o.id = any($1) order by name",  // the names of some organisations
}

// A server makes a plan of its own for the first five requests, and then one for all, unless that looks worse: a plan that does not
// know how many rows are asked for always does, on a table of some size.
func TestAListIsNotPlannedAnewForEachRequest(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	found, err := fill(t.Context(), conn, size{Meetings: 300, Items: 10, Proposals: 1000, Trusted: true}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := (&filler{conn: conn}).archive(t.Context(), 7000); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`insert into persons (id, family, display_name) select gen_random_uuid(), 'Persoon ' || n, 'P. Persoon ' || n from generate_series(1, 2000) n`,
		`insert into accounts (id, person_id, email) select gen_random_uuid(), id, replace(lower(family), ' ', '') || '@voorbeeld.nl' from persons
				where family like 'Persoon %'`,
		`insert into mailings (id, cause, title, object_id, org_ids) select gen_random_uuid(), 'oproep ' || n, 'Oproep', gen_random_uuid(), '{}'
				from generate_series(1, 50) n`,
		`insert into messages (id, mailing_id, message_id, name, address, subject, text, html, state) select gen_random_uuid(), id,
				gen_random_uuid(), 'P. Persoon', 'p@voorbeeld.nl', 'Oproep', '', '', 'verzonden' from mailings, generate_series(1, 50)`,
		`insert into organisations (id, key, kind, official_name) select gen_random_uuid(), 'gr-' || n, 'joint_org', 'Regeling ' || n from generate_series(1, 300) n`,
		`insert into collaborations (id, key, name, form, organisation_id) select gen_random_uuid(), key, official_name, 'public_body', id
				from organisations where key like 'gr-%'`,
		`insert into role_grants (id, person_id, role, valid_from) select gen_random_uuid(), person_id, 'admin', current_date - 1 from accounts`,
		`analyze`,
	} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	pool, err := postgres.Open(t.Context(), url, postgres.Options{MaxConns: 1, Patience: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	files, err := file.NewStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	site := web.Routes(web.App{DB: pool, Health: pool, Files: files, Now: time.Now, BaseURL: "http://127.0.0.1"})
	for _, path := range append(lists, found.LongMeeting, found.Proposal) {
		for range 8 {
			answer := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1"+path, nil)
			r.Header.Set("Cookie", found.Cookie)
			if site.ServeHTTP(answer, r); answer.Code != http.StatusOK {
				t.Errorf("%s: %d", path, answer.Code)
				break
			}
		}
	}
	rows, err := pool.Query(t.Context(), `select statement, custom_plans, generic_plans from pg_prepared_statements where custom_plans + generic_plans > 5`)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	var sql string
	var custom, generic int
	_, err = pgx.ForEachRow(rows, []any{&sql, &custom, &generic}, func() error {
		hangs := func(part string) bool { return strings.Contains(sql, part) }
		if seen++; custom > 5 && !slices.ContainsFunc(foreseen, hangs) {
			t.Errorf("planned anew %d times, kept %d times: %s", custom, generic, strings.Join(strings.Fields(sql), " "))
		}
		return nil
	})
	if err != nil || seen < 2*len(lists) {
		t.Errorf("%d queries that were asked more than five times, %v", seen, err)
	}
}
