package certificate_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges/certificate"
)

// program skips the test where a program that judges the file is not installed.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip(name + " is not installed")
	}
	return path
}

// written renders c and writes it to a file.
func written(t *testing.T, c certificate.Certificate) string {
	t.Helper()
	file, err := certificate.NewRenderer().Render(c)
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

func TestLetterIsLetter(t *testing.T) {
	info := program(t, "pdfinfo")
	if out := run(t, info, written(t, samples(t)["english"])); !strings.Contains(out, "612 x 792 pts (letter)") {
		t.Error(out)
	}
}

// pdftotext adds marks of direction and divides lines. Beside these it must return
// each text as it came in.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r >= 0x202a && r <= 0x202e || r == 0x200e {
			return -1
		}
		return r
	}, s)
}

func TestCopiedTextIsTheOriginal(t *testing.T) {
	totext := program(t, "pdftotext")
	for _, name := range []string{"french", "english", "arabic", "chinese", "mixed"} {
		c := samples(t)[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := plain(run(t, totext, "-enc", "UTF-8", written(t, c), "-"))
			want := []string{c.Issuer, c.Badge, c.Recipient, c.Description, c.Address, c.Labels.Verify, c.Labels.Credential}
			if name == "mixed" {
				// pdftotext takes the runs of a line in the direction of the whole page.
				want = append(want, "The word שלום means peace, العربية is written 123 to the left, and 𐤀𐤁 has no font here.", "نص عربي مع", "English words", "داخل الجملة")
			} else {
				want = append(want, strings.Split(c.Criteria, "\n")...)
			}
			for _, d := range c.Details {
				want = append(want, d.Label, d.Value)
			}
			for _, w := range want {
				if !strings.Contains(got, plain(w)) {
					t.Errorf("%q is not in\n%s", w, got)
				}
			}
			for _, r := range got {
				if unicode.In(r, &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0xfb50, Hi: 0xfdcf, Stride: 1}, {Lo: 0xfe70, Hi: 0xfefc, Stride: 1}}}) {
					t.Errorf("the presentation form %U", r)
				}
			}
		})
	}
}

func TestCopiedTextKeepsWords(t *testing.T) {
	totext := program(t, "pdftotext")
	for name, text := range map[string]string{
		"Arabic":             "شهادة إتمام البرنامج التدريبي",
		"Arabic with vowels": "مُحَمَّد بنُ سَلْمان",
		"Arabic ligatures":   "الإسلام والأدب لا إله",
		"Arabic, a name":     "ليلى الأنصاري (Leïla) ومعها",
		"Persian":            "گواهی‌نامهٔ پایان دوره",
		"Hebrew with points": "שָׁלוֹם עוֹלָם",
		"Devanagari":         "कृत्रिम बुद्धिमत्ता में प्रमाणपत्र",
		"Thai":               "ใบรับรองการสำเร็จหลักสูตร",
		"Tamil":              "கொண்டாட்டம் சான்றிதழ்",
		"Bengali":            "বাংলা শংসাপত্র",
		"Khmer":              "វិញ្ញាបនបត្រ",
		"Vietnamese":         "Chứng chỉ Nguyễn Thị Hường",
		"Greek":              "Πιστοποιητικό Αθήνα",
		"Cyrillic":           "Свидетельство Щукин",
		"Japanese":           "修了証明書とデータ",
		"Korean":             "데이터 탐험가 인증서",
		"combining":          "Ame\u0301lie A\u030angstro\u0308m",
		"emoji":              "Zoë 👍🏽 👩🏽‍🎓 fin",
		"no font":            "before 𐎠𐎡 after",
		"ligatures":          "office affiche fjord",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := samples(t)["english"]
			if strings.HasPrefix(name, "Arabic") {
				c = samples(t)["arabic"] // pdftotext reads lines in the direction of the page
			}
			c.Description = text
			got := run(t, totext, "-enc", "UTF-8", written(t, c), "-")
			got = strings.Map(func(r rune) rune {
				if r >= 0x202a && r <= 0x202e || r == 0x200e {
					return -1
				}
				return r
			}, got)
			if !strings.Contains(got, text) {
				t.Errorf("%q is not in\n%s", text, got)
			}
		})
	}
}

func TestEqualValuesGiveEqualBytes(t *testing.T) {
	shared := certificate.NewRenderer()
	for name, c := range samples(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, err := shared.Render(c)
			if err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			for range 3 {
				wg.Go(func() {
					again, err := shared.Render(c)
					if err != nil || !bytes.Equal(first, again) {
						t.Errorf("another rendering differs (%v)", err)
					}
				})
			}
			wg.Wait()
			fresh, err := certificate.NewRenderer().Render(c)
			if err != nil || !bytes.Equal(first, fresh) {
				t.Errorf("another renderer gives other bytes (%v)", err)
			}
		})
	}
}

func TestFilesAreSmall(t *testing.T) {
	r := certificate.NewRenderer()
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

func TestNameIsLeftOutWithoutConsent(t *testing.T) {
	totext := program(t, "pdftotext")
	c := samples(t)["french"]
	c.Recipient = ""
	if got := run(t, totext, written(t, c), "-"); strings.Contains(got, c.Labels.AwardedTo) {
		t.Errorf("words about nobody:\n%s", got)
	}
}

func TestReadReturnsWhatRenderWrote(t *testing.T) {
	for name, want := range map[string]certificate.Payload{
		"both":     {Credential: []byte(`{"name":"Zoë"}`), Assertion: `{"type":"Assertion","name":"Zoë (\\) <x>"}`},
		"address":  {Assertion: "https://badges.exemple.fr/v/1.json"},
		"brackets": {Assertion: `{"a":"\\ ) ( )) \" endobj"}`},
		"JWS":      {Assertion: "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"},
		"3.0 only": {Credential: []byte(`{"a":"/AF[ endstream"}`)},
		"nothing":  {},
	} {
		t.Run(name, func(t *testing.T) {
			c := samples(t)["french"]
			c.Credential, c.Assertion = want.Credential, want.Assertion
			c.Title = "/openbadges(https://evil.example) /AF[1 0 R]"
			file, err := certificate.NewRenderer().Render(c)
			if err != nil {
				t.Fatal(err)
			}
			got, err := certificate.Read(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
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

func TestWrongValuesAreRefused(t *testing.T) {
	for name, change := range map[string]func(c *certificate.Certificate){
		"no address":         func(c *certificate.Certificate) { c.Address = "" },
		"script address":     func(c *certificate.Certificate) { c.Address = "javascript:alert(1)" },
		"address of no host": func(c *certificate.Certificate) { c.Address = "https:///v/1" },
		"space in address":   func(c *certificate.Certificate) { c.Address = "https://exemple.fr/a b" },
		"long address":       func(c *certificate.Certificate) { c.Address = "https://exemple.fr/" + strings.Repeat("a", 1100) },
		"credential no JSON": func(c *certificate.Certificate) { c.Credential = []byte("{") },
		"large credential":   func(c *certificate.Certificate) { c.Credential = bytes.Repeat([]byte("1"), 2<<20) },
		"large assertion":    func(c *certificate.Certificate) { c.Assertion = strings.Repeat("a", 1<<19) },
		"control character":  func(c *certificate.Certificate) { c.Assertion = "a\x00b" },
		"picture no PNG":     func(c *certificate.Certificate) { c.Picture = []byte("GIF89a") },
		"half a picture":     func(c *certificate.Certificate) { c.Picture = c.Picture[:len(c.Picture)/2] },
		"huge picture":       func(c *certificate.Certificate) { c.Logo = roundPicture(t, certificate.MaxPixels+1) },
		"many details":       func(c *certificate.Certificate) { c.Details = make([]certificate.Detail, 10) },
		"unknown size":       func(c *certificate.Certificate) { c.Size = 7 },
		"far year":           func(c *certificate.Certificate) { c.Created = time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		t.Run(name, func(t *testing.T) {
			c := samples(t)["french"]
			change(&c)
			if file, err := certificate.NewRenderer().Render(c); !errors.Is(err, certificate.ErrInvalid) || file != nil {
				t.Errorf("error %v, %d bytes", err, len(file))
			}
		})
	}
}

// hostile texts reach every field.
var hostile = []string{
	"", " ", "\n", "\x00\x07\x1b[31m", "a\u202eb\u202cc\u2066d", "\u200b\u200d\ufeff", "\ufffd\xff\xfe", "👩🏽‍🎓👨‍👩‍👧‍👦🇫🇷🏴󠁧󠁢󠁥󠁮󠁧󠁿",
	"𐎠𐎡𐎢", strings.Repeat("a\u0301\u0302\u0303", 400), strings.Repeat("W", 5000), strings.Repeat("العربية", 900),
	strings.Repeat("(", 3000) + strings.Repeat(")", 3000), strings.Repeat("\u202e", 4000), strings.Repeat("क्", 1500), "<>&\"'()\\/%[]{}", strings.Repeat("\n\n\r", 3000),
	"a\u2028b\u2029c\u0085d", "\U0010ffff\ufdd0\ue000", strings.Repeat("字", 6000), "\u0600١٢٣", "e" + strings.Repeat("\u0489", 2000),
}

func TestHostileTexts(t *testing.T) {
	qpdf := program(t, "qpdf")
	for i, text := range hostile {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			c := samples(t)["french"]
			c.Language, c.RightToLeft = text, i%2 == 0
			c.Title, c.PictureText, c.Issuer, c.Badge, c.Recipient, c.Description, c.Criteria = text, text, text, text, text, text, text
			c.Details = []certificate.Detail{{Label: text, Value: text}}
			c.Labels = certificate.Labels{AwardedTo: text, Criteria: text, Verify: text, Shortened: text, Credential: text, Code: text}
			begin := time.Now()
			path := written(t, c)
			if took := time.Since(begin); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
			run(t, qpdf, "--check", path)
		})
	}
}

func FuzzRender(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, false)
	}
	r := certificate.NewRenderer()
	base := samples(f)["french"]
	f.Fuzz(func(t *testing.T, text string, rightToLeft bool) {
		c := base
		c.RightToLeft, c.Badge, c.Recipient, c.Criteria = rightToLeft, text, text, text
		if _, err := r.Render(c); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, c := range samples(f) {
		file, err := certificate.NewRenderer().Render(c)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if p, err := certificate.Read(file); err != nil && !errors.Is(err, certificate.ErrUnreadable) {
			t.Errorf("%v, %v", p, err)
		}
	})
}

func TestReadRefuses(t *testing.T) {
	file, err := certificate.NewRenderer().Render(samples(t)["french"])
	if err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string][]byte{
		"nothing":      nil,
		"a text":       []byte("%PDF-1.7 hello"),
		"half a file":  file[:len(file)/2],
		"a wrong end":  append(bytes.Clone(file), "startxref\n99999999\n%%EOF\n"...),
		"a large file": append(bytes.Clone(file), make([]byte, certificate.MaxFile)...),
	} {
		if p, err := certificate.Read(other); !errors.Is(err, certificate.ErrUnreadable) {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
}
