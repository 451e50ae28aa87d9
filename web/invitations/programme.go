package invitations

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"regiogriffie/internal/fault"
	"regiogriffie/internal/gone"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
	"regiogriffie/web/form"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

const newPartTitle = "Onderdeel toevoegen"

// part finds a part of the programme for who writes on the invitation.
func (p Pages) part(r *http.Request) (whole, int, error) {
	v, err := p.composing(r)
	if err != nil {
		return v, 0, err
	}
	n := slices.IndexFunc(v.Content.Programme, func(each invitation.Part) bool { return string(each.ID) == request.Key(r, "part") })
	if n < 0 {
		return v, 0, fault.NotFound
	}
	return v, n, nil
}

func partValues(part invitation.Part) map[string]string {
	values := map[string]string{
		"kind": string(part.Kind), "title": part.Title, "text": part.Text, "version": strconv.Itoa(part.Version),
		"presenters": form.LinesOf(part.Presenters, invitation.Presenter.String),
		"sessions":   form.LinesOf(part.Sessions, func(s invitation.Session) string { return s.Title }),
	}
	for name, n := range map[string]int{"rounds": part.Rounds, "round_minutes": part.RoundMinutes} {
		if n > 0 {
			values[name] = strconv.Itoa(n)
		}
	}
	if part.Minutes != nil {
		values["minutes"] = strconv.Itoa(*part.Minutes)
	}
	return values
}

func readPart(f *form.Form) invitation.PartDraft {
	d := invitation.PartDraft{
		Kind: invitation.PartKind(f.Text("kind")), Title: f.Line("title"), Text: f.Text("text"), Minutes: f.Int("minutes"),
		Rounds: f.Int("rounds"), RoundMinutes: f.Int("round_minutes"), Version: f.Version(), ID: id.Part(f.Text("part")),
	}
	for _, line := range f.Lines("presenters") {
		d.Presenters = append(d.Presenters, invitation.ParsePresenter(line))
	}
	for _, line := range f.Lines("sessions") {
		d.Sessions = append(d.Sessions, strings.Join(strings.Fields(line), " "))
	}
	return d
}

// NewPart is the form for a part of the programme.
func (p Pages) NewPart(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, newPartTitle, partForm(newPartTitle, v, nil, form.New(map[string]string{"part": string(id.New[id.Part]())})))
}

// CreatePart puts a part at the end of the programme.
func (p Pages) CreatePart(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	d := readPart(f)
	if err = f.Sound(d.Check()); err == nil {
		_, err = invitation.AddPart(r.Context(), p.DB, v.Actor, v.ID, d)
	}
	if f.Explains(err) {
		return respond.Page(w, r, http.StatusUnprocessableEntity, newPartTitle, partForm(newPartTitle, v, nil, f))
	}
	if err != nil {
		return err
	}
	return p.saved(w, r, v, "#programma", "Het onderdeel staat in het programma.")
}

// EditPart is the form of a part.
func (p Pages) EditPart(w http.ResponseWriter, r *http.Request) error {
	v, n, err := p.part(r)
	if err != nil {
		return err
	}
	part := v.Content.Programme[n]
	return respond.Page(w, r, http.StatusOK, part.Title, partForm(part.Title, v, &part, form.New(partValues(part))))
}

// onPart is a part of the programme of an invitation.
type onPart struct {
	whole
	part invitation.Part
}

// UpdatePart changes a part; who comes second sees both texts.
func (p Pages) UpdatePart(w http.ResponseWriter, r *http.Request) error {
	return form.Edit[onPart]{
		Read: func() (onPart, error) {
			v, n, err := p.part(r)
			if err != nil {
				return onPart{whole: v}, err
			}
			return onPart{v, v.Content.Programme[n]}, nil
		},
		Gone: func(v onPart, f *form.Form, err error) error {
			if !errors.Is(err, fault.NotFound) || !v.mayRevise() {
				return err
			}
			if err := gone.Once(r.Context(), p.DB, v.Actor, v.ID, request.ID[id.Part](r, "part")); err != nil {
				return err
			}
			return p.removedMeanwhile(w, r, v.whole, f)
		},
		Save: func(v onPart, f *form.Form) error {
			d := readPart(f)
			return f.Act(d.Check, func() error { return invitation.RevisePart(r.Context(), p.DB, v.Actor, v.ID, v.part.ID, d) })
		},
		Saved: func(v onPart) form.Saved {
			return form.Saved{Values: partValues(v.part), By: v.UpdatedBy, At: v.UpdatedAt}
		},
		Show: func(status int, v onPart, f *form.Form) error {
			return respond.Page(w, r, status, v.part.Title, partForm(v.part.Title, v.whole, &v.part, f))
		},
		Done: func(v onPart) error { return p.saved(w, r, v.whole, "#programma", "Het onderdeel is bewaard.") },
	}.Update(r)
}

// removedMeanwhile keeps what someone typed in a part that somebody else took off the programme.
func (p Pages) removedMeanwhile(w http.ResponseWriter, r *http.Request, v whole, f *form.Form) error {
	f.Values.Set("part", string(id.New[id.Part]()))
	f.Faults.Must(false, "title", "Dit onderdeel is intussen uit het programma gehaald. Uw tekst staat hieronder. "+
		"Bewaar haar om het onderdeel opnieuw toe te voegen, of ga terug zonder te bewaren.")
	return respond.Page(w, r, http.StatusConflict, newPartTitle, partForm(newPartTitle, v, nil, f))
}

// CreateMove puts a part one place up or down.
func (p Pages) CreateMove(w http.ResponseWriter, r *http.Request) error {
	v, n, err := p.part(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	way := f.Text("richting")
	if way != "omhoog" && way != "omlaag" {
		return fault.Because("Er ontbreekt iets in dit formulier. Ga terug, ververs de pagina en probeer het opnieuw.")
	}
	part := v.Content.Programme[n]
	if err := invitation.MovePart(r.Context(), p.DB, v.Actor, v.ID, part.ID, way == "omlaag"); err != nil {
		return err
	}
	return p.saved(w, r, v, "#programma", "De volgorde is bewaard.")
}

// NewRemoval asks whether a part really goes.
func (p Pages) NewRemoval(w http.ResponseWriter, r *http.Request) error {
	v, n, err := p.part(r)
	if err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Onderdeel weghalen", removalForm(v, v.Content.Programme[n]))
}

// CreateRemoval takes a part off the programme. A second time changes nothing.
func (p Pages) CreateRemoval(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	if err := invitation.RemovePart(r.Context(), p.DB, v.Actor, v.ID, request.ID[id.Part](r, "part")); err != nil {
		return err
	}
	return p.saved(w, r, v, "#programma", "Het onderdeel is weg.")
}
