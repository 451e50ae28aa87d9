package routes

import (
	"strconv"

	"regiogriffie/web/form"
)

// plannedForm holds the day that stands, or the one that was just typed.
func plannedForm(v stepView) *form.Form {
	f := form.New(map[string]string{"version": strconv.Itoa(v.step.Version), "planned_for": ""})
	if v.step.PlannedFor != nil {
		f.Values.Set("planned_for", v.step.PlannedFor.Format("02-01-2006"))
	}
	if why := v.form.Faults["planned_for"]; why != "" {
		f.Faults["planned_for"] = why
		f.Values.Set("planned_for", v.form.Raw("planned_for"))
	}
	return f
}
