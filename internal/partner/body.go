package partner

import (
	"slices"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
)

// BodyKind is what sort of group meets; one of BodyKinds.
type BodyKind string

// The kinds of body.
const (
	Council                BodyKind = "council"
	Executive              BodyKind = "executive"
	MayorOffice            BodyKind = "mayor"
	CouncilCommittee       BodyKind = "council_committee"
	AgendaCommittee        BodyKind = "agenda_committee"
	ProvincialCouncil      BodyKind = "provincial_council"
	ProvincialExecutive    BodyKind = "provincial_executive"
	KingsCommissioner      BodyKind = "kings_commissioner"
	GeneralBoard           BodyKind = "general_board"
	DailyBoard             BodyKind = "daily_board"
	ChairOffice            BodyKind = "chair"
	OperationsBoard        BodyKind = "operations_board"
	JointOrgan             BodyKind = "joint_organ"
	AdvisoryCommittee      BodyKind = "advisory_committee"
	JointAdvisoryCommittee BodyKind = "joint_advisory_committee"
	ManagementTeam         BodyKind = "management_team"
	Circle                 BodyKind = "circle"
	WorkingGroup           BodyKind = "working_group"
)

// BodyKinds in the order in which a list offers them and a page shows them.
var BodyKinds = []BodyKind{
	Council, Executive, MayorOffice, CouncilCommittee, AgendaCommittee, ProvincialCouncil, ProvincialExecutive, KingsCommissioner,
	GeneralBoard, DailyBoard, ChairOffice, OperationsBoard, JointOrgan, AdvisoryCommittee, JointAdvisoryCommittee, ManagementTeam,
	Circle, WorkingGroup,
}

var bodyLabels = map[BodyKind]string{
	Council: "Raad", Executive: "College", MayorOffice: "Burgemeester", CouncilCommittee: "Raadscommissie",
	AgendaCommittee: "Presidium of agendacommissie", ProvincialCouncil: "Provinciale staten", ProvincialExecutive: "Gedeputeerde staten",
	KingsCommissioner: "Commissaris van de Koning", GeneralBoard: "Algemeen bestuur", DailyBoard: "Dagelijks bestuur",
	ChairOffice: "Voorzitter", OperationsBoard: "Bestuur van een bedrijfsvoeringsorganisatie", JointOrgan: "Gemeenschappelijk orgaan",
	AdvisoryCommittee: "Adviescommissie", JointAdvisoryCommittee: "Gemeenschappelijke adviescommissie", ManagementTeam: "Directie",
	Circle: "Kring", WorkingGroup: "Werkgroep",
}

// Label is the kind as Dutch says it.
func (k BodyKind) Label() string { return bodyLabels[k] }

// shortKinds are the last part of a proposed key, for a body without abbreviation.
var shortKinds = map[BodyKind]string{
	Council: "raad", Executive: "college", MayorOffice: "burgemeester", AgendaCommittee: "presidium", ProvincialCouncil: "ps",
	ProvincialExecutive: "gs", KingsCommissioner: "cdk", GeneralBoard: "ab", DailyBoard: "db", ChairOffice: "voorzitter",
	OperationsBoard: "bestuur", JointOrgan: "go", ManagementTeam: "directie",
}

// formOf is the form of collaboration that a kind of body needs (domain 4.1).
var formOf = map[BodyKind]string{
	GeneralBoard: "public_body", DailyBoard: "public_body", ChairOffice: "public_body",
	OperationsBoard: "operations_org", JointOrgan: "joint_organ",
}

// Fits reports whether a body of this kind may belong to a collaboration of this form.
func (k BodyKind) Fits(form string) bool { return formOf[k] == "" || formOf[k] == form }

// Body is a group that meets.
type Body struct {
	ID              id.Body
	OrganisationID  id.Organisation
	CollaborationID id.Collaboration
	Key             string // the last part of the addresses of its meetings; never changes
	Kind            BodyKind
	Name            string
	Abbreviation    string
	SeatsTotal      *int
	ParentBodyID    id.Body
	PublicByDefault bool
	NoticeDays      *int // days between the call and the meeting
	PapersDueDays   *int // days before the meeting by which papers must be in
	MinMeetingsYear *int
	EndedOn         *time.Time // the first day it is no more
	Version         int
	UpdatedAt       time.Time
	UpdatedBy       string // empty: the register, or from before this was kept
}

// Ended reports whether the body is no more at the moment at.
func (b Body) Ended(at time.Time) bool { return b.EndedOn != nil && !b.EndedOn.After(dutch.Day(at)) }

// BodyDraft is what someone fills in. Without a key it gets one from its organisation and its abbreviation or kind.
type BodyDraft struct {
	OrganisationID  id.Organisation  // only when it is made
	Key             string           // only when it is made
	CollaborationID id.Collaboration // needed for the boards of an arrangement
	Kind            BodyKind
	Name            string
	Abbreviation    string
	SeatsTotal      *int
	ParentBodyID    id.Body
	Closed          bool // its meetings are not public unless decided otherwise
	NoticeDays      *int
	PapersDueDays   *int
	MinMeetingsYear *int
	EndedOn         *time.Time
}

// Draft is what the body holds, to be changed.
func (b Body) Draft() BodyDraft {
	return BodyDraft{
		OrganisationID: b.OrganisationID, Key: b.Key, CollaborationID: b.CollaborationID, Kind: b.Kind, Name: b.Name,
		Abbreviation: b.Abbreviation, SeatsTotal: b.SeatsTotal, ParentBodyID: b.ParentBodyID, Closed: !b.PublicByDefault,
		NoticeDays: b.NoticeDays, PapersDueDays: b.PapersDueDays, MinMeetingsYear: b.MinMeetingsYear, EndedOn: b.EndedOn,
	}
}

// Check gathers every fault by field. Whether the form of the collaboration fits is asked by the verb.
func (d BodyDraft) Check(time.Time) error {
	faults := fault.Fields{}
	faults.Must(d.Key == "" || GoodKey(d.Key), "key", keyHelp)
	faults.Must(slices.Contains(BodyKinds, d.Kind), "kind", "Kies een soort.")
	faults.Must(d.Name != "", "name", "Vul de naam in, bijvoorbeeld Algemeen Bestuur.")
	faults.Must(formOf[d.Kind] == "" || d.CollaborationID != "", "collaboration_id", "Dit soort gremium hoort bij een samenwerking. Kies de samenwerking.")
	faults.Must(between(d.SeatsTotal, 1, 1000), "seats_total", "Een aantal zetels ligt tussen 1 en 1.000.")
	faults.Must(between(d.NoticeDays, 0, 365), "notice_days", "Vul een aantal dagen in van 0 tot en met 365.")
	faults.Must(between(d.PapersDueDays, 0, 365), "papers_due_days", "Vul een aantal dagen in van 0 tot en met 365.")
	faults.Must(between(d.MinMeetingsYear, 0, 366), "min_meetings_year", "Vul een aantal in van 0 tot en met 366.")
	lines(faults, map[string]string{"name": d.Name, "abbreviation": d.Abbreviation})
	return faults.Err()
}

func between(n *int, least, most int) bool { return n == nil || *n >= least && *n <= most }

// proposeKey is the key a body gets when nobody gave one: vrhm-ab, heemstede-raad.
func proposeKey(o Organisation, d BodyDraft) string {
	first, last := o.Key, Slug(d.Abbreviation)
	// The short name of a joint organisation is often its abbreviation.
	if short := Slug(o.ShortName); short != "" && len(short) <= 8 {
		first = short
	}
	if last == "" {
		last = shortKinds[d.Kind]
	}
	if last == "" {
		last = Slug(d.Name)
	}
	return Slug(first + " " + last)
}
