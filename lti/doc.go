// Package lti makes a program an LTI 1.3 Advantage tool: login, launch, deep linking,
// roster, grades, keys and dynamic registration. It knows nothing of badges, HTML or
// databases.
//
// The input is the values of requests, and interfaces behind which the caller stores
// data. The output is plain values: a redirect, a verified [Launch], a registration to
// save. The caller owns the routes. It decides what an error page says by the [Reason]
// of the error.
//
//	GET, POST  login initiation URL   Tool.Login       → redirect to the platform, and a cookie
//	POST       redirect URI           Tool.Verify      → person, place and roles
//	GET        key set URL            Tool.PublicKeys  → the tool's public keys
//	           registration URL       Tool.Register    → a registration to save
//	           (none)                 Tool.DeepLinkingResponse → the chosen content, signed
//	           (none)                 Tool.Roster, Tool.Grades → the platform's services
//
// Guarantees:
//   - A launch is accepted once: only [Verified.Redeem] returns it, after one atomic
//     insert has recorded that its login was used.
//   - Nothing is written for a login, whose state travels signed, and nothing for a
//     launch before every claim is checked.
//   - The signature is checked with one key, which kid selects from the registration's
//     key set, and with RS256 only. This package checks every claim itself and does not
//     rely on a library's defaults.
//   - Requests are sent only with the client in [Config], which decides what can be
//     reached; package safehttp makes a safe one.
//   - Every refusal is an [*Error] with a stable [Reason]. Its text contains no token,
//     nonce or name.
package lti
