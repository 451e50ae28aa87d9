package proposal

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Comment is what someone said while the paper was prepared.
type Comment struct {
	Name string
	Text string
	At   time.Time
}

// CanComment reports whether the actor takes part in the talk about p, and so reads it: who writes it, the portfolio holder who was
// asked, and who prepares papers of the organisations that write it; of a closed paper the first two alone. Once the paper is public, withdrawn or settled,
// nobody does any more.
func CanComment(a access.Actor, p Proposal) bool {
	if p.Visibility == access.Public || p.State == Withdrawn || p.State == Done {
		return false
	}
	return cowrites(a, p) || holds(a, p) || !p.Closed() && slices.ContainsFunc(p.OrgIDs, func(org id.Organisation) bool { return prepares(a, org) })
}

// CommentsInto lists the talk about the paper, oldest first. It is asked only for who CanComment; the condition on the paper holds
// what was closed or published since.
func CommentsInto(dst *[]Comment, actor access.Actor, proposal id.Proposal) postgres.Query {
	return postgres.AllInto(dst, `
		select w.display_name as name, c.text, c.at from comments c join proposals p on p.id = c.proposal_id join persons w on w.id = c.person_id
		where c.proposal_id = @id and p.visibility <> 'public' and p.state not in ('ingetrokken', 'afgehandeld')
		  and `+access.Seen("c")+` and `+access.Seen("p")+` order by c.id limit 500`, postgres.Args{"id": proposal}.As(actor))
}

// AddComment says something about the paper. The same key twice is saying it once.
func AddComment(ctx context.Context, db postgres.DB, actor access.Actor, proposal id.Proposal, key, text string) error {
	text = strings.TrimSpace(text)
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		p, err := FindLocked(ctx, tx, actor, proposal)
		if err != nil {
			return err
		}
		if !CanComment(actor, p) || actor.Person == "" {
			return fault.Forbidden
		}
		f := fault.Fields{}
		f.Must(text != "", "comment", "Vul in wat u wilt zeggen.")
		f.Must(!tooLong(text, 4000), "comment", "Maak dit korter: hoogstens 4.000 tekens.")
		if err := f.Err(); err != nil {
			return err
		}
		if !keyForm.MatchString(key) {
			key = id.NewKey()
		}
		n, err := postgres.Exec(ctx, tx, `
			insert into comments (id, key, proposal_id, person_id, text, at, visibility, org_ids, participant_org_ids, writer_ids, audience_bodies)
			values (@id, @key, @proposal, @person, @text, @at, @visibility, @org_ids, @participant_org_ids, @writer_ids, @audience_bodies)
			on conflict on constraint comments_key_key do nothing`,
			postgres.Args{"id": id.New[id.Entry](), "key": key, "proposal": p.ID, "person": actor.Person, "text": text, "at": actor.At}.With(talk(p)).As(actor))
		if err != nil || n == 0 {
			return err
		}
		return audit.Note(ctx, tx, actor, "proposal.comment", string(p.ID), InTrailOf(p), "")
	})
}

// talk is who reads the comments on p.
func talk(p Proposal) access.Audience {
	a := access.Audience{Visibility: access.Draft, OrgIDs: p.OrgIDs, WriterIDs: []id.Person{}}
	for _, w := range p.WriterIDs {
		if !slices.Contains(p.ReaderIDs, w) || w == p.HolderID {
			a.WriterIDs = append(a.WriterIDs, w)
		}
	}
	if p.Closed() {
		a.AudienceBodies = []id.Body{}
	}
	return a
}

// spreadComments gives the talk its readers. Who closes or publishes a paper may not see the talk about it, and then it keeps the
// readers it had: CommentsInto asks for the paper too.
func spreadComments(ctx context.Context, tx postgres.DB, actor access.Actor, p Proposal) error {
	_, err := postgres.Exec(ctx, tx, `
		update comments c set org_ids = @org_ids, writer_ids = @writer_ids, audience_bodies = @audience_bodies where c.proposal_id = @id`,
		postgres.Args{"id": p.ID}.With(talk(p)).As(actor))
	return err
}
