package dutch

import (
	"fmt"
	"strconv"
	"strings"
)

// Number returns "1.301.000".
func Number(n int) string {
	if n < 0 {
		return "-" + grouped(magnitude(int64(n)))
	}
	return grouped(uint64(n))
}

// grouped writes a point between every three digits.
func grouped(n uint64) string {
	digits := strconv.FormatUint(n, 10)
	if len(digits) <= 3 {
		return digits
	}
	text := make([]byte, 0, len(digits)+len(digits)/3)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			text = append(text, '.')
		}
		text = append(text, digits[i])
	}
	return string(text)
}

// Euros returns "€ 1.301.000", with cents only when there are any: "€ 10,42".
func Euros(cents int64) string {
	sign := ""
	if cents < 0 {
		sign = "-"
	}
	size := magnitude(cents)
	text := grouped(size / 100)
	if size%100 != 0 {
		text += fmt.Sprintf(",%02d", size%100)
	}
	return "€ " + sign + text
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// Minutes returns "20 min".
func Minutes(n int) string {
	return Number(n) + " min"
}

// Bytes returns the size of a file, in steps of a thousand: "512 bytes", "96 kB", "4,2 MB".
func Bytes(n int64) string {
	if n < 1000 {
		return Count(int(n), "byte", "bytes")
	}
	size, decimals, units := float64(n)/1000, 0, []string{"kB", "MB", "GB", "TB"}
	for len(units) > 1 && size >= 999.5 { // 999.5 would be written as 1000
		size, decimals, units = size/1000, 1, units[1:]
	}
	text := strconv.FormatFloat(size, 'f', decimals, 64)
	return strings.Replace(strings.TrimSuffix(text, ".0"), ".", ",", 1) + " " + units[0]
}

// Count returns "1 voorstel" or "2 voorstellen".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

var words = [...]string{
	"één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf",
}

// InWords returns the words "één" to "twaalf", and digits for any other number.
func InWords(n int) string {
	if n >= 1 && n <= len(words) {
		return words[n-1]
	}
	return Number(n)
}

// Plural returns one or many, for a number that stands apart or is not written.
func Plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
