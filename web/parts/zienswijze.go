package parts

import "strconv"

// Heard says how far the councils are with a draft: "Zienswijzen: 9 van 13 ontvangen, 7 beantwoord."
func Heard(councils, received, answered int) string {
	return "Zienswijzen: " + strconv.Itoa(received) + " van " + strconv.Itoa(councils) + " ontvangen, " + strconv.Itoa(answered) + " beantwoord."
}
