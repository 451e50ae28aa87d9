// Package numbering gives the next number of a series, without gaps.
package numbering

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/postgres"
)

// Next takes the next number of the series, from 1. The series waits for the end of the transaction: what is rolled back gives its
// number back, and nobody else had a later one.
func Next(ctx context.Context, tx pgx.Tx, series string) (int, error) {
	n, err := postgres.One[int](ctx, tx, `
		insert into number_series as s (series, last) values (@series, 1)
		on conflict (series) do update set last = s.last + 1 returning s.last`, postgres.Args{"series": series})
	if err != nil {
		return 0, fmt.Errorf("taking the next number: %w", err)
	}
	return n, nil
}
