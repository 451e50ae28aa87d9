package meetings

import (
	"strconv"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/proposal"
	"regiogriffie/web/form"
)

func decisionMeaning(d meeting.Decision) string {
	switch {
	case d.ReplacedBy != "":
		return ""
	case d.Kind == proposal.PutOff:
		return "due"
	case d.Kind == proposal.Rejected || d.Kind == proposal.TakenBack:
		return "closed"
	}
	return "done"
}

// votes says how the vote went: "Hoofdelijk: 12 voor, 5 tegen".
func votes(d meeting.Decision) string {
	if !d.Counted() {
		return d.Method.Label()
	}
	return d.Method.Label() + ": " + dutch.Number(*d.VotesFor) + " voor, " + dutch.Number(*d.VotesAgainst) + " tegen"
}

func decisionKinds() []form.Option {
	options := []form.Option{{Value: "", Label: "Kies wat er is besloten"}}
	for _, k := range proposal.DecisionKinds {
		options = append(options, form.Option{Value: string(k), Label: k.Label()})
	}
	return options
}

func voteMethods() []form.Option {
	var options []form.Option
	for _, m := range meeting.VoteMethods {
		options = append(options, form.Option{Value: string(m), Label: m.Label()})
	}
	return options
}

func versionOptions(list []proposal.Version) []form.Option {
	var options []form.Option
	for _, v := range list {
		n := strconv.Itoa(v.Number)
		options = append(options, form.Option{Value: n, Label: "Versie " + n + ", van " + dutch.DateTime(v.MadeAt)})
	}
	return options
}
