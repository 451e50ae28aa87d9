package register

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"
)

func table(t *testing.T) Table {
	t.Helper()
	table, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// exported is the day of the register the table was made from.
var exported = day(2026, time.May, 16)

func TestTheTableIsWhole(t *testing.T) {
	table := table(t)
	current, kinds, forms, collective := map[string]int{}, map[string]int{}, map[string]int{}, 0
	for _, o := range table.Organisations {
		kinds[o.Kind]++
		if !o.EndedBefore(exported) {
			current[o.Kind]++
		}
		if o.Collective() {
			collective++
		}
	}
	for _, a := range table.Arrangements {
		forms[a.Form]++
	}
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"municipalities", current[Municipality], 342},
		{"abolished municipalities that still take part", kinds[Municipality] - current[Municipality], 9},
		{"provinces", kinds[Province], 12},
		{"water authorities", current[WaterAuthority], 21},
		{"former water authorities that still take part", kinds[WaterAuthority] - current[WaterAuthority], 2},
		{"joint organisations: 453 of the list and 12 named by an arrangement alone", kinds[JointOrg], 453 + 12},
		{"groups among the joint organisations", collective, 15},
		{"ministries", kinds[State], 2},
		{"foreign and private participants", kinds[Other] + kinds[Foundation], 163},
		{"arrangements", len(table.Arrangements), 451},
		{"public bodies", forms["public_body"], 283},
		{"operations organisations", forms["operations_org"], 64},
		{"joint organs", forms["joint_organ"], 23},
		{"arrangements without more, lead municipalities included", forms["plain_arrangement"] + forms["lead_municipality"], 81},
		{"lead municipalities", forms["lead_municipality"], 40},
		{"participations: none had to be merged", len(table.Participations), 3551},
		{"abolished: of 271 entries two are one municipality", len(table.Abolished), 270},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %d, want %d", c.what, c.got, c.want)
		}
	}
}

func TestEveryMunicipalityIsComplete(t *testing.T) {
	for _, o := range table(t).Organisations {
		if o.Kind != Municipality || o.EndedBefore(exported) {
			continue
		}
		if o.CBSCode == "" || o.OIN == "" || o.TOOI == "" || o.RooID == "" || o.Province == "" || o.SafetyRegion == "" || o.Website == "" ||
			o.Inhabitants == nil || o.Seats == nil {
			t.Errorf("%s misses something: %+v", o.Key, o)
		} else if *o.Inhabitants < 900 || *o.Inhabitants > 1_000_000 || *o.Seats < 9 || *o.Seats > 50 {
			t.Errorf("%s has %d inhabitants and %d seats", o.Key, *o.Inhabitants, *o.Seats)
		}
	}
}

func TestKeysAreUniqueAndTextsAreShort(t *testing.T) {
	table := table(t)
	keys := map[string]bool{}
	for _, o := range table.Organisations {
		if keys[o.Key] || len(o.Key) > 60 {
			t.Errorf("key %q is taken or too long", o.Key)
		}
		keys[o.Key] = true
	}
	keys = map[string]bool{}
	for _, a := range table.Arrangements {
		if keys[a.Key] || len(a.Key) > 60 {
			t.Errorf("key %q of an arrangement is taken or too long", a.Key)
		}
		keys[a.Key] = true
		for _, text := range slices.Concat([]string{a.Name, a.ShortName, a.URL}, a.Policy, a.LegalBases) {
			if utf8.RuneCountInString(text) > 250 || strings.ContainsAny(text, "\u2010\u200b\u00a0\"“”‘’") {
				t.Errorf("%s: untidy or long: %q", a.Key, text)
			}
		}
	}
	for _, o := range table.Organisations {
		for _, text := range []string{o.OfficialName, o.ShortName, o.Website, o.SeatPlace} {
			if utf8.RuneCountInString(text) > 250 || strings.ContainsAny(text, "\u2010\u200b\u00a0\"“”‘’@") {
				t.Errorf("%s: untidy or long: %q", o.Key, text)
			}
		}
	}
}

func TestKnownOrganisations(t *testing.T) {
	byRef := map[string]Organisation{}
	for _, o := range table(t).Organisations {
		byRef[o.Ref] = o
	}
	for _, want := range []Organisation{
		{
			Ref: "gm0397", Key: "heemstede", Kind: Municipality, OfficialName: "Gemeente Heemstede", ShortName: "Heemstede", Province: "Noord-Holland",
			SafetyRegion: "Kennemerland",
		},
		{
			Ref: "gm0377", Key: "bloemendaal", Kind: Municipality, OfficialName: "Gemeente Bloemendaal", ShortName: "Bloemendaal", Province: "Noord-Holland",
			SafetyRegion: "Kennemerland",
		},
		{
			Ref: "gm0534", Key: "hillegom", Kind: Municipality, OfficialName: "Gemeente Hillegom", ShortName: "Hillegom", Province: "Zuid-Holland",
			SafetyRegion: "Hollands Midden",
		},
		{
			Ref: "gm1901", Key: "bodegraven-reeuwijk", Kind: Municipality, OfficialName: "Gemeente Bodegraven-Reeuwijk", ShortName: "Bodegraven-Reeuwijk",
			Province: "Zuid-Holland", SafetyRegion: "Hollands Midden",
		},
		{Ref: "gm0344", Key: "utrecht", Kind: Municipality, OfficialName: "Gemeente Utrecht", ShortName: "Utrecht", Province: "Utrecht", SafetyRegion: "Utrecht"},
		{
			Ref: "gm0796", Key: "s-hertogenbosch", Kind: Municipality, OfficialName: "Gemeente 's-Hertogenbosch", ShortName: "Den Bosch",
			Province: "Noord-Brabant", SafetyRegion: "Brabant-Noord",
		},
		{
			Ref: "gm1900", Key: "sudwest-fryslan", Kind: Municipality, OfficialName: "Gemeente Súdwest-Fryslân", ShortName: "Súdwest-Fryslân",
			Province: "Fryslân", SafetyRegion: "Fryslân",
		},
		{Ref: "gm1684", Key: "cuijk-tot-2021", Kind: Municipality, OfficialName: "Gemeente Cuijk", ShortName: "Cuijk"},
		{Ref: "pv26", Key: "provincie-utrecht", Kind: Province, OfficialName: "Provincie Utrecht", ShortName: "Utrecht", Province: "Utrecht"},
		{Ref: "pv28", Key: "provincie-zuid-holland", Kind: Province, OfficialName: "Provincie Zuid-Holland", ShortName: "Zuid-Holland", Province: "Zuid-Holland"},
		{Ref: "ws0616", Key: "rijnland", Kind: WaterAuthority, OfficialName: "Hoogheemraadschap van Rijnland", ShortName: "Rijnland"},
		{
			Ref: "ws0656", Key: "schieland-en-de-krimpenerwaard", Kind: WaterAuthority, OfficialName: "Hoogheemraadschap van Schieland en de Krimpenerwaard",
			ShortName: "Schieland en de Krimpenerwaard",
		},
		{
			Ref: "ws0636", Key: "de-stichtse-rijnlanden", Kind: WaterAuthority, OfficialName: "Hoogheemraadschap De Stichtse Rijnlanden",
			ShortName: "De Stichtse Rijnlanden",
		},
		{
			Ref: "ws0651", Key: "hollands-noorderkwartier", Kind: WaterAuthority, OfficialName: "Hoogheemraadschap Hollands Noorderkwartier",
			ShortName: "Hollands Noorderkwartier",
		},
		{Ref: "ws0653", Key: "wetterskip-fryslan", Kind: WaterAuthority, OfficialName: "Wetterskip Fryslân", ShortName: "Wetterskip Fryslân"},
		{Ref: "ws0539", Key: "de-dommel", Kind: WaterAuthority, OfficialName: "Waterschap De Dommel", ShortName: "De Dommel"},
		{Ref: "so0676", Key: "veiligheidsregio-hollands-midden", Kind: JointOrg, OfficialName: "Veiligheidsregio Hollands Midden", ShortName: "VRHM"},
		{Ref: "so0713", Key: "omgevingsdienst-midden-holland", Kind: JointOrg, OfficialName: "Omgevingsdienst Midden-Holland", ShortName: "ODMH"},
		{Ref: "so0455", Key: "omgevingsdienst-west-holland", Kind: JointOrg, OfficialName: "Omgevingsdienst West-Holland", ShortName: "ODWH"},
		{Ref: "so0507", Key: "regio-holland-rijnland", Kind: JointOrg, OfficialName: "Regio Holland Rijnland", ShortName: "Holland Rijnland"},
		{Ref: "so0866", Key: "werkorganisatie-hlt-samen", Kind: JointOrg, OfficialName: "Werkorganisatie HLT Samen", ShortName: "HLTsamen"},
		{Ref: "so0522", Key: "hecht", Kind: JointOrg, OfficialName: "Hecht", ShortName: "Hecht"}, // once RDOG Hollands Midden
		{
			Ref: "mnre1109", Key: "ministerie-van-onderwijs-cultuur-en-wetenschap", Kind: State,
			OfficialName: "Ministerie van Onderwijs, Cultuur en Wetenschap", ShortName: "Onderwijs, Cultuur en Wetenschap",
		},
	} {
		o := byRef[want.Ref]
		got := Organisation{
			Ref: o.Ref, Key: o.Key, Kind: o.Kind, OfficialName: o.OfficialName, ShortName: o.ShortName, Province: o.Province, SafetyRegion: o.SafetyRegion,
		}
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if ended := byRef["gm1684"].ValidTo; !ended.Equal(day(2021, time.December, 31)) {
		t.Errorf("Cuijk ended on %v", ended)
	}
}

func TestKnownArrangements(t *testing.T) {
	table := table(t)
	participants := map[string][]string{}
	for _, p := range table.Participations {
		participants[p.Arrangement] = append(participants[p.Arrangement], p.Participant)
	}
	found := map[string]Arrangement{}
	for _, a := range table.Arrangements {
		found[a.Key] = a
		if len(participants[a.RooID]) < 2 {
			t.Errorf("%s has %d participants", a.Key, len(participants[a.RooID]))
		}
	}
	for _, c := range []struct {
		key, form, joint string
		with             []string
	}{
		{"veiligheidsregio-hollands-midden", "public_body", "so0676", []string{"gm0534", "gm1901"}},
		{"omgevingsdienst-midden-holland", "public_body", "so0713", []string{"gm1901", "pv28"}},
		{"omgevingsdienst-west-holland", "public_body", "so0455", []string{"gm0534", "pv28"}},
		{"regio-holland-rijnland", "public_body", "so0507", []string{"gm0534"}},
		{"hecht", "public_body", "so0522", []string{"gm0534", "gm1901"}},
		{"werkorganisatie-hlt-samen", "operations_org", "so0866", []string{"gm0534", "gm0553", "gm1525"}},
		{"bedrijfsvoering-bloemendaal-en-heemstede-2023", "plain_arrangement", "", []string{"gm0377", "gm0397"}},
		{"centrumregeling-afvalbeheer-leidse-regio", "lead_municipality", "", []string{"gm0546"}},
	} {
		a, ok := found[c.key]
		if !ok || a.Form != c.form || a.JointOrg != c.joint || a.InForceOn.IsZero() {
			t.Errorf("%s: got %+v", c.key, a)
		}
		for _, ref := range c.with {
			if !slices.Contains(participants[a.RooID], ref) {
				t.Errorf("%s: %s does not take part, only %v", c.key, ref, participants[a.RooID])
			}
		}
	}
}

// small is a table of one arrangement, to spoil.
func small() map[string]string {
	return map[string]string{
		organisationFile: `ref,key,kind,official_name,short_name,tooi_uri,cbs_code,oin,roo_id,` +
			`province,safety_region,inhabitants,seats,website,seat_place,valid_from,valid_to
gm0397,heemstede,municipality,Gemeente Heemstede,Heemstede,` +
			`https://identifier.overheid.nl/tooi/id/gemeente/gm0397,0397,00000001001509937000,24295,Noord-Holland,Kennemerland,27556,21,https://www.heemstede.nl,,,
so0676,vrhm,joint_org,Veiligheidsregio Hollands Midden,VRHM,https://identifier.overheid.nl/tooi/id/so/so0676,,,24185261,,,,,,Leiden,2010-10-08,
roo-12,stadt-kleve,other,Stadt Kleve,Stadt Kleve,,,,12,,,,,,,,
`,
		arrangementFile: `roo_id,key,name,short_name,form,register_code,joint_org,holder,in_force_on,delegation,policy,legal_bases,url
30005176,vrhm,Gemeenschappelijke Regeling VRHM,VRHM,public_body,OL,so0676,gm0397,2024-12-01,delegatie|mandaat,veiligheid,Gemeentewet,` +
			`https://lokaleregelgeving.overheid.nl/CVDR1
`,
		participationFile: `arrangement,participant,joined_on,organs,contribution_key
30005176,gm0397,2010-10-08,raad|college,21.5
`,
		abolishedFile: `cbs_code,name,ended_on,tooi_uri
0499,Boskoop,2013-12-31,
`,
	}
}

func load(t testing.TB, files map[string]string) (Table, error) {
	t.Helper()
	folder := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Load(folder)
}

func TestAFolderIsReadAsTheTableIs(t *testing.T) {
	got, err := load(t, small())
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Organisations) != 3 || *got.Organisations[0].Seats != 21 || got.Organisations[1].Inhabitants != nil {
		t.Errorf("got %+v", got.Organisations)
	}
	if p := got.Participations[0]; !slices.Equal(p.Organs, []string{"raad", "college"}) || p.ContributionKey != "21.5" ||
		!p.JoinedOn.Equal(day(2010, time.October, 8)) {
		t.Errorf("got %+v", p)
	}
	whole, err := Load("table")
	if err != nil || len(whole.Participations) != 3551 {
		t.Errorf("the folder of the table itself: %d participations, %v", len(whole.Participations), err)
	}
	windows := small()
	for name, content := range windows {
		windows[name] = "\ufeff" + strings.ReplaceAll(content, "\n", "\r\n")
	}
	if _, err := load(t, windows); err != nil {
		t.Errorf("saved by Excel: %v", err)
	}
}

func TestAFaultNamesFileLineAndColumn(t *testing.T) {
	for _, c := range []struct{ file, old, new, want string }{
		{organisationFile, "gm0397,heemstede,municipality", "gm0397,heemstede,gemeente", `organisaties.csv regel 2: kolom kind: "gemeente" is geen van`},
		{organisationFile, "so0676,vrhm", "so0676,heemstede", `organisaties.csv regel 3: kolom key: "heemstede" staat ook al op regel 2`},
		{organisationFile, "so0676,vrhm", "so0676,VRHM!", `organisaties.csv regel 3: kolom key: "VRHM!" mag alleen`},
		{organisationFile, "so0676,vrhm", "so0676," + strings.Repeat("a", 61), "is langer dan 60 tekens"},
		{organisationFile, "roo-12,stadt", "so0676,stadt", `organisaties.csv regel 4: kolom ref: "so0676" staat ook al op regel 3`},
		{organisationFile, "roo-12,stadt", "roo-13,stadt", `kolom ref: "roo-13" hoort niet bij roo_id 12`},
		{organisationFile, ",0397,", ",0398,", `organisaties.csv regel 2: kolom cbs_code: "0398" hoort niet bij gemeente gm0397`},
		{organisationFile, ",0397,", ",GM0397,", `"GM0397" is geen code van vier cijfers`},
		{organisationFile, "27556", "27.556", `organisaties.csv regel 2: kolom inhabitants: "27.556" is geen heel getal`},
		{organisationFile, "2010-10-08", "8-10-2010", `organisaties.csv regel 3: kolom valid_from: "8-10-2010" is geen datum (jjjj-mm-dd)`},
		{organisationFile, "2010-10-08,", "2010-10-08,2009-01-01", "organisaties.csv regel 3: kolom valid_to: ligt voor valid_from"},
		{organisationFile, "https://www.heemstede.nl", "javascript:alert(1)", `kolom website: "javascript:alert(1)" is geen webadres`},
		{organisationFile, "Gemeente Heemstede", "Gemeente  Heemstede", "heeft spaties of regeleinden te veel"},
		{organisationFile, "Gemeente Heemstede", strings.Repeat("é", 251), "organisaties.csv regel 2: kolom official_name: de tekst is langer dan 250 tekens"},
		{organisationFile, "Gemeente Heemstede", "", "organisaties.csv regel 2: kolom official_name: is leeg"},
		{organisationFile, "Gemeente Heemstede", `Gemeente "Heemstede"`, "organisaties.csv regel 2: de aanhalingstekens kloppen niet"},
		{organisationFile, "Gemeente Heemstede", "Gemeente \xe9", "organisaties.csv is niet opgeslagen als UTF-8"},
		{organisationFile, ",Stadt Kleve,", ",", "organisaties.csv regel 4: 16 kolommen in plaats van 17"},
		{organisationFile, "ref,key", "ref,sleutel", "organisaties.csv regel 1: kolom key ontbreekt"},
		{organisationFile, "ref,key", "ref,ref", "organisaties.csv regel 1: kolom ref staat er twee keer"},
		{arrangementFile, "so0676,gm0397", "so0001,gm0397", `regelingen.csv regel 2: kolom joint_org: "so0001" staat niet in organisaties.csv`},
		{arrangementFile, "so0676,gm0397", "gm0397,gm0397", `kolom joint_org: "gm0397" is geen samenwerkingsorganisatie`},
		{arrangementFile, "so0676,gm0397", "so0676,gm9999", `kolom holder: "gm9999" staat niet in organisaties.csv`},
		{arrangementFile, "public_body", "joint_organ", "regelingen.csv regel 2: kolom form: joint_organ past niet bij OL"},
		{arrangementFile, "2024-12-01", "", "regelingen.csv regel 2: kolom in_force_on: is leeg"},
		{arrangementFile, "delegatie|mandaat", "delegatie||mandaat", "er staat een leeg of scheef deel"},
		{arrangementFile, "delegatie|mandaat", "mandaat|mandaat", `"mandaat" staat er twee keer`},
		{participationFile, "30005176,gm0397", "30005177,gm0397", `deelnemingen.csv regel 2: kolom arrangement: "30005177" staat niet in regelingen.csv`},
		{participationFile, "30005176,gm0397", "30005176,gm0398", `deelnemingen.csv regel 2: kolom participant: "gm0398" staat niet in organisaties.csv`},
		{participationFile, "raad|college", "raad;college", `kolom organs: "raad;college" is geen van raad, college`},
		{
			participationFile, "21.5\n", "\n30005176,gm0397,,burgemeester,\n",
			`deelnemingen.csv regel 3: kolom participant: "gm0397" doet al mee aan 30005176 op regel 2`,
		},
		{participationFile, "21.5", "21,5", "6 kolommen in plaats van 5"},
		{abolishedFile, "2013-12-31", "", "opgeheven.csv regel 2: kolom ended_on: is leeg"},
		{abolishedFile, "2013-12-31,\n", "2013-12-31,\n0499,Boskoop,2013-12-31,\n", `opgeheven.csv regel 3: kolom cbs_code: "0499" staat ook al op regel 2`},
		{abolishedFile, "cbs_code,name,ended_on,tooi_uri", "cbs_code;name;ended_on;tooi_uri", "opgeheven.csv regel 1: de kolommen zijn gescheiden met puntkomma's"},
	} {
		files := small()
		if !strings.Contains(files[c.file], c.old) {
			t.Fatalf("%s has no %q", c.file, c.old)
		}
		files[c.file] = strings.Replace(files[c.file], c.old, c.new, 1)
		got, err := load(t, files)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q for %q: got %v, want %s", c.new, c.old, err, c.want)
		}
		if len(got.Organisations) > 0 {
			t.Errorf("%q for %q: a table came with the fault", c.new, c.old)
		}
	}
}

func TestFaultsAreGathered(t *testing.T) {
	files := small()
	var b strings.Builder
	b.WriteString(files[participationFile])
	for i := range 30 {
		fmt.Fprintf(&b, "30005176,gm1%03d,,,\n", i)
	}
	files[participationFile] = b.String()
	_, err := load(t, files)
	faults, ok := errors.AsType[*Faults](err)
	if !ok || len(faults.Shown) != 20 || faults.More != 10 {
		t.Fatalf("got %v", err)
	}
	if !strings.HasSuffix(err.Error(), "\n- en nog 10 andere fouten") {
		t.Errorf("got %v", err)
	}
}

func TestABrokenFileDoesNotAccuseTheOthers(t *testing.T) {
	files := small()
	delete(files, organisationFile)
	files[abolishedFile] = ""
	_, err := load(t, files)
	faults, ok := errors.AsType[*Faults](err)
	if want := []string{"organisaties.csv ontbreekt", "opgeheven.csv is leeg"}; !ok || !slices.Equal(faults.Shown, want) {
		t.Errorf("got %v, want %q", err, want)
	}
}

func TestABadFolderIsRefused(t *testing.T) {
	notAFolder := filepath.Join(t.TempDir(), "bestand")
	if err := os.WriteFile(notAFolder, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	folderForFile := t.TempDir()
	if err := os.Mkdir(filepath.Join(folderForFile, organisationFile), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"", "/bestaat/niet", t.TempDir(), notAFolder, folderForFile, "\x00"} {
		if _, err := Load(folder); err == nil {
			t.Errorf("%q was read", folder)
		} else if _, ok := errors.AsType[*Faults](err); !ok {
			t.Errorf("%q: got %v", folder, err)
		}
	}
}

func FuzzLoad(f *testing.F) {
	for name, content := range small() {
		f.Add(name, content)
		f.Add(name, content[:len(content)/2])
		f.Add(name, strings.ReplaceAll(content, ",", "\","))
		f.Add(name, strings.Repeat(content, 3))
		f.Add(name, "\x00\xff\n\n,,,\"")
	}
	f.Fuzz(func(t *testing.T, name, content string) {
		if _, ok := columnsOf[name]; !ok {
			return
		}
		folder := fstest.MapFS{}
		files := small()
		files[name] = content
		for name := range maps.Keys(files) {
			folder[name] = &fstest.MapFile{Data: []byte(files[name])}
		}
		table, err := read(folder)
		if err == nil {
			refs := map[string]bool{}
			for _, o := range table.Organisations {
				if o.Ref == "" || o.Key == "" || refs[o.Ref] {
					t.Errorf("read an organisation without its own ref and key: %+v", o)
				}
				refs[o.Ref] = true
			}
			for _, p := range table.Participations {
				if !refs[p.Participant] {
					t.Errorf("read a participation of nobody: %+v", p)
				}
			}
			return
		}
		faults, ok := errors.AsType[*Faults](err)
		if !ok || len(faults.Shown) == 0 || len(faults.Shown) > 20 || !utf8.ValidString(err.Error()) {
			t.Errorf("got %q", err)
		}
	})
}
