package form

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"regiogriffie/internal/fault"
)

// Edit is the story of every form in which people change what others may change too: T is what the page of the form needs. It is the
// same for all of them, so that nobody who comes second loses what he typed, or sees what stood before the other saved as the other's
// text.
type Edit[T any] struct {
	Read  func() (T, error)                            // as it stands, for who may see the form; on conflict once more
	Save  func(v T, f *Form) error                     // reads the form and asks the verb, see Form.Act
	Saved func(v T) Saved                              // what v holds for someone who sees that he comes second
	Show  func(status int, v T, f *Form) error         // draws the form
	Done  func(v T) error                              // goes on, after saving
	Again func(v T, f *Form) bool                      // whether more of the form was asked for, and no saving; may be nil
	Gone  func(v T, f *Form, err error) error          // what to do when Read fails, if not to fail; may be nil
	Words func(v T, f *Form, theirs map[string]string) // what the other chose from a list, in words; may be nil
}

// Saved is a thing as it was last saved: the values of its fields, among them its version, with who did it and when.
type Saved struct {
	Values map[string]string
	By     string
	At     time.Time
}

// Update tries what was sent. Who comes second gets the form with both texts, who saved the other and when.
func (e Edit[T]) Update(r *http.Request) error {
	v, missing := e.Read()
	if missing != nil && e.Gone == nil {
		return missing
	}
	f, err := Read(r)
	if err != nil {
		return err
	}
	return e.try(v, missing, f)
}

// UpdateFrom is Update of a form that was read already, because what it is about stands in it.
func (e Edit[T]) UpdateFrom(f *Form) error {
	v, missing := e.Read()
	return e.try(v, missing, f)
}

func (e Edit[T]) try(v T, missing error, f *Form) error {
	switch {
	case missing != nil && e.Gone != nil:
		return e.Gone(v, f, missing)
	case missing != nil:
		return missing
	case e.Again != nil && e.Again(v, f):
		return e.Show(http.StatusOK, v, f)
	}
	switch err := e.Save(v, f); {
	case err == nil:
		return e.Done(v)
	case errors.Is(err, fault.Conflict):
		return e.second(f)
	case f.Explains(err):
		return e.Show(http.StatusUnprocessableEntity, v, f)
	default:
		return err
	}
}

// second shows what the other saved beside what was typed.
func (e Edit[T]) second(f *Form) error {
	v, err := e.Read()
	switch {
	case err != nil && e.Gone != nil:
		return e.Gone(v, f, err)
	case err != nil:
		return err
	}
	saved := e.Saved(v)
	f.Beside(saved.Values, saved.By, saved.At)
	if e.Words != nil {
		e.Words(v, f, f.Theirs)
	}
	return e.Show(http.StatusConflict, v, f)
}

// Act does what was asked when all that was typed could be read; what is wrong with it the verb says. Else it says what could not be
// read, together with what check finds in the rest.
func (f *Form) Act(check, act func() error) error {
	if len(f.Faults) > 0 {
		return f.Sound(check())
	}
	return act()
}

// Reasons are what was typed beside findings of rules, by rule: the input of rule GW-19.1 is reason.GW-19.1.
func (f *Form) Reasons() map[string]string {
	reasons := map[string]string{}
	for name := range f.Values {
		if rule, is := strings.CutPrefix(name, "reason."); is {
			reasons[rule] = f.Text(name)
		}
	}
	return reasons
}

// Reasoned names the faults of an act by the inputs of such a form: all but those of the fields given are of a rule.
func Reasoned(err error, fields ...string) error {
	var faults fault.Fields
	if !errors.As(err, &faults) {
		return err
	}
	named := fault.Fields{}
	for name, why := range faults {
		if !slices.Contains(fields, name) {
			name = "reason." + name
		}
		named[name] = why
	}
	return named
}
