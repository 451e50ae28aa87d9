package collaboration

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
)

// Join lets an organisation take part. The same twice is one participation.
func Join(ctx context.Context, db postgres.DB, actor access.Actor, d ParticipationDraft) (id.Participation, error) {
	var made id.Participation
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		c, err := lock(ctx, tx, actor, d.CollaborationID)
		if err != nil {
			return err
		}
		if !CanManage(actor, c) {
			return fault.Forbidden
		}
		if err := d.Check(actor.At); err != nil {
			return err
		}
		if err := mayJoin(ctx, tx, actor, c, d); err != nil {
			return err
		}
		there, err := during(ctx, tx, actor, d)
		if err != nil {
			return err
		}
		for _, p := range there {
			if dutch.SameDay(p.JoinedOn, d.JoinedOn) && dutch.SameDay(p.LeftOn, d.LeftOn) {
				made = p.ID
				return nil
			}
		}
		if len(there) > 0 {
			return fault.Fields{"organisation_id": "Deze organisatie neemt in die periode al deel. Kies een andere organisatie of beëindig eerst die deelname."}
		}
		made = id.New[id.Participation]()
		if err := insertParticipation(ctx, tx, actor, made, d); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "participation.create", string(made), append(orgs(c), d.OrganisationID), "")
	})
	return made, err
}

func mayJoin(ctx context.Context, db postgres.DB, actor access.Actor, c Collaboration, d ParticipationDraft) error {
	found, err := postgres.All[*time.Time](ctx, db, `select valid_to from organisations where id = @id`, postgres.Args{"id": d.OrganisationID}.As(actor))
	if err != nil {
		return err
	}
	faults := fault.Fields{}
	faults.Must(len(found) == 1, "organisation_id", "Kies een organisatie uit de lijst.")
	faults.Must(len(found) != 1 || !(partner.Organisation{ValidTo: found[0]}).Ended(actor.At), "organisation_id",
		"Deze organisatie bestaat niet meer. Kies de opvolger.")
	faults.Must(c.OrganisationID == "" || c.OrganisationID != d.OrganisationID, "organisation_id",
		"De organisatie die uit de samenwerking ontstond, kan niet zelf deelnemen. Kies een andere organisatie.")
	faults.Must(!c.Ended(actor.At), "joined_on", "Deze samenwerking is beëindigd. Niemand treedt nog toe.")
	faults.Must(c.Form != OperationsOrg || len(d.Organs) > 0, "organs", "Aan een bedrijfsvoeringsorganisatie nemen alleen colleges deel. Kies het college.")
	faults.Must(c.Form.admits(d.Organs), "organs", "Aan een bedrijfsvoeringsorganisatie nemen alleen colleges deel. Kies alleen het college.")
	return faults.Err()
}

// Leave ends a participation on a day, the first on which it no longer counts. One that has ended stays as it is.
func Leave(ctx context.Context, db postgres.DB, actor access.Actor, p id.Participation, on time.Time) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		m, err := findMember(ctx, tx, actor, p)
		if err != nil {
			return err
		}
		c, err := postgres.One[Collaboration](ctx, tx, `select `+columns+` from collaborations c where c.id = @id`,
			asked(actor, postgres.Args{"id": m.CollaborationID}))
		if err != nil {
			return err
		}
		if !CanEnd(actor, c, m.OrganisationID) {
			return fault.Forbidden
		}
		if on.IsZero() {
			return fault.Fields{"left_on": "Vul in vanaf welke dag de organisatie niet meer deelneemt."}
		}
		on = dutch.Day(on)
		if m.JoinedOn != nil && on.Before(*m.JoinedOn) {
			return fault.Fields{"left_on": "De deelname begint pas op " + dutch.Date(*m.JoinedOn) + ". Kies een latere dag."}
		}
		if m.LeftOn != nil {
			if m.LeftOn.Equal(on) {
				return nil
			}
			return fault.Fields{"left_on": "De deelname eindigt al op " + dutch.Date(*m.LeftOn) + "."}
		}
		if err := setLeft(ctx, tx, actor, p, on); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "participation.end", string(p), append(orgs(c), m.OrganisationID), "")
	})
}
