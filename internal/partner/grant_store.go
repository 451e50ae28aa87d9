package partner

import (
	"context"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

type storedGrant struct {
	ID             id.Grant
	PersonID       id.Person
	Role           access.Role
	OrganisationID id.Organisation
	ValidFrom      time.Time
}

// granted are the same roles that the person has on the first day already. The person is locked first, so that a role given
// twice at once is given once.
func granted(ctx context.Context, db postgres.DB, actor access.Actor, d RoleDraft) ([]id.Grant, error) {
	args := grantArgs(actor, "", d)
	if _, err := postgres.Exec(ctx, db, `select from persons where id = @person for update`, args); err != nil {
		return nil, err
	}
	return postgres.All[id.Grant](ctx, db, `
		select id from role_grants
		where person_id = @person and role = @role and organisation_id is not distinct from @organisation::uuid
		  and body_id is not distinct from @body::uuid and daterange(valid_from, valid_to) @> @from::date
		  and (valid_to is null or valid_to = @to::date)`, args)
}

func grantArgs(actor access.Actor, grant id.Grant, d RoleDraft) postgres.Args {
	return postgres.Args{
		"id": grant, "person": d.PersonID, "role": d.Role, "organisation": d.OrganisationID, "body": d.BodyID, "from": dutch.Day(d.ValidFrom),
		"to": dutch.DayOf(d.ValidTo), "by": actor.Person,
	}.As(actor)
}

func insertGrant(ctx context.Context, db postgres.DB, actor access.Actor, grant id.Grant, d RoleDraft) error {
	_, err := postgres.Exec(ctx, db, `
		insert into role_grants (id, person_id, role, organisation_id, body_id, valid_from, valid_to, granted_by)
		values (@id, @person, @role, @organisation, @body, @from, @to, @by)`, grantArgs(actor, grant, d))
	if postgres.Violates(err, "role_grants_person_id_fkey") {
		return fault.Fields{"person_id": "Kies een persoon uit de lijst."}
	}
	if postgres.Violates(err, "role_grants_organisation_id_fkey") {
		return fault.Fields{"organisation_id": "Kies een organisatie uit de lijst."}
	}
	return err
}

// endGrant reports whether the role would have lasted longer.
func endGrant(ctx context.Context, db postgres.DB, actor access.Actor, grant id.Grant, on time.Time) (bool, error) {
	n, err := postgres.Exec(ctx, db, `
		update role_grants set valid_to = greatest(valid_from, @on::date), version = version + 1
		where id = @id and (valid_to is null or valid_to > greatest(valid_from, @on::date))`, postgres.Args{"id": grant, "on": on}.As(actor))
	return n > 0, err
}
