// Package routetest makes what tests of routes need; a maker fills in what the test does not care about.
package routetest

import (
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/route"
)

// Step is a draft of a step of a route for the body of the place: an opinion is asked, without a day.
func Step(p proposaltest.Place, sequence int) route.StepDraft {
	return route.StepDraft{BodyID: p.Body, Sequence: sequence, Treatment: proposal.Opinion}
}
