package collaborations

import (
	"slices"
	"strings"

	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/dutch"
)

func (v shown) role() string {
	switch v.Collaboration.CouncilRole {
	case "direct":
		return "Rechtstreeks: de raad neemt zelf deel of benoemt leden van het bestuur."
	case "via_executive":
		return "Via het college: het college neemt deel, de raad stuurt het college aan en geeft zienswijzen."
	}
	if collaboration.CanRevise(v.Actor, v.Collaboration) {
		return "Nog niet ingevuld. De rol staat in de regeling zelf. Vul de rol in met ‘Wijzig de gegevens’."
	}
	return "Nog niet ingevuld. De rol staat in de regeling zelf: vraag uw griffier."
}

func (v shown) exit() string {
	c := v.Collaboration
	text := ""
	if c.ExitNoticeMonths != nil {
		text = "Opzegtermijn " + dutch.Count(*c.ExitNoticeMonths, "maand", "maanden") + "."
	}
	if c.ExitText != "" {
		if text != "" {
			text += " "
		}
		text += c.ExitText
	}
	return text
}

// keeper says who can change what the page tells.
func (v shown) keeper() string {
	switch {
	case len(v.Organisation) > 0:
		return "Deze gegevens houdt de samenwerkingsbeheerder van " + v.Organisation[0].Name + " bij."
	case len(v.Collaboration.Participants) > 0:
		return "Deze gegevens houdt de samenwerkingsbeheerder van elke deelnemer bij."
	}
	return "Deze gegevens houdt de functioneel beheerder van deze installatie bij."
}

// mayEnd reports whether there is a participation in the list that the actor may end.
func (v shown) mayEnd(list []collaboration.Participant) bool {
	return slices.ContainsFunc(list, v.canEnd)
}

func (v shown) canEnd(p collaboration.Participant) bool {
	return p.LeftOn == nil && collaboration.CanEnd(v.Actor, v.Collaboration, p.OrganisationID)
}

// mostRoutes is how many running papers the page names; the list of routes has them all.
const mostRoutes = 5

// sentence writes labels one after another, with one capital.
func sentence(labels []string) string {
	return dutch.Capital(strings.ToLower(dutch.List(labels)))
}
