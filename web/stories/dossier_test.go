package stories

import (
	"fmt"
	"strings"
	"testing"

	"regiogriffie/web/browsertest"
)

// TestEveryoneFollowsOneDraft looks at a draft of a region along its councils with the eyes of a resident, a councillor, a griffier and the
// bestuurssecretaris: on a telephone, a tablet and a desk, in the dark and on paper.
func TestEveryoneFollowsOneDraft(t *testing.T) {
	t.Parallel()
	s := open(t)
	resident := s.as(t, browsertest.Options{Width: 1280}, "")
	resident.Go(s.URL + "/samenwerkingen/regio-holland-rijnland")
	dossier := href(resident, "Holland Rijnland: het ontwerp")
	if dossier == "" {
		dossier = href(resident, "Wijziging van de begroting")
	}
	resident.Go(dossier)
	for _, text := range []string{
		"Wat komt er nu?", "Raad Alphen aan den Rijn", "Wilt u hier iets zeggen?", "Zienswijze vastgesteld",
		"17 voor, 9 tegen", "Geen zienswijze", "Lees met antwoord", "neemt het besluit.",
	} {
		resident.See(text)
	}
	for _, secret := range []string{"Noordwijk", "Nieuwkoop", "bijlage met de bedragen", "mits die na vier jaar"} {
		if strings.Contains(resident.HTML(), secret) {
			t.Errorf("a resident reads %q", secret)
		}
	}
	resident.Go(s.URL + "/voorstellen?zoek=bestuurlijke+conferentie")
	resident.ClickText("Bestuurlijke conferentie Samenwerking")
	resident.See("Vervolgtraject")
	history := href(resident, "Dossier:")
	resident.Go(history)
	resident.See("Kring van griffiers")
	resident.See("19 jun 2018")

	route := strings.TrimSuffix(dossier, "/dossier") + "/route"
	pages := map[string]string{
		"dossier": dossier, "route": route, "routes": s.URL + "/routes", "raad": s.URL + "/raad/hillegom-raad",
		"samenwerking": s.URL + "/samenwerkingen/regio-holland-rijnland",
		"voorstel":     strings.TrimSuffix(dossier, "/dossier"),
	}
	for who, email := range map[string]string{
		"publiek": "", "griffier": "griffier@leiden.voorbeeld.nl", "raadslid": "raadslid@leiden.voorbeeld.nl",
		"secretaris": "bestuurssecretaris@hollandrijnland.voorbeeld.nl",
	} {
		p := s.as(t, browsertest.Options{Width: 1280}, email)
		dark := s.as(t, browsertest.Options{Width: 768, Dark: true}, email)
		for name, address := range pages {
			p.Go(address)
			for _, width := range []int{1280, 768, 400} {
				p.Resize(width, 900)
				sound(t, p)
				shot(p, fmt.Sprintf("d-%s-%s-%d", name, who, width))
			}
			axe(t, p)
			p.Resize(1280, 900)
			if name == "dossier" || name == "routes" || name == "route" {
				dark.Go(address)
				sound(t, dark)
				axe(t, dark)
				shot(dark, fmt.Sprintf("d-%s-%s-donker", name, who))
			}
		}
	}
	for _, name := range []string{"dossier", "route", "routes"} {
		p := s.as(t, browsertest.Options{Width: 760}, "griffier@leiden.voorbeeld.nl")
		p.Go(pages[name])
		browsertest.Eval[bool](p, onPaper)
		p.NoOverflow(t)
		shot(p, "d-"+name+"-druk")
	}
	owner := s.as(t, browsertest.Options{}, "bestuurssecretaris@hollandrijnland.voorbeeld.nl")
	owner.Go(route)
	owner.See("3 dagen te laat, geen vergadering gekozen")
	owner.Go(pages["routes"])
	owner.See("1 te laat")
	p := s.as(t, small, "")
	p.Go(history)
	sound(t, p)
	axe(t, p)
	shot(p, "d-dossier-2018")
}

// onPaper makes the screen look as the paper does: what the style sheet keeps for print counts now.
const onPaper = `(() => {
	const turn = (rules) => { for (const r of rules) { if (r.media?.mediaText === "print") r.media.mediaText = "all"; if (r.cssRules) turn(r.cssRules) } };
	for (const sheet of document.styleSheets) turn(sheet.cssRules);
	return true;
})()`
