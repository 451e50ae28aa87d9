package field_test

import (
	"fmt"
	"testing"
	"time"

	"regiogriffie/internal/field"
)

type inner struct{ Name string }

type outer struct {
	inner
	Lines  []string
	At     *time.Time
	Number *int
	Parts  []inner
	hidden string
}

func TestFieldsDifferInWhatTheySay(t *testing.T) {
	t.Parallel()
	noon := time.Date(2018, 6, 1, 12, 0, 0, 0, time.UTC)
	abroad := noon.In(time.FixedZone("abroad", 3600))
	later, one, another, two := noon.Add(time.Second), 1, 1, 2
	for name, c := range map[string]struct {
		a, b outer
		want []string
	}{
		"nothing":               {outer{}, outer{}, nil},
		"an empty list":         {outer{Lines: []string{}, Parts: []inner{}}, outer{}, nil},
		"the zone of a moment":  {outer{At: &noon}, outer{At: &abroad}, nil},
		"another moment":        {outer{At: &noon}, outer{At: &later}, []string{"at"}},
		"a moment or none":      {outer{At: &noon}, outer{}, []string{"at"}},
		"the same number twice": {outer{Number: &one}, outer{Number: &another}, nil},
		"another number":        {outer{Number: &one}, outer{Number: &two}, []string{"number"}},
		"the order of a list":   {outer{Lines: []string{"a", "b"}}, outer{Lines: []string{"b", "a"}}, []string{"lines"}},
		"an embedded field":     {outer{inner: inner{"a"}}, outer{inner: inner{"b"}}, []string{"name"}},
		"a field of a part":     {outer{Parts: []inner{{"a"}}}, outer{Parts: []inner{{"b"}}}, []string{"parts"}},
		"what nobody can read":  {outer{hidden: "a"}, outer{hidden: "b"}, nil},
	} {
		if got := field.Differing(c.a, c.b); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v differ, want %v", name, got, c.want)
		}
	}
}
