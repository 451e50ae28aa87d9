package main_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/id"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/postgres/pgtest"
)

// postOffice is a mail server that is slow, refuses for now or for good, and breaks off after it has everything.
type postOffice struct {
	sync.Mutex
	took  map[string]int // Message-ID -> how often it was taken for good
	moody bool
}

func (p *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &counter{office: p, conn: c}, nil
}

func (p *postOffice) count() (different, repeats int) {
	p.Lock()
	defer p.Unlock()
	for _, n := range p.took {
		different++
		repeats += n - 1
	}
	return different, repeats
}

type counter struct {
	office *postOffice
	conn   *smtp.Conn
}

func (c *counter) Mail(string, *smtp.MailOptions) error { return nil }

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch mood := rand.IntN(100); {
	case strings.HasPrefix(to, "weg"):
		return &smtp.SMTPError{Code: 550, Message: "nobody here"}
	case c.office.moody && mood < 5:
		return &smtp.SMTPError{Code: 450, Message: "later"}
	}
	return nil
}

func (c *counter) Data(r io.Reader) error {
	all, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if c.office.moody {
		time.Sleep(time.Duration(rand.IntN(40)) * time.Millisecond)
		if rand.IntN(100) < 3 { // never said that it was taken
			return c.conn.Close()
		}
	}
	_, rest, _ := strings.Cut(string(all), "Message-ID: <")
	messageID, _, _ := strings.Cut(rest, ">")
	c.office.Lock()
	defer c.office.Unlock()
	c.office.took[messageID]++
	return nil
}

func (c *counter) Reset()        {}
func (c *counter) Logout() error { return nil }

type noLog struct{}

func (noLog) Printf(string, ...any) {}
func (noLog) Println(...any)        {}

// mailRound sends mails with a worker that is killed again and again, until none is open or the time is over.
func mailRound(t *testing.T, mails, hopeless, kills int, moody bool, patience time.Duration, prepare string) (different, repeats, open, failed int) {
	t.Helper()
	address := pgtest.URL(t)
	db, err := pgxpool.New(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	office := &postOffice{took: map[string]int{}, moody: moody}
	server := smtp.NewServer(office)
	server.Domain, server.ErrorLog = "localhost", noLog{}
	go server.Serve(listener)
	defer server.Close()
	if _, err := db.Exec(t.Context(), prepare); err != nil {
		t.Fatal(err)
	}
	// Half of the mails belong to an act that never was.
	act := func(cause, who string) func(pgx.Tx) error {
		return func(tx pgx.Tx) error {
			var to []mailing.Recipient
			for n := range mails {
				name := who
				if n < hopeless {
					name = "weg"
				}
				to = append(to, mailing.Recipient{Message: mail.Message{
					Name: who, Address: fmt.Sprintf("%s%d@regio.example", name, n), Subject: "Oproep", Text: "Beste lezer", HTML: "<p>Beste lezer</p>",
				}})
			}
			return mailing.Create(t.Context(), tx,
				mailing.Act{Cause: cause, Title: cause, Object: string(id.New[id.Meeting]()), OrgIDs: []id.Organisation{}}, "regio.example", to)
		}
	}
	if err := pgx.BeginFunc(t.Context(), db, act("oproep", "lid")); err != nil {
		t.Fatal(err)
	}
	off := errors.New("off")
	if err := pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error { return errors.Join(act("nooit", "niemand")(tx), off) }); !errors.Is(err, off) {
		t.Fatal(err)
	}

	set := settings{
		"DATABASE_URL": address, "REGIOGRIFFIE_DATA": t.TempDir(), "REGIOGRIFFIE_LOG_LEVEL": "error",
		"REGIOGRIFFIE_SMTP_URL": "smtp://" + listener.Addr().String(), "REGIOGRIFFIE_MAIL_FROM": "griffie@regio.example",
	}
	// What was put off is due at once: the proof is of what is lost, not of patience.
	hurry := func() {
		if _, err := db.Exec(t.Context(), `update messages set due_at = now() where state = 'uitgesteld'`); err != nil {
			t.Fatal(err)
		}
	}
	tell := func() {
		err := db.QueryRow(t.Context(), `select count(*) filter (where state in ('wacht', 'uitgesteld')),
				count(*) filter (where state = 'mislukt') from messages`).Scan(&open, &failed)
		if err != nil {
			t.Fatal(err)
		}
	}
	for n := range kills {
		worker := command(t, set, "work")
		worker.Stderr = os.Stderr
		if err := worker.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(400*time.Millisecond + time.Duration(rand.IntN(1500))*time.Millisecond)
		worker.Process.Kill()
		worker.Wait()
		hurry()
		tell()
		sent, again := office.count()
		t.Logf("kill %d: %d sent, %d repeats, %d open, %d failed", n+1, sent, again, open, failed)
	}
	worker := command(t, set, "work")
	worker.Stderr = os.Stderr
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(time.Second) {
		hurry()
		if tell(); open == 0 {
			break
		}
	}
	worker.Process.Signal(os.Interrupt)
	worker.Wait()
	tell()
	different, repeats = office.count()
	return different, repeats, open, failed
}

// P12: 1,000 mails, several at a time, 20 kills, a surly server: none lost, at most one repeat per kill, each under its own
// Message-ID, and no mail for an act that was rolled back.
func TestMailArrives(t *testing.T) {
	t.Parallel()
	if os.Getenv("REGIOGRIFFIE_PROOF") == "" {
		t.Skip("part of make proof")
	}
	const mails, hopeless, kills = 1000, 10, 20
	different, repeats, open, failed := mailRound(t, mails, hopeless, kills, true, 5*time.Minute, `select`)
	t.Logf("%d mails, %d kills: %d arrived, %d repeats, %d still open, %d hopeless", mails, kills, different, repeats, open, failed)
	if different != mails-hopeless || open != 0 || failed != hopeless {
		t.Errorf("%d mails lost", mails-hopeless-different)
	}
	if repeats > kills {
		t.Errorf("%d repeats in %d kills", repeats, kills)
	}
}

// Its twin: when the note that a mail is out gets lost, mails are repeated, and the proof above would see it.
func TestMailIsRepeatedWithoutTheNoteThatItIsOut(t *testing.T) {
	t.Parallel()
	if os.Getenv("REGIOGRIFFIE_PROOF") == "" {
		t.Skip("part of make proof")
	}
	_, repeats, open, _ := mailRound(t, 50, 0, 2, false, 5*time.Second, `
		create function unlearn() returns trigger language plpgsql as $$ begin new.state := old.state; new.sent_at := null; return new; end $$;
		create trigger unlearn before update on messages for each row when (new.state = 'verzonden') execute function unlearn()`)
	if repeats <= 2 || open == 0 {
		t.Errorf("%d repeats, %d open: the proof sees nothing", repeats, open)
	}
}
