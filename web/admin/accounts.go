package admin

import (
	"regiogriffie/internal/access"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/partner"
	"regiogriffie/web/form"
	"regiogriffie/web/parts"
)

type listed struct {
	name     string
	page     int
	more     bool
	accounts []identity.Listed
}

func inShort(f identity.Function) string {
	text := parts.FunctionName(f)
	if f.Body != "" {
		text += ", " + f.Body
	}
	if f.Organisation != "" {
		text += " (" + f.Organisation + ")"
	}
	return text
}

type newcomer struct {
	form     *form.Form
	hits     []partner.PersonOption
	searched bool
}

// found are the hits that are shown; of more the administrator types more of the name.
func (n newcomer) found() []partner.PersonOption { return n.hits[:min(len(n.hits), partner.MostHits)] }

// For whom an account is made.
const known, unknown = "bekend", "nieuw"

var whoOptions = []form.Option{{Value: known, Label: "Bekende persoon"}, {Value: unknown, Label: "Nieuwe persoon"}}

func personOptions(people []partner.PersonOption) []form.Option {
	var options []form.Option
	for _, o := range people {
		options = append(options, form.Option{Value: string(o.ID), Label: o.Name})
	}
	return options
}

type shown struct {
	account       identity.Account
	functions     []identity.Function
	organisations []partner.OrganisationOption
	bodies        []partner.BodyOption
	email, role   *form.Form
	changes       []identity.EmailChange
	actor         access.Actor
	link          string
	own, mayClose bool
	mailLeaves    bool
}
