package main

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var organisationColumns = []string{
	"ref", "key", "kind", "official_name", "short_name", "tooi_uri", "cbs_code", "oin", "roo_id", "province", "safety_region",
	"inhabitants", "seats", "website", "seat_place", "valid_from", "valid_to",
}

var abolishedColumns = []string{"cbs_code", "name", "ended_on", "tooi_uri"}

// everydayNames are the short names of joint organisations that the register holds no abbreviation of and that call
// themselves otherwise.
var everydayNames = map[string]string{
	"so0507": "Holland Rijnland",
	"so0866": "HLTsamen",
}

// formerWaterAuthorities still stand in the register as participants, without a kind or an end: both went into
// Waterschap Drents Overijsselse Delta.
var formerWaterAuthorities = map[string]string{
	"Groot Salland":   "2015-12-31",
	"Reest en Wieden": "2015-12-31",
}

// kinds in the order of the file.
var kinds = []string{"municipality", "province", "water_authority", "state", "joint_org", "association", "company", "foundation", "other"}

type organisation struct {
	ref, key, kind, officialName, shortName, tooi, cbsCode, oin, rooID string
	province, safetyRegion, inhabitants, seats                         string
	website, seatPlace, validFrom, validTo                             string
}

func (o organisation) row() []string {
	return []string{
		o.ref, o.key, o.kind, o.officialName, o.shortName, o.tooi, o.cbsCode, o.oin, o.rooID, o.province, o.safetyRegion,
		o.inhabitants, o.seats, o.website, o.seatPlace, o.validFrom, o.validTo,
	}
}

// references finds organisations by what the register calls them elsewhere.
type references struct {
	byTOOI, byRooID map[string]*organisation
}

func (r references) find(to rawRef) (*organisation, error) {
	if o, ok := r.byTOOI[to.TOOI]; ok && to.TOOI != "" {
		return o, nil
	}
	if o, ok := r.byRooID[to.RooID]; ok && to.RooID != "" {
		return o, nil
	}
	return nil, fmt.Errorf("organisation %q (%s, roo %s) is not in the register", to.Name, to.TOOI, to.RooID)
}

// organisationRows gathers all organisations: those of the lists, and those only named as participant or as body.
func organisationRows(r raw) ([][]string, references, error) {
	refs := references{map[string]*organisation{}, map[string]*organisation{}}
	var all []*organisation
	add := func(o organisation) {
		o.ref = lastPart(o.tooi)
		if o.tooi == "" {
			o.ref = "roo-" + o.rooID
		}
		all = append(all, &o)
		if o.tooi != "" {
			refs.byTOOI[o.tooi] = &o
		}
		if o.rooID != "" {
			refs.byRooID[o.rooID] = &o
		}
	}

	provinces := map[string]string{}
	for _, l := range r.provinces {
		name := clean(l["naam"])
		short := strings.TrimPrefix(name, "Provincie ")
		provinces[l["code"]] = short
		add(organisation{
			kind: "province", officialName: name, shortName: short, tooi: l["tooi_uri"], oin: l["oin"], rooID: l["roo_id"],
			province: short, website: website(l["website"]),
		})
	}
	for _, l := range r.municipalities {
		province, ok := provinces[l["provincie_code"]]
		if !ok {
			return nil, refs, fmt.Errorf("%s: unknown province %q", l["naam"], l["provincie_code"])
		}
		add(organisation{
			kind: "municipality", officialName: clean(l["naam"]), shortName: clean(l["naam_kort"]), tooi: l["tooi_uri"],
			cbsCode: strings.TrimPrefix(l["cbs_code"], "GM"), oin: l["oin"], rooID: l["roo_id"],
			province: province, safetyRegion: clean(l["veiligheidsregio"]), inhabitants: l["inwoners_roo"], seats: l["raadszetels"],
			website: website(l["website"]),
		})
	}
	for _, l := range r.waterAuthorities {
		name := clean(l["naam"])
		add(organisation{
			kind: "water_authority", officialName: waterAuthorityName(name), shortName: waterAuthorityShort(name), tooi: l["tooi_uri"],
			oin: l["oin"], rooID: l["roo_id"], website: website(l["website"]),
		})
	}
	for _, l := range r.jointOrgs {
		name := clean(l["naam"])
		add(organisation{
			kind: "joint_org", officialName: name, shortName: jointOrgShort(lastPart(l["tooi_uri"]), name, clean(l["afkorting"])),
			tooi: l["tooi_uri"], rooID: l["roo_id"], website: website(l["website"]), seatPlace: place(l["vestigingsplaats"]),
			validFrom: l["geldig_van"], validTo: lastDay(l["geldig_tot"]),
		})
	}

	if err := named(r, refs, add); err != nil {
		return nil, refs, err
	}

	slices.SortFunc(all, func(a, b *organisation) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.kind), slices.Index(kinds, b.kind)), cmp.Compare(a.ref, b.ref))
	})
	if err := giveKeys(all, r.exportedOn); err != nil {
		return nil, refs, err
	}
	var rows [][]string
	for _, o := range all {
		rows = append(rows, o.row())
	}
	return rows, refs, nil
}

// named adds the organisations that only an arrangement names, as what it made or as one that takes part.
func named(r raw, refs references, add func(organisation)) error {
	abolished := map[string]line{}
	for _, l := range r.abolished {
		if l["tooi_uri"] != "" {
			abolished[l["tooi_uri"]] = l
		}
	}
	for _, a := range r.arrangements {
		if a.JointOrg != nil {
			if _, err := refs.find(*a.JointOrg); err != nil {
				name := clean(a.JointOrg.Name)
				add(organisation{
					kind: "joint_org", officialName: name, shortName: jointOrgShort(lastPart(a.JointOrg.TOOI), name, ""),
					tooi: a.JointOrg.TOOI, rooID: a.JointOrg.RooID,
				})
			}
		}
		for _, p := range a.Participants {
			if _, err := refs.find(p.rawRef); err == nil {
				continue
			}
			o, err := participantOnly(p, abolished)
			if err != nil {
				return fmt.Errorf("%s: %w", a.Name, err)
			}
			add(o)
		}
	}
	return nil
}

// participantOnly makes an organisation of a participant that stands in none of the lists.
func participantOnly(p rawParticipant, abolished map[string]line) (organisation, error) {
	name := clean(p.Name)
	o := organisation{kind: "other", officialName: name, shortName: name, tooi: p.TOOI, rooID: p.RooID}
	if ended, ok := formerWaterAuthorities[name]; ok {
		o.kind, o.officialName, o.shortName, o.validTo = "water_authority", waterAuthorityName(name), waterAuthorityShort(name), ended
		return o, nil
	}
	switch p.Kind {
	case "gemeente":
		l, ok := abolished[p.TOOI]
		if !ok {
			return o, fmt.Errorf("participant %q is no municipality of today nor an abolished one", p.Name)
		}
		o.kind, o.shortName = "municipality", strings.TrimPrefix(name, "Gemeente ")
		o.cbsCode, o.validTo = strings.TrimPrefix(l["cbs_code"], "GM"), lastDay(l["opgeheven_per"])
	case "ministerie":
		o.kind, o.officialName = "state", "Ministerie van "+name
	case "onbekend":
		if strings.HasPrefix(name, "Stichting ") {
			o.kind = "foundation"
		}
	default:
		return o, fmt.Errorf("participant %q is of kind %q but stands in no list", p.Name, p.Kind)
	}
	return o, nil
}

var waterAuthorityWord = regexp.MustCompile(`^(Hoogheemraadschap van |Hoogheemraadschap |Waterschap |Wetterskip )`)

// waterAuthorityName is the full name; the register leaves "Waterschap" out of most.
func waterAuthorityName(name string) string {
	if waterAuthorityWord.MatchString(name) {
		return name
	}
	return "Waterschap " + name
}

// waterAuthorityShort leaves the word off, except where the name is not one without it.
func waterAuthorityShort(name string) string {
	if strings.HasPrefix(name, "Hoogheemraadschap ") {
		return waterAuthorityWord.ReplaceAllString(name, "")
	}
	return name
}

var jointArrangement = regexp.MustCompile(`(?i)^gemeenschappelijke? regeling `)

func jointOrgShort(ref, name, abbreviation string) string {
	return cmp.Or(everydayNames[ref], abbreviation, capital(jointArrangement.ReplaceAllString(name, "")))
}

// giveKeys gives each organisation its own key. One that has ended leaves the plain key to a successor.
func giveKeys(all []*organisation, exportedOn string) error {
	taken := map[string]string{}
	for _, o := range all {
		name := o.officialName
		switch o.kind {
		case "municipality":
			name = strings.TrimPrefix(name, "Gemeente ")
		case "water_authority":
			name = o.shortName
		case "joint_org":
			name = jointArrangement.ReplaceAllString(name, "")
		}
		suffix := ""
		if o.validTo != "" && o.validTo <= exportedOn {
			suffix = "-tot-" + o.validTo[:4]
		}
		candidates := []string{slug(name, longestKey-len(suffix)) + suffix}
		if o.kind == "joint_org" && len(slug(name, len(name)*2)) > longestKey-len(suffix) && o.shortName != capital(name) {
			candidates = slices.Insert(candidates, 0, slug(o.shortName, longestKey-len(suffix))+suffix)
		}
		if o.kind == "water_authority" {
			candidates = append(candidates, "waterschap-"+slug(name, longestKey-len(suffix)-len("waterschap-"))+suffix)
		}
		candidates = append(candidates, slug(name, longestKey-len(suffix)-len(o.ref)-1)+suffix+"-"+o.ref)
		i := slices.IndexFunc(candidates, func(key string) bool { return taken[key] == "" })
		if i < 0 {
			return fmt.Errorf("no key left for %s %q", o.ref, o.officialName)
		}
		o.key = candidates[i]
		taken[o.key] = o.ref
	}
	return nil
}

// abolishedRows gives each code one row; where the register and the TOOI list spell a name differently, TOOI's stays.
func abolishedRows(r raw) [][]string {
	var rows [][]string
	for _, l := range r.abolished {
		rows = append(rows, []string{
			strings.TrimPrefix(l["cbs_code"], "GM"), strings.TrimPrefix(clean(l["naam"]), "Gemeente "), lastDay(l["opgeheven_per"]), l["tooi_uri"],
		})
	}
	slices.SortFunc(rows, func(a, b []string) int {
		return cmp.Or(cmp.Compare(a[2], b[2]), cmp.Compare(a[1], b[1]))
	})
	listed := map[string]bool{}
	for _, row := range rows {
		listed[row[0]] = listed[row[0]] || row[3] != ""
	}
	return slices.DeleteFunc(rows, func(row []string) bool { return row[0] != "" && row[3] == "" && listed[row[0]] })
}
