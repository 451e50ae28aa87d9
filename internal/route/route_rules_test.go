package route_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/id"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/internal/rule"
)

func onDay(s string) *time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return &t
}

// step writes a step as "1 Leiden verzonden", with "!" for one that the route depends on and "=rejected" for what was decided.
func stepFrom(text string) route.Step {
	f := strings.Fields(text)
	s := route.Step{
		ID: id.New[id.Step](), BodyName: "Raad", OrgName: strings.TrimSuffix(f[1], "!"), Authoritative: strings.HasSuffix(f[1], "!"),
		Treatment: proposal.Decisive,
	}
	fmt.Sscan(f[0], &s.Sequence)
	state, outcome, _ := strings.Cut(f[2], "=")
	s.State, s.Outcome = route.StepState(state), proposal.DecisionKind(outcome)
	s.Key = s.OrgName + f[0]
	return s
}

func routeOf(texts ...string) []route.Step {
	var list []route.Step
	for _, t := range texts {
		list = append(list, stepFrom(t))
	}
	return list
}

func rules(found rule.Findings) string {
	var list []string
	for _, f := range found {
		list = append(list, fmt.Sprintf("%s/%d", f.Rule, f.Grade))
	}
	return strings.Join(list, " ")
}

const (
	warned  = "ROUTE-VOLGORDE/1"
	binding = "ROUTE-BINDEND/2"
	unsure  = "ROUTE-OVERGESLAGEN/1"
)

func TestWhatMayBeSent(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		before []string
		want   string
	}{
		"nothing before":            {nil, ""},
		"treated":                   {[]string{"1 Leiden behandeld=rejected"}, ""},
		"waiting":                   {[]string{"1 Leiden verzonden"}, warned},
		"on an agenda":              {[]string{"1 Leiden geagendeerd", "1 Lisse behandeld=adopted"}, warned},
		"refused, skipped, expired": {[]string{"1 Leiden geweigerd", "1 Lisse overgeslagen", "1 Hillegom verlopen"}, ""},
		"depends, positive": {[]string{
			"1 Leiden! behandeld=adopted", "1 Lisse! behandeld=adopted_amended",
			"1 Hillegom! behandeld=formal_view", "1 Katwijk! behandeld=approval", "1 Noordwijk! behandeld=noted",
		}, ""},
		"depends, rejected":                  {[]string{"1 Leiden! behandeld=rejected"}, binding},
		"depends, taken back":                {[]string{"1 Leiden! behandeld=withdrawn"}, binding},
		"depends, not yet":                   {[]string{"1 Leiden! verzonden"}, binding},
		"depends, refused":                   {[]string{"1 Leiden! geweigerd"}, binding},
		"depends, expired":                   {[]string{"1 Leiden! verlopen"}, binding},
		"depends, skipped with a reason":     {[]string{"1 Leiden! overgeslagen"}, unsure},
		"depends, decided behind doors":      {[]string{"1 Leiden! behandeld"}, unsure},
		"both":                               {[]string{"1 Leiden! verzonden", "1 Lisse verzonden"}, binding + " " + warned},
		"beside it counts not":               {[]string{"2 Leiden! verzonden"}, ""},
		"behind it counts not":               {[]string{"3 Leiden! behandeld=rejected"}, ""},
		"an earlier step that was not asked": {[]string{"1 Leiden gepland"}, warned},
	} {
		all := append(routeOf(row.before...), stepFrom("2 Bodegraven gepland"))
		if got := rules(route.SendFindings(all, all[len(all)-1:], proposaltestNow)); got != row.want {
			t.Errorf("%s: got %q, want %q", name, got, row.want)
		}
	}
}

var proposaltestNow = time.Date(2026, time.April, 16, 22, 30, 0, 0, time.UTC) // 17 April in Amsterdam

func TestTermsOfTheLaw(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ term, now, deadline, want string }{
		{"WGR-35.1", "2026-04-16", "2026-07-09", ""}, // 84 days
		{"WGR-35.1", "2026-04-17", "2026-07-09", "WGR-35.1/1"},
		{"WGR-35.1", "2026-04-16", "2026-04-15", "ROUTE-TERMIJN/1"},
		{"WGR-1", "2026-03-02", "2026-04-28", ""}, // 56 days end on Koningsdag
		{"WGR-1", "2026-03-02", "2026-04-27", "WGR-1/0"},
		{"", "2026-03-02", "2026-03-02", ""},
		{"", "2026-03-02", "2026-03-01", "ROUTE-TERMIJN/1"},
	} {
		s := stepFrom("1 Leiden gepland")
		s.TermRule, s.Deadline = row.term, onDay(row.deadline)
		if got := rules(route.SendFindings([]route.Step{s}, []route.Step{s}, onDay(row.now).Add(9*time.Hour))); got != row.want {
			t.Errorf("%s on %s for %s: got %q, want %q", row.term, row.now, row.deadline, got, row.want)
		}
	}
}

func TestLate(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		state             route.StepState
		planned, deadline *time.Time
		want              bool
	}{
		{route.StepSent, nil, nil, false},
		{route.StepSent, nil, onDay("2026-04-17"), false}, // today, in Amsterdam
		{route.StepSent, nil, onDay("2026-04-16"), true},
		{route.StepSent, onDay("2026-04-16"), onDay("2026-05-01"), true},
		{route.StepPlanned, onDay("2026-04-16"), nil, true},
		{route.StepScheduled, nil, onDay("2026-04-16"), true},
		{route.StepTreated, nil, onDay("2026-04-16"), false},
		{route.StepRefused, nil, onDay("2026-04-16"), false},
		{route.StepSkipped, nil, onDay("2026-04-16"), false},
		{route.StepExpired, nil, onDay("2026-04-16"), false},
	} {
		if got := (route.Step{State: row.state, PlannedOn: row.planned, Deadline: row.deadline}).Late(proposaltestNow); got != row.want {
			t.Errorf("%+v: got %v", row, got)
		}
	}
}

func TestNextAndStopped(t *testing.T) {
	t.Parallel()
	all := routeOf("1 Leiden behandeld=adopted", "2 Lisse gepland", "2 Hillegom gepland", "2 Katwijk verzonden", "3 Noordwijk! behandeld=rejected",
		"4 Teylingen gepland")
	if got := named(route.Next(all)); got != "Hillegom2 Lisse2" {
		t.Errorf("next: %q", got)
	}
	if got := named(route.Stopped(all)); got != "Noordwijk3" {
		t.Errorf("stopped: %q", got)
	}
	if got := route.Count(all, proposaltestNow).String(); got != "2 behandeld · 1 nog niet op een agenda · 3 nog niet verzonden" {
		t.Errorf("progress: %q", got)
	}
	if got := route.Next(routeOf("1 Leiden verzonden")); len(got) != 0 {
		t.Errorf("next of what is all sent: %v", got)
	}
}

func named(list []route.Step) string {
	var names []string
	for _, s := range list {
		names = append(names, s.Key)
	}
	return strings.Join(names, " ")
}

// Whatever the order in which steps were added, every rule says the same.
func TestTheOrderOfAddingDoesNotMatter(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	outcomes := []proposal.DecisionKind{"", proposal.Adopted, proposal.Rejected, proposal.Noted, proposal.TakenBack}
	met := map[string]bool{}
	for range 2000 {
		var all []route.Step
		for n := range 1 + random.IntN(12) {
			s := stepFrom(fmt.Sprintf("%d Plaats%c gepland", 1+random.IntN(4), 'A'+n))
			s.Authoritative, s.State = random.IntN(3) == 0, route.StepStates[random.IntN(len(route.StepStates))]
			if s.State == route.StepTreated {
				s.Outcome = outcomes[random.IntN(len(outcomes))]
			}
			if random.IntN(2) == 0 {
				s.Deadline = onDay(fmt.Sprintf("2026-0%d-10", 3+random.IntN(6)))
				s.TermRule = []string{"", "WGR-1", "WGR-35.1"}[random.IntN(3)]
			}
			all = append(all, s)
		}
		tell := func(list []route.Step) string {
			sending := route.Next(list)
			found := route.SendFindings(list, sending, proposaltestNow)
			return fmt.Sprint(found, " / ", named(sending), " / ", named(route.Stopped(list)), " / ", route.Count(list, proposaltestNow))
		}
		want := tell(all)
		shuffled := slices.Clone(all)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got := tell(shuffled); got != want {
			t.Fatalf("added in another order:\n%s\n%s", got, want)
		}
		for _, s := range route.Next(all) {
			if s.State != route.StepPlanned {
				t.Fatalf("%s is %s and would be sent", s.Key, s.State)
			}
		}
		// A route is stopped exactly as long as something binding behind it was refused a yes.
		for _, f := range route.SendFindings(all, route.Next(all), proposaltestNow) {
			met[f.Rule] = true
		}
	}
	for _, id := range []string{route.RuleOrder, route.RuleAuthoritative, route.RuleSkipped, route.RulePast, route.RuleBudgetTerm, route.RuleChangeTerm} {
		if !met[id] {
			t.Errorf("no route met %s: the property says nothing of it", id)
		}
	}
}

func TestEveryKindOfDecisionMeansSomethingForARoute(t *testing.T) {
	t.Parallel()
	want := map[proposal.DecisionKind]bool{
		proposal.Adopted: true, proposal.AdoptedAmended: true, proposal.Noted: true, proposal.FormalView: true, proposal.Approval: true,
		proposal.PersonAppointment: true, proposal.Rejected: false, proposal.PutOff: false, proposal.TakenBack: false,
	}
	for _, k := range proposal.DecisionKinds {
		positive, known := want[k]
		if !known || k.Positive() != positive {
			t.Errorf("%s: %v", k, k.Positive())
		}
	}
	if proposal.DecisionKind("").Positive() {
		t.Error("no decision is no yes")
	}
}

func TestLastSafeDay(t *testing.T) {
	t.Parallel()
	meeting := time.Date(2026, time.June, 3, 18, 0, 0, 0, time.UTC)
	if got := route.LastSafe(onDay("2026-06-18"), &meeting, 10); got.Format(time.DateOnly) != "2026-05-24" {
		t.Errorf("with a meeting: %v", got)
	}
	if got := route.LastSafe(onDay("2026-06-18"), nil, 10); got.Format(time.DateOnly) != "2026-06-18" {
		t.Errorf("without: %v", got)
	}
	if got := route.LastSafe(nil, nil, 10); got != nil {
		t.Errorf("without anything: %v", got)
	}
}

func TestAPlanMakesTheSteps(t *testing.T) {
	t.Parallel()
	a, b, board := id.New[id.Body](), id.New[id.Body](), id.New[id.Body]()
	receivers := []route.Receiver{{OrgName: "Leiden", BodyID: a}, {OrgName: "Zonder raad"}, {OrgName: "Lisse", BodyID: b}}
	tell := func(plan route.Plan, board id.Body) string {
		var list []string
		for _, s := range plan.Steps(receivers, board) {
			text := fmt.Sprintf("%d %s", s.Sequence, s.Treatment)
			if s.Authoritative {
				text += "!"
			}
			for _, day := range []*time.Time{s.Deadline, s.PlannedOn} {
				if day != nil {
					text += " " + day.Format("02-01")
				}
			}
			list = append(list, strings.TrimSpace(text+" "+s.TermRule))
		}
		return strings.Join(list, ", ")
	}
	for _, row := range []struct {
		plan  route.Plan
		board id.Body
		want  string
	}{
		{
			route.Plan{Template: route.JointBudget, CouncilsBy: onDay("2026-06-18"), BoardOn: onDay("2026-07-09")},
			board,
			"1 formal_view 18-06 WGR-35.1, 1 formal_view 18-06 WGR-35.1, 2 decisive! 09-07",
		},
		{
			route.Plan{Template: route.JointBudget, BoardOn: onDay("2026-07-09")},
			board,
			"1 formal_view 25-06 WGR-35.1, 1 formal_view 25-06 WGR-35.1, 2 decisive! 09-07",
		},
		{route.Plan{Template: route.JointBudget, CouncilsBy: onDay("2026-06-18")}, "", "1 formal_view 18-06 WGR-35.1, 1 formal_view 18-06 WGR-35.1"},
		{
			route.Plan{Template: route.Arrangement, CouncilsBy: onDay("2026-06-18")},
			board,
			"1 formal_view 18-06 WGR-1, 1 formal_view 18-06 WGR-1, 2 approval!, 2 approval!",
		},
		{route.Plan{Template: route.JointProposal, CouncilsBy: onDay("2026-06-18")}, board, "1 exploratory, 1 exploratory, 2 decisive! 18-06, 2 decisive! 18-06"},
		{route.Plan{Template: route.Information, CouncilsBy: onDay("2026-06-18")}, board, "1 informative 18-06, 1 informative 18-06"},
	} {
		if got := tell(row.plan, row.board); got != row.want {
			t.Errorf("%s:\ngot  %s\nwant %s", row.plan.Template, got, row.want)
		}
	}
}

func TestAPlanThatIsNotComplete(t *testing.T) {
	t.Parallel()
	c := id.New[id.Collaboration]()
	for _, row := range []struct {
		plan  route.Plan
		wrong string
	}{
		{route.Plan{Template: route.JointBudget, CollaborationID: c, BoardOn: onDay("2026-07-09")}, ""},
		{route.Plan{Template: route.Information, CollaborationID: c, CouncilsBy: onDay("2026-04-17")}, ""},
		{route.Plan{}, "collaboration_id councils_by template"},
		{route.Plan{Template: "anders", CollaborationID: c, CouncilsBy: onDay("2026-04-16")}, "councils_by template"},
		{route.Plan{Template: route.Information, CollaborationID: c, BoardOn: onDay("2026-07-09")}, "councils_by"},
		{route.Plan{Template: route.JointBudget, CollaborationID: c, CouncilsBy: onDay("2026-07-09"), BoardOn: onDay("2026-07-09")}, "councils_by"},
	} {
		if got := faults(row.plan.Check(proposaltestNow)); got != row.wrong {
			t.Errorf("%+v: got %q, want %q", row.plan, got, row.wrong)
		}
	}
}

func TestWhatAskingViewsFindsOnTheRoute(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		route []string // those of Leiden and Lisse ask a view
		want  string
	}{
		"no route yet":                           {nil, ""},
		"planned side by side":                   {[]string{"1 Leiden gepland", "1 Lisse gepland", "2 Bestuur! gepland"}, ""},
		"planned one after another":              {[]string{"1 Leiden gepland", "2 Lisse gepland"}, ""},
		"after another that is not done":         {[]string{"1 Bestuur verzonden", "2 Leiden gepland"}, warned},
		"after one that was done":                {[]string{"1 Bestuur behandeld=adopted", "2 Leiden gepland"}, ""},
		"after a no that counts":                 {[]string{"1 Bestuur! behandeld=rejected", "2 Leiden gepland"}, binding},
		"beside the board that has it before":    {[]string{"1 Bestuur verzonden"}, ""},
		"all have it":                            {[]string{"1 Bestuur! verzonden", "2 Leiden verzonden", "2 Lisse behandeld=formal_view"}, ""},
		"a term that passed is of the procedure": {[]string{"1 Leiden gepland", "1 Lisse gepland"}, ""},
	} {
		steps := routeOf(row.route...)
		leiden, lisse := id.New[id.Body](), id.New[id.Body]()
		for n := range steps {
			steps[n].BodyID = id.New[id.Body]()
			if body, ok := map[string]id.Body{"Leiden": leiden, "Lisse": lisse}[steps[n].OrgName]; ok {
				steps[n].BodyID, steps[n].Treatment, steps[n].Deadline = body, proposal.ForView, onDay("2018-01-01")
			}
		}
		if got := rules(route.ViewFindings(steps, []id.Body{leiden, lisse}, *onDay("2018-06-01"))); got != row.want {
			t.Errorf("%s: got %q, want %q", name, got, row.want)
		}
	}
}

// A body that promised a day and let it pass is overdue since that day, though the law gives it longer.
func TestOverdueIsSinceTheFirstDayThatPassed(t *testing.T) {
	now := time.Date(2026, time.November, 26, 9, 0, 0, 0, time.UTC)
	day := func(days int) *time.Time { d := now.AddDate(0, 0, days); return &d }
	for name, c := range map[string]struct {
		step route.Step
		want *time.Time
	}{
		"no day":                   {route.Step{State: route.StepSent}, nil},
		"today is in time":         {route.Step{State: route.StepSent, PlannedOn: day(0), Deadline: day(0)}, nil},
		"promised yesterday":       {route.Step{State: route.StepSent, PlannedOn: day(-1), Deadline: day(40)}, day(-1)},
		"both passed":              {route.Step{State: route.StepScheduled, PlannedOn: day(-9), Deadline: day(-2)}, day(-9)},
		"the deadline passed":      {route.Step{State: route.StepSent, Deadline: day(-2)}, day(-2)},
		"what is done is not late": {route.Step{State: route.StepTreated, PlannedOn: day(-9), Deadline: day(-2)}, nil},
	} {
		got := c.step.Overdue(now)
		if (got == nil) != (c.want == nil) || got != nil && !got.Equal(*c.want) || c.step.Late(now) != (c.want != nil) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
