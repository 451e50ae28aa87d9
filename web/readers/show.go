package readers

import "strconv"

func heading(n int) string { return "lezers-" + strconv.Itoa(n+1) }
