package meetings

import (
	"slices"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
)

// prepares tells whether the actor prepares the meetings of the body: those he ticks, of the others he chooses.
func prepares(a access.Actor, b partner.BodyOption) bool {
	return meeting.CanOrganise(a, meeting.Organiser{OrganisationID: b.OrganisationID, BodyID: b.ID})
}

func bodyOptions(a access.Actor, all []partner.BodyOption, own bool, first string) []form.Option {
	var options []form.Option
	if first != "" {
		options = append(options, form.Option{Value: "", Label: first})
	}
	for _, b := range all {
		if prepares(a, b) == own {
			options = append(options, form.Option{Value: string(b.ID), Label: b.Name + " · " + b.OrganisationName})
		}
	}
	return options
}

func owned(a access.Actor, all []partner.BodyOption, body id.Body) bool {
	for _, b := range all {
		if b.ID == body {
			return prepares(a, b)
		}
	}
	return false
}

// others splits the chosen bodies that are not one's own over the fields for them, so that the form shows what it has.
func others(a access.Actor, f *form.Form, all []partner.BodyOption) []*form.Form {
	var forms []*form.Form
	chosen := append(f.List("with_body"), f.List("bodies")...)
	for _, b := range chosen {
		if !owned(a, all, id.Body(b)) && len(forms) < 10 {
			forms = append(forms, form.New(map[string]string{"with_body": b}))
		}
	}
	for range 2 {
		forms = append(forms, form.New(nil))
	}
	return forms
}

func formAddress(v whole) string {
	if v.Meeting.ID == "" {
		return path.Meetings
	}
	return path.Below(path.Meeting(v.Meeting.Slug), "bewerken")
}

func sectionOptions(v whole) []form.Option {
	var options []form.Option
	for _, s := range v.Sections {
		options = append(options, form.Option{Value: string(s.ID), Label: sectionTitle(s)})
	}
	return options
}

func groundOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Nog geen grond gekozen"}}
	for _, g := range proposal.Grounds {
		options = append(options, form.Option{Value: g.Code, Label: g.Label})
	}
	return options
}

func treatmentOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Geen"}}
	for _, t := range route.StepTreatments {
		options = append(options, form.Option{Value: string(t), Label: t.Label()})
	}
	return options
}

// closedForOptions are the bodies that can read a closed point: those that hold the meeting by their own word, and of a point that is closed
// already those that it is closed for.
func closedForOptions(v whole, i meeting.Item) []form.Option {
	var options []form.Option
	for _, o := range v.Organisers {
		if o.BodyID != "" && o.Agreed() && (!i.Closed || i.ClosedFor == nil || slices.Contains(i.ClosedFor, o.BodyID)) {
			options = append(options, form.Option{Value: string(o.BodyID), Label: o.Name()})
		}
	}
	return options
}

// closedItems are the points that not everyone will read.
func (v whole) closedItems() []meeting.Item {
	var list []meeting.Item
	for _, i := range v.Items {
		if (i.Closed || !v.Meeting.Open) && !i.Dropped() {
			list = append(list, i)
		}
	}
	return list
}

func itemAddress(agenda, own string, i meeting.Item) string {
	if i.ID == "" {
		return agenda
	}
	return path.Below(own, "bewerken")
}

func sectionAddress(base string, section id.Section) string {
	if section == "" {
		return base
	}
	return path.Below(base, string(section)+"/bewerken")
}
