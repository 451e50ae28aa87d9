package meetings

import (
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/proposal"
	"regiogriffie/web/path"
	"regiogriffie/web/ui"
)

func crumbs(v whole) []ui.Crumb {
	list := []ui.Crumb{{Label: "Vergaderingen", Address: path.Meetings}}
	if len(v.Organisers) > 0 {
		list = append(list, ui.Crumb{Label: v.Organisers[0].OrgName, Address: path.With(path.Meetings, "organisatie", v.Organisers[0].OrgKey)})
	}
	return list
}

func orgCount(list []meeting.Organiser) int {
	seen := map[string]bool{}
	for _, o := range list {
		seen[o.OrgKey] = true
	}
	return len(seen)
}

// clerkTitle is what the one who prepares is called: a joint arrangement has a secretary.
func clerkTitle(k meeting.Kind) string {
	switch k {
	case meeting.GeneralBoard, meeting.DailyBoard, meeting.JointOrgan:
		return "Secretaris"
	}
	return "Griffier"
}

func sectionTitle(s meeting.Section) string {
	if s.Letter == "" {
		return s.Title
	}
	return s.Letter + " · " + s.Title
}

// cut leaves at most 320 characters.
func cut(s string) string {
	n, end := 0, 0
	for at := range s {
		if n == 317 {
			end = at
		}
		if n == 320 {
			return s[:end] + "…"
		}
		n++
	}
	return s
}

func onlyOrg(v whole) string {
	if orgCount(v.Organisers) == 1 {
		return v.Organisers[0].OrgName
	}
	return ""
}

func holders(list []proposal.Holder) string {
	text := ""
	for n, h := range list {
		if n > 0 {
			text += ", "
		}
		text += h.String()
	}
	return text
}
