package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Upload is a file as it comes in.
type Upload struct {
	Title    string // empty: the file name without its extension
	FileName string
	Content  io.Reader
}

// Attach takes a file in and numbers it after the others of its object; the audience is that of the object. The caller,
// the verb of the subject, has checked the right. The same file under the same name and title a second time is the first
// one. What is wrong with the file is a fault of the field "file". When the transaction around it is rolled back, the
// bytes stay behind until Sweep.
func (s *Store) Attach(ctx context.Context, db postgres.DB, actor access.Actor, o Object, audience access.Audience, u Upload) (Attachment, error) {
	k, err := s.keep(u)
	if err != nil {
		return Attachment{}, err
	}
	if !strings.Contains(k.fileName, ".") {
		if k.fileName == "" {
			k.fileName = "bijlage"
		}
		k.fileName += k.kind.exts[0]
	}
	title := cut(cleanLine(u.Title), maxTitle)
	if title == "" {
		title = strings.TrimSuffix(k.fileName, k.fileName[strings.LastIndex(k.fileName, "."):])
	}
	if title == "" {
		title = "Bijlage"
	}
	mime := k.kind.mime
	if k.charset != "" {
		mime += "; charset=" + k.charset
	}
	var a Attachment
	fresh := false
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if err := lockObject(ctx, tx, o); err != nil {
			return err
		}
		same, err := findSame(ctx, tx, actor, o, title, k)
		if !errors.Is(err, fault.NotFound) {
			a = same
			return err
		}
		fresh = true
		a, err = insert(ctx, tx, actor, o, audience, Attachment{
			ID: id.New[id.Attachment](), Line: Line{Key: id.NewKey(), Title: title, Mime: mime, Bytes: k.bytes},
			FileName: k.fileName, Sha256: k.sha256, DiskName: k.name, CreatedAt: actor.At, CreatedBy: actor.Name,
		})
		return err
	})
	if err != nil || !fresh {
		s.drop(k.name)
	}
	if err != nil {
		return Attachment{}, fmt.Errorf("attaching a file: %w", err)
	}
	return a, nil
}
