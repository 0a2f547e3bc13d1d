// Package campus is a simulated LMS for the demo and the tests: a strict LTI 1.3 platform, a
// Moodle web-service endpoint, a mail inbox and a small site with a gradebook.
//
// The input is tools that register, browsers, web-service calls and mails. The output
// is launches, rosters, grades, reports, messages, and requests for the tools' key
// sets. Nothing is stored on disk: each Campus starts with the same course, people and
// grades, and with a new key and token. Config.Learners adds generated learners, the
// same ones each time; requests about one learner do not get slower with their number,
// and long lists are sent while they are made.
//
// Tests change people and grades with methods (SetGrade, Unenrol, JoinGroup and so on),
// cause faults with SetFaults, and count the calls and bytes with Calls and
// BytesServed.
//
// The package shares no code with package lti: each implements the specifications by
// itself, and the two must agree. Answers have the form of those recorded from Moodle
// 4.5 in testdata, with their peculiarities. The campus differs from Moodle in three
// points. It checks the audience, exp, jti and issuer of client assertions as the
// specification requires. It accepts the nonce of a deep-linking answer only once. It
// saves the content of such an answer at once, where Moodle fills a form.
//
// Guarantees: a registration token and a message hint work once, a pending tool is not
// launched, and a request that changes a grade also changes the completions that depend
// on it. There are no passwords; the query parameter "as" selects the user.
//
// # Platform
//
//	GET       /mod/lti/openid-configuration.php  configuration for registration
//	GET POST  /mod/lti/openid-registration.php   dynamic registration
//	GET       /mod/lti/certs.php                 key set
//	GET       /mod/lti/launch.php?id=18&as=6     posts the login initiation
//	GET       /mod/lti/contentitem.php           posts it for deep linking: ?id=<tool>&course=2&as=3
//	POST      /mod/lti/contentitem_return.php    receives the content that the teacher chose
//	GET       /mod/lti/view.php?id=19&as=6       one LTI activity's page, in #contentframe
//	GET       /mod/lti/grade.php                 a learner's score there: ?id=19&userid=6&as=3
//	GET POST  /mod/lti/auth.php                  posts the id_token
//	GET       /mod/lti/return.php                the launch's return_url
//	GET POST  /mod/lti/token.php                 access tokens
//	          /mod/lti/services.php/…            names and roles, line items, scores, results
//	GET POST  /webservice/rest/server.php        web services
//
// # Site
//
//	/                         choice of the user: #as-admin, #as-teacher, #as-learner-6 and so on
//	/course/2?as=6            the course, with the tool in #contentframe, each other
//	                          LTI activity at #activity-<cmid>, and #add-activity for the
//	                          teacher if the tool registered for deep linking
//	/course/2/add?as=3        the tool's deep linking in #contentframe
//	/admin/tools              #register-url, #register, iframe #registration, #activate-2,
//	                          #course-2 and so on, #copy-course
//	/gradebook?course=2       inputs grade-<user>-<cmid> in percent, check boxes
//	                          done-<user>-<cmid> and course-<user>, #save-grades; the
//	                          tools' scores, with a.review if their line items ask for it
//	/messages/6               a person's Moodle messages, each a .message
//	/inbox, /inbox/1          mails; /inbox.json lists them, the newest first
//
// With Config.OfferStorage, the pages with a #contentframe store data for the tool in
// it, and the login initiation says so (LTI Postmessage Storage 1.0).
//
// Long lists have pages of a hundred entries: ?page=2, #page-back, #page-on.
//
// Pages are in English or French, by ?lang= or else by Accept-Language.
package campus
