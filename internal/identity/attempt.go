package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// TooMany says that too many passwords were wrong, and when to try again.
type TooMany struct{ Until time.Time }

// Error says so for the log.
func (t TooMany) Error() string { return fmt.Sprintf("too many failed attempts; next at %s", t.Until) }

const (
	// freeTries is how many wrong passwords an account may get before it makes wait; then the wait doubles from a minute to
	// longestWait, and never grows beyond: the owner is not locked out for good. An address from which he signed in
	// before is counted apart, so that a stranger's tries do not keep him out; where addresses are not known, a browser.
	freeTries   = 10
	longestWait = 15 * time.Minute
	// addressTries is how many wrong passwords may come from one address in addressSpan. Where addresses are not known there is
	// no such limit: fifty wrong passwords of anyone would shut out everybody.
	addressTries = 50
	addressSpan  = 15 * time.Minute
)

// nameKey is how an address that was typed is kept: people type their password there too.
func nameKey(email string) string {
	sum := sha256.Sum256([]byte("login " + email))
	return hex.EncodeToString(sum[:])
}

// turnOf is who stands in line for a hash: the address, or the account where that is not known.
func turnOf(origin, email string) string {
	if addressed(origin) {
		return origin
	}
	return nameKey(email)
}

const (
	unknown = "onbekend"
	browser = "browser " // and the hash of what it keeps
)

// Origin is where a password is tried from, as it counts for the limits: the address, of IPv6 the network, since whoever has
// one address of it has them all. Of the zero address nothing is known, and then only the limit of the account counts; token
// is what the browser keeps since someone signed in with it (NewToken), so that a stranger does not keep him out either. It
// may be empty.
func Origin(client netip.Addr, token string) string {
	client = client.Unmap().WithZone("")
	switch {
	case client.Is6():
		network, _ := client.Prefix(64) // 64 is within the 128 bits of the address
		return network.String()
	case client.IsValid():
		return client.String()
	case token != "":
		return browser + tokenKey(token)
	}
	return unknown
}

// NewToken is what a browser keeps of whose address nothing is known, once someone signed in with it. It opens nothing.
func NewToken() string {
	raw := make([]byte, 16)
	_, _ = rand.Read(raw) // never fails: it ends the program where there is no randomness
	return base64.RawURLEncoding.EncodeToString(raw)
}

// addressed tells whether an origin is that of an address.
func addressed(origin string) bool {
	return origin != unknown && !strings.HasPrefix(origin, browser)
}
