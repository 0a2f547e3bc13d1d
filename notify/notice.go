package notify

import (
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/templates"
)

// Notice is one badge to tell of: one that waits for its learner, or will end.
type Notice struct {
	Assertion   badges.Assertion
	Version     badges.Version
	Issuer      badges.Issuer
	Picture     []byte // PNG
	ClaimURL    string
	CourseTitle string
	Replaces    string          // the lower step whose place it takes; empty for none
	Again       *badges.Version // what earns the badge again; nil when nothing does
}

// content is what the notice's templates show. picture is where the picture is
// found: inside the mail, or nowhere.
func (n Notice) content(locale templates.Locale, picture string) templates.Mail {
	mail := templates.Mail{
		Name: n.Assertion.Recipient.Name, Badge: n.Version.Name, Description: n.Version.Description,
		Criteria: n.Version.Criteria, Rule: n.Version.Rule.Describe(locale), Course: n.CourseTitle,
		Issuer: n.Issuer.Name, IssuerURL: n.Issuer.URL, URL: n.ClaimURL, Picture: picture,
		AwardedAt: n.Assertion.AwardedAt, ExpiresAt: n.Assertion.ExpiresAt, Again: n.Again != nil, Replaces: n.Replaces,
	}
	if n.Again != nil {
		mail.Criteria, mail.Rule = n.Again.Criteria, n.Again.Rule.Describe(locale)
	}
	return mail
}
