package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-chi/chi/v5"

	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/collaboration/collaborationtest"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/web"
)

var paramForm = regexp.MustCompile(`\{([a-z]+)\}`)

// together are the keys that make a place only together: a council within a procedure is named by its organisation.
var together = map[string]string{"organisation": "procedure"}

// crossed are the addresses of a pattern with the last key taken from another place than the others: the thing of one at another.
func (w *world) crossed(pattern string) []string {
	var params []string
	for _, m := range paramForm.FindAllStringSubmatch(pattern, -1) {
		params = append(params, m[1])
	}
	if len(params) < 2 {
		return nil
	}
	last := params[len(params)-1]
	belongs := map[string]bool{} // the addresses of things as they are
	parents, children := map[string]map[string]string{}, map[string]bool{}
	for name, thing := range w.things {
		if address, ok := fill(pattern, thing); ok {
			belongs[address] = true
		}
		if name == "niets" || strings.HasSuffix(name, "zonder dat deel") || together[last] != "" && strings.HasPrefix(pattern, "/zienswijzen") {
			continue
		}
		if thing[last] != "" {
			children[thing[last]] = true
		}
		keys, complete := map[string]string{}, true
		for _, p := range params[:len(params)-1] {
			keys[p], complete = thing[p], complete && thing[p] != ""
		}
		if complete {
			parents[fmt.Sprint(keys)] = keys
		}
	}
	if last == "party" { // a body has to do with every meeting that it holds, or is asked to
		rows, err := w.owner.Query(w.t.Context(), `select m.slug, coalesce(b.key, o.key) from meetings m
			join (select meeting_id, organisation_id, body_id from meeting_organisers union select meeting_id, organisation_id, body_id
			  from organiser_requests) p on p.meeting_id = m.id
			join organisations o on o.id = p.organisation_id left join bodies b on b.id = p.body_id`)
		done(w.t, "asking who holds what", err)
		for rows.Next() {
			var slug, key string
			done(w.t, "asking who holds what", rows.Scan(&slug, &key))
			address, _ := fill(pattern, map[string]string{"meeting": slug, "party": key})
			belongs[address] = true
		}
		done(w.t, "asking who holds what", rows.Err())
	}
	if together[last] != "" && strings.HasPrefix(pattern, "/zienswijzen") { // of an organisation that takes no part
		for _, thing := range w.things {
			if thing["procedure"] != "" {
				parents[thing["procedure"]] = map[string]string{"procedure": thing["procedure"]}
			}
		}
		children["joint"] = true
	}
	var found []string
	for _, keys := range parents {
		for child := range children {
			all := maps.Clone(keys)
			all[last] = child
			if address, ok := fill(pattern, all); ok && !belongs[address] {
				found = append(found, address)
			}
		}
	}
	slices.Sort(found)
	return found
}

// extra are keys that the things of the world do not carry, of everything that hangs below something else.
func (w *world) extra(t testing.TB) {
	t.Helper()
	joint := ok(partner.FindOrganisation(t.Context(), w.db, partnertest.Seeder, "joint"))(t, "finding")
	second := collaborationtest.Collaboration(t, w.db, collaboration.PublicBody, joint)
	w.things["tweede regeling"] = map[string]string{"collaboration": second.Key}
	for name, sql := range map[string]string{
		"rol": `select jsonb_build_object('account', a.id, 'grant', g.id) from role_grants g join accounts a on a.person_id = g.person_id`,
		"functies": `select jsonb_build_object('organisation', o.key, 'body', b.key, 'mandate', m.id) from mandates m join bodies b
				on b.id = m.body_id join organisations o on o.id = b.organisation_id`,
		"gremia":   `select jsonb_build_object('organisation', o.key, 'body', b.key) from bodies b join organisations o on o.id = b.organisation_id`,
		"adviezen": `select jsonb_build_object('proposal', p.key, 'advice', v.id) from advices v join proposals p on p.id = v.proposal_id`,
		"vragen": `select jsonb_build_object('proposal', p.key, 'step', s.key, 'question', q.key) from route_questions q join route_steps s
				on s.id = q.step_id join proposals p on p.id = s.proposal_id`,
		"stappen":     `select jsonb_build_object('proposal', p.key, 'step', s.key) from route_steps s join proposals p on p.id = s.proposal_id`,
		"delen":       `select jsonb_build_object('meeting', m.slug, 'section', s.id) from agenda_sections s join meetings m on m.id = s.meeting_id`,
		"verzending":  `select jsonb_build_object('meeting', m.slug, 'mailing', g.id) from mailings g join meetings m on m.id = g.object_id`,
		"uitnodiging": `select jsonb_build_object('invitation', i.key, 'mailing', g.id) from mailings g join invitations i on i.id = g.object_id`,
		"punten":      `select jsonb_build_object('meeting', m.slug, 'item', i.key) from agenda_items i join meetings m on m.id = i.meeting_id`,
	} {
		rows, err := w.owner.Query(t.Context(), sql)
		done(t, name, err)
		for n := 0; rows.Next(); n++ {
			var keys map[string]string
			done(t, name, rows.Scan(&keys))
			w.things[fmt.Sprintf("%s nr %d", name, n)] = keys
		}
		done(t, name, rows.Err())
	}
}

// A thing under the wrong parent does not exist: whoever asks, and whatever the act, the answer is that nothing is found, and nothing
// changes.
func TestWhatBelongsElsewhereIsNotFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.extra(t)
	var patterns []string
	done(t, "walking the router", chi.Walk(web.Addresses(web.App{DB: w.db, Files: w.files}),
		func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
			if method == http.MethodPost && strings.Count(pattern, "{") >= 2 {
				patterns = append(patterns, tidy(pattern))
			}
			return nil
		}))
	before := w.contents(t)
	var mu sync.Mutex
	var wrong []string
	asked, tried := 0, map[string]int{}
	each := 15 // addresses of a pattern
	if proving() {
		each = 50
	}
	// Those who may do most.
	most := []string{"own griffier", "own secretaris", "own steller", "joint bestuurssecretaris", "beheerder", "other griffier"}
	w.everyVisitor(func(v visitor) {
		if !slices.Contains(most, v.name) {
			return
		}
		for _, pattern := range patterns {
			addresses := w.crossed(pattern)
			step := max(1, len(addresses)/each) // spread over all of them
			for n := slices.Index(most, v.name) % step; n < len(addresses); n += step {
				answer := w.ask(v, http.MethodPost, addresses[n], url.Values{"version": {"1"}, "richting": {"omhoog"}, "text": {"Tekst"}, "reason": {"Reden"}})
				mu.Lock()
				asked++
				if answer.Code == http.StatusNotFound {
					tried[pattern]++
				} else if answer.Code != http.StatusForbidden { // of a parent that he sees, and may do nothing with
					wrong = append(wrong, fmt.Sprintf("POST %s as %s: %d at %s", pattern, v.name, answer.Code, addresses[n]))
				}
				mu.Unlock()
			}
		}
	})
	slices.Sort(wrong)
	wrong = slices.CompactFunc(wrong, func(a, b string) bool { // one of each will do
		a, _, _ = strings.Cut(a, " at ")
		b, _, _ = strings.Cut(b, " at ")
		return a == b
	})
	report(t, "under the wrong parent", wrong)
	for _, pattern := range patterns {
		if tried[pattern] == 0 {
			t.Errorf("%s: nobody got as far as not finding it", pattern)
		}
	}
	if after := w.contents(t); after != before {
		t.Errorf("the world has changed:\n%s\n%s", before, after)
	}
	t.Logf("%d addresses, %d forms", len(patterns), asked)
}
