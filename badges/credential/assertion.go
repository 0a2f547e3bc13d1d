package credential

import (
	"encoding/json"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/picture"
)

// Assertion returns the Open Badges 2.0 document of an award. It fails with
// fault.NotFound if the award is not public, and with fault.Gone if it was
// revoked or replaced: use Revoked then.
func (d Documents) Assertion(award Award) (openbadges.Assertion, error) {
	if err := award.valid(); err != nil {
		return openbadges.Assertion{}, err
	}
	a, v := award.Assertion, award.Version
	return openbadges.Hosted(openbadges.Award{
		Address:   d.Links.Page(a.ID),
		Badge:     openbadges.Badge{Address: d.Links.Version(v.ID), Image: openbadges.Image{Address: d.Links.Picture(v.Picture)}},
		Recipient: openbadges.Recipient{Email: a.Recipient.Email, Salt: a.Salt},
		IssuedOn:  a.AwardedAt, Expires: a.ExpiresAt,
		Evidence: evidenceOf(a, d.words(v)),
	})
}

// evidenceOf returns the evidence that the learner agreed to show.
func evidenceOf(a badges.Assertion, t badges.Translator) []openbadges.Evidence {
	var list []openbadges.Evidence
	for _, reason := range Reasons(a.PublicFacts(), t) {
		list = append(list, openbadges.Evidence{Name: reason.Condition, Narrative: reason.Found})
	}
	given := a.PublicGiven()
	if given.Text != "" {
		list = append(list, openbadges.Evidence{Narrative: given.Text})
	}
	for _, address := range given.Links {
		list = append(list, openbadges.Evidence{Address: address})
	}
	return list
}

// PNG returns the badge's picture with the award's Open Badges 2.0 document in
// it. It fails as Assertion does.
func (d Documents) PNG(award Award, p picture.Picture) ([]byte, error) {
	document, err := d.Assertion(award)
	if err != nil {
		return nil, err
	}
	payload, err := json.Marshal(document)
	if err != nil {
		return nil, fmt.Errorf("write assertion: %w", err)
	}
	return openbadges.BakePNG(p.PNG, openbadges.Payloads{OB2: payload})
}

// Revoked returns the document of an award that was revoked or replaced. Open
// Badges 2.0 does not distinguish the two. The reason of a replaced award names
// the step that replaced it.
func (d Documents) Revoked(award Award) openbadges.RevokedAssertion {
	a, reason := award.Assertion, award.Assertion.Reason
	if a.State == badges.Replaced {
		reason = d.replaced(award)
	}
	return openbadges.NewRevoked(d.Links.Page(a.ID), reason)
}

func (d Documents) replaced(award Award) string {
	by := award.Replacement
	reason := d.words(award.Version).T("step.replaced_by", map[string]any{"Badge": by.Badge})
	if by.Public {
		reason += " " + d.Links.Page(by.Assertion)
	}
	return reason
}
