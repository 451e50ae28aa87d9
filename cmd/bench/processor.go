package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// processor tells how long this process and the database server have been at work, as Linux counts it. On a machine that does
// more, that says what an answer costs, where answers per second say how much the others left.
type processor struct{ server int }

// newProcessor finds the server that pool is connected to; what it counts is nothing where Linux does not tell.
func newProcessor(ctx context.Context, pool *pgxpool.Pool) (processor, error) {
	var backend int
	if err := pool.QueryRow(ctx, `select pg_backend_pid()`).Scan(&backend); err != nil {
		return processor{}, fmt.Errorf("asking for the process of the server: %w", err)
	}
	return processor{parent(backend)}, nil
}

func (p processor) used() time.Duration {
	total := atWork(os.Getpid())
	processes, _ := filepath.Glob("/proc/[0-9]*")
	for _, each := range processes {
		if pid, err := strconv.Atoi(filepath.Base(each)); err == nil && p.server > 0 && (pid == p.server || parent(pid) == p.server) {
			total += atWork(pid)
		}
	}
	return total
}

// parent of a process; 0 when it is gone.
func parent(pid int) int {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	// The name of the program, between brackets, may hold anything.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 2 {
		return 0
	}
	n, _ := strconv.Atoi(string(fields[1]))
	return n
}

// atWork sums the threads of a process, in nanoseconds.
func atWork(pid int) (total time.Duration) {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	for _, each := range threads {
		stat, _ := os.ReadFile(each)
		if fields := bytes.Fields(stat); len(fields) > 0 {
			n, _ := strconv.ParseInt(string(fields[0]), 10, 64)
			total += time.Duration(n)
		}
	}
	return total
}
