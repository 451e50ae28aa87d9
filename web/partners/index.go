package partners

import (
	"time"

	"regiogriffie/internal/partner"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
)

type listView struct {
	Filter    partner.Filter
	List      []partner.Organisation
	Page      int
	More      bool
	Total     int
	At        time.Time
	MayCreate bool
}

func (v listView) status() string {
	if v.Filter.Ended {
		return "opgeheven"
	}
	return ""
}

func (v listView) address() string {
	return path.With(path.Organisations, "naam", v.Filter.Name, "soort", string(v.Filter.Kind), "provincie", v.Filter.Province, "stand", v.status())
}

func (v listView) filterForm() *form.Form {
	return form.New(map[string]string{"naam": v.Filter.Name, "soort": string(v.Filter.Kind), "provincie": v.Filter.Province, "stand": v.status()})
}

func kindOptions(first string) []form.Option {
	options := []form.Option{{Value: "", Label: first}}
	for _, k := range partner.Kinds {
		options = append(options, form.Option{Value: string(k), Label: k.Label()})
	}
	return options
}

func provinceOptions(first string) []form.Option {
	options := []form.Option{{Value: "", Label: first}}
	for _, p := range partner.Provinces {
		options = append(options, form.Option{Value: p, Label: p})
	}
	return options
}
