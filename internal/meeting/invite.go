package meeting

import (
	"context"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
)

// What an invitation asks of the meeting that it is to. The rows are this room's, so the writing is done here.

// Share shows a concept itself, not its agenda, to people of its organisations who do not prepare it, such as who signs the
// invitation to it. It is a part of the act of the caller, who has checked the right.
func Share(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, with []id.Person) error {
	was, _, err := lock(ctx, tx, actor, m)
	if err != nil || was.State != Concept {
		return err
	}
	was.WriterIDs = with
	_, err = updateMeeting(ctx, tx, actor, was)
	return err
}

// Invite makes the meeting one that people are invited to: from now on its title and its organisers follow the invitation. It is
// a part of the act of the caller, who has checked the right.
func Invite(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, title string) error {
	return follow(ctx, tx, actor, m, func(was *Meeting) {
		was.Invited = true
		if was.Kind.Event() {
			was.Title = title
		}
	})
}

// Uninvite leaves the meeting to itself again.
func Uninvite(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting) error {
	return follow(ctx, tx, actor, m, func(was *Meeting) { was.Invited = false })
}

func follow(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting, change func(*Meeting)) error {
	was, _, err := lock(ctx, tx, actor, m)
	if err != nil {
		return err
	}
	next := was
	if change(&next); next.Invited == was.Invited && next.Title == was.Title {
		return nil
	}
	_, err = updateMeeting(ctx, tx, actor, next)
	return err
}

// Renew lets calendars take over what changed around a meeting whose day is known, such as the invitation to it. It is a part
// of the act of the caller, who has checked the right and notes it.
func Renew(ctx context.Context, tx pgx.Tx, actor access.Actor, m id.Meeting) error {
	was, _, err := lock(ctx, tx, actor, m)
	if err != nil {
		return err
	}
	was.Sequence++
	_, err = updateMeeting(ctx, tx, actor, was)
	return err
}
