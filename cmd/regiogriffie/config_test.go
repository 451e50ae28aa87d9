package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

func TestTheReadmeListsEverySetting(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\| ([^|]*) \\|").FindAllStringSubmatch(string(readme), -1) {
		listed[row[1]] = strings.Trim(strings.TrimSpace(row[2]), "`")
	}
	parser, err := kong.New(&commandLine{})
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, flags := range append([][]*kong.Flag{parser.Model.Flags}, flagsOf(parser.Model.Node)...) {
		for _, flag := range flags {
			for _, name := range flag.Envs {
				known[name] = true
				told, ok := listed[name]
				if !ok {
					t.Errorf("%s is not in the table", name)
				}
				if flag.Default != "" && told != flag.Default {
					t.Errorf("%s: the table gives %q as default, the program has %q", name, told, flag.Default)
				}
			}
		}
	}
	for name := range listed {
		if !known[name] {
			t.Errorf("the table lists %s, which the program does not read", name)
		}
	}
}

func flagsOf(node *kong.Node) [][]*kong.Flag {
	var all [][]*kong.Flag
	for _, child := range node.Children {
		all = append(append(all, child.Flags), flagsOf(child)...)
	}
	return all
}

func TestWhatIsLeftOpenIsFilledIn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		set       settings
		addr, url string
	}{
		"nothing":       {settings{}, "127.0.0.1:8080", "http://127.0.0.1:8080"},
		"everywhere":    {settings{Addr: ":80"}, ":80", "http://127.0.0.1:80"},
		"all of IPv6":   {settings{Addr: "[::]:8080"}, "[::]:8080", "http://127.0.0.1:8080"},
		"a public name": {settings{URL: "https://regio.example/"}, "127.0.0.1:8080", "https://regio.example"},
	} {
		got, err := c.set.read()
		if err != nil || got.addr != c.addr || got.baseURL != c.url {
			t.Errorf("%s: got %q and %q, %v, want %q and %q", name, got.addr, got.baseURL, err, c.addr, c.url)
		}
	}
}

func TestProxiesAreAddressesAndNetworks(t *testing.T) {
	t.Parallel()
	for list, want := range map[string]string{
		"":                         "[]",
		" , ":                      "[]",
		"127.0.0.1":                "[127.0.0.1/32]",
		"127.0.0.1, 10.1.2.3/8":    "[127.0.0.1/32 10.0.0.0/8]",
		"::1,2001:db8:1:2::3/48":   "[::1/128 2001:db8:1::/48]",
		"proxy":                    "",
		"127.0.0.1:80":             "",
		"10.0.0.0/33":              "",
		"10.0.0.0/8;192.0.2.1":     "",
		"fe80::1%eth0":             "",
		"::ffff:10.0.0.1":          "",
		"127.0.0.1,elders.example": "",
	} {
		got, err := settings{Proxies: list}.read()
		if want == "" {
			if err == nil || !strings.Contains(err.Error(), "REGIOGRIFFIE_PROXIES") {
				t.Errorf("%q: %v, %v", list, got.proxies, err)
			}
			continue
		}
		if fmt.Sprint(got.proxies) != want || err != nil {
			t.Errorf("%q: %v, %v, want %s", list, got.proxies, err, want)
		}
	}
}

func TestANameIsTakenApart(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][3]string{
		"Anna de Vries":      {"Anna", "de", "Vries"},
		"Jan van der Berg":   {"Jan", "van der", "Berg"},
		"Eva Smit-de Boer":   {"Eva", "", "Smit-de Boer"},
		"Beheer":             {"", "", "Beheer"},
		"anna de vries":      {"anna", "de", "vries"},
		"  Piet   Jansen   ": {"Piet", "", "Jansen"},
		"":                   {"", "", ""},
	} {
		d := personOf(name, "")
		if got := [3]string{d.Given, d.Infix, d.Family}; got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
