// Package proposals shows papers and lets those who write them fill them in, offer them and take them back.
package proposals

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/web/form"
	"regiogriffie/web/parts"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// Pages of proposals.
type Pages struct {
	DB    *pgxpool.Pool
	Files *file.Store
}

// Index lists the papers that the reader may see; the filters stand in the address.
func (p Pages) Index(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	l := listing{
		at:     actor.At,
		states: proposal.StatesFor(actor),
		filter: proposal.Filter{
			Words: request.Query(r, "zoek"), Organisation: request.Query(r, "organisatie"),
			State: proposal.State(request.Query(r, "status")), Treatment: proposal.Treatment(request.Query(r, "behandeling")),
			Page: request.Page(r),
		},
		mayCreate: len(proposal.Owners(actor)) > 0,
	}
	if !slices.Contains(l.states, l.filter.State) {
		l.filter.State = "" // no choice of the filter
	}
	if err := postgres.Read(r.Context(), p.DB, proposal.List(&l.rows, actor, l.filter), proposal.Total(&l.total, actor, l.filter), proposal.Owning(&l.owners, actor)); err != nil {
		return err
	}
	if len(l.rows) > proposal.PerPage {
		l.rows, l.more = l.rows[:proposal.PerPage], true
	}
	if err := respond.Noted(w, r, p.DB, parts.ReadTitles(l.rows, func(r proposal.Row) (id.Proposal, bool) { return r.ID, r.Closed })...); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Voorstellen", index(l))
}

// Show is the paper.
func (p Pages) Show(w http.ResponseWriter, r *http.Request) error {
	found, err := proposal.FindByKey(r.Context(), p.DB, request.Actor(r), request.Key(r, "proposal"))
	if err != nil {
		return err
	}
	return p.show(w, r, http.StatusOK, found, form.New(nil), nil)
}

// show draws the paper, with f for what went wrong while adding attachments, and refused for what kept it from being offered.
func (p Pages) show(w http.ResponseWriter, r *http.Request, status int, found proposal.Proposal, f *form.Form, refused fault.Fields) error {
	actor := request.Actor(r)
	v := view{Proposal: found, actor: actor, form: f, missing: refused, refused: refused != nil}
	questions := []postgres.Query{
		file.LinesOf(&v.attachments, actor, string(found.ID)),
		proposal.Places(&v.places, actor, found.ID),
		proposal.Versions(&v.versions, actor, found.ID),
		meeting.DecisionsOn(&v.decisions, actor, found.ID),
		proposal.Moves(&v.moves, actor, found.ID),
		route.ProgressOf(&v.route, actor, found.ID),
		proposal.ReadingInto(&v.reading, actor, found.ID),
		proposal.AdvicesInto(&v.advices, actor, found.ID),
	}
	if proposal.CanComment(actor, found) {
		questions = append(questions, proposal.CommentsInto(&v.comments, actor, found.ID))
		if f.Raw("key") == "" {
			f.Values.Set("key", newKey())
		}
	}
	if proposal.CanSeeHistory(actor, found) {
		questions = append(questions, audit.Of(&v.history, actor, string(found.ID)))
	}
	if err := postgres.Read(r.Context(), p.DB, questions...); err != nil {
		return err
	}
	if proposal.CanOffer(actor, found) && !v.refused {
		v.missing = missing(found.Missing(len(v.attachments)))
	}
	if err := respond.Noted(w, r, p.DB, closed(found, v.decisions...)...); err != nil {
		return err
	}
	return respond.Page(w, r, status, found.Subject, show(v))
}

func missing(err error) fault.Fields {
	var fields fault.Fields
	errors.As(err, &fields)
	return fields
}

// New is the empty form.
func (p Pages) New(w http.ResponseWriter, r *http.Request) error {
	return p.newForm(w, r, http.StatusOK, emptyForm(request.Actor(r)), false)
}

// Create makes a concept, shows a preview, or shows the form again with what is wrong.
func (p Pages) Create(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	if f.Bool("voorbeeld") {
		return p.newForm(w, r, http.StatusOK, f, true)
	}
	draft, err := p.readDraft(r, f, nil)
	if err != nil {
		return err
	}
	var made proposal.Proposal
	err = f.Act(func() error { return draft.Check(actor.At) }, func() (err error) {
		made, err = proposal.Create(r.Context(), p.DB, actor, draft)
		return err
	})
	if f.Explains(err) {
		return p.newForm(w, r, http.StatusUnprocessableEntity, f, false)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Proposal(made.Key), "Het voorstel is bewaard als concept.")
}

func (p Pages) newForm(w http.ResponseWriter, r *http.Request, status int, f *form.Form, preview bool) error {
	actor := request.Actor(r)
	if len(proposal.Owners(actor)) == 0 {
		return fault.Because("U kunt geen voorstel maken: dat doen stellers, griffiers en secretarissen. Vraag de functioneel beheerder om de rol van steller.")
	}
	e := editor{form: f, action: path.Proposals, back: path.Proposals, preview: preview, fresh: true}
	if err := postgres.Read(r.Context(), p.DB, e.choices(actor)...); err != nil {
		return err
	}
	if len(e.owners) == 1 && f.Raw("owner_org_id") == "" {
		f.Values.Set("owner_org_id", string(e.owners[0].ID))
	}
	return respond.Page(w, r, status, "Nieuw voorstel", edit(e))
}

// Edit is the form of an existing paper.
func (p Pages) Edit(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	var found proposal.Proposal
	e := editor{}
	if err := postgres.Read(r.Context(), p.DB, append(e.choices(actor), proposal.ByKey(&found, actor, request.Key(r, "proposal")))...); err != nil {
		return err
	}
	if !proposal.CanRevise(actor, found) {
		return fault.Forbidden
	}
	e.form = form.New(values(found))
	return p.edit(w, r, http.StatusOK, found, e)
}

func (p Pages) edit(w http.ResponseWriter, r *http.Request, status int, found proposal.Proposal, e editor) error {
	e.action, e.back, e.paper = path.Proposal(found.Key), path.Proposal(found.Key), found
	if err := postgres.Read(r.Context(), p.DB, route.ProgressOf(&e.route, request.Actor(r), found.ID)); err != nil {
		return err
	}
	if err := respond.Noted(w, r, p.DB, closed(found)...); err != nil {
		return err
	}
	return respond.Page(w, r, status, "Voorstel bewerken", edit(e))
}

// Update keeps a revision, shows a preview, or shows the form again: with what is wrong, or beside what someone else kept
// meanwhile.
func (p Pages) Update(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	return form.Edit[proposal.Proposal]{
		Read: func() (proposal.Proposal, error) {
			found, err := proposal.FindByKey(r.Context(), p.DB, actor, request.Key(r, "proposal"))
			if err == nil && !proposal.CanRevise(actor, found) {
				err = fault.Forbidden
			}
			return found, err
		},
		Again: func(_ proposal.Proposal, f *form.Form) bool { return f.Bool("voorbeeld") },
		Save: func(found proposal.Proposal, f *form.Form) error {
			f.Values.Set("owner_org_id", string(found.OwnerOrgID))
			d, err := p.readDraft(r, f, found.Organisers)
			if err != nil {
				return err
			}
			return f.Act(func() error { return d.Check(actor.At) }, func() error {
				_, err := proposal.Revise(r.Context(), p.DB, actor, found.ID, d)
				return err
			})
		},
		Saved: func(found proposal.Proposal) form.Saved {
			return form.Saved{Values: values(found), By: found.UpdatedBy, At: found.UpdatedAt}
		},
		Words: func(found proposal.Proposal, _ *form.Form, theirs map[string]string) { inWords(theirs, found) },
		Show: func(status int, found proposal.Proposal, f *form.Form) error {
			e := editor{form: f, preview: f.Bool("voorbeeld")}
			if err := postgres.Read(r.Context(), p.DB, e.choices(actor)...); err != nil {
				return err
			}
			return p.edit(w, r, status, found, e)
		},
		Done: func(found proposal.Proposal) error {
			return respond.SeeOther(w, r, path.Proposal(found.Key), "Het voorstel is bewaard.")
		},
	}.Update(r)
}

// CreateOffering offers the paper, or shows what is still missing.
func (p Pages) CreateOffering(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	found, err := proposal.FindByKey(r.Context(), p.DB, actor, request.Key(r, "proposal"))
	if err != nil {
		return err
	}
	_, err = proposal.Offer(r.Context(), p.DB, actor, found.ID)
	if f := form.New(nil); f.Explains(err) {
		return p.show(w, r, http.StatusUnprocessableEntity, found, form.New(nil), f.Faults)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Proposal(found.Key), "Het voorstel is aangeboden voor de vergadering van: "+found.Body()+".")
}

// NewWithdrawal asks for the reason.
func (p Pages) NewWithdrawal(w http.ResponseWriter, r *http.Request) error {
	found, err := proposal.FindByKey(r.Context(), p.DB, request.Actor(r), request.Key(r, "proposal"))
	if err != nil {
		return err
	}
	return p.withdrawal(w, r, http.StatusOK, found, form.New(nil))
}

func (p Pages) withdrawal(w http.ResponseWriter, r *http.Request, status int, found proposal.Proposal, f *form.Form) error {
	if !proposal.CanWithdraw(request.Actor(r), found) {
		return fault.Forbidden
	}
	if err := respond.Noted(w, r, p.DB, closed(found)...); err != nil {
		return err
	}
	return respond.Page(w, r, status, "Voorstel intrekken", withdraw(found, f))
}

// CreateWithdrawal takes the paper back.
func (p Pages) CreateWithdrawal(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	found, err := proposal.FindByKey(r.Context(), p.DB, actor, request.Key(r, "proposal"))
	if err != nil {
		return err
	}
	err = f.Sound(nil)
	if err == nil {
		err = proposal.Withdraw(r.Context(), p.DB, actor, found.ID, f.Text("reason"))
	}
	if f.Explains(err) {
		return p.withdrawal(w, r, http.StatusUnprocessableEntity, found, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Proposal(found.Key), "Het voorstel is ingetrokken.")
}

// ShowVersion is the paper as it stood in a version.
func (p Pages) ShowVersion(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	key := request.Key(r, "proposal")
	number := versionNumber(request.Key(r, "number"))
	if number == 0 {
		return fault.NotFound
	}
	v := versionView{actor: actor}
	if err := postgres.Read(r.Context(), p.DB, proposal.ByKey(&v.Proposal, actor, key), proposal.VersionByKey(&v.version, actor, key, number)); err != nil {
		return err
	}
	if err := respond.Noted(w, r, p.DB, closed(v.Proposal)...); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, v.version.Fields.Subject+", versie "+strconv.Itoa(number), showVersion(v))
}

// emptyForm begins with a key of its own, so that sending it twice makes one paper.
func emptyForm(actor access.Actor) *form.Form {
	return form.New(map[string]string{"key": newKey(), "authors": actor.Name, "treatment": string(proposal.Informative)})
}
