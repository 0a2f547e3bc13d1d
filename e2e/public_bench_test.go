package e2e_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// Each connection is a verifier that asks again as soon as it has an answer. The asked
// assertions are spread over all, so that caches of a few do not help.
const (
	publicConnections = 32
	publicAssertions  = 1_000_000
	publicAsked       = 50_000
)

// BenchmarkPublicAssertion measures how fast the documents of a million assertions are
// served over HTTP, from a SQLite file. The service runs in a process of its own; the
// clients share the processors with it.
//
//	go test ./e2e -run '^$' -bench PublicAssertion -benchtime 100000x -count 6
func BenchmarkPublicAssertion(b *testing.B) {
	d := newLoggedDemo(b, campus.Faults{}, slog.New(slog.DiscardHandler))
	w := storetest.NewWorld(b, d.App.Store(), "bench")
	first := claimed(b, d.App.Store(), w)
	ids := multiply(b, d, first)
	must(b, d.Web.Close())
	transport := &http.Transport{MaxIdleConnsPerHost: publicConnections}
	client := http.Client{Transport: transport}
	d.serve(b)
	eventually(b, "the service", func() bool {
		resp, err := client.Get(d.url + "/readyz")
		return err == nil && resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
	})
	for _, form := range []string{".json", "/credential", ".jwt", ".png", ".svg", ".pdf"} {
		b.Run(strings.Trim(form, "./"), func(b *testing.B) {
			durations := make([][]time.Duration, publicConnections)
			b.ResetTimer()
			var all sync.WaitGroup
			for c := range publicConnections {
				all.Go(func() {
					random := rand.New(rand.NewPCG(uint64(c), 1))
					for i := c; i < b.N; i += publicConnections {
						start := time.Now()
						if err := fetchDocument(b.Context(), &client, d.url+"/v/"+ids[random.IntN(len(ids))]+form); err != nil {
							b.Error(err)
							return
						}
						durations[c] = append(durations[c], time.Since(start))
					}
				})
			}
			all.Wait()
			b.StopTimer()
			sorted := slices.Sorted(slices.Values(slices.Concat(durations...)))
			if len(sorted) == 0 {
				b.Fatal("nothing was answered")
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
			b.ReportMetric(float64(sorted[len(sorted)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// claimed stores a claimed award of the world's badge.
func claimed(b *testing.B, s *store.Store, w storetest.World) badges.Assertion {
	b.Helper()
	a := w.Assertion("1")
	a.State, a.AwardedAt, a.DecidedAt = badges.Claimed, time.Now(), time.Now()
	storetest.Tx(b, s, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.InsertAssertion(ctx, a)
		return err
	})
	return a
}

// multiply copies an assertion to many learners, as if each had claimed it, and returns
// the ids of some.
func multiply(b *testing.B, d *demo, a badges.Assertion) []string {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(d.Config.DatabaseURL, "sqlite:")+"?_pragma=busy_timeout(10000)")
	must(b, err)
	defer func() { must(b, db.Close()) }()
	var columns, values []string
	rows, err := db.QueryContext(b.Context(), "select name from pragma_table_info('assertions')")
	must(b, err)
	defer func() { must(b, rows.Close()) }()
	for rows.Next() {
		var name string
		must(b, rows.Scan(&name))
		columns = append(columns, name)
		switch name {
		case "id":
			name = "substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-4' || substr(h, 13, 3) || '-8' || substr(h, 16, 3) || '-' || substr(h, 19, 12)"
		case "user_id":
			name = "'learner ' || n"
		case "context_id":
			name = "'course ' || n / 1000" // the background work reads none of them
		case "base_url":
			name = "'" + d.Config.BaseURL + "'"
		}
		values = append(values, name)
	}
	must(b, rows.Err())
	_, err = db.ExecContext(b.Context(), fmt.Sprintf(`
		with recursive numbers (n, h) as (select 2, lower(hex(randomblob(16))) union all select n + 1, lower(hex(randomblob(16))) from numbers where n < %d)
		insert into assertions (%s) select %s from assertions, numbers where id = $1`,
		publicAssertions, strings.Join(columns, ", "), strings.Join(values, ", ")), a.ID)
	must(b, err)
	giveEntries(b, db)
	ids := make([]string, 0, publicAsked)
	found, err := db.QueryContext(b.Context(), "select id from assertions order by random() limit $1", publicAsked)
	must(b, err)
	defer func() { must(b, found.Close()) }()
	for found.Next() {
		var id string
		must(b, found.Scan(&id))
		ids = append(ids, id)
	}
	must(b, found.Err())
	return ids
}

// giveEntries gives the awards their entries in status lists, which are half full.
func giveEntries(b *testing.B, db *sql.DB) {
	b.Helper()
	for _, purpose := range []badges.StatusPurpose{badges.ForRevocation, badges.ForMessage} {
		for _, statement := range []string{
			`insert into status_lists (id, issuer_id, base_url, purpose, entries, is_full, changed_at)
				select $1 || number, issuer_id, base_url, $1, $2, true, created_at
				from (select v.issuer_id, a.base_url, v.created_at, (row_number() over () - 1) / $2 as number
					from assertions a join badge_versions v on v.id = a.version_id where a.base_url <> '')
				group by number`,
			`insert into status_entries (list_id, list_index, assertion_id, purpose)
				select $1 || (n / $2), 2 * (n % $2), id, $1
				from (select id, row_number() over () - 1 as n from assertions where base_url <> '')`,
		} {
			_, err := db.ExecContext(b.Context(), statement, purpose, badges.StatusListFull)
			must(b, err)
		}
	}
}

// fetchDocument reads a document to its end.
func fetchDocument(ctx context.Context, client *http.Client, address string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if n, err := io.Copy(io.Discard, resp.Body); err != nil || n == 0 || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %d with %d bytes, %w", address, resp.StatusCode, n, err)
	}
	return nil
}
