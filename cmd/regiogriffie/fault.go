package main

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
)

// errDiskFull is the failure that everyone meets once, so it is called by its name.
var errDiskFull = errors.New("the disk is full")

// oneLine is an error as one line: some of PostgreSQL and of the migrations bring a list or a page of SQL along.
func oneLine(err error) string {
	line := strings.Join(strings.Fields(err.Error()), " ")
	const longest = 400
	if runes := []rune(line); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return line
}

// explain names the failure that hides behind an error of the database. Folder holds our data, empty when they are elsewhere.
func explain(doing string, err error, folder string) error {
	var refused *pgconn.PgError
	full := errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.As(err, &refused) && refused.Code == "53100"
	switch {
	case err == nil:
		return nil
	case folder != "" && (full || isFull(folder)):
		return fmt.Errorf("%s: %w: %s needs more room", doing, errDiskFull, folder)
	case full:
		return fmt.Errorf("%s: %w at the database server", doing, errDiskFull)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// isFull looks at the disk itself: a PostgreSQL that cannot write its log breaks off without a word to us.
func isFull(folder string) bool {
	var disk syscall.Statfs_t
	const least = 1 << 20
	return syscall.Statfs(folder, &disk) == nil && uint64(disk.Bavail)*uint64(disk.Bsize) < least
}

// unreachable says in one sentence why a server does not let us in.
func unreachable(host string, port uint16, database string, err error) error {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		switch {
		case strings.HasPrefix(refused.Code, "28"):
			return errors.New("the database server refuses the user or the password in DATABASE_URL")
		case refused.Code == "3D000":
			return fmt.Errorf("the database server has no database %q; create it or correct DATABASE_URL", database)
		}
		return fmt.Errorf("the database server refuses the connection: %s", refused.Message)
	}
	why := err.Error()
	var dial *net.OpError
	if errors.As(err, &dial) {
		why = dial.Err.Error()
	}
	where := net.JoinHostPort(host, fmt.Sprint(port))
	if strings.HasPrefix(host, "/") {
		where = host
	}
	return fmt.Errorf("the database server of DATABASE_URL cannot be reached at %s: %s", where, why)
}
