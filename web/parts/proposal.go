package parts

import "regiogriffie/internal/proposal"

func meaningOf(s proposal.State) string {
	switch s {
	case proposal.Offered, proposal.Returned:
		return "due"
	case proposal.Ready, proposal.Agreed, proposal.InTreatment:
		return "accent"
	case proposal.Scheduled, proposal.Done:
		return "done"
	case proposal.Deferred:
		return "due"
	case proposal.Withdrawn:
		return "closed"
	}
	return ""
}
