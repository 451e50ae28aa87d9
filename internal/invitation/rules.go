package invitation

import (
	"fmt"
	"slices"
	"strings"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/rule"
)

// Findings are what stands between an invitation and the signatures: pure, so that its page shows them while it grows and the
// verb asks them again.
func Findings(a access.Actor, i Invitation) rule.Findings {
	var found rule.Findings
	hard := func(id, text string, args ...any) {
		found = append(found, rule.Finding{Rule: id, Grade: rule.Hard, Text: fmt.Sprintf(text, args...)})
	}
	warn := func(id, text string, args ...any) {
		found = append(found, rule.Finding{Rule: id, Grade: rule.Warn, Text: fmt.Sprintf(text, args...)})
	}
	if i.MeetingState == meeting.Cancelled {
		hard("AFGELAST", "De bijeenkomst gaat niet door. Kies een andere bijeenkomst of annuleer deze uitnodiging.")
	}
	if strings.TrimSpace(i.Location) == "" && i.OnlineURL == "" {
		hard("PLAATS", "De plaats ontbreekt. Vul in waar de bijeenkomst is.")
	}
	if len(i.Content.Sections) == 0 {
		hard("TEKST", "De uitnodiging heeft nog geen tekst. Schrijf ten minste één deel.")
	}
	if len(i.BodyIDs) == 0 && len(i.Content.Groups) == 0 {
		hard("GEADRESSEERDEN", "Er is nog niemand uitgenodigd. Kies de gremia, of noem een groep.")
	}
	var without, out []string
	for _, o := range i.Organisers {
		if len(i.SignersOf(o.ID)) == 0 {
			without = append(without, o.Name)
		}
	}
	for _, s := range i.Signers {
		if !s.InOffice {
			out = append(out, s.Name)
		}
	}
	if len(without) > 0 {
		hard("ONDERTEKENAAR", "Er is nog geen ondertekenaar van %s. Elke organisatie ondertekent.", dutch.List(without))
	}
	if len(out) > 0 {
		hard("MANDAAT", "%s heeft bij de eigen organisatie geen functie meer. Kies iemand anders.", dutch.List(out))
	}
	if len(i.Content.Programme) == 0 {
		warn("PROGRAMMA", "Er is nog geen programma. Voeg onderdelen toe, of schrijf waarom het later komt.")
	}
	if over := Overrun(i.StartsAt, i.EndsAt, i.Content.Programme); over > 0 {
		warn("UITLOOP", "Het programma duurt %s langer dan de bijeenkomst. Maak onderdelen korter, zet het einde later, of geef een reden.",
			dutch.Minutes(int(over.Minutes())))
	}
	if a.At.After(i.StartsAt) {
		warn("VERLEDEN", "De bijeenkomst is al begonnen of geweest. Controleer de dag, of schrijf waarom u de uitnodiging nog maakt.")
	}
	slices.SortStableFunc(found, func(a, b rule.Finding) int { return int(b.Grade) - int(a.Grade) })
	return found
}
