package identity

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
)

// waiting counts who stands in line, so that a test knows when one does.
func (t *turns) waiting() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for _, asks := range t.asks {
		n += len(asks)
	}
	return n
}

// queued puts someone in line and returns when he stands there.
func queued(t *testing.T, q *turns, ctx context.Context, who string, served chan string) {
	t.Helper()
	before := q.waiting()
	go func() {
		if err := q.take(ctx, who); err != nil {
			who = "weg: " + who
		}
		served <- who
	}()
	for q.waiting() == before {
		if t.Context().Err() != nil {
			return
		}
	}
}

func TestWhoAsksForHundredsDelaysOthersByOneTurn(t *testing.T) {
	t.Parallel()
	q := &turns{places: 1, most: 300}
	if err := q.take(t.Context(), "eerste"); err != nil {
		t.Fatal(err)
	}
	served := make(chan string)
	for range 300 {
		queued(t, q, t.Context(), "aanvaller", served)
	}
	for _, who := range []string{"a", "b", "b", "c"} {
		queued(t, q, t.Context(), who, served)
	}
	var order []string
	for range 9 {
		q.give()
		order = append(order, <-served)
	}
	if want := []string{"aanvaller", "a", "b", "c", "aanvaller", "b", "aanvaller", "aanvaller", "aanvaller"}; !slices.Equal(order, want) {
		t.Errorf("the turns went to %v, want %v", order, want)
	}
	for range 295 {
		q.give()
		<-served
	}
	q.give()
	if q.places != 1 || len(q.line) != 0 || len(q.asks) != 0 {
		t.Errorf("in the end: %d places, in line %v", q.places, q.line)
	}
}

func TestOneGetsOnlySoManyPlacesInLine(t *testing.T) {
	t.Parallel()
	q := &turns{places: 1, most: 3}
	if err := q.take(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	served := make(chan string)
	for range 3 {
		queued(t, q, t.Context(), "x", served)
	}
	fourth := make(chan error, 1)
	go func() { fourth <- q.take(t.Context(), "x") }()
	for len(fourth) == 0 && q.waiting() == 3 {
		runtime.Gosched()
	}
	if q.waiting() != 3 {
		t.Fatal("the fourth stands in line")
	}
	if err := <-fourth; !errors.Is(err, ErrBusy) {
		t.Errorf("the fourth in line: %v", err)
	}
	queued(t, q, t.Context(), "y", served)
	q.give()
	<-served
	queued(t, q, t.Context(), "x", served) // there is room again
}

func TestWhoLeavesTheLineTakesNoPlace(t *testing.T) {
	t.Parallel()
	q := &turns{places: 1, most: 3}
	if err := q.take(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	served := make(chan string)
	queued(t, q, ctx, "y", served)
	queued(t, q, t.Context(), "z", served)
	leave()
	if who := <-served; who != "weg: y" {
		t.Errorf("%s was served", who)
	}
	q.give()
	if who := <-served; who != "z" {
		t.Errorf("%s was served", who)
	}
	q.give()
	if q.places != 1 || len(q.line) != 0 || len(q.asks) != 0 {
		t.Errorf("in the end: %d places, in line %v", q.places, q.line)
	}
}
