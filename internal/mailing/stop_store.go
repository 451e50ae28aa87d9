package mailing

import (
	"context"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/postgres"
)

func findStop(ctx context.Context, db postgres.DB, hash string, at time.Time) (Stop, error) {
	return postgres.One[Stop](ctx, db, `
		select l.address, l.topic, l.person_id, exists (select from mail_refusals r where r.address = l.address and r.topic = l.topic) as refused
		from stop_links l where l.code_hash = @hash and l.made_at > @at::timestamptz - @lifetime::interval`,
		postgres.Args{"hash": hash, "at": at, "lifetime": codeLifetime})
}

// Choices asks which topics the actor gets at his work address; none when he has no such address.
func Choices(dst *[]Stop, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `
		select p.address, t.topic, p.id as person_id, exists (select from mail_refusals r where r.address = p.address and r.topic = t.topic) as refused
		from (select id, lower(trim(work_email)) as address from persons where id = @person) p, unnest(@topics::text[]) with ordinality t(topic, place)
		where p.address <> '' order by t.place`,
		postgres.Args{"person": actor.Person, "topics": Topics}.As(actor))
}

func insertRefusal(ctx context.Context, db postgres.DB, actor access.Actor, s Stop) (bool, error) {
	n, err := postgres.Exec(ctx, db, `
		insert into mail_refusals (address, topic, person_id, refused_at) values (@address, @topic, @person, @at)
		on conflict do nothing`,
		postgres.Args{"address": s.Address, "topic": s.Topic, "person": s.PersonID, "at": actor.At}.As(actor))
	return n > 0, err
}

func deleteRefusal(ctx context.Context, db postgres.DB, actor access.Actor, s Stop) (bool, error) {
	n, err := postgres.Exec(ctx, db, `delete from mail_refusals where address = @address and topic = @topic`,
		postgres.Args{"address": s.Address, "topic": s.Topic}.As(actor))
	return n > 0, err
}
