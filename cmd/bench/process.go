package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is what the built program costs as a whole, its database apart.
type process struct {
	BinaryBytes int64   `json:"binary_bytes"`
	ColdStart   float64 `json:"cold_start_s"` // median, on a running and migrated database, until /readyz answers
	ColdStarts  int     `json:"cold_starts"`
	IdleBytes   int64   `json:"idle_bytes"` // resident, five seconds after the start; 0 where the system does not tell
	LoadBytes   int64   `json:"load_bytes"` // the most, under load
}

// program is a running copy of the built program.
type program struct {
	cmd  *exec.Cmd
	addr string
	took time.Duration // until it was ready
}

func start(ctx context.Context, binary, database, folder string) (*program, error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("finding a free port: %w", err)
	}
	p := &program{addr: free.Addr().String()}
	free.Close()
	var said bytes.Buffer
	p.cmd = exec.CommandContext(ctx, binary)
	p.cmd.Env = append(os.Environ(), "DATABASE_URL="+database, "REGIOGRIFFIE_DATA="+folder, "REGIOGRIFFIE_ADDR="+p.addr, "REGIOGRIFFIE_LOG_LEVEL=error")
	p.cmd.Stderr = &said
	begin := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the program: %w", err)
	}
	client := http.Client{Timeout: time.Second}
	for time.Since(begin) < 20*time.Second {
		if answer, err := client.Get("http://" + p.addr + "/readyz"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				p.took = time.Since(begin)
				return p, nil
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	p.cmd.Process.Kill()
	p.cmd.Wait()
	return nil, fmt.Errorf("the program was not ready within 20 seconds: %s", said.String())
}

func (p *program) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.cmd.Wait()
}

// memory reads a line of the process as Linux tells it.
func (p *program) memory(line string) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), line+":")
	n, _ := strconv.ParseInt(strings.TrimSpace(strings.SplitN(rest, "kB", 2)[0]), 10, 64)
	return n << 10
}

// measureProcess starts the built program several times, and loads the last copy with the pages.
func measureProcess(ctx context.Context, binary string, w *site, folder string, starts int, last time.Duration) (m process, err error) {
	info, err := os.Stat(binary)
	if err != nil {
		return m, fmt.Errorf("looking for the program, which make build makes: %w", err)
	}
	m.BinaryBytes, m.ColdStarts = info.Size(), starts
	var took []float64
	for n := range starts {
		p, err := start(ctx, binary, w.url, folder)
		if err != nil {
			return m, err
		}
		took = append(took, p.took.Seconds())
		if n == starts-1 {
			time.Sleep(5 * time.Second)
			m.IdleBytes = p.memory("VmRSS")
			for _, each := range w.found.pages() {
				if _, loaded := load(ctx, p.addr, ask{path: each.path, cookie: each.cookie}, 64, last); loaded != nil {
					err = errors.Join(err, loaded)
				}
			}
			m.LoadBytes = p.memory("VmHWM")
		}
		if err := errors.Join(err, p.stop()); err != nil {
			return m, err
		}
	}
	m.ColdStart = median(took)
	return m, nil
}

func median(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	all = slices.Sorted(slices.Values(all))
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}
