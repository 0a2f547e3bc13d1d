package badges

// The sources of evidence. They are stored with observations and facts, so a
// name never changes.
const (
	SourceCourse    = "moodle:core_completion_get_course_completion_status"
	SourceActivity  = "moodle:core_completion_get_activities_completion_status"
	SourceGrades    = "moodle:gradereport_user_get_grade_items"
	SourceReport    = "moodle:core_reportbuilder_retrieve_report"
	SourceRoster    = "moodle:core_enrol_get_enrolled_users"
	SourceLineItems = "lti:results"
	SourceHoldings  = "insigne"
	SourceTeacher   = "teacher" // an award by hand
)

// sourceKey returns the catalogue key of the plain name of a source. It is
// empty for a teacher, and for a source that this version does not know.
func sourceKey(source string) string {
	switch source {
	case SourceCourse:
		return "source.course_completion"
	case SourceActivity:
		return "source.activity_completion"
	case SourceGrades:
		return "source.gradebook"
	case SourceReport:
		return "source.report"
	case SourceRoster:
		return "source.roster"
	case SourceLineItems:
		return "source.results"
	case SourceHoldings:
		return "source.insigne"
	default:
		return ""
	}
}
