package certificate_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges/certificate"
	"github.com/insigne-badges/insigne/picture"
)

// samples are certificates as the product makes them, by name.
func samples(t testing.TB) map[string]certificate.Certificate {
	t.Helper()
	picture, logo := badgePicture(t), widePicture(t)
	french := certificate.Certificate{
		Language: "fr", Title: "Exploratrice de données — Zoë Ångström",
		Picture: picture, PictureText: "Un médaillon bleu avec une loupe", Issuer: "Université d’Exemple", Logo: logo,
		Badge: "Exploratrice de données", Recipient: "Zoë Ångström",
		Description: "Sait lire un jeu de données, en vérifier la qualité et présenter ce qu’il montre à un public qui ne le connaît pas.",
		Criteria: "Terminer les cinq étapes du module « Lire des données ».\nObtenir au moins 14/20 au projet final, relu par deux pairs et par l’enseignante.\n" +
			"Présenter le projet à l’oral, en dix minutes, devant le groupe.",
		Details: []certificate.Detail{
			{Label: "Décerné le", Value: "26 novembre 2026"},
			{Label: "Valable jusqu’au", Value: "26 novembre 2029"},
			{Label: "Volume", Value: "3 ECTS · 75 heures"},
			{Label: "Niveau européen", Value: "6"},
			{Label: "Note finale", Value: "17,5 / 20"},
			{Label: "Compétence", Value: "ESCO — analyser des données"},
		},
		Address: "https://badges.exemple.fr/v/0190a6c2-7b1e-7c3d-9a53-4a1c5d2e8f10",
		Labels: certificate.Labels{
			AwardedTo: "Badge décerné à", Criteria: "Critères d’obtention", Verify: "Vérifier ce badge",
			Shortened:  "Le texte complet se trouve sur la page publique du badge, à l’adresse ci-dessous.",
			Credential: "Le badge numérique signé est joint à ce fichier.", Code: "Code QR de la page publique",
		},
		Credential: []byte(`{"@context":["https://www.w3.org/ns/credentials/v2"],"name":"Zoë"}`),
		Assertion:  `{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","name":"Zoë & <Ångström>"}`,
		Created:    time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC),
	}
	out := map[string]certificate.Certificate{"french": french}

	english := french
	english.Size, english.Language, english.Title = certificate.Letter, "en", "Data explorer — Zoë Ångström"
	english.Badge, english.Recipient, english.Logo = "Data explorer", "", nil
	english.Description = "Reads a data set and says what it shows."
	english.Criteria, english.Details = "", []certificate.Detail{{Label: "Awarded on", Value: "26 November 2026"}}
	english.Labels = certificate.Labels{AwardedTo: "Awarded to", Criteria: "Criteria", Verify: "Check this badge", Shortened: "The whole text is on the badge’s public page.", Credential: "The signed credential is attached to this file."}
	out["english"] = english

	arabic := french
	arabic.Language, arabic.RightToLeft, arabic.Title = "ar", true, "مستكشفة البيانات"
	arabic.Issuer, arabic.Badge, arabic.Recipient = "جامعة المثال", "مستكشفة البيانات 2026", "ليلى الأنصاري (Leïla)"
	arabic.Description = "تستطيع قراءة مجموعة من البيانات والتحقق من جودتها، ثم عرض ما تبيّنه على جمهور لا يعرفها."
	arabic.Criteria = "إتمام الأنشطة الخمسة في وحدة «قراءة البيانات» قبل 30/06/2026.\nالحصول على 14/20 على الأقل في المشروع النهائي مع أداة OpenRefine 3.7 ثم تقديمه شفهيًا."
	arabic.Details = []certificate.Detail{{Label: "تاريخ المنح", Value: "26 نوفمبر 2026"}, {Label: "صالح حتى", Value: "٢٦ نوفمبر ٢٠٢٩"}, {Label: "الحجم", Value: "3 ECTS"}}
	arabic.Labels = certificate.Labels{AwardedTo: "مُنحت هذه الشارة إلى", Criteria: "معايير الحصول", Verify: "تحقق من هذه الشارة", Shortened: "النص الكامل على الصفحة العامة للشارة.", Credential: "الشارة الرقمية الموقعة مرفقة بهذا الملف."}
	out["arabic"] = arabic

	chinese := french
	chinese.Language, chinese.Title = "zh", "数据探索者"
	chinese.Issuer, chinese.Badge, chinese.Recipient = "示例大学", "数据探索者", "欧阳明月"
	chinese.Description = "能够阅读数据集，检查其质量，并向不熟悉数据的听众展示其内容。"
	chinese.Criteria = "完成“阅读数据”单元的全部五项活动。\n期末项目至少获得14/20分，由两位同学和老师评阅。使用 OpenRefine 3.7 清理数据，然后用十分钟向小组口头介绍。"
	chinese.Details = []certificate.Detail{{Label: "授予日期", Value: "2026年11月26日"}, {Label: "有效期至", Value: "2029年11月26日"}, {Label: "学分", Value: "3 ECTS"}}
	chinese.Labels = certificate.Labels{AwardedTo: "授予", Criteria: "获得标准", Verify: "验证此徽章", Shortened: "全文请见徽章的公开页面。", Credential: "已签名的数字徽章附在此文件中。"}
	out["chinese"] = chinese

	long := french
	long.Badge = strings.Repeat("Exploratrice émérite de grandes données ouvertes ", 6) + "!"
	long.Recipient = strings.Repeat("Anne-Charlotte-Élisabeth de la Motte-Fouquet ", 4)
	long.Issuer = strings.Repeat("Institut national de la donnée et de la statistique ", 4)
	long.Description = strings.Repeat("Sait lire un jeu de données et en vérifier la qualité. ", 20)
	long.Criteria = strings.Repeat("Obtenir au moins 14/20 au projet final, relu par deux pairs et par l’enseignante. ", 50)
	long.Address += "?" + strings.Repeat("langue=fr&", 10)
	long.Details = append(long.Details, long.Details[:3]...)
	long.Details[1].Value = strings.Repeat("très long ", 30)
	out["long"] = long
	longLetter := long
	longLetter.Size = certificate.Letter
	out["long letter"] = longLetter

	mixed := french
	mixed.Recipient = "𝓩𝓸𝓮 👩🏽‍🎓 王小明 👍"
	mixed.Badge = "Ελληνικά · Русский · Tiếng Việt · עברית"
	mixed.Description = "हिन्दी में प्रमाणपत्र · ใบรับรองภาษาไทย · 日本語の証明書 · 한국어 인증서 · Հայերեն · ქართული · አማርኛ · தமிழ் · বাংলা · ខ្មែរ · ລາວ · ਪੰਜਾਬੀ"
	mixed.Criteria = "The word שלום means peace, العربية is written 123 to the left, and 𐤀𐤁 has no font here.\nنص عربي مع English words و 45% داخل الجملة."
	out["mixed"] = mixed

	longArabic := arabic
	longArabic.Criteria = strings.Repeat(arabic.Criteria+" ", 25)
	out["long arabic"] = longArabic
	longChinese := chinese
	longChinese.Criteria = strings.Repeat(strings.ReplaceAll(chinese.Criteria, "\n", ""), 40)
	out["long chinese"] = longChinese
	return out
}

// badgePicture is a picture of the product: 512 pixels with transparent corners.
func badgePicture(t testing.TB) []byte {
	t.Helper()
	p, err := readyMade()
	if err != nil {
		t.Fatal(err)
	}
	return p.PNG
}

var readyMade = sync.OnceValues(func() (picture.Picture, error) {
	library, err := picture.LoadLibrary()
	if err != nil {
		return picture.Picture{}, err
	}
	return library.All()[0].Picture()
})

// roundPicture is a badge with transparent corners, as the product draws them.
func roundPicture(t testing.TB, side int) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			r := math.Hypot(float64(x-side/2), float64(y-side/2)) / float64(side)
			switch {
			case r < 0.3:
				img.SetNRGBA(x, y, color.NRGBA{0xf2, 0xb7, 0x05, 255})
			case r < 0.42:
				img.SetNRGBA(x, y, color.NRGBA{0x2b, 0x4a, 0x9b, 255})
			case r < 0.45:
				img.SetNRGBA(x, y, color.NRGBA{0x2b, 0x4a, 0x9b, uint8(255 * (0.45 - r) / 0.03)})
			}
		}
	}
	return encode(t, img)
}

func widePicture(t testing.TB) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 240, 90))
	for y := range 90 {
		for x := range 240 {
			img.SetNRGBA(x, y, color.NRGBA{uint8(x), 0x44, 0x66, 255})
		}
	}
	return encode(t, img)
}

func encode(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(fmt.Errorf("encode: %w", err))
	}
	return out.Bytes()
}
