package request

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// Bounds are what one request may take.
type Bounds struct {
	Bytes    int64 // of its body
	Patience time.Duration
}

// allowance is what is left to widen of the bounds of a request.
type allowance struct {
	w       http.ResponseWriter
	body    *boundedBody
	wide    Bounds
	timer   *time.Timer
	context context.Context
}

// boundedBody can be given other bounds as long as the request is served: a copy of the request shares it.
type boundedBody struct {
	io.ReadCloser
	whole io.ReadCloser
}

type allowanceKey struct{}

// term is a context that ends at a moment that can be put off.
type term struct{ context.Context }

// Err tells the end of the term from the leaving of the reader.
func (t term) Err() error {
	err := t.Context.Err()
	if err != nil && errors.Is(context.Cause(t.Context), context.DeadlineExceeded) {
		return context.DeadlineExceeded
	}
	return err
}

// Bound gives a request the narrow bounds, in the bytes of its body and in its time, also for sending it; Widen gives it the
// wide ones. Call end when it was served. w is the writer of the server itself, which then closes the connection of who sent
// too much.
func Bound(w http.ResponseWriter, r *http.Request, narrow, wide Bounds) (_ *http.Request, end func()) {
	ctx, cancel := context.WithCancelCause(r.Context())
	a := &allowance{w: w, wide: wide, context: ctx}
	a.timer = time.AfterFunc(narrow.Patience, func() { cancel(context.DeadlineExceeded) })
	var body io.ReadCloser
	if r.Body != nil && r.Body != http.NoBody {
		a.body = &boundedBody{http.MaxBytesReader(w, r.Body, narrow.Bytes), r.Body}
		body = a.body
		// Not every writer has a connection (tests).
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(narrow.Patience))
	}
	r = r.WithContext(context.WithValue(term{ctx}, allowanceKey{}, a))
	if body != nil {
		r.Body = body
	}
	return r, func() {
		a.timer.Stop()
		cancel(nil)
	}
}

// Widen gives the request the wide bounds, from now on: for who has the right to add a file, and so never before that was
// asked, nor when something of the body was read. A request without bounds stays as it is.
func Widen(r *http.Request) {
	a, ok := r.Context().Value(allowanceKey{}).(*allowance)
	if !ok || a.context.Err() != nil {
		return
	}
	a.timer.Reset(a.wide.Patience)
	if a.body == nil {
		return
	}
	a.body.ReadCloser = http.MaxBytesReader(a.w, a.body.whole, a.wide.Bytes)
	connection := http.NewResponseController(a.w)
	_ = connection.SetReadDeadline(time.Now().Add(a.wide.Patience))
	_ = connection.SetWriteDeadline(time.Now().Add(a.wide.Patience + 15*time.Second))
}
