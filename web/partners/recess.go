package partners

import (
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/web/path"
)

func recessPath(o partner.Organisation, r partner.Recess, act string) string {
	return path.Below(path.Below(path.Recesses(o.Key), string(r.ID)), act)
}

func (v shown) bodyName(b id.Body) string {
	for _, each := range v.Bodies {
		if each.ID == b {
			return each.Name
		}
	}
	return "Alle gremia"
}
