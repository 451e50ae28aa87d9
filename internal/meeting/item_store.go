package meeting

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/gone"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// itemColumns of an item as far as its matter (x) and its paper (p) may be seen.
const itemColumns = lineColumns + `, coalesce(x.explanation, '') as explanation`

// lineColumns are those without the long text, which a list does not show.
const lineColumns = `i.id, i.key, i.section_id, i.sequence, i.label, i.public_title, i.minutes, i.closed, i.closed_for, i.added_later,
	case when x.item_id is null and i.state = 'aangehouden' then 'behandeld' else i.state end as state, i.version, i.updated_at, i.updated_by,
	x.item_id is not null as matter, coalesce(x.title, '') as matter_title,
	coalesce(x.treatment, '') as treatment, coalesce(x.debate_kind, '') as debate_kind,
	coalesce(x.portfolio_holders, '[]') as portfolio_holders, coalesce(x.ground, '') as ground, coalesce(x.attachments_na, false) as attachments_na,
	x.proposal_id as paper_id, p.id as proposal_id, coalesce(p.key, '') as proposal_key, coalesce(p.state, '') as proposal_state, coalesce(p.attachments_na, false) as proposal_na,
	coalesce(p.withdrawn_reason, '') as withdrawn_reason, coalesce(r.key, '') as step_key,
	coalesce(left(p.summary, 600), '') as summary, coalesce(po.name, '') as owner_name, coalesce(po.colour, '') as owner_colour`

func itemTables() string {
	return `agenda_items i join meetings m on m.id = i.meeting_id
	left join agenda_item_matters x on x.item_id = i.id and ` + access.Seen("x") + `
	left join proposals p on p.id = x.proposal_id and ` + access.Seen("p") + `
	left join lateral (select r.key from route_steps r where r.item_id = i.id and p.id is not null and ` + access.Seen("r") + ` order by r.sequence limit 1) r on true
	left join organisations po on po.id = p.owner_org_id`
}

// AgendaAt asks for the items of the meeting at an address, in order, as far as the actor may see them.
func AgendaAt(dst *[]Item, actor access.Actor, slug string) postgres.Query {
	return postgres.AllInto(dst, `select `+itemColumns+` from `+agendaAt(), postgres.Args{"slug": slug}.As(actor))
}

// LinesAt is AgendaAt without the explanations: what the agenda itself shows.
func LinesAt(dst *[]Item, actor access.Actor, slug string) postgres.Query {
	return postgres.AllInto(dst, `select `+lineColumns+`, '' as explanation from `+agendaAt(), postgres.Args{"slug": slug}.As(actor))
}

func agendaAt() string {
	return itemTables() + ` where m.slug = @slug and ` + access.Seen("m") + ` and ` + access.Seen("i") + ` order by i.sequence`
}

// SectionsAt asks for the parts of the agenda at an address. They are as visible as the line of an item in them: for the public
// once the agenda is published, of a closed meeting for its bodies alone.
func SectionsAt(dst *[]Section, actor access.Actor, slug string) postgres.Query {
	return postgres.AllInto(dst, `
		select s.id, s.sequence, s.letter, s.title, s.first_number from agenda_sections s join meetings m on m.id = s.meeting_id
		where m.slug = @slug and `+access.Seen("m")+` and `+access.Seen("s")+` order by s.sequence`,
		postgres.Args{"slug": slug}.As(actor))
}

// FilesAt asks for the attachments of the meeting, its items and their papers, as far as the actor may see them and that they are
// on this agenda, those of one ObjectID, the id of the meeting, the item or the proposal, together and in the order of that id.
func FilesAt(dst *[]file.Line, actor access.Actor, slug string) postgres.Query {
	return postgres.AllInto(dst, `select `+file.LineColumns+` from attachments a
		where a.removed_at is null and `+access.Seen("a")+` and a.object_id in (
		  select m.id from meetings m where m.slug = @slug and `+access.Seen("m")+`
		  union all select i.id from agenda_items i join meetings m on m.id = i.meeting_id where m.slug = @slug and `+access.Seen("m")+` and `+access.Seen("i")+`
		  union all select x.proposal_id from agenda_item_matters x join agenda_items i on i.id = x.item_id join meetings m on m.id = i.meeting_id
		    where m.slug = @slug and `+access.Seen("m")+` and `+access.Seen("i")+` and `+access.Seen("x")+`)
		order by a.object_id, a.number`, postgres.Args{"slug": slug}.As(actor))
}

func sectionsOf(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting) ([]Section, error) {
	return postgres.All[Section](ctx, tx, `select s.id, s.sequence, s.letter, s.title, s.first_number from agenda_sections s where s.meeting_id = @id order by s.sequence`,
		postgres.Args{"id": m}.As(actor))
}

func placesOf(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting) ([]place, error) {
	return postgres.All[place](ctx, tx, `select i.id, i.section_id, i.sequence, i.label, i.state from agenda_items i where i.meeting_id = @id order by i.sequence`,
		postgres.Args{"id": m}.As(actor))
}

func itemsOf(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting) ([]Item, error) {
	return postgres.All[Item](ctx, tx, `select `+itemColumns+` from `+itemTables()+` where i.meeting_id = @id and `+access.Seen("i")+` order by i.sequence`,
		postgres.Args{"id": m}.As(actor))
}

// attachedOf says which items have an attachment of their own or of their paper.
func attachedOf(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting) (map[string]bool, error) {
	ids, err := postgres.All[id.Item](ctx, tx, `
		select distinct i.id from agenda_items i left join agenda_item_matters x on x.item_id = i.id
		join attachments a on a.object_id in (i.id, x.proposal_id) and a.removed_at is null
		where i.meeting_id = @id`, postgres.Args{"id": m}.As(actor))
	attached := map[string]bool{}
	for _, each := range ids {
		attached[string(each)] = true
	}
	return attached, err
}

// Attached is attachedOf for a page that has read items and files already.
func Attached(items []Item, files []file.Line) map[string]bool {
	objects := map[string]bool{}
	for _, f := range files {
		objects[f.ObjectID] = true
	}
	attached := map[string]bool{}
	for _, i := range items {
		attached[string(i.ID)] = objects[string(i.ID)] || objects[string(i.ProposalID)]
	}
	return attached
}

func findItem(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, key string) (Item, error) {
	return postgres.One[Item](ctx, tx, `select `+itemColumns+` from `+itemTables()+`
		where i.meeting_id = @meeting and i.key = @key and `+access.Seen("i"), postgres.Args{"meeting": m, "key": key}.As(actor))
}

// writtenItem is a row of agenda_items and of agenda_item_matters together.
type writtenItem struct {
	ItemDraft
	ID         id.Item
	Key        string
	MeetingID  id.Meeting
	ProposalID id.Proposal
	AddedLater bool
	Line       access.Audience
	Matter     access.Audience
}

func (w writtenItem) publicTitle() string {
	switch {
	case w.Closed && w.PublicTitle == "":
		return NeutralTitle
	case w.Closed:
		return w.PublicTitle
	default:
		return w.Title
	}
}

// An item is kept in two rows: the line of the agenda, which every reader of the agenda sees, and its matter. What a draft gets later
// is matter, unless it is named here.
var (
	lineFields   = postgres.FieldsOf[ItemDraft]().Only("SectionID", "PublicTitle", "Minutes", "Closed", "ClosedFor")
	matterFields = postgres.FieldsOf[ItemDraft]().Without("SectionID", "PublicTitle", "Minutes", "Closed", "ClosedFor", "Version")
)

func (w writtenItem) lineArgs(actor access.Actor) postgres.Args {
	w.PublicTitle = w.publicTitle()
	args := lineFields.Args(w.ItemDraft)
	args["id"], args["key"], args["meeting"], args["later"], args["version"] = w.ID, w.Key, w.MeetingID, w.AddedLater, w.Version
	args["closed_for"] = w.ClosedFor // none is not closed
	args["at"], args["by"] = actor.At, actor.Name
	return args.With(w.Line).As(actor)
}

func (w writtenItem) matterArgs(actor access.Actor) postgres.Args {
	if w.DebateKind == "" {
		w.DebateKind = "none"
	}
	if !w.Closed {
		w.Ground = ""
	}
	args := matterFields.Args(w.ItemDraft)
	args["id"], args["proposal"] = w.ID, w.ProposalID
	return args.With(w.Matter).As(actor)
}

// insertItem adds the item behind all others, under a label that is sure to be free; renumbering follows.
func insertItem(ctx context.Context, tx pgx.Tx, actor access.Actor, w writtenItem, sequence int, label string) error {
	args := w.lineArgs(actor)
	args["sequence"], args["label"] = sequence, label
	if _, err := postgres.Exec(ctx, tx, `
		insert into agenda_items (id, key, meeting_id, sequence, label, added_later, updated_at, updated_by, `+lineFields.Names()+`, `+postgres.Audience.Names()+`)
		values (@id, @key, @meeting, @sequence, @label, @later, @at, @by, `+lineFields.Values()+`, `+postgres.Audience.Values()+`)`, args); err != nil {
		return err
	}
	_, err := postgres.Exec(ctx, tx, `
		insert into agenda_item_matters (item_id, proposal_id, `+matterFields.Names()+`, `+postgres.Audience.Names()+`)
		values (@id, @proposal, `+matterFields.Values()+`, `+postgres.Audience.Values()+`)`, w.matterArgs(actor))
	return err
}

func updateItem(ctx context.Context, tx pgx.Tx, actor access.Actor, w writtenItem) error {
	n, err := postgres.Exec(ctx, tx, `
		update agenda_items i set `+lineFields.Set()+`, `+postgres.Audience.Set()+`, version = i.version + 1, updated_at = @at, updated_by = @by
		where i.id = @id and i.version = @version`, w.lineArgs(actor))
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict
	}
	_, err = postgres.Exec(ctx, tx, `
		update agenda_item_matters x set `+matterFields.Set()+`, `+postgres.Audience.Set()+` where x.item_id = @id`, w.matterArgs(actor))
	return err
}

func updatePlaces(ctx context.Context, tx pgx.Tx, actor access.Actor, places []place) error {
	var ids []id.Item
	var sections []id.Section
	var sequences []int
	var labels []string
	for _, p := range places {
		ids, sections, sequences, labels = append(ids, p.ID), append(sections, p.SectionID), append(sequences, p.Sequence), append(labels, p.Label)
	}
	_, err := postgres.Exec(ctx, tx, `
		update agenda_items i set section_id = n.section, sequence = n.sequence, label = n.label
		from unnest(@ids::uuid[], @sections::uuid[], @sequences::int[], @labels::text[]) as n(id, section, sequence, label)
		where i.id = n.id and (i.section_id, i.sequence, i.label) is distinct from (n.section, n.sequence, n.label)`,
		postgres.Args{"ids": ids, "sections": sections, "sequences": sequences, "labels": labels}.As(actor))
	return err
}

// SpreadDuty is the duty to let what is on an agenda follow from its meeting (audience, order, publication, cancelling), also what is closed for
// one body of a joint meeting and which the griffie of another cannot see. The right to the act is always asked of the actor himself.
const SpreadDuty access.Duty = "meeting.spread"

func spreading(actor access.Actor, organisers []Organiser) access.Actor {
	duty := access.Actor{Account: actor.Account, Person: actor.Person, Name: actor.Name, At: actor.At, Duty: SpreadDuty}
	for _, o := range organisers {
		if o.Agreed() {
			duty.Grants = append(duty.Grants, access.Grant{Role: access.ClerkStaff, Organisation: o.OrganisationID, Body: o.BodyID})
		}
	}
	return duty
}

// spreadAudience gives all items of a meeting the audience that follows from it, with their attachments. Items are for few different
// circles: each takes one turn.
func spreadAudience(ctx context.Context, tx pgx.Tx, actor access.Actor, m Meeting, organisers []Organiser) error {
	duty := spreading(actor, organisers)
	circles, err := postgres.All[struct {
		Closed    bool
		ClosedFor []id.Body
		Ids       []id.Item
	}](ctx, tx, `select i.closed, i.closed_for, array_agg(i.id) as ids from agenda_items i where i.meeting_id = @id group by i.closed, i.closed_for`,
		postgres.Args{"id": m.ID}.As(duty))
	if err != nil {
		return err
	}
	for _, c := range circles {
		line, matter := itemAudience(m, organisers, c.Closed, c.ClosedFor)
		if _, err := postgres.Exec(ctx, tx, `
			update agenda_items i set visibility = @visibility, org_ids = @org_ids, participant_org_ids = @participant_org_ids, writer_ids = @writer_ids,
			  audience_bodies = @audience_bodies where i.id = any(@ids::uuid[])`, postgres.Args{"ids": c.Ids}.With(line).As(duty)); err != nil {
			return err
		}
		if _, err := postgres.Exec(ctx, tx, `
			update agenda_item_matters x set visibility = @visibility, org_ids = @org_ids, participant_org_ids = @participant_org_ids, writer_ids = @writer_ids,
			  audience_bodies = @audience_bodies where x.item_id = any(@ids::uuid[])`, postgres.Args{"ids": c.Ids}.With(matter).As(duty)); err != nil {
			return err
		}
		if err := file.Spread(ctx, tx, duty, texts(c.Ids), matter); err != nil {
			return err
		}
	}
	line, _ := itemAudience(m, organisers, false, nil)
	if _, err := postgres.Exec(ctx, tx, `
		update agenda_sections s set visibility = @visibility, org_ids = @org_ids, participant_org_ids = @participant_org_ids, writer_ids = @writer_ids,
		  audience_bodies = @audience_bodies where s.meeting_id = @id`, postgres.Args{"id": m.ID}.With(line).As(duty)); err != nil {
		return err
	}
	return file.Spread(ctx, tx, duty, []string{string(m.ID)}, line)
}

func texts(ids []id.Item) []string {
	list := []string{}
	for _, each := range ids {
		list = append(list, string(each))
	}
	return list
}

// rechoose settles for whom the items of a concept are closed when its doors close or open: a closed meeting closes what is on its agenda for
// the bodies that hold it at that moment.
func rechoose(ctx context.Context, tx pgx.Tx, actor access.Actor, m Meeting, organisers []Organiser) error {
	_, err := postgres.Exec(ctx, tx, `
		update agenda_items i set closed_for = case when i.closed then i.closed_for when @open then null else coalesce(i.closed_for, @bodies::uuid[]) end
		where i.meeting_id = @id`, postgres.Args{"id": m.ID, "open": m.Open, "bodies": Bodies(organisers)}.As(actor))
	return err
}

// agendaHolds counts the items of an agenda, and those with a paper, whoever may see them.
func agendaHolds(ctx context.Context, tx pgx.Tx, duty access.Actor, m id.Meeting) (found struct{ Items, Papers int }, err error) {
	return postgres.One[struct{ Items, Papers int }](ctx, tx, `select count(*)::int as items, count(x.proposal_id)::int as papers
		from agenda_items i left join agenda_item_matters x on x.item_id = i.id where i.meeting_id = @id and i.state <> 'vervallen'`, postgres.Args{"id": m}.As(duty))
}

// closeElsewhere closes the items that a paper has on other agendas, with what was decided and attached there, when it is closed on one: what
// is closed is closed everywhere.
func closeElsewhere(ctx context.Context, tx pgx.Tx, actor access.Actor, w writtenItem) error {
	duty := actor
	duty.Grants = slices.Clone(actor.Grants)
	for _, b := range w.ClosedFor { // of a joint meeting its own griffie need not be here
		duty.Grants = append(duty.Grants, access.Grant{Role: access.ClerkStaff, Body: b})
	}
	args := postgres.Args{"proposal": w.ProposalID, "here": w.ID, "bodies": w.ClosedFor, "title": w.publicTitle(), "ground": w.Ground, "at": actor.At, "by": actor.Name}.As(duty)
	ids, err := postgres.All[id.Item](ctx, tx, `
		update agenda_items i set closed = true, public_title = @title, version = i.version + 1, updated_at = @at, updated_by = @by,
		  closed_for = (select coalesce(array_agg(b), '{}') from unnest(coalesce(i.closed_for, @bodies::uuid[])) b where b = any(@bodies::uuid[]))
		from agenda_item_matters x where x.item_id = i.id and x.proposal_id = @proposal and i.id <> @here returning i.id`, args)
	if err != nil || len(ids) == 0 {
		return err
	}
	args["ids"] = ids
	for _, sql := range []string{
		`update agenda_item_matters x set ground = @ground,
		  audience_bodies = (select coalesce(array_agg(b), '{}') from unnest(coalesce(x.audience_bodies, @bodies::uuid[])) b where b = any(@bodies::uuid[])),
		  visibility = case x.visibility when 'public' then 'org' else x.visibility end where x.item_id = any(@ids::uuid[])`,
		`update attachments a set audience_bodies = (select coalesce(array_agg(b), '{}') from unnest(coalesce(a.audience_bodies, @bodies::uuid[])) b where b = any(@bodies::uuid[])),
		  visibility = case a.visibility when 'public' then 'org' else a.visibility end where a.object_id = any(@ids::uuid[])`,
		`update decisions d set audience_bodies = case when d.published_at is null then array[d.body_id] else @bodies::uuid[] || d.body_id end,
		  visibility = case d.visibility when 'public' then 'org' else d.visibility end where d.item_id = any(@ids::uuid[])`,
	} {
		if _, err := postgres.Exec(ctx, tx, sql, args); err != nil {
			return err
		}
	}
	return nil
}

func dropItem(ctx context.Context, tx pgx.Tx, actor access.Actor, i id.Item) error {
	_, err := postgres.Exec(ctx, tx, `update agenda_items i set state = 'vervallen', version = i.version + 1, updated_at = @at, updated_by = @by where i.id = @id`,
		postgres.Args{"id": i, "at": actor.At, "by": actor.Name}.As(actor))
	return err
}

// removed is what is taken off an agenda for good.
type removed struct {
	MeetingID id.Meeting
	Key       string
}

func deleteItem(ctx context.Context, tx pgx.Tx, actor access.Actor, i id.Item) error {
	// Its files go with it: nothing would tighten them any more when a body leaves the meeting.
	if _, err := postgres.Exec(ctx, tx, `update attachments set removed_at = coalesce(removed_at, @at) where object_id = @id`,
		postgres.Args{"id": i, "at": actor.At}.As(actor)); err != nil {
		return err
	}
	was, err := postgres.One[removed](ctx, tx, `delete from agenda_items i where i.id = @id returning i.meeting_id, i.key`, postgres.Args{"id": i}.As(actor))
	if err != nil {
		return err
	}
	return gone.Note(ctx, tx, actor, was.MeetingID, was.Key)
}

func insertSection(ctx context.Context, tx pgx.Tx, actor access.Actor, m Meeting, organisers []Organiser, s Section) error {
	line, _ := itemAudience(m, organisers, false, nil)
	_, err := postgres.Exec(ctx, tx, `
		insert into agenda_sections (id, meeting_id, sequence, letter, title, first_number, visibility, org_ids, participant_org_ids, writer_ids, audience_bodies)
		values (@id, @meeting, @sequence, @letter, @title, @first, @visibility, @org_ids, @participant_org_ids, @writer_ids, @audience_bodies)`,
		postgres.Args{"id": s.ID, "meeting": m.ID, "sequence": s.Sequence, "letter": s.Letter, "title": s.Title, "first": s.FirstNumber}.With(line).As(actor))
	return err
}

func updateSection(ctx context.Context, tx pgx.Tx, actor access.Actor, s Section) error {
	_, err := postgres.Exec(ctx, tx, `
		update agenda_sections s set sequence = @sequence, letter = @letter, title = @title, first_number = @first where s.id = @id`,
		postgres.Args{"id": s.ID, "sequence": s.Sequence, "letter": s.Letter, "title": s.Title, "first": s.FirstNumber}.As(actor))
	return err
}

func deleteSection(ctx context.Context, tx pgx.Tx, actor access.Actor, s id.Section) error {
	was, err := postgres.One[removed](ctx, tx, `delete from agenda_sections s where s.id = @id returning s.meeting_id, s.id::text as key`, postgres.Args{"id": s}.As(actor))
	if err != nil {
		return err
	}
	return gone.Note(ctx, tx, actor, was.MeetingID, was.Key)
}
