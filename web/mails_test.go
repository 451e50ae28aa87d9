package web_test

import (
	"fmt"
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
