package credential_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// claims stores claimed awards of a badge with this picture in an SQLite file.
// It returns their ids, and the documents of their organisation.
func claims(b *testing.B, s *store.Store, p picture.Picture, number int) ([]badges.AssertionID, credential.Documents) {
	b.Helper()
	w := storetest.NewWorld(b, s, "a")
	var ids []badges.AssertionID
	storetest.Tx(b, s, func(ctx context.Context, tx *store.Tx) error {
		content := w.Badge.Current.Content
		content.Picture, content.Criteria = badges.PictureHash(p.Hash), "Terminer les cinq étapes, puis présenter le projet."
		if err := tx.SavePicture(ctx, p); err != nil {
			return err
		}
		var err error
		if w.Badge, err = tx.EditBadge(ctx, w.Course, w.Badge.ID, content, "3"); err != nil {
			return err
		}
		for i := range number {
			a := w.Assertion(badges.UserID(fmt.Sprint(i)))
			a.State, a.AwardedAt, a.DecidedAt = badges.Claimed, tx.Now(), tx.Now()
			if _, err := tx.InsertAssertion(ctx, a); err != nil {
				return err
			}
			if err := tx.SetBaseURL(ctx, a.ID, base); err != nil {
				return err
			}
			ids = append(ids, a.ID)
		}
		for _, purpose := range []badges.StatusPurpose{badges.ForRevocation, badges.ForMessage} {
			d := store.StatusDraw{Assertions: ids, Issuer: w.Issuer, BaseURL: base, Purpose: purpose, Random: rand.Reader}
			if err := tx.DrawStatus(ctx, d); err != nil {
				return err
			}
		}
		return nil
	})
	return ids, credential.NewDocuments(addresses(base), sentences(b), keys{w.Issuer: testKeys(b)["issuer-1"]})
}

// BenchmarkStatusList makes a signed status list of 131,072 places from the
// database. Half of the places are given out, as many as a list gets.
//
//	go test ./badges/credential -run '^$' -bench StatusList -count 6
func BenchmarkStatusList(b *testing.B) {
	for _, every := range []int{100, 1} {
		s := storetest.SQLite(b)
		ids, d := claims(b, s, readyMade(b), badges.StatusListFull)
		storetest.Tx(b, s, func(ctx context.Context, tx *store.Tx) error {
			var set []badges.AssertionID
			for i := 0; i < len(ids); i += every {
				set = append(set, ids[i])
			}
			return tx.SetStatus(ctx, badges.ForRevocation, true, set...)
		})
		entries := storetest.Must(s.StatusEntries(b.Context(), ids[0]))(b)
		rebuild := func(ctx context.Context) error {
			list, err := s.StatusList(ctx, entries[0].List)
			if err != nil {
				return err
			}
			set, err := s.StatusBits(ctx, list.ID)
			if err != nil {
				return err
			}
			_, err = d.StatusList(ctx, list, set)
			return err
		}
		b.Run(fmt.Sprintf("one in %d set", every), func(b *testing.B) { measure(b, rebuild) })
	}
}

// BenchmarkBake reads an award and its places in status lists from the database,
// signs its documents and puts them into the badge's picture, which was prepared.
//
//	go test ./badges/credential -run '^$' -bench Bake -count 6
func BenchmarkBake(b *testing.B) {
	drawn := readyMade(b)
	uploaded := picture.Picture{Hash: "uploaded", PNG: drawn.PNG}
	for name, p := range map[string]picture.Picture{"drawn": drawn, "uploaded": uploaded} {
		s := storetest.SQLite(b)
		ids, d := claims(b, s, p, 1000)
		for form, bake := range map[string]func(context.Context, credential.Award, picture.Picture) ([]byte, error){"PNG": d.PNG, "SVG": d.SVG} {
			n := 0
			b.Run(form+" "+name, func(b *testing.B) {
				measure(b, func(ctx context.Context) error {
					n++
					award, err := credential.ReadWithStatus(ctx, s, ids[n%len(ids)])
					if err != nil {
						return err
					}
					p, err := s.Picture(ctx, award.Version.Picture)
					if err != nil {
						return err
					}
					_, err = bake(ctx, award, p)
					return err
				})
			})
		}
	}
}

func readyMade(b *testing.B) picture.Picture {
	b.Helper()
	library, err := picture.LoadLibrary()
	if err != nil {
		b.Fatal(err)
	}
	return storetest.Must(library.All()[0].Picture())(b)
}

// measure also reports the time of the processor: other programs of the machine do
// not count.
func measure(b *testing.B, act func(context.Context) error) {
	b.Helper()
	if err := act(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	before := processorTime(b)
	for b.Loop() {
		if err := act(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((processorTime(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

// processorTime returns what the process has used, with garbage collection.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
