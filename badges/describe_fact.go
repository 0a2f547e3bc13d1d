package badges

// Found returns the text of a fact in t's language: what was observed, when,
// and where it was read. It goes beside the text of the condition.
func (f Fact) Found(t Translator) string {
	text := f.result(t)
	if !f.At.IsZero() {
		text = t.T("fact.on", map[string]any{"What": text, "When": f.At})
	}
	if key := sourceKey(f.Source); key != "" {
		text = t.T("fact.read", map[string]any{"What": text, "Source": t.T(key, nil)})
	}
	return text
}

func (f Fact) result(t Translator) string {
	switch g := f.Grade; {
	case g != nil && g.Min == 0:
		return t.T("fact.grade", map[string]any{"Percent": f.Percent, "Raw": g.Raw, "Max": g.Max})
	case g != nil:
		return t.T("fact.grade_between", map[string]any{"Percent": f.Percent, "Raw": g.Raw, "Min": g.Min, "Max": g.Max})
	}
	switch f.Kind {
	case ActivityPassed:
		return t.T("fact.passed", nil)
	case GroupMember:
		return t.T("fact.member", nil)
	case BadgeHeld:
		return t.T("fact.held", nil)
	case ByHand:
		return t.T("fact.by_hand", nil)
	default:
		return t.T("fact.completed", nil)
	}
}
