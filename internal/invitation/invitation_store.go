package invitation

import (
	"context"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

const eventColumns = `m.slug, m.kind, m.state as meeting_state, m.open, m.starts_at, m.ends_at, m.location, m.online_url, m.sequence,
	m.updated_at as meeting_updated_at, m.moved_from, m.moved_reason, m.cancelled_reason as meeting_reason`

const columns = `i.id, i.key, i.meeting_id, i.title, i.content, i.body_ids, i.state, i.published_at, i.cancelled_reason, i.made_up, i.version,
	i.updated_at, i.updated_by, i.visibility, i.org_ids, i.participant_org_ids, i.writer_ids, i.audience_bodies, ` + eventColumns + `,
	(select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'key', o.key, 'name', o.name, 'colour', o.colour) order by io.sequence), '[]')
	  from invitation_organisers io join organisations o on o.id = io.organisation_id where io.invitation_id = i.id) as organisers,
	(select coalesce(jsonb_agg(jsonb_build_object('ID', b.id, 'Name', b.name, 'OrgName', o.name) order by o.name, b.name, b.id), '[]')
	  from bodies b join organisations o on o.id = b.organisation_id where b.id = any(i.body_ids)) as bodies,
	(select coalesce(array_agg(a.sha256 || ' ' || a.title order by a.number), '{}') from attachments a where a.object_id = i.id and a.removed_at is null) as files`

// signerColumns come apart: as rows they keep their moments as the database has them.
const signerColumns = `s.id, s.organisation_id, s.person_id, p.display_name as name, s.capacity, s.signed_at, s.signed_by, s.signed_digest, s.lapsed_at,
	exists (select from mandates d join bodies b on b.id = d.body_id where d.person_id = s.person_id
	  and b.organisation_id = s.organisation_id and daterange(d.starts_on, d.ends_on) @> @today::date) as in_office`

func query(dst *Invitation, signers *[]Signer, actor access.Actor, condition string, args postgres.Args) []postgres.Query {
	args["today"] = dutch.Day(actor.At)
	args = args.As(actor)
	return []postgres.Query{
		postgres.OneInto(dst, `select `+columns+` from invitations i join meetings m on m.id = i.meeting_id where `+condition+` and `+access.Seen("i"), args),
		postgres.AllInto(signers, `select `+signerColumns+` from invitation_signers s join persons p on p.id = s.person_id
			join invitations i on i.id = s.invitation_id join invitation_organisers io on io.invitation_id = i.id and io.organisation_id = s.organisation_id
			where `+condition+` and `+access.Seen("i")+` order by io.sequence, s.sequence, s.id`, args),
	}
}

// Find returns the invitation with all that belongs to it, in one round trip that may carry more; fault.NotFound to who does
// not prepare or sign it. What is public of it, Publication has.
func Find(ctx context.Context, db postgres.DB, actor access.Actor, key string, more ...postgres.Query) (Invitation, error) {
	return find(ctx, db, actor, `i.key = @key`, postgres.Args{"key": key}, more...)
}

func find(ctx context.Context, db postgres.DB, actor access.Actor, condition string, args postgres.Args, more ...postgres.Query) (Invitation, error) {
	var i Invitation
	var signers []Signer
	err := postgres.Read(ctx, db, append(query(&i, &signers, actor, condition, args), more...)...)
	i.Signers = signers
	return i, err
}

// lock finds the invitation and holds it, and then its meeting, until the end of the transaction: whoever changes one of them waits.
func lock(ctx context.Context, tx pgx.Tx, actor access.Actor, i id.Invitation) (Invitation, error) {
	args := postgres.Args{"id": i}.As(actor)
	m, err := postgres.One[id.Meeting](ctx, tx, `select i.meeting_id from invitations i where i.id = @id and `+access.Seen("i")+` for update`, args)
	if err != nil {
		return Invitation{}, err
	}
	if _, err := postgres.One[id.Meeting](ctx, tx, `select m.id from meetings m where m.id = @m and `+access.Seen("m")+` for update`,
		postgres.Args{"m": m}.As(actor)); err != nil {
		return Invitation{}, err
	}
	return find(ctx, tx, actor, `i.id = @id`, postgres.Args{"id": i})
}

func insert(ctx context.Context, tx pgx.Tx, actor access.Actor, i Invitation) error {
	orgs := []id.Organisation{}
	for _, o := range i.Organisers {
		orgs = append(orgs, o.ID)
	}
	args := postgres.Args{
		"id": i.ID, "key": i.Key, "meeting": i.MeetingID, "title": i.Title, "content": i.Content, "made_up": i.MadeUp, "at": actor.At, "by": actor.Name, "orgs": orgs,
	}.With(i.Audience).As(actor)
	_, err := postgres.Exec(ctx, tx, `
		insert into invitations (id, key, meeting_id, title, content, made_up, visibility, org_ids, participant_org_ids, writer_ids, audience_bodies,
		  created_at, updated_at, updated_by)
		values (@id, @key, @meeting, @title, @content, @made_up, @visibility, @org_ids, @participant_org_ids, @writer_ids, @audience_bodies, @at, @at, @by)`, args)
	if err != nil {
		return err
	}
	_, err = postgres.Exec(ctx, tx, `
		insert into invitation_organisers (invitation_id, sequence, organisation_id)
		select @id, n, org from unnest(@orgs::uuid[]) with ordinality x(org, n)`, args)
	return err
}

// update writes all that can change of an invitation, which its caller has locked. The version tells forms that were drawn before.
func update(ctx context.Context, tx pgx.Tx, actor access.Actor, i Invitation) error {
	n, err := postgres.Exec(ctx, tx, `
		update invitations i set title = @title, content = @content, body_ids = @bodies, state = @state, published_at = @published,
		  cancelled_reason = @reason, writer_ids = @writers, version = i.version + 1, updated_at = @at, updated_by = @by
		where i.id = @id and `+access.Seen("i"), postgres.Args{
		"id": i.ID, "title": i.Title, "content": i.Content, "bodies": postgres.OrEmpty(i.BodyIDs), "state": i.State, "published": i.PublishedAt,
		"reason": i.CancelledReason, "writers": postgres.OrEmpty(i.WriterIDs), "at": actor.At, "by": actor.Name,
	}.As(actor))
	if err == nil && n == 0 {
		return fault.NotFound
	}
	return err
}

// lapse ends the signatures that were given, and tells how many.
func lapse(ctx context.Context, tx pgx.Tx, actor access.Actor, i id.Invitation) (int64, error) {
	return postgres.Exec(ctx, tx, `
		update invitation_signers s set lapsed_at = @at where s.invitation_id = @id and s.signed_at is not null and s.lapsed_at is null`,
		postgres.Args{"id": i, "at": actor.At}.As(actor))
}

// replaceSigners keeps who stays, with what he signed, takes off who goes and adds who comes.
func replaceSigners(ctx context.Context, tx pgx.Tx, actor access.Actor, i id.Invitation, signers []Signer) error {
	var keys []id.Signer
	var orgs []id.Organisation
	var people []id.Person
	var capacities []string
	for _, s := range signers {
		keys, orgs, people, capacities = append(keys, id.New[id.Signer]()), append(orgs, s.OrganisationID), append(people, s.PersonID), append(capacities, s.Capacity)
	}
	args := postgres.Args{
		"id": i, "keys": postgres.OrEmpty(keys), "orgs": postgres.OrEmpty(orgs), "people": postgres.OrEmpty(people),
		"capacities": postgres.OrEmpty(capacities),
	}.As(actor)
	_, err := postgres.Exec(ctx, tx, `
		delete from invitation_signers s where s.invitation_id = @id
		  and not exists (select from unnest(@orgs::uuid[], @people::uuid[]) x(org, person) where x.org = s.organisation_id and x.person = s.person_id)`, args)
	if err != nil {
		return err
	}
	_, err = postgres.Exec(ctx, tx, `
		insert into invitation_signers (id, invitation_id, organisation_id, sequence, person_id, capacity)
		select x.key, @id, x.org, x.n, x.person, x.capacity
		from unnest(@keys::uuid[], @orgs::uuid[], @people::uuid[], @capacities::text[]) with ordinality x(key, org, person, capacity, n)
		on conflict on constraint invitation_signers_key do update set sequence = excluded.sequence, capacity = excluded.capacity`, args)
	return err
}

func sign(ctx context.Context, tx pgx.Tx, actor access.Actor, signer id.Signer, digest string) error {
	_, err := postgres.Exec(ctx, tx, `
		update invitation_signers s set signed_at = @at, signed_digest = @digest, lapsed_at = null,
		  signed_by = case when s.person_id is not distinct from @person::uuid then '' else @by end
		where s.id = @signer`,
		postgres.Args{"at": actor.At, "digest": digest, "person": actor.Person, "by": actor.Name, "signer": signer}.As(actor))
	return err
}

// Candidate is someone who may sign for an organisation, by the function he holds there.
type Candidate struct {
	PersonID       id.Person
	Name           string
	OrganisationID id.Organisation
	Capacity       string // burgemeester, gemeentesecretaris
	Body           string
}

// signing are the functions that sign; a councillor does not speak for his municipality.
const signing = `d.function in ('chair', 'vice_chair', 'mayor', 'alderman', 'clerk', 'secretary', 'director')`

const capacity = `case when d.function = 'secretary' and b.kind = 'executive' and o.kind = 'municipality' then 'gemeentesecretaris'
	when d.function = 'mayor' then 'burgemeester' when d.function = 'alderman' then 'wethouder' when d.function = 'clerk' then 'griffier'
	when d.function = 'secretary' then 'secretaris' when d.function = 'director' then 'directeur'
	when d.function = 'vice_chair' then 'plaatsvervangend voorzitter' else 'voorzitter' end`

// Candidates asks for those who can sign for the organisations of an invitation on the day of asking, those of each organisation
// together. A person with more functions comes once, in the weightiest.
func Candidates(dst *[]Candidate, actor access.Actor, key string) postgres.Query {
	return postgres.AllInto(dst, `
		select person_id, name, organisation_id, capacity, body from (
		  select distinct on (o.id, p.id) p.id as person_id, p.display_name as name, o.id as organisation_id, `+capacity+` as capacity, b.name as body,
		    io.sequence as place, p.family, array_position(array['mayor', 'chair', 'alderman', 'vice_chair', 'secretary', 'director', 'clerk'], d.function) as rank
		  from invitations i join invitation_organisers io on io.invitation_id = i.id join organisations o on o.id = io.organisation_id
		  join bodies b on b.organisation_id = o.id join mandates d on d.body_id = b.id join persons p on p.id = d.person_id
		  where i.key = @key and `+access.Seen("i")+` and `+signing+` and daterange(d.starts_on, d.ends_on) @> @today::date
		  order by o.id, p.id, rank) x
		order by place, rank, family, person_id`, postgres.Args{"key": key, "today": dutch.Day(actor.At)}.As(actor))
}

// inOffice asks which of the chosen hold a function at the organisation that they sign for.
func inOffice(ctx context.Context, tx pgx.Tx, actor access.Actor, chosen []SignerDraft) ([]Candidate, error) {
	var orgs []id.Organisation
	var people []id.Person
	for _, s := range chosen {
		orgs, people = append(orgs, s.Organisation), append(people, s.Person)
	}
	return postgres.All[Candidate](ctx, tx, `
		select person_id, name, organisation_id, capacity, body from (
		  select distinct on (x.n) x.n, p.id as person_id, p.display_name as name, o.id as organisation_id, `+capacity+` as capacity, b.name as body
		  from unnest(@orgs::uuid[], @people::uuid[]) with ordinality x(org, person, n)
		  join organisations o on o.id = x.org join bodies b on b.organisation_id = o.id join mandates d on d.body_id = b.id and d.person_id = x.person
		  join persons p on p.id = d.person_id
		  where `+signing+` and daterange(d.starts_on, d.ends_on) @> @today::date
		  order by x.n, array_position(array['mayor', 'chair', 'alderman', 'vice_chair', 'secretary', 'director', 'clerk'], d.function)) y
		order by n`, postgres.Args{"orgs": postgres.OrEmpty(orgs), "people": postgres.OrEmpty(people), "today": dutch.Day(actor.At)}.As(actor))
}

// Writer is an organisator who can be asked to write along.
type Writer struct {
	PersonID id.Person
	Name     string
	OrgName  string
}

// Organisators asks for those with that role at one of the organisations of an invitation.
func Organisators(dst *[]Writer, actor access.Actor, key string) postgres.Query {
	return postgres.AllInto(dst, `
		select distinct p.id as person_id, p.display_name as name, o.name as org_name
		from invitations i join invitation_organisers io on io.invitation_id = i.id join organisations o on o.id = io.organisation_id
		join role_grants g on g.organisation_id = o.id and g.role = 'organiser' join persons p on p.id = g.person_id
		where i.key = @key and `+access.Seen("i")+` and daterange(g.valid_from, g.valid_to) @> @today::date
		order by org_name, name`, postgres.Args{"key": key, "today": dutch.Day(actor.At)}.As(actor))
}

// FilesOf asks what is attached to the invitation at a key, as far as the actor may see it: by the invitation itself, or by
// what was published.
func FilesOf(dst *[]file.Line, actor access.Actor, key string) postgres.Query {
	return postgres.AllInto(dst, `select `+file.LineColumns+` from attachments a
		where a.removed_at is null and `+access.Seen("a")+` and a.object_id in (
		  select i.id from invitations i where i.key = @key union select p.invitation_id from invitation_publications p where p.key = @key)
		order by a.number`, postgres.Args{"key": key}.As(actor))
}
