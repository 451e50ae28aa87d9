// Package proposal is the paper: what an organisation puts before a body, its attachments and its versions.
package proposal

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/field"
	"regiogriffie/internal/id"
	"regiogriffie/internal/markdown"
	"regiogriffie/internal/partner"
)

// State is how far the paper is on its way; not its treatment, which the paper form calls "Status".
type State string

// The states of the life (domain 4.2). InTreatment is never kept: it is a scheduled paper whose meeting has begun, so that no
// clock has to turn it and no moved meeting has to turn it back; see Stage.
const (
	Concept     State = "concept"
	Ready       State = "ambtelijk_gereed"
	Agreed      State = "bestuurlijk_akkoord"
	Returned    State = "teruggestuurd"
	Offered     State = "aangeboden"
	Scheduled   State = "geagendeerd"
	InTreatment State = "in_behandeling"
	Deferred    State = "aangehouden" // by its body; free for another agenda
	Done        State = "afgehandeld" // decided upon
	Withdrawn   State = "ingetrokken"
)

// Inner tells the states before a paper is offered.
func (s State) Inner() bool { return s == Concept || s == Ready || s == Agreed || s == Returned }

// States in the order of the life.
var States = []State{Concept, Ready, Agreed, Returned, Offered, Scheduled, InTreatment, Deferred, Done, Withdrawn}

// StatesFor are the states in which the actor can meet a paper of somebody: who works nowhere meets what was published.
func StatesFor(a access.Actor) []State {
	if len(a.Organisations()) == 0 {
		return []State{Offered, Scheduled, InTreatment, Deferred, Done, Withdrawn} // by a step of its route an offered paper is public too
	}
	return States
}

// Label is the state as a page shows it; empty for what is no state.
func (s State) Label() string {
	switch s {
	case Concept:
		return "Concept"
	case Ready:
		return "Ambtelijk gereed"
	case Agreed:
		return "Bestuurlijk akkoord"
	case Returned:
		return "Teruggestuurd"
	case Offered:
		return "Aangeboden"
	case Scheduled:
		return "Geagendeerd"
	case InTreatment:
		return "In behandeling"
	case Deferred:
		return "Aangehouden"
	case Done:
		return "Afgehandeld"
	case Withdrawn:
		return "Ingetrokken"
	}
	return ""
}

// Treatment is what is asked of the body.
type Treatment string

// The treatments, from taking note to deciding.
const (
	Informative Treatment = "informative"
	Exploratory Treatment = "exploratory"
	Opinion     Treatment = "opinion"
	Judgement   Treatment = "judgement"
	Decisive    Treatment = "decisive"
)

// What a step of its route can ask beside what a paper asks.
const (
	ForAdvice   Treatment = "advice"
	ForWishes   Treatment = "wishes"
	ForView     Treatment = "formal_view"
	ForApproval Treatment = "approval"
)

// Treatments in the order of forms.
var Treatments = []Treatment{Informative, Exploratory, Opinion, Judgement, Decisive}

// Label is the Dutch word of the paper form; empty for what is no treatment.
func (t Treatment) Label() string {
	switch t {
	case Informative:
		return "Informatief"
	case Exploratory:
		return "Beeldvormend"
	case Opinion:
		return "Opiniërend"
	case Judgement:
		return "Oordeelsvormend"
	case Decisive:
		return "Besluitvormend"
	case ForAdvice:
		return "Advies"
	case ForWishes:
		return "Wensen en bedenkingen"
	case ForView:
		return "Zienswijze"
	case ForApproval:
		return "Instemming"
	}
	return ""
}

// Ground is an interest of the Woo, article 5.1, for which matter may be closed.
type Ground struct{ Code, Label string }

// Grounds by their place in the article.
var Grounds = []Ground{
	{"5.1.1.a", "5.1 lid 1 a: eenheid van de Kroon"},
	{"5.1.1.b", "5.1 lid 1 b: veiligheid van de Staat"},
	{"5.1.1.c", "5.1 lid 1 c: vertrouwelijk verstrekte bedrijfs- en fabricagegegevens"},
	{"5.1.1.d", "5.1 lid 1 d: bijzondere persoonsgegevens"},
	{"5.1.1.e", "5.1 lid 1 e: nationale identificatienummers"},
	{"5.1.2.a", "5.1 lid 2 a: betrekkingen met andere landen en internationale organisaties"},
	{"5.1.2.b", "5.1 lid 2 b: economische of financiële belangen van een overheid"},
	{"5.1.2.c", "5.1 lid 2 c: opsporing en vervolging van strafbare feiten"},
	{"5.1.2.d", "5.1 lid 2 d: inspectie, controle en toezicht"},
	{"5.1.2.e", "5.1 lid 2 e: eerbiediging van de persoonlijke levenssfeer"},
	{"5.1.2.f", "5.1 lid 2 f: andere concurrentiegevoelige bedrijfs- en fabricagegegevens"},
	{"5.1.2.g", "5.1 lid 2 g: bescherming van het milieu"},
	{"5.1.2.h", "5.1 lid 2 h: beveiliging van personen en bedrijven, voorkomen van sabotage"},
	{"5.1.2.i", "5.1 lid 2 i: goed functioneren van de overheid"},
}

// GroundLabel is the text of a ground; empty for what is no ground.
func GroundLabel(code string) string {
	for _, g := range Grounds {
		if g.Code == code {
			return g.Label
		}
	}
	return ""
}

// Holder is a portfolio holder with the capacity in which he holds it.
type Holder struct {
	Name     string `json:"name"`
	Capacity string `json:"capacity"`
}

// String is the holder as a paper names him: "A. van Erk (DB)".
func (h Holder) String() string {
	if h.Capacity == "" {
		return h.Name
	}
	return h.Name + " (" + h.Capacity + ")"
}

var withCapacity = regexp.MustCompile(`^(.*\S)\s*\(([^()]+)\)$`)

// ParseHolder reads a line as String writes it.
func ParseHolder(line string) Holder {
	line = strings.Join(strings.Fields(line), " ")
	if m := withCapacity.FindStringSubmatch(line); m != nil {
		return Holder{m[1], strings.TrimSpace(m[2])}
	}
	return Holder{Name: line}
}

// Author is who wrote the paper, as the paper spells the name; Person when he is known here.
type Author struct {
	Name   string    `json:"name"`
	Person id.Person `json:"person,omitempty"`
}

// Organiser is an organisation that stands above the paper.
type Organiser struct {
	ID     id.Organisation `json:"id"`
	Key    string          `json:"key"`
	Name   string          `json:"name"`
	Colour string          `json:"colour"`
}

// Content is what people write in a paper. A field with a twin that ends in Na is empty, explicitly none, or filled.
type Content struct {
	TargetBodyID     id.Body
	DatedOn          *time.Time
	Reference        string
	Subject          string
	Treatment        Treatment
	Authors          []Author
	PortfolioHolders []Holder
	OrganiserIDs     []id.Organisation
	Summary          string
	Explanation      string
	ExplanationNa    bool
	Communication    string
	CommunicationNa  bool
	DecisionPoints   []string
	Financial        string
	FinancialNa      bool
	Legal            string
	LegalNa          bool
	Risks            string
	RisksNa          bool
	FollowUp         string
	FollowUpNa       bool
	FollowUpOn       string
	FollowUpOnNa     bool
	AttachmentsNa    bool
	Minutes          *int
	Ground           string // of a closed paper
	PublicTitle      string // what outsiders may read of a closed paper, once it is on an agenda
}

// labels are the fields as the paper calls them, in its order: what two versions say under each is compared. A field with a twin
// that ends in Na speaks for both.
var labels = []struct{ name, label string }{
	{"subject", "Onderwerp"},
	{"summary", "Samenvatting voorstel"},
	{"target_body_id", "Voorstel t.b.v. vergadering"},
	{"dated_on", "Datum vergadering"},
	{"treatment", "Status (behandeling)"},
	{"authors", "Opgesteld door"},
	{"portfolio_holders", "Portefeuille"},
	{"organiser_ids", "Organisatoren"},
	{"explanation", "Toelichting"},
	{"communication", "Communicatie"},
	{"decision_points", "Beslispunten"},
	{"financial", "Financiën"},
	{"legal", "Juridisch"},
	{"risks", "Risico's"},
	{"follow_up", "Vervolgtraject besluitvorming"},
	{"follow_up_on", "Datum vervolgtraject"},
	{"reference", "Kenmerk"},
	{"minutes", "Behandeltijd"},
	{"ground", "Grond uit de Woo"},
	{"public_title", "Neutrale titel"},
	{"attachments_na", "Bijlagen"},
}

// Life is how far the paper is on its way, as its acts leave it.
type Life struct {
	MeetingID       id.Meeting // on whose agenda it stands
	State           State
	OfferedAt       *time.Time
	WithdrawnAt     *time.Time
	WithdrawnReason string
	ReturnedReason  string
	HolderID        id.Person         // the portfolio holder whose consent was asked
	ReaderIDs       []id.Person       // of WriterIDs, those who only read along
	AdviserOrgIDs   []id.Organisation // read it along, offered, because a body of theirs was asked for advice
	DecisionKind    DecisionKind      // the last one of its body; empty before
	DecidedOn       *time.Time
	DecidedBodyIDs  []id.Body // that decided already, other than to put it off
}

// Proposal is a paper with what its page shows of others.
type Proposal struct {
	ID         id.Proposal
	Key        string
	OwnerOrgID id.Organisation
	ByRoute    bool // the body it is meant for gets it by a step of its route
	MadeUp     bool
	Version    int
	CreatedAt  time.Time
	UpdatedAt  time.Time
	UpdatedBy  string
	Life
	Content
	access.Audience

	OwnerName       string
	OwnerKey        string
	OwnerColour     string
	TargetName      string
	TargetOrgID     id.Organisation
	TargetOrgName   string
	TargetOrgKey    string
	TargetOrgColour string
	Organisers      []Organiser
	Routed          bool        // it was sent along a route
	CoOrgs          []Organiser // write it along with the owner
	HolderName      string
	InnerSteps      bool       // its owner wants official and political consent before offering
	TreatedFrom     *time.Time // when the convened meeting begins on whose agenda it stands
}

// Stage is the state at a moment: a scheduled paper is in treatment once its meeting has begun.
func (p Proposal) Stage(at time.Time) State { return stage(p.State, p.TreatedFrom, at) }

func stage(s State, from *time.Time, at time.Time) State {
	if s == Scheduled && from != nil && !at.Before(*from) {
		return InTreatment
	}
	return s
}

// Body names the body the paper is meant for, with its organisation; empty when none was chosen.
func (p Proposal) Body() string { return partner.BodyName(p.TargetName, p.TargetOrgName) }

// Draft is what is filled in. Version is that of the paper it was made from.
type Draft struct {
	Key        string          // of a paper to be made; empty: a new one. The same key twice makes one paper
	OwnerOrgID id.Organisation // of a paper to be made
	Content
	Closed  bool // only for the body it is meant for
	MadeUp  bool // belongs to the made-up layer of the sample
	Version int
	Renewal Renewal // asked once a body decided on it
}

// Renewal says whether the bodies that decided must treat the paper anew after a change.
type Renewal struct {
	Renewal       string // RenewalNeeded or NoRenewal
	RenewalReason string
}

// The answers.
const (
	RenewalNeeded = "ja"
	NoRenewal     = "nee"
)

// check gathers what is missing in the answer, by field.
func (r Renewal) check() error {
	f := fault.Fields{}
	f.Must(r.Renewal == RenewalNeeded || r.Renewal == NoRenewal, "renewal", "Kies of het voorstel opnieuw moet worden behandeld.")
	f.Must(strings.TrimSpace(r.RenewalReason) != "", "renewal_reason", "Schrijf waarom wel of niet. Wie het voorstel leest, leest ook deze reden.")
	f.Must(!tooLong(r.RenewalReason, 2000), "renewal_reason", "Maak de reden korter: hoogstens 2.000 tekens.")
	return f.Err()
}

// DraftOf is the draft with which a revision of p begins.
func DraftOf(p Proposal) Draft {
	return Draft{OwnerOrgID: p.OwnerOrgID, Content: p.Content, Closed: p.Closed(), MadeUp: p.MadeUp, Version: p.Version}
}

// oneLine says how many characters a text of one line has at most. Other texts have the room of the reader of their marks.
var oneLine = map[string]int{"subject": 300, "reference": 100, "public_title": 200, "follow_up_on": 300}

const chooseOne = "Vul een tekst in of kies N.v.t., niet allebei. Haal één van de twee weg."

// Check gathers what is wrong with the draft, by field. What is still missing before offering is no fault of a draft.
func (d Draft) Check(_ time.Time) error {
	f := fault.Fields{}
	f.Must(d.OwnerOrgID != "", "owner_org_id", "Kies de organisatie die het voorstel doet.")
	f.Must(strings.TrimSpace(d.Subject) != "", "subject", "Vul een onderwerp in.")
	f.Must(slices.Contains(Treatments, d.Treatment), "treatment", "Kies wat u van het gremium vraagt.")
	values := field.Values(d.Content)
	for name, v := range values {
		text, is := v.(string)
		if !is {
			continue
		}
		if limit := oneLine[name]; limit > 0 {
			f.Must(!tooLong(text, limit), name, fmt.Sprintf("Maak deze tekst korter: hoogstens %d tekens.", limit))
		}
		na, _ := values[name+"_na"].(bool)
		f.Must(!na || strings.TrimSpace(text) == "", name, chooseOne)
		f.Must(len(text) <= markdown.MaxBytes, name, "Deze tekst is te lang. Kort de tekst in of zet een deel in een bijlage.")
	}
	f.Must(len(d.Authors) <= 20, "authors", "Noem hoogstens 20 opstellers.")
	f.Must(len(d.PortfolioHolders) <= 20, "portfolio_holders", "Noem hoogstens 20 portefeuillehouders.")
	f.Must(len(d.OrganiserIDs) <= 60, "organiser_ids", "Noem hoogstens 60 organisaties.")
	f.Must(len(d.DecisionPoints) <= 50, "decision_points", "Noem hoogstens 50 beslispunten.")
	f.Must(!slices.ContainsFunc(d.Authors, func(a Author) bool { return tooLong(a.Name, 200) }), "authors", "Zet op elke regel één naam, van hoogstens 200 tekens.")
	f.Must(!slices.ContainsFunc(d.PortfolioHolders, func(h Holder) bool { return tooLong(h.String(), 200) }), "portfolio_holders", "Zet op elke regel één naam, van hoogstens 200 tekens.")
	f.Must(!slices.ContainsFunc(d.DecisionPoints, func(p string) bool { return tooLong(p, 4000) }), "decision_points", "Maak elk beslispunt korter: hoogstens 4.000 tekens.")
	if d.DatedOn != nil {
		f.Must(d.DatedOn.Year() >= 1900 && d.DatedOn.Year() <= 2200, "dated_on", "Controleer het jaar.")
	}
	if d.Minutes != nil {
		f.Must(*d.Minutes >= 0 && *d.Minutes <= 600, "minutes", "Vul een aantal minuten in van 0 tot 600.")
	}
	if d.Closed {
		f.Must(d.TargetBodyID != "", "target_body_id", "Kies het gremium: alleen dat mag een vertrouwelijk voorstel lezen.")
		f.Must(GroundLabel(d.Ground) != "", "ground", "Kies de grond uit de Woo waarop dit voorstel vertrouwelijk is.")
		f.Must(strings.TrimSpace(d.PublicTitle) != "", "public_title", "Vul een neutrale titel in die iedereen mag lezen.")
		f.Must(strings.TrimSpace(d.PublicTitle) == "" || !strings.EqualFold(strings.TrimSpace(d.PublicTitle), strings.TrimSpace(d.Subject)), "public_title",
			"De neutrale titel is dezelfde als het onderwerp. Kies een titel die niets verraadt.")
	}
	f.Must(d.Ground == "" || GroundLabel(d.Ground) != "", "ground", "Kies een grond uit de lijst.")
	return f.Err()
}

func tooLong(s string, limit int) bool { return utf8.RuneCountInString(s) > limit }

// Missing says what is needed before the paper may be offered (domain 4.2), by the field of the form; nil when nothing is.
func (p Proposal) Missing(attachments int) error {
	f := fault.Fields{}
	f.Must(strings.TrimSpace(p.Subject) != "", "subject", "Vul een onderwerp in.")
	f.Must(strings.TrimSpace(p.Summary) != "", "summary", "Vul de samenvatting in.")
	f.Must(len(p.Authors) > 0, "authors", "Noem ten minste één opsteller.")
	f.Must(p.TargetBodyID != "", "target_body_id", "Kies voor welk gremium het voorstel is.")
	f.Must(slices.Contains(Treatments, p.Treatment), "treatment", "Kies wat u van het gremium vraagt.")
	f.Must(p.Treatment != Decisive || len(p.DecisionPoints) > 0, "decision_points", "Een besluitvormend voorstel heeft ten minste één beslispunt. Vul het in of kies een andere behandeling.")
	f.Must(attachments > 0 || p.AttachmentsNa, "attachments_na", "Voeg de bijlagen toe, of vink aan dat er geen bijlagen zijn (N.v.t.).")
	f.Must(attachments == 0 || !p.AttachmentsNa, "attachments_na", "Er zijn bijlagen én er staat N.v.t. Haal één van de twee weg.")
	return f.Err()
}

// Fields lists, in the order of the form, the fields that Missing can name, with their labels.
var Fields = []struct{ Name, Label string }{
	{"subject", "Onderwerp"},
	{"target_body_id", "Voorstel t.b.v. vergadering"},
	{"treatment", "Status (behandeling)"},
	{"authors", "Opgesteld door"},
	{"summary", "Samenvatting voorstel"},
	{"decision_points", "Beslispunten"},
	{"attachments_na", "Bijlagen"},
}
