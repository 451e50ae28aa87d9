package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/net/netutil"

	"regiogriffie/internal/file"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/sample"
	"regiogriffie/web"
)

const (
	poolSize       = 16               // pages are short; PostgreSQL allows a hundred by default
	maxConnections = 4096             // of browsers; beyond it they wait
	patience       = 10 * time.Second // for requests under way when the program is asked to stop
)

type serveCommand struct{}

// Run serves until the context ends, and then ends all that it started, in the opposite order.
func (serveCommand) Run(ctx context.Context, c config, t terminal) (err error) {
	// First the port: it is the quickest to refuse.
	listener, err := listen(ctx, c.addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	d, err := openDatabase(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	files, err := file.NewStore(filepath.Join(c.data, "bestanden"))
	if err != nil {
		return err
	}
	defer files.Close()
	if err := files.Clear(); err != nil {
		return err
	}
	pool, err := d.pool(ctx, poolSize)
	if err != nil {
		return err
	}
	defer closePool(pool)
	health, err := postgres.Beside(ctx, pool, 1)
	if err != nil {
		return err
	}
	defer closePool(health)

	var accounts []sample.Account
	if d.own != nil {
		if accounts, err = tryOut(ctx, pool, files); err != nil {
			return explain("filling the database with the sample", err, d.folder)
		}
	}
	if !c.workApart {
		stopWork, err := startWork(ctx, c, pool)
		if err != nil {
			return err
		}
		defer stopWork()
	}
	server := newServer(web.Routes(web.App{
		DB: pool, Health: health, Files: files, Now: time.Now, BaseURL: c.baseURL, Contact: c.contact, Proxies: c.proxies,
		MailLeaves: c.smtpURL != "",
	}))
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(netutil.LimitListener(listener, maxConnections)) }()
	if d.own != nil {
		welcome(t.out, c, accounts)
	} else {
		slog.Info("serving", "address", c.addr, "url", c.baseURL)
	}
	tidying, stopTidying := context.WithCancel(ctx)
	defer stopTidying()
	go tidy(tidying, pool, files)

	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	return finish(server)
}

// listen takes the address, and says what to do when somebody else has it.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", addr)
	var refused *net.OpError
	switch {
	case err == nil:
		return listener, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is in use, perhaps by another copy of Regiogriffie; stop that, or choose another address with REGIOGRIFFIE_ADDR", addr)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("this account may not listen on %s; choose a port above 1023 with REGIOGRIFFIE_ADDR", addr)
	case errors.As(err, &refused):
		return nil, fmt.Errorf("listening on %s, which REGIOGRIFFIE_ADDR names: %w", addr, refused.Err)
	}
	return nil, fmt.Errorf("listening on %s: %w", addr, err)
}

// newServer bounds how long a client may take; who may add a file gets longer for it, by the guard of the site.
func newServer(site http.Handler) *http.Server {
	return &http.Server{
		Handler:           site,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
		// Its lines name the address of the visitor, which is personal.
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
	}
}

// finish lets requests under way come to their end, for as long as is reasonable.
func finish(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		slog.Warn("requests that did not end in time were broken off")
		err = server.Close()
	}
	if err != nil {
		return fmt.Errorf("stopping: %w", err)
	}
	return nil
}

// tidy removes, now and every day, files that a crash or a rolled back act left behind.
func tidy(ctx context.Context, pool *pgxpool.Pool, files *file.Store) {
	for {
		if err := files.Sweep(ctx, pool); err != nil && ctx.Err() == nil {
			slog.Warn("tidying up the files failed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(24 * time.Hour):
		}
	}
}

// welcome tells who tries the program out where the site is, and how to come in when it holds the sample.
func welcome(w io.Writer, c config, accounts []sample.Account) {
	fmt.Fprintf(w, "\nRegiogriffie is at %s  (Ctrl-C stops it)\nData: %s\n", c.baseURL, c.data)
	printAccounts(w, accounts)
	if host, _, _ := net.SplitHostPort(c.addr); host != "localhost" && !net.ParseIP(host).IsLoopback() && len(accounts) > 0 {
		slog.Warn("others on the network can reach this copy, and the passwords of its sample accounts are known", "address", c.addr)
	}
}
