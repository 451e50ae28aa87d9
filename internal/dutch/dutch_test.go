package dutch

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	m, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestWriting(t *testing.T) {
	t.Parallel()
	ab := moment(t, "2018-06-28T13:00:00Z")
	for _, c := range []struct{ name, got, want string }{
		{"Date", Date(ab), "28 juni 2018"},
		{"Weekday", Weekday(ab), "donderdag 28 juni 2018"},
		{"ShortDate", ShortDate(ab), "28 jun"},
		{"ShortDate in March", ShortDate(moment(t, "2018-03-25T12:00:00Z")), "25 mrt"},
		{"ShortWeekday", ShortWeekday(ab), "do 28 jun"},
		{"DateKey", DateKey(ab), "2018-06-28"},
		{"Clock", Clock(ab), "15.00"},
		{"Clock in the morning", Clock(moment(t, "2018-06-28T09:30:00+02:00")), "9.30"},
		{"Clock after midnight", Clock(moment(t, "2018-06-28T00:05:00+02:00")), "0.05"},
		{"ClockRange", ClockRange(ab, ab.Add(130*time.Minute)), "15.00–17.10 uur"},
		{"DateTime", DateTime(ab), "donderdag 28 juni 2018 om 15.00 uur"},
		{"the day of Amsterdam, not of UTC", DateTime(moment(t, "2018-12-31T23:15:00Z")), "dinsdag 1 januari 2019 om 0.15 uur"},
		{"from another zone", Clock(moment(t, "2018-06-28T09:00:00-04:00")), "15.00"},
		{"a date of the database", Weekday(moment(t, "2018-06-28T00:00:00Z")), "donderdag 28 juni 2018"},
		{"Minutes", Minutes(20), "20 min"},
		{"Plural of one", Plural(1, "raad", "raden"), "raad"},
		{"Plural of none", Plural(0, "raad", "raden"), "raden"},
		{"Capital", Capital("twee zaken"), "Twee zaken"},
		{"Capital of one", Capital(InWords(1) + " zaak"), "Eén zaak"},
		{"Capital with an accent", Capital("échte"), "Échte"},
		{"Capital of nothing", Capital(""), ""},
		{"PersonName", PersonName("A.", "van", "Erk"), "A. van Erk"},
		{"PersonName without infix", PersonName("H.", "", "Lenferink"), "H. Lenferink"},
		{"PersonName without initials", PersonName(" ", "van der", "Kamp"), "van der Kamp"},
		{"Count one", Count(1, "voorstel", "voorstellen"), "1 voorstel"},
		{"Count two", Count(2, "voorstel", "voorstellen"), "2 voorstellen"},
		{"Count none", Count(0, "voorstel", "voorstellen"), "0 voorstellen"},
		{"Count many", Count(1234, "voorstel", "voorstellen"), "1.234 voorstellen"},
		{"InWords one", InWords(1), "één"},
		{"InWords three", InWords(3), "drie"},
		{"InWords twelve", InWords(12), "twaalf"},
		{"InWords thirteen", InWords(13), "13"},
		{"InWords none", InWords(0), "0"},
		{"List of none", List(nil), ""},
		{"List of one", List([]string{"a"}), "a"},
		{"List of two", List([]string{"a", "b"}), "a en b"},
		{"List of three", List([]string{"a", "b", "c"}), "a, b en c"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestEveryMonthAndDayHasItsName(t *testing.T) {
	t.Parallel()
	want := []string{
		"dinsdag 1 januari 2019", "vrijdag 1 februari 2019", "vrijdag 1 maart 2019", "maandag 1 april 2019",
		"woensdag 1 mei 2019", "zaterdag 1 juni 2019", "maandag 1 juli 2019", "donderdag 1 augustus 2019",
		"zondag 1 september 2019", "dinsdag 1 oktober 2019", "vrijdag 1 november 2019", "zondag 1 december 2019",
	}
	for i, w := range want {
		if got := Weekday(time.Date(2019, time.Month(i+1), 1, 12, 0, 0, 0, Zone)); got != w {
			t.Errorf("got %q, want %q", got, w)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1.000", 1301000: "1.301.000", -1234: "-1.234"} {
		if got := Number(n); got != want {
			t.Errorf("Number(%d) = %q, want %q", n, got, want)
		}
	}
	for cents, want := range map[int64]string{
		0: "€ 0", 130100000: "€ 1.301.000", 1042: "€ 10,42", 5: "€ 0,05", 100: "€ 1", 123456: "€ 1.234,56",
		-42: "€ -0,42", -130100000: "€ -1.301.000", math.MinInt64: "€ -92.233.720.368.547.758,08",
	} {
		if got := Euros(cents); got != want {
			t.Errorf("Euros(%d) = %q, want %q", cents, got, want)
		}
	}
	for n, want := range map[int64]string{
		0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1000: "1 kB", 96_000: "96 kB", 96_400: "96 kB", 210_499: "210 kB",
		999_499: "999 kB", 999_500: "1 MB", 4_200_000: "4,2 MB", 4_000_000: "4 MB", 25_160_000: "25,2 MB",
		999_400_000: "999,4 MB", 1_500_000_000: "1,5 GB", 5_000_000_000_000_000: "5000 TB",
	} {
		if got := Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestGreeting(t *testing.T) {
	t.Parallel()
	for hour, want := range map[int]string{
		0: "Goedenavond", 4: "Goedenavond", 5: "Goedemorgen", 11: "Goedemorgen", 12: "Goedemiddag", 17: "Goedemiddag",
		18: "Goedenavond", 23: "Goedenavond",
	} {
		if got := Greeting(time.Date(2018, time.November, 22, hour, 59, 0, 0, Zone)); got != want {
			t.Errorf("at %d o'clock: got %q, want %q", hour, got, want)
		}
	}
	if got := Greeting(moment(t, "2018-07-01T10:30:00Z")); got != "Goedemiddag" {
		t.Errorf("12.30 in Amsterdam: got %q", got)
	}
}

func TestRelative(t *testing.T) {
	t.Parallel()
	today := time.Date(2018, time.November, 22, 23, 30, 0, 0, Zone)
	for day, want := range map[string]string{
		"2018-11-20": "2 dagen te laat", "2018-11-21": "1 dag te laat", "2018-11-22": "vandaag", "2018-11-23": "morgen",
		"2018-11-24": "over 2 dagen", "2018-11-28": "over 6 dagen", "2019-04-01": "over 130 dagen",
	} {
		d, err := ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		if got := Relative(d, today); got != want {
			t.Errorf("%s: got %q, want %q", day, got, want)
		}
	}
	spring := time.Date(2018, time.March, 24, 12, 0, 0, 0, Zone)
	if got := Relative(time.Date(2018, time.March, 26, 0, 0, 0, 0, Zone), spring); got != "over 2 dagen" {
		t.Errorf("over the change of clock: got %q", got)
	}
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"2018-06-28", "28-6-2018", "28-06-2018", "28/06/2018", "28/6/2018", "28.6.2018", "28 juni 2018", "28 jun. 2018",
		"28 jun 2018", " 28  Juni\t2018 ", "28 JUNI 2018", "donderdag 28 juni 2018", "do 28 jun 2018",
	} {
		got, err := ParseDate(s)
		if err != nil || !got.Equal(time.Date(2018, time.June, 28, 0, 0, 0, 0, Zone)) || got.Location() != Zone {
			t.Errorf("ParseDate(%q) = %v, %v", s, got, err)
		}
	}
	for s, want := range map[string]string{
		"1 mrt. 2019": "2019-03-01", "1 maart 2019": "2019-03-01", "5 sept. 2019": "2019-09-05", "5 sep 2019": "2019-09-05",
		"29-2-2020": "2020-02-29", "31 okt. 2018": "2018-10-31", "6 mei 2018": "2018-05-06",
	} {
		got, err := ParseDate(s)
		if err != nil || DateKey(got) != want {
			t.Errorf("ParseDate(%q) = %v, %v, want %s", s, got, err, want)
		}
	}
	for _, s := range []string{
		"", "morgen", "28-6-18", "29-2-2019", "31 juni 2018", "0-6-2018", "32-1-2018", "28-13-2018", "2018-00-10",
		"2018-06-31", "28 june 2018", "28-6/2018", "28 juni", "juni 2018", "vrijdag 28 juni 2018", "28 juni 20188",
		"1-1-0000", "-28-6-2018", "2018-06-28T00:00:00Z", "28 juni 2018 <b>", strings.Repeat(" ", 1000) + "28-6-2018",
	} {
		if got, err := ParseDate(s); err == nil {
			t.Errorf("ParseDate(%q) = %v, want an error", s, got)
		}
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	for d := time.Date(1900, time.January, 1, 12, 0, 0, 0, time.UTC); d.Year() < 2101; d = d.AddDate(0, 0, 1) {
		want := d.Format(time.DateOnly)
		for _, s := range []string{want, Date(d), Weekday(d)} {
			got, err := ParseDate(s)
			if err != nil || DateKey(got) != want {
				t.Fatalf("ParseDate(%q) = %v, %v, want %s", s, got, err, want)
			}
		}
	}
}

func TestParseClock(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]ClockTime{
		"15.00": {15, 0}, "15:00": {15, 0}, "15 uur": {15, 0}, "9.30": {9, 30}, "09:30": {9, 30}, "9.30 uur": {9, 30},
		"15uur": {15, 0}, " 20.15 Uur ": {20, 15}, "0.00": {0, 0}, "23:59": {23, 59}, "2200": {22, 0}, "0930 uur": {9, 30},
	} {
		if got, err := ParseClock(s); err != nil || got != want {
			t.Errorf("ParseClock(%q) = %v, %v, want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"", "15", "24.00", "24 uur", "15.60", "15.5", "-1.00", "25:10", "15.00.00", "drie uur", "930", "2460", "15000", "15:00 PM"} {
		if got, err := ParseClock(s); err == nil {
			t.Errorf("ParseClock(%q) = %v, want an error", s, got)
		}
	}
}

func TestAt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day   string
		clock ClockTime
		want  string
	}{
		{"2018-06-28", ClockTime{15, 0}, "2018-06-28T13:00:00Z"},
		{"2018-12-13", ClockTime{20, 0}, "2018-12-13T19:00:00Z"},
		{"2018-03-25", ClockTime{1, 59}, "2018-03-25T00:59:00Z"},
		{"2018-03-25", ClockTime{3, 0}, "2018-03-25T01:00:00Z"},
		{"2018-10-28", ClockTime{1, 59}, "2018-10-27T23:59:00Z"},
		{"2018-10-28", ClockTime{2, 0}, "2018-10-28T00:00:00Z"},
		{"2018-10-28", ClockTime{2, 30}, "2018-10-28T00:30:00Z"},
		{"2018-10-28", ClockTime{3, 0}, "2018-10-28T02:00:00Z"},
	} {
		day, err := ParseDate(c.day)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := At(day, c.clock); err != nil || !got.Equal(moment(t, c.want)) {
			t.Errorf("At(%s, %s) = %v, %v, want %s", c.day, c.clock, got, err, c.want)
		}
	}
	for _, c := range []ClockTime{{2, 0}, {2, 30}, {2, 59}, {24, 0}, {12, 60}, {-1, 0}} {
		if got, err := At(time.Date(2018, time.March, 25, 0, 0, 0, 0, Zone), c); err == nil {
			t.Errorf("At(25 March 2018, %s) = %v, want an error", c, got)
		}
	}
	late := moment(t, "2018-06-27T22:30:00Z") // 0.30 on the 28th
	if got, err := At(late, ClockTime{15, 0}); err != nil || !got.Equal(moment(t, "2018-06-28T13:00:00Z")) {
		t.Errorf("the day of Amsterdam: got %v, %v", got, err)
	}
}

func TestSortKey(t *testing.T) {
	t.Parallel()
	want := []string{
		"Aalders", "Atsma", "van den Berg", "Bergman", "el Bouazzati", "van Erk", "Évers", "Evertsen", "in 't Groen",
		"’t Hart", "van der Kamp", "Kampen", "Lenferink", "Nienhuis", "de Vos", "Zuidijk",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int { return strings.Compare(SortKey(a), SortKey(b)) })
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if SortKey("van Erk") == SortKey("Erk") {
		t.Error("with and without infix have one key")
	}
	if SortKey("Van") == SortKey("") {
		t.Error("a name of infixes alone is lost")
	}
}

func TestUprightLeavesOutWhatTurnsTheReadingDirection(t *testing.T) {
	t.Parallel()
	for _, r := range "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" {
		if got := Upright("voor" + string(r) + "stel"); got != "voorstel" {
			t.Errorf("%U: %q", r, got)
		}
	}
	for _, text := range []string{"", "Één voorstel", "‘zo’ – €\u00a01.000", "a\u200bb\u2065\u206a", "\xff", "שלום"} {
		if got := Upright(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}
