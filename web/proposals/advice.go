package proposals

import (
	"regiogriffie/internal/partner"
	"regiogriffie/internal/proposal"
	"regiogriffie/web/form"
)

func opinionMeaning(o proposal.AdvisoryOpinion) string {
	switch o {
	case proposal.Positive:
		return "done"
	case proposal.PositiveWithComments:
		return "due"
	}
	return "closed"
}

func colleagueOptions(list []partner.Colleague) []form.Option {
	options := []form.Option{{Value: "", Label: "Geen persoon"}}
	for _, c := range list {
		options = append(options, form.Option{Value: string(c.ID), Label: c.Name})
	}
	return options
}

func (a asking) bodyOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Geen gremium"}}
	for _, b := range a.bodies {
		options = append(options, form.Option{Value: string(b.ID), Label: partner.BodyName(b.Name, b.OrganisationName)})
	}
	return options
}

func opinionOptions() []form.Option {
	var options []form.Option
	for _, o := range proposal.AdvisoryOpinions {
		options = append(options, form.Option{Value: string(o), Label: o.Label()})
	}
	return options
}
