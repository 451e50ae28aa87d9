package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/term"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
)

type adminCommand struct {
	Email    string               `env:"REGIOGRIFFIE_ADMIN_EMAIL" placeholder:"E-MAIL" help:"E-mail address to sign in with; asked for when not given."`
	Name     string               `env:"REGIOGRIFFIE_ADMIN_NAME" placeholder:"NAME" help:"Name of the person, such as \"Anna de Vries\"; asked for when not given."`
	Password kong.FileContentFlag `name:"password-file" env:"REGIOGRIFFIE_ADMIN_PASSWORD_FILE" placeholder:"FILE" help:"File that holds the password; asked for when not given."`
}

// errHasAdmins: from then on the site itself is where accounts are made.
var errHasAdmins = errors.New("there are two administrators already; accounts are made on the site, under Beheer")

// Run makes the first administrator, and the second, since what opens closed matter takes two: a person, an account and the
// role for the whole installation, together or not at all.
func (a adminCommand) Run(ctx context.Context, c config, t terminal) error {
	return with(ctx, c, func(pool *pgxpool.Pool, _ database) error {
		// Before asking: nobody should type a password for nothing.
		if err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error { return refuseThird(ctx, tx) }); err != nil {
			return err
		}
		email, name, password, err := a.ask(ctx, t)
		if err != nil {
			return err
		}
		if err := createAdmin(ctx, pool, time.Now(), email, name, password); err != nil {
			return err
		}
		fmt.Fprintf(t.out, "%s can sign in at %s/inloggen.\n", email, c.baseURL)
		return nil
	})
}

func refuseThird(ctx context.Context, tx pgx.Tx) error {
	err := identity.MayMakeAdmin(ctx, tx)
	if errors.Is(err, fault.Forbidden) {
		return errHasAdmins
	}
	return err
}

func createAdmin(ctx context.Context, db postgres.DB, at time.Time, email, name, password string) error {
	actor := access.Actor{Duty: identity.DutyAdmin, At: at}
	email = identity.TidyEmail(email)
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if err := refuseThird(ctx, tx); err != nil {
			return err
		}
		person, err := partner.CreatePerson(ctx, tx, actor, personOf(name, email))
		if err != nil {
			return err
		}
		if _, err := identity.CreateAccount(ctx, tx, actor, identity.Draft{PersonID: person.ID, Email: email, Password: password}); err != nil {
			return err
		}
		_, err = partner.GrantRole(ctx, tx, actor, partner.RoleDraft{PersonID: person.ID, Role: access.Admin, ValidFrom: dutch.Day(at)})
		return err
	})
	var faults fault.Fields
	if errors.As(err, &faults) {
		// The sentences are those of the site, in Dutch.
		var sentences []string
		for _, sentence := range faults {
			sentences = append(sentences, sentence)
		}
		slices.Sort(sentences)
		return fmt.Errorf("the administrator is not made: %s", strings.Join(sentences, " "))
	}
	return err
}

// personOf takes a name apart: small words between the first and the last are an infix.
func personOf(name, email string) partner.PersonDraft {
	words := strings.Fields(name)
	d := partner.PersonDraft{DisplayName: strings.Join(words, " "), WorkEmail: email}
	if len(words) == 0 {
		return d
	}
	if len(words) > 1 {
		d.Given, words = words[0], words[1:]
	}
	small := 0
	for small < len(words)-1 && strings.ToLower(words[small]) == words[small] {
		small++
	}
	d.Infix, d.Family = strings.Join(words[:small], " "), strings.Join(words[small:], " ")
	return d
}

// ask gathers what the flags left open.
func (a adminCommand) ask(ctx context.Context, t terminal) (email, name, password string, err error) {
	q := questions{t: t, lines: bufio.NewReader(t.in)}
	email, name = a.Email, a.Name
	if email == "" {
		email = q.line(ctx, "E-mail address: ")
	}
	if name == "" {
		name = q.line(ctx, "Name (such as Anna de Vries): ")
	}
	switch {
	case a.Password != nil:
		password = strings.TrimRight(string(a.Password), "\r\n")
	case term.IsTerminal(int(t.in.Fd())):
		password = q.secret(ctx, "Password (12 characters or more, not shown): ")
		if again := q.secret(ctx, "Once more: "); q.err == nil && again != password {
			q.err = errors.New("the two passwords differ; nothing was made")
		}
	default:
		password = q.line(ctx, "Password: ")
	}
	return email, name, password, q.err
}

// questions asks one after the other and stops at the first that gets no answer.
type questions struct {
	t     terminal
	lines *bufio.Reader
	err   error
}

func (q *questions) line(ctx context.Context, question string) string {
	return q.ask(ctx, question, func() (string, error) {
		text, err := q.lines.ReadString('\n')
		if text = strings.TrimSpace(text); text == "" && err != nil {
			return "", errors.New("an answer is missing; give --email, --name and --password-file, or type them")
		}
		return text, nil
	})
}

// secret reads a line that the terminal does not show. Broken off, the terminal shows again what is typed.
func (q *questions) secret(ctx context.Context, question string) string {
	fd := int(q.t.in.Fd())
	if before, err := term.GetState(fd); err == nil {
		defer func() { _ = term.Restore(fd, before) }() // a terminal that is gone shows nothing anyway
	}
	return q.ask(ctx, question, func() (string, error) {
		typed, err := term.ReadPassword(fd)
		fmt.Fprintln(q.t.err)
		if err != nil {
			return "", fmt.Errorf("reading the password: %w", err)
		}
		return string(typed), nil
	})
}

// ask waits for an answer, but no longer than the context: reading a terminal does not end by itself.
func (q *questions) ask(ctx context.Context, question string, read func() (string, error)) string {
	if q.err != nil {
		return ""
	}
	if term.IsTerminal(int(q.t.in.Fd())) {
		fmt.Fprint(q.t.err, question)
	}
	type answer struct {
		text string
		err  error
	}
	given := make(chan answer, 1)
	go func() {
		text, err := read()
		given <- answer{text, err}
	}()
	select {
	case a := <-given:
		q.err = a.err
		return a.text
	case <-ctx.Done():
		fmt.Fprintln(q.t.err)
		q.err = ctx.Err()
		return ""
	}
}
