package mails

import (
	"context"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/ical"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/job"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/web/path"
)

func (o Office) ofSigning() job.Table {
	return each(o.askSigners, invitation.TellSigning, invitation.TellLapsed, invitation.TellReady, invitation.TellSignedFor, invitation.TellRemark)
}

// askSigners tells who signs, and who decides, that an invitation waits for them. It is not public yet, so the mail says that
// there is one, and where.
func (o Office) askSigners(ctx context.Context, kind string, t invitation.Telling) error {
	if t.Until.Before(o.Now()) {
		return nil
	}
	people, err := invitation.Signatories(ctx, o.DB, t.Invitation, t.By, dutch.DateKey(o.Now()))
	if t.For != "" {
		people, err = meeting.People(ctx, o.DB, []id.Person{t.For})
	}
	if err != nil {
		return err
	}
	by, err := o.named(ctx, t.By)
	if err != nil {
		return err
	}
	orgs, err := postgres.All[struct {
		ID   id.Organisation
		Name string
	}](ctx, o.DB, `select o.id, o.name from invitation_organisers io join organisations o on o.id = io.organisation_id
			where io.invitation_id = @id order by io.sequence`,
		postgres.Args{"id": t.Invitation})
	if err != nil {
		return err
	}
	act := mailing.Act{Cause: t.Cause(kind), Object: string(t.Invitation), Kept: t.MadeUp}
	var names []string
	for _, each := range orgs {
		act.OrgIDs, names = append(act.OrgIDs, each.ID), append(names, each.Name)
	}
	with := dutch.List(names)
	l := letter{
		greeting: "Beste lezer,",
		label:    "De uitnodiging",
		address:  o.at(path.Invitation(t.Key)),
		closing: "U krijgt deze e-mail omdat u ondertekent, of omdat u griffier of secretaris bent bij een van deze organisaties. " +
			"Antwoorden op deze e-mail leest niemand.",
	}
	switch kind {
	case invitation.TellLapsed:
		l.subject = "Opnieuw ondertekenen: uitnodiging van " + with
		l.paragraphs = []string{by + " heeft de uitnodiging van " + with +
			" gewijzigd nadat er was ondertekend. Die ondertekeningen gelden niet meer. Lees haar opnieuw en onderteken dan."}
	case invitation.TellReady:
		l.subject = "Ondertekend door iedereen: uitnodiging van " + with
		l.paragraphs = []string{"Alle organisaties hebben de uitnodiging van " + with +
			" ondertekend. De griffier of de secretaris van een van de organisaties kan haar nu publiceren."}
	case invitation.TellSignedFor:
		l.subject = "Voor u ondertekend: uitnodiging van " + with
		l.paragraphs = []string{by + " heeft de uitnodiging van " + with +
			" voor u ondertekend. Dat staat bij uw naam. Klopt dit niet? Neem dan contact op met " + by + " of met uw griffie."}
		l.closing = "U krijgt deze e-mail omdat uw naam onder deze uitnodiging staat. Antwoorden op deze e-mail leest niemand."
	case invitation.TellRemark:
		l.subject = "Opmerking bij de uitnodiging van " + with
		l.paragraphs = []string{by + " heeft een opmerking geplaatst bij de uitnodiging van " + with + ". U leest haar na het inloggen."}
	default:
		l.subject = "Ter ondertekening: uitnodiging van " + with
		l.paragraphs = []string{"Er ligt een uitnodiging van " + with +
			" voor u klaar. Lees haar na het inloggen. U kunt een opmerking plaatsen of ondertekenen. Elke organisatie ondertekent wanneer zij wil."}
	}
	l.subject = short(l.subject)
	act.Title = l.subject
	return o.send(ctx, act, l, people, ical.Event{}, "")
}

// named is what a person is called in a letter; the program itself is "Regiogriffie".
func (o Office) named(ctx context.Context, p id.Person) (string, error) {
	if p == "" {
		return "Regiogriffie", nil
	}
	found, err := meeting.People(ctx, o.DB, []id.Person{p})
	if err != nil || len(found) == 0 {
		return "Een collega", err
	}
	return found[0].Name, nil
}
