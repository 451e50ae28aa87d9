package proposal

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/field"
	"regiogriffie/internal/file"
	"regiogriffie/internal/id"
	"regiogriffie/internal/job"
	"regiogriffie/internal/postgres"
)

// Version is the paper as it stood after offering or after a later revision.
type Version struct {
	Number int
	MadeAt time.Time
	MadeBy string
	Fields Snapshot
	Renewal
}

// Snapshot is what a version keeps: the content, and by name what it referred to.
type Snapshot struct {
	Content
	TargetName    string
	TargetOrgName string
	Organisers    []Organiser
	Attachments   []SnapshotFile
}

// SnapshotFile names an attachment as it was.
type SnapshotFile struct {
	Number   int
	Title    string
	FileName string
	Sha256   string
}

// Versions lists the versions that the actor may see, newest first.
func Versions(dst *[]Version, actor access.Actor, proposal id.Proposal) postgres.Query {
	return postgres.AllInto(dst, `
		select v.number, v.made_at, v.made_by, v.fields, v.renewal, v.renewal_reason from proposal_versions v
		where v.proposal_id = @id and `+access.Seen("v")+` order by v.number desc limit 200`,
		postgres.Args{"id": proposal}.As(actor))
}

// VersionByKey asks for one version of the paper under its key.
func VersionByKey(dst *Version, actor access.Actor, key string, number int) postgres.Query {
	return postgres.OneInto(dst, `
		select v.number, v.made_at, v.made_by, v.fields, v.renewal, v.renewal_reason from proposal_versions v join proposals p on p.id = v.proposal_id
		where p.key = @key and v.number = @number and `+access.Seen("v")+` and `+access.Seen("p"),
		postgres.Args{"key": key, "number": number}.As(actor))
}

// keepVersion keeps the paper as it now stands, unless it stands as in the last version. The bodies that decided on it are told.
func keepVersion(ctx context.Context, tx pgx.Tx, actor access.Actor, p Proposal, r Renewal) error {
	var attached []file.Attachment
	var last []keptVersion
	if err := postgres.Read(ctx, tx, file.Of(&attached, actor, string(p.ID)), lastVersion(&last, actor, p.ID)); err != nil {
		return err
	}
	s := Snapshot{
		Content: p.Content, TargetName: p.TargetName, TargetOrgName: p.TargetOrgName,
		Organisers: postgres.OrEmpty(p.Organisers), Attachments: []SnapshotFile{},
	}
	for _, a := range attached {
		s.Attachments = append(s.Attachments, SnapshotFile{a.Number, a.Title, a.FileName, a.Sha256})
	}
	number := 1
	for _, v := range last {
		// As values, not as the JSON they are kept in: that of before knows no field that came later.
		if len(field.Differing(v.Fields, s)) == 0 {
			return nil
		}
		number = v.Number + 1
	}
	_, err := postgres.Exec(ctx, tx, `
		insert into proposal_versions (proposal_id, number, fields, made_at, made_by, renewal, renewal_reason, visibility, org_ids,
		  participant_org_ids, writer_ids, audience_bodies)
		values (@id, @number, @fields, @at, @by, @renewal, @renewal_reason, @visibility, @org_ids, @participant_org_ids, @writer_ids, @audience_bodies)`,
		postgres.Args{
			"id": p.ID, "number": number, "fields": s, "at": actor.At, "by": actor.Name, "renewal": r.Renewal, "renewal_reason": strings.TrimSpace(r.RenewalReason),
		}.With(p.Audience).As(actor))
	if err != nil || len(p.DecidedBodyIDs) == 0 {
		return err
	}
	return job.Enqueue(ctx, tx, TellChanged, Changed{Proposal: p.ID, Version: number, Bodies: p.DecidedBodyIDs})
}

type keptVersion struct {
	Number int
	Fields Snapshot
}

// lastVersion asks for the newest version, of a paper that is locked; none before it is offered.
func lastVersion(dst *[]keptVersion, actor access.Actor, proposal id.Proposal) postgres.Query {
	return postgres.AllInto(dst, `select v.number, v.fields from proposal_versions v where v.proposal_id = @id order by v.number desc limit 1`,
		postgres.Args{"id": proposal}.As(actor))
}

// TellChanged is the kind of job that tells the bodies that decided on a paper that it was changed afterwards.
const TellChanged = "proposal.changed"

// Changed is what such a job holds.
type Changed struct {
	Proposal id.Proposal
	Version  int
	Bodies   []id.Body
}

// Cause names the act for the mailing, so that telling it twice is telling it once.
func (c Changed) Cause() string {
	return fmt.Sprintf("%s:%s:%d", TellChanged, c.Proposal, c.Version)
}

// spread gives attachments, versions, moves, steps, comments and advice the audience of their paper. Of a paper that is public only the last version is;
// what was revised before publication stays with those it was offered to.
func spread(ctx context.Context, tx postgres.DB, actor access.Actor, p Proposal) error {
	if err := file.Spread(ctx, tx, actor, []string{string(p.ID)}, p.Audience); err != nil {
		return err
	}
	if err := spreadSteps(ctx, tx, actor, p); err != nil {
		return err
	}
	if err := spreadMoves(ctx, tx, actor, p); err != nil {
		return err
	}
	if err := spreadComments(ctx, tx, actor, p); err != nil {
		return err
	}
	if err := spreadAdvices(ctx, tx, actor, p); err != nil {
		return err
	}
	_, err := postgres.Exec(ctx, tx, `
		update proposal_versions as v set org_ids = @org_ids, participant_org_ids = @participant_org_ids, writer_ids = @writer_ids,
		  audience_bodies = @audience_bodies,
		  visibility = case when @visibility <> 'public' or v.visibility = 'public'
		    or v.number = (select max(w.number) from proposal_versions w where w.proposal_id = @id) then @visibility else v.visibility end
		where v.proposal_id = @id`,
		postgres.Args{"id": p.ID}.With(p.Audience).As(actor))
	return err
}
