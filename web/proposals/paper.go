package proposals

import (
	"strings"

	"regiogriffie/internal/access"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
)

type versionView struct {
	proposal.Proposal
	actor   access.Actor
	version proposal.Version
}

// madeBy names who made the version, to who signed in.
func (v versionView) madeBy() string {
	if !v.actor.SignedIn() || v.version.MadeBy == "" {
		return ""
	}
	return ", door " + v.version.MadeBy
}

// sheet is what the paper itself shows, now or in a version.
type sheet struct {
	proposal.Content
	owner, body string
	placed      bool // its place on an agenda is a question
	places      []proposal.Place
	attachments int
	route       route.Progress // stands for the follow-up where there is one
	routeAt     string
}

func (v view) sheet() sheet {
	return sheet{
		Content: v.Content, owner: v.OwnerName, body: v.Body(), placed: v.State != proposal.Withdrawn || len(v.places) > 0, places: v.places,
		attachments: len(v.attachments), route: v.route, routeAt: path.Route(v.Key),
	}
}

func (v versionView) sheet() sheet {
	s := v.version.Fields
	return sheet{Content: s.Content, owner: v.OwnerName, body: partner.BodyName(s.TargetName, s.TargetOrgName), attachments: len(s.Attachments)}
}

func names[T any](list []T, text func(T) string) string {
	return strings.ReplaceAll(form.LinesOf(list, text), "\n", ", ")
}

func authorName(a proposal.Author) string { return a.Name }

// section is a numbered part of the paper.
type section struct {
	name, title, text string
	na                bool
	points            []string
}

// sections are the parts between Algemeen and Bijlagen; the form of the paper always has the first two, the others when
// there is something to say.
func (s sheet) sections() []section {
	list := []section{
		{"explanation", "Toelichting", s.Explanation, s.ExplanationNa, nil},
		{"communication", "Communicatie", s.Communication, s.CommunicationNa, nil},
	}
	for _, more := range []section{
		{"decision_points", "Beslispunten", "", false, s.DecisionPoints},
		{"financial", "Financiën", s.Financial, s.FinancialNa, nil},
		{"legal", "Juridisch", s.Legal, s.LegalNa, nil},
		{"risks", "Risico's", s.Risks, s.RisksNa, nil},
	} {
		if more.text != "" || more.na || len(more.points) > 0 {
			list = append(list, more)
		}
	}
	return list
}
