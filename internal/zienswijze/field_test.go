package zienswijze_test

import (
	"testing"

	"regiogriffie/internal/field/fieldtest"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/internal/zienswijze/zienswijzetest"
)

func TestEveryFactOfAProcedureIsKept(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := zienswijzetest.New(t, tx, "Hillegom")
	// Of a budget the year is said and the term follows from the law; of a decision the other way round.
	full := func(mark string, days int, kind zienswijze.Kind) zienswijze.Draft {
		ab := zienswijzetest.Board.AddDate(0, 0, days)
		replies := ab.AddDate(0, 0, -1)
		d := r.Draft()
		given := map[string]any{"kind": kind, "year": d.Year, "ab_on": &ab, "ab_meeting_id": nil, "proposal_id": nil, "replies_due": nil}
		if kind == zienswijze.Decision {
			given["year"], given["replies_due"] = nil, &replies
		}
		d.Facts = fieldtest.Full[zienswijze.Facts](t, mark, given)
		return d
	}
	first := full("Eerst", 0, zienswijze.Budget)
	p, err := zienswijze.Open(t.Context(), tx, r.Secretary, first)
	if err != nil {
		t.Fatal(err)
	}
	fieldtest.Kept(t, "Open", first.Facts, p, nil)
	then := full("Daarna", 7, zienswijze.Decision)
	if p, err = zienswijze.Revise(t.Context(), tx, r.Secretary, p.ID, p.Version, then); err != nil {
		t.Fatal(err)
	}
	fieldtest.Kept(t, "Revise", then.Facts, p, nil)
	if p, err = zienswijze.Find(t.Context(), tx, r.Secretary, p.Key); err != nil {
		t.Fatal(err)
	}
	fieldtest.Kept(t, "Find", then.Facts, p, nil)
}
