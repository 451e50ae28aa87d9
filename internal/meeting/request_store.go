package meeting

import (
	"context"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
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
	_, err := postgres.Exec(ctx, tx, `update organiser_requests r set declined_at = @at, declined_by = @by, reason = @reason where r.id = @id and r.declined_at is null`,
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

// boundTo counts what ties a body to an agenda: items that are closed for it, and papers that are meant for it or came to it.
func boundTo(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, body id.Body) (int, error) {
	return postgres.One[int](ctx, tx, `
		select count(*)::int from agenda_items i left join agenda_item_matters x on x.item_id = i.id left join proposals p on p.id = x.proposal_id
		where i.meeting_id = @meeting and i.state <> 'vervallen' and (@body = any(i.closed_for) or p.target_body_id = @body
		  or exists (select from route_steps s where s.item_id = i.id and s.body_id = @body))`,
		postgres.Args{"meeting": m, "body": body}.As(actor))
}
