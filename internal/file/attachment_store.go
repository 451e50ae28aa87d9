package file

import (
	"context"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

const columns = `a.id, ` + LineColumns + `, a.object_kind, a.number, a.file_name, a.sha256, a.disk_name, a.created_at, a.created_by, a.visibility`

// attached are the files of the objects that are not removed, in order of number; several objects each in their own order.
const attached = ` from attachments a
	where a.object_id = any(@objects::text[]::uuid[]) and a.removed_at is null and `

// Of reads all of what is attached to the objects.
func Of(dst *[]Attachment, actor access.Actor, objectIDs ...string) postgres.Query {
	return postgres.AllInto(dst, `select `+columns+attached+access.Seen("a")+` order by a.object_id, a.number`, objects(actor, objectIDs))
}

// LinesOf lists what is attached to the objects.
func LinesOf(dst *[]Line, actor access.Actor, objectIDs ...string) postgres.Query {
	return postgres.AllInto(dst, `select `+LineColumns+attached+access.Seen("a")+` order by a.object_id, a.number`, objects(actor, objectIDs))
}

func objects(actor access.Actor, ids []string) postgres.Args {
	if ids == nil {
		ids = []string{}
	}
	return postgres.Args{"objects": ids}.As(actor)
}

// FindByKey returns the attachment, or fault.NotFound when the actor may not see it or it was removed.
func FindByKey(ctx context.Context, db postgres.DB, actor access.Actor, key string) (Attachment, error) {
	return postgres.One[Attachment](ctx, db, `
		select `+columns+` from attachments a
		where a.key = @key and a.removed_at is null and `+access.Seen("a"),
		postgres.Args{"key": key}.As(actor))
}

// Remove takes an attachment away from its object; the row and the bytes stay, as a version may name it. That it is not
// published yet is the rule of the caller. A second time changes nothing.
func Remove(ctx context.Context, db postgres.DB, actor access.Actor, attachment id.Attachment) error {
	n, err := postgres.Exec(ctx, db, `
		update attachments as a set removed_at = coalesce(a.removed_at, @at) where a.id = @id and `+access.Seen("a"),
		postgres.Args{"id": attachment, "at": actor.At}.As(actor))
	if err == nil && n == 0 {
		return fault.NotFound
	}
	return err
}

// RemovedOnce makes a second removal of a file the first one: nil for what was taken off the object before, fault.NotFound for what
// never belonged to it.
func RemovedOnce(ctx context.Context, db postgres.DB, actor access.Actor, object, key string) error {
	_, err := postgres.One[id.Attachment](ctx, db, `
		select a.id from attachments a where a.object_id = @object and a.key = @key and a.removed_at is not null and `+access.Seen("a"),
		postgres.Args{"object": object, "key": key}.As(actor))
	return err
}

// Spread gives the attachments of the objects, removed ones too, the audience of their object. Call it in the transaction
// that changes the object, so that tightening acts at once.
func Spread(ctx context.Context, tx postgres.DB, actor access.Actor, objectIDs []string, audience access.Audience) error {
	if objectIDs == nil {
		objectIDs = []string{}
	}
	_, err := postgres.Exec(ctx, tx, `
		update attachments as a set visibility = @visibility, org_ids = @org_ids, participant_org_ids = @participant_org_ids,
		  writer_ids = @writer_ids, audience_bodies = @audience_bodies
		where a.object_id = any(@objects::text[]::uuid[])`,
		postgres.Args{"objects": objectIDs}.With(audience).As(actor))
	return err
}

// lockObject makes others who attach to the same object wait, so that each gets its own number.
func lockObject(ctx context.Context, tx postgres.DB, o Object) error {
	_, err := postgres.Exec(ctx, tx, `select pg_advisory_xact_lock(hashtextextended(@object, 1))`, postgres.Args{"object": o.ID})
	return err
}

func findSame(ctx context.Context, tx postgres.DB, actor access.Actor, o Object, title string, k kept) (Attachment, error) {
	return postgres.One[Attachment](ctx, tx, `
		select `+columns+` from attachments a
		where a.object_id = @object and a.sha256 = @sha256 and a.title = @title and a.file_name = @file_name and a.removed_at is null
		  and `+access.Seen("a")+` order by a.number limit 1`,
		postgres.Args{"object": o.ID, "sha256": k.sha256, "title": title, "file_name": k.fileName}.As(actor))
}

func insert(ctx context.Context, tx postgres.DB, actor access.Actor, o Object, audience access.Audience, a Attachment) (Attachment, error) {
	var made Attachment
	err := postgres.Read(ctx, tx,
		postgres.AllInto(new([]string), `insert into attachment_files (disk_name) values (@disk_name) returning disk_name`,
			postgres.Args{"disk_name": a.DiskName}.As(actor)),
		postgres.OneInto(&made, `
			insert into attachments as a (id, key, object_kind, object_id, number, title, file_name, mime, bytes, sha256, disk_name,
			  created_at, created_by, visibility, org_ids, participant_org_ids, writer_ids, audience_bodies)
			select @id, @key, @kind, @object, coalesce((select max(number) from attachments where object_id = @object), 0) + 1,
			  @title, @file_name, @mime, @bytes, @sha256, @disk_name,
			  @at, @by, @visibility, @org_ids, @participant_org_ids, @writer_ids, @audience_bodies
			returning `+columns,
			postgres.Args{
				"id": a.ID, "key": a.Key, "kind": o.Kind, "object": o.ID, "title": a.Title, "file_name": a.FileName,
				"mime": a.Mime, "bytes": a.Bytes, "sha256": a.Sha256, "disk_name": a.DiskName, "at": a.CreatedAt, "by": a.CreatedBy,
			}.With(audience).As(actor)))
	return made, err
}
