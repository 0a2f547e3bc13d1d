package certificate_test

import (
	"strings"
	"testing"
	"unicode"
)

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
		"Persian":            "گواهی\u200cنامهٔ پایان دوره",
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
