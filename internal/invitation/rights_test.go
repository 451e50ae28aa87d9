package invitation_test

import (
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
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
		for _, may := range []bool{invitation.CanRevise(c.actor, i), invitation.CanRemark(c.actor, i), invitation.CanDecide(c.actor, i), invitation.CanSign(c.actor, i, signer)} {
			got += map[bool]string{true: "+", false: "-"}[may]
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
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
	if !invitation.CanRevise(as(access.Organiser, here), asked) || invitation.CanRevise(as(access.Organiser, "3"), asked) || invitation.CanRevise(as(access.Author, here), asked) {
		t.Error("who was asked to write along writes by his role at one of the organisations")
	}
}
