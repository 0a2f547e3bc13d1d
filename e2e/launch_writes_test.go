package e2e_test

import (
	"database/sql"
	"slices"
	"strings"
	"testing"
)

// writes makes the database record every row that is written from now on. The function
// that it returns gives the rows since its last call.
func (d *demo) writes(t *testing.T) func() []string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(d.Config.DatabaseURL, "sqlite:")+"?_pragma=busy_timeout(10000)")
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	execute := func(statement string) {
		_, err := db.ExecContext(t.Context(), statement)
		must(t, err)
	}
	tables := texts(t, db, "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
	execute("create table writes (what text not null)")
	for _, table := range tables {
		for _, how := range []string{"insert", "update", "delete"} {
			execute("create trigger writes_" + how + "_" + table + " after " + how + " on " + table + " begin insert into writes values ('" + how + " " + table + "'); end")
		}
	}
	return func() []string {
		noted := texts(t, db, "select what from writes order by rowid")
		execute("delete from writes")
		return noted
	}
}

// TestLaunchWrites checks that a launch writes three rows, each once.
func TestLaunchWrites(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	d.visitor().launch(t, 6) // the launch brings the name of the platform
	writes := d.writes(t)
	for _, tt := range []struct {
		name string
		user int64
		want []string
	}{
		{"a learner again", 6, []string{"insert launches", "update courses", "update members"}},
		{"another learner for the first time", 7, []string{"insert launches", "update courses", "insert members"}},
		{"a teacher", 3, []string{"insert launches", "update courses", "insert members"}},
	} {
		d.visitor().launch(t, tt.user)
		if got := writes(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
