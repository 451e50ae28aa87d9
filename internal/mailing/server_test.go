package mailing

import (
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// server is a mail server on this machine that is as slow as one far away.
type server struct {
	address string
	taking  time.Duration
	took    atomic.Int64
}

func (s *server) count() int { return int(s.took.Load()) }

func (s *server) NewSession(*smtp.Conn) (smtp.Session, error) { return taker{s}, nil }

type taker struct{ s *server }

func (taker) Mail(string, *smtp.MailOptions) error { return nil }
func (taker) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (taker) Reset()                               {}
func (taker) Logout() error                        { return nil }

func (x taker) Data(r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	time.Sleep(x.s.taking)
	x.s.took.Add(1)
	return nil
}

// far makes each answer of a server take a while.
type far struct {
	net.Listener
	reply time.Duration
}

func (f far) Accept() (net.Conn, error) {
	c, err := f.Listener.Accept()
	return farConn{c, f.reply}, err
}

type farConn struct {
	net.Conn
	reply time.Duration
}

func (c farConn) Write(b []byte) (int, error) {
	time.Sleep(c.reply)
	return c.Conn.Write(b)
}

func startServer(t *testing.T, taking, reply time.Duration) *server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{address: listener.Addr().String(), taking: taking}
	on := smtp.NewServer(s)
	on.Domain = "localhost"
	go on.Serve(far{listener, reply})
	t.Cleanup(func() { on.Close() })
	return s
}
