package dutch

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Number returns "1.301.000".
func Number(n int) string {
	return message.NewPrinter(language.Dutch).Sprintf("%d", n)
}

// Euros returns "€ 1.301.000", with cents only when there are any: "€ 10,42".
func Euros(cents int64) string {
	sign := ""
	if cents < 0 {
		sign = "-"
	}
	size := magnitude(cents)
	text := message.NewPrinter(language.Dutch).Sprintf("%d", size/100)
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
