package routes

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/route"
	"regiogriffie/web/form"
	"regiogriffie/web/parts"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// trayView is what was sent to the bodies of a griffie.
type trayView struct {
	actor   access.Actor
	rows    []route.Received
	choices []meeting.Choice
	total   int
	page    int
	more    bool
}

// InTray lists what waits for an agenda, the most urgent first, each with the meetings it can go to.
func (p Pages) InTray(w http.ResponseWriter, r *http.Request) error {
	v := trayView{actor: request.Actor(r), page: request.Page(r)}
	err := postgres.Read(r.Context(), p.DB,
		route.InTray(&v.rows, v.actor, v.page), route.InTrayTotal(&v.total, v.actor), meeting.Choices(&v.choices, v.actor))
	if err != nil {
		return err
	}
	if len(v.rows) > route.PerPage {
		v.rows, v.more = v.rows[:route.PerPage], true
	}
	if err := respond.Noted(w, r, p.DB, parts.ReadTitles(v.rows, received)...); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Postvak in", inTray(v))
}

// urgency says how near the last safe day is: late, soon or nothing.
func urgency(day *time.Time, now time.Time) string {
	switch {
	case day == nil:
		return ""
	case strings.HasSuffix(dutch.Relative(*day, now), "te laat"):
		return "late"
	case day.Sub(now) < 7*24*time.Hour:
		return "soon"
	}
	return ""
}

func relative(day *time.Time, now time.Time) string {
	if day == nil {
		return "Geen termijn"
	}
	text := dutch.Relative(*day, now)
	return strings.ToUpper(text[:1]) + text[1:]
}

// beforeView is what lies before one body.
type beforeView struct {
	actor   access.Actor
	body    partner.Body
	org     partner.Link
	rows    []route.Received
	settled bool
	words   string
}

// Before lists all running routes for one body, by the last day on which something can still be done.
func (p Pages) Before(w http.ResponseWriter, r *http.Request) error {
	v := beforeView{actor: request.Actor(r), settled: request.Query(r, "toon") == "alles", words: request.Query(r, "zoek")}
	key := request.Key(r, "body")
	err := postgres.Read(r.Context(), p.DB, partner.BodyInto(&v.body, v.actor, key), partner.OrganisationOfInto(&v.org, v.actor, key),
		route.Before(&v.rows, v.actor, key, v.settled))
	if err != nil {
		return err
	}
	for word := range strings.FieldsSeq(strings.ToLower(v.words)) {
		v.rows = slices.DeleteFunc(v.rows, func(s route.Received) bool {
			return !strings.Contains(strings.ToLower(s.Subject+" "+s.OwnerName+" "+s.CollaborationName), word)
		})
	}
	if err := respond.Noted(w, r, p.DB, parts.ReadTitles(v.rows, received)...); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Wat ligt er voor "+v.name(), before(v))
}

func (v beforeView) name() string { return partner.BodyName(v.body.Name, v.org.Name) }

func (v beforeView) address() string { return path.Before(v.body.Key) }

// group is what came by one collaboration, or else from one owner.
type group struct {
	name   string
	colour string // of the owner; empty for a collaboration
	anchor string // on the page
	rows   []route.Received
}

// groups keeps the order: the group with the most urgent step comes first.
func (v beforeView) groups() []group {
	var list []group
	at := map[string]int{}
	for _, r := range v.rows {
		g := group{name: r.CollaborationName}
		if g.name == "" {
			g = group{name: r.OwnerName, colour: r.OwnerColour}
		}
		n, known := at[g.name+g.colour]
		if !known {
			n = len(list)
			at[g.name+g.colour] = n
			g.anchor = "groep-" + strconv.Itoa(n+1)
			list = append(list, g)
		}
		list[n].rows = append(list[n].rows, r)
	}
	return list
}

// late counts the rows of which the last day is over.
func late(rows []route.Received, now time.Time) (n int) {
	for _, r := range rows {
		if r.Late(now) {
			n++
		}
	}
	return n
}

func (v beforeView) lede() string {
	if len(v.rows) == 0 {
		return "Er ligt nu niets."
	}
	text := dutch.Count(len(v.rows), "voorstel", "voorstellen")
	if n := late(v.rows, v.actor.At); n > 0 {
		text += ", waarvan " + dutch.Number(n) + " te laat"
	}
	return text + ". Per samenwerking of eigenaar, het dringendste bovenaan."
}

func (v beforeView) form() *form.Form {
	shown := ""
	if v.settled {
		shown = "alles"
	}
	return form.New(map[string]string{"zoek": v.words, "toon": shown})
}

// why says where the last safe day comes from.
func why(r route.Received) string {
	due := r.Due()
	switch {
	case due == nil:
		return "De eigenaar noemde geen uiterste dag."
	case r.LastMeeting == nil:
		return "Uiterlijk " + dutch.Date(*due) + ". Er is geen vergadering van dit gremium bekend vóór die dag."
	case r.PapersDueDays > 0:
		return "Uiterlijk " + dutch.Date(*due) + ". Laatste vergadering daarvoor: " + dutch.Date(*r.LastMeeting) + ", stukken " +
			dutch.Count(r.PapersDueDays, "dag", "dagen") + " eerder binnen."
	}
	return "Uiterlijk " + dutch.Date(*due) + ". Laatste vergadering daarvoor: " + dutch.Date(*r.LastMeeting) + "."
}

func rowUrgency(r route.Received, v beforeView) string {
	if r.State == route.StepSent || r.State == route.StepExpired {
		return urgency(r.Safe(), v.actor.At)
	}
	return ""
}
