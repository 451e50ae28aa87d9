// Package difference finds what changed between two texts, word by word.
package difference

import (
	"strings"
	"unicode"
)

// Kind says what became of a piece.
type Kind int

// The kinds.
const (
	Same  Kind = iota
	Gone       // stood only in the text before
	Added      // stands only in the text after
)

// Piece is a run of text with one fate. The pieces that are Same or Gone are the text before, those that are Same or Added the text
// after.
type Piece struct {
	Kind Kind
	Text string
}

// Words compares two texts word by word. What is replaced stands as Gone followed by Added.
func Words(before, after string) []Piece {
	a, b := split(before), split(after)
	var pieces []Piece
	add := func(k Kind, words []string) {
		if len(words) > 0 {
			pieces = append(pieces, Piece{k, strings.Join(words, "")})
		}
	}
	at, bt := 0, 0
	for _, m := range append(matches(a, b), match{len(a), len(b), 0}) {
		if m.n > 0 && m.a > at && m.b > bt && m.a+m.n < len(a) && m.b+m.n < len(b) && blank(a[m.a:m.a+m.n]) {
			continue // one phrase for another reads better than word for word
		}
		add(Gone, a[at:m.a])
		add(Added, b[bt:m.b])
		add(Same, a[m.a:m.a+m.n])
		at, bt = m.a+m.n, m.b+m.n
	}
	return pieces
}

func blank(words []string) bool { return strings.TrimSpace(strings.Join(words, "")) == "" }

// Changed tells whether any piece is not the same in both texts.
func Changed(pieces []Piece) bool {
	for _, p := range pieces {
		if p.Kind != Same {
			return true
		}
	}
	return false
}

// Point is an element of a list with its place before and after, counted from 1; 0: it was not there.
type Point struct {
	Before, After int
	Pieces        []Piece
}

// Points compares two lists of texts. Elements that are the same are found back wherever they moved down or up as a whole; what
// stands between them is compared pair by pair, in order.
func Points(before, after []string) []Point {
	var points []Point
	at, bt := 0, 0
	for _, m := range append(matches(before, after), match{len(before), len(after), 0}) {
		for at < m.a || bt < m.b {
			p := Point{}
			was, is := "", ""
			if at < m.a {
				was, at = before[at], at+1
				p.Before = at
			}
			if bt < m.b {
				is, bt = after[bt], bt+1
				p.After = bt
			}
			p.Pieces = Words(was, is)
			points = append(points, p)
		}
		for range m.n {
			points = append(points, Point{at + 1, bt + 1, []Piece{{Same, before[at]}}})
			at, bt = at+1, bt+1
		}
	}
	return points
}

// split cuts a text into words, runs of white space, and single other signs. Joined they are the text again.
func split(text string) []string {
	var words []string
	start, last := 0, ' '
	class := func(r rune) rune {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			return 'w'
		case unicode.IsSpace(r):
			return ' '
		}
		return 0 // stands by itself
	}
	for i, r := range text {
		c := class(r)
		if i > start && (c != last || c == 0) {
			words = append(words, text[start:i])
			start = i
		}
		last = c
	}
	if start < len(text) {
		words = append(words, text[start:])
	}
	return words
}

// match is a run that is the same in both lists.
type match struct{ a, b, n int }

// most bounds how many insertions and deletions are looked for. Beyond it the texts have so little in common that showing the one
// and then the other reads better, and costs nothing.
const most = 1000

// matches are the runs that a shortest series of insertions and deletions leaves alone, in order (Myers, "An O(ND) difference
// algorithm", 1986).
func matches(a, b []string) []match {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var found []match
	if head > 0 {
		found = append(found, match{0, 0, head})
	}
	for _, m := range middle(a[head:len(a)-tail], b[head:len(b)-tail]) {
		found = append(found, match{m.a + head, m.b + head, m.n})
	}
	if tail > 0 {
		found = append(found, match{len(a) - tail, len(b) - tail, tail})
	}
	return found
}

func middle(a, b []string) []match {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	limit := min(len(a)+len(b), most)
	// reach[k+limit+1] is how far along a the furthest path on diagonal k (place in a minus place in b) has come.
	reach := make([]int32, 2*limit+3)
	var trail [][]int32 // of each step, the diagonals -d to d
	for d := 0; d <= limit; d++ {
		for k := -d; k <= d; k += 2 {
			x := further(reach[k+limit:], d, k, a, b)
			reach[k+limit+1] = x
			if int(x) >= len(a) && int(x)-k >= len(b) {
				return back(trail, a, b, d)
			}
		}
		trail = append(trail, append([]int32(nil), reach[limit+1-d:limit+2+d]...))
	}
	return nil
}

// further is how far the path of d steps comes on diagonal k, of which near has the one to the left, its own and the one above.
func further(near []int32, d, k int, a, b []string) int32 {
	x := near[0] + 1 // from the left: a word gone
	if k == -d || k != d && near[0] < near[2] {
		x = near[2] // from above: a word added
	}
	if d == 0 {
		x = 0
	}
	for int(x) < len(a) && int(x)-k < len(b) && int(x)-k >= 0 && a[x] == b[int(x)-k] {
		x++
	}
	return x
}

// back walks from the end of both lists to their beginning and gathers the runs that are the same.
func back(trail [][]int32, a, b []string, d int) []match {
	var found []match
	x, y := len(a), len(b)
	for ; d > 0; d-- {
		before := trail[d-1] // diagonals -(d-1) to d-1
		at := func(k int) int {
			if k < -(d-1) || k > d-1 {
				return -1
			}
			return int(before[k+d-1])
		}
		k := x - y
		from := k - 1
		if k == -d || k != d && at(k-1) < at(k+1) {
			from = k + 1
		}
		px := at(from)
		py := px - from
		sx := px
		if from < k {
			sx++ // a word gone
		}
		if n := x - sx; n > 0 {
			found = append(found, match{sx, sx - k, n})
		}
		x, y = px, py
	}
	if x > 0 {
		found = append(found, match{0, 0, x})
	}
	for i, j := 0, len(found)-1; i < j; i, j = i+1, j-1 {
		found[i], found[j] = found[j], found[i]
	}
	return found
}
