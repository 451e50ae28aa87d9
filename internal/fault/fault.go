// Package fault holds what the reader of an error should know: that a thing is not there, may not be done, was changed
// by someone else, or which fields of an input are wrong. Every other error is the program's own and stays inside.
package fault

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

var (
	// NotFound: the thing does not exist for who asks; also the answer for what he may not see.
	NotFound = errors.New("not found")
	// Forbidden: the thing is visible, the act is not allowed.
	Forbidden = errors.New("forbidden")
	// Conflict: somebody else changed the thing since it was read.
	Conflict = errors.New("changed by someone else")
	// Unconfirmed: the act has legal effect and the password must be asked again first (security 11).
	Unconfirmed = errors.New("password to be confirmed")
)

// Refusal is a Forbidden with the sentence, in Dutch, that tells the reader why and how to go on.
type Refusal struct{ Why string }

// Error gives the sentence.
func (r Refusal) Error() string { return r.Why }

// Is makes a Refusal a Forbidden.
func (r Refusal) Is(target error) bool { return target == Forbidden }

// Because refuses an act with a sentence for the reader.
func Because(format string, args ...any) error { return Refusal{fmt.Sprintf(format, args...)} }

// Fields says what is wrong with an input, by field name, in Dutch sentences that tell what to do.
type Fields map[string]string

// Error lists the faults, for the log and for tests.
func (f Fields) Error() string {
	var parts []string
	for name, why := range f {
		parts = append(parts, name+": "+why)
	}
	slices.Sort(parts)
	return "invalid input: " + strings.Join(parts, "; ")
}

// Must notes the fault why under name when ok is false; the first fault of a field stands.
func (f Fields) Must(ok bool, name, why string) {
	if _, known := f[name]; !ok && !known {
		f[name] = why
	}
}

// Err is nil when nothing is wrong.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}
