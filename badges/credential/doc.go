// Package credential makes the documents and addresses of an assertion, as the
// public sees them.
//
// [Read] returns an award: the assertion, its badge version, its issuer and, if
// there is one, the higher step that replaced it. [Documents] makes the documents
// of an award, with one method for each kind. [Addresses] returns the address of
// each document, and of the pages that claim: [ClaimLinks] makes and reads their
// tokens. The package knows no HTTP and no SQL.
//
// Guarantees:
//   - only a public award has documents; for any other the error is
//     fault.NotFound;
//   - an erased award has no documents at all: the error is fault.Gone, and never
//     says that it was revoked;
//   - for a revoked or replaced award the error is fault.Gone: its only document
//     says so, with the reason;
//   - no document contains the recipient's name, and a document contains the facts
//     only if the recipient agreed.
package credential
