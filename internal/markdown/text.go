package markdown

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"regiogriffie/internal/dutch"
)

// Text returns the words with their paragraphs apart, each point of a list on a line of its own and the address of a link behind
// its words: for where there are no marks, such as a mail. It is text, not HTML.
func Text(source string) string {
	safe, err := HTML(source)
	if err != nil {
		return strings.TrimSpace(dutch.Upright(source))
	}
	var w writing
	for tokens := html.NewTokenizer(strings.NewReader(string(safe))); ; {
		switch tokens.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(w.text)
		case html.TextToken:
			w.words(tokens.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			w.open(tokens.Token())
		case html.EndTagToken:
			w.close(tokens.Token().DataAtom)
		}
	}
}

// writing is a text that comes into being from the marks and words of a page.
type writing struct {
	text    string
	lists   []list
	address string // of the link that was opened last
}

// list is one that is not closed yet.
type list struct {
	numbered bool
	points   int // so far
}

var spaces = regexp.MustCompile(`\s+`)

func (w *writing) words(text string) {
	if strings.HasSuffix(w.text, "\n") && strings.TrimSpace(text) == "" {
		return
	}
	w.text += spaces.ReplaceAllString(text, " ")
}

// part begins a new part, apart from what stands there.
func (w *writing) part(gap string) {
	if w.text = strings.TrimRight(w.text, " \n"); w.text != "" {
		w.text += gap
	}
}

func (w *writing) open(mark html.Token) {
	switch mark.DataAtom {
	case atom.Br:
		w.part("\n")
	case atom.A:
		for _, a := range mark.Attr {
			if a.Key == "href" {
				w.address = a.Val
			}
		}
	case atom.Ul, atom.Ol:
		if len(w.lists) == 0 {
			w.part("\n\n")
		}
		w.lists = append(w.lists, list{numbered: mark.DataAtom == atom.Ol})
	case atom.Li:
		w.point()
	case atom.Strong, atom.Em, atom.Code:
	default:
		w.block()
	}
}

func (w *writing) close(mark atom.Atom) {
	switch mark {
	case atom.A:
		if address := strings.TrimPrefix(w.address, "mailto:"); w.address != "" && !strings.HasSuffix(w.text, address) {
			w.text += " (" + address + ")"
		}
	case atom.Ul, atom.Ol:
		if len(w.lists) == 0 {
			return
		}
		if w.lists = w.lists[:len(w.lists)-1]; len(w.lists) == 0 {
			w.part("\n\n")
		}
	}
}

// point begins a point of the innermost list.
func (w *writing) point() {
	if len(w.lists) == 0 {
		w.block()
		return
	}
	if !strings.HasSuffix(w.text, "\n\n") {
		w.part("\n")
	}
	in := &w.lists[len(w.lists)-1]
	in.points++
	if in.numbered {
		w.text += strconv.Itoa(in.points) + ". "
	} else {
		w.text += "- "
	}
}

// block begins a paragraph, a table or the like; within a point of a list it stays on the line.
func (w *writing) block() {
	if len(w.lists) == 0 {
		w.part("\n\n")
	}
}
