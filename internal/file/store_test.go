package file

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"regiogriffie/internal/fault"
)

func TestAFullDiskIsToldPlainly(t *testing.T) {
	t.Parallel()
	var fields fault.Fields
	if err := onDisk(&fs.PathError{Op: "write", Err: syscall.ENOSPC}); !errors.As(err, &fields) || !strings.Contains(fields["file"], "vol") {
		t.Errorf("got %v", err)
	}
	if err := onDisk(&fs.PathError{Op: "write", Err: syscall.EIO}); errors.As(err, &fields) {
		t.Errorf("a broken disk is told as the reader's fault: %v", err)
	}
}
