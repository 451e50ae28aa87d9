package markdown

import (
	"bytes"
	"net/url"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

const (
	maxDepth = 20         // blocks within blocks: ten lists, or twenty quotations
	maxMarks = 10         // emphasis within emphasis
	maxCells = 10_000     // of all tables together
	maxSteps = 20_000_000 // of the inline parsers, about 50 ms
)

var (
	cells = parser.NewContextKey()
	steps = parser.NewContextKey()
)

// spend reports whether a source may still use so much of what it has, and notes that it did.
func spend(pc parser.Context, what parser.ContextKey, amount, limit int) bool {
	spent, _ := pc.Get(what).(int)
	if spent+amount > limit {
		return false
	}
	pc.Set(what, spent+amount)
	return true
}

// shallow keeps a list or quotation from opening too deep; its marks then stay text.
type shallow struct {
	parser.BlockParser
}

func (s shallow) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	depth := 0
	for n := parent; n != nil; n = n.Parent() {
		depth++
	}
	if depth > maxDepth {
		return nil, parser.NoChildren
	}
	return s.BlockParser.Open(parent, reader, pc)
}

// indented lets a paragraph begin with many spaces, which in Markdown would be code.
type indented struct {
	parser.BlockParser
}

func (indented) CanAcceptIndentedLine() bool { return true }

// small keeps tables from growing out of their source: every row is filled up to the width of the first.
type small struct {
	parser.ParagraphTransformer
}

func (s small) Transform(paragraph *ast.Paragraph, reader text.Reader, pc parser.Context) {
	pipes, lines := 0, paragraph.Lines()
	for i := range lines.Len() {
		line := lines.At(i)
		pipes = max(pipes, bytes.Count(line.Value(reader.Source()), []byte("|")))
	}
	if pipes > 0 && spend(pc, cells, (pipes+1)*lines.Len(), maxCells) {
		s.ParagraphTransformer.Transform(paragraph, reader, pc)
	}
}

// frugal bounds the work of a parser that may look from each mark to the end of its block: it counts that distance for
// each mark, and when a source has used maxSteps, the marks that follow stay text.
type frugal struct {
	parser.InlineParser
}

func (f frugal) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	lines := parent.Lines()
	_, here := block.Position()
	if !spend(pc, steps, lines.At(lines.Len()-1).Stop-here.Start, maxSteps) {
		return nil
	}
	return f.InlineParser.Parse(parent, block, pc)
}

// CloseBlock hands on what goldmark asks of some inline parsers when a block ends.
func (f frugal) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	if closer, ok := f.InlineParser.(parser.CloseBlocker); ok {
		closer.CloseBlock(parent, block, pc)
	}
}

// house makes the tree as the pages of this house want it.
type house struct{}

func (house) Transform(document *ast.Document, reader text.Reader, _ parser.Context) {
	r := round{source: reader.Source()}
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			r.enter(n)
		} else {
			r.leave(n)
		}
		return ast.WalkContinue, nil
	})
	for _, n := range r.dropped {
		unwrap(n, r.source)
	}
}

// round is one walk past all that stands in a document.
type round struct {
	source  []byte
	marks   int        // of emphasis that are open
	dropped []ast.Node // of which the words alone stay; changed after the walk, which would lose its way
}

func (r *round) enter(n ast.Node) {
	switch n := n.(type) {
	case *ast.Emphasis, *extast.Strikethrough:
		if r.marks++; r.marks > maxMarks {
			r.drop(n)
		}
	case *ast.Heading:
		n.Level = min(n.Level+2, 6)
	case *ast.Image:
		r.drop(n)
	case *ast.Link:
		r.link(n, util.URLEscape(n.Destination, true))
	case *ast.AutoLink:
		r.link(n, target(n, r.source))
	case *extast.TableHeader:
		for cell := n.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cell.SetAttributeString("scope", []byte("col"))
		}
	}
}

func (r *round) leave(n ast.Node) {
	switch n.(type) {
	case *ast.Emphasis, *extast.Strikethrough:
		r.marks--
	}
}

func (r *round) drop(n ast.Node) { r.dropped = append(r.dropped, n) }

// link keeps a link that may lead where it leads.
func (r *round) link(n ast.Node, destination []byte) {
	if leadsOn(destination) {
		n.SetAttributeString("rel", []byte(relation))
	} else {
		r.drop(n)
	}
}

// leadsOn asks what the sanitiser will ask of the finished address, which would leave a link that leads nowhere.
func leadsOn(destination []byte) bool {
	_, err := url.Parse(string(destination))
	return err == nil && address.Match(destination)
}

// target is the address that goldmark will write.
func target(link *ast.AutoLink, source []byte) []byte {
	destination := util.URLEscape(link.URL(source), false)
	if link.AutoLinkType == ast.AutoLinkEmail && !bytes.HasPrefix(bytes.ToLower(destination), []byte("mailto:")) {
		return append([]byte("mailto:"), destination...)
	}
	return destination
}

// unwrap puts the words of a node in its place.
func unwrap(n ast.Node, source []byte) {
	parent := n.Parent()
	if link, ok := n.(*ast.AutoLink); ok {
		parent.InsertBefore(parent, n, ast.NewString(link.Label(source)))
	}
	for child := n.FirstChild(); child != nil; child = n.FirstChild() {
		parent.InsertBefore(parent, n, child)
	}
	parent.RemoveChild(parent, n)
}
