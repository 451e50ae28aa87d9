package meeting

import (
	"slices"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
)

// Appearance is a paper on the agenda of one body. A joint meeting appears once for each of its bodies.
type Appearance struct {
	ItemID   id.Item
	ItemKey  string
	Label    string
	Slug     string
	Kind     Kind
	StartsAt time.Time
	EndsAt   time.Time
	Location string
	Online   string
	Open     bool
	Convened bool
	BodyID   id.Body
	BodyName string
	OrgKey   string
	OrgName  string
	Colour   string
}

// Body names the body with its organisation.
func (a Appearance) Body() string { return partner.BodyName(a.BodyName, a.OrgName) }

// Over reports whether the meeting has ended.
func (a Appearance) Over(now time.Time) bool { return a.EndsAt.Before(now) }

// Together merges the bodies of a joint meeting that treat the paper as one item: the first keeps the row. Appearances come in
// the order of AppearancesOf.
func Together(list []Appearance) [][]Appearance {
	var joint [][]Appearance
	for _, a := range list {
		at := slices.IndexFunc(joint, func(with []Appearance) bool { return with[0].ItemID == a.ItemID })
		if at < 0 {
			joint = append(joint, []Appearance{a})
		} else {
			joint[at] = append(joint[at], a)
		}
	}
	return joint
}

// AppearancesOf asks for the agendas with the paper on them that the actor may see, the first first.
func AppearancesOf(dst *[]Appearance, actor access.Actor, paper id.Proposal) postgres.Query {
	return postgres.AllInto(dst, `
		select i.id as item_id, i.key as item_key, i.label, m.slug, m.kind, m.starts_at, m.ends_at, m.location, m.online_url as online, m.open,
		  m.state = 'opgeroepen' as convened, b.id as body_id, b.name as body_name, o.key as org_key, o.name as org_name, o.colour
		from agenda_item_matters x join agenda_items i on i.id = x.item_id join meetings m on m.id = i.meeting_id
		join meeting_organisers mo on mo.meeting_id = m.id join bodies b on b.id = mo.body_id join organisations o on o.id = b.organisation_id
		where x.proposal_id = @id and i.state <> 'vervallen' and m.state <> 'geannuleerd'
		  and `+access.Seen("x")+` and `+access.Seen("i")+` and `+access.Seen("m")+`
		order by m.starts_at, m.id, mo.sequence limit 2000`, postgres.Args{"id": paper}.As(actor))
}

// Verdict is a published decision on a paper, as a list shows it.
type Verdict struct {
	ID     id.Decision
	Closed bool
	Number string
	Kind   proposal.DecisionKind
	Text   string // its beginning
	Vote
	OfVersion int // as it was treated; 0: not known
	DecidedOn time.Time
	Replaced  bool // a later decision took its place
	ItemID    id.Item
	ItemKey   string // empty when the actor may not open the item
	Slug      string
	BodyID    id.Body
	BodyName  string
	OrgKey    string
	OrgName   string
	Colour    string
}

// Body names the body with its organisation.
func (v Verdict) Body() string { return partner.BodyName(v.BodyName, v.OrgName) }

// VerdictsOn asks for the published decisions on a paper that the actor may see, the first first.
func VerdictsOn(dst *[]Verdict, actor access.Actor, paper id.Proposal) postgres.Query {
	return postgres.AllInto(dst, `
		select d.id, d.audience_bodies is not null as closed, d.number, d.kind, left(d.text, 300) as text, d.method, d.votes_for, d.votes_against,
		  d.proposal_version as of_version, d.decided_on,
		  exists (select from decisions r where `+later+` and `+access.Seen("r")+`) as replaced,
		  d.item_id, coalesce(i.key, '') as item_key, coalesce(m.slug, '') as slug, b.id as body_id, b.name as body_name,
		  o.key as org_key, o.name as org_name, o.colour
		from decisions d join bodies b on b.id = d.body_id join organisations o on o.id = b.organisation_id
		left join agenda_items i on i.id = d.item_id and `+access.Seen("i")+`
		left join meetings m on m.id = i.meeting_id and `+access.Seen("m")+`
		where d.proposal_id = @id and d.published_at is not null and `+access.Seen("d")+`
		order by d.decided_on, lower(o.name), b.name, d.published_at limit 2000`, postgres.Args{"id": paper}.As(actor))
}
