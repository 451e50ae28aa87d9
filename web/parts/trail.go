package parts

import (
	"regiogriffie/internal/access"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/trail"
	"regiogriffie/web/ui"
)

// trailActs names what is done to accounts, roles and mandates.
var trailActs = map[string]string{
	"account.create": "Account gemaakt", "account.create_waiting": "Account gemaakt; het adres wacht op een tweede",
	"account.ask_email": "Ander e-mailadres ingevuld; het wacht op een tweede", "account.change_email": "E-mailadres gewijzigd of bevestigd",
	"account.refuse_email": "E-mailadres afgewezen", "account.close": "Account gesloten", "account.reopen": "Account weer geopend",
	"account.make_password_link": "Link voor een nieuw wachtwoord gemaild", "account.show_password_link": "Link voor een nieuw wachtwoord op een scherm getoond",
	"account.use_password_link": "Wachtwoord gekozen met een link", "account.notice_password_link": "Gelezen dat een link is getoond",
	"account.set_password": "Wachtwoord gewijzigd", "account.sign_in": "Ingelogd", "account.sign_out": "Uitgelogd",
	"account.confirm": "Wachtwoord opnieuw gegeven",
	"grant.create":    "Rol gegeven", "grant.end": "Rol beëindigd", "mandate.create": "Functie gegeven", "mandate.end": "Functie beëindigd",
	"mandate.end_with_parent": "Functie beëindigd met de functie waar zij op rust", "person.change_work_email": "E-mailadres voor het werk gewijzigd",
	"glass.break": "Noodtoegang genomen", "glass.end": "Noodtoegang beëindigd",
}

// TrailName says what was done.
func TrailName(act string) string {
	if name, ok := trailActs[act]; ok {
		return name
	}
	return act
}

// TrailThing is the function, role or body it was done to; empty for an account as a whole.
func TrailThing(l trail.Line) string {
	text := partner.Function(l.Function).Label()
	if l.Role != "" {
		text = RoleName(l.Role)
	}
	for _, part := range []string{l.Body, l.Organisation} {
		if part != "" && text != "" {
			text += ", "
		}
		text += part
	}
	if l.Role == access.Admin && l.Organisation == "" {
		text += " van de hele installatie"
	}
	return text
}

// TrailReason is what a person wrote for it.
func TrailReason(l trail.Line) string {
	if l.Role != "" { // there it names the role
		return ""
	}
	return l.Reason
}

// TrailView is a page of the trail of accounts and roles.
type TrailView struct {
	Heading string
	Crumbs  []ui.Crumb
	Lines   []trail.Line // one more than a page when there are more
	Page    int
	Address string // of the first page
	Own     bool   // of who reads it: whose account it is need not be said
}

func (v TrailView) shown() []trail.Line { return v.Lines[:min(len(v.Lines), trail.PageSize)] }
