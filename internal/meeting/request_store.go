package meeting

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// requestsSQL reads questions (r) with who is asked.
func requestsSQL() string {
	return `
	select r.id, r.meeting_id, r.asked_at, r.asked_by, r.declined_at, r.declined_by, r.reason,
	  r.organisation_id, r.body_id, o.key as org_key, o.name as org_name, o.colour,
	  coalesce(b.key, '') as body_key, coalesce(b.name, '') as body_name, b.notice_days, b.papers_due_days, coalesce(b.public_by_default, true) as open_by_default,
	  '' as agreed_with, '' as recorded_by
	from organiser_requests r join organisations o on o.id = r.organisation_id left join bodies b on b.id = r.body_id
	join meetings m on m.id = r.meeting_id
	where ` + access.Seen("r") + ` and ` + access.Seen("m")
}

const requestOrder = ` order by r.asked_at, o.name, body_name, r.id`

// RequestsAt asks who is asked to hold the meeting at an address, for who prepares papers at its organisers and at those that are asked.
func RequestsAt(dst *[]Request, actor access.Actor, slug string) postgres.Query {
	return postgres.AllInto(dst, requestsSQL()+` and m.slug = @slug`+requestOrder, postgres.Args{"slug": slug}.As(actor))
}

func requestsOf(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting) ([]Request, error) {
	return postgres.All[Request](ctx, tx, requestsSQL()+` and m.id = @id`+requestOrder, postgres.Args{"id": m}.As(actor))
}

func insertRequest(ctx context.Context, tx pgx.Tx, actor access.Actor, r Request, standing []Organiser) error {
	_, err := postgres.Exec(ctx, tx, `
		insert into organiser_requests (id, meeting_id, organisation_id, body_id, asked_at, asked_by, org_ids)
		values (@id, @meeting, @org, @body, @at, @by, @orgs)`,
		postgres.Args{
			"id": r.ID, "meeting": r.MeetingID, "org": r.OrganisationID, "body": r.BodyID, "at": actor.At, "by": actor.Name,
			"orgs": append(orgsOf(standing), r.OrganisationID),
		}.As(actor))
	return err
}

func declineRequest(ctx context.Context, tx pgx.Tx, actor access.Actor, r id.Request, reason string) error {
	_, err := postgres.Exec(ctx, tx, `update organiser_requests r set declined_at = @at, declined_by = @by, reason = @reason where r.id = @id
			and r.declined_at is null`,
		postgres.Args{"id": r, "at": actor.At, "by": actor.Name, "reason": reason}.As(actor))
	return err
}

func deleteRequest(ctx context.Context, tx pgx.Tx, actor access.Actor, r id.Request) error {
	_, err := postgres.Exec(ctx, tx, `delete from organiser_requests r where r.id = @id`, postgres.Args{"id": r}.As(actor))
	return err
}

// spreadRequests lets those who hold the meeting now read its questions.
func spreadRequests(ctx context.Context, tx pgx.Tx, actor access.Actor, m Meeting, organisers []Organiser) error {
	_, err := postgres.Exec(ctx, tx, `update organiser_requests r set org_ids = @orgs::uuid[] || r.organisation_id where r.meeting_id = @id`,
		postgres.Args{"id": m.ID, "orgs": orgsOf(organisers)}.As(actor))
	return err
}

// boundTo counts what ties a body to an agenda: items that are closed for it alone, and papers that are meant for it or came to it.
func boundTo(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, body id.Body) (int, error) {
	return postgres.One[int](ctx, tx, `
		select count(*)::int from agenda_items i left join agenda_item_matters x on x.item_id = i.id left join proposals p on p.id = x.proposal_id
		where i.meeting_id = @meeting and i.state <> 'vervallen' and (i.closed_for = array[@body::uuid] or p.target_body_id = @body
		  or exists (select from route_steps s where s.item_id = i.id and s.body_id = @body))`,
		postgres.Args{"meeting": m, "body": body}.As(actor))
}

// Party is a body, or an organisation without one, that holds a meeting or is asked to.
type Party struct {
	OrganisationID id.Organisation
	BodyID         id.Body
	OrgKey         string
	BodyKey        string
	AgreedWith     string
	Asked          bool
}

// Agreed tells whether its own griffie gave its word.
func (p Party) Agreed() bool { return !p.Asked && p.AgreedWith == "" }

// PartiesOf are those who hold a meeting or are asked to, with its address; an empty address when the meeting is off. For the worker, under its
// duty: a question is read by the griffies that it is between.
func PartiesOf(ctx context.Context, db postgres.DB, m id.Meeting) (slug string, parties []Party, err error) {
	parties, err = postgres.All[Party](ctx, db, `select mo.organisation_id, mo.body_id, o.key as org_key, coalesce(b.key, '') as body_key,
			mo.agreed_with, false as asked
		from meeting_organisers mo join organisations o on o.id = mo.organisation_id left join bodies b on b.id = mo.body_id
		  where mo.meeting_id = @id order by mo.sequence`,
		postgres.Args{"id": m})
	if err != nil {
		return "", nil, err
	}
	duty := access.Actor{Duty: TellDuty}
	for _, p := range parties {
		duty.Grants = append(duty.Grants, access.Grant{Role: access.ClerkStaff, Organisation: p.OrganisationID, Body: p.BodyID})
	}
	var slugs []string
	var asked []Party
	err = postgres.Read(ctx, db,
		postgres.AllInto(&slugs, `select m.slug from meetings m where m.id = @id and m.state <> 'geannuleerd' and `+access.Seen("m"),
			postgres.Args{"id": m}.As(duty)),
		postgres.AllInto(&asked, `select r.organisation_id, r.body_id, o.key as org_key, coalesce(b.key, '') as body_key, '' as agreed_with, true as asked
			from organiser_requests r join organisations o on o.id = r.organisation_id left join bodies b on b.id = r.body_id
			where r.meeting_id = @id and r.declined_at is null and `+access.Seen("r"), postgres.Args{"id": m}.As(duty)))
	if err != nil || len(slugs) == 0 {
		return "", nil, err
	}
	return slugs[0], append(parties, asked...), nil
}

// TellDuty is the duty to tell griffies of a question between them.
const TellDuty access.Duty = "meeting.tell"

// OfficeOf are the griffier and his staff of the bodies, and of organisations without a body their griffiers and secretaries, on a day. A body that
// is empty stands for the organisation at the same place. For the worker: it asks no rights.
func OfficeOf(ctx context.Context, db postgres.DB, bodies []id.Body, orgs []id.Organisation, at time.Time) ([]Addressee, error) {
	var whole []id.Organisation
	var own []id.Body
	for n, b := range bodies {
		if b == "" {
			whole = append(whole, orgs[n])
		} else {
			own = append(own, b)
		}
	}
	people, err := ClerksOf(ctx, db, own, at)
	if err != nil || len(whole) == 0 {
		return people, err
	}
	more, err := postgres.All[Addressee](ctx, db, `
		select p.id as person_id, p.display_name as name, p.work_email as email from persons p where p.id in (
		  select d.person_id from mandates d join bodies b on b.id = d.body_id where b.organisation_id = any(@orgs::uuid[]) and d.function in ('clerk', 'secretary')
		    and daterange(d.starts_on, d.ends_on) @> @day::date) order by p.family, p.id`,
		postgres.Args{"orgs": whole, "day": dutch.DateKey(at)})
	for _, m := range more {
		if !slices.ContainsFunc(people, func(p Addressee) bool { return p.PersonID == m.PersonID }) {
			people = append(people, m)
		}
	}
	return people, err
}
