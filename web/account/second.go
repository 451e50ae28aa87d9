package account

import (
	"context"
	"fmt"
	"net/http"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/id"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/trail"
	"regiogriffie/web/parts"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
	"regiogriffie/web/ui"
)

// Confirmations lists the addresses of accounts that wait for a second, as far as the reader may stand for them or set them.
func (p *Pages) Confirmations(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	var changes []identity.EmailChange
	if err := postgres.Read(r.Context(), p.DB, identity.EmailChanges(&changes, actor, "")); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Te bevestigen adressen", confirmations(changes, actor))
}

// CreateVouching makes an address count.
func (p *Pages) CreateVouching(w http.ResponseWriter, r *http.Request) error {
	return p.settle(w, r, identity.Vouch, "Het adres van %s is bevestigd en telt.")
}

// CreateRefusedEmail keeps an address from counting.
func (p *Pages) CreateRefusedEmail(w http.ResponseWriter, r *http.Request) error {
	return p.settle(w, r, identity.RefuseEmail, "Het adres van %s telt niet.")
}

func (p *Pages) settle(w http.ResponseWriter, r *http.Request,
	act func(context.Context, postgres.DB, access.Actor, id.EmailChange) (identity.EmailChange, error), message string,
) error {
	c, err := act(r.Context(), p.DB, request.Actor(r), request.ID[id.EmailChange](r, "change"))
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Confirmations, fmt.Sprintf(message, c.Name))
}

// Trail is what was done to the account of the reader.
func (p *Pages) Trail(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	v := parts.TrailView{
		Heading: "Spoor van mijn account", Crumbs: []ui.Crumb{{Label: actor.Name, Address: path.Account}}, Page: request.Page(r), Address: path.OwnTrail, Own: true,
	}
	if err := postgres.Read(r.Context(), p.DB, trail.List(&v.Lines, actor, trail.Filter{About: actor.Account, Page: v.Page})); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, v.Heading, parts.Trail(v))
}

// CreateNotice notes that the owner has read who saw a link to his account.
func (p *Pages) CreateNotice(w http.ResponseWriter, r *http.Request) error {
	if err := identity.Notice(r.Context(), p.DB, request.Actor(r)); err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Account, "Bewaard dat u dit hebt gelezen.")
}

// warning is what the owner reads on his first page after signing in, when somebody else saw a link to his account.
func (p *Pages) warning(ctx context.Context, actor access.Actor) (string, error) {
	var shown []identity.ShownLink
	if err := postgres.Read(ctx, p.DB, identity.Shown(&shown, actor)); err != nil || len(shown) == 0 {
		return "", err
	}
	return shown[0].MadeBy + " zag op " + dutch.DateTime(shown[0].MadeAt) +
		" een link waarmee iemand uw wachtwoord kon kiezen. Lees wat u kunt doen bij Mijn account.", nil
}
