package zienswijzen_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/field"
	"regiogriffie/internal/field/fieldtest"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/internal/zienswijze/zienswijzetest"
	"regiogriffie/web/form/formtest"
)

func done(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// shown is a page.
func shown(t *testing.T, db *pgxpool.Pool, a access.Actor, address string) string {
	t.Helper()
	w := ask(t, site(db, a), address)
	holds(t, w, http.StatusOK)
	return w.Body.String()
}

// sent sends a form as it stands.
func sent(t *testing.T, db *pgxpool.Pool, a access.Actor, f formtest.Form) {
	t.Helper()
	holds(t, ask(t, site(db, a), f.Action, pairs(f.Values)...), http.StatusSeeOther)
}

func pairs(values url.Values) []string {
	var list []string
	for name, all := range values {
		for _, value := range all {
			list = append(list, name, value)
		}
	}
	return list
}

func TestEveryFieldOfAProcedureStandsOnTheFormAndOnThePage(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := zienswijzetest.New(t, db, "Hillegom")
	board := zienswijzetest.Council{Org: r.Org, Body: r.Board, Clerk: r.Secretary}
	paper := proposaltest.Concept(t, db, r.Secretary, r.Org.ID, r.Board.ID)
	year, on, due := 2027, zienswijzetest.Board, zienswijzetest.Board.AddDate(0, 0, -14)
	full := zienswijze.Draft{
		Key: "abcdefghjkmn", CollaborationID: r.Collaboration.ID, MadeUp: true, Subjects: []string{"Eerst een", "Eerst twee"},
		Facts: fieldtest.Full[zienswijze.Facts](t, "Eerst", map[string]any{
			"kind": zienswijze.Decision, "year": &year, "ab_on": &on, "ab_meeting_id": meeting(t, db, board, "2026-07-09"), "proposal_id": paper.ID, "replies_due": &due,
		}),
	}
	p, err := zienswijze.Open(t.Context(), db, r.Secretary, full)
	done(t, err)
	edit := formtest.With(shown(t, db, r.Secretary, "/zienswijzen/"+p.Key+"/bewerken"), "subject")
	formtest.Stand(t, full, edit, shown(t, db, r.Secretary, "/zienswijzen/"+p.Key), formtest.Places{
		Form: "web/zienswijzen/form.templ", Page: "web/zienswijzen/show.templ",
		Said: map[string][]string{
			"collaboration_id": {r.Collaboration.Name}, "kind": {zienswijze.Decision.Label()}, "year": {"2027"}, "ab_on": {"9 juli 2026"},
			"ab_meeting_id": {"/vergaderingen/2026-07-09-"}, "proposal_id": {paper.Subject}, "replies_due": {"25 juni 2026"},
		},
		Hidden: map[string]string{
			"key": "it is chosen before the form is drawn", "collaboration_id": "it stays, once the procedure is opened", "made_up": "only the sample is for practice",
		},
		Silent: map[string]string{"key": "it is the address", "made_up": "nobody is mailed of it, and nothing else follows"},
	})
	edit.Values.Set("subject", "Later")
	sent(t, db, r.Secretary, edit)
	var subjects []zienswijze.Subject
	done(t, postgres.Read(t.Context(), db, zienswijze.Into(&p, r.Secretary, p.Key), zienswijze.SubjectsInto(&subjects, r.Secretary, p.Key)))
	var titles []string
	for _, s := range subjects {
		titles = append(titles, s.Title)
	}
	full.Subject = "Later"
	fieldtest.Kept(t, "sending the form", "values and readDraft in web/zienswijzen/pages.go", full,
		fieldtest.Found(nil, field.Values(p), map[string]any{"subjects": titles}), nil)
}

func TestEveryFieldOfAViewStandsOnTheFormAndOnThePage(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := zienswijzetest.New(t, db, "Hillegom")
	p, council := r.Sent(t, db), r.Councils[0]
	view := zienswijzetest.View(t, db, council.Clerk, p, council)
	var subjects []zienswijze.Subject
	done(t, postgres.Read(t.Context(), db, zienswijze.SubjectsInto(&subjects, council.Clerk, p.Key)))
	opinion := func(answer string) zienswijze.Opinion {
		return fieldtest.Full[zienswijze.Opinion](t, "Eerst", map[string]any{
			"view_id": view.ID, "subject_id": subjects[0].ID, "number": 1, "title": subjects[0].Title, "stance": zienswijze.Provided, "answer": answer,
		})
	}
	ofASubject := formtest.Places{
		Inputs: map[string][]string{"stance": {"stance-1"}, "passage": {"passage-1"}, "answer": {"answer-1"}}, Page: "web/zienswijzen/view.templ",
		Said: map[string][]string{"stance": {zienswijze.Provided.Label()}},
		Hidden: map[string]string{
			"view_id": "it is in the address", "subject_id": "it follows from the number", "number": "it is in the names of the inputs",
			"title": "it is that of the procedure",
		},
		Silent: map[string]string{
			"view_id": "it is the address", "subject_id": "it is said by its title", "number": "it is said by its title",
		},
	}
	address := "/zienswijzen/" + p.Key + "/raden/" + council.Org.Key
	found := func() map[string]any {
		var list []zienswijze.Text
		var opinions []zienswijze.Opinion
		done(t, postgres.Read(t.Context(), db, zienswijze.TextInto(&list, council.Clerk, p.Key, council.Org.Key),
			zienswijze.OpinionsInto(&opinions, council.Clerk, p.Key, council.Org.Key)))
		return fieldtest.Found(map[string]string{"shared": "shared_draft", "answer": "board_answer"}, field.Values(list[0]), map[string]any{"opinions": opinions})
	}
	next := map[string]string{"version": "it is the next"}

	written := fieldtest.Full[zienswijze.TextDraft](t, "Eerst", map[string]any{"opinions": []zienswijze.Opinion{opinion("")}, "version": 0})
	done(t, zienswijze.Write(t.Context(), db, council.Clerk, view.ID, written))
	edit, page := formtest.With(shown(t, db, council.Clerk, address+"/bewerken"), "text"), shown(t, db, council.Clerk, address)
	formtest.Stand(t, written, edit, page, formtest.Places{
		Form: "write in web/zienswijzen/view.templ", Page: "showView in web/zienswijzen/view.templ",
		Inputs: map[string][]string{"shared": {"shared_draft"}, "opinions": {"stance-1"}},
		Said:   map[string][]string{"shared": {"en de andere deelnemers lezen deze tekst"}, "opinions": {zienswijze.Provided.Label()}},
		Silent: map[string]string{"version": "it is for the form alone"},
	})
	ofASubject.Form = "write in web/zienswijzen/view.templ"
	unanswered := ofASubject
	unanswered.Hidden, unanswered.Silent = with(ofASubject.Hidden, "answer", "the board gives it"), with(ofASubject.Silent, "answer", "there is none yet")
	formtest.Stand(t, opinion(""), edit, page, unanswered)
	edit.Values.Set("text", "Later")
	sent(t, db, council.Clerk, edit)
	written.Text = "Later"
	fieldtest.Kept(t, "sending the form", "the form of a view in web/zienswijzen/views.go", written, found(), next)

	done(t, zienswijze.Adopt(t.Context(), db, council.Clerk, view.ID, &council.Clerk.At))
	done(t, zienswijze.SendView(t.Context(), db, council.Clerk, view.ID))
	answer := fieldtest.Full[zienswijze.AnswerDraft](t, "Antwoord", map[string]any{"opinions": []zienswijze.Opinion{opinion("Antwoord daarop")}, "version": 0})
	answer.Version = found()["version"].(int)
	done(t, zienswijze.Answer(t.Context(), db, r.Secretary, view.ID, answer))
	edit, page = formtest.With(shown(t, db, r.Secretary, address+"/beantwoording"), "board_answer"), shown(t, db, r.Secretary, address)
	formtest.Stand(t, answer, edit, page, formtest.Places{
		Form: "web/zienswijzen/answer.templ", Page: "showView in web/zienswijzen/view.templ",
		Inputs: map[string][]string{"answer": {"board_answer"}, "opinions": {"answer-1"}},
		Said:   map[string][]string{"opinions": {"Antwoord daarop"}},
		Silent: map[string]string{"version": "it is for the form alone"},
	})
	ofASubject.Form = "web/zienswijzen/answer.templ"
	formtest.Stand(t, opinion("Antwoord daarop"), edit, page, ofASubject)
	edit.Values.Set("board_answer", "Later")
	sent(t, db, r.Secretary, edit)
	answer.Answer = "Later"
	fieldtest.Kept(t, "sending the form", "the form of an answer in web/zienswijzen/views.go", answer, found(), next)
}

func with(names map[string]string, name, why string) map[string]string {
	all := map[string]string{name: why}
	for n, w := range names {
		all[n] = w
	}
	return all
}
