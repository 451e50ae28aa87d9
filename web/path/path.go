// Package path spells the addresses of the site. They are Dutch and lasting; what can become closed has a random key in
// its address and no word of its title.
package path

import (
	"net/url"
	"strconv"
)

// The fixed pages.
const (
	Home           = "/"
	Today          = "/vandaag"
	SignIn         = "/inloggen"
	SignOut        = "/uitloggen"
	Account        = "/account"
	Password       = "/account/wachtwoord"
	OwnTrail       = "/account/spoor"
	LinkNotice     = "/account/getoonde-links"
	Confirmations  = "/bevestigingen" // of addresses of accounts, by a second
	Trail          = "/beheer/spoor"
	ChoosePassword = "/wachtwoord" // by a link of the administrator
	Unsubscribe    = "/afmelden"   // by a link in a mail
	Meetings       = "/vergaderingen"
	NewMeeting     = "/vergaderingen/nieuw"
	Proposals      = "/voorstellen"
	NewProposal    = "/voorstellen/nieuw"
	Routes         = "/routes"
	InTray         = "/postvak-in"
	Preview        = "/voorbeeld" // Markdown as it will be shown
	Zienswijzen    = "/zienswijzen"
	NewProcedure   = "/zienswijzen/nieuw"
	Collaborations = "/samenwerkingen"
	NewCollab      = "/samenwerkingen/nieuw"
	Invitations    = "/uitnodigingen"
	NewInvitation  = "/uitnodigingen/nieuw"
	Organisations  = "/organisaties"
	NewOrg         = "/organisaties/nieuw"
	Admin          = "/beheer"
	Accounts       = "/beheer/accounts"
	NewAccount     = "/beheer/accounts/nieuw"
	People         = "/beheer/personen"
	NewPerson      = "/beheer/personen/nieuw"
	Outbox         = "/beheer/postvak-uit"
	Accessibility  = "/toegankelijkheid"
	SecurityTxt    = "/.well-known/security.txt"
)

// Organisation is the page of an organisation, by its name key.
func Organisation(key string) string { return Organisations + "/" + key }

// OrganisationTrail is what was done to accounts, roles and mandates of an organisation.
func OrganisationTrail(key string) string { return Organisation(key) + "/spoor" }

// Glass is where the glass of a body is broken, and where its griffier sees that.
func Glass(organisation, body string) string {
	return Organisation(organisation) + "/gremia/" + body + "/noodtoegang"
}

// Calendar is the calendar of an organisation, to subscribe to.
func Calendar(organisation string) string { return Organisation(organisation) + "/kalender.ics" }

// BodyCalendar is the calendar of a body, to subscribe to.
func BodyCalendar(organisation, body string) string {
	return Organisation(organisation) + "/gremia/" + body + "/kalender.ics"
}

// Recesses is where the recesses of an organisation are added.
func Recesses(organisation string) string { return Organisation(organisation) + "/recessen" }

// Collaboration is the page of a collaboration, by its name key.
func Collaboration(key string) string { return Collaborations + "/" + key }

// BudgetYear is the page with the terms of a collaboration for the budget of a year.
func BudgetYear(collaboration string, year int) string {
	return Collaboration(collaboration) + "/jaar/" + strconv.Itoa(year)
}

// Procedure is the page of a zienswijze procedure, by its random key.
func Procedure(key string) string { return Zienswijzen + "/" + key }

// Subject is the page of what the councils say of one subject of a procedure.
func Subject(procedure string, number int) string {
	return Procedure(procedure) + "/onderdelen/" + strconv.Itoa(number)
}

// View is the page of what one council says in a procedure, by the key of its organisation.
func View(procedure, organisation string) string {
	return Procedure(procedure) + "/raden/" + organisation
}

// Proposal is the page of a proposal, by its random key.
func Proposal(key string) string { return Proposals + "/" + key }

// ProposalVersion is the page of one version of a proposal.
func ProposalVersion(key string, n int) string { return Proposal(key) + "/versies/" + strconv.Itoa(n) }

// Route is the way of a proposal along bodies.
func Route(key string) string { return Proposal(key) + "/route" }

// Dossier is the story of a proposal for who does not know it.
func Dossier(key string) string { return Proposal(key) + "/dossier" }

// Step is one body on the route of a proposal.
func Step(key, step string) string { return Route(key) + "/" + step }

// Before is what lies before a body.
func Before(body string) string { return "/raad/" + body }

// Advice is where an advice on a proposal is given.
func Advice(proposal, advice string) string { return Proposal(proposal) + "/adviezen/" + advice }

// Meeting is the page of a meeting, by date and body.
func Meeting(slug string) string { return Meetings + "/" + slug }

// MeetingAgenda is where the agenda of a meeting is put together.
func MeetingAgenda(slug string) string { return Meeting(slug) + "/agenda" }

// MeetingMailing is the address of a mailing about a meeting, for the acts on it.
func MeetingMailing(slug, mailing string) string { return Meeting(slug) + "/verzendingen/" + mailing }

// MeetingParty is the page of a body, under its key, that holds a meeting or is asked to; of an organisation without one under that of it.
func MeetingParty(slug, key string) string { return Meeting(slug) + "/samen/" + key }

// Item is the page of an agenda item.
func Item(slug, key string) string { return MeetingAgenda(slug) + "/" + key }

// Invitation is the page of an invitation, by its random key.
func Invitation(key string) string { return Invitations + "/" + key }

// Part is the address of a part of the programme of an invitation, for the acts on it.
func Part(key, part string) string { return Invitation(key) + "/programma/" + part }

// Attachment is the address of a file.
func Attachment(key string) string { return "/bestanden/" + key }

// Readers is where a griffier reads who read what is at an address.
func Readers(base string) string { return Below(base, "lezers") }

// Below adds an act or a part to an address: Below(Proposal(key), "intrekking").
func Below(base, part string) string { return base + "/" + part }

// With adds a query to an address; empty values are left out.
func With(base string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return base
	}
	return base + "?" + q.Encode()
}

// AccountOf is the administrator's page of an account.
func AccountOf(account string) string { return Accounts + "/" + account }

// MailOf is the administrator's page of a mail.
func MailOf(message string) string { return Outbox + "/" + message }

// StopMail is the page at which the reader of a mail stops such mails.
func StopMail(code string) string { return Unsubscribe + "/" + code }

// Choice is the address of a topic among one's own mail, for the acts on it.
func Choice(topic string) string { return Account + "/e-mail/" + topic }

// MailingOf is the address of a mailing, for the acts on it.
func MailingOf(mailing string) string { return Admin + "/verzendingen/" + mailing }
