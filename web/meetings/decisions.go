package meetings

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/reading"
	"regiogriffie/internal/rule"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// published are the decisions on an item that readers see, the latest of each body first.
func (v whole) published(i meeting.Item) []meeting.Decision {
	var list []meeting.Decision
	for _, d := range v.Decisions {
		if d.ItemID == i.ID && d.Published() {
			list = append(list, d)
		}
	}
	return list
}

// deciding are the bodies of the meeting for which the reader records decisions on the item.
func (v whole) deciding(i meeting.Item) []meeting.Organiser {
	if !i.Matter || i.Dropped() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(v.Organisers), func(o meeting.Organiser) bool {
		return !meeting.CanRecordDecision(v.Actor, v.Meeting, o)
	})
}

// decision is the page on which the griffie records what a body decided on an item.
type decision struct {
	whole
	Item       meeting.Item
	Body       meeting.Organiser
	Draft      *meeting.Decision // not published yet
	Last       *meeting.Decision // the one that counts
	Versions   []proposal.Version
	Found      rule.Findings
	Stakes     []zienswijze.Stake // the procedures that the decision hangs on
	Reasons    *form.Form         // of the warnings
	Correcting bool
}

// closed tells whether the decision will be for the readers of the item alone.
func (d decision) closed() bool { return d.Item.Closed || !d.Meeting.Open }

func (d decision) address() string {
	return path.Below(path.Item(d.Meeting.Slug, d.Item.Key), "besluit")
}

func (d decision) mayPublish() bool { return meeting.CanPublishDecision(d.Actor, d.Meeting, d.Body) }

// values are the fields of the form as they are kept now.
func (d decision) values() map[string]string {
	values := map[string]string{
		"body": string(d.Body.BodyID), "decided_on": dutch.FormDate(d.Meeting.StartsAt), "method": string(meeting.NoVote), "version": "0",
	}
	if len(d.Versions) > 0 {
		values["proposal_version"] = strconv.Itoa(d.Versions[0].Number)
		for _, each := range d.Versions { // newest first: the last one made before the meeting began
			if !each.MadeAt.After(d.Meeting.StartsAt) {
				values["proposal_version"] = strconv.Itoa(each.Number)
				break
			}
		}
	}
	from := d.Draft
	if from == nil {
		from = d.Last
	}
	if from != nil {
		values["kind"], values["text"], values["method"] = string(from.Kind), from.Text, string(from.Method)
		values["decided_on"], values["proposal_version"] = dutch.FormDate(from.DecidedOn), strconv.Itoa(from.ProposalVersion)
		if from.Counted() {
			values["votes_for"], values["votes_against"] = strconv.Itoa(*from.VotesFor), strconv.Itoa(*from.VotesAgainst)
		}
	}
	if d.Last != nil {
		values["replaces"], values["reason"] = string(d.Last.ID), ""
	}
	if d.Draft != nil {
		values["version"], values["reason"] = version(d.Draft.Version), d.Draft.Reason
	}
	return values
}

// saved is what is kept for the body now: its draft, or else the last decision.
func (d decision) saved() form.Saved {
	s := form.Saved{Values: d.values()}
	for _, kept := range []*meeting.Decision{d.Last, d.Draft} {
		if kept != nil {
			s.By, s.At = kept.UpdatedBy, kept.UpdatedAt
		}
	}
	return s
}

// decisionOf reads the page of the item for the body with this id or key; for the first of the reader's when neither names one.
func (p Pages) decisionOf(r *http.Request, body string) (decision, error) {
	v, err := p.read(r)
	if err != nil {
		return decision{}, err
	}
	d := decision{whole: v, Reasons: form.New(nil)}
	if d.Item, err = v.item(request.Key(r, "item")); err != nil {
		return d, err
	}
	bodies := v.deciding(d.Item)
	if len(bodies) == 0 {
		switch {
		case !v.prepares() || !d.Item.Matter:
			return d, fault.Forbidden
		case d.Item.Dropped():
			return d, fault.Because("Dit punt is vervallen. Er is geen besluit over genomen.")
		}
		return d, fault.Because("U legt een besluit vast zodra de vergadering is begonnen waarvoor is opgeroepen.")
	}
	at := slices.IndexFunc(bodies, func(o meeting.Organiser) bool { return string(o.BodyID) == body || o.BodyKey == body })
	if at < 0 && body != "" {
		return d, fault.Forbidden
	}
	d.Body = bodies[max(at, 0)]
	for n, each := range v.Decisions {
		switch {
		case each.ItemID != d.Item.ID || each.BodyID != d.Body.BodyID:
		case !each.Published():
			d.Draft = &v.Decisions[n]
		case d.Last == nil:
			d.Last = &v.Decisions[n]
		}
	}
	members := 0
	on := d.Meeting.StartsAt
	if d.Draft != nil {
		on = d.Draft.DecidedOn
	}
	questions := []postgres.Query{
		meeting.MembersOf(&members, v.Actor, d.Body.BodyID, on), zienswijze.StakesInto(&d.Stakes, v.Actor, d.Item.ID, d.Body.BodyID),
	}
	if d.Item.ProposalID != "" {
		questions = append(questions, proposal.Versions(&d.Versions, v.Actor, d.Item.ProposalID))
	}
	if err := postgres.Read(r.Context(), p.DB, questions...); err != nil {
		return d, err
	}
	if d.Draft != nil {
		d.Found = meeting.DecisionFindings(*d.Draft, members, d.Stakes)
	}
	return d, nil
}

func (p Pages) showDecision(w http.ResponseWriter, r *http.Request, status int, d decision, f *form.Form) error {
	respond.Closed(w)
	if err := respond.Noted(w, r, p.DB, append(d.closedParts(), d.closedItem(d.Item, reading.Page)...)...); err != nil {
		return err
	}
	return respond.Page(w, r, status, "Besluit bij punt "+d.Item.Label, decisionForm(d, f))
}

// NewDecision is where the griffie records a decision, looks at it as others will, and publishes it.
func (p Pages) NewDecision(w http.ResponseWriter, r *http.Request) error {
	d, err := p.decisionOf(r, request.Query(r, "gremium"))
	if err != nil {
		return err
	}
	return p.showDecision(w, r, http.StatusOK, d, form.New(d.values()))
}

func readDecision(f *form.Form, body id.Body) meeting.DecisionDraft {
	return meeting.DecisionDraft{
		Body: body, Kind: proposal.DecisionKind(f.Text("kind")), Text: f.Text("text"), ProposalVersion: f.IntOr("proposal_version", 0),
		DecidedOn: f.Date("decided_on"), Replaces: id.Decision(f.Text("replaces")), Reason: f.Text("reason"), Version: f.Version(),
		Vote: meeting.Vote{Method: meeting.VoteMethod(f.Text("method")), VotesFor: f.Int("votes_for"), VotesAgainst: f.Int("votes_against")},
	}
}

// CreateDecision keeps the draft; who comes second sees both texts.
func (p Pages) CreateDecision(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	body := f.Text("body")
	return form.Edit[decision]{
		Read: func() (decision, error) {
			d, err := p.decisionOf(r, body)
			d.Correcting = true
			return d, err
		},
		Save: func(d decision, f *form.Form) error {
			draft := readDecision(f, d.Body.BodyID)
			return f.Act(func() error { return draft.Check(d.Meeting, d.Actor.At) }, func() error {
				_, err := meeting.RecordDecision(r.Context(), p.DB, d.Actor, d.Meeting.ID, d.Item.Key, draft)
				return err
			})
		},
		Saved: func(d decision) form.Saved { return d.saved() },
		Words: func(d decision, f *form.Form, theirs map[string]string) {
			f.Values.Set("replaces", d.values()["replaces"])
			delete(theirs, "replaces")
		},
		Show: func(status int, d decision, f *form.Form) error { return p.showDecision(w, r, status, d, f) },
		Done: func(d decision) error {
			return respond.SeeOther(w, r, path.With(d.address(), "gremium", d.Body.BodyKey)+"#publiceren", "Het besluit is bewaard als concept. Alleen de griffie leest het.")
		},
	}.UpdateFrom(f)
}

// CreateDecisionPublication publishes the draft, or shows what stands in the way.
func (p Pages) CreateDecisionPublication(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	d, err := p.decisionOf(r, f.Text("body"))
	if err != nil {
		return err
	}
	final := meeting.Publication{Body: d.Body.BodyID, Version: f.Version(), Reasons: map[string]string{}}
	for name := range f.Values {
		if id, ok := strings.CutPrefix(name, "reason."); ok {
			final.Reasons[id] = f.Text(name)
		}
	}
	_, err = meeting.PublishDecision(r.Context(), p.DB, d.Actor, d.Meeting.ID, d.Item.Key, final)
	var fields fault.Fields
	if errors.As(err, &fields) {
		for name, why := range fields {
			f.Faults.Must(false, "reason."+name, why)
		}
		d.Reasons = f
		return p.showDecision(w, r, http.StatusUnprocessableEntity, d, form.New(d.values()))
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Item(d.Meeting.Slug, d.Item.Key), "Het besluit is gepubliceerd.")
}
