package mail

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// surly is an SMTP server in this process that does what a test wants.
type surly struct {
	sync.Mutex
	connections int
	got         []string
	open        []*smtp.Conn
	rcpt        func(to string) error
	data        func() error
}

func (s *surly) NewSession(c *smtp.Conn) (smtp.Session, error) {
	s.Lock()
	defer s.Unlock()
	s.connections++
	s.open = append(s.open, c)
	return &session{s, c}, nil
}

type session struct {
	s *surly
	c *smtp.Conn
}

func (x *session) Mail(string, *smtp.MailOptions) error { return nil }

func (x *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	x.s.Lock()
	answer := x.s.rcpt
	x.s.Unlock()
	if answer != nil {
		return answer(to)
	}
	return nil
}

func (x *session) Data(r io.Reader) error {
	all, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	x.s.Lock()
	defer x.s.Unlock()
	x.s.got = append(x.s.got, string(all))
	if x.s.data != nil {
		if err := x.s.data(); errors.Is(err, io.EOF) {
			x.c.Close()
		} else if err != nil {
			return err
		}
	}
	return nil
}

// mails gives how many connections there were, and what came over them.
func (s *surly) mails() (int, []string) {
	s.Lock()
	defer s.Unlock()
	return s.connections, s.got
}

func (x *session) Reset()        {}
func (x *session) Logout() error { return nil }

// now lets a mail go.
func now(context.Context) error { return nil }

// serve starts a mail server on this machine and gives its host and port.
func serve(t *testing.T, backend smtp.Backend, change ...func(*smtp.Server)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(backend)
	server.Domain, server.ErrorLog = "localhost", quiet{}
	for _, c := range change {
		c(server)
	}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	return listener.Addr().String()
}

func start(t *testing.T, s *surly) *Server {
	t.Helper()
	to, err := newServer("smtp://"+serve(t, s), "Griffie <griffie@regio.example>", 2*time.Second, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(to.Close)
	return to
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

func sample() Message {
	return Message{
		ID: "een@regio.example", Name: "J. de Vries", Address: "j@regio.example", Subject: "Oproep: raad, donderdag", Text: "Beste lezer,",
		HTML: "<p>Beste lezer,</p>", Date: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC),
	}
}

func failureOfSend(t *testing.T, err error) Failure {
	t.Helper()
	var f Failure
	if !errors.As(err, &f) {
		t.Fatalf("got %v, want a Failure", err)
	}
	return f
}

// A mail that may not go at the last moment has not gone: not by its end, and not by what follows on the connection.
func TestAMailThatMayNotGoAtTheLastMomentDoesNotGo(t *testing.T) {
	t.Parallel()
	s := &surly{}
	to := start(t, s)
	asked := 0
	f := failureOfSend(t, to.Send(t.Context(), sample(), func(context.Context) error { asked++; return errors.New("not now") }))
	if f.Hopeless || f.Server || asked != 1 {
		t.Errorf("got %+v, asked %d times", f, asked)
	}
	to.Close()
	m := sample()
	m.ID = "twee@regio.example"
	if err := to.Send(t.Context(), m, now); err != nil {
		t.Fatal(err)
	}
	if _, got := s.mails(); len(got) != 1 || !strings.Contains(got[0], "twee@regio.example") {
		t.Errorf("%d mails went out: %q", len(got), got)
	}
}

func TestAConnectionThatTheServerEndedMeanwhileIsMadeAgain(t *testing.T) {
	t.Parallel()
	s := &surly{}
	to := start(t, s)
	for range 3 {
		if err := to.Send(t.Context(), sample(), now); err != nil {
			t.Fatal(err)
		}
		s.Lock()
		for _, c := range s.open {
			c.Close()
		}
		s.open = nil
		s.Unlock()
	}
	if connections, got := s.mails(); connections != 3 || len(got) != 3 {
		t.Errorf("%d connections for %d mails", connections, len(got))
	}
}

func TestAMailThatCanBeStoppedSaysHow(t *testing.T) {
	t.Parallel()
	for address, wants := range map[string][2]string{
		"https://regio.example/afmelden/abc": {"List-Unsubscribe: <https://regio.example/afmelden/abc>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"},
		"http://127.0.0.1:8080/afmelden/abc": {"List-Unsubscribe: <http://127.0.0.1:8080/afmelden/abc>", ""}, // one click is for https alone
	} {
		s := &surly{}
		to := start(t, s)
		m := sample()
		m.Stop = address
		if err := to.Send(t.Context(), m, now); err != nil {
			t.Fatal(err)
		}
		_, all := s.mails()
		head, _, _ := strings.Cut(strings.ReplaceAll(all[0], "\r\n ", " "), "\r\n\r\n")
		if !strings.Contains(head, wants[0]+"\r\n") || !strings.Contains(head, wants[1]) || wants[1] == "" && strings.Contains(head, "One-Click") {
			t.Errorf("%s: got\n%s", address, head)
		}
	}
}

func TestACalendarOfAnyKindHasItsOwnName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ method, file, kind, name string }{
		{"PUBLISH", "programma.ics", "text/calendar; method=PUBLISH", `filename="programma.ics"`},
		{"", "", "text/calendar", `filename="agenda.ics"`},
		{"REQUEST", "uitnodiging voor café.ics", "text/calendar; method=REQUEST", "filename="},
	} {
		s := &surly{}
		to := start(t, s)
		m := sample()
		m.Calendar, m.Method, m.File = []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), c.method, c.file
		if err := to.Send(t.Context(), m, now); err != nil {
			t.Fatal(err)
		}
		_, all := s.mails()
		if !strings.Contains(all[0], c.kind) || !strings.Contains(all[0], c.name) || c.method == "" && strings.Contains(all[0], "method=") {
			t.Errorf("%+v: got\n%s", c, all[0])
		}
	}
}

func TestAMailIsTextThenHTMLThenTheCalendar(t *testing.T) {
	t.Parallel()
	s := &surly{}
	to := start(t, s)
	m := sample()
	m.Calendar, m.Method = []byte("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"), "REQUEST"
	m.File = "vergadering.ics"
	if err := to.Send(t.Context(), m, now); err != nil {
		t.Fatal(err)
	}
	_, all := s.mails()
	got, last := all[0], -1
	for _, want := range []string{"Message-ID: <een@regio.example>", "text/plain", "text/html", "text/calendar; method=REQUEST", "vergadering.ics"} {
		at := strings.Index(got, want)
		if at < 0 || want != "Message-ID: <een@regio.example>" && at < last {
			t.Errorf("%q is missing or out of order in:\n%s", want, got)
		}
		if want != "Message-ID: <een@regio.example>" {
			last = at
		}
	}
	if strings.Contains(got, "List-Unsubscribe") || strings.Contains(got, "<img") {
		t.Error("a convocation cannot be unsubscribed from and has no images")
	}
}

func TestABatchGoesOverOneConnection(t *testing.T) {
	t.Parallel()
	s := &surly{}
	to := start(t, s)
	for range 20 {
		if err := to.Send(t.Context(), sample(), now); err != nil {
			t.Fatal(err)
		}
	}
	if connections, got := s.mails(); connections != 1 || len(got) != 20 {
		t.Errorf("%d connections for %d mails", connections, len(got))
	}
}

func TestWhatTheServerSaysDecides(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		s        *surly
		hopeless bool
		word     string
	}{
		"4xx at the address":       {&surly{rcpt: func(string) error { return &smtp.SMTPError{Code: 450, Message: "later"} }}, false, "later opnieuw"},
		"5xx at the address":       {&surly{rcpt: func(string) error { return &smtp.SMTPError{Code: 550, Message: "unknown"} }}, true, "bestaat niet"},
		"4xx after the text":       {&surly{data: func() error { return &smtp.SMTPError{Code: 451, Message: "later"} }}, false, "later opnieuw"},
		"5xx after the text":       {&surly{data: func() error { return &smtp.SMTPError{Code: 554, Message: "no"} }}, true, "voorgoed"},
		"broken off after DATA":    {&surly{data: func() error { return io.EOF }}, false, "later opnieuw"},
		"slower than the patience": {&surly{rcpt: func(string) error { time.Sleep(3 * time.Second); return nil }}, false, "later opnieuw"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to := start(t, c.s)
			f := failureOfSend(t, to.Send(t.Context(), sample(), now))
			if f.Hopeless != c.hopeless || f.Server || !strings.Contains(f.Text, c.word) {
				t.Errorf("got %+v", f)
			}
			c.s.Lock()
			c.s.rcpt, c.s.data = nil, nil
			c.s.Unlock()
			if err := to.Send(t.Context(), sample(), now); err != nil {
				t.Errorf("the next mail: %v", err)
			}
		})
	}
}

func TestAnAbsentServerIsNoFaultOfTheMail(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	to, err := newServer("smtp://"+listener.Addr().String(), "griffie@regio.example", time.Second, nil)
	if err != nil {
		t.Fatal(err)
	}
	if f := failureOfSend(t, to.Send(t.Context(), sample(), now)); !f.Server || f.Hopeless {
		t.Errorf("got %+v", f)
	}
}

func TestALineBreakInAHeaderIsRefused(t *testing.T) {
	t.Parallel()
	s := &surly{}
	to := start(t, s)
	for name, change := range map[string]func(*Message){
		"name":    func(m *Message) { m.Name = "J.\r\nBcc: x@x.example" },
		"address": func(m *Message) { m.Address = "j@regio.example\nBcc: x@x.example" },
		"subject": func(m *Message) { m.Subject = "Oproep\r\nBcc: x@x.example" },
		"no mail": func(m *Message) { m.Address = "geen adres" },
		"stop":    func(m *Message) { m.Stop = "https://regio.example/\r\nBcc: x@x.example" },
		"file":    func(m *Message) { m.Calendar, m.File = []byte("x"), "a\nBcc: x@x.example" },
		"method":  func(m *Message) { m.Calendar, m.Method = []byte("x"), "REQUEST\r\nBcc: x@x.example" },
	} {
		m := sample()
		change(&m)
		if f := failureOfSend(t, to.Send(t.Context(), m, now)); !f.Hopeless {
			t.Errorf("%s: got %+v", name, f)
		}
	}
	if _, got := s.mails(); len(got) != 0 {
		t.Errorf("%d mails went out", len(got))
	}
}

func TestAnAddressOfAServerIsReadWithoutTellingItsPassword(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"mail.example", "http://mail.example", "smtp://", "smtp://u:geheim123@mail.example/pad", "smtp://u:geheim123@[",
		"smtp://u:geheim123@mail.example:0x",
	} {
		if _, err := NewServer(bad, "griffie@regio.example"); err == nil || strings.Contains(err.Error(), "geheim123") {
			t.Errorf("%s: got %v", bad, err)
		}
	}
	if _, err := NewServer("smtps://u:geheim123@mail.example", "de griffie"); err == nil || strings.Contains(err.Error(), "geheim123") {
		t.Errorf("the sender: got %v", err)
	}
	if _, err := NewServer("smtps://u:geheim123@mail.example", "griffie@regio.example"); err != nil {
		t.Error(err)
	}
}
