package parts

// acts names what the audit trail keeps, in the words of the people who do it.
var acts = map[string]string{
	"meeting.create": "Vergadering gemaakt", "meeting.revise": "Gegevens gewijzigd", "meeting.announce": "Bekendgemaakt",
	"meeting.convene": "Opgeroepen en gepubliceerd", "meeting.cancel": "Geannuleerd", "item.add": "Punt toegevoegd",
	"item.schedule": "Voorstel op de agenda gezet",
	"item.revise":   "Punt gewijzigd", "item.remove": "Punt van de agenda gehaald", "item.move": "Volgorde gewijzigd", "item.arrange": "Volgorde gewijzigd",
	"item.attach": "Bijlage toegevoegd", "item.detach": "Bijlage verwijderd", "section.add": "Deel toegevoegd", "section.revise": "Deel gewijzigd",
	"section.remove": "Deel verwijderd",
	"mailing.pause":  "Verzenden van e-mail onderbroken", "mailing.resume": "Verder met verzenden van e-mail",
	"proposal.ready": "Ambtelijk gereed", "proposal.agree": "Bestuurlijk akkoord", "proposal.return": "Teruggestuurd",
	"proposal.comment": "Opmerking geplaatst", "advice.ask": "Advies gevraagd", "advice.give": "Advies gegeven",
	"proposal.coauthors": "Medeopstellers gewijzigd", "proposal.create": "Voorstel gemaakt", "proposal.revise": "Voorstel gewijzigd",
	"proposal.offer": "Aangeboden", "proposal.withdraw": "Ingetrokken",
	"proposal.schedule": "Op een agenda gezet", "proposal.unschedule": "Van de agenda gehaald", "proposal.publish": "Openbaar gemaakt met de oproep",
	"decision.record": "Besluit bewaard als concept", "decision.publish": "Besluit gepubliceerd", "proposal.advance": "Besluit verwerkt",
	"route.plan": "Route klaargezet", "route.add": "Gremium toegevoegd aan de route", "route.revise": "Stap gewijzigd",
	"route.remove": "Stap uit de route gehaald",
	"route.send":   "Verzonden langs de route", "route.skip": "Stap overgeslagen", "route.plan-for": "Dag gepland", "route.refuse": "Geweigerd",
	"route.ask":    "Vraag gesteld",
	"route.answer": "Vraag beantwoord", "route.prepare": "Oplegger gewijzigd", "route.schedule": "Op de agenda gezet",
	"route.release": "Van de agenda, terug in het postvak",
	"route.settle":  "Uitkomst verwerkt", "route.expire": "Termijn verlopen",
	"procedure.open": "Procedure gemaakt", "procedure.revise": "Procedure gewijzigd", "procedure.send": "Aan de raden verzonden",
	"procedure.publish": "Openbaar gemaakt", "procedure.retract": "Niet meer openbaar", "procedure.close": "Gesloten",
	"view.write": "Zienswijze geschreven", "view.schedule": "Vergadering gekozen", "view.release": "Niet meer op een agenda",
	"view.adopt": "Vastgesteld", "view.decline": "Geen zienswijze",
	"view.send": "Aan het bestuur verzonden", "view.answer": "Beantwoord", "view.publish": "Openbaar gemaakt", "view.retract": "Niet meer openbaar",
	"recess.create": "Reces toegevoegd", "recess.revise": "Reces gewijzigd", "recess.remove": "Reces verwijderd",
	"proposal.tighten": "Vertrouwelijk gemaakt", "proposal.attach": "Bijlage toegevoegd", "proposal.detach": "Bijlage verwijderd",
	"invitation.create": "Uitnodiging begonnen", "invitation.revise": "Tekst gewijzigd", "invitation.address": "Gasten en ondertekenaars gewijzigd",
	"invitation.part": "Programma gewijzigd", "invitation.move": "Volgorde van het programma gewijzigd", "invitation.attach": "Bijlage toegevoegd",
	"invitation.detach": "Bijlage verwijderd",
	"invitation.remark": "Opmerking geplaatst", "invitation.ask": "Ter ondertekening voorgelegd", "invitation.sign": "Ondertekend",
	"invitation.publish": "Gepubliceerd", "invitation.cancel": "Geannuleerd", "invitation.lapse": "Ondertekeningen vervallen: dag, tijd of plaats gewijzigd",
	"meeting.save_the_date": "Save-the-date verstuurd",
}

func actName(act string) string {
	if name, ok := acts[act]; ok {
		return name
	}
	return act
}
