package invitation_test

import (
	"reflect"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/field"
	"regiogriffie/internal/field/fieldtest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/invitation/invitationtest"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
)

var ofWhatWasChanged = map[string]string{"version": "it is that of what was changed"}

func TestEveryFieldOfAnInvitationIsKept(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := newRegion(t, tx)
	i := begunWithEveryField(t, tx, r)
	i = everyWordIsKept(t, tx, r, i)
	i = everyGuestIsKept(t, tx, r, i)
	i = everyPartIsKept(t, tx, r, i)
	for _, f := range field.Of[invitation.Content]() {
		if f.In(reflect.ValueOf(i.Content)).IsZero() {
			t.Errorf("%s of Content is filled in nowhere: it needs a field of Text, Guests or PartDraft in internal/invitation, and the verb of that", f.Go)
		}
	}
}

func begunWithEveryField(t *testing.T, db postgres.DB, r region) invitation.Invitation {
	t.Helper()
	start := proposaltest.At.AddDate(0, 0, 30).Truncate(time.Hour)
	end := start.Add(2 * time.Hour)
	d := fieldtest.Full[invitation.Draft](t, "Begin", map[string]any{
		"key": "abcdefghjkmn", "meeting_id": id.Meeting(""), "kind": meeting.Conference, "orgs": []id.Organisation{r.here.ID, r.there.ID},
		"starts_at": &start, "ends_at": &end,
	})
	i, err := invitation.Create(t.Context(), db, r.here.Secretary, d)
	ok(t, err)
	found := fieldtest.Found(nil, field.Values(i), field.Values(i.Event))
	var orgs []id.Organisation
	for _, o := range i.Organisers {
		orgs = append(orgs, o.ID)
	}
	found["orgs"] = orgs
	fieldtest.Kept(t, "Create", "create and gathering in internal/invitation/compose.go", d, found,
		map[string]string{"meeting_id": "none was chosen, so that one was made"})
	return i
}

func everyWordIsKept(t *testing.T, db postgres.DB, r region, i invitation.Invitation) invitation.Invitation {
	t.Helper()
	before, after := i.StartsAt, i.EndsAt
	start, end := before.AddDate(0, 0, 1), after.AddDate(0, 0, 1)
	full := fieldtest.Full[invitation.Text](t, "Tekst", map[string]any{
		"purpose": proposal.Decisive, "sections": []invitation.Section{{Heading: "Tekst Kop", Text: "Tekst Deel"}},
		"starts_at": &start, "ends_at": &end, "version": 0,
	})
	for _, text := range []invitation.Text{full, {Title: "Niets", StartsAt: &before, EndsAt: &after}, full} {
		text.Version = i.Version
		ok(t, invitation.Revise(t.Context(), db, r.here.Secretary, i.ID, text))
		i = invitationtest.Again(t, db, r.here.Secretary, i)
		fieldtest.Kept(t, "Revise", "Content, and Revise in internal/invitation/compose.go,", text,
			fieldtest.Found(nil, field.Values(i), field.Values(i.Event), field.Values(i.Content)), ofWhatWasChanged)
	}
	return i
}

func everyGuestIsKept(t *testing.T, db postgres.DB, r region, i invitation.Invitation) invitation.Invitation {
	t.Helper()
	mayor, helper := r.mayors[r.here.ID].Person, partnertest.Person(t, db, "Organisator")
	partnertest.Role(t, db, helper, access.Organiser, r.here.ID)
	full := fieldtest.Full[invitation.Guests](t, "Gasten", map[string]any{
		"bodies": []id.Body{r.here.Body}, "signers": []invitation.SignerDraft{{Organisation: r.here.ID, Person: mayor}},
		"writers": []id.Person{helper.ID}, "version": 0,
	})
	for _, g := range []invitation.Guests{full, {}, full} {
		g.Version = i.Version
		ok(t, invitation.Address(t.Context(), db, r.here.Secretary, i.ID, g))
		i = invitationtest.Again(t, db, r.here.Secretary, i)
		found := fieldtest.Found(map[string]string{"bodies": "body_ids"}, field.Values(i), field.Values(i.Content))
		var signers []invitation.SignerDraft
		for _, s := range i.Signers {
			signers = append(signers, invitation.SignerDraft{Organisation: s.OrganisationID, Person: s.PersonID})
		}
		var writers []id.Person
		for _, p := range i.WriterIDs {
			if p != mayor { // who signs reads along
				writers = append(writers, p)
			}
		}
		found["signers"], found["writers"] = signers, writers
		fieldtest.Kept(t, "Address", "Address in internal/invitation/compose.go", g, found, ofWhatWasChanged)
	}
	return i
}

func everyPartIsKept(t *testing.T, db postgres.DB, r region, i invitation.Invitation) invitation.Invitation {
	t.Helper()
	rounds, minutes := 2, 15
	carousel := fieldtest.Full[invitation.PartDraft](t, "Onderdeel", map[string]any{
		"id": id.New[id.Part](), "kind": invitation.Carousel, "presenters": []invitation.Presenter{{Name: "Onderdeel Spreker", Role: "directeur"}},
		"minutes": (*int)(nil), "rounds": &rounds, "round_minutes": &minutes, "version": 0, // its length follows from the rounds
	})
	kept := func(act string, d invitation.PartDraft) {
		t.Helper()
		i = invitationtest.Again(t, db, r.here.Secretary, i)
		p := i.Content.Programme[0]
		found := field.Values(p)
		var sessions []string
		for _, s := range p.Sessions {
			sessions = append(sessions, s.Title)
		}
		found["sessions"] = sessions
		fieldtest.Kept(t, act, "Part, and part in internal/invitation/programme.go,", d, found, ofWhatWasChanged)
	}
	_, err := invitation.AddPart(t.Context(), db, r.here.Secretary, i.ID, carousel)
	ok(t, err)
	kept("AddPart", carousel)
	for _, d := range []invitation.PartDraft{{ID: carousel.ID, Title: "Niets", Kind: invitation.Break, Minutes: &minutes}, carousel} {
		d.Version = i.Content.Programme[0].Version
		ok(t, invitation.RevisePart(t.Context(), db, r.here.Secretary, i.ID, carousel.ID, d))
		kept("RevisePart", d)
	}
	return i
}
