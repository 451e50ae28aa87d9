package proposal

import (
	"errors"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
)

func TestWhatARevisionMakesOfAPaper(t *testing.T) {
	t.Parallel()
	at := time.Date(2018, 6, 1, 9, 0, 0, 0, time.UTC)
	author := access.Actor{At: at, Person: "p", Name: "S. Steller", Grants: []access.Grant{{Role: access.Author, Organisation: "o"}}}
	paper := func(change func(*Proposal)) Proposal {
		p := Proposal{
			OwnerOrgID: "o", Version: 4, Life: Life{State: Concept}, Content: Content{Subject: "Regio", Treatment: Informative, TargetBodyID: "b"},
			Audience: access.Audience{Visibility: access.Draft, OrgIDs: []id.Organisation{"o"}, WriterIDs: []id.Person{"p"}},
		}
		change(&p)
		return p
	}
	in := func(s State, v access.Visibility) func(*Proposal) {
		return func(p *Proposal) { p.State, p.Visibility = s, v }
	}
	decided := func(p *Proposal) { in(Scheduled, access.Public)(p); p.DecidedBodyIDs = []id.Body{"b"} }
	confidential := func(p *Proposal) {
		in(Offered, access.Participants)(p)
		p.AudienceBodies, p.Ground, p.PublicTitle = []id.Body{"b"}, "5.1.2.b", "Neutraal"
	}
	word := func(d *Draft) { d.Legal = "Geen." }
	shut := func(d *Draft) { d.Closed, d.Ground, d.PublicTitle = true, "5.1.2.b", "Neutraal" }
	for _, c := range []struct {
		what   string
		was    func(*Proposal)
		change func(*Draft)
		want   string // what is wrong, "done" when somebody else wrote the same, "renewal" when bodies are told, or nothing
	}{
		{"a word", in(Concept, access.Draft), word, ""},
		{"without a subject", in(Concept, access.Draft), func(d *Draft) { d.Subject = "" }, "subject"},
		{"an older version", in(Concept, access.Draft), func(d *Draft) { word(d); d.Version = 3 }, "conflict"},
		{"an older version with the same words", in(Concept, access.Draft), func(d *Draft) { d.Version = 3 }, "done"},
		{"closed as a concept", in(Concept, access.Draft), shut, ""},
		{"closed without a ground", in(Concept, access.Draft), func(d *Draft) { shut(d); d.Ground = "" }, "ground"},
		{"closed once public", in(Offered, access.Public), shut, "closed"},
		{"closed on an agenda", in(Scheduled, access.Participants), shut, "closed"},
		{"opened once offered", confidential, func(d *Draft) { d.Closed = false }, "closed"},
		{"for another body on an agenda", in(Scheduled, access.Participants), func(d *Draft) { d.TargetBodyID = "c" }, "target_body_id"},
		{"a word after a decision", decided, word, "renewal"},
		{"nothing after a decision", decided, func(*Draft) {}, ""},
		{"after a decision, with an answer", decided, func(d *Draft) { word(d); d.Renewal = Renewal{NoRenewal, "Geen gevolgen."} }, "told"},
		{"a paper that was sent back", in(Returned, access.Participants), word, ""},
	} {
		p := paper(c.was)
		d := DraftOf(p)
		c.change(&d)
		plan, err := planRevision(author, p, d)
		got, fields := "", fault.Fields{}
		switch {
		case errors.Is(err, fault.Conflict):
			got = "conflict"
		case errors.As(err, &fields):
			if got = c.want; fields[c.want] == "" {
				got = err.Error()
			}
		case err != nil:
			got = err.Error()
		case plan.done:
			got = "done"
		case plan.renewal != Renewal{}:
			got = "told"
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
		if err == nil && !plan.done && p.State == Returned && (plan.next.Visibility != access.Draft || plan.next.ParticipantOrgIDs != nil) {
			t.Errorf("%s: it is read along still: %+v", c.what, plan.next.Audience)
		}
	}
}
