package stories

import (
	"fmt"
	"strings"
	"testing"

	"regiogriffie/web/browsertest"
)

// TestTheAdministratorManagesAccountsAndNotSight is the story of an administrator who needs others: a griffier stands for the address
// of an account, reads who saw a link to his own, and ends the access that was taken in an emergency.
func TestTheAdministratorManagesAccountsAndNotSight(t *testing.T) {
	t.Parallel()
	s := open(t)
	wide := browsertest.Options{Width: 1280}
	look := func(p *browsertest.Page, name string) {
		t.Helper()
		for _, width := range []int{1280, 400} {
			p.Resize(width, 900)
			sound(t, p)
			shot(p, fmt.Sprintf("s-%s-%d", name, width))
		}
		axe(t, p)
		p.Resize(1280, 900)
	}
	boss := s.as(t, wide, beheerder)

	// Whom he looks for he finds by name, and what he typed stays.
	boss.Go(s.URL + "/organisaties/heemstede/gremia/heemstede-raad/functies/nieuw")
	boss.Choose("Functie", "Adviseur")
	boss.Fill("Fractie", "Getypt")
	boss.Fill("Zoek iemand van buiten deze organisatie", "verb")
	boss.ClickText("Zoek")
	boss.See("gevonden")
	if html := boss.HTML(); !strings.Contains(html, `value="Getypt"`) || !strings.Contains(html, `<option value="adviser" selected`) {
		t.Error("the search loses what was typed")
	}
	look(boss, "functie-zoeken")

	// A new account for someone of the council of Heemstede waits for the griffier there.
	boss.Go(s.URL + "/beheer/accounts/nieuw")
	boss.Fill("Naam", "de")
	boss.ClickText("Zoek")
	look(boss, "account-zoeken")
	boss.Go(s.URL + "/beheer/accounts/nieuw")
	boss.ClickText("Nieuwe persoon")
	boss.Fill("Achternaam", "Nieuweling")
	boss.Fill("E-mailadres om mee in te loggen", "nieuweling@heemstede.voorbeeld.nl")
	boss.ClickText("Maak account")
	boss.See("Rechten geeft het pas als een ander het e-mailadres bevestigt.")
	account := boss.URL()
	boss.Choose("Rol", "Griffiemedewerker")
	boss.Fill("Gremium", "heemstede-raad")
	boss.ClickText("Geef deze rol")
	boss.See("De rol is toegekend.")
	boss.ClickText("Maak een link voor een nieuw wachtwoord")
	look(boss, "account")
	clerk := s.as(t, wide, griffier)
	clerk.Go(s.URL + "/bevestigingen")
	clerk.See("nieuweling@heemstede.voorbeeld.nl")
	look(clerk, "bevestigingen")
	clerk.ClickText("Bevestig dit adres van Nieuweling")
	clerk.See("is bevestigd en telt")

	// An address of the griffier himself, and a link to his account that was shown.
	boss.Go(s.URL + "/beheer/accounts?naam=" + griffier)
	boss.ClickText("M. Duinker")
	own := boss.URL()
	boss.Fill("E-mailadres om mee in te loggen", "elders@heemstede.voorbeeld.nl")
	boss.ClickText("Bewaar e-mailadres")
	boss.See("wacht tot een ander het bevestigt")
	boss.ClickText("Maak een link voor een nieuw wachtwoord")
	boss.See("U ziet hem maar één keer")
	clerk.Go(s.URL + "/account")
	clerk.See("Een ander kon uw wachtwoord kiezen")
	clerk.See("Dat wordt elders@heemstede.voorbeeld.nl als een ander dat bevestigt")
	look(clerk, "mijn-account")
	clerk.ClickText("Ik heb dit gelezen")
	clerk.See("Bewaard dat u dit hebt gelezen.")
	clerk.Go(s.URL + "/account/spoor")
	look(clerk, "mijn-spoor")

	// In an emergency he reads along, and the griffier ends it.
	boss.Go(s.URL + "/organisaties/heemstede/gremia/heemstede-raad/noodtoegang")
	boss.ClickText("Neem dertig minuten noodtoegang")
	boss.See("Vul in waarom dit nodig is")
	look(boss, "noodtoegang-leeg")
	boss.Fill("Waarom is dit nodig?", "De griffier en haar vervanger zijn onbereikbaar en een geheim stuk moet nu weg.")
	boss.ClickText("Neem dertig minuten noodtoegang")
	boss.See("U leest nu de besloten stukken")
	look(boss, "noodtoegang")
	clerk.Go(s.URL + "/organisaties/heemstede/gremia/heemstede-raad/noodtoegang")
	clerk.See("Leest nu mee")
	look(clerk, "noodtoegang-griffier")
	clerk.Click(`form[action$="/einde"] button`)
	clerk.See("De noodtoegang is beëindigd.")

	boss.Go(s.URL + "/beheer/spoor")
	boss.See("Noodtoegang genomen")
	look(boss, "spoor")
	boss.Go(account)
	if strings.Contains(boss.Text(), "Adres niet bevestigd") {
		t.Error("the address still waits")
	}
	boss.Go(own)
	boss.Go(s.URL + "/beheer")
	look(boss, "beheer")
}
