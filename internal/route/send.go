package route

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
)

var (
	// closedRoute: only the body that a closed paper is for may pass it on (GW-88, WGR-16.5), and that is not done here.
	closedRoute = fault.Because("Dit voorstel is vertrouwelijk. Alleen het gremium waarvoor het bedoeld is, mag het met anderen delen. " +
		"Daarom kan het niet langs een route.")
	notOffered = fault.Because("Bied het voorstel eerst aan. Dan staat de tekst vast als versie 1, en die gaat de route langs.")
)

// Send puts steps of the route in the in-trays of their griffiers: from now on the organisations of those bodies read the paper,
// and not before. Rules that are not met come back as fault.Fields under their ids; reasons are given by rule id. A step
// that was sent already stays as it is.
func Send(ctx context.Context, db postgres.DB, actor access.Actor, paper id.Proposal, keys []string, reasons map[string]string) error {
	if len(keys) > maxSteps {
		return fault.Fields{"steps": "Een route heeft hoogstens 1.000 stappen. Kies opnieuw."}
	}
	return routing(ctx, db, actor, paper, "route.send", func(tx pgx.Tx, p proposal.Proposal, steps []Step) (string, error) {
		if len(keys) == 0 {
			return "", fault.Fields{"steps": "Kies ten minste één gremium."}
		}
		if p.Closed() {
			return "", closedRoute
		}
		if p.State.Inner() {
			return "", notOffered
		}
		sending, err := chosen(steps, keys)
		if err != nil || len(sending) == 0 {
			return "", err
		}
		found := SendFindings(steps, sending, actor.At)
		if err := found.Unmet(reasons); err != nil {
			return "", err
		}
		if actor.MustConfirm() {
			return "", fault.Unconfirmed
		}
		return found.Reasons(reasons), sendSteps(ctx, tx, actor, p, sending)
	})
}

// chosen are the steps with these keys that can be sent, each once, in the order of the keys.
func chosen(steps []Step, keys []string) ([]Step, error) {
	var sending []Step
	for _, key := range keys {
		at := slices.IndexFunc(steps, func(s Step) bool { return s.Key == key })
		if at < 0 {
			return nil, fault.Fields{"steps": "Een gekozen stap staat niet meer in de route. Kijk wat er nu staat en kies opnieuw."}
		}
		if s := steps[at]; s.Sendable() && !slices.ContainsFunc(sending, func(there Step) bool { return there.ID == s.ID }) {
			sending = append(sending, s)
		}
	}
	return sending, nil
}

// sendSteps puts steps in the in-trays of their griffies, lets their organisations read the paper and tells them by mail.
func sendSteps(ctx context.Context, tx pgx.Tx, actor access.Actor, p proposal.Proposal, sending []Step) error {
	var ids []id.Step
	var orgs []id.Organisation
	for _, s := range sending {
		ids, orgs = append(ids, s.ID), append(orgs, s.OrgID)
	}
	if err := markSent(ctx, tx, actor, p, ids); err != nil {
		return err
	}
	if err := proposal.ShareAlong(ctx, tx, actor, p, orgs); err != nil {
		return err
	}
	if err := keepTerms(ctx, tx, actor, ids); err != nil {
		return err
	}
	return tell(ctx, tx, actor, TellSent, p.ID, sending)
}

// Skip leaves a body out, with a reason that whoever sees the route reads. What stands on an agenda is taken off there first.
func Skip(ctx context.Context, db postgres.DB, actor access.Actor, paper id.Proposal, key, reason string, version int) error {
	reason = strings.TrimSpace(reason)
	return planned(ctx, db, actor, paper, key, "route.skip", func(tx pgx.Tx, s Step) (string, error) {
		switch {
		case s.State == StepSkipped && s.Reason == reason:
			return "", nil
		case s.Version != version:
			return "", fault.Conflict
		case s.State == StepScheduled:
			return "", fault.Because("Dit voorstel staat op een agenda van %s. Vraag de griffier om het eraf te halen; daarna kunt u de stap overslaan.", s.Body())
		case s.State == StepTreated || s.State == StepSkipped:
			return "", fault.Because("Deze stap is klaar en verandert niet meer.")
		}
		if err := checkReason(reason, "Vul in waarom u deze stap overslaat. Wie de route ziet, leest deze reden."); err != nil {
			return "", err
		}
		s.State, s.Reason, s.SettledAt = StepSkipped, reason, &actor.At
		return reason, updateStep(ctx, tx, actor, s)
	})
}

func checkReason(reason, missing string) error {
	f := fault.Fields{}
	f.Must(reason != "", "reason", missing)
	f.Must(utf8.RuneCountInString(reason) <= 2000, "reason", "Maak de reden korter: hoogstens 2.000 tekens.")
	return f.Err()
}
