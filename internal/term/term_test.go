package term

import (
	"testing"
	"time"
)

func on(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02", s, zone)
	if err != nil {
		panic(err)
	}
	return t
}

func TestTERM(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		m, err := time.ParseInLocation("2006-01-02 15.04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, c := range []struct {
		name string
		got  time.Time
		want time.Time
	}{
		{"AB on Thursday 9 July 2026: draft budget sent by 16 April 2026", Back(on("2026-07-09"), 84), on("2026-04-16")},
		{"adopted on 9 July 2026: at GS by 23 July", Forward(on("2026-07-09"), 14), on("2026-07-23")},
		{"draft regeling received on 2 March 2026: 56 days end on Koningsdag, so 28 April", Forward(on("2026-03-02"), 56), on("2026-04-28")},
		{"second meeting: call delivered Tuesday 20.40, start Wednesday 20.40", Hours(at("2026-03-03 20.40"), 24), at("2026-03-04 20.40")},
		{"adoption on 14 September at the latest means dispatch on 22 June", Back(on("2026-09-14"), 84), on("2026-06-22")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if !c.got.Equal(c.want) {
				t.Errorf("got %s, want %s", c.got, c.want)
			}
		})
	}
}

func TestForward(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		start string
		days  int
		want  string
	}{
		{"ends on a working day", "2018-06-04", 14, "2018-06-18"},
		{"Saturday moves to Monday", "2018-06-02", 14, "2018-06-18"},
		{"Sunday moves to Monday", "2018-06-03", 14, "2018-06-18"},
		{"Good Friday moves over Easter to Tuesday", "2019-04-05", 14, "2019-04-23"},
		{"Christmas on Wednesday and Thursday moves to Friday", "2019-12-11", 14, "2019-12-27"},
		{"New Year", "2018-12-18", 14, "2019-01-02"},
		{"Koningsdag on Saturday 26 April 2025 moves to Monday", "2025-04-12", 14, "2025-04-28"},
		{"a day by decree, then the weekend", "2022-05-13", 14, "2022-05-30"},
		{"twelve weeks are extended", "2019-01-26", 84, "2019-04-23"}, // Saturday 20 April, then Easter Monday
		{"thirteen weeks are not", "2019-01-19", 91, "2019-04-20"},
		{"over the change of clock in March", "2018-03-19", 14, "2018-04-03"}, // 2 April is Easter Monday
		{"three days hold two working days", "2019-04-18", 3, "2019-04-24"},   // Good Friday to Easter Monday off
		{"two days need not", "2018-06-01", 2, "2018-06-04"},
		{"no days is the day itself", "2018-06-03", 0, "2018-06-03"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Forward(on(c.start), c.days); !got.Equal(on(c.want)) {
				t.Errorf("Forward(%s, %d) = %s, want %s", c.start, c.days, got, c.want)
			}
		})
	}
}

func TestADayIsADayInAmsterdam(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, time.July, 8, 22, 30, 0, 0, time.UTC) // 0.30 on the 9th
	if got := Back(late, 84); !got.Equal(on("2026-04-16")) {
		t.Errorf("Back = %s", got)
	}
	if got := Forward(late, 14); !got.Equal(on("2026-07-23")) {
		t.Errorf("Forward = %s", got)
	}
}

func TestBackDoesNotMove(t *testing.T) {
	t.Parallel()
	for event, want := range map[string]string{
		"2019-07-13": "2019-04-20", // a Saturday
		"2019-07-15": "2019-04-22", // Easter Monday
	} {
		if got := Back(on(event), 84); !got.Equal(on(want)) {
			t.Errorf("Back(%s) = %s, want %s", event, got, want)
		}
	}
}

func TestWorkingDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2018-06-28", 1, "2018-06-29"},
		{"2018-06-28", 2, "2018-07-02"},
		{"2018-06-30", 1, "2018-07-02"},
		{"2018-06-30", 0, "2018-06-30"},
		{"2018-07-02", -1, "2018-06-29"},
		{"2019-04-18", 1, "2019-04-23"},
		{"2019-04-23", -1, "2019-04-18"},
		{"2018-12-24", 3, "2018-12-31"},
		{"2018-12-31", 1, "2019-01-02"},
	} {
		if got := WorkingDays(on(c.from), c.n); !got.Equal(on(c.want)) {
			t.Errorf("WorkingDays(%s, %d) = %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestHoursCountAsTheyPass(t *testing.T) {
	t.Parallel()
	from := time.Date(2018, time.March, 24, 20, 40, 0, 0, zone)
	if got, want := Hours(from, 24), time.Date(2018, time.March, 25, 21, 40, 0, 0, zone); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestHolidays(t *testing.T) {
	t.Parallel()
	want := []string{
		"2026-01-01 Nieuwjaarsdag", "2026-04-03 Goede Vrijdag", "2026-04-06 Tweede Paasdag", "2026-04-27 Koningsdag",
		"2026-05-05 Bevrijdingsdag", "2026-05-14 Hemelvaartsdag", "2026-05-25 Tweede Pinksterdag",
		"2026-12-25 Eerste Kerstdag", "2026-12-26 Tweede Kerstdag",
	}
	got := Holidays(2026)
	if len(got) != len(want) {
		t.Fatalf("got %d holidays, want %d", len(got), len(want))
	}
	for i, h := range got {
		if s := h.Date.Format("2006-01-02 ") + h.Name; s != want[i] {
			t.Errorf("got %s, want %s", s, want[i])
		}
	}
	if extra := Holidays(2022); len(extra) != 10 {
		t.Errorf("2022 has %d holidays, want 10: one by decree", len(extra))
	}
}

func TestEaster(t *testing.T) {
	t.Parallel()
	for _, want := range []string{
		"1943-04-25", "2000-04-23", "2008-03-23", "2011-04-24", "2016-03-27", "2018-04-01", "2019-04-21", "2020-04-12",
		"2021-04-04", "2022-04-17", "2023-04-09", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16",
		"2038-04-25", "2049-04-18", "2076-04-19", "2100-03-28",
	} {
		if got := easterSunday(on(want).Year()); !got.Equal(on(want)) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestKoningsdag(t *testing.T) {
	t.Parallel()
	for year, want := range map[int]string{2014: "2014-04-26", 2018: "2018-04-27", 2025: "2025-04-26", 2026: "2026-04-27"} {
		found := false
		for _, h := range Holidays(year) {
			found = found || h.Name == "Koningsdag" && h.Date.Equal(on(want))
		}
		if !found {
			t.Errorf("Koningsdag %d is not %s", year, want)
		}
	}
}

func TestDaysByDecreeAreData(t *testing.T) {
	t.Parallel()
	days, err := parseDecrees("# uitleg\n\n2026-05-15 Dag na Hemelvaart\n2026-12-24  Kerstavond \n")
	if err != nil || len(days[2026]) != 2 || days[2026][1].Name != "Kerstavond" || !days[2026][0].Date.Equal(on("2026-05-15")) {
		t.Errorf("got %v, %v", days, err)
	}
	for _, wrong := range []string{"15-05-2026 Dag na Hemelvaart", "2026-05-15", "2026-02-30 Geen dag"} {
		if _, err := parseDecrees(wrong); err == nil {
			t.Errorf("%q is taken for a day with a name", wrong)
		}
	}
}

// Whatever the day of start, a term of up to 90 days ends on a working day; one reckoned back keeps its distance.
func TestATermNeverEndsOnADayTheLawExcludes(t *testing.T) {
	t.Parallel()
	for start := on("2017-12-01"); start.Before(on("2031-01-01")); start = start.AddDate(0, 0, 1) {
		for _, days := range []int{1, 2, 3, 14, 56, 84, 90} {
			end := Forward(start, days)
			if !Open(end) {
				t.Fatalf("Forward(%s, %d) ends on %s", start.Format(time.DateOnly), days, end.Format("Monday 2006-01-02"))
			}
			if end.Before(start.AddDate(0, 0, days)) {
				t.Fatalf("Forward(%s, %d) ends early, on %s", start.Format(time.DateOnly), days, end.Format(time.DateOnly))
			}
		}
		if back := Back(start, 84); !back.AddDate(0, 0, 84).Equal(start) {
			t.Fatalf("Back(%s, 84) = %s", start.Format(time.DateOnly), back.Format(time.DateOnly))
		}
	}
}
