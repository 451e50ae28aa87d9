package file_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/file/filetest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

var (
	ours  = id.New[id.Organisation]()
	board = id.New[id.Body]()
	clerk = access.Actor{
		Name: "G. Griffier", At: time.Date(2018, 6, 1, 9, 0, 0, 0, time.UTC),
		Grants: []access.Grant{{Role: access.Clerk, Organisation: ours, Body: board}},
	}
	draft = access.Audience{Visibility: access.Draft, OrgIDs: []id.Organisation{ours}}
)

func object() file.Object {
	return file.Object{Kind: "proposal", ID: string(id.New[id.Proposal]())}
}

func TestOnlyWhatIsWhatItSaysIsTakenIn(t *testing.T) {
	t.Parallel()
	tx, store, o := pgtest.Tx(t), filetest.Store(t), object()
	docx := filetest.Zip(t, "[Content_Types].xml", "<Types/>", "word/document.xml", "<w/>")
	docm := filetest.Zip(t, "[Content_Types].xml", "<Types/>", "word/document.xml", "<w/>", "word/vbaProject.bin", "x")
	odt := filetest.Zip(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "<x/>")
	png := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00")
	for _, c := range []struct {
		name    string
		content []byte
		mime    string // empty: refused
		words   string // of the refusal
	}{
		{"rapport.pdf", filetest.PDF("x"), "application/pdf", ""},
		{"RAPPORT.PDF", filetest.PDF("y"), "application/pdf", ""},
		{"brief.docx", docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ""},
		{"brief.odt", odt, "application/vnd.oasis.opendocument.text", ""},
		{"kaart.png", png, "image/png", ""},
		{"foto.jpg", []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), "image/jpeg", ""},
		{"tekst.txt", []byte("Gewone tekst met é."), "text/plain; charset=utf-8", ""},
		{"oud.csv", []byte("naam;plaats\nJos\xe9;Hillegom\n"), "text/csv; charset=windows-1252", ""},
		{"formules.csv", []byte("naam;som\n=1+1;2\n"), "text/csv; charset=utf-8", ""},
		{"rapport.pdf", []byte("<!DOCTYPE html><script>alert(1)</script>"), "", "inhoud is iets anders"},
		{"rapport.pdf", []byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"), "", "inhoud is iets anders"},
		{"rapport.pdf", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`), "", "inhoud is iets anders"},
		{"rapport.pdf", docx, "", "inhoud is docx"},
		{"rapport.docx", filetest.Zip(t, "index.html", "<html>"), "", "inhoud is iets anders"},
		{"brief.docx", docm, "", "macro"},
		{"plaatje.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "", "nemen we niet aan"},
		{"pagina.html", []byte("<html></html>"), "", "nemen we niet aan"},
		{"programma.exe", []byte("MZ\x90\x00\x03\x00\x00\x00"), "", "nemen we niet aan"},
		{"tekst.txt", []byte("tekst\x00met een nul"), "", "inhoud is iets anders"},
		{"stuk.zip", filetest.Zip(t, "a", "b"), "", "nemen we niet aan"},
		{"kapot.docx", []byte("PK\x03\x04 en dan niets"), "", "inhoud is iets anders"},
		{"leeg.pdf", nil, "", "leeg"},
		{"pagina.html", []byte("Gewone tekst"), "", "de goede naam"},
	} {
		a, err := store.Attach(t.Context(), tx, clerk, o, draft, file.Upload{FileName: c.name, Content: bytes.NewReader(c.content)})
		if c.mime != "" {
			if err != nil || a.Mime != c.mime {
				t.Errorf("%s: got %q, %v; want %q", c.name, a.Mime, err, c.mime)
			}
			continue
		}
		var fields fault.Fields
		if !errors.As(err, &fields) || !strings.Contains(fields["file"], c.words) {
			t.Errorf("%s: got %v, want a fault of the field file with %q", c.name, err, c.words)
		}
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func TestAFileOverTheLimitIsRefusedAndLeavesNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store, err := file.NewStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Attach(t.Context(), pgtest.Tx(t), clerk, object(), draft, file.Upload{FileName: "lang.txt", Content: endless{}})
	var fields fault.Fields
	if !errors.As(err, &fields) || !strings.Contains(fields["file"], "50 MB") {
		t.Errorf("got %v", err)
	}
	if left := names(t, folder); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		if !e.IsDir() { // the one for what arrives
			list = append(list, e.Name())
		}
	}
	return list
}

func TestFileNamesAreMadeHarmless(t *testing.T) {
	t.Parallel()
	for dirty, clean := range map[string]string{
		"../../etc/passwd":             "passwd",
		`C:\Mijn documenten\brief.pdf`: "brief.pdf",
		"ge\u202Efdp.exe":              "gefdp.exe",
		"a\x00b\r\nc\t d.pdf":          "ab c d.pdf",
		" .. ":                         "",
		"wat? \"hier\" <nu>.pdf":       "wat- -hier- -nu-.pdf",
		"/":                            "",
		"\xff\xfe.pdf":                 "pdf",
		"één.pdf":                      "één.pdf",
	} {
		if got := file.CleanName(dirty); got != clean {
			t.Errorf("%q became %q, want %q", dirty, got, clean)
		}
	}
	long := file.CleanName(strings.Repeat("é", 500) + ".pdf")
	if utf8.RuneCountInString(long) != 120 || !strings.HasSuffix(long, ".pdf") {
		t.Errorf("a long name became %d signs: %q", utf8.RuneCountInString(long), long)
	}
}

func FuzzCleanName(f *testing.F) {
	f.Add("../a.pdf")
	f.Fuzz(func(t *testing.T, s string) {
		got := file.CleanName(s)
		if strings.ContainsAny(got, "/\\\x00\r\n\"") || utf8.RuneCountInString(got) > 120 || !utf8.ValidString(got) {
			t.Errorf("%q became %q", s, got)
		}
	})
}

func TestNumbersFollowEachOtherAndTheSameFileIsOne(t *testing.T) {
	t.Parallel()
	tx, store, o := pgtest.Tx(t), filetest.Store(t), object()
	first := attach(t, tx, store, o, "een.pdf")
	second := attach(t, tx, store, o, "twee.pdf")
	again := attach(t, tx, store, o, "een.pdf")
	if first.Number != 1 || second.Number != 2 || again.ID != first.ID {
		t.Errorf("got numbers %d and %d, the same file again as %d", first.Number, second.Number, again.Number)
	}
	for range 2 {
		if err := file.Remove(t.Context(), tx, clerk, first.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := file.FindByKey(t.Context(), tx, clerk, first.Key); !errors.Is(err, fault.NotFound) {
		t.Errorf("a removed file: %v", err)
	}
	if third := attach(t, tx, store, o, "drie.pdf"); third.Number != 3 {
		t.Errorf("a number was given twice: %d", third.Number)
	}
}

func attach(t *testing.T, db postgres.DB, store *file.Store, o file.Object, name string) file.Attachment {
	t.Helper()
	a, err := store.Attach(t.Context(), db, clerk, o, draft, filetest.Upload(name))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestTheBytesComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	tx, store := pgtest.Tx(t), filetest.Store(t)
	r, err := store.Open(t.Context(), attach(t, tx, store, object(), "een.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, _ := io.ReadAll(r); !bytes.Equal(got, filetest.PDF("een.pdf")) {
		t.Errorf("got %q", got)
	}
}

func TestAnAttachmentFollowsItsObject(t *testing.T) {
	t.Parallel()
	tx, store, o := pgtest.Tx(t), filetest.Store(t), object()
	a := attach(t, tx, store, o, "een.pdf")
	outsider := access.Actor{At: clerk.At}
	seen := func() bool {
		_, err := file.FindByKey(t.Context(), tx, outsider, a.Key)
		return err == nil
	}
	if seen() {
		t.Error("the public sees a file of a concept")
	}
	public := draft
	public.Visibility = access.Public
	spread := func(u access.Audience) {
		t.Helper()
		if err := file.Spread(t.Context(), tx, clerk, []string{o.ID}, u); err != nil {
			t.Fatal(err)
		}
	}
	spread(public)
	if !seen() {
		t.Error("the public does not see a public file")
	}
	closed := access.Audience{Visibility: access.Participants, OrgIDs: []id.Organisation{ours}, AudienceBodies: []id.Body{board}}
	spread(closed)
	if seen() {
		t.Error("tightening did not act at once")
	}
	if got, err := file.FindByKey(t.Context(), tx, clerk, a.Key); err != nil || !got.Closed {
		t.Errorf("the body itself: %v, %v", got.Closed, err)
	}
	// The second wall alone: a question without the condition.
	n, err := postgres.One[int](t.Context(), tx, `select count(*)::int from attachments where object_id = @id`, postgres.Args{"id": o.ID}.As(outsider))
	if err != nil || n != 0 {
		t.Errorf("row security shows the public %d files, %v", n, err)
	}
}

func TestTheSweepRemovesOrphansAndNothingElse(t *testing.T) {
	t.Parallel()
	db, folder := pgtest.DB(t), t.TempDir()
	store, err := file.NewStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	kept := attach(t, db, store, object(), "een.pdf")
	tx, err := db.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	attach(t, tx, store, object(), "twee.pdf")
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := store.Sweep(t.Context(), db); err != nil || len(names(t, folder)) != 2 {
		t.Fatalf("a fresh file was swept: %v, %v", names(t, folder), err)
	}
	old := time.Now().Add(-25 * time.Hour)
	for _, n := range names(t, folder) {
		if err := os.Chtimes(filepath.Join(folder, n), old, old); err != nil {
			t.Fatal(err)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := store.Sweep(gone, db); err == nil || len(names(t, folder)) != 2 {
		t.Fatalf("without an answer of the database something was swept: %v, %v", names(t, folder), err)
	}
	if err := store.Sweep(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if left := names(t, folder); len(left) != 1 || left[0] != kept.DiskName {
		t.Errorf("left: %v, want only %s", left, kept.DiskName)
	}
}

func TestTheFolderIsForThisUserAlone(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "nieuw", "bestanden")
	store, err := file.NewStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	a := attach(t, pgtest.Tx(t), store, object(), "een.pdf")
	for name, want := range map[string]fs.FileMode{folder: 0o700, filepath.Join(folder, a.DiskName): 0o600} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if _, err := store.Open(t.Context(), file.Attachment{DiskName: "../../" + filepath.Base(folder)}); err == nil {
		t.Error("a name led outside the folder")
	}
}

// A name would outlive a program that is killed, and a memory would not hold fifty megabytes of everyone.
func TestWhatArrivesHasNoNameOnDisk(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	arriving := filepath.Join(folder, "tijdelijk")
	if err := os.Mkdir(arriving, 0o755); err != nil {
		t.Fatal(err)
	}
	store, err := file.NewStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(arriving); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v, %v", info.Mode(), err)
	}
	received, err := store.Receive(strings.NewReader("geheim"))
	if err != nil {
		t.Fatal(err)
	}
	if left := names(t, arriving); len(left) != 0 {
		t.Errorf("it has a name: %v", left)
	}
	if info, err := received.(*os.File).Stat(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode: %v, %v", info.Mode(), err)
	}
	if content, err := io.ReadAll(received); err != nil || string(content) != "geheim" {
		t.Errorf("%q, %v", content, err)
	}
	if err := received.Close(); err != nil {
		t.Error(err)
	}
	// Of a file that is too large only so much is kept as tells that it is.
	received, err = store.Receive(io.LimitReader(endless{}, file.MaxBytes+4096))
	if err != nil {
		t.Fatal(err)
	}
	defer received.Close()
	if info, err := received.(*os.File).Stat(); err != nil || info.Size() != file.MaxBytes+1 {
		t.Errorf("%d bytes, %v", info.Size(), err)
	}
	broken := errors.New("de lezer hing op")
	if _, err := store.Receive(io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))); !errors.Is(err, broken) || len(names(t, arriving)) != 0 {
		t.Errorf("cut off: %v, %v", err, names(t, arriving))
	}
}

func TestTheStartRemovesWhatAKilledProgramLeftBehind(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store, err := file.NewStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	kept := attach(t, pgtest.Tx(t), store, object(), "een.pdf")
	arriving := filepath.Join(folder, "tijdelijk")
	for _, name := range []string{"a", "b"} {
		if err := os.WriteFile(filepath.Join(arriving, name), []byte("geheim"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Clear(); err != nil || len(names(t, arriving)) != 0 {
		t.Errorf("left behind: %v, %v", names(t, arriving), err)
	}
	if left := names(t, folder); len(left) != 1 || left[0] != kept.DiskName {
		t.Errorf("the store holds %v", left)
	}
}

// The first wall alone: whichever way one asks, a file of a concept is there for who reads the concept.
func TestTheQueriesKeepFilesFromOthers(t *testing.T) {
	t.Parallel()
	tx, store, o := pgtest.OneWall(t), filetest.Store(t), object()
	a := attach(t, tx, store, o, "een.pdf")
	read := func(as access.Actor) int {
		t.Helper()
		var all []file.Attachment
		var lines []file.Line
		if err := postgres.Read(t.Context(), tx, file.Of(&all, as, o.ID), file.LinesOf(&lines, as, o.ID)); err != nil {
			t.Fatal(err)
		}
		return len(all) + len(lines)
	}
	outsider := access.Actor{At: clerk.At, Grants: []access.Grant{{Role: access.Member, Organisation: ours, Body: board}}}
	if n := read(outsider); n > 0 {
		t.Errorf("a member reads %d files of a concept", n)
	}
	if _, err := file.FindByKey(t.Context(), tx, outsider, a.Key); !errors.Is(err, fault.NotFound) {
		t.Errorf("a member finds it: %v", err)
	}
	if err := file.Remove(t.Context(), tx, outsider, a.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("a member takes it away: %v", err)
	}
	if n := read(clerk); n != 2 {
		t.Errorf("the griffier reads %d", n)
	}
	if err := file.Remove(t.Context(), tx, clerk, a.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := file.FindByKey(t.Context(), tx, clerk, a.Key); !errors.Is(err, fault.NotFound) || read(clerk) > 0 {
		t.Errorf("what was taken away is still found: %v", err)
	}
}

func TestWhatABrowserMayShow(t *testing.T) {
	t.Parallel()
	for mime, want := range map[string]bool{
		"application/pdf": true, "image/png": true, "image/jpeg": true, "text/plain; charset=utf-8": true,
		"text/html": false, "image/svg+xml": false, "application/zip": false,
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document": false, "": false,
	} {
		if got := (file.Attachment{Line: file.Line{Mime: mime}}).Inline(); got != want {
			t.Errorf("%q: %v", mime, got)
		}
	}
}
