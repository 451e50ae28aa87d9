package markdown

import (
	"errors"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"regiogriffie/internal/dutch"
)

func TestHTML(t *testing.T) {
	t.Parallel()
	const rel = ` rel="nofollow noopener"`
	for _, c := range []struct{ name, source, want string }{
		{"nothing", "", ""},
		{"paragraphs", "een\n\ntwee", "<p>een</p>\n<p>twee</p>\n"},
		{"a break", "een  \ntwee", "<p>een<br>\ntwee</p>\n"},
		{"headings begin at h3", "# a\n## b\n### c\n#### d\n##### e\n###### f", "<h3>a</h3>\n<h4>b</h4>\n<h5>c</h5>\n<h6>d</h6>\n<h6>e</h6>\n<h6>f</h6>\n"},
		{"underlined headings", "a\n===\n\nb\n---", "<h3>a</h3>\n<h4>b</h4>\n"},
		{"emphasis", "**vet** *cursief* ~~weg~~", "<p><strong>vet</strong> <em>cursief</em> <del>weg</del></p>\n"},
		{"list", "- a\n- b\n  1. c", "<ul>\n<li>a</li>\n<li>b\n<ol>\n<li>c</li>\n</ol>\n</li>\n</ul>\n"},
		{"a list keeps its numbers", "3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n"},
		{"quotation", "> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"},
		{
			"table", "| a | b |\n|---|:-:|\n| 1 | 2 |",
			"<table>\n<thead>\n<tr>\n<th scope=\"col\">a</th>\n<th " +
				"scope=\"col\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n",
		},
		{"link", `[a](https://x.nl/?b=c&d "titel")`, `<p><a href="https://x.nl/?b=c&amp;d"` + rel + ">a</a></p>\n"},
		{"own path", "[a](/voorstellen/1#b)", `<p><a href="/voorstellen/1#b"` + rel + ">a</a></p>\n"},
		{"home", "[a](/)", `<p><a href="/"` + rel + ">a</a></p>\n"},
		{"mail", "[a](mailto:a@b.nl) <c@d.nl>", `<p><a href="mailto:a@b.nl"` + rel + `>a</a> <a href="mailto:c@d.nl"` + rel + ">c@d.nl</a></p>\n"},
		{"bare address", "<https://a.nl>", `<p><a href="https://a.nl"` + rel + ">https://a.nl</a></p>\n"},
		{"no http", "[a](http://x.nl) <http://y.nl>", "<p>a http://y.nl</p>\n"},
		{"no other host by slashes", "[a](//x.nl)", "<p>a</p>\n"},
		{"a backslash is no slash", "[a](/\\x.nl)", `<p><a href="/%5Cx.nl"` + rel + ">a</a></p>\n"},
		{"no address without a root", "[a](x.html) [b](#c) [d]()", "<p>a b d</p>\n"},
		{"an image leaves its words", "![een *kaart*](https://x.nl/k.png)", "<p>een <em>kaart</em></p>\n"},
		{"html stays text", "a <b>c</b>\n\n<div>d</div>", "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n<p>&lt;div&gt;d&lt;/div&gt;</p>\n"},
		{"code stays text", "`a`\n\n    b\n\n- c\n\n        d", "<p>`a`</p>\n<p>b</p>\n<ul>\n<li>\n<p>c</p>\n<p>d</p>\n</li>\n</ul>\n"},
		{"link references stay text", "[a]: /b\n\n[a]", "<p>[a]: /b</p>\n<p>[a]</p>\n"},
		{"signs and entities", "R&D &amp; < € 5", "<p>R&amp;D &amp; &lt; € 5</p>\n"},
		{"broken characters", "a\xffb", "<p>a�b</p>\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := HTML(c.source)
			if err != nil || string(got) != c.want {
				t.Errorf("got  %q, %v\nwant %q", got, err, c.want)
			}
			checkSafe(t, got)
		})
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"":                                     "",
		"# Kop\n\nhalf**vet** en\r\n*cursief*": "Kop halfvet en cursief",
		"- a\n- b\n\n> c":                      "a b c",
		"| a | b |\n|---|---|\n| 1 | 2 |":      "a b 1 2",
		"[a](https://x.nl) ![b](c)":            "a b",
		"R&D &amp; \\*":                        "R&D & *",
		"a <script>b</script>":                 "a <script>b</script>",
		"een  \ntwee\u2028drie&#13;&#10;vier":  "een twee drie vier",
		strings.Repeat("é", MaxBytes):          strings.Repeat("é", MaxBytes/2),
		"a" + strings.Repeat("é", MaxBytes):    "a" + strings.Repeat("é", MaxBytes/2-1),
		strings.Repeat("\xbf", MaxBytes+1):     "",
	} {
		if got := Plain(source); got != want {
			t.Errorf("%.60q: got %.60q (%d), want %.60q (%d)", source, got, len(got), want, len(want))
		}
	}
}

func TestALongSourceIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := HTML(strings.Repeat("a", MaxBytes)); err != nil {
		t.Errorf("%d bytes: %v", MaxBytes, err)
	}
	if got, err := HTML(strings.Repeat("a", MaxBytes+1)); !errors.Is(err, ErrTooLong) || got != "" {
		t.Errorf("one more: got %d bytes, %v", len(got), err)
	}
}

// payloads are known ways to get a script past a Markdown renderer or a sanitiser.
var payloads = []string{
	`<script>alert(1)</script>`,
	`<SCRIPT SRC=https://evil.example/x.js></SCRIPT>`,
	`<scr<script>ipt>alert(1)</scr</script>ipt>`,
	`<img src=x onerror=alert(1)>`,
	`<svg onload=alert(1)>`,
	`<svg><script>alert(1)</script></svg>`,
	`<svg><animate onbegin=alert(1) attributeName=x dur=1s>`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
	`<iframe src="javascript:alert(1)"></iframe>`,
	`<iframe srcdoc="<script>alert(1)</script>"></iframe>`,
	`<object data="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="></object>`,
	`<embed src="javascript:alert(1)">`,
	`<form action="javascript:alert(1)"><button>x</button></form>`,
	`<button formaction="javascript:alert(1)">x</button>`,
	`<body onload=alert(1)>`,
	`<details open ontoggle=alert(1)>`,
	`<video><source onerror=alert(1)></video>`,
	`<a href="javascript:alert(1)">x</a>`,
	`<a href="https://a.nl" onclick=alert(1)>x</a>`,
	`<base href="javascript:alert(1)//">`,
	`<meta http-equiv=refresh content="0;url=javascript:alert(1)">`,
	`<link rel=stylesheet href=https://evil.example/x.css>`,
	`<style>@import 'https://evil.example/x.css';</style>`,
	`<p style="background:url(javascript:alert(1))">x</p>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	`<textarea></textarea><img src=x onerror=alert(1)></textarea>`,
	`<!--><img src=x onerror=alert(1)>-->`,
	`<![CDATA[<img src=x onerror=alert(1)>]]>`,
	`<?php <img src=x onerror=alert(1)> ?>`,
	`[x](javascript:alert(1))`,
	`[x](JaVaScRiPt:alert(1))`,
	`[x](&#106;avascript&colon;alert&lpar;1&rpar;)`,
	"[x](<java\tscript:alert(1)>)",
	`[x](java&NewLine;script:alert(1))`,
	`[x](&#1;javascript:alert(1))`,
	`[x](vbscript:msgbox(1))`,
	`[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)`,
	`[x](//evil.example/x)`,
	`[x](/\evil.example/x)`,
	`[x](/&Tab;/evil.example/x)`,
	`[x](https://a.nl/"onmouseover="alert(1))`,
	`[x](<https://a.nl/" onmouseover="alert(1)>)`,
	`[x](https://a.nl "title" onmouseover="alert(1)")`,
	`[x](mailto:a@b.nl"onclick="alert(1))`,
	`[x](https:javascript:alert(1))`,
	`[x](file:///etc/passwd)`,
	`<javascript:alert(1)>`,
	`<javascript:alert(1)@b.nl>`,
	`<data:text/html,x>`,
	`<#a@b.nl>`,
	`![x](javascript:alert(1))`,
	`![x" onerror="alert(1)](https://a.nl/x.png)`,
	`![![x](javascript:alert(1))](https://a.nl/x.png)`,
	"[x]: javascript:alert(1)\n\n[x]",
	"[x][y]\n\n[y]: data:text/html,x",
	"# x {onclick=alert(1) #id .class}",
	"| <script>alert(1)</script> | [x](javascript:alert(1)) |\n|---|---|\n| <img src=x onerror=alert(1)> | `\\|<b>` |",
	"```html\" onclick=\"alert(1)\n<script>alert(1)</script>\n```",
	"`<script>alert(1)</script>`",
	"    <script>alert(1)</script>",
	"- <script>\n\n  alert(1)\n- </script>",
	"> <img src=x\n> onerror=alert(1)>",
	"&lt;script&gt;alert(1)&lt;/script&gt;",
	"\\<script>alert(1)\\</script>",
	"<a\x00 href=\"javascript:alert(1)\">x</a>",
	"<\u017fcript>alert(1)</\u017fcript>",
	"+ADw-script+AD4-alert(1)",
	"**<img src=x onerror=alert(1)>**~~<svg/onload=alert(1)>~~",
}

func TestHostileTextStaysText(t *testing.T) {
	t.Parallel()
	if len(payloads) < 40 {
		t.Errorf("only %d payloads", len(payloads))
	}
	for _, payload := range payloads {
		for _, source := range []string{payload, "a " + payload + " b", "> - " + payload, "*" + payload + "*", "[" + payload + "](/a)", payload + payload} {
			got, err := HTML(source)
			if err != nil {
				t.Errorf("%q: %v", source, err)
			}
			checkSafe(t, got)
		}
	}
}

// TestTheSanitiserHoldsAlone feeds it what the renderer would never let through.
func TestTheSanitiserHoldsAlone(t *testing.T) {
	t.Parallel()
	for _, payload := range payloads {
		for _, fault := range faults(Safe(policy().Sanitize(payload))) {
			if !strings.HasPrefix(fault, "link to https://a.nl") { // only its rel is shorter
				t.Errorf("%s: %s", payload, fault)
			}
		}
	}
}

// TestTheChecksNotice is the twin of checkSafe: what it lets pass, no test here would find.
func TestTheChecksNotice(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		`<script>alert(1)</script>`, `<p onclick="x">a</p>`, `<a href="javascript:alert(1)" rel="nofollow noopener">a</a>`,
		`<a href="//evil.example" rel="nofollow noopener">a</a>`, `<a href="http://a.nl" rel="nofollow noopener">a</a>`,
		`<a href="/\evil.example" rel="nofollow noopener">a</a>`, `<a href="https://a.nl">a</a>`, `<a rel="nofollow noopener">a</a>`,
		`<img src="x">`, `<p class="x">a</p>`, `<p style="x">a</p>`, `<h1>a</h1>`, `<!-- a -->`, `<svg></svg>`,
	} {
		if len(faults(Safe(bad))) == 0 {
			t.Errorf("nothing wrong found in %s", bad)
		}
	}
}

func checkSafe(t *testing.T, output Safe) {
	t.Helper()
	for _, fault := range faults(output) {
		t.Errorf("%s in %q", fault, output)
	}
}

var (
	elements = strings.Fields("p br h3 h4 h5 h6 ul ol li strong em del blockquote table thead tbody tr th td a")
	allowed  = []string{"a href", "a rel", "th scope", "ol start"}
)

// faults reads the output as a browser would and says what should not be in it.
func faults(output Safe) []string {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(string(output)), body)
	if err != nil {
		return []string{err.Error()}
	}
	var found []string
	for _, n := range nodes {
		body.AppendChild(n)
	}
	for n := range body.Descendants() {
		switch {
		case n.Type == html.TextNode:
			continue
		case n.Type != html.ElementNode || n.Namespace != "" || !slices.Contains(elements, n.Data):
			found = append(found, "element "+n.Data)
			continue
		}
		given := map[string]string{}
		for _, a := range n.Attr {
			given[a.Key] = a.Val
			if !slices.Contains(allowed, n.Data+" "+a.Key) {
				found = append(found, "attribute "+a.Key+" on "+n.Data)
			}
		}
		if n.Data == "a" && (!harmless(given["href"]) || given["rel"] != "nofollow noopener") {
			found = append(found, "link to "+given["href"]+" with rel "+given["rel"])
		}
	}
	return found
}

func harmless(href string) bool {
	u, err := url.Parse(href)
	if err != nil || strings.ContainsFunc(href, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) {
		return false
	}
	switch u.Scheme {
	case "https":
		return u.Host != ""
	case "mailto":
		return u.Opaque != ""
	case "":
		return u.Host == "" && strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//")
	}
	return false
}

func FuzzHTML(f *testing.F) {
	for _, payload := range payloads {
		f.Add(payload)
	}
	f.Add("# a\n\n- b\n  1. **c** ~~d~~\n\n> [e](https://f.nl)\n\n| g | h |\n|---|---|\n| i |")
	f.Fuzz(func(t *testing.T, source string) {
		output, err := HTML(source)
		if err != nil {
			if len(source) <= MaxBytes {
				t.Errorf("%d bytes: %v", len(source), err)
			}
			return
		}
		checkSafe(t, output)
		if plain := Plain(source); strings.ContainsAny(plain, "\r\n\t\u2028") {
			t.Errorf("not one line: %q", plain)
		}
	})
}

func nestedLists(mark string, depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat(" ", i*len(mark)) + mark + "a\n")
	}
	return b.String()
}

// TestADepthBombIsHarmless is not parallel, as it measures.
func TestADepthBombIsHarmless(t *testing.T) {
	for name, source := range map[string]string{
		"quotations":           strings.Repeat(">", 10_000),
		"quotations and text":  strings.Repeat("> ", 10_000) + "a",
		"lists on one line":    strings.Repeat("- ", 10_000) + "a",
		"numbers on one line":  strings.Repeat("1. ", 10_000) + "a",
		"nested lists":         nestedLists("- ", 300),
		"nested numbers":       nestedLists("1. ", 250),
		"lists and quotations": strings.Repeat("> - ", 10_000) + "a",
	} {
		checkQuick(t, name, source, 100*time.Millisecond)
	}
}

// TestABombIsHarmless is not parallel, as it measures. Each of these takes seconds or gives many megabytes without its
// bound.
func TestABombIsHarmless(t *testing.T) {
	wide := strings.Repeat("|a", 60) + "\n" + strings.Repeat("|-", 60) + "\n" + strings.Repeat("|\n", 100) + "\n"
	for name, source := range map[string]string{
		"links without end":       strings.Repeat("[a](", 25_000),
		"empty links":             strings.Repeat("[](", 33_000),
		"links into the unknown":  strings.Repeat("[a](<b", 16_000),
		"brackets":                strings.Repeat("[", 100_000),
		"nested images":           strings.Repeat("![", 12_000) + strings.Repeat("](/b)", 12_000),
		"tildes":                  strings.Repeat("~", 100_000),
		"crossed emphasis":        strings.Repeat("*a_ ", 25_000),
		"nested emphasis":         strings.Repeat("**a ", 15_000) + strings.Repeat(" a**", 10_000),
		"angle brackets":          strings.Repeat("<", 100_000),
		"a wide and long table":   strings.Repeat("|a", 10_000) + "|\n" + strings.Repeat("|-", 10_000) + "|\n" + strings.Repeat("|\n", 20_000),
		"many wide tables":        strings.Repeat(wide, 220),
		"one reference, much use": "[a]: /" + strings.Repeat("x", 50_000) + "\n\n" + strings.Repeat("[a]", 16_000),
		"quotations line by line": strings.Repeat(strings.Repeat("> ", 200)+"x\n", 240),
		"empty items":             strings.Repeat("-\n\n", 33_000),
		"spaces":                  strings.Repeat(" ", 100_000),
		"ampersands":              strings.Repeat("&", 100_000),
	} {
		checkQuick(t, name, source[:min(len(source), MaxBytes)], time.Second)
	}
}

// checkQuick takes the best of three, as a busy machine is no fault.
func checkQuick(t *testing.T, name, source string, limit time.Duration) {
	t.Helper()
	best := time.Duration(1 << 62)
	for range 3 {
		start := time.Now()
		output, err := HTML(source)
		best = min(best, time.Since(start))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(output) > 10*MaxBytes {
			t.Errorf("%s: %d bytes became %d", name, len(source), len(output))
		}
		checkSafe(t, output)
	}
	if best > limit {
		t.Errorf("%s took %s, at most %s", name, best, limit)
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", " ": "", "een": "een", "een twee": "een twee", " een": "een", "een ": "een", "een  twee": "een twee", "een\ntwee": "een twee",
		"één\u00a0twee\u2003drie": "één twee drie", "één\t\u0085": "één", "\xff \xfe": "\xff \xfe",
	} {
		if got := oneLine(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestATextWithoutMarksIsTheSameByEitherWay(t *testing.T) {
	t.Parallel()
	pieces := []string{
		"raad", "oud-raadslid", "a", "1", "12.", "3)", "- ", "-", "--", ".", ",", ";", ":", "?", "!", "(", ")", "'", "\"", "/", "%",
		"€", "’", " ", "  ", "    ", "\n", "\n\n", "www.voorbeeld.nl", "https://voorbeeld.nl", "info", "x\u00adx",
	}
	draw := rand.New(rand.NewPCG(1, 2))
	quick, short := 0, 0
	for range 20_000 {
		var b strings.Builder
		for range 1 + draw.IntN(12) {
			b.WriteString(pieces[draw.IntN(len(pieces))])
		}
		source := b.String()
		if !unmarked(source) {
			continue
		}
		quick++
		safe, err := render(source)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := HTML(source); err != nil || got != safe {
			t.Errorf("%q: got %q, want %q, %v", source, got, safe, err)
		}
		if _, ok := paragraphs(source); ok {
			short++
		}
		var words strings.Builder
		for tokens := html.NewTokenizer(strings.NewReader(string(safe))); tokens.Next() != html.ErrorToken; {
			if token := tokens.Token(); token.Type == html.TextToken {
				words.WriteString(token.Data)
			} else if token.Type == html.StartTagToken && token.Data != "p" && token.Data != "br" {
				t.Errorf("%q has a mark: %s", source, safe)
			}
		}
		if got, want := Plain(source), strings.Join(strings.Fields(words.String()), " "); got != want {
			t.Errorf("%q: got %q, want %q", source, got, want)
		}
	}
	if quick < 1000 || short < 500 {
		t.Errorf("only %d and %d texts went the quick way", quick, short)
	}
}

func TestTextKeepsPartsApart(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"":                                   "",
		"Kom.":                               "Kom.",
		"Kom **allen**,\nook u.\n\nTot dan.": "Kom allen, ook u.\n\nTot dan.",
		"Eerst:\n\n- een *punt*\n- twee\n\nDaarna.": "Eerst:\n\n- een punt\n- twee\n\nDaarna.",
		"1. een\n2. twee": "1. een\n2. twee",
		"## Kop\nTekst":   "Kop\n\nTekst",
		"Zie [de route](https://regio.example/r).": "Zie de route (https://regio.example/r).",
		"Schrijf <b>niet</b> aan a & b":            "Schrijf <b>niet</b> aan a & b",
	} {
		if got := Text(source); got != want {
			t.Errorf("%q gives %q, want %q", source, got, want)
		}
	}
}

func TestNothingTurnsTheReadingDirection(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"Betaal \u202e000.1\u202c euro":                      "<p>Betaal 000.1 euro</p>\n",
		"Betaal **&#8238;000.1&#x202C;** euro":               "<p>Betaal <strong>000.1</strong> euro</p>\n",
		"- \u2067a\u2069\n- \u200fb\u061c":                   "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n",
		"[hier](/\u202e/elders.voorbeeld)":                   "<p>hier</p>\n",
		"[hier](/voor\u202estellen \"\")":                    `<p><a href="/voorstellen" rel="nofollow noopener">hier</a></p>` + "\n",
		"[\u202ereeblooV.sredle](https://voorbeeld.example)": `<p><a href="https://voorbeeld.example" rel="nofollow noopener">reeblooV.sredle</a></p>` + "\n",
	} {
		safe, err := HTML(source)
		if err != nil || string(safe) != want {
			t.Errorf("%q: %q, %v", source, safe, err)
		}
		for _, text := range []string{Plain(source), Text(source)} {
			if dutch.Upright(text) != text {
				t.Errorf("%q: %q", source, text)
			}
		}
	}
}
