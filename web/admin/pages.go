// Package admin is where the functional administrator keeps accounts and roles. It shows no content.
package admin

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// Pages of the administrator. BaseURL stands before the links that he hands out.
type Pages struct {
	DB      *pgxpool.Pool
	BaseURL string
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

// New asks for whom a new account is.
func (p Pages) New(w http.ResponseWriter, r *http.Request) error {
	return p.newForm(w, r, http.StatusOK, form.New(map[string]string{"who": known, "person": request.Query(r, "persoon")}), nil)
}

func (p Pages) newForm(w http.ResponseWriter, r *http.Request, status int, f *form.Form, namesakes []partner.PersonOption) error {
	n := newcomer{form: f, namesakes: namesakes}
	if err := postgres.Read(r.Context(), p.DB, partner.PeopleFor(&n.people, request.Actor(r))); err != nil {
		return err
	}
	return respond.Page(w, r, status, "Nieuw account", newForm(n))
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
	var namesakes []partner.PersonOption
	if !fresh {
		person, namesakes, err = p.choosePerson(r.Context(), actor, f)
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
		return p.newForm(w, r, http.StatusUnprocessableEntity, f, namesakes)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.AccountOf(string(made.ID)), "Het account is gemaakt. Maak nu een link waarmee "+made.Name+" een wachtwoord kiest.")
}

// choosePerson finds whom the administrator means by what he typed; of several with one name he chooses.
func (p Pages) choosePerson(ctx context.Context, actor access.Actor, f *form.Form) (id.Person, []partner.PersonOption, error) {
	typed := f.Line("person")
	if typed == "" {
		return "", nil, nil
	}
	var people []partner.PersonOption
	if err := postgres.Read(ctx, p.DB, partner.PeopleFor(&people, actor)); err != nil {
		return "", nil, err
	}
	var found []partner.PersonOption
	for _, o := range people {
		name, _, _ := strings.Cut(o.Name, " (")
		if strings.EqualFold(o.Name, typed) || strings.EqualFold(name, typed) {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 0:
		return "", nil, fault.Fields{"person": "Deze naam is niet bekend. Kies een naam uit de lijst, of kies Nieuwe persoon."}
	case 1:
		return found[0].ID, nil, nil
	}
	for _, o := range found {
		if f.Raw("person_id") == string(o.ID) {
			return o.ID, found, nil
		}
	}
	return "", found, fault.Fields{"person_id": "Er zijn meer mensen met deze naam. Kies wie u bedoelt."}
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
		partner.OrganisationsFor(&s.organisations, actor), partner.BodiesFor(&s.bodies, actor)); err != nil {
		return err
	}
	s.email, s.role, s.link, s.own, s.mayClose = email, role, link, s.account.ID == actor.Account, identity.CanClose(actor, s.account)
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
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	actor := request.Actor(r)
	err = identity.ChangeEmail(r.Context(), p.DB, actor, account(r), f.Line("email"), f.Version())
	if errors.Is(err, fault.Conflict) {
		now, err := identity.Find(r.Context(), p.DB, actor, account(r))
		if err != nil {
			return err
		}
		f.Beside(emailValues(now), "", time.Time{})
		return p.show(w, r, http.StatusConflict, f, nil, "")
	}
	if f.Explains(err) {
		return p.show(w, r, http.StatusUnprocessableEntity, f, nil, "")
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, back(r), "Het e-mailadres is bewaard.")
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

// CreateLink makes a link for a new password and shows it, this once.
func (p Pages) CreateLink(w http.ResponseWriter, r *http.Request) error {
	token, err := identity.MakePasswordLink(r.Context(), p.DB, request.Actor(r), account(r))
	if err != nil {
		return err
	}
	return p.show(w, r, http.StatusOK, nil, nil, strings.TrimSuffix(p.BaseURL, "/")+path.Below(path.ChoosePassword, token))
}
