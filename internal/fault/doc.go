// Package fault gives an error a kind and a sentence that is safe to show.
//
//	err := fault.Wrap(cause, fault.Conflict, "problem.conflict")
//	fault.Is(err, fault.Conflict) // true
//	err.Key()                     // "problem.conflict", a key of the catalogue
//
// The place where a request ends maps the kind to an HTTP status and the key to a
// sentence in the reader's language. An error without a kind is Internal: it is logged
// once and never shown.
package fault
