// Package campus is a make-believe LMS: a strict LTI 1.3 platform, a Moodle
// web-service endpoint, a mail inbox and a small site with a gradebook. It
// serves the demo and the tests.
//
// What enters: tools that register, browsers, web-service calls, mails. What
// leaves: launches, rosters, grades, reports, messages, and requests for the
// tools' key sets. Nothing is kept; each Campus starts with the same course,
// people and grades, and its own key and token. With Config.Learners a crowd is
// in the course as well, the same one each time; what is asked of one learner
// does not take longer then, and long lists are sent while they are made.
//
// Tests move people and grades with methods (SetGrade, Unenrol, JoinGroup and
// so on), make things go wrong with SetFaults, and count with Calls and
// BytesServed what it cost to read the campus.
//
// It shares no code with package lti: the two read the specifications apart
// and must agree. Answers look like those recorded from Moodle 4.5 in testdata,
// quirks included. Where Moodle is lenient with access tokens (audience, exp,
// jti, issuer), the campus keeps to the specification instead; and a deep-linking
// answer's nonce works once. Moodle fills a form with such an answer, the campus
// saves it at once.
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
//	GET       /mod/lti/launch.php?id=18&as=6     posts the login initiation
//	GET       /mod/lti/contentitem.php           posts it for deep linking: ?id=<tool>&course=2&as=3
//	POST      /mod/lti/contentitem_return.php    takes what the teacher chose
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
//	/                         who to be: #as-admin, #as-teacher, #as-learner-6 and so on
//	/course/2?as=6            the course, with the tool in #contentframe, each other
//	                          LTI activity at #activity-<cmid>, and #add-activity for the
//	                          teacher, where the tool registered for deep linking
//	/course/2/add?as=3        the tool's deep linking in #contentframe
//	/admin/tools              #register-url, #register, iframe #registration, #activate-2,
//	                          #course-2 and so on, #copy-course
//	/gradebook?course=2       inputs grade-<user>-<cmid> in percent, check boxes
//	                          done-<user>-<cmid> and course-<user>, #save-grades; the
//	                          tools' scores, with a.review where their line items ask for it
//	/messages/6               a person's Moodle messages, each a .message
//	/inbox, /inbox/1          mails; /inbox.json lists them, the newest first
//
// With Config.OfferStorage the pages with a #contentframe keep data for the tool
// in it, and the login initiation says so (LTI Postmessage Storage 1.0).
//
// Long lists are in pages of a hundred: ?page=2, #page-back, #page-on.
//
// Pages speak English or French: by ?lang=, else by Accept-Language.
package campus
