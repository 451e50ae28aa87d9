package zienswijzen

import (
	"strconv"

	"regiogriffie/internal/id"
	"regiogriffie/internal/zienswijze"
)

// stances are the matrix: by council and by number of the subject.
func (v whole) stances() map[id.View]map[id.Subject]zienswijze.Stance {
	all := map[id.View]map[id.Subject]zienswijze.Stance{}
	for _, c := range v.cells {
		if all[c.ViewID] == nil {
			all[c.ViewID] = map[id.Subject]zienswijze.Stance{}
		}
		all[c.ViewID][c.SubjectID] = c.Stance
	}
	return all
}

// tally counts the councils by stance on a subject.
func (v whole) tally(s zienswijze.Subject) []string {
	var list []string
	for _, stance := range zienswijze.Stances {
		n := 0
		for _, c := range v.cells {
			if c.SubjectID == s.ID && c.Stance == stance {
				n++
			}
		}
		if n > 0 {
			list = append(list, strconv.Itoa(n)+" "+stance.Label())
		}
	}
	return list
}

func cellLabel(s zienswijze.Stance) string {
	if s == "" {
		return "–"
	}
	return s.Label()
}
