package meetings

import (
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/meeting"
	"regiogriffie/web/form"
	"regiogriffie/web/parts"
	"regiogriffie/web/path"
)

type listView struct {
	Filter     meeting.Filter
	Rows       []meeting.Row
	Organisers []meeting.Organiser
	More       bool
	Count      int
	MayCreate  bool
	BaseURL    string
}

// feed is the calendar of the organisation that the list is narrowed to.
func (v listView) feed() []parts.Feed {
	for _, o := range v.Organisers {
		if o.OrgKey == v.Filter.Org {
			return []parts.Feed{{Name: "Alle vergaderingen van " + o.OrgName, Path: path.Calendar(o.OrgKey)}}
		}
	}
	return nil
}

func (v listView) address() string {
	when := ""
	if v.Filter.Past {
		when = "geweest"
	}
	return path.With(path.Meetings, "organisatie", v.Filter.Org, "soort", string(v.Filter.Kind), "wanneer", when)
}

// heading counts what the list holds, up to a thousand.
func (v listView) heading() string {
	kind := "komende "
	if v.Filter.Past {
		kind = "eerdere "
	}
	switch {
	case v.Count > 1000:
		return "Meer dan 1.000 " + kind + "vergaderingen"
	case v.Count == 0:
		return "Geen " + kind + "vergaderingen"
	case v.Count == 1:
		return "1 " + kind + "vergadering"
	}
	return dutch.Number(v.Count) + " " + kind + "vergaderingen"
}

func (v listView) filtered() bool { return v.Filter.Org != "" || v.Filter.Kind != "" }

func (v listView) filterForm() *form.Form {
	when := ""
	if v.Filter.Past {
		when = "geweest"
	}
	return form.New(map[string]string{"organisatie": v.Filter.Org, "soort": string(v.Filter.Kind), "wanneer": when})
}

func (v listView) organiserOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Alle organisaties"}}
	for _, o := range v.Organisers {
		options = append(options, form.Option{Value: o.OrgKey, Label: o.OrgName})
	}
	return options
}

func kindOptions(first string) []form.Option {
	options := []form.Option{{Value: "", Label: first}}
	for _, k := range meeting.Kinds {
		options = append(options, form.Option{Value: string(k.Kind), Label: k.Label})
	}
	return options
}
