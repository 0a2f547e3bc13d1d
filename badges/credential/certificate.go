package credential

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/certificate"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/templates"
)

// Pictures are the pictures of a certificate.
type Pictures struct {
	Badge picture.Picture
	Logo  picture.Picture // of the issuer; zero if it has none
}

// PDF returns the certificate of an award: one page in the learner's language, with
// the documents of both generations inside. It fails as Assertion does.
func (d Documents) PDF(ctx context.Context, award Award, p Pictures, paper Paper) ([]byte, error) {
	inside, err := d.payloads(ctx, award)
	if err != nil {
		return nil, err
	}
	a, v := award.Assertion, award.Version
	t := d.Words.Locale(a.Recipient.Language, v.Language)
	texts := v.In(t.Reads()...)
	c := certificate.Certificate{
		Size: paper.size(a.Recipient.Language), Language: texts.Language, RightToLeft: badges.RightToLeft(texts.Language),
		Title:   t.T("certificate.title", map[string]any{"Badge": texts.Name, "Issuer": award.Issuer.Name}),
		Picture: p.Badge.PNG, PictureText: v.Caption, Issuer: award.Issuer.Name, Logo: p.Logo.PNG,
		Badge: texts.Name, Recipient: badges.CarriedName(a.PublicName()), Description: texts.Description, Criteria: certificateCriteria(v, texts, t),
		Details: details(award, t), Address: d.At(a).Page(a.ID), Labels: labels(t),
		Credential: inside.OB3, Assertion: string(inside.OB2), Created: a.DecidedAt,
	}
	return d.certificates.Render(c)
}

// Paper is the size of a certificate's page: A4, Letter, or empty for what is usual
// where the learner lives.
type Paper string

// The sizes.
const (
	A4     Paper = "a4"
	Letter Paper = "letter"
)

func (p Paper) size(language string) certificate.Size {
	letter := []string{"en-US", "en-CA", "fr-CA", "es-MX"}
	usual := slices.ContainsFunc(letter, func(l string) bool { return strings.EqualFold(l, language) })
	if p == Letter || usual && p != A4 {
		return certificate.Letter
	}
	return certificate.A4
}

// certificateCriteria returns the criteria as the page of the award shows them.
func certificateCriteria(v badges.Version, texts badges.Translation, t templates.Locale) string {
	rule := sentence(v.Rule.Describe(t))
	if texts.Criteria == "" {
		return rule
	}
	return rule + "\n" + texts.Criteria
}

// sentence returns text with a capital first letter, as the pages show a rule.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if first == utf8.RuneError {
		return text
	}
	return string(unicode.ToTitle(first)) + text[size:]
}

// details returns the lines with dates, level, credits and workload.
func details(award Award, t templates.Locale) []certificate.Detail {
	a := award.Assertion
	list := []certificate.Detail{{Label: t.T("badge.awarded", nil), Value: t.Date(a.AwardedAt)}}
	if !a.ExpiresAt.IsZero() {
		list = append(list, certificate.Detail{Label: t.T("expiry.until", nil), Value: t.Date(a.ExpiresAt)})
	}
	if parts := extent(award.Version, t); len(parts) > 0 {
		list = append(list, certificate.Detail{Label: t.T("badge.workload", nil), Value: strings.Join(parts, "\u00a0· ")})
	}
	return list
}

// labels returns the certificate's own words.
func labels(t templates.Locale) certificate.Labels {
	return certificate.Labels{
		AwardedTo: t.T("public.awarded_to", nil), Criteria: t.T("badge.criteria", nil), Verify: t.T("certificate.verify", nil),
		Shortened: t.T("certificate.shortened", nil), Credential: t.T("certificate.credential", nil), Code: t.T("certificate.code", nil),
	}
}
