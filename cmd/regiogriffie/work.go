package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/job"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/postgres"
	"regiogriffie/web/mails"
)

type workCommand struct{}

// Run works until the context ends.
func (workCommand) Run(ctx context.Context, c config) (err error) {
	if c.databaseURL == "" {
		return errors.New("work needs the database of a running site, in DATABASE_URL; a site with a database of its own works by itself")
	}
	d, err := openDatabase(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	pool, err := d.pool(ctx, 1)
	if err != nil {
		return err
	}
	defer closePool(pool)
	stop, err := startWork(ctx, c, pool)
	if err != nil {
		return err
	}
	defer stop()
	slog.Info("working")
	<-ctx.Done()
	return nil
}

// mailsAtOnce is how many mails are under way at a time. A server that takes fewer connections gets fewer.
const mailsAtOnce = 4

// mailServers are as many connections to the mail server; none when there is no mail server.
func mailServers(c config) ([]mailing.Sender, error) {
	var senders []mailing.Sender
	for range mailsAtOnce {
		if c.smtpURL == "" {
			break
		}
		server, err := mail.NewServer(c.smtpURL, c.mailFrom)
		if err != nil {
			return nil, err
		}
		senders = append(senders, server)
	}
	return senders, nil
}

// startWork does what waits in the queue and sends mail, until it is stopped or the context ends.
func startWork(ctx context.Context, c config, site *pgxpool.Pool) (stop func(), err error) {
	senders, err := mailServers(c)
	if err != nil {
		return nil, err
	}
	// Apart from the pages: neither makes the other wait.
	queue, err := postgres.Beside(ctx, site, 4)
	if err != nil {
		return nil, err
	}
	pool, err := postgres.Beside(ctx, site, 4)
	if err != nil {
		closePool(queue)
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var working sync.WaitGroup
	working.Go(func() {
		office := mails.Office{DB: pool, BaseURL: c.baseURL, From: c.mailFrom, Now: time.Now}
		if err := job.Work(ctx, queue, office.Table(), mails.Hourly...); err != nil {
			slog.Error(fmt.Sprintf("the queue is not worked: %v", err))
		}
	})
	working.Go(func() { mailing.Deliver(ctx, pool, senders...) })
	return func() {
		cancel()
		done := make(chan struct{})
		go func() {
			working.Wait()
			close(done)
		}()
		select {
		case <-done:
		case <-time.After(patience):
			slog.Warn("work that did not end in time was broken off; it is done again at the next start")
		}
		closePool(queue)
		closePool(pool)
	}, nil
}
