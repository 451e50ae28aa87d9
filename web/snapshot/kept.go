package snapshot

import (
	"bytes"
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"regiogriffie/web/respond"
	"regiogriffie/web/ui"
)

// kept is a page as everyone may see it, ready to send.
type kept struct {
	born   time.Time // before its first query
	acts   int64     // of the snapshot at that moment
	missed time.Time // when the database was last found away; guarded by the snapshot

	renewed bool // the next one was begun; guarded by the snapshot

	sum           [sha256.Size]byte
	plain, packed form
	stale         sync.Once // what is served in an outage is made when it is needed
	old, oldSmall form
}

// form is a page in one encoding, with the headers that belong to it.
type form struct {
	body   []byte
	header http.Header
	tag    string
}

var (
	contentType = []string{"text/html; charset=utf-8"}
	revalidate  = []string{respond.Revalidate}
	noStore     = []string{"no-store"}
	vary        = []string{"Cookie, Accept-Encoding"}
	gzipped     = []string{"gzip"}
)

// newKept packs a page, unless the last one of the address was the same: then its bytes are used again.
func newKept(page []byte, born time.Time, acts int64, last *kept) *kept {
	k := &kept{born: born, acts: acts, sum: sha256.Sum256(page)}
	if last != nil && last.sum == k.sum {
		k.plain, k.packed = last.plain, last.packed
		return k
	}
	tag := hex.EncodeToString(k.sum[:16])
	k.plain = newForm(bytes.Clone(page), `"`+tag+`"`, false)
	k.packed = newForm(pack(page), `"`+tag+`-gzip"`, true)
	return k
}

func newForm(body []byte, tag string, packed bool) form {
	f := form{body: body, tag: tag, header: http.Header{"Content-Type": contentType, "Vary": vary}}
	setLength(f.header, len(body))
	if packed {
		f.header["Content-Encoding"] = gzipped
	}
	if tag == "" {
		f.header["Cache-Control"] = noStore
	} else {
		f.header["Cache-Control"], f.header["Etag"] = revalidate, []string{tag}
	}
	return f
}

var packers = sync.Pool{New: func() any {
	w, err := gzip.NewWriterLevel(io.Discard, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}}

func pack(page []byte) []byte {
	w := packers.Get().(*gzip.Writer)
	defer packers.Put(w)
	var out bytes.Buffer
	w.Reset(&out)
	// A buffer takes everything.
	_, _ = w.Write(page)
	_ = w.Close()
	return bytes.Clone(out.Bytes())
}

// size is what k takes in memory, with the forms that an outage may add.
func (k *kept) size() int { return 2*(len(k.plain.body)+len(k.packed.body)) + 1024 }

// serve gives the page, or 304 to who has it already.
func (k *kept) serve(w http.ResponseWriter, r *http.Request) {
	f := &k.plain
	if takesGzip(r.Header["Accept-Encoding"]) {
		f = &k.packed
	}
	if has(r.Header["If-None-Match"], f.tag) {
		h := w.Header()
		h["Cache-Control"], h["Etag"], h["Vary"] = f.header["Cache-Control"], f.header["Etag"], f.header["Vary"]
		w.WriteHeader(http.StatusNotModified)
		return
	}
	f.send(w, r)
}

// send writes the headers over those of the guards, and the body unless only the head was asked.
func (f *form) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for name, values := range f.header {
		h[name] = values
	}
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	if _, err := w.Write(f.body); err != nil {
		slog.DebugContext(r.Context(), "the reader went away", "error", err)
	}
}

// serveStale gives the page with its time on it, because the database is away.
func (k *kept) serveStale(w http.ResponseWriter, r *http.Request, now time.Time) {
	k.stale.Do(func() {
		page := k.plain.body
		var note bytes.Buffer
		// The note is text and a buffer: rendering it does not fail.
		_ = ui.Outdated(k.born).Render(context.Background(), &note)
		if at := bytes.Index(page, []byte(ui.Told)); at >= 0 {
			at += len(ui.Told)
			page = bytes.Join([][]byte{page[:at], note.Bytes(), page[at:]}, nil)
		}
		k.old, k.oldSmall = newForm(page, "", false), newForm(pack(page), "", true)
	})
	f := &k.old
	if takesGzip(r.Header["Accept-Encoding"]) {
		f = &k.oldSmall
	}
	age := now.Sub(k.born)
	w.Header().Set("Age", fmt.Sprint(int(age.Seconds())))
	w.Header().Set("Cache-Status", fmt.Sprintf("regiogriffie; hit; ttl=%d", -int((age-MaxAge).Seconds()))) // RFC 9211: below zero is stale
	f.send(w, r)
}

// takesGzip reads Accept-Encoding: gzip or anything, and not with a weight of nothing.
func takesGzip(lines []string) bool {
	any := false
	for _, line := range lines {
		for coding := range strings.SplitSeq(line, ",") {
			name, weight, _ := strings.Cut(coding, ";")
			name = strings.TrimSpace(name)
			if name != "*" && !strings.EqualFold(name, "gzip") && !strings.EqualFold(name, "x-gzip") {
				continue
			}
			weight = strings.ToLower(strings.ReplaceAll(weight, " ", ""))
			nothing := strings.HasPrefix(weight, "q=0") && strings.Trim(weight, "q=0.") == ""
			if name != "*" {
				return !nothing
			}
			any = !nothing
		}
	}
	return any
}

// has reads If-None-Match. Proxies weaken a tag when they pack a page anew; the page is the same then.
func has(lines []string, tag string) bool {
	for _, line := range lines {
		for each := range strings.SplitSeq(line, ",") {
			each = strings.TrimSpace(each)
			if each == "*" || strings.TrimPrefix(each, "W/") == tag {
				return true
			}
		}
	}
	return false
}

// recorder takes an answer in instead of sending it.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (o *recorder) Header() http.Header { return o.header }

func (o *recorder) WriteHeader(status int) {
	if o.status == 0 {
		o.status = status
	}
}

func (o *recorder) Write(b []byte) (int, error) {
	o.WriteHeader(http.StatusOK)
	return o.body.Write(b)
}

// keepable tells whether the page itself says that everyone may have it.
func (o *recorder) keepable() bool {
	h := o.header
	return o.status == http.StatusOK && h.Get("Content-Type") == contentType[0] && h.Get("Cache-Control") == respond.Revalidate &&
		h.Get("Set-Cookie") == "" && h.Get("No-Gzip-Compression") == "" && o.body.Len() <= maxPage
}

// shareable tells whether those who asked together may get the same refusal.
func (o *recorder) shareable() bool {
	return o.status >= http.StatusBadRequest && o.header.Get("Set-Cookie") == "" && o.header.Get("No-Gzip-Compression") == ""
}

// copyTo sends what was taken in.
func (o *recorder) copyTo(w http.ResponseWriter) {
	h := w.Header()
	for name, values := range o.header {
		h[name] = values
	}
	w.WriteHeader(o.status)
	_, _ = w.Write(o.body.Bytes()) // for HEAD the server leaves it out; who went away needs nothing
}

// shelf holds pages within bounds, and lets go of what was longest not asked for.
type shelf struct {
	places          map[address]*list.Element
	order           *list.List // of *place, the last used in front
	size            int
	maxLen, maxSize int
}

type place struct {
	key  address
	kept *kept
}

func newShelf(maxLen, maxSize int) shelf {
	return shelf{places: map[address]*list.Element{}, order: list.New(), maxLen: maxLen, maxSize: maxSize}
}

func (s *shelf) find(key address) *kept {
	at := s.places[key]
	if at == nil {
		return nil
	}
	s.order.MoveToFront(at)
	return at.Value.(*place).kept
}

func (s *shelf) drop(key address) {
	if at := s.places[key]; at != nil {
		s.size -= at.Value.(*place).kept.size()
		s.order.Remove(at)
		delete(s.places, key)
	}
}

// put adds k, and lets go of what no longer fits or is too old for any use.
func (s *shelf) put(key address, k *kept, now time.Time) {
	s.drop(key)
	s.places[key] = s.order.PushFront(&place{key, k})
	s.size += k.size()
	for last := s.order.Back(); last != nil; last = s.order.Back() {
		p := last.Value.(*place)
		if s.order.Len() <= s.maxLen && s.size <= s.maxSize && now.Sub(p.kept.born) <= MaxOutage {
			return
		}
		s.drop(p.key)
	}
}
