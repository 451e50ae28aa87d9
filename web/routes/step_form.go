package routes

import "strings"

// typed is what somebody had written when another was first: it must not be lost.
func (v stepView) typed() string {
	var texts []string
	for _, name := range []string{"reason", "question", "planned_for"} {
		if text := v.form.Text(name); text != "" {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "\n")
}
