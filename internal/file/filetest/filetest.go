// Package filetest makes files for tests.
package filetest

import (
	"archive/zip"
	"bytes"
	"testing"

	"regiogriffie/internal/file"
)

// Store is a store in a folder of the test's own.
func Store(t testing.TB) *file.Store {
	t.Helper()
	s, err := file.NewStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// PDF is the smallest thing that begins like a PDF, with the words in it.
func PDF(words string) []byte {
	return []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n% " + words + "\ntrailer<</Root 1 0 R>>\n%%EOF\n")
}

// Zip is an archive with these entries, in order of name and content.
func Zip(t testing.TB, entries ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(entries); i += 2 {
		e, err := w.CreateHeader(&zip.FileHeader{Name: entries[i], Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Write([]byte(entries[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Upload is a PDF with this name.
func Upload(name string) file.Upload {
	return file.Upload{FileName: name, Content: bytes.NewReader(PDF(name))}
}
