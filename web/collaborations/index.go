package collaborations

import (
	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/partner"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
)

type listView struct {
	Filter    collaboration.Filter
	List      []collaboration.Line
	Page      int
	More      bool
	Total     int
	MayCreate bool
}

func (v listView) status() string {
	if v.Filter.Ended {
		return "beeindigd"
	}
	return ""
}

func (v listView) address() string {
	return path.With(path.Collaborations, "naam", v.Filter.Name, "vorm", string(v.Filter.Form), "provincie", v.Filter.Province, "stand", v.status())
}

func (v listView) filterForm() *form.Form {
	return form.New(map[string]string{"naam": v.Filter.Name, "vorm": string(v.Filter.Form), "provincie": v.Filter.Province, "stand": v.status()})
}

func provinceOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Alle provincies"}}
	for _, p := range partner.Provinces {
		options = append(options, form.Option{Value: p, Label: p})
	}
	return options
}
