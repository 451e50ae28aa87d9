// Package mail writes a message as a mail and hands it to an SMTP server.
package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// Message is a mail to one person. It holds no secret: who gets it may forward it.
type Message struct {
	ID       string // the Message-ID without its brackets, the same however often it is sent
	Name     string // of the recipient
	Address  string
	Subject  string
	Text     string
	HTML     string    // the same text; readable without images
	Calendar []byte    // an iTIP object, or nil
	Method   string    // of the iTIP object: REQUEST or CANCEL
	Date     time.Time // of writing; the same however often it is sent
}

// Failure is why a mail did not go out. Text is Dutch, for who sent it, and tells what to do.
type Failure struct {
	Hopeless bool // trying again does not help
	Server   bool // the server cannot be worked with at all now; others would fare the same
	Text     string
	Cause    error
}

// Error tells the cause, for the log.
func (f Failure) Error() string { return fmt.Sprintf("%s (%v)", f.Text, f.Cause) }

// Unwrap gives the cause.
func (f Failure) Unwrap() error { return f.Cause }

// Deadline is the longest that one mail may take.
const Deadline = 30 * time.Second

// Server is an SMTP server; it keeps its connection for the mails that follow. It is for one user at a time.
type Server struct {
	client  *gomail.Client
	from    *netmail.Address
	open    *smtp.Client
	host    string
	timeout time.Duration
}

// NewServer reads smtp://user:password@host:port or smtps://…, and the address that mails come from. Over smtp:// a password
// travels only encrypted. An error never holds the password.
func NewServer(address, from string) (*Server, error) { return newServer(address, from, Deadline) }

func newServer(address, from string, timeout time.Duration) (*Server, error) {
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("REGIOGRIFFIE_MAIL_FROM is %q; expected an e-mail address", from)
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("REGIOGRIFFIE_SMTP_URL cannot be read; expected smtp://user:password@host:port, or smtps:// for a server that begins with TLS")
	}
	port := 25
	options := []gomail.Option{gomail.WithTimeout(timeout), gomail.WithTLSConfig(&tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12})}
	switch {
	case u.Scheme == "smtps":
		port = 465
		options = append(options, gomail.WithSSL())
	case u.User != nil:
		port = 587
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, errors.New("REGIOGRIFFIE_SMTP_URL has no port that can be read")
		}
	}
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	if _, domain, ok := strings.Cut(sender.Address, "@"); ok {
		options = append(options, gomail.WithHELO(domain))
	}
	client, err := gomail.NewClient(u.Hostname(), append(options, gomail.WithPort(port))...)
	if err != nil {
		return nil, errors.New("REGIOGRIFFIE_SMTP_URL cannot be used: check host, port and user")
	}
	return &Server{client: client, from: sender, host: net.JoinHostPort(u.Hostname(), strconv.Itoa(port)), timeout: timeout}, nil
}

// Send hands the message over. Any error is a Failure.
func (s *Server) Send(ctx context.Context, m Message) error {
	written, err := write(m, s.from)
	if err != nil {
		return Failure{Hopeless: true, Text: "Dit adres of deze naam kan niet in een e-mail. Controleer het werkadres van deze persoon.", Cause: err}
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	reused := s.open != nil
	if !reused {
		if s.open, err = s.client.DialToSMTPClientWithContext(ctx); err != nil {
			s.open = nil
			return s.unreachable(err)
		}
	}
	err = s.client.SendWithSMTPClient(s.open, written)
	if err == nil {
		return nil
	}
	var send *gomail.SendError
	code := 0
	if errors.As(err, &send) {
		code = send.ErrorCode()
	}
	if code < 500 || code > 599 || code == 521 {
		s.Close() // its state is not to be trusted
	} else {
		err = errors.Join(err, s.open.Reset())
	}
	// A server that ends an idle connection has not refused anything: ask once more, on a new one.
	if reused && send != nil && send.Reason == gomail.ErrConnCheck {
		return s.Send(ctx, m)
	}
	return failureOf(send, code, err)
}

func failureOf(send *gomail.SendError, code int, err error) Failure {
	f := Failure{Cause: err, Text: "De mailserver verbrak de verbinding. Regiogriffie probeert het later opnieuw; u hoeft niets te doen."}
	switch {
	case send != nil && code >= 500 && send.Reason == gomail.ErrSMTPRcptTo:
		f.Hopeless, f.Text = true, "De mailserver weigert dit adres: het bestaat niet of neemt geen post aan. Controleer het werkadres van deze persoon en stuur de oproep zelf."
	case send != nil && code >= 500 && send.Reason == gomail.ErrSMTPMailFrom:
		f.Hopeless, f.Text = true, "De mailserver weigert ons afzenderadres. Vraag de beheerder om REGIOGRIFFIE_MAIL_FROM te controleren en stuur de oproep zelf."
	case code >= 500:
		f.Hopeless, f.Text = true, fmt.Sprintf("De mailserver weigert dit bericht voorgoed (code %d). Vraag de beheerder ernaar te kijken en stuur de oproep zelf.", code)
	case code >= 400:
		f.Text = fmt.Sprintf("De mailserver neemt dit bericht nu niet aan (code %d). Regiogriffie probeert het later opnieuw; u hoeft niets te doen.", code)
	}
	return f
}

func (s *Server) unreachable(err error) Failure {
	text := "De mailserver " + s.host + " is niet te bereiken. Regiogriffie probeert het later opnieuw. Duurt het lang, laat de beheerder dan REGIOGRIFFIE_SMTP_URL en de server controleren."
	if strings.Contains(strings.ToLower(err.Error()), "auth") {
		text = "De mailserver " + s.host + " weigert de aanmelding. Laat de beheerder gebruiker en wachtwoord in REGIOGRIFFIE_SMTP_URL controleren; Regiogriffie probeert het later opnieuw."
	}
	return Failure{Server: true, Text: text, Cause: err}
}

// Close ends the connection; the next Send makes a new one.
func (s *Server) Close() {
	if s.open != nil {
		_ = s.client.CloseWithSMTPClient(s.open)
		s.open = nil
	}
}

// write makes the mail. The library encodes headers; a line break in one is refused here, before it could.
func write(m Message, from *netmail.Address) (*gomail.Msg, error) {
	for _, header := range []string{m.ID, m.Name, m.Address, m.Subject, m.Method} {
		if strings.ContainsAny(header, "\r\n\x00") {
			return nil, errors.New("a line break in a header")
		}
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(from.Name, from.Address); err != nil {
		return nil, fmt.Errorf("the sender: %w", err)
	}
	if err := msg.AddToFormat(m.Name, m.Address); err != nil {
		return nil, fmt.Errorf("the recipient: %w", err)
	}
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(m.ID)
	msg.SetDateWithValue(m.Date)
	msg.SetGenHeader("Content-Language", "nl")
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	if m.Calendar != nil {
		msg.AddAlternativeString(gomail.ContentType("text/calendar; method="+m.Method), string(m.Calendar))
		err := msg.AttachReader("vergadering.ics", bytes.NewReader(m.Calendar), gomail.WithFileContentType("application/ics"))
		if err != nil {
			return nil, fmt.Errorf("the calendar: %w", err)
		}
	}
	return msg, nil
}
