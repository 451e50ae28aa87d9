package job_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/job"
	"regiogriffie/internal/postgres/pgtest"
)

func TestWorkIsDoneOnlyForAnActThatWasCommitted(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	type facts struct{ Number int }
	off := errors.New("off")
	err := pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error {
		if err := job.Enqueue(t.Context(), tx, "count", facts{1}); err != nil {
			return err
		}
		return off
	})
	if !errors.Is(err, off) {
		t.Fatal(err)
	}
	err = pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error { return job.Enqueue(t.Context(), tx, "count", facts{2}) })
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan int, 2)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- job.Work(ctx, db, job.Table{"count": func(_ context.Context, args json.RawMessage) error {
			var f facts
			err := json.Unmarshal(args, &f)
			done <- f.Number
			return err
		}})
	}()
	select {
	case n := <-done:
		if n != 2 {
			t.Errorf("the work of %d was done", n)
		}
	case <-time.After(20 * time.Second):
		t.Error("nothing was done")
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestHourlyWorkIsDoneAtTheStartToo(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	looked := make(chan struct{}, 10)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- job.Work(ctx, db, job.Table{"look": func(context.Context, json.RawMessage) error {
			looked <- struct{}{}
			return nil
		}}, "look")
	}()
	select {
	case <-looked:
	case <-time.After(30 * time.Second):
		t.Error("nobody looked")
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
