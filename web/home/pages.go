// Package home shows what everyone opens first: the meetings to come, and what waits for whoever signed in.
package home

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/reading"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// Pages of home.
type Pages struct {
	DB      *pgxpool.Pool
	Contact string // where feedback on accessibility and security goes
}

// Front is the first page for anyone; who signed in goes on to his own day.
func (p Pages) Front(w http.ResponseWriter, r *http.Request) error {
	if request.Actor(r).SignedIn() {
		return respond.SeeOther(w, r, path.Today, "")
	}
	coming, err := p.coming(r)
	if err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Welkom", front(coming))
}

func (p Pages) coming(r *http.Request) ([]meeting.Row, error) {
	var coming []meeting.Row
	err := postgres.Read(r.Context(), p.DB, meeting.List(&coming, request.Actor(r), meeting.Filter{}))
	return coming[:min(len(coming), 8)], err
}

// Today is what waits, most urgent first, each with the one act that settles it; for the public the meetings to come.
func (p Pages) Today(w http.ResponseWriter, r *http.Request) error {
	v := dayView{Actor: request.Actor(r)}
	if !v.Actor.SignedIn() {
		coming, err := p.coming(r)
		if err != nil {
			return err
		}
		return respond.Page(w, r, http.StatusOK, "Vandaag", public(coming))
	}
	var tasks []meeting.Task
	var views []zienswijze.Task
	var invitations invitation.Open
	var closed []reading.Thing
	queries := append(invitation.OpenFor(&invitations, v.Actor),
		meeting.Waiting(&tasks, v.Actor), zienswijze.Waiting(&views, v.Actor), meeting.List(&v.Coming, v.Actor, meeting.Filter{}), orgsOf(&v.Orgs, v.Actor))
	if err := postgres.Read(r.Context(), p.DB, queries...); err != nil {
		return err
	}
	v.Coming = v.Coming[:min(len(v.Coming), 6)]
	for _, t := range invitations.Tasks(v.Actor) {
		v.Tasks = append(v.Tasks, invited(t, v.Actor.At))
	}
	for _, t := range tasks {
		v.Tasks = append(v.Tasks, present(t, v.Actor.At))
		if t.Closed {
			closed = append(closed, reading.Thing{Kind: reading.Proposal, Key: t.Key, Surface: reading.Title})
		}
	}
	for _, t := range zienswijze.Ordered(views) {
		v.Tasks = append(v.Tasks, presentView(t, v.Actor.At))
	}
	slices.SortStableFunc(v.Tasks, func(a, b task) int { return zienswijze.Sooner(a.due, b.due) })
	respond.Closed(w) // titles of closed papers may be among them
	if err := respond.Noted(w, r, p.DB, closed...); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Vandaag", today(v))
}

// Accessibility is the statement that the law asks for (domain 3.9).
func (p Pages) Accessibility(w http.ResponseWriter, r *http.Request) error {
	return respond.Page(w, r, http.StatusOK, "Toegankelijkheid", accessibility(p.Contact))
}

// org is an organisation the reader works for.
type org struct {
	Name   string
	Colour string
}

func orgsOf(dst *[]org, actor access.Actor) postgres.Query {
	return postgres.AllInto(dst, `select o.name as name, o.colour
		from organisations o where o.id = any(@actor_organisations) order by name`, postgres.Args{}.As(actor))
}

type dayView struct {
	Actor  access.Actor
	Tasks  []task
	Coming []meeting.Row
	Orgs   []org
}

// task is a meeting.Task in words.
type task struct {
	Urgency string // late, soon or nothing
	When    string
	Day     string
	Title   string
	Address string
	What    string
	Act     string
	Do      string // where the act is
	Primary bool
	MadeUp  bool
	due     *time.Time
}

// dated is a task with the day it is due.
func dated(title string, due *time.Time, now time.Time) task {
	t := task{Title: title, When: "Geen termijn", due: due}
	if due != nil {
		t.When, t.Day = dutch.Capital(dutch.Relative(*due, now)), dutch.ShortDate(*due)
		switch left := due.Sub(now); {
		case strings.HasSuffix(t.When, "te laat"):
			t.Urgency = "late"
		case left < 72*time.Hour:
			t.Urgency = "soon"
		}
	}
	return t
}

// invited is an invitation that waits, in words. It should be out three weeks before: that is no law, only courtesy.
func invited(t invitation.Task, now time.Time) task {
	due := t.StartsAt.AddDate(0, 0, -21)
	shown := dated("Uitnodiging "+t.Title+", "+dutch.Weekday(t.StartsAt), &due, now)
	shown.MadeUp, shown.Address, shown.Do, shown.Primary = t.MadeUp, path.Invitation(t.Key), path.Invitation(t.Key), true
	if shown.Urgency == "late" { // no term passed
		shown.Urgency, shown.When, shown.Day = "soon", dutch.Capital(dutch.Relative(t.StartsAt, now)), dutch.ShortDate(t.StartsAt)
	}
	switch t.Kind {
	case "sign":
		shown.What, shown.Act = "De ondertekening van "+t.Org+" is nog nodig.", "Bekijk en onderteken"
		if t.Own {
			shown.What = "Uw ondertekening is nodig."
		}
		if t.Again {
			shown.What += " Er is iets gewijzigd nadat er was ondertekend."
		}
	case "publish":
		shown.What, shown.Act = "Alle organisaties hebben ondertekend. De uitnodiging kan naar de genodigden.", "Bekijk en publiceer"
		shown.Do = path.Below(path.Invitation(t.Key), "publicatie")
	default:
		shown.What, shown.Act = "Deze uitnodiging is nog een concept.", "Maak haar af"
	}
	return shown
}

// presentView is what waits of a zienswijze in words.
func presentView(t zienswijze.Task, now time.Time) task {
	shown := dated(t.Subject, t.Due, now)
	shown.Address, shown.Primary = path.Procedure(t.Key), true
	if t.OrgKey != "" {
		shown.Address = path.View(t.Key, t.OrgKey)
	}
	shown.Do = shown.Address
	switch t.Kind {
	case "plan":
		shown.What, shown.Act = "Zienswijze: nog niet op een agenda van uw raad. De termijn loopt af op "+day(t.Due)+".", "Plan de zienswijze"
	case "deliver":
		shown.What, shown.Act = "De raad heeft de zienswijze vastgesteld. Het bestuur heeft haar nog niet.", "Verzend de zienswijze"
	case "dispatch":
		shown.What, shown.Act, shown.Do = "Uiterlijk "+day(t.Due)+" is het ontwerp bij de raden.", "Verzend het ontwerp", path.Below(shown.Address, "verzending")
	case "answer":
		shown.What, shown.Act = dutch.Count(t.Count, "raad wacht", "raden wachten")+" op antwoord. Dat krijgen zij vóór het bestuur besluit.", "Beantwoord de raden"
	}
	return shown
}

var lacking = map[string]string{
	"summary": "samenvatting", "authors": "opsteller", "target": "gremium", "decision_points": "beslispunten", "attachments": "bijlagen of ‘N.v.t.’",
}

// present is a meeting.Task in words.
func present(t meeting.Task, now time.Time) task {
	shown := dated(t.Title, t.Due, now)
	shown.MadeUp = t.MadeUp
	switch t.Kind {
	case "offered", "deferred":
		shown.offered(t)
	case "step", "question", "refused":
		shown.alongRoute(t)
	case "concept":
		shown.concept(t)
	case "consent", "agreed", "advice":
		shown.paper(t)
	case "agenda", "joint", "declined", "reading":
		shown.meeting(t)
	}
	if shown.Title == "" {
		shown.Title = t.Extra
	}
	if t.Starts != nil {
		shown.Title += ", " + dutch.Weekday(*t.Starts)
		if t.Kind == "agenda" {
			shown.Title = "Agenda " + shown.Title
		}
	}
	return shown
}

// offered is a paper that someone offered to the body and that stands on no agenda.
func (shown *task) offered(t meeting.Task) {
	shown.Address, shown.What, shown.Act, shown.Primary = path.Proposal(t.Key),
		t.Extra+" heeft dit voorstel aangeboden. Het staat nog niet op een agenda.", "Op de agenda", true
	if t.Kind == "deferred" {
		shown.What = "Dit voorstel van " + t.Extra + " is aangehouden. Het staat nog niet op een nieuwe agenda."
	}
	shown.Do = path.NewMeeting
	if t.Target != "" {
		shown.Do = path.MeetingAgenda(t.Target) + "#aangeboden"
	} else {
		shown.Act = "Maak een vergadering"
	}
}

// alongRoute is a paper that came along its route, a question about it, or a refusal by whoever got it.
func (shown *task) alongRoute(t meeting.Task) {
	switch t.Kind {
	case "step":
		shown.Address, shown.Do = path.Step(t.Key, t.Target), path.Step(t.Key, t.Target)
		shown.What, shown.Act, shown.Primary = t.Extra+" heeft dit voorstel verzonden. Het wacht op agendering.", "Op de agenda", true
	case "question":
		shown.Address, shown.Do = path.Step(t.Key, t.Target), path.Step(t.Key, t.Target)
		shown.What, shown.Act, shown.Primary = "Vraag van "+t.Extra+".", "Lees en beantwoord", true
	case "refused":
		shown.Address, shown.Do = path.Step(t.Key, t.Target), path.Step(t.Key, t.Target)
		shown.What, shown.Act, shown.Primary = "Geweigerd door "+t.Extra+".", "Bekijk de reden", true
	}
}

// concept is a paper that its writer has not offered yet.
func (shown *task) concept(t meeting.Task) {
	shown.Address = path.Proposal(t.Key)
	var missing []string
	for code := range strings.SplitSeq(t.Extra, ",") {
		if name, ok := lacking[code]; ok {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		shown.What, shown.Act, shown.Do, shown.Primary = "Dit concept is nog niet compleet. Nog nodig: "+dutch.List(missing)+".", "Vul aan",
			path.Below(path.Proposal(t.Key), "bewerken"), true
	} else {
		shown.What, shown.Act, shown.Do, shown.Primary = "Dit concept is compleet en nog niet aangeboden.", "Bekijk en bied aan", path.Proposal(t.Key), true
	}
}

// paper is one that waits for consent or advice, or that may be offered.
func (shown *task) paper(t meeting.Task) {
	switch t.Kind {
	case "consent":
		shown.Address, shown.What, shown.Act, shown.Do, shown.Primary = path.Proposal(t.Key), "Dit voorstel is ambtelijk gereed en wacht op uw akkoord.",
			"Lees en geef akkoord", path.Proposal(t.Key), true
	case "agreed":
		shown.Address, shown.What, shown.Act, shown.Do, shown.Primary = path.Proposal(t.Key),
			"Dit voorstel heeft bestuurlijk akkoord en is nog niet aangeboden.", "Bekijk en bied aan", path.Proposal(t.Key), true
	case "advice":
		shown.Address, shown.What = path.Proposal(t.Key), t.Extra+" vraagt uw advies over dit voorstel."
		shown.Act, shown.Do, shown.Primary = "Geef advies", path.Advice(t.Key, t.Target), true
	}
}

// meeting is one to be prepared, by whoever convenes it, holds it along or attends it.
func (shown *task) meeting(t meeting.Task) {
	switch t.Kind {
	case "agenda":
		shown.Address, shown.What, shown.Act, shown.Do, shown.Primary = path.Meeting(t.Key), "Uiterlijk "+day(t.Due)+" krijgen de leden de oproep.",
			"Stel de agenda samen", path.MeetingAgenda(t.Key), true
		if shown.Urgency == "late" {
			shown.What = "De leden zijn nog niet opgeroepen. De oproep had al weg moeten zijn."
		}
	case "joint":
		shown.Address, shown.Do = path.MeetingParty(t.Key, t.Target), path.MeetingParty(t.Key, t.Target)
		shown.What, shown.Act, shown.Primary = t.Extra+" vraagt of u deze vergadering mee houdt. Zolang u niet antwoordt, staat uw gremium er niet bij.",
			"Bekijk en antwoord", true
	case "declined":
		shown.Address, shown.Do = path.MeetingParty(t.Key, t.Target), path.MeetingParty(t.Key, t.Target)
		shown.What, shown.Act = t.Extra+" doet niet mee met deze vergadering.", "Lees waarom"
	case "reading":
		shown.Address, shown.What, shown.Act, shown.Do = path.Meeting(t.Key), "De agenda en de stukken staan klaar.", "Lees de agenda", path.Meeting(t.Key)
		if shown.Urgency == "late" {
			shown.Urgency = ""
		}
	}
}

func day(t *time.Time) string {
	if t == nil {
		return "op tijd"
	}
	return dutch.Date(*t)
}
