package account

import (
	"regiogriffie/internal/access"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/mailing"
)

type self struct {
	account   identity.Account
	functions []identity.Function
	mail      []mailing.Stop
	shown     []identity.ShownLink
	changes   []identity.EmailChange
	actor     access.Actor
}

const passwordHint = "Ten minste 12 tekens. Een zin van vier of meer woorden is sterk en goed te onthouden."
