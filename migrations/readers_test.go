package migrations_test

import (
	"database/sql"
	"testing"

	"github.com/pressly/goose/v3"

	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/migrations"
)

// Who opened a closed file before the list of readers was kept stands in it; the program of before goes on noting in its own way.
func TestWhoReadBeforeStandsInTheList(t *testing.T) {
	t.Parallel()
	address := pgtest.Empty(t)
	if err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	const before = 20261130229999
	run := func(sql string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	count := func(sql string) (n int) {
		t.Helper()
		if err := db.QueryRowContext(t.Context(), sql).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if _, err := provider.DownTo(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	const opening = `insert into closed_readings (id, attachment_id, person_id, at) select gen_random_uuid(), a.id, p.id, now() from attachments a, persons p`
	run(`insert into persons (id, family, display_name) values (gen_random_uuid(), 'Lid', 'A. Lid')`)
	run(`insert into attachment_files values ('x')`)
	run(`insert into attachments (id, key, object_kind, object_id, number, title, file_name, mime, bytes, sha256, disk_name, created_at,
			visibility, org_ids, audience_bodies)
		values (gen_random_uuid(), 'x', 'proposal', gen_random_uuid(), 1, 'Bijlage', 'x.pdf', 'application/pdf', 1, 'x', 'x', now(), 'org', '{}',
		  array[gen_random_uuid()])`)
	run(opening)
	run(opening)
	if _, err := provider.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	run(opening)
	const whole = `select count(*) from closed_readings r join attachments a on a.id = r.thing_id and a.audience_bodies = r.audience_bodies
		where r.kind = 'file' and r.surface = 'bestand' and r.times = 1 and r.last_at = r.at and r.period is null`
	if n := count(whole); n != 3 {
		t.Errorf("%d of 3 stand in the list", n)
	}
	if _, err := provider.DownTo(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	if n := count(`select count(*) from closed_readings where attachment_id is not null`); n != 3 {
		t.Errorf("%d of 3 are left when it is taken back", n)
	}
}
