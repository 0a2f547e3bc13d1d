// Package lti makes a program an LTI 1.3 tool: login, launch, keys and dynamic
// registration. It knows nothing of badges, HTML or databases.
//
// What enters are the values of requests and the interfaces a caller stores
// things behind; what leaves are plain values: a redirect, a verified [Launch],
// a registration to save. The caller owns the routes:
//
//	GET, POST  login initiation URL   Tool.Login   → redirect to the platform
//	POST       redirect URI           Tool.Launch  → who, where, which role
//	GET        key set URL            Tool.PublicKeys
//	           registration URL       Tool.Register → a Registration to save
//
// What always holds:
//   - a launch is accepted once: its state row is taken by one atomic delete
//     before anything else is believed;
//   - the signature is checked against one key chosen by kid, RS256 only, and
//     every claim is checked here, not by a library's defaults;
//   - every refusal is an [*Error] with a stable [Reason], and no token, nonce
//     or name stands in its text.
package lti
