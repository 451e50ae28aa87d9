package form

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"syscall"
	"unicode/utf8"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/web/request"
)

const (
	maxText   = 100_000 // characters of one field
	maxValues = 1_000   // of one field
	maxPairs  = 4_000   // of one form
	maxTexts  = 2 << 20 // bytes of all fields together
	maxFiles  = 100     // of one form
)

var (
	// ErrLeft says that the reader went away, or stopped halfway, while he sent the form.
	ErrLeft = errors.New("the reader went away while sending")
	// ErrSlow says that the form was not whole within its time.
	ErrSlow = errors.New("the form was sent too slowly")
)

// Unreadable says in Dutch why what was sent is no form of ours, and how to go on. No button of this site sends one.
type Unreadable struct{ Why string }

// Error gives the sentence.
func (u Unreadable) Error() string { return u.Why }

var (
	malformed = Unreadable{"Wat u verstuurde, is onderweg beschadigd of onvolledig. Er is niets gedaan. Ga terug, ververs de pagina en verstuur het formulier opnieuw."}
	tooMany   = Unreadable{"In dit formulier staan meer gegevens dan deze pagina aankan. Er is niets gedaan. Ga terug, kies of vul minder in en verstuur het formulier opnieuw."}
	noFile    = Unreadable{"Bij dit formulier hoort geen bestand. Er is niets gedaan. Ga terug en verstuur het formulier zonder bestand."}
)

type heldKey struct{}

type held struct {
	mu    sync.Mutex
	files []io.Closer
}

func (h *held) release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range h.files {
		_ = f.Close() // it was only read
	}
	h.files = nil
}

// Hold lets the request have files for as long as it is served. The outermost guard calls it, and release in a defer, so that
// nothing of them is left whatever happens in between.
func Hold(r *http.Request) (_ *http.Request, release func()) {
	h := &held{}
	return r.WithContext(context.WithValue(r.Context(), heldKey{}, h)), h.release
}

// Read reads the form that was sent. Text that is no UTF-8 or too long is a fault of its field, not of the request. A file is
// refused, as is what is no form: Unreadable. Of a body that was cut short the error is ErrLeft or ErrSlow.
func Read(r *http.Request) (*Form, error) {
	return read(r, func(*Form, string, *multipart.Part) error { return noFile })
}

// ReadWithFiles is Read for a form with files, which wait in the store as long as the request is served; it may be larger and
// take longer. Call it when the right to add them was asked, never before. What is too large is a fault of its field.
func ReadWithFiles(r *http.Request, store *file.Store) (*Form, error) {
	h, ok := r.Context().Value(heldKey{}).(*held)
	if !ok {
		return nil, errors.New("a form with files where nobody removes them: form.Hold is missing")
	}
	request.Widen(r)
	count := 0
	return read(r, func(f *Form, name string, part *multipart.Part) error {
		if count++; count > maxFiles {
			return tooMany
		}
		from := &source{Reader: part}
		received, err := store.Receive(from)
		var tooLarge *http.MaxBytesError
		var fields fault.Fields
		switch {
		case errors.As(from.err, &tooLarge):
			f.Faults.Must(false, name, "Wat u koos, is te groot: hoogstens 50 MB in één keer. Kies minder bestanden, of maak ze kleiner.")
			return errEnough
		case from.err != nil:
			return from.err
		case errors.As(err, &fields): // the disk is full
			f.Faults.Must(false, name, fields["file"])
			return errEnough
		case err != nil:
			return own{err}
		}
		h.mu.Lock()
		h.files = append(h.files, received)
		h.mu.Unlock()
		if f.Uploads == nil {
			f.Uploads = map[string][]file.Upload{}
		}
		f.Uploads[name] = append(f.Uploads[name], file.Upload{FileName: part.FileName(), Content: received})
		return nil
	})
}

// errEnough ends the reading of a form that has a fault for its sender.
var errEnough = errors.New("enough of this form was read")

// own is a fault of ours, not of what was sent.
type own struct{ error }

// Waiting reads the form of someone who must sign in first: its texts, up to a limit, and whether files came along, which
// are not kept. What is cut short or no form is lost as a whole: half of it must not go through later on.
func Waiting(r *http.Request, limit int64) (texts url.Values, files bool) {
	if r.PostForm != nil {
		return r.PostForm, false
	}
	if r.Body == nil {
		return nil, false
	}
	r.Body = http.MaxBytesReader(nil, r.Body, limit)
	_, err := read(r, func(_ *Form, _ string, part *multipart.Part) error {
		files = true
		_, err := io.Copy(io.Discard, part)
		return err
	})
	if err != nil {
		return nil, true
	}
	return r.PostForm, files
}

// read fills r.PostForm with what came and returns it as a form; take is what becomes of a file.
func read(r *http.Request, take func(*Form, string, *multipart.Part) error) (*Form, error) {
	f := &Form{Values: url.Values{}, Faults: fault.Fields{}, now: request.Actor(r).At}
	sent := url.Values{}
	body := &source{Reader: http.NoBody}
	if r.Body != nil {
		body.Reader = r.Body
	}
	err := pairs(r.Header.Get("Content-Type"), body, sent, func(name string, part *multipart.Part) error { return take(f, name, part) })
	switch {
	case errors.Is(err, errEnough):
	case err != nil:
		return nil, body.explain(err)
	case r.Context().Err() != nil: // what reads the body may have taken its end for that of the form
		return nil, r.Context().Err()
	}
	r.PostForm = sent
	for name, values := range sent {
		for _, v := range values {
			v = dutch.Upright(strings.ReplaceAll(strings.ReplaceAll(v, "\r\n", "\n"), "\x00", ""))
			if !utf8.ValidString(v) {
				v = strings.ToValidUTF8(v, "\uFFFD")
			}
			if utf8.RuneCountInString(v) > maxText {
				f.Faults.Must(false, name, "Deze tekst is te lang: hoogstens "+dutch.Number(maxText)+" tekens. Kort de tekst in of zet een deel in een bijlage.")
			}
			f.Values.Add(name, v)
		}
	}
	if len(f.Uploads) > 0 {
		sent.Set(FileAgain, "ja") // when the password is asked now, the files do not wait for it
	}
	return f, nil
}

// pairs reads the fields of a body of either kind into sent. A body of another kind holds none.
func pairs(contentType string, body io.Reader, sent url.Values, take func(string, *multipart.Part) error) error {
	if contentType == "" {
		return nil
	}
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return malformed
	}
	switch kind {
	case "application/x-www-form-urlencoded":
		return encoded(body, sent)
	case "multipart/form-data":
		if parameters["boundary"] == "" {
			return malformed
		}
		return parts(multipart.NewReader(body, parameters["boundary"]), sent, take)
	}
	return nil
}

func encoded(body io.Reader, sent url.Values) error {
	all, err := io.ReadAll(io.LimitReader(body, maxTexts+1))
	if err != nil {
		return err
	}
	if len(all) > maxTexts {
		return &http.MaxBytesError{Limit: maxTexts}
	}
	text := string(all)
	if strings.Count(text, "&") >= maxPairs {
		return tooMany
	}
	values, err := url.ParseQuery(text)
	if err != nil {
		return malformed
	}
	for name, list := range values {
		if len(list) > maxValues {
			return tooMany
		}
		sent[name] = list
	}
	return nil
}

func parts(in *multipart.Reader, sent url.Values, take func(string, *multipart.Part) error) error {
	room := int64(maxTexts)
	for count := 0; ; count++ {
		part, err := in.NextPart()
		if err == io.EOF { // one that is wrapped is an end too early
			return nil
		}
		if err != nil {
			return err
		}
		if count == maxPairs {
			return tooMany
		}
		if part.FileName() != "" && part.FormName() != "" {
			err = take(part.FormName(), part)
		} else {
			err = textPart(part, sent, &room)
		}
		if err != nil {
			return err
		}
	}
}

// textPart reads a field that is no file, for which there is room yet.
func textPart(part *multipart.Part, sent url.Values, room *int64) error {
	_, about, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	name := part.FormName()
	if err != nil || name == "" {
		return malformed
	}
	text, err := io.ReadAll(io.LimitReader(part, *room+1))
	if err != nil {
		return err
	}
	if *room -= int64(len(text)); *room < 0 {
		return &http.MaxBytesError{Limit: maxTexts}
	}
	if _, field := about["filename"]; field {
		return nil // a field for a file in which none was chosen
	}
	if len(sent[name]) == maxValues {
		return tooMany
	}
	sent[name] = append(sent[name], string(text))
	return nil
}

// source remembers how reading from it ended, if not in the end.
type source struct {
	io.Reader
	err error
}

// Read is that of what it reads from.
func (s *source) Read(b []byte) (int, error) {
	n, err := s.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// explain says whose fault it is that the body could not be read: of the connection or of its content.
func (s *source) explain(err error) error {
	var unreadable Unreadable
	var tooLarge *http.MaxBytesError
	var ours own
	var network net.Error
	var system syscall.Errno
	switch {
	case errors.As(err, &ours):
		return ours.error
	case errors.As(err, &unreadable), errors.As(err, &tooLarge):
		return err
	case s.err == nil:
		return malformed
	case errors.Is(s.err, os.ErrDeadlineExceeded), errors.As(s.err, &network) && network.Timeout():
		return fmt.Errorf("%w: %w", ErrSlow, s.err)
	case errors.Is(s.err, io.ErrUnexpectedEOF), errors.Is(s.err, io.ErrClosedPipe), errors.Is(s.err, context.Canceled), errors.As(s.err, &network), errors.As(s.err, &system):
		return fmt.Errorf("%w: %w", ErrLeft, s.err)
	}
	return malformed // such as chunks that are none
}
