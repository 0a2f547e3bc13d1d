package badges

import (
	"strings"
	"time"
)

// Translator returns the sentence of a catalogue key with its arguments. It
// writes decimals and days as its language does.
type Translator interface {
	T(key string, args map[string]any) string
}

// Describe returns one sentence in t's language that says what r asks for.
func (r *Rule) Describe(t Translator) string {
	switch {
	case !r.IsGroup():
		return r.describeCondition(t)
	case len(r.Of) == 1:
		return r.Of[0].Describe(t)
	}
	parts := make([]string, len(r.Of))
	for i := range r.Of {
		parts[i] = r.Of[i].Describe(t)
		if r.Of[i].IsGroup() && len(r.Of[i].Of) > 1 {
			parts[i] = "(" + parts[i] + ")"
		}
	}
	if r.Kind == AtLeast {
		list := strings.Join(parts, t.T("rule.list_separator", nil))
		return t.T("rule.at_least", map[string]any{"Count": r.Count, "Total": len(r.Of), "List": list})
	}
	return strings.Join(parts, " "+t.T("rule.joined_by_"+string(r.Kind), nil)+" ")
}

func (r *Rule) describeCondition(t Translator) string {
	kind := "rule." + string(r.Kind)
	if r.Course != "" {
		kind += "_elsewhere"
	}
	text := t.T(kind, map[string]any{"Name": CarriedName(r.Name), "Percent": r.Percent, "Course": CarriedName(r.CourseName)})
	window := ""
	switch {
	case !r.From.IsZero() && !r.Until.IsZero():
		window = "rule.between"
	case !r.From.IsZero():
		window = "rule.from"
	case !r.Until.IsZero():
		window = "rule.until"
	default:
		return text
	}
	return t.T(window, map[string]any{"Rule": text, "From": day(r.From), "Until": day(r.Until.Add(-time.Nanosecond))})
}

// day returns the date of t in its own time zone, as midnight UTC of that date.
func day(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}
