package storetest

import (
	"testing"

	"github.com/riverqueue/river"
	_ "modernc.org/sqlite" // registers the driver
)

// Jobs returns the arguments of all jobs of a kind that were ever enqueued in the
// database at address, as JSON, the oldest first.
func Jobs(t *testing.T, address string, kind river.JobArgs) []string {
	t.Helper()
	db := openReadOnly(t, address)
	defer func() { _ = db.Close() }() // we only read
	rows, err := db.QueryContext(t.Context(), `select cast(args as text) from river_job where kind = $1 order by id`, kind.Kind())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // rows.Err below reports errors
	var jobs []string
	for rows.Next() {
		var args string
		if err := rows.Scan(&args); err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, args)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return jobs
}
