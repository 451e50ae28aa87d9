// Package request reads what came in: who asks, which thing, which filters.
package request

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"regiogriffie/internal/access"
)

type actorKey struct{}

// WithActor keeps who asks with the request.
func WithActor(ctx context.Context, a access.Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// Actor is who asks; the public when nobody signed in.
func Actor(r *http.Request) access.Actor { return ActorOf(r.Context()) }

// ActorOf is Actor for code that has only the context, such as the frame of a page.
func ActorOf(ctx context.Context) access.Actor {
	a, _ := ctx.Value(actorKey{}).(access.Actor)
	return a
}

// Key reads a key, slug or number from the address. One with signs that no text in the database can hold is empty, and
// finds nothing.
func Key(r *http.Request, name string) string {
	v := chi.URLParam(r, name)
	if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
		return ""
	}
	return v
}

// ID reads an id from the address; a text that is no id finds nothing later on.
func ID[T ~string](r *http.Request, name string) T { return T(Key(r, name)) }

// Query reads a filter from the address, cut at 200 characters: nobody searches for more.
func Query(r *http.Request, name string) string {
	v := strings.TrimSpace(r.URL.Query().Get(name))
	if runes := []rune(v); len(runes) > 200 {
		v = string(runes[:200])
	}
	return strings.ToValidUTF8(strings.ReplaceAll(v, "\x00", ""), "")
}

// Page is the page of a list, from 1 to 10,000.
func Page(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("bladzijde"))
	if err != nil || n < 1 || n > 10_000 {
		return 1
	}
	return n
}
