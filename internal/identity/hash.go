package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"
)

// ErrBusy says that more people sign in at once than passwords can be checked; a moment later it will do.
var ErrBusy = errors.New("too many passwords to be checked at once")

// cost is what one hash takes (argon2id). It is about 50 ms; tests pay less.
var cost = params{memory: memory(), time: 2, threads: 1}

func memory() uint32 {
	if testing.Testing() {
		return 1024
	}
	return 19456
}

type params struct {
	memory, time uint32
	threads      uint8
}

const (
	saltBytes = 16
	keyBytes  = 32
	// patience is how long someone waits for his turn to be hashed; a page takes 15 seconds at most.
	patience = 10 * time.Second
)

// queue lets two passwords be hashed at once, so that signing in never takes the whole machine. A council that begins its
// meeting may come from one address.
var queue = &turns{places: 2, most: 100}

// compute hashes the password when it is the turn of who.
func compute(ctx context.Context, who, password string, salt []byte, p params) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := queue.take(ctx, who); err != nil {
		return nil, err
	}
	defer queue.give()
	computed.Add(1)
	return argon2.IDKey([]byte(password), salt, p.time, p.memory, p.threads, keyBytes), nil
}

// hash makes the text under which a password is stored (PHC string format).
func hash(ctx context.Context, who, password string) (string, error) {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails: it ends the program where there is no randomness
	key, err := compute(ctx, who, password, salt, cost)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, cost.memory, cost.time, cost.threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// nobody is compared with when there is nothing to compare with, so that an unknown name costs what a known one does.
var nobody = parsed{salt: make([]byte, saltBytes), key: make([]byte, keyBytes), params: cost}

type parsed struct {
	params
	salt, key []byte
}

// verify reports whether the password is the one that was stored. An empty stored text is never right, at the same cost.
func verify(ctx context.Context, who, stored, password string) (bool, error) {
	p, known := parse(stored)
	if !known {
		p = nobody
	}
	key, err := compute(ctx, who, password, p.salt, p.params)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(key, p.key) == 1 && known, nil
}

func parse(stored string) (parsed, bool) {
	var p parsed
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.threads); err != nil {
		return p, false
	}
	// What the program never wrote is not worth computing.
	if p.memory > 1<<20 || p.time == 0 || p.time > 20 || p.threads == 0 {
		return p, false
	}
	var saltErr, keyErr error
	p.salt, saltErr = base64.RawStdEncoding.DecodeString(parts[4])
	p.key, keyErr = base64.RawStdEncoding.DecodeString(parts[5])
	return p, saltErr == nil && keyErr == nil && len(p.key) == keyBytes
}

// computed counts hashes, so that a test can tell that an unknown name costs one too.
var computed atomic.Int64
