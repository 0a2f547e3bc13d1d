// Package web answers HTTP. Each audience is a package of its own; web mounts them
// behind the protections that every request passes through.
//
// This is the table of routes, each with its gate. Pages that answer GET also answer
// HEAD, and documents of the public answer OPTIONS, the question of a browser before a
// script reads them. A test compares this table with the mounted routes.
//
//	operation
//	GET       /healthz                                            anybody     the process is alive
//	GET       /readyz                                             anybody     the database is reachable and migrated
//	GET       /static/                                            anybody     style sheets, scripts, pictures of the interface
//
//	launch
//	GET  POST /lti/login                                          embedded    a platform begins a login
//	     POST /lti/launch                                         embedded    a launch starts a session
//	GET       /lti/jwks.json                                      anybody     the tool's public keys
//	GET  POST /lti/register                                       embedded    dynamic registration, with an invitation
//	GET  POST /c/{session}/place/{placement}                      teacher     choose what a deep linking request places
//
//	public
//	GET       /                                                   anybody     what this address is
//	GET       /v/{assertion}                                      anybody     public page of an award, or a document by Accept
//	GET       /v/{assertion}.json                                 anybody     Open Badges 2.0 assertion
//	GET       /v/{assertion}.jws                                  anybody     Open Badges 2.0 assertion, signed
//	GET       /v/{assertion}/credential                           anybody     Open Badges 3.0 credential, with a proof or as a JWT by Accept
//	GET       /v/{assertion}.jwt                                  anybody     Open Badges 3.0 credential as a JWT
//	GET       /v/{assertion}.png                                  anybody     picture with both generations baked in
//	GET       /v/{assertion}.svg                                  anybody     the same, scalable
//	GET       /v/{assertion}.pdf                                  anybody     certificate with both generations inside
//	GET       /badges/{version}                                   anybody     2.0 badge class, or 3.0 achievement by Accept
//	GET       /badges/{version}/{language}                        anybody     the same in another language of the badge
//	GET       /issuers/{issuer}                                   anybody     2.0 profile of an organisation, or 3.0 profile by Accept
//	GET       /issuers/{issuer}/did.json                          anybody     DID document, with every key that signs or signed
//	GET       /issuers/{issuer}/keys/{key}                        anybody     one key: JSON Web Key, or 2.0 key by Accept
//	GET       /issuers/{issuer}/revocations.json                  anybody     2.0 list of revoked signed assertions
//	GET       /status/{list}                                      anybody     3.0 status list
//	GET       /schemas/rule.json                                  anybody     JSON schema of rule files
//	GET       /pictures/{hash}.png                                anybody     picture of a badge, logo of an organisation
//
//	learner
//	GET  POST /claim/{token}                                      anybody     claim page, by the link in the notice
//	GET       /c/{session}                                        member      redirects to the page of the role
//	GET       /c/{session}/mine                                   member      own badges: earned, and what can be earned
//	GET       /c/{session}/mine/list                              member      the part of that page that refreshes itself
//	GET  POST /c/{session}/mine/awards/{assertion}/erase          member      erase an own award: what that means, and doing it
//	GET       /c/{session}/mine/{badge}                           member      one badge: earned, or what is missing
//	GET  POST /c/{session}/mine/awards/{assertion}/address        member      give an address for an own award without one
//	GET       /c/{session}/learners                               member      learners that a mentor follows
//	GET       /c/{session}/learners/{learner}                     member      one learner, for teachers and the learner's mentor
//
//	teacher
//	GET       /c/{session}/badges                                 teacher     badges of the course
//	     POST /c/{session}/check                                  teacher     read the course now
//	     POST /c/{session}/badges/take-over                       teacher     copy badges of the course this one was copied from
//	GET  POST /c/{session}/badges/new                             teacher     make a badge
//	GET       /c/{session}/badges/condition                       teacher     an empty condition of the form
//	GET       /c/{session}/badges/group                           teacher     an empty group of the form
//	GET       /c/{session}/badges/alignment                       teacher     an empty alignment of the form
//	GET       /c/{session}/badges/language                        teacher     an empty language of the form
//	     POST /c/{session}/badges/preview                         teacher     learners that the rule in the form reaches
//	GET       /c/{session}/badges/{badge}                         teacher     one badge
//	GET  POST /c/{session}/badges/{badge}/edit                    teacher     edit it
//	GET       /c/{session}/badges/{badge}/preview                 teacher     learners that its rule reaches
//	GET       /c/{session}/badges/{badge}/rule.json               teacher     its rule as a file
//	     POST /c/{session}/badges/{badge}/take-back-all           teacher     revoke or withdraw all of its awards
//	     POST /c/{session}/badges/{badge}/switch                  teacher     switch it on or off
//	     POST /c/{session}/badges/{badge}/leave-steps             teacher     take a draft out of its steps
//	     POST /c/{session}/badges/{badge}/column                  teacher     add or remove its gradebook column
//	     POST /c/{session}/badges/{badge}/policy                  teacher     jury mode, and what follows when evidence is lost
//	     POST /c/{session}/badges/{badge}/release                 teacher     release withheld awards, or undo it
//	     POST /c/{session}/badges/{badge}/endorsed                teacher     a second teacher confirms awards by hand
//	     POST /c/{session}/badges/{badge}/proposals               teacher     confirm or refuse proposed awards
//	GET  POST /c/{session}/badges/{badge}/award                   teacher     award it by hand
//	GET       /c/{session}/badges/{badge}/recipients              teacher     its recipients
//	GET       /c/{session}/badges/{badge}/recipients.csv          teacher     its recipients as a file for a spreadsheet
//	GET       /c/{session}/badges/{badge}/recipients/{assertion}  teacher     one award
//	     POST /c/{session}/badges/{badge}/recipients/{assertion}/keep       teacher  keep an award without its evidence
//	     POST /c/{session}/badges/{badge}/recipients/{assertion}/take-back  teacher  revoke or withdraw an award
//
//	admin
//	GET  POST /admin/sign-in/{token}                              anybody     use a one-time link
//	GET       /admin                                              admin       platforms, invitations, notices that fail
//	     POST /admin/invitations                                  admin       make an invitation
//	     POST /admin/invitations/revoke                           admin       revoke one
//	GET       /admin/platforms/{platform}                         admin       one platform
//	     POST /admin/platforms/{platform}/service                 admin       its web-service address and token
//	     POST /admin/platforms/{platform}/check                   admin       try the web services
//	     POST /admin/platforms/{platform}/issuers                 admin       add or change an organisation
//	     POST /admin/platforms/{platform}/issuers/{issuer}/keys   admin       change to the next keys of an organisation
//	     POST /admin/platforms/{platform}/sync                    admin       read a course now
//	     POST /admin/platforms/{platform}/deployments             admin       approve or refuse a deployment
//	     POST /admin/platforms/{platform}/connection              admin       try what the platform grants
//	GET       /admin/platforms/{platform}/arrival                 admin       has anybody opened Insigne from it
//	GET       /admin/tool                                         admin       values to register by hand, own keys
//	     POST /admin/tool/platforms                               admin       add a platform by hand
//	     POST /admin/tool/keys                                    admin       change to the next key
//	GET       /admin/diagnosis                                    admin       launches and logins that were refused
//	GET  POST /admin/mail                                         admin       sender of the mails
//	     POST /admin/mail/test                                    admin       send a test mail
//	     POST /admin/notices/{assertion}/{about}/{channel}/retry  admin       send a failing notice again
//
// Guarantees: errors become a status and a page in one place (package page); only the
// LMS's two posts are accepted from a page of another site; every form inside a session
// has a token; only the LMS of the session may embed its pages, and no site may embed
// the pages of the public and of administrators; the log has routes, and never
// addresses, tokens or names.
package web
