package identity

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"regiogriffie/internal/fault"
)

const (
	minPassword = 12
	maxPassword = 200
	// minUnguessable is how many characters must remain when common words, rows of keys and years are taken out.
	minUnguessable = 6
)

// CheckPassword says what is wrong with a new password, as a fault of the field "password".
func CheckPassword(password, email string) error {
	faults := fault.Fields{}
	checkPassword(faults, password, email)
	return faults.Err()
}

func checkPassword(faults fault.Fields, password, email string) {
	const advice = " Een zin van vier of meer woorden is sterk en goed te onthouden."
	n := utf8.RuneCountInString(password)
	faults.Must(utf8.ValidString(password), "password", "In dit wachtwoord staan tekens die niet bewaard kunnen worden. Kies een ander wachtwoord.")
	faults.Must(n >= minPassword, "password", fmt.Sprintf("Kies een wachtwoord van ten minste %d tekens.%s", minPassword, advice))
	faults.Must(n <= maxPassword, "password", fmt.Sprintf("Dit wachtwoord is te lang: hoogstens %d tekens.", maxPassword))
	if n < minPassword || n > maxPassword {
		return
	}
	low := strings.ToLower(password)
	for _, part := range namesIn(email) {
		faults.Must(!strings.Contains(low, part), "password", "Uw naam of e-mailadres staat in dit wachtwoord. Kies iets wat niemand van u weet."+advice)
	}
	plain := deleet(low)
	for _, word := range []string{"wachtwoord", "password", "passwort"} {
		faults.Must(!strings.Contains(plain, word), "password", "Het woord ‘"+word+"’ is het eerste wat iemand probeert. Kies een ander wachtwoord."+advice)
	}
	faults.Must(!repeats(low), "password", "Dit wachtwoord herhaalt zichzelf en is daardoor te raden. Kies een ander wachtwoord."+advice)
	faults.Must(unguessable(low) >= minUnguessable && unguessable(plain) >= minUnguessable, "password",
		"Dit wachtwoord bestaat vooral uit bekende woorden, cijfers of toetsen op een rij en is daardoor te raden. Kies een ander wachtwoord."+advice)
}

// namesIn are the parts of an address that others know of someone.
func namesIn(email string) []string {
	name, domain, _ := strings.Cut(strings.ToLower(email), "@")
	var names []string
	for _, part := range append(strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }), name, strings.Split(domain, ".")[0]) {
		if utf8.RuneCountInString(part) >= 5 {
			names = append(names, part)
		}
	}
	return names
}

// repeats reports whether s has hardly any different signs, or is a short piece written more than once.
func repeats(s string) bool {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	if len(seen) < 5 {
		return true
	}
	return strings.Contains((s + s)[1:2*len(s)-1], s)
}

var leet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

func deleet(s string) string { return leet.Replace(s) }

// rows are the orders in which people type without thinking.
var rows = func() []string {
	both := []string{}
	for _, row := range []string{
		"qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "01234567890", "abcdefghijklmnopqrstuvwxyz", "1qaz2wsx3edc4rfv",
		"qazwsxedcrfv", "!@#$%^&*()",
	} {
		back := []rune(row)
		for i, j := 0, len(back)-1; i < j; i, j = i+1, j-1 {
			back[i], back[j] = back[j], back[i]
		}
		both = append(both, row, string(back))
	}
	return both
}()

// common are words that a guesser tries first: what people choose, and what is said in this house all day.
var common = strings.Fields(`welkom welcome geheim secret admin administrator beheer beheerder login inloggen toegang letmein
	iloveyou ikhouvanjou dragon monkey master shadow sunshine princess football voetbal baseball superman batman pokemon
	starwars computer internet vakantie zomer herfst winter lente voorjaar najaar januari februari maart april mei juni
	juli augustus september oktober november december maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
	amsterdam rotterdam utrecht denhaag leiden haarlem heemstede bloemendaal hillegom nederland holland ajax feyenoord psv
	gemeente gemeenteraad raadslid griffie griffier regio regiogriffie raad college burgemeester wethouder vergadering
	voorstel provincie veiligheidsregio samen samenwerking changeme change test tester demo temp tijdelijk standaard
	default system systeem server user gebruiker account hallo hello dag goedemorgen schatje liefje mama papa baby michael
	jordan daniel thomas jessica charlie michelle ashley hunter ranger buster soccer hockey killer george andrew harley
	freedom whatever trustno mustang access flower passw pass woord qwerty azerty abc xyz zaq nieuw new eerste laatste`)

// unguessable counts the characters that remain when common words, rows of keys, years, digits at the ends and signs are
// taken out in the cheapest way for a guesser.
func unguessable(s string) int {
	runes := []rune(s)
	left := make([]int, len(runes)+1) // from each character to the end
	for i := len(runes) - 1; i >= 0; i-- {
		left[i] = left[i+1]
		if unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]) {
			left[i]++
		}
		for _, length := range guessed(runes[i:]) {
			left[i] = min(left[i], left[i+length])
		}
	}
	if core := undecorated(runes); len(core) < len(runes) {
		return min(left[0], unguessable(string(core)))
	}
	return left[0]
}

// guessed are the lengths of the pieces at the beginning that a guesser has for nothing: words, rows of keys, years and repeats.
func guessed(runes []rune) []int {
	var lengths []int
	text := string(runes)
	for _, word := range common {
		if strings.HasPrefix(text, word) {
			lengths = append(lengths, utf8.RuneCountInString(word))
		}
	}
	for n := 3; n <= len(runes); n++ {
		piece := string(runes[:n])
		if !isRow(piece) && !isYear(piece) && !isSame(piece) {
			break
		}
		lengths = append(lengths, n)
	}
	if len(runes) >= 4 && isYear(string(runes[:4])) {
		lengths = append(lengths, 4)
	}
	return lengths
}

// undecorated takes up to four digits and signs from the end, the commonest decoration. What has nothing else keeps them.
func undecorated(runes []rune) []rune {
	end := len(runes)
	for end > 0 && !unicode.IsLetter(runes[end-1]) {
		end--
	}
	if end == 0 || len(runes)-end > 4 {
		return runes
	}
	return runes[:end]
}

func isRow(s string) bool {
	for _, row := range rows {
		if strings.Contains(row, s) {
			return true
		}
	}
	return false
}

func isYear(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && len(s) == 4 && n >= 1920 && n <= 2099
}

func isSame(s string) bool { return strings.Count(s, s[:1]) == len(s) }
