// Package picture turns an uploaded badge picture into one that is safe to keep
// and serve, and holds the ready-made ones.
//
// It takes bytes of unknown content and returns a square PNG. For an SVG it also
// returns the source, newly written from the parts it understood. Always:
//   - Nothing of the upload is kept byte for byte: metadata, comments, appended
//     data and anything not on the list of allowed elements are gone.
//   - The SVG has no script, no event, no style sheet, and no reference except to
//     its own gradients.
//   - An upload that cannot be drawn correctly is refused, so that SVG and PNG
//     show the same picture.
//   - Size, nesting and number of shapes are bounded before work is done.
//
// Refusals are fault.Invalid with a key "picture.…" that names what to change.
package picture
