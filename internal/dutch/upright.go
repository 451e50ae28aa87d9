package dutch

import "strings"

// Upright leaves out the signs that turn the reading direction, which nobody sees: with them a name or an amount can read
// otherwise than it is written. Dutch needs none of them.
func Upright(text string) string {
	if !strings.ContainsFunc(text, turns) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if turns(r) {
			return -1
		}
		return r
	}, text)
}

func turns(r rune) bool {
	switch {
	case r < 0x061C:
		return false
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x200E, r == 0x200F, r == 0x061C:
		return true
	}
	return false
}
