// Package web answers HTTP: a file a page, by audience.
//
//	GET       /healthz, /readyz                     alive, database ready
//	GET       /static/…                             style sheets, scripts
//	GET, POST /lti/login                            login initiation
//	POST      /lti/launch                           launch, starts a session
//	GET       /lti/jwks.json                        public keys
//	GET, POST /lti/register?invite=…                dynamic registration
//	GET       /c/{session}                          the course page for the role
//	GET       /c/{session}/mine                     learner: earned, pending, nearly earned
//	GET       /c/{session}/badges…                  teacher: list, form, page, preview
//	GET, POST /c/{session}/badges/{badge}/award     teacher: award by hand
//	GET       /c/{session}/badges/{badge}/recipients…   teacher: who got it; one award
//	POST      /c/{session}/check                    teacher: read the course now
//	GET, POST /c/{session}/place/{placement}        teacher: what a deep linking request places
//	GET       /c/{session}/learners…                teacher, mentor: one learner
//	GET, POST /claim/{token}                        claim page, by the link in the notice
//	GET       /v/{assertion}[.json|.png]            public page, document, baked picture
//	GET       /badges/{version}, /issuers/{issuer}  Open Badges 2.0 documents
//	GET       /pictures/{hash}.png                  pictures
//	GET, POST /admin…                               administrator's console
//
// What always holds: errors become a status and a page in problem.go alone;
// nothing but the LMS's two posts is accepted from another site's page; every
// form inside a session carries a token; only the LMS a session came from may
// embed its pages, and nobody may embed public and administrator's pages; no
// token, address or name is logged.
package web
