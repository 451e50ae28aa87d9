package reading_test

import (
	"errors"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/reading"
)

// On the first wall alone as well: who read what is closed is noted of whoever may read it, and told to the griffier of its body.
func TestWhoReadWhatIsClosedIsForTheGriffierOfItsBody(t *testing.T) {
	t.Parallel()
	for walls, tx := range map[string]postgres.DB{"both walls": pgtest.Tx(t), "the first wall alone": pgtest.OneWall(t)} {
		here, other := proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Elders")
		closed := proposaltest.Offered(t, tx, here.Author, here.ID, here.Body, proposaltest.Closed)
		draft := proposaltest.Concept(t, tx, here.Clerk, here.ID, here.Body)
		shown := reading.Of(reading.Proposal, closed.ID, reading.Page)
		for range 2 {
			if err := reading.Note(t.Context(), tx, here.Member, shown, shown); err != nil {
				t.Fatal(err)
			}
		}
		if err := reading.Note(t.Context(), tx, here.Clerk, reading.Of(reading.Proposal, draft.ID, reading.Page)); err != nil {
			t.Errorf("%s: what is not closed is passed over: %v", walls, err)
		}
		for who, a := range map[string]access.Actor{
			"public": {At: proposaltest.At}, "another member": other.Member, "the other griffier": other.Clerk,
			"secretaris": here.Secretary,
		} {
			if err := reading.Note(t.Context(), tx, a, shown); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: the answer to %s leaves: %v", walls, who, err)
			}
		}
		nobody := here.Member
		nobody.Person = ""
		if err := reading.Note(t.Context(), tx, nobody, shown); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: the answer to no person leaves: %v", walls, err)
		}
		at := reading.Place{Proposal: closed.Key}
		for _, each := range []bool{false, true} {
			things, list, err := reading.Find(t.Context(), tx, here.Clerk, at, each)
			if err != nil || len(things) != 1 || len(list) != 1 || list[0].PersonID != here.Member.Person || list[0].Times != 2 {
				t.Errorf("%s: the griffier reads %+v %+v, %v", walls, things, list, err)
			}
		}
		// Who serves two bodies reads of each what was closed for that one.
		both := other.Clerk
		both.Grants = append([]access.Grant{{Role: access.ClerkStaff, Organisation: here.ID, Body: here.Body}}, both.Grants...)
		for who, a := range map[string]access.Actor{
			"public": {At: proposaltest.At}, "staff": here.Staff, "member": here.Member, "secretaris": here.Secretary, "steller": here.Author,
			"the other griffier":         other.Clerk,
			"griffier there, staff here": both,
			"administrator":              {At: proposaltest.At, Person: id.New[id.Person](), Grants: []access.Grant{{Role: access.Admin}}},
			"who broke the glass": {
				At: proposaltest.At, Person: id.New[id.Person](),
				Grants: []access.Grant{{Role: access.GlassReader, Organisation: here.ID, Body: here.Body}},
			},
		} {
			if things, list, err := reading.Find(t.Context(), tx, a, at, false); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %s reads %v %v, %v", walls, who, things, list, err)
			}
		}
		// Of what was closed for each of two in turn, each griffier reads who read it then.
		later := other.Member
		for _, body := range []id.Body{other.Body, here.Body} {
			asOwner(t, tx, walls == "both walls", `update proposals set audience_bodies = array[@body::uuid] where id = @id`,
				postgres.Args{"id": closed.ID, "body": body})
			if body == other.Body {
				if err := reading.Note(t.Context(), tx, later, shown); err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, list, err := reading.Find(t.Context(), tx, here.Clerk, at, false); err != nil || len(list) != 1 {
			t.Errorf("%s: the griffier reads who read it as that of another: %+v, %v", walls, list, err)
		}
		asOwner(t, tx, walls == "both walls", `update proposals set audience_bodies = @bodies where id = @id`,
			postgres.Args{"id": closed.ID, "bodies": []id.Body{here.Body, other.Body}})
		if _, list, err := reading.Find(t.Context(), tx, both, at, false); err != nil || len(list) != 1 || list[0].PersonID != later.Person {
			t.Errorf("%s: griffier there and staff here reads %+v, %v", walls, list, err)
		}
	}
}

// A body for which another griffie only wrote down that it takes part does not read the agenda, nor who read it.
func TestWhoReadAClosedAgendaIsNotForWhomOnlyWasWrittenDown(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, silent := proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Stil")
	start := proposaltest.At.AddDate(0, 1, 0)
	end := start.Add(2 * time.Hour)
	m, err := meeting.Create(t.Context(), tx, here.Clerk, meeting.Draft{
		Kind: meeting.Council, Bodies: []id.Body{here.Body, silent.Body}, AgreedWith: "de voorzitter", StartsAt: &start, EndsAt: &end, Location: "Raadzaal",
	})
	if err != nil {
		t.Fatal(err)
	}
	if m, err = meeting.Announce(t.Context(), tx, here.Clerk, m.ID); err != nil {
		t.Fatal(err)
	}
	if err := reading.Note(t.Context(), tx, here.Member, reading.Of(reading.Meeting, m.ID, reading.Agenda)); err != nil {
		t.Fatal(err)
	}
	if _, list, err := reading.Find(t.Context(), tx, here.Clerk, reading.Place{Meeting: m.Slug}, false); err != nil || len(list) != 1 {
		t.Errorf("its own griffier reads %v, %v", list, err)
	}
	if _, list, err := reading.Find(t.Context(), tx, silent.Clerk, reading.Place{Meeting: m.Slug}, false); !errors.Is(err, fault.NotFound) {
		t.Errorf("whose griffie only was written down reads %v, %v", list, err)
	}
}

// asOwner does behind the program's back what no verb does.
func asOwner(t *testing.T, db postgres.DB, guarded bool, sql string, args postgres.Args) {
	t.Helper()
	all := []string{sql}
	if guarded {
		all = []string{`reset role`, sql, `set role regiogriffie_app`}
	}
	for _, sql := range all {
		if _, err := postgres.Exec(t.Context(), db, sql, args); err != nil {
			t.Fatal(err)
		}
	}
}

// The second wall of the list: whatever a query forgets, a reader sees and writes his own lines, and a griffier sees those of his bodies.
func TestTheListOfReadersIsClosedByItself(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, other := proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Elders")
	paper := proposaltest.Offered(t, tx, here.Author, here.ID, here.Body, proposaltest.Closed)
	for _, a := range []access.Actor{here.Member, here.Staff} {
		if err := reading.Note(t.Context(), tx, a, reading.Of(reading.Proposal, paper.ID, reading.Page)); err != nil {
			t.Fatal(err)
		}
	}
	try := func(as access.Actor, sql string) (int64, error) {
		t.Helper()
		nested, err := tx.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n, err := postgres.Exec(t.Context(), nested, sql, postgres.Args{"thing": paper.ID, "member": here.Member.Person}.As(as))
		if back := nested.Rollback(t.Context()); back != nil {
			t.Fatal(back)
		}
		return n, err
	}
	for who, c := range map[string]struct {
		actor          access.Actor
		sees, changes  int64
		writesAsMember bool
	}{
		"the public": {access.Actor{}, 0, 0, false}, "the griffier": {here.Clerk, 2, 0, false}, "a member": {here.Member, 1, 1, true},
		"the staff":      {here.Staff, 1, 1, false},
		"the secretaris": {here.Secretary, 0, 0, false}, "another griffier": {other.Clerk, 0, 0, false},
		"the administrator": {access.Actor{Grants: []access.Grant{{Role: access.Admin}}}, 0, 0, false},
	} {
		n, err := postgres.One[int64](t.Context(), tx, `select count(*) from closed_readings where thing_id = @thing`, postgres.Args{"thing": paper.ID}.As(c.actor))
		if err != nil || n != c.sees {
			t.Errorf("%s sees %d, %v", who, n, err)
		}
		if n, err := try(c.actor, `update closed_readings set times = times + 1 where times > 0`); err != nil || n != c.changes {
			t.Errorf("%s changes %d, %v", who, n, err)
		}
		if _, err := try(c.actor, `insert into closed_readings (id, kind, thing_id, audience_bodies, person_id, surface, at, last_at)
			values (gen_random_uuid(), 'proposal', @thing, '{}', @member, 'pagina', now(), now())`); (err == nil) != c.writesAsMember {
			t.Errorf("%s writes a line of the member: %v", who, err)
		}
		if n, err := try(c.actor, `delete from closed_readings`); err == nil && n > 0 {
			t.Errorf("%s takes %d away", who, n)
		}
	}
}
