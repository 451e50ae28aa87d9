package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/memory"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/web"
)

// BenchmarkPage is what one page takes of this process, apart from the server, the network and who asks: of the product, and of the
// bare handler that asks the same, or for a page that everyone may see has the bytes. The time of the processor is what to
// compare on a machine that does more; for where it goes: go test ./cmd/bench -run '^$' -bench Page -cpuprofile /tmp/cpu
// -memprofile /tmp/mem
func BenchmarkPage(b *testing.B) {
	w := &site{url: pgtest.URL(b), notes: &notes{}, bare: &bare{}}
	conn, err := pgx.Connect(b.Context(), w.url)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(context.Background())
	if w.found, err = fill(b.Context(), conn, size{Meetings: 200, Items: 30, Proposals: 5000, Trusted: true}, time.Now()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(w.close)
	if err := w.serve(b.Context(), b.TempDir()); err != nil {
		b.Fatal(err)
	}
	memory.Settle()
	said := slog.Default()
	slog.SetDefault(slog.New(web.Logged{Handler: slog.NewTextHandler(io.Discard, nil)}))
	b.Cleanup(func() { slog.SetDefault(said) })
	for _, p := range w.found.pages() {
		if _, _, err := w.cost(p); err != nil {
			b.Fatal(err)
		}
		type asked struct {
			name    string
			handler http.Handler
			path    string
		}
		beside := []asked{{"queries", w.bare, withQueries}, {"decoded", w.bare, withDecoded}}
		if p.cookie == "" {
			beside = []asked{{"memory", w.bare, fromMemory}}
		}
		for _, each := range append([]asked{{"product", w.handler, p.path}}, beside...) {
			b.Run(p.Name+"/"+each.name, func(b *testing.B) {
				b.ReportAllocs()
				begin := processed(b)
				for b.Loop() {
					r := request(p, true)
					r.URL.Path = each.path
					answer := &discard{header: http.Header{}}
					each.handler.ServeHTTP(answer, r)
				}
				b.ReportMetric(float64(processed(b)-begin)/float64(b.N), "cpu-ns/op")
			})
		}
	}
}

func processed(b *testing.B) int64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return used.Utime.Nano() + used.Stime.Nano()
}
