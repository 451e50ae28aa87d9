package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// TooMany says that too many passwords were wrong, and when to try again.
type TooMany struct{ Until time.Time }

// Error says so for the log.
func (t TooMany) Error() string { return fmt.Sprintf("too many failed attempts; next at %s", t.Until) }

const (
	// freeTries is how many wrong passwords an account may get before it makes wait; then the wait doubles from a minute to
	// longestWait, and never grows beyond: the owner is not locked out for good. An address from which he signed in
	// before is counted apart, so that a stranger's tries do not keep him out.
	freeTries   = 10
	longestWait = 15 * time.Minute
	// addressTries is how many wrong passwords may come from one address in addressSpan.
	addressTries = 50
	addressSpan  = 15 * time.Minute
)

// nameKey is how an address that was typed is kept: people type their password there too.
func nameKey(email string) string {
	sum := sha256.Sum256([]byte("login " + email))
	return hex.EncodeToString(sum[:])
}

// Origin is the address a request came from, as it counts for the limits: of IPv6 the network, since whoever has one address
// of it has them all.
func Origin(remoteAddr string) string {
	host, _, err := net.SplitHostPort(remoteAddr)
	if err != nil {
		host = remoteAddr
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return "onbekend"
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		network, _ := ip.Prefix(64) // 64 is within the 128 bits of the address
		return network.String()
	}
	return ip.String()
}
