package certificate_test

import (
	"errors"
	"fmt"
	"html"
	"image"
	"image/draw"
	_ "image/png"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// resolution is that of the pictures that are compared, in dots per inch.
const resolution = 300

// TestTextLooksAsInABrowser draws lines twice: with a certificate and pdftoppm, and
// in Chromium with the same fonts and size. Size and shape must agree.
func TestTextLooksAsInABrowser(t *testing.T) {
	chromium, toppm := program(t, "chromium"), program(t, "pdftoppm")
	lines := []struct{ name, text, direction string }{
		{"Latin", "Exploratrice de données, œuvre « Ångström » 2026", "ltr"},
		{"Vietnamese", "Chứng chỉ khám phá dữ liệu Nguyễn", "ltr"},
		{"Greek and Cyrillic", "Πιστοποιητικό · Свидетельство Щукин", "ltr"},
		{"Arabic", "شهادة إتمام البرنامج التدريبي في قراءة البيانات", "rtl"},
		{"Arabic with vowels", "مُحَمَّد بنُ سَلْمان، الإسلام والأدب", "rtl"},
		{"Arabic with Latin and numbers", "المشروع 14/20 مع أداة OpenRefine 3.7 (قبل 30/06/2026).", "rtl"},
		{"Persian", "گواهی\u200cنامهٔ پایان دورهٔ داده", "rtl"},
		{"Urdu", "سرٹیفکیٹ برائے ڈیٹا ایکسپلورر ہے", "rtl"},
		{"Arabic inside English", "The word العربية 123 and שלום, in one line", "ltr"},
		{"numbers after Arabic", "abc ١٢٣ عربي 45 دهو def", "ltr"},
		{"Hebrew", "תעודת חוקרת נתונים (2026) שָׁלוֹם", "rtl"},
		{"Devanagari", "कृत्रिम बुद्धिमत्ता में प्रमाणपत्र, विद्यार्थी", "ltr"},
		{"Thai", "ใบรับรองการสำเร็จหลักสูตร ที่นี่", "ltr"},
		{"Tamil", "கொண்டாட்டம் சான்றிதழ்", "ltr"},
		{"Bengali", "বাংলা শংসাপত্র শিক্ষার্থী", "ltr"},
		{"Khmer", "វិញ្ញាបនបត្រ", "ltr"},
		{"Chinese", "数据探索者，示例大学（2026年）", "ltr"},
		{"Japanese", "修了証明書とデータ探索", "ltr"},
		{"Korean", "데이터 탐험가 인증서", "ltr"},
	}
	cells := make([]string, 0, len(lines))
	for _, l := range lines {
		cells = append(cells, cell(l.text, l.direction))
	}
	// The same Arabic with every letter alone: what the comparison must not accept.
	apart := strings.Join(strings.Split("شهادة إتمام البرنامج", ""), "\u200c")
	seen := screenshot(t, chromium, append(cells, cell(apart, "rtl")))
	for i, l := range lines {
		t.Run(l.name, func(t *testing.T) {
			if problem := differ(drawn(t, toppm, l.text, l.direction == "rtl"), shape(seen, i)); problem != "" {
				t.Error(problem)
			}
		})
	}
	if differ(drawn(t, toppm, "شهادة إتمام البرنامج", true), shape(seen, len(lines))) == "" {
		t.Error("letters that are not joined pass for joined ones")
	}
}

// cellHeight is the room of one line in the browser's page, in pixels.
const cellHeight = 200

func cell(text, direction string) string {
	return fmt.Sprintf(`<div dir=%s>%s</div>`, direction, html.EscapeString(text))
}

// screenshot shows the cells below each other, with the plain fonts of the
// certificate in their order.
func screenshot(t *testing.T, chromium string, cells []string) image.Image {
	t.Helper()
	var page strings.Builder
	page.WriteString("<!doctype html><meta charset=utf-8><style>")
	var families []string
	ranges := map[string]string{"NanumGothic-Regular": ";unicode-range:U+1100-11FF,U+3130-318F,U+AC00-D7FF"} // else it would show Chinese brackets
	for _, file := range []string{
		"NotoSans-Regular", "NotoSansArabic-Regular", "NotoSansHebrew-Regular", "NotoSansDevanagari-Regular", "NotoSansThai-Regular",
		"NotoSansBengali-Regular", "NotoSansTamil-Regular", "NotoSansKhmer-Regular", "NanumGothic-Regular", "DroidSansFallbackFull",
	} {
		fmt.Fprintf(&page, "@font-face{font-family:%s;src:url(/%s.ttf)%s}", file, file, ranges[file])
		families = append(families, file)
	}
	fmt.Fprintf(&page, "body{margin:0}div{height:%dpx;padding:0 20px;line-height:%dpx;white-space:nowrap;font:%.3fpx/%dpx %s;text-rendering:geometricPrecision;text-spacing-trim:space-all}</style>",
		cellHeight, cellHeight, 11.5*resolution/72, cellHeight, strings.Join(families, ","))
	page.WriteString(strings.Join(cells, ""))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(page.String())) })
	mux.Handle("GET /", http.FileServer(http.Dir("typeset/fonts")))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	path := filepath.Join(t.TempDir(), "screen.png")
	run(t, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1",
		"--font-render-hinting=none", "--disable-lcd-text", "--virtual-time-budget=30000", "--user-data-dir="+t.TempDir(),
		fmt.Sprintf("--window-size=2200,%d", cellHeight*len(cells)), "--screenshot="+path, server.URL)
	return decoded(t, path)
}

func decoded(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	img, _, err := image.Decode(f)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return img
}

// drawn returns the line as the description of a certificate that shows little else.
func drawn(t *testing.T, toppm, text string, rightToLeft bool) grey {
	t.Helper()
	c := samples(t)["english"]
	c.Picture, c.Issuer, c.Badge, c.Recipient, c.Details, c.Description, c.RightToLeft = nil, "", "", "", nil, text, rightToLeft
	path := written(t, c)
	prefix := filepath.Join(t.TempDir(), "page")
	const top, height = 230, 130 // points: around the only two blocks of the column
	run(t, toppm, "-r", fmt.Sprint(resolution), "-gray", "-png", "-singlefile", "-x", fmt.Sprint(40*resolution/72), "-W", fmt.Sprint(530*resolution/72),
		"-y", fmt.Sprint(top*resolution/72), "-H", fmt.Sprint(height*resolution/72), path, prefix)
	return belowRule(inked(decoded(t, prefix+".png"), image.Rectangle{}))
}

func shape(screen image.Image, i int) grey {
	return inked(screen, image.Rect(0, i*cellHeight, screen.Bounds().Dx(), (i+1)*cellHeight)).trimmed()
}

// grey is how dark each pixel is, by row.
type grey [][]float64

func inked(img image.Image, part image.Rectangle) grey {
	if part.Empty() {
		part = img.Bounds()
	}
	plain := image.NewGray(part)
	draw.Draw(plain, part, img, part.Min, draw.Src)
	out := make(grey, part.Dy())
	for y := range out {
		out[y] = make([]float64, part.Dx())
		for x := range out[y] {
			out[y][x] = 1 - float64(plain.GrayAt(part.Min.X+x, part.Min.Y+y).Y)/255
		}
	}
	return out
}

// belowRule cuts off the rule above the description: the first inked rows.
func belowRule(g grey) grey {
	y := 0
	for y < len(g) && blank(g[y]) {
		y++
	}
	for y < len(g) && !blank(g[y]) {
		y++
	}
	return g[y:].trimmed()
}

func blank(row []float64) bool {
	for _, v := range row {
		if v > 0.1 {
			return false
		}
	}
	return true
}

// trimmed cuts off what is blank around.
func (g grey) trimmed() grey {
	for len(g) > 0 && blank(g[0]) {
		g = g[1:]
	}
	for len(g) > 0 && blank(g[len(g)-1]) {
		g = g[:len(g)-1]
	}
	if len(g) == 0 {
		return nil
	}
	left, right := len(g[0]), 0
	for _, row := range g {
		for x, v := range row {
			if v > 0.1 {
				left, right = min(left, x), max(right, x+1)
			}
		}
	}
	out := make(grey, len(g))
	for y := range g {
		out[y] = g[y][left:right]
	}
	return out
}

// differ compares two drawings of a line. Colours differ: each is measured by its
// darkest pixel. Edges differ by up to a pixel, so the drawings are compared in
// squares of four.
func differ(a, b grey) string {
	if len(a) == 0 || len(b) == 0 {
		return "nothing was drawn"
	}
	if w, h := len(a[0])-len(b[0]), len(a)-len(b); math.Abs(float64(w)) > 4+0.004*float64(len(b[0])) || math.Abs(float64(h)) > 4 {
		return fmt.Sprintf("%d × %d pixels, and %d × %d in the browser", len(a[0]), len(a), len(b[0]), len(b))
	}
	width, height := max(len(a[0]), len(b[0])), max(len(a), len(b))
	p, q := a.squares(width, height), b.squares(width, height)
	difference, all := 0.0, 0.0
	for i := range p {
		difference += math.Abs(p[i] - q[i])
		all += p[i] + q[i]
	}
	if share := difference / all; share > 0.2 {
		return fmt.Sprintf("%.0f %% of the ink is elsewhere", 100*share)
	}
	return ""
}

// squares scales the drawing to the size and returns the ink of each square.
func (g grey) squares(width, height int) []float64 {
	const side = 4
	across := width/side + 1
	out := make([]float64, across*(height/side+1))
	darkest := 0.0
	for _, row := range g {
		for _, v := range row {
			darkest = math.Max(darkest, v)
		}
	}
	for y, row := range g {
		for x, v := range row {
			out[y*height/len(g)/side*across+x*width/len(row)/side] += v / darkest
		}
	}
	return out
}
