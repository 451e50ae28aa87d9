package postgres

import "strconv"

// Limit bounds a question to n rows, in the text of the query and not as an argument: a plan that is made once cannot know an
// argument, counts on a tenth of the table, and looks so bad that the server plans anew for every request.
func Limit(n int) string { return " limit " + strconv.Itoa(n) }

// near is up to which page a list says in its text where the page begins. Each is a query of its own, which a connection keeps;
// further on, reading what comes before takes longer than planning, and one query serves all.
const near = 20

// PageInto asks for a page of rows, the first when page is below 2, and for one more when there is a next page.
func PageInto[T any](dst *[]T, sql string, args Args, page, size int) Query {
	sql += Limit(size + 1)
	skipped := (max(page, 1) - 1) * size
	switch {
	case page > near:
		sql, args = sql+" offset @offset", args.with("offset", skipped)
	case skipped > 0:
		sql += " offset " + strconv.Itoa(skipped)
	}
	return AllInto(dst, sql, args)
}

// When adds a condition to a question that asks for it. A condition that an argument may switch off stays in the plan that serves
// every request, and the server plans for the average of all that can be asked.
func When(asked bool, condition string) string {
	if !asked {
		return ""
	}
	return " and " + condition
}
