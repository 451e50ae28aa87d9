package request

import (
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the networks of the proxies that the settings name.
type Proxies []netip.Prefix

func (p Proxies) name(a netip.Addr) bool {
	for _, network := range p {
		if network.Contains(a) {
			return true
		}
	}
	return false
}

// Client is the address from which the reader came: that of the connection or, when a named proxy made it, the last in
// X-Forwarded-For that is none of theirs; what stands before that, anyone can have written. The zero address means unknown:
// so it is without named proxies, as the connection may then be that of a proxy for everyone, and when the header does not
// hold what it should.
func Client(r *http.Request, proxies Proxies) netip.Addr {
	if len(proxies) == 0 {
		return netip.Addr{}
	}
	connection, ok := address(r.RemoteAddr)
	if !ok || !proxies.name(connection) {
		return connection
	}
	rest := strings.Join(r.Header.Values("X-Forwarded-For"), ",")
	for rest != "" {
		at := strings.LastIndexByte(rest, ',')
		one := rest[at+1:]
		rest = rest[:max(at, 0)]
		client, ok := address(strings.TrimSpace(one))
		if !ok {
			break
		}
		if !proxies.name(client) {
			return client
		}
	}
	return netip.Addr{}
}

// address reads an address with or without a port, the one of IPv6 in brackets or bare.
func address(text string) (netip.Addr, bool) {
	if with, err := netip.ParseAddrPort(text); err == nil {
		return with.Addr().Unmap().WithZone(""), true
	}
	if inner, found := strings.CutPrefix(text, "["); found {
		if text, found = strings.CutSuffix(inner, "]"); !found || !strings.Contains(text, ":") {
			return netip.Addr{}, false
		}
	}
	bare, err := netip.ParseAddr(text)
	return bare.Unmap().WithZone(""), err == nil
}
