package admin

import (
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// sample makes the sample pages of the audience. It is inside the package because the
// data of pages has unexported types. If a handler no longer sets a field that a page
// needs, this test does not compile.
type sample struct{ webtest.Sample }

// handler returns a handler with what pages need besides the store.
func (s sample) handler() *Handler {
	client := connect.Client(webtest.BaseURL+page.LaunchPath, webtest.BaseURL+s.Templates.Asset("icon.svg"))
	return &Handler{BaseURL: webtest.BaseURL, Registration: connect.NewRegistration(nil, connect.Invitations{}, nil, client)}
}

func TestPages(t *testing.T) {
	webtest.CheckPages(t, "admin", func(s webtest.Sample) map[string]templates.Page { return sample{s}.admin() })
}

func (s sample) admin() map[string]templates.Page {
	platform := badges.Platform{ID: "1", Name: "Moodle de Lutèce", URL: "https://moodle.lutece.example", Service: badges.Service{URL: "https://moodle.lutece.example", Token: "secret"}}
	failing := store.FailingNotice{BadgeName: "Exploration de données"}
	failing.Assertion, failing.Channel, failing.Problem = badges.AssertionID(webtest.ID), badges.ByMail, "mail.recipient_refused"
	home := adminHomeData{
		Platforms: []platformRow{{Platform: platform, Courses: 3, Problems: 1}, {Platform: badges.Platform{Name: "Autre", URL: "https://autre.example"}}},
		Failing:   []store.FailingNotice{failing}, Waiting: 2, MailReady: true, Open: []connect.OpenInvitation{{Hash: "00ff", Expires: webtest.Day}}, Invitation: "https://badges.lutece.example/lti/register?invite=0123456789abcdef",
	}
	check := checkView{Site: "Moodle de Lutèce", Release: "4.5.2", Course: "Exploration de données", Lines: []checkLine{
		viewFinding(connect.Finding{Problem: "function_missing", Function: "gradereport_user_get_grade_items", Blocking: true}, connect.CostAll, s.Locale),
		viewFinding(connect.Finding{Problem: "groups_empty", Function: "core_enrol_get_enrolled_users", Missing: []string{"moodle/site:accessallgroups"}}, connect.CostUnsaid, s.Locale),
		viewFinding(connect.Finding{Problem: "report_unfiltered", Report: "Achèvement"}, connect.CostReport, s.Locale),
		{OK: true, Text: s.Locale.T("admin.check_ok", nil)},
	}}
	data := platformData{
		Platform: platform, ClientID: "7Hn2kd82", Check: &check, Issuers: []issuerForm{
			{Issuer: s.Issuer(), Logo: s.Links.Picture(s.Hash(6)), MaxUpload: 1, Action: "/x", CSRF: "token", Keys: issuerKeys{DID: "did:web:badges.example.org:issuers:1", Sets: []keySet{
				{"EdDSA", webtest.Day, webtest.Day.AddDate(1, 0, 0), 0}, {"RS256", webtest.Day, webtest.Day.AddDate(1, 0, 0), 3}, {"ES256", webtest.Day, time.Time{}, 1},
			}}},
			{Issuer: s.Issuer(), Action: "/x", CSRF: "token", Keys: issuerKeys{DID: "did:web:badges.example.org:issuers:1"}},
		},
		NewIssuer: issuerForm{Action: "/x", CSRF: "token", Problem: page.Message((&badges.Issuer{}).Validate(), s.Locale)},
		Courses: []badges.Course{
			s.Course(&badges.SyncRun{EndedAt: webtest.Day, Learners: 12, Awarded: 2}), s.Course(nil),
			s.Course(&badges.SyncRun{EndedAt: webtest.Day, Problem: moodle.Maintenance.Key()}),
		},
	}
	data.Connection = check.Lines
	data.Places = []store.Deployment{{ID: "2", SeenAt: webtest.Day}, {ID: "1", Approved: true, SeenAt: webtest.Day}, {ID: "3", Refused: true, SeenAt: webtest.Day}}
	fresh := platformData{Platform: platform, ClientID: "7Hn2kd82", Arrival: arrivalData{Path: "/x"}}
	tool := toolData{
		Values: s.handler().toolValues(), Form: platformForm{Name: "Canvas de Lutèce"}, Problem: s.Locale.T("tool.problem.issuer", nil),
		Keys: []keyRow{{"qYc6wKkYq1qN2m7bXH4mGkq7gqJb8wS9", webtest.Day, "next"}, {"b", webtest.Day, "current"}, {"c", webtest.Day, "previous"}},
	}
	mail := mailData{Server: "mail.lutece.example:587", Name: "Université de Lutèce", Address: "noreply@lutece.example", Sent: true}
	broken := mailData{Address: "noreply@lutece.example", Problem: s.Locale.T("mail.server_unreachable", nil)}
	return map[string]templates.Page{
		"admin/home":                     webtest.Admin.Page(s.Locale.T("admin.home_title", nil), home),
		"admin/home.empty":               webtest.Admin.Page(s.Locale.T("admin.home_title", nil), adminHomeData{}),
		"admin/platform.fresh":           webtest.Admin.Page(platform.Name, fresh),
		"admin/platform":                 webtest.Admin.Page(platform.Name, data),
		"admin/fragment/arrival":         webtest.Admin.Page(platform.Name, arrivalData{Path: "/x"}),
		"admin/fragment/arrival.arrived": webtest.Admin.Page(platform.Name, arrivalData{Arrived: true}),
		"admin/tool":                     webtest.Admin.Page(s.Locale.T("tool.title", nil), tool),
		"admin/diagnosis": webtest.Admin.Page(s.Locale.T("diagnosis.title", nil), diagnosisData{Launches: []launchRow{
			{LaunchNote: store.LaunchNote{At: webtest.Day, Platform: "1", Message: lti.ResourceLinkRequest, Skew: 41 * time.Second}, Platform: platform.Name, SkewSeconds: 41, Skewed: true, Services: []string{"diagnosis.roster", "diagnosis.columns", "diagnosis.scores"}},
			{LaunchNote: store.LaunchNote{At: webtest.Day, Reason: lti.TokenExpired, Detail: "issued -2m0s from now, expires -1m0s from now"}, Fix: connect.FixOf(lti.TokenExpired)},
		}, Logins: []connect.RefusedLogin{
			{At: webtest.Day, Times: 12, Issuer: "https://moodle.lutece.example", ClientID: "hWkjPZsH4Yl9vNa", Reason: lti.RegistrationUnknown, Fix: connect.FixRegister},
		}}),
		"admin/diagnosis.empty": webtest.Admin.Page(s.Locale.T("diagnosis.title", nil), diagnosisData{}),
		"admin/mail":            webtest.Admin.Page(s.Locale.T("admin.mail_title", nil), mail),
		"admin/mail.broken":     webtest.Admin.Page(s.Locale.T("admin.mail_title", nil), broken),
		"admin/public/sign_in":  {Title: s.Locale.T("admin.sign_in_title", nil)},
	}
}
