package zienswijze_test

import (
	"testing"

	fields "regiogriffie/internal/field"
	"regiogriffie/internal/field/fieldtest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/internal/zienswijze/zienswijzetest"
)

// boardMeeting is a meeting of the board on the day on which it decides; this room writes none.
func boardMeeting(t *testing.T, db postgres.DB, r zienswijzetest.Region) id.Meeting {
	t.Helper()
	m := id.New[id.Meeting]()
	for _, sql := range []string{
		`insert into meetings (id, slug, kind, host_org_id, starts_at, ends_at, state, visibility, org_ids, created_at, updated_at)
		 values (@m, '2026-07-09-' || right(@m::uuid::text, 12), 'general_board', @o, '2026-07-09 12:00Z', '2026-07-09 14:00Z', 'gepland',
		   'public', array[@o]::uuid[], now(), now())`,
		`insert into meeting_organisers (meeting_id, sequence, organisation_id, body_id) values (@m, 1, @o, @b)`,
	} {
		if _, err := postgres.Exec(t.Context(), db, sql, postgres.Args{"m": m, "o": r.Org.ID, "b": r.Board.ID}.As(r.Secretary)); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func TestEveryFieldOfAProcedureIsKept(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := zienswijzetest.New(t, tx, "Hillegom")
	paper := proposaltest.Concept(t, tx, r.Secretary, r.Org.ID, r.Board.ID)
	year, board, due := 2027, zienswijzetest.Board, zienswijzetest.Board.AddDate(0, 0, -14)
	full := zienswijze.Draft{
		Key: "abcdefghjkmn", CollaborationID: r.Collaboration.ID, MadeUp: true, Subjects: []string{"Eerst een", "Eerst twee"},
		Facts: fieldtest.Full[zienswijze.Facts](t, "Eerst", map[string]any{
			"kind": zienswijze.Decision, "year": &year, "ab_on": &board, "ab_meeting_id": boardMeeting(t, tx, r), "proposal_id": paper.ID, "replies_due": &due,
		}),
	}
	least := zienswijze.Draft{
		Key: "npqrstuvwxyz", CollaborationID: r.Collaboration.ID, Facts: zienswijze.Facts{Kind: zienswijze.Arrangement, Subject: "Niets"},
	}
	kept := func(act string, want zienswijze.Draft, key string, apart map[string]string) (p zienswijze.Procedure) {
		t.Helper()
		var subjects []zienswijze.Subject
		if err := postgres.Read(t.Context(), tx, zienswijze.Into(&p, r.Secretary, key), zienswijze.SubjectsInto(&subjects, r.Secretary, key)); err != nil {
			t.Fatal(err)
		}
		var titles []string
		for _, s := range subjects {
			titles = append(titles, s.Title)
		}
		found := fields.Values(p)
		found["subjects"] = titles
		fieldtest.Kept(t, act, "facts in internal/zienswijze/procedure_store.go", want, found, apart)
		return p
	}
	for _, c := range []struct {
		what            string
		made, revisedTo zienswijze.Draft
	}{{"with every field", least, full}, {"with nothing but what it must have", full, least}} {
		if _, err := zienswijze.Open(t.Context(), tx, r.Secretary, c.made); err != nil {
			t.Fatalf("%v: a field of Facts needs a column of its name, by a file in migrations", err)
		}
		p := kept("Open", c.made, c.made.Key, nil)
		if _, err := zienswijze.Revise(t.Context(), tx, r.Secretary, p.ID, p.Version, c.revisedTo); err != nil {
			t.Fatal(err)
		}
		kept("Revise "+c.what, c.revisedTo, c.made.Key, map[string]string{"key": "it stays", "made_up": "that it is for practice is said when it is opened"})
	}
}

func TestEveryFieldOfAViewIsKept(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := zienswijzetest.New(t, tx, "Hillegom")
	p, council := r.Sent(t, tx), r.Councils[0]
	view := zienswijzetest.View(t, tx, council.Clerk, p, council)
	read := func() (texts []zienswijze.Text, found map[string]any, opinions []zienswijze.Opinion, subjects []zienswijze.Subject) {
		t.Helper()
		if err := postgres.Read(t.Context(), tx, zienswijze.TextInto(&texts, council.Clerk, p.Key, council.Org.Key),
			zienswijze.OpinionsInto(&opinions, council.Clerk, p.Key, council.Org.Key), zienswijze.SubjectsInto(&subjects, council.Clerk, p.Key)); err != nil {
			t.Fatalf("%v: a field of Text needs a column of its name, by a file in migrations", err)
		}
		if len(texts) > 0 {
			found = fieldtest.Found(map[string]string{"shared": "shared_draft", "answer": "board_answer"}, fields.Values(texts[0]), map[string]any{"opinions": opinions})
		}
		return texts, found, opinions, subjects
	}
	_, _, _, subjects := read()
	opinion := func(answer string) []zienswijze.Opinion {
		full := fieldtest.Full[zienswijze.Opinion](t, "Eerst", map[string]any{
			"view_id": view.ID, "subject_id": subjects[0].ID, "number": subjects[0].Number, "title": subjects[0].Title, "stance": zienswijze.Provided, "answer": answer,
		})
		return []zienswijze.Opinion{full}
	}
	ofWhatWasChanged := map[string]string{"version": "it is that of what was changed"}
	const where = "Text, Write, Answer and setOpinions, in internal/zienswijze,"
	written := fieldtest.Full[zienswijze.TextDraft](t, "Eerst", map[string]any{"opinions": opinion(""), "version": 0})
	for _, d := range []zienswijze.TextDraft{written, {Text: "Niets"}, written} {
		if texts, _, _, _ := read(); len(texts) > 0 {
			d.Version = texts[0].Version
		}
		if err := zienswijze.Write(t.Context(), tx, council.Clerk, view.ID, d); err != nil {
			t.Fatal(err)
		}
		_, found, _, _ := read()
		fieldtest.Kept(t, "Write", where, d, found, ofWhatWasChanged)
	}
	on := council.Clerk.At
	for _, err := range []error{
		zienswijze.Adopt(t.Context(), tx, council.Clerk, view.ID, &on), zienswijze.SendView(t.Context(), tx, council.Clerk, view.ID),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	answer := fieldtest.Full[zienswijze.AnswerDraft](t, "Eerst", map[string]any{"opinions": opinion("Eerst Antwoord"), "version": 0})
	for _, d := range []zienswijze.AnswerDraft{answer, {Answer: "Niets"}, answer} {
		texts, _, _, _ := read()
		d.Version = texts[0].Version
		if err := zienswijze.Answer(t.Context(), tx, r.Secretary, view.ID, d); err != nil {
			t.Fatal(err)
		}
		_, found, _, _ := read()
		fieldtest.Kept(t, "Answer", where, d, found, ofWhatWasChanged)
	}
}
