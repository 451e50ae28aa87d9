package stories

import (
	"cmp"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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

// makeUp tells pages apart that are made of other things.
const makeUp = `[...new Set([...document.querySelectorAll("body *")]
	.map((e) => e.localName + "." + e.getAttribute("class") + "." + (e.type ?? "")))].sort().join(" ")`

// axed are the pages that axe has seen, by address pattern, make-up and how they were looked at: it need not see them again for
// another role or in another story.
var axed sync.Map

// axe lets axe look at a page, unless it saw one like it. The slow set has it look at every page.
func axe(t testing.TB, p *browsertest.Page) {
	t.Helper()
	o := p.Options()
	kind := fmt.Sprintf("%s %d %v %s", pattern(p.URL()), o.Width, o.Dark, browsertest.Eval[string](p, makeUp))
	if _, was := axed.LoadOrStore(kind, true); !was || proving() {
		p.Axe(t)
	}
}

// proving tells the slow set, in which every page of every role is opened, from the daily one.
func proving() bool { return os.Getenv("REGIOGRIFFIE_PROOF") != "" }

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

// element is an element as it is sent, with what tells it apart for how it looks.
var element = regexp.MustCompile(`<([a-z0-9]+)(?:\s[^>]*?)?(?:\sclass="([^"]*)")?(?:\s[^>]*?)?(?:\stype="([^"]*)")?[^>]*>`)

// sent tells pages apart that are made of other things, before a browser opens them.
func sent(page string) string {
	var all []string
	for _, m := range element.FindAllStringSubmatch(page, -1) {
		all = append(all, m[1]+"."+m[2]+"."+m[3])
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " ")
}

var link = regexp.MustCompile(`<a [^>]*?href="(/[^"#]*)`)

// Every role follows every link to every kind of page. What is made of the same things on the same kind of page looks the same to a
// browser whoever asks, so it opens each make once.
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
	var opened sync.Map
	var pages, looked atomic.Int64
	t.Cleanup(func() { t.Logf("%d pages, %d of them opened in the browser", pages.Load(), looked.Load()) })
	for _, role := range roles {
		name := cmp.Or(role, "public")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := s.client(t, role)
			p := s.as(t, browsertest.Options{Width: 400, Height: 800}, role)
			todo, met := slices.Clone(begin), map[string]int{}
			for n := 0; n < len(todo); n++ {
				address := todo[n]
				if met[pattern(address)]++; met[pattern(address)] > 1 && n >= len(begin) {
					continue
				}
				status, page := client.get(t, address)
				pages.Add(1)
				if status != http.StatusOK {
					t.Errorf("a link goes to %s: status %d", address, status)
					continue
				}
				if _, was := opened.LoadOrStore(pattern(address)+sent(page), true); !was || proving() {
					looked.Add(1)
					p.Resize(400, 800)
					p.Go(s.URL + address)
					expect(t, p, http.StatusOK)
					sound(t, p)
					axe(t, p)
					p.Resize(1280, 900)
					sound(t, p)
					if _, was := opened.LoadOrStore(pattern(address), true); !was {
						axe(t, p)
					}
					shot(p, fmt.Sprintf("w-%s-%s", name, strings.Trim(strings.NewReplacer("/", "_", "*", "x").Replace(pattern(address)), "_?")))
				}
				for _, m := range link.FindAllStringSubmatch(page, -1) {
					to := html.UnescapeString(m[1])
					if !strings.HasPrefix(to, "/bestanden/") && !strings.HasSuffix(to, ".ics") && !slices.Contains(todo, to) {
						todo = append(todo, to)
					}
				}
			}
			if len(met) < 12 {
				t.Errorf("only %d kinds of page", len(met))
			}
			t.Logf("%d kinds of page", len(met))
		})
	}
}

// client asks without a browser.
type client struct {
	http.Client
	cookie *http.Cookie
	url    string
}

func (s *site) client(t testing.TB, email string) *client {
	t.Helper()
	c := &client{url: s.URL}
	if email != "" {
		c.cookie = s.session(t, email)
	}
	return c
}

func (c *client) get(t testing.TB, address string) (status int, page string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.cookie != nil {
		r.AddCookie(c.cookie)
	}
	answer, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
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
					axe(t, p)
				}
				shot(p, fmt.Sprintf("d-%d-%d-%v", i, o.Width, o.Dark))
			}
			p.Go(s.URL + "/vergaderingen/" + council)
			p.Click(".agenda a[href*='/agenda/']")
			sound(t, p)
			p.Go(s.URL + "/voorstellen?organisatie=heemstede&status=geagendeerd")
			p.ClickText("Regionaal risicoprofiel")
			sound(t, p)
			axe(t, p)
			shot(p, fmt.Sprintf("d-voorstel-%d-%v", o.Width, o.Dark))
		})
	}
}
