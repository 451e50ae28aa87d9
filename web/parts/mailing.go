package parts

import (
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/mailing"
)

// MailingProgress says how far a mailing is.
func MailingProgress(m mailing.Mailing) string {
	text := dutch.Number(m.Sent) + " van " + dutch.Number(m.Total) + " verzonden"
	for _, part := range []struct {
		n    int
		what string
	}{{m.Open, "nog te gaan"}, {m.Failed, "mislukt"}, {m.Refused, "afgemeld"}, {m.Kept, "bewaard"}} {
		if part.n > 0 {
			text += ", " + dutch.Number(part.n) + " " + part.what
		}
	}
	if m.PausedAt != nil {
		text += ", onderbroken"
	}
	return text
}

func whyUnreached(u mailing.Unreached) string {
	if u.State == mailing.Kept {
		return "De e-mail is bewaard en niet verstuurd: er is geen mailserver ingesteld. Stuur het bericht zelf."
	}
	return u.LastError
}
