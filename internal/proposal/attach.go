package proposal

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// maxAttachments bounds how many files a paper has.
const maxAttachments = 100

// Attach adds files to the paper: all of them or, with a fault of the field "file" that names the file, none. After offering
// it makes a version.
func Attach(ctx context.Context, db postgres.DB, files *file.Store, actor access.Actor, proposal id.Proposal, uploads ...file.Upload) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		p, err := FindLocked(ctx, tx, actor, proposal)
		if err != nil {
			return err
		}
		if !CanRevise(actor, p) {
			return fault.Forbidden
		}
		var before []file.Attachment
		if err := postgres.Read(ctx, tx, file.Of(&before, actor, string(p.ID))); err != nil {
			return err
		}
		f := fault.Fields{}
		f.Must(len(uploads) > 0, "file", "Kies eerst een bestand.")
		f.Must(!p.AttachmentsNa, "file", "Bij dit voorstel staat dat er geen bijlagen zijn (N.v.t.). Haal dat vinkje eerst weg bij Bewerken.")
		f.Must(len(before)+len(uploads) <= maxAttachments, "file", "Een voorstel heeft hoogstens 100 bijlagen.")
		if err := f.Err(); err != nil {
			return err
		}
		for _, u := range uploads {
			if _, err := files.Attach(ctx, tx, actor, file.Object{Kind: "proposal", ID: string(p.ID)}, p.Audience, u); err != nil {
				return withName(err, u)
			}
		}
		if !p.State.Inner() {
			if err := keepVersion(ctx, tx, actor, p, Renewal{}); err != nil {
				return err
			}
		}
		return audit.Note(ctx, tx, actor, "proposal.attach", string(p.ID), InTrailOf(p), "")
	})
}

// withName puts the name of the file before what is wrong with it: several come at once.
func withName(err error, u file.Upload) error {
	var fields fault.Fields
	if errors.As(err, &fields) && fields["file"] != "" {
		return fault.Fields{"file": file.CleanName(u.FileName) + ": " + fields["file"]}
	}
	return err
}

// Detach takes an attachment, by its key, away from the paper, until it is public. After offering it makes a version. A second
// time changes nothing.
func Detach(ctx context.Context, db postgres.DB, actor access.Actor, proposal id.Proposal, key string) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		p, err := FindLocked(ctx, tx, actor, proposal)
		if err != nil {
			return err
		}
		a, err := findAttached(ctx, tx, actor, proposal, key)
		if err != nil {
			return err
		}
		if !CanRevise(actor, p) {
			return fault.Forbidden
		}
		if !CanDetach(actor, p) {
			return fault.Because("Deze bijlage is al openbaar en blijft erbij. Voeg een nieuwe bijlage toe als er iets moet worden verbeterd.")
		}
		if a.Removed {
			return nil
		}
		if err := file.Remove(ctx, tx, actor, a.ID); err != nil {
			return err
		}
		if !p.State.Inner() {
			if err := keepVersion(ctx, tx, actor, p, Renewal{}); err != nil {
				return err
			}
		}
		return audit.Note(ctx, tx, actor, "proposal.detach", string(p.ID), InTrailOf(p), "")
	})
}

type attached struct {
	ID      id.Attachment
	Removed bool
}

func findAttached(ctx context.Context, tx postgres.DB, actor access.Actor, proposal id.Proposal, key string) (attached, error) {
	return postgres.One[attached](ctx, tx, `
		select a.id, a.removed_at is not null as removed from attachments a
		where a.key = @key and a.object_id = @id and `+access.Seen("a"),
		postgres.Args{"key": key, "id": proposal}.As(actor))
}
