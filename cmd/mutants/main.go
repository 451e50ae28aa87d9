// Command mutants shows that the tests notice: it takes away or turns around one access rule after another and demands that the
// tests named with it go red.
//
//	make mutants                            # all of them
//	make mutants MUTANTS="-only invitation" # those whose name or file says so
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

func main() {
	list := flag.String("list", "cmd/mutants/mutants.txt", "file with the mutants; its own head tells its form")
	only := flag.String("only", "", "regular expression: only mutants whose name or file it matches")
	beside := flag.Int("beside", 2, "how many are tried at a time")
	patience := flag.Duration("patience", 5*time.Minute, "how long one may take, building included")
	which := flag.Bool("which", false, "say which of the tests named with a mutant notice it; a ? for them in the list means all of the package")
	loud := flag.Bool("loud", false, "show what the tests said of each mutant")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	whole, err := run(ctx, *list, *only, trial{bench: Bench{Root: ".", Patience: *patience}, beside: *beside, loud: *loud, which: *which})
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
	}
	if err != nil || !whole {
		os.Exit(1)
	}
}

// trial is how mutants are tried.
type trial struct {
	bench       Bench
	beside      int
	loud, which bool
}

// run tries the mutants of a list, and tells whether all were noticed.
func run(ctx context.Context, list, only string, t trial) (bool, error) {
	if os.Getenv("REGIOGRIFFIE_TEST_DATABASE") == "" {
		return false, fmt.Errorf("REGIOGRIFFIE_TEST_DATABASE names no server; run it by make mutants, so that all share one")
	}
	mutants, err := load(list, only)
	if err != nil {
		return false, err
	}
	room, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(room)
	t.bench.Room = room

	// What is tested together is built together.
	var packages []string
	of := map[string][]int{}
	for n, m := range mutants {
		if of[m.Package] == nil {
			packages = append(packages, m.Package)
		}
		of[m.Package] = append(of[m.Package], n)
	}
	begin := time.Now()
	outcomes := make([]Outcome, len(mutants))
	for _, pkg := range packages {
		if err := t.tryAll(ctx, pkg, mutants, of[pkg], outcomes); err != nil {
			return false, err
		}
	}
	return told(mutants, outcomes, since(begin)), nil
}

// tryAll tries the mutants of one package, its places among all, and keeps what became of them at the same places.
func (t trial) tryAll(ctx context.Context, pkg string, all []Mutant, its []int, outcomes []Outcome) error {
	var mutants []Mutant
	for _, n := range its {
		mutants = append(mutants, all[n])
	}
	start := time.Now()
	program, err := t.bench.Build(ctx, pkg, mutants)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d mutants, %d in one program, built in %s\n", pkg, len(mutants), len(program.in), since(start))
	if program.why != "" {
		fmt.Printf("not in one program, which is slow: %s\n", program.why)
	}
	if !t.which {
		if err := t.bench.Green(ctx, program, mutants); err != nil {
			return err
		}
	}
	var printing sync.Mutex
	each(t.beside, its, func(n int) {
		if ctx.Err() != nil {
			return
		}
		start := time.Now()
		outcome, said := t.try(ctx, program, all[n])
		printing.Lock()
		defer printing.Unlock()
		outcomes[n] = outcome
		fmt.Printf("%-17s %6s  %s\n", outcome, since(start), all[n])
		if t.loud || t.which || outcome == Broken || outcome == Unbuilt {
			fmt.Println(said)
		}
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	return os.RemoveAll(filepath.Dir(program.path))
}

func (t trial) try(ctx context.Context, program Program, m Mutant) (Outcome, string) {
	if !t.which {
		return t.bench.Try(ctx, program, m)
	}
	outcome, names := t.bench.Which(ctx, program, m)
	return outcome, strings.Join(names, " ")
}

// load reads the list, as far as its names and files match only.
func load(list, only string) ([]Mutant, error) {
	text, err := os.ReadFile(list)
	if err != nil {
		return nil, err
	}
	mutants, err := Parse(string(text))
	if err != nil {
		return nil, err
	}
	wanted, err := regexp.Compile(only)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(mutants, func(m Mutant) bool { return !wanted.MatchString(m.Name) && !wanted.MatchString(m.File) }), nil
}

// each does it for all, a few at a time.
func each(beside int, all []int, do func(int)) {
	turns := make(chan int)
	var workers sync.WaitGroup
	for range max(1, beside) {
		workers.Go(func() {
			for n := range turns {
				do(n)
			}
		})
	}
	for _, n := range all {
		turns <- n
	}
	close(turns)
	workers.Wait()
}

// told prints what became of all, and tells whether all were noticed.
func told(mutants []Mutant, outcomes []Outcome, took time.Duration) bool {
	count := map[Outcome]int{}
	for n, o := range outcomes {
		if o != Noticed && count[o] == 0 {
			fmt.Printf("\n%s:\n", o)
			for k := n; k < len(outcomes); k++ {
				if outcomes[k] == o {
					fmt.Printf("  line %d: %s\n", mutants[k].Line, mutants[k])
				}
			}
		}
		count[o]++
	}
	fmt.Printf("\n%d of %d noticed in %s", count[Noticed], len(outcomes), took)
	for _, o := range []Outcome{Unnoticed, Unbuilt, Lost, Slow, Broken} {
		if count[o] > 0 {
			fmt.Printf(", %d %s", count[o], o)
		}
	}
	fmt.Println()
	return count[Noticed] == len(outcomes)
}

func since(t time.Time) time.Duration { return time.Since(t).Round(100 * time.Millisecond) }

// oneWall is the environment under which test databases have no row security.
const oneWall = "REGIOGRIFFIE_TEST_ONE_WALL=1"
