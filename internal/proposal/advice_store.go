package proposal

import (
	"context"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

const adviceColumns = `v.id, v.proposal_id, v.person_id, v.body_id, v.question, v.asked_at, v.asked_by, v.due_on, v.opinion, v.text, v.given_at, v.given_by,
	coalesce(w.display_name, '') as person_name, coalesce(b.name, '') as body_name, coalesce(o.name, '') as org_name`

func adviceTables() string {
	return ` from advices v join proposals p on p.id = v.proposal_id left join persons w on w.id = v.person_id
	left join bodies b on b.id = v.body_id left join organisations o on o.id = b.organisation_id
	where ` + access.Seen("v") + ` and ` + access.Seen("p")
}

// AdvicesInto lists the advice on a paper that the actor may see, oldest first.
func AdvicesInto(dst *[]Advice, actor access.Actor, proposal id.Proposal) postgres.Query {
	return postgres.AllInto(dst, `select `+adviceColumns+adviceTables()+` and v.proposal_id = @id order by v.asked_at, v.id limit 200`,
		postgres.Args{"id": proposal}.As(actor))
}

// AdviceInto asks for one advice on the paper under its key.
func AdviceInto(dst *Advice, actor access.Actor, key string, advice id.Advice) postgres.Query {
	return postgres.OneInto(dst, `select `+adviceColumns+adviceTables()+` and v.id = @id and p.key = @key`,
		postgres.Args{"id": advice, "key": key}.As(actor))
}

func findAdvice(ctx context.Context, tx postgres.DB, actor access.Actor, advice id.Advice) (Advice, error) {
	return postgres.One[Advice](ctx, tx, `select `+adviceColumns+adviceTables()+` and v.id = @id`, postgres.Args{"id": advice}.As(actor))
}

// insertAdvice tells whether it was asked now, and not before with the same key.
func insertAdvice(ctx context.Context, tx postgres.DB, actor access.Actor, key string, v Advice, u access.Audience) (bool, error) {
	n, err := postgres.Exec(ctx, tx, `
		insert into advices (id, key, proposal_id, person_id, body_id, question, asked_at, asked_by, due_on, visibility, org_ids,
		  participant_org_ids, writer_ids, audience_bodies)
		values (@id, @key, @proposal, @person, @body, @question, @at, @by, @due::date, @visibility, @org_ids, @participant_org_ids, @writer_ids, @audience_bodies)
		on conflict on constraint advices_key_key do nothing`,
		postgres.Args{
			"id": v.ID, "key": key, "proposal": v.ProposalID, "person": v.PersonID, "body": v.BodyID, "question": v.Question,
			"at": actor.At, "by": actor.Name, "due": dutch.DateKey(v.DueOn),
		}.With(u).As(actor))
	return n > 0, err
}

func giveAdvice(ctx context.Context, tx postgres.DB, actor access.Actor, v Advice) (bool, error) {
	n, err := postgres.Exec(ctx, tx, `
		update advices v set opinion = @opinion, text = @text, given_at = @at, given_by = @by where v.id = @id and v.given_at is null`,
		postgres.Args{"id": v.ID, "opinion": v.Opinion, "text": v.Text, "at": actor.At, "by": actor.Name}.As(actor))
	return n > 0, err
}

// spreadAdvices gives advice the readers that follow from its paper, as spreadComments does.
func spreadAdvices(ctx context.Context, tx postgres.DB, actor access.Actor, p Proposal) error {
	u := talk(p)
	_, err := postgres.Exec(ctx, tx, `
		update advices v set
		  org_ids = @org_ids::uuid[] || coalesce((select array[b.organisation_id] from bodies b where b.id = v.body_id
		    and b.organisation_id <> all(@org_ids::uuid[])), '{}'::uuid[]),
		  writer_ids = @writer_ids::uuid[] || case when v.person_id is null or v.person_id = any(@writer_ids::uuid[]) then '{}'::uuid[] else array[v.person_id] end,
		  audience_bodies = case when @audience_bodies::uuid[] is null then null when v.body_id is null then '{}'::uuid[] else array[v.body_id] end
		where v.proposal_id = @id`, postgres.Args{"id": p.ID}.With(u).As(actor))
	return err
}
