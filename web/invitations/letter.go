package invitations

import (
	"slices"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/file"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/proposal"
)

// letterView is an invitation as its readers get it.
type letterView struct {
	Title      string
	Content    invitation.Content
	Organisers []invitation.Organiser
	Signers    []invitation.Signer
	Bodies     []invitation.Body
	Event      invitation.Event
	Files      []file.Line
	Public     bool // as it was published: every signature under it holds
}

func (v letterView) guests() []string {
	var all []string
	for _, b := range v.Bodies {
		all = append(all, b.FullName())
	}
	return append(all, v.Content.Groups...)
}

func (v letterView) signersOf(o invitation.Organiser) []invitation.Signer {
	var list []invitation.Signer
	for _, s := range v.Signers {
		if s.OrganisationID == o.ID {
			list = append(list, s)
		}
	}
	return list
}

// ends is when the programme is over; the planned end as long as not all its lengths are known.
func (v letterView) ends() time.Time {
	if slices.ContainsFunc(v.Content.Programme, func(p invitation.Part) bool { return p.Length() == nil }) {
		return v.Event.EndsAt
	}
	return v.Event.EndsAt.Add(invitation.Overrun(v.Event.StartsAt, v.Event.EndsAt, v.Content.Programme))
}

func purposeHelp(t proposal.Treatment) string {
	return map[proposal.Treatment]string{
		proposal.Exploratory: "U krijgt informatie en kunt alles vragen. Er wordt niets besloten.",
		proposal.Opinion:     "U geeft uw mening. Er wordt niets besloten.",
		proposal.Judgement:   "U weegt de argumenten. Er wordt niets besloten.",
		proposal.Informative: "U krijgt informatie.",
		proposal.Decisive:    "Er worden besluiten genomen.",
	}[t]
}

func clockTexts(list []time.Time) []string {
	var texts []string
	for _, t := range list {
		texts = append(texts, dutch.Clock(t))
	}
	return texts
}

func publishedOn(p invitation.Publication) string {
	text := "Gepubliceerd op " + dutch.Date(p.PublishedAt)
	if p.Number > 1 {
		text += ", als wijziging van een eerdere uitnodiging"
	}
	return text + "."
}
