package evidence

// SourceKey returns the catalogue key that names in plain words where an
// observation was read; empty for a source this version does not know.
func SourceKey(source string) string {
	switch source {
	case sourceCourse:
		return "source.course_completion"
	case sourceActivity:
		return "source.activity_completion"
	case sourceGrades:
		return "source.gradebook"
	case sourceReport:
		return "source.report"
	case sourceRoster:
		return "source.roster"
	case sourceLineItems:
		return "source.results"
	case sourceHoldings:
		return "source.insigne"
	default:
		return ""
	}
}
