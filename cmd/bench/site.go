package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/file"
	"regiogriffie/internal/postgres"
	"regiogriffie/migrations"
	"regiogriffie/web"
)

// poolSize is that of the program when it serves.
const poolSize = 16

// page is one of the pages that are measured.
type page struct {
	Name   string
	path   string
	cookie string
}

// pages are those that the bench asks of a database.
func (a addresses) pages() []page {
	return []page{
		{"vergadering, 30 punten, openbaar", a.Meeting, ""},
		{"vergadering, 60 punten, openbaar", a.LongMeeting, ""},
		{"vergadering, 60 punten, ingelogd", a.LongMeeting, a.Cookie},
		{"lijst voorstellen, openbaar", "/voorstellen", ""},
		{"lijst voorstellen, ingelogd", "/voorstellen", a.Cookie},
		{"voorstel, openbaar", a.Proposal, ""},
	}
}

// site is the product on a database of its own, with bare handlers beside it on the same pool.
type site struct {
	url     string
	pool    *pgxpool.Pool
	handler http.Handler
	counted http.Handler // the product on a pool that notes what is asked
	notes   *notes
	addr    string
	found   addresses
	bare    *bare
	closing []func()
}

// openSite makes a database beside the one at server for this use, fills it and serves it at a free loopback port.
func openSite(ctx context.Context, server, use string, s size, folder string) (_ *site, err error) {
	w := &site{notes: &notes{}, bare: &bare{}}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	admin, err := pgx.Connect(ctx, server)
	if err != nil {
		return nil, fmt.Errorf("reaching the server: %w", err)
	}
	defer admin.Close(context.WithoutCancel(ctx))
	name := fmt.Sprintf("bench_%s_%d", use, s.Proposals)
	if _, err := admin.Exec(ctx, "create database "+name); err != nil {
		return nil, fmt.Errorf("making a database: %w", err)
	}
	u, err := url.Parse(server)
	if err != nil {
		return nil, fmt.Errorf("reading the address of the server: %w", err)
	}
	u.Path = "/" + name
	w.url = u.String()
	if err := migrations.Up(ctx, w.url); err != nil {
		return nil, err
	}
	owner, err := pgx.Connect(ctx, w.url)
	if err != nil {
		return nil, fmt.Errorf("reaching the database: %w", err)
	}
	defer owner.Close(context.WithoutCancel(ctx))
	if w.found, err = fill(ctx, owner, s, time.Now()); err != nil {
		return nil, err
	}
	return w, w.serve(ctx, folder)
}

func (w *site) serve(ctx context.Context, folder string) error {
	files, err := file.NewStore(filepath.Join(folder, "bestanden"))
	if err != nil {
		return err
	}
	w.closing = append(w.closing, func() { files.Close() })
	open := func(o postgres.Options) (*pgxpool.Pool, error) {
		pool, err := postgres.Open(ctx, w.url, o)
		if err == nil {
			w.closing = append(w.closing, pool.Close)
		}
		return pool, err
	}
	if w.pool, err = open(postgres.Options{MaxConns: poolSize}); err != nil {
		return err
	}
	counted, err := open(postgres.Options{MaxConns: 2, Tracer: w.notes})
	if err != nil {
		return err
	}
	routes := func(pool *pgxpool.Pool) http.Handler {
		return web.Routes(web.App{DB: pool, Health: counted, Files: files, Now: time.Now, BaseURL: "http://127.0.0.1"})
	}
	w.handler, w.counted = routes(w.pool), routes(counted)
	w.bare.pool = w.pool
	outer := http.NewServeMux()
	outer.Handle("/kaal/", w.bare)
	outer.Handle("/", w.handler)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	w.addr = listener.Addr().String()
	// As the program serves, but for the limits on connections.
	server := &http.Server{
		Handler: outer, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
	}
	go server.Serve(listener)
	w.closing = append(w.closing, func() { server.Close() })
	return nil
}

func (w *site) close() {
	for _, f := range slices.Backward(w.closing) {
		f()
	}
}

// cost is what one page costs, apart from time.
type cost struct {
	RoundTrips  float64 `json:"round_trips"`
	Queries     int     `json:"queries"`
	Allocations uint64  `json:"allocations"`
	Allocated   uint64  `json:"allocated_bytes"`
	Bytes       int     `json:"bytes"`      // of the page
	WireBytes   int     `json:"wire_bytes"` // as it travels, compressed
}

func request(p page, compressed bool) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1"+p.path, nil)
	if p.cookie != "" {
		r.Header.Set("Cookie", p.cookie)
	}
	if compressed {
		r.Header.Set("Accept-Encoding", "gzip")
	}
	return r
}

const repeats = 50

// cost measures p one by one, and leaves the same bytes and the same questions with the bare handlers.
func (w *site) cost(p page) (c cost, wire ask, err error) {
	first := httptest.NewRecorder()
	w.notes.start()
	w.counted.ServeHTTP(first, request(p, true))
	batches := w.notes.stop()
	if first.Code != http.StatusOK {
		return c, ask{}, fmt.Errorf("%s answers %d", p.path, first.Code)
	}
	plain := httptest.NewRecorder()
	w.counted.ServeHTTP(plain, request(p, false))
	w.notes.start()
	for range repeats {
		w.counted.ServeHTTP(httptest.NewRecorder(), request(p, true))
	}
	c.RoundTrips = float64(len(w.notes.stop())) / repeats
	for _, b := range batches {
		c.Queries += len(b)
	}
	var before, after runtime.MemStats
	asked := make([]*http.Request, repeats)
	for i := range asked {
		asked[i] = request(p, true)
	}
	w.handler.ServeHTTP(&discard{header: http.Header{}}, request(p, true))
	runtime.ReadMemStats(&before)
	for _, r := range asked {
		w.handler.ServeHTTP(&discard{header: http.Header{}}, r)
	}
	runtime.ReadMemStats(&after)
	c.Allocations, c.Allocated = (after.Mallocs-before.Mallocs)/repeats, (after.TotalAlloc-before.TotalAlloc)/repeats
	c.Bytes, c.WireBytes = plain.Body.Len(), first.Body.Len()
	w.bare.set(bytes.Clone(first.Body.Bytes()), first.Header().Get("Content-Encoding"), batches)
	return c, ask{p.path, p.cookie, c.WireBytes}, nil
}

// discard is a writer that keeps nothing.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

// question is one query as the product asked it.
type question struct {
	sql  string
	args []any
}

// notes keeps the batches that a pool sends, one per round trip.
type notes struct {
	sync.Mutex
	on      bool
	batches [][]question
}

func (n *notes) start() { n.Lock(); defer n.Unlock(); n.on, n.batches = true, nil }

func (n *notes) stop() [][]question { n.Lock(); defer n.Unlock(); n.on = false; return n.batches }

func (n *notes) add(b []question) {
	n.Lock()
	defer n.Unlock()
	if n.on {
		n.batches = append(n.batches, b)
	}
}

// TraceBatchStart notes a batch, before its arguments are put in order.
func (n *notes) TraceBatchStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceBatchStartData) context.Context {
	var b []question
	for _, q := range d.Batch.QueuedQueries {
		args := slices.Clone(q.Arguments)
		// The bare handlers name their arguments as the driver offers it, and have nothing of what the product makes of that.
		if names := reflect.TypeFor[pgx.NamedArgs](); len(args) == 1 && reflect.TypeOf(args[0]).ConvertibleTo(names) {
			args[0] = reflect.ValueOf(args[0]).Convert(names).Interface()
		}
		b = append(b, question{q.SQL, args})
	}
	n.add(b)
	return ctx
}

// TraceBatchQuery does nothing.
func (n *notes) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd does nothing.
func (n *notes) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// TraceQueryStart notes a query apart; begin and commit of a transaction count too. The role of a new connection does not.
func (n *notes) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	if d.SQL != "set role regiogriffie_app" {
		n.add([]question{{d.SQL, slices.Clone(d.Args)}})
	}
	return ctx
}

// TraceQueryEnd does nothing.
func (n *notes) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// bare are the handlers that the product is compared with: bytes from memory; the same batches, their rows read and thrown
// away, and then the same bytes; and that with every value decoded.
type bare struct {
	pool     *pgxpool.Pool
	body     []byte
	encoding string
	batches  [][]question
}

func (b *bare) set(body []byte, encoding string, batches [][]question) {
	b.body, b.encoding, b.batches = body, encoding, batches
}

const (
	fromMemory  = "/kaal/geheugen"
	withQueries = "/kaal/vragen"
	withDecoded = "/kaal/gelezen"
)

func (b *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != fromMemory {
		for _, batch := range b.batches {
			if err := b.ask(r.Context(), batch, r.URL.Path == withDecoded); err != nil {
				http.Error(w, err.Error(), http.StatusServiceUnavailable) // as the product says it when the pool is full
				return
			}
		}
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", fmt.Sprint(len(b.body)))
	if b.encoding != "" {
		h.Set("Content-Encoding", b.encoding)
	}
	_, _ = w.Write(b.body) // a reader that went away is its own loss
}

func (b *bare) ask(ctx context.Context, batch []question, decode bool) error {
	all := &pgx.Batch{}
	for _, q := range batch {
		all.Queue(q.sql, q.args...)
	}
	results := b.pool.SendBatch(ctx, all)
	defer results.Close()
	for range batch {
		rows, err := results.Query()
		if err != nil {
			return err
		}
		for rows.Next() {
			if decode {
				if _, err := rows.Values(); err != nil {
					return err
				}
			}
		}
		if err := rows.Err(); err != nil {
			return err
		}
	}
	return results.Close()
}
