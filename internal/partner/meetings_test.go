package partner_test

import (
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

func TestAnOrganisationShowsTheMeetingsThatWhoAsksMaySee(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	o := partnertest.Organisation(t, tx, "Heemstede")
	body := partnertest.Body(t, tx, o, partner.Council)
	insert := func(slug, state, visibility string, at time.Time, audience []id.Body) {
		t.Helper()
		m := id.New[id.Meeting]()
		// This room does not write meetings; the rows stand for what the room of meetings would write.
		for _, sql := range []string{
			`insert into meetings (id, slug, kind, title, host_org_id, starts_at, ends_at, state, visibility, org_ids, audience_bodies, created_at, updated_at)
			 values (@m, @slug, 'council', @title, @o, @at, @at::timestamptz + interval '1 hour', @state, @visibility, array[@o]::uuid[], @audience, @at, @at)`,
			`insert into meeting_organisers (meeting_id, sequence, organisation_id, body_id) values (@m, 1, @o, @b)`,
		} {
			if _, err := postgres.Exec(t.Context(), tx, sql, postgres.Args{
				"m": m, "slug": slug, "title": slug, "o": o.ID, "b": body.ID, "at": at, "state": state, "visibility": visibility, "audience": audience,
			}.As(access.Actor{})); err != nil {
				t.Fatal(err)
			}
		}
	}
	soon, past := partnertest.Then.AddDate(0, 0, 7), partnertest.Then.AddDate(0, 0, -7)
	insert("2018-06-08-open", "opgeroepen", "public", soon, nil)
	insert("2018-05-25-geweest", "opgeroepen", "public", past, nil)
	insert("2018-06-08-intern", "gepland", "org", soon, nil)
	insert("2018-06-08-dicht", "gepland", "org", soon, []id.Body{body.ID})
	insert("2018-06-08-concept", "concept", "public", soon, nil)

	for name, c := range map[string]struct {
		actor access.Actor
		want  int
	}{
		"public":           {access.Actor{}, 2},
		"works there":      {as(access.Grant{Role: access.Author, Organisation: o.ID}), 3},
		"sits in the body": {as(access.Grant{Role: access.Member, Organisation: o.ID, Body: body.ID}), 4},
		"administers":      {as(access.Grant{Role: access.Admin}), 2},
	} {
		c.actor.At = partnertest.Then
		var list []partner.MeetingLine
		if err := postgres.Read(t.Context(), tx, partner.MeetingsInto(&list, c.actor, o.Key)); err != nil {
			t.Fatal(err)
		}
		if len(list) != c.want {
			t.Errorf("%s: %d meetings, want %d: %+v", name, len(list), c.want, list)
			continue
		}
		if last := list[len(list)-1]; last.Coming || !list[0].Coming || list[0].Bodies[0] != body.Name {
			t.Errorf("%s: %+v; what comes stands before what was", name, list)
		}
	}
}
