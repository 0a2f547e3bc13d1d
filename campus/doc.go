// Package campus is a make-believe LMS: a strict LTI 1.3 platform, a Moodle
// web-service endpoint, a mail inbox and a small gradebook site, in memory. It
// serves the demo and the tests.
//
// It speaks as Moodle 4.5 was recorded to speak, quirks included (HTTP 200 with
// an exception object, silent omissions, HTML-escaped names in the roster), and
// refuses what Moodle refuses. It shares no code with package lti: two readings
// of the specification that must agree. It has no passwords.
//
//	/                            who to be: #as-admin, #as-teacher, #as-learner-6, …
//	/course/2?as=6               the course; the tool in iframe#contentframe
//	/gradebook                   inputs grade-<user>-<cmid>, done-…, course-<user>; #save-grades
//	/messages/6                  Moodle messages of a learner
//	/inbox, /inbox.json          every mail received over SMTP, newest first
//	/admin/tools                 #register-url, #register; a tool's #activate-<id>
//	/mod/lti/…                   the platform's LTI endpoints
//	/webservice/rest/server.php  web services
package campus
