package sample

import (
	"fmt"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/id"
	"regiogriffie/internal/markdown"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/internal/zienswijze"
)

const (
	rijnland          = "regio-holland-rijnland"
	rijnlandSecretary = "bestuurssecretaris@hollandrijnland.voorbeeld.nl"
)

var peopleOfRijnland = []person{
	{"L.", "van", "Rijnoord", "bestuurssecretaris", rijnland, "Bestuurssecretaris van Holland Rijnland (griffiersrechten)", "rijnland-ab", "secretary", ""},
	{"E.", "", "Hooglander", "griffier", "leiden", "Griffier van de raad van Leiden", "leiden-raad", "clerk", ""},
	{"Q.", "", "Sleutelstad", "raadslid", "leiden", "Raadslid van Leiden", "leiden-raad", "councillor", ""},
	{"V.", "", "Vuurbaak", "griffier", "katwijk", "Griffier van de raad van Katwijk", "katwijk-raad", "clerk", ""},
}

// fate is what one council makes of the draft of the region. Without a griffier it has an account or was there already.
type fate struct {
	org                string
	initials, griffier string
	seats, papersDue   int
	evening            time.Weekday
	meets              int // days from now at which its meeting is looked for; 0: none is chosen
	decided            proposal.DecisionKind
	vote               meeting.Vote
	text               string // of the view, as far as there is one
	stances            []zienswijze.Opinion
	answer             string
	question, refusal  string
	promised           int // days from now on which it should have been done already
}

func counted(method meeting.VoteMethod, in, against int) meeting.Vote {
	return meeting.Vote{Method: method, VotesFor: &in, VotesAgainst: &against}
}

var fates = []fate{
	{
		org: "leiden", seats: 39, papersDue: 12, evening: time.Thursday, meets: -14, decided: proposal.FormalView, vote: meeting.Vote{Method: meeting.ShowOfHands},
		text: "De raad van Leiden stemt in met het extra geld voor **bussen en fietspaden**.\n\nDe raad stemt in met de hogere bijdrage, als het " +
			"bestuur elk half jaar laat zien wat ermee gebeurt.\n\nDe raad vraagt het bestuur om met extra mensen voor woningbouw te wachten.",
		stances: []zienswijze.Opinion{
			{Stance: zienswijze.Provided, Passage: "als het bestuur elk half jaar laat zien wat ermee gebeurt"},
			{Stance: zienswijze.Agrees, Passage: "stemt in met het extra geld voor bussen en fietspaden"},
			{Stance: zienswijze.Disagrees, Passage: "met extra mensen voor woningbouw te wachten"},
		},
		answer: "Het bestuur zegt een overzicht per half jaar toe. De extra mensen voor woningbouw komen pas als ook de provincie meebetaalt.",
	},
	{org: "katwijk", seats: 37, papersDue: 10, evening: time.Thursday, meets: -13, decided: proposal.Noted, vote: counted(meeting.ShowOfHands, 30, 5)},
	{
		org: "teylingen", initials: "W.", griffier: "Slotgracht", seats: 27, papersDue: 14, evening: time.Tuesday, meets: -14,
		decided: proposal.FormalView, vote: counted(meeting.RollCall, 17, 9),
		text: "De raad van Teylingen vindt de hogere bijdrage per inwoner te veel ineens.\n\nDe raad is het eens met het geld voor bussen en fietspaden.",
		stances: []zienswijze.Opinion{
			{Stance: zienswijze.Disagrees, Passage: "vindt de hogere bijdrage per inwoner te veel ineens"},
			{Stance: zienswijze.Agrees, Passage: "is het eens met het geld voor bussen en fietspaden"},
			{Stance: zienswijze.Silent},
		},
	},
	{org: "alphen-aan-den-rijn", initials: "R.", griffier: "Rijnoever", seats: 39, papersDue: 14, evening: time.Thursday, meets: 8},
	{org: "kaag-en-braassem", initials: "J.", griffier: "Braasemer", seats: 23, papersDue: 10, evening: time.Monday, meets: 9},
	{
		org: hillegom, evening: time.Wednesday, meets: 9,
		text:    "De raad van Hillegom kan zich vinden in de hogere bijdrage, mits die na vier jaar weer omlaag gaat.",
		stances: []zienswijze.Opinion{{Stance: zienswijze.Provided, Passage: "mits die na vier jaar weer omlaag gaat"}},
	},
	{org: "noordwijk", initials: "Z.", griffier: "Duinroos", seats: 31, papersDue: 14, question: "Hoeveel betaalt een inwoner van Noordwijk in totaal meer?"},
	{
		org: "nieuwkoop", initials: "P.", griffier: "Plasman", seats: 23, papersDue: 12,
		refusal: "De bijlage met de bedragen per gemeente ontbreekt. Stuur het voorstel opnieuw met die bijlage.",
	},
	{org: "zoeterwoude", initials: "M.", griffier: "Weipoort", seats: 13, papersDue: 14, promised: -3},
	{org: "oegstgeest", initials: "G.", griffier: "Groenhof", seats: 23, papersDue: 12},
	{org: "leiderdorp", initials: "T.", griffier: "Doeswijk", seats: 21, papersDue: 14},
	{org: "lisse", initials: "B.", griffier: "Bollenstreek", seats: 21, papersDue: 10},
	{org: "voorschoten", initials: "K.", griffier: "Krimwijk", seats: 21, papersDue: 14},
}

// draft is the change of the budget of the region, on its way along the councils.
type draft struct {
	paper     proposal.Proposal
	procedure zienswijze.Procedure
	sent      time.Time
	steps     map[id.Body]route.Row
	clerks    map[string]access.Actor // by organisation; their moment is that of the act
}

// rijnland is made up: a draft of Holland Rijnland in the middle of its term along the councils of its municipalities, as a paper with
// a route and as a zienswijze procedure. Three councils are done, three have it on an agenda, one asks, one refused, one is late.
func (s *seeder) rijnland() error {
	secretary, err := s.region()
	if err != nil {
		return fmt.Errorf("boards of Holland Rijnland: %w", err)
	}
	d := draft{clerks: map[string]access.Actor{}, steps: map[id.Body]route.Row{}}
	if err := s.councils(&d); err != nil {
		return fmt.Errorf("councils of Holland Rijnland: %w", err)
	}
	if err := s.sentAlong(&d, secretary); err != nil {
		return fmt.Errorf("draft of Holland Rijnland: %w", err)
	}
	for _, f := range fates {
		if err := s.befalls(d, f, secretary); err != nil {
			return fmt.Errorf("draft of Holland Rijnland in %s: %w", f.org, err)
		}
	}
	return nil
}

// region makes the boards of Holland Rijnland and the councils and people who can sign in.
func (s *seeder) region() (access.Actor, error) {
	arrangement, err := collaboration.Find(s.ctx, s.tx, s.duty(since), rijnland)
	if err != nil {
		return access.Actor{}, err
	}
	for _, b := range []body{
		{rijnland, "rijnland-ab", "general_board", "Algemeen Bestuur", "AB", 26, false, 10, 14},
		{rijnland, "rijnland-db", "daily_board", "Dagelijks Bestuur", "DB", 5, true, 5, 7},
	} {
		if err := s.body(b, arrangement.ID); err != nil {
			return access.Actor{}, err
		}
	}
	for _, f := range fates {
		if f.org == hillegom {
			continue
		}
		if err := s.body(body{f.org, f.org + "-raad", "council", "Raad", "raad", f.seats, false, 7, f.papersDue}, ""); err != nil {
			return access.Actor{}, err
		}
	}
	for _, p := range peopleOfRijnland {
		if err := s.enters(p, s.duty(since)); err != nil {
			return access.Actor{}, err
		}
	}
	return s.as(rijnlandSecretary, s.now)
}

// councils finds or makes the griffier of each council and plans its recess. Those without an account act by their mandate alone.
func (s *seeder) councils(d *draft) error {
	from := christmas(s.now.Year() - 1)
	if from.AddDate(0, 0, recessDays).Before(s.now) {
		from = christmas(s.now.Year())
	}
	last := from.AddDate(0, 0, recessDays-1)
	for _, f := range fates {
		council := s.bodies[f.org+"-raad"]
		if f.griffier == "" {
			clerk, err := s.as("griffier@"+shortOf[f.org]+".voorbeeld.nl", s.now)
			if err != nil {
				return err
			}
			d.clerks[f.org] = clerk
		} else {
			made, err := partner.CreatePerson(s.ctx, s.tx, s.duty(since), partner.PersonDraft{
				Initials: f.initials, Family: f.griffier, DisplayName: dutch.PersonName(f.initials, "", f.griffier),
			})
			if err != nil {
				return err
			}
			if _, err := partner.CreateMandate(s.ctx, s.tx, s.duty(since), partner.MandateDraft{
				PersonID: made.ID, BodyID: council, Function: partner.Clerk, StartsOn: since, NonVoting: true,
			}); err != nil {
				return err
			}
			d.clerks[f.org] = access.Actor{
				Person: made.ID, Name: made.DisplayName, At: s.now, Grants: []access.Grant{{Role: access.Clerk, Organisation: s.orgs[f.org], Body: council}},
			}
		}
		if f.org == hillegom {
			continue // has one of its own
		}
		if _, err := partner.CreateRecess(s.ctx, s.tx, d.clerks[f.org], partner.RecessDraft{
			OrganisationID: s.orgs[f.org], BodyID: council, Name: "Kerstreces", StartsOn: &from, LastOn: &last,
		}); err != nil {
			return err
		}
	}
	return nil
}

const recessDays = 16

// christmas is the Saturday on which the recess around Christmas begins.
func christmas(year int) time.Time {
	d := day(year, time.December, 19)
	for d.Weekday() != time.Saturday {
		d = d.AddDate(0, 0, 1)
	}
	return d
}

// sitting is a weekday some days from now on which councils meet: not in their recess. What lies behind moves further back.
func (s *seeder) sitting(days int, weekday time.Weekday) time.Time {
	d := s.on(days, weekday)
	for _, year := range []int{s.now.Year() - 1, s.now.Year()} {
		from := christmas(year)
		for !d.Before(*at(from, 0, 0)) && d.Before(*at(from.AddDate(0, 0, recessDays), 0, 0)) {
			if days < 0 {
				d = d.AddDate(0, 0, -7)
			} else {
				d = d.AddDate(0, 0, 7)
			}
		}
	}
	return d
}

// inSeason tells whether boards have their budget of next year before the councils.
func inSeason(now time.Time) bool { return !now.After(day(now.Year(), time.July, 15)) }

// sentAlong writes the paper, lays out its route by one choice and one day, sends it and opens the procedure.
func (s *seeder) sentAlong(d *draft, secretary access.Actor) error {
	board := *at(s.on(56, time.Wednesday), 17, 0)
	d.sent = board.AddDate(0, 0, -98) // twelve weeks for the councils, and two for the answer
	kind, year, subject := zienswijze.Amendment, board.Year(), fmt.Sprintf("Wijziging van de begroting %d van Holland Rijnland", board.Year())
	if inSeason(s.now) {
		kind, year = zienswijze.Budget, s.now.Year()+1
		subject = fmt.Sprintf("Begroting %d van Holland Rijnland: het ontwerp", year)
	}
	p, err := s.draftPaper(d.sent, board, subject)
	if err != nil {
		return err
	}
	d.paper, secretary.At = p, d.sent
	arrangement, err := collaboration.Find(s.ctx, s.tx, secretary, rijnland)
	if err != nil {
		return err
	}
	if _, err := route.LayOut(s.ctx, s.tx, secretary, p.ID,
		route.Plan{Template: route.JointBudget, CollaborationID: arrangement.ID, BoardOn: &board}); err != nil {
		return err
	}
	var steps []route.Row
	if err := postgres.Read(s.ctx, s.tx, route.At(&steps, secretary, p.Key)); err != nil {
		return err
	}
	for _, step := range steps {
		d.steps[step.BodyID] = step
	}
	for _, f := range fates {
		if f.promised == 0 {
			continue
		}
		step := d.steps[s.bodies[f.org+"-raad"]]
		promised := s.now.AddDate(0, 0, f.promised)
		if err := route.ReviseStep(s.ctx, s.tx, secretary, p.ID, step.Key, route.StepDraft{
			Sequence: step.Sequence, Treatment: step.Treatment, PlannedOn: &promised, Deadline: step.Deadline, Version: step.Version,
		}); err != nil {
			return err
		}
	}
	var keys []string
	for _, step := range route.Next(route.Steps(steps)) {
		keys = append(keys, step.Key)
	}
	if err := route.Send(s.ctx, s.tx, secretary, p.ID, keys, nil); err != nil {
		return err
	}
	m, _, err := s.gathering(rijnlandSecretary, meeting.Draft{
		Kind: meeting.GeneralBoard, Bodies: []id.Body{s.bodies["rijnland-ab"]}, StartsAt: at(board, 17, 0), EndsAt: at(board, 19, 0),
		Location: "Leiden, kantoor van Holland Rijnland", Open: true, Clerk: "L. van Rijnoord",
	}, map[string][]meeting.ItemDraft{"A": {item("Opening en mededelingen", 5)}})
	if err != nil {
		return err
	}
	if _, err := meeting.Announce(s.ctx, s.tx, secretary, m.ID); err != nil {
		return err
	}
	q, err := zienswijze.Open(s.ctx, s.tx, secretary, zienswijze.Draft{
		CollaborationID: arrangement.ID,
		Facts:           zienswijze.Facts{Kind: kind, Subject: subject + " (verzonnen voorbeeld)", Year: &year, ABMeetingID: m.ID, ProposalID: p.ID},
		Subjects:        []string{"Hogere bijdrage per inwoner", "Geld voor bussen en fietspaden", "Meer mensen voor woningbouw"},
	})
	if err != nil {
		return err
	}
	if q, err = zienswijze.Send(s.ctx, s.tx, secretary, q.ID, zienswijze.Dispatch{SentOn: &d.sent, Version: q.Version}); err != nil {
		return err
	}
	d.procedure, err = zienswijze.Publish(s.ctx, s.tx, secretary, q.ID)
	return err
}

// draftPaper is the paper with the draft, finished the day before it is sent to the councils.
func (s *seeder) draftPaper(sent, board time.Time, subject string) (proposal.Proposal, error) {
	return s.paper(rijnlandSecretary, sent.AddDate(0, 0, -6), sent.AddDate(0, 0, -1), proposal.Draft{
		OwnerOrgID: s.orgs[rijnland], MadeUp: true,
		Content: proposal.Content{
			TargetBodyID: s.bodies["rijnland-ab"], DatedOn: &board, Subject: subject, Treatment: proposal.Decisive,
			Authors: []proposal.Author{{Name: "L. van Rijnoord"}}, PortfolioHolders: []proposal.Holder{{Name: "portefeuillehouder financiën", Capacity: "DB"}},
			Summary: "Holland Rijnland wil meer doen aan bussen, fietspaden en woningbouw. Dat kost de gemeenten meer geld per inwoner. " +
				"Elke raad kan zeggen wat hij daarvan vindt. Daarna besluit het algemeen bestuur.",
			Explanation: "Het ontwerp heeft drie onderdelen:\n\n1. een hogere bijdrage per inwoner;\n2. " +
				"geld voor bussen en fietspaden tussen de gemeenten;\n3. meer mensen om plannen voor woningen te maken.\n\n" +
				"*Dit voorstel, de bedragen en de meningen van de raden zijn verzonnen.*",
			Financial:      "De bijdrage gaat met € 1,20 per inwoner omhoog. Ook dit bedrag is verzonnen.",
			Communication:  "De griffies krijgen het ontwerp tegelijk. Het bestuur antwoordt elke raad vóór zijn besluit.",
			DecisionPoints: []string{"De zienswijzen van de raden te beantwoorden.", "De begroting vast te stellen."},
			LegalNa:        true, RisksNa: true, Minutes: number(30),
		},
	}, s.pdf("Het ontwerp in het kort"))
}

// befalls is what one council does with the draft.
func (s *seeder) befalls(d draft, f fate, secretary access.Actor) error {
	clerk, step := d.clerks[f.org], d.steps[s.bodies[f.org+"-raad"]]
	switch {
	case f.question != "":
		clerk.At = s.now.AddDate(0, 0, -2)
		return route.Ask(s.ctx, s.tx, clerk, step.Key, f.question)
	case f.refusal != "":
		clerk.At = s.now.AddDate(0, 0, -5)
		return route.Refuse(s.ctx, s.tx, clerk, step.Key, f.refusal)
	case f.meets == 0:
		return nil
	}
	evening := s.sitting(f.meets, f.evening)
	called := *at(evening.AddDate(0, 0, -10), 10, 0)
	if called.After(s.now) {
		called = s.now.AddDate(0, 0, -1)
	}
	clerk.At = d.sent.AddDate(0, 0, 1)
	m, err := meeting.Create(s.ctx, s.tx, clerk, meeting.Draft{
		Kind: meeting.Council, Bodies: []id.Body{s.bodies[f.org+"-raad"]}, StartsAt: at(evening, 20, 0), EndsAt: at(evening, 22, 30),
		Location: "Raadzaal van het gemeentehuis (verzonnen)", Open: true, Clerk: clerk.Name, MadeUp: true,
	})
	if err != nil {
		return err
	}
	sections, err := s.sections(clerk, m)
	if err != nil {
		return err
	}
	opening := item("Opening en vaststellen van de agenda", 5)
	opening.SectionID = sections["A"].ID
	if _, err := meeting.AddItem(s.ctx, s.tx, clerk, m.ID, opening); err != nil {
		return err
	}
	key, err := meeting.ScheduleStep(s.ctx, s.tx, clerk, m.ID, step.Key, sections["B"].ID)
	if err != nil {
		return err
	}
	if err := s.prepares(d, f, clerk, m.ID); err != nil {
		return err
	}
	if m, err = meeting.Find(s.ctx, s.tx, clerk, m.ID); err != nil {
		return err
	}
	clerk.At = called
	if _, err := meeting.Convene(s.ctx, s.tx, clerk, m.ID, meeting.Call{DeliveredAt: &called, Version: m.Version}); err != nil {
		return err
	}
	if f.decided == "" {
		return nil
	}
	clerk.At = *at(evening, 22, 15)
	text := markdown.Plain(f.text)
	if text == "" {
		text = "De raad neemt kennis van het ontwerp en geeft geen zienswijze."
	}
	recorded, err := meeting.RecordDecision(s.ctx, s.tx, clerk, m.ID, key, meeting.DecisionDraft{
		Body: s.bodies[f.org+"-raad"], Kind: f.decided, Text: text, ProposalVersion: 1, DecidedOn: at(evening, 21, 0), Vote: f.vote,
	})
	if err != nil {
		return err
	}
	clerk.At = *at(evening.AddDate(0, 0, 1), 10, 0)
	if _, err := meeting.PublishDecision(s.ctx, s.tx, clerk, m.ID, key,
		meeting.Publication{Body: s.bodies[f.org+"-raad"], Version: recorded.Version}); err != nil {
		return err
	}
	return s.saysSo(d, f, clerk, secretary, evening)
}

// view reads how far the council is in the procedure.
func (s *seeder) view(d draft, f fate, clerk access.Actor) (v zienswijze.View, texts []zienswijze.Text, err error) {
	err = postgres.Read(s.ctx, s.tx, zienswijze.ViewInto(&v, clerk, d.procedure.Key, f.org), zienswijze.TextInto(&texts, clerk, d.procedure.Key, f.org))
	return v, texts, err
}

// prepares chooses the meeting of the council in the procedure, and writes what it may say.
func (s *seeder) prepares(d draft, f fate, clerk access.Actor, m id.Meeting) error {
	v, texts, err := s.view(d, f, clerk)
	if err != nil {
		return err
	}
	if err := zienswijze.Schedule(s.ctx, s.tx, clerk, v.ID, m); err != nil || f.text == "" {
		return err
	}
	var subjects []zienswijze.Subject
	if err := postgres.Read(s.ctx, s.tx, zienswijze.SubjectsInto(&subjects, clerk, d.procedure.Key)); err != nil {
		return err
	}
	opinions := append([]zienswijze.Opinion{}, f.stances...)
	for n := range opinions {
		opinions[n].SubjectID, opinions[n].Number = subjects[n].ID, subjects[n].Number
	}
	version := 0
	if len(texts) > 0 {
		version = texts[0].Version
	}
	return zienswijze.Write(s.ctx, s.tx, clerk, v.ID, zienswijze.TextDraft{Text: f.text, Opinions: opinions, Version: version})
}

// saysSo brings what the council decided to the board, which answers some.
func (s *seeder) saysSo(d draft, f fate, clerk, secretary access.Actor, evening time.Time) error {
	v, _, err := s.view(d, f, clerk)
	if err != nil {
		return err
	}
	if v.State.Open() && v.State != zienswijze.Adopted {
		record := zienswijze.Adopt
		if f.text == "" {
			record = zienswijze.Decline
		}
		if err := record(s.ctx, s.tx, clerk, v.ID, at(evening, 21, 0)); err != nil {
			return err
		}
	}
	if f.text == "" {
		return nil
	}
	if err := zienswijze.SendView(s.ctx, s.tx, clerk, v.ID); err != nil {
		return err
	}
	if err := zienswijze.PublishView(s.ctx, s.tx, clerk, v.ID); err != nil || f.answer == "" {
		return err
	}
	_, texts, err := s.view(d, f, clerk)
	if err != nil {
		return err
	}
	var opinions []zienswijze.Opinion
	if err := postgres.Read(s.ctx, s.tx, zienswijze.OpinionsInto(&opinions, clerk, d.procedure.Key, f.org)); err != nil {
		return err
	}
	secretary.At = s.now.AddDate(0, 0, -2)
	return zienswijze.Answer(s.ctx, s.tx, secretary, v.ID, zienswijze.AnswerDraft{Answer: f.answer, Opinions: opinions, Version: texts[0].Version})
}
