package request_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"regiogriffie/web/request"
)

func TestTheClientIsTheLastThatIsNoNamedProxy(t *testing.T) {
	t.Parallel()
	ours := request.Proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.10/32"), netip.MustParsePrefix("2001:db8:1::/48")}
	for name, c := range map[string]struct {
		proxies    request.Proxies
		connection string
		header     []string
		want       string // empty: unknown
	}{
		"no proxy named: the connection may be that of a proxy": {nil, "203.0.113.5:4000", nil, ""},
		"no proxy named: the header says nothing":               {nil, "203.0.113.5:4000", []string{"198.51.100.7"}, ""},
		"past the proxy": {ours, "203.0.113.5:4000", nil, "203.0.113.5"},
		"past the proxy, with a header of one's own":      {ours, "203.0.113.5:4000", []string{"198.51.100.7"}, "203.0.113.5"},
		"through the proxy":                               {ours, "192.0.2.10:4000", []string{"198.51.100.7"}, "198.51.100.7"},
		"what was sent along before it is not believed":   {ours, "192.0.2.10:4000", []string{"127.0.0.1, 203.0.113.99, 198.51.100.7"}, "198.51.100.7"},
		"nor is what looks like a proxy of ours":          {ours, "192.0.2.10:4000", []string{"203.0.113.99, 10.0.0.1, 198.51.100.7"}, "198.51.100.7"},
		"garbage before it does not matter":               {ours, "192.0.2.10:4000", []string{"<script>,,;, 198.51.100.7"}, "198.51.100.7"},
		"two proxies":                                     {ours, "10.1.2.3:4000", []string{"203.0.113.99, 198.51.100.7, 192.0.2.10"}, "198.51.100.7"},
		"two proxies, a line of the header each":          {ours, "10.1.2.3:4000", []string{"203.0.113.99", "198.51.100.7", "192.0.2.10, 10.9.9.9"}, "198.51.100.7"},
		"an unnamed proxy before it counts as the client": {ours, "10.1.2.3:4000", []string{"198.51.100.7, 192.0.2.11"}, "192.0.2.11"},
		"IPv6":                          {ours, "[2001:db8:1::10]:4000", []string{"2001:db8:7::1"}, "2001:db8:7::1"},
		"IPv6 in brackets, with a port": {ours, "[2001:db8:1::10]:4000", []string{"[2001:db8:7::1]:443"}, "2001:db8:7::1"},
		"IPv6 in brackets":              {ours, "[2001:db8:1::10]:4000", []string{"[2001:db8:7::1]"}, "2001:db8:7::1"},
		"IPv6 with a zone":              {ours, "192.0.2.10:4000", []string{"fe80::1%eth0"}, "fe80::1"},
		"IPv4 written as IPv6, of the proxy and the client": {ours, "[::ffff:192.0.2.10]:4000", []string{"::ffff:198.51.100.7, ::ffff:10.0.0.1"}, "198.51.100.7"},
		"a port":                               {ours, "192.0.2.10:4000", []string{"198.51.100.7:51234"}, "198.51.100.7"},
		"a port that is none":                  {ours, "192.0.2.10:4000", []string{"198.51.100.7:http"}, ""},
		"no header":                            {ours, "192.0.2.10:4000", nil, ""},
		"an empty header":                      {ours, "192.0.2.10:4000", []string{""}, ""},
		"an empty place":                       {ours, "192.0.2.10:4000", []string{"198.51.100.7,"}, ""},
		"an empty place between two":           {ours, "192.0.2.10:4000", []string{"198.51.100.7, , 10.0.0.1"}, ""},
		"an address left out":                  {ours, "192.0.2.10:4000", []string{"198.51.100.7, unknown"}, ""},
		"a hidden address":                     {ours, "192.0.2.10:4000", []string{"_hidden"}, ""},
		"a name":                               {ours, "192.0.2.10:4000", []string{"elders.voorbeeld"}, ""},
		"brackets around IPv4":                 {ours, "192.0.2.10:4000", []string{"[198.51.100.7]"}, ""},
		"half a bracket":                       {ours, "192.0.2.10:4000", []string{"[2001:db8:7::1"}, ""},
		"none but proxies":                     {ours, "10.1.2.3:4000", []string{"10.0.0.1, 192.0.2.10"}, ""},
		"a connection without an address":      {ours, "@", []string{"198.51.100.7"}, ""},
		"numbers that some read as an address": {ours, "192.0.2.10:4000", []string{"3325256711"}, ""},
		"an address with noughts before it":    {ours, "192.0.2.10:4000", []string{"198.051.100.007"}, ""},
		"much rubbish before it":               {ours, "192.0.2.10:4000", []string{string(make([]byte, 1000)) + ",198.51.100.7"}, "198.51.100.7"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/inloggen", nil)
		r.RemoteAddr = c.connection
		for _, line := range c.header {
			r.Header.Add("X-Forwarded-For", line)
		}
		got := request.Client(r, c.proxies)
		if c.want == "" && got.IsValid() || c.want != "" && (!got.IsValid() || got.String() != c.want) {
			t.Errorf("%s: %v, want %q", name, got, c.want)
		}
	}
}
