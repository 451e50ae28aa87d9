package parts

import (
	"strings"

	"regiogriffie/internal/proposal"
)

func meaningOf(s proposal.State) string {
	switch s {
	case proposal.Offered, proposal.Returned:
		return "due"
	case proposal.Ready, proposal.Agreed, proposal.InTreatment:
		return "accent"
	case proposal.Scheduled, proposal.Done:
		return "done"
	case proposal.Deferred:
		return "due"
	case proposal.Withdrawn:
		return "closed"
	}
	return ""
}

// Short is a subject as it fits in a sentence.
func Short(subject string) string {
	if runes := []rune(subject); len(runes) > 80 {
		return strings.TrimSpace(string(runes[:77])) + "…"
	}
	return subject
}
