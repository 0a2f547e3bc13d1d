// Package credential makes the documents and addresses of an assertion, as the
// public sees them.
//
// [Read] returns an award: the assertion, its badge version, its issuer and, if
// there is one, the higher step that replaced it. [Documents] makes all documents,
// with one method for each kind: those of an award, its badge version and its
// issuer, and status lists. [Addresses] returns the address of each document, and
// of the pages that claim: [ClaimLinks] makes and reads their tokens. [Keys] is
// what the caller provides to sign with. The package knows no HTTP and no SQL.
//
// Guarantees:
//   - only a public award has documents; for any other the error is
//     fault.NotFound;
//   - an erased award has no documents at all: the error is fault.Gone, and never
//     says that it was revoked;
//   - a revoked or replaced award has no documents of 2.0, no picture and no
//     certificate: the error is fault.Gone, and [Documents.Revoked] says so, with
//     the reason. Its credential of 3.0 stays, with a status list that says so;
//   - documents have addresses below the base URL that the claim froze;
//   - the name is only in documents of 3.0, and facts and grades are in any document
//     only if the recipient agreed;
//   - the same award has the same bytes, until it or the key that signs changes.
package credential
