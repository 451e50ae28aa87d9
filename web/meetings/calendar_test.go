package meetings_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/ical/icaltest"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres/pgtest"
)

// feed reads a calendar as anyone, and as another parser.
func (s *site) feed(address string) icaltest.Calendar {
	s.t.Helper()
	return icaltest.Read(s.t, []byte(s.must("", "GET", address, nil, 200)))[0]
}

func (s *site) feeds() (organisation, body string) {
	s.t.Helper()
	at := "/organisaties/" + s.org.Key
	return at + "/kalender.ics", at + "/gremia/" + s.body.Key + "/kalender.ics"
}

func TestAMeetingKeepsItsPlaceInEveryCalendar(t *testing.T) {
	s := open(t)
	organisation, body := s.feeds()
	m := s.meeting()
	if got := s.feed(body); len(got.Events) != 0 || got.Method != "PUBLISH" || got.Refresh != "PT60M" && got.Refresh != "PT1H" || got.TTL != "PT60M" {
		t.Errorf("a concept is in the feed, or the feed is no feed: %+v", got)
	}
	if strings.Contains(s.must("griffier", "GET", body, nil, 200), "BEGIN:VEVENT") {
		t.Error("a concept is in the feed of who prepares it")
	}
	s.item(m, s.sections(m)[0], "ONDERWERP")
	call := url.Values{"delivered_on": {"01-05-2040"}, "delivered_at": {"9.00"}, "version": {"1"}}
	s.must("griffier", "POST", m+"/oproep", call, 303)
	alone, all, ours := s.feed(m+"/kalender.ics"), s.feed(organisation), s.feed(body)
	if len(alone.Events) != 1 || len(all.Events) != 1 || len(ours.Events) != 1 {
		t.Fatalf("not one meeting each: %+v, %+v, %+v", alone, all, ours)
	}
	one := alone.Events[0]
	if one.UID == "" || one.UID != all.Events[0].UID || one.UID != ours.Events[0].UID ||
		one.Start != time.Date(2040, time.May, 17, 18, 0, 0, 0, time.UTC).Unix() || one.Status != "CONFIRMED" || one.Class != "PUBLIC" ||
		one.Location != "Raadzaal" || one.URL != "http://127.0.0.1"+m || one.Organiser.Name == "" {
		t.Errorf("the meeting: %+v", one)
	}
	if strings.Contains(s.must("", "GET", body, nil, 200), "ONDERWERP") {
		t.Error("the feed holds the title of an item")
	}
	s.must("griffier", "POST", m+"/annulering", url.Values{"reason": {"Ziekte"}, "version": {"2"}}, 303)
	cancelled := s.feed(body)
	if len(cancelled.Events) != 1 || cancelled.Events[0].Status != "CANCELLED" || cancelled.Events[0].UID != one.UID ||
		cancelled.Events[0].Sequence <= one.Sequence {
		t.Errorf("the cancelled meeting: %+v", cancelled)
	}
}

func TestAFeedIsSentOnceAsLongAsItStaysTheSame(t *testing.T) {
	s := open(t)
	_, body := s.feeds()
	m := s.meeting()
	_, _, header := s.ask("", "GET", body, nil)
	tag := header.Get("ETag")
	again := func(tag string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, body, nil)
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		return w
	}
	for _, known := range []string{tag, strings.TrimPrefix(tag, "W/"), `"other", ` + tag} {
		if w := again(known); w.Code != http.StatusNotModified || w.Body.Len() != 0 || w.Header().Get("ETag") != tag {
			t.Errorf("%s: %d with %d bytes", known, w.Code, w.Body.Len())
		}
	}
	s.item(m, s.sections(m)[0], "Opening")
	s.must("griffier", "POST", m+"/oproep", url.Values{"delivered_on": {"01-05-2040"}, "delivered_at": {"9.00"}, "version": {"1"}}, 303)
	w := again(tag)
	if w.Code != http.StatusOK || w.Header().Get("ETag") == tag || w.Header().Get("Last-Modified") == "" {
		t.Errorf("a meeting more: %d, %v", w.Code, w.Header())
	}
	if got := w.Header().Get("Content-Type"); got != "text/calendar; charset=utf-8; method=PUBLISH" {
		t.Errorf("content type %q", got)
	}
	if got := w.Header().Get("Content-Disposition"); got != `attachment; filename="`+s.body.Key+`.ics"` {
		t.Errorf("file name %q", got)
	}
}

func TestAFeedHoldsThePastYearAndAThousandMeetings(t *testing.T) {
	s := open(t)
	organisation, body := s.feeds()
	m := s.meeting()
	s.item(m, s.sections(m)[0], "Opening")
	s.must("griffier", "POST", m+"/oproep", url.Values{"delivered_on": {"01-05-2040"}, "delivered_at": {"9.00"}, "version": {"1"}}, 303)
	copies := func(slug, start, n string) {
		t.Helper()
		for _, sql := range []string{
			`insert into meetings select (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(), 'slug',
					m.slug || '-` + slug + `-' || n, 'starts_at', ` + start + `, 'ends_at', ` + start + ` + interval '2 hours'))).*
				from meetings m, generate_series(1, ` + n + `) n where m.slug = '` + strings.TrimPrefix(m, "/vergaderingen/") + `'`,
			`insert into meeting_organisers select m.id, o.sequence, o.organisation_id, o.body_id from meetings m, meeting_organisers o
				where m.slug like '%-` + slug + `-%' and o.meeting_id = (select id from meetings where slug = '` + strings.TrimPrefix(m, "/vergaderingen/") + `')`,
		} {
			if _, err := pgtest.Owner(t, s.db).Exec(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
	}
	copies("lang-geleden", "now() - interval '2 years'", "3")
	copies("laatst", "now() - interval '6 months'", "3")
	if got := len(s.feed(body).Events); got != 4 {
		t.Errorf("got %d meetings, want 4", got)
	}
	copies("straks", "now() + interval '1 day' * n", "998")
	calendar := s.must("", "GET", organisation, nil, 200)
	if got := strings.Count(calendar, "BEGIN:VEVENT"); got != 1000 || !strings.Contains(calendar, "-straks-998") ||
		strings.Count(strings.ReplaceAll(calendar, "\r\n ", ""), "URL:http://127.0.0.1"+m+"-laatst") != 1 {
		t.Errorf("got %d meetings, want 1,000, those to come first", got)
	}
}

func TestAFeedIsOfABodyOfThatOrganisation(t *testing.T) {
	s := open(t)
	elsewhere := partnertest.Body(t, s.db, partnertest.Organisation(t, s.db, "Bloemendaal"), "council")
	s.must("", "GET", "/organisaties/"+s.org.Key+"/gremia/"+elsewhere.Key+"/kalender.ics", nil, 404)
	organisation, body := s.feeds()
	s.must("", "GET", "/organisaties/"+s.org.Key, nil, 200, "Abonneer op deze agenda", "http://127.0.0.1"+organisation, "http://127.0.0.1"+body)
	s.meeting()
	s.must("griffier", "GET", "/vergaderingen", nil, 200, "Kies hierboven een organisatie")
	s.must("griffier", "GET", "/vergaderingen?organisatie="+s.org.Key, nil, 200, "http://127.0.0.1"+organisation)
}
