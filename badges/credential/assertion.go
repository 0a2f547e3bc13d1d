package credential

import (
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/openbadges"
)

// Assertion returns the hosted Open Badges 2.0 document of an award. It fails
// with fault.NotFound if the award is not public, and with fault.Gone if it was
// revoked or replaced: use Revoked then.
func (d Documents) Assertion(award Award) (openbadges.Assertion, error) {
	if err := award.valid(); err != nil {
		return openbadges.Assertion{}, err
	}
	v, links := award.Version, d.At(award.Assertion)
	return openbadges.Hosted(d.about(award, openbadges.Badge{
		Address: links.Edition(v, v.Language), Image: openbadges.Image{Address: links.Picture(v.Picture)},
	}))
}

// Revoked returns the document of an award that was revoked or replaced. Open
// Badges 2.0 does not distinguish the two. The reason of a replaced award names the
// step that replaced it. An erased award has no document: Read refuses it.
func (d Documents) Revoked(award Award) openbadges.RevokedAssertion {
	return openbadges.NewRevoked(d.At(award.Assertion).Page(award.Assertion.ID), d.endReason(award))
}

// At returns the addresses of the documents of a: below the base URL that the
// claim froze.
func (d Documents) At(a badges.Assertion) Addresses {
	if a.BaseURL == "" {
		return d.Links
	}
	return d.Links.At(a.BaseURL)
}

// value returns an award as the documents that contain the badge describe it.
func (d Documents) value(award Award) (openbadges.Award, error) {
	v := award.Version
	badge, err := d.edition(v, award.Issuer, v.Language, d.At(award.Assertion))
	return d.about(award, badge), err
}

// about returns an award of a badge as the documents of both generations describe
// it. What the learner does not share is not in it.
func (d Documents) about(award Award, badge openbadges.Badge) openbadges.Award {
	a, links, t := award.Assertion, d.At(award.Assertion), d.words(award.Version)
	value := openbadges.Award{
		Address: links.Page(a.ID), UUID: string(a.ID), Badge: badge,
		Recipient: openbadges.Recipient{Email: a.Recipient.Email, Salt: a.Salt, Name: badges.CarriedName(a.PublicName())},
		IssuedOn:  a.AwardedAt, Expires: a.ExpiresAt,
		Evidence: evidenceOf(a, t), Results: resultsOf(a, t),
	}
	for _, entry := range award.Status {
		if entry.Purpose == badges.ForMessage && a.State != badges.Replaced {
			continue // it would say nothing, and a wallet refuses documents that name it
		}
		value.Status = append(value.Status, openbadges.StatusEntry{
			List: d.Links.At(entry.BaseURL).StatusList(entry.List), Index: entry.Index, Purpose: openbadges.StatusPurpose(entry.Purpose),
		})
	}
	return value
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

// resultsOf returns the grades that the learner agreed to show. A grade that is far
// outside its range is a mistake in the LMS: it is only among the evidence, in words.
func resultsOf(a badges.Assertion, t badges.Translator) []openbadges.Result {
	var list []openbadges.Result
	for _, f := range a.PublicFacts() {
		if f.Grade != nil && f.Percent >= 0 && f.Percent <= openbadges.MaxPercent {
			condition := f.Condition()
			list = append(list, openbadges.Result{Name: condition.Describe(t), Percent: f.Percent})
		}
	}
	return list
}

// endReason returns why an award does not count any more.
func (d Documents) endReason(award Award) string {
	switch award.Assertion.State { //nolint:exhaustive // the others still count
	case badges.Replaced:
		return d.replaced(award)
	case badges.Revoked:
		return award.Assertion.Reason
	}
	return ""
}

// replaced names the step that replaced an award, unless that was erased.
func (d Documents) replaced(award Award) string {
	by := award.Replacement
	if by.Badge == "" {
		return d.words(award.Version).T("step.replaced", nil)
	}
	reason := d.words(award.Version).T("step.replaced_by", map[string]any{"Badge": by.Badge})
	if by.Public {
		reason += " " + d.Links.Page(by.Assertion)
	}
	return reason
}
