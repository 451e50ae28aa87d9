package mails

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/job"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/trail"
	"regiogriffie/web/parts"
	"regiogriffie/web/path"
)

func (o Office) ofAccounts() job.Table {
	return job.Table{trail.Tell: reads(o.accountTold), identity.TellLink: reads(o.passwordLink)}
}

// accountTold tells the owner of an account, and the griffier of the bodies he works for, what was done to it. What someone wrote
// as a reason is not in the mail: he may have written too much.
func (o Office) accountTold(ctx context.Context, t trail.Telling) error {
	line, err := trail.Told(ctx, o.DB, t)
	if err != nil {
		return fmt.Errorf("reading what is to be told: %w", err)
	}
	people, err := trail.Addressees(ctx, o.DB, t, line)
	if err != nil {
		return err
	}
	var to []mailing.Recipient
	for _, p := range people {
		to = append(to, mailing.Recipient{Person: p.PersonID, Message: mail.Message{Name: p.Name, Address: strings.TrimSpace(p.Email)}})
	}
	if t.Change != "" && line.Act == "account.change_email" {
		// Who loses his address to another hears so at the one he had.
		before, err := identity.OldAddress(ctx, o.DB, t.Change)
		if err != nil {
			return err
		}
		if before != "" {
			to = append(to, mailing.Recipient{Message: mail.Message{Name: line.Whom, Address: before}})
		}
	}
	if len(to) == 0 {
		return nil
	}
	act := mailing.Act{Cause: t.Cause(), Object: string(t.Entry), OrgIDs: append([]id.Organisation{}, t.OrgIDs...), Private: true}
	l := o.accountLetter(line)
	act.Title = l.subject
	return o.post(ctx, act, l, to)
}

func (o Office) accountLetter(line trail.Line) letter {
	l := letter{
		subject:  short(parts.TrailName(line.Act) + ": " + line.Whom),
		greeting: "Beste lezer,",
		label:    "Mijn account",
		address:  o.at(path.Account),
		closing:  "U krijgt deze e-mail omdat dit uw account is, of omdat u griffier bent waar deze persoon werkt. Antwoorden op deze e-mail leest niemand.",
		facts:    [][2]string{{"Wat", parts.TrailName(line.Act)}, {"Voor wie", line.Whom}},
	}
	wrong := "Klopt dit niet? Bel dan meteen uw griffier of een andere beheerder."
	switch {
	case strings.HasPrefix(line.Act, "glass."):
		l.facts[1][0] = "Door"
		l.paragraphs = []string{
			"Een beheerder heeft in een noodgeval toegang genomen tot de besloten stukken van een gremium. " +
				"Hij leest dertig minuten lang mee en kan niets wijzigen. De reden leest u na het inloggen, en u kunt de toegang daar meteen beëindigen.",
		}
		l.label, l.address = "Noodtoegang", o.at(path.Glass(line.OrganisationKey, line.BodyKey))
	case line.Act == "account.ask_email" || line.Act == "account.create_waiting":
		l.paragraphs = []string{
			"Een beheerder heeft een e-mailadres ingevuld om mee in te loggen. Zolang niemand anders het adres bevestigt, geeft het geen rechten.",
			"Bevestig het na het inloggen alleen als u zeker weet dat dit het adres van deze persoon is. " + wrong,
		}
		l.label, l.address = "Bevestigen of afwijzen", o.at(path.Confirmations)
	default:
		l.paragraphs = []string{"Er is iets gewijzigd aan een account, een functie of een rol. " + wrong}
	}
	if thing := parts.TrailThing(line); thing != "" {
		l.facts = append(l.facts, [2]string{"Waar", thing})
	}
	if line.From != nil {
		l.facts = append(l.facts, [2]string{"Vanaf", dutch.Date(*line.From)})
	}
	if line.Who != "" && !strings.HasPrefix(line.Act, "glass.") {
		l.facts = append(l.facts, [2]string{"Door", line.Who})
	}
	l.facts = append(l.facts, [2]string{"Wanneer", dutch.DateTime(line.At)})
	return l
}

// passwordLink mails a link to choose a password to the address of the account, and nowhere else. The text holds no token: the
// delivery puts one in its place while the mail leaves.
func (o Office) passwordLink(ctx context.Context, t identity.LinkTelling) error {
	s, err := identity.FindSent(ctx, o.DB, t.Link, o.Now())
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	l := letter{
		subject:  "Kies een wachtwoord voor Regiogriffie",
		greeting: "Beste " + s.Name + ",",
		paragraphs: []string{
			"Met de link hieronder kiest u zelf een wachtwoord. De link werkt één keer. Eerdere links werken niet meer; " +
				"een wachtwoord dat u al had, blijft werken tot u een nieuw kiest.",
			"Geef deze link aan niemand. Hebt u er niet om gevraagd? Doe dan niets, en bel uw griffier of een andere beheerder.",
		},
		facts:   [][2]string{{"Account", s.Email}, {"Aangevraagd door", s.MadeBy}, {"Werkt tot", dutch.DateTime(s.ExpiresAt)}},
		label:   "Kies een wachtwoord",
		address: o.at(path.Below(path.ChoosePassword, mailing.OwnCode)),
		closing: "Antwoorden op deze e-mail leest niemand.",
	}
	act := mailing.Act{
		Cause: identity.TellLink + ":" + string(s.ID), Title: l.subject, Object: string(s.ID), OrgIDs: []id.Organisation{}, Private: true, Opens: string(s.ID),
	}
	to := []mailing.Recipient{{Person: s.PersonID, Message: mail.Message{Name: s.Name, Address: s.Email}}}
	return pgx.BeginFunc(ctx, o.DB, func(tx pgx.Tx) error { return o.postIn(ctx, tx, act, l, to) })
}
