package web_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/collaboration/collaborationtest"
	"regiogriffie/internal/file"
	"regiogriffie/internal/file/filetest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/identity/identitytest"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/invitation/invitationtest"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/web"
	"regiogriffie/web/mails"
)

// TestMain keeps the lines of thousands of requests out of the answer of the test, and clears away what the tests share.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	code := m.Run()
	for _, folder := range shared.folders {
		_ = os.RemoveAll(folder)
	}
	os.Exit(code)
}

// shared are folders that outlive the test that made them.
var shared struct {
	sync.Mutex
	folders []string
}

// lasting makes what several tests share: it outlives the test that happens to need it first.
type lasting struct{ testing.TB }

func (lasting) Cleanup(func())           {}
func (lasting) Context() context.Context { return context.Background() }

func (l lasting) TempDir() string {
	folder := ok(os.MkdirTemp("", "regiogriffie-web-"))(l.TB, "making a folder")
	shared.Lock()
	defer shared.Unlock()
	shared.folders = append(shared.folders, folder)
	return folder
}

// builder makes what is copied later: what is opened on the way is closed when it stands.
type builder struct {
	lasting
	ends []func()
}

func (b *builder) Cleanup(end func()) { b.ends = append(b.ends, end) }

func (b *builder) finish() {
	for _, end := range slices.Backward(b.ends) {
		end()
	}
}

// now is the moment at which everyone in the world asks.
var now = time.Date(2026, time.March, 2, 10, 0, 0, 0, time.UTC)

// visitor is someone who knocks: a role at a place, or the public.
type visitor struct {
	name   string // "public", "own griffier", "other raadslid", "beheerder"
	cookie *http.Cookie
	actor  access.Actor
}

// world is a region with things in every state, every text of which carries its own mark.
type world struct {
	t        testing.TB
	db       *pgxpool.Pool
	url      string        // of the database, for who opens it in another way
	owner    *pgxpool.Pool // the same database, past the second wall
	folder   string        // of its files
	files    *file.Store
	site     http.Handler
	visitors []visitor
	things   map[string]map[string]string // name of a thing -> the keys of its address
	marks    []mark
}

// mark is a text that occurs once in the world, and who may ever read it.
type mark struct {
	what   string
	seenBy []string // names of visitors; nil is everyone
	silent bool     // kept, and shown on no page
}

// The words of domain 4.4, each at "own" and at "other".
var roles = []string{
	"griffier", "griffiemedewerker", "secretaris", "steller", "portefeuillehouder", "raadslid", "organisator",
	"samenwerkingsbeheerder", "controller", "archivaris", "oud-raadslid", "functioneel-beheerder", "noodlezer",
}

// Who may read what, written out by hand. Those who work or sit there; those who prepare its papers; those who read what is
// closed for its council, with or without who wrote it.
var (
	ofOwn = []string{
		"own griffier", "own griffiemedewerker", "own secretaris", "own steller", "own portefeuillehouder", "own raadslid",
		"own organisator", "own samenwerkingsbeheerder", "own controller", "own archivaris",
	}
	ofOther = []string{
		"other griffier", "other griffiemedewerker", "other secretaris", "other steller", "other portefeuillehouder", "other raadslid",
		"other organisator", "other samenwerkingsbeheerder", "other controller", "other archivaris",
	}
	// A closed meeting's agenda names papers that are not closed themselves: who broke the glass reads their names there.
	atClosedTable  = append([]string{"own noodlezer"}, ofOwn...)
	otherOffice    = []string{"other griffier", "other griffiemedewerker"}
	ofJoint        = []string{"joint bestuurssecretaris", "joint lid"}
	secretary      = []string{"joint bestuurssecretaris"}
	participants   = slices.Concat(ofOwn, ofOther)
	andBoard       = slices.Concat(ofOwn, ofOther, ofJoint)
	ownPreparing   = []string{"own griffier", "own griffiemedewerker", "own secretaris"}
	ownDrafting    = append([]string{"own steller"}, ownPreparing...)
	ownClosedDraft = []string{"own griffier", "own griffiemedewerker"}
	ownCouncil     = []string{"own griffier", "own griffiemedewerker", "own raadslid", "own noodlezer"}
	ownCouncilAnd  = append([]string{"own steller"}, ownCouncil...)
	bothCouncils   = append([]string{"other griffier", "other griffiemedewerker", "other raadslid", "other noodlezer"}, ownCouncil...)
	bothPreparing  = append([]string{"other griffier", "other griffiemedewerker", "other secretaris"}, ownPreparing...)
	jointAndWriter = append([]string{"own steller"}, ofJoint...)
	otherDrafting  = []string{"other steller", "other griffier", "other griffiemedewerker", "other secretaris"}
	// Who writes and who signs the invitations of both.
	inviting  = append([]string{"own organisator", "own portefeuillehouder", "other portefeuillehouder"}, bothPreparing...)
	beheerder = []string{"beheerder"}
	everyone  []string
	nobody    = []string{}
)

func (w *world) mark(what string, seenBy []string) string {
	w.marks = append(w.marks, mark{what: what, seenBy: seenBy})
	return fmt.Sprintf("mrk%04d", len(w.marks)-1)
}

// find is the number of a mark.
func (w *world) find(what string) int {
	return slices.IndexFunc(w.marks, func(m mark) bool { return m.what == what })
}

func (w *world) visitor(name string) visitor {
	w.t.Helper()
	for _, v := range w.visitors {
		if v.name == name {
			return v
		}
	}
	w.t.Fatalf("nobody is called %q", name)
	return visitor{}
}

func (w *world) as(name string) access.Actor { w.t.Helper(); return w.visitor(name).actor }

func ok[T any](v T, err error) func(t testing.TB, doing string) T {
	return func(t testing.TB, doing string) T {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", doing, err)
		}
		return v
	}
}

func done(t testing.TB, doing string, err error) { t.Helper(); ok(0, err)(t, doing) }

// someone makes a person with an account and a session. What he may do follows.
func (w *world) someone(name string) partner.Person {
	w.t.Helper()
	p := ok(partner.CreatePerson(w.t.Context(), w.db, partnertest.Seeder, partner.PersonDraft{
		Initials: "A.", Family: strings.ReplaceAll(name, " ", "-"), WorkEmail: w.mark("werkadres van "+name, beheerder) + "@werk.voorbeeld.nl",
	}))(w.t, name)
	return p
}

func (w *world) enters(name string, p partner.Person) {
	w.t.Helper()
	self := append([]string{name}, beheerder...)
	w.marks[w.find("werkadres van "+name)].seenBy = self // he reads at his account where his mail goes
	a := identitytest.Account(w.t, w.db, p.ID, w.mark("e-mailadres van "+name, self)+"@voorbeeld.nl")
	w.visitors = append(w.visitors, visitor{
		name: name, cookie: identitytest.SessionAt(w.t, w.db, a.ID, now),
		actor: ok(identity.ActorOf(w.t.Context(), w.db, a.ID, now))(w.t, name),
	})
}

func (w *world) granted(p partner.Person, r access.Role, org id.Organisation, body id.Body) {
	w.t.Helper()
	ok(partner.GrantRole(w.t.Context(), w.db, partnertest.Seeder, partner.RoleDraft{
		PersonID: p.ID, Role: r, OrganisationID: org, BodyID: body, ValidFrom: partnertest.Then,
	}))(w.t, "granting a role")
}

// place is an organisation with its council and college.
type place struct {
	org              partner.Organisation
	council, college partner.Body
}

func (w *world) municipality(name, spelled string) place {
	w.t.Helper()
	t := w.t
	o := ok(partner.CreateOrganisation(t.Context(), w.db, partnertest.Seeder, partner.OrganisationDraft{
		Key: name, Kind: partner.Municipality, OfficialName: "Gemeente " + spelled + " " + w.mark("naam van "+name, everyone), ShortName: spelled,
		Website: "https://" + w.mark("website van "+name, everyone) + ".voorbeeld.nl", SeatPlace: w.mark("zetel van "+name, everyone), Province: "Zuid-Holland",
	}))(t, name)
	p := place{org: o}
	make := func(kind partner.BodyKind, body string) partner.Body {
		return ok(partner.CreateBody(t.Context(), w.db, partnertest.Seeder, partner.BodyDraft{
			OrganisationID: o.ID, Kind: kind, Name: body + " " + w.mark(body+" van "+name, everyone), Key: name + "-" + strings.ToLower(body),
		}))(t, body)
	}
	p.council, p.college = make(partner.Council, "Raad"), make(partner.Executive, "College")
	mandates := map[string]struct {
		body partner.Body
		as   partner.Function
	}{
		"griffier": {p.council, partner.Clerk}, "raadslid": {p.council, partner.Councillor}, "secretaris": {p.college, partner.Secretary},
		"portefeuillehouder": {p.college, partner.Alderman}, "oud-raadslid": {p.council, partner.Councillor},
	}
	grants := map[string]access.Role{
		"steller": access.Author, "organisator": access.Organiser, "samenwerkingsbeheerder": access.PartnershipManager,
		"controller": access.Controller, "archivaris": access.Archivist, "functioneel-beheerder": access.Admin,
		"noodlezer": access.Admin, // who broke the glass of the council
	}
	for _, role := range roles {
		who := name + " " + role
		person := w.someone(who)
		switch m, has := mandates[role]; {
		case has:
			made := partnertest.Mandate(t, w.db, person, m.body, m.as)
			if role == "raadslid" {
				w.things["functie"+" "+name] = map[string]string{"organisation": o.Key, "body": p.council.Key, "mandate": string(made.ID)}
			}
			if role == "oud-raadslid" {
				seeder := partnertest.Seeder
				seeder.At = now
				done(t, who, partner.EndMandate(t.Context(), w.db, seeder, made.ID, now.AddDate(0, 0, -1), ""))
			}
		case role == "griffiemedewerker":
			w.granted(person, access.ClerkStaff, o.ID, p.council.ID)
		default:
			w.granted(person, grants[role], o.ID, "")
		}
		w.enters(who, person)
		if role == "noodlezer" {
			v := &w.visitors[len(w.visitors)-1]
			seen := []string{who, name + " griffier", name + " functioneel-beheerder", "beheerder"}
			done(t, who, identity.BreakGlass(t.Context(), w.db, v.actor, p.council.ID, "Nood "+w.mark("reden van "+who, seen)))
			v.actor = ok(identity.ActorOf(t.Context(), w.db, v.actor.Account, now))(t, who)
		}
	}
	return p
}

// patience is that of requests of the tests, on whatever machine: no verdict hangs on it.
const patience = time.Minute

// first is the world as it was made; every test gets a copy.
var first struct {
	sync.Once
	*world
	database func(testing.TB) string
}

// newWorld is the world, in a database and a folder of the test's own.
func newWorld(t testing.TB) *world {
	t.Helper()
	first.Do(func() {
		made := &world{things: map[string]map[string]string{}}
		first.database = pgtest.Copies(func(url string) error {
			b := &builder{lasting: lasting{t}}
			defer b.finish()
			made.t, made.folder = b, b.TempDir()
			made.open(url)
			made.populate()
			_, err := made.owner.Exec(context.Background(), `analyze`) // nobody else does, and without it every plan is a guess
			return err
		})
		first.database(t)
		first.world = made
	})
	if first.world == nil {
		t.Fatal("the world was not made")
	}
	w := &world{t: t, folder: t.TempDir(), visitors: slices.Clone(first.visitors), things: maps.Clone(first.things), marks: slices.Clone(first.marks)}
	for name, thing := range w.things {
		w.things[name] = maps.Clone(thing)
	}
	done(t, "copying the files", os.CopyFS(w.folder, os.DirFS(first.folder)))
	w.open(first.database(t))
	w.serve(w.db)
	return w
}

// open opens the database and the files of the world.
func (w *world) open(url string) {
	w.t.Helper()
	w.url = url
	w.db = pgtest.Open(w.t, url, nil)
	w.owner = pgtest.Owner(w.t, w.db)
	w.files = ok(file.NewStore(w.folder))(w.t, "opening the files")
	w.t.Cleanup(func() { _ = w.files.Close() })
}

// populate makes the region: things in every state, by the verbs of the house.
func (w *world) populate() {
	t := w.t
	w.visitors = []visitor{{name: "public", actor: access.Actor{At: now}}}
	own, other := w.municipality("own", "Eigendorp"), w.municipality("other", "Anderstad")

	joint := ok(partner.CreateOrganisation(t.Context(), w.db, partnertest.Seeder, partner.OrganisationDraft{
		Key: "joint", Kind: partner.JointOrg, OfficialName: "Regio " + w.mark("naam van de regio", everyone), ShortName: "Regio",
	}))(t, "joint")
	arrangement := collaborationtest.Collaboration(t, w.db, collaboration.PublicBody, joint)
	first := collaborationtest.Participant(t, w.db, arrangement, own.org)
	collaborationtest.Participant(t, w.db, arrangement, other.org)
	board := collaborationtest.Body(t, w.db, arrangement, partner.GeneralBoard)
	for name, f := range map[string]partner.Function{"joint bestuurssecretaris": partner.Secretary, "joint lid": partner.Member} {
		p := w.someone(name)
		partnertest.Mandate(t, w.db, p, board, f)
		w.enters(name, p)
	}
	b := w.someone("beheerder")
	w.granted(b, access.Admin, "", "")
	w.enters("beheerder", b)
	spare := identitytest.Account(t, w.db, w.someone("spare").ID, w.mark("e-mailadres van niemand", beheerder)+"@voorbeeld.nl")

	w.things["organisatie"] = map[string]string{"organisation": "own"}
	w.things["gremium"] = map[string]string{"organisation": "own", "body": own.council.Key}
	w.things["regeling"] = map[string]string{"collaboration": arrangement.Key, "participation": string(first), "year": "2027"}
	w.things["account"] = map[string]string{"account": string(spare.ID), "grant": string(id.New[id.Grant]())}
	w.things["persoon"] = map[string]string{"person": string(b.ID)}
	w.things["wachtwoordlink"] = map[string]string{"token": "bestaat-niet"}
	w.things["niets"] = map[string]string{
		"organisation": "bestaat-niet", "body": "bestaat-niet", "mandate": string(id.New[id.Mandate]()), "collaboration": "bestaat-niet",
		"participation": string(id.New[id.Participation]()), "account": string(id.New[id.Account]()), "grant": string(id.New[id.Grant]()),
		"person": string(id.New[id.Person]()), "proposal": id.NewKey(), "number": "1", "attachment": id.NewKey(), "meeting": "2026-03-19-bestaat-niet",
		"item": id.NewKey(), "section": string(id.New[id.Section]()), "message": string(id.New[id.Message]()), "advice": string(id.New[id.Advice]()),
		"mailing": string(id.New[id.Mailing]()),
		"step":    id.NewKey(), "question": id.NewKey(), "invitation": id.NewKey(), "part": string(id.New[id.Part]()),
		"change": string(id.New[id.EmailChange]()), "glass": string(id.New[id.Glass]()), "code": "BESTAATNIET", "party": "bestaat-niet", "topic": "bestaat-niet",
		"recess": string(id.New[id.Recess]()), "procedure": id.NewKey(), "year": "2027",
	}
	w.recess(own)
	w.papers(own, other, board)
	w.routes(own, other, board)
	w.meetings(own, other)
	w.invitations(own, other)
	w.procedures(arrangement, board, own, other)
	w.locks(own)
	w.mailed()
}

func (w *world) serve(db *pgxpool.Pool) {
	app := web.App{DB: db, Files: w.files, Now: func() time.Time { return now }, BaseURL: "http://regiogriffie.test", Contact: "meld@voorbeeld.nl"}
	w.site = web.Routes(web.WithPatience(app, patience))
}

// locks are an address that waits for a second, and glass that was broken and has healed.
func (w *world) locks(own place) {
	t, ctx, boss := w.t, w.t.Context(), w.as("beheerder")
	seen := []string{"own griffier", "beheerder"}
	someone := w.someone("wachtende")
	w.marks[w.find("werkadres van wachtende")].seenBy = seen
	partnertest.Mandate(t, w.db, someone, own.council, partner.Adviser)
	ok(identity.CreateAccount(ctx, w.db, boss, identity.Draft{PersonID: someone.ID, Email: w.mark("adres dat wacht", seen) + "@voorbeeld.nl"}))(t, "wachtende")
	var change, glass string
	done(t, "looking for the change", w.owner.QueryRow(ctx, `select id::text from account_email_changes`).Scan(&change))
	w.things["adreswijziging"] = map[string]string{"change": change}
	boss.At = now.Add(-2 * time.Hour)
	done(t, "breaking the glass", identity.BreakGlass(ctx, w.db, boss, own.council.ID,
		"Nood "+w.mark("reden van toen", []string{"own griffier", "own functioneel-beheerder", "own noodlezer", "beheerder"})))
	done(t, "looking for the glass", w.owner.QueryRow(ctx, `select id::text from glass_breaks where account_id = $1`, boss.Account).Scan(&glass))
	w.things["noodtoegang"] = map[string]string{"organisation": own.org.Key, "body": own.council.Key, "glass": glass}
}

// procedures are drafts that went along the councils of own and other, each as far as one can be.
func (w *world) procedures(c collaboration.Collaboration, board partner.Body, own, other place) {
	t, ctx := w.t, w.t.Context()
	by, griffier := w.as("joint bestuurssecretaris"), map[string]access.Actor{own.org.Key: w.as("own griffier"), other.org.Key: w.as("other griffier")}
	paper := w.concept("bij procedure", "joint bestuurssecretaris", w.paper("bij procedure", secretary, board.OrganisationID, board.ID), secretary)
	begun := func(name string, seenBy []string, paper id.Proposal) zienswijze.Procedure {
		year, ab := 2027, now.AddDate(0, 4, 0)
		p := ok(zienswijze.Open(ctx, w.db, by, zienswijze.Draft{
			CollaborationID: c.ID, Subjects: []string{
				"Onderdeel " + w.mark("eerste onderdeel van "+name, seenBy),
				"Onderdeel " + w.mark("tweede onderdeel van "+name, seenBy),
			},
			Facts: zienswijze.Facts{Kind: zienswijze.Budget, Subject: "Onderwerp " + w.mark("onderwerp van "+name, seenBy), Year: &year, ABOn: &ab, ProposalID: paper},
		}))(t, name)
		w.things[name] = map[string]string{"procedure": p.Key, "organisation": own.org.Key, "number": "1"}
		w.things[name+"/other"] = map[string]string{"procedure": p.Key, "organisation": other.org.Key}
		return p
	}
	sent := func(name string, seenBy []string) zienswijze.Procedure {
		p := begun(name, seenBy, "")
		return ok(zienswijze.Send(ctx, w.db, by, p.ID, zienswijze.Dispatch{SentOn: &now, Version: p.Version}))(t, name)
	}
	view := func(p zienswijze.Procedure, of place) (v zienswijze.View) {
		done(t, "reading a view", postgres.Read(ctx, w.db, zienswijze.ViewInto(&v, griffier[of.org.Key], p.Key, of.org.Key)))
		return v
	}
	written := func(name string, p zienswijze.Procedure, of place, shared bool, seenBy []string) zienswijze.View {
		v, who := view(p, of), griffier[of.org.Key]
		var subjects []zienswijze.Subject
		done(t, name, postgres.Read(ctx, w.db, zienswijze.SubjectsInto(&subjects, who, p.Key)))
		done(t, name, zienswijze.Write(ctx, w.db, who, v.ID, zienswijze.TextDraft{
			Text: w.mark("tekst van "+of.org.Key+" in "+name, seenBy), Shared: shared,
			Opinions: []zienswijze.Opinion{{
				SubjectID: subjects[0].ID, Number: 1, Stance: zienswijze.Provided,
				Passage: w.mark("passage van "+of.org.Key+" in "+name, seenBy),
			}},
		}))
		return v
	}
	delivered := func(name string, p zienswijze.Procedure, of place, seenBy []string) zienswijze.View {
		v, who := written(name, p, of, false, seenBy), griffier[of.org.Key]
		done(t, name, zienswijze.Adopt(ctx, w.db, who, v.ID, &now))
		done(t, name, zienswijze.SendView(ctx, w.db, who, v.ID))
		return v
	}

	begun("procedure in voorbereiding", secretary, paper.ID)

	// Went along with its paper: one council has it on a public agenda, the other sent its view.
	draft := w.offered("ontwerp", "joint bestuurssecretaris", w.paper("ontwerp", everyone, board.OrganisationID, board.ID), everyone)
	along := begun("procedure langs een route", andBoard, draft.ID)
	along = ok(zienswijze.Send(ctx, w.db, by, along.ID, zienswijze.Dispatch{SentOn: &now, Version: along.Version}))(t, "sending")
	ok(meeting.ScheduleStep(ctx, w.db, griffier[own.org.Key], w.meetingID("opgeroepen"), view(along, own).Step.Key, ""))(t, "scheduling")
	delivered("procedure langs een route", along, other, andBoard)

	p := sent("procedure", andBoard)
	written("procedure", p, own, false, ofOwn)
	written("procedure", p, other, true, participants)

	p = sent("openbare procedure", everyone)
	ok(zienswijze.Publish(ctx, w.db, by, p.ID))(t, "publishing")
	delivered("openbare procedure", p, own, andBoard)
	v := delivered("openbare procedure", p, other, everyone)
	var texts []zienswijze.Text
	var opinions []zienswijze.Opinion
	done(t, "reading", postgres.Read(ctx, w.db, zienswijze.TextInto(&texts, by, p.Key, other.org.Key),
		zienswijze.OpinionsInto(&opinions, by, p.Key, other.org.Key)))
	opinions[0].Answer = w.mark("antwoord op een onderdeel", everyone)
	done(t, "answering", zienswijze.Answer(ctx, w.db, by, v.ID,
		zienswijze.AnswerDraft{Answer: w.mark("antwoord van het bestuur", everyone), Opinions: opinions, Version: texts[0].Version}))
	done(t, "publishing", zienswijze.PublishView(ctx, w.db, griffier[other.org.Key], v.ID))

	// What was open to everyone, and is no longer.
	p = sent("teruggehaalde procedure", andBoard)
	ok(zienswijze.Publish(ctx, w.db, by, p.ID))(t, "publishing")
	v = delivered("teruggehaalde procedure", p, own, andBoard)
	done(t, "publishing", zienswijze.PublishView(ctx, w.db, griffier[own.org.Key], v.ID))
	ok(zienswijze.Retract(ctx, w.db, by, p.ID))(t, "retracting")

	p = sent("gesloten procedure", andBoard)
	for _, each := range []place{own, other} {
		done(t, "declining", zienswijze.Decline(ctx, w.db, griffier[each.org.Key], view(p, each).ID, &now))
	}
	ok(zienswijze.Close(ctx, w.db, by, p.ID))(t, "closing")
}

// meetingID is the id of a meeting of the world.
func (w *world) meetingID(name string) id.Meeting {
	w.t.Helper()
	var m meeting.Meeting
	done(w.t, name, postgres.Read(w.t.Context(), w.db, meeting.BySlug(&m, w.as("own griffier"), w.things[name]["meeting"])))
	return m.ID
}

// recess is when the council of a place does not meet: for everyone to read.
func (w *world) recess(p place) {
	w.t.Helper()
	from, until := now.AddDate(0, 0, 40), now.AddDate(0, 0, 60)
	r := ok(partner.CreateRecess(w.t.Context(), w.db, w.as("own griffier"), partner.RecessDraft{
		OrganisationID: p.org.ID, BodyID: p.council.ID, Name: "Reces " + w.mark("naam van reces", everyone), StartsOn: &from, LastOn: &until,
	}))(w.t, "making a recess")
	w.things["reces"] = map[string]string{"organisation": p.org.Key, "recess": string(r.ID)}
}

// paper is a draft with a mark in every field.
func (w *world) paper(name string, seenBy []string, owner id.Organisation, target id.Body) proposal.Draft {
	m := func(what string) string { return w.mark(what+" van voorstel "+name, seenBy) }
	day, minutes := now.AddDate(0, 0, 17), 15
	return proposal.Draft{OwnerOrgID: owner, Content: proposal.Content{
		TargetBodyID: target, DatedOn: &day, Reference: m("kenmerk"), Subject: "Onderwerp " + m("onderwerp"), Treatment: proposal.Decisive,
		Authors: []proposal.Author{{Name: m("opsteller")}}, PortfolioHolders: []proposal.Holder{{Name: m("portefeuillehouder"), Capacity: m("hoedanigheid")}},
		Summary: m("samenvatting"), Explanation: m("toelichting"), Communication: m("communicatie"), Financial: m("financiën"), Legal: m("juridisch"),
		Risks: m("risico's"), DecisionPoints: []string{m("beslispunt 1"), m("beslispunt 2")}, FollowUp: m("vervolg"), FollowUpOn: m("vervolg op"),
		Minutes: &minutes,
	}}
}

func (w *world) upload(of string, seenBy []string) file.Upload {
	return file.Upload{
		Title: w.mark("titel van bestand bij "+of, seenBy), FileName: w.mark("naam van bestand bij "+of, seenBy) + ".pdf",
		Content: bytes.NewReader(filetest.PDF(w.mark("inhoud van bestand bij "+of, seenBy))),
	}
}

// closing makes a draft closed. The neutral title is read by whoever reads the paper; by everyone once on a public agenda.
func (w *world) closing(d *proposal.Draft, of string, neutral []string) {
	d.Closed, d.Ground, d.PublicTitle = true, "5.1.2.b", "Neutraal "+w.mark("neutrale titel van "+of, neutral)
}

// concept makes a paper with an attachment, by the steller of a place.
func (w *world) concept(name, by string, d proposal.Draft, seenBy []string) proposal.Proposal {
	w.t.Helper()
	t := w.t
	p := ok(proposal.Create(t.Context(), w.db, w.as(by), d))(t, name)
	done(t, name, proposal.Attach(t.Context(), w.db, w.files, w.as(by), p.ID, w.upload("voorstel "+name, seenBy)))
	var attached []file.Attachment
	done(t, name, postgres.Read(t.Context(), w.db, file.Of(&attached, w.as(by), string(p.ID))))
	w.things[name] = map[string]string{"proposal": p.Key, "number": "1", "attachment": attached[0].Key}
	return p
}

func (w *world) offered(name, by string, d proposal.Draft, seenBy []string) proposal.Proposal {
	w.t.Helper()
	return ok(proposal.Offer(w.t.Context(), w.db, w.as(by), w.concept(name, by, d, seenBy).ID))(w.t, name)
}

func (w *world) papers(own, other place, board partner.Body) {
	t := w.t
	w.concept("concept", "own steller", w.paper("concept", ownDrafting, own.org.ID, own.council.ID), ownDrafting)
	d := w.paper("onaf concept", ownDrafting, own.org.ID, own.council.ID)
	d.Summary, w.marks[w.find("samenvatting van voorstel onaf concept")].silent = "", true
	w.concept("onaf concept", "own steller", d, ownDrafting)
	w.concept("concept elders", "other steller", w.paper("concept elders", otherDrafting, other.org.ID, other.council.ID), otherDrafting)

	// Elsewhere papers take the inner steps; the portfolio holder who was asked reads them.
	done(t, "setting the steps", partner.SetInnerSteps(t.Context(), w.db, w.as("other secretaris"), other.org.ID, true))
	asked := append([]string{"other portefeuillehouder"}, otherDrafting...)
	for _, name := range []string{"elders gereed", "elders akkoord"} {
		p := w.concept(name, "other steller", w.paper(name, asked, other.org.ID, other.council.ID), asked)
		done(t, name, proposal.MarkReady(t.Context(), w.db, w.as("other steller"), p.ID, w.as("other portefeuillehouder").Person))
		if name == "elders akkoord" {
			done(t, name, proposal.Agree(t.Context(), w.db, w.as("other portefeuillehouder"), p.ID))
		}
	}
	say := func(by, name string, seenBy []string) {
		t.Helper()
		p := ok(proposal.FindByKey(t.Context(), w.db, w.as(by), w.things[name]["proposal"]))(t, name)
		done(t, name, proposal.AddComment(t.Context(), w.db, w.as(by), p.ID, "", w.mark("opmerking bij "+name, seenBy)))
	}
	say("own griffier", "concept", ownDrafting)
	say("other portefeuillehouder", "elders gereed", asked)
	// Written together with a steller elsewhere; griffie and secretaris there read along.
	together := slices.Concat(ownDrafting, otherDrafting)
	shared := w.concept("samen geschreven", "own steller", w.paper("samen geschreven", together, own.org.ID, own.council.ID), together)
	done(t, "writing together", proposal.SetCoAuthors(t.Context(), w.db, w.as("own steller"), shared.ID, other.org.ID, []id.Person{w.as("other steller").Person}))
	say("other steller", "samen geschreven", together)
	// Advice: given by a colleague, who reads the concept since he was asked, and asked of a council elsewhere.
	adviser := append([]string{"own archivaris"}, ownDrafting...)
	ofBoth := append(slices.Clone(ofOwn), ofOther...)
	for name, seen := range map[string][2][]string{
		"advies":            {adviser, adviser},
		"advies van elders": {ofBoth, append(slices.Clone(ownDrafting), "other griffier", "other griffiemedewerker", "other secretaris")},
	} {
		p := w.concept(name, "own steller", w.paper(name, seen[0], own.org.ID, own.council.ID), seen[0])
		within := 5
		d := proposal.AdviceDraft{Question: w.mark("vraag om "+name, seen[1]), Days: &within, Person: w.as("own archivaris").Person}
		if name != "advies" {
			ok(proposal.Offer(t.Context(), w.db, w.as("own steller"), p.ID))(t, name)
			d.Person, d.Body = "", other.council.ID
		}
		done(t, name, proposal.AskAdvice(t.Context(), w.db, w.as("own steller"), p.ID, d))
		var list []proposal.Advice
		done(t, name, postgres.Read(t.Context(), w.db, proposal.AdvicesInto(&list, w.as("own steller"), p.ID)))
		w.things[name]["advice"] = string(list[0].ID)
		if name == "advies" {
			done(t, name, proposal.GiveAdvice(t.Context(), w.db, w.as("own archivaris"), list[0].ID, proposal.Negative, w.mark("tekst van "+name, seen[1])))
		}
	}
	sent := w.offered("teruggestuurd", "own steller", w.paper("teruggestuurd", ofOwn, own.org.ID, own.council.ID), ofOwn)
	done(t, "sending back", proposal.SendBack(t.Context(), w.db, w.as("own griffier"), sent.ID, w.mark("reden van terugzending", ofOwn)))
	sent = w.offered("openbaar na terugzending", "own steller", w.paper("openbaar na terugzending", everyone, own.org.ID, own.council.ID), everyone)
	done(t, "sending back", proposal.SendBack(t.Context(), w.db, w.as("own griffier"), sent.ID, w.mark("reden van terugzending voor publicatie", ownDrafting)))
	ok(proposal.Revise(t.Context(), w.db, w.as("own steller"), sent.ID, proposal.DraftOf(sent)))(t, "revising")
	say("own steller", "openbaar na terugzending", nobody)
	w.marks[len(w.marks)-1].silent = true
	ok(proposal.Offer(t.Context(), w.db, w.as("own steller"), sent.ID))(t, "offering again")

	closed := append([]string{"own steller"}, ownClosedDraft...)
	d = w.paper("besloten concept", closed, own.org.ID, own.council.ID)
	w.closing(&d, "besloten concept", closed)
	w.concept("besloten concept", "own steller", d, closed)

	w.offered("aangeboden", "own steller", w.paper("aangeboden", ofOwn, own.org.ID, own.council.ID), ofOwn)
	say("own secretaris", "aangeboden", ownDrafting)
	both := slices.Concat(ofOwn, ofJoint)
	w.offered("aangeboden aan regio", "own steller", w.paper("aangeboden aan regio", both, own.org.ID, board.ID), both)

	d = w.paper("besloten aangeboden", ownCouncilAnd, own.org.ID, own.council.ID)
	w.closing(&d, "besloten aangeboden", ownCouncilAnd)
	w.offered("besloten aangeboden", "own steller", d, ownCouncilAnd)
	say("own steller", "besloten aangeboden", []string{"own steller"})

	d = w.paper("besloten aan regio", jointAndWriter, own.org.ID, board.ID)
	w.closing(&d, "besloten aan regio", jointAndWriter)
	w.offered("besloten aan regio", "own steller", d, jointAndWriter)

	reason := func(seenBy []string, of string) string { return w.mark("reden van intrekking van "+of, seenBy) }
	p := w.concept("ingetrokken concept", "own steller", w.paper("ingetrokken concept", ownDrafting, own.org.ID, own.council.ID), ownDrafting)
	done(t, "withdrawing", proposal.Withdraw(t.Context(), w.db, w.as("own steller"), p.ID, reason(ownDrafting, "ingetrokken concept")))
	p = w.offered("ingetrokken", "own steller", w.paper("ingetrokken", ofOwn, own.org.ID, own.council.ID), ofOwn)
	done(t, "withdrawing", proposal.Withdraw(t.Context(), w.db, w.as("own steller"), p.ID, reason(ofOwn, "ingetrokken")))
	d = w.paper("besloten ingetrokken", ownCouncilAnd, own.org.ID, own.council.ID)
	w.closing(&d, "besloten ingetrokken", ownCouncilAnd)
	p = w.offered("besloten ingetrokken", "own steller", d, ownCouncilAnd)
	done(t, "withdrawing", proposal.Withdraw(t.Context(), w.db, w.as("own steller"), p.ID, reason(ownCouncilAnd, "besloten ingetrokken")))
}

// step puts a body on the route of a paper, under the name of the paper with its own.
func (w *world) step(of, what string, p proposal.Proposal, body id.Body, sequence int, asked proposal.Treatment) {
	w.t.Helper()
	t, by := w.t, w.as("own steller")
	day := now.AddDate(0, 0, 60)
	done(t, what, route.AddStep(t.Context(), w.db, by, p.ID, route.StepDraft{BodyID: body, Sequence: sequence, Treatment: asked, Deadline: &day}))
	for _, s := range w.route(by, p) {
		if s.BodyID == body && s.Sequence == sequence {
			w.things[of+"/"+what] = map[string]string{"proposal": p.Key, "step": s.Key}
		}
	}
}

func (w *world) route(as access.Actor, p proposal.Proposal) []route.Row {
	w.t.Helper()
	var list []route.Row
	done(w.t, "reading a route", postgres.Read(w.t.Context(), w.db, route.At(&list, as, p.Key)))
	return list
}

// sent sends the first steps of the route of a paper.
func (w *world) sent(p proposal.Proposal) {
	w.t.Helper()
	by := w.as("own steller")
	var keys []string
	for _, s := range route.Next(route.Steps(w.route(by, p))) {
		keys = append(keys, s.Key)
	}
	done(w.t, "sending", route.Send(w.t.Context(), w.db, by, p.ID, keys, nil))
}

// routes is a paper on its way: it lies at the council of other, was refused by the board, and has a step that was not sent.
func (w *world) routes(own, other place, board partner.Body) {
	t, ctx := w.t, w.t.Context()
	all := slices.Concat(ofOwn, ofOther, ofJoint)
	p := w.offered("op route", "own steller", w.paper("op route", all, own.org.ID, own.college.ID), all)
	w.step("op route", "stap", p, other.council.ID, 1, proposal.ForView)
	w.step("op route", "geweigerde stap", p, board.ID, 1, proposal.Decisive)
	w.step("op route", "geplande stap", p, other.college.ID, 2, proposal.Informative)
	w.sent(p)
	key := w.things["op route/stap"]["step"]
	asking := slices.Concat(ofOwn, ofOther)
	done(t, "asking", route.Ask(ctx, w.db, w.as("other griffier"), key, w.mark("vraag over de route", asking)))
	var asked []route.Question
	done(t, "reading the questions", postgres.Read(ctx, w.db, route.QuestionsOf(&asked, w.as("own steller"), key)))
	w.things["op route/stap"]["question"] = asked[0].Key
	done(t, "answering", route.Answer(ctx, w.db, w.as("own steller"), key, asked[0].Key, w.mark("antwoord over de route", asking)))
	done(t, "preparing", route.Prepare(ctx, w.db, w.as("other griffiemedewerker"), key, route.Local{
		Title: "Eigen titel " + w.mark("eigen titel bij de stap", otherOffice), CoveringNote: w.mark("oplegger bij de stap", otherOffice),
		PortfolioHolders: []proposal.Holder{{Name: w.mark("portefeuillehouder bij de stap", otherOffice), Capacity: w.mark("hoedanigheid bij de stap", otherOffice)}},
	}))
	early := w.as("other raadslid")
	early.At = now.Add(-time.Hour)
	done(t, "following", route.Follow(ctx, w.db, early, p.ID))
	refused := w.things["op route/geweigerde stap"]["step"]
	done(t, "refusing", route.Refuse(ctx, w.db, w.as("joint bestuurssecretaris"), refused, w.mark("reden van weigering", all)))
}

// seats says who reads what of a meeting: the meeting itself, the names of its parts, the lines of its agenda, the matter of
// its open and of its closed items.
type seats struct{ self, parts, lines, open, closed []string }

// gathering makes a meeting with a mark in every field, an open item and, for a body, a closed one, each with a file.
func (w *world) gathering(name string, days int, kind meeting.Kind, shut bool, s seats, bodies ...id.Body) meeting.Meeting {
	w.t.Helper()
	t, clerk := w.t, w.as("own griffier")
	start := now.AddDate(0, 0, days)
	end := start.Add(2 * time.Hour)
	m := func(what string, seenBy []string) string { return w.mark(what+" van vergadering "+name, seenBy) }
	d := meeting.Draft{
		Kind: kind, Bodies: bodies, StartsAt: &start, EndsAt: &end, Location: m("plaats", s.self), Open: !shut,
	}
	if !shut {
		d.Chair, d.Clerk = m("voorzitter", s.self), m("griffier", s.self)
		d.Title, d.Description = "Titel "+m("titel", s.self), m("toelichting", s.self)
		d.OnlineURL = "https://" + m("online adres", s.self) + ".voorbeeld.nl/"
	}
	made := ok(meeting.Create(t.Context(), w.db, clerk, d))(t, name)
	w.agreed(made)
	var sections []meeting.Section
	done(t, name, postgres.Read(t.Context(), w.db, meeting.SectionsAt(&sections, clerk, made.Slug)))
	done(t, name, meeting.ReviseSection(t.Context(), w.db, clerk, made.ID, sections[0].ID,
		meeting.SectionDraft{Letter: sections[0].Letter, Title: "Deel " + m("deel", s.parts)}))
	w.things[name] = map[string]string{"meeting": made.Slug, "section": string(sections[0].ID)}
	w.item(name, made, sections[0].ID, "open punt", false, s)
	if !kind.Event() && !shut {
		w.item(name, made, sections[0].ID, "besloten punt", true, s, bodies...)
	}
	return made
}

// agreed lets other give its word to hold a meeting.
func (w *world) agreed(m meeting.Meeting) {
	w.t.Helper()
	var asked []meeting.Request
	done(w.t, "reading who is asked", postgres.Read(w.t.Context(), w.db, meeting.RequestsAt(&asked, w.as("own griffier"), m.Slug)))
	for _, r := range asked {
		done(w.t, "agreeing", meeting.Agree(w.t.Context(), w.db, w.as("other griffier"), m.ID, r.BodyKey))
	}
}

// item adds an item written on the spot, under the name of the meeting with its own.
func (w *world) item(name string, m meeting.Meeting, section id.Section, what string, closed bool, s seats, closedFor ...id.Body) string {
	w.t.Helper()
	return w.itemBy("own griffier", name, m, section, what, closed, s, closedFor...)
}

func (w *world) itemBy(by, name string, m meeting.Meeting, section id.Section, what string, closed bool, s seats, closedFor ...id.Body) string {
	w.t.Helper()
	t, clerk := w.t, w.as(by)
	seenBy, minutes := s.open, 20
	d := meeting.ItemDraft{SectionID: section, Treatment: proposal.Opinion, DebateKind: "debate", Minutes: &minutes}
	of := what + " van " + name
	if closed {
		seenBy = s.closed
		d.Closed, d.Ground, d.PublicTitle, d.ClosedFor = true, "5.1.2.b", "Neutraal "+w.mark("neutrale titel van "+of, s.lines), closedFor
	}
	d.Title, d.Explanation = "Punt "+w.mark("titel van "+of, seenBy), w.mark("toelichting van "+of, seenBy)
	d.PortfolioHolders = []proposal.Holder{{Name: w.mark("portefeuillehouder van "+of, seenBy), Capacity: w.mark("hoedanigheid bij "+of, seenBy)}}
	key := ok(meeting.AddItem(t.Context(), w.db, clerk, m.ID, d))(t, of)
	done(t, of, meeting.AttachToItem(t.Context(), w.db, w.files, clerk, m.ID, key, w.upload(of, seenBy)))
	var attached []file.Line
	done(t, of, postgres.Read(t.Context(), w.db, meeting.FilesAt(&attached, clerk, m.Slug)))
	found := ok(w.itemAt(clerk, m.Slug, key), nil)(t, of)
	i := slices.IndexFunc(attached, func(a file.Line) bool { return a.ObjectID == string(found.ID) })
	w.things[name+"/"+what] = map[string]string{"meeting": m.Slug, "section": string(section), "item": key, "attachment": attached[i].Key}
	return key
}

func (w *world) itemAt(a access.Actor, slug, key string) meeting.Item {
	var items []meeting.Item
	done(w.t, "reading the agenda", postgres.Read(w.t.Context(), w.db, meeting.AgendaAt(&items, a, slug)))
	for _, i := range items {
		if i.Key == key {
			return i
		}
	}
	w.t.Fatalf("no item %s at %s", key, slug)
	return meeting.Item{}
}

// scheduled puts an offered paper on an agenda.
func (w *world) scheduled(name string, p proposal.Proposal, on string, m meeting.Meeting) string {
	w.t.Helper()
	key := ok(meeting.Schedule(w.t.Context(), w.db, w.as("own griffier"), m.ID, p.ID, id.Section(w.things[on]["section"])))(w.t, name)
	w.things[on+"/"+name] = map[string]string{"meeting": m.Slug, "section": w.things[on]["section"], "item": key, "attachment": w.things[name]["attachment"]}
	return key
}

func (w *world) convene(m meeting.Meeting) meeting.Meeting {
	w.t.Helper()
	clerk := w.as("own griffier")
	m = ok(meeting.Find(w.t.Context(), w.db, clerk, m.ID))(w.t, m.Slug)
	return ok(meeting.Convene(w.t.Context(), w.db, clerk, m.ID, meeting.Call{
		DeliveredAt: &now, Version: m.Version,
		Reasons: map[string]string{"GEZAMENLIJK": "De andere griffier weet ervan.", "GW-19.1": "Dit is van gisteren.", "UITLOOP": "Het is veel."},
	}))(w.t, m.Slug)
}

// mailed does the work that the acts left in the queue, so that there are mails.
func (w *world) mailed() {
	w.t.Helper()
	ctx := w.t.Context()
	rows, err := w.owner.Query(ctx, `select kind, args from river_job order by id`)
	done(w.t, "reading the queue", err)
	type work struct {
		Kind string
		Args json.RawMessage
	}
	queued := ok(pgx.CollectRows(rows, pgx.RowToStructByName[work]))(w.t, "reading the queue")
	table := mails.Office{DB: w.db, BaseURL: "https://regio.example", From: "griffie@regio.example", Now: func() time.Time { return now }}.Table()
	for _, q := range queued {
		done(w.t, q.Kind, table[q.Kind](ctx, q.Args))
	}
	for _, kind := range mails.Hourly {
		done(w.t, kind, table[kind](ctx, nil))
	}
	var message, of string
	for name, private := range map[string]bool{"mail": false, "mail over een account": true} {
		done(w.t, "looking for a mail", w.owner.QueryRow(ctx, `
			select x.id::text, g.id::text from messages x join mailings g on g.id = x.mailing_id where g.private = $1
			  order by x.id limit 1`, private).Scan(&message, &of))
		w.things[name] = map[string]string{"message": message, "mailing": of}
	}
	for name, thing := range map[string]string{"verzending": "opgeroepen", "verzending samen": "gezamenlijk"} {
		slug := w.things[thing]["meeting"]
		done(w.t, "looking for a mailing",
			w.owner.QueryRow(ctx, `select g.id::text from mailings g join meetings m on m.id = g.object_id where m.slug = $1`, slug).Scan(&of))
		w.things[name] = map[string]string{"meeting": slug, "mailing": of}
	}
	key := w.things["uitnodiging"]["invitation"]
	done(w.t, "looking for a mailing", w.owner.QueryRow(ctx, `select g.id::text from mailings g join invitations i on i.id = g.object_id
			where i.key = $1 order by g.created_at desc limit 1`, key).Scan(&of))
	w.things["verzending van uitnodiging"] = map[string]string{"invitation": key, "mailing": of}
	code := "CODEVANEENMAILINDEWERELD22"
	sum := sha256.Sum256([]byte(code))
	_, err = w.owner.Exec(ctx, `insert into stop_links (code_hash, address, topic, made_at) values ($1, $2, 'uitnodigingen', $3)`,
		hex.EncodeToString(sum[:]), w.mark("adres van wie zich afmeldt", everyone)+"@voorbeeld.nl", now)
	done(w.t, "making a link to stop mail", err)
	w.things["afmeldlink"] = map[string]string{"code": code}
	w.things["onderwerp van e-mail"] = map[string]string{"topic": "uitnodigingen"}
}

func (w *world) meetings(own, other place) {
	t, clerk := w.t, w.as("own griffier")
	ctx := t.Context()

	draft := seats{ownPreparing, ownPreparing, ownPreparing, ownPreparing, ownClosedDraft}
	w.gathering("concept-vergadering", 20, meeting.Council, false, draft, own.council.ID)

	// Announced: day, time and place are public, the agenda is not.
	planned := seats{everyone, ownPreparing, ownPreparing, ownPreparing, ownClosedDraft}
	m := w.gathering("gepland", 21, meeting.Council, false, planned, own.council.ID)
	ok(meeting.Announce(ctx, w.db, clerk, m.ID))(t, "announcing")
	p := w.offered("geagendeerd", "own steller", w.paper("geagendeerd", ofOwn, own.org.ID, own.council.ID), ofOwn)
	w.scheduled("geagendeerd", p, "gepland", m)

	open := seats{everyone, everyone, everyone, everyone, ownCouncil}
	m = w.gathering("opgeroepen", 22, meeting.Council, false, open, own.council.ID)
	d := w.paper("openbaar", everyone, own.org.ID, own.council.ID)
	before := d
	before.Summary = w.mark("samenvatting van de eerste versie van openbaar", ofOwn)
	p = w.offered("openbaar", "own steller", before, everyone)
	d.Version = p.Version
	p = ok(proposal.Revise(ctx, w.db, w.as("own steller"), p.ID, d))(t, "revising")
	w.scheduled("openbaar", p, "opgeroepen", m)
	d = w.paper("besloten geagendeerd", ownCouncilAnd, own.org.ID, own.council.ID)
	w.closing(&d, "besloten geagendeerd", everyone)
	w.scheduled("besloten geagendeerd", w.offered("besloten geagendeerd", "own steller", d, ownCouncilAnd), "opgeroepen", m)
	late := w.offered("later besloten", "own steller", w.paper("later besloten", ownCouncilAnd, own.org.ID, own.council.ID), ownCouncilAnd)
	tightened := w.scheduled("later besloten", late, "opgeroepen", m)
	gone := w.offered("openbaar ingetrokken", "own steller", w.paper("openbaar ingetrokken", everyone, own.org.ID, own.council.ID), everyone)
	w.scheduled("openbaar ingetrokken", gone, "opgeroepen", m)
	dropped := w.item("opgeroepen", m, id.Section(w.things["opgeroepen"]["section"]), "vervallen punt", false, open)
	w.convene(m)
	i := w.itemAt(clerk, m.Slug, tightened)
	done(t, "closing an item", meeting.ReviseItem(ctx, w.db, clerk, m.ID, tightened, meeting.ItemDraft{
		SectionID: i.SectionID, Title: i.MatterTitle, Treatment: i.Treatment, PortfolioHolders: i.PortfolioHolders, Minutes: &i.Minutes, Version: i.Version,
		Closed: true, Ground: "5.1.2.e", PublicTitle: "Neutraal " + w.mark("neutrale titel van later besloten", everyone),
	}))
	done(t, "withdrawing", proposal.Withdraw(ctx, w.db, w.as("own steller"), gone.ID, w.mark("reden van intrekking van openbaar", everyone)))
	ok(meeting.RemoveItem(ctx, w.db, clerk, m.ID, dropped))(t, "dropping an item")

	// Of a closed meeting day, time and place are public, and no more.
	shut := seats{everyone, ownCouncil, ownCouncil, ownCouncil, ownCouncil}
	m = w.gathering("besloten vergadering", 23, meeting.Council, true, shut, own.council.ID)
	d = w.paper("in besloten vergadering", ofOwn, own.org.ID, own.council.ID)
	w.scheduled("in besloten vergadering", w.offered("in besloten vergadering", "own steller", d, ofOwn), "besloten vergadering", m)
	for _, named := range []string{"onderwerp", "hoedanigheid", "portefeuillehouder"} {
		w.marks[w.find(named+" van voorstel in besloten vergadering")].seenBy = atClosedTable
	}
	w.convene(m)
	w.gathering("besloten concept-vergadering", 24, meeting.Council, true,
		seats{ownPreparing, ownClosedDraft, ownClosedDraft, ownClosedDraft, ownClosedDraft}, own.council.ID)

	m = w.gathering("geannuleerd", 25, meeting.Council, false, open, own.council.ID)
	w.convene(m)
	ok(meeting.Cancel(ctx, w.db, clerk, m.ID, w.mark("reden van annulering", everyone)))(t, "cancelling")

	m = w.gathering("bijeenkomst", 26, meeting.InformationEvening, false, open, own.council.ID)
	ok(meeting.Announce(ctx, w.db, clerk, m.ID))(t, "announcing")

	together := open
	together.closed = bothCouncils
	m = w.gathering("gezamenlijk", 27, meeting.Council, false, together, own.council.ID, other.council.ID)
	w.convene(m)
	w.gathering("gezamenlijk concept", 28, meeting.Council, false, seats{
		bothPreparing, bothPreparing, bothPreparing, bothPreparing,
		[]string{"own griffier", "own griffiemedewerker", "other griffier", "other griffiemedewerker"},
	}, own.council.ID, other.council.ID)
	w.asked(own, other)
	w.apart(own, other)
	w.decided(own, other)
	w.behindDoors(own)
	w.things["openbaar tweede versie"] = map[string]string{"proposal": w.things["openbaar"]["proposal"], "number": "2"}
	w.things["opgeroepen zonder dat deel"] = map[string]string{"meeting": w.things["opgeroepen"]["meeting"], "section": string(id.New[id.Section]())}
}

var otherCouncil = []string{"other griffier", "other griffiemedewerker", "other raadslid"}

// asked are meetings for which the council of other has not given its word: one that is a concept, one that called its members without it, one
// that it declined, and one to which it came when something was closed already. For the college nobody acts here.
func (w *world) asked(own, other place) {
	t, ctx, clerk := w.t, w.t.Context(), w.as("own griffier")
	waiting := func(name string, days int, s seats, answer func(m meeting.Meeting), bodies ...id.Body) meeting.Meeting {
		start := now.AddDate(0, 0, days)
		end := start.Add(2 * time.Hour)
		made := ok(meeting.Create(ctx, w.db, clerk, meeting.Draft{
			Kind: meeting.Council, Bodies: bodies, StartsAt: &start, EndsAt: &end, Location: w.mark("plaats van vergadering "+name, s.self), Open: true,
			Title: "Titel " + w.mark("titel van vergadering "+name, s.self), AgreedWith: w.mark("met wie afgesproken bij "+name, ownClosedDraft),
		}))(t, name)
		var sections []meeting.Section
		done(t, name, postgres.Read(ctx, w.db, meeting.SectionsAt(&sections, clerk, made.Slug)))
		done(t, name, meeting.ReviseSection(ctx, w.db, clerk, made.ID, sections[0].ID,
			meeting.SectionDraft{Letter: sections[0].Letter, Title: "Deel " + w.mark("deel van vergadering "+name, s.parts)}))
		w.things[name] = map[string]string{"meeting": made.Slug, "section": string(sections[0].ID), "party": other.council.Key}
		w.item(name, made, sections[0].ID, "open punt", false, s)
		w.item(name, made, sections[0].ID, "besloten punt", true, s)
		if answer != nil {
			answer(made)
		}
		return made
	}
	silent := func(name string) { w.marks[w.find("met wie afgesproken bij "+name)].silent = true } // only of a body for which nobody acts
	both := []id.Body{own.council.ID, other.council.ID}
	waiting("gevraagd", 50, seats{bothPreparing, ownPreparing, ownPreparing, ownPreparing, ownClosedDraft}, nil, both...)
	silent("gevraagd")
	m := waiting("gevraagd en opgeroepen", 51, seats{everyone, everyone, everyone, everyone, ownCouncil}, nil, both...)
	silent("gevraagd en opgeroepen")
	w.convene(m)
	waiting("geweigerd mee te doen", 52, seats{ownPreparing, ownPreparing, ownPreparing, ownPreparing, ownClosedDraft}, func(m meeting.Meeting) {
		done(t, "declining", meeting.Decline(ctx, w.db, w.as("other griffier"), m.ID, other.council.Key, w.mark("reden om niet mee te doen", ownClosedDraft)))
	}, both...)
	silent("geweigerd mee te doen")
	m = waiting("later toegetreden", 53, seats{everyone, everyone, everyone, everyone, ownCouncil}, w.agreed, both...)
	silent("later toegetreden")
	w.convene(m)
	m = waiting("op afspraak", 54, seats{everyone, everyone, everyone, everyone, ownCouncil}, nil, own.council.ID, other.college.ID)
	w.things["op afspraak"]["party"] = other.college.Key
	w.convene(m)
}

// apart is a joint meeting with what is closed for one of both alone: an item of each, and a paper of own.
func (w *world) apart(own, other place) {
	const name = "apart besloten"
	together := seats{everyone, everyone, everyone, everyone, bothCouncils}
	m := w.gathering(name, 29, meeting.Council, false, together, own.council.ID, other.council.ID)
	section := id.Section(w.things[name]["section"])
	w.item(name, m, section, "alleen eigen raad", true, seats{lines: everyone, closed: ownCouncil}, own.council.ID)
	w.itemBy("other griffier", name, m, section, "alleen andere raad", true, seats{lines: everyone, closed: otherCouncil}, other.council.ID)
	d := w.paper("besloten op gezamenlijk", ownCouncilAnd, own.org.ID, own.council.ID)
	w.closing(&d, "besloten op gezamenlijk", everyone)
	w.scheduled("besloten op gezamenlijk", w.offered("besloten op gezamenlijk", "own steller", d, ownCouncilAnd), name, m)
	w.convene(m)
}

// behindDoors is a closed meeting of yesterday that treated papers everyone reads: of one the outcome was made public since.
func (w *world) behindDoors(own place) {
	const name = "achter gesloten deuren"
	t, ctx := w.t, w.t.Context()
	m := w.gathering(name, -1, meeting.Council, true, seats{everyone, ownCouncil, ownCouncil, ownCouncil, ownCouncil}, own.council.ID)
	keys := map[string]string{}
	for _, each := range []string{"openbaar besloten behandeld", "openbaar uitkomst bekend"} {
		p := w.offered(each, "own steller", w.paper(each, everyone, own.org.ID, own.council.ID), everyone)
		done(t, each, proposal.Publish(ctx, w.db, w.as("own griffier"), []id.Proposal{p.ID}))
		keys[each] = w.scheduled(each, p, name, m)
	}
	w.convene(m)
	clerk := w.as("own griffier")
	for each, key := range keys {
		d := ok(meeting.RecordDecision(ctx, w.db, clerk, m.ID, key, meeting.DecisionDraft{
			Body: own.council.ID, Kind: proposal.Rejected, Text: w.mark("besloten besluit over "+each, ownCouncil), DecidedOn: &m.StartsAt,
			Vote: meeting.Vote{Method: meeting.NoVote}, ProposalVersion: 1,
		}))(t, each)
		d = ok(meeting.PublishDecision(ctx, w.db, clerk, m.ID, key, meeting.Publication{Body: d.BodyID, Version: d.Version}))(t, each)
		if each == "openbaar uitkomst bekend" {
			ok(meeting.Disclose(ctx, w.db, clerk, m.ID, key, meeting.Disclosure{
				Body: own.council.ID, Number: d.Number, Text: w.mark("openbare uitkomst", everyone), Reason: w.mark("waarom de uitkomst openbaar is", everyone),
			}))(t, each)
		}
	}
}

// invitation makes one of both municipalities with a mark in every field, and puts it before its signers.
func (w *world) invitation(name string, days int, own, other place, seenBy []string) invitation.Invitation {
	w.t.Helper()
	t, by := w.t, w.as("own secretaris")
	ctx := t.Context()
	start := now.AddDate(0, 0, days)
	end := start.Add(2 * time.Hour)
	d := invitation.Draft{
		Title: "Uitnodiging " + w.mark("titel van "+name, seenBy), Kind: meeting.InformationEvening, Orgs: []id.Organisation{own.org.ID, other.org.ID},
		StartsAt: &start, EndsAt: &end, Location: w.mark("plaats van "+name, seenBy),
	}
	i := ok(invitation.Create(ctx, w.db, by, d))(t, name)
	done(t, name, invitation.Revise(ctx, w.db, by, i.ID, w.letter(name, i, seenBy)))
	part := ok(invitation.AddPart(ctx, w.db, by, i.ID, invitation.PartDraft{
		Kind: invitation.Carousel, Title: "Onderdeel " + w.mark("onderdeel van "+name, seenBy), Text: w.mark("punten van "+name, seenBy),
		Presenters: []invitation.Presenter{{Name: w.mark("spreker van "+name, seenBy), Role: w.mark("rol van de spreker van "+name, seenBy)}},
		Rounds:     new(1), RoundMinutes: new(10), Sessions: []string{w.mark("tafel van "+name, seenBy)},
	}))(t, name)
	i = ok(invitation.Find(ctx, w.db, by, i.Key))(t, name)
	done(t, name, invitation.Address(ctx, w.db, by, i.ID, invitation.Guests{
		Bodies: []id.Body{own.council.ID, other.council.ID}, Groups: []string{w.mark("groep van "+name, seenBy)}, Version: i.Version,
		Writers: []id.Person{w.as("own organisator").Person},
		Signers: []invitation.SignerDraft{
			{Organisation: own.org.ID, Person: w.as("own portefeuillehouder").Person}, {Organisation: other.org.ID, Person: w.as("other portefeuillehouder").Person},
		},
	}))
	done(t, name, invitation.Attach(ctx, w.db, w.files, by, i.ID, w.upload("uitnodiging "+name, seenBy)))
	done(t, name, invitation.RemarkOn(ctx, w.db, w.as("other griffier"), i.ID, w.mark("opmerking bij "+name, inviting)))
	var attached []file.Line
	done(t, name, postgres.Read(ctx, w.db, invitation.FilesOf(&attached, by, i.Key)))
	w.things[name] = map[string]string{"invitation": i.Key, "part": string(part), "attachment": attached[0].Key, "meeting": i.Slug}
	return ok(invitation.Find(ctx, w.db, by, i.Key))(t, name)
}

func (w *world) letter(name string, i invitation.Invitation, seenBy []string) invitation.Text {
	m := func(what string) string { return w.mark(what+" van "+name, seenBy) }
	return invitation.Text{
		Title: i.Title, Purpose: proposal.Exploratory, Salutation: m("aanhef"), Sections: []invitation.Section{{Heading: m("kop"), Text: m("tekst")}},
		FollowUpHeading: m("kop van het vervolg"), FollowUp: m("vervolg"), Commitment: m("toezegging"), Closing: m("slot"), Contact: m("vragen"),
		StartsAt: &i.StartsAt, EndsAt: &i.EndsAt, Location: i.Location, Version: i.Version,
	}
}

// signedBoth is the invitation asked for and signed by both.
func (w *world) signedBoth(i invitation.Invitation, ask bool) invitation.Invitation {
	w.t.Helper()
	ctx := w.t.Context()
	if ask {
		done(w.t, "asking", invitation.Ask(ctx, w.db, w.as("own secretaris"), i.ID, i.Version, nil))
		i = ok(invitation.Find(ctx, w.db, w.as("own secretaris"), i.Key))(w.t, "finding")
	}
	for _, o := range i.Organisers {
		invitationtest.Sign(w.t, w.db, w.as(o.Key+" griffier"), i, o.ID)
	}
	return ok(invitation.Find(ctx, w.db, w.as("own secretaris"), i.Key))(w.t, "finding")
}

func (w *world) invitations(own, other place) {
	t, by := w.t, w.as("own secretaris")
	ctx := t.Context()
	w.invitation("uitnodiging concept", 40, own, other, inviting)
	i := w.invitation("uitnodiging ter ondertekening", 41, own, other, inviting)
	done(t, "asking", invitation.Ask(ctx, w.db, by, i.ID, i.Version, nil))

	i = w.signedBoth(w.invitation("uitnodiging", 42, own, other, everyone), true)
	done(t, "publishing", invitation.Publish(ctx, w.db, by, i.ID, i.Version))

	// Published, and changed since: readers keep what was published.
	i = w.signedBoth(w.invitation("uitnodiging gewijzigd", 43, own, other, everyone), true)
	done(t, "publishing", invitation.Publish(ctx, w.db, by, i.ID, i.Version))
	i = ok(invitation.Find(ctx, w.db, by, i.Key))(t, "finding")
	done(t, "revising", invitation.Revise(ctx, w.db, by, i.ID, w.letter("de nieuwe tekst van uitnodiging gewijzigd", i, inviting)))

	i = w.signedBoth(w.invitation("uitnodiging geannuleerd", 44, own, other, everyone), true)
	done(t, "publishing", invitation.Publish(ctx, w.db, by, i.ID, i.Version))
	done(t, "cancelling", invitation.Cancel(ctx, w.db, by, i.ID, w.mark("reden van annulering van de uitnodiging", everyone)))

	m := w.meetingAt(by, w.things["bijeenkomst"]["meeting"])
	done(t, "saving the date", invitation.SendSaveTheDate(ctx, w.db, by, m.ID, []id.Body{own.council.ID}, w.mark("tekst van de save-the-date", everyone)))
	w.marks[w.find("tekst van de save-the-date")].silent = true // it leaves by mail alone
}

// decided is a meeting of yesterday with decisions: published and not, open and closed, and one that took the place of another.
func (w *world) decided(own, other place) {
	t, clerk := w.t, w.as("own griffier")
	ctx := t.Context()
	open := seats{everyone, everyone, everyone, everyone, ownCouncil}
	m := w.gathering("geweest", -1, meeting.Council, false, open, own.council.ID)
	section := id.Section(w.things["geweest"]["section"])
	again := ok(proposal.FindByKey(ctx, w.db, w.as("own steller"), w.things["openbaar na terugzending"]["proposal"]))(t, "finding")
	w.scheduled("openbaar na terugzending", again, "geweest", m)
	for _, name := range []string{"afgehandeld", "aangehouden"} {
		w.scheduled(name, w.offered(name, "own steller", w.paper(name, everyone, own.org.ID, own.council.ID), everyone), "geweest", m)
	}
	w.item("geweest", m, section, "nog een besloten punt", true, open)
	// Two that came along a route: one decided upon, of the other the decision is not out.
	for _, name := range []string{"route behandeld", "route onbeslist"} {
		p := w.offered(name, "own steller", w.paper(name, everyone, own.org.ID, own.college.ID), everyone)
		w.step(name, "stap", p, own.council.ID, 1, proposal.ForView)
		w.step(name, "wachtende stap", p, other.council.ID, 1, proposal.ForView)
		w.sent(p)
		done(t, name, route.Prepare(ctx, w.db, clerk, w.things[name+"/stap"]["step"], route.Local{
			Title: "Eigen titel " + w.mark("eigen titel van "+name, everyone), CoveringNote: w.mark("oplegger van "+name, everyone),
		}))
		key := ok(meeting.ScheduleStep(ctx, w.db, clerk, m.ID, w.things[name+"/stap"]["step"], section))(t, name)
		w.things["geweest/"+name] = map[string]string{"meeting": m.Slug, "section": string(section), "item": key}
	}
	w.convene(m)
	decide := func(what string, kind proposal.DecisionKind, seenBy []string, change func(*meeting.DecisionDraft)) meeting.Decision {
		d := meeting.DecisionDraft{
			Body: own.council.ID, Kind: kind, Text: w.mark("besluit over "+what, seenBy), DecidedOn: &m.StartsAt,
			Vote: meeting.Vote{Method: meeting.NoVote},
		}
		if w.things[what] != nil {
			d.ProposalVersion = 1
		}
		if change != nil {
			change(&d)
		}
		return ok(meeting.RecordDecision(ctx, w.db, clerk, m.ID, w.things["geweest/"+what]["item"], d))(t, what)
	}
	publish := func(what string, d meeting.Decision) meeting.Decision {
		return ok(meeting.PublishDecision(ctx, w.db, clerk, m.ID, w.things["geweest/"+what]["item"],
			meeting.Publication{Body: d.BodyID, Version: d.Version}))(t, what)
	}
	first := publish("afgehandeld", decide("afgehandeld", proposal.Adopted, everyone, nil))
	publish("afgehandeld", decide("afgehandeld", proposal.AdoptedAmended, everyone, func(d *meeting.DecisionDraft) {
		d.Replaces, d.Reason = first.ID, w.mark("reden van het andere besluit", everyone)
	}))
	publish("route behandeld", decide("route behandeld", proposal.FormalView, everyone, nil))
	decide("route onbeslist", proposal.FormalView, ownClosedDraft, nil)
	publish("aangehouden", decide("aangehouden", proposal.PutOff, everyone, nil))
	decide("open punt", proposal.Adopted, ownPreparing, func(d *meeting.DecisionDraft) { w.marks[len(w.marks)-1].silent = true })
	publish("besloten punt", decide("besloten punt", proposal.Adopted, ownCouncil, nil))
	decide("nog een besloten punt", proposal.Adopted, ownClosedDraft, nil)
}

// ask sends a request to the site, as this visitor.
func (w *world) ask(v visitor, method, address string, form url.Values, header ...string) *httptest.ResponseRecorder {
	return w.askIn(context.Background(), v, method, address, form, header...)
}

func (w *world) askIn(ctx context.Context, v visitor, method, address string, form url.Values, header ...string) *httptest.ResponseRecorder {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequestWithContext(ctx, method, address, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	// Each has an address of his own, or the limit on signing in would count them together.
	r.RemoteAddr = fmt.Sprintf("192.0.2.%d:4000", slices.IndexFunc(w.visitors, func(each visitor) bool { return each.name == v.name })+1)
	if v.cookie != nil {
		r.AddCookie(v.cookie)
	}
	answer := httptest.NewRecorder()
	w.site.ServeHTTP(answer, r)
	return answer
}

// fill writes the keys of a thing into the pattern of an address; ok is false when one is missing.
func fill(pattern string, thing map[string]string) (string, bool) {
	for name, key := range thing {
		pattern = strings.ReplaceAll(pattern, "{"+name+"}", key)
	}
	return pattern, !strings.Contains(pattern, "{")
}
