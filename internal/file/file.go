// Package file keeps attachments: bytes on disk under a random name, facts in the database.
package file

import (
	"path"
	"strings"
	"time"
	"unicode"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
)

// MaxBytes is the size of the largest file that is taken in.
const MaxBytes = 50_000_000

// Object is the thing an attachment belongs to.
type Object struct {
	Kind string // proposal, item, meeting or invitation
	ID   string
}

// Line is what a list shows of a file.
type Line struct {
	Key      string
	ObjectID string
	Title    string
	Mime     string
	Bytes    int64
	Closed   bool // only named bodies read it
}

// Attachment holds the facts of a file. Its audience is that of its object.
type Attachment struct {
	ID id.Attachment
	Line
	ObjectKind string
	Number     int
	FileName   string
	Sha256     string
	DiskName   string // random; says nothing of the file
	CreatedAt  time.Time
	CreatedBy  string
	Visibility access.Visibility
}

// Label is the kind of the file in a few capitals, as people know it.
func (l Line) Label() string {
	for _, k := range kinds {
		if k.mime == bare(l.Mime) {
			return k.label
		}
	}
	return "BESTAND"
}

// Inline tells whether a browser may show the file itself; anything else is only saved (security 7).
func (a Attachment) Inline() bool {
	switch bare(a.Mime) {
	case "application/pdf", "image/png", "image/jpeg", "text/plain":
		return true
	}
	return false
}

func bare(mime string) string {
	mime, _, _ = strings.Cut(mime, ";")
	return mime
}

const (
	maxName  = 120
	maxTitle = 200
)

// CleanName makes a file name harmless: without path, control signs and signs that turn the reading direction or cannot
// be seen, at most 120 characters, its extension kept.
func CleanName(name string) string {
	name = strings.ReplaceAll(name, "\\", "/")
	name = path.Base(strings.TrimRight(name, "/"))
	name = cleanLine(name)
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"/|?*`, r) {
			return '-'
		}
		return r
	}, name)
	name = strings.Trim(name, ". ")
	ext := path.Ext(name)
	if len(ext) > 10 {
		ext = ""
	}
	stem := []rune(strings.TrimSuffix(name, ext))
	if room := maxName - len([]rune(ext)); len(stem) > room {
		stem = stem[:room]
	}
	return strings.TrimRight(string(stem), ". ") + ext
}

// cleanLine leaves one line of visible text.
func cleanLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(s), " ")
}

func cut(s string, limit int) string {
	if runes := []rune(s); len(runes) > limit {
		return strings.TrimSpace(string(runes[:limit]))
	}
	return s
}
