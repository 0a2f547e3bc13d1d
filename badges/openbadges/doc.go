// Package openbadges builds, bakes and verifies Open Badges documents.
//
// It turns plain values into documents with the exact JSON of the standard. It
// knows no database and sends no requests: to verify a hosted badge, it calls a
// function that the caller passes in.
//
// The documents of Open Badges 2.0 are in ob2.go, baked pictures in bake.go,
// verification in verify.go.
package openbadges
