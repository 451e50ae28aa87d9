package stories

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"regiogriffie/web/browsertest"
)

// document is bron 000 as it stands in its file: numbered sections, and the table of the second.
type document struct {
	sections map[string]string // by heading: "1. Samenvatting voorstel"
	headings []string
	rows     []field
}

var (
	heading = regexp.MustCompile(`(?m)^#+ \**(\d\. [^*\n]+?)\**[ \t]*$`)
	cell    = regexp.MustCompile(`<b>([^<]+):</b>\t?([^\t\n]*)`)
	author  = regexp.MustCompile(`[A-Z]\.? [A-Z][a-z]+`)
	holder  = regexp.MustCompile(`[^()]+ \([^()]+\)`)
)

func readDocument(t testing.TB) document {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "bronnen", "000_*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 {
		t.Skip("the document is not beside this repository")
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	d := document{sections: map[string]string{}}
	at := heading.FindAllSubmatchIndex(text, -1)
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		name := string(text[m[2]:m[3]])
		d.headings = append(d.headings, name)
		d.sections[name] = strings.TrimSpace(string(text[m[1]:end]))
	}
	for _, m := range cell.FindAllStringSubmatch(d.sections["2. Algemeen"], -1) {
		d.rows = append(d.rows, field{m[1], strings.TrimSpace(m[2])})
	}
	if len(d.headings) != 5 || len(d.rows) != 10 {
		t.Fatalf("the document has %d sections and %d cells, which is not how it was read before", len(d.headings), len(d.rows))
	}
	return d
}

// row is the nth cell with this name.
func (d document) row(t testing.TB, name string, n int) string {
	t.Helper()
	for _, r := range d.rows {
		if r.label == name {
			if n == 0 {
				return r.value
			}
			n--
		}
	}
	t.Fatalf("the document has no cell %s", name)
	return ""
}

// one form for what only differs in how it is set.
var marks = strings.NewReplacer("’", "'", "‘", "'", "“", `"`, "”", `"`, "–", "-", "—", "-", "\u00a0", " ", ",", " ")

func wordsOf(text string) []string { return strings.Fields(marks.Replace(text)) }

// holds tells whether a text has all these words, one right after the other.
func holds(text string, words []string) bool {
	have := wordsOf(text)
	for i := range have {
		if i+len(words) <= len(have) && slices.Equal(have[i:i+len(words)], words) {
			return true
		}
	}
	return false
}

func TestTheDocumentOf2018ComesOutComplete(t *testing.T) {
	t.Parallel()
	d := readDocument(t)
	s := open(t)
	p := s.as(t, browsertest.Options{NoScript: true}, secretary)
	p.Go(s.URL + "/voorstellen/nieuw")
	p.Fill("Onderwerp", d.row(t, "Onderwerp", 0))
	p.Fill("Opgesteld door", strings.Join(author.FindAllString(d.row(t, "Opgesteld door", 0), -1), "\n"))
	p.Choose("Voorstel t.b.v. vergadering", d.row(t, "Voorstel t.b.v. vergadering", 0))
	p.Fill("Datum", d.row(t, "Datum", 0))
	p.Choose("Status: wat vraagt u van het gremium?", d.row(t, "Status", 0))
	var holders []string
	for _, h := range holder.FindAllString(d.row(t, "Portefeuille", 0), -1) {
		holders = append(holders, strings.TrimSpace(h))
	}
	p.Fill("Portefeuille", strings.Join(holders, "\n"))
	for _, s := range []field{{"Samenvatting voorstel", "1. Samenvatting voorstel"}, {"Toelichting", "3. Toelichting"}, {"Communicatie", "4. Communicatie"}} {
		p.Fill(s.label, d.sections[s.value])
	}
	for _, none := range []struct{ said, field string }{
		{d.row(t, "Vervolgtraject besluitvorming", 0), "N.v.t.: bij ‘Vervolgtraject besluitvorming’ is niets te melden"},
		{d.row(t, "Datum", 1), "N.v.t.: bij het vervolg hoort geen datum"},
		{d.sections["5. Bijlagen"], "N.v.t.: bij dit voorstel horen geen bijlagen"},
	} {
		if none.said != "N.v.t." {
			t.Fatalf("the document says %q", none.said)
		}
		p.Check(none.field)
	}
	p.ClickText("Bewaar als concept")
	p.See("Het voorstel is bewaard als concept.")
	paper := p.URL()
	p.ClickText("Bied het voorstel aan")
	p.See("Het voorstel is aangeboden")

	p.Go(s.URL + "/vergaderingen/nieuw")
	p.Choose("Soort", "Algemeen bestuur")
	p.Choose("Gremium", "Algemeen Bestuur")
	p.Fill("Dag", d.row(t, "Datum", 0))
	p.Fill("Begint om", "15.00")
	p.Fill("Eindigt om", "17.10")
	p.Fill("Plaats", "Leiden")
	p.ClickText("Bewaar de vergadering")
	meeting := strings.TrimSuffix(p.URL(), "/agenda")
	numberFrom(p, 11)
	p.ClickText(": " + d.row(t, "Onderwerp", 0))
	p.ClickText("Voorbeeld, oproepen en publiceren")
	p.Fill("Bezorgd op", "14-06-2018")
	p.ClickText("Roep op en publiceer")
	p.See("Gepubliceerd")

	public := s.as(t, browsertest.Options{}, "")
	public.Go(meeting)
	public.See(d.row(t, "Agendapunt", 0) + " " + d.row(t, "Onderwerp", 0))
	public.See(d.row(t, "Datum", 0))
	public.Go(paper)
	shot(public, "document")
	text := browsertest.Eval[string](public, `document.querySelector("main").innerText`)
	at := -1
	for _, name := range d.headings {
		i := strings.Index(text, name)
		if i <= at {
			t.Errorf("the heading %q is not in its place", name)
		}
		at = max(at, i)
	}
	for i, name := range d.headings {
		if name == "2. Algemeen" {
			continue
		}
		begin, end := strings.Index(text, name), len(text)
		if i+1 < len(d.headings) {
			end = strings.Index(text, d.headings[i+1])
		}
		if begin < 0 || end < begin {
			continue // said above
		}
		shown := wordsOf(text[begin+len(name) : end])
		want := wordsOf(d.sections[name])
		if i+1 == len(d.headings) {
			shown = shown[:min(len(shown), len(want))] // what stands beside the paper follows
		}
		if !slices.Equal(shown, want) {
			n := 0
			for n < len(shown) && n < len(want) && shown[n] == want[n] {
				n++
			}
			t.Errorf("%s: %d words instead of %d, other from word %d", name, len(shown), len(want), n)
		}
	}
	type pair struct{ Name, Text string }
	pairs := browsertest.Eval[[]pair](public,
		`[...document.querySelectorAll(".facts dt")].map((e) => ({ Name: e.innerText, Text: e.nextElementSibling.innerText }))`)
	for _, want := range d.rows {
		at := slices.IndexFunc(pairs, func(p pair) bool { return p.Name == want.label })
		if at < 0 {
			t.Errorf("the page has no cell %s", want.label)
			continue
		}
		if !holds(pairs[at].Text, wordsOf(want.value)) {
			t.Errorf("%s: the page says %q", want.label, pairs[at].Text)
		}
		pairs = slices.Delete(pairs, at, at+1)
	}
}
