package mails

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

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
	message, err := l.message()
	if err != nil {
		return fmt.Errorf("writing the letter: %w", err)
	}
	var people []meeting.Addressee
	if a.Body != "" {
		people, err = meeting.ClerksOf(ctx, o.DB, []id.Body{a.Body}, o.Now())
	} else {
		people, err = meeting.People(ctx, o.DB, []id.Person{a.Person})
	}
	if err != nil {
		return err
	}
	var to []mailing.Recipient
	for _, p := range people {
		message.Name, message.Address = p.Name, strings.TrimSpace(p.Email)
		to = append(to, mailing.Recipient{Person: p.PersonID, Message: message})
	}
	act := mailing.Act{Cause: a.Cause(), Title: l.subject, Object: string(a.Advice), OrgIDs: append([]id.Organisation{}, a.OrgIDs...), Kept: a.MadeUp}
	return pgx.BeginFunc(ctx, o.DB, func(tx pgx.Tx) error { return mailing.Create(ctx, tx, act, o.host(), to) })
}
