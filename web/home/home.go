package home

import "regiogriffie/internal/dutch"

func waiting(n int) string {
	switch n {
	case 0:
		return "Er wacht niets op u."
	case 1:
		return "Eén zaak wacht op u."
	}
	return dutch.Capital(dutch.InWords(n)) + " zaken wachten op u."
}
