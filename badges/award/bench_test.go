package award_test

import (
	"fmt"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// BenchmarkAward writes batches of awards as a run of a large course does, on
// SQLite with durable commits.
//
//	go test ./badges/award -run '^$' -bench Award -count 6
func BenchmarkAward(b *testing.B) {
	const size = 250
	s := storetest.SQLite(b)
	w := storetest.NewWorld(b, s, "a")
	user := 0
	for b.Loop() {
		batch := make([]badges.Assertion, size)
		for i := range batch {
			user++
			batch[i] = w.Assertion(badges.UserID(fmt.Sprint("learner ", user)))
		}
		err := s.Tx(b.Context(), func(tx *store.Tx) error {
			n, err := awards.Award(b.Context(), tx, batch)
			if err == nil && n != size {
				err = fmt.Errorf("%d awards, want %d", n, size)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(user)/b.Elapsed().Seconds(), "awards/s")
}
