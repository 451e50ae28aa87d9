package proposal

import (
	"slices"
	"strings"

	"regiogriffie/internal/difference"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/field"
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
	was, is := before.says(), after.says()
	for _, part := range labels {
		if points, list := is[part.name].([]string); list {
			earlier, _ := was[part.name].([]string)
			if !slices.Equal(earlier, points) {
				changes = append(changes, Change{Label: part.label, Points: difference.Points(earlier, points)})
			}
			continue
		}
		earlier, _ := was[part.name].(string)
		text, _ := is[part.name].(string)
		if pieces := difference.Words(earlier, text); difference.Changed(pieces) {
			changes = append(changes, Change{Label: part.label, Pieces: pieces})
		}
	}
	return changes
}

// says is the version in words, a string or a list of them under the name of each field. What is more than a text says here how.
func (s Snapshot) says() map[string]any {
	all := field.Values(s.Content)
	for name := range all {
		if na, _ := all[name+"_na"].(bool); na {
			all[name] = "N.v.t."
		}
	}
	all["target_body_id"] = partner.BodyName(s.TargetName, s.TargetOrgName)
	all["dated_on"] = s.day()
	all["treatment"] = s.Treatment.Label()
	all["authors"] = each(s.Authors, func(a Author) string { return a.Name })
	all["portfolio_holders"] = each(s.PortfolioHolders, Holder.String)
	all["organiser_ids"] = each(s.Organisers, func(o Organiser) string { return o.Name })
	all["minutes"] = s.duration()
	all["ground"] = GroundLabel(s.Ground)
	all["attachments_na"] = s.files()
	return all
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
