// Package sample fills an empty database with a region to try things in, through the same verbs that the pages call: what
// the documents of 2018 say, told in our own words, and a living layer that is made up and says so.
package sample

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/file"
	"regiogriffie/internal/id"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/register"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
)

// Account is a way into the sample.
type Account struct{ Email, Password, Name, Roles string }

// password of every sample account; the sample is for trying things on one's own machine.
const password = "Samen over de grens 3"

// Accounts lists the accounts of the sample, in the order of the table of people.
func Accounts() []Account {
	var list []Account
	for _, p := range slices.Concat(people, peopleOfRijnland) {
		list = append(list, Account{p.email(), password, p.name(), p.Title})
	}
	return list
}

//go:embed risicoprofiel.pdf
var riskProfile []byte

// lockKey keeps two programs from filling one database at the same time.
const lockKey = 7_201_806_28

// Seed fills the database, in one transaction: all of it or nothing. A database that holds the sample already is left as
// it is. Now is the day from which the made-up layer counts its dates.
func Seed(ctx context.Context, db *pgxpool.Pool, files *file.Store, now time.Time) ([]Account, error) {
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, lockKey); err != nil {
			return err
		}
		var there bool
		if err := tx.QueryRow(ctx, `select exists (select from accounts where email = $1)`, people[0].email()).Scan(&there); err != nil || there {
			return err
		}
		s := &seeder{
			ctx: ctx, tx: tx, files: files, now: now.In(dutch.Zone), bodies: map[string]id.Body{}, orgs: map[string]id.Organisation{},
			accounts: map[string]id.Account{},
		}
		for _, step := range []func() error{s.registers, s.people, s.history, s.evening, s.living} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("filling the sample: %w", err)
	}
	return Accounts(), nil
}

type seeder struct {
	ctx      context.Context
	tx       pgx.Tx
	files    *file.Store
	now      time.Time
	orgs     map[string]id.Organisation
	bodies   map[string]id.Body
	accounts map[string]id.Account
}

func (s *seeder) duty(at time.Time) access.Actor { return access.Actor{Duty: partner.SeedDuty, At: at} }

// as is the person with this account, with his rights on the day of the act.
func (s *seeder) as(email string, at time.Time) (access.Actor, error) {
	account, ok := s.accounts[email]
	if !ok {
		return access.Actor{}, fmt.Errorf("no sample account %s", email)
	}
	return identity.ActorOf(s.ctx, s.tx, account, at)
}

func (s *seeder) registers() error {
	table, err := register.Default()
	if err != nil {
		return err
	}
	if _, err := partner.Import(s.ctx, s.tx, s.duty(s.now), table, false); err != nil {
		return err
	}
	if _, _, err := collaboration.Import(s.ctx, s.tx, s.duty(s.now), table, false); err != nil {
		return err
	}
	// The register knows only today's name; the documents of 2018 know only the one before.
	hecht, err := partner.FindOrganisation(s.ctx, s.tx, s.duty(s.now), "hecht")
	if err != nil {
		return fmt.Errorf("the organisation that was called RDOG: %w", err)
	}
	called := hecht.Draft(nil)
	called.FormerNames = []string{"RDOG", "RDOG Hollands Midden"}
	if _, err := partner.ReviseOrganisation(s.ctx, s.tx, s.duty(s.now), hecht.ID, hecht.Version, called); err != nil {
		return fmt.Errorf("its former names: %w", err)
	}
	rows, err := postgres.All[struct {
		ID  id.Organisation
		Key string
	}](s.ctx, s.tx, `select o.id, o.key from organisations o`, postgres.Args{})
	for _, r := range rows {
		s.orgs[r.Key] = r.ID
	}
	return err
}

const (
	heemstede   = "heemstede"
	bloemendaal = "bloemendaal"
	hillegom    = "hillegom"
	vrhm        = "veiligheidsregio-hollands-midden"
)

type body struct {
	Org, Key     string
	Kind         partner.BodyKind
	Name, Abbr   string
	Seats        int
	Closed       bool
	Notice, Hand int // days of notice, days before the meeting that papers are in
}

var bodies = []body{
	{heemstede, "heemstede-raad", "council", "Raad", "raad", 21, false, 10, 14},
	{heemstede, "heemstede-college", "executive", "College van burgemeester en wethouders", "B&W", 0, true, 0, 3},
	{bloemendaal, "bloemendaal-raad", "council", "Raad", "raad", 19, false, 10, 14},
	{bloemendaal, "bloemendaal-college", "executive", "College van burgemeester en wethouders", "B&W", 0, true, 0, 3},
	{hillegom, "hillegom-raad", "council", "Raad", "raad", 19, false, 8, 14},
	{hillegom, "hillegom-college", "executive", "College van burgemeester en wethouders", "B&W", 0, true, 0, 3},
	{vrhm, "vrhm-ab", "general_board", "Algemeen Bestuur", "AB", 18, false, 14, 21},
	{vrhm, "vrhm-db", "daily_board", "Dagelijks Bestuur", "DB", 5, true, 7, 10},
}

// person of the sample: made up, with one function or role. Body or Org says where; Function is empty for a granted role.
type person struct {
	Initials, Infix, Family string
	Local, Org              string // of the address
	Title                   string
	Body                    string
	Function                partner.Function
	Role                    access.Role
}

func (p person) email() string { return p.Local + "@" + shortOf[p.Org] + ".voorbeeld.nl" }

func (p person) name() string { return dutch.PersonName(p.Initials, p.Infix, p.Family) }

var shortOf = map[string]string{
	heemstede: "heemstede", bloemendaal: "bloemendaal", hillegom: "hillegom", vrhm: "vrhm", rijnland: "hollandrijnland",
	"leiden": "leiden", "katwijk": "katwijk", "": "regiogriffie",
}

var people = []person{
	{"M.", "", "Duinker", "griffier", heemstede, "Griffier van de raad van Heemstede", "heemstede-raad", "clerk", ""},
	{"J.", "", "Zandstra", "griffiemedewerker", heemstede, "Griffiemedewerker van Heemstede", "heemstede-raad", "", access.ClerkStaff},
	{"P.", "van", "Bosbeek", "secretaris", heemstede, "Gemeentesecretaris van Heemstede", "heemstede-college", "secretary", ""},
	{"L.", "", "Kennemer", "raadslid", heemstede, "Raadslid van Heemstede", "heemstede-raad", "councillor", ""},
	{"T.", "de", "Linde", "wethouder", heemstede, "Wethouder van Heemstede", "heemstede-college", "alderman", ""},
	{"R.", "", "Spaarne", "steller", heemstede, "Steller bij Heemstede", "", "", access.Author},
	{"K.", "", "Vaartman", "organisator", heemstede, "Organisator bij Heemstede", "", "", access.Organiser},
	{"A.", "", "Brugman", "samenwerking", heemstede, "Samenwerkingsbeheerder van Heemstede", "", "", access.PartnershipManager},
	{"C.", "", "Rekenaar", "controller", heemstede, "Controller van Heemstede", "", "", access.Controller},
	{"F.", "", "Lade", "archivaris", heemstede, "Archivaris van Heemstede", "", "", access.Archivist},
	{"H.", "", "Sleutel", "beheerder", heemstede, "Functioneel beheerder van Heemstede", "", "", access.Admin},

	{"S.", "", "Kopje", "griffier", bloemendaal, "Griffier van de raad van Bloemendaal", "bloemendaal-raad", "clerk", ""},
	{"N.", "", "Strandvliet", "griffiemedewerker", bloemendaal, "Griffiemedewerker van Bloemendaal", "bloemendaal-raad", "", access.ClerkStaff},
	{"E.", "", "Overveen", "secretaris", bloemendaal, "Gemeentesecretaris van Bloemendaal", "bloemendaal-college", "secretary", ""},
	{"B.", "van", "Aerden", "raadslid", bloemendaal, "Raadslid van Bloemendaal", "bloemendaal-raad", "councillor", ""},
	{"I.", "", "Elswout", "wethouder", bloemendaal, "Wethouder van Bloemendaal", "bloemendaal-college", "alderman", ""},
	{"W.", "", "Schrijver", "steller", bloemendaal, "Steller bij Bloemendaal", "", "", access.Author},
	{"O.", "", "Tafelman", "organisator", bloemendaal, "Organisator bij Bloemendaal", "", "", access.Organiser},
	{"G.", "", "Dijkstra", "samenwerking", bloemendaal, "Samenwerkingsbeheerder van Bloemendaal", "", "", access.PartnershipManager},
	{"Y.", "", "Telling", "controller", bloemendaal, "Controller van Bloemendaal", "", "", access.Controller},
	{"D.", "", "Foliant", "archivaris", bloemendaal, "Archivaris van Bloemendaal", "", "", access.Archivist},
	{"V.", "", "Poort", "beheerder", bloemendaal, "Functioneel beheerder van Bloemendaal", "", "", access.Admin},

	{"A.", "", "Bollenberg", "griffier", hillegom, "Griffier van de raad van Hillegom", "hillegom-raad", "clerk", ""},
	{"M.", "", "Tulp", "griffiemedewerker", hillegom, "Griffiemedewerker van Hillegom", "hillegom-raad", "", access.ClerkStaff},
	{"J.", "van den", "Hof", "secretaris", hillegom, "Gemeentesecretaris van Hillegom", "hillegom-college", "secretary", ""},
	{"C.", "", "Narcis", "raadslid", hillegom, "Raadslid van Hillegom", "hillegom-raad", "councillor", ""},
	{"P.", "", "Hyacint", "wethouder", hillegom, "Wethouder van Hillegom", "hillegom-college", "alderman", ""},
	{"R.", "", "Krokus", "steller", hillegom, "Steller bij Hillegom", "", "", access.Author},
	{"L.", "", "Zaalman", "organisator", hillegom, "Organisator bij Hillegom", "", "", access.Organiser},
	{"S.", "", "Verbinder", "samenwerking", hillegom, "Samenwerkingsbeheerder van Hillegom", "", "", access.PartnershipManager},
	{"T.", "", "Kasboek", "controller", hillegom, "Controller van Hillegom", "", "", access.Controller},
	{"K.", "", "Register", "archivaris", hillegom, "Archivaris van Hillegom", "", "", access.Archivist},
	{"E.", "", "Slot", "beheerder", hillegom, "Functioneel beheerder van Hillegom", "", "", access.Admin},

	{"B.", "", "Waakman", "bestuurssecretaris", vrhm, "Bestuurssecretaris van de veiligheidsregio (griffiersrechten)", "vrhm-ab", "secretary", ""},
	{"N.", "", "Sirene", "medewerker", vrhm, "Medewerker bestuurszaken van de veiligheidsregio", "vrhm-ab", "", access.ClerkStaff},
	{"H.", "", "Brandt", "bestuurslid", vrhm, "Lid van het Algemeen Bestuur", "vrhm-ab", "member", ""},
	{"W.", "", "Dijkgraaf", "portefeuillehouder", vrhm, "Lid van het Dagelijks Bestuur, portefeuillehouder", "vrhm-db", "member", ""},
	{"G.", "", "Leiding", "directeur", vrhm, "Directeur en secretaris van het Dagelijks Bestuur", "vrhm-db", "director", ""},
	{"O.", "", "Pennaers", "steller", vrhm, "Steller bij de veiligheidsregio", "", "", access.Author},
	{"I.", "", "Zaal", "organisator", vrhm, "Organisator bij de veiligheidsregio", "", "", access.Organiser},
	{"F.", "", "Bruggink", "samenwerking", vrhm, "Samenwerkingsbeheerder van de veiligheidsregio", "", "", access.PartnershipManager},
	{"D.", "", "Cijfer", "controller", vrhm, "Controller van de veiligheidsregio", "", "", access.Controller},
	{"V.", "", "Bewaerder", "archivaris", vrhm, "Archivaris van de veiligheidsregio", "", "", access.Archivist},
	{"Y.", "", "Toegang", "beheerder", vrhm, "Functioneel beheerder van de veiligheidsregio", "", "", access.Admin},

	{"R.", "", "Beheer", "beheerder", "", "Functioneel beheerder van deze Regiogriffie", "", "", access.Admin},
}

// since is the day from which everyone of the sample holds office.
var since = day(2014, 1, 1)

func (s *seeder) people() error {
	admin := s.duty(since)
	arrangement, err := collaboration.Find(s.ctx, s.tx, admin, vrhm)
	if err != nil {
		return fmt.Errorf("the arrangement of the veiligheidsregio: %w", err)
	}
	for _, b := range bodies {
		var of id.Collaboration
		if b.Org == vrhm {
			of = arrangement.ID
		}
		if err := s.body(b, of); err != nil {
			return err
		}
	}
	for i := len(people) - 1; i >= 0; i-- { // the administrator first
		maker := s.duty(since) // nobody is told of the accounts of the sample, and no second stands for them
		if i == len(people)-1 {
			maker = access.Actor{Duty: partner.AdminDuty, At: since}
		}
		if err := s.enters(people[i], maker); err != nil {
			return err
		}
	}
	return nil
}

// body makes one; of is the collaboration whose board it is.
func (s *seeder) body(b body, of id.Collaboration) error {
	made, err := partner.CreateBody(s.ctx, s.tx, s.duty(since), partner.BodyDraft{
		OrganisationID: s.orgs[b.Org], CollaborationID: of, Key: b.Key, Kind: b.Kind, Name: b.Name, Abbreviation: b.Abbr, Closed: b.Closed,
		NoticeDays: number(b.Notice), PapersDueDays: number(b.Hand), SeatsTotal: number(b.Seats),
	})
	if err != nil {
		return fmt.Errorf("body %s: %w", b.Key, err)
	}
	s.bodies[b.Key] = made.ID
	return nil
}

// enters makes a person with his function or role, and the account that maker gives him.
func (s *seeder) enters(p person, maker access.Actor) error {
	admin := s.duty(since)
	made, err := partner.CreatePerson(s.ctx, s.tx, admin,
		partner.PersonDraft{Initials: p.Initials, Infix: p.Infix, Family: p.Family, DisplayName: p.name(), WorkEmail: p.email()})
	if err != nil {
		return fmt.Errorf("person %s: %w", p.email(), err)
	}
	if p.Function != "" {
		_, err = partner.CreateMandate(s.ctx, s.tx, admin, partner.MandateDraft{
			PersonID: made.ID, BodyID: s.bodies[p.Body], Function: p.Function, StartsOn: since,
			NonVoting: p.Function == "clerk" || p.Function == "secretary" || p.Function == "director",
		})
	} else {
		_, err = partner.GrantRole(s.ctx, s.tx, admin,
			partner.RoleDraft{PersonID: made.ID, Role: p.Role, OrganisationID: s.orgs[p.Org], BodyID: s.bodies[p.Body], ValidFrom: since})
	}
	if err != nil {
		return fmt.Errorf("function of %s: %w", p.email(), err)
	}
	account, err := identity.CreateAccount(s.ctx, s.tx, maker, identity.Draft{PersonID: made.ID, Email: p.email(), Password: password})
	if err != nil {
		return fmt.Errorf("account %s: %w", p.email(), err)
	}
	s.accounts[p.email()] = account.ID
	return nil
}

func number(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 9, 0, 0, 0, dutch.Zone)
}

func at(d time.Time, hour, minute int) *time.Time {
	y, m, n := d.In(dutch.Zone).Date()
	t := time.Date(y, m, n, hour, minute, 0, 0, dutch.Zone)
	return &t
}

// paper makes a proposal and offers it, as the person with this account would.
func (s *seeder) paper(email string, made, offered time.Time, d proposal.Draft, uploads ...file.Upload) (proposal.Proposal, error) {
	actor, err := s.as(email, made)
	if err != nil {
		return proposal.Proposal{}, err
	}
	p, err := proposal.Create(s.ctx, s.tx, actor, d)
	if err != nil {
		return p, fmt.Errorf("proposal %q: %w", d.Subject, err)
	}
	if len(uploads) > 0 {
		if err := proposal.Attach(s.ctx, s.tx, s.files, actor, p.ID, uploads...); err != nil {
			return p, fmt.Errorf("attachment of %q: %w", d.Subject, err)
		}
	}
	if offered.IsZero() {
		return p, nil
	}
	actor.At, actor.Confirmed = offered, offered
	if p, err = proposal.Offer(s.ctx, s.tx, actor, p.ID); err != nil {
		return p, fmt.Errorf("offering %q: %w", d.Subject, err)
	}
	return p, nil
}

func (s *seeder) pdf(title string) file.Upload {
	return file.Upload{Title: title, FileName: "risicoprofiel.pdf", Content: bytes.NewReader(riskProfile)}
}

// sections of a meeting, by letter.
func (s *seeder) sections(actor access.Actor, m meeting.Meeting) (map[string]meeting.Section, error) {
	var list []meeting.Section
	err := postgres.Read(s.ctx, s.tx, meeting.SectionsAt(&list, actor, m.Slug))
	byLetter := map[string]meeting.Section{}
	for _, each := range list {
		byLetter[each.Letter] = each
	}
	return byLetter, err
}
