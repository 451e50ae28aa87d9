// Package meetings shows meetings and lets griffiers put their agendas together.
package meetings

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/reading"
	"regiogriffie/internal/route"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// Pages of meetings.
type Pages struct {
	DB      *pgxpool.Pool
	Files   *file.Store
	BaseURL string
}

// Index lists the meetings to come, or those that have been.
func (p Pages) Index(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	v := listView{
		Filter: meeting.Filter{
			Org: request.Query(r, "organisatie"), Kind: meeting.Kind(request.Query(r, "soort")),
			Past: request.Query(r, "wanneer") == "geweest", Page: request.Page(r),
		},
		MayCreate: meeting.CanCreate(actor), BaseURL: p.BaseURL,
	}
	err := postgres.Read(r.Context(), p.DB, meeting.List(&v.Rows, actor, v.Filter), meeting.Count(&v.Count, actor, v.Filter),
		meeting.OrganisersWithMeetings(&v.Organisers, actor))
	if err != nil {
		return err
	}
	if len(v.Rows) > meeting.PerPage {
		v.Rows, v.More = v.Rows[:meeting.PerPage], true
	}
	return respond.Page(w, r, http.StatusOK, "Vergaderingen", list(v))
}

// whole is a meeting with all that its pages show of it.
type whole struct {
	Actor      access.Actor
	Meeting    meeting.Meeting
	Organisers []meeting.Organiser
	Requests   []meeting.Request // who is asked to hold it too, for who prepares it and who is asked
	Sections   []meeting.Section
	Items      []meeting.Item
	Files      []file.Line        // those of one thing together, in the order of its id
	Decisions  []meeting.Decision // drafts too, as far as the reader may see them
	Tallies    []zienswijze.Tally // how far councils are with the papers of items
	Heard      []zienswijze.Heard // of one item: what they said
	After      []meeting.Row
	History    []audit.Entry
	Mailings   []mailing.Mailing // the last one, for who may follow it
	Unreached  []mailing.Unreached
	Invited    []invitation.Row // the invitation to it, when that was published
	Saved      []invitation.SaveTheDate
}

func (v whole) name() string { return meeting.Name(v.Meeting.Title, v.Meeting.Kind, v.Organisers) }

// parties are those who hold the meeting and those who are asked to.
func (v whole) parties() []meeting.Organiser {
	all := slices.Clone(v.Organisers)
	for _, r := range v.Requests {
		all = append(all, r.Organiser)
	}
	return all
}

// heading names the meeting with its day, as on paper.
func (v whole) heading() string { return v.name() + ", " + dutch.Weekday(v.Meeting.StartsAt) }

// savedAt is when the meeting or its agenda was last changed.
func (v whole) savedAt() time.Time {
	if at := v.Meeting.ComposedAt; at != nil && at.After(v.Meeting.UpdatedAt) {
		return *at
	}
	return v.Meeting.UpdatedAt
}

func (v whole) mayCompose() bool { return meeting.CanCompose(v.Actor, v.Meeting, v.Organisers) }

func (v whole) maySaveTheDate() bool {
	return len(v.Invited) == 0 && invitation.CanSaveTheDate(v.Actor, v.Meeting, v.Organisers)
}

// mayInvite reports whether the reader can begin an invitation to this meeting.
func (v whole) mayInvite() bool {
	return v.Meeting.Open && !v.Meeting.Invited && v.Meeting.State != meeting.Cancelled && v.Meeting.StartsAt.After(v.Actor.At) &&
		slices.ContainsFunc(v.Organisers, func(o meeting.Organiser) bool {
			return o.Agreed() && slices.Contains(v.Actor.ClerkOrganisations(), o.OrganisationID)
		})
}

func (v whole) mayConvene() bool { return meeting.CanConvene(v.Actor, v.Meeting, v.Organisers) }

func (v whole) filesOf(object string) []file.Line {
	from, found := slices.BinarySearchFunc(v.Files, object, func(f file.Line, object string) int { return strings.Compare(f.ObjectID, object) })
	if !found {
		return nil
	}
	to := from
	for to < len(v.Files) && v.Files[to].ObjectID == object {
		to++
	}
	return v.Files[from:to:to]
}

// papers are the files of an item and of its proposal.
func (v whole) papers(i meeting.Item) []file.Line {
	own, paper := v.filesOf(string(i.ID)), v.filesOf(string(i.ProposalID))
	if len(own) == 0 {
		return paper
	}
	return append(own, paper...)
}

// forThePublic is what everyone will see of the agenda: of closed items no more than their line.
func (v whole) forThePublic() whole {
	public := v
	public.Actor, public.Items, public.Files, public.Decisions, public.Tallies = access.Actor{At: v.Actor.At}, nil, nil, nil, nil
	open := map[string]bool{}
	for _, i := range v.Items {
		if i.Closed {
			i = meeting.Item{Key: i.Key, SectionID: i.SectionID, Label: i.Label, PublicTitle: i.PublicTitle, Minutes: i.Minutes, Closed: true, State: i.State}
		} else {
			open[string(i.ID)], open[string(i.ProposalID)] = true, true
		}
		public.Items = append(public.Items, i)
	}
	for _, f := range v.Files {
		if open[f.ObjectID] {
			public.Files = append(public.Files, f)
		}
	}
	return public
}

// tallies tell how far the councils are with the paper of an item.
func (v whole) tallies(i meeting.Item) []zienswijze.Tally {
	var found []zienswijze.Tally
	for _, t := range v.Tallies {
		if i.ProposalKey != "" && t.ProposalID == i.ProposalID {
			found = append(found, t)
		}
	}
	return found
}

func (v whole) clocks() []time.Time { return meeting.Clocks(v.Meeting.StartsAt, v.Items) }

func (v whole) section(id id.Section) meeting.Section {
	for _, s := range v.Sections {
		if s.ID == id {
			return s
		}
	}
	return meeting.Section{}
}

// read asks all of a meeting in one round trip.
func (p Pages) read(r *http.Request, more ...postgres.Query) (whole, error) {
	return p.readBy(r, meeting.AgendaAt, more...)
}

func (p Pages) readBy(r *http.Request, agenda func(*[]meeting.Item, access.Actor, string) postgres.Query, more ...postgres.Query) (whole, error) {
	v := whole{Actor: request.Actor(r)}
	slug := request.Key(r, "meeting")
	queries := append([]postgres.Query{
		meeting.BySlug(&v.Meeting, v.Actor, slug),
		meeting.OrganisersAt(&v.Organisers, v.Actor, slug),
		meeting.SectionsAt(&v.Sections, v.Actor, slug),
		agenda(&v.Items, v.Actor, slug),
		meeting.FilesAt(&v.Files, v.Actor, slug),
		meeting.DecisionsAt(&v.Decisions, v.Actor, slug),
		zienswijze.OnAgenda(&v.Tallies, v.Actor, slug),
	}, more...)
	if len(v.Actor.ClerkOrganisations()) > 0 {
		queries = append(queries, meeting.RequestsAt(&v.Requests, v.Actor, slug))
	}
	return v, postgres.Read(r.Context(), p.DB, queries...)
}

// composing is read for pages that only who prepares the meeting may open.
func (p Pages) composing(r *http.Request, more ...postgres.Query) (whole, error) {
	v, err := p.read(r, more...)
	if err == nil && !v.mayCompose() {
		err = v.whyNot()
	}
	return v, err
}

// prepares tells whether the reader prepares the meetings of one of the organisers, also of a meeting that is over.
func (v whole) prepares() bool {
	return slices.ContainsFunc(v.Organisers, func(o meeting.Organiser) bool { return o.Agreed() && meeting.CanOrganise(v.Actor, o) })
}

// unreached says how many the last mail has not reached, apart from those whose turn has not come.
func unreached(m mailing.Mailing) string {
	verb := "kregen"
	if m.Unreached() == 1 {
		verb = "kreeg"
	}
	return dutch.Number(m.Unreached()) + " van " + dutch.Number(m.Total) + " leden en medewerkers " + verb + " deze e-mail niet, of nog niet."
}

// whyNot says to who prepared this meeting what keeps him from it now, and to others that it is not theirs.
func (v whole) whyNot() error {
	if !v.prepares() {
		return fault.Forbidden
	}
	if v.Meeting.State == meeting.Cancelled {
		return fault.Because("Deze vergadering is geannuleerd. De agenda kan niet meer worden gewijzigd.")
	}
	return fault.Because("Deze vergadering is geweest. De agenda kan niet meer worden gewijzigd.")
}

// Show is the meeting for its readers.
func (p Pages) Show(w http.ResponseWriter, r *http.Request) error {
	var after []meeting.Row
	var invited []invitation.Row
	actor, slug := request.Actor(r), request.Key(r, "meeting")
	v, err := p.readBy(r, meeting.LinesAt, meeting.Following(&after, actor, slug), invitation.AtMeeting(&invited, actor, slug))
	if err != nil {
		return err
	}
	v.After, v.Invited = after, invited
	if mailing.CanKeep(v.Actor) || len(v.Actor.ClerkOrganisations()) > 0 {
		object := string(v.Meeting.ID)
		more := []postgres.Query{mailing.LastOf(&v.Mailings, v.Actor, object), mailing.UnreachedBy(&v.Unreached, v.Actor, object)}
		if v.prepares() || v.maySaveTheDate() {
			more = append(more, invitation.SaveTheDates(&v.Saved, v.Actor, v.Meeting.Slug))
		}
		if v.mayCompose() {
			more = append(more, audit.Of(&v.History, v.Actor, object))
		}
		if err := postgres.Read(r.Context(), p.DB, more...); err != nil {
			return err
		}
	}
	if err := respond.Noted(w, r, p.DB, v.closedAgenda()...); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, v.heading(), show(v))
}

// CreatePause holds a mailing about the meeting.
func (p Pages) CreatePause(w http.ResponseWriter, r *http.Request) error {
	return p.hold(w, r, mailing.Pause, "De verzending is onderbroken. Wat nog niet weg is, wacht tot u verdergaat.")
}

// DeletePause lets it go on.
func (p Pages) DeletePause(w http.ResponseWriter, r *http.Request) error {
	return p.hold(w, r, mailing.Resume, "De verzending gaat verder.")
}

func (p Pages) hold(w http.ResponseWriter, r *http.Request, act func(context.Context, postgres.DB, access.Actor, id.Mailing) error, told string) error {
	var m meeting.Meeting
	actor := request.Actor(r)
	if err := postgres.Read(r.Context(), p.DB, meeting.BySlug(&m, actor, request.Key(r, "meeting"))); err != nil {
		return err
	}
	of := request.ID[id.Mailing](r, "mailing")
	if err := mailing.About(r.Context(), p.DB, actor, of, string(m.ID)); err != nil {
		return err
	}
	if err := act(r.Context(), p.DB, actor, of); err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Meeting(m.Slug), told)
}

// ShowItem is one point of the agenda, with the one before and the one after.
func (p Pages) ShowItem(w http.ResponseWriter, r *http.Request) error {
	var heard []zienswijze.Heard
	v, err := p.read(r, zienswijze.HeardOn(&heard, request.Actor(r), request.Key(r, "meeting"), request.Key(r, "item")))
	if err != nil {
		return err
	}
	v.Heard = heard
	at := slices.IndexFunc(v.Items, func(i meeting.Item) bool { return i.Key == request.Key(r, "item") })
	if at < 0 {
		return fault.NotFound
	}
	if err := respond.Noted(w, r, p.DB, slices.Concat(v.closedParts(), v.closedItem(v.Items[at], reading.Page), v.besides(at))...); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, v.Items[at].Label+" "+v.Items[at].Title(), showItem(v, at))
}

// Announce makes day, time and place public.
func (p Pages) CreateAnnouncement(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	m, err := meeting.Announce(r.Context(), p.DB, v.Actor, v.Meeting.ID)
	if err != nil {
		return err
	}
	message := "Dag, tijd en plaats zijn nu openbaar. De agenda nog niet."
	if m.Kind.Event() {
		message = "De bijeenkomst is openbaar, met haar programma."
	}
	return respond.SeeOther(w, r, path.Meeting(m.Slug), message)
}

// NewCancellation asks why the meeting is off.
func (p Pages) NewCancellation(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	if !v.mayConvene() {
		return fault.Forbidden
	}
	return respond.Page(w, r, http.StatusOK, "Vergadering annuleren", cancelForm(v, form.New(nil)))
}

// CreateCancellation takes the meeting off the calendar.
func (p Pages) CreateCancellation(w http.ResponseWriter, r *http.Request) error {
	v, err := p.read(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	m, err := meeting.Cancel(r.Context(), p.DB, v.Actor, v.Meeting.ID, f.Text("reason"))
	if f.Explains(err) {
		return respond.Page(w, r, http.StatusUnprocessableEntity, "Vergadering annuleren", cancelForm(v, f))
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Meeting(m.Slug), "De vergadering is geannuleerd. De voorstellen kunnen op een andere agenda.")
}

// offered are the papers that wait for a body of this meeting, and those that came to one along a route.
func (p Pages) offered(ctx context.Context, v whole) (rows []proposal.Row, received []route.Received, err error) {
	bodies := meeting.Bodies(v.Organisers)
	if len(bodies) == 0 {
		return nil, nil, nil
	}
	err = postgres.Read(ctx, p.DB, proposal.OfferedTo(&rows, v.Actor, bodies), route.WaitingFor(&received, v.Actor, v.Meeting.Slug))
	return rows, received, err
}
