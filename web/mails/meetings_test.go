package mails_test

import (
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal/proposaltest"
)

// A griffie that is asked hears so, those who asked hear the answer, and no mail tells anything of the meeting.
func TestAGriffieHearsThatItIsAskedAndTheOtherWhatItAnswers(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	post := office{t, db, pgtest.Owner(t, db)}
	here, asked := proposaltest.NewPlace(t, db, "Hier"), proposaltest.NewPlace(t, db, "Daar")
	for _, p := range []proposaltest.Place{here, asked} {
		p.Acts(t, db)
		_, err := post.owner.Exec(t.Context(), `update persons set work_email = $2 where id = $1`, string(p.Clerk.Person), "griffier@"+p.Key+".example")
		ok(t, err)
	}
	start := proposaltest.At.AddDate(0, 0, 30)
	end := start.Add(time.Hour)
	create := func() meeting.Meeting {
		m, err := meeting.Create(t.Context(), db, here.Clerk, meeting.Draft{
			Kind: meeting.Council, Bodies: []id.Body{here.Body, asked.Body}, StartsAt: &start, EndsAt: &end, Location: "GEHEIME PLAATS", Open: true,
			Title: "GEHEIME TITEL",
		})
		ok(t, err)
		return m
	}
	told := func(want string, n int) []written {
		t.Helper()
		got := post.takes()
		if len(got) != n {
			t.Fatalf("%d mails, want %d: %v", len(got), n, got)
		}
		for _, m := range got {
			if m.Address != want || strings.Contains(m.Subject+m.Text, "GEHEIM") {
				t.Errorf("%s gets: %s\n%s", m.Address, m.Subject, m.Text)
			}
		}
		return got
	}
	agreed, declined := create(), create()
	got := told("griffier@"+asked.Key+".example", 2)
	if address := "/vergaderingen/" + agreed.Slug + "/samen/" + asked.Key + "-raad"; !strings.Contains(got[0].Text+got[1].Text, address) {
		t.Errorf("no mail leads to %s", address)
	}
	ok(t, meeting.Agree(t.Context(), db, asked.Clerk, agreed.ID, asked.Key+"-raad"))
	told("griffier@"+here.Key+".example", 1)
	ok(t, meeting.Decline(t.Context(), db, asked.Clerk, declined.ID, asked.Key+"-raad", "GEHEIME REDEN"))
	told("griffier@"+here.Key+".example", 1)
	// What is taken back before its turn came is not asked.
	gone := create()
	ok(t, meeting.TakeBack(t.Context(), db, here.Clerk, gone.ID, asked.Key+"-raad"))
	told("", 0)
}
