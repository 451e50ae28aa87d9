package invitation

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/id"
	"regiogriffie/internal/job"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
)

// The acts of which people hear by mail; they are kinds of jobs.
const (
	TellSigning     = "invitation.signing"   // to who signs, and to the secretarissen and griffiers of the organisations
	TellLapsed      = "invitation.lapsed"    // the same people: what they signed was changed
	TellReady       = "invitation.ready"     // to who decides: it can be published
	TellPublished   = "invitation.published" // to those invited
	TellSaveTheDate = "invitation.save_the_date"
)

// Telling is what such a job holds. Of an invitation that is not public its address is all that a mail says; By is who did it,
// to whom it is no news.
type Telling struct {
	Invitation  id.Invitation
	Key         string
	Number      int // of the publication, or the version of the text
	By          id.Person
	MadeUp      bool
	Meeting     id.Meeting
	SaveTheDate id.SaveTheDate
	Until       time.Time // the end of the meeting: afterwards nobody needs to hear
}

// Cause names the act for the mailing, so that telling it twice is telling it once.
func (t Telling) Cause(kind string) string {
	return fmt.Sprintf("%s:%s%s:%d", kind, t.Invitation, t.SaveTheDate, t.Number)
}

func tell(ctx context.Context, tx pgx.Tx, kind string, t Telling) error {
	return job.Enqueue(ctx, tx, kind, t)
}

// Signatories are those who sign the invitation and the griffiers and secretarissen of its organisations, except by. For the
// worker: it asks no rights, and work addresses are no page's business.
func Signatories(ctx context.Context, db postgres.DB, i id.Invitation, by id.Person, day string) ([]meeting.Addressee, error) {
	return postgres.All[meeting.Addressee](ctx, db, `
		with them as (
		  select s.person_id from invitation_signers s where s.invitation_id = @id
		  union
		  select d.person_id from invitation_organisers o join bodies b on b.organisation_id = o.organisation_id join mandates d on d.body_id = b.id
		  where o.invitation_id = @id and d.function in ('clerk', 'secretary', 'director') and daterange(d.starts_on, d.ends_on) @> @day::date
		)
		select p.id as person_id, p.display_name as name, p.work_email as email
		from them join persons p on p.id = them.person_id where p.id is distinct from @by::uuid order by p.family, p.id`,
		postgres.Args{"id": i, "by": by, "day": day})
}

// Guestlist are those whom the invitation to a meeting, or a save-the-date for it, has reached or is about to: the members and
// the griffie of the bodies, on its day, each person once. For the worker.
func Guestlist(ctx context.Context, db postgres.DB, m meeting.Meeting) ([]meeting.Addressee, error) {
	bodies, err := postgres.All[id.Body](ctx, db, `
		select unnest(body_ids) from (
		  (select p.body_ids from invitation_publications p where p.meeting_id = @id order by p.number desc limit 1)
		  union all select s.body_ids from save_the_dates s where s.meeting_id = @id) x`, postgres.Args{"id": m.ID})
	if err != nil || len(bodies) == 0 {
		return nil, err
	}
	return meeting.Seated(ctx, db, bodies, dutch.DateKey(m.StartsAt))
}
