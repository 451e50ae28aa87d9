// Command testdatabase runs a command with a throw-away PostgreSQL, whose address is in REGIOGRIFFIE_TEST_DATABASE:
//
//	go run ./cmd/testdatabase go test ./...
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"regiogriffie/internal/postgres/embedded"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: testdatabase command [argument ...]")
		os.Exit(2)
	}
	code, err := run(os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "testdatabase:", err)
		if code == 0 {
			code = 1
		}
	}
	os.Exit(code)
}

// run runs the command and returns its exit code, as a shell would count it.
func run(name string, args []string) (code int, err error) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	started := make(chan struct{})
	var server *embedded.Server
	go func() {
		defer close(started)
		log := slog.New(slog.NewTextHandler(os.Stderr, nil))
		server, err = embedded.StartTemporary(ctx, log, embedded.Options{Bin: os.Getenv("REGIOGRIFFIE_POSTGRES_BIN")})
	}()
	select {
	case <-started:
	case s := <-signals:
		cancel()
		<-started
		if server != nil {
			return 128 + int(s.(syscall.Signal)), server.Stop()
		}
		return 128 + int(s.(syscall.Signal)), nil
	}
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()

	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "REGIOGRIFFIE_TEST_DATABASE="+server.URL())
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	// A group of its own, which gets every signal from us and so just once, its grandchildren included.
	// The price is that it cannot read from the terminal.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return 127, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			syscall.Kill(-cmd.Process.Pid, s.(syscall.Signal))
		case err := <-ended:
			if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
				return 1, err
			}
			if status := cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signaled() {
				return 128 + int(status.Signal()), nil
			}
			return cmd.ProcessState.ExitCode(), nil
		}
	}
}
