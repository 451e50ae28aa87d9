package invitation_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/file/filetest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/invitation/invitationtest"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal/proposaltest"
)

// region is two municipalities that invite together, with a mayor each who signs.
type region struct {
	here, there proposaltest.Place
	mayors      map[id.Organisation]access.Actor
}

func newRegion(t testing.TB, db postgres.DB) region {
	r := region{here: proposaltest.NewPlace(t, db, "Hier"), there: proposaltest.NewPlace(t, db, "Daar")}
	r.mayors = map[id.Organisation]access.Actor{
		r.here.ID:  invitationtest.Mayor(t, db, r.here, "B. Burgemeester van Hier"),
		r.there.ID: invitationtest.Mayor(t, db, r.there, "B. Burgemeester van Daar"),
	}
	return r
}

func (r region) complete(t testing.TB, db postgres.DB) invitation.Invitation {
	return invitationtest.Complete(t, db, r.here.Secretary, r.mayors, r.here, r.there)
}

// signed is an invitation that both have signed.
func (r region) signed(t testing.TB, db postgres.DB) invitation.Invitation {
	t.Helper()
	i := r.complete(t, db)
	ok(t, invitation.Ask(t.Context(), db, r.here.Secretary, i.ID, i.Version, nil))
	i = invitationtest.Again(t, db, r.here.Secretary, i)
	invitationtest.Sign(t, db, r.here.Secretary, i, r.here.ID)
	invitationtest.Sign(t, db, r.there.Secretary, i, r.there.ID)
	return invitationtest.Again(t, db, r.here.Secretary, i)
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func jobs(t testing.TB, db *pgxpool.Pool, kind string) int {
	t.Helper()
	var n int
	ok(t, pgtest.Owner(t, db).QueryRow(t.Context(), `select count(*) from river_job where kind = $1`, kind).Scan(&n))
	return n
}

func TestAnInvitationIsPublishedOnlyWhenEveryOrganisationSigned(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db)
	ctx := t.Context()
	i := r.complete(t, db)
	if err := invitation.Publish(ctx, db, r.here.Secretary, i.ID, i.Version); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a concept: %v", err)
	}
	ok(t, invitation.Ask(ctx, db, r.here.Secretary, i.ID, i.Version, nil))
	ok(t, invitation.Ask(ctx, db, r.here.Secretary, i.ID, i.Version, nil)) // a second time is the first
	if n := jobs(t, db, invitation.TellSigning); n != 1 {
		t.Errorf("asked for twice, told %d times", n)
	}
	i = invitationtest.Again(t, db, r.here.Secretary, i)

	// The other signs first: the order is free.
	invitationtest.Sign(t, db, r.there.Secretary, i, r.there.ID)
	i = invitationtest.Again(t, db, r.here.Secretary, i)
	if i.SignedBy(r.here.ID) || !i.SignedBy(r.there.ID) || i.Ready() {
		t.Errorf("after one signature: %v", i.Signers)
	}
	var refusal fault.Refusal
	if err := invitation.Publish(ctx, db, r.here.Secretary, i.ID, i.Version); !errors.As(err, &refusal) || !strings.Contains(refusal.Why, "Hier") {
		t.Errorf("with one signature missing: %v", err)
	}
	invitationtest.Sign(t, db, r.mayors[r.here.ID], i, r.here.ID) // he himself
	invitationtest.Sign(t, db, r.mayors[r.here.ID], i, r.here.ID)
	i = invitationtest.Again(t, db, r.here.Secretary, i)
	if !i.Ready() || jobs(t, db, invitation.TellReady) != 1 {
		t.Errorf("ready %v, told %d times", i.Ready(), jobs(t, db, invitation.TellReady))
	}
	if got := i.SignersOf(r.here.ID)[0].SignedBy; got != "" {
		t.Errorf("his own signature was given by %q", got)
	}
	if got := i.SignersOf(r.there.ID)[0].SignedBy; got != r.there.Secretary.Name {
		t.Errorf("the signature for him was given by %q", got)
	}
	public := access.Actor{At: proposaltest.At}
	if _, err := invitation.FindPublication(ctx, db, public, i.Key); !errors.Is(err, fault.NotFound) {
		t.Errorf("not published, and the public finds it: %v", err)
	}
	ok(t, invitation.Publish(ctx, db, r.there.Clerk, i.ID, i.Version))
	ok(t, invitation.Publish(ctx, db, r.there.Clerk, i.ID, i.Version))
	if n := jobs(t, db, invitation.TellPublished); n != 1 {
		t.Errorf("published twice, told %d times", n)
	}
	p, err := invitation.FindPublication(ctx, db, public, i.Key)
	ok(t, err)
	if p.Title != i.Title || len(p.Organisers) != 2 || len(p.Signers) != 2 || len(p.Bodies) != 2 || p.Number != 1 || p.MeetingState != meeting.Planned {
		t.Errorf("published: %+v", p)
	}
	if _, err := meeting.Find(ctx, db, public, i.MeetingID); err != nil {
		t.Errorf("the meeting is not known: %v", err)
	}
}

func TestAChangeAfterASignatureVoidsIt(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(t *testing.T, db *pgxpool.Pool, r region, i invitation.Invitation){
		"a word": func(t *testing.T, db *pgxpool.Pool, r region, i invitation.Invitation) {
			text := invitationtest.Text(i)
			text.Sections[0].Text = "Kom toch luisteren."
			ok(t, invitation.Revise(t.Context(), db, r.here.Secretary, i.ID, text))
		},
		"the programme": func(t *testing.T, db *pgxpool.Pool, r region, i invitation.Invitation) {
			_, err := invitation.AddPart(t.Context(), db, r.there.Clerk, i.ID, invitation.PartDraft{Title: "Afsluiting"})
			ok(t, err)
		},
		"an attachment": func(t *testing.T, db *pgxpool.Pool, r region, i invitation.Invitation) {
			files, err := file.NewStore(t.TempDir())
			ok(t, err)
			ok(t, invitation.Attach(t.Context(), db, files, r.here.Staff, i.ID,
				file.Upload{FileName: "programma.pdf", Content: strings.NewReader(string(filetest.PDF("x")))}))
		},
		"the guests": func(t *testing.T, db *pgxpool.Pool, r region, i invitation.Invitation) {
			ok(t, invitation.Address(t.Context(), db, r.here.Secretary, i.ID, invitation.Guests{
				Bodies: []id.Body{r.here.Body}, Version: i.Version,
				Signers: []invitation.SignerDraft{
					{Organisation: r.here.ID, Person: r.mayors[r.here.ID].Person},
					{Organisation: r.there.ID, Person: r.mayors[r.there.ID].Person},
				},
			}))
		},
		"the place, at the meeting itself": func(t *testing.T, db *pgxpool.Pool, r region, i invitation.Invitation) {
			m, organisers, err := meeting.FindWhole(t.Context(), db, r.there.Clerk, i.MeetingID)
			ok(t, err)
			d := meeting.DraftOf(m, organisers)
			d.Location = "Ergens anders"
			_, err = meeting.Revise(t.Context(), db, r.there.Clerk, m.ID, d)
			ok(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.DB(t)
			r := newRegion(t, db)
			i := r.signed(t, db)
			if !i.Ready() {
				t.Fatal("both signed, and it is not ready")
			}
			change(t, db, r, i)
			i = invitationtest.Again(t, db, r.here.Secretary, i)
			for _, s := range i.Signers {
				if i.Signed(s) || !i.Lapsed(s) {
					t.Errorf("the signature of %s holds", s.Name)
				}
			}
			if err := invitation.Publish(t.Context(), db, r.here.Secretary, i.ID, i.Version); !errors.Is(err, fault.Forbidden) {
				t.Errorf("published all the same: %v", err)
			}
			if told := jobs(t, db, invitation.TellLapsed); told != 1 && !strings.Contains(name, "meeting") {
				t.Errorf("told %d times", told)
			}
			// Both sign again, and it can go out.
			invitationtest.Sign(t, db, r.here.Clerk, i, r.here.ID)
			invitationtest.Sign(t, db, r.there.Clerk, i, r.there.ID)
			ok(t, invitation.Publish(t.Context(), db, r.here.Clerk, i.ID, i.Version))
		})
	}
}

func TestASignatureUnderAnotherTextThanWasReadIsNone(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db)
	i := r.complete(t, db)
	ok(t, invitation.Ask(t.Context(), db, r.here.Secretary, i.ID, i.Version, nil))
	i = invitationtest.Again(t, db, r.here.Secretary, i)
	text := invitationtest.Text(i)
	text.Closing = "Tot dan."
	ok(t, invitation.Revise(t.Context(), db, r.here.Secretary, i.ID, text))
	signer := i.SignersOf(r.there.ID)[0].ID
	if err := invitation.Sign(t.Context(), db, r.there.Secretary, i.ID, signer, i.Digest()); !errors.Is(err, fault.Conflict) {
		t.Errorf("got %v, want a conflict", err)
	}
	// The day and the place are a part of what is read, wherever they are changed. Who is only asked to hold the meeting changes neither.
	i = invitationtest.Again(t, db, r.here.Secretary, i)
	ok(t, meeting.Agree(t.Context(), db, r.there.Clerk, i.MeetingID, r.there.Key))
	m, organisers, err := meeting.FindWhole(t.Context(), db, r.there.Clerk, i.MeetingID)
	ok(t, err)
	d := meeting.DraftOf(m, organisers)
	d.Location = "Elders"
	_, err = meeting.Revise(t.Context(), db, r.there.Clerk, m.ID, d)
	ok(t, err)
	if err := invitation.Sign(t.Context(), db, r.there.Secretary, i.ID, signer, i.Digest()); !errors.Is(err, fault.Conflict) {
		t.Errorf("another place: got %v, want a conflict", err)
	}
}

// What is changed at the meeting itself ends signatures for good, and those who gave them are told, once.
func TestAChangeAtTheMeetingEndsSignaturesForGood(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db)
	i := r.signed(t, db)
	move := func(to string) {
		t.Helper()
		m, organisers, err := meeting.FindWhole(t.Context(), db, r.there.Clerk, i.MeetingID)
		ok(t, err)
		d := meeting.DraftOf(m, organisers)
		d.Location = to
		_, err = meeting.Revise(t.Context(), db, r.there.Clerk, m.ID, d)
		ok(t, err)
	}
	move("Elders")
	if n := jobs(t, db, meeting.Changed); n != 1 {
		t.Errorf("%d jobs", n)
	}
	for range 2 {
		ok(t, invitation.Lapse(t.Context(), db, i.MeetingID, proposaltest.At))
	}
	if n := jobs(t, db, invitation.TellLapsed); n != 1 {
		t.Errorf("told %d times", n)
	}
	move(i.Location)
	if i = invitationtest.Again(t, db, r.here.Secretary, i); i.Ready() {
		t.Error("the old place makes the old signatures hold again")
	}
}

// A published invitation stays signed when its meeting is moved, and its title and organisers are not changed elsewhere.
func TestTheMeetingFollowsItsInvitation(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db)
	elsewhere := proposaltest.NewPlace(t, db, "Elders")
	i := r.complete(t, db)
	m, organisers, err := meeting.FindWhole(t.Context(), db, r.here.Clerk, i.MeetingID)
	ok(t, err)
	d := meeting.DraftOf(m, organisers)
	d.Title, d.Orgs = "Iets anders", []id.Organisation{r.here.ID, elsewhere.ID}
	revised, err := meeting.Revise(t.Context(), db, r.here.Clerk, m.ID, d)
	ok(t, err)
	if revised.Title != i.Title || !slices.Contains(revised.OrgIDs, r.there.ID) || slices.Contains(revised.OrgIDs, elsewhere.ID) {
		t.Errorf("at the meeting: %q %v", revised.Title, revised.OrgIDs)
	}
	i = r.signedAgain(t, db, i)
	ok(t, invitation.Publish(t.Context(), db, r.here.Secretary, i.ID, i.Version))
	i = invitationtest.Again(t, db, r.here.Secretary, i)
	text := invitationtest.Text(i)
	text.Title = "Een nieuwe titel"
	ok(t, invitation.Revise(t.Context(), db, r.here.Secretary, i.ID, text))
	invitationtest.Sign(t, db, r.here.Secretary, i, r.here.ID)
	invitationtest.Sign(t, db, r.there.Secretary, i, r.there.ID)
	i = invitationtest.Again(t, db, r.here.Secretary, i)
	ok(t, invitation.Publish(t.Context(), db, r.here.Secretary, i.ID, i.Version))
	m, organisers, err = meeting.FindWhole(t.Context(), db, r.here.Clerk, i.MeetingID)
	ok(t, err)
	if m.Title != text.Title {
		t.Errorf("the meeting is called %q", m.Title)
	}
	d = meeting.DraftOf(m, organisers)
	d.Location = "Kelder"
	if _, err := meeting.Revise(t.Context(), db, r.here.Staff, m.ID, d); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a griffiemedewerker moves what was published: %v", err)
	}
	_, err = meeting.Revise(t.Context(), db, r.there.Secretary, m.ID, d)
	ok(t, err)
	if n := jobs(t, db, meeting.TellMoved); n != 1 {
		t.Errorf("another place is told %d times", n)
	}
	for _, s := range invitationtest.Again(t, db, r.here.Secretary, i).Signers {
		if !invitationtest.Again(t, db, r.here.Secretary, i).Signed(s) {
			t.Errorf("%s has to sign a published invitation again", s.Name)
		}
	}
}

// Saving the same again changes nothing: signatures hold, and who reads it can sign.
func TestSavingTheSameIsNoChange(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db)
	i := r.signed(t, db)
	ok(t, invitation.Revise(t.Context(), db, r.here.Secretary, i.ID, invitationtest.Text(i)))
	first := i.Content.Programme[0]
	ok(t, invitation.RevisePart(t.Context(), db, r.here.Secretary, i.ID, first.ID,
		invitation.PartDraft{Kind: first.Kind, Title: first.Title, Minutes: first.Minutes, Version: first.Version}))
	after := invitationtest.Again(t, db, r.here.Secretary, i)
	if after.Version != i.Version || !after.Ready() {
		t.Errorf("version %d after %d, ready %v", after.Version, i.Version, after.Ready())
	}
	part := id.New[id.Part]()
	for range 2 {
		_, err := invitation.AddPart(t.Context(), db, r.here.Secretary, i.ID, invitation.PartDraft{ID: part, Title: "Vragen"})
		ok(t, err)
	}
	if n := len(invitationtest.Again(t, db, r.here.Secretary, i).Content.Programme); n != 2 {
		t.Errorf("%d parts", n)
	}
}

// Who signs for somebody else says so, and he is told.
func TestWhoSignsForAnotherSaysSo(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db)
	i := r.complete(t, db)
	ok(t, invitation.Ask(t.Context(), db, r.here.Secretary, i.ID, i.Version, nil))
	invitationtest.Sign(t, db, r.mayors[r.here.ID], i, r.here.ID)
	if n := jobs(t, db, invitation.TellSignedFor); n != 0 {
		t.Errorf("he signed himself, and is told %d times", n)
	}
	invitationtest.Sign(t, db, r.there.Secretary, i, r.there.ID)
	if n := jobs(t, db, invitation.TellSignedFor); n != 1 {
		t.Errorf("told %d times", n)
	}
	i = invitationtest.Again(t, db, r.here.Secretary, i)
	ok(t, invitation.Publish(t.Context(), db, r.here.Secretary, i.ID, i.Version))
	p, err := invitation.FindPublication(t.Context(), db, access.Actor{At: proposaltest.At}, i.Key)
	ok(t, err)
	if by := p.SignersOf(r.there.ID)[0].SignedBy; by != r.there.Secretary.Name {
		t.Errorf("readers see that %q signed", by)
	}
	if err := invitation.SendSaveTheDate(t.Context(), db, r.here.Secretary, i.MeetingID, i.BodyIDs, "Houd vrij."); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a save-the-date after the invitation: %v", err)
	}
}

func TestRemarksLeaveSignaturesAlone(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db)
	i := r.signed(t, db)
	for range 2 {
		ok(t, invitation.RemarkOn(t.Context(), db, r.mayors[r.there.ID], i.ID, "Kan het korter?"))
	}
	if i = invitationtest.Again(t, db, r.here.Secretary, i); !i.Ready() {
		t.Error("a remark voids a signature")
	}
	var remarks []invitation.Remark
	ok(t, postgres.Read(t.Context(), db, invitation.RemarksOn(&remarks, r.here.Staff, i.Key)))
	if len(remarks) != 1 || remarks[0].OrgName != "Daar" {
		t.Errorf("remarks: %v", remarks)
	}
	if err := invitation.RemarkOn(t.Context(), db, r.there.Member, i.ID, "Ik ook"); !errors.Is(err, fault.NotFound) {
		t.Errorf("a councillor: %v", err)
	}
}

func TestWhoMayDoWhatWithAnInvitation(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db)
	elsewhere := proposaltest.NewPlace(t, db, "Elders")
	i := r.complete(t, db)
	ok(t, invitation.Ask(t.Context(), db, r.here.Secretary, i.ID, i.Version, nil))
	i = invitationtest.Again(t, db, r.here.Secretary, i)
	organisator := proposaltest.Actor(t, db, "O. Organisator", access.Grant{Role: access.Organiser, Organisation: r.here.ID})
	for _, c := range []struct {
		who                               string
		actor                             access.Actor
		see, revise, decide, signs, other bool // other: for the other organisation
	}{
		{"the public", access.Actor{At: proposaltest.At}, false, false, false, false, false},
		{"griffier", r.here.Clerk, true, true, true, true, false},
		{"griffiemedewerker", r.here.Staff, true, true, false, false, false},
		{"secretaris", r.here.Secretary, true, true, true, true, false},
		{"secretaris of the other", r.there.Secretary, true, true, true, false, true},
		{"the mayor who signs", r.mayors[r.here.ID], true, false, false, true, false},
		{"the mayor of the other", r.mayors[r.there.ID], true, false, false, false, true},
		{"steller", r.here.Author, false, false, false, false, false},
		{"raadslid", r.here.Member, false, false, false, false, false},
		{"portefeuillehouder who does not sign", r.here.Holder, false, false, false, false, false},
		{"organisator who was not asked", organisator, false, false, false, false, false},
		{"griffier of elsewhere", elsewhere.Clerk, false, false, false, false, false},
		{"secretaris of elsewhere", elsewhere.Secretary, false, false, false, false, false},
	} {
		_, err := invitation.Find(t.Context(), db, c.actor, i.Key)
		if got := err == nil; got != c.see || err != nil && !errors.Is(err, fault.NotFound) {
			t.Errorf("%s sees it: %v (%v)", c.who, got, err)
		}
		for what, pair := range map[string][2]bool{
			"revise": {invitation.CanRevise(c.actor, i), c.revise}, "decide": {invitation.CanDecide(c.actor, i), c.decide},
			"sign": {invitation.CanSignFor(c.actor, i, r.here.ID), c.signs}, "sign for the other": {invitation.CanSignFor(c.actor, i, r.there.ID), c.other},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s may %s: %v", c.who, what, pair[0])
			}
		}
		// The verbs ask the same.
		err = invitation.Revise(t.Context(), db, c.actor, i.ID, invitationtest.Text(i))
		if c.revise != (err == nil) {
			t.Errorf("%s revises: %v", c.who, err)
		}
		i = invitationtest.Again(t, db, r.here.Secretary, i)
	}
	// Who was asked to write along does.
	signers := []invitation.SignerDraft{
		{Organisation: r.here.ID, Person: r.mayors[r.here.ID].Person},
		{Organisation: r.there.ID, Person: r.mayors[r.there.ID].Person},
	}
	_, err := postgres.Exec(t.Context(), db, `insert into role_grants (id, person_id, role, organisation_id, valid_from)
			values (@id, @person, 'organiser', @org, '2018-01-01')`,
		postgres.Args{"id": id.New[id.Grant](), "person": organisator.Person, "org": r.here.ID})
	ok(t, err)
	ok(t, invitation.Address(t.Context(), db, r.here.Secretary, i.ID,
		invitation.Guests{Bodies: i.BodyIDs, Signers: signers, Writers: []id.Person{organisator.Person}, Version: i.Version}))
	i = invitationtest.Again(t, db, organisator, i)
	ok(t, invitation.Revise(t.Context(), db, organisator, i.ID, invitationtest.Text(i)))
	// Rights end at once: the mayor who left office neither sees nor signs.
	gone := r.mayors[r.there.ID]
	gone.Grants = nil
	if _, err := invitation.Find(t.Context(), db, gone, i.Key); !errors.Is(err, fault.NotFound) {
		t.Errorf("a mayor who left: %v", err)
	}
}

func TestASignerHasAMandate(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db)
	i := r.complete(t, db)
	faulty := func(s ...invitation.SignerDraft) {
		t.Helper()
		var fields fault.Fields
		err := invitation.Address(t.Context(), db, r.here.Secretary, i.ID, invitation.Guests{Signers: s, Version: i.Version})
		if !errors.As(err, &fields) || fields["signers"] == "" {
			t.Errorf("got %v", err)
		}
	}
	faulty(invitation.SignerDraft{Organisation: r.here.ID, Person: r.here.Member.Person})
	faulty(invitation.SignerDraft{Organisation: r.here.ID, Person: r.mayors[r.there.ID].Person})
	faulty(invitation.SignerDraft{Organisation: id.New[id.Organisation](), Person: r.mayors[r.here.ID].Person})
	// One who left office since: nothing can be signed with his name under it.
	_, err := postgres.Exec(t.Context(), db, `update mandates set ends_on = '2018-05-01' where person_id = @p`, postgres.Args{"p": r.mayors[r.there.ID].Person})
	ok(t, err)
	var fields fault.Fields
	if err := invitation.Ask(t.Context(), db, r.here.Secretary, i.ID, i.Version, nil); !errors.As(err, &fields) ||
		!strings.Contains(fields["MANDAAT"], "Burgemeester van Daar") {
		t.Errorf("MANDAAT: %v", err)
	}
}

func TestTwoSecretariesAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db)
	i := r.complete(t, db)
	one, two := invitationtest.Text(i), invitationtest.Text(i)
	one.Closing, two.Closing = "Tot dan.", "Tot ziens."
	ok(t, invitation.Revise(t.Context(), db, r.here.Secretary, i.ID, one))
	if err := invitation.Revise(t.Context(), db, r.there.Secretary, i.ID, two); !errors.Is(err, fault.Conflict) {
		t.Errorf("the second: %v", err)
	}
	if got := invitationtest.Again(t, db, r.here.Secretary, i).Content.Closing; got != "Tot dan." {
		t.Errorf("the first is lost: %q", got)
	}
	// Parts of the programme are apart: two people on two parts do not hinder each other.
	part, err := invitation.AddPart(t.Context(), db, r.here.Secretary, i.ID, invitation.PartDraft{Title: "Vragen"})
	ok(t, err)
	first := invitationtest.Again(t, db, r.here.Secretary, i).Content.Programme[0]
	ok(t, invitation.RevisePart(t.Context(), db, r.there.Secretary, i.ID, first.ID, invitation.PartDraft{Title: "Welkom", Version: first.Version}))
	ok(t, invitation.RevisePart(t.Context(), db, r.here.Secretary, i.ID, part, invitation.PartDraft{Title: "Uw vragen", Version: 1}))
	if err := invitation.RevisePart(t.Context(), db, r.there.Secretary, i.ID, part,
		invitation.PartDraft{Title: "Alle vragen", Version: 1}); !errors.Is(err, fault.Conflict) {
		t.Errorf("the same part: %v", err)
	}

	// Eight of both publish at the same moment: it goes out once.
	i = r.signedAgain(t, db, i)
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			by := r.here.Secretary
			if n%2 == 0 {
				by = r.there.Secretary
			}
			if err := invitation.Publish(t.Context(), db, by, i.ID, i.Version); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := jobs(t, db, invitation.TellPublished); n != 1 {
		t.Errorf("it went out %d times", n)
	}
}

func (r region) signedAgain(t testing.TB, db postgres.DB, i invitation.Invitation) invitation.Invitation {
	t.Helper()
	i = invitationtest.Again(t, db, r.here.Secretary, i)
	ok(t, invitation.Ask(t.Context(), db, r.here.Secretary, i.ID, i.Version, nil))
	i = invitationtest.Again(t, db, r.here.Secretary, i)
	invitationtest.Sign(t, db, r.here.Secretary, i, r.here.ID)
	invitationtest.Sign(t, db, r.there.Secretary, i, r.there.ID)
	return invitationtest.Again(t, db, r.here.Secretary, i)
}

// An act that fails on the way leaves nothing, and tells nobody: here because the meeting cannot be made known.
func TestHalfAPublicationIsNone(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db)
	i := r.signed(t, db)
	_, err := pgtest.Owner(t, db).Exec(t.Context(), `alter table invitation_publications add constraint never check (title = '')`)
	ok(t, err)
	if err := invitation.Publish(t.Context(), db, r.here.Secretary, i.ID, i.Version); err == nil {
		t.Fatal("it went through")
	}
	i = invitationtest.Again(t, db, r.here.Secretary, i)
	if i.State != invitation.Signing || i.MeetingState != meeting.Concept || jobs(t, db, invitation.TellPublished) != 0 {
		t.Errorf("state %s, meeting %s, told %d", i.State, i.MeetingState, jobs(t, db, invitation.TellPublished))
	}
}

func TestReadersKeepWhatWasPublishedUntilAllSignedAnew(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db)
	public := access.Actor{At: proposaltest.At}
	i := r.signed(t, db)
	ok(t, invitation.Publish(t.Context(), db, r.here.Secretary, i.ID, i.Version))
	i = invitationtest.Again(t, db, r.here.Secretary, i)
	before, err := invitation.FindPublication(t.Context(), db, public, i.Key)
	ok(t, err)
	text := invitationtest.Text(i)
	text.Title = "Avond over heel veel samenwerken"
	ok(t, invitation.Revise(t.Context(), db, r.there.Secretary, i.ID, text))
	if p, err := invitation.FindPublication(t.Context(), db, public, i.Key); err != nil || p.Title != before.Title {
		t.Errorf("readers see %q, %v", p.Title, err)
	}
	if i = invitationtest.Again(t, db, r.here.Secretary, i); i.State != invitation.Signing {
		t.Errorf("state %s", i.State)
	}
	invitationtest.Sign(t, db, r.here.Secretary, i, r.here.ID)
	invitationtest.Sign(t, db, r.there.Secretary, i, r.there.ID)
	ok(t, invitation.Publish(t.Context(), db, r.here.Secretary, i.ID, i.Version))
	after, err := invitation.FindPublication(t.Context(), db, public, i.Key)
	ok(t, err)
	if after.Number != 2 || after.Title != text.Title {
		t.Errorf("published again: %d %q", after.Number, after.Title)
	}
	one, two := before.Entry("x"), after.Entry("x")
	if one.UID != two.UID || two.Sequence <= one.Sequence {
		t.Errorf("calendars: %s %d, then %s %d", one.UID, one.Sequence, two.UID, two.Sequence)
	}
	var rows []invitation.Row
	ok(t, postgres.Read(t.Context(), db, invitation.List(&rows, public, invitation.Filter{})))
	if len(rows) != 1 || rows[0].Title != text.Title {
		t.Errorf("the list: %v", rows)
	}
}

func TestCallingOff(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db)
	i := r.signed(t, db)
	ok(t, invitation.Publish(t.Context(), db, r.here.Secretary, i.ID, i.Version))
	var fields fault.Fields
	if err := invitation.Cancel(t.Context(), db, r.there.Secretary, i.ID, " "); !errors.As(err, &fields) || fields["reason"] == "" {
		t.Errorf("without a reason: %v", err)
	}
	for range 2 {
		ok(t, invitation.Cancel(t.Context(), db, r.there.Secretary, i.ID, "De spreker is ziek."))
	}
	p, err := invitation.FindPublication(t.Context(), db, access.Actor{At: proposaltest.At}, i.Key)
	ok(t, err)
	if p.MeetingState != meeting.Cancelled || p.MeetingReason != "De spreker is ziek." || !p.Entry("x").Cancelled {
		t.Errorf("readers: %s %q", p.MeetingState, p.MeetingReason)
	}
	if n := jobs(t, db, meeting.TellCancelled); n != 1 {
		t.Errorf("told %d times", n)
	}
	if err := invitation.Revise(t.Context(), db, r.here.Secretary, i.ID, invitationtest.Text(i)); !errors.Is(err, fault.Forbidden) {
		t.Errorf("it changes afterwards: %v", err)
	}
}

func TestASaveTheDateLeavesBeforeThereIsAnInvitation(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db)
	d := invitationtest.Draft(r.here, r.there)
	m, err := meeting.Create(t.Context(), db, r.here.Secretary,
		meeting.Draft{
			Kind: d.Kind, Title: d.Title, Orgs: d.Orgs, StartsAt: d.StartsAt, EndsAt: d.EndsAt, Location: d.Location, Open: true,
			AgreedWith: "de griffier van Daar",
		})
	ok(t, err)
	ok(t, meeting.Agree(t.Context(), db, r.there.Secretary, m.ID, r.there.Key))
	send := func(by access.Actor, text string) error {
		return invitation.SendSaveTheDate(t.Context(), db, by, m.ID, []id.Body{r.there.Body, r.here.Body}, text)
	}
	if err := send(r.here.Secretary, ""); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the day is not known: %v", err)
	}
	_, err = meeting.Announce(t.Context(), db, r.here.Secretary, m.ID)
	ok(t, err)
	for _, by := range []access.Actor{r.here.Staff, r.here.Member, r.mayors[r.here.ID], {At: proposaltest.At}} {
		if err := send(by, ""); !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", by.Name, err)
		}
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if err := send(r.there.Secretary, "Houd deze avond vrij."); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := jobs(t, db, invitation.TellSaveTheDate); n != 1 {
		t.Errorf("told %d times", n)
	}
	var sent []invitation.SaveTheDate
	for _, by := range []access.Actor{r.here.Member, {At: proposaltest.At}} {
		ok(t, postgres.Read(t.Context(), db, invitation.SaveTheDates(&sent, by, m.Slug)))
		if len(sent) != 0 {
			t.Errorf("%s reads what was sent: %+v", by.Name, sent)
		}
	}
	ok(t, postgres.Read(t.Context(), db, invitation.SaveTheDates(&sent, r.here.Secretary, m.Slug)))
	if len(sent) != 1 || len(sent[0].Bodies) != 2 {
		t.Errorf("sent: %+v", sent)
	}
	if n, err := postgres.One[int](t.Context(), db, `select count(*)::int from save_the_dates where meeting_id = @id and organisation_id = @org`,
		postgres.Args{"id": m.ID, "org": r.there.ID}.As(r.there.Secretary)); err != nil || n != 1 {
		t.Errorf("%d in the name of who sent it, %v", n, err)
	}
	// The invitation to the same evening comes later.
	i, err := invitation.Create(t.Context(), db, r.here.Secretary, invitation.Draft{Title: d.Title, MeetingID: m.ID})
	ok(t, err)
	if len(i.Organisers) != 2 || i.Organisers[0].ID != r.here.ID {
		t.Errorf("organisers: %v", i.Organisers)
	}
	var fields fault.Fields
	if _, err := invitation.Create(t.Context(), db, r.there.Secretary, invitation.Draft{Title: d.Title, MeetingID: m.ID}); !errors.As(err, &fields) ||
		fields["meeting_id"] == "" {
		t.Errorf("a second one: %v", err)
	}
}

func TestTheSameKeyTwiceIsOneInvitation(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db)
	d := invitationtest.Draft(r.here, r.there)
	d.Key = id.NewKey()
	var made []id.Invitation
	var mu sync.Mutex
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			i, err := invitation.Create(t.Context(), db, r.here.Secretary, d)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			made = append(made, i.ID)
		})
	}
	wait.Wait()
	slices.Sort(made)
	if made = slices.Compact(made); len(made) != 1 {
		t.Errorf("made %v", made)
	}
	var meetings int
	ok(t, pgtest.Owner(t, db).QueryRow(t.Context(), `select count(*) from meetings`).Scan(&meetings))
	if meetings != 1 {
		t.Errorf("%d meetings", meetings)
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	at := time.Date(2019, 1, 1, 12, 0, 0, 0, time.UTC)
	org := id.New[id.Organisation]()
	length := 80
	sound := func() invitation.Invitation {
		i := invitation.Invitation{
			Organisers: []invitation.Organiser{{ID: org, Name: "Hier"}}, BodyIDs: []id.Body{id.New[id.Body]()},
			Signers: []invitation.Signer{{OrganisationID: org, Name: "A. Nienhuis", InOffice: true}},
			Event:   invitation.Event{StartsAt: at.Add(time.Hour), EndsAt: at.Add(time.Hour + 75*time.Minute), Location: "Gemeentehuis"},
		}
		i.Content.Sections = []invitation.Section{{Text: "Kom."}}
		i.Content.Programme = []invitation.Part{{Title: "Opening"}}
		return i
	}
	for _, c := range []struct {
		rule   string
		change func(i *invitation.Invitation)
	}{
		{"", func(*invitation.Invitation) {}},
		{"PLAATS", func(i *invitation.Invitation) { i.Location = " " }},
		{"", func(i *invitation.Invitation) { i.Location, i.OnlineURL = "", "https://kijk.voorbeeld.nl" }},
		{"TEKST", func(i *invitation.Invitation) { i.Content.Sections = nil }},
		{"GEADRESSEERDEN", func(i *invitation.Invitation) { i.BodyIDs = nil }},
		{"", func(i *invitation.Invitation) { i.BodyIDs, i.Content.Groups = nil, []string{"Alle ambtenaren"} }},
		{"ONDERTEKENAAR", func(i *invitation.Invitation) { i.Signers = nil }},
		{"MANDAAT", func(i *invitation.Invitation) { i.Signers[0].InOffice = false }},
		{"PROGRAMMA", func(i *invitation.Invitation) { i.Content.Programme = nil }},
		{"UITLOOP", func(i *invitation.Invitation) { i.Content.Programme[0].Minutes = &length }},
		{"VERLEDEN", func(i *invitation.Invitation) { i.StartsAt = at.Add(-time.Minute) }},
		{"AFGELAST", func(i *invitation.Invitation) { i.MeetingState = meeting.Cancelled }},
	} {
		i := sound()
		c.change(&i)
		var rules []string
		for _, f := range invitation.Findings(access.Actor{At: at}, i) {
			rules = append(rules, f.Rule)
		}
		if got := strings.Join(rules, " "); got != c.rule {
			t.Errorf("want %q, got %q", c.rule, got)
		}
	}
}

func TestTimesOfAProgrammeAddUp(t *testing.T) {
	t.Parallel()
	start := time.Date(2019, 1, 10, 19, 0, 0, 0, time.UTC)
	n := func(n int) *int { return &n }
	parts := []invitation.Part{
		{Minutes: n(5)},
		{Minutes: n(20)},
		{Kind: invitation.Carousel, Rounds: 3, RoundMinutes: 10, Minutes: n(99)}, // rounds count, whatever else it says
		{},
		{Minutes: n(10)},
	}
	var clocks []string
	for _, c := range invitation.Clocks(start, parts) {
		if c.IsZero() {
			clocks = append(clocks, "-")
			continue
		}
		clocks = append(clocks, c.Format("15:04"))
	}
	if got := strings.Join(clocks, " "); got != "19:00 19:05 19:25 19:55 -" {
		t.Errorf("clocks: %s", got)
	}
	if rounds := invitation.RoundClocks(start, parts[2]); len(rounds) != 3 || rounds[2].Format("15:04") != "19:20" {
		t.Errorf("rounds: %v", rounds)
	}
	if over := invitation.Overrun(start, start.Add(time.Hour), parts); over != 5*time.Minute {
		t.Errorf("overrun %s", over)
	}
}

func TestAPartIsChecked(t *testing.T) {
	t.Parallel()
	n := func(n int) *int { return &n }
	for _, c := range []struct {
		field string
		draft invitation.PartDraft
	}{
		{"", invitation.PartDraft{Title: "Opening"}},
		{"title", invitation.PartDraft{}},
		{"title", invitation.PartDraft{Title: strings.Repeat("é", 10_000)}},
		{"kind", invitation.PartDraft{Title: "x", Kind: "feest"}},
		{"minutes", invitation.PartDraft{Title: "x", Minutes: n(-1)}},
		{"rounds", invitation.PartDraft{Title: "x", Kind: invitation.Carousel, RoundMinutes: n(10), Sessions: []string{"a", "b"}}},
		{"round_minutes", invitation.PartDraft{Title: "x", Kind: invitation.Carousel, Rounds: n(2), Sessions: []string{"a", "b"}}},
		{"sessions", invitation.PartDraft{Title: "x", Kind: invitation.Carousel, Rounds: n(2), RoundMinutes: n(10)}},
		{"rounds", invitation.PartDraft{Title: "x", Kind: invitation.Carousel, Rounds: n(3), RoundMinutes: n(10), Sessions: []string{"a", "b"}}},
		{"sessions", invitation.PartDraft{Title: "x", Kind: invitation.Carousel, Rounds: n(1), RoundMinutes: n(10), Sessions: []string{"a", "A"}}},
		{"", invitation.PartDraft{Title: "x", Kind: invitation.Carousel, Rounds: n(3), RoundMinutes: n(10), Sessions: []string{"a", "b", "c"}}},
	} {
		var fields fault.Fields
		err := c.draft.Check()
		errors.As(err, &fields)
		if len(fields) > 1 || (fields[c.field] == "") != (c.field == "") {
			t.Errorf("%+v: want a fault of %q, got %v", c.draft, c.field, err)
		}
	}
}

func TestAPresenterIsReadAsHeIsWritten(t *testing.T) {
	t.Parallel()
	for _, p := range []invitation.Presenter{
		{Name: "Astrid Nienhuis"},
		{Name: "Henriette de Vos", Role: "gemeentesecretaris Heemstede"},
		{Name: "S. van de Laar", Role: "managing partner (en adviseur), SeinstraVandeLaar"},
	} {
		if got := invitation.ParsePresenter(p.String()); got != p {
			t.Errorf("%q became %+v", p.String(), got)
		}
	}
}

func TestListsOfAnInvitationHaveBounds(t *testing.T) {
	t.Parallel()
	var fields fault.Fields
	guests := invitation.Guests{
		Bodies: make([]id.Body, 501), Groups: make([]string, 51), Signers: make([]invitation.SignerDraft, 61),
		Writers: make([]id.Person, 61),
	}
	if err := guests.Check(); !errors.As(err, &fields) || len(fields) != 4 {
		t.Errorf("guests: %v", err)
	}
	part := invitation.PartDraft{Title: "Markt", Kind: invitation.Carousel, Sessions: make([]string, 61), Presenters: make([]invitation.Presenter, 31)}
	if err := part.Check(); !errors.As(err, &fields) || fields["sessions"] == "" || fields["presenters"] == "" {
		t.Errorf("a part: %v", err)
	}
	if err := (invitation.Draft{Orgs: make([]id.Organisation, 61)}).Check(); !errors.As(err, &fields) || fields["organisations"] == "" {
		t.Errorf("an invitation: %v", err)
	}
}
