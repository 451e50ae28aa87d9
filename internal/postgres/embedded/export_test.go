package embedded

import (
	"context"
	"errors"
	"os"
)

// LetGo makes the server an orphan: nobody holds its folder, but it runs on, as after the end of a parent on a Mac.
func LetGo(s *Server) {
	s.stopping.Do(func() { s.lock.Close() })
}

// AnyBin is the folder of a PostgreSQL on this machine.
func AnyBin(ctx context.Context) (string, error) {
	a, err := databaseAccount(os.DevNull + "/none")
	if err != nil {
		return "", err
	}
	p, ok := search(ctx, a, 0)
	if !ok {
		return "", errors.New("none")
	}
	return p.dir, nil
}
