package files

import (
	"strings"
	"testing"

	"regiogriffie/internal/file"
)

func TestABrowserShowsOnlyTheKindsThatAreSafe(t *testing.T) {
	t.Parallel()
	for mime, want := range map[string]string{
		"application/pdf": "inline", "image/png": "inline", "text/plain; charset=utf-8": "inline",
		"text/html": "attachment", "image/svg+xml": "attachment", "application/zip": "attachment", "": "attachment",
	} {
		a := file.Attachment{Line: file.Line{Mime: mime}, FileName: "stuk\"\r\nX-Kop: 1.pdf"}
		got := disposition(a)
		if how, _, _ := strings.Cut(got, ";"); how != want || strings.ContainsAny(got, "\r\n") || strings.Count(got, `"`) != 2 {
			t.Errorf("%q: %s", mime, got)
		}
	}
}
