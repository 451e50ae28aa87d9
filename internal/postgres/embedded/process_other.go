//go:build !linux

package embedded

import (
	"os/exec"
	"strconv"
	"syscall"
)

// endWithParent does nothing here: the server outlives a killed parent, and the next start takes it over.
func endWithParent(*syscall.SysProcAttr) {}

// commandLine is how a process was started, empty when it is no more.
func commandLine(pid int) string {
	text, _ := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return string(text)
}
