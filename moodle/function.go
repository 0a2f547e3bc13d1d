package moodle

import "slices"

// The web-service functions this package calls.
const (
	fnSiteInfo            = "core_webservice_get_site_info"
	fnEnrolledUsers       = "core_enrol_get_enrolled_users"
	fnUsersCourses        = "core_enrol_get_users_courses"
	fnUsersByField        = "core_user_get_users_by_field"
	fnCourseContents      = "core_course_get_contents"
	fnCoursesByField      = "core_course_get_courses_by_field"
	fnCourseCompletion    = "core_completion_get_course_completion_status"
	fnActivityCompletions = "core_completion_get_activities_completion_status"
	fnGradeItems          = "gradereport_user_get_grade_items"
	fnCourseGroups        = "core_group_get_course_groups"
	fnReports             = "core_reportbuilder_list_reports"
	fnReportFilters       = "core_reportbuilder_set_filters"
	fnReport              = "core_reportbuilder_retrieve_report"
	fnSendMessages        = "core_message_send_instant_messages"
	fnBatch               = "tool_mobile_call_external_functions"
)

// Function is a web-service function that belongs into the token's service.
type Function struct {
	Name         string
	Required     bool     // no badge can be awarded by rule without it
	Capabilities []string // what the token's user needs at system level if not enrolled in the course
}

// Functions lists the functions that the service should have. The administrator's guide
// and Check use the list.
func Functions() []Function {
	return []Function{
		{fnSiteInfo, true, []string{"webservice/rest:use"}},
		{fnEnrolledUsers, true, []string{"moodle/course:view", "moodle/user:viewdetails", "moodle/course:enrolreview", "moodle/site:accessallgroups"}},
		{fnUsersByField, true, []string{"moodle/user:viewdetails", "moodle/user:viewalldetails", "moodle/site:viewuseridentity"}},
		{fnCourseContents, true, []string{"moodle/course:view"}},
		{fnCoursesByField, false, []string{"moodle/course:view"}},
		{fnCourseCompletion, true, []string{"moodle/course:view", "report/completion:view"}},
		{fnUsersCourses, false, []string{"moodle/course:view", "moodle/user:viewdetails"}},
		{fnActivityCompletions, true, []string{"moodle/course:view", "report/progress:view"}},
		{fnGradeItems, true, []string{"moodle/course:view", "gradereport/user:view", "moodle/grade:viewall"}},
		{fnCourseGroups, false, []string{"moodle/course:view", "moodle/course:managegroups"}},
		{fnReports, false, nil},
		{fnReportFilters, false, nil},
		{fnReport, false, nil},
		{fnSendMessages, false, []string{"moodle/site:sendmessage", "moodle/site:messageanyuser"}},
		{fnBatch, false, nil},
	}
}

func functionNamed(name string) (Function, bool) {
	all := Functions()
	at := slices.IndexFunc(all, func(f Function) bool { return f.Name == name })
	if at < 0 {
		return Function{}, false
	}
	return all[at], true
}
