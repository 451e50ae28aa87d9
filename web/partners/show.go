package partners

import (
	"regiogriffie/internal/partner"
	"regiogriffie/web/parts"
	"regiogriffie/web/path"
)

func bodyPath(o partner.Organisation, b partner.Body) string {
	return path.Below(path.Below(path.Organisation(o.Key), "gremia"), b.Key)
}

// ending gives the address at which a mandate is ended, or nothing for who may not.
func (v shown) ending(b partner.Body) func(partner.InOffice) string {
	if !partner.CanAppoint(v.Actor, b) {
		return nil
	}
	return func(m partner.InOffice) string {
		return path.Below(bodyPath(v.Organisation, b), "functies/"+string(m.ID)+"/einde")
	}
}

// feeds are the calendars of the organisation and of each body that still meets.
func (v shown) feeds() []parts.Feed {
	feeds := []parts.Feed{{Name: "Alle vergaderingen", Path: path.Calendar(v.Organisation.Key)}}
	for _, b := range v.Bodies {
		if !b.Ended(v.Actor.At) {
			feeds = append(feeds, parts.Feed{Name: b.Name, Path: path.BodyCalendar(v.Organisation.Key, b.Key)})
		}
	}
	return feeds
}
