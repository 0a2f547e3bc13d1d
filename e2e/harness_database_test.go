package e2e_test

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// workEnds waits until the background work has nothing to do: no notice or reminder is
// due, and the queue has no job.
func (d *demo) workEnds(t *testing.T) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(d.Config.DatabaseURL, "sqlite:")+"?mode=ro&_pragma=busy_timeout(10000)")
	must(t, err)
	defer func() { must(t, db.Close()) }()
	const unfinished = "select id from river_job where state in ('available', 'pending', 'retryable', 'running', 'scheduled')"
	eventually(t, "the end of the background work", func() bool {
		reminders, err := d.App.Store().RemindersDue(t.Context())
		must(t, err)
		notices, err := d.App.Store().UnqueuedNotices(t.Context())
		must(t, err)
		return !reminders && !notices && len(texts(t, db, unfinished)) == 0
	})
}

var tableName = regexp.MustCompile(`^\w+$`)

// rows returns all rows of the database as text.
func (d *demo) rows(t *testing.T) []string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(d.Config.DatabaseURL, "sqlite:")+"?mode=ro")
	must(t, err)
	defer func() { must(t, db.Close()) }()
	var rows []string
	for _, name := range texts(t, db, "select name from sqlite_master where type = 'table' order by name") {
		if !tableName.MatchString(name) {
			t.Fatalf("table %q", name)
		}
		for _, row := range texts(t, db, "select * from "+name) {
			rows = append(rows, name+" "+row)
		}
	}
	slices.Sort(rows)
	return rows
}

// texts returns each row of a query as text.
func texts(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	found, err := db.QueryContext(t.Context(), query)
	must(t, err)
	defer func() { must(t, found.Close()) }()
	columns, err := found.Columns()
	must(t, err)
	var list []string
	for found.Next() {
		values, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		must(t, found.Scan(into...))
		row := make([]string, len(columns))
		for i, v := range values {
			row[i] = v.String
		}
		list = append(list, strings.Join(row, "|"))
	}
	must(t, found.Err())
	return list
}

// without returns the rows of a that are not in b.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(row string) bool {
		_, found := slices.BinarySearch(b, row)
		return found
	})
}

var csrfMeta = regexp.MustCompile(`<meta name="csrf" content="([^"]+)">`)

func (r rowChange) String() string {
	return fmt.Sprintf("gone:\n  %s\nnew:\n  %s", strings.Join(r.gone, "\n  "), strings.Join(r.added, "\n  "))
}

// rowChange is the difference between the rows at two times.
type rowChange struct{ gone, added []string }

func changed(before, after []string) rowChange {
	return rowChange{without(before, after), without(after, before)}
}

func (r rowChange) nothing() bool { return len(r.gone)+len(r.added) == 0 }

func strs[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}
