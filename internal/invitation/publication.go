package invitation

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/ical"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
)

// Publication is what readers get: the invitation as all had signed it. The day, the time and the place are those of the
// meeting as it stands now.
type Publication struct {
	InvitationID id.Invitation
	Number       int
	Key          string
	MeetingID    id.Meeting
	Title        string
	Content      Content
	Organisers   []Organiser
	Signers      []Signer
	PublishedAt  time.Time
	MadeUp       bool
	Event
	Bodies []Body
}

// SignersOf are those who signed for the organisation.
func (p Publication) SignersOf(org id.Organisation) []Signer {
	return slices.DeleteFunc(slices.Clone(p.Signers), func(s Signer) bool { return s.OrganisationID != org })
}

const publicationColumns = `p.invitation_id, p.number, p.key, p.meeting_id, p.title, p.content, p.organisers, p.signers, p.published_at,
	p.made_up, ` + eventColumns + `,
	(select coalesce(jsonb_agg(jsonb_build_object('ID', b.id, 'Name', b.name, 'OrgName', o.name) order by o.name, b.name, b.id), '[]')
	  from bodies b join organisations o on o.id = b.organisation_id where b.id = any(p.body_ids)) as bodies`

const publicationTables = ` from invitation_publications p join meetings m on m.id = p.meeting_id `

func seenPublication() string { return access.Seen("p") + ` and ` + access.Seen("m") }

// FindPublication returns the newest publication under the key of an invitation, or fault.NotFound when there is none.
func FindPublication(ctx context.Context, db postgres.DB, actor access.Actor, key string, more ...postgres.Query) (Publication, error) {
	var p Publication
	err := postgres.Read(ctx, db, append([]postgres.Query{postgres.OneInto(&p, `select `+publicationColumns+publicationTables+`
		where p.key = @key and `+seenPublication()+` order by p.number desc limit 1`, postgres.Args{"key": key}.As(actor))}, more...)...)
	return p, err
}

func insertPublication(ctx context.Context, tx pgx.Tx, actor access.Actor, i Invitation) (number int, err error) {
	audience := access.Audience{Visibility: access.Public, OrgIDs: i.OrgIDs}
	return postgres.One[int](ctx, tx, `
		insert into invitation_publications (invitation_id, number, key, meeting_id, title, content, body_ids, organisers, signers, published_at, made_up,
		  visibility, org_ids, participant_org_ids, writer_ids, audience_bodies)
		select @id, coalesce((select max(number) from invitation_publications where invitation_id = @id), 0) + 1, @key, @meeting, @title, @content, @bodies,
		  @organisers, @signers, @at, @made_up, @visibility, @org_ids, @participant_org_ids, @writer_ids, @audience_bodies
		returning number`,
		postgres.Args{
			"id": i.ID, "key": i.Key, "meeting": i.MeetingID, "title": i.Title, "content": i.Content, "bodies": postgres.OrEmpty(i.BodyIDs), "organisers": i.Organisers,
			"signers": i.Signers, "at": actor.At, "made_up": i.MadeUp,
		}.With(audience).As(actor))
}

// Row is an invitation in a list.
type Row struct {
	Key        string
	Title      string
	State      State // Published for readers
	StartsAt   time.Time
	EndsAt     time.Time
	Location   string
	Called     bool // off: it does not take place
	MadeUp     bool
	Organisers []Organiser
}

// PerPage is how many rows a list has; one more is read to know whether there is a next page.
const PerPage = 30

// Filter of the list; empty fields do not filter.
type Filter struct {
	Org  string // key of an organisation that invites
	Past bool   // what has been, newest first; else what is to come, next first
	Page int
}

// List asks for published invitations, one more than fit on a page.
func List(dst *[]Row, actor access.Actor, f Filter) postgres.Query {
	when, order := `m.ends_at >= @at`, `m.starts_at, p.key`
	if f.Past {
		when, order = `m.ends_at < @at`, `m.starts_at desc, p.key`
	}
	return postgres.PageInto(dst, `
		select p.key, p.title, 'gepubliceerd' as state, m.starts_at, m.ends_at, m.location, m.state = 'geannuleerd' as called, p.made_up, p.organisers
		`+publicationTables+`
		where `+seenPublication()+` and `+when+
		` and not exists (select from invitation_publications later where later.invitation_id = p.invitation_id and later.number > p.number)`+
		postgres.When(f.Org != "", `exists (select from organisations o where o.key = @org and o.id = any(p.org_ids))`)+`
		order by `+order, postgres.Args{"at": actor.At, "org": f.Org}.As(actor), f.Page, PerPage)
}

// InPreparation asks for the invitations that the actor writes on or signs and that readers do not have yet in this form, the
// next first.
func InPreparation(dst *[]Row, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `
		select i.key, i.title, i.state, m.starts_at, m.ends_at, m.location, m.state = 'geannuleerd' as called, i.made_up,
		  (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'key', o.key, 'name', o.name, 'colour', o.colour) order by io.sequence), '[]')
		    from invitation_organisers io join organisations o on o.id = io.organisation_id where io.invitation_id = i.id) as organisers
		from invitations i join meetings m on m.id = i.meeting_id
		where i.state in ('concept', 'ter_ondertekening') and `+access.Seen("i")+`
		order by m.starts_at, i.id limit 100`, postgres.Args{}.As(actor))
}

// AtMeeting asks for what was published to invite people to the meeting at an address; nothing or one.
func AtMeeting(dst *[]Row, actor access.Actor, slug string) postgres.Query {
	return postgres.AllInto(dst, `
		select p.key, p.title, 'gepubliceerd' as state, m.starts_at, m.ends_at, m.location, m.state = 'geannuleerd' as called, p.made_up, p.organisers
		`+publicationTables+` where m.slug = @slug and `+seenPublication()+` order by p.published_at desc limit 1`, postgres.Args{"slug": slug}.As(actor))
}

// Event is the entry for a calendar: that of the meeting, under the UID it has everywhere, with what the invitation says.
func (p Publication) Entry(address string) ical.Event {
	m := meeting.Entry{
		Row: meeting.Row{
			ID: p.MeetingID, Slug: p.Slug, Kind: p.Kind, Title: p.Title, StartsAt: p.StartsAt, EndsAt: p.EndsAt, Location: p.Location,
			Open: p.Open, State: p.MeetingState, Published: true, MadeUp: p.MadeUp,
		},
		OnlineURL: p.OnlineURL, Sequence: p.Sequence, UpdatedAt: latest(p.PublishedAt, p.MeetingUpdatedAt),
	}
	for _, o := range p.Organisers {
		m.Organisers = append(m.Organisers, meeting.Organiser{OrgName: o.Name})
	}
	return m.Event(address)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Inviting asks for the organisations that have published an invitation, for a filter.
func Inviting(dst *[]Organiser, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `
		select o.id, o.key, o.name, o.colour from organisations o
		where o.id in (select unnest(p.org_ids) from invitation_publications p where `+access.Seen("p")+`) order by o.name limit 1000`, postgres.Args{}.As(actor))
}

// Own asks for the organisations in whose name the actor can begin an invitation.
func Own(dst *[]Organiser, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `select o.id, o.key, o.name, o.colour from organisations o where o.id = any(@actor_clerk_organisations)
			order by o.name`, postgres.Args{}.As(actor))
}
