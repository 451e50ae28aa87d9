// Package audit keeps who did what to which thing, and why, in the same transaction as the act.
package audit

import (
	"context"
	"fmt"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Note writes an entry; call it in the transaction of the act. Act is subject and verb ("proposal.withdraw"), thing the
// id it was done to, orgs the organisations whose griffiers may read it. Reason is what a person wrote for the record,
// never content, passwords or tokens.
func Note(ctx context.Context, db postgres.DB, actor access.Actor, act, thing string, orgs []id.Organisation, reason string) error {
	_, err := NoteAbout(ctx, db, actor, act, thing, "", orgs, reason)
	return err
}

// NoteAbout is Note for what is done to the account, a role or a mandate of someone, who reads the entry himself; so do the
// administrators of the place.
func NoteAbout(ctx context.Context, db postgres.DB, actor access.Actor, act, thing string, about id.Person, orgs []id.Organisation,
	reason string,
) (id.Entry, error) {
	made := id.New[id.Entry]()
	if orgs == nil {
		orgs = []id.Organisation{}
	}
	_, err := postgres.Exec(ctx, db, `
		insert into audit_entries (id, at, account_id, person_id, duty, act, thing, about, org_ids, reason)
		values (@id, @at, @account, @person, @duty, @act, @thing, @about, @orgs, @reason)`,
		postgres.Args{
			"id": made, "about": about, "at": actor.At, "account": actor.Account, "person": actor.Person,
			"duty": actor.Duty, "act": act, "thing": thing, "orgs": orgs, "reason": reason,
		}.As(actor))
	if err != nil {
		return made, fmt.Errorf("writing the audit note: %w", err)
	}
	return made, nil
}

// Entry is a line of the trail.
type Entry struct {
	At     time.Time
	Who    string // display name; empty when the program acted by itself
	Act    string
	Reason string
}

// Of lists the entries of a thing, newest first, at most 200. Only who prepares papers in one of its organisations sees any.
func Of(dst *[]Entry, actor access.Actor, thing string) postgres.Query {
	return postgres.AllInto(dst, `
		select e.at, coalesce(p.display_name, '') as who, e.act, e.reason
		from audit_entries e left join persons p on p.id = e.person_id
		where e.thing = @thing and e.org_ids && @actor_clerk_organisations
		order by e.at desc, e.id desc limit 200`,
		postgres.Args{"thing": thing}.As(actor))
}
