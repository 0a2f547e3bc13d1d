package view

import (
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/templates"
)

// Criterion is one condition or group of a rule, with the learner's result.
type Criterion struct {
	Text    string
	Verdict string // met, unmet, unknown, or spare: no longer needed
	Detail  string // the grade so far, or why it is unknown
	Of      []Criterion
}

// Criteria returns the learner's results for a rule, as a tree with the shape of the
// rule. A plain list means that all of it is required.
func Criteria(x *badges.Explanation, locale templates.Locale) []Criterion {
	return criteriaOf(x, false, locale)
}

// OpenCriteria returns the results that decide about the badge; nil if the rule decides
// nothing. For a learner who has the badge it shows what is missing to earn it again.
func OpenCriteria(o *badges.Outlook, locale templates.Locale) []Criterion {
	if o.Explanation.Rule == nil || o.Standing == badges.Holds && (o.Why != "" || o.Explanation.Verdict == badges.Met) {
		return nil
	}
	return Criteria(&o.Explanation, locale)
}

// criteriaOf leaves out groups that say nothing: groups with one member, and groups
// that require all inside a list that requires all.
func criteriaOf(x *badges.Explanation, spare bool, locale templates.Locale) []Criterion {
	switch {
	case x.Rule.IsByHand():
		return nil
	case !x.Rule.IsGroup():
		return []Criterion{leafOf(x, spare, locale)}
	case x.Rule.Kind == badges.All || len(x.Of) == 1:
		var list []Criterion
		for i := range x.Of {
			list = append(list, criteriaOf(&x.Of[i], spare, locale)...)
		}
		return list
	}
	group := Criterion{Verdict: verdictOf(x, spare), Text: locale.T("progress.any", nil)}
	if x.Rule.Kind == badges.AtLeast && x.Rule.Count > 1 {
		group.Text = locale.T("progress.at_least", map[string]any{"Count": x.Rule.Count})
	}
	for i := range x.Of {
		member := criteriaOf(&x.Of[i], spare || x.Verdict == badges.Met, locale)
		if len(member) > 1 {
			member = []Criterion{{Verdict: verdictOf(&x.Of[i], spare || x.Verdict == badges.Met), Text: locale.T("progress.all", nil), Of: member}}
		}
		group.Of = append(group.Of, member...)
	}
	return []Criterion{group}
}

// verdictOf returns "spare" for a criterion that is not met and no longer needed; else
// its verdict.
func verdictOf(x *badges.Explanation, spare bool) string {
	if spare && x.Verdict != badges.Met {
		return "spare"
	}
	return x.Verdict.String()
}

func leafOf(x *badges.Explanation, spare bool, locale templates.Locale) Criterion {
	c := Criterion{Text: x.Rule.Describe(locale), Verdict: verdictOf(x, spare)}
	switch o := x.Observed; {
	case c.Verdict == "spare":
	case x.Verdict == badges.Unknown:
		c.Detail = locale.T(o.Why, nil)
	case o.Grade != nil:
		percent, _ := o.Grade.Percent()
		c.Detail = locale.T("progress.grade_so_far", map[string]any{"Percent": percent})
	case x.Rule.IsGrade():
		c.Detail = locale.T("progress.no_grade", nil)
	}
	return c
}
