package routes

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/file"
	"regiogriffie/internal/id"
	"regiogriffie/internal/markdown"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/web/parts"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// dossierView is all that is known of the way of a paper, as far as the reader may see it.
type dossierView struct {
	proposal.Proposal
	actor       access.Actor
	steps       []route.Row
	progress    route.Counts
	appearances []meeting.Appearance
	verdicts    []meeting.Verdict
	procedures  []zienswijze.Row
	reactions   []zienswijze.Reaction
	versions    []proposal.Version
	documents   []file.Line
}

// Dossier tells the story of a paper to who does not know the route: what comes next and where one can speak, who decides, what was
// decided where. It stands below the paper: it has the same key, and who may not see the paper finds no dossier.
func (p Pages) Dossier(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	v := dossierView{actor: actor}
	var err error
	if v.Proposal, err = proposal.FindByKey(r.Context(), p.DB, actor, request.Key(r, "proposal")); err != nil {
		return err
	}
	if err := postgres.Read(r.Context(), p.DB,
		route.At(&v.steps, actor, v.Key), meeting.AppearancesOf(&v.appearances, actor, v.ID), meeting.VerdictsOn(&v.verdicts, actor, v.ID),
		zienswijze.OnPaper(&v.procedures, actor, v.ID), zienswijze.ReactionsOn(&v.reactions, actor, v.ID),
		proposal.Versions(&v.versions, actor, v.ID), file.LinesOf(&v.documents, actor, string(v.ID)),
	); err != nil {
		return err
	}
	v.progress = route.Count(route.Steps(v.steps), actor.At)
	if err := respond.Noted(w, r, p.DB, append(parts.ReadPaper(v.Proposal), verdicts(v.verdicts)...)...); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Dossier: "+v.Subject, dossier(v))
}

// coming is a day ahead: a meeting with the paper on its agenda, or a day that the law or the board has set.
type coming struct {
	on      time.Time
	meeting []meeting.Appearance // of one item, one per body; empty for a bare day
	title   string
	text    string
}

// mostComing is how many coming meetings the page tells in full; the route has them all.
const mostComing = 40

// next is what comes, the soonest first, and how many meetings are left out.
func (v dossierView) next() (list []coming, more int) {
	if v.State == proposal.Withdrawn {
		return nil, 0
	}
	sits := func(day time.Time) bool {
		return slices.ContainsFunc(v.appearances, func(a meeting.Appearance) bool {
			return a.BodyID == v.TargetBodyID && dutch.DateKey(a.StartsAt) == dutch.DateKey(day)
		})
	}
	ahead := func(day time.Time) bool { return dutch.DateKey(day) >= dutch.DateKey(v.actor.At) }
	over := func(a meeting.Appearance) bool { return a.Over(v.actor.At) }
	for _, joint := range meeting.Together(slices.DeleteFunc(slices.Clone(v.appearances), over)) {
		if len(list) == mostComing {
			more++
			continue
		}
		list = append(list, coming{on: joint[0].StartsAt, meeting: joint})
	}
	for _, p := range v.procedures {
		if p.DueOn != nil && ahead(*p.DueOn) && p.State == zienswijze.Sent {
			list = append(list, coming{
				on: *p.DueOn, title: "Laatste dag voor een zienswijze",
				text: "Tot en met deze dag kan een raad zeggen wat hij van het voorstel vindt.",
			})
		}
	}
	if v.DatedOn != nil && ahead(*v.DatedOn) && v.TargetBodyID != "" && v.State != proposal.Done && !sits(*v.DatedOn) {
		text := "Op deze dag staat het voorstel gepland. De agenda is nog niet bekend."
		if v.Treatment == proposal.Decisive {
			text = "Op deze dag wil " + v.Body() + " een besluit nemen. De agenda is nog niet bekend."
		}
		list = append(list, coming{on: *v.DatedOn, title: v.Body(), text: text})
	}
	slices.SortStableFunc(list, func(a, b coming) int { return a.on.Compare(b.on) })
	return list, more
}

// bodies names those of one item.
func bodies(joint []meeting.Appearance) string {
	var names []string
	for _, a := range joint {
		names = append(names, a.Body())
	}
	return dutch.List(names)
}

// outcome is what one body made of the paper: its decision, what it said, what it was answered.
type outcome struct {
	name, colour string
	on           *time.Time
	verdict      *meeting.Verdict
	reaction     *zienswijze.Reaction
}

// said is what came of each council in the procedures about the paper.
func (v dossierView) said() map[id.Body]*zienswijze.Reaction {
	said := map[id.Body]*zienswijze.Reaction{}
	for n := range v.reactions {
		if r := &v.reactions[n]; r.BodyID != "" {
			said[r.BodyID] = r
		}
	}
	return said
}

// outcomes are those of all bodies that decided, the latest first.
func (v dossierView) outcomes() []outcome {
	said := v.said()
	told := map[*zienswijze.Reaction]bool{}
	var list []outcome
	for n := range v.verdicts {
		d := &v.verdicts[n]
		if d.Replaced {
			continue
		}
		o := outcome{name: d.Body(), colour: d.Colour, on: &d.DecidedOn, verdict: d, reaction: said[d.BodyID]}
		if o.reaction != nil {
			told[o.reaction] = true
		}
		list = append(list, o)
	}
	for n := range v.reactions {
		if r := &v.reactions[n]; !told[r] {
			list = append(list, outcome{name: r.Council(), colour: r.Colour, on: r.DecidedOn, reaction: r})
		}
	}
	slices.SortStableFunc(list, func(a, b outcome) int {
		day := func(o outcome) string {
			if o.on == nil {
				return ""
			}
			return dutch.DateKey(*o.on)
		}
		return cmp.Compare(day(b), day(a))
	})
	return list
}

// decided is what the body decided, in a few words.
func (o outcome) decided() string {
	switch {
	case o.verdict != nil && o.verdict.Kind == proposal.Noted && o.reaction != nil && o.reaction.State == zienswijze.None:
		return "Geen zienswijze"
	case o.verdict != nil:
		return o.verdict.Kind.Label()
	case o.reaction.State == zienswijze.None:
		return "Geen zienswijze"
	}
	return "Zienswijze vastgesteld"
}

// said is the beginning of what the body decided; empty when that is not known here.
func (o outcome) said() string {
	if o.verdict == nil {
		return ""
	}
	return cut(markdown.Plain(o.verdict.Text), 110)
}

// votes tells how the vote went, as far as that is known.
func votes(v meeting.Vote) string {
	if v.Counted() {
		return dutch.Number(*v.VotesFor) + " voor, " + dutch.Number(*v.VotesAgainst) + " tegen"
	}
	return v.Method.Label()
}

// event is something that happened on a day, to one or more bodies.
type event struct {
	on   time.Time
	what string
	who  []string
}

// String is the event as a sentence; of many bodies the first are named.
func (e event) String() string {
	const most = 12
	who := slices.Compact(slices.Sorted(slices.Values(e.who)))
	switch {
	case len(who) == 0:
		return e.what + "."
	case len(who) > most:
		return e.what + ": " + strings.Join(who[:most], ", ") + " en " + dutch.Count(len(who)-most, "ander gremium", "andere gremia") + "."
	}
	return e.what + ": " + dutch.List(who) + "."
}

// chapter is a day of the story.
type chapter struct {
	on     time.Time
	events []string
}

// history is what happened until the reader asks, in no order yet.
type history struct {
	until  time.Time
	events []event
}

// add adds what happened on a day that is known and not to come; the same of several bodies on one day is one event.
func (h *history) add(on *time.Time, what string, who ...string) {
	if on == nil || on.After(h.until) {
		return
	}
	for n := range h.events {
		if h.events[n].what == what && dutch.DateKey(h.events[n].on) == dutch.DateKey(*on) && len(who) > 0 {
			h.events[n].who = append(h.events[n].who, who...)
			return
		}
	}
	h.events = append(h.events, event{*on, what, who})
}

// chapters are the events by day, in time order.
func (h *history) chapters() []chapter {
	slices.SortStableFunc(h.events, func(a, b event) int { return cmp.Compare(dutch.DateKey(a.on), dutch.DateKey(b.on)) })
	var list []chapter
	for _, e := range h.events {
		if len(list) == 0 || dutch.DateKey(list[len(list)-1].on) != dutch.DateKey(e.on) {
			list = append(list, chapter{on: e.on})
		}
		last := &list[len(list)-1]
		last.events = append(last.events, e.String())
	}
	return list
}

// story is what happened, in time order.
func (v dossierView) story() []chapter {
	h := history{until: v.actor.At}
	if v.OfferedAt != nil && v.TargetBodyID != "" {
		h.add(v.OfferedAt, "Aangeboden aan "+v.Body())
	}
	for _, version := range v.versions {
		if version.Number > 1 {
			h.add(&version.MadeAt, "Er kwam een nieuwe versie: versie "+dutch.Number(version.Number))
		}
	}
	for _, s := range v.steps {
		h.add(s.SentAt, "Gestuurd voor "+asked(s.Treatment), s.Body())
	}
	for _, p := range v.procedures {
		h.add(p.SentOn, "De zienswijzeprocedure begon: "+dutch.Count(p.Councils, "raad", "raden")+" konden zeggen wat zij vinden")
	}
	v.treated(&h)
	for _, r := range v.reactions {
		h.add(r.SentOn, "Zienswijze gestuurd aan het bestuur", r.Council())
		h.add(r.AnsweredOn, "Antwoord van het bestuur", r.Council())
	}
	h.add(v.WithdrawnAt, "Ingetrokken")
	return h.chapters()
}

// treated adds what bodies decided, and where the paper stood on an agenda of which nothing is published.
func (v dossierView) treated(h *history) {
	type seat struct {
		item id.Item
		body id.Body
	}
	decided, said := map[seat]bool{}, v.said()
	for _, d := range v.verdicts {
		decided[seat{d.ItemID, d.BodyID}] = true
		h.add(&d.DecidedOn, outcome{verdict: &d, reaction: said[d.BodyID]}.decided(), d.Body())
	}
	for _, a := range v.appearances {
		if a.Over(v.actor.At) && !decided[seat{a.ItemID, a.BodyID}] {
			h.add(&a.StartsAt, "Op de agenda; wat er is besloten, is nog niet gepubliceerd", a.Body())
		}
	}
}

// asked is what a body was asked, as a noun with its article.
func asked(t proposal.Treatment) string {
	switch t {
	case proposal.ForView:
		return "een zienswijze"
	case proposal.ForAdvice:
		return "advies"
	case proposal.ForWishes:
		return "wensen en bedenkingen"
	case proposal.ForApproval:
		return "instemming"
	case proposal.Decisive:
		return "een besluit"
	case proposal.Informative:
		return "informatie"
	}
	return "een gesprek"
}

// dayFor is a day without its year, unless that is another year than that of the reader.
func dayFor(day, now time.Time) string {
	year := day.In(dutch.Zone).Year()
	if year == now.In(dutch.Zone).Year() {
		return dutch.ShortDate(day)
	}
	return dutch.ShortDate(day) + " " + strconv.Itoa(year)
}

// decider says in one sentence whose the decision is.
func (v dossierView) decider() string {
	switch {
	case v.TargetBodyID == "":
		return ""
	case v.State == proposal.Done && v.DecisionKind != "":
		return v.Body() + " heeft besloten: " + strings.ToLower(v.DecisionKind.Label()) + "."
	case v.Treatment == proposal.Decisive:
		return v.Body() + " neemt het besluit."
	case v.Treatment == proposal.Informative:
		return v.Body() + " wordt geïnformeerd. Er hoeft niets te worden besloten."
	}
	return v.Body() + " bespreekt het voorstel."
}

// told reports whether a procedure already says who is asked this, with all its councils.
func (v dossierView) told(g stage) bool {
	return g.treatment == proposal.ForView && len(v.procedures) > 0
}

// role says in one sentence what the bodies of a stage do.
func (g stage) role() string {
	who := dutch.Count(len(g.steps), "gremium", "gremia")
	verb := " krijgen"
	if len(g.steps) == 1 {
		who, verb = g.steps[0].Body(), " krijgt"
	}
	if !slices.ContainsFunc(g.steps, func(s route.Row) bool { return !s.State.Settled() }) {
		verb = map[string]string{" krijgen": " kregen", " krijgt": " kreeg"}[verb]
	}
	if g.treatment == "" {
		return who + verb + " het voorstel."
	}
	text := who + verb + " het voorstel voor " + asked(g.treatment)
	if g.due != nil && !g.mixedDue {
		text += ", uiterlijk " + dutch.Date(*g.due)
	}
	return text + "."
}

// mostTold is how many decisions the page quotes; of more it names only the kind.
const mostTold = 30
