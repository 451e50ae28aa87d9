package invitation

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Remark is what somebody of one of the organisations says of the invitation to the others, while it is prepared.
type Remark struct {
	Author  string
	OrgName string
	Text    string
	MadeAt  time.Time
}

// RemarkOn leaves a remark. It changes nothing of the text, so signatures hold. The same words by the same person within a
// minute are one remark.
func RemarkOn(ctx context.Context, db postgres.DB, actor access.Actor, of id.Invitation, text string) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		i, err := lock(ctx, tx, actor, of)
		if err != nil {
			return err
		}
		if !CanRemark(actor, i) {
			return notNow(actor, i)
		}
		f := fault.Fields{}
		text = strings.TrimSpace(text)
		f.Must(text != "", "remark", "Schrijf eerst uw opmerking.")
		f.Must(len([]rune(text)) <= 4000, "remark", "Maak de opmerking korter: hoogstens 4.000 tekens.")
		if err := f.Err(); err != nil {
			return err
		}
		made := id.New[id.Remark]()
		n, err := postgres.Exec(ctx, tx, `
			insert into invitation_remarks (id, invitation_id, author, organisation_id, text, made_at, visibility, org_ids, participant_org_ids,
			  writer_ids, audience_bodies)
			select @id, @invitation, @author, (select io.organisation_id from invitation_organisers io where io.invitation_id = @invitation
			  and io.organisation_id = any(@actor_organisations) order by io.sequence limit 1), @text, @at, @visibility, @org_ids,
			    @participant_org_ids, @writer_ids, @audience_bodies
			where not exists (select from invitation_remarks r where r.invitation_id = @invitation and r.author = @author and r.text = @text
			  and r.made_at > @at::timestamptz - interval '1 minute')`,
			postgres.Args{"id": made, "invitation": i.ID, "author": actor.Name, "text": text, "at": actor.At}.With(i.Audience).As(actor))
		if err != nil || n == 0 {
			return err
		}
		if err := audit.Note(ctx, tx, actor, "invitation.remark", string(i.ID), i.OrgIDs, ""); err != nil {
			return err
		}
		told := i.telling(actor)
		told.Remark = made
		return tell(ctx, tx, TellRemark, told)
	})
}

// RemarksOn asks for the remarks on the invitation at a key, oldest first, for who prepares or signs it.
func RemarksOn(dst *[]Remark, actor access.Actor, key string) postgres.Query {
	return postgres.AllInto(dst, `
		select r.author, coalesce(o.name, '') as org_name, r.text, r.made_at
		from invitation_remarks r join invitations i on i.id = r.invitation_id left join organisations o on o.id = r.organisation_id
		where i.key = @key and `+access.Seen("i")+` order by r.made_at, r.id limit 500`, postgres.Args{"key": key}.As(actor))
}
