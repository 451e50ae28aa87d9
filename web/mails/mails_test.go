package mails

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/ical"
	"regiogriffie/internal/id"
	"regiogriffie/internal/mail"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/web/path"
)

// letters is one of each kind that leaves.
func letters() map[string]letter {
	o := Office{BaseURL: "https://regio.example"}
	start := time.Date(2026, 12, 3, 18, 30, 0, 0, time.UTC)
	m := meeting.Meeting{
		Slug: "2026-12-03-raad-heemstede", Kind: meeting.Council, StartsAt: start, EndsAt: start.Add(3 * time.Hour), Location: "Raadzaal, Raadhuisplein 1, Heemstede",
		Open: true, State: meeting.Convened,
	}
	council := []meeting.Organiser{{OrgName: "Heemstede", BodyName: "Raad"}}
	both := append([]meeting.Organiser{{OrgName: "Bloemendaal", BodyName: "Raad"}}, council...)
	items := []meeting.Item{
		{Label: "1", MatterTitle: "Opening en vaststellen van de agenda", Matter: true},
		{Label: "2", MatterTitle: "Regionale woonagenda <2027> & verder", Matter: true},
		{Label: "3", PublicTitle: "Aankoop van grond", Closed: true},
	}
	shut, moved, cancelled, joint := m, m, m, m
	shut.Open = false
	before := start.AddDate(0, 0, -7)
	moved.MovedFrom, moved.MovedReason = &before, "De zaal is bezet."
	cancelled.State, cancelled.CancelledReason = meeting.Cancelled, "Er zijn te weinig onderwerpen."
	joint.Title = "Gezamenlijke raad over wonen"
	stoppable := o.letter(meeting.TellConvened, joint, both, items)
	stoppable.stop, stoppable.stopAt = mailing.Invitations.Label(), o.at(path.StopMail(mailing.OwnCode))
	return map[string]letter{
		"oproep": o.letter(meeting.TellConvened, m, council, items), "oproep-besloten": o.letter(meeting.TellConvened, shut, council, items),
		"oproep-samen": o.letter(meeting.TellConvened, joint, both, items), "verplaatst": o.letter(meeting.TellMoved, moved, council, items),
		"gaat-niet-door": o.letter(meeting.TellCancelled, cancelled, council, items), "af-te-melden": stoppable,
	}
}

// With REGIOGRIFFIE_LETTERS each letter is written to that folder, for who reads them.
func TestALetterSaysTheSameAsTextAndAsHTML(t *testing.T) {
	t.Parallel()
	tags, white := regexp.MustCompile(`<[^>]*>`), regexp.MustCompile(`\s+`)
	for name, l := range letters() {
		m, err := l.message()
		if err != nil {
			t.Fatal(err)
		}
		if folder := os.Getenv("REGIOGRIFFIE_LETTERS"); folder != "" {
			for ending, text := range map[string]string{"txt": "Onderwerp: " + m.Subject + "\n\n" + m.Text, "html": m.HTML} {
				if err := os.WriteFile(filepath.Join(folder, name+"."+ending), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		_, body, _ := strings.Cut(m.HTML, "<body>")
		plain := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "&#39;", "'", "&#34;",
			`"`).Replace(white.ReplaceAllString(tags.ReplaceAllString(body, " "), " "))
		said := append([]string{l.greeting, l.label, l.closing}, l.paragraphs...)
		for _, f := range l.facts {
			said = append(said, f[0], f[1])
		}
		for _, s := range said {
			if !strings.Contains(m.Text, s) || !strings.Contains(plain, s) {
				t.Errorf("%s: %q is not in both the text and the HTML", name, s)
			}
		}
		if !strings.Contains(m.Text, l.address) || !strings.Contains(m.HTML, `href="`+l.address+`"`) || strings.Contains(m.HTML, "<img") ||
			strings.Contains(m.HTML, "<script") || strings.Contains(m.HTML, "style") {
			t.Errorf("%s: the link, or something that a mail does not need:\n%s", name, m.HTML)
		}
		if stop := name == "af-te-melden"; strings.HasSuffix(strings.TrimSpace(m.Text), "https://regio.example/afmelden/"+mailing.OwnCode) != stop ||
			strings.HasSuffix(strings.TrimSpace(plain), "Meld u af") != stop || strings.Contains(m.Text+m.HTML, "afmelden") != stop {
			t.Errorf("%s ends with how to stop it: want %v\n%s", name, stop, m.Text)
		}
	}
}

func TestACallAsksAndACancellationTakesAwayUnderOneUID(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 12, 3, 19, 0, 0, 0, time.UTC)
	m := meeting.Meeting{
		ID: "0190-m", Kind: meeting.Council, StartsAt: start, EndsAt: start.Add(time.Hour), Open: true, State: meeting.Convened,
		Sequence: 1, UpdatedAt: start,
	}
	organisers := []meeting.Organiser{{OrgName: "Heemstede", BodyName: "Raad"}}
	from, to := ical.Party{Name: "Heemstede", Address: "griffie@heemstede.example"}, ical.Party{Name: "L. Kennemer", Address: "raadslid@heemstede.example"}
	holds := func(entry []byte, parts ...string) {
		t.Helper()
		flat := strings.ReplaceAll(string(entry), "\r\n ", "")
		for _, part := range parts {
			if !strings.Contains(flat, part) {
				t.Errorf("%q is not in\n%s", part, flat)
			}
		}
	}
	event := meeting.EntryOf(m, organisers).Event("https://regio.example/vergaderingen/x")
	for _, kind := range []string{meeting.TellConvened, meeting.TellMoved} {
		entry, method := calendar(kind, event, from, to)
		if method != "REQUEST" {
			t.Errorf("%s goes as %q", kind, method)
		}
		holds(entry, "METHOD:REQUEST", "UID:0190-m@regiogriffie", "mailto:raadslid@heemstede.example", "mailto:griffie@heemstede.example", "SEQUENCE:1")
	}
	m.State, m.Sequence = meeting.Cancelled, 2
	entry, method := calendar(meeting.TellCancelled, meeting.EntryOf(m, organisers).Event("https://regio.example/vergaderingen/x"), from, to)
	if method != "CANCEL" {
		t.Errorf("a cancellation goes as %q", method)
	}
	holds(entry, "METHOD:CANCEL", "UID:0190-m@regiogriffie", "SEQUENCE:2", "STATUS:CANCELLED")
}

func TestWithoutAnAddressALetterGoesWithoutACalendarEntry(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 12, 3, 19, 0, 0, 0, time.UTC)
	event := meeting.EntryOf(meeting.Meeting{ID: "0190-m", Kind: meeting.Council, StartsAt: start, EndsAt: start.Add(time.Hour), UpdatedAt: start},
		nil).Event("https://regio.example/x")
	if entry, method := calendar(meeting.TellConvened, event, ical.Party{}, ical.Party{Address: "raadslid@heemstede.example"}); entry != nil || method != "" {
		t.Errorf("got %s %s", method, entry)
	}
}

// window takes mails as they leave.
type window chan mail.Message

func (w window) Send(ctx context.Context, m mail.Message, last func(context.Context) error) error {
	err := last(ctx)
	if err == nil {
		w <- m
	}
	return err
}
func (window) Close() {}

func TestAMailOfATopicTellsHowToStopItAndAConvocationDoesNot(t *testing.T) {
	t.Parallel()
	o := Office{DB: pgtest.DB(t), BaseURL: "https://regio.example/", From: "griffie@regio.example"}
	ctx, stop := context.WithCancel(t.Context())
	mails, ended := make(window, 1), make(chan struct{})
	go func() {
		mailing.Deliver(ctx, o.DB, mails)
		close(ended)
	}()
	defer func() {
		stop()
		<-ended
	}()
	for _, topic := range []mailing.Topic{"", mailing.Invitations} {
		act := mailing.Act{Cause: "x" + string(topic), Title: "Kom ook", Object: string(id.New[id.Meeting]()), OrgIDs: []id.Organisation{}, Topic: topic}
		if err := o.post(t.Context(), act, letters()["oproep"], []mailing.Recipient{{Message: mail.Message{Name: "Lid", Address: "lid@regio.example"}}}); err != nil {
			t.Fatal(err)
		}
		var m mail.Message
		select {
		case m = <-mails:
		case <-time.After(20 * time.Second):
			t.Fatal("no mail left")
		}
		if topic == "" {
			if m.Stop != "" || strings.Contains(m.Text+m.HTML, "afmelden") {
				t.Errorf("a convocation can be stopped: %q\n%s", m.Stop, m.Text)
			}
			continue
		}
		if !regexp.MustCompile(`^https://regio\.example/afmelden/[A-Z2-7]{26}$`).MatchString(m.Stop) ||
			!strings.HasSuffix(m.Text, "Wilt u geen uitnodigingen meer per e-mail? Meld u af:\n"+m.Stop+"\n") ||
			!strings.Contains(m.HTML, `<p><a href="`+m.Stop+`">Wilt u geen uitnodigingen`) {
			t.Errorf("%q, %s\n%s", m.Stop, m.Text, m.HTML)
		}
	}
}
