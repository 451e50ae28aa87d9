// Command make makes the table of the register package from a folder with exports of the Register van
// Overheidsorganisaties: go run ./internal/partner/register/make FOLDER [TARGET].
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "make:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 1 || len(args) > 2 {
		return fmt.Errorf("usage: make FOLDER [TARGET]")
	}
	target := ""
	if len(args) == 2 {
		target = args[1]
	} else {
		root, err := moduleRoot()
		if err != nil {
			return err
		}
		target = filepath.Join(root, "internal", "partner", "register", "table")
	}
	files, err := generate(args[0])
	if err != nil {
		return err
	}
	if err := os.MkdirAll(target, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(target, f.name), f.content, 0o644); err != nil {
			return err
		}
		fmt.Printf("%-18s %5d rows %8d bytes\n", f.name, f.rows, len(f.content))
	}
	return nil
}

// moduleRoot is the nearest folder, from the working directory upward, that holds a go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("no go.mod above the working directory; name the target folder")
		}
		dir = parent
	}
}

// generate reads the raw register in folder and returns the files of the table.
func generate(folder string) ([]file, error) {
	raw, err := readRaw(folder)
	if err != nil {
		return nil, err
	}
	organisations, refs, err := organisationRows(raw)
	if err != nil {
		return nil, err
	}
	arrangements, err := arrangementRows(raw, refs)
	if err != nil {
		return nil, err
	}
	participations, err := participationRows(raw, refs)
	if err != nil {
		return nil, err
	}
	var files []file
	for _, f := range []struct {
		name    string
		columns []string
		rows    [][]string
	}{
		{"organisaties.csv", organisationColumns, organisations},
		{"regelingen.csv", arrangementColumns, arrangements},
		{"deelnemingen.csv", participationColumns, participations},
		{"opgeheven.csv", abolishedColumns, abolishedRows(raw)},
	} {
		content, err := writeCSV(slices.Insert(slices.Clone(f.rows), 0, f.columns))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		files = append(files, file{f.name, content, len(f.rows)})
	}
	return files, nil
}
