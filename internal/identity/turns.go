package identity

import (
	"context"
	"slices"
	"sync"
)

// turns hands out a few places, one after another to each of those who stand in line, however many places each asks for: who
// asks for hundreds makes the others wait for one more turn, not for hundreds.
type turns struct {
	places int // that are free
	most   int // of one who waits

	mu   sync.Mutex
	line []string                   // who waits, each once, in order of turn
	asks map[string][]chan struct{} // closed when a place is there
}

// take waits for a place for who; give it back with give. ErrBusy says that he asks for too many, or waited too long.
func (t *turns) take(ctx context.Context, who string) error {
	t.mu.Lock()
	if t.places > 0 && len(t.line) == 0 {
		t.places--
		t.mu.Unlock()
		return nil
	}
	if len(t.asks[who]) >= t.most {
		t.mu.Unlock()
		return ErrBusy
	}
	mine := make(chan struct{})
	if t.asks == nil {
		t.asks = map[string][]chan struct{}{}
	}
	if len(t.asks[who]) == 0 {
		t.line = append(t.line, who)
	}
	t.asks[who] = append(t.asks[who], mine)
	t.mu.Unlock()
	select {
	case <-mine:
		return nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case <-mine: // in the same moment
		t.pass()
	default:
		t.asks[who] = slices.DeleteFunc(t.asks[who], func(each chan struct{}) bool { return each == mine })
		if len(t.asks[who]) == 0 {
			t.line = slices.DeleteFunc(t.line, func(each string) bool { return each == who })
			delete(t.asks, who)
		}
	}
	return ErrBusy
}

// give hands the place on.
func (t *turns) give() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pass()
}

// pass gives a place to the first in line, who then stands last.
func (t *turns) pass() {
	if len(t.line) == 0 {
		t.places++
		return
	}
	who := t.line[0]
	t.line = append(t.line[:0], t.line[1:]...)
	close(t.asks[who][0])
	if t.asks[who] = t.asks[who][1:]; len(t.asks[who]) == 0 {
		delete(t.asks, who)
		return
	}
	t.line = append(t.line, who)
}
