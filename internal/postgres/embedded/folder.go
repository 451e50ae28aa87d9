package embedded

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// makeFolder makes the data folder. Root's may be passed through by others, for PostgreSQL runs as another account.
func makeFolder(dir string) error {
	mode := fs.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711
	}
	if err := os.MkdirAll(dir, mode); err != nil {
		return fmt.Errorf("making the data folder: %w", err)
	}
	return nil
}

// lock takes the folder for this process. The kernel lets go of it however the process ends.
func lock(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking the data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%s: %w", dir, ErrInUse)
		}
		return nil, fmt.Errorf("locking %s: %w", dir, err)
	}
	return f, nil
}

// majorOf is the major version that made the data, zero when there are none yet.
func majorOf(data string) (int, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Lstat(data); err == nil {
			return 0, fmt.Errorf("%s exists but holds no PostgreSQL data; move it away and start again", data)
		}
		return 0, nil
	case errors.Is(err, fs.ErrPermission):
		return 0, fmt.Errorf("the data in %s belong to another user; start Regiogriffie as that user or as root, or choose another folder", data)
	case err != nil:
		return 0, fmt.Errorf("reading the version of the data: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("the version of the data in %s cannot be read: %q", data, text)
	}
	return major, nil
}

// makePassword reads the owner's password, or makes one up for data that are still to come.
// Its file belongs to PostgreSQL's account, which has to read it once and rules over the data anyway.
func (s *Server) makePassword(fresh bool) error {
	path := filepath.Join(s.dir, "password")
	text, err := os.ReadFile(path)
	s.password = strings.TrimSpace(string(text))
	if err == nil && s.password != "" {
		return s.account.own(path)
	}
	if !fresh {
		return fmt.Errorf("the password of the database is missing: put back the file %s", path)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading the password of the database: %w", err)
	}
	s.password = rand.Text()
	if err := os.WriteFile(path, []byte(s.password+"\n"), 0o600); err != nil {
		return s.plain("keeping the password of the database", err)
	}
	return s.account.own(path)
}

// socketName is what PostgreSQL calls its socket on the port that we always give it.
const socketName = ".s.PGSQL.5432"

// makeSockets chooses the folder of the socket. A socket's path may be no longer than about a hundred characters,
// and the setting and the address that carry it have signs of their own; then a short folder stands in.
func (s *Server) makeSockets() error {
	s.sockets = filepath.Join(s.dir, "run")
	if len(filepath.Join(s.sockets, socketName)) <= 100 && !strings.ContainsAny(s.sockets, `,"'\`) {
		if err := os.MkdirAll(s.sockets, 0o700); err != nil {
			return s.plain("making the folder of the socket", err)
		}
		return s.account.own(s.sockets)
	}
	if kept, ok := s.shortSockets(); ok {
		s.sockets = kept
		return nil
	}
	// Not os.TempDir, which is itself long on a Mac.
	short, err := os.MkdirTemp("/tmp", "rg-")
	if err != nil {
		return s.plain("making the folder of the socket", err)
	}
	s.sockets = short
	if err := os.WriteFile(s.socketNote(), []byte(short), 0o600); err != nil {
		return s.plain("making the folder of the socket", err)
	}
	return s.account.own(short)
}

// socketNote remembers the short folder, so that a killed process leaves one behind at most.
func (s *Server) socketNote() string { return filepath.Join(s.dir, "socket-folder") }

// shortSockets is the short folder of an earlier run, if it is still there and still nobody else's.
func (s *Server) shortSockets() (string, bool) {
	text, err := os.ReadFile(s.socketNote())
	if err != nil || !strings.HasPrefix(string(text), "/tmp/rg-") {
		return "", false
	}
	info, err := os.Lstat(string(text))
	if err != nil || !info.IsDir() || info.Mode().Perm() != 0o700 || ownerOf(info) != s.account.uid {
		return "", false
	}
	return string(text), true
}

func (s *Server) dropShortSockets() {
	if short, ok := s.shortSockets(); ok {
		os.RemoveAll(short)
		os.Remove(s.socketNote())
	}
}

// isFull recognises a full disk in what a program said. PostgreSQL may name only the write that fell short, and add a hint.
func isFull(text string) bool {
	for _, sign := range []string{"No space left on device", syscall.ENOSPC.Error(), "Disk quota exceeded", "Check free disk space", "wrote only"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}
