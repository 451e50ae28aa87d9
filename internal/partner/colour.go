package partner

import (
	"hash/fnv"
	"math"
	"regexp"
	"strconv"
)

// palette is calm, and stands out on paper by day and by night.
var palette = []string{
	"#c57272", "#aa5f31", "#9f8841", "#6c7722", "#69943d", "#318226", "#409c57", "#257e5d",
	"#3d9494", "#2f77a2", "#7287c5", "#6f61d1", "#a179c8", "#b439c6", "#c26bac", "#c73d71",
}

// Colour is the colour that an organisation with this key gets when nobody chose one.
func Colour(key string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key)) // a hash does not fail
	return palette[h.Sum32()%uint32(len(palette))]
}

var colourPattern = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// leastContrast is what WCAG asks of a mark that carries meaning.
const leastContrast = 3

// readable reports whether a colour stands out against the sheet, in light and in dark.
func readable(colour string) bool {
	return contrast(colour, "#ffffff") >= leastContrast && contrast(colour, "#1b2124") >= leastContrast
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

// luminance is that of WCAG 2, for a colour of six digits.
func luminance(colour string) float64 {
	part := func(from int) float64 {
		n, _ := strconv.ParseUint(colour[from:from+2], 16, 8) // the pattern has been checked
		c := float64(n) / 255
		if c <= .03928 {
			return c / 12.92
		}
		return math.Pow((c+.055)/1.055, 2.4)
	}
	return .2126*part(1) + .7152*part(3) + .0722*part(5)
}
