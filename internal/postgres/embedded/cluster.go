package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// initialise makes the data, beside their place until they are whole: what is cut short never looks like data.
func (s *Server) initialise(ctx context.Context) error {
	beside := s.data() + ".new"
	defer os.RemoveAll(beside)
	var err error
	for _, language := range languages {
		if err = s.initdb(ctx, beside, language); err == nil || !errors.Is(err, errLanguage) {
			break
		}
	}
	if err != nil {
		return err
	}
	if err := os.Rename(beside, s.data()); err != nil {
		return s.plain("putting the data in their place", err)
	}
	return nil
}

// languages are ways to sort and to change case, best first. ICU sorts as Dutch does on every system; the other half
// decides what a letter is for text search, so it had better know Unicode.
var languages = [][]string{
	{"--locale-provider=icu", "--icu-locale=nl-NL", "--locale=C.UTF-8"},
	{"--locale-provider=icu", "--icu-locale=nl-NL", "--locale=nl_NL.UTF-8"},
	{"--locale-provider=icu", "--icu-locale=nl-NL", "--locale=en_US.UTF-8"},
	{"--locale-provider=icu", "--icu-locale=nl-NL", "--locale=C"},
	{"--locale=nl_NL.UTF-8"},
	{"--locale=C.UTF-8"},
	{"--locale=C"},
}

var errLanguage = errors.New("this PostgreSQL does not know the language")

func (s *Server) initdb(ctx context.Context, data string, language []string) error {
	if err := os.RemoveAll(data); err != nil {
		return s.plain("clearing away half-made data", err)
	}
	if err := os.Mkdir(data, 0o700); err != nil {
		return s.plain("making the data", err)
	}
	if err := s.account.own(data); err != nil {
		return err
	}
	args := append([]string{
		"--pgdata=" + data, "--username=" + owner, "--pwfile=" + filepath.Join(s.dir, "password"),
		"--auth=scram-sha-256", "--encoding=UTF8", "--lc-messages=C", "--data-checksums",
	}, language...)
	if s.options.Settings["fsync"] == "off" {
		args = append(args, "--no-sync")
	}
	cmd := s.account.command(ctx, s.dir, s.program.path("initdb"), args...)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	process, err := start(cmd)
	if err == nil {
		err = <-process
	}
	said := complaints.String()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("making the data: %w", ctx.Err())
	case isFull(said):
		return fmt.Errorf("making the data: the disk that holds %s is full", s.dir)
	case strings.Contains(said, "locale") || strings.Contains(said, "ICU") || strings.Contains(said, "collator"):
		return fmt.Errorf("making the data: %w: %s", errLanguage, lastLine(said, "error:"))
	}
	return fmt.Errorf("making the data: %w: %s", err, lastLine(said, "FATAL"))
}
