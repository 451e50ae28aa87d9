// Package invitation is the guests: what organisations write together to invite people to a meeting, who signs it for each of
// them, and what readers get once all have signed.
package invitation

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/markdown"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/proposal"
)

// State of an invitation (domain 4.2) as far as somebody decides it; that it is gereed follows from its signatures.
type State string

// The states. A published invitation that is changed goes to be signed again; readers keep what was published until then.
const (
	Concept   State = "concept"
	Signing   State = "ter_ondertekening"
	Published State = "gepubliceerd"
	Cancelled State = "geannuleerd"
)

// Section is a part of the letter under a heading of its own.
type Section struct {
	Heading string `json:"heading"`
	Text    string `json:"text"` // Markdown
}

// Content is what the organisations write. A signature is one under its JSON: a field that comes later is omitempty, or all that
// were given before would lapse.
type Content struct {
	Purpose         proposal.Treatment `json:"purpose,omitempty"` // beeldvormend and so on; empty: not said
	Salutation      string             `json:"salutation"`
	Sections        []Section          `json:"sections"`
	Groups          []string           `json:"groups"` // invited beside the members of bodies, in words
	Programme       []Part             `json:"programme"`
	FollowUpHeading string             `json:"follow_up_heading"`
	FollowUp        string             `json:"follow_up"`
	Commitment      string             `json:"commitment"` // the earlier commitment that this meets, in words
	Closing         string             `json:"closing"`
	Contact         string             `json:"contact"`
}

// Organiser is an organisation that invites. All stand in equal size.
type Organiser struct {
	ID     id.Organisation `json:"id"`
	Key    string          `json:"key"`
	Name   string          `json:"name"`
	Colour string          `json:"colour"`
}

// Body is a body whose members are invited.
type Body struct {
	ID      id.Body
	Name    string
	OrgName string
}

// FullName is the body with its organisation: Raad Heemstede.
func (b Body) FullName() string { return partner.BodyName(b.Name, b.OrgName) }

// Signer is a person who signs for an organisation.
type Signer struct {
	ID             id.Signer       `json:"-"`
	OrganisationID id.Organisation `json:"organisation_id"`
	PersonID       id.Person       `json:"person_id"`
	Name           string          `json:"name"`
	Capacity       string          `json:"capacity"`
	SignedAt       *time.Time      `json:"signed_at"`
	SignedBy       string          `json:"signed_by"` // who gave the signature, where that was someone else
	SignedDigest   string          `json:"-"`
	LapsedAt       *time.Time      `json:"-"`
	InOffice       bool            `json:"-"` // holds a function at the organisation on the day that was asked for
}

// Invitation is one with all that its preparers see of it. The day, the time and the place are those of its meeting.
type Invitation struct {
	ID              id.Invitation
	Key             string
	MeetingID       id.Meeting
	Title           string
	Content         Content
	BodyIDs         []id.Body
	State           State
	PublishedAt     *time.Time
	CancelledReason string
	MadeUp          bool
	Version         int
	UpdatedAt       time.Time
	UpdatedBy       string
	access.Audience

	Event
	Organisers []Organiser
	Bodies     []Body
	Signers    []Signer `db:"-"` // rows of their own
	Files      []string // digests of what is attached, in order
}

// Event is the meeting that people are invited to.
type Event struct {
	Slug             string
	Kind             meeting.Kind
	MeetingState     meeting.State
	Open             bool
	StartsAt         time.Time
	EndsAt           time.Time
	Location         string
	OnlineURL        string
	Sequence         int
	MeetingUpdatedAt time.Time
	MovedFrom        *time.Time
	MovedReason      string
	MeetingReason    string // why it does not take place
}

// Settled tells that the day is known to others: it is changed at the meeting, with a reason.
func (e Event) Settled() bool { return e.MeetingState != meeting.Concept }

// Digest stands for all that a signature covers: a change of any of it makes another.
func (i Invitation) Digest() string {
	content := i.Content
	content.Programme = slices.Clone(content.Programme)
	for n := range content.Programme {
		content.Programme[n].Version = 0
	}
	type signer struct {
		Org      id.Organisation
		Person   id.Person
		Capacity string
	}
	signed := struct {
		Title    string
		Content  Content
		Bodies   []id.Body
		Orgs     []Organiser
		Signers  []signer
		Starts   int64
		Ends     int64
		Location string
		Online   string
		Files    []string
	}{i.Title, content, i.BodyIDs, nil, nil, i.StartsAt.Unix(), i.EndsAt.Unix(), i.Location, i.OnlineURL, i.Files}
	for _, o := range i.Organisers {
		signed.Orgs = append(signed.Orgs, Organiser{ID: o.ID})
	}
	for _, s := range i.Signers {
		signed.Signers = append(signed.Signers, signer{s.OrganisationID, s.PersonID, s.Capacity})
	}
	text, err := json.Marshal(signed)
	if err != nil {
		panic(err) // nothing in it that JSON cannot hold
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Signed tells whether the signature of s holds. Until the invitation is published it is one under the text as it stands, with the
// day and the place; a published one that is moved stays signed as it was.
func (i Invitation) Signed(s Signer) bool {
	return s.SignedAt != nil && s.LapsedAt == nil && (i.State == Published || i.PublishedAt != nil && i.State == Cancelled || s.SignedDigest == i.Digest())
}

// Lapsed tells whether s signed a text that has changed since.
func (i Invitation) Lapsed(s Signer) bool { return s.SignedAt != nil && !i.Signed(s) }

// SignedBy reports whether all signers of the organisation have signed; false where it has none.
func (i Invitation) SignedBy(org id.Organisation) bool {
	signers := i.SignersOf(org)
	return len(signers) > 0 && !slices.ContainsFunc(signers, func(s Signer) bool { return !i.Signed(s) })
}

// SignersOf are those who sign for the organisation.
func (i Invitation) SignersOf(org id.Organisation) []Signer {
	var list []Signer
	for _, s := range i.Signers {
		if s.OrganisationID == org {
			list = append(list, s)
		}
	}
	return list
}

// Unsigned are the organisations that have not signed the text as it stands.
func (i Invitation) Unsigned() []Organiser {
	return slices.DeleteFunc(slices.Clone(i.Organisers), func(o Organiser) bool { return i.SignedBy(o.ID) })
}

// Ready reports whether every organisation has signed: gereed, in the words of domain 4.2.
func (i Invitation) Ready() bool {
	return i.State == Signing && len(i.Organisers) > 0 && len(i.Unsigned()) == 0
}

// Draft is with what an invitation begins: the meeting that is there already, or else what a new one needs.
type Draft struct {
	Key       string // the same key twice makes one invitation; empty: a new one
	Title     string
	MeetingID id.Meeting
	Kind      meeting.Kind
	Orgs      []id.Organisation
	StartsAt  *time.Time
	EndsAt    *time.Time
	Location  string
	MadeUp    bool
}

const longestTitle = 200

// Check gathers what is wrong with the draft, by field.
func (d Draft) Check() error {
	f := fault.Fields{}
	checkTitle(f, d.Title)
	if d.MeetingID != "" {
		return f.Err()
	}
	f.Must(d.Kind.Event(), "kind", "Kies wat voor bijeenkomst het is.")
	f.Must(len(d.Orgs) > 0, "organisations", "Noem de organisaties die uitnodigen, elk op een eigen regel.")
	f.Must(len(d.Orgs) <= 60, "organisations", "Noem hoogstens 60 organisaties.")
	d.checkTimes(f)
	return f.Err()
}

func checkTitle(f fault.Fields, title string) {
	f.Must(strings.TrimSpace(title) != "", "title", "Geef de uitnodiging een titel.")
	f.Must(utf8.RuneCountInString(title) <= longestTitle, "title", fmt.Sprintf("Maak de titel korter: hoogstens %d tekens.", longestTitle))
}

// checkTimes asks the meeting's own check, so that both say the same of a day.
func (d Draft) checkTimes(f fault.Fields) {
	m := meeting.Draft{
		Kind: meeting.InformationEvening, Title: "-", Orgs: []id.Organisation{"-"}, Open: true,
		StartsAt: d.StartsAt, EndsAt: d.EndsAt, Location: d.Location,
	}
	if faults, wrong := m.Check().(fault.Fields); wrong {
		for name, why := range faults {
			f.Must(false, name, why)
		}
	}
}

// Text is what someone fills in of the letter. Day, time and place count as long as the day is not known to others.
type Text struct {
	Title           string
	Purpose         proposal.Treatment
	Salutation      string
	Sections        []Section
	FollowUpHeading string
	FollowUp        string
	Commitment      string
	Closing         string
	Contact         string
	StartsAt        *time.Time
	EndsAt          *time.Time
	Location        string
	Version         int
}

const (
	mostSections = 20
	longestLine  = 300
)

// Check gathers what is wrong with the text, by field; a section under section_heading.0 and section_text.0.
func (t Text) Check() error {
	f := fault.Fields{}
	checkTitle(f, t.Title)
	f.Must(t.Purpose == "" || t.Purpose.Label() != "", "purpose", "Kies het doel uit de lijst.")
	f.Must(len(t.Sections) <= mostSections, "section_heading.0", fmt.Sprintf("Maak hoogstens %d delen.", mostSections))
	for n, s := range t.Sections {
		heading, text := fmt.Sprintf("section_heading.%d", n), fmt.Sprintf("section_text.%d", n)
		f.Must(strings.TrimSpace(s.Text) != "", text, "Bij deze kop hoort tekst. Vul de tekst in, of maak ook de kop leeg.")
		f.Must(utf8.RuneCountInString(s.Heading) <= longestLine, heading, "Maak de kop korter: hoogstens 300 tekens.")
		f.Must(len(s.Text) <= markdown.MaxBytes, text, tooLong)
	}
	for _, each := range []struct{ name, text string }{
		{"salutation", t.Salutation},
		{"follow_up_heading", t.FollowUpHeading},
	} {
		f.Must(utf8.RuneCountInString(each.text) <= longestLine, each.name, "Maak deze tekst korter: hoogstens 300 tekens.")
	}
	for _, each := range []struct{ name, text string }{
		{"follow_up", t.FollowUp},
		{"commitment", t.Commitment},
		{"closing", t.Closing},
		{"contact", t.Contact},
	} {
		f.Must(len(each.text) <= markdown.MaxBytes, each.name, tooLong)
	}
	Draft{StartsAt: t.StartsAt, EndsAt: t.EndsAt, Location: t.Location}.checkTimes(f)
	return f.Err()
}

const tooLong = "Deze tekst is te lang. Kort de tekst in of zet een deel in een bijlage."

// SignerDraft names a person who signs for an organisation.
type SignerDraft struct {
	Organisation id.Organisation
	Person       id.Person
}

// Guests is who is invited and who signs.
type Guests struct {
	Bodies  []id.Body
	Groups  []string
	Signers []SignerDraft
	Writers []id.Person // who may write along, such as an organisator
	Version int
}

const (
	mostBodies  = 500
	mostSigners = 60
	mostWriters = 60
)

// Check gathers what is wrong, by field. Whether a signer holds a function is asked by the verb.
func (g Guests) Check() error {
	f := fault.Fields{}
	f.Must(len(g.Bodies) <= mostBodies, "bodies", "Kies hoogstens 500 gremia.")
	f.Must(len(g.Groups) <= 50, "groups", "Noem hoogstens 50 groepen.")
	f.Must(!slices.ContainsFunc(g.Groups, func(s string) bool { return utf8.RuneCountInString(s) > longestLine }), "groups", "Maak elke regel korter: hoogstens 300 tekens.")
	f.Must(len(g.Signers) <= mostSigners, "signers", "Kies hoogstens 60 ondertekenaars.")
	f.Must(len(g.Writers) <= mostWriters, "writers", "Kies hoogstens 60 mensen die meeschrijven.")
	return f.Err()
}
