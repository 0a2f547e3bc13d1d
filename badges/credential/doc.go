// Package credential turns an assertion into the documents and addresses that
// the public sees of it.
//
// [Read] gathers an award: the assertion, its badge version, its issuer and the
// higher step that replaced it, if one did. [Documents] turns an award into its
// documents; each kind of document is one method. [Addresses] knows where an
// installation serves each of them. Nothing here knows HTTP or SQL.
//
// What always holds:
//   - only a public award has documents: for the others the error is
//     fault.NotFound;
//   - a revoked or replaced award is fault.Gone: the only document that remains
//     says so, with the reason;
//   - the recipient's name is in no document, and the facts are in one only if
//     the recipient agreed.
package credential
