package mailing

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/postgres"
)

// insertMailing gives the empty id when the act has its mailing already.
func insertMailing(ctx context.Context, tx pgx.Tx, act Act) (id.Mailing, error) {
	made, err := postgres.One[id.Mailing](ctx, tx, `
		insert into mailings (id, cause, title, object_id, org_ids, kept, topic, stop_url, private, opens)
		values (@id, @cause, @title, @object, @orgs, @kept, @topic, @stop, @private, nullif(@opens, '')::uuid)
		on conflict on constraint mailings_cause_key do nothing returning id`,
		postgres.Args{
			"id": id.New[id.Mailing](), "cause": act.Cause, "title": act.Title, "object": act.Object, "orgs": act.OrgIDs, "kept": act.Kept,
			"topic": act.Topic, "stop": act.StopURL, "private": act.Private, "opens": act.Opens,
		}.As(postman))
	if errors.Is(err, fault.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("writing a mailing: %w", err)
	}
	return made, nil
}

// several are written per statement: no statement may take longer than the pool allows.
const several = 500

// insertMessages follows insertMailing in its transaction, and so works under the same duty.
func insertMessages(ctx context.Context, tx pgx.Tx, of id.Mailing, orgs []id.Organisation, host string, to []Recipient) error {
	for len(to) > 0 {
		part := to[:min(several, len(to))]
		to = to[len(part):]
		b := &pgx.Batch{}
		for _, r := range part {
			m, self := r.Message, id.New[id.Message]()
			state, why := Waiting, ""
			if m.Address == "" {
				state, why = Failed, noAddress
			}
			b.Queue(`
				insert into messages (id, mailing_id, person_id, name, address, message_id, subject, text, html, calendar, method, calendar_name, state,
				  last_error, org_ids)
				values (@id, @mailing, @person, @name, @address, @message, @subject, @text, @html, @calendar, @method, @file, @state, @error, @orgs)
				on conflict on constraint messages_person_key do nothing`,
				pgx.NamedArgs{
					"id": self, "mailing": of, "person": r.Person, "name": m.Name, "address": m.Address, "message": string(self) + "@" + host,
					"subject": m.Subject, "text": m.Text, "html": m.HTML, "calendar": m.Calendar, "method": m.Method, "file": m.File, "state": state, "error": why,
					"orgs": orgs,
				})
		}
		if err := tx.SendBatch(ctx, b).Close(); err != nil {
			return fmt.Errorf("writing messages: %w", err)
		}
	}
	return nil
}

// setPaused tells whether that changed anything.
func setPaused(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Mailing, at *time.Time) (bool, error) {
	n, err := postgres.Exec(ctx, tx, `
		update mailings set paused_at = @at where id = @id and (paused_at is null) <> (@at::timestamptz is null)`,
		postgres.Args{"id": m, "at": at}.As(actor))
	return n > 0, err
}

// counted is a mailing g with how far it is.
const counted = `
	cross join lateral (
	  select count(*)::int as total, count(*) filter (where x.state = 'verzonden')::int as sent,
	    count(*) filter (where x.state in ('wacht', 'uitgesteld'))::int as open, count(*) filter (where x.state = 'uitgesteld')::int as deferred,
	    count(*) filter (where x.state = 'mislukt')::int as failed,
	    count(*) filter (where x.state = 'afgemeld')::int as refused, count(*) filter (where x.state = 'bewaard')::int as kept
	  from messages x where x.mailing_id = g.id) c`

const mailingColumns = `g.id, g.title, g.object_id::text as object_id, g.org_ids, g.private, g.paused_at, g.created_at, c.total, c.sent,
	c.open, c.deferred, c.failed, c.refused, c.kept`

// followed is the condition under which the actor may see how far mailing g is: who keeps the outbox, and who prepares papers
// in one of its organisations.
const followed = `(@keeper or g.org_ids && @actor_clerk_organisations)`

func find(ctx context.Context, db postgres.DB, actor access.Actor, m id.Mailing) (Mailing, error) {
	return postgres.One[Mailing](ctx, db, `select `+mailingColumns+` from mailings g `+counted+` where g.id = @id and `+followed,
		postgres.Args{"id": m, "keeper": CanKeep(actor)}.As(actor))
}

// About is fault.NotFound for a mailing that is not about the thing, or that the actor may not follow.
func About(ctx context.Context, db postgres.DB, actor access.Actor, m id.Mailing, object string) error {
	_, err := postgres.One[id.Mailing](ctx, db, `select g.id from mailings g where g.id = @id and g.object_id = @object and `+followed,
		postgres.Args{"id": m, "object": object, "keeper": CanKeep(actor)}.As(actor))
	return err
}

const messageColumns = `x.id, x.mailing_id, x.name, x.address, x.subject, x.state, x.attempts, x.due_at, x.sent_at, x.last_error, x.created_at`

// Outbox asks for the messages that the filter lets through, newest first; one more than PerPage when there are more.
func Outbox(dst *[]Message, actor access.Actor, f Filter) postgres.Query {
	return postgres.PageInto(dst, `
		select `+messageColumns+` from messages x
		where @keeper`+postgres.When(f.State != "", `x.state = @state`)+postgres.When(f.Mailing != "", `x.mailing_id = @mailing`)+
		postgres.When(like(f.Search) != "", `(x.name || ' ' || x.address || ' ' || x.subject) ilike @search`)+`
		order by x.created_at desc, x.id desc`,
		postgres.Args{
			"keeper": CanKeep(actor), "state": f.State, "mailing": f.Mailing, "search": like(f.Search),
		}.As(actor), f.Page, PerPage)
}

// like is a pattern that finds the text anywhere, or nothing when nothing is sought.
func like(text string) string {
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

// Progress asks for the latest mailings with how far they are, for who keeps the outbox.
func Progress(dst *[]Mailing, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `
		select `+mailingColumns+` from (select * from mailings where @keeper order by created_at desc, id desc limit 10) g `+counted+`
		order by g.created_at desc, g.id desc`, postgres.Args{"keeper": CanKeep(actor)}.As(actor))
}

// last is the id of the last mailing about a thing, of those the actor may follow. What is only kept has no progress.
const last = `(select g.id from mailings g where g.object_id = @object and not g.kept and ` + followed + ` order by g.created_at desc, g.id desc limit 1)`

// LastOf asks for the last mailing about a thing, none when there is none or the actor does not prepare papers in one of its
// organisations.
func LastOf(dst *[]Mailing, actor access.Actor, object string) postgres.Query {
	return postgres.AllInto(dst, `select `+mailingColumns+` from mailings g `+counted+` where g.id = `+last,
		postgres.Args{"object": object, "keeper": CanKeep(actor)}.As(actor))
}

// FindMessage gives a message with its texts, those of a private one left out, or fault.NotFound to who does not keep the outbox.
func FindMessage(ctx context.Context, db postgres.DB, actor access.Actor, m id.Message) (Whole, error) {
	return postgres.One[Whole](ctx, db, `
		select `+messageColumns+`, x.message_id, g.private, case when g.private then '' else x.text end as text,
			case when g.private then '' else x.html end as html, coalesce(convert_from(x.calendar, 'UTF8'), '') as calendar
		from messages x join mailings g on g.id = x.mailing_id where @keeper and x.id = @id`, postgres.Args{"keeper": CanKeep(actor), "id": m}.As(actor))
}

// UnreachedBy asks for the first few whom the mailing of LastOf has not reached, what asks for a person's attention first.
// Whose turn has not come is none of them.
func UnreachedBy(dst *[]Unreached, actor access.Actor, object string) postgres.Query {
	return postgres.AllInto(dst, `
		select x.name, x.state, x.last_error from messages x
		where x.state not in ('verzonden', 'wacht') and x.mailing_id = `+last+`
		order by array_position('{mislukt,afgemeld,bewaard,uitgesteld}', x.state), x.name`+postgres.Limit(FewUnreached),
		postgres.Args{"object": object, "keeper": CanKeep(actor)}.As(actor))
}

// claimed is a message that this worker alone may send now.
type claimed struct {
	ID           id.Message
	MessageID    string
	Name         string
	Address      string
	Subject      string
	Text         string
	HTML         string
	Calendar     []byte
	Method       string
	CalendarName string
	Attempts     int
	CreatedAt    time.Time
	Kept         bool
	Topic        Topic
	StopURL      string
	Opens        string
	Refused      bool
}

// mail is the message as it leaves, with a code of its own.
func (c claimed) mail(code string) mail.Message {
	m := mail.Message{
		ID: c.MessageID, Name: c.Name, Address: c.Address, Subject: c.Subject, Text: c.Text, HTML: c.HTML,
		Calendar: c.Calendar, Method: c.Method, File: c.CalendarName, Stop: c.StopURL, Date: c.CreatedAt,
	}
	if c.Topic != "" || c.Opens != "" {
		for _, text := range []*string{&m.Text, &m.HTML, &m.Stop} {
			*text = strings.ReplaceAll(*text, OwnCode, code)
		}
	}
	return m
}

// claim notes, before a mail goes out, that it does: until the claim ends nobody else sends it. A claim outlives the longest
// sending and the longest noting of it (mail.Deadline and keepOn), so one that has ended is of a worker that is gone. With a
// mail that can be stopped, or whose code opens something, goes the hash of its code. A second attempt brings a second code beside
// the first: perhaps both mails arrive.
func claim(ctx context.Context, db postgres.DB, codeHash string) (claimed, error) {
	return postgres.One[claimed](ctx, db, `
		with taken as (
		  update messages m set claimed_until = now() + interval '90 seconds', attempts = m.attempts + 1
		  from mailings g
		  where g.id = m.mailing_id and m.id = (
		    select x.id from messages x join mailings y on y.id = x.mailing_id
		    where x.state in ('wacht', 'uitgesteld') and x.due_at <= now() and y.paused_at is null
		      and (x.claimed_until is null or x.claimed_until < now())
		    order by x.due_at, x.id limit 1 for update of x skip locked)
		  returning m.id, m.message_id, m.person_id, m.name, m.address, m.subject, m.text, m.html, m.calendar, m.method, m.calendar_name, m.attempts,
		    m.created_at, g.kept, g.topic, g.stop_url, g.opens,
		    exists (select from mail_refusals r where r.address = lower(m.address) and r.topic = g.topic) as refused
		), linked as (
		  insert into stop_links (code_hash, address, topic, person_id)
		  select @hash, lower(address), topic, person_id from taken where topic <> '' and not refused and not kept and @hash <> ''
		), opening as (
		  insert into mail_codes (code_hash, opens) select @hash, opens from taken where opens is not null and not kept and @hash <> ''
		)
		select id, message_id, name, address, subject, text, html, calendar, method, calendar_name, attempts, created_at, kept, topic, stop_url,
		  coalesce(opens::text, '') as opens, refused
		from taken`, postgres.Args{"hash": codeHash}.As(postman))
}

// settle notes what became of a message that was claimed. A wait counts from now; refund takes back the attempt.
func settle(ctx context.Context, db postgres.DB, m id.Message, s State, why string, wait time.Duration, refund bool) error {
	_, err := postgres.Exec(ctx, db, `
		update messages set state = @state, last_error = @why, claimed_until = null, due_at = now() + @wait::interval,
		  attempts = attempts - case when @refund then 1 else 0 end, sent_at = case when @state = 'verzonden' then now() end
		where id = @id and state in ('wacht', 'uitgesteld')`,
		postgres.Args{"id": m, "state": s, "why": why, "wait": wait, "refund": refund}.As(postman))
	return err
}

// forget removes what is older than it is kept, a part per statement: a mailing may hold thousands of mails.
func forget(ctx context.Context, db postgres.DB) error {
	for what, lifetime := range map[string]time.Duration{
		`delete from mailings where id = (select id from mailings where created_at < now() - @lifetime::interval
				order by created_at limit 1)`: keeping,
		`delete from stop_links where code_hash in (select code_hash from stop_links where made_at < now() - @lifetime::interval
				order by made_at limit 5000)`: codeLifetime,
		`delete from mail_codes where code_hash in (select code_hash from mail_codes where made_at < now() - @lifetime::interval
				order by made_at limit 5000)`: opensLifetime,
	} {
		for ctx.Err() == nil {
			n, err := postgres.Exec(ctx, db, what, postgres.Args{"lifetime": lifetime}.As(postman))
			if err != nil {
				return err
			}
			if n == 0 {
				break
			}
		}
	}
	return ctx.Err()
}
