// Package lti makes a program an LTI 1.3 Advantage tool: login, launch, deep
// linking, roster, grades, keys and dynamic registration. It knows nothing of
// badges, HTML or databases.
//
// What enters are the values of requests and the interfaces a caller stores
// things behind; what leaves are plain values: a redirect, a verified [Launch],
// a registration to save. The caller owns the routes, and decides by the
// [Reason] of an error what its page says:
//
//	GET, POST  login initiation URL   Tool.Login       → redirect to the platform, and a cookie
//	POST       redirect URI           Tool.Verify      → who, where, which role
//	GET        key set URL            Tool.PublicKeys  → the tool's public keys
//	           registration URL       Tool.Register    → a registration to save
//	           (none)                 Tool.DeepLinkingResponse → what to place, signed
//	           (none)                 Tool.Roster, Tool.Grades → the platform's services
//
// What always holds:
//   - a launch is accepted once: there is none before [Verified.Redeem] has
//     written, by one atomic insert, that its login was used;
//   - nothing is written for a login, which travels signed, nor for a launch
//     before every claim is checked;
//   - the signature is checked against one key chosen by kid from the
//     registration's key set, RS256 only, and every claim is checked here, not
//     by a library's defaults;
//   - requests go out only through the client given to [New], which decides
//     what may be reached; package safehttp makes one that is safe;
//   - every refusal is an [*Error] with a stable [Reason], and no token, nonce
//     or name stands in its text.
package lti
