package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

type healthCommand struct{}

// Run asks the site on this machine whether it can serve, for a container that has no other program to ask with.
func (healthCommand) Run(ctx context.Context, c config) error {
	host, port, err := net.SplitHostPort(c.addr)
	if err != nil {
		return err // read has checked it
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(reachable(host), port)+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("asking the site: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("the site does not answer: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the site is not ready: it answers %s", response.Status)
	}
	return nil
}
