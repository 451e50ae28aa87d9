package invitations

import (
	"regiogriffie/internal/access"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
)

func bodyNames(list []invitation.Body) []string {
	var all []string
	for _, b := range list {
		all = append(all, b.FullName())
	}
	if len(all) == 0 {
		return []string{"de gekozen gremia"}
	}
	return all
}

func cancelHint(v whole) string {
	if v.PublishedAt != nil {
		return "Iedereen kan dit lezen."
	}
	return "Dit lezen alleen de organisaties die haar voorbereiden."
}

// saving is a meeting for which a save-the-date goes out.
type saving struct {
	Actor      access.Actor
	Meeting    meeting.Meeting
	Organisers []meeting.Organiser
	Bodies     []partner.BodyOption
	Sent       []invitation.SaveTheDate
}
