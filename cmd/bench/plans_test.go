package main

import (
	"context"
	"net/http"
	"net/http/httptest"
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
	"/", "/vandaag", "/voorstellen", "/voorstellen?bladzijde=2", "/voorstellen?stand=aangeboden", "/voorstellen?organisatie=duindorp", "/voorstellen?zoek=archief",
	"/vergaderingen", "/vergaderingen?bladzijde=2", "/vergaderingen?wanneer=geweest", "/vergaderingen?organisatie=duindorp",
	"/organisaties", "/organisaties?bladzijde=2", "/organisaties/duindorp", "/samenwerkingen", "/uitnodigingen", "/zienswijzen",
	"/routes", "/postvak-in", "/raad/duindorp-raad", "/account/spoor",
	"/beheer/accounts", "/beheer/personen", "/beheer/postvak-uit", "/beheer/spoor", "/organisaties/duindorp/spoor",
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
	if err := (&filler{conn: conn}).archive(t.Context(), 9000); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
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
		for range 12 {
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
		if seen++; custom > 5 {
			t.Errorf("planned anew %d times, kept %d times: %s", custom, generic, strings.Join(strings.Fields(sql), " "))
		}
		return nil
	})
	if err != nil || seen < 2*len(lists) {
		t.Errorf("%d queries that were asked more than five times, %v", seen, err)
	}
}
