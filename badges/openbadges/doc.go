// Package openbadges builds, bakes and reads Open Badges documents.
//
// Plain values go in, documents with the exact JSON of the standard come out.
// It knows no database and fetches nothing by itself: reading back a hosted
// badge goes through a function the caller passes in.
//
// Open Badges 2.0 hosted documents are in ob2.go, pictures that carry a badge
// in bake.go, checking in verify.go.
package openbadges
