// Package mail writes a message as a mail and hands it to an SMTP server.
package mail

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/textproto"
	"net/url"
	"regexp"
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
	Calendar []byte    // a calendar object, or nil
	Method   string    // of the calendar object, such as REQUEST or CANCEL; empty when it has none
	File     string    // name of the calendar object as an attachment; empty is agenda.ics
	Stop     string    // address at which the reader stops such mails, by one click when it is https; empty for what cannot be stopped
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

// goodbye is the longest wait for a server to answer that we leave.
const goodbye = 3 * time.Second

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
func NewServer(address, from string) (*Server, error) { return newServer(address, from, Deadline, nil) }

// newServer trusts the roots, or those of the machine when nil.
func newServer(address, from string, timeout time.Duration, roots *x509.CertPool) (*Server, error) {
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("REGIOGRIFFIE_MAIL_FROM is %q; expected an e-mail address", from)
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("REGIOGRIFFIE_SMTP_URL cannot be read; expected smtp://user:password@host:port, or smtps:// for a server that begins with TLS")
	}
	port := 25
	options := []gomail.Option{
		gomail.WithTimeout(timeout),
		gomail.WithTLSConfig(&tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12, RootCAs: roots}),
	}
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

// Send hands the message over. Right before the line after which the server may have the mail it asks last; when that
// refuses, the mail is not sent. Any error is a Failure.
func (s *Server) Send(ctx context.Context, m Message, last func(context.Context) error) error {
	written, err := write(m, s.from)
	if err != nil {
		return Failure{Hopeless: true, Text: "Dit adres of deze naam kan niet in een e-mail. Controleer het werkadres van deze persoon.", Cause: err}
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	if s.open != nil {
		err := s.begin(ctx, written)
		if err == nil {
			return s.offer(ctx, written, last)
		}
		// A server that ends an idle connection has not refused anything: ask once more, on a new one.
		if code := codeOf(err); code != 0 && code != 421 {
			return s.failed(atSender, err)
		}
		s.drop()
	}
	if s.open, err = s.client.DialToSMTPClientWithContext(ctx); err != nil {
		s.open = nil
		return s.unreachable(err)
	}
	if err := s.begin(ctx, written); err != nil {
		return s.failed(atSender, err)
	}
	return s.offer(ctx, written, last)
}

// begin names the sender of a mail, on a connection that answers until the context ends.
func (s *Server) begin(ctx context.Context, written *gomail.Msg) error {
	deadline, _ := ctx.Deadline()
	if err := s.open.UpdateDeadline(time.Until(deadline)); err != nil {
		return err
	}
	sender, err := written.GetSender(false)
	if err != nil {
		return err
	}
	return s.open.Mail(sender)
}

// offer gives the server the rest of a mail that has begun.
func (s *Server) offer(ctx context.Context, written *gomail.Msg, last func(context.Context) error) error {
	to, err := written.GetRecipients()
	if err != nil {
		return s.failed(atAddress, err)
	}
	for _, address := range to {
		if err := s.open.Rcpt(address); err != nil {
			return s.failed(atAddress, err)
		}
	}
	content, err := s.open.Data()
	if err != nil {
		return s.failed(atText, err)
	}
	if _, err := written.WriteTo(content); err != nil {
		return s.failed(atText, err)
	}
	if err := last(ctx); err != nil {
		s.drop()
		return Failure{Text: "Dit bericht wachtte te lang op een bericht dat voorging. Regiogriffie probeert het later opnieuw; u hoeft niets te doen.", Cause: err}
	}
	if err := content.Close(); err != nil {
		return s.failed(atText, err)
	}
	return nil
}

// step is how far a mail was when it went wrong.
type step int

const (
	atSender step = iota
	atAddress
	atText
)

// codeOf is what the server answered, or 0 when it did not.
func codeOf(err error) int {
	var answer *textproto.Error
	if errors.As(err, &answer) {
		return answer.Code
	}
	return 0
}

// failed makes the connection ready for the next mail, or drops it, and tells what went wrong.
func (s *Server) failed(at step, err error) Failure {
	code := codeOf(err)
	if code == 0 || code == 421 || code == 521 { // the server has gone, or is going
		s.drop()
	} else if again := s.open.Reset(); again != nil {
		s.drop()
	}
	f := Failure{Cause: err, Text: "De mailserver verbrak de verbinding. Regiogriffie probeert het later opnieuw; u hoeft niets te doen."}
	switch {
	case code >= 500 && at == atAddress:
		f.Hopeless, f.Text = true, "De mailserver weigert dit adres: het bestaat niet of neemt geen post aan. "+
			"Controleer het werkadres van deze persoon en stuur het bericht zelf."
	case code >= 500 && at == atSender:
		f.Hopeless, f.Text = true, "De mailserver weigert ons afzenderadres. Vraag de beheerder om REGIOGRIFFIE_MAIL_FROM te controleren en stuur het bericht zelf."
	case code >= 500:
		f.Hopeless, f.Text = true, fmt.Sprintf("De mailserver weigert dit bericht voorgoed (code %d). "+
			"Vraag de beheerder ernaar te kijken en stuur het bericht zelf.", code)
	case code >= 400:
		f.Text = fmt.Sprintf("De mailserver neemt dit bericht nu niet aan (code %d). Regiogriffie probeert het later opnieuw; u hoeft niets te doen.", code)
	}
	return f
}

// unreachable tells why there is no connection to work with.
func (s *Server) unreachable(err error) Failure {
	text := " is niet te bereiken. Regiogriffie probeert het later opnieuw. Duurt het lang, laat de beheerder dan REGIOGRIFFIE_SMTP_URL en de server controleren."
	var certificate *tls.CertificateVerificationError
	switch code := codeOf(err); {
	case errors.As(err, &certificate):
		text = " heeft geen certificaat dat klopt. Er is niets verstuurd. Laat de beheerder de naam van de server in REGIOGRIFFIE_SMTP_URL en het " +
			"certificaat controleren; Regiogriffie probeert het later opnieuw."
	case strings.HasPrefix(err.Error(), "SMTP AUTH failed") && code >= 500:
		text = " weigert de aanmelding. Laat de beheerder gebruiker en wachtwoord in REGIOGRIFFIE_SMTP_URL controleren; Regiogriffie probeert het later opnieuw."
	case strings.Contains(err.Error(), "not support STARTTLS"):
		text = " biedt geen versleutelde verbinding. Het wachtwoord is daarom niet verstuurd. Laat de beheerder REGIOGRIFFIE_SMTP_URL controleren; " +
			"Regiogriffie probeert het later opnieuw."
	}
	return Failure{Server: true, Text: "De mailserver " + s.host + text, Cause: err}
}

// drop ends the connection without a word: a QUIT would first end the mail that was under way, and so send it.
func (s *Server) drop() {
	_ = s.open.Close()
	s.open = nil
}

// Close ends the connection; the next Send makes a new one.
func (s *Server) Close() {
	if s.open == nil {
		return
	}
	if s.open.UpdateDeadline(goodbye) == nil {
		_ = s.open.Quit()
	}
	s.drop()
}

// write makes the mail. The library encodes headers; a line break in one is refused here, before it could.
func write(m Message, from *netmail.Address) (*gomail.Msg, error) {
	for _, header := range []string{m.ID, m.Name, m.Address, m.Subject, m.File, m.Stop} {
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
	if err := stoppable(msg, m.Stop); err != nil {
		return nil, fmt.Errorf("the address to stop at: %w", err)
	}
	if m.Calendar != nil {
		kind := "text/calendar"
		if m.Method != "" {
			kind += "; method=" + m.Method
		}
		if !method.MatchString(m.Method) {
			return nil, fmt.Errorf("the calendar: %q is no method", m.Method)
		}
		msg.AddAlternativeString(gomail.ContentType(kind), string(m.Calendar))
		err := msg.AttachReader(cmp.Or(m.File, "agenda.ics"), bytes.NewReader(m.Calendar), gomail.WithFileContentType("application/ics"))
		if err != nil {
			return nil, fmt.Errorf("the calendar: %w", err)
		}
	}
	return msg, nil
}

var method = regexp.MustCompile(`^[A-Z-]*$`)

// stoppable lets the reader's mail program stop such mails: by one click (RFC 8058), which needs https, or by opening the page.
func stoppable(msg *gomail.Msg, address string) error {
	if address == "" {
		return nil
	}
	if strings.HasPrefix(address, "https://") {
		return msg.SetListUnsubscribeOneClick(address)
	}
	msg.SetListUnsubscribe(address)
	return nil
}
