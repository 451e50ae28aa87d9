package file

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/postgres"
)

// Store is the folder in which the bytes lie. Nothing in it can lead outside.
type Store struct{ root *os.Root }

// arriving is the folder, within that of the store, in which uploads wait until a verb takes them in.
const arriving = "tijdelijk"

// NewStore opens the folder, and makes it for this user alone when it is not there.
func NewStore(folder string) (*Store, error) {
	if err := os.MkdirAll(filepath.Join(folder, arriving), 0o700); err != nil {
		return nil, fmt.Errorf("making the folder for files: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("opening the folder for files: %w", err)
	}
	// One that was there may have been made by hand.
	if err := root.Chmod(arriving, 0o700); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the folder for files: %w", err), root.Close())
	}
	return &Store{root}, nil
}

// Close gives the folder back.
func (s *Store) Close() error { return s.root.Close() }

// Open gives the bytes; the caller has found the attachment on behalf of who asks.
func (s *Store) Open(_ context.Context, a Attachment) (io.ReadSeekCloser, error) {
	f, err := s.root.Open(a.DiskName)
	if err != nil {
		return nil, fmt.Errorf("opening a file: %w", err)
	}
	return f, nil
}

// Receive puts what arrives aside until a verb takes it in: on disk, not in memory, and without a name, so that nothing of
// it is left when it is closed, nor when the program is killed meanwhile. It reads to the end, and keeps no more than what
// tells that a file is larger than MaxBytes. The caller closes it.
func (s *Store) Receive(from io.Reader) (_ io.ReadCloser, err error) {
	name := arriving + "/" + randomName()
	f, err := s.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, onDisk(err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()
		}
	}()
	// Another copy of the program that starts just now may have done so.
	if err := s.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, onDisk(err)
	}
	if _, err := io.Copy(f, io.LimitReader(from, MaxBytes+1)); err != nil {
		return nil, onDisk(err)
	}
	if _, err := io.Copy(io.Discard, from); err != nil {
		return nil, onDisk(err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, onDisk(err)
	}
	return f, nil
}

// Clear removes what a program that was killed between two breaths left behind in the folder for what arrives. Call it at
// the start: what arrives has a name for no longer than that.
func (s *Store) Clear() error {
	entries, err := fs.ReadDir(s.root.FS(), arriving)
	if err != nil {
		return fmt.Errorf("reading the folder for what arrives: %w", err)
	}
	for _, e := range entries {
		if err := s.root.RemoveAll(arriving + "/" + e.Name()); err != nil {
			return fmt.Errorf("emptying the folder for what arrives: %w", err)
		}
	}
	return nil
}

// kept is a file that lies on disk, not yet known to the database.
type kept struct {
	name     string
	bytes    int64
	sha256   string
	kind     kind
	charset  string
	fileName string
}

func field(why string) error { return fault.Fields{"file": why} }

// keep writes the bytes under a temporary name, looks at them, and only then gives them their lasting name. When it
// returns, they are on disk.
func (s *Store) keep(u Upload) (k kept, err error) {
	k.name = randomName()
	temporary := "tmp-" + k.name
	f, err := s.root.OpenFile(temporary, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return kept{}, onDisk(err)
	}
	defer func() {
		_ = f.Close()
		if err != nil {
			_ = s.root.Remove(temporary)
		}
	}()
	sum := sha256.New()
	k.bytes, err = io.Copy(io.MultiWriter(f, sum), io.LimitReader(u.Content, MaxBytes+1))
	if err != nil {
		return kept{}, onDisk(err)
	}
	if k.bytes > MaxBytes {
		return kept{}, field("Dit bestand is te groot: hoogstens 50 MB. Maak het kleiner of deel het op.")
	}
	k.sha256 = hex.EncodeToString(sum.Sum(nil))
	k.fileName = CleanName(u.FileName)
	var why string
	if k.kind, k.charset, why = recognise(f, k.bytes, k.fileName); why != "" {
		return kept{}, field(why)
	}
	if err := f.Sync(); err != nil {
		return kept{}, onDisk(err)
	}
	if err := s.root.Rename(temporary, k.name); err != nil {
		return kept{}, onDisk(err)
	}
	return k, s.syncFolder()
}

// syncFolder makes a new name last through a power cut.
func (s *Store) syncFolder() error {
	d, err := s.root.Open(".")
	if err != nil {
		return onDisk(err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return onDisk(err)
	}
	return nil
}

func (s *Store) drop(name string) {
	if err := s.root.Remove(name); err != nil {
		slog.Warn("an unused file could not be removed; the next sweep tries again", "error", err)
	}
}

func onDisk(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		slog.Error("the disk for files is full")
		return field("De schijf van de server is vol; dit bestand is niet bewaard. Waarschuw de functioneel beheerder en probeer het later opnieuw.")
	}
	return fmt.Errorf("keeping a file: %w", err)
}

func randomName() string {
	raw := make([]byte, 16)
	if _, err := rand.Read(raw); err != nil {
		panic(fmt.Sprintf("no randomness: %v", err)) // crypto/rand does not fail on a working system
	}
	return hex.EncodeToString(raw)
}

// Sweep removes what a crash or a rolled back transaction left behind: files on disk older than a day that the database
// does not know, and whatever lies in the folder for what arrives. It asks by the random names alone, so it needs no right
// to see an attachment.
func (s *Store) Sweep(ctx context.Context, db postgres.DB) error {
	if err := s.Clear(); err != nil {
		return err
	}
	entries, err := fs.ReadDir(s.root.FS(), ".")
	if err != nil {
		return fmt.Errorf("reading the folder for files: %w", err)
	}
	old := []string{}
	for _, e := range entries {
		info, err := e.Info()
		// The age of a file is a fact of the disk, so it is compared with the real clock.
		if err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > 24*time.Hour {
			old = append(old, e.Name())
		}
	}
	if len(old) == 0 {
		return nil
	}
	known, err := knownNames(ctx, db, old)
	if err != nil {
		return fmt.Errorf("asking which files are known: %w", err)
	}
	for _, name := range old {
		if !known[name] {
			s.drop(name)
		}
	}
	return nil
}

func knownNames(ctx context.Context, db postgres.DB, names []string) (map[string]bool, error) {
	list, err := postgres.All[string](ctx, db, `select disk_name from attachment_files where disk_name = any(@names)`,
		postgres.Args{"names": names}.As(access.Actor{}))
	known := map[string]bool{}
	for _, n := range list {
		known[n] = true
	}
	return known, err
}
