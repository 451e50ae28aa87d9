package proposals

import (
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/proposal"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
)

type listing struct {
	filter    proposal.Filter
	rows      []proposal.Row
	owners    []proposal.Organiser
	states    []proposal.State
	total     int
	more      bool
	mayCreate bool
	at        time.Time
}

func (l listing) filtered() bool {
	return l.filter.Words != "" || l.filter.Organisation != "" || l.filter.State != "" || l.filter.Treatment != ""
}

func (l listing) address() string {
	return path.With(path.Proposals, "zoek", l.filter.Words, "organisatie", l.filter.Organisation,
		"status", string(l.filter.State), "behandeling", string(l.filter.Treatment))
}

func (l listing) form() *form.Form {
	return form.New(map[string]string{
		"zoek": l.filter.Words, "organisatie": l.filter.Organisation,
		"status": string(l.filter.State), "behandeling": string(l.filter.Treatment),
	})
}

func (l listing) ownerOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Alle organisaties"}}
	for _, o := range l.owners {
		options = append(options, form.Option{Value: o.Key, Label: o.Name})
	}
	return options
}

func (l listing) stateOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Elke status"}}
	for _, s := range l.states {
		options = append(options, form.Option{Value: string(s), Label: s.Label()})
	}
	return options
}

func (l listing) count() string {
	if l.total > proposal.MostCounted {
		return "Meer dan " + dutch.Number(proposal.MostCounted) + " voorstellen"
	}
	return dutch.Count(l.total, "voorstel", "voorstellen")
}
