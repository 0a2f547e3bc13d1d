package vc

import "github.com/piprate/json-gold/ld"

// CanonicalStatements names the blank nodes of N-Quads and sorts them, without the
// way from JSON-LD.
func CanonicalStatements(nquads string) ([]byte, error) {
	dataset, err := ld.ParseNQuads(nquads)
	if err != nil {
		return nil, err
	}
	return canonicalQuads(quadsOf(dataset))
}

// IsPlainURL is the quick test that saves json-gold's slow one.
func IsPlainURL(s string) bool { return isWeb(s) && plainURL(s) }

// MaxShapes is the most that a Signer remembers.
const MaxShapes = maxShapes

// Remembers returns how many shapes a Signer remembers, and for how many of them it
// fills gaps.
func (s *Signer) Remembers() (shapes, usable int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, known := range s.shapes {
		if known != nil {
			usable++
		}
	}
	return len(s.shapes), usable
}
