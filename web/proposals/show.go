package proposals

import (
	"github.com/a-h/templ"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/web/form"
)

// view is the paper with what stands around it.
type view struct {
	proposal.Proposal
	actor       access.Actor
	form        *form.Form // of the small forms on the page
	missing     fault.Fields
	refused     bool // it was offered and something is missing
	attachments []file.Line
	places      []proposal.Place
	versions    []proposal.Version
	decisions   []meeting.Decision
	moves       []proposal.Move
	reading     []proposal.Reading
	comments    []proposal.Comment
	advices     []proposal.Advice
	history     []audit.Entry
	route       route.Progress
}

// comparable tells whether the reader may see the version before this one too.
func (v view) comparable(number int) bool {
	for _, version := range v.versions {
		if version.Number == number-1 {
			return true
		}
	}
	return false
}

// treatedBy names the bodies that decided on a version.
func (v view) treatedBy(number int) []string {
	var bodies []string
	for _, d := range v.decisions {
		if d.ProposalVersion == number && d.ReplacedBy == "" {
			bodies = append(bodies, d.Body()+", "+dutch.Date(d.DecidedOn))
		}
	}
	return bodies
}

// mayAct tells whether the reader can do anything with the paper as a whole.
func (v view) mayAct() bool {
	for _, can := range []func(access.Actor, proposal.Proposal) bool{
		proposal.CanRevise, proposal.CanWithdraw, proposal.CanOffer, proposal.CanMarkReady, proposal.CanAgree, proposal.CanSendBack,
	} {
		if can(v.actor, v.Proposal) {
			return true
		}
	}
	return false
}

// writingOrgs names the organisations that write the paper.
func (v view) writingOrgs() string {
	list := []string{v.OwnerName}
	for _, o := range v.CoOrgs {
		list = append(list, o.Name)
	}
	return dutch.List(list)
}

func alert(on bool) templ.Attributes {
	if !on {
		return nil
	}
	return templ.Attributes{"role": "alert", "tabindex": "-1", "id": "fouten"}
}
