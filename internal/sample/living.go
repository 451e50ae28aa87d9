package sample

import (
	"fmt"
	"time"

	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/file"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
)

// on is the first such weekday at least some days from the day of seeding.
func (s *seeder) on(days int, weekday time.Weekday) time.Time {
	d := s.now.AddDate(0, 0, days)
	for d.Weekday() != weekday {
		d = d.AddDate(0, 0, 1)
	}
	return d
}

// living is made up, all of it, and marked so: meetings to come, papers that wait, a concept that is not complete.
func (s *seeder) living() error {
	for _, step := range []func() error{s.heemstedeCouncil, s.generalBoard, s.otherCouncils, s.together, s.concepts, s.route, s.waitsForOne, s.views, s.rijnland} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// gathering makes a meeting of the living layer and adds items to it.
func (s *seeder) gathering(email string, d meeting.Draft, items map[string][]meeting.ItemDraft) (meeting.Meeting, map[string]meeting.Section, error) {
	actor, err := s.as(email, s.now)
	if err != nil {
		return meeting.Meeting{}, nil, err
	}
	d.MadeUp = true
	m, err := meeting.Create(s.ctx, s.tx, actor, d)
	if err != nil {
		return m, nil, fmt.Errorf("meeting of %s: %w", email, err)
	}
	sections, err := s.sections(actor, m)
	if err != nil {
		return m, nil, err
	}
	for _, letter := range []string{"", "A", "B", "C"} {
		for _, item := range items[letter] {
			item.SectionID = sections[letter].ID
			if _, err := meeting.AddItem(s.ctx, s.tx, actor, m.ID, item); err != nil {
				return m, nil, fmt.Errorf("item %q: %w", item.Title, err)
			}
		}
	}
	return m, sections, nil
}

func item(title string, minutes int) meeting.ItemDraft {
	return meeting.ItemDraft{Title: title, Minutes: &minutes, AttachmentsNa: true}
}

func (s *seeder) heemstedeCouncil() error {
	const griffier = "griffier@heemstede.voorbeeld.nl"
	evening := s.on(11, time.Thursday)
	m, sections, err := s.gathering(griffier, meeting.Draft{
		Kind: meeting.Council, Bodies: []id.Body{s.bodies["heemstede-raad"]}, StartsAt: at(evening, 20, 0), EndsAt: at(evening, 22, 30),
		Location: "Gemeentehuis Heemstede, raadzaal", Open: true, Clerk: "M. Duinker",
	}, map[string][]meeting.ItemDraft{
		"A": {item("Opening en vaststellen van de agenda", 5), item("Vragenhalfuur", 15)},
		"C": {item("Lijst ingekomen stukken", 5)},
	})
	if err != nil {
		return err
	}
	p, err := s.paper("steller@heemstede.voorbeeld.nl", s.now.AddDate(0, 0, -16), s.now.AddDate(0, 0, -12), proposal.Draft{
		OwnerOrgID: s.orgs[heemstede], MadeUp: true,
		Content: proposal.Content{
			TargetBodyID: s.bodies["heemstede-raad"], DatedOn: &evening, Subject: "Regionaal risicoprofiel: welke wensen geeft de raad mee?",
			Treatment: proposal.Decisive,
			Authors:   []proposal.Author{{Name: "R. Spaarne"}}, PortfolioHolders: []proposal.Holder{{Name: "T. de Linde", Capacity: "wethouder"}},
			Summary: "De veiligheidsregio vraagt elke raad welke risico's in zijn gemeente meer aandacht verdienen. Het college stelt drie wensen voor.",
			Explanation: "De raad kan **tot zes weken na ontvangst** wensen meegeven. Het college stelt voor:\n\n1. " +
				"meer aandacht voor wateroverlast in de lage wijken;\n2. een oefening met de buurgemeenten;\n3. uitleg aan inwoners over wat zij zelf kunnen doen.",
			Financial: "Dit kost de gemeente niets extra. De oefening wordt betaald uit de bijdrage die al in de begroting staat.",
			LegalNa:   true, RisksNa: true,
			Communication:  "Na het besluit gaat de brief naar de veiligheidsregio en komt er een bericht op de website van de gemeente.",
			DecisionPoints: []string{"De drie wensen mee te geven aan het bestuur van de veiligheidsregio.", "Het college te vragen de brief te versturen."},
			FollowUp:       "Algemeen Bestuur van de veiligheidsregio", FollowUpOn: "In de eerstvolgende vergadering", Minutes: number(30),
		},
	}, s.pdf("Regionaal risicoprofiel in het kort"))
	if err != nil {
		return err
	}
	actor, err := s.as(griffier, s.now)
	if err != nil {
		return err
	}
	if _, err := meeting.Schedule(s.ctx, s.tx, actor, m.ID, p.ID, sections["B"].ID); err != nil {
		return err
	}
	closed := item("Aankoop van een perceel naast de gemeentewerf", 20)
	closed.SectionID, closed.Closed, closed.Ground, closed.PublicTitle = sections["B"].ID, true, "5.1.2.b", "Besloten agendapunt"
	closed.Explanation, closed.AttachmentsNa = "Het college bespreekt met de raad hoeveel de gemeente ten hoogste wil bieden. "+
		"Alles in dit punt is verzonnen.", false
	key, err := meeting.AddItem(s.ctx, s.tx, actor, m.ID, closed)
	if err != nil {
		return err
	}
	if err := meeting.AttachToItem(s.ctx, s.tx, s.files, actor, m.ID, key,
		file.Upload{Title: "Notitie bij het besloten punt", FileName: "notitie.pdf", Content: s.pdf("").Content}); err != nil {
		return err
	}
	return s.convene(griffier, m, s.now.AddDate(0, 0, -1))
}

// convene calls the members as of a day on which the body's own term is met.
func (s *seeder) convene(email string, m meeting.Meeting, when time.Time) error {
	actor, err := s.as(email, when)
	if err != nil {
		return err
	}
	if m, err = meeting.Find(s.ctx, s.tx, actor, m.ID); err != nil {
		return err
	}
	if _, err = meeting.Convene(s.ctx, s.tx, actor, m.ID, meeting.Call{DeliveredAt: &when, Version: m.Version}); err != nil {
		return fmt.Errorf("convening %s: %w", m.Slug, err)
	}
	return nil
}

func (s *seeder) generalBoard() error {
	afternoon := s.on(24, time.Thursday)
	m, sections, err := s.gathering(secretary, meeting.Draft{
		Kind: meeting.GeneralBoard, Bodies: []id.Body{s.bodies["vrhm-ab"]}, StartsAt: at(afternoon, 15, 0), EndsAt: at(afternoon, 17, 0),
		Location: "Leiden, kantoor van de veiligheidsregio", Open: true, Clerk: "B. Waakman",
	}, map[string][]meeting.ItemDraft{
		"A": {item("Opening en mededelingen", 5), item("Verslag van de vorige vergadering", 5)},
		"C": {item("Toezeggingenlijst", 5)},
	})
	if err != nil {
		return err
	}
	const steller = "steller@vrhm.voorbeeld.nl"
	p, err := s.paper(steller, s.now.AddDate(0, 0, -9), s.now.AddDate(0, 0, -4), proposal.Draft{
		OwnerOrgID: s.orgs[vrhm], MadeUp: true,
		Content: proposal.Content{
			TargetBodyID: s.bodies["vrhm-ab"], DatedOn: &afternoon, Subject: "Regionaal risicoprofiel: ontwerp voor de raden", Treatment: proposal.Opinion,
			Authors: []proposal.Author{{Name: "O. Pennaers"}}, PortfolioHolders: []proposal.Holder{{Name: "W. Dijkgraaf", Capacity: "DB"}},
			Summary:     "Het ontwerp laat zien welke vier risico's in de regio het zwaarst wegen. Het bestuur zegt wat het ervan vindt voordat het naar de raden gaat.",
			Explanation: "Het ontwerp staat in de bijlage. Wij vragen het bestuur of de volgorde van de risico's klopt.",
			FinancialNa: true, LegalNa: true, RisksNa: true, CommunicationNa: true, FollowUp: "Raden van de deelnemende gemeenten, daarna vaststelling",
			FollowUpOn: "Komend voorjaar", Minutes: number(25),
		},
	}, s.pdf("Ontwerp van het risicoprofiel"))
	if err != nil {
		return err
	}
	actor, err := s.as(secretary, s.now)
	if err != nil {
		return err
	}
	if _, err := meeting.Schedule(s.ctx, s.tx, actor, m.ID, p.ID, sections["B"].ID); err != nil {
		return err
	}
	closed := item("Benoeming van een directeur: stand van het gesprek", 15)
	closed.SectionID, closed.Closed, closed.Ground, closed.PublicTitle = sections["B"].ID, true, "5.1.2.e", "Besloten agendapunt"
	if _, err := meeting.AddItem(s.ctx, s.tx, actor, m.ID, closed); err != nil {
		return err
	}
	if _, err := meeting.Announce(s.ctx, s.tx, actor, m.ID); err != nil {
		return err
	}
	if err := s.inTrays(afternoon, steller); err != nil {
		return err
	}
	board := s.on(6, time.Monday)
	daily, _, err := s.gathering(secretaryOfDaily, meeting.Draft{
		Kind: meeting.DailyBoard, Bodies: []id.Body{s.bodies["vrhm-db"]}, StartsAt: at(board, 9, 30), EndsAt: at(board, 11, 0),
		Location: "Leiden, kantoor van de veiligheidsregio", Open: false,
	}, map[string][]meeting.ItemDraft{"A": {item("Opening", 5)}, "B": {item("Voorbereiding van het algemeen bestuur", 45)}})
	if err != nil {
		return err
	}
	director, err := s.as(secretaryOfDaily, s.now)
	if err != nil {
		return err
	}
	_, err = meeting.Announce(s.ctx, s.tx, director, daily.ID)
	return err
}

// inTrays puts a paper in the in-tray of the board and one in that of a council.
func (s *seeder) inTrays(afternoon time.Time, steller string) error {
	// Waits in the in-tray of the bestuurssecretaris.
	if _, err := s.paper("steller@hillegom.voorbeeld.nl", s.now.AddDate(0, 0, -6), s.now.AddDate(0, 0, -2), proposal.Draft{
		OwnerOrgID: s.orgs[hillegom], MadeUp: true,
		Content: proposal.Content{
			TargetBodyID: s.bodies["vrhm-ab"], DatedOn: &afternoon, Subject: "Samen oefenen bij grote evenementen", Treatment: proposal.Decisive,
			Authors: []proposal.Author{{Name: "R. Krokus"}}, PortfolioHolders: []proposal.Holder{{Name: "P. Hyacint", Capacity: "wethouder"}},
			Summary:        "Hillegom stelt voor om elk jaar één oefening te houden met alle gemeenten die een groot evenement hebben.",
			DecisionPoints: []string{"Elk jaar één gezamenlijke oefening te houden.", "De kosten te delen naar het aantal inwoners."},
			Financial:      "Naar schatting een halve dag per deelnemer en de huur van een terrein.", ExplanationNa: true, LegalNa: true, RisksNa: true,
			CommunicationNa: true, AttachmentsNa: true, FollowUpNa: true, FollowUpOnNa: true,
			Minutes: number(25),
		},
	}); err != nil {
		return err
	}
	// Waits in the in-tray of the griffier of Heemstede: a paper of one organisation for the council of another.
	january := s.on(45, time.Thursday)
	_, err := s.paper(steller, s.now.AddDate(0, 0, -5), s.now.AddDate(0, 0, -1), proposal.Draft{
		OwnerOrgID: s.orgs[vrhm], MadeUp: true,
		Content: proposal.Content{
			TargetBodyID: s.bodies["heemstede-raad"], DatedOn: &january, Subject: "Kennismaken met de veiligheidsregio", Treatment: proposal.Exploratory,
			Authors: []proposal.Author{{Name: "O. Pennaers"}}, PortfolioHolders: []proposal.Holder{{Name: "W. Dijkgraaf", Capacity: "DB"}},
			Summary:       "De veiligheidsregio vertelt de raad wat zij doet, wat dat kost en waar de raad over gaat. Raadsleden kunnen alles vragen.",
			ExplanationNa: true, FinancialNa: true, LegalNa: true, RisksNa: true, CommunicationNa: true, AttachmentsNa: true, FollowUpNa: true, FollowUpOnNa: true,
			Minutes: number(30),
		},
	})
	return err
}

const secretaryOfDaily = "directeur@vrhm.voorbeeld.nl"

func (s *seeder) otherCouncils() error {
	for _, c := range []struct {
		org, griffier, steller, place string
		days                          int
		announced                     bool
		paper                         proposal.Content
	}{
		{bloemendaal, "griffier@bloemendaal.voorbeeld.nl", "steller@bloemendaal.voorbeeld.nl", "Gemeentehuis Bloemendaal, raadzaal", 16, true, proposal.Content{
			Subject: "Samen inkopen met Heemstede", Treatment: proposal.Decisive, Authors: []proposal.Author{{Name: "W. Schrijver"}},
			Summary:        "De twee gemeenten kopen al samen in. Het college vraagt de raad om daar vier jaar mee door te gaan.",
			DecisionPoints: []string{"De samenwerking bij inkoop met vier jaar te verlengen."}, AttachmentsNa: true, Minutes: number(20),
		}},
		{hillegom, "griffier@hillegom.voorbeeld.nl", "steller@hillegom.voorbeeld.nl", "Gemeentehuis Hillegom, raadzaal", 18, false, proposal.Content{
			Subject: "Voortgang van de werkorganisatie", Treatment: proposal.Informative, Authors: []proposal.Author{{Name: "R. Krokus"}},
			Summary: "Het college vertelt de raad hoe het staat met de gezamenlijke werkorganisatie van drie gemeenten.", AttachmentsNa: true, Minutes: number(15),
		}},
	} {
		evening := s.on(c.days, time.Thursday)
		body := s.bodies[c.org+"-raad"]
		m, _, err := s.gathering(c.griffier, meeting.Draft{
			Kind: meeting.Council, Bodies: []id.Body{body}, StartsAt: at(evening, 20, 0), EndsAt: at(evening, 22, 30), Location: c.place, Open: true,
		}, map[string][]meeting.ItemDraft{"A": {item("Opening en vaststellen van de agenda", 5)}, "C": {item("Lijst ingekomen stukken", 5)}})
		if err != nil {
			return err
		}
		if c.announced {
			actor, err := s.as(c.griffier, s.now)
			if err != nil {
				return err
			}
			if _, err := meeting.Announce(s.ctx, s.tx, actor, m.ID); err != nil {
				return err
			}
		}
		c.paper.TargetBodyID, c.paper.DatedOn = body, &evening
		if _, err := s.paper(c.steller, s.now.AddDate(0, 0, -7), s.now.AddDate(0, 0, -3),
			proposal.Draft{OwnerOrgID: s.orgs[c.org], MadeUp: true, Content: c.paper}); err != nil {
			return err
		}
	}
	return nil
}

// together is what two councils do in one evening.
func (s *seeder) together() error {
	const griffier = "griffier@heemstede.voorbeeld.nl"
	both := []id.Body{s.bodies["heemstede-raad"], s.bodies["bloemendaal-raad"]}
	evening := s.on(26, time.Wednesday)
	m, _, err := s.gathering(griffier, meeting.Draft{
		Kind: meeting.InformationEvening, Title: "Informatieavond: hoe werkt onze gezamenlijke organisatie?", Bodies: both,
		StartsAt: at(evening, 20, 0), EndsAt: at(evening, 21, 15), Location: "Gemeentehuis Bloemendaal, burgerzaal", Open: true,
		Description: "Voor de raden van Heemstede en Bloemendaal. Stel al uw vragen; er wordt niets besloten.",
	}, map[string][]meeting.ItemDraft{"": {
		item("Welkom", 5), item("Wat er de afgelopen jaren is bereikt", 25),
		item("Drie rondes langs de tafels", 30), item("Hoe nu verder", 10),
	}})
	if err != nil {
		return err
	}
	actor, err := s.as(griffier, s.now)
	if err != nil {
		return err
	}
	if err := s.agree(actor, m); err != nil {
		return err
	}
	if _, err := meeting.Announce(s.ctx, s.tx, actor, m.ID); err != nil {
		return err
	}
	joint := s.on(45, time.Thursday)
	m, _, err = s.gathering(griffier, meeting.Draft{
		Kind: meeting.Council, Bodies: both, StartsAt: at(joint, 20, 0), EndsAt: at(joint, 22, 0), Location: "Gemeentehuis Heemstede, raadzaal", Open: true,
	}, map[string][]meeting.ItemDraft{"A": {item("Opening door beide voorzitters", 10)}, "B": {item("Gesprek over de gezamenlijke koers", 60)}})
	if err != nil {
		return err
	}
	if err := s.agree(actor, m); err != nil {
		return err
	}
	if _, err = meeting.Announce(s.ctx, s.tx, actor, m.ID); err != nil {
		return err
	}
	// One that waits for the word of the other council.
	asked := s.on(52, time.Tuesday)
	_, _, err = s.gathering("griffier@hillegom.voorbeeld.nl", meeting.Draft{
		Kind: meeting.CouncilMeetup, Title: "Raadsleden over jeugdhulp in de regio", Bodies: []id.Body{s.bodies["hillegom-raad"], s.bodies["heemstede-raad"]},
		StartsAt: at(asked, 19, 30), EndsAt: at(asked, 21, 30), Location: "Gemeentehuis Hillegom, raadzaal", Open: true,
	}, map[string][]meeting.ItemDraft{"": {item("Kennismaking", 15), item("Wat de raden van elkaar kunnen leren", 45)}})
	return err
}

// concepts are not complete, and their meetings come near.
func (s *seeder) concepts() error {
	for _, c := range []struct {
		org, steller, body, subject, summary, author string
		days                                         int
	}{
		{heemstede, "steller@heemstede.voorbeeld.nl", "heemstede-raad", "Eén loket voor jeugdhulp met de buurgemeenten", "", "R. Spaarne", 45},
		{
			bloemendaal, "steller@bloemendaal.voorbeeld.nl", "bloemendaal-raad", "Zevende voortgangsrapportage samenwerking",
			"Een nieuw overzicht van wat de samenwerking oplevert.", "W. Schrijver", 16,
		},
		{hillegom, "steller@hillegom.voorbeeld.nl", "hillegom-raad", "Strategische agenda: vier keuzes voor de raad", "", "R. Krokus", 18},
		{vrhm, "steller@vrhm.voorbeeld.nl", "vrhm-ab", "Jaarplan oefenen", "Het plan zegt wie volgend jaar wat oefent, en met wie.", "O. Pennaers", 24},
	} {
		wanted := s.on(c.days, time.Thursday)
		if _, err := s.paper(c.steller, s.now.AddDate(0, 0, -2), time.Time{}, proposal.Draft{
			OwnerOrgID: s.orgs[c.org], MadeUp: true,
			Content: proposal.Content{
				TargetBodyID: s.bodies[c.body], DatedOn: &wanted, Subject: c.subject, Treatment: proposal.Informative,
				Authors: []proposal.Author{{Name: c.author}}, Summary: c.summary,
			},
		}); err != nil {
			return err
		}
	}
	return nil
}

// route is one paper of a joint board on its way along councils: one has it on an agenda, one asked something, one waits.
func (s *seeder) route() error {
	const steller = "steller@vrhm.voorbeeld.nl"
	actor, err := s.as(steller, s.now.AddDate(0, 0, -3))
	if err != nil {
		return err
	}
	board, last := s.on(120, time.Thursday), s.on(95, time.Friday)
	p, err := s.paper(steller, s.now.AddDate(0, 0, -6), s.now.AddDate(0, 0, -4), proposal.Draft{
		OwnerOrgID: s.orgs[vrhm], MadeUp: true,
		Content: proposal.Content{
			TargetBodyID: s.bodies["vrhm-ab"], DatedOn: &board, Subject: "Ontwerpbegroting: wat de veiligheidsregio volgend jaar doet en kost",
			Treatment: proposal.Decisive,
			Authors:   []proposal.Author{{Name: "O. Pennaers"}}, PortfolioHolders: []proposal.Holder{{Name: "W. Dijkgraaf", Capacity: "DB"}},
			Summary: "Het dagelijks bestuur legt de ontwerpbegroting voor aan de raden. Elke raad kan een zienswijze geven; " +
				"daarna stelt het algemeen bestuur de begroting vast.",
			Financial:      "De bijdrage per inwoner stijgt met de lonen en de prijzen. Alle bedragen in dit voorbeeld zijn verzonnen.",
			DecisionPoints: []string{"De begroting vast te stellen.", "De zienswijzen van de raden te beantwoorden."},
			ExplanationNa:  true, LegalNa: true, RisksNa: true, CommunicationNa: true, Minutes: number(30),
		},
	}, s.pdf("Ontwerpbegroting in het kort"))
	if err != nil {
		return err
	}
	arrangement, err := collaboration.Find(s.ctx, s.tx, actor, "veiligheidsregio-hollands-midden")
	if err != nil {
		return err
	}
	if _, err := route.LayOut(s.ctx, s.tx, actor, p.ID,
		route.Plan{Template: route.JointBudget, CollaborationID: arrangement.ID, CouncilsBy: &last, BoardOn: &board}); err != nil {
		return err
	}
	for _, council := range []string{heemstede, bloemendaal} { // they look on
		if err := route.AddStep(s.ctx, s.tx, actor, p.ID,
			route.StepDraft{BodyID: s.bodies[council+"-raad"], Sequence: 1, Treatment: proposal.Informative, Deadline: &last}); err != nil {
			return err
		}
	}
	var steps []route.Row
	if err := postgres.Read(s.ctx, s.tx, route.At(&steps, actor, p.Key)); err != nil {
		return err
	}
	var keys []string
	of := map[id.Body]string{}
	for _, step := range route.Next(route.Steps(steps)) {
		keys, of[step.BodyID] = append(keys, step.Key), step.Key
	}
	if err := route.Send(s.ctx, s.tx, actor, p.ID, keys, nil); err != nil {
		return err
	}
	asking, err := s.as("griffier@hillegom.voorbeeld.nl", s.now.AddDate(0, 0, -1))
	if err != nil {
		return err
	}
	if err := route.Ask(s.ctx, s.tx, asking, of[s.bodies["hillegom-raad"]], "Hoeveel gaat de bijdrage per inwoner omhoog?"); err != nil {
		return err
	}
	placing, err := s.as("griffier@bloemendaal.voorbeeld.nl", s.now)
	if err != nil {
		return err
	}
	var choices []meeting.Choice
	if err := postgres.Read(s.ctx, s.tx, meeting.Choices(&choices, placing)); err != nil || len(choices) == 0 {
		return fmt.Errorf("a meeting of Bloemendaal: %d, %w", len(choices), err)
	}
	_, err = meeting.ScheduleStep(s.ctx, s.tx, placing, choices[0].ID, of[s.bodies["bloemendaal-raad"]], "")
	return err
}
