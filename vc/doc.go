// Package vc signs and checks Verifiable Credentials. It knows nothing of badges:
// it gets JSON documents and keys, and returns signed documents.
//
//	document ──Sign, Signer──▶ the same document with a proof ──VerifyProof──▶ nil or the reason
//	payload ──SignJWT──▶ compact JWT ──VerifyJWT──▶ payload
//	keys ──NewDIDDocument──▶ did.json            address ──DIDWeb──▶ did:web ──DIDDocumentURL──▶ address
//	bits ──EncodeStatusList──▶ encodedList ──DecodeStatusList──▶ bits
//
// The embedded proof is eddsa-rdfc-2022: the document becomes RDF statements
// (Canonicalise), and a signature covers these. Only what becomes a statement is
// signed, so a document is refused if any part of it would not become one.
//
// Guarantees:
//   - Nothing is fetched. The JSON-LD contexts are files in contexts; any other is an
//     UnknownContextError, which means "cannot be checked" and not "false".
//   - The same input gives the same output, byte for byte.
//   - Documents of strangers are bounded in size, depth, number of values and work.
//   - Errors can be told apart with errors.Is: ErrMalformed (the document is refused),
//     ErrUnsupported (it cannot be checked here), ErrSignature (it was changed, or
//     another key signed it).
package vc
