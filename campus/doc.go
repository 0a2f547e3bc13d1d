// Package campus is a make-believe LMS: a strict LTI 1.3 platform, a Moodle
// web-service endpoint, a mail inbox and a small site with a gradebook. It
// serves the demo and the tests.
//
// What enters: tools that register, browsers, web-service calls, mails. What
// leaves: launches, rosters, grades, messages, and requests for the tools' key
// sets. Nothing is kept; each Campus starts with the same course, people and
// grades, and its own key and token.
//
// It shares no code with package lti: the two read the specifications apart
// and must agree. Answers look like those recorded from Moodle 4.5 in testdata,
// quirks included. Where Moodle is lenient with access tokens (audience, exp,
// jti, issuer), the campus keeps to the specification instead.
//
// What always holds: a registration token and a message hint work once, a
// pending tool is not launched, and completions follow a grade in the same
// request. There are no passwords; the query parameter "as" says who one is.
//
// # Platform
//
//	GET       /mod/lti/openid-configuration.php  configuration for registration
//	GET POST  /mod/lti/openid-registration.php   dynamic registration
//	GET       /mod/lti/certs.php                 key set
//	GET       /mod/lti/launch.php?as=6           posts the login initiation
//	GET POST  /mod/lti/auth.php                  posts the id_token
//	GET       /mod/lti/return.php                the launch's return_url
//	GET POST  /mod/lti/token.php                 access tokens
//	          /mod/lti/services.php/…            names and roles, line items, scores, results
//	GET POST  /webservice/rest/server.php        web services
//
// # Site
//
//	/                         who to be: #as-admin, #as-teacher, #as-learner-6 and so on
//	/course/2?as=6            the course, with the tool in #contentframe
//	/admin/tools              #register-url, #register, iframe #registration, #activate-2
//	/gradebook                inputs grade-<user>-<cmid> in percent, check boxes
//	                          done-<user>-<cmid> and course-<user>, #save-grades
//	/messages/6               a person's Moodle messages, each a .message
//	/inbox, /inbox/1          mails; /inbox.json lists them, the newest first
//
// Pages speak English or French: by ?lang=, else by Accept-Language.
package campus
