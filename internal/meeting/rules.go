package meeting

import (
	"fmt"
	"strings"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/rule"
)

// Findings are what stands between an agenda and its call: pure, so that the editor shows them while the agenda grows and the
// verb asks them again. Asked are the bodies that have not given their word: the meeting goes without them. Attached says of each
// item id whether it, or its paper, has an attachment. Delivered is when the members get the call.
func Findings(m Meeting, organisers []Organiser, asked []Request, items []Item, attached map[string]bool, delivered time.Time) rule.Findings {
	var found rule.Findings
	hard := func(id, text string, args ...any) {
		found = append(found, rule.Finding{Rule: id, Grade: rule.Hard, Text: fmt.Sprintf(text, args...)})
	}
	warn := func(id, text string, args ...any) {
		found = append(found, rule.Finding{Rule: id, Grade: rule.Warn, Text: fmt.Sprintf(text, args...)})
	}

	if strings.TrimSpace(m.Location) == "" && m.OnlineURL == "" {
		hard("GW-19.2", "De plaats ontbreekt. Met de oproep maakt u dag, tijd en plaats openbaar: vul de plaats in.")
	}
	live := 0
	var missing, groundless, telling []string
	for _, item := range items {
		if item.Dropped() {
			continue
		}
		live++
		if item.ProposalState == proposal.Withdrawn {
			hard("VOORSTEL-"+item.Label, "%s: het voorstel is ingetrokken. Haal het van de agenda.", item.Label)
		}
		if !item.Matter {
			continue // closed for another body; the verb asks it for who cannot see it
		}
		if item.Closed && item.Ground == "" {
			groundless = append(groundless, item.Label)
		}
		if item.Closed && strings.EqualFold(strings.TrimSpace(item.PublicTitle), strings.TrimSpace(item.MatterTitle)) && item.PublicTitle != NeutralTitle {
			telling = append(telling, item.Label)
		}
		if item.ProposalID != "" && !item.ProposalNa && !item.AttachmentsNa && !attached[string(item.ID)] {
			missing = append(missing, item.Label)
		}
	}
	if live == 0 {
		hard("GW-19.2-agenda", "De agenda is leeg. Zet er ten minste één punt op.")
	}
	if len(groundless) > 0 {
		hard("GW-87", "%s: besloten zonder grond. Kies bij het agendapunt de grond waarop u het besloten houdt.", dutch.List(groundless))
	}
	if len(telling) > 0 {
		hard("GW-19.2-titel", "%s: de titel voor het publiek is de echte titel. Kies een neutrale titel.", dutch.List(telling))
	}
	if len(missing) > 0 {
		warn("BIJLAGEN", "%s: er is geen bijlage en er staat geen ‘N.v.t.’. Voeg de bijlage toe, of geef een reden.", dutch.List(missing))
	}
	var late []string
	for _, o := range organisers {
		if o.NoticeDays != nil && dutch.Days(delivered, m.StartsAt) < *o.NoticeDays {
			late = append(late, fmt.Sprintf("voor %s is dat %s", o.BodyName, dutch.Count(*o.NoticeDays, "dag", "dagen")))
		}
	}
	if len(late) > 0 {
		warn("GW-19.1", "De oproep is te laat. Tussen oproep en vergadering horen meer dagen te liggen: %s. Verzet de vergadering, of schrijf waarom u toch oproept.", dutch.List(late))
	} else if !delivered.Before(m.StartsAt) {
		warn("GW-19.1", "De oproep wordt pas bezorgd als de vergadering al is begonnen. Geef een reden.")
	}
	var others []string
	for _, r := range asked {
		if r.Open() {
			others = append(others, r.Name())
		}
	}
	if len(others) > 0 {
		warn("GEZAMENLIJK", "%s is gevraagd en heeft nog niet ingestemd. U roept nu op zonder dit gremium; instemmen kan daarna niet meer. Wacht op het antwoord, of schrijf waarom u niet wacht.", dutch.List(others))
	}
	if over := Overrun(m, items); over > 0 {
		warn("UITLOOP", "De vergadering loopt %s uit. Maak punten korter, zet het einde later, of geef een reden.", dutch.Minutes(int(over.Minutes())))
	}
	return found
}
