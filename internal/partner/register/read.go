package register

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The files of a table and their columns.
const (
	organisationFile  = "organisaties.csv"
	arrangementFile   = "regelingen.csv"
	participationFile = "deelnemingen.csv"
	abolishedFile     = "opgeheven.csv"
)

var columnsOf = map[string][]string{
	organisationFile: {
		"ref", "key", "kind", "official_name", "short_name", "tooi_uri", "cbs_code", "oin", "roo_id", "province", "safety_region",
		"inhabitants", "seats", "website", "seat_place", "valid_from", "valid_to",
	},
	arrangementFile: {
		"roo_id", "key", "name", "short_name", "form", "register_code", "joint_org", "holder", "in_force_on", "delegation", "policy",
		"legal_bases", "url",
	},
	participationFile: {"arrangement", "participant", "joined_on", "organs", "contribution_key"},
	abolishedFile:     {"cbs_code", "name", "ended_on", "tooi_uri"},
}

// shownFaults is how many faults are told at once.
const shownFaults = 20

// longestText keeps the table to facts: no name, address or act is longer.
const longestText = 250

// Faults is what is wrong with the files of a table, in Dutch, for the one who filled them.
type Faults struct {
	Shown []string // the first twenty
	More  int      // how many others there are
}

func (f *Faults) Error() string {
	var b strings.Builder
	b.WriteString("het register kan niet worden ingelezen:")
	for _, fault := range f.Shown {
		b.WriteString("\n- " + fault)
	}
	switch {
	case f.More == 1:
		b.WriteString("\n- en nog 1 andere fout")
	case f.More > 1:
		fmt.Fprintf(&b, "\n- en nog %d andere fouten", f.More)
	}
	return b.String()
}

func (f *Faults) add(format string, args ...any) {
	if len(f.Shown) == shownFaults {
		f.More++
		return
	}
	f.Shown = append(f.Shown, fmt.Sprintf(format, args...))
}

// at is where something stood first, for the message on the second.
type at map[string]int

// claim reports a value that an earlier row has already; an empty value is nobody's.
func (a at) claim(r *row, column, value string) {
	if value == "" {
		return
	}
	if first, taken := a[value]; taken {
		r.fault(column, "%q staat ook al op regel %d", value, first)
		return
	}
	a[value] = r.line
}

func read(folder fs.FS) (Table, error) {
	var t Table
	faults := &Faults{}
	from := source{folder, faults, map[string]bool{}}
	refs, keys, tooi, roo := at{}, at{}, at{}, at{}
	kinds := map[string]string{}
	for r := range from.rows(organisationFile) {
		o := r.organisation()
		refs.claim(r, "ref", o.Ref)
		keys.claim(r, "key", o.Key)
		tooi.claim(r, "tooi_uri", o.TOOI)
		roo.claim(r, "roo_id", o.RooID)
		kinds[o.Ref] = o.Kind
		t.Organisations = append(t.Organisations, o)
	}
	known := func(r *row, column, ref string) {
		if _, ok := refs[ref]; ref != "" && !ok && !from.broken[organisationFile] {
			r.fault(column, "%q staat niet in %s", ref, organisationFile)
		}
	}

	arrangements, arrangementKeys, made := at{}, at{}, at{}
	for r := range from.rows(arrangementFile) {
		a := r.arrangement()
		arrangements.claim(r, "roo_id", a.RooID)
		arrangementKeys.claim(r, "key", a.Key)
		made.claim(r, "joint_org", a.JointOrg)
		known(r, "joint_org", a.JointOrg)
		known(r, "holder", a.Holder)
		if kind, ok := kinds[a.JointOrg]; ok && a.JointOrg != "" && kind != JointOrg {
			r.fault("joint_org", "%q is geen samenwerkingsorganisatie (%s) maar %s", a.JointOrg, JointOrg, kind)
		}
		t.Arrangements = append(t.Arrangements, a)
	}

	pairs := map[[2]string]int{}
	for r := range from.rows(participationFile) {
		p := r.participation()
		if _, ok := arrangements[p.Arrangement]; p.Arrangement != "" && !ok && !from.broken[arrangementFile] {
			r.fault("arrangement", "%q staat niet in %s", p.Arrangement, arrangementFile)
		}
		known(r, "participant", p.Participant)
		pair := [2]string{p.Arrangement, p.Participant}
		if first, taken := pairs[pair]; !taken {
			pairs[pair] = r.line
		} else if p.Arrangement != "" && p.Participant != "" {
			r.fault("participant", "%q doet al mee aan %s op regel %d; zet de organen bij elkaar", p.Participant, p.Arrangement, first)
		}
		t.Participations = append(t.Participations, p)
	}

	codes, abolishedTOOI := at{}, at{}
	for r := range from.rows(abolishedFile) {
		a := r.abolished()
		codes.claim(r, "cbs_code", a.CBSCode)
		abolishedTOOI.claim(r, "tooi_uri", a.TOOI)
		t.Abolished = append(t.Abolished, a)
	}
	if len(faults.Shown) > 0 {
		return Table{}, faults
	}
	return t, nil
}

// row is one line of a file, by column.
type row struct {
	file   string
	line   int
	values map[string]string
	faults *Faults
}

func (r *row) fault(column, format string, args ...any) {
	r.faults.add("%s regel %d: kolom %s: %s", r.file, r.line, column, fmt.Sprintf(format, args...))
}

// source is the folder being read. A broken file has lines that could not be read, so that a reference to it proves nothing.
type source struct {
	folder fs.FS
	faults *Faults
	broken map[string]bool
}

func (s source) fail(name, format string, args ...any) {
	s.broken[name] = true
	s.faults.add(name+" "+format, args...)
}

// rows yields the lines of a file that have all columns, and gathers what is wrong with the others.
func (s source) rows(name string) func(yield func(*row) bool) {
	return func(yield func(*row) bool) {
		var columns []string
		for line, record := range s.records(name) {
			switch {
			case columns == nil:
				if !s.headed(name, record) {
					return
				}
				columns = record
			case len(record) != len(columns):
				s.fail(name, "regel %d: %d kolommen in plaats van %d", line, len(record), len(columns))
			case !yield(&row{name, line, byColumn(columns, record), s.faults}):
				return
			}
		}
	}
}

func byColumn(columns, record []string) map[string]string {
	values := make(map[string]string, len(columns))
	for i, column := range columns {
		values[column] = record[i]
	}
	return values
}

// records yields what stands between the commas of each line, with the number of the line, as far as the file can be read.
func (s source) records(name string) iter.Seq2[int, []string] {
	return func(yield func(int, []string) bool) {
		content, ok := s.content(name)
		if !ok {
			return
		}
		reader := csv.NewReader(bytes.NewReader(content))
		reader.FieldsPerRecord = -1
		for empty := true; ; empty = false {
			record, err := reader.Read()
			if parse, ok := errors.AsType[*csv.ParseError](err); ok {
				// After a stray quotation mark nothing can be told of the lines below it.
				s.fail(name, "regel %d: de aanhalingstekens kloppen niet (teken %d)", parse.Line, parse.Column)
				return
			}
			if err != nil && empty {
				s.fail(name, "is leeg")
			}
			if err != nil { // the end
				return
			}
			line, _ := reader.FieldPos(0)
			if !yield(line, record) {
				return
			}
		}
	}
}

// content is the text of a file, or not ok when there is none to read.
func (s source) content(name string) (text []byte, ok bool) {
	text, err := fs.ReadFile(s.folder, name)
	if errors.Is(err, fs.ErrNotExist) {
		s.fail(name, "ontbreekt")
		return nil, false
	}
	if err != nil {
		s.fail(name, "is niet te lezen: %v", err)
		return nil, false
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) {
		s.fail(name, "is niet opgeslagen als UTF-8")
		return nil, false
	}
	return text, true
}

// headed reports whether the first line names the columns, in any order.
func (s source) headed(name string, header []string) bool {
	if len(header) == 1 && strings.Contains(header[0], ";") {
		s.fail(name, "regel 1: de kolommen zijn gescheiden met puntkomma's; sla het bestand op met komma's")
		return false
	}
	wanted := columnsOf[name]
	for _, column := range wanted {
		if !slices.Contains(header, column) {
			s.fail(name, "regel 1: kolom %s ontbreekt", column)
		}
	}
	for i, column := range header {
		switch {
		case !slices.Contains(wanted, column):
			s.fail(name, "regel 1: kolom %q is onbekend", shorten(column))
		case slices.Contains(header[:i], column):
			s.fail(name, "regel 1: kolom %s staat er twee keer", column)
		}
	}
	return !s.broken[name]
}

var (
	keyPattern  = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	refPattern  = regexp.MustCompile(`^([a-z]{2,4}[0-9]{2,4}|roo-[0-9]+)$`)
	codePattern = regexp.MustCompile(`^[0-9]{4}$`)
	oinPattern  = regexp.MustCompile(`^[0-9]{20}$`)
	rooPattern  = regexp.MustCompile(`^[0-9]+$`)
	tooiPattern = regexp.MustCompile(`^https://identifier\.overheid\.nl/tooi/id/[a-z]+/[a-z]+[0-9]+$`)
	partPattern = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]+)?$`)
)

const longestKey = 60

// text is the value of a column as it stands; it must be tidy and not too long.
func (r *row) text(column string) string {
	value := r.values[column]
	switch {
	case utf8.RuneCountInString(value) > longestText:
		r.fault(column, "de tekst is langer dan %d tekens", longestText)
	case value != strings.Join(strings.Fields(value), " "):
		r.fault(column, "%q heeft spaties of regeleinden te veel", value)
	}
	return value
}

func (r *row) needed(column string) string {
	value := r.text(column)
	if value == "" {
		r.fault(column, "is leeg")
	}
	return value
}

// shaped is a text that must fit the pattern; what says in Dutch what it should be. Empty is for the caller to judge.
func (r *row) shaped(column string, pattern *regexp.Regexp, what string) string {
	value := r.text(column)
	if value != "" && !pattern.MatchString(value) {
		r.fault(column, "%q is geen %s", shorten(value), what)
	}
	return value
}

func (r *row) key() string {
	key := r.needed("key")
	if key != "" && !keyPattern.MatchString(key) {
		r.fault("key", "%q mag alleen kleine letters, cijfers en losse streepjes hebben", shorten(key))
	}
	if len(key) > longestKey {
		r.fault("key", "%q is langer dan %d tekens", shorten(key), longestKey)
	}
	return key
}

func (r *row) oneOf(column string, words []string) string {
	value := r.needed(column)
	if value != "" && !slices.Contains(words, value) {
		r.fault(column, "%q is geen van %s", shorten(value), strings.Join(words, ", "))
	}
	return value
}

// list is a column with several values, a bar between them. A nil slice of words allows any.
func (r *row) list(column string, words []string) []string {
	if r.values[column] == "" {
		return nil
	}
	values := strings.Split(r.values[column], "|")
	for i, value := range values {
		switch {
		case value == "" || value != strings.TrimSpace(value):
			r.fault(column, "er staat een leeg of scheef deel tussen de streepjes (|)")
		case utf8.RuneCountInString(value) > longestText:
			r.fault(column, "de tekst is langer dan %d tekens", longestText)
		case slices.Contains(values[:i], value):
			r.fault(column, "%q staat er twee keer", shorten(value))
		case words != nil && !slices.Contains(words, value):
			r.fault(column, "%q is geen van %s", shorten(value), strings.Join(words, ", "))
		}
	}
	return values
}

func (r *row) date(column string) time.Time {
	value := r.values[column]
	if value == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, value)
	if err != nil {
		r.fault(column, "%q is geen datum (jjjj-mm-dd)", shorten(value))
		return time.Time{}
	}
	return t
}

func (r *row) neededDate(column string) time.Time {
	if r.values[column] == "" {
		r.fault(column, "is leeg")
	}
	return r.date(column)
}

func (r *row) number(column string) *int {
	value := r.values[column]
	if value == "" {
		return nil
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		r.fault(column, "%q is geen heel getal", shorten(value))
		return nil
	}
	return &n
}

func (r *row) address(column string) string {
	value := r.text(column)
	if value == "" {
		return ""
	}
	if u, err := url.Parse(value); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		r.fault(column, "%q is geen webadres", shorten(value))
	}
	return value
}

func (r *row) organisation() Organisation {
	o := Organisation{
		Ref:          r.ref("ref"),
		Key:          r.key(),
		Kind:         r.oneOf("kind", Kinds),
		OfficialName: r.needed("official_name"),
		ShortName:    r.needed("short_name"),
		TOOI:         r.tooi(),
		CBSCode:      r.shaped("cbs_code", codePattern, "code van vier cijfers"),
		OIN:          r.shaped("oin", oinPattern, "OIN van twintig cijfers"),
		RooID:        r.shaped("roo_id", rooPattern, "nummer"),
		Province:     r.text("province"),
		SafetyRegion: r.text("safety_region"),
		Inhabitants:  r.number("inhabitants"),
		Seats:        r.number("seats"),
		Website:      r.address("website"),
		SeatPlace:    r.text("seat_place"),
		ValidFrom:    r.date("valid_from"),
		ValidTo:      r.date("valid_to"),
	}
	if o.TOOI != "" && o.Ref != "" && !strings.HasSuffix(o.TOOI, "/"+o.Ref) {
		r.fault("ref", "%q is niet het laatste deel van %s", o.Ref, o.TOOI)
	}
	if o.TOOI == "" && o.RooID != "" && strings.HasPrefix(o.Ref, "roo-") && o.Ref != "roo-"+o.RooID {
		r.fault("ref", "%q hoort niet bij roo_id %s", o.Ref, o.RooID)
	}
	if o.Kind == Municipality && o.Ref != "gm"+o.CBSCode {
		r.fault("cbs_code", "%q hoort niet bij gemeente %s", o.CBSCode, o.Ref)
	}
	if o.Kind != Municipality && o.CBSCode != "" && slices.Contains(Kinds, o.Kind) {
		r.fault("cbs_code", "alleen een gemeente heeft er een")
	}
	if !o.ValidTo.IsZero() && o.ValidTo.Before(o.ValidFrom) {
		r.fault("valid_to", "ligt voor valid_from")
	}
	return o
}

func (r *row) ref(column string) string {
	if r.values[column] == "" {
		return r.needed(column)
	}
	return r.shaped(column, refPattern, "verwijzing zoals gm0397 of roo-12345")
}

func (r *row) tooi() string {
	return r.shaped("tooi_uri", tooiPattern, "TOOI-adres")
}

func (r *row) arrangement() Arrangement {
	a := Arrangement{
		RooID:        r.shaped("roo_id", rooPattern, "nummer"),
		Key:          r.key(),
		Name:         r.needed("name"),
		ShortName:    r.needed("short_name"),
		Form:         r.oneOf("form", Forms),
		RegisterCode: r.oneOf("register_code", RegisterCodes),
		JointOrg:     r.text("joint_org"),
		Holder:       r.text("holder"),
		InForceOn:    r.neededDate("in_force_on"),
		Delegation:   r.list("delegation", Delegations),
		Policy:       r.list("policy", nil),
		LegalBases:   r.list("legal_bases", nil),
		URL:          r.address("url"),
	}
	if a.RooID == "" {
		r.fault("roo_id", "is leeg")
	}
	if forms, ok := formsOf[a.RegisterCode]; ok && slices.Contains(Forms, a.Form) && !slices.Contains(forms, a.Form) {
		r.fault("form", "%s past niet bij %s", a.Form, a.RegisterCode)
	}
	return a
}

func (r *row) participation() Participation {
	return Participation{
		Arrangement:     r.needed("arrangement"),
		Participant:     r.needed("participant"),
		JoinedOn:        r.date("joined_on"),
		Organs:          r.list("organs", Organs),
		ContributionKey: r.shaped("contribution_key", partPattern, "percentage zoals 21.5"),
	}
}

func (r *row) abolished() Abolished {
	return Abolished{
		CBSCode: r.shaped("cbs_code", codePattern, "code van vier cijfers"),
		Name:    r.needed("name"),
		EndedOn: r.neededDate("ended_on"),
		TOOI:    r.tooi(),
	}
}

// shorten keeps a message readable when a value is not.
func shorten(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
