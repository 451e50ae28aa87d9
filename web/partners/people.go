package partners

import (
	"net/http"
	"strconv"
	"strings"

	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// People lists everyone; for administrators.
func (p Pages) People(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	if !partner.CanCreatePerson(actor) {
		return fault.NotFound
	}
	v := peopleView{Name: request.Query(r, "naam"), Page: request.Page(r)}
	var err error
	if v.List, v.More, v.Total, err = partner.People(r.Context(), p.DB, actor, v.Name, v.Page); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Personen", people(v))
}

// NewPerson is the form of a new person.
func (p Pages) NewPerson(w http.ResponseWriter, r *http.Request) error {
	return newPersonForm(w, r, http.StatusOK, form.New(nil))
}

func newPersonForm(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	if !partner.CanCreatePerson(request.Actor(r)) {
		return fault.NotFound
	}
	return respond.Page(w, r, status, "Nieuwe persoon", personForm(partner.Person{}, f))
}

// CreatePerson adds the person, or shows the form again with what is wrong.
func (p Pages) CreatePerson(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	actor := request.Actor(r)
	var made partner.Person
	draft := readPerson(f)
	if err = f.Sound(draft.Check(actor.At)); err == nil {
		made, err = partner.CreatePerson(r.Context(), p.DB, actor, draft)
	}
	if f.Explains(err) {
		return newPersonForm(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.With(path.People, "naam", made.Family), made.DisplayName+" is toegevoegd.")
}

// EditPerson is the form of a person.
func (p Pages) EditPerson(w http.ResponseWriter, r *http.Request) error {
	someone, err := p.person(r)
	if err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Wijzig "+someone.DisplayName, personForm(someone, form.New(personValues(someone))))
}

func (p Pages) person(r *http.Request) (partner.Person, error) {
	actor := request.Actor(r)
	if !partner.CanCreatePerson(actor) {
		return partner.Person{}, fault.NotFound
	}
	return partner.FindPerson(r.Context(), p.DB, actor, request.ID[id.Person](r, "person"))
}

// UpdatePerson changes the person, or shows the form again with what is wrong or what someone else saved.
func (p Pages) UpdatePerson(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	var draft partner.PersonDraft
	return form.Edit[partner.Person]{
		Read: func() (partner.Person, error) { return p.person(r) },
		Save: func(someone partner.Person, f *form.Form) error {
			draft = readPerson(f)
			return f.Act(func() error { return draft.Check(actor.At) }, func() error {
				_, err := partner.RevisePerson(r.Context(), p.DB, actor, someone.ID, f.Version(), draft)
				return err
			})
		},
		Saved: func(someone partner.Person) form.Saved {
			return form.Saved{Values: personValues(someone), By: someone.UpdatedBy, At: someone.UpdatedAt}
		},
		Show: func(status int, someone partner.Person, f *form.Form) error {
			return respond.Page(w, r, status, "Wijzig "+someone.DisplayName, personForm(someone, f))
		},
		Done: func(partner.Person) error {
			return respond.SeeOther(w, r, path.With(path.People, "naam", draft.Family), "De gegevens van de persoon zijn bewaard.")
		},
	}.Update(r)
}

func readPerson(f *form.Form) partner.PersonDraft {
	return partner.PersonDraft{
		Initials: f.Line("initials"), Given: f.Line("given"), Infix: f.Line("infix"), Family: f.Line("family"), Prefix: f.Line("prefix"),
		Suffix: f.Line("suffix"), DisplayName: f.Line("display_name"), Aliases: f.Lines("aliases"), WorkEmail: f.Line("work_email"),
	}
}

func personValues(p partner.Person) map[string]string {
	return map[string]string{
		"initials": p.Initials, "given": p.Given, "infix": p.Infix, "family": p.Family, "prefix": p.Prefix, "suffix": p.Suffix,
		"display_name": p.DisplayName, "aliases": strings.Join(p.Aliases, "\n"), "work_email": p.WorkEmail, "version": strconv.Itoa(p.Version),
	}
}

type peopleView struct {
	Name  string
	Page  int
	List  []partner.Person
	More  bool
	Total int
}
