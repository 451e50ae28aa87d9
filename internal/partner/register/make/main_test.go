package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"regiogriffie/internal/partner/register"
)

func TestTheTableIsWhatTheRegisterMakes(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(root, "..", "shared", "data", "registers")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the raw register is not here")
	}
	target := t.TempDir()
	if err := run([]string{folder, target}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"organisaties.csv", "regelingen.csv", "deelnemingen.csv", "opgeheven.csv"} {
		made, err := os.ReadFile(filepath.Join(target, name))
		if err != nil {
			t.Fatal(err)
		}
		kept, err := os.ReadFile(filepath.Join(root, "internal", "partner", "register", "table", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(made, kept) {
			t.Errorf("%s is not what the register makes; run the generator again", name)
		}
	}
	if _, err := register.Load(target); err != nil {
		t.Error(err)
	}
}

func TestRowsOfOneParticipantBecomeOne(t *testing.T) {
	o := &organisation{ref: "gm0397"}
	refs := references{map[string]*organisation{"t": o}, map[string]*organisation{}}
	heemstede := func(joined string, organs ...string) rawParticipant {
		return rawParticipant{rawRef: rawRef{Name: "Gemeente Heemstede", TOOI: "t"}, JoinedOn: joined, Organs: organs}
	}
	rows, err := participationRows(raw{arrangements: []rawArrangement{{RooID: "1", Participants: []rawParticipant{
		heemstede("2012-01-01", "Burgemeester"), heemstede("2010-01-01", "Gemeenteraad", "Burgemeester"),
	}}}}, refs)
	if err != nil || len(rows) != 1 || rows[0][2] != "2010-01-01" || rows[0][3] != "raad|burgemeester" {
		t.Errorf("got %q, %v", rows, err)
	}
}

func TestSlug(t *testing.T) {
	for _, c := range []struct {
		name    string
		longest int
		want    string
	}{
		{"Heemstede", 60, "heemstede"},
		{"'s-Hertogenbosch", 60, "s-hertogenbosch"},
		{"Súdwest-Fryslân", 60, "sudwest-fryslan"},
		{"Hunze en Aa's", 60, "hunze-en-aas"},
		{"Dienst Gezondheid & Jeugd", 60, "dienst-gezondheid-en-jeugd"},
		{"Duo+", 60, "duo-plus"},
		{"O.L.G.B.", 60, "olgb"},
		{"Uitvoeringsdienst Utrecht 2.0", 60, "uitvoeringsdienst-utrecht-2-0"},
		{"Gennep, Mook en Middelaar", 18, "gennep-mook"},
		{"Industrieschap", 5, "indus"},
		{"", 60, ""},
	} {
		if got := slug(c.name, c.longest); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestClean(t *testing.T) {
	for name, want := range map[string]string{
		"Tilburg \u2010 Dongen":                         "Tilburg - Dongen",
		"Regeling “Participatiebedrijf KempenPlus”":     "Regeling Participatiebedrijf KempenPlus",
		"Centrum ‘Groninger Archieven’":                 "Centrum Groninger Archieven",
		"(EGTS) 'Linieland van Waas en Hulst'":          "(EGTS) Linieland van Waas en Hulst",
		"Stadsgewest 's-Hertogenbosch":                  "Stadsgewest 's-Hertogenbosch",
		"Wet veiligheidsregio’s":                        "Wet veiligheidsregio's",
		"Regionaal  Platform Wonen\u00a0Zeeuwsch\u200b": "Regionaal Platform Wonen Zeeuwsch",
	} {
		if got := clean(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestSmallCorrections(t *testing.T) {
	for _, c := range []struct{ what, got, want string }{
		{"as of the first", lastDay("2022-01-01"), "2021-12-31"},
		{"the last day", lastDay("2013-12-31"), "2013-12-31"},
		{"no end", lastDay(""), ""},
		{"place", place("Nieuwerkerk Aan Den Ijssel"), "Nieuwerkerk aan den IJssel"},
		{"place with rest of postcode", place("Kx Eindhoven"), "Eindhoven"},
		{"Den Haag", place("Den Haag"), "Den Haag"},
		{"website", website("www.avres.nl"), "https://www.avres.nl"},
		{"contact page", website("https://wijzijnhecht.nl/contact/"), "https://wijzijnhecht.nl"},
		{"share", contribution("4,0"), "4"},
		{"share with a fraction", contribution("21,5"), "21.5"},
		{"water authority", waterAuthorityName("De Dommel"), "Waterschap De Dommel"},
		{"hoogheemraadschap", waterAuthorityShort("Hoogheemraadschap van Rijnland"), "Rijnland"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, c.got, c.want)
		}
	}
}

func TestARegisterThatIsNotThereIsRefused(t *testing.T) {
	if err := run([]string{t.TempDir(), t.TempDir()}); err == nil {
		t.Error("an empty folder made a table")
	}
}
