package partner

import (
	"context"

	"regiogriffie/internal/access"
	"regiogriffie/internal/postgres"
)

const registered = `select id, key, coalesce(ref, '') as ref, kind, official_name, short_name, tooi_uri, cbs_code, oin, roo_id, website, province,
	safety_region, coalesce(inhabitants::text, '') as inhabitants, coalesce(seats::text, '') as seats, seat_place, colour,
	coalesce(valid_from::text, '') as valid_from, coalesce(valid_to::text, '') as valid_to
	from organisations`

const rowsAs = ` from jsonb_to_recordset(@rows::jsonb) as r(id uuid, key text, ref text, kind text, official_name text, short_name text, tooi_uri text,
	cbs_code text, oin text, roo_id text, website text, province text, safety_region text, inhabitants text, seats text, seat_place text,
	colour text, valid_from text, valid_to text)`

// lockImport lets two runs go one after the other.
func lockImport(ctx context.Context, db postgres.DB, actor access.Actor) error {
	_, err := postgres.Exec(ctx, db, `select pg_advisory_xact_lock(hashtext('partner.import'))`, postgres.Args{}.As(actor))
	return err
}

func insertRegistered(ctx context.Context, db postgres.DB, actor access.Actor, rows []organisationRow) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := postgres.Exec(ctx, db, `
		insert into organisations (id, key, ref, kind, official_name, short_name, tooi_uri, cbs_code, oin, roo_id, website, province, safety_region,
			inhabitants, seats, seat_place, colour, valid_from, valid_to, created_at, updated_at)
		select r.id, r.key, r.ref, r.kind, r.official_name, r.short_name, r.tooi_uri, r.cbs_code, r.oin, r.roo_id, r.website, r.province, r.safety_region,
			nullif(r.inhabitants, '')::int, nullif(r.seats, '')::int, r.seat_place, r.colour, nullif(r.valid_from, '')::date,
			nullif(r.valid_to, '')::date, @now, @now`+rowsAs, postgres.Args{"rows": rows, "now": actor.At}.As(actor))
	return err
}

func updateRegistered(ctx context.Context, db postgres.DB, actor access.Actor, rows []organisationRow) error {
	_, err := postgres.Exec(ctx, db, `
		update organisations o set ref = nullif(r.ref, ''), kind = r.kind, official_name = r.official_name, short_name = r.short_name,
			tooi_uri = r.tooi_uri, cbs_code = r.cbs_code, oin = r.oin, roo_id = r.roo_id, website = r.website, province = r.province,
			safety_region = r.safety_region, inhabitants = nullif(r.inhabitants, '')::int, seats = nullif(r.seats, '')::int,
			seat_place = r.seat_place, valid_from = nullif(r.valid_from, '')::date, valid_to = nullif(r.valid_to, '')::date,
			version = o.version + 1, updated_at = @now, updated_by = ''`+rowsAs+` where o.id = r.id`,
		postgres.Args{"rows": rows, "now": actor.At}.As(actor))
	return err
}
