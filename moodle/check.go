package moodle

import (
	"context"
	"slices"
	"strings"
)

// CheckResult is the result of Check: what the token gives access to. It contains neither
// the token nor addresses.
type CheckResult struct {
	Site     string // the site's name
	Release  string // such as "4.5.5+ (Build: 20250613)"
	User     string // user name of the token's user
	UserID   UserID
	Course   CourseID  // the course that was checked; empty if none
	Findings []Finding // in the order to work through; empty if there are none
}

// Works reports whether badges can be awarded: no finding blocks it.
func (r CheckResult) Works() bool {
	return !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Blocking })
}

// Finding is one thing that an administrator should look at.
type Finding struct {
	Problem      Problem
	Function     string   // the function that showed the problem, or that is missing
	Capabilities []string // at least one of these is probably missing
	Activities   []string // names of the activities that are affected
	Report       string   // name of the custom report that is affected
	Blocking     bool     // no badge can be awarded by rule until it is fixed
	Err          *Error   // the failed call; nil if the call succeeded and its answer was incomplete
}

// Problem is a short stable name of a finding, which a page can translate. If a call
// failed for a reason that is not in the list below, the problem is that Reason.
type Problem string

// Key returns the catalogue key of the sentence that describes p.
func (p Problem) Key() string { return Reason(p).Key() }

// The problems that are more than the failure of one call.
const (
	ProblemFunctionMissing   Problem = "function_missing"
	ProblemCapabilityMissing Problem = "capability_missing"
	ProblemNoLearners        Problem = "no_learners"       // the roster contains only teachers
	ProblemEmailsHidden      Problem = "emails_hidden"     // notices cannot be mailed
	ProblemLanguagesHidden   Problem = "languages_hidden"  // notices are sent in the default language
	ProblemActivitiesHidden  Problem = "activities_hidden" // the token's user may not view some types of activity
	ProblemGroupsEmpty       Problem = "groups_empty"      // there are groups, and no learner appears in one
	ProblemReportMissing     Problem = "report_missing"    // the token's user has access to no custom report on participants
	ProblemAddressDiffers    Problem = "address_differs"   // the site gives another address for itself
)

type siteInfo struct {
	SiteName  string `json:"sitename"`
	UserName  string `json:"username"`
	UserID    int64  `json:"userid"`
	SiteURL   string `json:"siteurl"`
	Release   string `json:"release"`
	Functions []struct {
		Name string `json:"name"`
	} `json:"functions"`
}

// Check asks the site about itself. If course is not empty, it also tries every call
// that reading that course needs, reports included. It returns an error if the site
// does not answer or refuses the token; the report then contains what was found before.
func (c *Client) Check(ctx context.Context, course CourseID) (CheckResult, error) {
	var info siteInfo
	if err := c.call(ctx, request{function: fnSiteInfo}, &info); err != nil {
		return CheckResult{}, err
	}
	if info.UserID <= 0 {
		return CheckResult{}, &Error{Function: fnSiteInfo, Reason: Unexpected, Err: errMissing("userid")}
	}
	insp := &inspection{client: c, course: course, report: CheckResult{
		Site: plain(info.SiteName), Release: info.Release, User: c.redact(info.UserName), UserID: id[UserID](info.UserID), Course: course,
	}}
	insp.checkAddress(info)
	insp.checkFunctions(info)
	if course == "" {
		return insp.report, nil
	}
	err := insp.checkCourse(ctx)
	return insp.report, err
}

// checkAddress compares the configured address with the address that the site gives for
// itself, because launches and links contain the latter.
func (i *inspection) checkAddress(info siteInfo) {
	if own := strings.TrimRight(info.SiteURL, "/"); own != "" && !strings.HasPrefix(i.client.endpoint, own+"/webservice/") {
		i.find(Finding{Problem: ProblemAddressDiffers, Function: fnSiteInfo})
	}
}

func (i *inspection) checkFunctions(info siteInfo) {
	i.has = map[string]bool{}
	for _, f := range info.Functions {
		i.has[f.Name] = true
	}
	for _, f := range Functions() {
		if !i.has[f.Name] {
			i.find(Finding{Problem: ProblemFunctionMissing, Function: f.Name, Blocking: f.Required})
		}
	}
}
