// Package meeting is the table: meetings of one or several bodies of one or several organisations, their agenda, and
// the act that convenes and publishes them.
package meeting

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
)

// State of a meeting (domain 4.2). An event without decisions goes from concept to gepland and is then public with its
// programme; a meeting shows its agenda only when it is convened (opgeroepen).
type State string

// The states of this part of the life; those of the sitting itself come with it.
const (
	Concept   State = "concept"
	Planned   State = "gepland"
	Convened  State = "opgeroepen"
	Cancelled State = "geannuleerd"
)

// Kind of a meeting.
type Kind string

// The kinds: sittings of bodies, then events without decisions.
const (
	Council            Kind = "council"
	Committee          Kind = "committee"
	GeneralBoard       Kind = "general_board"
	DailyBoard         Kind = "daily_board"
	JointOrgan         Kind = "joint_organ"
	AgendaCommittee    Kind = "agenda_committee"
	Consultation       Kind = "consultation"
	InformationEvening Kind = "information_evening"
	Conference         Kind = "conference"
	ThemeMeeting       Kind = "theme_meeting"
	KickoffDay         Kind = "kickoff_day"
	CouncilMeetup      Kind = "council_meetup"
	MembersAssembly    Kind = "members_assembly"
)

// Kinds lists all kinds with their Dutch names, in the order of the forms.
var Kinds = []struct {
	Kind  Kind
	Label string
	Event bool
}{
	{Council, "Raadsvergadering", false},
	{Committee, "Commissievergadering", false},
	{GeneralBoard, "Algemeen bestuur", false},
	{DailyBoard, "Dagelijks bestuur", false},
	{JointOrgan, "Gemeenschappelijk orgaan of bestuur van een bedrijfsvoeringsorganisatie", false},
	{AgendaCommittee, "Presidium of agendacommissie", false},
	{Consultation, "Bestuurlijk overleg", false},
	{InformationEvening, "Informatieavond", true},
	{Conference, "Conferentie", true},
	{ThemeMeeting, "Themabijeenkomst", true},
	{KickoffDay, "Startdag", true},
	{CouncilMeetup, "Raadsledenbijeenkomst", true},
	{MembersAssembly, "Algemene ledenvergadering", true},
}

// Label is the Dutch name of the kind; empty for what is no kind.
func (k Kind) Label() string {
	for _, each := range Kinds {
		if each.Kind == k {
			return each.Label
		}
	}
	return ""
}

// Event tells an event without decisions from a sitting.
func (k Kind) Event() bool {
	for _, each := range Kinds {
		if each.Kind == k {
			return each.Event
		}
	}
	return false
}

// Organiser is a body, or an organisation without one (a conference), that holds the meeting by the word of its own griffie, or by
// what another griffie wrote down for it as agreed: for a body for which nobody acts here.
type Organiser struct {
	OrganisationID id.Organisation
	BodyID         id.Body
	OrgKey         string
	OrgName        string
	Colour         string
	BodyKey        string
	BodyName       string
	NoticeDays     *int // days between the call and the meeting that the body's own rules ask
	PapersDueDays  *int // days before the meeting by which papers must be in
	OpenByDefault  bool
	AgreedWith     string // with whom another griffie agreed it; empty: its own griffie gave its word
	RecordedBy     string // who wrote that down
}

// Agreed tells whether the organiser's own griffie gave its word. What was only recorded opens nothing of the body.
func (o Organiser) Agreed() bool { return o.AgreedWith == "" }

// Name is the body with its organisation, or the organisation.
func (o Organiser) Name() string { return partner.HolderName(o.BodyName, o.OrgName) }

func (o Organiser) same(other Organiser) bool {
	return o.OrganisationID == other.OrganisationID && o.BodyID == other.BodyID
}

// Meeting is a sitting or an event. Organisers come apart, see Read.
type Meeting struct {
	ID                id.Meeting
	Slug              string
	Kind              Kind
	Title             string
	Description       string
	HostOrgID         id.Organisation
	StartsAt          time.Time
	EndsAt            time.Time
	Location          string
	OnlineURL         string
	Open              bool
	Chair             string
	Clerk             string
	State             State
	Sequence          int
	NoticeDeliveredAt *time.Time
	PublishedAt       *time.Time
	ChangedAt         *time.Time // when something changed that readers had seen already
	ComposedAt        *time.Time // the last change of the agenda, closed matter included: only for who prepares it
	MovedFrom         *time.Time // the start that was known before, after a move
	MovedReason       string
	CancelledReason   string
	MadeUp            bool
	Invited           bool // people are invited to it: title and organisers are those of the invitation
	Version           int
	UpdatedAt         time.Time
	UpdatedBy         string
	access.Audience
}

// Published tells whether the agenda is open to readers.
func (m Meeting) Published() bool { return m.PublishedAt != nil }

// Name is what the meeting is called: its title, or its bodies. A closed meeting never has a title.
func Name(title string, kind Kind, organisers []Organiser) string {
	if title != "" {
		return title
	}
	var bodies []string
	orgs := map[string]bool{}
	for _, o := range organisers {
		orgs[o.OrgName] = true
		if o.BodyName != "" {
			bodies = append(bodies, o.BodyName)
		}
	}
	if len(bodies) == 0 {
		return kind.Label()
	}
	if len(orgs) == 1 {
		return dutch.List(bodies)
	}
	return HolderNames(organisers)
}

// HolderNames names who hold the meeting.
func HolderNames(organisers []Organiser) string {
	var names []string
	for _, o := range organisers {
		names = append(names, o.Name())
	}
	return dutch.List(names)
}

// Bodies that hold the meeting by their own word; never nil.
func Bodies(organisers []Organiser) []id.Body {
	bodies := []id.Body{}
	for _, o := range organisers {
		if o.BodyID != "" && o.Agreed() {
			bodies = append(bodies, o.BodyID)
		}
	}
	return bodies
}

// Draft is what a griffier fills in of a meeting. Organisers are body ids, or organisation ids for organisers without a
// body; the first is the host.
type Draft struct {
	Kind        Kind
	Title       string
	Description string
	Bodies      []id.Body
	Orgs        []id.Organisation
	StartsAt    *time.Time
	EndsAt      *time.Time
	Location    string
	OnlineURL   string
	Open        bool
	Chair       string
	Clerk       string
	AgreedWith  string // of a body for which nobody acts here: with whom it was agreed
	Signed      bool   // the others give their word by signing the invitation to it: each is asked, also where no griffie is here
	MadeUp      bool
	Reason      string // why it moves, once its day and time are known to others
	Version     int
}

// DraftOf is the draft with which a revision of m begins: with who holds it, and who is asked.
func DraftOf(m Meeting, organisers []Organiser, asked ...Request) Draft {
	d := Draft{
		Kind: m.Kind, Title: m.Title, Description: m.Description, StartsAt: &m.StartsAt, EndsAt: &m.EndsAt,
		Location: m.Location, OnlineURL: m.OnlineURL, Open: m.Open, Chair: m.Chair, Clerk: m.Clerk, MadeUp: m.MadeUp, Version: m.Version,
	}
	for _, r := range asked {
		organisers = append(organisers[:len(organisers):len(organisers)], r.Organiser)
	}
	for _, o := range organisers {
		if o.BodyID == "" {
			d.Orgs = append(d.Orgs, o.OrganisationID)
		} else {
			d.Bodies = append(d.Bodies, o.BodyID)
		}
		if d.AgreedWith == "" {
			d.AgreedWith = o.AgreedWith
		}
	}
	return d
}

// Standing is the draft with what is fixed of the meeting by now, and not asked any more: once its day is known to others, or people are
// invited to it, who holds it, its kind and its doors; then too its title.
func (d Draft) Standing(was Meeting, organisers []Organiser, asked ...Request) Draft {
	if fixed := DraftOf(was, organisers, asked...); was.State != Concept || was.Invited {
		d.Kind, d.Open, d.Bodies, d.Orgs = fixed.Kind, fixed.Open, fixed.Bodies, fixed.Orgs
	}
	if was.Invited {
		d.Title = was.Title
	}
	return d
}

// on is m with what the draft says of it; who holds it, and whether it may change, is for the verb.
func (d Draft) on(m Meeting) Meeting {
	m.Kind, m.Title, m.Description = d.Kind, strings.TrimSpace(d.Title), strings.TrimSpace(d.Description)
	m.StartsAt, m.EndsAt, m.Location = *d.StartsAt, *d.EndsAt, strings.TrimSpace(d.Location)
	m.OnlineURL, m.Open, m.Chair, m.Clerk = d.OnlineURL, d.Open, strings.TrimSpace(d.Chair), strings.TrimSpace(d.Clerk)
	return m
}

// Check gathers what is wrong with the draft, by field.
func (d Draft) Check() error {
	f := fault.Fields{}
	f.Must(d.Kind.Label() != "", "kind", "Kies wat voor vergadering of bijeenkomst het is.")
	f.Must(len(d.Bodies)+len(d.Orgs) > 0, "bodies", "Kies ten minste één gremium of organisatie die de vergadering houdt.")
	f.Must(d.Kind.Event() || len(d.Bodies) > 0, "bodies", "Kies het gremium dat vergadert. Zonder gremium kan alleen een bijeenkomst zonder besluiten.")
	f.Must(len(d.Bodies)+len(d.Orgs) <= 60, "bodies", "Kies hoogstens 60 gremia en organisaties.")
	f.Must(!d.Kind.Event() || strings.TrimSpace(d.Title) != "", "title", "Geef de bijeenkomst een titel.")
	f.Must(d.Open || strings.TrimSpace(d.Title) == "", "title", "Een besloten vergadering heeft geen eigen titel: iedereen zou die lezen. Maak dit veld leeg.")
	f.Must(d.Open || strings.TrimSpace(d.Description) == "", "description", "Een besloten vergadering heeft geen toelichting: iedereen zou die lezen. Maak dit veld leeg.")
	f.Must(d.Open || d.Chair == "", "chair", "Van een besloten vergadering ziet iedereen alleen dag, tijd en plaats. Maak dit veld leeg.")
	f.Must(d.Open || d.Clerk == "", "clerk", "Van een besloten vergadering ziet iedereen alleen dag, tijd en plaats. Maak dit veld leeg.")
	f.Must(d.Open || d.OnlineURL == "", "online_url", "Een besloten vergadering heeft geen openbaar adres om mee te kijken: iedereen zou het lezen. Maak dit veld leeg en stuur de leden het adres zelf.")
	f.Must(d.Open || !d.Kind.Event(), "open", "Een bijeenkomst zonder besluiten is openbaar. Kies een andere soort als de deuren dichtgaan.")
	f.Must(d.Open || len(d.Bodies) > 0, "open", "Een besloten vergadering hoort bij een gremium. Kies eerst het gremium.")
	f.Must(len([]rune(d.Title)) <= 200, "title", "Maak de titel korter: hoogstens 200 tekens.")
	f.Must(len([]rune(d.AgreedWith)) <= 200, "agreed_with", "Maak deze tekst korter: hoogstens 200 tekens.")
	f.Must(len([]rune(d.Location)) <= 200, "location", "Maak de plaats korter: hoogstens 200 tekens.")
	f.Must(d.StartsAt != nil, "starts_on", "Vul de dag en de begintijd in, bijvoorbeeld 28-06-2018 en 15.00.")
	f.Must(d.EndsAt != nil, "ends_at", "Vul de eindtijd in, bijvoorbeeld 17.10.")
	if d.StartsAt != nil && d.EndsAt != nil {
		f.Must(d.EndsAt.After(*d.StartsAt), "ends_at", "De eindtijd ligt vóór de begintijd. Vul een latere eindtijd in.")
		f.Must(d.EndsAt.Sub(*d.StartsAt) <= 16*time.Hour, "ends_at", "De vergadering duurt meer dan 16 uur. Controleer de tijden.")
		f.Must(d.StartsAt.Year() >= 1900 && d.StartsAt.Year() <= 2200, "starts_on", "Controleer het jaar.")
	}
	if d.OnlineURL != "" {
		u, err := url.Parse(d.OnlineURL)
		f.Must(err == nil && u.Scheme == "https" && u.Host != "" && len(d.OnlineURL) <= 500, "online_url", "Dit is geen adres dat met https:// begint.")
	}
	return f.Err()
}

// slugBase is the lasting part of the address: the day and who holds the meeting. It says nothing of what is discussed.
func slugBase(start time.Time, organisers []Organiser) string {
	parts := []string{dutch.DateKey(start)}
	for _, o := range organisers {
		part := cmp.Or(o.BodyKey, o.OrgKey)
		if !slices.Contains(parts, part) && len(strings.Join(parts, "-"))+len(part) < 90 {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "-")
}

// audienceOf is who may see the meeting itself. Day, time and place of a planned meeting are public, also of a closed one. A concept is
// seen by who prepares papers at the organisers, and at those that are asked to hold it too.
func audienceOf(state State, organisers []Organiser, asked []Request) access.Audience {
	a := access.Audience{Visibility: access.Public, OrgIDs: orgsOf(organisers)}
	if state == Concept {
		a.Visibility = access.Draft
		for _, r := range asked {
			if r.Open() && !slices.Contains(a.OrgIDs, r.OrganisationID) {
				a.OrgIDs = append(a.OrgIDs, r.OrganisationID)
			}
		}
	}
	return a
}

func orgsOf(organisers []Organiser) []id.Organisation {
	orgs := []id.Organisation{}
	for _, o := range organisers {
		if !slices.Contains(orgs, o.OrganisationID) {
			orgs = append(orgs, o.OrganisationID)
		}
	}
	return orgs
}
