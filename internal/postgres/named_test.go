package postgres

import (
	"reflect"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestNamesAreNumberedAsTheDriverDoes(t *testing.T) {
	t.Parallel()
	const sql = `select @a, @b::text, '@c', @a, $$@d$$ -- @e
		from x where "@f" = @missing`
	for range 3 {
		for _, args := range []named{{"a": 1, "b": "x", "more": 2}, {"a": nil, "b": []int{1}, "missing": 3}, {"b": 4}} {
			text, values, err := args.RewriteQuery(t.Context(), nil, sql, nil)
			wantText, wantValues, wantErr := pgx.NamedArgs(args).RewriteQuery(t.Context(), nil, sql, nil)
			if text != wantText || !reflect.DeepEqual(values, wantValues) || (err == nil) != (wantErr == nil) {
				t.Errorf("%v: %q %v %v, want %q %v %v", args, text, values, err, wantText, wantValues, wantErr)
			}
		}
	}
	if _, learnt := known.Load(sql); !learnt {
		t.Error("the text was read each time")
	}
}
