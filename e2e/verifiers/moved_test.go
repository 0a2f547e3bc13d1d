package verifiers_test

import (
	"maps"
	"testing"
)

// TestMovedService moves a service to another address, as INSIGNE_FORMER_BASE_URLS says.
// The former address still leads to it. Files that learners got before the move have
// the former address in them, and the judges say the same about them as before.
func TestMovedService(t *testing.T) {
	t.Parallel()
	folder(t)
	s := newService(t)
	got := s.files(t)
	s.move(t)
	j := newJudges(t, s)
	j.hear(t, got)
	command, former := buildCommand(t), hostedAddress(t, got[valid][".json"])
	for _, address := range []string{former, s.config.BaseURL + pathOf(t, former)} {
		s.checkCommand(t, command, address, true, "^status: valid\n")
	}
}

// TestFilesAfterTheMove gets the files of a badge that was claimed before a move. Their
// ids are those of the claim.
func TestFilesAfterTheMove(t *testing.T) {
	t.Parallel()
	folder(t)
	s := newService(t)
	a := s.claimed(t, s.world.Badge, "6")
	former := s.config.BaseURL
	before := s.documents(t, a)
	s.move(t)
	for name, base := range map[string]string{"former": former, "new": s.config.BaseURL} {
		s.config.BaseURL = base
		after := s.documents(t, a)
		for format := range maps.Keys(before) {
			if string(before[format]) != string(after[format]) {
				t.Errorf("%s at the %s address:\n%.3000s\nbefore the move:\n%.3000s", format, name, after[format], before[format])
			}
		}
	}
}
