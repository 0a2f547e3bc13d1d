package moodle

import (
	"context"
	"slices"
	"strings"
)

// Report says what the token opens. It holds neither the token nor addresses.
type Report struct {
	Site     string // the site's name
	Release  string // such as "4.5.5+ (Build: 20250613)"
	User     string // user name of the token's user
	UserID   UserID
	Course   CourseID  // the course that was tried, empty for none
	Findings []Finding // in the order to look at them; empty when all is well
}

// Works reports whether nothing was found that keeps badges from being awarded.
func (r Report) Works() bool {
	return !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Blocking })
}

// Finding is one thing an administrator should look at.
type Finding struct {
	Problem      Problem
	Function     string   // where it showed, or what is missing
	Capabilities []string // the capabilities of which at least one is probably missing
	Activities   []string // names of the activities it concerns
	Report       string   // name of the custom report it concerns
	Blocking     bool     // badges cannot be awarded by rule until it is mended
	Err          *Error   // the failed call, nil when Moodle merely answered less
}

// Problem names a finding in a word that a page can translate. A call that
// failed for another reason gives that Reason as the problem.
type Problem string

// Key returns the catalogue key of the sentence about p.
func (p Problem) Key() string { return Reason(p).Key() }

// The problems that are no failures of one call.
const (
	ProblemFunctionMissing   Problem = "function_missing"
	ProblemCapabilityMissing Problem = "capability_missing"
	ProblemNoLearners        Problem = "no_learners"       // the roster holds nobody but teachers
	ProblemEmailsHidden      Problem = "emails_hidden"     // no notice can be mailed
	ProblemLanguagesHidden   Problem = "languages_hidden"  // notices go out in the default language
	ProblemActivitiesHidden  Problem = "activities_hidden" // module types that may not be viewed
	ProblemGroupsEmpty       Problem = "groups_empty"      // there are groups, and nobody is seen in one
	ProblemReportMissing     Problem = "report_missing"    // no custom report on participants is open to the user
	ProblemAddressDiffers    Problem = "address_differs"   // the site calls itself by another address
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

// Check asks the site about itself and, if course is not empty, tries what is
// read of a course on that one, reports included. The error is that of a site that
// does not answer or does not take the token; what was found until then is in the
// report.
func (c *Client) Check(ctx context.Context, course CourseID) (Report, error) {
	var info siteInfo
	if err := c.call(ctx, request{function: fnSiteInfo}, &info); err != nil {
		return Report{}, err
	}
	if info.UserID <= 0 {
		return Report{}, &Error{Function: fnSiteInfo, Reason: Unexpected, Err: errMissing("userid")}
	}
	insp := &inspection{client: c, course: course, report: Report{
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

// checkAddress compares the configured address with the site's own: launches and
// links carry the latter.
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
