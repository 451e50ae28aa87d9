package routes_test

import (
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/route"
	"regiogriffie/internal/route/routetest"
)

var listed = regexp.MustCompile(`<a href="/voorstellen/[a-z0-9]+/route">([^<]*)</a>`)

var following = regexp.MustCompile(`rel="next" href="([^"]*)"`)

func subjects(page string) []string {
	var list []string
	for _, m := range listed.FindAllStringSubmatch(page, -1) {
		list = append(list, m[1])
	}
	return list
}

// Six hundred routes stay readable: by group, the most urgent first, a page at a time, and narrowed by the address.
func TestSixHundredRoutesStayReadable(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, here := s.places()
	other := proposaltest.NewPlace(t, s.db, "Katwijk")
	c := s.arrangement(owner, here, other)
	p := proposaltest.Offered(t, s.db, owner.Author, owner.ID, owner.Body)
	args := postgres.Args{"id": p.ID, "c": c, "here": here.Body, "other": other.Body, "at": proposaltest.At}.As(owner.Author)
	for _, sql := range []string{
		`insert into proposals select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'key', 'kopie'||n, 'subject',
				'Voorstel '||lpad(n::text, 3, '0'), 'visibility', 'public'))).*
			from proposals p, generate_series(1, 600) n where p.id = @id`,
		// Every route goes along two bodies; number n is due in n days, but 1 to 20 were due before, and 600 is done. Even ones go through the arrangement.
		`insert into route_steps (id, key, proposal_id, sequence, body_id, collaboration_id, treatment, state, sent_at, deadline, outcome,
				visibility, org_ids, created_at, updated_at)
			select gen_random_uuid(), p.key||b.n, p.id, 1, b.id, case when r.n % 2 = 0 then @c::uuid end, 'formal_view', case when r.n = 600
			  then 'behandeld' else 'verzonden' end, @at,
			  (@at::timestamptz)::date + case when r.n <= 20 then -r.n else r.n end, '', 'public', p.org_ids, @at, @at
			from proposals p cross join lateral (select right(p.subject, 3)::int as n) r, (values ('a', @here::uuid), ('b', @other::uuid)) b (n, id)
			  where p.key like 'kopie%'`,
	} {
		s.run(sql, args)
	}
	public := access.Actor{At: proposaltest.At}
	began := time.Now()
	page := s.get(public, "/routes", http.StatusOK)
	t.Logf("600 routes: %d bytes, %v", len(page), time.Since(began).Round(time.Millisecond))
	found := subjects(page)
	if len(found) != route.PerPage || len(page) > 100_000 {
		t.Errorf("%d routes in %d bytes; want %d in less than 100,000", len(found), len(page), route.PerPage)
	}
	says(t, page, "599 routes", "Gemeenschappelijke regeling", "2 nog niet op een agenda · 2 te laat")
	if !slices.Equal(found[:3], []string{"Voorstel 020", "Voorstel 018", "Voorstel 016"}) || found[10] != "Voorstel 022" {
		t.Errorf("the order is %q", found[:12])
	}
	if page = s.get(public, "/routes?bladzijde=12", http.StatusOK); len(subjects(page)) != 49 {
		t.Errorf("the last page has %d routes, want 49", len(subjects(page)))
	}
	// Without script the links go through all of it. A page begins after the last row of the one before, also when that moved.
	seen, pages := map[string]bool{}, 0
	for address := "/routes"; address != ""; pages++ {
		page := s.get(public, address, http.StatusOK)
		for _, subject := range subjects(page) {
			if seen[subject] {
				t.Errorf("%s shows %q again", address, subject)
			}
			seen[subject] = true
		}
		address = ""
		if next := following.FindStringSubmatch(page); next != nil {
			address = html.UnescapeString(next[1])
		}
		if pages == 0 {
			says(t, page, "Bladzijde 1")
			s.run(`update route_steps set state = 'behandeld' where proposal_id = (select id from proposals where subject = 'Voorstel 022')`, args)
		}
	}
	if pages != 12 || len(seen) != 599 {
		t.Errorf("%d pages with %d routes, want 12 with 599", pages, len(seen))
	}
	s.run(`update route_steps set state = 'verzonden' where proposal_id = (select id from proposals where subject = 'Voorstel 022')`, args)
	for address, want := range map[string]int{
		"/routes?stand=te-laat": 20, "/routes?stand=klaar": 1, "/routes?stand=deze-week": 0, "/routes?stand=gepland": 0, "/routes?zoek=voorstel+59": 10,
		"/routes?gremium=katwijk&zoek=59": 16,
		"/routes?gremium=bestaat-niet":    0, "/routes?organisatie=" + other.Key: 0, "/routes?organisatie=" + owner.Key + "&stand=te-laat": 20,
		"/routes?samenwerking=bestaat-niet": 0,
	} {
		if n := len(subjects(s.get(public, address, http.StatusOK))); n != want {
			t.Errorf("%s: %d routes, want %d", address, n, want)
		}
	}
	if page = s.get(public, "/routes?samenwerking=regeling-"+string(c)[28:]+"&stand=te-laat", http.StatusOK); len(subjects(page)) != 10 {
		t.Errorf("%d late routes through the arrangement, want 10", len(subjects(page)))
	}

	// A meeting puts the last safe day before the deadline: papers are in two weeks earlier.
	s.run(`update bodies set papers_due_days = 14 where id = @here`, args)
	s.council(here, 35)
	page = s.get(public, "/routes?zoek=voorstel+040", http.StatusOK)
	if strings.Contains(page, "22 jun") {
		t.Error("the public sees a day that follows from a meeting that is not announced")
	}
	clerk := here.Clerk
	says(t, s.get(clerk, "/routes?zoek=voorstel+040", http.StatusOK), "22 jun")
}

// Nobody sees a route by a step that is not his to see.
func TestARouteIsListedByWhatOneMaySeeOfIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, here := s.places()
	other := proposaltest.NewPlace(t, s.db, "Katwijk")
	p := proposaltest.Offered(t, s.db, owner.Author, owner.ID, owner.Body)
	must(t, route.AddStep(t.Context(), s.db, owner.Author, p.ID, routetest.Step(here, 1)))
	for _, who := range []access.Actor{owner.Author, here.Clerk} {
		silent(t, s.get(who, "/routes", http.StatusOK), p.Subject)
	}
	must(t, route.Send(t.Context(), s.db, owner.Author, p.ID, []string{s.stepOf(owner.Author, p, here).Key}, nil))
	for _, who := range []access.Actor{owner.Author, here.Clerk} {
		says(t, s.get(who, "/routes", http.StatusOK), p.Subject, "1 nog niet op een agenda")
	}
	for _, who := range []access.Actor{{At: proposaltest.At}, other.Clerk} {
		silent(t, s.get(who, "/routes", http.StatusOK), p.Subject)
	}
	must(t, proposal.Withdraw(t.Context(), s.db, owner.Author, p.ID, "Niet meer nodig."))
	silent(t, s.get(here.Clerk, "/routes", http.StatusOK), p.Subject)
}
