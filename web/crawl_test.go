package web_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/go-chi/chi/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/file"
	"regiogriffie/internal/file/filetest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/web"
)

var markForm = regexp.MustCompile(`(?i)mrk(\d{4})`)

// marksIn finds the marks of an answer: in its text, its headers and its cookies.
func marksIn(answer *httptest.ResponseRecorder) map[int]bool {
	found := map[int]bool{}
	look := func(text []byte) {
		// By hand: it sees every byte of every answer.
		for at := 0; at+7 <= len(text); {
			next := bytes.IndexAny(text[at:], "mM")
			if next < 0 {
				break
			}
			at += next
			if at+7 <= len(text) && bytes.EqualFold(text[at:at+3], []byte("mrk")) {
				if n, err := strconv.ParseUint(string(text[at+3:at+7]), 10, 16); err == nil {
					found[int(n)] = true
				}
			}
			at++
		}
	}
	look(answer.Body.Bytes())
	for _, values := range answer.Header() {
		for _, v := range values {
			look([]byte(v))
		}
	}
	for _, c := range answer.Result().Cookies() {
		if text, err := base64.RawURLEncoding.DecodeString(c.Value); err == nil {
			look(text)
		}
	}
	return found
}

// linksIn are the addresses that a page names.
func linksIn(page string) (found []string) {
	for _, name := range []string{` href="`, ` src="`, ` action="`} {
		for rest := page; ; {
			_, after, there := strings.Cut(rest, name)
			if !there {
				break
			}
			address, left, _ := strings.Cut(after, `"`)
			found, rest = append(found, address), left
		}
	}
	return found
}

// wrong names the marks of an answer that this visitor may not read.
func (w *world) wrong(v visitor, marks map[int]bool) []string {
	var found []string
	for n := range marks {
		if n >= len(w.marks) {
			continue // of no fixture
		}
		if m := w.marks[n]; m.seenBy != nil && !slices.Contains(m.seenBy, v.name) {
			found = append(found, m.what)
		}
	}
	slices.Sort(found)
	return found
}

// patterns are the GET addresses of the router.
func (w *world) patterns(t testing.TB) []string {
	t.Helper()
	var list []string
	done(t, "walking the router", chi.Walk(web.Addresses(web.App{DB: w.db, Files: w.files}),
		func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
			if method == http.MethodGet {
				list = append(list, tidy(pattern))
			}
			return nil
		}))
	return list
}

func tidy(pattern string) string {
	if pattern == "/" {
		return pattern
	}
	return strings.TrimSuffix(pattern, "/")
}

// guesses are the addresses of everything that exists, as if someone counted them up.
func (w *world) guesses(t testing.TB) []string {
	found := map[string]bool{}
	for _, pattern := range w.patterns(t) {
		for _, thing := range w.things {
			if address, ok := fill(pattern, thing); ok {
				found[address] = true
			}
		}
	}
	for name, thing := range w.things {
		if thing["proposal"] != "" && name != "niets" {
			found["/voorstellen/"+thing["proposal"]+"/versies/2"] = true
		}
	}
	for _, extra := range []string{
		"/vergaderingen?wanneer=geweest", "/vergaderingen?organisatie=own", "/vergaderingen?soort=council", "/vergaderingen?bladzijde=2",
		"/voorstellen?zoek=onderwerp", "/voorstellen?organisatie=own", "/voorstellen?status=concept", "/voorstellen?status=aangeboden",
		"/voorstellen?status=geagendeerd", "/voorstellen?status=aangehouden", "/voorstellen?status=in_behandeling", "/voorstellen?status=teruggestuurd",
		"/voorstellen?status=ambtelijk_gereed", "/voorstellen?status=afgehandeld", "/voorstellen?status=ingetrokken", "/voorstellen?behandeling=decisive",
		"/voorstellen?bladzijde=2",
		"/organisaties?naam=dorp", "/organisaties?stand=opgeheven", "/samenwerkingen?naam=regeling", "/inloggen?naar=/voorstellen",
		"/zienswijzen?zoek=onderwerp", "/zienswijzen?stand=voorbereiding", "/zienswijzen?stand=verzonden", "/zienswijzen?soort=budget", "/zienswijzen?jaar=2027",
		"/zienswijzen?organisatie=own", "/zienswijzen?bladzijde=2",
		"/healthz", "/readyz", "/.well-known/security.txt", "/sitemap.xml", "/robots.txt",
	} {
		found[extra] = true
	}
	return slices.Sorted(maps.Keys(found))
}

// crawl opens every address and follows every link as one visitor, with each answer handed to look.
func (w *world) crawl(v visitor, start []string, look func(address string, answer *httptest.ResponseRecorder, counted *waits)) {
	queue, known := slices.Clone(start), map[string]bool{}
	for _, a := range queue {
		known[a] = true
	}
	for len(queue) > 0 && len(known) < 3000 {
		address := queue[0]
		queue = queue[1:]
		var counted waits
		answer := w.askIn(context.WithValue(context.Background(), waitsKey{}, &counted), v, http.MethodGet, address, nil)
		look(address, answer, &counted)
		for _, l := range append(linksIn(answer.Body.String()), answer.Header().Get("Location")) {
			to, err := url.Parse(html.UnescapeString(l))
			if err != nil || to.Host != "" || to.Scheme != "" || !strings.HasPrefix(to.Path, "/") || strings.HasPrefix(to.Path, "/static/") {
				continue
			}
			to.Fragment = ""
			if next := to.String(); !known[next] && next != "/uitloggen" {
				known[next] = true
				queue = append(queue, next)
			}
		}
	}
}

// everyVisitor does something for each visitor, three at a time.
func (w *world) everyVisitor(do func(v visitor)) {
	var wait sync.WaitGroup
	turn := make(chan struct{}, 3)
	for _, v := range w.visitors {
		wait.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			do(v)
		})
	}
	wait.Wait()
}

// readings are who read each mark, and where.
func (all walk) readings() map[int]map[string]string {
	by := map[int]map[string]string{} // mark -> visitor -> address
	for visitor, answers := range all {
		for address, g := range answers {
			for n := range g.marks {
				if by[n] == nil {
					by[n] = map[string]string{}
				}
				by[n][visitor] = address
			}
		}
	}
	return by
}

// leaks are the marks in wrong hands.
func (w *world) leaks(all walk) []string {
	var list []string
	for n, by := range all.readings() {
		if n >= len(w.marks) {
			continue // of no fixture
		}
		m := w.marks[n]
		for _, name := range slices.Sorted(maps.Keys(by)) {
			if m.seenBy != nil && !slices.Contains(m.seenBy, name) {
				list = append(list, fmt.Sprintf("%s: read by %s at %s", m.what, name, by[name]))
			}
		}
	}
	slices.Sort(list)
	return list
}

// missed are the marks that someone who may read them could not find: what nobody finds, no crawl can guard.
func (w *world) missed(all walk) []string {
	var list []string
	by := all.readings()
	for n, m := range w.marks {
		if m.silent {
			continue
		}
		who := m.seenBy
		if who == nil {
			who = []string{"public", "other controller", "own controller"}
		}
		for _, name := range who {
			if _, found := by[n][name]; !found && all[name] != nil {
				list = append(list, fmt.Sprintf("%s: not found by %s", m.what, name))
			}
		}
	}
	return list
}

func report(t *testing.T, what string, list []string) {
	t.Helper()
	for i, l := range list {
		if i == 60 {
			t.Errorf("… and %d more", len(list)-i)
			break
		}
		t.Errorf("%s: %s", what, l)
	}
}

func TestNobodyReadsWhatIsNotForHimAndEveryoneWhatIs(t *testing.T) {
	t.Parallel()
	w := onTour(t)
	answers := 0
	for _, each := range w.got {
		answers += len(each)
	}
	t.Logf("%d answers, %d marks", answers, len(w.marks))
	report(t, "in wrong hands", w.leaks(w.got))
	report(t, "lost", w.missed(w.got))
}

// faceless is an answer without what differs between any two: the request id, and the address itself.
func faceless(address string, answer *httptest.ResponseRecorder) string {
	h := answer.Header().Clone()
	h.Del("X-Request-Id")
	var b bytes.Buffer
	fmt.Fprintln(&b, answer.Code)
	_ = h.Write(&b)
	b.Write(answer.Body.Bytes())
	return strings.ReplaceAll(b.String(), html.EscapeString(address), "ADDRESS")
}

// What someone may not know of gets the answer of what does not exist, in every way of asking that there is. HEAD is made of GET
// for every address alike, so one of each address will do.
func TestWhatIsInvisibleLooksLikeWhatIsNot(t *testing.T) {
	t.Parallel()
	w := onTour(t)
	compared, headers := 0, 0
	for _, name := range strangers() {
		v, got := w.visitor(name), w.got[name]
		for _, pattern := range w.patterns(t) {
			nothing, filled := fill(pattern, w.things["niets"])
			if !filled || !strings.Contains(pattern, "{") {
				continue
			}
			asked := proving()
			for thing, keys := range w.things {
				address, filled := fill(pattern, keys)
				if !filled || thing == "niets" || got[address].code != http.StatusNotFound {
					continue
				}
				compared++
				if got[address].face != got[nothing].face {
					t.Errorf("GET %s (%s) as %s betrays itself:\n%s\nnot\n%s", pattern, thing, name, got[address].face, got[nothing].face)
				}
				if asked && !proving() {
					continue
				}
				asked, headers = true, headers+1
				head := func(address string) string { return faceless(address, w.ask(v, http.MethodHead, address, nil)) }
				if here, there := head(address), head(nothing); here != there {
					t.Errorf("HEAD %s (%s) as %s betrays itself:\n%s\nnot\n%s", pattern, thing, name, here, there)
				}
			}
		}
	}
	t.Logf("%d compared, %d of them by their headers alone", compared, headers)
	if compared < 500 || headers < 50 {
		t.Error("hardly anything was invisible")
	}
}

// outsiders are some visitors outside the circle of what is closed for the council of own.
var outsiders = []string{
	"public", "own secretaris", "own controller", "own oud-raadslid", "own functioneel-beheerder", "other griffier", "other raadslid",
	"joint bestuurssecretaris", "beheerder",
}

// proving tells the slow set, in which everyone is asked everything, from the daily one.
func proving() bool { return os.Getenv("REGIOGRIFFIE_PROOF") != "" }

// strangers are the outsiders whom each day's tests of costly comparisons ask.
func strangers() []string {
	if proving() {
		return outsiders
	}
	return []string{"public", "own secretaris", "own oud-raadslid", "other griffier", "beheerder"}
}

// daily are the visitors whom each day's tests ask: of each circle that reads or may do something else, one on each side.
func daily() []string {
	if proving() {
		return nil
	}
	return append(strangers(), "other raadslid", "joint bestuurssecretaris", "own griffier", "own steller", "own raadslid", "own noodlezer",
		"own organisator", "joint lid")
}

// among tells whether a visitor is one of those asked; nil is everyone.
func among(asked []string, name string) bool { return asked == nil || slices.Contains(asked, name) }

// newKeyForm is the key that an empty form begins with: another each time.
var newKeyForm = regexp.MustCompile(`name="(key|part)" value="([a-z2-9]{12}|[0-9a-f-]{36})"`)

// pictures are the whole answers to strangers.
func (all walk) pictures() map[string]string {
	pictures := map[string]string{}
	for _, name := range strangers() {
		for address, g := range all[name] {
			if strings.Contains(address, "/lezers") && g.code == http.StatusOK {
				continue // of what is closed for himself: reading it twice is told there
			}
			pictures[name+" "+address] = g.face
		}
	}
	return pictures
}

// A secret changes nothing outside its circle: the same world with more, fewer, longer and other secrets gives outsiders the
// same bytes.
func TestASecretChangesNothingOutsideItsCircle(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()

	clerk := w.as("own griffier")
	// Other matter, as the griffier changes it: longer, with other names, a file more.
	thing := w.things["opgeroepen/besloten punt"]
	i := w.itemAt(clerk, thing["meeting"], thing["item"])
	m := w.meetingAt(clerk, thing["meeting"])
	done(t, "revising", meeting.ReviseItem(ctx, w.db, clerk, m.ID, i.Key, meeting.ItemDraft{
		SectionID: i.SectionID, Title: "Iets heel anders", Explanation: strings.Repeat("Veel langer. ", 400), Treatment: proposal.Decisive, DebateKind: "consent",
		PortfolioHolders: []proposal.Holder{{Name: "Een ander"}, {Name: "En nog een"}}, Minutes: &i.Minutes, Closed: true, Ground: "5.1.2.e",
		PublicTitle: i.PublicTitle, Version: i.Version,
	}))
	for n := range 3 {
		done(t, "attaching", meeting.AttachToItem(ctx, w.db, w.files, clerk, m.ID, i.Key, file.Upload{
			Title: "Nog een geheim stuk", FileName: "geheim" + strconv.Itoa(n) + ".pdf", Content: bytes.NewReader(filetest.PDF(strings.Repeat("x", n*1000))),
		}))
	}
	// More closed papers, one of them taken back; and one fewer file.
	steller := w.as("own steller")
	council := ok(postgres.One[id.Body](ctx, w.db, `select id from bodies where key = 'own-raad'`, postgres.Args{}.As(steller)))(t, "the council")
	for n := range 60 {
		d := proposal.Draft{OwnerOrgID: m.HostOrgID, Closed: true, Content: proposal.Content{
			Subject: "Geheim " + strconv.Itoa(n), TargetBodyID: council, Treatment: proposal.Informative, Authors: []proposal.Author{{Name: "Een schrijver"}},
			Summary: "Geheim.", AttachmentsNa: true, Ground: "5.1.2.b", PublicTitle: "Besloten",
		}}
		p := ok(proposal.Create(ctx, w.db, steller, d))(t, "creating")
		if n%3 > 0 {
			ok(proposal.Offer(ctx, w.db, steller, p.ID))(t, "offering")
		}
		if n%3 > 1 {
			done(t, "withdrawing", proposal.Withdraw(ctx, w.db, steller, p.ID, "Toch maar niet."))
		}
	}
	paper := ok(proposal.FindByKey(ctx, w.db, steller, w.things["besloten aangeboden"]["proposal"]))(t, "finding")
	done(t, "detaching", proposal.Detach(ctx, w.db, steller, paper.ID, w.things["besloten aangeboden"]["attachment"]))
	// The agenda of a closed meeting grows.
	shut := w.things["besloten vergadering"]
	w.item("besloten vergadering", w.meetingAt(clerk, shut["meeting"]), id.Section(shut["section"]), "nog een punt", false, seats{})

	before := onTour(t)
	after := w.walked(t, party{all: strangers(), whole: strangers(), start: before.guesses(t)})
	differs(t, before.got.pictures(), after.pictures())
}

func (w *world) meetingAt(a access.Actor, slug string) meeting.Meeting {
	w.t.Helper()
	var m meeting.Meeting
	done(w.t, "reading a meeting", postgres.Read(w.t.Context(), w.db, meeting.BySlug(&m, a, slug)))
	return m
}

// differs compares what outsiders got and reports whether it is not the same.
func differs(t testing.TB, before, after map[string]string) bool {
	t.Helper()
	found := false
	for _, address := range slices.Sorted(maps.Keys(before)) {
		if before[address] != after[address] {
			found = true
			t.Errorf("%s changed:\n%s", address, difference(before[address], after[address]))
		}
	}
	for address := range after {
		if _, there := before[address]; !there {
			found = true
			t.Errorf("%s is new", address)
		}
	}
	t.Logf("%d answers compared", len(before))
	return found
}

// difference is where two texts part.
func difference(a, b string) string {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	piece := func(s string) string { return s[max(0, n-80):min(len(s), n+160)] }
	return "  before …" + piece(a+strings.Repeat(" ", 200)) + "\n  after  …" + piece(b+strings.Repeat(" ", 200))
}
