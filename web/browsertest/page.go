package browsertest

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience is how long a step may take, waiting for what it needs included.
const patience = time.Minute

//go:embed testdata/axe.min.js
var axe string

//go:embed words.js
var words string

// Page is one page of the browser. Each of its steps waits for what it needs, and fails the test with its name when that
// does not come.
type Page struct {
	t       testing.TB
	ctx     context.Context
	options Options
	shots   int

	mu         sync.Mutex
	loading    bool // the main frame is on its way to another document
	loads      int  // documents begun
	status     int
	violations []string
	dialogs    []string
}

// hear keeps what the browser tells about the page. It may not ask anything itself.
func (p *Page) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	main := chromedp.FromContext(p.ctx).Target.TargetID.String()
	switch e := event.(type) {
	case *page.EventFrameStartedLoading:
		if e.FrameID.String() == main {
			p.loading = true
			p.loads++
		}
	case *page.EventFrameStoppedLoading:
		if e.FrameID.String() == main {
			p.loading = false
		}
	case *network.EventResponseReceived:
		p.answered(e, main)
	case *log.EventEntryAdded:
		// What the network says is judged above, where a 422 is an answer like any other.
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			p.violations = append(p.violations, string(e.Entry.Source)+": "+e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		p.violations = append(p.violations, text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			var said []string
			for _, arg := range e.Args {
				said = append(said, arg.Description+string(arg.Value))
			}
			p.violations = append(p.violations, "console: "+strings.Join(said, " "))
		}
	case *page.EventJavascriptDialogOpening:
		p.dialogs = append(p.dialogs, string(e.Type)+": "+e.Message)
		// Leaving with unsaved changes is what the test wants.
		go func() {
			_, _ = chromedp.Call(p.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
		}()
	}
}

// answered keeps the status of the page, and what parts of it did not come.
func (p *Page) answered(e *network.EventResponseReceived, main string) {
	if e.Type == network.ResourceTypeDocument && e.FrameID.String() == main {
		p.status = int(e.Response.Status)
		return
	}
	kinds := []network.ResourceType{network.ResourceTypeStylesheet, network.ResourceTypeScript, network.ResourceTypeFont, network.ResourceTypeImage}
	if e.Response.Status >= 400 && slices.Contains(kinds, e.Type) {
		p.violations = append(p.violations, fmt.Sprintf("%s: status %d", e.Response.URL, e.Response.Status))
	}
}

// Violations are the faults of the page so far: breaches of the policy, script errors, parts that did not come.
func (p *Page) Violations() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.violations)
}

// Forgive empties the list of violations, for a test that causes them.
func (p *Page) Forgive() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.violations = nil
}

// Dialogs are the questions the browser asked, such as "beforeunload: "; each was answered with yes.
func (p *Page) Dialogs() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.dialogs)
}

// step does something within patience and fails the test by its name.
func (p *Page) step(name string, do func(ctx context.Context) error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	err := do(ctx)
	if err == nil {
		return
	}
	short, cancelShort := context.WithTimeout(p.ctx, 3*time.Second)
	defer cancelShort()
	where, _ := chromedp.Run(short, chromedp.Evaluate[string]("location.href")) // the fault itself matters more
	see := ""
	if folder := os.Getenv("REGIOGRIFFIE_SHOTS"); folder != "" {
		p.shots++
		file := filepath.Join(folder, fmt.Sprintf("%s-%d.png", unsafe.ReplaceAllString(p.t.Name(), "_"), p.shots))
		if png, err := chromedp.Run(short, chromedp.FullScreenshot(100)); err == nil && os.WriteFile(file, png, 0o644) == nil {
			see = "; see " + file
		}
	}
	p.t.Fatalf("%s, on %s: %v%s", name, where, err, see)
}

var unsafe = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// settled waits until the page is not on its way to another document. With expected it first gives the way there a moment
// to begin, counted from the number of documents before.
func (p *Page) settled(ctx context.Context, expected bool, before int) error {
	begin := time.Now()
	grace := 40 * time.Millisecond
	if expected {
		grace = 3 * time.Second
	}
	for {
		p.mu.Lock()
		loading, loads := p.loading, p.loads
		p.mu.Unlock()
		if !loading && (loads > before || time.Since(begin) > grace) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for the page to load: %w", ctx.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (p *Page) begun() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.loads
}

// Options are those under which the page is looked at now.
func (p *Page) Options() Options { return p.options }

// Cookie gives the page a cookie for an address.
func (p *Page) Cookie(address string, c *http.Cookie) {
	p.t.Helper()
	p.step("setting a cookie", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: address, HTTPOnly: new(true)})
		return err
	})
}

// Go opens an address.
func (p *Page) Go(address string) {
	p.t.Helper()
	p.step("opening "+address, func(ctx context.Context) error {
		if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
			return err
		}
		return p.settled(ctx, false, p.begun()-1)
	})
}

// Resize gives the window another size.
func (p *Page) Resize(width, height int) {
	p.t.Helper()
	p.step("resizing", func(ctx context.Context) error { return p.resize(ctx, width, height) })
}

func (p *Page) resize(ctx context.Context, width, height int) error {
	p.options.Width, p.options.Height = width, height
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(width), Height: int64(height), DeviceScaleFactor: 1,
	})
	return err
}

// found is what words.js says about the thing it was asked for.
type found struct {
	Why       string  // why not, when not
	X, Y      float64 // its middle
	Navigates bool
	Done      bool
}

// ask calls a function of words.js until it has an answer without a why.
func (p *Page) ask(ctx context.Context, function string, args ...any) (found, error) {
	list := make([]string, len(args))
	for i, arg := range args {
		text, err := json.Marshal(arg)
		if err != nil {
			return found{}, err
		}
		list[i] = string(text)
	}
	expression := "(() => {" + words + "\nreturn JSON.stringify(" + function + "(" + strings.Join(list, ",") + ")); })()"
	var last found
	for {
		text, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression))
		if err == nil {
			last = found{}
			if err = json.Unmarshal([]byte(text), &last); err == nil && last.Why == "" {
				return last, nil
			}
		}
		select {
		case <-ctx.Done():
			if last.Why != "" {
				return last, errors.New(last.Why)
			}
			return last, fmt.Errorf("%w (%w)", ctx.Err(), err)
		case <-time.After(25 * time.Millisecond):
		}
	}
}

func (p *Page) press(ctx context.Context, at found) error {
	before := p.begun()
	if err := chromedp.Do(ctx, chromedp.MouseClickXY(at.X, at.Y)); err != nil {
		return err
	}
	return p.settled(ctx, at.Navigates, before)
}

// Click clicks what a selector finds (it begins with # . or [, or names an element with one of these), or else the link,
// button or summary with these words: exactly these if there is one, otherwise the first that contains them.
func (p *Page) Click(what string) {
	p.t.Helper()
	p.step("clicking "+what, func(ctx context.Context) error {
		at, err := p.ask(ctx, "clickable", what)
		if err != nil {
			return err
		}
		return p.press(ctx, at)
	})
}

// ClickText is Click for words that look like a selector.
func (p *Page) ClickText(text string) {
	p.t.Helper()
	p.step("clicking "+text, func(ctx context.Context) error {
		at, err := p.ask(ctx, "clickableText", text)
		if err != nil {
			return err
		}
		return p.press(ctx, at)
	})
}

// Fill replaces the text of the field with this label.
func (p *Page) Fill(label, value string) {
	p.t.Helper()
	p.step("filling in "+label, func(ctx context.Context) error {
		if _, err := p.ask(ctx, "fillable", label); err != nil {
			return err
		}
		if value == "" {
			return chromedp.Do(ctx, chromedp.KeyEvent(kb.Delete))
		}
		_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: value})
		return err
	})
}

// Choose picks the option with this text in the list, or among the radio buttons or checkboxes, with this label.
func (p *Page) Choose(label, option string) {
	p.t.Helper()
	p.step("choosing "+option+" at "+label, func(ctx context.Context) error {
		at, err := p.ask(ctx, "choose", label, option)
		if err != nil || at.Done {
			return err
		}
		return p.press(ctx, at)
	})
}

// Check ticks the checkbox with this label.
func (p *Page) Check(label string) {
	p.t.Helper()
	p.tick("ticking "+label, label, true)
}

// Uncheck unticks the checkbox with this label.
func (p *Page) Uncheck(label string) {
	p.t.Helper()
	p.tick("unticking "+label, label, false)
}

func (p *Page) tick(name, label string, on bool) {
	p.t.Helper()
	p.step(name, func(ctx context.Context) error {
		at, err := p.ask(ctx, "check", label, on)
		if err != nil || at.Done {
			return err
		}
		return p.press(ctx, at)
	})
}

// Upload chooses files for the field with this label.
func (p *Page) Upload(label string, paths ...string) {
	p.t.Helper()
	p.step("choosing a file for "+label, func(ctx context.Context) error {
		for i := range paths {
			full, err := filepath.Abs(paths[i])
			if err != nil {
				return err
			}
			if _, err := os.Stat(full); err != nil {
				return err
			}
			paths[i] = full
		}
		if _, err := p.ask(ctx, "field", label); err != nil {
			return err
		}
		text, err := json.Marshal(label)
		if err != nil {
			return err
		}
		object, err := chromedp.Run(ctx, chromedp.Evaluate[*runtime.RemoteObject]("(() => {"+words+"\nreturn control("+string(text)+"); })()"))
		if err != nil {
			return err
		}
		_, err = chromedp.Call(ctx, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: paths, ObjectID: object.ObjectID})
		return err
	})
}

var keys = map[string]string{
	"Tab": kb.Tab, "Enter": kb.Enter, "Escape": kb.Escape, "Space": " ", "Backspace": kb.Backspace, "Delete": kb.Delete,
	"ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
	"Home": kb.Home, "End": kb.End, "PageUp": kb.PageUp, "PageDown": kb.PageDown,
}

// Press presses keys one after the other: Tab, Enter, Space, ArrowDown, …, with Shift+ or Control+ before them if needed;
// anything else is typed.
func (p *Page) Press(list ...string) {
	p.t.Helper()
	for _, name := range list {
		p.step("pressing "+name, func(ctx context.Context) error {
			key, modifier := name, kb.ModifierNone
			if rest, ok := strings.CutPrefix(key, "Shift+"); ok {
				key, modifier = rest, kb.ModifierShift
			} else if rest, ok := strings.CutPrefix(key, "Control+"); ok {
				key, modifier = rest, kb.ModifierCtrl
			}
			if known, ok := keys[key]; ok {
				key = known
			}
			before := p.begun()
			if err := chromedp.Do(ctx, chromedp.KeyEvent(key, chromedp.KeyModifiers(modifier))); err != nil {
				return err
			}
			return p.settled(ctx, false, before)
		})
	}
}

// Drag takes hold of what one selector finds and lets go on what another finds, in the way of a mouse.
func (p *Page) Drag(from, to string) {
	p.t.Helper()
	p.step("dragging "+from+" to "+to, func(ctx context.Context) error {
		a, b, err := p.both(ctx, from, to)
		if err != nil {
			return err
		}
		if err := p.carry(ctx, a, b); err != nil {
			return err
		}
		before := p.begun()
		if err := mouse(ctx, input.DispatchMouseEventTypeMouseReleased, b.X, b.Y); err != nil {
			return err
		}
		return p.settled(ctx, false, before)
	})
}

// both are the places of two things on one screen, once asking for them scrolls no more.
func (p *Page) both(ctx context.Context, from, to string) (a, b found, err error) {
	for range 3 {
		again, err := p.ask(ctx, "place", from)
		if err != nil {
			return a, b, err
		}
		there, err := p.ask(ctx, "place", to)
		if err != nil {
			return a, b, err
		}
		if again == a && there == b {
			break
		}
		a, b = again, there // asking may have scrolled
	}
	if at, err := p.ask(ctx, "place", from); err != nil || at != a {
		return a, b, errors.Join(errors.New("the two are not on one screen"), err)
	}
	return a, b, nil
}

// carry presses on one place and moves to another, with the button down.
func (p *Page) carry(ctx context.Context, a, b found) error {
	if err := mouse(ctx, input.DispatchMouseEventTypeMousePressed, a.X, a.Y); err != nil {
		return err
	}
	const steps = 10
	for i := 1; i <= steps; i++ {
		f := float64(i) / steps
		if err := mouse(ctx, input.DispatchMouseEventTypeMouseMoved, a.X+(b.X-a.X)*f, a.Y+(b.Y-a.Y)*f); err != nil {
			return err
		}
		time.Sleep(20 * time.Millisecond) // a frame for the script to follow
	}
	time.Sleep(100 * time.Millisecond)
	return nil
}

func mouse(ctx context.Context, kind input.DispatchMouseEventType, x, y float64) error {
	_, err := chromedp.Call(ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{
		Type: kind, X: x, Y: y, Button: input.MouseButtonLeft, Buttons: 1, ClickCount: 1,
	})
	return err
}

// See waits until the page shows this text, however it is broken over lines.
func (p *Page) See(text string) {
	p.t.Helper()
	p.step("looking for "+text, func(ctx context.Context) error {
		_, err := p.ask(ctx, "sees", text)
		return err
	})
}

// Eval gives the value of an expression in the page.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	var value T
	p.step("asking "+expression, func(ctx context.Context) error {
		var err error
		value, err = chromedp.Run(ctx, chromedp.Evaluate[T](expression))
		return err
	})
	return value
}

// Text is the text a reader sees.
func (p *Page) Text() string {
	p.t.Helper()
	return Eval[string](p, "document.body.innerText")
}

// HTML is the page as it stands.
func (p *Page) HTML() string {
	p.t.Helper()
	return Eval[string](p, "document.documentElement.outerHTML")
}

// URL is the address of the page.
func (p *Page) URL() string {
	p.t.Helper()
	return Eval[string](p, "location.href")
}

// Focused says what has the focus: the element with its id, and its words.
func (p *Page) Focused() string {
	p.t.Helper()
	return Eval[string](p, "(() => {"+words+"\nreturn describe(document.activeElement); })()")
}

// Status is the status of the last document.
func (p *Page) Status() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status
}

// Download fetches an address of the same site with the cookies of the page, as its reader would by following a link.
func (p *Page) Download(address string) (status int, header http.Header, body []byte) {
	p.t.Helper()
	p.step("fetching "+address, func(ctx context.Context) error {
		here, err := chromedp.Run(ctx, chromedp.Evaluate[string]("location.href"))
		if err != nil {
			return err
		}
		base, err := url.Parse(here)
		if err != nil {
			return err
		}
		full, err := base.Parse(address)
		if err != nil {
			return err
		}
		held, err := chromedp.Call(ctx, network.GetCookies, network.GetCookiesParams{URLs: []string{full.String()}})
		if err != nil {
			return err
		}
		jar, err := cookiejar.New(nil)
		if err != nil {
			return err
		}
		var cookies []*http.Cookie
		for _, c := range held.Cookies {
			cookies = append(cookies, &http.Cookie{Name: c.Name, Value: c.Value, Path: c.Path, Secure: c.Secure})
		}
		jar.SetCookies(full, cookies)
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, full.String(), nil)
		if err != nil {
			return err
		}
		answer, err := (&http.Client{Jar: jar}).Do(request)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		status, header = answer.StatusCode, answer.Header
		body, err = io.ReadAll(answer.Body)
		return err
	})
	return status, header, body
}

// Shot writes a picture of the whole page.
func (p *Page) Shot(path string) {
	p.t.Helper()
	p.step("taking a picture", func(ctx context.Context) error {
		// From the top, where a bar that stays in sight belongs.
		if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void]("scrollTo({ top: 0, behavior: 'instant' })")); err != nil {
			return err
		}
		png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		if err != nil {
			return err
		}
		return os.WriteFile(path, png, 0o644)
	})
}

// PDF writes the page as it prints.
func (p *Page) PDF(path string) {
	p.t.Helper()
	p.step("printing", func(ctx context.Context) error {
		pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF(chromedp.PDFOutlineAndTagged(), chromedp.PDFPreferCSSPageSize(), chromedp.PDFPaper(chromedp.PaperA4)))
		if err != nil {
			return err
		}
		return os.WriteFile(path, pdf, 0o644)
	})
}

// Axe fails the test for every violation of WCAG 2.2 A and AA that axe-core finds on the page as it stands.
func (p *Page) Axe(t testing.TB) {
	t.Helper()
	const run = `axe.run(document, { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }, resultTypes: ["violations"] })
		.then((r) => JSON.stringify(r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + v.help + "\n    " +
			n.html.slice(0, 300) + "\n    " + n.failureSummary.replaceAll("\n", "\n    ")))))`
	var violations []string
	p.step("running axe", func(ctx context.Context) error {
		if p.options.NoScript {
			// axe itself is a script; those of the page have had their chance.
			set := func(off bool) error {
				_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: off})
				return err
			}
			if err := set(false); err != nil {
				return err
			}
			defer func() { _ = set(true) }()
		}
		// Asked over the protocol, it is not subject to the policy of the page.
		if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](axe)); err != nil {
			return err
		}
		text, err := chromedp.Run(ctx, chromedp.Evaluate[string](run, chromedp.EvalAwaitPromise))
		if err != nil {
			return err
		}
		return json.Unmarshal([]byte(text), &violations)
	})
	for _, v := range violations {
		t.Errorf("axe, on %s at %d px: %s", p.URL(), p.options.Width, v)
	}
}

// NoOverflow fails the test when the page scrolls sideways, naming what sticks out.
func (p *Page) NoOverflow(t testing.TB) {
	t.Helper()
	out := Eval[[]string](p, "(() => {"+words+"\nreturn sticksOut(); })()")
	if len(out) > 0 {
		t.Errorf("on %s at %d px the page scrolls sideways, because of:\n  %s", p.URL(), p.options.Width, strings.Join(out, "\n  "))
	}
}
