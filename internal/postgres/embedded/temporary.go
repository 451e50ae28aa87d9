package embedded

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// temporaryPrefix marks the folders of temporary servers, so that a later one can clear away what is left of a killed one.
const temporaryPrefix = "regiogriffie-test-"

// haste makes a server quick and careless: what it holds may be lost.
var haste = map[string]string{
	"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0",
	"max_connections": "300", "shared_buffers": "64MB", "max_wal_size": "256MB",
	// Not worth its start for what lives a minute, and in the way of copying a database.
	"autovacuum": "off",
	"jit":        "off",
}

// StartTemporary starts a server for tests: new, empty, quick, and gone with its folder after Stop or when this process ends.
func StartTemporary(ctx context.Context, log *slog.Logger, options Options) (_ *Server, err error) {
	for _, base := range []string{memoryDir, os.TempDir()} {
		clearLeftovers(base)
	}
	dir, err := os.MkdirTemp(temporaryBase(), temporaryPrefix)
	if err != nil {
		return nil, fmt.Errorf("making a folder for a temporary server: %w", err)
	}
	clear, err := clearAfter(dir)
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	if os.Geteuid() == 0 {
		os.Chmod(dir, 0o711)
	}
	settings := maps.Clone(haste)
	maps.Copy(settings, options.Settings)
	s, err := Start(ctx, dir, log, Options{Bin: options.Bin, Settings: settings})
	if err != nil {
		clear()
		return nil, err
	}
	s.gone = clear
	return s, nil
}

// memoryDir is where Linux keeps files in memory.
const memoryDir = "/dev/shm"

// temporaryBase is in memory where there is room for a few copies of the database.
func temporaryBase() string {
	var at syscall.Statfs_t
	if err := syscall.Statfs(memoryDir, &at); err == nil && uint64(at.Bavail)*uint64(at.Bsize) >= 512<<20 {
		return memoryDir
	}
	return os.TempDir()
}

// A test ends without a word, so a shell outlives it: when our end of the pipe closes, the process is over.
// The server has had its own sign by then where the system gives one.
const clearScript = `
while read -r line; do :; done
tries=0
while [ $tries -lt 50 ]; do
	pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) || break
	kill -s QUIT "$pid" 2>/dev/null || break
	tries=$((tries + 1))
	sleep 0.1
done
if [ -f "$1/socket-folder" ]; then
	short=$(cat "$1/socket-folder")
	case $short in /tmp/rg-*) rm -rf -- "$short" ;; esac
fi
rm -rf -- "$1" 2>/dev/null || { sleep 1; rm -rf -- "$1"; }
`

// clearAfter arranges that the folder goes, with the server in it, at the call of clear or when this process ends.
func clearAfter(dir string) (clear func(), err error) {
	cmd := exec.Command("/bin/sh", "-c", clearScript, "regiogriffie-clear", dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	// No output: who waits for the end of a test's output would wait for this too.
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("watching over the temporary server: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("watching over the temporary server: %w", err)
	}
	return func() {
		pipe.Close()
		cmd.Wait()
	}, nil
}

// clearLeftovers removes the folders of temporary servers that nobody holds any more: even the shell was killed.
func clearLeftovers(base string) {
	dirs, _ := filepath.Glob(filepath.Join(base, temporaryPrefix+"*"))
	for _, dir := range dirs {
		info, err := os.Lstat(dir)
		// A folder this young may just not have been locked yet.
		if err != nil || info.Mode().Type() != fs.ModeDir || ownerOf(info) != os.Geteuid() || time.Since(info.ModTime()) < 10*time.Second {
			continue
		}
		held, err := lock(dir)
		if err != nil {
			continue
		}
		data := filepath.Join(dir, "data")
		if p, ok := readPostmaster(data); ok {
			for tries := 0; tries < 30 && p.living(data); tries++ {
				syscall.Kill(p.pid, syscall.SIGQUIT)
				time.Sleep(100 * time.Millisecond)
			}
		}
		os.RemoveAll(dir)
		held.Close()
	}
}
