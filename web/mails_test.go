package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// P2: no mail holds what not everyone may read.
func TestNoMailHoldsAMarkThatIsNotForEveryone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rows, err := w.owner.Query(t.Context(), `select subject || ' ' || text || ' ' || html || ' ' || message_id from messages`)
	done(t, "reading the mails", err)
	mails, marks := 0, 0
	for rows.Next() {
		var all string
		done(t, "reading the mails", rows.Scan(&all))
		mails++
		for n, m := range w.marks {
			if !strings.Contains(all, fmt.Sprintf("mrk%04d", n)) {
				continue
			}
			marks++
			if m.seenBy != nil {
				t.Errorf("a mail holds %s", m.what)
			}
		}
	}
	done(t, "reading the mails", rows.Err())
	var closed int
	done(t, "counting closed items", w.owner.QueryRow(t.Context(), `
		select count(*) from agenda_items i join mailings g on g.object_id = i.meeting_id where i.closed`).Scan(&closed))
	if mails == 0 || marks == 0 || closed == 0 {
		t.Errorf("%d mails with %d marks, and %d closed items: nothing was tried", mails, marks, closed)
	}
}

// How far a mailing is, is for who prepares papers where it was sent, and for the administrator; holding it is for fewer.
func TestWhoSeesHowFarAMailingIsAndWhoHoldsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	thing := w.things["verzending"]
	address := "/vergaderingen/" + thing["meeting"]
	sees := append([]string{"beheerder"}, ownPreparing...)
	holds := []string{"beheerder", "own griffier", "own secretaris"}
	for _, v := range w.visitors {
		page := w.ask(v, http.MethodGet, address, nil).Body.String()
		if got := strings.Contains(page, " verzonden, "); got != slices.Contains(sees, v.name) {
			t.Errorf("%s sees how far it is: %v", v.name, got)
		}
		if got := strings.Contains(page, address+"/verzendingen/"+thing["mailing"]+"/pauze"); got != slices.Contains(holds, v.name) {
			t.Errorf("%s is offered to hold it: %v", v.name, got)
		}
	}
}
