package sample

import (
	"cmp"
	"fmt"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
)

const secretary = "bestuurssecretaris@vrhm.voorbeeld.nl"

// history is what the paper of 28 June 2018 tells, as facts and in our own words: the paper itself, the meeting it went to,
// the two theme days before it and the conference it announces. Times and places that the paper does not name are said to be assumed.
func (s *seeder) history() error {
	if err := s.themes(); err != nil {
		return err
	}
	six := []id.Organisation{
		s.orgs[hillegom], s.orgs["bodegraven-reeuwijk"], s.orgs[vrhm], s.orgs["hecht"], s.orgs["omgevingsdienst-midden-holland"],
		s.orgs["omgevingsdienst-west-holland"],
	}
	sitting := day(2018, 6, 28)
	paper, err := s.conferencePaper(six, sitting)
	if err != nil {
		return err
	}

	actor, err := s.as(secretary, day(2018, 6, 7))
	if err != nil {
		return err
	}
	m, err := meeting.Create(s.ctx, s.tx, actor, meeting.Draft{
		Kind: meeting.GeneralBoard, Bodies: []id.Body{s.bodies["vrhm-ab"]}, StartsAt: at(sitting, 15, 0), EndsAt: at(sitting, 17, 10),
		Location: "Leiden (tijd en plaats aangenomen)", Open: true,
		Description: assumed + " Van deze agenda kennen wij alleen punt B.11; opening en sluiting horen bij elke vergadering.",
	})
	if err != nil {
		return fmt.Errorf("meeting of 28 June 2018: %w", err)
	}
	sections, err := s.sections(actor, m)
	if err != nil {
		return err
	}
	b := sections["B"]
	eleven := 11
	if err := meeting.ReviseSection(s.ctx, s.tx, actor, m.ID, b.ID, meeting.SectionDraft{Letter: "B", Title: b.Title, FirstNumber: &eleven}); err != nil {
		return err
	}
	if _, err := meeting.AddItem(s.ctx, s.tx, actor, m.ID,
		meeting.ItemDraft{SectionID: sections["A"].ID, Title: "Opening en mededelingen", Minutes: number(10), AttachmentsNa: true}); err != nil {
		return err
	}
	if _, err := meeting.Schedule(s.ctx, s.tx, actor, m.ID, paper.ID, b.ID); err != nil {
		return err
	}
	if m, err = meeting.Find(s.ctx, s.tx, actor, m.ID); err != nil {
		return err
	}
	actor.At, actor.Confirmed = day(2018, 6, 14), day(2018, 6, 14)
	delivered := actor.At
	if _, err := meeting.Convene(s.ctx, s.tx, actor, m.ID, meeting.Call{DeliveredAt: &delivered, Version: m.Version}); err != nil {
		return fmt.Errorf("convening 28 June 2018: %w", err)
	}

	if err := s.circles(paper); err != nil {
		return err
	}
	conference := day(2018, 11, 8)
	err = s.event(day(2018, 6, 29), meeting.Draft{
		Kind: meeting.Conference, Title: "Bestuurlijke conferentie Samenwerking", Orgs: six,
		AgreedWith: "de organisaties die het voorstel van 28 juni 2018 noemt", StartsAt: at(conference, 13, 0), EndsAt: at(conference, 17, 0),
		Location: "Hollands Midden (plaats aangenomen)", Open: true,
		Description: "Voor burgemeesters, wethouders, raadsleden en ambtenaren van gemeenten en diensten in Hollands Midden. " +
			"Onder leiding van de burgemeesters Van Erk en Van der Kamp. De save-the-date ging uit vóór de zomer van 2018.\n\n" + assumed,
	})
	if err != nil {
		return err
	}
	return s.saveTheDate("Bestuurlijke conferentie Samenwerking")
}

const assumed = "De tijd en de plaats staan niet in het stuk van 28 juni 2018. Ze zijn hier aangenomen."

// themes are the two afternoons that came before.
func (s *seeder) themes() error {
	for _, d := range []struct {
		on          time.Time
		title, text string
	}{
		{
			day(2017, 9, 27), "Themabijeenkomst Omgevingswet (eerste)",
			"Vooral ambtenaren van gemeenten en diensten in Hollands Midden zochten samen uit waarom hun samenwerking telt.\n\n" + assumed,
		},
		{
			day(2018, 5, 9), "Themabijeenkomst Omgevingswet (tweede)",
			"Het vervolg op de bijeenkomst van 27 september 2017, opnieuw vooral voor ambtenaren.\n\n" + assumed,
		},
	} {
		if err := s.event(d.on.AddDate(0, 0, -30), meeting.Draft{
			Kind: meeting.ThemeMeeting, Title: d.title, Description: d.text, Orgs: []id.Organisation{s.orgs[vrhm]},
			StartsAt: at(d.on, 13, 30), EndsAt: at(d.on, 17, 0), Location: "Hollands Midden (plaats aangenomen)", Open: true,
		}); err != nil {
			return err
		}
	}
	return nil
}

// conferencePaper is the paper on the conference, for the board that sits on that day.
func (s *seeder) conferencePaper(organisers []id.Organisation, sitting time.Time) (proposal.Proposal, error) {
	return s.paper(secretary, day(2018, 6, 4), day(2018, 6, 6), proposal.Draft{
		OwnerOrgID: s.orgs[vrhm],
		Content: proposal.Content{
			TargetBodyID: s.bodies["vrhm-ab"], DatedOn: &sitting, Subject: "Bestuurlijke conferentie Samenwerking", Treatment: proposal.Informative,
			Authors:          []proposal.Author{{Name: "S Ververs"}, {Name: "B. Vegt"}},
			PortfolioHolders: []proposal.Holder{{Name: "A. van Erk", Capacity: "DB"}, {Name: "C. van der Kamp", Capacity: "DB"}, {Name: "H. Zuidijk", Capacity: "VD"}},
			OrganiserIDs:     organisers,
			Summary: "Zes organisaties in Hollands Midden houden op 8 november 2018 voor het eerst samen een conferentie voor bestuurders. " +
				"Het onderwerp is samenwerken, omdat de Omgevingswet dat van gemeenten, gemeenschappelijke regelingen en hulpdiensten vraagt.",
			Explanation: "## Wat er al gebeurt\n\nDe diensten in de regio oefenen samen met nieuwe omgevingsvisies en omgevingsplannen. " +
				"Op 27 september 2017 en op 9 mei 2018 waren er themabijeenkomsten, waar vooral ambtenaren kwamen.\n\n" +
				"## Waarom nu ook de bestuurders\n\nGemeenten krijgen met de Omgevingswet meer vrijheid om hun omgeving in te richten. " +
				"Wat zij kiezen, merkt ook een buurgemeente, " +
				"een andere dienst of de hulpverlening bij een ongeval. Daarom willen de organisatoren dat bestuurders elkaar leren kennen voordat de keuzes vallen.\n\n" +
				"## Wie organiseren\n\nDe gemeenten Hillegom en Bodegraven-Reeuwijk, met VRHM, RDOG (nu Hecht), ODMH en ODWH. " +
				"Zij nodigen burgemeesters, wethouders, raadsleden en ambtenaren uit.",
			Communication: "De burgemeesters Van Erk en Van der Kamp leiden de voorbereiding. " +
				"Griffiers, gemeentesecretarissen en directeuren praten mee over de vraag " +
				"wie wat wanneer hoort. Vóór de zomer van 2018 gaat een save-the-date voor 8 november uit.",
			FollowUpNa: true, FollowUpOnNa: true, AttachmentsNa: true, Minutes: number(20),
		},
	})
}

// event makes a gathering without decisions and announces it.
func (s *seeder) event(made time.Time, d meeting.Draft) error {
	actor, err := s.as(secretary, made)
	if err != nil {
		return err
	}
	m, err := meeting.Create(s.ctx, s.tx, actor, d)
	if err != nil {
		return fmt.Errorf("event %q: %w", d.Title, err)
	}
	if err := s.agree(actor, m); err != nil {
		return err
	}
	if _, err := meeting.Announce(s.ctx, s.tx, actor, m.ID); err != nil {
		return fmt.Errorf("announcing %q: %w", d.Title, err)
	}
	return nil
}

// agree lets the griffier of each body and organisation that is asked to hold the meeting give its word.
func (s *seeder) agree(by access.Actor, m meeting.Meeting) error {
	var asked []meeting.Request
	if err := postgres.Read(s.ctx, s.tx, meeting.RequestsAt(&asked, by, m.Slug)); err != nil {
		return err
	}
	for _, r := range asked {
		griffier, err := s.as("griffier@"+shortOf[r.OrgKey]+".voorbeeld.nl", by.At)
		if err != nil {
			return err
		}
		if err := meeting.Agree(s.ctx, s.tx, griffier, m.ID, cmp.Or(r.BodyKey, r.OrgKey)); err != nil {
			return fmt.Errorf("%s agrees: %w", r.Name(), err)
		}
	}
	return nil
}
