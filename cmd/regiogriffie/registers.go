package main

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

type importCommand struct {
	Folder string `arg:"" optional:"" type:"existingdir" help:"Folder with tables in the form of the built-in ones. Without it, those that come with the program."`
	Write  bool   `help:"Write what differs. Without it, differences are only told."`
}

// Run loads the registers, or tells what it would change.
func (i importCommand) Run(ctx context.Context, c config, t terminal) error {
	return with(ctx, c, func(pool *pgxpool.Pool, _ database) error {
		return importRegisters(ctx, pool, i.Folder, i.Write, t.out)
	})
}
