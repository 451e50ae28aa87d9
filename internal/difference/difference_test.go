package difference

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// drawn writes pieces as [-gone-]{+added+}.
func drawn(pieces []Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		switch p.Kind {
		case Gone:
			b.WriteString("[-" + p.Text + "-]")
		case Added:
			b.WriteString("{+" + p.Text + "+}")
		default:
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestWordsThatChanged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ before, after, want string }{
		{"", "", ""},
		{"De raad besluit.", "De raad besluit.", "De raad besluit."},
		{"", "Nieuw.", "{+Nieuw.+}"},
		{"Oud.", "", "[-Oud.-]"},
		{"De raad stelt het plan vast.", "De raad stelt het gewijzigde plan vast.", "De raad stelt het {+gewijzigde +}plan vast."},
		{"Het kost 10 euro.", "Het kost 12 euro.", "Het kost [-10-]{+12+} euro."},
		{"beëindigd", "beeindigd", "[-beëindigd-]{+beeindigd+}"},
		{"Een. Twee.", "Een! Twee.", "Een[-.-]{+!+} Twee."},
		{"de oude, lange zin", "een nieuwe tekst, lange zin", "[-de oude-]{+een nieuwe tekst+}, lange zin"},
		{"a b c d e f", "a x c d y f", "a [-b-]{+x+} c d [-e-]{+y+} f"},
	} {
		if got := drawn(Words(c.before, c.after)); got != c.want {
			t.Errorf("%q to %q: %s, want %s", c.before, c.after, got, c.want)
		}
	}
}

func TestPointsAreFoundBackAndComparedInPairs(t *testing.T) {
	t.Parallel()
	got := ""
	for _, p := range Points(
		[]string{"Het plan vast te stellen.", "10.000 euro beschikbaar te stellen.", "De raad te informeren."},
		[]string{"Vooraf de inwoners te horen.", "Het plan vast te stellen.", "12.000 euro beschikbaar te stellen.", "De raad te informeren."}) {
		got += fmt.Sprintf("%d>%d %s\n", p.Before, p.After, drawn(p.Pieces))
	}
	want := "0>1 {+Vooraf de inwoners te horen.+}\n1>2 Het plan vast te stellen.\n2>3 [-10-]{+12+}.000 euro beschikbaar te stellen.\n3>4 De raad te informeren.\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// whole says what is not as the pieces promise; empty when nothing.
func whole(before, after string) string {
	was, is := "", ""
	pieces := Words(before, after)
	for i, p := range pieces {
		if p.Text == "" {
			return "an empty piece"
		}
		if i > 0 && pieces[i-1].Kind == p.Kind {
			return "two pieces of one kind side by side"
		}
		if p.Kind != Added {
			was += p.Text
		}
		if p.Kind != Gone {
			is += p.Text
		}
	}
	switch {
	case was != before:
		return fmt.Sprintf("the text before came back as %q", was)
	case is != after:
		return fmt.Sprintf("the text after came back as %q", is)
	case before == after && Changed(pieces):
		return "nothing changed, and something shows"
	}
	return ""
}

// longestCommon is how many words a plain table finds in common: as many as there can be.
func longestCommon(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			up := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(up, row[j])
			}
			diagonal = up
		}
	}
	return row[len(b)]
}

func TestAsMuchAsPossibleStays(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	list := func() []string {
		words := make([]string, random.IntN(40))
		for i := range words {
			words[i] = string(rune('a' + random.IntN(4)))
		}
		return words
	}
	for range 3000 {
		a, b := list(), list()
		kept, at, bt := 0, 0, 0
		for _, m := range matches(a, b) {
			if m.n <= 0 || m.a < at || m.b < bt || !slices.Equal(a[m.a:m.a+m.n], b[m.b:m.b+m.n]) {
				t.Fatalf("%v and %v: match %v", a, b, m)
			}
			kept, at, bt = kept+m.n, m.a+m.n, m.b+m.n
		}
		if want := longestCommon(a, b); kept != want {
			t.Fatalf("%v and %v: %d stay, want %d", a, b, kept, want)
		}
	}
}

func TestTextsThatHaveNothingInCommonTakeNoTime(t *testing.T) {
	t.Parallel()
	var a, b strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&a, "oud%d ", i)
		fmt.Fprintf(&b, "nieuw%d ", i)
	}
	start := time.Now()
	if why := whole(a.String(), b.String()); why != "" {
		t.Error(why)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func FuzzWords(f *testing.F) {
	f.Add("De raad besluit.", "De raad besluit anders.")
	f.Add("", "x")
	f.Add("a\n\nb\t", "a b\xff")
	f.Add("é e\u0301", "e\u0301 é")
	f.Fuzz(func(t *testing.T, before, after string) {
		if why := whole(before, after); why != "" {
			t.Errorf("%q to %q: %s", before, after, why)
		}
	})
}
