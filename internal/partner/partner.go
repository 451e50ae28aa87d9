// Package partner is who: organisations, the bodies that meet in them, people, and what they may do there from when until
// when. A period ends on the first day it no longer counts, except that of an organisation, which the register gives with
// its last day.
package partner

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"regiogriffie/internal/fault"
)

var keyPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

const (
	longestKey  = 60
	longestLine = 250
	longestList = 50
)

const keyHelp = "Gebruik alleen kleine letters, cijfers en losse streepjes, hoogstens 60 tekens, bijvoorbeeld alphen-aan-den-rijn."

// GoodKey reports whether a key may stand in an address beside the page "nieuw".
func GoodKey(key string) bool {
	return len(key) <= longestKey && keyPattern.MatchString(key) && key != "nieuw"
}

// Slug makes a key of a name: small letters, digits and single hyphens. It is empty when the name has none.
func Slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
		default:
			gap = true
		}
	}
	key := b.String()
	if len(key) > longestKey {
		key = strings.TrimRight(key[:longestKey], "-")
	}
	return key
}

// lines checks that texts of one line are not too long.
func lines(faults fault.Fields, values map[string]string) {
	for name, value := range values {
		faults.Must(utf8.RuneCountInString(value) <= longestLine, name, "Deze tekst is te lang: hoogstens 250 tekens. Kort de tekst in.")
	}
}

// GoodAddress reports whether a web address may be shown as a link.
func GoodAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}
