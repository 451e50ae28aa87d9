package proposal

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
)

// The columns of a paper: what it is, how far it is on its way, and what people write in it.
var (
	own     = postgres.FieldsOf[Proposal]().Only("ID", "Key", "OwnerOrgID", "ByRoute", "MadeUp", "Version", "CreatedAt", "UpdatedAt", "UpdatedBy")
	life    = postgres.FieldsOf[Life]()
	content = postgres.FieldsOf[Content]()
)

var columns = own.Columns("p") + `, ` + life.Columns("p") + `, ` + content.Columns("p") + `, ` + postgres.Audience.Columns("p") + `,
	o.name as owner_name, o.key as owner_key, o.colour as owner_colour,
	coalesce(b.name, '') as target_name, tog.id as target_org_id, coalesce(tog.name, '') as target_org_name,
	coalesce(tog.key, '') as target_org_key, coalesce(tog.colour, '') as target_org_colour,
	coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'key', g.key, 'name', g.name, 'colour', g.colour)
	    order by array_position(p.organiser_ids, g.id))
	  from organisations g where g.id = any(p.organiser_ids)), '[]') as organisers,
	coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'key', g.key, 'name', g.name, 'colour', g.colour) order by g.name)
	  from organisations g where g.id = any(p.org_ids) and g.id <> p.owner_org_id), '[]') as co_orgs,
	coalesce((select h.display_name from persons h where h.id = p.holder_id), '') as holder_name, o.inner_steps,
	exists (select from route_steps r where r.proposal_id = p.id and r.sent_at is not null) as routed, ` + treatedFrom

// treatedFrom is when the convened meeting begins on whose agenda paper p stands.
const treatedFrom = `(select g.starts_at from meetings g where g.id = p.meeting_id and g.state = 'opgeroepen') as treated_from`

const tables = ` from proposals p join organisations o on o.id = p.owner_org_id
	left join bodies b on b.id = p.target_body_id left join organisations tog on tog.id = b.organisation_id `

// Find returns the paper, or fault.NotFound when the actor may not see it.
func Find(ctx context.Context, db postgres.DB, actor access.Actor, proposal id.Proposal) (Proposal, error) {
	return postgres.One[Proposal](ctx, db, `select `+columns+tables+`where p.id = @id and `+access.Seen("p"),
		postgres.Args{"id": proposal}.As(actor))
}

// ByKey asks for the paper under its key, as a part of what a page reads.
func ByKey(dst *Proposal, actor access.Actor, key string) postgres.Query {
	return postgres.OneInto(dst, `select `+columns+tables+`where p.key = @key and `+access.Seen("p"),
		postgres.Args{"key": key}.As(actor))
}

// FindByKey returns the paper, or fault.NotFound when the actor may not see it.
func FindByKey(ctx context.Context, db postgres.DB, actor access.Actor, key string) (Proposal, error) {
	var p Proposal
	err := postgres.Read(ctx, db, ByKey(&p, actor, key))
	return p, err
}

// FindLocked is Find that makes other acts on the same paper wait for the end of this transaction. It asks twice: what is read
// after the wait is as the other left it.
func FindLocked(ctx context.Context, tx postgres.DB, actor access.Actor, proposal id.Proposal) (Proposal, error) {
	_, err := postgres.One[id.Proposal](ctx, tx, `select p.id from proposals p where p.id = @id and `+access.Seen("p")+` for update`,
		postgres.Args{"id": proposal}.As(actor))
	if err != nil {
		return Proposal{}, err
	}
	return Find(ctx, tx, actor, proposal)
}

// Hold makes other acts on the paper and its route wait until the end of the transaction. What the actor may not see he
// does not hold. Who needs the paper together with a thing above it in the house takes the paper first.
func Hold(ctx context.Context, tx pgx.Tx, actor access.Actor, proposal id.Proposal) error {
	_, err := FindLocked(ctx, tx, actor, proposal)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// Row is a paper in a list.
type Row struct {
	ID            id.Proposal
	Key           string
	Subject       string
	Treatment     Treatment
	State         State
	OwnerName     string
	OwnerKey      string
	OwnerColour   string
	TargetName    string
	TargetOrgName string
	DatedOn       *time.Time
	UpdatedAt     time.Time
	Minutes       *int
	AttachmentsNa bool
	Attachments   int
	Closed        bool
	Ground        string
	PublicTitle   string
	MadeUp        bool
	Holders       []Holder
	TreatedFrom   *time.Time
}

// Stage is the state at a moment, as of a paper.
func (r Row) Stage(at time.Time) State { return stage(r.State, r.TreatedFrom, at) }

// Body names the body the paper is meant for, with its organisation; empty when none was chosen.
func (r Row) Body() string { return partner.BodyName(r.TargetName, r.TargetOrgName) }

const rowColumns = `p.id, p.key, p.subject, p.treatment, p.state, o.name as owner_name, o.key as owner_key, o.colour as owner_colour,
	coalesce(b.name, '') as target_name, coalesce(tog.name, '') as target_org_name, p.dated_on, p.updated_at, p.minutes,
	p.attachments_na, (select count(*)::int from attachments a where a.object_id = p.id and a.removed_at is null) as attachments,
	p.audience_bodies is not null as closed, p.ground, p.public_title, p.made_up, p.portfolio_holders as holders, ` + treatedFrom

// OfferedTo lists what was offered for one of the bodies, or put off by it, and stands on no agenda yet, oldest first.
func OfferedTo(dst *[]Row, actor access.Actor, bodies []id.Body) postgres.Query {
	if bodies == nil {
		bodies = []id.Body{}
	}
	return postgres.AllInto(dst, `select `+rowColumns+tables+`
		where p.state in ('aangeboden', 'aangehouden') and not p.by_route 
		  and p.target_body_id = any(@bodies) and `+access.Seen("p")+` and not `+BehindDoors("p.id", "p.target_body_id")+`
		order by p.offered_at, p.id limit 200`,
		postgres.Args{"bodies": bodies}.As(actor))
}

// BehindDoors is the condition that a body treats, or treated, a paper on a closed agenda that the actor may read. Nothing of the paper shows
// it, so the lists of what waits for an agenda ask the agendas.
func BehindDoors(paper, body string) string {
	return `exists (select from agenda_item_matters bx join agenda_items bi on bi.id = bx.item_id join meetings bm on bm.id = bi.meeting_id
		join meeting_organisers bo on bo.meeting_id = bm.id and bo.body_id = ` + body + `
		where bx.proposal_id = ` + paper + ` and not bm.open and bm.state <> 'geannuleerd' and bi.state in ('gepland', 'behandeld') and ` + access.Seen("bx") + `)`
}

// PerPage is how many rows a page of the list has; List gives one more when there is a next page.
const PerPage = 50

// Filter of the list; empty fields do not filter.
type Filter struct {
	Words        string // all of them occur in the subject
	Organisation string // key of the owner
	State        State
	Treatment    Treatment
	Page         int // from 1
}

// begun is the condition of State InTreatment.
const begun = `(p.state = 'geagendeerd' and exists (select from meetings g where g.id = p.meeting_id and g.state = 'opgeroepen' and g.starts_at <= @at))`

// condition holds what is asked and nothing else: with one sentence for all filters together the server plans for the average
// of them, and reads every paper for the list without a filter.
func (f Filter) condition() string {
	c := access.Seen("p")
	if len(f.patterns()) > 0 {
		c += ` and p.subject ilike all(@words::text[])`
	}
	if f.Organisation != "" {
		c += ` and p.owner_org_id = (select f.id from organisations f where f.key = @org)`
	}
	if f.State != "" {
		switch f.State {
		case InTreatment:
			c += ` and ` + begun
		case Scheduled:
			c += ` and p.state = @state and not ` + begun
		default:
			c += ` and p.state = @state`
		}
	}
	if f.Treatment != "" {
		c += ` and p.treatment = @treatment`
	}
	return c
}

func (f Filter) patterns() []string {
	words := []string{}
	for _, w := range strings.Fields(f.Words) {
		words = append(words, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(w)+"%")
	}
	return words
}

func (f Filter) args(actor access.Actor) postgres.Args {
	return postgres.Args{
		"words": f.patterns(), "org": f.Organisation, "state": f.State, "treatment": f.Treatment, "at": actor.At,
	}.As(actor)
}

// List gives a page of the papers the actor may see, newest date first and those without a date last, and one more row
// when there is a next page.
func List(dst *[]Row, actor access.Actor, f Filter) postgres.Query {
	return postgres.PageInto(dst, `select `+rowColumns+tables+`where `+f.condition()+newestFirst, f.args(actor), f.Page, PerPage)
}

const newestFirst = ` order by p.dated_on desc nulls last, p.updated_at desc, p.id desc`

// MostCounted is how far Total counts.
const MostCounted = 1000

// Total is the length of the list over all its pages, or MostCounted + 1 when it is longer than MostCounted.
func Total(dst *int, actor access.Actor, f Filter) postgres.Query {
	// In the order of the list, so that the server reads along the same index and stops. Else it gathers all papers of an
	// organisation before it counts the first, or begins each time where another question happens to read the table.
	return postgres.OneInto(dst, `select count(*)::int from (select from proposals p where `+f.condition()+newestFirst+postgres.Limit(MostCounted+1)+
		`) as found`, f.args(actor))
}

// Owning lists the organisations of which the actor sees papers, for the filter of the list.
func Owning(dst *[]Organiser, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `
		select o.id, o.key, o.name as name, o.colour from organisations o
		where exists (select from proposals p where p.owner_org_id = o.id and `+access.Seen("p")+`)
		order by name`, postgres.Args{}.As(actor))
}

// OwnersInto names the organisations of which the actor may start a paper.
func OwnersInto(dst *[]Organiser, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `
		select o.id, o.key, o.name as name, o.colour from organisations o
		where o.id = any(@ids) order by name`, postgres.Args{"ids": postgres.OrEmpty(Owners(actor))}.As(actor))
}

// NamedOrganisers finds organisations by the names that people type: official, short, former, or the key of the address. Known are those
// on the paper already: their names stand for them. A name that is none, or that more than one has, is a fault of the
// field "organiser_ids".
func NamedOrganisers(ctx context.Context, db postgres.DB, actor access.Actor, names []string, known []Organiser) ([]id.Organisation, error) {
	ids := []id.Organisation{}
	if len(names) == 0 {
		return ids, nil
	}
	found, err := partner.Lookup(ctx, db, actor, names)
	if err != nil {
		return nil, err
	}
	for n, name := range names {
		of := found[n].Ids
		for _, k := range known {
			if k.Name == name {
				of = []id.Organisation{k.ID}
			}
		}
		switch {
		case len(of) == 0:
			return nil, fault.Fields{"organiser_ids": "De naam “" + name + "” staat niet in het register. Neem de naam over van de pagina Organisaties."}
		case len(of) > 1:
			return nil, fault.Fields{"organiser_ids": "Meer dan één organisatie heet “" + name + "”. Vul de volledige naam in."}
		case !slices.Contains(ids, of[0]):
			ids = append(ids, of[0])
		}
	}
	return ids, nil
}

// Place is where a paper stands on an agenda.
type Place struct {
	Label       string
	ItemKey     string
	MeetingSlug string
	StartsAt    time.Time
}

// Places lists the agendas that the actor may see with the paper on them, latest first.
func Places(dst *[]Place, actor access.Actor, proposal id.Proposal) postgres.Query {
	return postgres.AllInto(dst, `
		select i.label, i.key as item_key, g.slug as meeting_slug, g.starts_at
		from agenda_item_matters x join agenda_items i on i.id = x.item_id join meetings g on g.id = i.meeting_id
		where x.proposal_id = @id and i.state <> 'vervallen' and `+access.Seen("x")+` and `+access.Seen("i")+` and `+access.Seen("g")+`
		order by g.starts_at desc limit 20`, postgres.Args{"id": proposal}.As(actor))
}

func insert(ctx context.Context, tx postgres.DB, actor access.Actor, p Proposal) error {
	args := content.Args(p.Content)
	args["id"], args["key"], args["owner"], args["made_up"] = p.ID, p.Key, p.OwnerOrgID, p.MadeUp
	args["at"], args["by"] = actor.At, actor.Name
	_, err := postgres.Exec(ctx, tx, `
		insert into proposals (id, key, owner_org_id, made_up, created_at, updated_at, updated_by, `+content.Names()+`, `+postgres.Audience.Names()+`)
		values (@id, @key, @owner, @made_up, @at, @at, @by, `+content.Values()+`, `+postgres.Audience.Values()+`)`,
		args.With(p.Audience).As(actor))
	return err
}

// updateContent writes a revision; nobody else may have written one since version.
func updateContent(ctx context.Context, tx postgres.DB, actor access.Actor, p Proposal, version int) error {
	args := content.Args(p.Content)
	args["id"], args["version"], args["at"], args["by"] = p.ID, version, actor.At, actor.Name
	n, err := postgres.Exec(ctx, tx, `
		update proposals as p set `+content.Set()+`, `+postgres.Audience.Set()+`, version = p.version + 1, updated_at = @at, updated_by = @by
		where p.id = @id and p.version = @version and `+access.Seen("p"),
		args.With(p.Audience).As(actor))
	if err == nil && n == 0 {
		return fault.Conflict
	}
	return err
}

// updateState writes everything but the content, of which it takes what closing and opening change. It leaves the version alone: who is
// revising the text meanwhile has nothing to compare.
func updateState(ctx context.Context, tx postgres.DB, actor access.Actor, p Proposal) error {
	args := life.Args(p.Life)
	args["id"], args["ground"], args["public_title"], args["at"], args["by"] = p.ID, p.Ground, p.PublicTitle, actor.At, actor.Name
	n, err := postgres.Exec(ctx, tx, `
		update proposals as p set `+life.Set()+`, ground = @ground, public_title = @public_title, `+postgres.Audience.Set()+`,
		  updated_at = @at, updated_by = @by
		where p.id = @id and `+access.Seen("p"), args.With(p.Audience).As(actor))
	if err == nil && n == 0 {
		return fault.NotFound
	}
	return err
}

// target is the body a paper is meant for.
type target struct {
	OrganisationID id.Organisation
}

func findTarget(ctx context.Context, tx postgres.DB, actor access.Actor, body id.Body) (target, error) {
	return postgres.One[target](ctx, tx, `select organisation_id from bodies where id = @id`, postgres.Args{"id": body}.As(actor))
}

// Holding are the bodies and organisations that hold a meeting by their own word.
type Holding struct {
	Bodies []id.Body
	Orgs   []id.Organisation
}

// FindHolding asks who hold the meeting.
func FindHolding(ctx context.Context, tx postgres.DB, actor access.Actor, meeting id.Meeting) (Holding, error) {
	return postgres.One[Holding](ctx, tx, `
		select coalesce(array_agg(body_id) filter (where body_id is not null), '{}') as bodies,
		  coalesce(array_agg(organisation_id), '{}') as orgs
		from meeting_organisers where meeting_id = @id and agreed_with = ''`, postgres.Args{"id": meeting}.As(actor))
}
