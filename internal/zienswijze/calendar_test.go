package zienswijze

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/term"
)

func d(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func text(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Format(time.DateOnly)
}

func TestLatestDispatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, ab, want string }{
		{"WGR-35.1: AB on Thursday 9 July 2026", "2026-07-09", "2026-04-16"},
		{"WGR-35.1: adoption on 14 September at the latest", "2026-09-14", "2026-06-22"},
		{"WGR-35.1: back to Easter Monday, which does not move it", "2019-06-17", "2019-04-22"},
		{"WGR-35.1: eight weeks before July 2022", "2021-07-08", "2021-05-13"},
		{"WGR-35.1: on the border the old term holds for what was sent under it", "2022-09-22", "2022-06-30"},
		{"WGR-35.1: from then on twelve weeks", "2022-09-23", "2022-07-01"},
	} {
		if got := text(LatestDispatch(d(c.ab))); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		kind          Kind
		sent, ab, set string
		want, rule    string
	}{
		{"WGR-1: received on 2 March 2026, 56 days end on Koningsdag, so 28 April", Arrangement, "2026-03-02", "", "", "2026-04-28", "WGR-1"},
		{"WGR-1: no board to wait for", Arrangement, "2026-03-02", "2026-04-01", "", "2026-04-28", "WGR-1"},
		{"WGR-35.1: twelve weeks from sending, the weekend does not move it", Budget, "2026-03-21", "2026-07-09", "", "2026-06-13", "WGR-35.1"},
		{"WGR-35.3: in any case the day before the board meets", Budget, "2026-04-16", "2026-07-09", "", "2026-07-08", "WGR-35.3"},
		{"WGR-35.1: an amendment goes alike", Amendment, "2026-03-21", "2026-07-09", "", "2026-06-13", "WGR-35.1"},
		{"WGR-35.1: eight weeks for what was sent before July 2022", Budget, "2021-04-01", "2021-07-08", "", "2021-05-27", "WGR-35.1"},
		{"WGR-35.1: no board day known", Budget, "2026-03-21", "", "", "2026-06-13", "WGR-35.1"},
		{"WGR-10.5: the day that was set", Decision, "2026-03-02", "2026-06-01", "2026-05-01", "2026-05-01", "WGR-10.5"},
		{"WGR-10.6: before the board decides", Decision, "2026-03-02", "2026-04-20", "2026-05-01", "2026-04-19", "WGR-10.6"},
		{"WGR-25/31a: nothing set, no day", Wishes, "2026-03-02", "2026-04-20", "", "-", "WGR-25/31a"},
	} {
		var ab, set time.Time
		if c.ab != "" {
			ab = d(c.ab)
		}
		if c.set != "" {
			set = d(c.set)
		}
		due, id := Due(c.kind, d(c.sent), ab, set)
		if text(due) != c.want || id != c.rule {
			t.Errorf("%s: got %s under %s, want %s under %s", c.name, text(due), id, c.want, c.rule)
		}
	}
}

func TestCycle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		year int
		ab   string
		want string
	}{
		{
			"the budget of 2027, adopted on 9 July 2026", 2027, "2026-07-09",
			"WGR-34b 2026-04-29, WGR-35.1 2026-04-16, WGR-35.2 2026-04-16, WGR-35.3 2026-07-08, WGR-35.4 2026-07-08, WGR-34.1 2026-07-09, WGR-34.2 " +
				"2026-07-23, WGR-34.3 2028-07-14",
		},
		{
			"adopted late: before 15 September counts", 2027, "2026-09-10",
			"WGR-34b 2026-04-29, WGR-35.1 2026-06-18, WGR-35.2 2026-06-18, WGR-35.3 2026-09-09, WGR-35.4 2026-09-09, WGR-34.1 2026-09-10, WGR-34.2 " +
				"2026-09-14, WGR-34.3 2028-07-14",
		},
		{
			"no board day yet: as late as it can be", 2027, "",
			"WGR-34b 2026-04-29, WGR-35.1 2026-06-22, WGR-35.3 -, WGR-34.1 2026-09-14, WGR-34.2 2026-09-14, WGR-34.3 2028-07-14",
		},
		{
			"the old law: eight weeks, 15 April, 1 August", 2022, "2021-06-30",
			"WGR-34b 2021-04-14, WGR-35.1 2021-05-05, WGR-35.2 2021-05-05, WGR-35.3 2021-06-29, WGR-35.4 2021-06-29, WGR-34.1 2021-06-30, WGR-34.2 " +
				"2021-07-14, WGR-34.3 2023-07-14",
		},
		{
			"two weeks that end on a Saturday run to Monday", 2028, "2027-07-03",
			"WGR-34b 2027-04-29, WGR-35.1 2027-04-10, WGR-35.2 2027-04-10, WGR-35.3 2027-07-02, WGR-35.4 2027-07-02, WGR-34.1 2027-07-03, WGR-34.2 " +
				"2027-07-19, WGR-34.3 2029-07-14",
		},
	} {
		var ab time.Time
		if c.ab != "" {
			ab = d(c.ab)
		}
		var got []string
		for _, x := range Cycle(c.year, ab, collaboration.PublicBody) {
			got = append(got, x.Rule+" "+text(x.On))
			if x.Name == "" || x.Why == "" {
				t.Errorf("%s: %s says nothing", c.name, x.Rule)
			}
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, s, c.want)
		}
	}
	if last := beforeSeptember(2022); text(last) != "2021-07-31" {
		t.Errorf("WGR-34.2, old law: %s", text(last))
	}
}

func TestTheTermsOfWhatWasSent(t *testing.T) {
	t.Parallel()
	year, ab, sent, due := 2027, d("2026-07-09"), d("2026-03-20"), d("2026-06-12")
	p := Procedure{SentOn: &sent, DueOn: &due, DueRule: "WGR-35.1", Form: collaboration.PublicBody, Facts: Facts{Kind: Budget, Year: &year, ABOn: &ab}}
	got := ""
	for _, x := range p.Terms(d("2026-03-21")) {
		if x.Name == "Zienswijzen binnen" {
			got += x.Rule + " " + text(x.On) + " " + x.Why
		}
	}
	if got != "WGR-35.1 2026-06-12 Twaalf weken na de dag van verzending. Een weekend of feestdag schuift niet op." {
		t.Errorf("sent early, the councils have until %s", got)
	}
	p = Procedure{Facts: Facts{Kind: Decision, ABOn: &ab, RepliesDue: &due}, Form: collaboration.JointOrgan}
	var rules []string
	for _, x := range p.Terms(d("2026-03-21")) {
		rules = append(rules, x.Rule+" "+text(x.On))
	}
	if s := strings.Join(rules, ", "); s != "WGR-10.5 2026-06-12, WGR-10.6 2026-07-08,  2026-07-09" {
		t.Errorf("a decision: %s", s)
	}
	for _, x := range append(Cycle(2027, ab, collaboration.PublicBody), p.Terms(d("2026-03-21"))...) {
		if x.Rule != "" && Article(x.Rule) == "" {
			t.Errorf("%s has no article", x.Rule)
		}
	}
}

func TestDispatchRules(t *testing.T) {
	t.Parallel()
	ab, year := d("2026-07-09"), 2027
	f := Facts{Kind: Budget, Year: &year, ABOn: &ab}
	if found := DispatchRules(f, d("2026-04-16")); len(found) != 0 {
		t.Errorf("WGR-35.1, sent in time: %v", found)
	}
	if found := DispatchRules(f, d("2026-04-17")); len(found) != 1 || found[0].Rule != "WGR-35.1" || found.Unmet(nil) == nil ||
		found.Unmet(map[string]string{"WGR-35.1": "Het kan niet anders."}) != nil {
		t.Errorf("WGR-35.1, a day late: %v", found)
	}
	old, of2022 := d("2021-06-30"), 2022
	if found := DispatchRules(Facts{Kind: Budget, Year: &of2022, ABOn: &old}, d("2021-05-06")); len(found) != 1 || !strings.Contains(found[0].Text, "acht weken") {
		t.Errorf("WGR-35.1, a day late under the old law: %v", found)
	}
	other := 2028
	f.Year = &other
	if found := DispatchRules(f, d("2026-04-16")); len(found) != 1 || found[0].Rule != "WGR-34.1" {
		t.Errorf("WGR-34.1, a year too early: %v", found)
	}
	if found := DispatchRules(Facts{Kind: Arrangement, ABOn: &ab}, d("2026-07-08")); len(found) != 0 {
		t.Errorf("a draft arrangement waits for no board: %v", found)
	}
}

func TestMeetingRules(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: 1, 1: 1, 2: 0, 6: 0} {
		if found := MeetingRules("algemeen bestuur", 2026, n); len(found) != want {
			t.Errorf("WGR-22 with %d meetings: %v", n, found)
		}
	}
}

var summer = Span{"Zomerreces", d("2026-07-11"), d("2026-08-23")}

func TestLastSafe(t *testing.T) {
	t.Parallel()
	from, due := d("2026-04-16"), d("2026-07-08") // a Wednesday
	for _, c := range []struct {
		name                   string
		calendar               Calendar
		due                    time.Time
		meeting, papers, extra string
		bites                  int
	}{
		{
			"the last of several",
			Calendar{Meetings: []time.Time{d("2026-06-25"), d("2026-05-21"), d("2026-07-07")}, PapersDue: 21},
			due, "2026-07-07",
			"2026-06-16", "-", 0,
		},
		{
			"on the day itself is too late: it leaves the next working day",
			Calendar{Meetings: []time.Time{d("2026-07-08"), d("2026-05-21")}},
			due,
			"2026-05-21", "2026-05-21", "-", 0,
		},
		{
			"a Thursday before Good Friday: Tuesday is too late for Monday",
			Calendar{Meetings: []time.Time{d("2026-04-02"), d("2026-04-01")}},
			d("2026-04-06"), "2026-04-01", "2026-04-01", "-", 0,
		},
		{
			"a meeting whose papers were due before the draft was there does not count",
			Calendar{Meetings: []time.Time{d("2026-05-06")}, PapersDue: 21},
			due, "-", "2026-06-16", "2026-07-07", 0,
		},
		{"no meeting known: when an extra one would do", Calendar{PapersDue: 10}, due, "-", "2026-06-27", "2026-07-07", 0},
		{
			"a recess at the end: the extra one comes before it, and so do its papers",
			Calendar{Recesses: []Span{{"Meireces", d("2026-06-20"), d("2026-07-20")}}, PapersDue: 7},
			due, "-", "2026-06-12", "2026-06-19", 1,
		},
		{
			"papers due in a recess come before it",
			Calendar{Meetings: []time.Time{d("2026-08-27")}, Recesses: []Span{summer}, PapersDue: 14},
			d("2026-09-08"), "2026-08-27", "2026-07-10", "-", 1,
		},
		{"no room at all", Calendar{Recesses: []Span{{"Alles", d("2026-01-01"), d("2026-12-31")}}}, due, "-", "-", "-", 1},
	} {
		start := from
		if c.due.Before(from) {
			start = d("2026-03-01")
		}
		s := LastSafe(c.calendar, start, c.due)
		if text(s.Meeting) != c.meeting || text(s.Papers) != c.papers || text(s.Extra) != c.extra || len(s.Bites) != c.bites {
			t.Errorf("%s: got %s, papers %s, extra %s, %d recesses", c.name, text(s.Meeting), text(s.Papers), text(s.Extra), len(s.Bites))
		}
	}
}

func TestARecessInTheTermIsCounted(t *testing.T) {
	t.Parallel()
	s := LastSafe(Calendar{Recesses: []Span{
		summer,
		{"Herfstreces", d("2026-10-17"), d("2026-10-25")},
		{"Voorjaarsreces", d("2026-02-14"), d("2026-02-22")},
	}}, d("2026-07-01"), d("2026-10-20"))
	if len(s.Bites) != 2 || s.Bites[0].Days != 44 || s.Bites[1].Days != 4 || s.Bites[0].Left != 111-44-4 {
		t.Errorf("got %+v", s.Bites)
	}
	if got, want := s.Bites[0].Text(), "Zomerreces (11 juli 2026 t/m 23 augustus 2026) valt in de termijn: er blijven 63 dagen over."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestConcern(t *testing.T) {
	t.Parallel()
	due, early, late, papersDue := d("2026-07-08"), d("2026-06-25"), d("2026-07-08"), 14
	safe := Safe{Meeting: early, Papers: d("2026-06-11")}
	for _, c := range []struct {
		name string
		view View
		safe Safe
		at   string
		want string
	}{
		{"in time and to be planned", View{ID: "v", State: Received, PapersDueDays: &papersDue}, safe, "2026-06-01", ""},
		{"papers are late", View{ID: "v", State: Received, PapersDueDays: &papersDue}, safe, "2026-06-12", "De stukken hadden er al moeten zijn"},
		{"nobody knows when papers are due", View{ID: "v", State: Received}, safe, "2026-06-12", ""},
		{"the last meeting was", View{ID: "v", State: Received}, safe, "2026-06-26", "De laatste vergadering op tijd is geweest"},
		{"no meeting known", View{ID: "v", State: Received}, Safe{Extra: early}, "2026-06-01", "Geen vergadering op tijd bekend: plan er een uiterlijk 25 jun"},
		{"no day left", View{ID: "v", State: Received}, Safe{Extra: early}, "2026-06-26", "Er is geen dag meer waarop de raad op tijd kan besluiten"},
		{"never a day", View{State: ""}, Safe{}, "2026-06-01", "Er is geen dag meer waarop de raad op tijd kan besluiten"},
		{"planned in time", View{ID: "v", State: Scheduled, MeetingOn: &early}, safe, "2026-06-26", ""},
		{
			"planned on the last day, after which no working day is left",
			View{ID: "v", State: Scheduled, MeetingOn: &late},
			safe, "2026-06-26",
			"De gekozen vergadering is te laat",
		},
		{"the term is over", View{ID: "v", State: Adopted}, safe, "2026-07-09", "De termijn is voorbij"},
		{"no view", View{ID: "v", State: None}, Safe{}, "2026-07-09", ""},
		{"sent in time", View{ID: "v", State: ViewSent, SentOn: &early}, Safe{}, "2026-07-09", ""},
		{"sent on the last day", View{ID: "v", State: Answered, SentOn: &due}, Safe{}, "2026-07-09", ""},
		{"sent late", View{ID: "v", State: Answered, SentOn: func() *time.Time { l := d("2026-07-09"); return &l }()}, Safe{}, "2026-07-10", "Te laat verzonden"},
	} {
		if got := c.view.Concern(c.safe, due, d(c.at)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	if got := (View{ID: "v", State: Received}).Concern(Safe{}, time.Time{}, d("2026-07-10")); got != "" {
		t.Errorf("without a last day: %q", got)
	}
}

func TestUndecided(t *testing.T) {
	t.Parallel()
	on, papersDue := d("2026-06-25"), 21
	at := func(key string, s ViewState) View {
		return View{ID: "v", State: s, OrgKey: key, MeetingOn: &on, PapersDueDays: &papersDue, Meetings: []time.Time{d("2026-05-21"), on}}
	}
	got := Undecided([]View{at("a", Received), at("b", Scheduled), at("c", Adopted), at("d", None), at("e", ViewSent), at("f", Answered), {OrgKey: "g"}})
	var keys []string
	for _, c := range got {
		keys = append(keys, fmt.Sprintf("%s:%d:%d", c.Key, len(c.Meetings), c.PapersDue))
	}
	if s := strings.Join(keys, " "); s != "a:2:21 b:1:0 g:0:0" {
		t.Errorf("got %s", s)
	}
}

// random makes a calendar around 2026, with up to n meetings.
func random(r *rand.Rand, key string, n int) Calendar {
	c := Calendar{Key: key, Name: "Raad " + key, PapersDue: r.IntN(30)}
	for range r.IntN(n + 1) {
		c.Meetings = append(c.Meetings, days(d("2026-01-01"), r.IntN(300)))
	}
	for i := range r.IntN(4) {
		from := days(d("2026-01-01"), r.IntN(300))
		c.Recesses = append(c.Recesses, Span{fmt.Sprint("Reces ", i), from, days(from, r.IntN(50))})
	}
	return c
}

func TestAnEarlierBoardNeverGivesALaterLastSafeDate(t *testing.T) {
	t.Parallel()
	r, compared := rand.New(rand.NewPCG(7, 1)), 0
	for range 4000 {
		c := random(r, "a", 12)
		ab := days(d("2026-04-01"), r.IntN(200))
		before := days(ab, -r.IntN(40))
		var last [2]Safe
		for i, day := range []time.Time{before, ab} {
			dispatch := LatestDispatch(day)
			due, _ := Due(Budget, dispatch, day, time.Time{})
			last[i] = LastSafe(c, dispatch, due)
			if m := last[i].Meeting; !m.IsZero() && (term.WorkingDays(m, 1).After(due.Add(time.Hour)) || last[i].Papers.Before(dispatch)) {
				t.Fatalf("not safe: %+v for a board on %s", last[i], text(day))
			}
		}
		if last[0].Meeting.IsZero() || last[1].Meeting.IsZero() {
			continue
		}
		compared++
		if last[0].Meeting.After(last[1].Meeting) {
			t.Fatalf("board on %s: %s; on %s: %s\n%+v", text(before), text(last[0].Meeting), text(ab), text(last[1].Meeting), c)
		}
	}
	if compared < 1000 {
		t.Errorf("only %d compared", compared)
	}
	for day := d("2021-01-01"); day.Before(d("2024-01-01")); day = days(day, 1) {
		if LatestDispatch(day).After(LatestDispatch(days(day, 1))) {
			t.Fatalf("a board on %s can be sent to later than one a day after", text(day))
		}
	}
}

func TestAlign(t *testing.T) {
	t.Parallel()
	at := func(name string, papers int, on ...string) Calendar {
		c := Calendar{Key: name, Name: name, PapersDue: papers}
		for _, s := range on {
			c.Meetings = append(c.Meetings, d(s))
		}
		return c
	}
	a := at("Hillegom", 14, "2026-05-07", "2026-06-04")
	b := at("Katwijk", 10, "2026-05-21", "2026-06-18")
	c := at("Leiden", 21, "2026-06-04", "2026-06-02", "2026-07-02")
	got := Align([][]Calendar{{a, b, c}}, d("2026-04-16"), d("2026-07-07"))
	leg := got.Legs[0]
	var seen []string
	for _, w := range leg.Windows {
		seen = append(seen, text(w.From)+"/"+text(w.Until))
	}
	if s := strings.Join(seen, " "); s != "2026-05-07/2026-06-02 2026-05-21/2026-06-04 2026-06-04/2026-06-18" {
		t.Errorf("windows: %s", s)
	}
	if !got.Fits || leg.Bottleneck != "Leiden" || text(*leg.Done) != "2026-06-02" || leg.Week != nil {
		t.Errorf("got %+v", leg)
	}

	// In the week of Monday 1 June they could all meet.
	b.Meetings = append(b.Meetings, d("2026-06-03"))
	if leg = Align([][]Calendar{{a, b, c}}, d("2026-04-16"), d("2026-07-07")).Legs[0]; leg.Week == nil || text(*leg.Week) != "2026-06-01" {
		t.Errorf("week: %v", leg.Week)
	}

	// One after another: the board needs its papers by 2 July, and the council decides before that.
	board := at("AB", 7, "2026-07-09", "2026-05-28")
	got = Align([][]Calendar{{a, c}, {board}}, d("2026-04-16"), d("2026-07-10"))
	if !got.Fits || text(got.Legs[0].Until) != "2026-07-02" || text(got.Legs[1].From) != "2026-06-02" || text(*got.Legs[1].Done) != "2026-07-09" {
		t.Errorf("got %+v", got)
	}

	// Without a meeting in time it says who needs one, and when.
	late := at("Noordwijk", 14, "2026-04-20", "2026-07-10")
	late.Recesses = []Span{{"Reces", d("2026-07-01"), d("2026-08-15")}}
	got = Align([][]Calendar{{a, late}, {board}}, d("2026-04-16"), d("2026-07-10"))
	want := []Extra{{Key: "Noordwijk", Name: "Noordwijk", By: d("2026-06-30"), Papers: d("2026-06-16")}}
	if got.Fits || got.Legs[0].Bottleneck != "Noordwijk" || !reflect.DeepEqual(got.Legs[0].Missing, want) || len(got.Legs[1].Missing) != 0 {
		t.Errorf("got %+v", got)
	}
	if none := Align([][]Calendar{{at("Nooit", 90)}}, d("2026-04-16"), d("2026-05-01")); none.Fits || !none.Legs[0].Missing[0].By.IsZero() {
		t.Errorf("no day is left, and still it names one: %+v", none)
	}
	if empty := Align([][]Calendar{{}}, d("2026-04-16"), d("2026-05-01")); !empty.Fits {
		t.Errorf("nobody has to decide: %+v", empty)
	}
}

func TestTheOrderOfBodiesDoesNotMatter(t *testing.T) {
	t.Parallel()
	r, fits := rand.New(rand.NewPCG(3, 9)), 0
	for range 500 {
		var steps [][]Calendar
		for s := range 1 + r.IntN(3) {
			var bodies []Calendar
			for i := range 1 + r.IntN(8) {
				bodies = append(bodies, random(r, fmt.Sprint(s, "-", i), 30))
			}
			steps = append(steps, bodies)
		}
		from := days(d("2026-01-01"), r.IntN(60))
		until := days(from, 60+r.IntN(200))
		want := Align(steps, from, until)
		if want.Fits {
			fits++
		}
		for _, bodies := range steps {
			r.Shuffle(len(bodies), func(i, j int) { bodies[i], bodies[j] = bodies[j], bodies[i] })
			for _, c := range bodies {
				r.Shuffle(len(c.Meetings), func(i, j int) { c.Meetings[i], c.Meetings[j] = c.Meetings[j], c.Meetings[i] })
			}
		}
		if got := Align(steps, from, until); !reflect.DeepEqual(got, want) {
			t.Fatalf("another order, another answer:\n%+v\n%+v", want, got)
		}
		checkWindows(t, steps, want)
	}
	if fits < 50 || fits > 450 {
		t.Errorf("%d of 500 fit: the calendars prove little", fits)
	}
}

// checkWindows asks of each window that all bodies meet in it, that it cannot be shorter, and that none was missed.
func checkWindows(t *testing.T, steps [][]Calendar, a Alignment) {
	t.Helper()
	for i, leg := range a.Legs {
		all := func(from, until time.Time) bool {
			return !slices.ContainsFunc(steps[i], func(c Calendar) bool {
				return !slices.ContainsFunc(c.Meetings, func(m time.Time) bool {
					return !m.Before(from) && !m.After(until) && !c.papers(m).Before(leg.From)
				})
			})
		}
		for _, w := range leg.Windows {
			if !all(w.From, w.Until) || all(days(w.From, 1), w.Until) || all(w.From, days(w.Until, -1)) {
				t.Fatalf("window %s to %s of step %d is none", text(w.From), text(w.Until), i)
			}
		}
		for from := leg.From; !from.After(leg.Until); from = days(from, 1) {
			for until := from; !until.After(leg.Until); until = days(until, 1) {
				if !all(from, until) {
					continue
				}
				if !slices.ContainsFunc(leg.Windows, func(w Window) bool { return !w.From.Before(from) && !w.Until.After(until) }) {
					t.Fatalf("%s to %s of step %d has no window", text(from), text(until), i)
				}
				break
			}
		}
	}
}

func country(bodies, meetings int) []Calendar {
	r := rand.New(rand.NewPCG(1, 1))
	var all []Calendar
	for i := range bodies {
		c := Calendar{Key: fmt.Sprint(i), Name: fmt.Sprint("Raad ", i), PapersDue: 7 + i%14, Recesses: []Span{
			{"Voorjaar", d("2026-02-14"), d("2026-02-22")},
			{"Mei", d("2026-04-25"), d("2026-05-10")},
			summer,
			{"Herfst", d("2026-10-17"), d("2026-10-25")},
			{"Kerst", d("2026-12-19"), d("2027-01-03")},
		}}
		for range meetings {
			c.Meetings = append(c.Meetings, days(d("2026-01-05"), r.IntN(360)))
		}
		all = append(all, c)
	}
	return all
}

// BenchmarkAlign is the whole country: 342 councils with 40 meetings each, and a board after them.
func BenchmarkAlign(b *testing.B) {
	steps := [][]Calendar{country(342, 40), country(1, 40)}
	b.ReportAllocs()
	for b.Loop() {
		if a := Align(steps, d("2026-01-05"), d("2026-12-31")); len(a.Legs) != 2 {
			b.Fatal(a)
		}
	}
}

// BenchmarkLastSafe is the last safe date of each of them.
func BenchmarkLastSafe(b *testing.B) {
	all := country(342, 40)
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range all {
			LastSafe(c, d("2026-04-16"), d("2026-07-08"))
		}
	}
}

func TestWhenAGriffieIsRemindedOfWhatSheDidNotPlan(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		c      Calendar
		remind string
	}{
		{
			"before the papers of the last meeting in time",
			Calendar{Meetings: []time.Time{d("2026-05-21"), d("2026-06-18"), d("2026-07-09")}, PapersDue: 10},
			"2026-05-25",
		},
		{"before the last meeting itself, when its papers need not be there before", Calendar{Meetings: []time.Time{d("2026-06-18")}}, "2026-06-04"},
		{"before the last day of an extra meeting", Calendar{PapersDue: 7}, "2026-06-16"},
		{"earlier when a recess takes those days", Calendar{PapersDue: 7, Recesses: []Span{{From: d("2026-06-20"), Until: d("2026-07-20")}}}, "2026-05-29"},
		{"before the last day when no meeting can be in time any more", Calendar{PapersDue: 200}, "2026-06-24"},
	} {
		due := d("2026-07-08")
		if got := text(RemindOn(LastSafe(c.c, d("2026-04-15"), due), due)); got != c.remind {
			t.Errorf("%s: got %s, want %s", c.name, got, c.remind)
		}
	}
}
