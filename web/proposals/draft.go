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

// readDraft reads the form; what of it cannot be read is a fault of its field. Known are the organisers that stand on the paper.
func (p Pages) readDraft(r *http.Request, f *form.Form, known []proposal.Organiser) (proposal.Draft, error) {
	actor := request.Actor(r)
	d := proposal.Draft{
		Key: f.Text("key"), OwnerOrgID: id.Organisation(f.Text("owner_org_id")), Closed: f.Bool("closed"), Version: f.Version(),
		Content: proposal.Content{Authors: []proposal.Author{}, PortfolioHolders: []proposal.Holder{}},
		Renewal: proposal.Renewal{Renewal: f.Text("renewal"), RenewalReason: f.Text("renewal_reason")},
	}
	form.Fill(f, &d.Content)
	d.Subject, d.Reference, d.FollowUpOn, d.PublicTitle = f.Line("subject"), f.Line("reference"), f.Line("follow_up_on"), f.Line("public_title")
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
	return d, nil
}

// values are the fields of the form as the paper has them.
func values(p proposal.Proposal) map[string]string {
	v := form.ValuesOf(p.Content)
	v["version"], v["owner_org_id"], v["closed"] = strconv.Itoa(p.Version), string(p.OwnerOrgID), form.Checked(p.Closed())
	v["authors"] = form.LinesOf(p.Authors, func(a proposal.Author) string { return a.Name })
	v["portfolio_holders"] = form.LinesOf(p.PortfolioHolders, proposal.Holder.String)
	v["organiser_ids"] = form.LinesOf(p.Organisers, func(o proposal.Organiser) string { return o.Name })
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
		options = append(options, form.Option{Value: string(b.ID), Label: partner.BodyName(b.Name, b.OrganisationName)})
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
