package rule_test

import (
	"errors"
	"testing"

	"regiogriffie/internal/fault"
	"regiogriffie/internal/rule"
)

func TestWhatARuleAsksOfAnAct(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		grade         rule.Grade
		override      bool
		blocks        bool // with a reason too
		without, kept bool
	}{
		{"a reminder is shown only", rule.Remind, false, false, true, false},
		{"a warning asks for a reason", rule.Warn, false, false, false, true},
		{"a hard one blocks", rule.Hard, false, true, false, false},
		{"domain 3.0: a hard one that can be overridden asks for a reason", rule.Hard, true, false, false, true},
	} {
		found := rule.Findings{{Rule: "GW-1", Grade: c.grade, Override: c.override, Text: "Dit kan niet."}}
		given := map[string]string{"GW-1": "Zo ging het."}
		var fields fault.Fields
		if err := found.Unmet(nil); (err == nil) != c.without || err != nil && !errors.As(err, &fields) {
			t.Errorf("%s: without a reason %v", c.name, err)
		}
		if err := found.Unmet(given); (err != nil) != c.blocks {
			t.Errorf("%s: with a reason %v", c.name, err)
		}
		if (found.Reasons(given) == "GW-1: Zo ging het.") != c.kept {
			t.Errorf("%s: it keeps %q", c.name, found.Reasons(given))
		}
		if found.Hard() != c.blocks {
			t.Errorf("%s: Hard is %t", c.name, found.Hard())
		}
	}
}
