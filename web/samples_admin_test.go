package web

import (
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
)

func (s sampleShelf) admin() map[string]templates.Page {
	platform := badges.Platform{ID: "1", Name: "Moodle de Lutèce", URL: "https://moodle.lutece.example", Service: badges.Service{URL: "https://moodle.lutece.example", Token: "secret"}}
	failing := store.FailingNotice{BadgeName: "Exploration de données"}
	failing.Assertion, failing.Channel, failing.Problem = badges.AssertionID(sampleID), badges.ByMail, "mail.recipient_refused"
	home := adminHomeData{
		Platforms: []platformRow{{Platform: platform, Courses: 3, Problems: 1}, {Platform: badges.Platform{Name: "Autre", URL: "https://autre.example"}}},
		Failing:   []store.FailingNotice{failing}, Waiting: 2, MailReady: true, Open: []connect.OpenInvitation{{Hash: "00ff", Expires: sampleDay}}, Invitation: "https://badges.lutece.example/lti/register?invite=0123456789abcdef",
	}
	check := checkView{Site: "Moodle de Lutèce", Release: "4.5.2", Course: "Exploration de données", Lines: []checkLine{
		viewFinding(connect.Finding{Problem: "function_missing", Function: "gradereport_user_get_grade_items", Blocking: true}, connect.CostAll, s.locale),
		viewFinding(connect.Finding{Problem: "groups_empty", Function: "core_enrol_get_enrolled_users", Missing: []string{"moodle/site:accessallgroups"}}, connect.CostUnsaid, s.locale),
		viewFinding(connect.Finding{Problem: "report_unfiltered", Report: "Achèvement"}, connect.CostReport, s.locale),
		{OK: true, Text: s.locale.T("admin.check_ok", nil)},
	}}
	data := platformData{
		Platform: platform, ClientID: "7Hn2kd82", Check: &check, Issuers: []issuerForm{{Issuer: s.issuer(), Action: "/x", CSRF: "token"}},
		NewIssuer: issuerForm{Action: "/x", CSRF: "token", Problem: message((&badges.Issuer{}).Validate(), s.locale)},
		Courses: []badges.Course{
			s.course(&badges.SyncRun{EndedAt: sampleDay, Learners: 12, Awarded: 2}), s.course(nil),
			s.course(&badges.SyncRun{EndedAt: sampleDay, Problem: moodle.Maintenance.Key()}),
		},
	}
	data.Connection = check.Lines
	data.Places = []store.Deployment{{ID: "2", SeenAt: sampleDay}, {ID: "1", Approved: true, SeenAt: sampleDay}, {ID: "3", Refused: true, SeenAt: sampleDay}}
	fresh := platformData{Platform: platform, ClientID: "7Hn2kd82", Arrival: arrivalData{Path: "/x"}}
	tool := toolData{
		Values: s.server.toolValues(), Form: platformForm{Name: "Canvas de Lutèce"}, Problem: s.locale.T("tool.problem.issuer", nil),
		Keys: []keyRow{{"qYc6wKkYq1qN2m7bXH4mGkq7gqJb8wS9", sampleDay, "next"}, {"b", sampleDay, "current"}, {"c", sampleDay, "previous"}},
	}
	mail := mailData{Server: "mail.lutece.example:587", Name: "Université de Lutèce", Address: "noreply@lutece.example", Sent: true}
	broken := mailData{Address: "noreply@lutece.example", Problem: s.locale.T("mail.server_unreachable", nil)}
	return map[string]templates.Page{
		"admin/home":                     sampleAdmin.page(s.locale.T("admin.home_title", nil), home),
		"admin/home.empty":               sampleAdmin.page(s.locale.T("admin.home_title", nil), adminHomeData{}),
		"admin/platform.fresh":           sampleAdmin.page(platform.Name, fresh),
		"admin/platform":                 sampleAdmin.page(platform.Name, data),
		"admin/fragment/arrival":         sampleAdmin.page(platform.Name, arrivalData{Path: "/x"}),
		"admin/fragment/arrival.arrived": sampleAdmin.page(platform.Name, arrivalData{Arrived: true}),
		"admin/tool":                     sampleAdmin.page(s.locale.T("tool.title", nil), tool),
		"admin/diagnosis": sampleAdmin.page(s.locale.T("diagnosis.title", nil), diagnosisData{Launches: []launchRow{
			{LaunchNote: store.LaunchNote{At: sampleDay, Platform: "1", Message: lti.ResourceLinkRequest, Skew: 41 * time.Second}, Platform: platform.Name, SkewSeconds: 41, Skewed: true, Services: []string{"diagnosis.roster", "diagnosis.columns", "diagnosis.scores"}},
			{LaunchNote: store.LaunchNote{At: sampleDay, Reason: lti.TokenExpired, Detail: "issued -2m0s from now, expires -1m0s from now"}, Fix: connect.FixOf(lti.TokenExpired)},
		}, Logins: []connect.RefusedLogin{
			{At: sampleDay, Times: 12, Issuer: "https://moodle.lutece.example", ClientID: "hWkjPZsH4Yl9vNa", Reason: lti.RegistrationUnknown, Fix: connect.FixRegister},
		}}),
		"admin/diagnosis.empty": sampleAdmin.page(s.locale.T("diagnosis.title", nil), diagnosisData{}),
		"admin/mail":            sampleAdmin.page(s.locale.T("admin.mail_title", nil), mail),
		"admin/mail.broken":     sampleAdmin.page(s.locale.T("admin.mail_title", nil), broken),
		"admin/public/sign_in":  {Title: s.locale.T("admin.sign_in_title", nil)},
	}
}

func (s sampleShelf) lti() map[string]templates.Page {
	fields := []field{{"iss", "https://moodle.lutece.example"}}
	return map[string]templates.Page{
		"launch/cookies":        {Title: s.locale.T("cookies.title", nil), Data: cookiesData{Fields: fields}},
		"launch/store":          {Title: s.locale.T("cookies.title", nil), Data: storageData{Name: "n", Secret: "s", Next: "https://moodle.lutece.example/auth", Fields: fields}},
		"launch/prove":          {Title: s.locale.T("cookies.title", nil), Data: storageData{Name: "n", Fields: fields}},
		"launch/tab/session":    sampleWho.page("", tabData{Headers: "{}", Page: "/x"}),
		"launch/register":       {Title: s.locale.T("register.title", nil), Data: registerData{Host: "moodle.lutece.example", Invite: "i", Configuration: "c", Token: "t"}},
		"launch/register.again": {Title: s.locale.T("register.title", nil), Data: registerData{Host: "moodle.lutece.example", Again: true}},
		"launch/register.done":  {Title: s.locale.T("register.title", nil), Data: registerData{Done: true}},
	}
}
