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
	whole, err := run(ctx, *list, *only, *beside, *loud, *which, Bench{Root: ".", Patience: *patience})
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
	}
	if err != nil || !whole {
		os.Exit(1)
	}
}

// run tries the mutants of a list, and tells whether all were noticed.
func run(ctx context.Context, list, only string, beside int, loud, which bool, bench Bench) (bool, error) {
	if os.Getenv("REGIOGRIFFIE_TEST_DATABASE") == "" {
		return false, fmt.Errorf("REGIOGRIFFIE_TEST_DATABASE names no server; run it by make mutants, so that all share one")
	}
	text, err := os.ReadFile(list)
	if err != nil {
		return false, err
	}
	mutants, err := Parse(string(text))
	if err != nil {
		return false, err
	}
	wanted, err := regexp.Compile(only)
	if err != nil {
		return false, err
	}
	mutants = slices.DeleteFunc(mutants, func(m Mutant) bool { return !wanted.MatchString(m.Name) && !wanted.MatchString(m.File) })
	// What is tested together is built together.
	slices.SortStableFunc(mutants, func(a, b Mutant) int { return compare(a.suite(), b.suite()) })

	try := bench.Try
	if which {
		already := map[suite][]string{}
		for _, m := range mutants {
			if _, asked := already[m.suite()]; !asked {
				already[m.suite()] = bench.Already(ctx, m.suite(), m.Tests)
			}
		}
		try = func(ctx context.Context, m Mutant) (Outcome, string) {
			outcome, names := bench.Which(ctx, m, already[m.suite()])
			return outcome, strings.Join(names, " ")
		}
	}

	begin := time.Now()
	if !which {
		if err := first(ctx, bench, mutants); err != nil {
			return false, err
		}
	}
	outcomes := make([]Outcome, len(mutants))
	turns := make(chan int)
	var workers sync.WaitGroup
	var printing sync.Mutex
	for range max(1, beside) {
		workers.Go(func() {
			for n := range turns {
				start := time.Now()
				var said string
				outcomes[n], said = try(ctx, mutants[n])
				printing.Lock()
				fmt.Printf("%-20s %6s  %s\n", outcomes[n], since(start), mutants[n])
				if loud || which || outcomes[n] == Broken {
					fmt.Println(said)
				}
				printing.Unlock()
			}
		})
	}
	for n := range mutants {
		select {
		case turns <- n:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(turns)
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return false, err
	}
	return told(mutants, outcomes, since(begin)), nil
}

// first runs the tests without any mutant.
func first(ctx context.Context, bench Bench, mutants []Mutant) error {
	begin := time.Now()
	fmt.Printf("first the tests of %d mutants without any\n", len(mutants))
	if err := bench.Green(ctx, mutants); err != nil {
		return err
	}
	fmt.Printf("green after %s\n", since(begin))
	return nil
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
