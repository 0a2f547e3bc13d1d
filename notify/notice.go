package notify

import (
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/templates"
)

// Notice is everything that a notice about one badge says: that the badge waits for its
// learner, or that it will end.
type Notice struct {
	Assertion   badges.Assertion
	Version     badges.Version
	Issuer      badges.Issuer
	Picture     []byte // PNG
	ClaimURL    string
	CourseTitle string
	Replaces    string          // name of the lower step that the badge replaces; empty if none
	Again       *badges.Version // version whose criteria earn the badge again; nil if that is not possible
}

// content returns the data for the notice's templates. picture is the address of the
// picture inside the mail; empty if there is none.
func (n Notice) content(locale templates.Locale, picture string) templates.Mail {
	texts := n.Version.In(locale.Reads()...)
	mail := templates.Mail{
		Name: n.Assertion.Recipient.Name, Badge: texts.Name, Description: texts.Description,
		Criteria: texts.Criteria, Rule: n.Version.Rule.Describe(locale), Course: n.CourseTitle,
		Issuer: n.Issuer.Name, IssuerURL: n.Issuer.URL, URL: n.ClaimURL, Picture: picture,
		AwardedAt: n.Assertion.AwardedAt, ExpiresAt: n.Assertion.ExpiresAt, Again: n.Again != nil, Replaces: n.Replaces,
		NoAddress: n.Assertion.AwaitsAddress(),
	}
	if n.Again != nil {
		mail.Criteria, mail.Rule = n.Again.In(locale.Reads()...).Criteria, n.Again.Rule.Describe(locale)
	}
	return mail
}
