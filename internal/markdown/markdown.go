// Package markdown turns what people write in Markdown into HTML that is safe to show, and into plain text.
package markdown

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	markup "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"

	"regiogriffie/internal/dutch"
)

// Safe is HTML that went through the sanitiser. It is the only text that the one reviewed place may print raw, and
// only HTML makes it: a conversion to Safe anywhere else is a fault.
type Safe string

// ErrTooLong is returned for a source of more than MaxBytes bytes.
var ErrTooLong = errors.New("the text is too long")

// MaxBytes is the length of the longest source that is read.
const MaxBytes = 100_000

// HTML renders paragraphs, headings (from h3 down, as a page and its section take h1 and h2), lists, emphasis,
// strikethrough, quotations, tables and links to https, mailto and our own paths. Anything else stays the text that was
// typed: HTML, code, reference links. An image or a link to elsewhere leaves its words. What turns the reading direction is
// left out. The error is ErrTooLong.
func HTML(source string) (Safe, error) {
	if len(source) > MaxBytes {
		return "", ErrTooLong
	}
	if unmarked(source) {
		if safe, ok := paragraphs(source); ok {
			return safe, nil
		}
	}
	return render(dutch.Upright(source))
}

// paragraphs is what render makes of a source without marks, for much less. It is not ok when spaces at the end or the
// beginning of a line could mean something.
func paragraphs(source string) (_ Safe, ok bool) {
	var b strings.Builder
	open := false
	for line := range strings.SplitSeq(source, "\n") {
		switch {
		case strings.HasPrefix(line, " "), strings.HasSuffix(line, " "):
			return "", false
		case line == "":
			if open {
				b.WriteString("</p>\n")
			}
			open = false
			continue
		case open:
			b.WriteString("\n")
		default:
			b.WriteString("<p>")
		}
		open = true
		b.WriteString(html.EscapeString(line))
	}
	if open {
		b.WriteString("</p>\n")
	}
	return Safe(b.String()), true
}

func render(source string) (Safe, error) {
	var rendered bytes.Buffer
	if err := dialect().Convert([]byte(strings.ToValidUTF8(source, "�")), &rendered); err != nil {
		return "", fmt.Errorf("rendering markdown: %w", err)
	}
	// Once more, for what was written as a character reference; before the sanitiser, which has the last word.
	return Safe(policy().Sanitize(dutch.Upright(rendered.String()))), nil
}

// Plain returns the words on one line, without marks. Of a source over MaxBytes it takes only the beginning. It is text,
// not HTML: what shows it must encode it.
func Plain(source string) string {
	if len(source) > MaxBytes {
		end := MaxBytes
		for end > 0 && !utf8.RuneStart(source[end]) {
			end--
		}
		source = source[:end]
	}
	if unmarked(source) {
		return oneLine(source)
	}
	safe, err := HTML(source)
	if err != nil {
		return oneLine(dutch.Upright(source))
	}
	var words strings.Builder
	for tokens := html.NewTokenizer(strings.NewReader(string(safe))); ; {
		switch tokens.Next() {
		case html.ErrorToken:
			return oneLine(words.String())
		case html.TextToken:
			words.Write(tokens.Text())
		}
	}
}

// oneLine leaves one space between words. Text that is so already, as most is, stays as it is.
func oneLine(text string) string {
	before := ' '
	for _, r := range text {
		if unicode.IsSpace(r) && (r != ' ' || before == ' ') {
			return strings.Join(strings.Fields(text), " ")
		}
		before = r
	}
	return strings.TrimSuffix(text, " ")
}

// unmarked reports whether nothing in source can be a mark, so that its words are the text itself. Most summaries are like that, and
// a page shows dozens: reading them as Markdown was a fifth of its cost.
func unmarked(source string) bool {
	begin, before := true, rune(0) // of a line, where a digit could number a list
	for _, r := range source {
		switch {
		case r == '\n':
			begin = true
		case r == ' ':
		case r >= 'a' && r <= 'z', unicode.IsLetter(r), strings.ContainsRune(",.;:?!()'\"/%€’‘“”", r) && !begin:
			begin = false
		case (r >= '0' && r <= '9' || r == '-' && unicode.IsLetter(before)) && !begin:
		default:
			return false
		}
		before = r
	}
	return true
}

var dialect = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithParser(parser.NewParser(
			// Left out: HTML and code, which then stay text, and link references, by which a short text grows without bound.
			parser.WithBlockParsers(
				util.Prioritized(parser.NewSetextHeadingParser(), 100),
				util.Prioritized(parser.NewThematicBreakParser(), 200),
				util.Prioritized(shallow{parser.NewListParser()}, 300),
				util.Prioritized(parser.NewListItemParser(), 400),
				util.Prioritized(parser.NewATXHeadingParser(), 600),
				util.Prioritized(shallow{parser.NewBlockquoteParser()}, 800),
				util.Prioritized(indented{parser.NewParagraphParser()}, 1000),
			),
			parser.WithInlineParsers(
				util.Prioritized(frugal{parser.NewLinkParser()}, 200),
				util.Prioritized(frugal{parser.NewAutoLinkParser()}, 300),
				util.Prioritized(frugal{parser.NewEmphasisParser()}, 500),
				util.Prioritized(frugal{extension.NewStrikethroughParser()}, 500),
			),
			parser.WithParagraphTransformers(util.Prioritized(small{extension.NewTableParagraphTransformer()}, 200)),
			parser.WithASTTransformers(util.Prioritized(house{}, 100)),
		)),
		goldmark.WithRenderer(renderer.NewRenderer(renderer.WithNodeRenderers(
			util.Prioritized(markup.NewRenderer(), 1000),
			util.Prioritized(extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)), 500),
			util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
		))),
	)
})

// address is what a link may lead to. A path of our own does not begin with two slashes, nor with what a browser takes
// for them.
var address = regexp.MustCompile(`^(?:(?i:https)://[^/\\\s?#][^\\\s]*|(?i:mailto):[^/\\\s?#@]+@[^\\\s]+|/(?:[^/\\\s][^\\\s]*)?)$`)

const relation = "nofollow noopener"

var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "del", "blockquote",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("scope").Matching(regexp.MustCompile(`^col$`)).OnElements("th")
	p.AllowAttrs("href").Matching(address).OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^` + relation + `$`)).OnElements("a")
	p.AllowURLSchemes("https", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	return p
})
