package numbering_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/numbering"
	"regiogriffie/internal/postgres/pgtest"
)

func TestASeriesHasNoGapsWhateverIsRolledBack(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	off := errors.New("off")
	var mu sync.Mutex
	var taken []int
	var wait sync.WaitGroup
	for i := range 12 {
		wait.Go(func() {
			n := 0
			err := pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) (err error) {
				if n, err = numbering.Next(t.Context(), tx, "besluiten"); err != nil {
					return err
				}
				if i%3 == 0 {
					return off // killed in between
				}
				return nil
			})
			if err != nil && !errors.Is(err, off) {
				t.Error(err)
			}
			if err == nil {
				mu.Lock()
				taken = append(taken, n)
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	slices.Sort(taken)
	if want := []int{1, 2, 3, 4, 5, 6, 7, 8}; !slices.Equal(taken, want) {
		t.Errorf("taken %v, want %v", taken, want)
	}
	err := pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error {
		if n, err := numbering.Next(t.Context(), tx, "besloten besluiten"); err != nil || n != 1 {
			t.Errorf("another series begins at %d: %v", n, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
