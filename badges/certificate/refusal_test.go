package certificate_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges/certificate"
)

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
			if file, err := renderer().Render(c); !errors.Is(err, certificate.ErrInvalid) || file != nil {
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
	r := renderer()
	for i, text := range hostile {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			c := samples(t)["french"]
			c.Language, c.RightToLeft = text, i%2 == 0
			c.Title, c.PictureText, c.Issuer, c.Badge, c.Recipient, c.Description, c.Criteria = text, text, text, text, text, text, text
			c.Details = []certificate.Detail{{Label: text, Value: text}}
			c.Labels = certificate.Labels{AwardedTo: text, Criteria: text, Verify: text, Shortened: text, Credential: text, Code: text}
			file, err := r.Render(c)
			if err != nil {
				t.Fatal(err)
			}
			if len(file) > 600_000 {
				t.Errorf("%d bytes", len(file))
			}
			if p, err := certificate.Read(file); err != nil || p.Assertion != c.Assertion {
				t.Errorf("read back: %v, %v", p, err)
			}
			run(t, program(t, "qpdf"), "--check", written(t, c))
		})
	}
}

func FuzzRender(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, false)
	}
	r := renderer()
	base := samples(f)["french"]
	f.Fuzz(func(t *testing.T, text string, rightToLeft bool) {
		c := base
		c.RightToLeft, c.Badge, c.Recipient, c.Criteria = rightToLeft, text, text, text
		if _, err := r.Render(c); err != nil {
			t.Fatal(err)
		}
	})
}
