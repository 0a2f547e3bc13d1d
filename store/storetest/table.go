package storetest

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
)

// Rows returns every row of a table in the database at address, as the text of its
// columns with a bar before, between and after them.
func Rows(t *testing.T, address, table string) []string {
	t.Helper()
	db := openReadOnly(t, address)
	defer func() { _ = db.Close() }() // we only read
	rows, err := db.QueryContext(t.Context(), "select * from "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // rows.Err below reports errors
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		var row strings.Builder
		row.WriteString("|")
		for _, v := range values {
			if b, isBytes := v.([]byte); isBytes {
				v = string(b)
			}
			fmt.Fprintf(&row, "%v|", v)
		}
		list = append(list, row.String())
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

func openReadOnly(t *testing.T, address string) *sql.DB {
	t.Helper()
	driver, source := "pgx", address
	if file, isFile := strings.CutPrefix(address, "sqlite:"); isFile {
		driver, source = "sqlite", "file:"+file+"?_pragma=query_only(1)&_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	return db
}
