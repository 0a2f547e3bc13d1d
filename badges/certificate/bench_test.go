package certificate_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges/certificate"
)

// BenchmarkRender measures a certificate with a warm picture and fonts that were read
// before.
func BenchmarkRender(b *testing.B) {
	all := samples(b)
	fields := all["long"]
	fields.Details = nil
	for range certificate.MaxDetails {
		fields.Details = append(fields.Details, certificate.Detail{Label: strings.Repeat("Niveau européen ", 10), Value: strings.Repeat("très long ", 30)})
	}
	fields.Labels.Verify, fields.Labels.Credential = fields.Recipient, fields.Recipient
	all["long fields"] = fields
	for _, name := range []string{"french", "arabic", "chinese", "mixed", "long", "long fields", "long arabic", "long chinese"} {
		c := all[name]
		b.Run(name, func(b *testing.B) {
			r := certificate.NewRenderer()
			if _, err := r.Render(c); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			before := processorTime(b)
			for b.Loop() {
				if _, err := r.Render(c); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((processorTime(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
		})
	}
}

// BenchmarkFirstRender measures what a new Renderer reads: fonts and pictures.
func BenchmarkFirstRender(b *testing.B) {
	for _, name := range []string{"french", "arabic", "chinese"} {
		c := samples(b)[name]
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := certificate.NewRenderer().Render(c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// processorTime returns what the process has used, with garbage collection: other
// programs of the machine do not count.
func processorTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
