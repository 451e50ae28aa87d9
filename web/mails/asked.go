package mails

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"regiogriffie/internal/ical"
	"regiogriffie/internal/id"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/proposal"
	"regiogriffie/web/path"
)

// asked writes to who was asked for advice. The mail says that there is something and where, and nothing of it: an advice is never
// public.
func (o Office) asked(ctx context.Context, args json.RawMessage) error {
	var a proposal.Asked
	if err := json.Unmarshal(args, &a); err != nil {
		return fmt.Errorf("reading the job: %w", err)
	}
	l := letter{
		subject: "Uw advies wordt gevraagd", greeting: "Beste lezer,", label: "Het voorstel",
		address:    strings.TrimSuffix(o.BaseURL, "/") + path.Proposal(a.Key),
		paragraphs: []string{"Over een voorstel wordt uw advies gevraagd. Na het inloggen leest u het voorstel, de vraag en de termijn. U vindt het ook bij Vandaag."},
		closing:    "Antwoorden op deze e-mail leest niemand.",
	}
	var people []meeting.Addressee
	var err error
	if a.Body != "" {
		people, err = meeting.ClerksOf(ctx, o.DB, []id.Body{a.Body}, o.Now())
	} else {
		people, err = meeting.People(ctx, o.DB, []id.Person{a.Person})
	}
	if err != nil {
		return err
	}
	act := mailing.Act{Cause: a.Cause(), Title: l.subject, Object: string(a.Advice), OrgIDs: append([]id.Organisation{}, a.OrgIDs...), Kept: a.MadeUp}
	return o.send(ctx, act, l, people, ical.Event{}, "")
}
