// Package pdf writes the objects of a PDF file, one after the other.
//
// It knows the syntax of the file (ISO 32000-1): numbers, names, strings, streams,
// the table of objects. What the objects mean is for the caller to know.
// Guarantees:
//   - Equal calls give equal bytes. Nothing depends on the clock or on chance.
//   - Any string becomes a valid text string, name or number. Nothing panics.
package pdf
