package invitation

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
)

// SaveTheDate is a mailing that asks people to keep a day free: as soon as the day is known, long before there is an
// invitation (domain 4.2).
type SaveTheDate struct {
	ID        id.SaveTheDate
	MeetingID id.Meeting
	Text      string
	BodyIDs   []id.Body
	SentAt    time.Time
	SentBy    string
	Bodies    []Body
}

const saveTheDateColumns = `s.id, s.meeting_id, s.text, s.body_ids, s.sent_at, s.sent_by,
	(select coalesce(jsonb_agg(jsonb_build_object('ID', b.id, 'Name', b.name, 'OrgName', o.name) order by o.name, b.name, b.id), '[]')
	  from bodies b join organisations o on o.id = b.organisation_id where b.id = any(s.body_ids)) as bodies`

// SaveTheDates asks for those of the meeting at an address, newest first, for who prepares papers in one of its organisations.
func SaveTheDates(dst *[]SaveTheDate, actor access.Actor, slug string) postgres.Query {
	return postgres.AllInto(dst, `select `+saveTheDateColumns+` from save_the_dates s join meetings m on m.id = s.meeting_id
		where m.slug = @slug and `+access.Seen("m")+` and s.org_ids && @actor_clerk_organisations order by s.sent_at desc, s.id desc limit 10`, postgres.Args{"slug": slug}.As(actor))
}

// FindSaveTheDate returns one, for the worker, or fault.NotFound when its meeting is not public.
func FindSaveTheDate(ctx context.Context, db postgres.DB, s id.SaveTheDate) (SaveTheDate, error) {
	return postgres.One[SaveTheDate](ctx, db, `select `+saveTheDateColumns+` from save_the_dates s join meetings m on m.id = s.meeting_id
		where s.id = @id and `+access.Seen("m"), postgres.Args{"id": s}.As(postman))
}

// CanSaveTheDate reports whether the actor may send one for the meeting: griffier or secretaris of an organisation that holds it by its own word,
// once its day is known and as long as it is to come.
func CanSaveTheDate(a access.Actor, m meeting.Meeting, organisers []meeting.Organiser) bool {
	return m.Open && m.State == meeting.Planned && a.At.Before(m.StartsAt) &&
		slices.ContainsFunc(organisers, func(o meeting.Organiser) bool { return o.Agreed() && decides(a, o.OrganisationID) })
}

// SendSaveTheDate mails the members of the bodies that the day is to be kept free, with the entry for their calendar. The same
// words to the same bodies on one day are one mailing.
func SendSaveTheDate(ctx context.Context, db postgres.DB, actor access.Actor, of id.Meeting, bodies []id.Body, text string) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		return sendSaveTheDate(ctx, tx, actor, of, bodies, text)
	})
}

func sendSaveTheDate(ctx context.Context, tx pgx.Tx, actor access.Actor, of id.Meeting, bodies []id.Body, text string) error {
	m, organisers, err := meeting.FindWhole(ctx, tx, actor, of)
	if err != nil {
		return err
	}
	invited, err := postgres.One[bool](ctx, tx, `select exists (select from invitation_publications p where p.meeting_id = @id)`, postgres.Args{"id": m.ID}.As(actor))
	if err != nil {
		return err
	}
	if invited {
		return fault.Because("De uitnodiging voor deze bijeenkomst is al verstuurd. Een save-the-date heeft dan geen zin meer.")
	}
	if !CanSaveTheDate(actor, m, organisers) {
		if m.State == meeting.Concept {
			return fault.Because("De dag is nog niet bekendgemaakt. Maak de bijeenkomst eerst bekend; daarna kunt u een save-the-date sturen.")
		}
		return fault.Forbidden
	}
	f := fault.Fields{}
	text = strings.TrimSpace(text)
	f.Must(len(bodies) > 0, "bodies", "Kies wie de save-the-date krijgen.")
	f.Must(len(bodies) <= mostBodies, "bodies", "Kies hoogstens 500 gremia.")
	f.Must(len([]rune(text)) <= 2000, "text", "Maak de tekst korter: hoogstens 2.000 tekens.")
	if err := f.Err(); err != nil {
		return err
	}
	if actor.MustConfirm() {
		return fault.Unconfirmed
	}
	bodies = slices.Compact(slices.Sorted(slices.Values(bodies)))
	own := organisers[slices.IndexFunc(organisers, func(o meeting.Organiser) bool { return o.Agreed() && decides(actor, o.OrganisationID) })]
	s := id.New[id.SaveTheDate]()
	args := postgres.Args{"id": s, "meeting": m.ID, "org": own.OrganisationID, "text": text, "bodies": bodies, "at": actor.At, "by": actor.Name, "orgs": m.OrgIDs}.As(actor)
	// Two at once wait for each other here.
	if _, err := postgres.One[id.Meeting](ctx, tx, `select m.id from meetings m where m.id = @meeting for update`, args); err != nil {
		return err
	}
	n, err := postgres.Exec(ctx, tx, `
		insert into save_the_dates (id, meeting_id, organisation_id, text, body_ids, sent_at, sent_by, org_ids)
		select @id, @meeting, @org, @text, x.known, @at, @by, @orgs from (select coalesce(array_agg(b.id order by b.id), '{}') as known from bodies b where b.id = any(@bodies::uuid[])) x
		where not exists (select from save_the_dates s where s.meeting_id = @meeting and s.body_ids = x.known and s.text = @text
		  and s.sent_at > @at::timestamptz - interval '1 day')`, args)
	if err != nil || n == 0 {
		return err
	}
	if err := audit.Note(ctx, tx, actor, "meeting.save_the_date", string(m.ID), m.OrgIDs, ""); err != nil {
		return err
	}
	return tell(ctx, tx, TellSaveTheDate, Telling{Meeting: m.ID, SaveTheDate: s, MadeUp: m.MadeUp, By: actor.Person})
}
