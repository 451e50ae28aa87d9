package invitations

import (
	"regiogriffie/internal/invitation"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
)

type listView struct {
	Filter     invitation.Filter
	Rows       []invitation.Row
	Preparing  []invitation.Row
	Organisers []invitation.Organiser
	More       bool
	MayCreate  bool
}

func (v listView) when() string {
	if v.Filter.Past {
		return "geweest"
	}
	return ""
}

func (v listView) address() string {
	return path.With(path.Invitations, "organisatie", v.Filter.Org, "wanneer", v.when())
}

func (v listView) form() *form.Form {
	return form.New(map[string]string{"organisatie": v.Filter.Org, "wanneer": v.when()})
}

func (v listView) options() []form.Option {
	options := []form.Option{{Value: "", Label: "Alle organisaties"}}
	for _, o := range v.Organisers {
		options = append(options, form.Option{Value: o.Key, Label: o.Name})
	}
	return options
}
