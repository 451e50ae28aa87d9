package form_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"

	"regiogriffie/internal/file/filetest"
	"regiogriffie/web/form"
)

const encoded = "application/x-www-form-urlencoded"

func sent(contentType string, body io.Reader) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", body)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return r
}

// withFiles is a body of fields, each name with its value; a name that ends with a name of a file in brackets is a file.
func withFiles(t *testing.T, pairs ...string) (contentType string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		name, fileName, isFile := strings.Cut(strings.TrimSuffix(pairs[i], "]"), "[")
		create := func() (io.Writer, error) { return w.CreateFormField(name) }
		if isFile {
			create = func() (io.Writer, error) { return w.CreateFormFile(name, fileName) }
		}
		part, err := create()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.Bytes()
}

func TestWhatIsNoFormIsUnreadable(t *testing.T) {
	t.Parallel()
	kind, whole := withFiles(t, "title", "Een titel", "text", "Een tekst")
	many := strings.Repeat("x=1&", 4000)
	var disposition bytes.Buffer
	w := multipart.NewWriter(&disposition)
	_, _ = w.CreatePart(map[string][]string{"Content-Disposition": {"form-data"}})
	_ = w.Close()
	manyParts := []string{}
	for n := range 4001 {
		manyParts = append(manyParts, fmt.Sprintf("veld%d", n), "x")
	}
	manyKind, manyBody := withFiles(t, manyParts...)
	fileKind, fileBody := withFiles(t, "x[a.pdf]", "inhoud")
	emptyKind, emptyBody := withFiles(t, "x[a.pdf]", "")
	sameKind, sameBody := withFiles(t, strings.Fields(strings.Repeat("x x ", 1001))...)
	for name, c := range map[string]struct{ kind, body string }{
		"no boundary":             {"multipart/form-data", string(whole)},
		"an empty boundary":       {`multipart/form-data; boundary=""`, string(whole)},
		"another boundary":        {"multipart/form-data; boundary=elders", string(whole)},
		"a boundary too long":     {"multipart/form-data; boundary=" + strings.Repeat("x", 5000), string(whole)},
		"nothing":                 {kind, ""},
		"cut off in a part":       {kind, string(whole[:len(whole)/2])},
		"cut off between parts":   {kind, string(whole[:bytes.LastIndex(whole, []byte("--"+strings.Split(kind, "=")[1]))])},
		"without its end":         {kind, string(whole[:len(whole)-6])},
		"rubbish for a header":    {kind, strings.Replace(string(whole), "Content-Disposition: ", "\x00\x01 rubbish ", 1)},
		"headers without end":     {kind, strings.Replace(string(whole), "\r\n\r\n", strings.Repeat("\r\nX: y", 20_000), 1)},
		"a part without a name":   {w.FormDataContentType(), disposition.String()},
		"a kind that is none":     {"application/; x", "x=1"},
		"a kind of rubbish":       {"multipart/form-data; boundary=a; boundary=b", "x=1"},
		"half a percent sign":     {encoded, "title=100%&text=x"},
		"a percent sign with no":  {encoded, "title=%zz"},
		"a semicolon":             {encoded, "title=a;text=b"},
		"too many pairs":          {encoded, many + "x=1"},
		"too many of one field":   {encoded, strings.Repeat("x=1&", 1000) + "x=1"},
		"too many parts":          {manyKind, string(manyBody)},
		"too many parts of one":   {sameKind, string(sameBody)},
		"a file where none goes":  {fileKind, string(fileBody)},
		"an empty file all alike": {emptyKind, string(emptyBody)},
	} {
		f, err := form.Read(sent(c.kind, strings.NewReader(c.body)))
		var unreadable form.Unreadable
		if !errors.As(err, &unreadable) || !strings.Contains(unreadable.Why, "Ga terug") {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
}

func TestWhatIsAFormIsRead(t *testing.T) {
	t.Parallel()
	kind, body := withFiles(t, "title", "Een\r\ntitel", "list", "a", "list", "b")
	// As a browser sends a field for a file in which none was chosen.
	boundary := strings.Split(kind, "=")[1]
	body = append([]byte("--"+boundary+
		"\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n"), body...)
	for name, r := range map[string]*http.Request{
		"encoded":              sent(encoded, strings.NewReader("title=Een%0D%0Atitel&list=a&list=b")),
		"with a character set": sent(encoded+"; charset=utf-8", strings.NewReader("title=Een%0D%0Atitel&list=a&list=b")),
		"in parts":             sent(kind, bytes.NewReader(body)),
	} {
		f, err := form.Read(r)
		if err != nil || f.Raw("title") != "Een\ntitel" || len(f.List("list")) != 2 || len(f.Uploads) != 0 || f.Values.Has("file") || f.Sound(nil) != nil {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
	for _, r := range []*http.Request{sent("", strings.NewReader("x=1")), sent("text/plain", strings.NewReader("x=1")), sent("", nil)} {
		if f, err := form.Read(r); err != nil || len(f.Values) != 0 {
			t.Errorf("%q: %v, %v", r.Header.Get("Content-Type"), f, err)
		}
	}
}

func TestAListHasItsBounds(t *testing.T) {
	t.Parallel()
	f, err := form.Read(sent(encoded,
		strings.NewReader("lines="+strings.Repeat("een+naam%0A", 1000)+"&more="+strings.Repeat("een+naam%0A", 1001)+strings.Repeat("&x=1", 1000))))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.Lines("lines")); n != 1000 || f.Faults.Err() != nil {
		t.Errorf("%d lines, %v", n, f.Faults)
	}
	if n := len(f.Lines("more")); n != 1000 || !strings.Contains(f.Faults["more"], "1.000") {
		t.Errorf("%d lines, %v", n, f.Faults)
	}
}

func TestWhatTurnsTheReadingDirectionDoesNotComeIn(t *testing.T) {
	t.Parallel()
	const hostile = "Betaal \u202e\u2066000.1\u2069\u202c euro\u200f\u200e\u061c"
	kind, body := withFiles(t, "title", hostile, "list", hostile)
	for _, r := range []*http.Request{
		sent(kind, bytes.NewReader(body)),
		sent(encoded, strings.NewReader(url.Values{"title": {hostile}, "list": {hostile}}.Encode())),
	} {
		f, err := form.Read(r)
		if err != nil || f.Raw("title") != "Betaal 000.1 euro" || f.List("list")[0] != "Betaal 000.1 euro" {
			t.Errorf("%q, %v", f.Values, err)
		}
	}
}

func TestTheEndOfTheConnectionIsNoFaultOfTheForm(t *testing.T) {
	t.Parallel()
	kind, whole := withFiles(t, "title", "Een titel", "file[a.pdf]", strings.Repeat("inhoud ", 10_000))
	for cause, want := range map[error]error{
		io.ErrUnexpectedEOF: form.ErrLeft,
		&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}: form.ErrLeft,
		context.Canceled: form.ErrLeft,
		&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}: form.ErrSlow,
	} {
		for _, kind := range []string{kind, encoded} {
			for _, at := range []int{0, 10, 200, 20_000} {
				r, release := form.Hold(sent(kind, io.MultiReader(bytes.NewReader(whole[:at]), iotest.ErrReader(cause))))
				if _, err := form.ReadWithFiles(r, filetest.Store(t)); !errors.Is(err, want) {
					t.Errorf("%s after %d bytes, %v: %v", kind, at, cause, err)
				}
				release()
			}
		}
	}
	var tooLarge *http.MaxBytesError
	r := sent(encoded, strings.NewReader("x="+strings.Repeat("x", 100)))
	r.Body = http.MaxBytesReader(nil, r.Body, 50)
	if _, err := form.Read(r); !errors.As(err, &tooLarge) {
		t.Errorf("too large: %v", err)
	}
}

func TestFilesLastAsLongAsTheRequest(t *testing.T) {
	t.Parallel()
	store := filetest.Store(t)
	kind, body := withFiles(t, "title", "Een titel", "file[map/a.pdf]", "een", "file[b.pdf]", "twee")
	if _, err := form.ReadWithFiles(sent(kind, bytes.NewReader(body)), store); err == nil {
		t.Error("files are taken where nobody removes them")
	}
	r, release := form.Hold(sent(kind, bytes.NewReader(body)))
	f, err := form.ReadWithFiles(r, store)
	if err != nil {
		t.Fatal(err)
	}
	files := f.Uploads["file"]
	if len(files) != 2 || files[0].FileName != "a.pdf" || f.Text("title") != "Een titel" {
		t.Fatalf("%+v", f)
	}
	if content, err := io.ReadAll(files[0].Content); err != nil || string(content) != "een" {
		t.Errorf("%q, %v", content, err)
	}
	if r.PostForm.Get(form.FileAgain) == "" || f.Bool(form.FileAgain) {
		t.Error("asking for the password would lose the file without a word")
	}
	release()
	if _, err := io.ReadAll(files[1].Content); !errors.Is(err, os.ErrClosed) {
		t.Errorf("after the request: %v", err)
	}
	release()
}

func TestTooManyFilesAreUnreadableAndATooLargeOneIsAFaultOfItsField(t *testing.T) {
	t.Parallel()
	store := filetest.Store(t)
	kind, body := withFiles(t, strings.Split(strings.Repeat("file[a.pdf],x,", 101), ",")...)
	r, release := form.Hold(sent(kind, bytes.NewReader(body)))
	defer release()
	var unreadable form.Unreadable
	if _, err := form.ReadWithFiles(r, store); !errors.As(err, &unreadable) {
		t.Errorf("101 files: %v", err)
	}
	kind, body = withFiles(t, "title", "Een titel", "file[a.pdf]", strings.Repeat("x", 5000))
	r, release = form.Hold(sent(kind, bytes.NewReader(body)))
	defer release()
	r.Body = http.MaxBytesReader(nil, r.Body, 1000)
	f, err := form.ReadWithFiles(r, store)
	if err != nil || !strings.Contains(f.Faults["file"], "50 MB") || f.Text("title") != "Een titel" {
		t.Errorf("%v, %v", f, err)
	}
}

// What waits for its sender to sign in never touches the disk: there is no store.
func TestWhatWaitsForItsSenderIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	kind, body := withFiles(t, "title", "Een titel", "file[a.pdf]", "inhoud", "more", "Nog iets")
	for name, c := range map[string]struct {
		r     *http.Request
		texts int
		files bool
	}{
		"with a file":  {sent(kind, bytes.NewReader(body)), 2, true},
		"without":      {sent(encoded, strings.NewReader("title=x")), 1, false},
		"cut short":    {sent(kind, bytes.NewReader(body[:len(body)-10])), 0, true},
		"too large":    {sent(encoded, strings.NewReader("title="+strings.Repeat("x", 1000))), 0, true},
		"out of order": {sent(encoded, strings.NewReader("title=%")), 0, true},
	} {
		if texts, files := form.Waiting(c.r, 900); len(texts) != c.texts || files != c.files {
			t.Errorf("%s: %v, %v", name, texts, files)
		}
	}
}
