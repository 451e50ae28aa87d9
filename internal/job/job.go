// Package job is the queue: work that an act causes and that is done later, by a worker. The work exists only if the
// transaction of the act was committed.
package job

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
)

// work is a job as it lies in the queue: its kind, and its facts as JSON.
type work struct {
	kind  string
	facts json.RawMessage
}

// Kind names the work.
func (w work) Kind() string { return w.kind }

// MarshalJSON gives the facts alone; the queue keeps the kind beside them.
func (w work) MarshalJSON() ([]byte, error) {
	if w.facts == nil {
		return []byte("{}"), nil
	}
	return w.facts, nil
}

// UnmarshalJSON takes the facts.
func (w *work) UnmarshalJSON(data []byte) error {
	w.facts = slices.Clone(data)
	return nil
}

// inserter only adds, in transactions of others.
var inserter = sync.OnceValues(func() (*river.Client[pgx.Tx], error) {
	return river.NewClient(riverpgxv5.New(nil), &river.Config{Logger: slog.New(slog.DiscardHandler)})
})

// Enqueue asks for work in the transaction that causes it. args become JSON and hold ids, never content: the worker reads
// things as they are when it comes to them.
func Enqueue(ctx context.Context, tx pgx.Tx, kind string, args any) error {
	client, err := inserter()
	if err != nil {
		return fmt.Errorf("opening the queue: %w", err)
	}
	facts, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("writing a job: %w", err)
	}
	if _, err := client.InsertTx(ctx, tx, work{kind, facts}, nil); err != nil {
		return fmt.Errorf("putting %s in the queue: %w", kind, err)
	}
	return nil
}

// Table says who does which kind of work. A function may be called again after a crash, so doing it twice must be doing it once.
type Table map[string]func(ctx context.Context, args json.RawMessage) error

const (
	limit   = 45 * time.Second // of one job
	rescued = time.Minute      // after which a job whose worker is gone is taken up by another; looked at each half minute
)

// Work does jobs until the context ends, and then gives those under way some seconds. The pool is for the queue alone. The kinds
// in hourly are asked for at the start and each hour, by one of the programs that work; they look at the clock themselves.
func Work(ctx context.Context, pool *pgxpool.Pool, table Table, hourly ...string) error {
	workers := river.NewWorkers()
	for _, kind := range slices.Sorted(maps.Keys(table)) {
		do := table[kind]
		river.AddWorkerArgs(workers, work{kind: kind}, river.WorkFunc(func(ctx context.Context, j *river.Job[work]) error {
			return do(ctx, j.Args.facts)
		}))
	}
	var periodic []*river.PeriodicJob
	for _, kind := range hourly {
		periodic = append(periodic, river.NewPeriodicJob(river.PeriodicInterval(time.Hour),
			func() (river.JobArgs, *river.InsertOpts) { return work{kind: kind}, nil }, &river.PeriodicJobOpts{RunOnStart: true}))
	}
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		PeriodicJobs:         periodic,
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}},
		Workers:              workers,
		Logger:               slog.New(quiet{slog.Default().Handler()}),
		JobTimeout:           limit,
		RescueStuckJobsAfter: rescued,
		ReindexerSchedule:    river.NeverSchedule(), // the serving role owns no index
		ErrorHandler:         failures{},
	})
	if err != nil {
		return fmt.Errorf("opening the queue: %w", err)
	}
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("starting the worker: %w", err)
	}
	<-ctx.Done()
	patient, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if client.Stop(patient) != nil {
		hurried, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		_ = client.StopAndCancel(hurried) // what is cut short is done again
	}
	return nil
}

// failures logs work that went wrong; the queue tries again, with growing waits.
type failures struct{}

// HandleError logs.
func (failures) HandleError(_ context.Context, j *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	slog.Error("work failed", "kind", j.Kind, "job", j.ID, "attempt", j.Attempt, "error", err)
	return nil
}

// HandlePanic logs.
func (failures) HandlePanic(_ context.Context, j *rivertype.JobRow, what any, trace string) *river.ErrorHandlerResult {
	slog.Error("work panicked", "kind", j.Kind, "job", j.ID, "panic", what, "trace", trace)
	return nil
}

// quiet keeps what the queue says of itself out of the log, unless it is wrong.
type quiet struct{ slog.Handler }

// Enabled reports whether a line is worth it.
func (q quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && q.Handler.Enabled(ctx, level)
}
