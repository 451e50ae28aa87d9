package collaboration

import (
	"context"

	"regiogriffie/internal/access"
	"regiogriffie/internal/postgres"
)

// lockImport lets two runs go one after the other.
func lockImport(ctx context.Context, db postgres.DB, actor access.Actor) error {
	_, err := postgres.Exec(ctx, db, `select pg_advisory_xact_lock(hashtext('collaboration.import'))`, postgres.Args{}.As(actor))
	return err
}

const registered = `
	select c.id, c.key, coalesce(c.roo_id, '') as roo_id, c.name, c.short_name, c.form, c.register_code, coalesce(o.ref, '') as organisation,
		coalesce(c.in_force_on::text, '') as in_force_on, array_to_string(c.delegation, '|') as delegation, array_to_string(c.fields, '|') as fields,
		array_to_string(c.legal_bases, '|') as legal_bases, c.regeling_url
	from collaborations c left join organisations o on o.id = c.organisation_id`

const rowsAs = ` from jsonb_to_recordset(@rows::jsonb) as r(id uuid, key text, roo_id text, name text, short_name text, form text, register_code text,
	organisation text, in_force_on text, delegation text, fields text, legal_bases text, regeling_url text)
	left join organisations o on o.ref = r.organisation`

// Lists are empty, not null, when the text is.
const rowLists = `coalesce(string_to_array(nullif(r.delegation, ''), '|'), '{}'), coalesce(string_to_array(nullif(r.fields, ''), '|'), '{}'),
	coalesce(string_to_array(nullif(r.legal_bases, ''), '|'), '{}')`

func insertRegistered(ctx context.Context, db postgres.DB, actor access.Actor, rows []row) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := postgres.Exec(ctx, db, `
		insert into collaborations (id, key, roo_id, name, short_name, form, register_code, organisation_id, in_force_on, regeling_url,
			delegation, fields, legal_bases, created_at, updated_at)
		select r.id, r.key, r.roo_id, r.name, r.short_name, r.form, r.register_code, o.id, nullif(r.in_force_on, '')::date, r.regeling_url,
			`+rowLists+`, @now, @now`+rowsAs, postgres.Args{"rows": rows, "now": actor.At}.As(actor))
	return err
}

func updateRegistered(ctx context.Context, db postgres.DB, actor access.Actor, rows []row) error {
	_, err := postgres.Exec(ctx, db, `
		update collaborations c set (roo_id, name, short_name, form, register_code, organisation_id, in_force_on, regeling_url, delegation, fields,
				legal_bases, version, updated_at) =
			(x.roo_id, x.name, x.short_name, x.form, x.register_code, coalesce(x.organisation_id, c.organisation_id), x.in_force_on, x.regeling_url,
				x.delegation, x.fields, x.legal_bases, c.version + 1, @now)
		from (select r.id, r.roo_id, r.name, r.short_name, r.form, r.register_code, o.id, nullif(r.in_force_on, '')::date, r.regeling_url,
			`+rowLists+rowsAs+`) as x(id, roo_id, name, short_name, form, register_code, organisation_id, in_force_on, regeling_url, delegation, fields, legal_bases)
		where c.id = x.id`, postgres.Args{"rows": rows, "now": actor.At}.As(actor))
	return err
}

const takingPart = `
	select q.id, c.roo_id as collaboration, o.ref as organisation, array_to_string(q.organs, '|') as organs,
		coalesce(q.joined_on::text, '') as joined_on, coalesce(q.left_on::text, '') as left_on, q.contribution_key
	from participations q join collaborations c on c.id = q.collaboration_id join organisations o on o.id = q.organisation_id
	where c.roo_id is not null and o.ref is not null
	order by q.left_on nulls last`

const partsAs = ` from jsonb_to_recordset(@rows::jsonb) as r(id uuid, collaboration text, organisation text, organs text,
	joined_on text, contribution_key text)`

func insertParts(ctx context.Context, db postgres.DB, actor access.Actor, rows []part) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := postgres.Exec(ctx, db, `
		insert into participations (id, collaboration_id, organisation_id, organs, joined_on, contribution_key)
		select r.id, c.id, o.id, coalesce(string_to_array(nullif(r.organs, ''), '|'), '{}'), nullif(r.joined_on, '')::date, r.contribution_key`+
		partsAs+` join collaborations c on c.roo_id = r.collaboration join organisations o on o.ref = r.organisation`,
		postgres.Args{"rows": rows}.As(actor))
	return err
}

func updateParts(ctx context.Context, db postgres.DB, actor access.Actor, rows []part) error {
	_, err := postgres.Exec(ctx, db, `
		update participations q set organs = coalesce(string_to_array(nullif(r.organs, ''), '|'), '{}'), joined_on = nullif(r.joined_on, '')::date,
			contribution_key = r.contribution_key, version = q.version + 1`+partsAs+` where q.id = r.id`, postgres.Args{"rows": rows}.As(actor))
	return err
}
