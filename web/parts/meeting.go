package parts

import "regiogriffie/internal/meeting"

// once leaves each organisation once, also when several of its bodies meet.
func once(organisers []meeting.Organiser) []meeting.Organiser {
	var list []meeting.Organiser
	seen := map[string]bool{}
	for _, o := range organisers {
		if !seen[o.OrgKey] {
			seen[o.OrgKey] = true
			list = append(list, o)
		}
	}
	return list
}

// Place is where people come together, in words.
func Place(location, onlineURL string) string {
	switch {
	case location != "":
		return location
	case onlineURL != "":
		return "online"
	}
	return "plaats nog niet ingevuld"
}
