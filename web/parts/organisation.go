package parts

import (
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/partner"
)

func meetingName(m partner.MeetingLine) string {
	if m.Title != "" {
		return m.Title
	}
	return dutch.List(m.Bodies)
}

func split(all []partner.MeetingLine) (coming, past []partner.MeetingLine) {
	for _, m := range all {
		if m.Coming {
			coming = append(coming, m)
		} else {
			past = append(past, m)
		}
	}
	return coming, past
}

func inBody(all []partner.InOffice, b partner.Body) []partner.InOffice {
	var list []partner.InOffice
	for _, m := range all {
		if m.BodyID == b.ID {
			list = append(list, m)
		}
	}
	return list
}
