package vc_test

import (
	"bytes"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/vc"
)

var signedAt = time.Date(2026, 11, 30, 9, 15, 0, 0, time.UTC)

// badges returns n different awards of the badge of testdata/badge.json.
func badges(t testing.TB, n int) [][]byte {
	t.Helper()
	badge, err := os.ReadFile("testdata/badge.json")
	if err != nil {
		t.Fatal(err)
	}
	documents := make([][]byte, n)
	for i := range documents {
		documents[i] = badge
		for _, change := range [][2]string{
			{"0190c7f2-6a1e-7c3e-9f7c-1d2f3a4b5c6d", fmt.Sprintf("0190c7f2-6a1e-7c3e-9f7c-%012x", i)},
			{"Zoé Lefèvre", fmt.Sprintf("Zoé Lefèvre %d", i)},
			{"b5809d8a92f8858436d7e6b8", fmt.Sprintf("%024x", i)},
			{"9d3b2f0c51e84f7a", fmt.Sprintf("%016x", i+1)},
			{"86.5", fmt.Sprintf("%d.5", 50+i%49)},
			{"94567", fmt.Sprintf("%d", 20_000+i)},
		} {
			documents[i] = bytes.ReplaceAll(documents[i], []byte(change[0]), []byte(change[1]))
		}
	}
	return documents
}

// BenchmarkSignOB3 signs a badge that has everything. "signer" is what the service does;
// "npm" signs the same badges with @digitalbazaar/vc, and reports how many times faster
// the signer is in the same run.
func BenchmarkSignOB3(b *testing.B) {
	key, documents := badgeKey(b), badges(b, 500)
	b.Run("plain", func(b *testing.B) { signAll(b, vc.Sign, documents, key) })
	b.Run("signer", func(b *testing.B) { signAll(b, vc.NewSigner().Sign, documents, key) })
	b.Run("npm", func(b *testing.B) {
		npm := signWithNPM(b, documents[:50], 2)
		sign, start := vc.NewSigner().Sign, time.Now()
		for i := range documents {
			if _, err := sign(documents[i], key, signedAt); err != nil {
				b.Fatal(err)
			}
		}
		perSecond := float64(len(documents)) / time.Since(start).Seconds()
		b.ReportMetric(npm.PerSecond, "npm/s")
		b.ReportMetric(perSecond/npm.PerSecond, "times-npm")
		b.ReportMetric(0, "ns/op")
	})
}

func signAll(b *testing.B, sign func([]byte, vc.Key, time.Time) ([]byte, error), documents [][]byte, key vc.Key) {
	before := processorTime(b)
	for i := range b.N {
		if _, err := sign(documents[i%len(documents)], key, signedAt); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "credentials/s")
	b.ReportMetric(float64(b.N)/(processorTime(b)-before).Seconds(), "credentials/cpu-s")
}

// processorTime is what this process has used of all cores. On a machine that does
// other work too, it is a better measure than the clock.
func processorTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
