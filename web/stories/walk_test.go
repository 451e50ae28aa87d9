package stories

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"regiogriffie/web/browsertest"
)

// sound looks at a page as it stands: what every page and every state of it has to be.
func sound(t testing.TB, p *browsertest.Page) {
	t.Helper()
	p.NoOverflow(t)
	for _, wrong := range browsertest.Eval[[]string](p, faults) {
		t.Errorf("%s: %s", p.URL(), wrong)
	}
}

const faults = `(() => {
	const wrong = [], all = (s) => [...document.querySelectorAll(s)];
	const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
	const words = (e) => (e.ariaLabel || e.innerText || e.value || "").replace(/\s+/g, " ").trim();
	for (const one of ["h1", "main"]) if (all(one).length !== 1) wrong.push(all(one).length + " times " + one);
	let level = 0;
	for (const h of all("h1, h2, h3, h4, h5, h6").filter(seen)) {
		const own = Number(h.localName[1]);
		if (own > level + 1) wrong.push("heading " + own + " comes after " + level + ": " + words(h));
		if (!words(h)) wrong.push("an empty heading");
		level = own;
	}
	for (const e of all("button, .button, input[type=submit]").filter(seen)) {
		const { width, height } = e.getBoundingClientRect();
		if (height < 43.9 || width < 43.9) wrong.push("the button " + words(e) + " is " + Math.round(width) + " by " + Math.round(height));
	}
	for (const e of all("a[href], button").filter(seen)) if (!words(e) && !e.querySelector("svg[aria-label]"))
		wrong.push("a link or button without words: " + e.outerHTML.slice(0, 200));
	const ids = all("[id]").map((e) => e.id), twice = ids.filter((id, i) => ids.indexOf(id) !== i);
	if (twice.length) wrong.push("the same id twice: " + twice);
	for (const e of all("[aria-labelledby], [aria-describedby], label[for]"))
		for (const name of ["aria-labelledby", "aria-describedby", "for"])
			for (const id of (e.getAttribute(name) ?? "").split(/\s+/)) if (id && !document.getElementById(id)) wrong.push(name + " names nothing: " + id);
	if (![...document.fonts].some((f) => f.status === "loaded")) wrong.push("no font was loaded");
	if ([...document.fonts].some((f) => f.status === "error")) wrong.push("a font did not load");
	if (!document.title.includes("Regiogriffie")) wrong.push("the title is " + document.title);
	if (/\b(undefined|null|NaN)\b|%!|1 januari 1\b/.test(document.body.innerText))
		wrong.push("it says " + document.body.innerText.match(/.{0,40}(\b(undefined|null|NaN)\b|%!|1 januari 1\b).{0,40}/)[0]);
	return wrong;
})()`

// make tells pages apart that are made of other things.
const makeUp = `[...new Set([...document.querySelectorAll("body *")]
	.map((e) => e.localName + "." + e.getAttribute("class") + "." + (e.type ?? "")))].sort().join(" ")`

// axed are the pages that axe has seen, by address pattern and make-up: it need not see them again for another role.
var axed sync.Map

var (
	key = regexp.MustCompile(`/(vergaderingen|voorstellen|uitnodigingen|programma|zienswijzen|raden|onderdelen|organisaties|` +
		`samenwerkingen|accounts|personen|agenda|delen|gremia|functies|recessen|jaar|` +
		`deelnemers|versies|route|vragen|raad|adviezen)/([^/?]+)`)
	fixed = []string{"nieuw", "volgorde", "voorstellen", "samenstellen", "verzending"}
)

// pattern is an address without its keys.
func pattern(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	plain := key.ReplaceAllStringFunc(u.Path, func(s string) string {
		m := key.FindStringSubmatch(s)
		if slices.Contains(fixed, m[2]) {
			return s
		}
		return "/" + m[1] + "/*"
	})
	var names []string
	for name := range u.Query() {
		names = append(names, name)
	}
	slices.Sort(names)
	return plain + "?" + strings.Join(names, "&")
}

// slugOf is the address of the next open meeting of a body, made up by the sample.
func slugOf(t testing.TB, s *site, body string) string {
	t.Helper()
	var slug string
	err := s.db.QueryRow(t.Context(), `select slug from meetings where slug like '%' || $1 and open and starts_at > now()
			and published_at is not null order by starts_at limit 1`, body).Scan(&slug)
	if err != nil {
		t.Fatal(err)
	}
	return slug
}

func TestEveryPageIsSoundForEveryRole(t *testing.T) {
	t.Parallel()
	s := open(t)
	council := slugOf(t, s, "heemstede-raad")
	begin := []string{
		"/vandaag", "/", "/vergaderingen/2018-06-28-vrhm-ab", "/vergaderingen/" + council, "/vergaderingen?soort=kickoff_day",
		"/voorstellen?zoek=bestaatniet", "/vergaderingen?wanneer=geweest", "/samenwerkingen/veiligheidsregio-hollands-midden", "/organisaties/heemstede",
		"/uitnodigingen", "/zienswijzen?soort=decision", "/uitnodigingen?wanneer=geweest",
	}
	roles := []string{
		"", secretary, beheerder, griffier, councillor, boardMember, "steller@vrhm.voorbeeld.nl", "griffiemedewerker@heemstede.voorbeeld.nl",
		"samenwerking@hillegom.voorbeeld.nl", "beheerder@heemstede.voorbeeld.nl", "secretaris@bloemendaal.voorbeeld.nl",
		"archivaris@heemstede.voorbeeld.nl", "organisator@heemstede.voorbeeld.nl", "wethouder@bloemendaal.voorbeeld.nl",
	}
	for _, role := range roles {
		name := role
		if name == "" {
			name = "public"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := s.as(t, browsertest.Options{Width: 400, Height: 800}, role)
			todo, met := slices.Clone(begin), map[string]int{}
			for n := 0; n < len(todo); n++ {
				address := todo[n]
				if met[pattern(address)]++; met[pattern(address)] > 1 && n >= len(begin) {
					continue
				}
				p.Resize(400, 800)
				p.Go(s.URL + address)
				if p.Status() != http.StatusOK {
					t.Errorf("a link goes to %s: status %d", address, p.Status())
					continue
				}
				sound(t, p)
				if _, was := axed.LoadOrStore(pattern(address)+browsertest.Eval[string](p, makeUp), true); !was {
					p.Axe(t)
					p.Resize(1280, 900)
					sound(t, p)
					if _, was := axed.LoadOrStore(pattern(address), true); !was {
						p.Axe(t)
					}
					shot(p, fmt.Sprintf("w-%s-%s", name, strings.Trim(strings.NewReplacer("/", "_", "*", "x").Replace(pattern(address)), "_?")))
				}
				for _, link := range browsertest.Eval[[]string](p, `[...document.querySelectorAll("a[href^='/']")].map((a) => a.getAttribute("href").split("#")[0])`) {
					if link != "" && !strings.HasPrefix(link, "/bestanden/") && !strings.HasSuffix(link, ".ics") && !slices.Contains(todo, link) {
						todo = append(todo, link)
					}
				}
			}
			t.Logf("%d kinds of page", len(met))
		})
	}
}

func TestTheMainPagesAreSoundInTheDarkAndOnATablet(t *testing.T) {
	t.Parallel()
	s := open(t)
	council := slugOf(t, s, "heemstede-raad")
	for _, o := range []browsertest.Options{{Width: 768}, {Width: 768, Dark: true}} {
		t.Run(fmt.Sprintf("%d dark %v", o.Width, o.Dark), func(t *testing.T) {
			p := s.as(t, o, griffier)
			for i, address := range []string{
				"/vandaag", "/vergaderingen", "/vergaderingen/" + council, "/vergaderingen/" + council + "/agenda", "/vergaderingen/" + council + "/agenda/nieuw",
				"/voorstellen/nieuw", "/organisaties/heemstede", "/samenwerkingen/veiligheidsregio-hollands-midden",
				"/zienswijzen", s.procedure(t), s.procedure(t) + "/klok", s.procedure(t) + "/raden/hillegom", s.procedure(t) + "/onderdelen/1",
				"/samenwerkingen/veiligheidsregio-hollands-midden/jaar/" + strconv.Itoa(time.Now().Year()+1), "/nergens",
			} {
				p.Go(s.URL + address)
				sound(t, p)
				if o.Dark { // the same things have other colours
					p.Axe(t)
				}
				shot(p, fmt.Sprintf("d-%d-%d-%v", i, o.Width, o.Dark))
			}
			p.Go(s.URL + "/vergaderingen/" + council)
			p.Click(".agenda a[href*='/agenda/']")
			sound(t, p)
			p.Go(s.URL + "/voorstellen?organisatie=heemstede&status=geagendeerd")
			p.ClickText("Regionaal risicoprofiel")
			sound(t, p)
			p.Axe(t)
			shot(p, fmt.Sprintf("d-voorstel-%d-%v", o.Width, o.Dark))
		})
	}
}
