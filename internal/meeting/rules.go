package meeting

import (
	"fmt"
	"slices"
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
	if strings.TrimSpace(m.Location) == "" && m.OnlineURL == "" {
		found = append(found, hard("GW-19.2", "De plaats ontbreekt. Met de oproep maakt u dag, tijd en plaats openbaar: vul de plaats in."))
	}
	found = append(found, itemFindings(items, attached)...)
	found = append(found, noticeFindings(m, organisers, delivered)...)
	var others []string
	for _, r := range asked {
		if r.Open() {
			others = append(others, r.Name())
		}
	}
	if len(others) > 0 {
		found = append(found, warn("GEZAMENLIJK", "%s is gevraagd en heeft nog niet ingestemd. U roept nu op zonder dit gremium; instemmen kan daarna niet meer. Wacht op het antwoord, of schrijf waarom u niet wacht.", dutch.List(others)))
	}
	if over := Overrun(m, items); over > 0 {
		found = append(found, warn("UITLOOP", "De vergadering loopt %s uit. Maak punten korter, zet het einde later, of geef een reden.", dutch.Minutes(int(over.Minutes()))))
	}
	return found
}

func hard(id, text string, args ...any) rule.Finding {
	return rule.Finding{Rule: id, Grade: rule.Hard, Text: fmt.Sprintf(text, args...)}
}

func warn(id, text string, args ...any) rule.Finding {
	return rule.Finding{Rule: id, Grade: rule.Warn, Text: fmt.Sprintf(text, args...)}
}

// itemFindings are those of the items: what keeps one off an agenda, first one by one and then by what they have in common.
func itemFindings(items []Item, attached map[string]bool) rule.Findings {
	var found rule.Findings
	live := slices.DeleteFunc(slices.Clone(items), Item.Dropped)
	for _, item := range live {
		if item.ProposalState == proposal.Withdrawn {
			found = append(found, hard("VOORSTEL-"+item.Label, "%s: het voorstel is ingetrokken. Haal het van de agenda.", item.Label))
		}
	}
	if len(live) == 0 {
		found = append(found, hard("GW-19.2-agenda", "De agenda is leeg. Zet er ten minste één punt op."))
	}
	// What is closed for another body is asked by the verb, for who cannot see it.
	those := func(is func(Item) bool) string {
		var labels []string
		for _, item := range live {
			if item.Matter && is(item) {
				labels = append(labels, item.Label)
			}
		}
		return dutch.List(labels)
	}
	if which := those(func(i Item) bool { return i.Closed && i.Ground == "" }); which != "" {
		found = append(found, hard("GW-87", "%s: besloten zonder grond. Kies bij het agendapunt de grond waarop u het besloten houdt.", which))
	}
	if which := those(Item.tellsAll); which != "" {
		found = append(found, hard("GW-19.2-titel", "%s: de titel voor het publiek is de echte titel. Kies een neutrale titel.", which))
	}
	if which := those(func(i Item) bool {
		return i.ProposalID != "" && !i.ProposalNa && !i.AttachmentsNa && !attached[string(i.ID)]
	}); which != "" {
		found = append(found, warn("BIJLAGEN", "%s: er is geen bijlage en er staat geen ‘N.v.t.’. Voeg de bijlage toe, of geef een reden.", which))
	}
	return found
}

// tellsAll tells whether the title for the public of a closed item is the real one.
func (i Item) tellsAll() bool {
	return i.Closed && strings.EqualFold(strings.TrimSpace(i.PublicTitle), strings.TrimSpace(i.MatterTitle)) && i.PublicTitle != NeutralTitle
}

// noticeFindings say whether the members get the call in time.
func noticeFindings(m Meeting, organisers []Organiser, delivered time.Time) rule.Findings {
	var late []string
	for _, o := range organisers {
		if o.NoticeDays != nil && dutch.Days(delivered, m.StartsAt) < *o.NoticeDays {
			late = append(late, fmt.Sprintf("voor %s is dat %s", o.BodyName, dutch.Count(*o.NoticeDays, "dag", "dagen")))
		}
	}
	switch {
	case len(late) > 0:
		return rule.Findings{warn("GW-19.1", "De oproep is te laat. Tussen oproep en vergadering horen meer dagen te liggen: %s. Verzet de vergadering, of schrijf waarom u toch oproept.", dutch.List(late))}
	case !delivered.Before(m.StartsAt):
		return rule.Findings{warn("GW-19.1", "De oproep wordt pas bezorgd als de vergadering al is begonnen. Geef een reden.")}
	}
	return nil
}
