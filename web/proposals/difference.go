package proposals

import (
	"strconv"

	"regiogriffie/internal/difference"
)

// whatBecame says in a word what happened to a point.
func whatBecame(p difference.Point) string {
	switch {
	case p.Before == 0:
		return "Nieuw"
	case p.After == 0:
		return "Vervallen"
	case difference.Changed(p.Pieces):
		return "Gewijzigd"
	case p.Before != p.After:
		return "Was " + strconv.Itoa(p.Before)
	}
	return ""
}
