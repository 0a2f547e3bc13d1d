// Package picture turns an uploaded badge picture into one that is safe to keep
// and serve, and holds the ready-made ones.
//
// Bytes of unknown content go in; a square PNG comes out, and for an SVG also
// its source, written anew from what was understood. What always holds:
//   - Nothing of the upload is kept byte for byte: metadata, comments, appended
//     data and anything not on the list of allowed elements are gone.
//   - The SVG holds no script, no event, no style sheet and no reference to
//     anything but its own gradients.
//   - What the rasteriser cannot draw rightly is refused, so that SVG and PNG
//     show the same picture.
//   - Size, nesting and number of shapes are bounded before work is done.
//
// Refusals are fault.Invalid with a key "picture.…" that names what to change.
package picture
