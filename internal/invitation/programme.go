package invitation

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/markdown"
)

// PartKind is what sort of part of a programme it is.
type PartKind string

// The kinds of domain 4.1.
const (
	Opening      PartKind = "opening"
	Introduction PartKind = "inleiding"
	Column       PartKind = "column"
	Carousel     PartKind = "carrousel"
	Break        PartKind = "pauze"
	Workshop     PartKind = "sessie"
	Finish       PartKind = "afsluiting"
)

// PartKinds in the order of the form.
var PartKinds = []PartKind{Opening, Introduction, Column, Carousel, Workshop, Break, Finish}

// Label is the kind as a page shows it; empty for what is no kind.
func (k PartKind) Label() string {
	return map[PartKind]string{
		Opening: "Opening", Introduction: "Inleiding", Column: "Column", Carousel: "Carrousel", Break: "Pauze", Workshop: "Sessie", Finish: "Afsluiting",
	}[k]
}

// Presenter is who presents a part, as the invitation spells it.
type Presenter struct {
	Name string `json:"name"`
	Role string `json:"role"` // function, and organisation or firm where that helps
}

// String is the presenter as people type him: "Naam (functie, organisatie)".
func (p Presenter) String() string {
	if p.Role == "" {
		return p.Name
	}
	return p.Name + " (" + p.Role + ")"
}

// ParsePresenter reads a line as String writes it.
func ParsePresenter(line string) Presenter {
	line = strings.Join(strings.Fields(line), " ")
	if name, role, ok := strings.Cut(line, " ("); ok && strings.HasSuffix(role, ")") {
		return Presenter{Name: name, Role: strings.TrimSpace(strings.TrimSuffix(role, ")"))}
	}
	return Presenter{Name: line}
}

// Session is a table of a carrousel, or a theme to choose.
type Session struct {
	ID    id.Session `json:"id"`
	Title string     `json:"title"`
}

// Part is a part of the programme. A carrousel has rounds at tables; its length follows from them.
type Part struct {
	ID           id.Part     `json:"id"`
	Kind         PartKind    `json:"kind"`
	Title        string      `json:"title"`
	Text         string      `json:"text"` // Markdown: what it is about, in points
	Presenters   []Presenter `json:"presenters"`
	Minutes      *int        `json:"minutes"` // nil: not known yet
	Rounds       int         `json:"rounds,omitempty"`
	RoundMinutes int         `json:"round_minutes,omitempty"`
	Sessions     []Session   `json:"sessions"`
	Version      int         `json:"version"`
}

// Length is how long the part takes, in minutes; nil when that is not known.
func (p Part) Length() *int {
	if p.Kind == Carousel && p.Rounds > 0 && p.RoundMinutes > 0 {
		n := p.Rounds * p.RoundMinutes
		return &n
	}
	return p.Minutes
}

// Clocks are when the parts begin. After a part of unknown length nothing is known; that is the zero time.
func Clocks(start time.Time, parts []Part) []time.Time {
	clocks := make([]time.Time, len(parts))
	for n, p := range parts {
		clocks[n] = start
		if p.Length() == nil {
			break
		}
		start = start.Add(time.Duration(*p.Length()) * time.Minute)
	}
	return clocks
}

// RoundClocks are when the rounds of a carrousel begin; none when its own beginning is not known.
func RoundClocks(start time.Time, p Part) []time.Time {
	var clocks []time.Time
	if !start.IsZero() && p.Kind == Carousel {
		for n := range p.Rounds {
			clocks = append(clocks, start.Add(time.Duration(n*p.RoundMinutes)*time.Minute))
		}
	}
	return clocks
}

// Overrun is how much the parts of known length take beyond the end; zero when they fit.
func Overrun(start, end time.Time, parts []Part) time.Duration {
	for _, p := range parts {
		if n := p.Length(); n != nil {
			start = start.Add(time.Duration(*n) * time.Minute)
		}
	}
	return max(start.Sub(end), 0)
}

// PartDraft is what someone fills in of a part. Sessions are the titles of tables or themes.
type PartDraft struct {
	ID           id.Part // of a part to be made; the same twice is one part
	Kind         PartKind
	Title        string
	Text         string
	Presenters   []Presenter
	Minutes      *int
	Rounds       *int
	RoundMinutes *int
	Sessions     []string
	Version      int
}

const (
	mostParts    = 100
	mostSessions = 60
	longestPart  = 16 * 60
)

// Check gathers what is wrong with the part, by field.
func (d PartDraft) Check() error {
	f := fault.Fields{}
	f.Must(d.Kind == "" || d.Kind.Label() != "", "kind", "Kies een soort uit de lijst.")
	f.Must(strings.TrimSpace(d.Title) != "", "title", "Geef het onderdeel een titel.")
	f.Must(utf8.RuneCountInString(d.Title) <= longestTitle, "title", fmt.Sprintf("Maak de titel korter: hoogstens %d tekens.", longestTitle))
	f.Must(len(d.Text) <= markdown.MaxBytes, "text", tooLong)
	f.Must(len(d.Presenters) <= 30, "presenters", "Noem hoogstens 30 sprekers.")
	for _, p := range d.Presenters {
		f.Must(utf8.RuneCountInString(p.String()) <= longestLine, "presenters", "Zet op elke regel één spreker, in hoogstens 300 tekens.")
	}
	within := func(n *int, name string, least, most int, why string) {
		f.Must(n == nil || *n >= least && *n <= most, name, why)
	}
	within(d.Minutes, "minutes", 0, longestPart, "Vul een aantal minuten in van 0 tot 960.")
	within(d.Rounds, "rounds", 1, 20, "Vul een aantal ronden in van 1 tot 20.")
	within(d.RoundMinutes, "round_minutes", 1, 240, "Vul een aantal minuten in van 1 tot 240.")
	if d.Kind == Carousel {
		f.Must(d.Rounds != nil, "rounds", "Een carrousel heeft ronden. Vul in hoeveel, bijvoorbeeld 3.")
		f.Must(d.RoundMinutes != nil, "round_minutes", "Vul in hoe lang één ronde duurt, bijvoorbeeld 10.")
		f.Must(len(d.Sessions) > 0, "sessions", "Een carrousel heeft tafels. Zet op elke regel het onderwerp van één tafel.")
		f.Must(d.Rounds == nil || len(d.Sessions) == 0 || *d.Rounds <= len(d.Sessions), "rounds",
			"Er zijn meer ronden dan tafels: dan komt iemand twee keer aan dezelfde tafel. Neem minder ronden of meer tafels.")
	}
	f.Must(len(d.Sessions) <= mostSessions, "sessions", "Noem hoogstens 60 tafels of thema's.")
	seen := map[string]bool{}
	for _, s := range d.Sessions {
		f.Must(utf8.RuneCountInString(s) <= longestTitle, "sessions", "Maak elke regel korter: hoogstens 200 tekens.")
		f.Must(!seen[strings.ToLower(s)], "sessions", "De regel ‘"+s+"’ staat er twee keer. Haal er één weg.")
		seen[strings.ToLower(s)] = true
	}
	return f.Err()
}

// part is the draft as a part of the programme. What was there before keeps the ids of its tables, by their titles.
func (d PartDraft) part(was Part) Part {
	p := Part{
		ID: was.ID, Kind: d.Kind, Title: strings.TrimSpace(d.Title), Text: strings.TrimSpace(d.Text), Presenters: d.Presenters, Minutes: d.Minutes,
		Sessions: []Session{}, Version: was.Version + 1,
	}
	if p.Presenters == nil {
		p.Presenters = []Presenter{}
	}
	if d.Kind == Carousel {
		p.Rounds, p.RoundMinutes, p.Minutes = *d.Rounds, *d.RoundMinutes, nil
	}
	for _, title := range d.Sessions {
		s := Session{ID: id.New[id.Session](), Title: title}
		for _, before := range was.Sessions {
			if before.Title == title {
				s.ID = before.ID
			}
		}
		p.Sessions = append(p.Sessions, s)
	}
	return p
}
