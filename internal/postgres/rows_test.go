package postgres_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

type base struct {
	Visibility string
	OrgIDs     []string
}

// heard is a value that reads itself, and adds to what it holds.
type heard []string

func (h *heard) Scan(v any) error {
	*h = append(*h, v.(string))
	return nil
}

type read struct {
	Number  int
	Heard   heard
	Names   []string
	Held    *time.Time
	Holders []struct{ Name string }
	base
}

func TestEveryRowIsItsOwn(t *testing.T) {
	t.Parallel()
	rows, err := postgres.All[read](t.Context(), pgtest.Tx(t), `
		select * from (values
		  (3, 'i', array['a', 'b'], timestamptz '2019-01-02 03:04:05Z', '[{"Name": "x"}, {"Name": "y"}]'::jsonb, 'public', array['o']),
		  (1, 'j', array['c', 'd'], timestamptz '2020-01-02 03:04:05Z', '[{"Name": "z"}, {"Name": "w"}]'::jsonb, 'draft', array['p']),
		  (2, 'k', null, null, null, '', null)) as x (number, heard, names, held, holders, visibility, org_ids)`, postgres.Args{})
	if err != nil {
		t.Fatal(err)
	}
	at := []time.Time{time.Date(2019, 1, 2, 3, 4, 5, 0, time.UTC), time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)}
	for i := range rows {
		if rows[i].Held != nil {
			*rows[i].Held = rows[i].Held.UTC()
		}
	}
	want := []read{
		{Number: 3, Heard: heard{"i"}, Names: []string{"a", "b"}, Held: &at[0], Holders: []struct{ Name string }{{"x"}, {"y"}}, base: base{"public", []string{"o"}}},
		{Number: 1, Heard: heard{"j"}, Names: []string{"c", "d"}, Held: &at[1], Holders: []struct{ Name string }{{"z"}, {"w"}}, base: base{"draft", []string{"p"}}},
		{Number: 2, Heard: heard{"k"}},
	}
	if !reflect.DeepEqual(rows, want) {
		t.Errorf("got  %+v\nwant %+v", rows, want)
	}
}

func TestColumnsGoByTheirNames(t *testing.T) {
	t.Parallel()
	type pair struct{ First, SecondWord string }
	tx := pgtest.Tx(t)
	for _, sql := range []string{`select 'a' as first, 'b' as second_word`, `select 'b' as second_word, 'a' as first`} {
		got, err := postgres.One[pair](t.Context(), tx, sql, postgres.Args{})
		if err != nil || got != (pair{"a", "b"}) {
			t.Errorf("%s: %v, %v", sql, got, err)
		}
	}
	for sql, says := range map[string]string{
		`select 'a' as first`: "SecondWord",
		`select 'a' as first, 'b' as second_word, 'c' as third`: "third",
	} {
		if got, err := postgres.One[pair](t.Context(), tx, sql, postgres.Args{}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, %v; want a fault that names %s", sql, got, err, says)
		}
	}
	if none, err := postgres.All[pair](t.Context(), tx, `select 'a' as first, 'b' as second_word where false`, postgres.Args{}); err != nil ||
		none == nil || len(none) > 0 {
		t.Errorf("no rows: %v, %v", none, err)
	}
}

func TestAnythingButAStructIsOneColumn(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	words, err := postgres.All[*string](t.Context(), tx, `select * from unnest(array['a', null, 'b'])`, postgres.Args{})
	if err != nil || len(words) != 3 || *words[0] != "a" || words[1] != nil || *words[2] != "b" {
		t.Errorf("%v, %v", words, err)
	}
	at, err := postgres.One[time.Time](t.Context(), tx, `select timestamptz '2019-01-02 03:04:05Z'`, postgres.Args{})
	if err != nil || at.Unix() != 1546398245 {
		t.Errorf("%s, %v", at, err)
	}
	if _, err := postgres.One[int](t.Context(), tx, `select 1, 2`, postgres.Args{}); err == nil {
		t.Error("two columns became one number")
	}
}

func TestOneRowIsNotTwo(t *testing.T) {
	t.Parallel()
	if n, err := postgres.One[int](t.Context(), pgtest.Tx(t), `select * from generate_series(1, 2)`, postgres.Args{}); !errors.Is(err, pgx.ErrTooManyRows) {
		t.Errorf("%d, %v", n, err)
	}
}

// What goes wrong after the first rows is the fault of the question, and not an end of the list.
func TestARowThatFailsFailsTheList(t *testing.T) {
	t.Parallel()
	got, err := postgres.All[int](t.Context(), pgtest.Tx(t), `select 1 / (n - 3) from generate_series(1, 5) n`, postgres.Args{})
	if err == nil || !strings.Contains(err.Error(), "division by zero") {
		t.Errorf("%v, %v", got, err)
	}
}
