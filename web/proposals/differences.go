package proposals

import (
	"net/http"
	"strconv"

	"regiogriffie/internal/fault"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// differenceView is what changed from one version to another.
type differenceView struct {
	proposal.Proposal
	Before, After proposal.Version
	Changes       []proposal.Change
}

// versionNumber reads the number of a version; 0 for what is none.
func versionNumber(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 1_000_000 {
		return 0
	}
	return n
}

// ShowDifference is what changed in a version since another: the one before it, unless the address names one.
func (p Pages) ShowDifference(w http.ResponseWriter, r *http.Request) error {
	actor, key := request.Actor(r), request.Key(r, "proposal")
	after := versionNumber(request.Key(r, "number"))
	before := after - 1
	if named := request.Query(r, "met"); named != "" {
		before = versionNumber(named)
	}
	if after == 0 || before == 0 {
		return fault.NotFound
	}
	if before > after {
		before, after = after, before
	}
	v := differenceView{}
	err := postgres.Read(r.Context(), p.DB, proposal.ByKey(&v.Proposal, actor, key),
		proposal.VersionByKey(&v.Before, actor, key, before), proposal.VersionByKey(&v.After, actor, key, after))
	if err != nil {
		return err
	}
	v.Changes = proposal.Compare(v.Before.Fields, v.After.Fields)
	if err := respond.Noted(w, r, p.DB, closed(v.Proposal)...); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Wat er is gewijzigd in versie "+strconv.Itoa(after), showDifference(v))
}

// CreateReading keeps for the reader that he read a version.
func (p Pages) CreateReading(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	found, err := proposal.FindByKey(r.Context(), p.DB, actor, request.Key(r, "proposal"))
	if err != nil {
		return err
	}
	n := f.Version()
	if err := proposal.MarkRead(r.Context(), p.DB, actor, found.ID, n); err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Proposal(found.Key), "Regiogriffie onthoudt dat u versie "+strconv.Itoa(n)+" las. Alleen u ziet dat.")
}

// latest is the newest version that the reader may see; nil when there is none.
func (v view) latest() *proposal.Version {
	if len(v.versions) == 0 {
		return nil
	}
	return &v.versions[0]
}

// read is the version that the reader said to have read; nil when he did not, or may not see it any more.
func (v view) read() *proposal.Version {
	if len(v.reading) == 0 {
		return nil
	}
	for i := range v.versions {
		if v.versions[i].Number == v.reading[0].Version {
			return &v.versions[i]
		}
	}
	return nil
}

// sinceRead names what changed since the reader read the paper.
func (v view) sinceRead() []string {
	var labels []string
	for _, c := range proposal.Compare(v.read().Fields, v.latest().Fields) {
		labels = append(labels, c.Label)
	}
	return labels
}
