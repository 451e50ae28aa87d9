package mail

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// guarded is a mail server that asks who sends, and notes by which kind of connection it was told.
type guarded struct {
	sync.Mutex
	mails, tries int
	plain        bool // a password came over a connection that is not encrypted
	offersPlain  bool // also ask for it there
}

func (g *guarded) NewSession(c *smtp.Conn) (smtp.Session, error) { return &visit{g, c, false}, nil }

type visit struct {
	g     *guarded
	c     *smtp.Conn
	known bool
}

func (v *visit) AuthMechanisms() []string { return []string{sasl.Plain} }

func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		_, encrypted := v.c.TLSConnectionState()
		v.g.Lock()
		defer v.g.Unlock()
		v.g.tries++
		v.g.plain = v.g.plain || !encrypted
		if user != "griffie" || password != "geheim 123" {
			return smtp.ErrAuthFailed
		}
		v.known = true
		return nil
	}), nil
}

func (v *visit) Mail(string, *smtp.MailOptions) error {
	if !v.known {
		return smtp.ErrAuthRequired
	}
	return nil
}
func (v *visit) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (v *visit) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	v.g.Lock()
	defer v.g.Unlock()
	v.g.mails++
	return err
}
func (v *visit) Reset()        {}
func (v *visit) Logout() error { return nil }

// certificate is one that the server made itself, and what trusts it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, made, made, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, roots
}

// reach starts the server, encrypted from the first byte when whole, and makes a sender to it that knows the password.
func reach(t *testing.T, g *guarded, user string, whole bool, roots *x509.CertPool, offered *tls.Config) *Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	scheme := "smtp://"
	server := smtp.NewServer(g)
	server.Domain, server.ErrorLog, server.AllowInsecureAuth = "localhost", quiet{}, g.offersPlain
	if whole {
		scheme, listener = "smtps://", tls.NewListener(listener, offered)
	} else {
		server.TLSConfig = offered
	}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	to, err := newServer(scheme+user+"@"+listener.Addr().String(), "griffie@regio.example", 3*time.Second, roots)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(to.Close)
	return to
}

const known = "griffie:geheim%20123"

func TestAPasswordGoesEncryptedAndOncePerConnection(t *testing.T) {
	t.Parallel()
	offered, roots := certificate(t)
	for name, whole := range map[string]bool{"STARTTLS": false, "smtps": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := &guarded{offersPlain: true}
			to := reach(t, g, known, whole, roots, offered)
			for range 3 {
				if err := to.Send(t.Context(), sample(), now); err != nil {
					t.Fatal(err)
				}
			}
			g.Lock()
			defer g.Unlock()
			if g.mails != 3 || g.tries != 1 || g.plain {
				t.Errorf("%d mails, %d times a password, in plain sight: %v", g.mails, g.tries, g.plain)
			}
		})
	}
}

func TestAWrongPasswordIsTheAdministratorsBusiness(t *testing.T) {
	t.Parallel()
	offered, roots := certificate(t)
	for _, whole := range []bool{false, true} {
		g := &guarded{}
		f := failureOfSend(t, reach(t, g, "griffie:verkeerd", whole, roots, offered).Send(t.Context(), sample(), now))
		if !f.Server || f.Hopeless || !strings.Contains(f.Text, "weigert de aanmelding") || strings.Contains(f.Error(), "verkeerd") || g.mails != 0 || g.tries != 1 {
			t.Errorf("got %v after %d tries", f, g.tries)
		}
	}
}

// A server that asks for the password over a connection that everyone can read does not get it.
func TestAPasswordNeverGoesInPlainSight(t *testing.T) {
	t.Parallel()
	g := &guarded{offersPlain: true}
	f := failureOfSend(t, reach(t, g, known, false, nil, nil).Send(t.Context(), sample(), now))
	if !f.Server || f.Hopeless || !strings.Contains(f.Text, "geen versleutelde verbinding") {
		t.Errorf("got %v", f)
	}
	g.Lock()
	defer g.Unlock()
	if g.tries != 0 || g.plain || g.mails != 0 {
		t.Errorf("%d tries, %d mails", g.tries, g.mails)
	}
}

func TestACertificateThatNobodyKnowsIsNotTrusted(t *testing.T) {
	t.Parallel()
	offered, _ := certificate(t)
	for _, whole := range []bool{false, true} {
		g := &guarded{}
		f := failureOfSend(t, reach(t, g, known, whole, nil, offered).Send(t.Context(), sample(), now))
		if !f.Server || f.Hopeless || !strings.Contains(f.Text, "geen certificaat dat klopt") || g.tries != 0 || g.mails != 0 {
			t.Errorf("got %v", f)
		}
	}
}
