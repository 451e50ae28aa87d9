package partner

import (
	"context"
	"strings"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// BodyName names a body with its organisation: Raad Heemstede. Without a body it is empty.
func BodyName(body, organisation string) string {
	if body == "" {
		return ""
	}
	return HolderName(body, organisation)
}

// HolderName names who holds or answers something: a body with its organisation, or the organisation when it has no body.
func HolderName(body, organisation string) string {
	return strings.TrimSpace(body + " " + organisation)
}

// HolderNamed is HolderName in a query, of body b, which may be missing, and organisation o.
const HolderNamed = `coalesce(b.name || ' ', '') || o.name`

// Named is what a name stands for: one organisation, none, or more than one that are called so.
type Named struct {
	Name string
	Ids  []id.Organisation
}

// Lookup finds organisations that exist by what people call them: short, official or former name, or key, whatever the case. Of each
// name comes one answer, in the order of the names.
func Lookup(ctx context.Context, db postgres.DB, actor access.Actor, names []string) ([]Named, error) {
	return postgres.All[Named](ctx, db, `
		select x.name, array_remove(array_agg(distinct o.id), null) as ids
		from unnest(@names::text[]) with ordinality x(name, n)
		left join organisations o on (o.valid_to is null or o.valid_to >= @today)
			and (lower(x.name) in (lower(o.short_name), lower(o.official_name), lower('gemeente ' || o.official_name), o.key)
				or lower(x.name) = any (select lower(n) from unnest(o.former_names) n))
		group by x.name, x.n order by x.n`, postgres.Args{"names": names, "today": dutch.Day(actor.At)}.As(actor))
}

// OrganisationsNamed is Lookup for who wants each name to stand for one: the names that do not come back as unknown.
func OrganisationsNamed(ctx context.Context, db postgres.DB, actor access.Actor, names []string) (found []id.Organisation, unknown []string, err error) {
	answers, err := Lookup(ctx, db, actor, names)
	for _, n := range answers {
		if len(n.Ids) == 1 {
			found = append(found, n.Ids[0])
		} else {
			unknown = append(unknown, n.Name)
		}
	}
	return found, unknown, err
}
