package proposals

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/web/form"
	"regiogriffie/web/request"
)

func newKey() string { return id.NewKey() }

// readDraft reads the form; what is wrong with it is a fault.Fields. Known are the organisers that stand on the paper.
func (p Pages) readDraft(r *http.Request, f *form.Form, known []proposal.Organiser) (proposal.Draft, error) {
	actor := request.Actor(r)
	d := proposal.Draft{
		Key: f.Text("key"), OwnerOrgID: id.Organisation(f.Text("owner_org_id")), Closed: f.Bool("closed"), Version: f.Version(),
		Content: proposal.Content{
			TargetBodyID: id.Body(f.Text("target_body_id")), DatedOn: f.Date("dated_on"), Reference: f.Line("reference"),
			Subject: f.Line("subject"), Treatment: proposal.Treatment(f.Text("treatment")),
			Authors: []proposal.Author{}, PortfolioHolders: []proposal.Holder{},
			Summary: f.Text("summary"), Explanation: f.Text("explanation"), ExplanationNa: f.Bool("explanation_na"),
			Communication: f.Text("communication"), CommunicationNa: f.Bool("communication_na"), DecisionPoints: f.Lines("decision_points"),
			Financial: f.Text("financial"), FinancialNa: f.Bool("financial_na"), Legal: f.Text("legal"), LegalNa: f.Bool("legal_na"),
			Risks: f.Text("risks"), RisksNa: f.Bool("risks_na"), FollowUp: f.Text("follow_up"), FollowUpNa: f.Bool("follow_up_na"),
			FollowUpOn: f.Line("follow_up_on"), FollowUpOnNa: f.Bool("follow_up_on_na"), AttachmentsNa: f.Bool("attachments_na"),
			Minutes: f.Int("minutes"), Ground: f.Text("ground"), PublicTitle: f.Line("public_title"),
		},
		Renewal: proposal.Renewal{Renewal: f.Text("renewal"), RenewalReason: f.Text("renewal_reason")},
	}
	for _, line := range f.Lines("authors") {
		d.Authors = append(d.Authors, proposal.Author{Name: strings.Join(strings.Fields(line), " ")})
	}
	for _, line := range f.Lines("portfolio_holders") {
		d.PortfolioHolders = append(d.PortfolioHolders, proposal.ParseHolder(line))
	}
	names := f.Lines("organiser_ids")
	if len(names) > 100 {
		names = names[:100] // more than Check allows, so that it says so
	}
	ids, err := proposal.NamedOrganisers(r.Context(), p.DB, actor, names, known)
	if err != nil && !f.Explains(err) {
		return d, err
	}
	d.OrganiserIDs = ids
	return d, f.Sound(d.Check(actor.At))
}

func join[T any](list []T, text func(T) string) string {
	var lines []string
	for _, t := range list {
		lines = append(lines, text(t))
	}
	return strings.Join(lines, "\n")
}

// values are the fields of the form as the paper has them.
func values(p proposal.Proposal) map[string]string {
	v := map[string]string{
		"version": strconv.Itoa(p.Version), "owner_org_id": string(p.OwnerOrgID), "target_body_id": string(p.TargetBodyID),
		"reference": p.Reference, "subject": p.Subject, "treatment": string(p.Treatment),
		"authors":           join(p.Authors, func(a proposal.Author) string { return a.Name }),
		"portfolio_holders": join(p.PortfolioHolders, proposal.Holder.String),
		"organiser_ids":     join(p.Organisers, func(o proposal.Organiser) string { return o.Name }),
		"summary":           p.Summary, "explanation": p.Explanation, "explanation_na": form.Checked(p.ExplanationNa),
		"communication": p.Communication, "communication_na": form.Checked(p.CommunicationNa),
		"decision_points": strings.Join(p.DecisionPoints, "\n"),
		"financial":       p.Financial, "financial_na": form.Checked(p.FinancialNa), "legal": p.Legal, "legal_na": form.Checked(p.LegalNa),
		"risks": p.Risks, "risks_na": form.Checked(p.RisksNa), "follow_up": p.FollowUp, "follow_up_na": form.Checked(p.FollowUpNa),
		"follow_up_on": p.FollowUpOn, "follow_up_on_na": form.Checked(p.FollowUpOnNa), "attachments_na": form.Checked(p.AttachmentsNa),
		"closed": form.Checked(p.Closed()), "ground": p.Ground, "public_title": p.PublicTitle, "dated_on": "", "minutes": "",
	}
	if p.DatedOn != nil {
		v["dated_on"] = p.DatedOn.Format("02-01-2006")
	}
	if p.Minutes != nil {
		v["minutes"] = strconv.Itoa(*p.Minutes)
	}
	return v
}

// inWords says in words what the other one chose from a list.
func inWords(theirs map[string]string, p proposal.Proposal) {
	for name, words := range map[string]string{
		"target_body_id": p.Body(), "treatment": p.Treatment.Label(),
		"ground": proposal.GroundLabel(p.Ground),
	} {
		if _, differs := theirs[name]; differs {
			theirs[name] = words
		}
	}
	delete(theirs, "owner_org_id")
	if day, differs := theirs["dated_on"]; differs && day != "" {
		theirs["dated_on"] = dutch.Date(*p.DatedOn)
	}
}

// editor is the form with its choices.
type editor struct {
	form         *form.Form
	action, back string
	paper        proposal.Proposal // empty when fresh
	fresh        bool
	preview      bool
	owners       []proposal.Organiser
	bodies       []partner.BodyOption
	route        route.Progress // stands for the follow-up where there is one
}

// choices asks for what the lists of the form offer.
func (e *editor) choices(actor access.Actor) []postgres.Query {
	return []postgres.Query{proposal.OwnersInto(&e.owners, actor), partner.BodiesFor(&e.bodies, actor)}
}

func (e *editor) ownerOptions() []form.Option {
	options := []form.Option{}
	if len(e.owners) != 1 {
		options = append(options, form.Option{Value: "", Label: "Kies een organisatie"})
	}
	for _, o := range e.owners {
		options = append(options, form.Option{Value: string(o.ID), Label: o.Name})
	}
	return options
}

func (e *editor) bodyOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Kies een gremium"}}
	for _, b := range e.bodies {
		options = append(options, form.Option{Value: string(b.ID), Label: proposal.BodyName(b.Name, b.OrganisationName)})
	}
	// A body that has ended since is no choice for others, but stays the choice of this paper.
	now := string(e.paper.TargetBodyID)
	if now != "" && !slices.ContainsFunc(options, func(o form.Option) bool { return o.Value == now }) {
		options = append(options, form.Option{Value: now, Label: e.paper.Body()})
	}
	return options
}

func treatmentOptions() []form.Option {
	var options []form.Option
	for _, t := range proposal.Treatments {
		options = append(options, form.Option{Value: string(t), Label: t.Label()})
	}
	return options
}

func groundOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Kies een grond"}}
	for _, g := range proposal.Grounds {
		options = append(options, form.Option{Value: g.Code, Label: g.Label})
	}
	return options
}
