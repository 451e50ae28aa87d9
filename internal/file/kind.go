package file

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
)

// kind is a sort of file that is taken in.
type kind struct {
	label string
	mime  string
	exts  []string
}

var kinds = []kind{
	{"PDF", "application/pdf", []string{".pdf"}},
	{"DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{".docx"}},
	{"XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", []string{".xlsx"}},
	{"PPTX", "application/vnd.openxmlformats-officedocument.presentationml.presentation", []string{".pptx"}},
	{"ODT", "application/vnd.oasis.opendocument.text", []string{".odt"}},
	{"ODS", "application/vnd.oasis.opendocument.spreadsheet", []string{".ods"}},
	{"ODP", "application/vnd.oasis.opendocument.presentation", []string{".odp"}},
	{"PNG", "image/png", []string{".png"}},
	{"JPG", "image/jpeg", []string{".jpg", ".jpeg"}},
	{"TXT", "text/plain", []string{".txt", ".md"}},
	{"CSV", "text/csv", []string{".csv"}},
}

// Accept is what a file field offers first.
const Accept = ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.png,.jpg,.jpeg,.txt,.csv"

const accepted = "Kies een pdf, een Word-, Excel- of PowerPoint-bestand (docx, xlsx, pptx), een OpenDocument-bestand (odt, ods, odp), een " +
	"afbeelding (png, jpg), platte tekst (txt) of csv."

// recognise says which kind the content is; the name only chooses between kinds that look alike, and must not promise
// another one. Why is the Dutch sentence for the reader when the file is refused.
func recognise(content io.ReaderAt, size int64, name string) (found kind, charset, why string) {
	if size == 0 {
		return kind{}, "", "Dit bestand is leeg. Kies een ander bestand."
	}
	head := make([]byte, min(size, 1<<16))
	if _, err := content.ReadAt(head, 0); err != nil && err != io.EOF {
		return kind{}, "", "Dit bestand kon niet worden gelezen. Kies het opnieuw."
	}
	ext := strings.ToLower(path.Ext(name))
	real, charset := byContent(content, size, head, ext)
	if real == "" {
		promised := ""
		for _, k := range kinds {
			if has(k.exts, ext) {
				promised = k.label
			}
		}
		if promised != "" {
			return kind{}, "", "De naam van dit bestand eindigt op " + ext + ", maar de inhoud is iets anders. Bewaar het opnieuw als echte " +
				strings.ToLower(promised) + " en kies het nog eens."
		}
		return kind{}, "", "Dit soort bestand nemen we niet aan. " + accepted
	}
	if real == macros {
		return kind{}, "", "In dit bestand zitten macro's; die nemen we niet aan. Bewaar het zonder macro's, of als pdf."
	}
	for _, k := range kinds {
		if k.mime != real {
			continue
		}
		if ext != "" && !has(k.exts, ext) {
			return kind{}, "", "De naam van dit bestand eindigt op " + ext + ", maar de inhoud is " + strings.ToLower(k.label) +
				". Geef het de goede naam en kies het nog eens."
		}
		return k, charset, ""
	}
	return kind{}, "", "Dit soort bestand nemen we niet aan. " + accepted
}

// macros stands for an office file that carries a program.
const macros = "macros"

// byContent is the mime of a kind we take, macros, or empty.
func byContent(content io.ReaderAt, size int64, head []byte, ext string) (mime, charset string) {
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return office(content, size), ""
	}
	m := mimetype.Detect(head)
	for _, exact := range []string{"application/pdf", "image/png", "image/jpeg"} {
		if m.Is(exact) {
			return exact, ""
		}
	}
	switch {
	case m.Is("text/plain"), m.Is("text/csv"), m.Is("text/tab-separated-values"), m.Is("application/json"):
		charset, ok := encoding(content, size)
		if !ok {
			return "", ""
		}
		if ext == ".csv" {
			return "text/csv", charset
		}
		return "text/plain", charset
	}
	return "", ""
}

// encoding reads the whole text: it is UTF-8 or, as older spreadsheets write it, Windows-1252; a NUL makes it no text.
func encoding(content io.ReaderAt, size int64) (charset string, ok bool) {
	charset = "utf-8"
	in := io.NewSectionReader(content, 0, size)
	block, cut := make([]byte, 1<<16), []byte(nil)
	for {
		n, err := in.Read(block)
		if bytes.IndexByte(block[:n], 0) >= 0 {
			return "", false
		}
		if charset == "utf-8" {
			var valid bool
			if cut, valid = signs(append(cut, block[:n]...), err == nil); !valid {
				charset = "windows-1252"
			}
		}
		if err == io.EOF {
			return charset, true
		}
		if err != nil {
			return "", false
		}
	}
}

// signs reports whether text is UTF-8. Where more comes, the last sign may be cut off: that beginning of it is returned, a copy.
func signs(text []byte, more bool) (cut []byte, valid bool) {
	for len(text) > 0 {
		r, width := utf8.DecodeRune(text)
		if r == utf8.RuneError && width <= 1 {
			return bytes.Clone(text), more && !utf8.FullRune(text)
		}
		text = text[width:]
	}
	return nil, true
}

// maxEntries bounds what is read of an archive's table of contents; its content is never unpacked.
const maxEntries = 10_000

func office(content io.ReaderAt, size int64) string {
	archive, err := zip.NewReader(content, size)
	if err != nil || len(archive.File) > maxEntries {
		return ""
	}
	main := map[string]string{
		"word/document.xml": kinds[1].mime, "xl/workbook.xml": kinds[2].mime, "ppt/presentation.xml": kinds[3].mime,
	}
	found, types := "", false
	for i, f := range archive.File {
		if strings.HasSuffix(strings.ToLower(f.Name), "vbaproject.bin") {
			return macros
		}
		if f.Name == "[Content_Types].xml" {
			types = true
		}
		if mime, ok := main[f.Name]; ok {
			found = mime
		}
		if i == 0 && f.Name == "mimetype" {
			if mime := openDocument(f); mime != "" {
				found, types = mime, true
			}
		}
	}
	if !types {
		return ""
	}
	return found
}

func openDocument(f *zip.File) string {
	r, err := f.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, 100))
	if err != nil {
		return ""
	}
	for _, k := range kinds[4:7] {
		if string(text) == k.mime {
			return k.mime
		}
	}
	return ""
}

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
