package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/register"
	"regiogriffie/internal/postgres"
)

// importRegisters loads the register from a folder, or the table that the program carries when folder is empty. What is new
// is written; what differs is told, and written only with write. All of it happens or nothing.
func importRegisters(ctx context.Context, db postgres.DB, folder string, write bool, out io.Writer) error {
	table, err := readRegister(folder)
	if err != nil {
		return err
	}
	actor := access.Actor{At: time.Now(), Duty: partner.ImportDuty}
	var organisations, arrangements, participations partner.Report
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if organisations, err = partner.Import(ctx, tx, actor, table, write); err != nil {
			return err
		}
		arrangements, participations, err = collaboration.Import(ctx, tx, actor, table, write)
		return err
	})
	if err != nil {
		return err
	}
	differs := tell(out, "Organisaties", organisations)
	differs = tell(out, "Samenwerkingen", arrangements) || differs
	differs = tell(out, "Deelnames", participations) || differs
	if differs && !write {
		fmt.Fprintln(out, "De verschillen zijn niet overgenomen. Neem ze over met: regiogriffie import registers --write")
	}
	return nil
}

func readRegister(folder string) (register.Table, error) {
	if folder == "" {
		return register.Default()
	}
	return register.Load(folder)
}

// tell writes a report for the functioneel beheerder, and says whether anything differs.
func tell(out io.Writer, what string, r partner.Report) bool {
	done := "verschillen"
	if r.Written {
		done = "gewijzigd"
	}
	fmt.Fprintf(out, "%s: %s toegevoegd, %s gelijk, %s.\n", what, dutch.Number(r.Made), dutch.Number(r.Same),
		dutch.Count(len(r.Changed), "gegeven", "gegevens")+" "+done)
	for _, c := range r.Changed {
		fmt.Fprintf(out, "  %s %s: %s was %s, wordt %s\n", c.Ref, c.Name, c.Field, quoted(c.From), quoted(c.To))
	}
	for _, m := range r.Missing {
		fmt.Fprintf(out, "  %s: staat niet in het register. Beëindig de deelname op de pagina als dat klopt.\n", m)
	}
	return len(r.Changed) > 0
}

func quoted(value string) string {
	if value == "" {
		return "leeg"
	}
	return fmt.Sprintf("%q", value)
}
