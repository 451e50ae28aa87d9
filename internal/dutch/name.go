package dutch

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// List returns "a, b en c".
func List(items []string) string {
	last := len(items) - 1
	if last < 1 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:last], ", ") + " en " + items[last]
}

// Capital begins s as a sentence begins: "Twee", and "Eén" of "één".
func Capital(s string) string {
	if rest, accented := strings.CutPrefix(s, "één"); accented {
		return "Eén" + rest
	}
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// PersonName returns "A. van Erk", leaving out what is empty.
func PersonName(initials, infix, family string) string {
	return strings.Join(strings.Fields(initials+" "+infix+" "+family), " ")
}

// infixes are the words before a family name that do not count in an alphabetical list.
var infixes = strings.Fields(`aan al bij d' da das de degli del della den der des di do dos du el het in 's 't l' la le les
	los onder op over te ten ter tot uit van vom von voor vor zu zum zur`)

// SortKey returns a key for a family name, in Dutch order when keys are compared with <: accents and capitals count
// last, and "van der Kamp" stands under the K. For the name of an organisation it would move the article as well.
func SortKey(s string) string {
	words := strings.Fields(strings.ReplaceAll(s, "’", "'"))
	first := slices.IndexFunc(words, func(w string) bool { return !slices.Contains(infixes, strings.ToLower(w)) })
	if first > 0 {
		words = slices.Concat(words[first:], words[:first])
	}
	var buffer collate.Buffer // a collator is not safe for use by several at once, so each call has its own
	return string(collate.New(language.Dutch).KeyFromString(&buffer, strings.Join(words, " ")))
}
