package invitations

import (
	"slices"
	"strconv"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/proposal"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
)

func eventOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Kies een soort"}}
	for _, k := range meeting.Kinds {
		if k.Event {
			options = append(options, form.Option{Value: string(k.Kind), Label: k.Label})
		}
	}
	return options
}

func meetingOptions(list []meeting.Row) []form.Option {
	options := []form.Option{{Value: "", Label: "Kies een bijeenkomst"}}
	for _, m := range list {
		options = append(options, form.Option{
			Value: string(m.ID),
			Label: dutch.ShortWeekday(m.StartsAt) + " " + strconv.Itoa(m.StartsAt.In(dutch.Zone).Year()) + " · " + m.FullName(),
		})
	}
	return options
}

func purposeOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Niet genoemd"}}
	for _, t := range proposal.Treatments {
		options = append(options, form.Option{Value: string(t), Label: t.Label()})
	}
	return options
}

// order is that of the fields of the letter, for the list of faults.
func order() []string {
	list := []string{"title", "starts_on", "starts_at", "ends_at", "location", "purpose", "salutation"}
	for n := range mostSections {
		heading, text := sectionFields(n)
		list = append(list, heading, text)
	}
	return append(list, "follow_up_heading", "follow_up", "commitment", "closing", "contact")
}

func kindOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Anders"}}
	for _, k := range invitation.PartKinds {
		options = append(options, form.Option{Value: string(k), Label: k.Label()})
	}
	return options
}

func partAddress(v whole, part *invitation.Part) string {
	if part == nil {
		return v.address("programma")
	}
	return path.Below(path.Part(v.Key, string(part.ID)), "bewerken")
}

// offered are those who can sign for an organisation, with who was chosen earlier and left office since.
func (v whole) offered(c choices, o invitation.Organiser) []invitation.Candidate {
	var list []invitation.Candidate
	for _, each := range c.Signers {
		if each.OrganisationID == o.ID {
			list = append(list, each)
		}
	}
	for _, s := range v.SignersOf(o.ID) {
		if !slices.ContainsFunc(list, func(c invitation.Candidate) bool { return c.PersonID == s.PersonID }) {
			list = append(list, invitation.Candidate{PersonID: s.PersonID, Name: s.Name, OrganisationID: o.ID, Capacity: s.Capacity + " (geen functie meer)"})
		}
	}
	return list
}
