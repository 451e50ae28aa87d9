package sample

import (
	"fmt"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
)

// circles are those with whom the preparation of the conference of 2018 was discussed, side by side on the route of its paper. The
// paper names the circles and nothing more; the days, and that anyone may read what came of it, are said to be assumed.
func (s *seeder) circles(paper proposal.Proposal) error {
	secretary, err := s.as(secretary, day(2018, 6, 7))
	if err != nil {
		return err
	}
	circles := []struct {
		key, name string
		on        time.Time
	}{
		{"vrhm-kring-griffiers", "Kring van griffiers", day(2018, 6, 19)},
		{"vrhm-kring-gemeentesecretarissen", "Kring van gemeentesecretarissen", day(2018, 6, 20)},
		{"vrhm-kring-directeuren", "Kring van directeuren", day(2018, 6, 21)},
	}
	for _, c := range circles {
		if err := s.body(body{Org: vrhm, Key: c.key, Kind: partner.Circle, Name: c.name}, ""); err != nil {
			return err
		}
		if err := route.AddStep(s.ctx, s.tx, secretary, paper.ID,
			route.StepDraft{BodyID: s.bodies[c.key], Sequence: 1, Treatment: proposal.Informative}); err != nil {
			return fmt.Errorf("step of the %s: %w", c.name, err)
		}
	}
	var steps []route.Row
	if err := postgres.Read(s.ctx, s.tx, route.At(&steps, secretary, paper.Key)); err != nil {
		return err
	}
	var keys []string
	of := map[id.Body]string{}
	for _, step := range steps {
		keys, of[step.BodyID] = append(keys, step.Key), step.Key
	}
	if err := route.Send(s.ctx, s.tx, secretary, paper.ID, keys, nil); err != nil {
		return fmt.Errorf("sending to the circles: %w", err)
	}
	for _, c := range circles {
		if err := s.consulted(secretary, s.bodies[c.key], c.name, c.on, of[s.bodies[c.key]]); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// consulted is the talk with one circle. Nobody of the sample sits in it: the bestuurssecretaris keeps its papers.
func (s *seeder) consulted(keeper access.Actor, circle id.Body, name string, on time.Time, step string) error {
	keeper.Grants = append([]access.Grant{{Role: access.Clerk, Organisation: s.orgs[vrhm], Body: circle}}, keeper.Grants...)
	m, err := meeting.Create(s.ctx, s.tx, keeper, meeting.Draft{
		Kind: meeting.Consultation, Title: name, Bodies: []id.Body{circle}, StartsAt: at(on, 10, 0), EndsAt: at(on, 11, 0),
		Location: "Hollands Midden (plaats aangenomen)", Open: true,
		Description: "Het stuk van 28 juni 2018 zegt dat over de conferentie ook met deze kring is gesproken. " +
			"De dag, de tijd, de plaats en dat iedereen dit mag lezen, zijn hier aangenomen.",
	})
	if err != nil {
		return err
	}
	sections, err := s.sections(keeper, m)
	if err != nil {
		return err
	}
	section := sections["B"]
	if section.ID == "" {
		section = sections[""]
	}
	key, err := meeting.ScheduleStep(s.ctx, s.tx, keeper, m.ID, step, section.ID)
	if err != nil {
		return err
	}
	if m, err = meeting.Find(s.ctx, s.tx, keeper, m.ID); err != nil {
		return err
	}
	keeper.At, keeper.Confirmed = on.AddDate(0, 0, -5), on.AddDate(0, 0, -5)
	called := keeper.At
	if _, err := meeting.Convene(s.ctx, s.tx, keeper, m.ID, meeting.Call{DeliveredAt: &called, Version: m.Version}); err != nil {
		return err
	}
	keeper.At, keeper.Confirmed = *at(on, 16, 0), *at(on, 16, 0)
	recorded, err := meeting.RecordDecision(s.ctx, s.tx, keeper, m.ID, key, meeting.DecisionDraft{
		Body: circle, Kind: proposal.Noted, ProposalVersion: 1, DecidedOn: at(on, 11, 0), Vote: meeting.Vote{Method: meeting.NoVote},
	})
	if err != nil {
		return err
	}
	_, err = meeting.PublishDecision(s.ctx, s.tx, keeper, m.ID, key, meeting.Publication{Body: circle, Version: recorded.Version})
	return err
}
