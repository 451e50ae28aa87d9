package postgres

import (
	"errors"
	"io"
	"net"
)

// isNet tells a broken connection from an answer.
func isNet(err error) bool {
	var broken net.Error
	return errors.As(err, &broken) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}
