package invitation_test

import (
	"errors"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/invitation/invitationtest"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal/proposaltest"
)

// What may be done follows the state, and ends with the event. In the columns: revise, remark, decide, sign.
func TestWhatMayBeDoneInEachState(t *testing.T) {
	t.Parallel()
	const here, there id.Organisation = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
	const person id.Person = "00000000-0000-4000-8000-000000000021"
	begins := proposaltest.At.AddDate(0, 0, 7)
	signer := invitation.Signer{ID: "1", OrganisationID: here, PersonID: person}
	of := func(s invitation.State) invitation.Invitation {
		i := invitation.Invitation{State: s, Organisers: []invitation.Organiser{{ID: here}, {ID: there}}, Signers: []invitation.Signer{signer}}
		i.StartsAt, i.EndsAt = begins, begins.Add(time.Hour)
		if s == invitation.Published {
			i.PublishedAt = &proposaltest.At
		}
		return i
	}
	as := func(r access.Role, org id.Organisation) access.Actor {
		return access.Actor{Person: person, At: proposaltest.At, Grants: []access.Grant{{Role: r, Organisation: org}}}
	}
	after := func(a access.Actor) access.Actor {
		a.At = begins.Add(time.Hour + time.Second)
		return a
	}
	stranger := as(access.Secretary, here)
	stranger.Person = "00000000-0000-4000-8000-000000000022"
	colleague := as(access.Member, here)
	colleague.Person = stranger.Person
	for _, c := range []struct {
		what  string
		actor access.Actor
		state invitation.State
		want  string
	}{
		{"the secretaris, in preparation", stranger, invitation.Concept, "+++-"},
		{"the secretaris, while it is signed", stranger, invitation.Signing, "++++"},
		{"the secretaris, once published", stranger, invitation.Published, "+++-"},
		{"the secretaris, once called off", stranger, invitation.Cancelled, "----"},
		{"the secretaris, after the event", after(stranger), invitation.Published, "----"},
		{"the secretaris, after the day of one that was not published", after(stranger), invitation.Signing, "++++"},
		{"griffiemedewerker who signs", as(access.ClerkStaff, here), invitation.Signing, "++-+"},
		{"who signs, in preparation", as(access.Member, here), invitation.Concept, "-+--"},
		{"who signs, while it is signed", as(access.Member, here), invitation.Signing, "-+-+"},
		{"who signs, once published", as(access.Member, here), invitation.Published, "-+--"},
		{"who signs, once called off", as(access.Member, here), invitation.Cancelled, "----"},
		{"who signs, after the event", after(as(access.Member, here)), invitation.Published, "----"},
		{"who signed and works at the other now", as(access.Member, there), invitation.Signing, "----"},
		{"who signed and left", access.Actor{Person: person, At: proposaltest.At}, invitation.Signing, "----"},
		{"his colleague", colleague, invitation.Signing, "----"},
		{"organisator who was not asked", as(access.Organiser, here), invitation.Concept, "-+--"},
		{"the secretaris of the other", as(access.Secretary, there), invitation.Signing, "+++-"},
	} {
		i := of(c.state)
		got := ""
		for _, may := range []bool{
			invitation.CanRevise(c.actor, i), invitation.CanRemark(c.actor, i), invitation.CanDecide(c.actor, i),
			invitation.CanSign(c.actor, i, signer),
		} {
			got += map[bool]string{true: "+", false: "-"}[may]
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
	for who, a := range map[string]access.Actor{"who signs": as(access.Member, here), "a steller": as(access.Author, here), "the public": {}} {
		if invitation.CanCreate(a) || !invitation.CanCreate(as(access.ClerkStaff, here)) {
			t.Errorf("%s may begin one", who)
		}
	}
	now := of(invitation.Signing)
	now.Signers[0].SignedAt, now.Signers[0].SignedDigest = &proposaltest.At, now.Digest()
	if invitation.CanSign(stranger, now, now.Signers[0]) {
		t.Error("a signature that holds may be given again")
	}
	if invitation.CanSignSelf(stranger, of(invitation.Signing), signer) || !invitation.CanSignSelf(as(access.Member, here), of(invitation.Signing), signer) {
		t.Error("his own signature is another's")
	}
	asked := of(invitation.Concept)
	asked.WriterIDs = []id.Person{person}
	if !invitation.CanRevise(as(access.Organiser, here), asked) || invitation.CanRevise(as(access.Organiser, "3"), asked) ||
		invitation.CanRevise(as(access.Author, here), asked) {
		t.Error("who was asked to write along writes by his role at one of the organisations")
	}
}

// known is an invitation to an evening of which the day is known: then no other act asks on its behalf.
func (r region) known(t *testing.T, db postgres.DB) invitation.Invitation {
	t.Helper()
	i := r.complete(t, db)
	_, err := meeting.Announce(t.Context(), db, r.here.Secretary, i.MeetingID)
	ok(t, err)
	return invitationtest.Again(t, db, r.here.Secretary, i)
}

// idle is the actor who gave his password an hour ago.
func idle(a access.Actor) access.Actor {
	a.Account, a.Confirmed = id.New[id.Account](), a.At.Add(-time.Hour)
	return a
}

func TestAnActWithLegalEffectAsksForThePassword(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := newRegion(t, tx)
	by := r.here.Secretary
	asks := func(act string, err error) {
		t.Helper()
		if !errors.Is(err, fault.Unconfirmed) {
			t.Errorf("%s: %v, want the password", act, err)
		}
	}
	i := r.known(t, tx)
	asks("asking for signatures", invitation.Ask(t.Context(), tx, idle(by), i.ID, i.Version, nil))
	ok(t, invitation.Ask(t.Context(), tx, by, i.ID, i.Version, nil))
	i = invitationtest.Again(t, tx, by, i)
	asks("signing", invitation.Sign(t.Context(), tx, idle(by), i.ID, i.SignersOf(r.here.ID)[0].ID, i.Digest()))
	invitationtest.Sign(t, tx, by, i, r.here.ID)
	invitationtest.Sign(t, tx, r.there.Secretary, i, r.there.ID)
	i = invitationtest.Again(t, tx, by, i)
	asks("publishing", invitation.Publish(t.Context(), tx, idle(by), i.ID, i.Version))
	asks("calling off", invitation.Cancel(t.Context(), tx, idle(by), i.ID, "De spreker is ziek."))
	if again := invitationtest.Again(t, tx, by, i); again.State != invitation.Signing || again.Version != i.Version {
		t.Errorf("it went on to %s", again.State)
	}
	d := invitationtest.Draft(r.here, r.there)
	m, err := meeting.Create(t.Context(), tx, by,
		meeting.Draft{
			Kind: d.Kind, Title: d.Title, Orgs: d.Orgs, StartsAt: d.StartsAt, EndsAt: d.EndsAt, Location: d.Location, Open: true,
			AgreedWith: "de griffier van Daar",
		})
	ok(t, err)
	_, err = meeting.Announce(t.Context(), tx, by, m.ID)
	ok(t, err)
	asks("a save-the-date", invitation.SendSaveTheDate(t.Context(), tx, idle(by), m.ID, []id.Body{r.here.Body}, ""))
}

// Who sees an invitation, and may not do this with it.
func TestTheVerbsRefuseWhoSeesTheInvitation(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := newRegion(t, tx)
	forbidden := func(act string, err error) {
		t.Helper()
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v, want forbidden", act, err)
		}
	}
	i := r.known(t, tx)
	mayor, staff := r.mayors[r.here.ID], r.here.Staff
	forbidden("the staff asks for signatures", invitation.Ask(t.Context(), tx, staff, i.ID, i.Version, nil))
	ok(t, invitation.Ask(t.Context(), tx, r.here.Secretary, i.ID, i.Version, nil))
	i = invitationtest.Again(t, tx, r.here.Secretary, i)
	for who, a := range map[string]access.Actor{
		"the staff": staff, "the secretaris of the other": r.there.Secretary,
		"the mayor of the other": r.mayors[r.there.ID],
	} {
		forbidden(who+" signs", invitation.Sign(t.Context(), tx, a, i.ID, i.SignersOf(r.here.ID)[0].ID, i.Digest()))
	}
	invitationtest.Sign(t, tx, mayor, i, r.here.ID)
	invitationtest.Sign(t, tx, r.there.Secretary, i, r.there.ID)
	i = invitationtest.Again(t, tx, r.here.Secretary, i)
	for who, a := range map[string]access.Actor{"the staff": staff, "the mayor": mayor} {
		forbidden(who+" publishes", invitation.Publish(t.Context(), tx, a, i.ID, i.Version))
		forbidden(who+" calls it off", invitation.Cancel(t.Context(), tx, a, i.ID, "Toch niet."))
	}
	ok(t, invitation.Cancel(t.Context(), tx, r.here.Secretary, i.ID, "De spreker is ziek."))
	forbidden("a remark on what was called off", invitation.RemarkOn(t.Context(), tx, mayor, i.ID, "Jammer."))

	// The day of others is known to everyone; to invite to it is for them.
	theirs := invitationtest.Draft(r.there)
	m, err := meeting.Create(t.Context(), tx, r.there.Secretary,
		meeting.Draft{
			Kind: theirs.Kind, Title: theirs.Title, Orgs: theirs.Orgs, StartsAt: theirs.StartsAt, EndsAt: theirs.EndsAt,
			Location: theirs.Location, Open: true,
		})
	ok(t, err)
	_, err = meeting.Announce(t.Context(), tx, r.there.Secretary, m.ID)
	ok(t, err)
	_, err = invitation.Create(t.Context(), tx, r.there.Author, invitation.Draft{Title: theirs.Title, MeetingID: m.ID})
	forbidden("a steller begins one", err)
	var fields fault.Fields
	if _, err := invitation.Create(t.Context(), tx, r.here.Secretary, invitation.Draft{Title: theirs.Title, MeetingID: m.ID}); !errors.As(err,
		&fields) || fields["meeting_id"] == "" {
		t.Errorf("an invitation to the evening of others: %v", err)
	}

	start, end := m.StartsAt, m.EndsAt
	shut, err := meeting.Create(t.Context(), tx, r.here.Clerk,
		meeting.Draft{Kind: meeting.Council, Bodies: []id.Body{r.here.Body}, StartsAt: &start, EndsAt: &end, Location: "Raadzaal"})
	ok(t, err)
	_, err = meeting.Announce(t.Context(), tx, r.here.Clerk, shut.ID)
	ok(t, err)
	forbidden("a save-the-date of a closed meeting", invitation.SendSaveTheDate(t.Context(), tx, r.here.Clerk, shut.ID, []id.Body{r.here.Body}, ""))
}

// The first wall alone: an invitation in preparation is there for nobody else, nor are the remarks on it.
func TestTheQueriesKeepAnInvitationFromOthers(t *testing.T) {
	t.Parallel()
	tx := pgtest.OneWall(t)
	r := newRegion(t, tx)
	i := r.signed(t, tx)
	ok(t, invitation.RemarkOn(t.Context(), tx, r.here.Staff, i.ID, "Onder ons."))
	for who, a := range map[string]access.Actor{"the public": {At: proposaltest.At}, "raadslid": r.here.Member, "steller": r.here.Author} {
		if _, err := invitation.Find(t.Context(), tx, a, i.Key); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s finds it: %v", who, err)
		}
		if err := invitation.RemarkOn(t.Context(), tx, a, i.ID, "Ik ook."); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s remarks: %v", who, err)
		}
		var remarks []invitation.Remark
		var rows []invitation.Row
		ok(t, postgres.Read(t.Context(), tx, invitation.RemarksOn(&remarks, a, i.Key), invitation.InPreparation(&rows, a)))
		if len(remarks)+len(rows) > 0 {
			t.Errorf("%s reads %v %v", who, remarks, rows)
		}
	}
	var remarks []invitation.Remark
	ok(t, postgres.Read(t.Context(), tx, invitation.RemarksOn(&remarks, r.there.Staff, i.Key)))
	if len(remarks) != 1 {
		t.Errorf("who prepares it reads %v", remarks)
	}
}

// A save-the-date is sent by griffier or secretaris of who holds the meeting by its own word, between the day's announcement and the day.
func TestWhoMaySendASaveTheDate(t *testing.T) {
	t.Parallel()
	as := func(r access.Role, org id.Organisation) access.Actor {
		return access.Actor{At: proposaltest.At, Grants: []access.Grant{{Role: r, Organisation: org}}}
	}
	own, written := []meeting.Organiser{{OrganisationID: "o1"}}, []meeting.Organiser{{OrganisationID: "o1", AgreedWith: "de voorzitter"}}
	planned := meeting.Meeting{Open: true, State: meeting.Planned, StartsAt: proposaltest.At.AddDate(0, 0, 1)}
	concept, closed, over := planned, planned, planned
	concept.State, closed.Open, over.StartsAt = meeting.Concept, false, proposaltest.At.AddDate(0, 0, -1)
	for what, c := range map[string]struct {
		actor access.Actor
		of    meeting.Meeting
		by    []meeting.Organiser
		may   bool
	}{
		"griffier": {as(access.Clerk, "o1"), planned, own, true}, "secretaris": {as(access.Secretary, "o1"), planned, own, true},
		"staff":                                 {as(access.ClerkStaff, "o1"), planned, own, false},
		"griffier elsewhere":                    {as(access.Clerk, "o2"), planned, own, false},
		"griffier for whom it was written down": {as(access.Clerk, "o1"), planned, written, false},
		"before the day is known":               {as(access.Clerk, "o1"), concept, own, false},
		"of a closed meeting":                   {as(access.Clerk, "o1"), closed, own, false}, "once it began": {as(access.Clerk, "o1"), over, own, false},
	} {
		if got := invitation.CanSaveTheDate(c.actor, c.of, c.by); got != c.may {
			t.Errorf("%s: %v", what, got)
		}
	}
}
