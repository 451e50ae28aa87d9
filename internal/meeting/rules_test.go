package meeting

import (
	"slices"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/rule"
)

var thursday = time.Date(2018, 6, 28, 15, 0, 0, 0, dutch.Zone)

func sitting() Meeting {
	return Meeting{Kind: GeneralBoard, StartsAt: thursday, EndsAt: thursday.Add(2 * time.Hour), Location: "Leiden", Open: true, State: Concept}
}

func board(notice int) []Organiser {
	return []Organiser{{BodyID: "b", BodyName: "Algemeen Bestuur", NoticeDays: &notice}}
}

func TestWhatStandsBetweenAnAgendaAndItsCall(t *testing.T) {
	t.Parallel()
	fine := Item{ID: "i", Label: "B.1", Matter: true, MatterTitle: "Fietspad", PublicTitle: "Fietspad", Minutes: 30}
	early := thursday.AddDate(0, 0, -20)
	for _, c := range []struct {
		name      string
		change    func(*Meeting, *[]Item, *time.Time)
		want      string // rule id; empty: nothing stands in the way
		wantGrade rule.Grade
	}{
		{"nothing", func(*Meeting, *[]Item, *time.Time) {}, "", 0},
		{
			"GW-19.1 the call is nine days before, ten are asked", func(_ *Meeting, _ *[]Item, at *time.Time) { *at = thursday.AddDate(0, 0, -9) },
			"GW-19.1", rule.Warn,
		},
		{"GW-19.1 ten days before is in time, whatever the hour", func(_ *Meeting, _ *[]Item, at *time.Time) {
			*at = time.Date(2018, 6, 18, 23, 59, 0, 0, dutch.Zone)
		}, "", 0},
		{"GW-19.1 the call comes after the start", func(_ *Meeting, _ *[]Item, at *time.Time) { *at = thursday.Add(time.Hour) }, "GW-19.1", rule.Warn},
		{"GW-19.2 no place", func(m *Meeting, _ *[]Item, _ *time.Time) { m.Location = " " }, "GW-19.2", rule.Hard},
		{"GW-19.2 online is a place", func(m *Meeting, _ *[]Item, _ *time.Time) { m.Location, m.OnlineURL = "", "https://vergader.example" }, "", 0},
		{"GW-19.2 an empty agenda", func(_ *Meeting, items *[]Item, _ *time.Time) { *items = nil }, "GW-19.2-agenda", rule.Hard},
		{"GW-19.2 only dropped items", func(_ *Meeting, items *[]Item, _ *time.Time) { (*items)[0].State = ItemDropped }, "GW-19.2-agenda", rule.Hard},
		{"GW-87 closed without ground", func(_ *Meeting, items *[]Item, _ *time.Time) {
			(*items)[0].Closed, (*items)[0].PublicTitle = true, NeutralTitle
		}, "GW-87", rule.Hard},
		{"closed under its real title", func(_ *Meeting, items *[]Item, _ *time.Time) {
			(*items)[0].Closed, (*items)[0].Ground = true, "5.1.2.b"
		}, "GW-19.2-titel", rule.Hard},
		{"a paper without attachments and without N.v.t.", func(_ *Meeting, items *[]Item, _ *time.Time) { (*items)[0].ProposalID = "p" }, "BIJLAGEN", rule.Warn},
		{"a paper that says N.v.t.", func(_ *Meeting, items *[]Item, _ *time.Time) {
			(*items)[0].ProposalID, (*items)[0].ProposalNa = "p", true
		}, "", 0},
		{"a withdrawn paper", func(_ *Meeting, items *[]Item, _ *time.Time) {
			(*items)[0].ProposalID, (*items)[0].ProposalState, (*items)[0].ProposalNa = "p", proposal.Withdrawn, true
		}, "VOORSTEL-B.1", rule.Hard},
		{"ten minutes over time", func(_ *Meeting, items *[]Item, _ *time.Time) { (*items)[0].Minutes = 130 }, "UITLOOP", rule.Warn},
		{"just in time", func(_ *Meeting, items *[]Item, _ *time.Time) { (*items)[0].Minutes = 120 }, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m, items, at := sitting(), []Item{fine}, early
			c.change(&m, &items, &at)
			found := Findings(m, board(10), nil, items, nil, at)
			if c.want == "" {
				if len(found) > 0 {
					t.Errorf("found %v, want nothing", found)
				}
				return
			}
			if len(found) != 1 || found[0].Rule != c.want || found[0].Grade != c.wantGrade {
				t.Errorf("found %v, want %s with grade %d", found, c.want, c.wantGrade)
			}
		})
	}
}

func TestAReasonCuresAWarningAndNeverAHardRule(t *testing.T) {
	t.Parallel()
	found := rule.Findings{{Rule: "GW-19.1", Grade: rule.Warn}, {Rule: "GW-87", Grade: rule.Hard, Text: "zonder grond"}}
	reasons := map[string]string{"GW-19.1": "spoed", "GW-87": "toch"}
	err := found.Unmet(reasons)
	fields, ok := err.(fault.Fields)
	if !ok || fields["GW-19.1"] != "" || fields["GW-87"] == "" {
		t.Errorf("got %v", err)
	}
	if got := found[:1].Unmet(reasons); got != nil {
		t.Errorf("a warning with a reason: %v", got)
	}
	if got := found.Reasons(reasons); got != "GW-19.1: spoed" {
		t.Errorf("the trail says %q", got)
	}
}

func TestLabelsFollowTheOrderUntilTheCallAndNeverAfter(t *testing.T) {
	t.Parallel()
	sections := []Section{{ID: "a", Letter: "A", FirstNumber: 1}, {ID: "b", Letter: "B", FirstNumber: 11}, {ID: "z", Letter: "", FirstNumber: 1}}
	places := arrange(sections, []place{{ID: "1", SectionID: "b"}, {ID: "2", SectionID: "a"}, {ID: "3", SectionID: "b"}, {ID: "4", SectionID: "z"}})
	renumber(sections, places)
	var labels []string
	for _, p := range places {
		labels = append(labels, p.Label)
	}
	if got := strings.Join(labels, " "); got != "A.1 B.11 B.12 1" {
		t.Errorf("labels %s", got)
	}
	if !slices.IsSortedFunc(places, func(a, b place) int { return a.Sequence - b.Sequence }) || places[3].Sequence != 4 {
		t.Errorf("sequence is not dense: %v", places)
	}
	if got := nextLabel(sections[1], places); got != "B.13" {
		t.Errorf("a late item gets %s, want the next number of its part", got)
	}
	if got := nextLabel(Section{Letter: "C", FirstNumber: 1}, places); got != "C.1" {
		t.Errorf("the first of a part gets %s", got)
	}
	if got := nextLabel(sections[2], places); got != "2" {
		t.Errorf("a part without a letter goes on with %s", got)
	}
}

func TestDroppedItemsTakeNoTime(t *testing.T) {
	t.Parallel()
	items := []Item{{Minutes: 10}, {Minutes: 20, State: ItemDropped}, {Minutes: 15}}
	clocks := Clocks(thursday, items)
	if got := dutch.Clock(clocks[2]); got != "15.10" {
		t.Errorf("the third item begins at %s", got)
	}
}

func TestAClosedMeetingKeepsItsTitleToItself(t *testing.T) {
	t.Parallel()
	end := thursday.Add(time.Hour)
	d := Draft{
		Kind: DailyBoard, Bodies: []id.Body{"b"}, StartsAt: &thursday, EndsAt: &end, Title: "Ontslag directeur", Description: "Om drie redenen",
		Chair: "A. Voor", Clerk: "B. Achter", OnlineURL: "https://x.example",
	}
	fields, _ := d.Check().(fault.Fields)
	for _, name := range []string{"title", "description", "chair", "clerk", "online_url"} {
		if fields[name] == "" {
			t.Errorf("%s of a closed meeting passed: everyone would read it", name)
		}
	}
	early := thursday.Add(-time.Hour)
	d.EndsAt = &early
	if fields, _ := d.Check().(fault.Fields); fields["ends_at"] == "" {
		t.Error("a meeting that ends before it begins passed")
	}
}
