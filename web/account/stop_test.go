package account_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/id"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/mailing"
)

// reader takes mails as they leave.
type reader chan mail.Message

func (r reader) Send(ctx context.Context, m mail.Message, last func(context.Context) error) error {
	r <- m
	return last(ctx)
}
func (reader) Close() {}

// invited mails an invitation, and gives the address in it to stop at.
func (s *site) invited(address string) string {
	s.t.Helper()
	act := mailing.Act{
		Cause: address, Title: "Kom ook", Object: string(id.New[id.Meeting]()), OrgIDs: []id.Organisation{},
		Topic: mailing.Invitations, StopURL: "https://regio.example/afmelden/" + mailing.OwnCode,
	}
	err := pgx.BeginFunc(s.t.Context(), s.db, func(tx pgx.Tx) error {
		return mailing.Create(s.t.Context(), tx, act, "regio.example", []mailing.Recipient{{Message: mail.Message{Name: "Lid", Address: address}}})
	})
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(s.t.Context())
	mails, ended := make(reader, 1), make(chan struct{})
	go func() {
		mailing.Deliver(ctx, s.db, mails)
		close(ended)
	}()
	defer func() {
		stop()
		<-ended
	}()
	select {
	case m := <-mails:
		return strings.TrimPrefix(m.Stop, "https://regio.example")
	case <-time.After(20 * time.Second):
		s.t.Fatal("no mail left")
		return ""
	}
}

func (s *site) refusals() int { s.t.Helper(); return s.count(`select count(*) from mail_refusals`) }

func TestOpeningTheLinkInAMailChangesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.now = time.Now()
	at := s.invited("lid@regio.example")
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
		status, header, page := s.ask(method, at, nil)
		if status != http.StatusOK || method == http.MethodGet &&
			(strings.Count(page, `<button class="button primary">Meld mij af voor uitnodigingen</button>`) != 1 || !strings.Contains(page, "lid@regio.example")) {
			t.Errorf("%s: %d", method, status)
		}
		if header.Get("Referrer-Policy") != "no-referrer" || header.Get("Cache-Control") != "no-store" || len(s.set) != 0 {
			t.Errorf("%s: %v", method, header)
		}
	}
	if n := s.refusals(); n != 0 {
		t.Errorf("%d refusals after opening it", n)
	}
	for _, other := range []string{"/afmelden/", at + "x", "/afmelden/" + mailing.OwnCode, "/afmelden/" + strings.Repeat("A", 5000)} {
		if status, _, _ := s.get(other); status != http.StatusNotFound {
			t.Errorf("%.40s: %d", other, status)
		}
	}
}

// The one click of a mail program (RFC 8058): a form that no browser sent, so without cookies, Origin or Sec-Fetch headers.
func TestTheOneClickOfAMailProgramStopsTheMail(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.now = time.Now()
	at := s.invited("lid@regio.example")
	click := func(kind string, body io.Reader, headers ...string) (int, string) {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, at, body)
		r.Header.Set("Content-Type", kind)
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if c := w.Result().Cookies(); len(c) != 0 {
			t.Errorf("it sets %v", c)
		}
		return w.Code, w.Body.String()
	}
	const form = "application/x-www-form-urlencoded"
	// Another site in the reader's browser is stopped, as everywhere.
	if status, _ := click(form, strings.NewReader("List-Unsubscribe=One-Click"), "Sec-Fetch-Site", "cross-site", "Origin",
		"https://elders.example"); status != http.StatusForbidden || s.refusals() != 0 {
		t.Errorf("from another site: %d", status)
	}
	first, page := click(form, strings.NewReader("List-Unsubscribe=One-Click"))
	if first != http.StatusOK || !strings.Contains(page, "U bent afgemeld voor uitnodigingen") || s.refusals() != 1 {
		t.Fatalf("%d, %d refusals", first, s.refusals())
	}
	var parts bytes.Buffer
	w := multipart.NewWriter(&parts)
	if err := w.WriteField("List-Unsubscribe", "One-Click"); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	for kind, body := range map[string]io.Reader{form: strings.NewReader("List-Unsubscribe=One-Click"), w.FormDataContentType(): &parts} {
		if status, again := click(kind, body); status != first || again != page || s.refusals() != 1 {
			t.Errorf("a second time, as %s: %d, %d refusals", kind, status, s.refusals())
		}
	}
	if s.signedIn() {
		t.Error("a code signs in")
	}
	// And back, by the button on the page.
	for range 2 {
		if status, _, page := s.post(at + "/herstel"); status != http.StatusOK || !strings.Contains(page, "U krijgt weer uitnodigingen") || s.refusals() != 0 {
			t.Errorf("undoing: %d, %d refusals", status, s.refusals())
		}
	}
}

func TestWhoIsSignedInChoosesHisMail(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.someone("Lid", false)
	if status, _, page := s.post("/account/e-mail/uitnodigingen/afmelding"); status != http.StatusUnauthorized || s.refusals() != 0 {
		t.Errorf("nobody signed in: %d\n%s", status, page)
	}
	s.enter(a)
	if _, _, page := s.get("/account"); !strings.Contains(page, "Van u is geen werkadres bekend") {
		t.Error("without a work address there is nothing to choose")
	}
	if status, _, _ := s.post("/account/e-mail/uitnodigingen/afmelding"); status != http.StatusNotFound {
		t.Errorf("without a work address: %d", status)
	}
	if _, err := s.db.Exec(t.Context(), `update persons set work_email = 'lid@werk.example' where id = $1`, a.PersonID); err != nil {
		t.Fatal(err)
	}
	if _, _, page := s.get("/account"); !strings.Contains(page, "U krijgt e-mail op lid@werk.example") || strings.Count(page, "Stop met") != 3 {
		t.Error("the choices are not on the page")
	}
	for range 2 {
		if status, header, _ := s.post("/account/e-mail/uitnodigingen/afmelding"); status != http.StatusSeeOther ||
			header.Get("Location") != "/account" || s.refusals() != 1 {
			t.Errorf("stopping: %d", status)
		}
	}
	if _, _, page := s.get("/account"); !strings.Contains(page, "U krijgt geen uitnodigingen.") || !strings.Contains(page, "U krijgt herinneringen.") {
		t.Error("the page does not show the choice")
	}
	if status, _, _ := s.post("/account/e-mail/uitnodigingen/aanmelding"); status != http.StatusSeeOther || s.refusals() != 0 {
		t.Errorf("taking it back: %d", status)
	}
	if status, _, _ := s.post("/account/e-mail/oproepen/afmelding"); status != http.StatusNotFound {
		t.Errorf("a convocation: %d", status)
	}
}
