package partners_test

import (
	"strings"
	"testing"

	"regiogriffie/internal/access"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres/pgtest"
)

func TestRecessesThroughTheirPages(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	o := partnertest.Organisation(t, db, "Heemstede")
	council, college := partnertest.Body(t, db, o, partner.Council), partnertest.Body(t, db, o, partner.Executive)
	public := site(db, access.Actor{At: partnertest.Then})
	clerk := site(db, access.Actor{Name: "G. Griffier", At: partnertest.Then, Grants: []access.Grant{{Role: access.Clerk, Organisation: o.ID, Body: council.ID}}})
	page, fresh := "/organisaties/"+o.Key, "/organisaties/"+o.Key+"/recessen/nieuw"

	if body := ask(t, public, page).Body.String(); strings.Contains(body, "Recessen") {
		t.Error("the public sees an empty place for recesses")
	}
	holds(t, ask(t, clerk, page), 200, "Voeg een reces toe")
	holds(t, ask(t, public, fresh), 403)
	holds(t, ask(t, clerk, fresh), 200, council.Name)
	if strings.Contains(ask(t, clerk, fresh).Body.String(), college.Name) {
		t.Error("a body of someone else is offered")
	}
	holds(t, ask(t, clerk, fresh, "name", "", "starts_on", "31-02-2018", "last_on", ""), 422, "Vul de naam in", "geen datum", `value="31-02-2018"`)
	holds(t, ask(t, clerk, fresh, "name", "Zomer", "starts_on", "07-07-2018", "last_on", "19-08-2018", "body_id", string(college.ID)), 422,
		"houdt de recessen van dit gremium niet bij")
	holds(t, ask(t, clerk, fresh, "name", "Zomerreces <2018>", "starts_on", "07-07-2018", "last_on", "19-08-2018", "body_id", string(council.ID)), 303)
	holds(t, ask(t, public, page), 200, "Zomerreces &lt;2018&gt;", "7 juli 2018", "19 augustus 2018")

	_, rest, _ := strings.Cut(ask(t, clerk, page).Body.String(), "/recessen/0")
	key, _, found := strings.Cut(rest, "/bewerken")
	if !found {
		t.Fatal("no way to change the recess")
	}
	edit := "/organisaties/" + o.Key + "/recessen/0" + key + "/bewerken"
	holds(t, ask(t, public, edit), 403)
	holds(t, ask(t, clerk, edit), 200, `value="07-07-2018"`, "Verwijder dit reces")
	holds(t, ask(t, clerk, edit, "version", "1", "name", "Zomerreces", "starts_on", "14-07-2018", "last_on", "19-08-2018"), 303)
	holds(t, ask(t, clerk, edit, "version", "1", "name", "Mijn naam", "starts_on", "14-07-2018", "last_on", "20-08-2018"), 409,
		"Mijn naam", "Intussen bewaard door G. Griffier", "Zomerreces", `name="version" value="2"`)
	remove := strings.Replace(edit, "/bewerken", "/verwijdering", 1)
	holds(t, ask(t, clerk, remove, "version", "1"), 409)
	holds(t, ask(t, clerk, remove, "version", "2"), 303)
	holds(t, ask(t, clerk, remove, "version", "2"), 303)
	holds(t, ask(t, clerk, edit), 404)
	if strings.Contains(ask(t, public, page).Body.String(), "Zomerreces") {
		t.Error("the recess is still on the page")
	}
}
