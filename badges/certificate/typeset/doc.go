// Package typeset turns text of any script into lines of glyphs.
//
// It takes a text, a style and a width, and returns lines. Each line is a list of
// clusters from left to right: some letters, and the glyphs that show them together.
// A Library holds the free fonts of the folder fonts, which are part of the binary.
// Guarantees:
//   - Letters are joined and marks placed as the script demands (HarfBuzz's rules, by
//     go-text), runs of both directions are ordered by UAX #9, and lines end where
//     UAX #14 allows it, or inside a word that is too long for a line.
//   - The texts of all clusters together are the text that was given, also where a
//     character has no glyph. Such a character is shown by a plainer form if there
//     is one (NFKC, or the letter without its mark), else not at all. The box for a
//     missing glyph never appears.
//   - Controls that override the direction have no effect on what is shown.
//   - The work is bounded: a text is cut after MaxRunes.
package typeset
