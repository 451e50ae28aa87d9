package sample

import (
	"fmt"
	"time"

	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/proposal"
)

const (
	heemstedeSecretary   = "secretaris@heemstede.voorbeeld.nl"
	bloemendaalSecretary = "secretaris@bloemendaal.voorbeeld.nl"
)

// evening is what the invitation of two municipalities to 10 January 2019 tells, as facts and in our own words, signed by the four
// people whose names stand under it.
func (s *seeder) evening() error {
	signers, err := s.signersOf2019()
	if err != nil {
		return err
	}
	evening := day(2019, 1, 10)
	i, err := s.invitation(heemstedeSecretary, day(2018, 11, 26), invitation.Draft{
		Title: "Informatieve avond over de ambtelijke samenwerking Bloemendaal – Heemstede", Kind: meeting.InformationEvening,
		Orgs: []id.Organisation{s.orgs[heemstede], s.orgs[bloemendaal]}, StartsAt: at(evening, 20, 0), EndsAt: at(evening, 21, 15),
		Location: "Gemeentehuis Bloemendaal",
	}, invitation.Text{
		Purpose: proposal.Exploratory, Salutation: "Geachte leden van de raden van Bloemendaal en Heemstede,",
		Sections: []invitation.Section{
			{
				Heading: "Waar gaat de samenwerking heen?",
				Text: "De rekenkamercommissie van Heemstede keek eerder naar de samenwerking, vanuit Heemstede gezien. Beide gemeenten hebben het rapport besproken. " +
					"De commissie raadde aan om duidelijk te maken waar de samenwerking naartoe gaat. Die keuze is aan u, als raad.",
			},
			{
				Heading: "Wat er tot nu toe is gebeurd",
				Text: "De ambtenaren van Bloemendaal en Heemstede werken samen sinds 2013. In zes rapportages lazen beide raden hoe dat ging. " +
					"Op **10 januari 2019, van 20.00 tot 21.15 uur, in het gemeentehuis van Bloemendaal** laten wij zien wat er is bereikt en hoe het er nu " +
					"voor staat. U kunt alles vragen. Deze avond is een eerste stap: u hoort wat u nodig hebt om u een beeld te vormen.",
			},
		},
		FollowUpHeading: "Voorstel voor het vervolg",
		FollowUp: "Na deze avond willen wij u uiterlijk in mei 2019 een zevende voortgangsrapportage sturen over de samenwerking die er al is. " +
			"Daarin staat ook hoe de colleges aankijken tegen de organisatie van de samenwerking in de bedrijfsvoering. " +
			"De vorige raad van Heemstede schreef begin 2018 dilemma's en vragen op, die ook de raad van Bloemendaal kreeg. " +
			"Daarmee, en met deze avond, kunt u bepalen hoe het verder gaat.",
		Commitment: "Met deze avond komen de colleges hun toezegging na om de raden te informeren over de stand van de samenwerking.",
		Closing: "Wij zien u graag op deze avond.\n\n*De tijden van de onderdelen en de dagen van ondertekening staan niet in het stuk van 2018. " +
			"Ze zijn hier aangenomen.*",
		Contact: "Hebt u nu al vragen of opmerkingen? Laat het ons weten.",
	}, eveningProgramme(), invitation.Guests{Bodies: []id.Body{s.bodies["heemstede-raad"], s.bodies["bloemendaal-raad"]}, Signers: signers})
	if err != nil {
		return err
	}
	for _, signature := range []struct {
		email string
		org   string
		on    time.Time
	}{
		{heemstedeSecretary, heemstede, day(2018, 12, 4)},
		{bloemendaalSecretary, bloemendaal, day(2018, 12, 6)},
	} {
		if err := s.sign(signature.email, signature.on, i, signature.org); err != nil {
			return err
		}
	}
	actor, err := s.as(heemstedeSecretary, day(2018, 12, 7))
	if err != nil {
		return err
	}
	if i, err = invitation.Find(s.ctx, s.tx, actor, i.Key); err != nil {
		return err
	}
	if err := invitation.Publish(s.ctx, s.tx, actor, i.ID, i.Version); err != nil {
		return fmt.Errorf("publishing the invitation to 10 January 2019: %w", err)
	}
	return nil
}

func eveningProgramme() []invitation.PartDraft {
	return []invitation.PartDraft{
		{Kind: invitation.Opening, Title: "Opening", Minutes: number(5), Presenters: []invitation.Presenter{{Name: "Astrid Nienhuis"}}},
		{
			Kind: invitation.Introduction, Title: "Samenwerking Bloemendaal – Heemstede", Minutes: number(20),
			Presenters: []invitation.Presenter{
				{Name: "Henriette de Vos", Role: "gemeentesecretaris Heemstede"},
				{Name: "Wilma Atsma", Role: "gemeentesecretaris Bloemendaal"},
			},
			Text: "- **Hoe het er nu voor staat:** waar wij van uitgingen, wat er is gedaan en bereikt, en waar het knelt.\n- **Wat er de komende jaren " +
				"op ons afkomt:** trends, ontwikkelingen, taken en opgaven.",
		},
		{
			Kind: invitation.Column, Title: "Blik op de ontwikkeling van ambtelijke samenwerking in het land", Minutes: number(10),
			Presenters: []invitation.Presenter{{Name: "Stan van de Laar", Role: "managing partner en senior adviseur, SeinstraVandeLaar"}}, Text: "*Een column.*",
		},
		{
			Kind: invitation.Carousel, Title: "Carrousel", Rounds: number(3), RoundMinutes: number(10),
			Text: "U gaat langs tafels waar u over de samenwerking hoort en vragen stelt.",
			Sessions: []string{
				"Communicatie", "Financiën", "Informatisering – ICT", "P&O – Facilitaire Zaken", "Handhaving",
				"Programma's Omgevingswet en Participatie", "Organisatieontwikkeling",
			},
		},
		{Kind: invitation.Finish, Title: "Afsluiting", Minutes: number(10), Text: "Hoe nu verder: hoe het proces kan lopen."},
	}
}

// signersOf2019 makes the four people known by that invitation alone: from when until when they held office it does not say, so
// here they hold it around that evening.
func (s *seeder) signersOf2019() ([]invitation.SignerDraft, error) {
	from, until := day(2018, 11, 1), day(2019, 2, 1)
	admin := s.duty(from)
	var signers []invitation.SignerDraft
	for _, p := range []struct {
		given, infix, family string
		org, body            string
		as                   partner.Function
		aliases              []string
	}{
		{"Astrid", "", "Nienhuis", heemstede, "heemstede-college", partner.Mayor, nil},
		{"Henriette", "de", "Vos", heemstede, "heemstede-college", partner.Secretary, nil},
		{"Elbert", "", "Roest", bloemendaal, "bloemendaal-college", partner.Mayor, nil},
		{"Wilma", "", "Atsma", bloemendaal, "bloemendaal-college", partner.Secretary, []string{"Wilma Astma"}},
	} {
		made, err := partner.CreatePerson(s.ctx, s.tx, admin, partner.PersonDraft{
			Given: p.given, Infix: p.infix, Family: p.family, DisplayName: named(p.given, p.infix, p.family), Aliases: p.aliases,
		})
		if err != nil {
			return nil, fmt.Errorf("person %s: %w", p.family, err)
		}
		_, err = partner.CreateMandate(s.ctx, s.tx, admin, partner.MandateDraft{
			PersonID: made.ID, BodyID: s.bodies[p.body], Function: p.as, StartsOn: from, EndsOn: &until,
			NonVoting: p.as == partner.Secretary,
		})
		if err != nil {
			return nil, fmt.Errorf("function of %s: %w", p.family, err)
		}
		signers = append(signers, invitation.SignerDraft{Organisation: s.orgs[p.org], Person: made.ID})
	}
	return signers, nil
}

func named(given, infix, family string) string {
	if infix == "" {
		return given + " " + family
	}
	return given + " " + infix + " " + family
}

// invitation writes one, with its programme and guests, and puts it before its signers.
func (s *seeder) invitation(email string, made time.Time, d invitation.Draft, t invitation.Text, programme []invitation.PartDraft,
	g invitation.Guests,
) (invitation.Invitation, error) {
	actor, err := s.as(email, made)
	if err != nil {
		return invitation.Invitation{}, err
	}
	i, err := invitation.Create(s.ctx, s.tx, actor, d)
	if err != nil {
		return i, fmt.Errorf("invitation %q: %w", d.Title, err)
	}
	t.Title, t.StartsAt, t.EndsAt, t.Location, t.Version = d.Title, d.StartsAt, d.EndsAt, d.Location, i.Version
	if err := invitation.Revise(s.ctx, s.tx, actor, i.ID, t); err != nil {
		return i, fmt.Errorf("text of %q: %w", d.Title, err)
	}
	for _, part := range programme {
		if _, err := invitation.AddPart(s.ctx, s.tx, actor, i.ID, part); err != nil {
			return i, fmt.Errorf("part %q: %w", part.Title, err)
		}
	}
	if i, err = invitation.Find(s.ctx, s.tx, actor, i.Key); err != nil {
		return i, err
	}
	g.Version = i.Version
	if err := invitation.Address(s.ctx, s.tx, actor, i.ID, g); err != nil {
		return i, fmt.Errorf("guests of %q: %w", d.Title, err)
	}
	if i, err = invitation.Find(s.ctx, s.tx, actor, i.Key); err != nil {
		return i, err
	}
	if err := invitation.Ask(s.ctx, s.tx, actor, i.ID, i.Version, nil); err != nil {
		return i, fmt.Errorf("asking for signatures under %q: %w", d.Title, err)
	}
	return i, nil
}

// sign gives the signatures of an organisation, by its secretaris.
func (s *seeder) sign(email string, on time.Time, i invitation.Invitation, org string) error {
	actor, err := s.as(email, on)
	if err != nil {
		return err
	}
	if i, err = invitation.Find(s.ctx, s.tx, actor, i.Key); err != nil {
		return err
	}
	for _, signer := range i.SignersOf(s.orgs[org]) {
		if err := invitation.Sign(s.ctx, s.tx, actor, i.ID, signer.ID, i.Digest()); err != nil {
			return fmt.Errorf("signing for %s: %w", org, err)
		}
	}
	return nil
}

// saveTheDate asks to keep the day of the conference of 2018 free, as the paper of that year announces. The day of sending is assumed.
func (s *seeder) saveTheDate(title string) error {
	actor, err := s.as(secretary, day(2018, 7, 5))
	if err != nil {
		return err
	}
	var conference id.Meeting
	if err := s.tx.QueryRow(s.ctx, `select id from meetings where title = $1`, title).Scan(&conference); err != nil {
		return fmt.Errorf("the conference: %w", err)
	}
	return invitation.SendSaveTheDate(s.ctx, s.tx, actor, conference, []id.Body{s.bodies["hillegom-raad"], s.bodies["hillegom-college"], s.bodies["vrhm-ab"]},
		"Zes organisaties in Hollands Midden houden samen een conferentie voor bestuurders, over samenwerken.")
}

// waitsForOne is an invitation of the living layer that one of two organisations has signed.
func (s *seeder) waitsForOne() error {
	evening := s.on(33, time.Tuesday)
	made := s.now.AddDate(0, 0, -3)
	i, err := s.invitation(heemstedeSecretary, made, invitation.Draft{
		Title: "Avond voor twee raden: wat kunnen wij samen aan wateroverlast doen?", Kind: meeting.InformationEvening, MadeUp: true,
		Orgs: []id.Organisation{s.orgs[heemstede], s.orgs[bloemendaal]}, StartsAt: at(evening, 19, 30), EndsAt: at(evening, 21, 30),
		Location: "Gemeentehuis Heemstede, burgerzaal",
	}, invitation.Text{
		Purpose: proposal.Exploratory, Salutation: "Geachte leden van beide raden,",
		Sections: []invitation.Section{
			{
				Heading: "Waarom deze avond",
				Text: "Na een zware bui stroomt het water van de ene gemeente naar de andere. " +
					"Op deze avond hoort u wat de colleges samen willen doen, en kunt u alles vragen.",
			},
			{Heading: "Wat wij van u vragen", Text: "U hoeft niets te besluiten. Neem vragen uit uw wijk mee."},
		},
		FollowUp: "In het voorjaar komt er in beide raden een voorstel.", Closing: "Tot dan.", Contact: "Vragen stelt u aan de griffie van uw gemeente.",
	}, []invitation.PartDraft{
		{Kind: invitation.Opening, Title: "Opening", Minutes: number(10), Presenters: []invitation.Presenter{{Name: "T. de Linde", Role: "wethouder Heemstede"}}},
		{
			Kind: invitation.Introduction, Title: "Waar het water blijft", Minutes: number(30),
			Presenters: []invitation.Presenter{{Name: "I. Elswout", Role: "wethouder Bloemendaal"}},
		},
		{
			Kind: invitation.Carousel, Title: "In gesprek aan tafels", Rounds: number(3), RoundMinutes: number(20),
			Sessions: []string{"Straten en pleinen", "Duinrand", "Wat inwoners zelf kunnen doen", "Kosten"},
		},
		{Kind: invitation.Finish, Title: "Afsluiting", Minutes: number(15)},
	}, invitation.Guests{
		Bodies: []id.Body{s.bodies["heemstede-raad"], s.bodies["bloemendaal-raad"]},
		Groups: []string{"Ambtenaren van beide gemeenten die aan water en riolering werken"},
		Signers: []invitation.SignerDraft{
			{Organisation: s.orgs[heemstede], Person: s.person("wethouder@heemstede.voorbeeld.nl")},
			{Organisation: s.orgs[heemstede], Person: s.person(heemstedeSecretary)},
			{Organisation: s.orgs[bloemendaal], Person: s.person("wethouder@bloemendaal.voorbeeld.nl")},
			{Organisation: s.orgs[bloemendaal], Person: s.person(bloemendaalSecretary)},
		},
		Writers: []id.Person{s.person("organisator@heemstede.voorbeeld.nl")},
	})
	if err != nil {
		return err
	}
	if err := s.sign(heemstedeSecretary, s.now.AddDate(0, 0, -2), i, heemstede); err != nil {
		return err
	}
	actor, err := s.as("griffier@bloemendaal.voorbeeld.nl", s.now.AddDate(0, 0, -1))
	if err != nil {
		return err
	}
	return invitation.RemarkOn(s.ctx, s.tx, actor, i.ID, "Wij lezen het donderdag in het college. Staat er genoeg in over de duinrand?")
}

// person is who has this account.
func (s *seeder) person(email string) id.Person {
	actor, err := s.as(email, s.now)
	if err != nil {
		return ""
	}
	return actor.Person
}
