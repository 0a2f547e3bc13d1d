// Package certificate makes a one-page PDF from the values of an award.
//
// It takes plain values: texts that the caller worded in one language, two pictures,
// the address of the public page, and the credential in both generations of Open
// Badges. It returns a PDF of one page, A4 or Letter. Render guarantees:
//   - Equal values give equal bytes.
//   - Any text fits: it is set smaller, then shortened with an ellipsis and a sentence
//     that points to the public page. The work is bounded.
//   - Text can be selected, and copying it gives the text that came in, also Arabic,
//     which is drawn joined and to the left, and characters that no font has.
//   - Headings, paragraphs, pictures with what they show, the link and the language
//     are tagged for programs that read aloud.
//   - The credential is found by passports and verifiers: 3.0 as the attachment
//     credential.json, 2.0 in the Info dictionary and in the XMP metadata.
//
// Read finds both in a file that Render made.
//
// The folders: typeset turns text into lines of glyphs, pdf writes the objects of
// the file, and this package decides what the page looks like and what is tagged.
package certificate
