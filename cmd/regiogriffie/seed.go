package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/file"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/sample"
)

type migrateCommand struct{}

// Run brings the database to the newest schema, which opening it does.
func (migrateCommand) Run(ctx context.Context, c config, t terminal) error {
	return with(ctx, c, func(*pgxpool.Pool, database) error {
		fmt.Fprintln(t.out, "The database has the newest schema.")
		return nil
	})
}

type seedCommand struct{}

// Run fills the database with the sample. It refuses one in which others than the sample have an account: everybody knows
// the passwords of the sample.
func (seedCommand) Run(ctx context.Context, c config, t terminal) error {
	return with(ctx, c, func(pool *pgxpool.Pool, d database) error {
		inUse, err := hasOtherAccounts(ctx, pool)
		if err != nil {
			return fmt.Errorf("looking for accounts: %w", err)
		}
		if inUse {
			return errors.New("this database has accounts of its own; the sample would add some whose passwords everyone knows, so it is not filled")
		}
		files, err := file.NewStore(filepath.Join(c.data, "bestanden"))
		if err != nil {
			return err
		}
		defer files.Close()
		accounts, err := sample.Seed(ctx, pool, files, time.Now())
		if err != nil {
			return explain("filling the database with the sample", err, d.folder)
		}
		fmt.Fprintln(t.out, "The database holds the sample region.")
		printAccounts(t.out, accounts)
		return nil
	})
}

// tryOut fills a database of our own the first time, and gives the accounts of the sample if it holds that.
func tryOut(ctx context.Context, pool *pgxpool.Pool, files *file.Store) ([]sample.Account, error) {
	_, _, organisations, err := partner.List(ctx, pool, access.Actor{At: time.Now()}, partner.Filter{}, 1)
	if err != nil {
		return nil, err
	}
	if organisations == 0 {
		return sample.Seed(ctx, pool, files, time.Now())
	}
	accounts := sample.Accounts()
	found, _, err := identity.List(ctx, pool, sampleActor(), identity.Filter{Name: accounts[0].Email})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return accounts, nil
}

func sampleActor() access.Actor { return access.Actor{Duty: identity.DutySeed, At: time.Now()} }

func hasOtherAccounts(ctx context.Context, db postgres.DB) (bool, error) {
	accounts := sample.Accounts()
	for page := 1; ; page++ {
		list, more, err := identity.List(ctx, db, sampleActor(), identity.Filter{Page: page})
		if err != nil {
			return false, err
		}
		for _, a := range list {
			if !slices.ContainsFunc(accounts, func(s sample.Account) bool { return s.Email == a.Email }) {
				return true, nil
			}
		}
		if !more {
			return false, nil
		}
	}
}

// printAccounts shows how to come in. Only ever for the sample: its passwords are no secret.
func printAccounts(w io.Writer, accounts []sample.Account) {
	if len(accounts) == 0 {
		return
	}
	fmt.Fprintln(w, "\nAccounts of the sample region:")
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "\n  e-mail\tpassword\tname\troles")
	for _, a := range accounts {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", a.Email, a.Password, a.Name, a.Roles)
	}
	table.Flush()
	fmt.Fprintln(w)
}
