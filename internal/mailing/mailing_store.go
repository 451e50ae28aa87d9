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
		insert into mailings (id, cause, title, object_id, org_ids, kept) values (@id, @cause, @title, @object, @orgs, @kept)
		on conflict on constraint mailings_cause_key do nothing returning id`,
		postgres.Args{"id": id.New[id.Mailing](), "cause": act.Cause, "title": act.Title, "object": act.Object, "orgs": act.OrgIDs, "kept": act.Kept})
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

func insertMessages(ctx context.Context, tx pgx.Tx, of id.Mailing, host string, to []Recipient) error {
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
				insert into messages (id, mailing_id, person_id, name, address, message_id, subject, text, html, calendar, method, state, last_error)
				values (@id, @mailing, @person, @name, @address, @message, @subject, @text, @html, @calendar, @method, @state, @error)
				on conflict on constraint messages_person_key do nothing`,
				pgx.NamedArgs{
					"id": self, "mailing": of, "person": r.Person, "name": m.Name, "address": m.Address, "message": string(self) + "@" + host,
					"subject": m.Subject, "text": m.Text, "html": m.HTML, "calendar": m.Calendar, "method": m.Method, "state": state, "error": why,
				})
		}
		if err := tx.SendBatch(ctx, b).Close(); err != nil {
			return fmt.Errorf("writing messages: %w", err)
		}
	}
	return nil
}

func setPaused(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Mailing, at *time.Time) error {
	n, err := postgres.Exec(ctx, tx, `
		update mailings set paused_at = case when @at::timestamptz is null then null else coalesce(paused_at, @at) end where id = @id`,
		postgres.Args{"id": m, "at": at}.As(actor))
	if err == nil && n == 0 {
		return fault.NotFound
	}
	return err
}

const messageColumns = `x.id, x.mailing_id, x.name, x.address, x.subject, x.state, x.attempts, x.due_at, x.sent_at, x.last_error, x.created_at`

// Outbox asks for the messages that the filter lets through, newest first; one more than PerPage when there are more.
func Outbox(dst *[]Message, actor access.Actor, f Filter) postgres.Query {
	return postgres.AllInto(dst, `
		select `+messageColumns+` from messages x
		where @keeper and (@state = '' or x.state = @state) and (@mailing::uuid is null or x.mailing_id = @mailing)
		  and (@search = '' or (x.name || ' ' || x.address || ' ' || x.subject) ilike @search)
		order by x.created_at desc, x.id desc limit @limit offset @offset`,
		postgres.Args{
			"keeper": CanKeep(actor), "state": f.State, "mailing": f.Mailing, "search": like(f.Search),
			"limit": PerPage + 1, "offset": (max(f.Page, 1) - 1) * PerPage,
		}.As(actor))
}

// like is a pattern that finds the text anywhere, or nothing when nothing is sought.
func like(text string) string {
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

// Progress asks for the latest mailings with how far they are.
func Progress(dst *[]Mailing, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `
		select g.id, g.title, g.paused_at, g.created_at, c.total, c.sent, c.open, c.failed, c.kept
		from (select * from mailings where @keeper order by created_at desc, id desc limit 10) g
		cross join lateral (
		  select count(*)::int as total, count(*) filter (where x.state = 'verzonden')::int as sent,
		    count(*) filter (where x.state in ('wacht', 'uitgesteld'))::int as open,
		    count(*) filter (where x.state = 'mislukt')::int as failed, count(*) filter (where x.state = 'bewaard')::int as kept
		  from messages x where x.mailing_id = g.id) c
		order by g.created_at desc, g.id desc`, postgres.Args{"keeper": CanKeep(actor)}.As(actor))
}

// FindMessage gives a message with its texts, or fault.NotFound to who does not keep the outbox.
func FindMessage(ctx context.Context, db postgres.DB, actor access.Actor, m id.Message) (Whole, error) {
	return postgres.One[Whole](ctx, db, `
		select `+messageColumns+`, x.message_id, x.text, x.html, coalesce(convert_from(x.calendar, 'UTF8'), '') as calendar
		from messages x where @keeper and x.id = @id`, postgres.Args{"keeper": CanKeep(actor), "id": m}.As(actor))
}

// UnreachedBy asks whom the last mailing about a thing has not reached yet. Only who prepares papers in one of its
// organisations sees any; what is only kept counts as unreached.
func UnreachedBy(dst *[]Unreached, actor access.Actor, object string) postgres.Query {
	return postgres.AllInto(dst, `
		select x.name, x.state, x.last_error, (select count(*)::int from messages a where a.mailing_id = x.mailing_id) as total
		from messages x
		where x.state <> 'verzonden' and x.mailing_id = (
		  select g.id from mailings g where g.object_id = @object and g.org_ids && @actor_clerk_organisations and not g.kept
		  order by g.created_at desc, g.id desc limit 1)
		order by x.state = 'mislukt' desc, x.name`, postgres.Args{"object": object}.As(actor))
}

// claimed is a message that this worker alone may send now.
type claimed struct {
	ID        id.Message
	MessageID string
	Name      string
	Address   string
	Subject   string
	Text      string
	HTML      string
	Calendar  []byte
	Method    string
	Attempts  int
	CreatedAt time.Time
	Kept      bool
}

func (c claimed) mail() mail.Message {
	return mail.Message{
		ID: c.MessageID, Name: c.Name, Address: c.Address, Subject: c.Subject, Text: c.Text, HTML: c.HTML,
		Calendar: c.Calendar, Method: c.Method, Date: c.CreatedAt,
	}
}

// claim notes, before a mail goes out, that it does: until the claim ends nobody else sends it. A claim outlives the longest
// sending, so one that has ended is of a worker that is gone.
func claim(ctx context.Context, db postgres.DB) (claimed, error) {
	return postgres.One[claimed](ctx, db, `
		update messages m set claimed_until = now() + interval '60 seconds', attempts = m.attempts + 1
		from mailings g
		where g.id = m.mailing_id and m.id = (
		  select x.id from messages x join mailings y on y.id = x.mailing_id
		  where x.state in ('wacht', 'uitgesteld') and x.due_at <= now() and y.paused_at is null
		    and (x.claimed_until is null or x.claimed_until < now())
		  order by x.due_at, x.id limit 1 for update of x skip locked)
		returning m.id, m.message_id, m.name, m.address, m.subject, m.text, m.html, m.calendar, m.method, m.attempts, m.created_at, g.kept`, nil)
}

// settle notes what became of a message that was claimed. A wait counts from now; refund takes back the attempt.
func settle(ctx context.Context, db postgres.DB, m id.Message, s State, why string, wait time.Duration, refund bool) error {
	_, err := postgres.Exec(ctx, db, `
		update messages set state = @state, last_error = @why, claimed_until = null, due_at = now() + @wait::interval,
		  attempts = attempts - case when @refund then 1 else 0 end, sent_at = case when @state = 'verzonden' then now() end
		where id = @id and state in ('wacht', 'uitgesteld')`,
		postgres.Args{"id": m, "state": s, "why": why, "wait": wait, "refund": refund})
	return err
}

func forget(ctx context.Context, db postgres.DB) error {
	_, err := postgres.Exec(ctx, db, `
		delete from mailings where id in (select id from mailings where created_at < now() - @keeping::interval order by created_at limit 20)`,
		postgres.Args{"keeping": keeping})
	return err
}
