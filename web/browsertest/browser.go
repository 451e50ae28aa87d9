// Package browsertest lets a test use the site as a reader does: in a real Chromium, by the words on the page.
package browsertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Browser is the one browser of a test process; its pages share nothing.
type Browser struct {
	ctx  context.Context
	stop func()
}

var shared = struct {
	once    sync.Once
	browser *Browser
	err     error
}{}

// Open starts the browser at the first call and gives the same one afterwards. Where none is found it installs Debian's
// Chromium if it may, and otherwise fails the test with what to install. Pictures of steps that failed go to the folder
// $REGIOGRIFFIE_SHOTS, when it is set.
func Open(t testing.TB) *Browser {
	t.Helper()
	shared.once.Do(func() { shared.browser, shared.err = start() })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.browser
}

// Main runs the tests, closes the browser and then cleans up what else the tests shared, for a TestMain. Without it the
// kernel ends the browser with the process, and the next run clears its folder away.
func Main(m *testing.M, clean ...func()) {
	code := m.Run()
	if shared.browser != nil {
		shared.browser.stop()
	}
	for _, each := range clean {
		each()
	}
	os.Exit(code)
}

const profiles = "regiogriffie-browser-"

func start() (*Browser, error) {
	path, err := find()
	if err != nil {
		return nil, err
	}
	sweep()
	if folder := os.Getenv("REGIOGRIFFIE_SHOTS"); folder != "" {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return nil, fmt.Errorf("making the folder for pictures: %w", err)
		}
	}
	profile := filepath.Join(os.TempDir(), profiles+strconv.Itoa(os.Getpid()))
	if err := os.MkdirAll(profile, 0o700); err != nil {
		return nil, fmt.Errorf("making a folder for the browser: %w", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("lang", "nl-NL"),
	)
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocator, endAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, end := chromedp.NewContext(allocator)
	stop := func() {
		end()
		endAllocator()
		_ = os.RemoveAll(profile) // what stays is cleared away by the next run
	}
	// The browser lives as long as the context of this first call, so the limit on starting stands outside it.
	started := make(chan error, 1)
	go func() { started <- chromedp.Do(ctx) }()
	select {
	case err = <-started:
	case <-time.After(30 * time.Second):
		err = errors.New("no answer within 30 seconds")
	}
	if err != nil {
		stop()
		return nil, fmt.Errorf("starting %s: %w", path, err)
	}
	return &Browser{ctx: ctx, stop: stop}, nil
}

// find looks for a Chromium, and as root on Debian gets it.
func find() (string, error) {
	look := func() string {
		for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
			if path, err := exec.LookPath(name); err == nil {
				return path
			}
		}
		return ""
	}
	if path := look(); path != "" {
		return path, nil
	}
	release, _ := os.ReadFile("/etc/os-release") // absent: not Debian
	if os.Getuid() == 0 && bytes.Contains(release, []byte("debian")) {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
		defer cancel()
		install := exec.CommandContext(ctx, "sh", "-c", "apt-get update && apt-get install -y --no-install-recommends chromium")
		install.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if out, err := install.CombinedOutput(); err != nil {
			return "", fmt.Errorf("installing chromium with apt-get: %w: %s", err, bytes.TrimSpace(out[max(0, len(out)-300):]))
		}
		if path := look(); path != "" {
			return path, nil
		}
	}
	return "", errors.New("the browser tests need Chromium: install the package chromium, or put chromium, chromium-browser or google-chrome on the PATH")
}

// sweep clears away the folders of test processes that are gone.
func sweep() {
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), profiles+"*")) // the pattern is right
	for _, folder := range left {
		pid, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(folder), profiles))
		if err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_ = os.RemoveAll(folder)
		}
	}
}

// Options say how a page is looked at; the zero value is a window of 1280 by 900, light, with script.
type Options struct {
	Width, Height  int
	Dark, NoScript bool
}

// Page opens an empty page with cookies of its own, closed with the test. The test fails at its end when the page met
// faults of its own making: breaches of the content security policy, script errors, style sheets, scripts or fonts that
// did not come.
func (b *Browser) Page(t testing.TB, o Options) *Page {
	t.Helper()
	if o.Width == 0 {
		o.Width = 1280
	}
	if o.Height == 0 {
		o.Height = 900
	}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	p := &Page{t: t, ctx: ctx, options: o}
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("opening a page: %v", err)
	}
	p.step("opening a page", func(ctx context.Context) error {
		if err := chromedp.Listen(p.ctx, p.hear); err != nil {
			return err
		}
		scheme := "light"
		if o.Dark {
			scheme = "dark"
		}
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		if err != nil {
			return err
		}
		if _, err := chromedp.Call(ctx, page.SetLifecycleEventsEnabled, page.SetLifecycleEventsEnabledParams{Enabled: true}); err != nil {
			return err
		}
		if o.NoScript {
			_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
			if err != nil {
				return err
			}
		}
		return p.resize(ctx, o.Width, o.Height)
	})
	t.Cleanup(func() {
		for _, v := range p.Violations() {
			t.Errorf("fault on the page: %s", v)
		}
	})
	return p
}
