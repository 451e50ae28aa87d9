package routes

import (
	"net/http"
	"slices"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/route"
	"regiogriffie/web/form"
	"regiogriffie/web/parts"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// listing is a list of routes.
type listing struct {
	actor          access.Actor
	filter         route.Filter
	rows           []route.Running
	collaborations []route.Choice
	owners         []route.Choice
	more           bool
}

// Index lists what runs along bodies, the most urgent first; the filters stand in the address.
func (p Pages) Index(w http.ResponseWriter, r *http.Request) error {
	v := listing{actor: request.Actor(r), filter: route.Filter{
		Words: request.Query(r, "zoek"), Collaboration: request.Query(r, "samenwerking"), Owner: request.Query(r, "organisatie"),
		Body: request.Query(r, "gremium"), Urgency: route.Urgency(request.Query(r, "stand")), Page: request.Page(r), After: request.Query(r, "na"),
	}}
	if !slices.Contains(route.Urgencies, v.filter.Urgency) {
		v.filter.Urgency = "" // no choice of the filter
	}
	if err := postgres.Read(r.Context(), p.DB, route.List(&v.rows, v.actor, v.filter),
		route.Collaborations(&v.collaborations, v.actor), route.Owners(&v.owners, v.actor)); err != nil {
		return err
	}
	if len(v.rows) > route.PerPage {
		v.rows, v.more = v.rows[:route.PerPage], true
	}
	if err := respond.Noted(w, r, p.DB, parts.ReadTitles(v.rows, func(r route.Running) (id.Proposal, bool) { return r.ID, r.Closed })...); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Routes", index(v))
}

func (v listing) filtered() bool {
	f := v.filter
	return f.Words != "" || f.Collaboration != "" || f.Owner != "" || f.Body != "" || f.Urgency != ""
}

func (v listing) address() string {
	f := v.filter
	return path.With(path.Routes, "zoek", f.Words, "samenwerking", f.Collaboration, "organisatie", f.Owner, "gremium", f.Body, "stand", string(f.Urgency))
}

func (v listing) form() *form.Form {
	f := v.filter
	return form.New(map[string]string{"zoek": f.Words, "samenwerking": f.Collaboration, "organisatie": f.Owner, "gremium": f.Body, "stand": string(f.Urgency)})
}

// choices are the options of a filter; a choice of the address that is not among them stays, so that the form shows what filters.
func choices(all string, list []route.Choice, chosen string) []form.Option {
	options := []form.Option{{Value: "", Label: all}}
	for _, c := range list {
		options = append(options, form.Option{Value: c.Key, Label: c.Name})
	}
	if !slices.ContainsFunc(options, func(o form.Option) bool { return o.Value == chosen }) {
		options = append(options, form.Option{Value: chosen, Label: "Andere keuze"})
	}
	return options
}

func urgencyOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Alles wat loopt"}}
	for _, u := range route.Urgencies {
		options = append(options, form.Option{Value: string(u), Label: u.Label()})
	}
	return options
}

func (v listing) count() string {
	if len(v.rows) == 0 {
		return ""
	}
	return dutch.Count(v.rows[0].Found, "route", "routes")
}

// routeGroup are the routes through one collaboration, or else of one owner.
type routeGroup struct {
	name, address, colour string
	rows                  []route.Running
}

func (v listing) groups() []routeGroup {
	var list []routeGroup
	for _, r := range v.rows {
		g := routeGroup{name: r.CollaborationName, address: path.Collaboration(r.CollaborationKey)}
		if r.CollaborationKey == "" {
			g = routeGroup{name: r.OwnerName, address: path.Organisation(r.OwnerKey), colour: r.OwnerColour}
		}
		if len(list) == 0 || list[len(list)-1].address != g.address {
			list = append(list, g)
		}
		last := &list[len(list)-1]
		last.rows = append(last.rows, r)
	}
	return list
}

// routeMeaning is the colour of an urgency.
func routeMeaning(u route.Urgency) string {
	return map[route.Urgency]string{route.Overdue: "closed", route.ThisWeek: "due", route.Arranged: "accent", route.Finished: "done"}[u]
}
