package certificate_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"github.com/insigne-badges/insigne/badges/certificate"
)

// program skips the test where a program that judges the file is not installed, and
// in a short run: many files are judged.
func program(t *testing.T, name string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("short: no other programs")
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip(name + " is not installed")
	}
	return path
}

// renderer keeps fonts and pictures between the tests, as the product does.
var renderer = sync.OnceValue(certificate.NewRenderer)

// written renders c and writes it to a file.
func written(t *testing.T, c certificate.Certificate) string {
	t.Helper()
	file, err := renderer().Render(c)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "certificate.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func TestFilesAreValid(t *testing.T) {
	qpdf, info := program(t, "qpdf"), program(t, "pdfinfo")
	for name, c := range samples(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := written(t, c)
			if out := run(t, qpdf, "--check", path); !strings.Contains(out, "No syntax or stream encoding errors found") {
				t.Errorf("qpdf: %s", out)
			}
			out := run(t, info, path)
			if !strings.Contains(out, "Pages:           1\n") {
				t.Errorf("not one page:\n%s", out)
			}
		})
	}
}

func TestPropertiesForReaders(t *testing.T) {
	info := program(t, "pdfinfo")
	path := written(t, samples(t)["french"])
	out := run(t, info, path)
	for _, want := range []string{
		"Title:           Exploratrice de données — Zoë Ångström\n", "Author:          Université d’Exemple\n",
		"Tagged:          yes\n", "Page size:       595.276 x 841.89 pts (A4)\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("pdfinfo lacks %q:\n%s", want, out)
		}
	}
	// In the order of reading: what the pictures show, and each part with its kind.
	structure := run(t, info, "-struct-text", path)
	at := 0
	for _, want := range []string{"Document", "Figure", "Université d’Exemple", "Figure", "H1", "Exploratrice de données", "Zoë Ångström", "H2", "Critères d’obtention", "Figure", "Link", "https://badges.exemple.fr/v/"} {
		next := strings.Index(structure[at:], want)
		if next < 0 {
			t.Fatalf("the structure lacks %q, in this order:\n%s", want, structure)
		}
		at += next + len(want)
	}
	if out := run(t, info, "-url", path); !strings.Contains(out, samples(t)["french"].Address) {
		t.Errorf("the address is not a link:\n%s", out)
	}
}

// TestReadersHearWords checks that words stay apart where a line ends, for people who
// hear the text, and that a text without spaces gets none.
func TestReadersHearWords(t *testing.T) {
	qpdf := program(t, "qpdf")
	for _, name := range []string{"french", "chinese"} {
		c := samples(t)[name]
		c.Description = strings.Repeat(c.Description, 2) // at least two lines
		file := strings.ToLower(run(t, qpdf, "--qdf", "--object-streams=disable", written(t, c), "-"))
		if said := "/actualtext <feff" + hex.EncodeToString(utf16BE(c.Description)) + ">"; !strings.Contains(file, said) {
			t.Errorf("%s does not say %q", name, c.Description)
		}
	}
}

func utf16BE(text string) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		out = binary.BigEndian.AppendUint16(out, unit)
	}
	return out
}

func TestLetterIsLetter(t *testing.T) {
	info := program(t, "pdfinfo")
	if out := run(t, info, written(t, samples(t)["english"])); !strings.Contains(out, "612 x 792 pts (letter)") {
		t.Error(out)
	}
}

func TestEqualValuesGiveEqualBytes(t *testing.T) {
	shared := renderer()
	for name, c := range samples(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, err := shared.Render(c)
			if err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() {
					again, err := shared.Render(c)
					if err != nil || !bytes.Equal(first, again) {
						t.Errorf("another rendering differs (%v)", err)
					}
				})
			}
			wg.Wait()
			if name != "mixed" && name != "arabic" {
				return // a new renderer reads fonts and pictures anew, which takes time
			}
			fresh, err := certificate.NewRenderer().Render(c)
			if err != nil || !bytes.Equal(first, fresh) {
				t.Errorf("another renderer gives other bytes (%v)", err)
			}
		})
	}
}

func TestFilesAreSmall(t *testing.T) {
	r := renderer()
	for name, c := range samples(t) {
		c.Picture, c.Logo = nil, nil
		file, err := r.Render(c)
		if err != nil {
			t.Fatal(err)
		}
		if len(file) > 300_000 {
			t.Errorf("%s without pictures has %d bytes", name, len(file))
		}
	}
}

func TestShortenedTextSaysSo(t *testing.T) {
	totext := program(t, "pdftotext")
	for name, want := range map[string]bool{"long": true, "long letter": true, "long arabic": true, "long chinese": true, "french": false, "arabic": false} {
		c := samples(t)[name]
		got := plain(run(t, totext, "-enc", "UTF-8", written(t, c), "-"))
		if has := strings.Contains(got, plain(c.Labels.Shortened)); has != want {
			t.Errorf("%s: the sentence about the whole text: %v, want %v", name, has, want)
		}
		if has := strings.Contains(got, "…"); has != want {
			t.Errorf("%s: an ellipsis: %v, want %v", name, has, want)
		}
	}
}

// TestLevelAndWorkloadFit prints the longest level and workload that a badge can have,
// side by side with two dates.
func TestLevelAndWorkloadFit(t *testing.T) {
	totext := program(t, "pdftotext")
	for _, size := range []certificate.Size{certificate.A4, certificate.Letter} {
		for _, value := range []string{
			"Niveau 7 du cadre européen des certifications · 599,75 ECTS · 20 000 heures de travail",
			"Level 7 of the European Qualifications Framework · 599.75 ECTS · 20,000 hours of work",
		} {
			c := samples(t)["french"]
			c.Size = size
			c.Details = append(c.Details[:2:2], certificate.Detail{Label: "Niveau et volume de travail", Value: value})
			got := plain(run(t, totext, "-enc", "UTF-8", written(t, c), "-"))
			if !strings.Contains(got, plain(value)) || strings.Contains(got, "…") {
				t.Errorf("%s is not whole:\n%s", value, got)
			}
		}
	}
}

func TestNameIsLeftOutWithoutConsent(t *testing.T) {
	totext := program(t, "pdftotext")
	c := samples(t)["french"]
	c.Recipient = ""
	if got := run(t, totext, written(t, c), "-"); strings.Contains(got, c.Labels.AwardedTo) {
		t.Errorf("words about nobody:\n%s", got)
	}
}

func TestOtherProgramsFindTheCredential(t *testing.T) {
	qpdf, info := program(t, "qpdf"), program(t, "pdfinfo")
	c := samples(t)["french"]
	path := written(t, c)
	if got := run(t, qpdf, "--show-attachment=credential.json", path); got != string(c.Credential) {
		t.Errorf("qpdf finds the attachment %q", got)
	}
	if got := run(t, info, "-custom", path); !strings.Contains(got, "openbadges:      "+c.Assertion+"\n") {
		t.Errorf("pdfinfo finds\n%s", got)
	}
	want := `<openbadges:assertion verify="{&#34;@context&#34;:&#34;https://w3id.org/openbadges/v2&#34;,&#34;type&#34;:&#34;Assertion&#34;,&#34;name&#34;:&#34;Zoë &amp; &lt;Ångström&gt;&#34;}"/>`
	if got := run(t, info, "-meta", path); !strings.Contains(got, want) {
		t.Errorf("the metadata are\n%s", got)
	}
}
