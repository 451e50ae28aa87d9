package proposal

import (
	"slices"
	"strings"

	"regiogriffie/internal/difference"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/partner"
)

// Change is a part of the paper that is not the same in two versions: a text, or a list of points.
type Change struct {
	Label  string
	Pieces []difference.Piece
	Points []difference.Point
}

// Compare lists what changed from one version to another, in the order of the paper; empty when nothing did.
func Compare(before, after Snapshot) []Change {
	var changes []Change
	text := func(label, was, is string) {
		if pieces := difference.Words(was, is); difference.Changed(pieces) {
			changes = append(changes, Change{Label: label, Pieces: pieces})
		}
	}
	points := func(label string, was, is []string) {
		if !slices.Equal(was, is) {
			changes = append(changes, Change{Label: label, Points: difference.Points(was, is)})
		}
	}
	text("Onderwerp", before.Subject, after.Subject)
	text("Samenvatting voorstel", before.Summary, after.Summary)
	text("Voorstel t.b.v. vergadering", partner.BodyName(before.TargetName, before.TargetOrgName), partner.BodyName(after.TargetName, after.TargetOrgName))
	text("Datum vergadering", before.day(), after.day())
	text("Status (behandeling)", before.Treatment.Label(), after.Treatment.Label())
	points("Opgesteld door", each(before.Authors, func(a Author) string { return a.Name }), each(after.Authors, func(a Author) string { return a.Name }))
	points("Portefeuille", each(before.PortfolioHolders, Holder.String), each(after.PortfolioHolders, Holder.String))
	points("Organisatoren", each(before.Organisers, func(o Organiser) string { return o.Name }), each(after.Organisers, func(o Organiser) string { return o.Name }))
	text("Toelichting", orNa(before.Explanation, before.ExplanationNa), orNa(after.Explanation, after.ExplanationNa))
	text("Communicatie", orNa(before.Communication, before.CommunicationNa), orNa(after.Communication, after.CommunicationNa))
	points("Beslispunten", before.DecisionPoints, after.DecisionPoints)
	text("Financiën", orNa(before.Financial, before.FinancialNa), orNa(after.Financial, after.FinancialNa))
	text("Juridisch", orNa(before.Legal, before.LegalNa), orNa(after.Legal, after.LegalNa))
	text("Risico's", orNa(before.Risks, before.RisksNa), orNa(after.Risks, after.RisksNa))
	text("Vervolgtraject besluitvorming", orNa(before.FollowUp, before.FollowUpNa), orNa(after.FollowUp, after.FollowUpNa))
	text("Datum vervolgtraject", orNa(before.FollowUpOn, before.FollowUpOnNa), orNa(after.FollowUpOn, after.FollowUpOnNa))
	text("Kenmerk", before.Reference, after.Reference)
	text("Behandeltijd", before.duration(), after.duration())
	points("Bijlagen", before.files(), after.files())
	return changes
}

func orNa(text string, na bool) string {
	if na {
		return "N.v.t."
	}
	return text
}

func each[T any](list []T, text func(T) string) []string {
	texts := make([]string, len(list))
	for i, t := range list {
		texts[i] = text(t)
	}
	return texts
}

func (s Snapshot) day() string {
	if s.DatedOn == nil {
		return ""
	}
	return dutch.Date(*s.DatedOn)
}

func (s Snapshot) duration() string {
	if s.Minutes == nil {
		return ""
	}
	return dutch.Minutes(*s.Minutes)
}

// files names the attachments. A file that was replaced under the same name is told by the beginning of its sum.
func (s Snapshot) files() []string {
	if s.AttachmentsNa {
		return []string{"N.v.t."}
	}
	return each(s.Attachments, func(f SnapshotFile) string {
		return strings.TrimSpace(f.Title + " (" + f.FileName + ", " + f.Sha256[:min(8, len(f.Sha256))] + ")")
	})
}
