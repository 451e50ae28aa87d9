package invitation_test

import (
	"testing"

	"regiogriffie/internal/field/fieldtest"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/invitation/invitationtest"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
)

func TestEveryFieldOfALetterIsKept(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := newRegion(t, db)
	i, err := invitation.Create(t.Context(), db, r.here.Secretary, invitationtest.Draft(r.here))
	if err != nil {
		t.Fatal(err)
	}
	for _, mark := range []string{"Eerst", "Daarna"} {
		start, end := i.StartsAt.AddDate(0, 0, 1), i.EndsAt.AddDate(0, 0, 1)
		text := fieldtest.Full[invitation.Text](t, mark, map[string]any{
			"purpose": proposal.Opinion, "sections": []invitation.Section{{Heading: mark, Text: "Kom luisteren."}}, "starts_at": &start, "ends_at": &end,
			"version": i.Version,
		})
		ok(t, invitation.Revise(t.Context(), db, r.here.Secretary, i.ID, text))
		i = invitationtest.Again(t, db, r.here.Secretary, i)
		letter := struct {
			invitation.Invitation
			invitation.Content
		}{i, i.Content}
		fieldtest.Kept(t, "Revise", text, letter, map[string]string{"version": "counts"})
	}
}
