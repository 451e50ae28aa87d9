package postgres

import (
	"reflect"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// collect reads what is left of rows, of which there are about so many: a struct by the names of its columns, and anything
// else as one column. Every row is read into the same place and copied from there, so that the fields are looked up once
// and not for every row; a page of sixty items reads hundreds.
func collect[T any](rows pgx.Rows, about int) ([]T, error) {
	defer rows.Close()
	all := make([]T, 0, about)
	var row *T
	var targets []any
	for rows.Next() {
		if row == nil {
			var err error
			if row, targets, err = place[T](rows); err != nil {
				return nil, err
			}
		}
		var empty T
		*row = empty // what reads itself may add to what it finds
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		all = append(all, *row)
	}
	return all, rows.Err()
}

var timeType = reflect.TypeFor[time.Time]()

// place makes a T, and finds where in it each column goes.
func place[T any](rows pgx.Rows) (*T, []any, error) {
	if t := reflect.TypeFor[T](); t.Kind() != reflect.Struct || t == timeType {
		row := new(T)
		return row, []any{row}, nil
	}
	fields := targetsOf{columns: rows.FieldDescriptions()}
	row, err := pgx.RowToAddrOfStructByName[T](&fields)
	return row, fields.targets, err
}

// targetsOf is a row that keeps where it was to be read into.
type targetsOf struct {
	columns []pgconn.FieldDescription
	targets []any
}

// FieldDescriptions are the columns of the rows to come.
func (t *targetsOf) FieldDescriptions() []pgconn.FieldDescription { return t.columns }

// Scan keeps the places.
func (t *targetsOf) Scan(targets ...any) error {
	t.targets = targets
	return nil
}

// Values are none.
func (*targetsOf) Values() ([]any, error) { return nil, nil }

// RawValues are none.
func (*targetsOf) RawValues() [][]byte { return nil }
