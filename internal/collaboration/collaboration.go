// Package collaboration is what binds partners: the arrangement or agreement, and who takes part in it.
package collaboration

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
)

// Form is the legal shape; one of Forms.
type Form string

// The forms; the first five are those of the Wet gemeenschappelijke regelingen.
const (
	PublicBody       Form = "public_body"
	JointOrgan       Form = "joint_organ"
	OperationsOrg    Form = "operations_org"
	LeadMunicipality Form = "lead_municipality"
	PlainArrangement Form = "plain_arrangement"
	Covenant         Form = "covenant"
	ServiceAgreement Form = "service_agreement"
	Company          Form = "company"
	Foundation       Form = "foundation"
	Network          Form = "network"
	Programme        Form = "programme"
)

// Forms in the order in which a list offers them.
var Forms = []Form{
	PublicBody, JointOrgan, OperationsOrg, LeadMunicipality, PlainArrangement, Covenant, ServiceAgreement, Company, Foundation,
	Network, Programme,
}

// Label is the form as Dutch says it.
func (f Form) Label() string {
	return map[Form]string{
		PublicBody: "Openbaar lichaam", JointOrgan: "Gemeenschappelijk orgaan", OperationsOrg: "Bedrijfsvoeringsorganisatie",
		LeadMunicipality: "Centrumregeling", PlainArrangement: "Regeling zonder meer", Covenant: "Convenant",
		ServiceAgreement: "Dienstverleningsovereenkomst", Company: "Vennootschap", Foundation: "Stichting", Network: "Netwerk",
		Programme: "Programma",
	}[f]
}

// registerCodes are how the register calls the forms of the Wgr.
var registerCodes = map[Form]string{
	PublicBody: "OL", JointOrgan: "GO", OperationsOrg: "BVO", LeadMunicipality: "RZM", PlainArrangement: "RZM",
}

// Arrangement reports whether the form is one of the Wet gemeenschappelijke regelingen.
func (f Form) Arrangement() bool { return registerCodes[f] != "" }

// Words that columns may hold, with how Dutch says them, in the order in which a form offers them.
var (
	Characters = Words{
		{"regional_strategic", "Regionaal strategisch"},
		{"political", "Politiek"},
		{"policy_services", "Beleid en diensten"},
		{"administrative", "Ambtelijk"},
	}
	Domains       = Words{{"beleid", "Beleid"}, {"uitvoering", "Uitvoering"}, {"bedrijfsvoering", "Bedrijfsvoering"}}
	BBVCategories = Words{
		{"arrangement", "Gemeenschappelijke regeling"},
		{"company", "Vennootschap of coöperatie"},
		{"foundation", "Stichting of vereniging"},
		{"other", "Overige verbonden partij"},
	}
	CouncilRoles = Words{{"direct", "Rechtstreeks"}, {"via_executive", "Via het college"}}
	Delegations  = Words{{"mandaat", "Mandaat"}, {"delegatie", "Delegatie"}, {"attributie", "Attributie"}}
	Organs       = Words{
		{"raad", "raad"},
		{"college", "college"},
		{"burgemeester", "burgemeester"},
		{"ps", "provinciale staten"},
		{"gs", "gedeputeerde staten"},
		{"cdk", "commissaris van de Koning"},
		{"ab", "algemeen bestuur"},
		{"db", "dagelijks bestuur"},
		{"voorzitter", "voorzitter"},
		{"minister", "minister"},
	}
)

// Words are the values of a column with their Dutch.
type Words []struct{ Value, Label string }

// Label is how Dutch says a value.
func (w Words) Label(value string) string {
	for _, word := range w {
		if word.Value == value {
			return word.Label
		}
	}
	return ""
}

// Labels are how Dutch says values, in the order of the list.
func (w Words) Labels(values []string) []string {
	var list []string
	for _, word := range w {
		if slices.Contains(values, word.Value) {
			list = append(list, word.Label)
		}
	}
	return list
}

// has reports whether a value is one of the words, or none.
func (w Words) has(value string) bool { return value == "" || w.Label(value) != "" }

func (w Words) hasAll(values []string) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return v == "" || !w.has(v) })
}

// Facts are what is known of a collaboration; what is unknown is empty or nil.
type Facts struct {
	Name               string
	ShortName          string
	Form               Form
	OrganisationID     id.Organisation // the organisation that it made
	Character          string
	Domains            []string
	Fields             []string // of policy
	BBVCategory        string
	CouncilRole        string
	LegalBases         []string
	Delegation         []string
	PublicInterest     string
	Purpose            string
	SeatPlace          string
	Contact            string
	RegelingURL        string // the text in force
	InForceOn          *time.Time
	EndedOn            *time.Time // the first day it no longer counts
	ZienswijzeSubjects []string
	ParticipationRule  string
	EvaluationRule     string
	NextEvaluationOn   *time.Time
	ExitNoticeMonths   *int
	ExitText           string
}

// Collaboration is an arrangement, an agreement or a network.
type Collaboration struct {
	ID           id.Collaboration
	Key          string // its address; never changes
	RooID        string // the register's number; empty when made by hand
	RegisterCode string // OL, GO, BVO, RZM, or empty
	Facts
	Participants []id.Organisation // who take part on the day of asking
	Version      int
	UpdatedAt    time.Time
	UpdatedBy    string // empty: the register, or from before this was kept
}

// Title is what people call it: its short name, unless that is only capitals, which outsiders do not know.
func (c Collaboration) Title() string {
	if strings.ContainsFunc(c.ShortName, unicode.IsLower) {
		return c.ShortName
	}
	const prefix = "gemeenschappelijke regeling "
	if len(c.Name) > len(prefix) && strings.EqualFold(c.Name[:len(prefix)], prefix) {
		return c.Name[len(prefix):]
	}
	return c.Name
}

// Ended reports whether the collaboration no longer counts at the moment at.
func (f Facts) Ended(at time.Time) bool { return f.EndedOn != nil && !f.EndedOn.After(dutch.Day(at)) }

// Draft is what someone fills in. Without a key it gets one from its name.
type Draft struct {
	Key string // only when it is made
	Facts
}

const (
	longestLine = 250
	longestText = 10_000
	longestList = 100
)

// Check gathers every fault by field.
func (d Draft) Check(time.Time) error {
	faults := fault.Fields{}
	faults.Must(d.Key == "" || partner.GoodKey(d.Key), "key",
		"Gebruik alleen kleine letters, cijfers en losse streepjes, hoogstens 60 tekens, bijvoorbeeld holland-rijnland.")
	faults.Must(d.Name != "", "name", "Vul de naam in, bijvoorbeeld Gemeenschappelijke regeling Holland Rijnland.")
	faults.Must(d.Key != "" || d.Name == "" || partner.GoodKey(partner.Slug(d.Name)), "key", "Van deze naam is geen adres te maken. Vul zelf een adres in.")
	faults.Must(slices.Contains(Forms, d.Form), "form", "Kies een vorm.")
	faults.Must(Characters.has(d.Character), "character", "Kies een karakter uit de lijst.")
	faults.Must(Domains.hasAll(d.Domains), "domains", "Kies uit de lijst.")
	faults.Must(BBVCategories.has(d.BBVCategory), "bbv_category", "Kies een groep uit de lijst.")
	faults.Must(CouncilRoles.has(d.CouncilRole), "council_role", "Kies een rol uit de lijst.")
	faults.Must(Delegations.hasAll(d.Delegation), "delegation", "Kies uit de lijst.")
	faults.Must(d.RegelingURL == "" || partner.GoodAddress(d.RegelingURL), "regeling_url", "Vul het hele webadres in; het begint met https://.")
	faults.Must(d.InForceOn == nil || d.EndedOn == nil || !dutch.Day(*d.EndedOn).Before(dutch.Day(*d.InForceOn)), "ended_on",
		"De laatste dag ligt voor de eerste. Pas een van de twee dagen aan.")
	faults.Must(d.ExitNoticeMonths == nil || *d.ExitNoticeMonths >= 0 && *d.ExitNoticeMonths <= 600, "exit_notice_months",
		"Vul een aantal maanden in van 0 tot en met 600.")
	for name, value := range map[string]string{"name": d.Name, "short_name": d.ShortName, "seat_place": d.SeatPlace, "regeling_url": d.RegelingURL} {
		faults.Must(utf8.RuneCountInString(value) <= longestLine, name, "Deze tekst is te lang: hoogstens 250 tekens. Kort de tekst in.")
	}
	for name, value := range map[string]string{
		"public_interest": d.PublicInterest, "purpose": d.Purpose, "contact": d.Contact, "participation_rule": d.ParticipationRule,
		"evaluation_rule": d.EvaluationRule, "exit_text": d.ExitText,
	} {
		faults.Must(utf8.RuneCountInString(value) <= longestText, name, "Deze tekst is te lang: hoogstens 10.000 tekens. Kort de tekst in.")
	}
	for name, list := range map[string][]string{"legal_bases": d.LegalBases, "fields": d.Fields, "zienswijze_subjects": d.ZienswijzeSubjects} {
		faults.Must(len(list) <= longestList, name, "Dit zijn te veel regels: hoogstens 100.")
		faults.Must(!slices.ContainsFunc(list, func(v string) bool { return utf8.RuneCountInString(v) > longestLine }), name,
			"Een van de regels is te lang: hoogstens 250 tekens.")
	}
	return faults.Err()
}
