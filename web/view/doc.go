// Package view makes the parts of pages that several audiences see: a badge, its
// criteria with a learner's results, the validity of an award, and links to other
// awards and steps.
//
// A caller passes values of the domain and gets plain structs for templates, in the
// reader's language. The package knows nothing of HTTP, and reaches the store only
// through credential.Reader.
package view
