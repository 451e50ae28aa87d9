// Command regiogriffie is the front door: it reads the settings, opens the database and hands both to the site or to an
// errand such as filling the register.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"regiogriffie/internal/memory"
)

// commandLine is what can be typed.
type commandLine struct {
	settings

	Serve   serveCommand   `cmd:"" default:"1" help:"Serve the site. Without DATABASE_URL it brings a PostgreSQL of its own, filled with the sample region."`
	Work    workCommand    `cmd:"" help:"Only do what waits in the queue and send mail, for a serve with REGIOGRIFFIE_WORK=apart. Needs DATABASE_URL."`
	Migrate migrateCommand `cmd:"" help:"Bring the database to the newest schema."`
	Seed    seedCommand    `cmd:"" help:"Fill the database with the sample region, whose accounts have published passwords. For trying out only."`
	Import  struct {
		Registers importCommand `cmd:"" help:"Load municipalities, provinces, water authorities and joint arrangements. Reports only, unless --write is given."`
	} `cmd:"" help:"Load data from elsewhere."`
	Admin struct {
		Create adminCommand `cmd:"" help:"Make the first administrator of an installation, and the second."`
	} `cmd:"" help:"Administer the installation."`
	Health  healthCommand  `cmd:"" help:"Ask the running site whether it can serve; exit code 1 when it cannot."`
	Version versionCommand `cmd:"" help:"Tell the version of the program."`
}

func main() {
	memory.Settle()
	// The first signal asks for an orderly end; after it the second has its usual effect, at once.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	code := run(ctx, os.Args[1:], terminal{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// terminal is where the program reads and writes what is meant for whoever typed the command.
type terminal struct {
	in  *os.File
	out io.Writer
	err io.Writer
}

// run carries out what was typed and returns the exit code. A failure is one line.
func run(ctx context.Context, args []string, t terminal) int {
	var typed commandLine
	parser, err := kong.New(&typed, kong.Name("regiogriffie"), kong.Writers(t.out, t.err),
		kong.Description("Regiogriffie: papers and meetings of councils that work together in a region. Settings come from the environment; the README lists them."))
	if err != nil {
		panic(err) // the tags above are wrong
	}
	chosen, err := parser.Parse(args)
	var c config
	if err == nil {
		c, err = typed.read()
	}
	if err == nil {
		c.startLog(t.err)
		chosen.BindTo(ctx, (*context.Context)(nil))
		err = chosen.Run(c, t)
	}
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		return 0 // asked to stop before there was anything to finish
	}
	fmt.Fprintln(t.err, "regiogriffie: "+oneLine(err))
	return 1
}

// version is set by the build; without it the module's own is told.
var version string

type versionCommand struct{}

// Run tells the version.
func (versionCommand) Run(t terminal) error {
	told := version
	if info, ok := debug.ReadBuildInfo(); told == "" && ok {
		told = info.Main.Version
	}
	fmt.Fprintf(t.out, "regiogriffie %s (%s, %s/%s)\n", told, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}
