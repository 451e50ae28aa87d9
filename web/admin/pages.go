// Package admin is where the functional administrator keeps accounts and roles. It shows no content.
package admin

import (
	"context"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/trail"
	"regiogriffie/web/form"
	"regiogriffie/web/parts"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
	"regiogriffie/web/ui"
)

// Pages of the administrator. BaseURL stands before the links that he hands out, where no mail leaves.
type Pages struct {
	DB         *pgxpool.Pool
	BaseURL    string
	MailLeaves bool // a mail server is set: a link goes to the owner's mailbox and to no screen
}

// Overview leads to what there is to administer.
func (p Pages) Overview(w http.ResponseWriter, r *http.Request) error {
	return respond.Page(w, r, http.StatusOK, "Beheer", overview())
}

// Accounts lists the accounts.
func (p Pages) Accounts(w http.ResponseWriter, r *http.Request) error {
	l := listed{name: request.Query(r, "naam"), page: request.Page(r)}
	var err error
	l.accounts, l.more, err = identity.List(r.Context(), p.DB, request.Actor(r), identity.Filter{Name: l.name, Page: l.page})
	if err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Accounts", list(l))
}

// newFields are the fields of the form of a new account. A search within it sends them along, so that nothing typed is lost.
var newFields = []string{"who", "person", "person_id", "initials", "infix", "family", "email"}

// New asks for whom a new account is, and finds people by name.
func (p Pages) New(w http.ResponseWriter, r *http.Request) error {
	f := form.New(map[string]string{"who": known})
	query := r.URL.Query()
	for _, name := range newFields {
		if query.Has(name) {
			f.Values.Set(name, request.Query(r, name))
		}
	}
	var hits []partner.PersonOption
	searched := query.Has("zoek")
	if searched {
		if err := postgres.Read(r.Context(), p.DB, partner.PeopleNamed(&hits, request.Actor(r), f.Line("person"))); err != nil {
			return err
		}
	}
	return p.newForm(w, r, http.StatusOK, f, hits, searched)
}

func (p Pages) newForm(w http.ResponseWriter, r *http.Request, status int, f *form.Form, hits []partner.PersonOption, searched bool) error {
	return respond.Page(w, r, status, "Nieuw account", newForm(newcomer{form: f, hits: hits, searched: searched}))
}

// Create makes an account for someone who is known, or for someone new, and then his person as well.
func (p Pages) Create(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	actor := request.Actor(r)
	fresh := f.Text("who") == unknown
	f.Faults.Must(fresh || f.Text("who") == known, "who", "Kies voor wie dit account is: een bekende of een nieuwe persoon.")
	var person id.Person
	var hits []partner.PersonOption
	if !fresh {
		person, hits, err = p.choosePerson(r.Context(), actor, f)
		if err != nil && !f.Explains(err) {
			return err
		}
	}
	newcomer := partner.PersonDraft{Initials: f.Line("initials"), Infix: f.Line("infix"), Family: f.Line("family")}
	draft := identity.Draft{PersonID: person, Email: identity.TidyEmail(f.Line("email"))}
	if fresh {
		draft.PersonID = "new" // the check needs to know that there will be one
	}
	if err = f.Sound(draft.Check()); fresh {
		err = f.Sound(newcomer.Check(actor.At))
	}
	var made identity.Account
	if err == nil {
		err = pgx.BeginFunc(r.Context(), p.DB, func(tx pgx.Tx) error {
			if fresh {
				someone, err := partner.CreatePerson(r.Context(), tx, actor, newcomer)
				if err != nil {
					return err
				}
				draft.PersonID = someone.ID
			}
			made, err = identity.CreateAccount(r.Context(), tx, actor, draft)
			return err
		})
	}
	if f.Explains(err) {
		return p.newForm(w, r, http.StatusUnprocessableEntity, f, hits, false)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.AccountOf(string(made.ID)), p.created(made))
}

func (p Pages) created(made identity.Account) string {
	text := "Het account is gemaakt. Maak nu een link waarmee " + made.Name + " een wachtwoord kiest."
	if !made.Vouched {
		text += " Rechten geeft het pas als een ander het e-mailadres bevestigt."
	}
	return text
}

// choosePerson finds whom the administrator means by what he typed; of several he chooses.
func (p Pages) choosePerson(ctx context.Context, actor access.Actor, f *form.Form) (id.Person, []partner.PersonOption, error) {
	typed := f.Line("person")
	if typed == "" {
		return "", nil, nil
	}
	name, _, _ := strings.Cut(typed, " (")
	var hits []partner.PersonOption
	if err := postgres.Read(ctx, p.DB, partner.PeopleNamed(&hits, actor, name)); err != nil {
		return "", nil, err
	}
	var exact []partner.PersonOption
	for _, o := range hits {
		called, _, _ := strings.Cut(o.Name, " (")
		if f.Raw("person_id") == string(o.ID) {
			return o.ID, hits, nil
		}
		if strings.EqualFold(o.Name, typed) || strings.EqualFold(called, typed) {
			exact = append(exact, o)
		}
	}
	switch {
	case len(hits) == 0:
		return "", nil, fault.Fields{"person": "Deze naam is niet bekend. Zoek op een ander deel van de naam, of kies Nieuwe persoon."}
	case len(exact) == 1:
		return exact[0].ID, hits, nil
	case len(exact) > 1:
		return "", hits, fault.Fields{"person_id": "Er zijn meer mensen met deze naam. Kies wie u bedoelt."}
	}
	return "", hits, fault.Fields{"person_id": "Kies wie u bedoelt."}
}

// Show is one account.
func (p Pages) Show(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, nil, nil, "")
}

// show draws an account. Forms that are nil are drawn as things stand; link is shown once.
func (p Pages) show(w http.ResponseWriter, r *http.Request, status int, email, role *form.Form, link string) error {
	actor := request.Actor(r)
	var s shown
	if err := postgres.Read(r.Context(), p.DB,
		identity.FindInto(&s.account, actor, account(r)), identity.Functions(&s.functions, actor, account(r)),
		partner.OrganisationsFor(&s.organisations, actor), partner.BodiesFor(&s.bodies, actor),
		identity.EmailChanges(&s.changes, actor, account(r))); err != nil {
		return err
	}
	s.email, s.role, s.link, s.own, s.mayClose = email, role, link, s.account.ID == actor.Account, identity.CanClose(actor, s.account)
	s.actor, s.mailLeaves = actor, p.MailLeaves
	if s.email == nil {
		s.email = form.New(emailValues(s.account))
	}
	if s.role == nil {
		s.role = form.New(map[string]string{"valid_from": today(actor)})
	}
	return respond.Page(w, r, status, s.account.Name, show(s))
}

func account(r *http.Request) id.Account { return request.ID[id.Account](r, "account") }

// back is the page of the account that was acted on.
func back(r *http.Request) string { return path.AccountOf(string(account(r))) }

// UpdateEmail changes the address to sign in with.
func (p Pages) UpdateEmail(w http.ResponseWriter, r *http.Request) error {
	actor, waits := request.Actor(r), false
	return form.Edit[identity.Account]{
		Read: func() (identity.Account, error) { return identity.Find(r.Context(), p.DB, actor, account(r)) },
		Save: func(_ identity.Account, f *form.Form) (err error) {
			waits, err = identity.ChangeEmail(r.Context(), p.DB, actor, account(r), f.Line("email"), f.Version())
			return err
		},
		Saved: func(a identity.Account) form.Saved {
			return form.Saved{Values: emailValues(a), By: a.UpdatedBy, At: a.UpdatedAt}
		},
		Show: func(status int, _ identity.Account, f *form.Form) error { return p.show(w, r, status, f, nil, "") },
		Done: func(identity.Account) error {
			if waits {
				return respond.SeeOther(w, r, back(r), "Het nieuwe e-mailadres wacht tot een ander het bevestigt. Tot dan telt het oude.")
			}
			return respond.SeeOther(w, r, back(r), "Het e-mailadres is bewaard.")
		},
	}.Update(r)
}

// CreateClosing closes the account.
func (p Pages) CreateClosing(w http.ResponseWriter, r *http.Request) error {
	if err := identity.CloseAccount(r.Context(), p.DB, request.Actor(r), account(r)); err != nil {
		return err
	}
	return respond.SeeOther(w, r, back(r), "Het account is gesloten. Wie ermee was ingelogd, is uitgelogd.")
}

// CreateReopening opens the account again.
func (p Pages) CreateReopening(w http.ResponseWriter, r *http.Request) error {
	if err := identity.ReopenAccount(r.Context(), p.DB, request.Actor(r), account(r)); err != nil {
		return err
	}
	return respond.SeeOther(w, r, back(r), "Het account is weer open.")
}

// CreateLink has a link for a new password mailed to the owner. Only where no mail leaves it is shown, this once.
func (p Pages) CreateLink(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	if p.MailLeaves {
		if err := identity.MakePasswordLink(r.Context(), p.DB, actor, account(r)); err != nil {
			return err
		}
		return respond.SeeOther(w, r, back(r), "De link gaat per e-mail naar het adres van dit account. U ziet hem zelf niet.")
	}
	token, err := identity.ShowPasswordLink(r.Context(), p.DB, actor, account(r))
	if err != nil {
		return err
	}
	return p.show(w, r, http.StatusOK, nil, nil, strings.TrimSuffix(p.BaseURL, "/")+path.Below(path.ChoosePassword, token))
}

// Trail lists what was done to accounts, roles and mandates, of all or of one account.
func (p Pages) Trail(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	v := parts.TrailView{Page: request.Page(r), Heading: "Spoor van accounts en rollen", Crumbs: []ui.Crumb{{Label: "Beheer", Address: path.Admin}}}
	f := trail.Filter{About: id.Account(request.Query(r, "account")), Page: v.Page}
	queries := []postgres.Query{trail.List(&v.Lines, actor, f)}
	var of identity.Account
	if f.About != "" {
		queries = append(queries, identity.FindInto(&of, actor, f.About))
	}
	if err := postgres.Read(r.Context(), p.DB, queries...); err != nil {
		return err
	}
	v.Address = path.With(path.Trail, "account", string(f.About))
	if f.About != "" {
		v.Heading = "Spoor van " + of.Name
		v.Crumbs = append(v.Crumbs, ui.Crumb{Label: "Accounts", Address: path.Accounts}, ui.Crumb{Label: of.Name, Address: path.AccountOf(string(of.ID))})
	}
	return respond.Page(w, r, http.StatusOK, v.Heading, parts.Trail(v))
}
