package collaboration

import (
	"context"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

const participantColumns = `q.id, q.organisation_id, o.key, o.name as name, o.colour, o.kind, q.organs, q.joined_on, q.left_on,
	q.vote_weight::float8 as vote_weight, q.contribution_key, q.version`

// ParticipantsInto asks who take part in the collaboration with this key or did, those who left last.
func ParticipantsInto(dst *[]Participant, actor access.Actor, key string) postgres.Query {
	return postgres.AllInto(dst, `
		select `+participantColumns+`
		from participations q join collaborations c on c.id = q.collaboration_id join organisations o on o.id = q.organisation_id
		where c.key = @key order by q.left_on is not null, lower(o.short_name), o.official_name, q.joined_on`, postgres.Args{"key": key}.As(actor))
}

// ParticipantInto asks for one participation in the collaboration with this key.
func ParticipantInto(dst *Participant, actor access.Actor, key string, p id.Participation) postgres.Query {
	return postgres.OneInto(dst, `
		select `+participantColumns+`
		from participations q join collaborations c on c.id = q.collaboration_id join organisations o on o.id = q.organisation_id
		where c.key = @key and q.id = @id`, postgres.Args{"key": key, "id": p}.As(actor))
}

// during are the participations of the organisation on any day of the period.
func during(ctx context.Context, db postgres.DB, actor access.Actor, d ParticipationDraft) ([]Participant, error) {
	return postgres.All[Participant](ctx, db, `
		select `+participantColumns+` from participations q join organisations o on o.id = q.organisation_id
		where q.collaboration_id = @collaboration and q.organisation_id = @organisation
		  and daterange(q.joined_on, q.left_on) && daterange(@joined::date, @left::date) order by q.joined_on`,
		postgres.Args{
			"collaboration": d.CollaborationID, "organisation": d.OrganisationID, "joined": dutch.DayOf(d.JoinedOn), "left": dutch.DayOf(d.LeftOn),
		}.As(actor))
}

func insertParticipation(ctx context.Context, db postgres.DB, actor access.Actor, p id.Participation, d ParticipationDraft) error {
	_, err := postgres.Exec(ctx, db, `
		insert into participations (id, collaboration_id, organisation_id, organs, joined_on, left_on, vote_weight, contribution_key)
		values (@id, @collaboration, @organisation, @organs, @joined, @left, @weight, @contribution)`,
		postgres.Args{
			"id": p, "collaboration": d.CollaborationID, "organisation": d.OrganisationID, "organs": postgres.OrEmpty(d.Organs),
			"joined": dutch.DayOf(d.JoinedOn), "left": dutch.DayOf(d.LeftOn), "weight": d.VoteWeight, "contribution": d.ContributionKey,
		}.As(actor))
	return err
}

// member is a participation that is about to end.
type member struct {
	ID              id.Participation
	CollaborationID id.Collaboration
	OrganisationID  id.Organisation
	JoinedOn        *time.Time
	LeftOn          *time.Time
}

func findMember(ctx context.Context, db postgres.DB, actor access.Actor, p id.Participation) (member, error) {
	return postgres.One[member](ctx, db, `select id, collaboration_id, organisation_id, joined_on, left_on from participations where id = @id for update`,
		postgres.Args{"id": p}.As(actor))
}

func setLeft(ctx context.Context, db postgres.DB, actor access.Actor, p id.Participation, on time.Time) error {
	_, err := postgres.Exec(ctx, db, `update participations set left_on = @on, version = version + 1 where id = @id`,
		postgres.Args{"id": p, "on": on}.As(actor))
	return err
}
