package page_test

import (
	"testing"

	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

func TestPages(t *testing.T) {
	webtest.CheckPages(t, "shared", func(s webtest.Sample) map[string]templates.Page {
		problem := page.Describe(page.ErrNoPage, s.Locale)
		problem.Request = "5f1c2a9b"
		pending := page.Describe(&lti.Error{Reason: lti.DeploymentPending}, s.Locale)
		pending.Advice, pending.Request, pending.Back = s.Locale.T("problem.launch_advice", nil), "5f1c2a9b", "https://lms.example/return?lti_errormsg=x"
		return map[string]templates.Page{
			"shared/public/problem": {Title: s.Locale.T("problem.not_found_title", nil), Data: problem},
			"shared/frame/problem":  {Title: s.Locale.T("problem.not_found_title", nil), Data: problem},
			"shared/public/problem.moved": {
				Title: s.Locale.T("problem.moved_title", nil), Data: page.Describe(page.Moved(webtest.BaseURL+"/admin"), s.Locale),
			},
			"shared/frame/problem.back": {Title: s.Locale.T("problem.invalid_title", nil), Data: pending},
		}
	})
}
