package embedded

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// endWithParent has the kernel send PostgreSQL the sign to stop when we are gone, however that came about.
func endWithParent(attributes *syscall.SysProcAttr) {
	attributes.Pdeathsig = syscall.SIGINT
}

// commandLine is how a process was started, empty when it is no more.
func commandLine(pid int) string {
	text, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
	return strings.ReplaceAll(string(text), "\x00", " ")
}
