package admin_test

import (
	"net/http"
	"testing"

	"regiogriffie/internal/id"
	"regiogriffie/internal/identity/identitytest"
	"regiogriffie/internal/postgres"
)

func TestTheAdministratorOfAnOrganisationDoesNotFindTheseAddresses(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	addresses := []string{"/beheer", "/beheer/accounts", "/beheer/accounts/nieuw", "/beheer/postvak-uit", "/beheer/personen", "/beheer/personen/nieuw"}
	for _, address := range addresses {
		s.get(address)
	}
	org, person := id.New[id.Organisation](), identitytest.Person(t, s.db, "Beheerder van Hillegom")
	s.exec(`insert into organisations (id, key, kind, official_name) values (@org, 'hillegom', 'municipality', 'Hillegom')`, postgres.Args{"org": org})
	s.exec(`insert into role_grants (id, person_id, role, organisation_id, valid_from) values (@id, @person, 'admin', @org, '2018-01-01')`,
		postgres.Args{"id": id.New[id.Grant](), "person": person, "org": org})
	s.enter(identitytest.Account(t, s.db, person, "hillegom@regio.nl"))
	for _, address := range addresses {
		if status, _, _ := s.ask(http.MethodGet, address); status != http.StatusNotFound {
			t.Errorf("GET %s: %d", address, status)
		}
	}
}
