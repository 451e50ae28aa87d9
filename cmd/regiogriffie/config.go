package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"

	mailserver "regiogriffie/internal/mail"
	"regiogriffie/internal/postgres/embedded"
	"regiogriffie/web"
	"regiogriffie/web/request"
)

// settings are all that can be set, by flag or in the environment. The table in the README tells the same; a test compares.
type settings struct {
	Addr            string               `env:"REGIOGRIFFIE_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen."`
	URL             string               `env:"REGIOGRIFFIE_URL" placeholder:"ADDRESS" help:"The site as readers type it; https makes cookies secure."`
	Data            string               `env:"REGIOGRIFFIE_DATA" placeholder:"FOLDER" help:"Folder for attachments and for the database of its own."`
	Database        string               `name:"database-url" env:"DATABASE_URL" hidden:""` // a password on the command line is read by everyone on the machine
	DatabaseURLFile kong.FileContentFlag `env:"DATABASE_URL_FILE" placeholder:"FILE" help:"File that holds the address of the database (DATABASE_URL)."`
	Proxies         string               `env:"REGIOGRIFFIE_PROXIES" placeholder:"ADDRESSES" help:"Proxies that readers come through: addresses and networks, with commas between them."`
	PostgresBin     string               `env:"REGIOGRIFFIE_POSTGRES_BIN" placeholder:"FOLDER" help:"Where postgres and initdb are, for the database of its own."`
	Contact         string               `env:"REGIOGRIFFIE_CONTACT" placeholder:"E-MAIL" help:"Address for reports on security and accessibility."`
	SMTPURL         string               `name:"smtp-url" env:"REGIOGRIFFIE_SMTP_URL" hidden:""` // may hold a password, as the database's
	MailFrom        string               `env:"REGIOGRIFFIE_MAIL_FROM" placeholder:"E-MAIL" help:"Address that mails come from; with REGIOGRIFFIE_SMTP_URL."`
	Work            string               `env:"REGIOGRIFFIE_WORK" default:"serve" placeholder:"WHERE" help:"Who sends mail: serve itself, or apart, by regiogriffie work."`
	Log             string               `env:"REGIOGRIFFIE_LOG" default:"text" placeholder:"FORM" help:"Form of the log: text or json."`
	LogLevel        string               `env:"REGIOGRIFFIE_LOG_LEVEL" default:"info" placeholder:"LEVEL" help:"What is logged: debug, info, warn or error."`
}

// config is the settings as the program uses them: whole, checked, with what was left open filled in.
type config struct {
	addr        string
	baseURL     string
	data        string
	databaseURL string // empty: a database of our own
	postgresBin string
	proxies     request.Proxies
	contact     string
	smtpURL     string // empty: mails are kept
	mailFrom    string
	workApart   bool
	logJSON     bool
	logLevel    slog.Level
}

// read checks the settings. An empty value counts as none: that is how container files pass what was not set.
func (s settings) read() (config, error) {
	c := config{
		addr:        cmp.Or(s.Addr, "127.0.0.1:8080"),
		databaseURL: cmp.Or(s.Database, strings.TrimSpace(string(s.DatabaseURLFile))),
		postgresBin: s.PostgresBin,
		contact:     s.Contact,
		smtpURL:     s.SMTPURL,
		mailFrom:    s.MailFrom,
	}
	host, port, err := net.SplitHostPort(c.addr)
	if err != nil || port == "" {
		return config{}, fmt.Errorf("REGIOGRIFFIE_ADDR is %q; expected host:port, such as 127.0.0.1:8080", s.Addr)
	}
	if c.data, err = filepath.Abs(cmp.Or(s.Data, embedded.DefaultDir())); err != nil {
		return config{}, fmt.Errorf("finding REGIOGRIFFIE_DATA: %w", err)
	}
	if s.DatabaseURLFile != nil && s.Database == "" && c.databaseURL == "" {
		return config{}, errors.New("the file that DATABASE_URL_FILE names is empty")
	}
	if c.baseURL, err = readBaseURL(s.URL, host, port); err != nil {
		return config{}, err
	}
	if c.proxies, err = readProxies(s.Proxies); err != nil {
		return config{}, err
	}
	if _, err := mail.ParseAddress(s.Contact); s.Contact != "" && err != nil {
		return config{}, fmt.Errorf("REGIOGRIFFIE_CONTACT is %q; expected an e-mail address", s.Contact)
	}
	if c.smtpURL != "" {
		if c.mailFrom == "" {
			return config{}, errors.New("REGIOGRIFFIE_SMTP_URL needs REGIOGRIFFIE_MAIL_FROM, the address that mails come from")
		}
		if _, err := mailserver.NewServer(c.smtpURL, c.mailFrom); err != nil {
			return config{}, err
		}
	}
	switch cmp.Or(s.Work, "serve") {
	case "serve":
	case "apart":
		c.workApart = true
	default:
		return config{}, fmt.Errorf("REGIOGRIFFIE_WORK is %q; expected serve or apart", s.Work)
	}
	switch cmp.Or(s.Log, "text") {
	case "text":
	case "json":
		c.logJSON = true
	default:
		return config{}, fmt.Errorf("REGIOGRIFFIE_LOG is %q; expected text or json", s.Log)
	}
	if err := c.logLevel.UnmarshalText([]byte(cmp.Or(s.LogLevel, "info"))); err != nil {
		return config{}, fmt.Errorf("REGIOGRIFFIE_LOG_LEVEL is %q; expected debug, info, warn or error", s.LogLevel)
	}
	return c, nil
}

// readProxies reads addresses and networks.
func readProxies(list string) (request.Proxies, error) {
	var proxies request.Proxies
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		network, err := netip.ParsePrefix(one)
		if address, alone := netip.ParseAddr(one); alone == nil {
			network, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil || strings.Contains(one, "%") || network.Addr().Is4In6() {
			return nil, fmt.Errorf("REGIOGRIFFIE_PROXIES holds %q; expected addresses and networks, such as 127.0.0.1,10.0.0.0/8", one)
		}
		proxies = append(proxies, network.Masked())
	}
	return proxies, nil
}

func readBaseURL(address, host, port string) (string, error) {
	if address == "" {
		return "http://" + net.JoinHostPort(reachable(host), port), nil
	}
	address = strings.TrimRight(address, "/")
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", fmt.Errorf("REGIOGRIFFIE_URL is %q; expected the address without a path, such as https://regiogriffie.example", address)
	}
	return address, nil
}

// reachable is a host at which this machine reaches what listens on host.
func reachable(host string) string {
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		return "127.0.0.1"
	}
	return host
}

// startLog makes the log of this program that of slog, each line with the id of its request.
func (c config) startLog(w io.Writer) {
	options := &slog.HandlerOptions{Level: c.logLevel}
	var handler slog.Handler = slog.NewTextHandler(w, options)
	if c.logJSON {
		handler = slog.NewJSONHandler(w, options)
	}
	slog.SetDefault(slog.New(web.Logged{Handler: handler}))
}
