package sample

import (
	"fmt"
	"time"

	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/zienswijze"
)

// views are made up: recesses, and drafts of the veiligheidsregio along the councils, one under way and one answered.
func (s *seeder) views() error {
	for _, step := range []func() error{s.recesses, s.underWay, s.answered} {
		if err := step(); err != nil {
			return fmt.Errorf("zienswijzen: %w", err)
		}
	}
	return nil
}

// recesses are those of the coming months: a week each, some weeks from now.
func (s *seeder) recesses() error {
	for _, r := range []struct {
		email, org, body, name string
		days, length           int
	}{
		{"griffier@heemstede.voorbeeld.nl", heemstede, "", "Reces", 35, 15},
		{"griffiemedewerker@hillegom.voorbeeld.nl", hillegom, "hillegom-raad", "Reces van de raad", 33, 16},
	} {
		actor, err := s.as(r.email, s.now)
		if err != nil {
			return err
		}
		from := s.on(r.days, time.Saturday)
		until := from.AddDate(0, 0, r.length)
		if _, err := partner.CreateRecess(s.ctx, s.tx, actor, partner.RecessDraft{
			OrganisationID: s.orgs[r.org], BodyID: s.bodies[r.body], Name: r.name, StartsOn: &from, LastOn: &until,
		}); err != nil {
			return err
		}
	}
	return nil
}

// sent opens a procedure of the veiligheidsregio, sends it and shows it to everyone.
func (s *seeder) sent(days int, d zienswijze.Draft) (zienswijze.Procedure, error) {
	when := s.now.AddDate(0, 0, -days)
	secretary, err := s.as("bestuurssecretaris@vrhm.voorbeeld.nl", when)
	if err != nil {
		return zienswijze.Procedure{}, err
	}
	c, err := collaboration.Find(s.ctx, s.tx, secretary, vrhm)
	if err != nil {
		return zienswijze.Procedure{}, err
	}
	d.CollaborationID, d.MadeUp = c.ID, true
	p, err := zienswijze.Open(s.ctx, s.tx, secretary, d)
	if err != nil {
		return p, err
	}
	if p, err = zienswijze.Send(s.ctx, s.tx, secretary, p.ID, zienswijze.Dispatch{SentOn: &when, Version: p.Version}); err != nil {
		return p, err
	}
	return zienswijze.Publish(s.ctx, s.tx, secretary, p.ID)
}

// ofHillegom writes what the council of Hillegom says, some days ago.
func (s *seeder) ofHillegom(p zienswijze.Procedure, days int, text string, stances ...zienswijze.Opinion) (zienswijze.View, error) {
	var v zienswijze.View
	griffier, err := s.as("griffier@hillegom.voorbeeld.nl", s.now.AddDate(0, 0, -days))
	if err != nil {
		return v, err
	}
	var subjects []zienswijze.Subject
	if err := postgres.Read(s.ctx, s.tx, zienswijze.ViewInto(&v, griffier, p.Key, hillegom), zienswijze.SubjectsInto(&subjects, griffier, p.Key)); err != nil {
		return v, err
	}
	for i := range stances {
		stances[i].SubjectID, stances[i].Number = subjects[i].ID, subjects[i].Number
	}
	return v, zienswijze.Write(s.ctx, s.tx, griffier, v.ID, zienswijze.TextDraft{Text: text, Opinions: stances})
}

func (s *seeder) underWay() error {
	board := s.on(100, time.Thursday)
	year := board.Year()
	p, err := s.sent(6, zienswijze.Draft{
		Facts: zienswijze.Facts{
			Kind: zienswijze.Amendment, Subject: fmt.Sprintf("Eerste wijziging van de begroting %d (verzonnen voorbeeld)", year), Year: &year, ABOn: &board,
		},
		Subjects: []string{"Hogere bijdrage per inwoner", "Nieuw oefenterrein", "Vervanging van voertuigen"},
	})
	if err != nil {
		return err
	}
	_, err = s.ofHillegom(
		p, 2, "De raad van Hillegom ziet de noodzaak van het **oefenterrein**.\n\nDe raad vraagt wel om een lagere bijdrage per inwoner.",
		zienswijze.Opinion{Stance: zienswijze.Disagrees, Passage: "een lagere bijdrage per inwoner"},
		zienswijze.Opinion{Stance: zienswijze.Agrees, Passage: "ziet de noodzaak van het oefenterrein"},
	)
	return err
}

func (s *seeder) answered() error {
	replies, board := s.now.AddDate(0, 0, -20), s.now.AddDate(0, 0, 8)
	p, err := s.sent(80, zienswijze.Draft{
		Facts: zienswijze.Facts{
			Kind: zienswijze.Decision, Subject: "Samenvoegen van twee kazernes (verzonnen voorbeeld)", ABOn: &board, RepliesDue: &replies,
		},
		Subjects: []string{"Opkomsttijden", "Verkoop van het oude gebouw"},
	})
	if err != nil {
		return err
	}
	v, err := s.ofHillegom(
		p, 40, "De raad van Hillegom stemt in, mits de opkomsttijden niet langer worden.",
		zienswijze.Opinion{Stance: zienswijze.Provided, Passage: "mits de opkomsttijden niet langer worden"}, zienswijze.Opinion{Stance: zienswijze.Silent},
	)
	if err != nil {
		return err
	}
	griffier, err := s.as("griffier@hillegom.voorbeeld.nl", s.now.AddDate(0, 0, -30))
	if err != nil {
		return err
	}
	if err := zienswijze.Adopt(s.ctx, s.tx, griffier, v.ID, &griffier.At); err != nil {
		return err
	}
	if err := zienswijze.SendView(s.ctx, s.tx, griffier, v.ID); err != nil {
		return err
	}
	secretary, err := s.as("bestuurssecretaris@vrhm.voorbeeld.nl", s.now.AddDate(0, 0, -10))
	if err != nil {
		return err
	}
	var texts []zienswijze.Text
	var opinions []zienswijze.Opinion
	if err := postgres.Read(s.ctx, s.tx, zienswijze.TextInto(&texts, secretary, p.Key, hillegom),
		zienswijze.OpinionsInto(&opinions, secretary, p.Key, hillegom)); err != nil {
		return err
	}
	opinions[0].Answer = "De nieuwe kazerne ligt zo dat elke straat binnen de norm blijft."
	if err := zienswijze.Answer(s.ctx, s.tx, secretary, v.ID, zienswijze.AnswerDraft{
		Answer: "Het bestuur neemt de voorwaarde over en meet de opkomsttijden elk half jaar.", Opinions: opinions, Version: texts[0].Version,
	}); err != nil {
		return err
	}
	return zienswijze.PublishView(s.ctx, s.tx, griffier, v.ID)
}
