package main

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var arrangementColumns = []string{
	"roo_id", "key", "name", "short_name", "form", "register_code", "joint_org", "holder", "in_force_on", "delegation", "policy",
	"legal_bases", "url",
}

var participationColumns = []string{"arrangement", "participant", "joined_on", "organs", "contribution_key"}

// separator stands between the values of a column that holds several.
const separator = "|"

var forms = map[string]string{"OL": "public_body", "BVO": "operations_org", "GO": "joint_organ", "RZM": "plain_arrangement"}

var delegations = map[string]string{"Mandaat": "mandaat", "Delegatie": "delegatie", "Attributie": "attributie"}

// organs in the order in which they are written.
var organs = []struct{ code, name string }{
	{"raad", "Gemeenteraad"},
	{"college", "College van burgemeester en wethouders"},
	{"burgemeester", "Burgemeester"},
	{"ps", "Provinciale staten"},
	{"gs", "Gedeputeerde staten"},
	{"cdk", "Commissaris van de koning"},
	{"cdk", "Commissaris van de koningin"},
	{"ab", "Algemeen bestuur"},
	{"db", "Dagelijks bestuur"},
	{"voorzitter", "Voorzitter"},
	{"minister", "Minister"},
}

var leadMunicipality = regexp.MustCompile(`(?i)centrumgemeente|centrum-?regeling`)

// form is the form of domain terms. The register knows no lead municipality; the title, or else the purpose, tells.
func (a rawArrangement) form() (string, error) {
	form, ok := forms[a.RegisterCode]
	if !ok {
		return "", fmt.Errorf("%s: unknown form %q", a.Name, a.RegisterCode)
	}
	if a.RegisterCode == "RZM" && leadMunicipality.MatchString(a.Name+"\n"+a.CitedAs+"\n"+a.Purpose) {
		form = "lead_municipality"
	}
	return form, nil
}

func arrangementRows(r raw, refs references) ([][]string, error) {
	taken := map[string]bool{}
	var rows [][]string
	sorted := slices.Clone(r.arrangements)
	slices.SortFunc(sorted, func(a, b rawArrangement) int { return cmp.Compare(a.RooID, b.RooID) })
	for _, a := range sorted {
		form, err := a.form()
		if err != nil {
			return nil, err
		}
		name := clean(a.Name)
		called := capital(jointArrangement.ReplaceAllString(name, ""))
		short, jointOrg, holder := called, "", ""
		if a.JointOrg != nil {
			o, err := refs.find(*a.JointOrg)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", a.Name, err)
			}
			jointOrg, short = o.ref, o.shortName
			called = jointArrangement.ReplaceAllString(o.officialName, "")
		}
		if a.Holder != nil {
			o, err := refs.find(*a.Holder)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", a.Name, err)
			}
			holder = o.ref
		}
		delegation, err := codes(a.Delegation, delegations)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.Name, err)
		}
		key := slug(called, longestKey)
		if taken[key] {
			key = slug(called, longestKey-len(a.RooID)-1) + "-" + a.RooID
		}
		if taken[key] {
			return nil, fmt.Errorf("no key left for %q", a.Name)
		}
		taken[key] = true
		rows = append(rows, []string{
			a.RooID, key, name, short, form, a.RegisterCode, jointOrg, holder, a.InForceOn, strings.Join(delegation, separator),
			strings.Join(policyFields(a.Policy), separator), strings.Join(acts(a.LegalBases), separator), cvdr(a.Decisions),
		})
	}
	slices.SortFunc(rows, func(a, b []string) int { return cmp.Compare(a[1], b[1]) })
	return rows, nil
}

func codes(words []string, known map[string]string) ([]string, error) {
	var found []string
	for _, word := range words {
		code, ok := known[word]
		if !ok {
			return nil, fmt.Errorf("unknown word %q", word)
		}
		found = append(found, code)
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// policyFields keeps the narrowest names: of "natuur en milieu" and "natuur en milieu | afval" only "afval".
func policyFields(fields []string) []string {
	var found []string
	for _, field := range fields {
		theme, narrow, ok := strings.Cut(field, "|")
		switch {
		case ok:
			found = append(found, clean(narrow))
		case !slices.ContainsFunc(fields, func(other string) bool { return strings.HasPrefix(other, strings.TrimSpace(theme)+" |") }):
			found = append(found, clean(theme))
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

var (
	articleBefore = regexp.MustCompile(`^artikel \S+ van de `)
	articleAfter  = regexp.MustCompile(`, artikel \S+$`)
)

// acts are the names of the acts, without the articles, each spelled one way.
func acts(bases []*string) []string {
	var found []string
	for _, base := range bases {
		if base == nil {
			continue
		}
		name := capital(articleAfter.ReplaceAllString(articleBefore.ReplaceAllString(clean(*base), ""), ""))
		switch name {
		case "":
			continue
		case "Wgr", "Wet gemeenschappelijk regeling":
			name = "Wet gemeenschappelijke regelingen"
		}
		found = append(found, name)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

var cvdrNumber = regexp.MustCompile(`(?i)CVDR(\d+)|/cvdr/.*/(\d+)(?:_\d+)?\.html`)

// cvdr is the address of the text in force, of the last published where there are several, or empty.
func cvdr(decisions []*string) string {
	last := 0
	for _, d := range decisions {
		if d == nil {
			continue
		}
		if m := cvdrNumber.FindStringSubmatch(*d); m != nil {
			if n, err := strconv.Atoi(m[1] + m[2]); err == nil {
				last = max(last, n)
			}
		}
	}
	if last == 0 {
		return ""
	}
	return "https://lokaleregelgeving.overheid.nl/CVDR" + strconv.Itoa(last)
}

// pair is an organisation in an arrangement.
type pair struct{ arrangement, participant string }

// participation is how an organisation takes part, with all its organs that do.
type participation struct {
	joinedOn, contribution string
	organs                 map[string]bool
}

// participationRows gives each organisation one row per arrangement: rows of the same one with other organs become one.
func participationRows(r raw, refs references) ([][]string, error) {
	found := map[pair]*participation{}
	for _, a := range r.arrangements {
		for _, p := range a.Participants {
			o, err := refs.find(p.rawRef)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", a.Name, err)
			}
			at := pair{a.RooID, o.ref}
			if found[at] == nil {
				found[at] = &participation{joinedOn: p.JoinedOn, organs: map[string]bool{}}
			}
			if err := found[at].join(p); err != nil {
				return nil, fmt.Errorf("%s: %w", a.Name, err)
			}
		}
	}
	var rows [][]string
	for at, p := range found {
		rows = append(rows, []string{at.arrangement, at.participant, p.joinedOn, strings.Join(p.written(), separator), p.contribution})
	}
	slices.SortFunc(rows, slices.Compare[[]string])
	return rows, nil
}

// join adds another row of the same organisation: the earliest day counts, and the share that is named last.
func (p *participation) join(other rawParticipant) error {
	p.joinedOn = min(p.joinedOn, other.JoinedOn)
	if other.Contribution != nil {
		p.contribution = contribution(*other.Contribution)
	}
	for _, name := range other.Organs {
		i := slices.IndexFunc(organs, func(o struct{ code, name string }) bool { return o.name == name })
		if i < 0 {
			return fmt.Errorf("%s takes part with unknown organ %q", other.Name, name)
		}
		p.organs[organs[i].code] = true
	}
	return nil
}

// written are the codes of the organs, each once, in their order.
func (p *participation) written() []string {
	var codes []string
	for _, o := range organs {
		if p.organs[o.code] && !slices.Contains(codes, o.code) {
			codes = append(codes, o.code)
		}
	}
	return codes
}

// contribution writes a share with a point, without a needless nought: "21,5" is 21.5 and "4,0" is 4.
func contribution(s string) string {
	return strings.TrimSuffix(strings.Replace(strings.TrimSpace(s), ",", ".", 1), ".0")
}
