package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// account is who runs PostgreSQL. It refuses to run as root, so root lends it another account.
type account struct {
	name     string
	uid, gid int
	lent     bool
}

// databaseAccount is the account for data, which keep the owner they have.
func databaseAccount(data string) (account, error) {
	info, err := os.Stat(data)
	there := err == nil
	if os.Geteuid() != 0 {
		me := account{name: "you", uid: os.Geteuid(), gid: os.Getegid()}
		if there && ownerOf(info) != me.uid {
			return account{}, fmt.Errorf("the data in %s belong to another user; start Regiogriffie as that user or as root, or choose another folder", data)
		}
		return me, nil
	}
	if there && ownerOf(info) != 0 {
		stat := info.Sys().(*syscall.Stat_t)
		a := account{name: strconv.Itoa(int(stat.Uid)), uid: int(stat.Uid), gid: int(stat.Gid), lent: true}
		if u, err := user.LookupId(a.name); err == nil {
			a.name = u.Username
		}
		return a, nil
	}
	for _, known := range []string{"postgres", "_postgres", "nobody"} {
		u, err := user.Lookup(known)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.Atoi(u.Uid)
		gid, gidErr := strconv.Atoi(u.Gid)
		if uidErr == nil && gidErr == nil && uid > 0 {
			return account{name: known, uid: uid, gid: gid, lent: true}, nil
		}
	}
	return account{}, errors.New("PostgreSQL does not run as root, and there is no account postgres or nobody; start Regiogriffie as an ordinary user")
}

// own gives the path, with all that lies in it, to the account.
func (a account) own(path string) error {
	if !a.lent {
		return nil
	}
	if info, err := os.Lstat(path); err == nil && ownerOf(info) == a.uid {
		return nil
	}
	err := filepath.WalkDir(path, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, a.uid, a.gid)
	})
	if err != nil {
		return fmt.Errorf("giving %s to the account %s: %w", path, a.name, err)
	}
	return nil
}

// mayReach makes sure that the account can enter dir. Of the folders, only dir is ours to open.
func (a account) mayReach(ctx context.Context, p program, dir string) error {
	if !a.lent {
		return nil
	}
	try := func() error { return a.command(ctx, dir, p.path("postgres"), "--version").Run() }
	err := try()
	if err == nil {
		return nil
	}
	if info, statErr := os.Stat(dir); statErr == nil && ownerOf(info) == 0 && os.Lchown(dir, -1, a.gid) == nil &&
		os.Chmod(dir, info.Mode().Perm()|0o010) == nil {
		err = try()
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("the account %s, which runs PostgreSQL, cannot reach %s; choose another data folder, such as %s", a.name, dir, DefaultDir())
	}
	if err != nil {
		return fmt.Errorf("running PostgreSQL as the account %s: %w", a.name, err)
	}
	return nil
}

// command prepares a program of PostgreSQL to run as the account. It gets a process group of its own: a Ctrl-C in the
// terminal is for us, and we end it in order.
func (a account) command(ctx context.Context, dir, path string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = dir
	cmd.Env = environment()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if a.lent {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	// A grandchild that keeps the output open must not keep us.
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// environment is ours without what would steer PostgreSQL or our own secrets: a PGDATA, a language for its messages,
// the socket on which systemd waits for us to be ready.
func environment() []string {
	var kept []string
	for _, pair := range os.Environ() {
		steers := false
		for _, prefix := range []string{"PG", "LC_", "LANG", "NOTIFY_SOCKET=", "REGIOGRIFFIE_", "DATABASE_URL="} {
			steers = steers || strings.HasPrefix(pair, prefix)
		}
		if !steers {
			kept = append(kept, pair)
		}
	}
	if runtime.GOOS == "darwin" {
		// Without a language, a Mac starts a thread to find one, and postgres refuses to run with threads.
		kept = append(kept, "LC_ALL=C")
	}
	return kept
}

func ownerOf(info fs.FileInfo) int {
	return int(info.Sys().(*syscall.Stat_t).Uid)
}
