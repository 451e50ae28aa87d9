package zienswijzen

import (
	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/ui"
)

func (v council) crumbs(more ...ui.Crumb) []ui.Crumb {
	return append([]ui.Crumb{
		{Label: "Zienswijzen", Address: path.Zienswijzen}, {Label: v.procedure.Subject, Address: path.Procedure(v.procedure.Key)},
	}, more...)
}

func (v council) below() ui.Crumb { return ui.Crumb{Label: v.view.OrgName, Address: v.address()} }

func (v council) safe() zienswijze.Safe {
	return zienswijze.LastSafe(v.view.Calendar(), *v.procedure.SentOn, v.due)
}

// readers says who read the text now.
func (v council) readers() string {
	switch t := v.text(); {
	case t.Visibility == access.Public:
		return "Iedereen leest deze tekst."
	case t.Visibility == access.Participants && v.view.SentOn == nil:
		return "Concept. Alleen uw eigen organisatie en de andere deelnemers lezen deze tekst; het bestuur nog niet."
	case t.Visibility == access.Participants:
		return "Het bestuur en de deelnemers lezen deze tekst."
	}
	return "Concept. Alleen uw eigen organisatie leest deze tekst."
}

func (v council) meetingOptions() []form.Option {
	list := []form.Option{{Value: "", Label: "Nog niet gepland"}}
	last := zienswijze.LastEvening(v.due)
	for _, m := range v.planned {
		label := dutch.Weekday(m.On)
		if m.On.After(last) {
			label += " (te laat)"
		}
		if m.State == "concept" {
			label += " (concept)"
		}
		list = append(list, form.Option{Value: string(m.ID), Label: label})
	}
	return list
}

// lastMoment says until when the council can still decide in time.
func (v council) lastMoment(safe zienswijze.Safe) string {
	today := dutch.Day(v.actor.At)
	switch {
	case !safe.Meeting.IsZero() && safe.Meeting.Before(today):
		return "De laatste vergadering die op tijd was, was op " + dutch.Date(safe.Meeting) + "."
	case !safe.Meeting.IsZero():
		return "De laatste vergadering die op tijd is, is op " + dutch.Weekday(safe.Meeting) + "."
	case !safe.Extra.Before(today):
		return "Er is geen vergadering op tijd bekend. Een extra vergadering kan uiterlijk op " + dutch.Weekday(safe.Extra) + "."
	}
	return "Er is geen dag meer waarop de raad op tijd kan besluiten."
}

func stanceOptions() []form.Option {
	list := []form.Option{{Value: "", Label: "Niet ingevuld"}}
	for _, s := range zienswijze.Stances {
		list = append(list, form.Option{Value: string(s), Label: s.Label()})
	}
	return list
}
