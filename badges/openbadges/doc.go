// Package openbadges builds, signs, bakes, reads back and verifies the documents
// of Open Badges 2.0 and 3.0.
//
// All documents are made from plain values: an [Award] of a [Badge] by an
// [Organisation]. The package knows no database and sends no requests.
//
//	                2.0                          3.0
//	award           Hosted, Signed (JWS)         Credential, Embedded (proof), JWT
//	badge           NewBadgeClass                Achievement
//	organisation    NewIssuer, NewKey            Profile
//	not valid       NewRevoked, NewRevocationList  StatusList
//	picture         BakePNG, BakeSVG with both payloads; Unbake; WrapPNG makes an SVG of a PNG
//
// Guarantees:
//   - The same input gives the same bytes, so that an ETag stays. Signatures of
//     RS256 and Ed25519 always are the same; see package vc for P-256.
//   - Values are checked before a document is written. An *[InputError] names the
//     value that some format could not carry, and why. Whatever is not refused is
//     the same after signing, baking and reading back.
//   - A document has no null, no empty list and no empty text. The learner's
//     address is there as a hash only.
//   - Reading is bounded: size, number of chunks, depth. Entities of XML and
//     compressed text are not read.
//
// The files ob2_… and ob3_… are named after the generation, png.go, svg.go and
// svg_carrier.go after the picture. [Verify] checks hosted 2.0 badges.
package openbadges
