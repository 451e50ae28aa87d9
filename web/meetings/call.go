package meetings

func reasonLabel(rule string) string {
	if rule == "GEZAMENLIJK" {
		return "Reden om niet te wachten"
	}
	return "Reden om toch door te gaan"
}
