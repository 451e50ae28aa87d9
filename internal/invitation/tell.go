package invitation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/id"
	"regiogriffie/internal/job"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
)

// The acts of which people hear by mail; they are kinds of jobs.
const (
	TellSigning     = "invitation.signing"    // to who signs, and to the secretarissen and griffiers of the organisations
	TellLapsed      = "invitation.lapsed"     // the same people: what they signed was changed
	TellReady       = "invitation.ready"      // to who decides: it can be published
	TellSignedFor   = "invitation.signed_for" // to him for whom someone else signed
	TellRemark      = "invitation.remark"     // to the others who prepare or sign it
	TellPublished   = "invitation.published"  // to those invited
	TellSaveTheDate = "invitation.save_the_date"
)

// Telling is what such a job holds. Of an invitation that is not public its address is all that a mail says; By is who did it,
// to whom it is no news.
type Telling struct {
	Invitation  id.Invitation
	Key         string
	Number      int // of the publication, or the version of the text
	By          id.Person
	For         id.Person // of a signature that someone else gave
	Remark      id.Remark
	MadeUp      bool
	Meeting     id.Meeting
	SaveTheDate id.SaveTheDate
	Until       time.Time // the end of the meeting: afterwards nobody needs to hear
}

// Cause names the act for the mailing, so that telling it twice is telling it once.
func (t Telling) Cause(kind string) string {
	return fmt.Sprintf("%s:%s%s%s%s:%d", kind, t.Invitation, t.SaveTheDate, t.For, t.Remark, t.Number)
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

// postman reads for the worker what was mailed, and what asked people to keep a day free.
var postman = access.Actor{Duty: mailing.Duty}

// Guestlist are those whom the invitation to a meeting, or a save-the-date for it, is for: the members and the griffie of the
// bodies, on its day, each person once. For the worker.
func Guestlist(ctx context.Context, db postgres.DB, m meeting.Meeting) ([]meeting.Addressee, error) {
	bodies, err := postgres.All[id.Body](ctx, db, `
		select unnest(body_ids) from (
		  (select p.body_ids from invitation_publications p where p.meeting_id = @id order by p.number desc limit 1)
		  union all select s.body_ids from save_the_dates s where s.meeting_id = @id) x`, postgres.Args{"id": m.ID}.As(postman))
	if err != nil || len(bodies) == 0 {
		return nil, err
	}
	return meeting.Seated(ctx, db, bodies, dutch.DateKey(m.StartsAt))
}

// Told are those of the guests who were told of the meeting, and who prepare and sign the invitation to it: they hear it when it is
// moved or called off, whatever other mail they stopped since. For the worker.
func Told(ctx context.Context, db postgres.DB, m meeting.Meeting) ([]meeting.Addressee, error) {
	guests, err := Guestlist(ctx, db, m)
	if err != nil {
		return nil, err
	}
	stopped, err := postgres.All[id.Person](ctx, db, `
		select x.person_id from messages x join mailings g on g.id = x.mailing_id
		where x.person_id is not null and g.object_id in (select @id::uuid union select p.invitation_id from invitation_publications p where p.meeting_id = @id)
		group by 1 having bool_and(x.state = 'afgemeld')`, postgres.Args{"id": m.ID}.As(postman))
	if err != nil {
		return nil, err
	}
	guests = slices.DeleteFunc(guests, func(a meeting.Addressee) bool { return slices.Contains(stopped, a.PersonID) })
	invitations, err := postgres.All[id.Invitation](ctx, db, `select distinct p.invitation_id from invitation_publications p where p.meeting_id = @id`,
		postgres.Args{"id": m.ID})
	for _, i := range invitations {
		hosts, err := Signatories(ctx, db, i, "", dutch.DateKey(m.StartsAt))
		if err != nil {
			return nil, err
		}
		guests = Joined(guests, hosts)
	}
	return guests, err
}

// Joined is both lists, each person once.
func Joined(a, b []meeting.Addressee) []meeting.Addressee {
	for _, each := range b {
		if !slices.ContainsFunc(a, func(there meeting.Addressee) bool { return there.PersonID == each.PersonID }) {
			a = append(a, each)
		}
	}
	return a
}
