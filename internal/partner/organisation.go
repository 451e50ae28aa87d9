package partner

import (
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner/register"
)

// Kind is what sort of organisation it is; one of Kinds.
type Kind string

// The kinds of organisation that rules speak of.
const (
	Municipality   Kind = register.Municipality
	Province       Kind = register.Province
	WaterAuthority Kind = register.WaterAuthority
	JointOrg       Kind = register.JointOrg
	Association    Kind = register.Association
)

// Kinds of organisation, in the order in which a list offers them.
var Kinds = []Kind{
	Municipality, Province, WaterAuthority, JointOrg, register.State, Association, register.Company, register.Foundation, register.Other,
}

// Label is the kind as Dutch says it.
func (k Kind) Label() string {
	return map[Kind]string{
		Municipality: "Gemeente", Province: "Provincie", WaterAuthority: "Waterschap", JointOrg: "Samenwerkingsorganisatie",
		register.State: "Rijk", Association: "Vereniging", register.Company: "Vennootschap", register.Foundation: "Stichting",
		register.Other: "Overige organisatie",
	}[k]
}

// Provinces are the twelve, by the name the register uses.
var Provinces = []string{
	"Drenthe", "Flevoland", "Fryslân", "Gelderland", "Groningen", "Limburg", "Noord-Brabant", "Noord-Holland", "Overijssel",
	"Utrecht", "Zeeland", "Zuid-Holland",
}

// Organisation is a partner.
type Organisation struct {
	ID           id.Organisation
	Key          string // its address; never changes
	Ref          string // the register's reference; empty when made by hand
	Kind         Kind
	OfficialName string
	ShortName    string
	FormerNames  []string // how it was called before, or is called besides
	TooiURI      string
	CBSCode      string
	OIN          string
	RooID        string
	Website      string
	Province     string
	SafetyRegion string
	Inhabitants  *int
	Seats        *int
	SeatPlace    string
	Colour       string
	ValidFrom    *time.Time
	ValidTo      *time.Time // the last day
	InnerSteps   bool       // its papers need official and political consent before they are offered
	Version      int
	UpdatedAt    time.Time
	UpdatedBy    string // empty: the register, or from before this was kept
}

// Name is what a page calls it, as the column name does: a municipality goes by its short name, anything else by its full one.
func (o Organisation) Name() string {
	if o.Kind == Municipality && o.ShortName != "" {
		return o.ShortName
	}
	return o.OfficialName
}

// Ended reports whether the organisation no longer exists at the moment at.
func (o Organisation) Ended(at time.Time) bool {
	return o.ValidTo != nil && o.ValidTo.Before(dutch.Day(at))
}

// OrganisationDraft is what someone fills in. Without a key it gets one from its name, without a colour one from its key.
type OrganisationDraft struct {
	Key          string // only when it is made
	Kind         Kind
	OfficialName string
	ShortName    string
	FormerNames  []string
	TooiURI      string
	CBSCode      string
	OIN          string
	Website      string
	Province     string
	SafetyRegion string
	Inhabitants  *int
	Seats        *int
	SeatPlace    string
	Colour       string
	ValidFrom    *time.Time
	ValidTo      *time.Time
	Successors   []string // keys of the organisations that came after it
}

// Draft is what the organisation holds, to be changed.
func (o Organisation) Draft(successors []string) OrganisationDraft {
	return OrganisationDraft{
		Key: o.Key, Kind: o.Kind, OfficialName: o.OfficialName, ShortName: o.ShortName, FormerNames: o.FormerNames, TooiURI: o.TooiURI, CBSCode: o.CBSCode,
		OIN: o.OIN, Website: o.Website, Province: o.Province, SafetyRegion: o.SafetyRegion, Inhabitants: o.Inhabitants, Seats: o.Seats,
		SeatPlace: o.SeatPlace, Colour: o.Colour, ValidFrom: o.ValidFrom, ValidTo: o.ValidTo, Successors: successors,
	}
}

var (
	cbsPattern  = regexp.MustCompile(`^[0-9]{4}$`)
	oinPattern  = regexp.MustCompile(`^[0-9]{20}$`)
	tooiPattern = regexp.MustCompile(`^https://identifier\.overheid\.nl/tooi/id/[a-z]+/[a-z]+[0-9]+$`)
)

// Check gathers every fault by field.
func (d OrganisationDraft) Check(time.Time) error {
	faults := fault.Fields{}
	faults.Must(d.Key == "" || GoodKey(d.Key), "key", keyHelp)
	faults.Must(slices.Contains(Kinds, d.Kind), "kind", "Kies een soort.")
	faults.Must(d.OfficialName != "", "official_name", "Vul de officiële naam in, bijvoorbeeld Gemeente Heemstede.")
	faults.Must(d.Key != "" || d.OfficialName == "" || GoodKey(Slug(d.OfficialName)), "key", "Van deze naam is geen adres te maken. Vul zelf een adres in.")
	faults.Must(d.Province == "" || slices.Contains(Provinces, d.Province), "province", "Kies een provincie uit de lijst.")
	faults.Must(d.CBSCode == "" || cbsPattern.MatchString(d.CBSCode), "cbs_code", "Een CBS-code heeft vier cijfers, bijvoorbeeld 0397.")
	faults.Must(d.CBSCode == "" || d.Kind == Municipality, "cbs_code", "Alleen een gemeente heeft een CBS-code. Maak dit veld leeg of kies Gemeente als soort.")
	faults.Must(d.OIN == "" || oinPattern.MatchString(d.OIN), "oin", "Een OIN heeft twintig cijfers.")
	faults.Must(d.TooiURI == "" || tooiPattern.MatchString(d.TooiURI), "tooi_uri",
		"Vul het hele TOOI-adres in; het begint met https://identifier.overheid.nl/tooi/id/.")
	faults.Must(d.Website == "" || GoodAddress(d.Website), "website", "Vul het hele webadres in; het begint met https://.")
	faults.Must(d.Inhabitants == nil || *d.Inhabitants >= 0, "inhabitants", "Een aantal inwoners is 0 of meer.")
	faults.Must(d.Seats == nil || *d.Seats >= 0 && *d.Seats <= 1000, "seats", "Een aantal zetels ligt tussen 0 en 1.000.")
	faults.Must(d.Colour == "" || colourPattern.MatchString(d.Colour), "colour",
		"Een kleur is een hekje met zes cijfers of letters van a tot en met f, bijvoorbeeld #2f77a2.")
	faults.Must(d.Colour == "" || !colourPattern.MatchString(d.Colour) || readable(d.Colour), "colour",
		"Deze kleur valt weg tegen een lichte of donkere achtergrond. Kies een kleur die ertussenin ligt.")
	faults.Must(d.ValidFrom == nil || d.ValidTo == nil || !dutch.Day(*d.ValidTo).Before(dutch.Day(*d.ValidFrom)), "valid_to",
		"De laatste dag ligt voor de eerste dag. Pas een van de twee aan.")
	faults.Must(!slices.Contains(d.Successors, d.Key) || d.Key == "", "successors", "Een organisatie kan zichzelf niet opvolgen.")
	faults.Must(len(d.Successors) <= longestList, "successors", "Noem hoogstens 50 opvolgers.")
	faults.Must(len(d.FormerNames) <= longestList, "former_names", "Dit zijn te veel namen: hoogstens 50.")
	faults.Must(!slices.ContainsFunc(d.FormerNames, func(n string) bool { return utf8.RuneCountInString(n) > longestLine }), "former_names",
		"Een van de namen is te lang: hoogstens 250 tekens.")
	lines(faults, map[string]string{
		"official_name": d.OfficialName, "short_name": d.ShortName, "website": d.Website, "safety_region": d.SafetyRegion,
		"seat_place": d.SeatPlace, "tooi_uri": d.TooiURI,
	})
	return faults.Err()
}
