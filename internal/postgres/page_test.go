package postgres_test

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

func TestAPageHasItsRowsAndOneMore(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	for page, want := range map[int][]int{
		-1: {1, 2, 3, 4}, 0: {1, 2, 3, 4}, 1: {1, 2, 3, 4}, 2: {4, 5, 6, 7}, 20: {58, 59, 60, 61},
		21: {61, 62, 63, 64}, 34: {100}, 35: {}, 9000: {},
	} {
		var got []int
		err := postgres.Read(t.Context(), tx,
			postgres.PageInto(&got, `select n from generate_series(@first::int, 100) n order by n`, postgres.Args{"first": 1}, page, 3))
		if err != nil || len(got) != len(want) || len(got) > 0 && (got[0] != want[0] || got[len(got)-1] != want[len(want)-1]) {
			t.Errorf("page %d: %v, %v; want %v", page, got, err, want)
		}
	}
}

// How many rows a question takes stands in its text, or the server plans it anew for every request. See Limit.
func TestNoQueryHidesHowManyRowsItTakes(t *testing.T) {
	t.Parallel()
	hidden := regexp.MustCompile(`(?i)\b(limit|offset)\s+[@$]`)
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || name == "internal/postgres/page.go" {
			return err
		}
		text, err := fs.ReadFile(root, name)
		if found := hidden.Find(text); found != nil {
			t.Errorf("%s has %q", name, found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
