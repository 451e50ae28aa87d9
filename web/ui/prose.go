package ui

import (
	"strings"

	"github.com/a-h/templ"

	"regiogriffie/internal/markdown"
)

// tables get a frame of their own, which scrolls sideways on a small screen. What looks like a tag here is one: the
// sanitiser wrote it without attributes, and everything else escaped.
var tables = strings.NewReplacer(
	"<table>", `<div class="scroll" tabindex="0" role="region" aria-label="Tabel, zijwaarts te schuiven"><table>`,
	"</table>", "</table></div>",
)

// Prose prints text that the sanitiser made. This is the one place that prints anything raw (security 17).
func Prose(text markdown.Safe) templ.Component { return templ.Raw(tables.Replace(string(text))) }

// Markdown shows what was typed; what is longer than a form lets in shows as nothing.
func Markdown(source string) templ.Component {
	safe, err := markdown.HTML(source)
	if err != nil {
		return Prose("")
	}
	return Prose(safe)
}
