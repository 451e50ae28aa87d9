package main

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

var (
	curlyQuoted  = regexp.MustCompile(`[“‘]([^“”‘’]*)[”’]`)
	doubleQuoted = regexp.MustCompile(`"([^"]*)"`)
	// A quoted name starts with a capital; an apostrophe ('s-Hertogenbosch, Aa's) does not.
	singleQuoted = regexp.MustCompile(`(^|[\s(])'(\p{Lu}[^']*)'($|[\s)])`)
)

// clean gives a name ordinary hyphens and spaces and takes away the quotation marks around (a part of) it.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case '\u2010', '\u2011':
			return '-'
		case '\u200b', '\ufeff':
			return -1
		}
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, s)
	s = curlyQuoted.ReplaceAllString(s, "$1")
	s = doubleQuoted.ReplaceAllString(s, "$1")
	s = singleQuoted.ReplaceAllString(s, "$1$2$3")
	s = strings.NewReplacer("’", "'", "‘", "'").Replace(s)
	return strings.Join(strings.Fields(s), " ")
}

// transliterated has the letters with a diacritic that names in the register use, or may come to use.
var transliterated = func() map[rune]string {
	m := map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", '&': " en ", '+': " plus "}
	for plain, marked := range map[string]string{
		"a": "àáâãäå", "c": "ç", "e": "èéêë", "i": "ìíîï", "n": "ñ", "o": "òóôõöø", "u": "ùúûü", "y": "ýÿ",
	} {
		for _, r := range marked {
			m[r] = plain
		}
	}
	return m
}()

const longestKey = 60

// slug spells a name for use in an address: lower case, no diacritics, at most longest characters, ending at a whole word.
func slug(name string, longest int) string {
	var b strings.Builder
	runes := []rune(strings.ToLower(name))
	for i, r := range runes {
		plain, known := transliterated[r]
		switch {
		case known:
			b.WriteString(plain)
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '\'':
		case r == '.' && !(i > 0 && unicode.IsDigit(runes[i-1])):
		default:
			b.WriteRune(' ')
		}
	}
	words := strings.Fields(b.String())
	key := strings.Join(words, "-")
	if len(key) <= longest {
		return key
	}
	if len(words[0]) > longest {
		return words[0][:longest]
	}
	for len(strings.Join(words, "-")) > longest || len(words) > 1 && dangling[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	return strings.Join(words, "-")
}

// dangling are the words that a shortened name does not end with.
var dangling = map[string]bool{
	"en": true, "de": true, "het": true, "van": true, "der": true, "in": true, "met": true, "voor": true, "te": true, "op": true,
}

// capital gives s an upper-case first letter.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

// lastDay reads a date of ending as the last day: the register writes both "the last day" and "as of"; what ends on the first
// of a month ends as of that day.
func lastDay(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil || t.Day() != 1 {
		return date
	}
	return t.AddDate(0, 0, -1).Format(time.DateOnly)
}

// website makes an address of what the register holds, and of a contact page the site it belongs to. A page of results of a
// search is no website.
func website(s string) string {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "https://zoek.officielebekendmakingen.nl/") {
		return ""
	}
	if strings.HasPrefix(s, "www.") {
		s = "https://" + s
	}
	if strings.Contains(s, "/contact") || strings.HasSuffix(s, "-contact") {
		if scheme, rest, ok := strings.Cut(s, "://"); ok {
			host, _, _ := strings.Cut(rest, "/")
			s = scheme + "://" + host
		}
	}
	return s
}

var (
	smallWord      = regexp.MustCompile(` (Aan|Den|De|Op|Bij|Van|In|Het) `)
	postcodeRemain = regexp.MustCompile(`^\p{Lu}\p{Ll} | Gn$`)
)

// place spells a place as it is spelled: the register has Nieuwerkerk Aan Den Ijssel, Haren Gn, Kx Eindhoven.
func place(s string) string {
	s = postcodeRemain.ReplaceAllString(clean(s), "")
	for range 2 { // neighbours share a space, so "Aan Den" takes two rounds
		s = smallWord.ReplaceAllStringFunc(s, strings.ToLower)
	}
	return strings.ReplaceAll(s, "Ijssel", "IJssel")
}

// lastPart is what follows the last slash of a TOOI uri: gm0397.
func lastPart(uri string) string {
	return uri[strings.LastIndex(uri, "/")+1:]
}
