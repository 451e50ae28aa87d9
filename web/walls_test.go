package web_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"regiogriffie/internal/access"
	"regiogriffie/internal/postgres/pgtest"
)

// guarded are the tables of the second wall.
var guarded = []string{
	"proposals", "proposal_versions", "route_steps", "route_step_locals", "route_questions", "meetings", "organiser_requests", "agenda_items",
	"agenda_item_matters", "attachments", "decisions", "proposal_moves", "comments", "advices",
	"invitations", "invitation_remarks", "invitation_publications",
	"zienswijze_procedures", "zienswijze_subjects", "zienswijzen", "zienswijze_texts", "zienswijze_stances",
	"agenda_sections", "closed_readings", "mailings", "messages", "save_the_dates", "proposal_readings", "audit_entries",
}

// withoutRowSecurity takes the second wall away, as the owner of the database.
func (w *world) withoutRowSecurity(t testing.TB) {
	t.Helper()
	for _, table := range guarded {
		if _, err := w.owner.Exec(t.Context(), `alter table `+table+` no force row level security, disable row level security`); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheTablesOfTheSecondWallAreAllThatCanBeClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tables := func(which string) (list []string) {
		rows, err := w.owner.Query(t.Context(),
			`select c.relname from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and `+which+` order by 1`)
		done(t, "asking for tables", err)
		for rows.Next() {
			var name string
			done(t, "asking for tables", rows.Scan(&name))
			list = append(list, name)
		}
		done(t, "asking for tables", rows.Err())
		return list
	}
	forced := tables(`c.relrowsecurity and c.relforcerowsecurity`)
	if want := slices.Sorted(slices.Values(guarded)); !slices.Equal(forced, want) {
		t.Errorf("row security guards %v, want %v", forced, want)
	}
	for _, name := range tables(`exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'audience_bodies' and not a.attisdropped)`) {
		if !slices.Contains(forced, name) {
			t.Errorf("%s has an audience, and is not guarded", name)
		}
	}
}

// P4: each wall holds alone. Here the first: the conditions in the queries.
func TestTheFirstWallHoldsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.withoutRowSecurity(t)
	all := w.walked(t, party{all: strangers()})
	report(t, "in wrong hands", w.leaks(all))
	w.answers(t, all, slices.DeleteFunc(w.cells(t), func(c cell) bool {
		return c.method != http.MethodGet || !slices.Contains(strangers(), c.visitor.name)
	}))
}

// P4: here the second. On its way to the database the condition is made true in every query. Its twin, with both walls away, finds
// what is secret: so the crawl can fail.
func TestTheSecondWallHoldsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	opened := w.withoutConditions(t)
	report(t, "in wrong hands", w.leaks(w.walked(t, party{all: strangers()})))
	if n := opened.Load(); n < 100 {
		t.Errorf("the condition was made true in %d queries: it is written in another way now, and this test must learn it", n)
	}
	w.withoutRowSecurity(t)
	leaks := w.leaks(w.walked(t, party{all: []string{"public"}}))
	t.Logf("with both walls away the crawl finds %d marks in wrong hands", len(leaks))
	if len(leaks) < 200 {
		t.Error("with both walls away the crawl finds hardly anything: it cannot fail")
	}
}

// condition is access.Seen as it goes to the database: of any table, with its arguments numbered.
var condition = regexp.MustCompile(argument.ReplaceAllString(strings.ReplaceAll(regexp.QuoteMeta(access.Seen("ALIAS")), "ALIAS", `\w+`), `\$$[0-9]+`))

var argument = regexp.MustCompile(`@[a-z_]+`)

// withoutConditions takes the first wall away: it serves the world through a proxy that makes the condition true in every query. How
// many queries that were is counted.
func (w *world) withoutConditions(t testing.TB) *atomic.Int64 {
	t.Helper()
	var opened atomic.Int64
	address := ok(url.Parse(w.url))(t, "reading the address of the database")
	query := address.Query()
	socket := filepath.Join(query.Get("host"), ".s.PGSQL."+query.Get("port"))
	folder := ok(os.MkdirTemp("", "rg"))(t, "making a folder") // short, as the name of a socket has to be
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	proxy := ok(net.Listen("unix", filepath.Join(folder, ".s.PGSQL."+query.Get("port"))))(t, "listening")
	t.Cleanup(func() { _ = proxy.Close() })
	go func() {
		for {
			client, err := proxy.Accept()
			if err != nil {
				return // closed
			}
			go func() {
				defer client.Close()
				server, err := net.Dial("unix", socket)
				if err != nil {
					return
				}
				defer server.Close()
				go func() {
					_, _ = io.Copy(client, server)
					_ = client.Close()
				}()
				_ = rewritten(server, client, func(sql string) string {
					open := condition.ReplaceAllString(sql, "(true or $0)")
					if open != sql {
						opened.Add(1)
					}
					return open
				})
			}()
		}
	}()
	query.Set("host", folder)
	address.RawQuery = query.Encode()
	w.serve(pgtest.Open(t, address.String(), nil))
	return &opened
}

// rewritten passes on what a client says to a server, with the text of each query (message P, Parse) as change makes it.
func rewritten(to io.Writer, from io.Reader, change func(sql string) string) error {
	in := bufio.NewReader(from)
	for first := true; ; first = false {
		kind := byte(0)
		if !first { // the first message has no kind
			var err error
			if kind, err = in.ReadByte(); err != nil {
				return err
			}
		}
		var length [4]byte
		if _, err := io.ReadFull(in, length[:]); err != nil {
			return err
		}
		content := make([]byte, binary.BigEndian.Uint32(length[:])-4)
		if _, err := io.ReadFull(in, content); err != nil {
			return err
		}
		if kind == 'P' {
			if parts := bytes.SplitN(content, []byte{0}, 3); len(parts) == 3 {
				parts[1] = []byte(change(string(parts[1])))
				content = bytes.Join(parts, []byte{0})
			}
		}
		var out []byte
		if !first {
			out = append(out, kind)
		}
		out = binary.BigEndian.AppendUint32(out, uint32(len(content)+4))
		if _, err := to.Write(append(out, content...)); err != nil {
			return err
		}
	}
}
