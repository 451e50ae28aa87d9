package mails

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/job"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/web/path"
)

func (o Office) ofRoutes() job.Table {
	return job.Table{
		route.TellSent: o.routeSent, proposal.TellWithdrawn: o.routeWithdrawn,
		route.LookAtTerms: o.routeTerms, route.LookAtRoutes: o.routeDigest,
	}
}

// toDesk writes to the griffie of a body. What is not public yet is not in the letter: it says that there is something.
func (o Office) toDesk(ctx context.Context, tx pgx.Tx, d route.Desk, act mailing.Act, l letter) error {
	act.Object = string(d.Step)
	return o.toClerks(ctx, tx, d.Body, d.Organisation, act, l)
}

func (o Office) toClerks(ctx context.Context, tx pgx.Tx, body id.Body, org id.Organisation, act mailing.Act, l letter) error {
	clerks, err := route.Clerks(ctx, tx, body, o.Now())
	if err != nil || len(clerks) == 0 {
		return err
	}
	var to []mailing.Recipient
	for _, c := range clerks {
		to = append(to, mailing.Recipient{Person: c.PersonID, Message: mail.Message{Name: c.Name, Address: strings.TrimSpace(c.Email)}})
	}
	act.Title, act.OrgIDs = l.subject, []id.Organisation{org}
	return o.postIn(ctx, tx, act, l, to)
}

// eachDesk does something for the step at each desk, read as the griffie there reads it; what she can no longer find is left out.
func eachDesk(t route.Telling, do func(d route.Desk) error) error {
	for _, d := range t.Desks {
		if err := do(d); err != nil {
			return err
		}
	}
	return nil
}

// waiting is the step at a desk as long as it lies in the in-tray; ok is false when it does not.
func (o Office) waiting(ctx context.Context, d route.Desk) (r route.Received, ok bool, err error) {
	var found []route.Received
	if err := postgres.Read(ctx, o.DB, route.DeskStep(&found, d, o.Now())); err != nil {
		return r, false, err
	}
	if len(found) == 0 || found[0].State != route.StepSent {
		return r, false, nil
	}
	return found[0], true, nil
}

// routeSent tells the griffies that a paper lies in their in-trays. One that was taken up meanwhile is not told.
func (o Office) routeSent(ctx context.Context, args json.RawMessage) error {
	var t route.Telling
	if err := json.Unmarshal(args, &t); err != nil {
		return fmt.Errorf("reading the job: %w", err)
	}
	return eachDesk(t, func(d route.Desk) error {
		r, ok, err := o.waiting(ctx, d)
		if err != nil || !ok {
			return err
		}
		l := o.deskLetter(r, "Voorstel van "+r.OwnerName+" voor "+r.Body(),
			r.OwnerName+" heeft een voorstel verzonden. Het ligt in uw postvak. Zet het op een agenda, plan het voor later, stel een vraag of weiger het met een reden.")
		act := mailing.Act{Cause: t.Cause(route.TellSent, d), Kept: r.MadeUp}
		return pgx.BeginFunc(ctx, o.DB, func(tx pgx.Tx) error { return o.toDesk(ctx, tx, d, act, l) })
	})
}

func (o Office) deskLetter(r route.Received, subject, paragraph string) letter {
	l := letter{
		subject:    short(subject),
		greeting:   "Beste griffie,",
		paragraphs: []string{paragraph},
		facts:      [][2]string{{"Van", r.OwnerName}, {"Voor", r.Body()}},
		label:      "Het voorstel",
		address:    strings.TrimSuffix(o.BaseURL, "/") + path.Step(r.PaperKey, r.Key),
		closing:    deskClosing(r.Body()),
	}
	if r.Deadline != nil {
		l.facts = append(l.facts, [2]string{"Uiterlijk", dutch.Weekday(*r.Deadline)})
	}
	return l
}

func deskClosing(body string) string {
	return "U krijgt deze e-mail als griffie van " + body +
		". U leest het voorstel na het inloggen. Antwoorden op deze e-mail leest niemand; een vraag stelt u bij het voorstel."
}

// routeWithdrawn tells the griffies that had the paper when its owner took it back.
func (o Office) routeWithdrawn(ctx context.Context, args json.RawMessage) error {
	var w proposal.Withdrawal
	if err := json.Unmarshal(args, &w); err != nil {
		return fmt.Errorf("reading the job: %w", err)
	}
	t := route.Recall(w)
	return eachDesk(t, func(d route.Desk) error {
		p, err := proposal.Find(ctx, o.DB, d.Actor(o.Now()), t.Proposal)
		if errors.Is(err, fault.NotFound) || err == nil && p.State != proposal.Withdrawn {
			return nil
		}
		if err != nil {
			return err
		}
		l := letter{
			subject:  short("Ingetrokken: voorstel van " + p.OwnerName),
			greeting: "Beste griffie,",
			paragraphs: []string{p.OwnerName +
				" heeft een voorstel ingetrokken dat bij u lag. U hoeft er niets meer mee te doen. Staat het op uw agenda, haal het er dan af; " +
				"de reden leest u bij het voorstel."},
			facts:   [][2]string{{"Van", p.OwnerName}},
			label:   "Het voorstel",
			address: strings.TrimSuffix(o.BaseURL, "/") + path.Route(p.Key),
			closing: "U krijgt deze e-mail als griffie die dit voorstel kreeg. Antwoorden op deze e-mail leest niemand.",
		}
		act := mailing.Act{Cause: t.Cause(proposal.TellWithdrawn, d), Kept: p.MadeUp}
		return pgx.BeginFunc(ctx, o.DB, func(tx pgx.Tx) error { return o.toDesk(ctx, tx, d, act, l) })
	})
}

// routeTerms reminds griffies of what they have not planned while the last day comes near, and lets terms pass.
func (o Office) routeTerms(ctx context.Context, _ json.RawMessage) error {
	now := o.Now()
	terms, err := route.Terms(ctx, o.DB, now)
	if err != nil {
		return err
	}
	for _, t := range terms { // what goes wrong with one does not keep others waiting
		if t.Passed(now) {
			err = errors.Join(err, route.Expire(ctx, o.DB, t, now))
		} else {
			err = errors.Join(err, o.remind(ctx, t, now))
		}
	}
	return err
}

// remind writes to the griffie when the step lies in its in-tray without a day.
func (o Office) remind(ctx context.Context, t route.Term, now time.Time) error {
	r, waits, err := o.waiting(ctx, t.Desk())
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, o.DB, func(tx pgx.Tx) error {
		if waits && r.PlannedFor == nil {
			l := o.deskLetter(r, "Nog niet op een agenda: voorstel van "+r.OwnerName+" voor "+r.Body(),
				"In uw postvak ligt een voorstel dat nog niet op een agenda staat. "+dutch.Capital(dutch.Relative(t.DueOn, now))+" is de uiterste dag.")
			act := mailing.Act{Cause: fmt.Sprintf("route.reminder:%s:%s", t.StepID, dutch.DateKey(t.DueOn)), Kept: r.MadeUp, Topic: mailing.Reminders}
			if err := o.toDesk(ctx, tx, t.Desk(), act, l); err != nil {
				return err
			}
		}
		return route.Reminded(ctx, tx, t, now)
	})
}

// digestFrom is the hour from which followers hear what changed, in Amsterdam.
const digestFrom = 7

// routeDigest writes to each follower at most once a day, about all routes he follows. What is not public has no subject in it.
func (o Office) routeDigest(ctx context.Context, _ json.RawMessage) error {
	now := o.Now()
	if now.In(dutch.Zone).Hour() < digestFrom {
		return nil
	}
	var failed error
	for last := id.Person(""); ; {
		followers, err := route.Followers(ctx, o.DB, now, last)
		if err != nil || len(followers) == 0 {
			return errors.Join(failed, err)
		}
		for _, f := range followers { // what goes wrong for one does not keep the news from others
			failed, last = errors.Join(failed, o.digest(ctx, f, now)), f.PersonID
		}
	}
}

func (o Office) digest(ctx context.Context, f route.Follower, now time.Time) error {
	actor, err := identity.ActorOf(ctx, o.DB, f.AccountID, now)
	if errors.Is(err, fault.NotFound) {
		return nil // closed in the meantime
	}
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, o.DB, func(tx pgx.Tx) error {
		news, err := route.NewsFor(ctx, tx, actor)
		if err != nil || len(news) == 0 {
			return err
		}
		base := strings.TrimSuffix(o.BaseURL, "/")
		l := letter{
			subject:    "Nieuws over " + dutch.Count(len(news), "route die u volgt", "routes die u volgt"),
			greeting:   "Beste lezer,",
			paragraphs: []string{"Dit veranderde er sinds de vorige e-mail op de routes die u volgt."},
			label:      "De route",
			address:    base + path.Route(news[0].Key),
			closing:    "U krijgt deze e-mail omdat u deze routes volgt, hoogstens één keer per dag. Op de pagina van een route zet u dat uit.",
		}
		if len(news) > 1 {
			l.label, l.address = "Naar Regiogriffie", base+path.Today
		}
		kept := true
		for _, n := range news {
			title := "Voorstel van " + n.OwnerName
			if n.Public {
				title = n.Subject
			}
			l.facts = append(l.facts, [2]string{title, changes(n) + ": " + base + path.Route(n.Key)})
			kept = kept && n.MadeUp
		}
		act := mailing.Act{
			Cause: "route.digest:" + string(f.PersonID) + ":" + dutch.DateKey(now), Title: l.subject, Object: string(f.PersonID),
			OrgIDs: []id.Organisation{}, Kept: kept, Topic: mailing.Follow,
		}
		to := []mailing.Recipient{{Person: f.PersonID, Message: mail.Message{Name: f.Name, Address: strings.TrimSpace(f.Email)}}}
		if err := o.postIn(ctx, tx, act, l, to); err != nil {
			return err
		}
		return route.Told(ctx, tx, actor)
	})
}

// changes tells what changed on a route, in words.
func changes(n route.News) string {
	if n.Withdrawn {
		return "ingetrokken"
	}
	var parts []string
	for _, part := range []struct {
		n    int
		word string
	}{{n.Treated, "behandeld"}, {n.Scheduled, "op een agenda"}, {n.Refused, "geweigerd"}, {n.Sent, "verzonden"}, {n.Other, "overgeslagen of verlopen"}} {
		if part.n > 0 {
			parts = append(parts, dutch.Number(part.n)+" "+part.word)
		}
	}
	return dutch.List(parts)
}
