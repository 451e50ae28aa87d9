// Package mails writes the texts that leave by mail. They say no more than everyone may read: a mail is forwarded.
package mails

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	netmail "net/mail"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/job"
	"regiogriffie/internal/route"
	"regiogriffie/internal/zienswijze"
)

// Office is where mails are written. BaseURL stands before the addresses in them; From is the address they come from, empty as
// long as no mail leaves.
type Office struct {
	DB      *pgxpool.Pool
	BaseURL string
	From    string
	Now     func() time.Time
}

// Table says which work ends in mail; each subject brings the kinds it writes on.
func (o Office) Table() job.Table {
	table := job.Table{}
	for _, subject := range []job.Table{
		o.ofAccounts(), o.ofProposals(), o.ofRoutes(), o.ofZienswijzen(), o.ofMeetings(), o.ofDecisions(),
		o.ofInvitations(), o.ofSigning(),
	} {
		maps.Copy(table, subject)
	}
	return table
}

// reads is work that takes what it needs to know from the queue.
func reads[T any](do func(context.Context, T) error) func(context.Context, json.RawMessage) error {
	return func(ctx context.Context, args json.RawMessage) error {
		var t T
		if err := json.Unmarshal(args, &t); err != nil {
			return fmt.Errorf("reading the job: %w", err)
		}
		return do(ctx, t)
	}
}

// each gives the kinds of one letter their work, which is told for which of them it writes.
func each[T any](do func(context.Context, string, T) error, kinds ...string) job.Table {
	table := job.Table{}
	for _, kind := range kinds {
		table[kind] = reads(func(ctx context.Context, t T) error { return do(ctx, kind, t) })
	}
	return table
}

// Hourly are the kinds of work that look, each hour, whether there is something to tell.
var Hourly = []string{route.LookAtTerms, route.LookAtRoutes, zienswijze.LookAtViews}

// at is an address of the site as readers of a mail type it.
func (o Office) at(address string) string { return strings.TrimSuffix(o.BaseURL, "/") + address }

// from is the bare address that mails come from.
func (o Office) from() string {
	if a, err := netmail.ParseAddress(o.From); err == nil {
		return a.Address
	}
	return ""
}

// host is the domain of our Message-IDs.
func (o Office) host() string {
	if u, err := url.Parse(o.BaseURL); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return "regiogriffie.invalid"
}
