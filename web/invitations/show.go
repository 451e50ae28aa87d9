package invitations

import (
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/invitation"
	"regiogriffie/web/path"
	"regiogriffie/web/ui"
)

func (v whole) address(part string) string { return path.Below(path.Invitation(v.Key), part) }

func (v whole) crumbs() []ui.Crumb {
	return []ui.Crumb{{Label: "Uitnodigingen", Address: path.Invitations}, {Label: v.Title, Address: path.Invitation(v.Key)}}
}

func names(list []invitation.Organiser) []string {
	var all []string
	for _, o := range list {
		all = append(all, o.Name)
	}
	return all
}

// lapsedBy says by whom and when signatures lapsed.
func lapsedBy(v whole) string {
	if v.MeetingUpdatedAt.After(v.UpdatedAt) || v.UpdatedBy == "" {
		return "De dag, de tijd of de plaats is op " + dutch.DateTime(v.MeetingUpdatedAt) + " gewijzigd. Wie daarvoor ondertekende, ondertekent opnieuw."
	}
	return v.UpdatedBy + " wijzigde de uitnodiging op " + dutch.DateTime(v.UpdatedAt) + ". Wie daarvoor ondertekende, ondertekent opnieuw."
}
