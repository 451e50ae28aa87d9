package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// result is what a load saw.
type result struct {
	PerSecond float64 `json:"per_second"`
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
	Refused   float64 `json:"refused"` // share of the answers that said "not now", for want of a connection to the database
	answers   int
}

// ask is a request, and what its answer must be: 200, with as many bytes.
type ask struct {
	path, cookie string
	length       int // of the body as it travels; a page that tells the time may differ by a twentieth. 0: any
}

func (a ask) wire() []byte {
	s := "GET " + a.path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\nAccept: text/html\r\nUser-Agent: bench\r\n"
	if a.cookie != "" {
		s += "Cookie: " + a.cookie + "\r\n"
	}
	return []byte(s + "\r\n")
}

// load asks the same over keep-alive connections, each as fast as it is answered, for a bounded time.
func load(ctx context.Context, addr string, a ask, connections int, last time.Duration) (result, error) {
	return paced(ctx, addr, a, connections, last, 0)
}

// paced asks at a set pace: each connection once in so long, or at once when the answer came later than that. What an answer
// takes counts from when it was to be asked, so that those who would have come during a slow one are not forgotten.
func paced(ctx context.Context, addr string, a ask, connections int, last, pace time.Duration) (result, error) {
	times, refused, errs := make([][]time.Duration, connections), make([]int, connections), make([]error, connections)
	wire := a.wire()
	start := time.Now()
	var all sync.WaitGroup
	for c := range connections {
		all.Go(func() {
			time.Sleep(pace * time.Duration(c) / time.Duration(connections)) // not all at the same moment
			times[c], refused[c], errs[c] = one(ctx, addr, a, wire, start.Add(last), pace)
		})
	}
	all.Wait()
	took := time.Since(start)
	if err := errors.Join(errs...); err != nil {
		return result{}, fmt.Errorf("%s: %w", a.path, err)
	}
	seen := slices.Concat(times...)
	if len(seen) == 0 {
		return result{}, fmt.Errorf("%s: no answer in time", a.path)
	}
	slices.Sort(seen)
	at := func(share float64) float64 {
		return float64(seen[int(share*float64(len(seen)-1))]) / float64(time.Millisecond)
	}
	no := 0
	for _, n := range refused {
		no += n
	}
	return result{float64(len(seen)) / took.Seconds(), at(0.5), at(0.99), float64(no) / float64(no+len(seen)), no + len(seen)}, nil
}

func one(ctx context.Context, addr string, a ask, wire []byte, until time.Time, pace time.Duration) (times []time.Duration, refused int, err error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, 0, err
	}
	defer c.Close()
	if err := c.SetDeadline(until.Add(15 * time.Second)); err != nil {
		return nil, 0, err
	}
	in := bufio.NewReaderSize(c, 32<<10)
	for begin := time.Now(); begin.Before(until) && ctx.Err() == nil; {
		if _, err := c.Write(wire); err != nil {
			return nil, 0, err
		}
		status, n, err := answer(in)
		if err != nil {
			return nil, 0, fmt.Errorf("reading the answer: %w", err)
		}
		if status == 503 {
			refused++
			begin = time.Now()
			continue
		}
		if off := n - a.length; status != 200 || a.length > 0 && (off > a.length/20 || -off > a.length/20) {
			return nil, 0, fmt.Errorf("status %d with %d bytes; expected 200 with %d", status, n, a.length)
		}
		end := time.Now()
		times = append(times, end.Sub(begin))
		next := begin.Add(pace)
		if early := next.Sub(end); pace > 0 && early > 0 {
			time.Sleep(early)
			next = time.Now() // that the timer is late is not the answer's doing
		} else if pace == 0 {
			next = end
		}
		begin = next
	}
	return times, refused, ctx.Err()
}

// answer reads one answer and throws its body away. It knows just what Go's server sends, so that measuring costs little.
func answer(in *bufio.Reader) (status, length int, err error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return 0, 0, err
	}
	if len(line) < 12 {
		return 0, 0, fmt.Errorf("no status in %q", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, 0, err
	}
	length, chunked, err := headers(in)
	switch {
	case err != nil:
		return 0, 0, err
	case chunked:
		length, err = chunks(in)
	default:
		_, err = in.Discard(length)
	}
	return status, length, err
}

// headers tells how long the body is, or that it comes in chunks.
func headers(in *bufio.Reader) (length int, chunked bool, err error) {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil || len(line) <= 2 {
			return length, chunked, err
		}
		switch line[0] {
		case 'C', 'c':
			if s := string(line); len(s) > 15 && strings.EqualFold(s[:15], "Content-Length:") {
				if length, err = strconv.Atoi(strings.TrimSpace(s[15:])); err != nil {
					return 0, false, err
				}
			}
		case 'T', 't':
			chunked = chunked || strings.HasPrefix(strings.ToLower(string(line)), "transfer-encoding: chunked")
		}
	}
}

// chunks throws a body away that comes in pieces, and tells how long it was.
func chunks(in *bufio.Reader) (length int, err error) {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		n, err := strconv.ParseInt(strings.TrimSpace(string(line)), 16, 32)
		if err != nil {
			return 0, err
		}
		if _, err := in.Discard(int(n) + 2); err != nil {
			return 0, err
		}
		if n == 0 {
			return length, nil
		}
		length += int(n)
	}
}
